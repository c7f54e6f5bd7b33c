"""Removes what is left over, and nothing else, whatever happens meanwhile.

In a directory that everybody writes to, a path may name something else at any moment. So nothing is removed by its
path: the folder is opened part by part, and everything happens relative to it. What is to go is looked at once more,
moved aside to a name that nobody knows, looked at a last time, and only then removed. What turns out to be something
else is moved back. A symbolic link in its place is never followed, and not removed either.

Sources: openat(2), renameat(2), unlinkat(2), connect(2), flock(2); CWE-367.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from shipworthy.host.contents import first_bytes, number_in
from shipworthy.host.leftovers import (
    DEAD_SOCKET,
    EMPTY_FOLDER,
    STALE_PID_FILE,
    Leftover,
    is_younger,
    paths_in_use,
)
from shipworthy.host.mounts import mounts_of
from shipworthy.host.opened import text_of
from shipworthy.host.paths import READABLE_FILE, READABLE_FOLDER, is_below, joined, open_folder, open_inside
from shipworthy.host.processes import HAS_PROC, Processes

MOST_IN_A_TREE = 200_000
"""Files and folders of scratch space that are looked at before it is removed."""
DEEPEST = 64
_WRITABLE = stat.S_IWGRP | stat.S_IWOTH


class LeftAlone(Exception):
    """Something is not what it was, or not known to be dead; the message says why."""


class Cleaner:
    """Removes leftovers. ``look`` tells which processes live at this moment, and what they use.

    ``between`` is called with each path between the last look at it and its removal: whoever must show what happens
    then can do it there.
    """

    def __init__(
        self, look: Callable[[], Processes], older_than: float, between: Callable[[str], None] | None = None
    ) -> None:
        self.look = look
        self.older_than = older_than
        self.between = between
        self.alive = look()
        self.in_use = paths_in_use(self.alive)

    def examine(self, leftovers: Iterable[Leftover]) -> None:
        """Tell of each that has no reason to stay whether it has one after all, when it is looked at closely."""
        self._each(leftovers, lambda removal: removal.examine_only())

    def clean(self, leftovers: Iterable[Leftover]) -> None:
        """Remove what has no reason to stay, and tell of each whether it is removed, or why it stays after all."""
        self._each(leftovers, lambda removal: removal.carry_out())

    def _each(self, leftovers: Iterable[Leftover], do: Callable[[_Removal], None]) -> None:
        for leftover in leftovers:
            if leftover.kept:
                continue
            try:
                do(_Removal(leftover, self))
            except LeftAlone as reason:
                leftover.kept = str(reason)
            except OSError as error:
                leftover.kept = (error.strerror or str(error)).lower()


class _Removal:
    """The removal of one thing."""

    def __init__(self, leftover: Leftover, cleaner: Cleaner) -> None:
        self.leftover = leftover
        self.cleaner = cleaner
        self.alive = cleaner.alive
        self.expected = leftover.entry.status
        if leftover.path in cleaner.in_use:
            raise LeftAlone("a process uses it, or was told its path")

    def examine_only(self) -> None:
        """Raises `LeftAlone` or `OSError` where it stays."""
        with _open_folder_of(self.leftover) as folder:
            self.examine(folder, self.leftover.entry.name)

    def carry_out(self) -> None:
        """Remove it. Raises `LeftAlone` or `OSError` where it stays."""
        name = self.leftover.entry.name
        with _open_folder_of(self.leftover) as folder:
            self.examine(folder, name)
            if self.cleaner.between is not None:
                self.cleaner.between(self.leftover.path)
            aside = f".shipworthy-{secrets.token_hex(8)}"
            os.rename(name, aside, src_dir_fd=folder, dst_dir_fd=folder)
            try:
                self.examine(folder, aside)
                self._examine_users(aside)
                _remove(folder, aside, _mount_of(folder))
            finally:
                with suppress(FileNotFoundError):
                    _put_back(folder, aside, name)
        self.leftover.is_removed = True

    def _examine_users(self, aside: str) -> None:
        """Nobody finds it any more; whoever has it open since before now has it open under its new name."""
        if self.leftover.what in (STALE_PID_FILE, DEAD_SOCKET):
            return
        if joined(os.path.dirname(self.leftover.path), aside) in paths_in_use(self.cleaner.look()):
            raise LeftAlone("a process uses it")

    def examine(self, folder: int, name: str) -> None:
        """Make sure that an entry of the folder is what was found, and dead. Raises `LeftAlone` or `OSError`."""
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not _is_the_same(status, self.expected):
            raise LeftAlone("it is something else by now")
        if self.leftover.what == STALE_PID_FILE:
            self._examine_pid_file(folder, name, status)
        elif self.leftover.what == DEAD_SOCKET or stat.S_ISSOCK(status.st_mode):
            self._examine_socket(folder, name, status)
        elif stat.S_ISDIR(status.st_mode) and self.leftover.what != EMPTY_FOLDER:
            self._examine_tree(folder, name, status)
        elif stat.S_ISREG(status.st_mode):
            _examine_lock(folder, name, status)

    def _examine_pid_file(self, folder: int, name: str, status: os.stat_result) -> None:
        if number_in(first_bytes(folder, name, status)) != self.leftover.number or self.leftover.number is None:
            raise LeftAlone("it holds another number by now")
        if self.alive.lives(self.leftover.number):
            raise LeftAlone(f"there is a process {self.leftover.number} by now")
        _examine_lock(folder, name, status)

    def _examine_socket(self, folder: int, name: str, status: os.stat_result) -> None:
        if self.alive.has_socket(self.leftover.path, status):
            raise LeftAlone("somebody listens on it")
        if not is_refused(folder, name):
            raise LeftAlone("nobody knows whether somebody listens on it")

    def _examine_tree(self, folder: int, name: str, status: os.stat_result) -> None:
        """Everything in a folder must be ours, old, and in use by nobody."""
        here = joined(os.path.dirname(self.leftover.path), name)
        if any(is_below(mount.point, here) for mount in mounts_of()):
            raise LeftAlone("something is mounted in it")
        for seen, (path, found) in enumerate(_walk(folder, name, status), 1):
            where = joined(self.leftover.path, path)
            if seen > MOST_IN_A_TREE:
                raise LeftAlone(f"it holds more than the {MOST_IN_A_TREE:,} entries that are looked at")
            if found.st_uid != os.geteuid():
                raise LeftAlone(f"{path} in it belongs to another user")
            if is_younger(found, self.cleaner.older_than):
                raise LeftAlone(f"{path} in it was changed lately")
            has_socket = stat.S_ISSOCK(found.st_mode) and self.alive.has_socket(where, found)
            if where in self.cleaner.in_use or has_socket:
                raise LeftAlone(f"{path} in it is in use")


@contextmanager
def _open_folder_of(leftover: Leftover) -> Iterator[int]:
    """A descriptor of the folder that something is in, reached without links. Raises `LeftAlone` or `OSError`."""
    descriptor = open_folder(leftover.directory.path)
    try:
        _examine_folder(descriptor)
        for part in leftover.entry.inside.split("/")[:-1]:
            inner = open_inside(descriptor, part, READABLE_FOLDER)
            os.close(descriptor)
            descriptor = inner
            _examine_folder(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def _examine_folder(descriptor: int) -> None:
    """Only we and root may be able to put something else in the place of what is in it. Raises `LeftAlone`."""
    status = os.fstat(descriptor)
    if status.st_uid not in (0, os.geteuid()):
        raise LeftAlone("the folder that it is in belongs to another user")
    others = status.st_mode & (stat.S_IWOTH if status.st_gid == os.getegid() else _WRITABLE)
    if others and not status.st_mode & stat.S_ISVTX:
        raise LeftAlone("other users may write to the folder that it is in")


def _is_the_same(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether two looks saw the same thing, unchanged."""
    return os.path.samestat(one, other) and (one.st_mode, one.st_uid, one.st_size, one.st_mtime_ns) == (
        other.st_mode,
        other.st_uid,
        other.st_size,
        other.st_mtime_ns,
    )


