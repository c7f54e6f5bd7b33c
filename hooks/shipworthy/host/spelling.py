"""How paths of this system are spelled.

On macOS ``/tmp`` and ``/var`` are root's links into ``/private``: people, command lines and the addresses of sockets
have the short path, the kernel tells the long one. Its file systems, and folders of some on Linux, also take a name in
any case.

Sources: hier(7), fcntl(2) F_GETPATH.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress

from shipworthy.host.paths import is_below, open_folder

_LONGEST_PATH = 1024
"""Bytes that F_GETPATH fills at most."""


class Spelling:
    """The links in the root of the file system: ``links`` maps ``/tmp`` to ``/private/tmp``."""

    def __init__(self, links: Mapping[str, str]) -> None:
        self._links = dict(links)

    def real(self, path: str) -> str:
        """An absolute path without such a link."""
        first = "/" + path.lstrip("/").partition("/")[0]
        return self._links[first] + path[len(first) :] if first in self._links and path.startswith(first) else path

    def all(self, path: str) -> list[str]:
        """A path without links, and the ways to write it with one."""
        through = [link + path[len(real) :] for link, real in self._links.items() if is_below(path, real)]
        return [path, *sorted(through)]


def of_this_system() -> Spelling:
    """The links that root made in the root of the file system."""
    links: dict[str, str] = {}
    with suppress(OSError), os.scandir("/") as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_symlink() and not entry.stat(follow_symlinks=False).st_uid:
                    links[entry.path] = os.path.normpath(os.path.join("/", os.readlink(entry.path)))
    return Spelling(links)


def as_stored(path: str) -> str:
    """A folder's path in the case of its names, where the system tells it; as it is where not.

    Raises `OSError` where the folder cannot be opened.
    """
    descriptor = open_folder(path)
    try:
        told = told_by_the_system(descriptor)
        same = told.lower() == path.lower() and os.path.samestat(os.stat(told), os.fstat(descriptor))
        return told if same else path
    finally:
        os.close(descriptor)


def told_by_the_system(descriptor: int) -> str:
    """The path of an open folder, "" where the system does not tell."""
    asked = getattr(fcntl, "F_GETPATH", None)
    with suppress(OSError):
        if asked is None:
            return os.readlink(f"/proc/self/fd/{descriptor}")
        return os.fsdecode(fcntl.fcntl(descriptor, asked, bytes(_LONGEST_PATH)).rstrip(b"\0"))
    return ""
