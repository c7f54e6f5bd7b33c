"""What saves the databases by itself, and what only somebody by hand can run.

A job is what a scheduler starts: a CronJob, a service of the production Compose set, a crontab, a timer, a pipeline
with a schedule, a backup resource of an operator or a cloud, or the program itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.backups.tools import COPIES, EVERYTHING, WORDS, places_in, products_in
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.kubernetes.objects import Object
from shipworthy.deployment.workflows.discovery import system_of
from shipworthy.formats import CODE, format_of
from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy
from shipworthy.places import CI, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_NAMED_SO = lazy(r"(?:^|[^a-z])(?:back-?ups?|dumps?|dumper|backuper)(?:[^a-z]|$)", re.IGNORECASE)
_SCHEDULED = lazy(
    r"\bcron\w*|\bcrond?\b|\w*schedul\w*|setInterval|\bcelery\b|\bbeat\b|\bwhile (?:true|:)|@daily|OnCalendar"
    r"|\brate\(|\bTicker|systemctl enable|\bevery\(|\bhangfire\b|\bquartz\b",
    re.IGNORECASE,
)
_WAITS = lazy(
    r"(?:(?:/usr)?/bin/)?(?:(?:ba)?sh)?\s*(?:-c)?\s*(?:while (?:true|:)\s*;\s*do\s+sleep \w+\s*;?\s*done"
    r"|sleep (?:infinity|\d\w*)|tail -[fF] /dev/null)\s*;?\s*"
)
"""A command that keeps a container up and does nothing in it."""
_COMMENT = lazy(r"^[ \t]*(?:#(?!!)|//|\*|--)[^\n]*", re.MULTILINE)
_NO_JOBS = lazy(
    r"\.(?:md|mdx|rst|adoc|txt|html|csv|svg|sql|lock|snap|ipynb|po|css|scss|proto|json5?|graphql)$|(?:^|/)(?:go\.sum|\.gitignore|\.dockerignore|\.gitattributes|\.env[^/]*)$",
    re.IGNORECASE,
)
_INFRASTRUCTURE = frozenset({"hcl", "crontab", "systemd"})
_COMMANDS = _INFRASTRUCTURE | {"shell", "makefile", "dockerfile", "procfile", "yaml"}
_SCRIPT_FOLDER = lazy(r"(?:^|/)(?:scripts?|bin|tools?|ops|hack|utils?|maintenance|backups?)/", re.IGNORECASE)
_BACKUP_KINDS = lazy(r"Backup|^(?:Schedule|RecurringJob|SnapshotSchedule|VolumeSnapshot\w*)$")
_CONDITION = lazy(r"\{\{-?\s*if\s+(?:and\s+)?\.Values\.(?P<path>[\w.]+)")
_MOST_SCRIPTS = 20
"""Of scripts whose callers are looked for."""
_SHORTEST_NAME = 8
"""Characters of a name without an ending: a shorter one says too little to look for, and may be started anywhere."""


class Job(NamedTuple):
    """Something that saves databases. ``products`` are what it saves, or `EVERYTHING`; ``what`` says what it is."""

    products: frozenset[str]
    evidence: Evidence


class Backups:
    """``project.model(Backups)``. ``cron_jobs`` are the CronJobs that back up, broken or not."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.cron_jobs = [object for object in self._objects("CronJob") if _saves(object)]
        self.by_hand: list[Job] = []
        self._waiting: set[str] = set()
        self.jobs = list(self._jobs())

    def covers(self, product: str) -> bool:
        """Whether some job saves databases of that product."""
        return any(product in job.products or EVERYTHING in job.products for job in self.jobs)

    def manual(self, product: str) -> Job | None:
        """What could save databases of that product, but only when somebody starts it."""
        return next((job for job in self.by_hand if product in job.products or EVERYTHING in job.products), None)

    def _jobs(self) -> Iterator[Job]:
        yield from self._compose()
        yield from self._kubernetes()
        yield from self._files()

    def _compose(self) -> Iterator[Job]:
        from shipworthy.deployment.compose.running import running

        started: set[str] = set()
        for known in self.project.model(running):
            service = known.service
            built = (service.build.context_path if service.build is not None else None) or ""
            (self._waiting if service.profiles else started).add(built)
            image = service.image.text if service.image is not None else ""
            text = f"{image} {service.command} {' '.join(service.environment)}"
            products = products_in(text) if not COPIES.search(service.name) else set()
            if not products and _NAMED_SO.search(f"{service.name} {image}") and not _WAITS.fullmatch(service.command):
                products = {EVERYTHING}
            if products:
                line = known.file.position(known.node.start)[0]
                job = Job(frozenset(products), Evidence(known.file.path, line, f"the service {service.name}"))
                if service.profiles:
                    names = ", ".join(service.profiles)
                    job.evidence.what += f", which only the profile {names} starts"
                    self.by_hand.append(job)
                else:
                    yield job
        self._waiting -= {"", *started}

    def _objects(self, *kinds: str) -> list[Object]:
        from shipworthy.deployment.kubernetes.units import cluster

        known = self.project.model(cluster).by_kind
        return [
            object
            for kind in kinds
            for object in known.get(kind, ())
            if self.project.place_of(object.path) == PRODUCTION
        ]

    def _kubernetes(self) -> Iterator[Job]:
        from shipworthy.deployment.kubernetes.units import cluster

        for object in self.cron_jobs:
            job = Job(frozenset(products_in(object.text) or {EVERYTHING}), _place(object, f"the CronJob {object.name}"))
            if self._is_off(object):
                job.evidence.what += ", which is off by default"
                self.by_hand.append(job)
            else:
                yield job
        for kind, found in self.project.model(cluster).by_kind.items():
            if not _BACKUP_KINDS.search(kind):
                continue
            for object in found:
                if object.is_custom and self.project.place_of(object.path) == PRODUCTION and not self._is_off(object):
                    yield Job(frozenset({EVERYTHING}), _place(object, f"the {kind} {object.name}"))

    def _is_off(self, object: Object) -> bool:
        """Whether a chart makes the object only if a value says so, and the value is false by default."""
        if not object.is_template:
            return False
        condition = _CONDITION.search(object.file.text)
        chart = object.path.partition("/templates/")[0]
        return condition is not None and _value(self.project, f"{chart}/values.yaml", condition["path"]) == "false"

    def _files(self) -> Iterator[Job]:
        scripts: list[Job] = []
        for path in self._paths():
            original = text_of(self.project, path)
            if not products_in(original):
                continue  # nor without its comments
            text = _COMMENT.sub("", original)
            products = products_in(text)
            if _is_program(path):
                products.discard(EVERYTHING)  # snapshots and copies of all kinds are made in programs
            if not products or not (_is_program(path) or _runs_something(path, original)):
                continue
            job = Job(frozenset(products), Evidence(path, _line_of(self.project, path), path))
            if any(path.startswith(context + "/") for context in self._waiting):
                continue  # of an image that nothing but a profile starts
            if self._is_scheduled(path, text):
                yield job
            elif format_of(path) not in ("yaml", "dockerfile", "json"):
                scripts.append(job)
        yield from self._of_scripts(scripts[:_MOST_SCRIPTS])

    def _of_scripts(self, scripts: list[Job]) -> Iterator[Job]:
        """The scripts that a schedule somewhere names; the others are for somebody's hand."""
        names = {job.evidence.path: job.evidence.path.rpartition("/")[2] for job in scripts}
        telling = {name for name in names.values() if "." in name or len(name) >= _SHORTEST_NAME}
        schedules = self._schedules(telling)
        for job in scripts:
            path, name = job.evidence.path, names[job.evidence.path]
            if name not in telling or any(name in text for other, text in schedules.items() if other != path):
                yield job
            else:
                self.by_hand.append(job)

    def _paths(self) -> list[str]:
        """The files that may save something: not those that Compose and Kubernetes have answered for."""
        from shipworthy.deployment.compose import compose
        from shipworthy.deployment.kubernetes.units import cluster

        answered = {file.path for file in self.project.model(compose).files}
        answered |= {object.path for object in self.project.model(cluster).objects}
        found = set(self.project.repository.containing("\n".join(WORDS)))
        return sorted(path for path in found - answered if self._may_run(path))

    def _may_run(self, path: str) -> bool:
        if _NO_JOBS.search(path) or self.project.config.excludes(path):
            return False
        place = self.project.place_of(path)
        return place == PRODUCTION or (place == CI and bool(system_of(path)))

    def _is_scheduled(self, path: str, text: str) -> bool:
        """Whether what stands in the file runs by itself."""
        kind = format_of(path)
        if system_of(path):
            return re.search(r"\b(?:schedule|cron|schedules)\s*:", text) is not None
        if kind in _INFRASTRUCTURE or kind == "procfile":
            return kind != "systemd" or self._has_timer(path)
        if _is_program(path) and not _SCRIPT_FOLDER.search(path) and "/" in path:
            return True  # the program saves its own data, or may
        return _SCHEDULED.search(text) is not None

    def _has_timer(self, path: str) -> bool:
        return path.endswith(".timer") or re.sub(r"\.service(?=$|\.)", ".timer", path) in self.project.repository

    def _schedules(self, names: set[str]) -> dict[str, str]:
        """The files that schedule something and name one of the scripts: their texts without comments."""
        found = {}
        for path in self.project.repository.containing("\n".join(sorted(names))) if names else ():
            if _NO_JOBS.search(path) or not self._may_run(path):
                continue
            text = _COMMENT.sub("", text_of(self.project, path))
            kind = format_of(path)
            if kind in _INFRASTRUCTURE or kind == "dockerfile" or _SCHEDULED.search(text):
                found[path] = text
        return found


def _is_program(path: str) -> bool:
    return format_of(path) in CODE or path.endswith((".rs", ".cs", ".kt", ".ex"))


def _runs_something(path: str, text: str) -> bool:
    """Whether a file that is no source code holds commands or describes infrastructure."""
    return format_of(path) in _COMMANDS or text.startswith("#!")


def _saves(object: Object) -> bool:
    """Whether a CronJob dumps something, or is called after it."""
    return bool(products_in(object.text)) or _NAMED_SO.search(object.name) is not None


def _place(object: Object, what: str) -> Evidence:
    return Evidence(object.path, object.file.position(object.start)[0], what)


def _line_of(project: Project, path: str) -> int:
    text = text_of(project, path)
    return line_at(text, min(places_in(_COMMENT.sub(_blank, text)).values(), default=0))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _value(project: Project, path: str, keys: str) -> str:
    """A value of a chart, by its path of keys."""
    from shipworthy.deployment.evidence import tree_of

    node: Block | None = next(iter(tree_of(project, path).tops), None)
    *folders, last = keys.split(".")
    for key in folders:
        node = node.block(key) if node is not None else None
    return node.value(last) if node is not None else ""