def _examine_lock(folder: int, name: str, status: os.stat_result) -> None:
    """A file that a program has locked is in use, whoever that is. Raises `LeftAlone` or `OSError`."""
    descriptor = open_inside(folder, name, READABLE_FILE)
    try:
        if not os.path.samestat(os.fstat(descriptor), status):
            raise LeftAlone("it is something else by now")
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LeftAlone("a process has locked it") from None
    finally:
        os.close(descriptor)


def is_refused(folder: int, name: str, *, has_proc: bool = HAS_PROC) -> bool:
    """Whether the system says that nobody has a socket of that name: it knows of all containers, as no list does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.setblocking(False)
        try:
            if has_proc:
                asking.connect(f"/proc/self/fd/{folder}/{name}")
            else:
                _connect_inside(asking, folder, name)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def _connect_inside(asking: socket.socket, folder: int, name: str) -> None:
    """Connect from within the folder: nobody can put another in its place, and no path is too long for a socket."""
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fchdir(folder)
        asking.connect(name)
    finally:
        os.fchdir(here)
        os.close(here)


def _walk(folder: int, name: str, status: os.stat_result, before: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Everything in a folder, by the path within it. Raises `LeftAlone` where it is too deep."""
    if before.count("/") > DEEPEST:
        raise LeftAlone(f"it is more than {DEEPEST} folders deep")
    descriptor = open_inside(folder, name, READABLE_FOLDER)
    try:
        if not os.path.samestat(os.fstat(descriptor), status):
            raise LeftAlone("it is something else by now")
        for child in os.listdir(descriptor):
            found = os.stat(child, dir_fd=descriptor, follow_symlinks=False)
            yield before + child, found
            if stat.S_ISDIR(found.st_mode):
                yield from _walk(descriptor, child, found, f"{before}{child}/")
    finally:
        os.close(descriptor)


