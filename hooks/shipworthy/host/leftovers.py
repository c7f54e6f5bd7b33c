"""What is left over in the temporary directories: dead, temporary, and nobody's.

Only four things are known to be dead: a PID file whose process is gone, a socket that nobody listens on, an empty
folder, and the scratch space of a program that makes it anew. What else may go, somebody must name. Each is left alone
for the first reason there is: who else owns it, who may need it, who looked at it lately.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from shipworthy.homes.roles import PID, SOCKET
from shipworthy.host import Wanted
from shipworthy.host.audit import Audit
from shipworthy.host.directories import TemporaryDirectory
from shipworthy.host.items import GONE
from shipworthy.host.kinds import PID_FILE, REPOSITORY, SERVICE_SOCKET, is_needless, whose_scratch
from shipworthy.host.looking import Entry
from shipworthy.host.paths import folders_of
from shipworthy.host.processes import Processes

STALE_PID_FILE = "a stale PID file"
DEAD_SOCKET = "a socket that nobody listens on"
EMPTY_FOLDER = "an empty folder"
SCRATCH = "scratch space"
NAMED = "named to be removed"


class Leftover:
    """Something that a clean-up may remove. ``kept`` is why it does not, or "".

    ``number`` is that of the process that is gone, where it is a PID file.
    """

    def __init__(self, entry: Entry, directory: TemporaryDirectory, what: str, words: str) -> None:
        self.entry = entry
        self.directory = directory
        self.what = what
        self.words = words
        self.number: int | None = None
        self.kept = ""
        self.is_removed = False

    @property
    def path(self) -> str:
        """The absolute path."""
        return self.entry.path


def leftovers(audit: Audit, wanted: Wanted) -> list[Leftover]:
    """What is left over, by path, each once, with the reason why it stays where there is one."""
    found: dict[str, Leftover] = {}
    for leftover in (*_named(audit), *_dead(audit), *_at_the_top(audit)):
        found.setdefault(leftover.path, leftover)
    in_use = paths_in_use(audit.alive)
    for leftover in found.values():
        leftover.kept = _reason_to_stay(audit, leftover, wanted.older_than, in_use)
    return [found[path] for path in sorted(found)]


def paths_in_use(alive: Processes) -> frozenset[str]:
    """Every path that a process uses or names, and every folder that such a path is in."""
    found = {os.getcwd()}
    for process in alive.by_number.values():
        for use in process.uses:
            found.update((use.path, *folders_of(use.path)))
    return frozenset(found)


def _dead(audit: Audit) -> Iterator[Leftover]:
    """PID files and sockets whose process is gone."""
    for item in audit.items.values():
        if item.entry is None:
            continue
        if item.kind == PID_FILE and item.process_state == GONE:
            words = f"{STALE_PID_FILE}: there is no process {item.number}"
            leftover = Leftover(item.entry, item.directory, STALE_PID_FILE, words)
            leftover.number = item.number
            yield leftover
        elif item.kind == SERVICE_SOCKET and not item.is_listened_on:
            yield Leftover(item.entry, item.directory, DEAD_SOCKET, DEAD_SOCKET)


def _at_the_top(audit: Audit) -> Iterator[Leftover]:
    """Empty folders and scratch space. What lies deeper belongs to what it lies in."""
    for entry in audit.entries.values():
        directory = audit.directory_of(entry.path)
        if entry.depth > 1 or directory is None or entry.path in audit.roots:
            continue
        whose = whose_scratch(entry.name)
        if whose:
            yield Leftover(entry, directory, SCRATCH, f"{SCRATCH} of {whose}")
        elif is_needless(entry):
            yield Leftover(entry, directory, EMPTY_FOLDER, EMPTY_FOLDER)


def _named(audit: Audit) -> Iterator[Leftover]:
    """What patterns name, and nothing for being in it."""
    for entry in audit.entries.values():
        directory = audit.directory_of(entry.path)
        if directory is None or entry.path in audit.roots:
            continue
        if audit.is_to_be_removed(entry, directory):
            yield Leftover(entry, directory, NAMED, NAMED)


def _reason_to_stay(audit: Audit, leftover: Leftover, older_than: float, in_use: frozenset[str]) -> str:
    """Why something stays, as far as that can be told without opening it."""
    status, path = leftover.entry.status, leftover.path
    if leftover.directory.untouchable:
        return leftover.directory.untouchable
    if status.st_uid != os.geteuid():
        return "it belongs to another user"
    if path in in_use:
        return "a process uses it, or was told its path"
    if is_younger(status, older_than):
        return f"it was changed within the last {shown_age(older_than)}"
    if audit.is_permitted(path, leftover.directory):
        return "the repository permits it"
    if leftover.what == NAMED:
        return _setting_that_needs(audit, path)
    if audit.cleaners.makes(path):
        return "this host makes it at every start"
    tree = audit.tree_of(path)
    if tree is not None and tree.kind == REPOSITORY:
        return "it is a part of a repository, and may be committed"
    return _setting_that_needs(audit, path) if leftover.what == EMPTY_FOLDER else ""


def _setting_that_needs(audit: Audit, path: str) -> str:
    """The setting that names what a service does not make anew when it starts."""
    settings = (mention for mention in audit.named.of(path) if mention.role not in ("", PID, SOCKET))
    return next((f"{setting.place} names it" for setting in settings), "")


def is_younger(status: os.stat_result, age: float) -> bool:
    """Whether the content or the status of a file was changed within so many seconds."""
    return time.time() - max(status.st_mtime, status.st_ctime) < age


def shown_age(seconds: float) -> str:
    """An age in the largest unit that it is a whole number of."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds // length:g}{unit}"
    return f"{seconds:g}s"
