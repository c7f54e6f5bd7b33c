"""The processes of this host, and what each of them uses in a temporary directory.

Who runs this may not see everything: what other users' processes have open is theirs and root's. What could not be
seen is counted and said. Of command lines and environments nothing is kept but the paths in temporary directories,
since both may hold secrets.

A process in a container or with a private ``/tmp`` has mounts of its own: its paths are taken to the file system that
they are in, and back to the path that it has here.

Sources: proc(5), mount_namespaces(7), pid_namespaces(7), https://psutil.readthedocs.io/
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import psutil

from shipworthy.homes.roles import CODE as CODE_ROLE
from shipworthy.host.command_line import named_paths
from shipworthy.host.mounts import Mounts, mounts_of
from shipworthy.host.opened import (
    ARGUMENT,
    CODE,
    ENVIRONMENT,
    EXECUTABLE,
    INTERPRETER,
    MOUNT,
    Opened,
    Use,
    opened,
    opened_by_links,
    text_of,
)
from shipworthy.host.paths import is_below
from shipworthy.host.sockets import FILE_NUMBER, bound_sockets
from shipworthy.host.spelling import Spelling, of_this_system
from shipworthy.host.units import Membership, membership

_LARGEST_NUMBER = 2**31 - 1
_INITIAL_NAMESPACE = "pid:[4026531836]"
"""The host's own, which has the same number everywhere."""
HAS_PROC = os.path.exists("/proc/self/fd")
"""Whether the kernel tells of processes in files, as Linux does."""
_MANAGERS = frozenset({"systemd", "init", "launchd", "runsv", "s6-supervise", "supervisord", "openrc-run"})
_OF_MACOS = ("/System/", "/usr/libexec/", "/usr/sbin/", "/sbin/", "/Library/Apple/")
_GONE = (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError)


class Process:
    """A process: who it is, and what it uses in the temporary directories.

    ``is_service`` tells that it serves somebody, as far as that can be told: a service manager or a container engine
    started it, it listens without a terminal, or it lives on without a parent and without a terminal. What macOS brings
    itself, and an application with windows, ``is_of_the_system``: launchd starts them all, without a terminal.
    """

    __slots__ = (
        "is_of_the_system",
        "is_service",
        "listens",
        "membership",
        "name",
        "number",
        "parent",
        "started",
        "terminal",
        "user",
        "uses",
    )

    def __init__(self, number: int, name: str, user: str, started: float) -> None:
        self.number = number
        self.name = name
        self.user = user
        self.started = started
        self.parent = 0
        self.terminal = ""
        self.membership = Membership()
        self.listens = False
        self.is_service = False
        self.is_of_the_system = False
        self.uses: list[Use] = []


class Processes:
    """The processes of this host but this one, by number.

    ``unseen`` counts, by user, those of which not everything may be known. ``listeners`` are the processes that have
    a socket, as far as they are known, by the number of its file, or by its path where the system tells no numbers;
    then what is in ``moved_from`` may be any socket of that folder, because somebody bound one there that has another
    name by now. ``sees_all_sockets`` tells that those of other users are known as well.
    """

    def __init__(self) -> None:
        self.by_number: dict[int, Process] = {}
        self.unseen: Counter[str] = Counter()
        self.listeners: dict[int | str, list[Process]] = {}
        self.moved_from: set[str] = set()
        self.sees_all_sockets = True
        self.numbers: set[int] = set()

    @property
    def sees_others(self) -> bool:
        """Whether the system tells of other users' processes at all: the first process is root's."""
        return not HAS_PROC or 1 in self.numbers

    def lives(self, number: int) -> bool:
        """Whether a process has that number, here or within a container on this host."""
        return number in self.numbers or (number <= _LARGEST_NUMBER and psutil.pid_exists(number))

    def has_socket(self, path: str, status: os.stat_result) -> bool:
        """Whether somebody has the socket that is at a path, or may have it."""
        is_unseen = not self.sees_all_sockets and status.st_uid != os.geteuid()
        is_moved = not self.moved_from.isdisjoint((os.path.dirname(path), ""))
        return is_unseen or is_moved or self.is_sure_of_socket(path, status)

    def is_sure_of_socket(self, path: str, status: os.stat_result) -> bool:
        """Whether somebody is known to have the socket that is at a path."""
        return status.st_ino & FILE_NUMBER in self.listeners or path in self.listeners

    def holders(self, path: str, status: os.stat_result) -> list[Process]:
        """Who has the socket that is at a path, as far as that is known."""
        found = (*self.listeners.get(status.st_ino & FILE_NUMBER, ()), *self.listeners.get(path, ()))
        return list(dict.fromkeys(found))


