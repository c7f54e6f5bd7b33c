"""What runs the migrations of a tool: a deployment step, the program itself when it starts, or only somebody by hand.

Only what stands on a line is looked at, in whatever language it is written: in doubt something runs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.migrations.tools import TOOLS, pattern
from shipworthy.deployment.workflows.discovery import pipelines, system_of
from shipworthy.deployment.workflows.purposes import LINT, TEST, purpose_of_name
from shipworthy.patterns import lazy
from shipworthy.places import CI, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


_PRISMA_DEVELOPMENT = pattern(r"\bprisma(?:@\S+)? (?:-\S+ ){0,4}(?:migrate dev|db push)\b")
_QUIET = str.maketrans(dict.fromkeys("\"'`,[]\r", " "))
_JOINED = lazy(
    r"\\\r?\n|\r?\n[ \t]*-[ \t]+"
    r"|[\"'][ \t]*,[ \t]*\r?\n[ \t]*(?=\"[^\"\n]{0,200}\"[ \t]*[,\]\r\n]|'[^'\n]{0,200}'[ \t]*[,\]\r\n])"
)
"""What stands between the words of one command: a continued line, the next item of a list."""
_COMMENT = lazy(
    r"^[ \t]*(?:#(?!!)|//|--|\*|REM |;)[^\n]*"
    r"|^[ \t]*[@-]?[ \t]*(?:echo|printf|print|log\w*|info|warn\w*|console\.\w+|(?:\w+\.){0,2}logger\.\w+)\b"
    r"(?![^\n]{0,300}\bexec)[^\n]*",
    re.MULTILINE,
)
"""A comment, or a line that only says something."""
_INSTALLED = lazy(r"\b(?:go (?:install|get)|cargo (?:install|binstall))\b(?:\\\r?\n|[^\n&;|])*")
"""A command that only installs."""
_NO_RUNNERS = lazy(
    r"\.(?:md|mdx|rst|adoc|txt|html|csv|svg|sql|lock|snap|ipynb|po|pot|css|scss|prisma)$|(?:^|/)(?:package-lock\.json|go\.sum|pnpm-lock\.yaml|yarn\.lock)$",
    re.IGNORECASE,
)
_MANIFEST = lazy(
    r"(?:^|/)(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|Pipfile|go\.mod|Cargo\.toml|composer\.json|Gemfile)$"
)
_CODE = lazy(r"\.[cm]?[jt]sx?$")
_PUBLIC = lazy(r"\"publishConfig\"\s*:\s*\{[^{}]*\"access\"\s*:\s*\"public\"")
_PACKAGE_NAME = lazy(r"^[ \t]*\"name\"\s*:\s*\"(?P<name>[^\"\n]{1,200})\"", re.MULTILINE)
_ALL_PACKAGES = lazy(r"\b(?:turbo|nx|lerna|foreach)\b|(?<!\S)(?:-r|--recursive|--workspaces|-ws)(?!\S)")
_KEY_ENDS = lazy(r"[\w:.-]*\"\s*:")
_PACKAGE = lazy(r"(?:^|/)package[^/]*\.json[^/]*$")
_TASKS = lazy(
    r"(?:^|/)(?:(?:GNU)?[Mm]akefile[^/]*|[^/]+\.mk|[Jj]ustfile|\.justfile|[Tt]askfile\.ya?ml|tasks\.py|noxfile\.py|Tiltfile|lefthook\.ya?ml|turbo\.json|nx\.json|project\.json)$"
)
_TARGET = lazy(r"^(?:[ ]{2})?@?(?P<name>[\w.-][\w.:-]{0,99})[^\n=:]*:(?!=)", re.MULTILINE)
_IMPLICIT = frozenset(
    "start build postbuild prebuild prestart install postinstall heroku-postbuild vercel-build railway release"
    " deploy".split()
)
"""Scripts that platforms and images run without being told."""
_DEPLOYING_SCRIPT = lazy(
    r"(?:^|/|[._-])(?:entry-?point|deploy\w*|release|start\w*|boot\w*|run|prod\w*|launch\w*|server)(?:[._-][^/]*)?$",
    re.IGNORECASE,
)
_PRODUCTION_ENDINGS = (".sh", ".bash", ".toml", ".yml", ".yaml", ".json")
_DOCKERFILE = lazy(r"(?:^|/)[^/]*(?:[Dd]ocker|[Cc]ontainer)file[^/]*$")
_WITHOUT_ENDING = lazy(
    r"(?:^|/)(?:[^/.]+|[^/]*(?:[Dd]ocker|[Cc]ontainer)file[^/]*|Procfile[^/]*|[^/]*package\.json[^/]+)$"
)
"""What says what production runs and is not known by the ending of its name."""
_MOST_ROUNDS = 4
_MOST_CALLS = 20
"""Of one file that are looked at."""


class Run(NamedTuple):
    """Where migrations are run. ``script`` is the script or target that has to be called for it, or ""."""

    evidence: Evidence
    start: int
    script: str = ""


class Runs:
    """What runs the migrations of this repository: ``project.model(Runs)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._texts: dict[str, _Text] = {}
        self._holding: dict[tuple[str, ...], list[str]] = {}

    def deploying(self, tool: str) -> Run | None:
        """The first step of a deployment, or code of the program, that runs the tool's migrations."""
        return next((run for run in self._of(tool) if not run.script or self._is_called(run.script)), None)

    def by_hand(self, tool: str) -> Run | None:
        """The first script or target that nobody calls."""
        return next((run for run in self._of(tool) if run.script), None)

    def prisma_for_development(self) -> Iterator[Run]:
        """Where production changes its database without migrations, or makes them up."""
        for path in self._production_paths(("prisma",)):
            text = self._text(path)
            for found in islice(_PRISMA_DEVELOPMENT.finditer(text.plain), _MOST_CALLS):
                script = self._script_around(path, text, found.start())
                if path.endswith((".yml", ".yaml")) and path in self._development_compose:
                    continue
                if not script or self._runs_in_production(script, path):
                    yield _run(path, text, found)

    def _of(self, tool: str) -> Iterator[Run]:
        known = TOOLS[tool]
        calls = pattern(*known.calls)
        for path in self._paths(known.marks or known.words):
            if known.marks and not any(word in text_of(self.project, path) for word in known.words):
                continue
            text = self._text(path)
            for found in islice(calls.finditer(text.plain), _MOST_CALLS):
                if not _is_key(path, text, found.end()) and self._counts(path, text, found.start()):
                    yield _run(path, text, found)._replace(script=self._script_around(path, text, found.start()))

    def _paths(self, words: tuple[str, ...]) -> list[str]:
        """The files that may run something and hold one of the words."""
        if words not in self._holding:
            holding = self.project.repository.containing("\n".join(words))
            self._holding[words] = [path for path in holding if self._may_run(path)]
        return self._holding[words]

    def _production_paths(self, words: tuple[str, ...]) -> list[str]:
        """The files that say what production runs and hold one of the words; git looks at no others."""
        held = [path for path, text in self._without_ending.items() if any(word in text for word in words)]
        found = self.project.repository.containing("\n".join(words), _PRODUCTION_ENDINGS)
        held += (path for path in found if self._is_production_path(path) and self._may_run(path))
        return sorted(set(held))

    @cached_property
    def _without_ending(self) -> dict[str, str]:
        """The texts of the files that say what production runs and are not known by an ending."""
        found = filter(_WITHOUT_ENDING.search, self.project.repository.paths)
        paths = (path for path in found if self._is_production_path(path) and self._may_run(path))
        return {path: text_of(self.project, path) for path in paths}

    def _may_run(self, path: str) -> bool:
        if _NO_RUNNERS.search(path) or _MANIFEST.search(path) or self.project.config.excludes(path):
            return False
        if "/versions/" in path or "igrations/" in path or path.endswith(("/env.py", "alembic.ini")):
            return False
        is_pipeline = self.project.place_of(path) == CI and bool(system_of(path))
        if self.project.place_of(path) != PRODUCTION and not is_pipeline:
            return False
        if not _DOCKERFILE.search(path):
            return True
        from shipworthy.deployment.containerfiles import label_of

        return label_of(path) is not None

    def _counts(self, path: str, text: _Text, start: int) -> bool:
        """Whether what stands at a place of a file is run for more than a test, by a developer or for others."""
        if path.endswith((".yml", ".yaml")) and path in self._development_compose:
            return False
        return not self._is_for_others(path) and not self._is_tested_only(path, text, start)

    def _is_for_others(self, path: str) -> bool:
        """Whether a file belongs to a package that is published and that no service uses: others run it."""
        folder = self._package_of(path) if _CODE.search(path) else ""
        return folder in self._published if folder else False

    @cached_property
    def _published(self) -> set[str]:
        """The folders of the packages that are published for everybody and that no service names."""
        from shipworthy.deployment.services import services

        found = {}
        for path in self.project.repository.named("package.json"):
            text = text_of(self.project, path) if "/" in path else ""
            if _PUBLIC.search(text) and (name := _PACKAGE_NAME.search(text)):
                found[path.rpartition("/")[0]] = f'"{name["name"]}"'
        folders = {service.path for service in self.project.model(services)} - found.keys() if found else set()
        manifests = (f"{folder}/package.json".lstrip("/") for folder in folders)
        used = "\n".join(text_of(self.project, path) for path in manifests if path in self.project.repository)
        return {folder for folder, name in found.items() if name not in used}

    @cached_property
    def _development_compose(self) -> set[str]:
        from shipworthy.deployment.compose import compose

        known = self.project.model(compose)
        used = {file.path for compose_set in known.sets if compose_set.in_production for file in compose_set.files}
        return {file.path for file in known.files} - used

    def _is_production_path(self, path: str) -> bool:
        """Whether a file says what production runs: an image, a manifest, a platform's file, a script to start with."""
        name = path.rpartition("/")[2]
        if _DOCKERFILE.search(path) or name.startswith("Procfile") or path.endswith(".toml") or _PACKAGE.search(path):
            return True
        if "." not in name or name.endswith((".sh", ".bash")):
            return _DEPLOYING_SCRIPT.search(path.removesuffix(".sh")) is not None
        return path.endswith((".yml", ".yaml")) and not system_of(path) and _TASKS.search(path) is None

    def _text(self, path: str) -> _Text:
        if path not in self._texts:
            self._texts[path] = _Text(text_of(self.project, path))
        return self._texts[path]

    def _script_around(self, path: str, text: _Text, start: int) -> str:
        """The script of package.json or the target that a command belongs to; "" where it stands on its own."""
        if _PACKAGE.search(path):
            line = text.original[text.original.rfind("\n", 0, start) + 1 : start]
            found = re.match(r"\s*\"(?P<name>[^\"]{1,100})\"\s*:", line)
            return found["name"] if found else "scripts"
        if not _TASKS.search(path):
            return ""
        names = [found["name"] for found in _TARGET.finditer(text.original, 0, start)]
        return names[-1] if names else ""

    def _is_called(self, script: str) -> bool:
        """Whether something that deploys may call a script or target, itself or through another one."""
        waiting, seen = {script}, {script}
        for _ in range(_MOST_ROUNDS):
            if any(_is_implicit(name) for name in waiting):
                return True
            callers = {
                self._script_around(path, text, found.start())
                for path, text, found in self._calls(waiting, self._paths)
            }
            if "" in callers:
                return True
            waiting = callers - seen
            seen |= callers
        return False

    def _runs_in_production(self, script: str, path: str) -> bool:
        """Whether production surely calls a script: other packages may have one of the same name."""
        waiting = {(script, self._package_of(path))}
        seen = {*waiting}
        for _ in range(_MOST_ROUNDS):
            if any(_is_implicit(name) for name, _ in waiting):
                return True
            callers: set[tuple[str, str]] = set()
            for caller, text, found in self._calls({name for name, _ in waiting}, self._production_paths):
                packages = [package for name, package in waiting if name == found["name"]]
                if any(self._means(caller, text, found, package) for package in packages):
                    callers.add((self._script_around(caller, text, found.start()), self._package_of(caller)))
            if any(not name for name, _ in callers):
                return True
            waiting = callers - seen
            seen |= callers
        return False

    def _calls(
        self, names: set[str], paths: Callable[[tuple[str, ...]], list[str]]
    ) -> Iterator[tuple[str, _Text, re.Match[str]]]:
        """The calls of scripts, each with the path and the text of the file that it stands in."""
        if not names:
            return
        runner = r"\b(?:npm|pnpm|yarn|bun|turbo|nx|make|just|task|node|npx|bunx|invoke|inv)\b"
        alternatives = "|".join(re.escape(name) for name in sorted(names))
        call = pattern(rf"{runner}[^\n;&|]{{0,100}}? (?P<name>{alternatives})(?![\w:.-])")
        for path in paths(tuple(sorted(names))):
            text = self._text(path)
            for found in islice(call.finditer(text.plain), _MOST_CALLS):
                if self._counts(path, text, found.start()):
                    yield path, text, found

    def _means(self, caller: str, text: _Text, found: re.Match[str], package: str) -> bool:
        """Whether a call means the script of a package: it stands in the package, names it, or goes through all."""
        if "prisma " in found[0]:
            return False  # a command of Prisma's own
        if self._package_of(caller) == package or _ALL_PACKAGES.search(found[0]):
            return True
        end = text.plain.find("\n", found.end())
        line = text.plain[text.plain.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text.plain)]
        manifest = text_of(self.project, f"{package}/package.json".lstrip("/"))
        name = _PACKAGE_NAME.search(manifest)
        names = {package, package.rpartition("/")[2], name["name"] if name else ""} - {""}
        return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line) for name in names)

    def _package_of(self, path: str) -> str:
        """The folder of the package that a file belongs to; "" for the root."""
        folder = path.rpartition("/")[0]
        while folder and f"{folder}/package.json" not in self.project.repository:
            folder = folder.rpartition("/")[0]
        return folder

    def _is_tested_only(self, path: str, text: _Text, start: int) -> bool:
        """Whether a place in a pipeline belongs to a job that tests: it has a database of its own, or says so."""
        if not system_of(path):
            return False
        jobs = [job for job in self._jobs.get(path, ()) if job[0] <= start]
        if not jobs:
            return purpose_of_name(path.rpartition("/")[2]) in (TEST, LINT)
        job = max(jobs, key=lambda job: job[0])
        end = min((other[0] for other in self._jobs[path] if other[0] > job[0]), default=len(text.original))
        body = text.original[job[0] : end]
        return (
            purpose_of_name(job[1]) in (TEST, LINT)
            or re.search(r"^\s+services:", body, re.MULTILINE) is not None
            or "localhost" in body
        )

    @property
    def _jobs(self) -> dict[str, list[tuple[int, str]]]:
        return self.project.model(_jobs_by_path)


