"""Committed symbolic links that lead nowhere in a clone."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from shlex import quote

from shipworthy.deployment.references.model import (
    LINK,
    OUTSIDE,
    TEMPORARY,
    Fault,
    Reference,
    is_for_development,
    is_ours,
)
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TEMPORARY = lazy(r"/(?:var/|private/)?tmp(?:/|$)|/dev/shm(?:/|$)|/private/var/folders/")
_SYSTEM = ("/dev/", "/proc/", "/sys/", "/run/")
"""What every host has; a link to ``/dev/null`` switches a unit off."""
_OF_A_HOST = ("/etc/", "/usr/", "/opt/", "/lib/", "/var/", "/bin/", "/srv/")


def link_references(project: Project) -> Iterator[Reference | Fault]:
    """The symbolic links: outside, into temporary directories, and what the others lead to."""
    for path in project.repository.links:
        if not is_ours(project, path):
            continue
        try:
            file = project.open(path)
            target = file.text
        except (KeyError, OSError, Unreadable):
            continue
        inside = normpath(join(dirname(path), target))
        is_development = is_for_development(file)
        fix = f"commit what it leads to in its place: git rm --cached {quote(path)}"
        if _TEMPORARY.match(target):
            problem = f"this symbolic link leads into a temporary directory, {target}: a clone does not have it"
            yield Fault(TEMPORARY, file, 0, problem, fix, is_development)
        elif target.startswith("/"):
            if not target.startswith(_SYSTEM) and not _is_of_an_image(path, target):
                problem = f"this symbolic link leads to {target}, outside of the repository: a clone does not have it"
                yield Fault(OUTSIDE, file, 0, problem, fix, is_development)
        elif inside.startswith("../"):
            problem = f"this symbolic link leads to {target}, outside of the repository: a clone does not have it"
            yield Fault(OUTSIDE, file, 0, problem, fix, is_development)
        elif target and inside not in (".", path):
            yield Reference(LINK, file, 0, target, (inside,), "this symbolic link leads to", is_development)


def _is_of_an_image(path: str, target: str) -> bool:
    """Whether the link belongs to the file tree of a host or an image that the repository holds a part of."""
    return target.startswith(_OF_A_HOST) or any(f"/{part}/" in f"/{path}" for part in ("rootfs", "root", "overlay"))