def processes(
    directories: Iterable[str], mounts: Mounts, spelling: Spelling | None = None, *, has_proc: bool = HAS_PROC
) -> Processes:
    """What lives on this host now, and what it uses in the directories, which are paths without links.

    Where there is no ``/proc``, as on macOS, psutil is asked.
    """
    return _Snapshot(list(directories), mounts, spelling or of_this_system(), has_proc).taken()


def numbers_are_shared(mounts: Mounts, path: str) -> bool:
    """Whether processes that we cannot see may have written a PID file: in a container, on what is mounted into it."""
    mount = mounts.at(path)
    is_initial = not HAS_PROC or os.readlink("/proc/self/ns/pid") == _INITIAL_NAMESPACE
    return not is_initial and (mount is None or mount.point != "/")


class _Snapshot:
    """One look at all processes."""

    def __init__(self, directories: list[str], mounts: Mounts, spelling: Spelling, has_proc: bool) -> None:
        self.directories = directories
        self.spelled = [spelled for directory in directories for spelled in spelling.all(directory)]
        self.spelling = spelling
        self.has_proc = has_proc
        self.mounts = mounts
        self.found = Processes()
        self._own_namespace = os.readlink("/proc/self/ns/mnt") if self.has_proc else ""
        self._namespaces: dict[str, Mounts] = {}
        self._told: set[int] = set()
        self._by_socket: dict[str, list[Process]] = {}

    def taken(self) -> Processes:
        """The processes, with everything that may be known of them."""
        for process in psutil.process_iter():
            self.found.numbers.add(process.pid)
            if process.pid != os.getpid():
                try:
                    self._add(process)
                except psutil.AccessDenied:
                    self.found.unseen["unknown users"] += 1
                except _GONE:
                    pass
        if self.has_proc:
            self._add_sockets()
        self._add_listeners()
        for known in self.found.by_number.values():
            known.is_service = self._serves(known)
        return self.found

    def _add(self, process: psutil.Process) -> None:
        with process.oneshot():
            known = Process(process.pid, process.name(), process.username(), process.create_time())
            known.parent = process.ppid()
            known.membership = membership(text_of(f"/proc/{process.pid}/cgroup"))
            with suppress(psutil.AccessDenied):
                known.terminal = process.terminal() or ""
            self.found.numbers.update(_inner_numbers(text_of(f"/proc/{process.pid}/status")))
            known.uses = list(dict.fromkeys(self._uses(process, known)))
            self.found.by_number[process.pid] = known

    def _uses(self, process: psutil.Process, known: Process) -> Iterator[Use]:
        arguments: list[str] = []
        with suppress(psutil.AccessDenied, psutil.ZombieProcess):
            arguments = process.cmdline()
        foreign, held = self._held(process, known)
        for use in held.uses:
            yield from self._inside(use, foreign)
        for named in named_paths(arguments, held.working_directory, self.spelled):
            how = INTERPRETER if named.is_first else CODE if named.role == CODE_ROLE else ARGUMENT
            yield from self._inside(Use(named.path, how, named.role), foreign)
        with suppress(psutil.AccessDenied, psutil.ZombieProcess, OSError):
            yield from self._of_environment(process.environ(), arguments, foreign)
        if foreign is not None:
            yield from self._mounted(foreign)

    def _held(self, process: psutil.Process, known: Process) -> tuple[Mounts | None, Opened]:
        """What the process has open, and the mounts that its paths mean, where they are not ours."""
        try:
            foreign = self._foreign_mounts(process.pid)
            if not self.has_proc:
                return foreign, self._told_of(process, known)
            is_wanted = self._is_inside if foreign is None else bool
            held = opened_by_links(process.pid, is_wanted)
        except (psutil.AccessDenied, PermissionError):
            self.found.unseen[known.user] += 1
            return None, Opened()
        except psutil.ZombieProcess:
            return None, Opened()
        for number in held.sockets:
            self._by_socket.setdefault(number, []).append(known)
        return foreign, held

    def _told_of(self, process: psutil.Process, known: Process) -> Opened:
        """What psutil says that a process has open."""
        held = opened(process)
        if held.is_partial:
            self.found.unseen[known.user] += 1
        program = next((use.path for use in held.uses if use.how == EXECUTABLE), "")
        known.is_of_the_system = is_of_the_system(program)
        return held

    def _foreign_mounts(self, number: int) -> Mounts | None:
        """What a process sees mounted, where that is not what we see. Raises `PermissionError`."""
        namespace = os.readlink(f"/proc/{number}/ns/mnt") if self.has_proc else ""
        if namespace == self._own_namespace:
            return None
        if namespace not in self._namespaces:
            self._namespaces[namespace] = mounts_of(number)
        return self._namespaces[namespace]

    def _inside(self, use: Use, foreign: Mounts | None) -> Iterator[Use]:
        """The use, where its path lies in one of the directories."""
        path: str | None = use.path
        if foreign is not None:
            place = foreign.place(use.path)
            path = self.mounts.path_of(place) if place else None
        elif path is not None:
            path = self.spelling.real(path)
        if path is not None and self._is_inside(path):
            yield use._replace(path=path)

    def _is_inside(self, path: str) -> bool:
        return any(path != directory and is_below(path, directory) for directory in self.directories)

    def _of_environment(self, variables: dict[str, str], arguments: list[str], foreign: Mounts | None) -> Iterator[Use]:
        """The paths that variables hold; a Python that was started by its bare name runs in the activated folder."""
        is_bare = bool(arguments) and arguments[0].startswith("python") and "/" not in arguments[0]
        for name, value in variables.items():
            for path in value.split(":"):
                if path.startswith("/"):
                    how = INTERPRETER if name == "VIRTUAL_ENV" and is_bare else ENVIRONMENT
                    yield from self._inside(Use(os.path.normpath(path), how), foreign)

    def _mounted(self, foreign: Mounts) -> Iterator[Use]:
        """What is mounted into the container of a process, told by the first process of each."""
        if id(foreign) in self._told:
            return
        self._told.add(id(foreign))
        for mount in foreign:
            path = self.mounts.path_of((mount.device, mount.root))
            if path is not None and self._is_inside(path):
                yield Use(path, MOUNT)

    def _add_sockets(self) -> None:
        """Who has the sockets that are bound to a path, in this network namespace."""
        try:
            known = bound_sockets()
        except OSError:
            self.found.moved_from.add("")  # every socket may be in use
            return
        for bound in known:
            holders = self._by_socket.get(bound.number, [])
            if bound.file is not None:
                self.found.listeners.setdefault(bound.file, []).extend(holders)
            else:
                self._add_by_path(bound.path, holders)
            for holder in holders:
                holder.listens = holder.listens or bound.is_listening

    def _add_by_path(self, path: str, holders: list[Process]) -> None:
        """A socket of which only the path is known that it was bound to."""
        path = self.spelling.real(path)
        self.found.listeners.setdefault(path, []).extend(holders)
        if not path.startswith("/"):
            self.found.moved_from.add("")
        elif self._is_inside(path) and not os.path.lexists(path):
            self.found.moved_from.add(os.path.dirname(path))

    def _add_listeners(self) -> None:
        """Who listens; and, where there is no ``/proc``, who has which socket, of our own processes."""
        kind = "tcp" if self.has_proc else "all"
        try:
            connections: list[tuple[int | None, Any]] = [(found.pid, found) for found in psutil.net_connections(kind)]
        except psutil.AccessDenied:
            connections = list(self._own_connections(kind))
            self.found.sees_all_sockets = self.has_proc
        for number, connection in connections:
            holder = self.found.by_number.get(number or 0)
            if holder is not None and connection.status == psutil.CONN_LISTEN:
                holder.listens = True
            if isinstance(connection.laddr, str) and connection.laddr:
                self._add_by_path(connection.laddr, [holder] if holder else [])

    def _own_connections(self, kind: str) -> Iterator[tuple[int, Any]]:
        for number in (*self.found.by_number, os.getpid()):
            with suppress(psutil.Error, OSError):
                for connection in psutil.Process(number).net_connections(kind):
                    yield number, connection

    def _serves(self, known: Process) -> bool:
        parent = self.found.by_number.get(known.parent)
        if known.membership.is_service and (parent is None or parent.membership != known.membership):
            return True
        if known.is_of_the_system:
            return False
        is_left_alone = known.parent in (0, 1) or (parent is not None and parent.name in _MANAGERS)
        return not known.terminal and (known.listens or is_left_alone)


def is_of_the_system(program: str) -> bool:
    """Whether a program comes with macOS, or is an application with windows; a Python of macOS is built like one."""
    is_application = ".app/Contents/" in program and ".framework/" not in program
    return is_application or program.startswith(_OF_MACOS)


def _inner_numbers(status: str) -> Iterator[int]:
    """The numbers that a process has within containers, from ``/proc/PID/status``."""
    line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
    yield from map(int, line.split()[1:])
