"""Backup jobs that never run, or whose dumps nobody finds again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.backups.jobs import Backups
from shipworthy.deployment.backups.schedules import schedule_problem
from shipworthy.deployment.backups.tools import DUMPS, UPLOADS
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, items, scalar
from shipworthy.deployment.kubernetes.pods import Pods, pods_of
from shipworthy.deployment.kubernetes.units import Cluster
from shipworthy.file import File
from shipworthy.formats.tree import Block, Node, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_OUTPUT = lazy(
    r"(?:>{1,2}|(?<=\s)(?:-f|-o|--file|--out|--archive|--result-file|--target-dir|-D)[= ]?)\s*[\"']?(?P<path>/[\w./-]*)"
)
_NOWHERE = ("/dev/", "/proc/")
_INSTALLS = lazy(r"\b(?:apk|apt|apt-get|yum|dnf|microdnf|pip3?|brew|nix)\b[^\n]{0,80}\b(?:add|install)\b")
_ELSEWHERE = lazy(r"\b(?:exec|docker|ssh|run)\b")
_BARE = frozenset("alpine busybox debian ubuntu amazonlinux aws-cli kubectl curl python node".split())
"""Images that hold no program of any database."""
_DATABASES = frozenset("postgres mysql mariadb mongo".split())
_CLOUD_TOOL = lazy(r"(?:^|[\n;&|(]|\bthen|\bdo)\s*(?P<tool>aws|gsutil|gcloud|az|rclone|mc|s3cmd)\s+\w")
"""Programs that no official image of a database holds."""


_SCRIPT_FILE = lazy(
    r"(?:^|[\s\"'])(?P<path>/(?!usr/|bin/|sbin/|docker-entrypoint)[\w./-]+\.(?:sh|bash|py))(?=$|[\s\"';&|])"
)
"""A script by its path in a container, but none of an image's own folders."""


class Broken(NamedTuple):
    """A backup job and what is wrong with it."""

    file: File
    start: int
    message: str
    fix: str


def broken_jobs(project: Project) -> Iterator[Broken]:
    """What is wrong with the backup jobs that production gets."""
    from shipworthy.deployment.backups.compose_jobs import broken_services
    from shipworthy.deployment.kubernetes.units import cluster

    known = project.model(cluster)
    judged = {id(object) for object in known.judged("CronJob")}
    for object in project.model(Backups).cron_jobs:
        if id(object) in judged:
            yield from _of_cron_job(known, object)
    yield from broken_services(project)
    yield from _timers(project)


def _of_cron_job(known: Cluster, job: Object) -> Iterator[Broken]:
    suspend, schedule = dig(job.body, "spec", "suspend"), dig(job.body, "spec", "schedule")
    if isinstance(suspend, Setting) and suspend.value.lower() in ("true", "yes", "on"):
        yield _broken(job, suspend, "is suspended: it never runs", "remove suspend, or set it to false")
    if isinstance(schedule, Setting):
        problem = schedule_problem(schedule.value)
        if problem:
            message = f"has the schedule {schedule.value[:40]!r}, which {problem}: Kubernetes refuses it"
            yield _broken(job, schedule, message, 'write five fields, such as "0 2 * * *"')
    pods = pods_of(job)
    if pods is None:
        return
    scripts = [_script(container) for container in pods.all_containers]
    held = [_held(known, pods, container, text) for container, text in zip(pods.all_containers, scripts, strict=True)]
    whole = [f"{script}\n{text or ''}" for script, text in zip(scripts, held, strict=True)]
    for container, script, text in zip(pods.all_containers, whole, held, strict=True):
        path = script_of(script)
        if text is None and path is not None:
            where = container.get("command") or container.get("args") or container
            message = f"runs {path['path']}, which no volume and no image brings: every run fails"
            yield _broken(job, where, message, "add the script to a ConfigMap that is mounted there")
            continue
        yield from _tools(job, container, script)
        yield from _destination(job, pods.spec, container, script, "\n".join(whole))


def _script(container: Block) -> str:
    """What a container runs, its words one behind the other."""
    words = [*items(container, "command"), *items(container, "args")]
    return " ".join(word.value for word in words if isinstance(word, Setting))


