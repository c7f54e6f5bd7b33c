"""The temporary directories of this host: the system's, the user's, those that the repository states.

Source: file-hierarchy(7), environ(7) (TMPDIR), confstr(3) of macOS (_CS_DARWIN_USER_TEMP_DIR).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from shipworthy.homes.spellings import ROOTS
from shipworthy.host.mounts import Mount, Mounts
from shipworthy.host.paths import ThroughLink, folders_of, is_below, without_system_links
from shipworthy.host.spelling import as_stored

Answer = TypeVar("Answer")

PATIENCE = 5.0
"""Seconds that another machine has to answer in."""
_DIRECTORY_OF_THE_USER = 65537
"""``_CS_DARWIN_USER_TEMP_DIR`` of confstr(3) on macOS, which Python has no name for."""
OF_SESSIONS = ("/run/user", "/var/run/user")
"""Emptied at logout, but that is where a session's sockets and PID files belong."""


class TemporaryDirectory:
    """One temporary directory. ``path`` leads through no link, ``named`` is how it was named.

    ``untouchable`` says why nothing in it is ever removed, or is "".
    """

    __slots__ = ("named", "path", "untouchable")

    def __init__(self, path: str, named: str, untouchable: str = "") -> None:
        self.path = path
        self.named = named
        self.untouchable = untouchable


def temporary_directories(
    given: Iterable[str], stated: Iterable[str], mounts: Mounts
) -> tuple[list[TemporaryDirectory], dict[str, str]]:
    """The directories to look at, each once, and why others cannot be looked at, by path.

    Those ``given`` on the command line take the place of all others. Those that are ``stated`` by a repository are
    looked at, and never cleaned: whoever can change the repository would choose what is removed.
    """
    named = {os.path.abspath(path): "" for path in given}
    if not named:
        named = dict.fromkeys((*of_the_environment(), *of_the_user(), *of_the_system()), "")
        for path in stated:
            named.setdefault(path, "it is a temporary directory only because the repository says so")
    found: dict[str, TemporaryDirectory] = {}
    failed: dict[str, str] = {}
    for path, untouchable in named.items():
        try:
            directory = _looked_up(path, untouchable, mounts)
        except FileNotFoundError:
            if path not in ROOTS:
                failed[path] = "no such directory"
        except OSError as error:
            failed[path] = (error.strerror or str(error)).lower()
        else:
            found.setdefault(directory.path, directory)
    return list(found.values()), failed


def of_the_environment() -> list[str]:
    """What the user's environment names."""
    return [os.path.normpath(path) for path in (os.environ.get("TMPDIR", ""),) if os.path.isabs(path)]


def of_the_user(ask: Callable[[int], str | None] = os.confstr, system: str = "") -> list[str]:
    """What macOS gives to each user, also to one whose environment does not name it: a service, or a job of cron."""
    if (system or os.uname().sysname) != "Darwin":
        return []
    with suppress(OSError, ValueError):
        given = ask(_DIRECTORY_OF_THE_USER) or ""
        return [os.path.normpath(given)] if os.path.isabs(given) else []
    return []


def of_the_system() -> list[str]:
    """What every system of this kind has."""
    return [root for root in ROOTS if root not in OF_SESSIONS]


def _looked_up(path: str, untouchable: str, mounts: Mounts) -> TemporaryDirectory:
    """Raises `OSError` for what is no directory, or does not answer."""
    mount = mounts.at(path)
    if mount is not None and mount.is_made_by_the_kernel:
        raise OSError(0, f"no directory but the kernel's own ({mount.kind})")
    try:
        real = _answered(mount, lambda: without_system_links(path))
    except ThroughLink as link:
        real = _answered(mount, lambda: os.path.realpath(path, strict=True))
        untouchable = untouchable or f"it is reached through a symbolic link: {link.filename}"
    if not _answered(mounts.at(real), lambda: os.path.isdir(real)):
        raise NotADirectoryError(0, "not a directory")
    with suppress(OSError):  # one that may not be read is said to be so where it is looked at
        real = _answered(mounts.at(real), lambda: as_stored(real))
    if any(holds(real, home) for home in homes()):
        untouchable = untouchable or "it holds a home directory"
    return TemporaryDirectory(real, path, untouchable)


def homes() -> set[str]:
    """The home directories of whoever runs this."""
    import pwd

    found = {os.environ.get("HOME", ""), "/"}
    with suppress(KeyError):
        found.add(pwd.getpwuid(os.geteuid()).pw_dir)
    return {os.path.realpath(path) for path in found if os.path.isabs(path)}


def holds(folder: str, path: str) -> bool:
    """Whether a path is the folder, or in it, however the two are spelled, and whatever is mounted where."""
    if is_below(path, folder):
        return True
    with suppress(OSError):
        asked = os.stat(folder)
        for above in (path, *folders_of(path)):
            with suppress(OSError):
                if os.path.samestat(os.stat(above), asked):
                    return True
    return False


def _answered(mount: Mount | None, ask: Callable[[], Answer]) -> Answer:
    return in_time(ask) if mount is not None and mount.is_remote else ask()


def in_time(ask: Callable[[], Answer], patience: float = PATIENCE) -> Answer:
    """What ``ask`` returns or raises; `TimeoutError` where it does neither in time.

    A call to the system that waits for a dead server cannot be ended, only left alone.
    """
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            answers.append(ask())
        except BaseException as error:
            errors.append(error)

    waiting = Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(patience)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError(0, f"no answer within {patience:g} seconds")
    return answers[0]