def _is_implicit(name: str) -> bool:
    """Whether platforms and images run a script without being told."""
    return name.partition(":")[0] in _IMPLICIT and not name.endswith((":dev", ":local", ":test"))


def _is_key(path: str, text: _Text, end: int) -> bool:
    """Whether what ends there is the name of something in JSON, such as a script, and no command."""
    return path.endswith(".json") and _KEY_ENDS.match(text.original, end) is not None


def _jobs_by_path(project: Project) -> dict[str, list[tuple[int, str]]]:
    """For each pipeline where its jobs begin and what they are called."""
    return {pipeline.file.path: [(job.start, job.id) for job in pipeline.jobs] for pipeline in project.model(pipelines)}


class _Text:
    """A file as it is, and ``plain``: of the same length, lists on one line, without comments, quotes and commas."""

    def __init__(self, original: str) -> None:
        self.original = original
        kept = _COMMENT.sub(_blank, original)
        if "go " in kept:  # "cargo " too
            kept = _INSTALLED.sub(_blank, kept)
        self.plain = _JOINED.sub(_blank, kept).translate(_QUIET)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _run(path: str, text: _Text, found: re.Match[str]) -> Run:
    return Run(Evidence(path, line_at(text.original, found.start()), " ".join(found[0].split())), found.start())
