"""Backup services of Compose that cannot work: a script that nothing brings, a dump that goes with the container.

Source: https://docs.docker.com/reference/compose-file/services/#volumes
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.backups.broken import Broken, is_below, lost_dump, missing_tool, script_of
from shipworthy.deployment.backups.tools import COPIES, DUMPS
from shipworthy.deployment.compose.running import Running, running
from shipworthy.deployment.compose.services import Mount
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.deployment.paths import in_repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


def broken_services(project: Project) -> Iterator[Broken]:
    """What is wrong with the services that dump databases, where an official image is all that they are made of."""
    for known in project.model(running):
        service = known.service
        image = service.known(service.image.text) if service.image is not None else None
        reference = parse(image) if image else None
        given = service.entries.get("command") or service.entries.get("entrypoint")
        if reference is None or not reference.is_official or service.build is not None or given is None:
            continue
        if COPIES.search(service.name) or {"configs", "secrets", "volumes_from"} & service.entries.keys():
            continue
        yield from _of_service(project, known, reference, service.command)


def _of_service(project: Project, known: Running, reference: ImageReference, command: str) -> Iterator[Broken]:
    service = known.service
    given = service.entries.get("command") or service.entries.get("entrypoint")
    script = script_of(command)
    is_backup = DUMPS.search(command) is not None or (script is not None and "backup" in script["path"].lower())
    if given is None or not is_backup or any("$" in mount.target for mount in service.mounts):
        return
    text = command
    if script is not None:
        mount = _mount_of(service.mounts, script["path"])
        if mount is None:
            message = (
                f"the backup service {service.name} runs {script['path']}, which nothing mounts and no image holds"
            )
            fix = f"commit the script, and mount it at {script['path']}"
            yield Broken(given.file, given.node.start, message, fix)
            return
        text += "\n" + _committed(project, known, mount, script["path"])
    missing = missing_tool(reference, text)
    if missing and service.image is not None:
        message = f"the backup service {service.name} runs {missing}, which the image {reference.name} does not hold"
        fix = f"take an image that holds {missing}, or install it before"
        yield Broken(service.image.file, service.image.node.start, f"{message}: every run fails", fix)
    path = lost_dump(text)
    if path and _mount_of(service.mounts, path) is None:
        message = f"the backup service {service.name} writes its dump to {path}, which goes with the container"
        fix = f"mount a volume or a folder of the host at {path.rpartition('/')[0] or '/'}, or upload the dump"
        yield Broken(given.file, given.node.start, message, fix)


def _mount_of(mounts: list[Mount], path: str) -> Mount | None:
    over = [mount for mount in mounts if is_below(path, mount.target) and mount.type not in ("tmpfs", "anonymous")]
    return max(over, key=lambda mount: len(mount.target), default=None)


def _committed(project: Project, known: Running, mount: Mount, path: str) -> str:
    """The text of a script of the repository that a mount shows at a path; "" where it is not known."""
    source = known.service.known(mount.source) if mount.type == "bind" else None
    base = in_repository(mount.value.directory, source) if source else None
    inner = path[len(mount.target.rstrip("/")) :].lstrip("/")
    return text_of(project, f"{base}/{inner}" if base and inner else base or "")