def _held(known: Cluster, pods: Pods, container: Block, script: str) -> str | None:
    """The text of the script that a ConfigMap brings to a container; "" where it is not known, None where none does."""
    found = script_of(script)
    reference = parse(scalar(container, "image"))
    if found is None or reference is None or _INSTALLS.search(script) or UPLOADS.search(script[: found.start()]):
        return ""
    path = found["path"]
    over = [mount for mount in blocks(container, "volumeMounts") if is_below(path, scalar(mount, "mountPath"))]
    if not over:
        return None if reference.is_official and (reference.name in _BARE | _DATABASES) else ""
    mount = max(over, key=lambda mount: len(scalar(mount, "mountPath")))
    volumes = {scalar(volume, "name"): volume for volume in blocks(pods.spec, "volumes")}
    source = dig(volumes.get(scalar(mount, "name")), "configMap")
    units = known.units_of(pods.object)
    namespace = known.namespace_of(pods.object)
    maps = [map for unit in units for map in unit.named(scalar(source, "name"), namespace, "ConfigMap")]
    if source is None or not maps or any(map.is_template or map.is_generated for map in maps) or items(source, "items"):
        return ""
    key = scalar(mount, "subPath") or path[len(scalar(mount, "mountPath").rstrip("/")) :].lstrip("/")
    texts = [scalar(map.body, "data", key) for map in maps]
    return next((text for text in texts if text), None)


def _tools(job: Object, container: Block, script: str) -> Iterator[Broken]:
    """Programs that the image does not hold."""
    image = container.get("image")
    reference = parse(image.value) if isinstance(image, Setting) else None
    missing = missing_tool(reference, script) if reference is not None else ""
    if missing and reference is not None and image is not None:
        message = f"runs {missing}, which the image {reference.name} does not hold: every run fails"
        yield _broken(job, image, message, f"take an image that holds {missing}, or install it before")


def missing_tool(reference: ImageReference, script: str) -> str:
    """The program that a script calls and that its image does not hold; "" where none is known."""
    if _INSTALLS.search(script):
        return ""
    if reference.name in _BARE and (reference.is_official or "/" in reference.path):
        found = DUMPS.search(script)
        is_elsewhere = found is not None and _ELSEWHERE.search(script, 0, found.start()) is not None
        return found["tool"] if found is not None and not is_elsewhere else ""
    tool = _CLOUD_TOOL.search(script) if reference.is_official and reference.name in _DATABASES else None
    return tool["tool"] if tool is not None else ""


def script_of(command: str) -> re.Match[str] | None:
    """The script that a command runs; None where it runs none, or writes it first."""
    found = _SCRIPT_FILE.search(command)
    return found if found is not None and command.count(found["path"]) == 1 else None


def lost_dump(text: str) -> str:
    """Where a script writes its dump, if it sends it nowhere; "" for one that does, or that says no place."""
    dump = DUMPS.search(text)
    found = _OUTPUT.search(text, dump.end()) if dump is not None and not UPLOADS.search(text) else None
    return found["path"] if found is not None and not found["path"].startswith(_NOWHERE) else ""


def _destination(job: Object, spec: Block, container: Block, script: str, text: str) -> Iterator[Broken]:
    """A dump into the container's own file system, which goes with the pod."""
    path = "" if UPLOADS.search(text) else lost_dump(script)
    if not path:
        return
    volumes = {scalar(volume, "name"): volume for volume in blocks(spec, "volumes")}
    mounts = [mount for mount in blocks(container, "volumeMounts") if is_below(path, scalar(mount, "mountPath"))]
    names = [scalar(mount, "name") for mount in mounts]
    if all(name in volumes and "emptyDir" in volumes[name].entries() for name in names):
        message = f"writes its dump to {path}, which goes with the pod: nothing is left to restore from"
        where = container.get("command") or container.get("args") or container
        yield _broken(job, where, message, "mount a PersistentVolumeClaim there, or upload the dump to object storage")


def is_below(path: str, mount: str) -> bool:
    """Whether a path is a mount or lies in it."""
    return bool(mount) and (path.rstrip("/") + "/").startswith(mount.rstrip("/") + "/")


def _broken(job: Object, where: Node, message: str, fix: str) -> Broken:
    return Broken(job.file, where.start, f"the backup job {job.name} {message}", fix)


def _timers(project: Project) -> Iterator[Broken]:
    """Timers of systemd whose service is not committed."""
    from shipworthy.deployment.evidence import text_of
    from shipworthy.places import PRODUCTION

    for path in project.repository.paths:
        if not path.endswith(".timer"):
            continue
        folder, _, name = path.rpartition("/")
        if "backup" not in name or project.place_of(path) != PRODUCTION:
            continue
        stated = re.search(r"^Unit[ \t]*=[ \t]*(?P<unit>\S{1,100})", text_of(project, path), re.MULTILINE)
        unit = stated["unit"] if stated else name.removesuffix(".timer") + ".service"
        known = f"{folder}/{unit}" if folder else unit
        if known not in project.repository and not project.repository.containing(unit) and "@" not in unit:
            fix = f"git add -f {known}, which runs the backup"
            yield Broken(project.file(path), 0, f"{name} starts {unit}, which is not committed: no backup is made", fix)
