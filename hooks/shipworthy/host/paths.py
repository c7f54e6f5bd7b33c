"""Absolute paths of the host, and folders that are opened without following anybody's link.

``/tmp`` is written to by everybody, so no path in it is trusted twice: a folder is opened part by part, each part
relative to the one before it, and a part that is a symbolic link ends the way. Only root's links in the root of the
file system (``/tmp`` and ``/var`` on macOS) are part of the spelling.

Sources: openat(2), path_resolution(7).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

MOST_LINKS = 40
"""As many as Linux follows."""
_WALKABLE = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READABLE_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READABLE_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A pipe that was put in the file's place stops nobody who opens it so."""
_UNNOTICED = getattr(os, "O_NOATIME", 0)
"""Looking must not make a file young in the eyes of what cleans up by age."""


class ThroughLink(OSError):
    """A path that leads through a symbolic link which is not the system's own; ``filename`` is the link."""


def is_below(path: str, folder: str) -> bool:
    """Whether a path is the folder, or in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def joined(folder: str, rest: str) -> str:
    """A folder's path with the rest of a path behind it; either may be the root, or end with a slash."""
    return "/" + "/".join(part for part in (*folder.split("/"), *rest.split("/")) if part)


def folders_of(path: str) -> Iterator[str]:
    """The folders that an absolute path is in, the nearest first, without the root."""
    while (path := os.path.dirname(path)) not in ("", "/"):
        yield path


def without_system_links(path: str) -> str:
    """An absolute path with the system's own links resolved. Raises `ThroughLink` at any other link, or `OSError`."""
    done, rest = "/", [part for part in path.split("/") if part]
    links = 0
    while rest:
        part = rest.pop(0)
        if part in (".", ".."):
            done = os.path.dirname(done) if part == ".." else done
            continue
        following = joined(done, part)
        found = os.lstat(following)
        if not stat.S_ISLNK(found.st_mode):
            done = following
            continue
        links += 1
        if done != "/" or found.st_uid or links > MOST_LINKS:
            raise ThroughLink(0, "a symbolic link", following)
        rest[:0] = [part for part in os.readlink(following).split("/") if part]
    return done


def open_folder(path: str) -> int:
    """A descriptor of a folder, by a path without links, for reading. Raises `OSError`, also at a link."""
    parts = [part for part in path.split("/") if part]
    descriptor = os.open("/", _WALKABLE if parts else READABLE_FOLDER)
    for number, part in enumerate(parts, 1):
        try:
            following = open_inside(descriptor, part, READABLE_FOLDER if number == len(parts) else _WALKABLE)
        finally:
            os.close(descriptor)
        descriptor = following
    return descriptor


def open_inside(folder: int, name: str, flags: int) -> int:
    """A descriptor of an entry of an open folder; that it was read is not recorded where the system allows it."""
    if not flags & getattr(os, "O_PATH", 0):
        try:
            return os.open(name, flags | _UNNOTICED, dir_fd=folder)
        except PermissionError:  # only the owner may look unnoticed
            pass
    return os.open(name, flags, dir_fd=folder)
