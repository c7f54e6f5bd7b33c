"""Which paths in temporary directories the command line of a running process names, and what each is for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shipworthy.homes.roles import CODE, TEMPORARY, VENV, role_of_name, role_of_path
from shipworthy.homes.spellings import temporary_paths
from shipworthy.homes.vocabulary import CLIENTS, INTERPRETERS
from shipworthy.host.paths import is_below, joined
from shipworthy.patterns import lazy

LOOKERS = CLIENTS - INTERPRETERS | frozenset(
    "vi vim nvim nano emacs less more most view micro joe code subl ed pico watch rsync lsof strace gdb tree du".split()
)
"""Programs that somebody looks at, edits or moves files with."""
MOST_ARGUMENTS = 200
_NO_SCRIPT = frozenset({"-c", "-e", "-m", "-p", "--eval", "-r", "--version", "-V"})
"""Options of interpreters behind which stands no file, or which end the search for one."""
_OPTION = lazy(r"-{1,2}([A-Za-z][\w.-]*)(?:=(.*))?", re.DOTALL)


class Named(NamedTuple):
    """A path that a command line names. ``role`` is what it is for, as far as the command line tells, or ""."""

    path: str
    role: str
    is_first: bool


def named_paths(arguments: Sequence[str], working_directory: str, directories: Sequence[str]) -> Iterator[Named]:
    """The paths in one of the directories, the program's own first, each once."""
    if not arguments:
        return
    seen: set[str] = set()
    for named in _all(arguments[:MOST_ARGUMENTS], working_directory, tuple(directories)):
        if named.path not in seen:
            seen.add(named.path)
            yield named


def _all(arguments: Sequence[str], here: str, directories: tuple[str, ...]) -> Iterator[Named]:
    program = arguments[0]
    path = _absolute(program, here) if "/" in program else ""
    if _is_in(path, directories):
        yield Named(path, role_of_path(path) if role_of_path(path) == VENV else CODE, is_first=True)
    name = program.rpartition("/")[2].rstrip("0123456789.")
    script = _script(arguments) if name in INTERPRETERS else None
    if script is not None and _is_in(_absolute(script, here), directories):
        yield Named(_absolute(script, here), CODE, is_first=False)
    if name not in LOOKERS:
        yield from _arguments(arguments, directories)


def _script(arguments: Sequence[str]) -> str | None:
    """The file that an interpreter was told to run."""
    following = iter(arguments[1:])
    for argument in following:
        if argument == "-jar":
            return next(following, None)
        if argument in _NO_SCRIPT:
            return None
        if not argument.startswith("-"):
            return argument
    return None


def _arguments(arguments: Sequence[str], directories: tuple[str, ...]) -> Iterator[Named]:
    """What options name, and arguments that are a path and nothing else."""
    before = ""
    for argument in arguments[1:]:
        option = _OPTION.fullmatch(argument)
        name, value = (option[1], option[2] or "") if option else (before, argument)
        before = name if option and option[2] is None else ""
        for found in temporary_paths(value, directories):
            path = posixpath.normpath(value[found.start : found.end].replace("//", "/"))
            if found.rest and value[: found.start] in ("", found.scheme) and _is_in(path, directories):
                role = role_of_name(name) if name else ""
                yield Named(path, "" if role == TEMPORARY else role or role_of_path(found.rest), is_first=False)


def _absolute(path: str, here: str) -> str:
    return posixpath.normpath(path if path.startswith("/") or not here else joined(here, path))


def _is_in(path: str, directories: Sequence[str]) -> bool:
    """Whether a path is in one of the directories, and not one of them."""
    return any(path != directory and is_below(path, directory) for directory in directories)
