"""What is mounted where, told without touching any of it: a dead network mount stops whoever does.

Sources: proc_pid_mountinfo(5), mount(8).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.host.paths import is_below, joined
from shipworthy.patterns import lazy

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
"""File systems that a reboot empties."""
_REMOTE = lazy(
    r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|gpfs|orangefs|ocfs2|davfs2?|webdav|afpfs|autofs|fuse\..*|fuse|\w*fuse\w*"
)
"""File systems behind which another machine or another program must answer."""
_MADE_BY_THE_KERNEL = frozenset(
    "proc sysfs cgroup cgroup2 devpts devfs debugfs tracefs securityfs bpf mqueue configfs hugetlbfs pstore efivarfs"
    " binfmt_misc fusectl rpc_pipefs nsfs selinuxfs".split()
)
_ESCAPE = lazy(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """A mount: ``point`` is where, ``root`` the path inside of the file system ``device``, ``kind`` its type."""

    point: str
    root: str
    device: str
    kind: str

    @property
    def is_remote(self) -> bool:
        """Whether asking it may take forever."""
        return _REMOTE.fullmatch(self.kind) is not None

    @property
    def is_made_by_the_kernel(self) -> bool:
        """Whether it holds no files but the kernel's own answers."""
        return self.kind in _MADE_BY_THE_KERNEL


class Mounts:
    """The mounts that a process sees. A later one hides an earlier one at the same point."""

    def __init__(self, mounts: Iterable[Mount]) -> None:
        self._by_point = {mount.point: mount for mount in mounts}

    def __contains__(self, path: str) -> bool:
        return path in self._by_point

    def __iter__(self) -> Iterator[Mount]:
        return iter(self._by_point.values())

    def at(self, path: str) -> Mount | None:
        """The mount that a path without links is in."""
        point = path
        while point not in self._by_point:
            if point in ("", "/"):
                return None
            point = point.rpartition("/")[0] or "/"
        return self._by_point[point]

    def place(self, path: str) -> tuple[str, str] | None:
        """Where a path without links is, whatever is mounted where: the file system, and the path inside of it."""
        mount = self.at(path)
        if mount is None:
            return None
        return mount.device, joined(mount.root, path[len(mount.point.rstrip("/")) :])

    def path_of(self, place: tuple[str, str]) -> str | None:
        """The path at which this process sees a place; None where it does not."""
        device, inside = place
        for mount in self._by_device.get(device, ()):
            if is_below(inside, mount.root):
                path = joined(mount.point, inside[len(mount.root.rstrip("/")) :])
                if self.at(path) is mount:
                    return path
        return None

    @cached_property
    def _by_device(self) -> dict[str, list[Mount]]:
        found: dict[str, list[Mount]] = {}
        for mount in sorted(self._by_point.values(), key=lambda mount: len(mount.root), reverse=True):
            found.setdefault(mount.device, []).append(mount)
        return found


def mounts_of(process: int | str = "self") -> Mounts:
    """The mounts that a process sees. Raises `OSError` where nobody may know them."""
    if os.path.exists("/proc/self/mountinfo"):
        with open(f"/proc/{process}/mountinfo", "rb") as file:
            return Mounts(parsed(os.fsdecode(file.read())))
    import psutil

    parts = psutil.disk_partitions(all=True)
    return Mounts(Mount(part.mountpoint, "/", part.mountpoint, part.fstype) for part in parts)


def parsed(text: str) -> Iterator[Mount]:
    """The mounts that a ``mountinfo`` file lists: ``ID PARENT DEVICE ROOT POINT OPTIONS [...] - TYPE SOURCE ...``."""
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.partition(" ")[0]
        if len(fields) > 5 and kind:
            yield Mount(_unescaped(fields[4]), _unescaped(fields[3]), fields[2], kind)


def _unescaped(path: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), path)