def _mount_of(descriptor: int) -> str:
    """The number of the mount that a descriptor leads to, "" where the system does not tell.

    In every other way a folder that is mounted at a second place looks the same.
    """
    found = re.search(r"^mnt_id:\s*(\d+)", text_of(f"/proc/self/fdinfo/{descriptor}"), re.MULTILINE)
    return found[1] if found else ""


def _remove(folder: int, name: str, mount: str) -> None:
    """Remove an entry of an open folder with all that is in it, links as links. Raises `LeftAlone` or `OSError`."""
    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(name, dir_fd=folder)
        return
    descriptor = open_inside(folder, name, READABLE_FOLDER)
    try:
        if not os.path.samestat(os.fstat(descriptor), status):
            raise LeftAlone("it is something else by now")
        if _mount_of(descriptor) != mount:
            raise LeftAlone("something is mounted in it")
        for child in os.listdir(descriptor):
            _remove(descriptor, child, mount)
    finally:
        os.close(descriptor)
    os.rmdir(name, dir_fd=folder)


def _put_back(folder: int, aside: str, name: str) -> None:
    """Give what stays its name again. Raises `LeftAlone` where something else has that by now."""
    os.stat(aside, dir_fd=folder, follow_symlinks=False)  # it is removed, as it should be
    try:
        try:
            os.link(aside, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:  # a folder, or a file system without a second name
            _rename_if_free(folder, aside, name)
        else:
            os.unlink(aside, dir_fd=folder)
    except FileExistsError:
        raise LeftAlone(f"it is called {aside} now, because something else took its name meanwhile") from None


def _rename_if_free(folder: int, aside: str, name: str) -> None:
    """Raises `FileExistsError` where something has the name already."""
    with suppress(FileNotFoundError):
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        raise FileExistsError
    os.rename(aside, name, src_dir_fd=folder, dst_dir_fd=folder)
