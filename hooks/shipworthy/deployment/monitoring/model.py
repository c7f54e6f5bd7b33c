"""What the parts of monitoring have in common: a broken link, and the configuration files that containers see."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath
from typing import NamedTuple

from shipworthy.deployment.compose import DEVELOPMENT, TEST, ComposeSet, Mount, Service, compose
from shipworthy.deployment.monitoring import configurations
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class Break(NamedTuple):
    """A link of the chain that leads nowhere. ``is_silent`` tells that nothing is missing, but that nobody hears it."""

    file: File
    start: int
    message: str
    fix: str
    is_silent: bool = False


class Mounted(NamedTuple):
    """A committed file as a Compose service sees it, at ``path`` in its container."""

    compose_set: ComposeSet
    service: Service
    path: str

    def seen_from(self, written: str) -> str:
        """A path that the file names, as a path in the container."""
        return normpath(join(self.path.rpartition("/")[0], written))


class Unknown(Exception):
    """Raised where nobody can tell what lies at a path of a container."""


def seen_by(project: Project, path: str, program: str) -> Mounted | None:
    """The service that runs the ``program`` and reads a committed file; None where nobody can tell which it is."""
    found = list(_mounted(project, path))
    named = [seen for seen in found if program in f"{seen.service.name} {seen.service.scalar('image')}".lower()]
    if named:
        return named[0]
    return found[0] if len(found) == 1 else None


def _mounted(project: Project, path: str) -> Iterator[Mounted]:
    """The services of production that mount a committed file, itself or a folder around it."""
    for compose_set in project.model(compose).sets:
        if compose_set.role in (DEVELOPMENT, TEST) or any(file.templated for file in compose_set.files):
            continue
        for service in compose_set.active:
            for mount in service.mounts:
                source = _source(service, mount)
                if source is not None and (source == path or path.startswith(f"{source}/" if source else "")):
                    inner = path[len(source) :].lstrip("/")
                    yield Mounted(compose_set, service, normpath(join(mount.target, inner)))


def committed_as(seen: Mounted, path: str) -> str | None:
    """The repository's path of what lies at a path of the container; None where nothing is mounted there.

    Raises `Unknown` where a volume, a variable or an image that is built here may bring it.
    """
    service = seen.service
    if service.build is not None or {"configs", "volumes_from", "secrets"} & service.entries.keys():
        raise Unknown
    over = [mount for mount in service.mounts if _is_in(path, mount.target) or "$" in mount.target]
    if not over:
        return None
    mount = max(over, key=lambda mount: len(mount.target))
    source = _source(service, mount)
    if source is None:
        raise Unknown
    inner = normpath(path)[len(mount.target.rstrip("/")) :].lstrip("/")
    return in_repository(source, inner) if inner else source


def tops(file: File) -> list[Block]:
    """The mappings of a YAML file; none where it is no plain YAML."""
    from shipworthy.formats import yaml

    try:
        return [block for block in yaml.read(Source(file.text)).blocks if block.kind == "mapping"]
    except Unreadable:
        return []


def files_with(project: Project, key: str) -> Iterator[File]:
    """The YAML files for production that have a key on their top level, which tells a part of the chain.

    Definitions of custom resources hold the same words further in, and are large.
    """
    begins = [f"\n{quote}{key}{quote}:".encode() for quote in ("", '"', "'")]
    for file in project.model(configurations):
        lines = b"\n" + file.data if key.encode() in file.data else b""
        if any(begin in lines for begin in begins):
            yield file


def _source(service: Service, mount: Mount) -> str | None:
    """The repository's path that a mount shows; None for volumes and what cannot be known."""
    known = service.known(mount.source) if mount.type == "bind" else None
    return in_repository(mount.value.directory, known) if known else None


def _is_in(path: str, folder: str) -> bool:
    return (path.rstrip("/") + "/").startswith(folder.rstrip("/") + "/")
