"""What a process runs and has open.

It is read from ``/proc`` where there is one: psutil would ask the file system about each open file, which never ends on
a dead network mount, and it leaves out folders and what was deleted meanwhile.

Sources: proc_pid_fd(5), proc_pid_fdinfo(5), proc_pid_maps(5), https://psutil.readthedocs.io/
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psutil

from shipworthy.patterns import lazy

EXECUTABLE = "executable"
INTERPRETER = "interpreter"
CODE = "code"
WORKING_DIRECTORY = "working directory"
OPEN_FILE = "open file"
WRITTEN_FILE = "file open for writing"
LIBRARY = "loaded library"
ARGUMENT = "command line"
ENVIRONMENT = "environment"
MOUNT = "mounted into its container"
SOCKET = "socket"
NAMED = "PID file"
RUNNING = frozenset({EXECUTABLE, INTERPRETER, CODE, LIBRARY})
"""Uses in which the process runs what lies there."""
WEAK = frozenset({WORKING_DIRECTORY, ARGUMENT, ENVIRONMENT})
"""Uses that need not mean more than that somebody was there."""

_DELETED = " (deleted)"
_SOCKET = "socket:["
_LONGEST_READ = 4_000_000
_MAPPED = lazy(rb"^\S+ r-x\S* \S+ \S+ \d+ +(/.*)$", re.MULTILINE)
_INTERPRETER = lazy(r"(?:python|pypy|node|ruby|perl|php|java|beam\.smp|deno|bun)[\d.]*")


class Use(NamedTuple):
    """That a process uses a path, and how.

    ``role`` is what a command line says that it is for, or ""; ``is_deleted`` tells that the path names nothing any
    more.
    """

    path: str
    how: str
    role: str = ""
    is_deleted: bool = False


class Opened:
    """What a process has open: the uses of paths, and the numbers of its sockets.

    ``is_partial`` tells that there may be more, which nobody may see.
    """

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.sockets: list[str] = []
        self.is_partial = False

    @property
    def working_directory(self) -> str:
        """Where the process is, or "" where nobody knows."""
        return next((use.path for use in self.uses if use.how == WORKING_DIRECTORY), "")


def opened_by_links(number: int, is_wanted: Callable[[str], bool]) -> Opened:
    """What ``/proc`` says; only of wanted paths is it found out whether they are open for writing.

    Raises `PermissionError` where that is not for everybody, `FileNotFoundError` where the process is gone.
    """
    here, found = f"/proc/{number}", Opened()
    program = ""
    with suppress(FileNotFoundError):  # the kernel's own processes run no file
        program = os.readlink(f"{here}/exe")
        found.uses.append(_use(program, EXECUTABLE))
    with suppress(FileNotFoundError):
        found.uses.append(_use(os.readlink(f"{here}/cwd"), WORKING_DIRECTORY))
    for descriptor in os.listdir(f"{here}/fd"):
        try:
            target = os.readlink(f"{here}/fd/{descriptor}")
        except OSError:  # closed meanwhile, or longer than a path can be
            continue
        if target.startswith(_SOCKET):
            found.sockets.append(target[len(_SOCKET) : -1])
        elif target.startswith("/"):
            use = _use(target, OPEN_FILE)
            found.uses.append(use._replace(how=_how(here, descriptor)) if is_wanted(use.path) else use)
    if _INTERPRETER.fullmatch(program.rpartition("/")[2]):
        found.uses += [_use(path, LIBRARY) for path in _mapped(here)]
    return found


def opened(process: psutil.Process) -> Opened:
    """What psutil says, where there is no ``/proc``; ``is_partial`` where it may say only some of it.

    macOS tells everybody what a process of another user runs, and only root the rest. Raises `psutil.NoSuchProcess`.
    """
    found = Opened()
    with _as_far_as_permitted(found):
        if executable := process.exe():
            found.uses.append(Use(executable, EXECUTABLE))
    with _as_far_as_permitted(found):
        found.uses.append(Use(process.cwd(), WORKING_DIRECTORY))
    with _as_far_as_permitted(found):
        for file in process.open_files():
            how = OPEN_FILE if getattr(file, "mode", "r") == "r" else WRITTEN_FILE
            found.uses.append(Use(file.path, how))
    return found


@contextmanager
def _as_far_as_permitted(found: Opened) -> Iterator[None]:
    try:
        yield
    except (psutil.AccessDenied, PermissionError):
        found.is_partial = True


def _use(target: str, how: str) -> Use:
    return Use(target.removesuffix(_DELETED), how, is_deleted=target.endswith(_DELETED))


def _how(here: str, descriptor: str) -> str:
    """Whether a descriptor is open for writing."""
    found = re.search(r"^flags:\s*([0-7]+)", text_of(f"{here}/fdinfo/{descriptor}"), re.MULTILINE)
    mode = int(found[1], 8) & os.O_ACCMODE if found else os.O_RDONLY
    return OPEN_FILE if mode == os.O_RDONLY else WRITTEN_FILE


def _mapped(here: str) -> Iterator[str]:
    """The files that a process has loaded code from."""
    try:
        with open(f"{here}/maps", "rb") as file:
            content = file.read(_LONGEST_READ)
    except OSError:
        return
    yield from dict.fromkeys(os.fsdecode(path) for path in _MAPPED.findall(content))


def text_of(path: str) -> str:
    """What the kernel says in one of its files; "" where it says nothing to us."""
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read(_LONGEST_READ))
    except OSError:
        return ""
