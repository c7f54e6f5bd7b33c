"""What is in the temporary directories, joined with who uses it and with which committed file names it."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable

from shipworthy.config import TemporaryStatement
from shipworthy.globs import Globs
from shipworthy.homes.roles import BACKUP, DATA, LOG, MODEL, SOCKET, UPLOAD, VENV, role_of_path
from shipworthy.host import opened
from shipworthy.host.contents import SQLITE, beginning, number_in
from shipworthy.host.directories import TemporaryDirectory, in_time
from shipworthy.host.fate import Cleaners
from shipworthy.host.items import GONE, LIVES, TAKEN, Item
from shipworthy.host.kinds import (
    CONFIGURATION,
    DATA_FOLDER,
    DATABASE,
    ENV_FILE,
    ENVIRONMENT,
    KEY,
    LOG_FILE,
    PID_FILE,
    PROGRAM,
    REPOSITORY,
    SERVICE_SOCKET,
    TREES,
    WEIGHTS,
    Kind,
    enters,
    is_needless,
    is_passing,
    kind_of,
    whose_scratch,
)
from shipworthy.host.looking import Entry, Look
from shipworthy.host.mentions import Mention, Mentions
from shipworthy.host.mounts import Mounts
from shipworthy.host.opened import Use
from shipworthy.host.paths import folders_of, is_below, joined
from shipworthy.host.processes import HAS_PROC, Process, Processes, numbers_are_shared

PATIENCE = 120.0
"""Seconds in which a directory on another machine must be looked through."""
GROWS = 1_000_000
"""Bytes of a log that was written to within a day."""
DAY = 86_400
DEEPEST_IN_TREES = 3
"""Folders of a source tree in which a PID file, a socket or a database is looked for."""
PROCESSES = "/proc" if HAS_PROC else "processes"
"""Where reports say what may not be seen of processes."""
CLOCKS_DIFFER = 5.0
"""Seconds by which the start of a process and the time of a file may be apart without meaning anything."""
SHELLS = frozenset("sh bash dash ash zsh ksh fish".split())
"""What waits for others in a folder, or for somebody who types; where it works says nothing."""
_OTHERS_READ, _OTHERS_ENTER = 0o004, 0o001
_WITHIN_TREES = (PID_FILE, SERVICE_SOCKET, DATABASE, ENV_FILE, KEY)
"""What is of interest within a source tree for itself."""
_BY_ROLE = {kind.role: kind for kind in (CONFIGURATION, SERVICE_SOCKET, PID_FILE, LOG_FILE, KEY, WEIGHTS, PROGRAM)}
_BY_ROLE |= {
    VENV: ENVIRONMENT,
    DATA: Kind("data", "data", DATA),
    UPLOAD: Kind("uploads", "uploaded files", UPLOAD),
    BACKUP: Kind("backup", "a backup", BACKUP),
}
_OPEN_ROLES = {opened.OPEN_FILE: (DATA, MODEL), opened.WRITTEN_FILE: (DATA, LOG)}
_WORK_FOLDER = Kind("working-directory", "the working directory of a service", DATA)
_MOUNTED = Kind("mounted", "what a container keeps", DATA)


class Audit:
    """One look at the directories.

    ``seen`` is how many files and folders were looked at, ``entries`` those of them that are something, by path,
    ``items`` what was found.
    """

    def __init__(
        self,
        directories: list[TemporaryDirectory],
        mounts: Mounts,
        alive: Processes,
        named: Mentions,
        stated: TemporaryStatement,
        excluded: Globs,
        to_remove: Globs,
    ) -> None:
        """``excluded`` matches paths that are left out, ``to_remove`` those that a clean-up is told to remove."""
        self.directories = directories
        self.roots = {directory.path for directory in directories}
        self.mounts = mounts
        self.alive = alive
        self.named = named
        self.stated = stated
        self.excluded = excluded
        self.to_remove = to_remove
        self.cleaners = Cleaners(mounts)
        self.seen = 0
        self.entries: dict[str, Entry] = {}
        self.unseen: dict[str, str] = {}
        self.items: dict[str, Item] = {}
        self._now = time.time()
        self._trees: dict[str, int] = {}
        self._holding: set[str] = set()
        self._used_or_named = {mention.host_path for mention in named.found}
        for process in alive.by_number.values():
            for use in process.uses:
                self._used_or_named.update((use.path, _kind_of_use(process, use)[1]))

    def look(self) -> None:
        """Find everything."""
        for directory in self.directories:
            self._look_into(directory)
        for entry in list(self.entries.values()):
            self._add(entry)
        for item in self.items.values():
            if item.kind == PID_FILE and item.entry is not None:
                self._read_number(item, item.entry)
        for process in self.alive.by_number.values():
            for use in process.uses:
                self._attach(process, use)
        for mention in self.named.found:
            self._add_named(mention)
        self._holding = {folder for path in self.items for folder in folders_of(path)}
        for path, item in list(self.items.items()):
            self._complete(item)
            is_permitted = self.is_permitted(path, item.directory) or item.kind.role in self.stated.roles
            if is_permitted or not self._is_worth_saying(item):
                del self.items[path]
        if not self.alive.sees_others:
            self.unseen[PROCESSES] = "the processes of other users may not be seen"
        elif self.alive.unseen:
            count, users = self.alive.unseen.total(), ", ".join(user for user, _ in self.alive.unseen.most_common(5))
            self.unseen[PROCESSES] = f"the open files of {_number(count, 'process', 'es')} may not be seen: {users}"

    def directory_of(self, path: str) -> TemporaryDirectory | None:
        """The temporary directory that a path is in, the innermost one."""
        found = [
            directory for directory in self.directories if path != directory.path and is_below(path, directory.path)
        ]
        return max(found, key=lambda directory: len(directory.path), default=None)

    def _look_into(self, directory: TemporaryDirectory) -> None:
        look = Look(directory.path, self.mounts, lambda entry: entry.path not in self.roots and self._enters(entry))
        mount = self.mounts.at(directory.path)
        try:
            if mount is not None and mount.is_remote:
                found = in_time(lambda: self._of_interest(look, directory), PATIENCE)
            else:
                found = self._of_interest(look, directory)
        except OSError as error:
            self.unseen[directory.path] = (error.strerror or str(error)).lower()
            return
        for entry in found:
            self.entries.setdefault(entry.path, entry)
        self.unseen |= look.unseen
        for folder, owners in look.closed.items():
            self.unseen[folder] = f"{_number(len(owners), 'folder')} in it may not be read: {_names(owners)}"

    def _of_interest(self, look: Look, directory: TemporaryDirectory) -> list[Entry]:
        """What may be something: all that is in a directory with a million files would fill the memory."""
        found: list[Entry] = []
        for entry in look.entries():
            self.seen += 1
            if (
                kind_of(entry) is not None
                or entry.path in self._used_or_named
                or (entry.depth == 1 and (is_needless(entry) or whose_scratch(entry.name)))
                or self.is_to_be_removed(entry, directory)
            ):
                found.append(entry)
        return found

    def is_to_be_removed(self, entry: Entry, directory: TemporaryDirectory) -> bool:
        """Whether somebody named it to be removed. A pattern for a whole directory names nothing for being in it."""
        return bool(self.to_remove.patterns) and any(
            self.to_remove.match(path.lstrip("/")) and not self.to_remove.match(os.path.dirname(path).lstrip("/"))
            for path in {entry.path, joined(directory.named, entry.inside)}
        )

    def _enters(self, entry: Entry) -> bool:
        """Whether a folder is looked into; of a source tree, which is one thing, only the uppermost folders are."""
        if not enters(entry):
            return False
        if kind_of(entry) in TREES:
            self._trees[entry.path] = entry.depth
        folder = entry.path
        while folder not in self._trees and len(folder) > len(entry.root):
            folder = os.path.dirname(folder)
        return entry.depth - self._trees.get(folder, entry.depth) < DEEPEST_IN_TREES

    def _add(self, entry: Entry) -> None:
        """An item for an entry that is something, unless it is a part of a source tree."""
        kind = kind_of(entry)
        directory = self.directory_of(entry.path)
        if kind is None or directory is None:
            return
        if kind not in _WITHIN_TREES and kind.role != DATA and self.tree_of(entry.path) is not None:
            return
        if kind == DATABASE and entry.is_file:
            content = beginning(entry)
            if content is not None and content.startswith(SQLITE):
                kind = kind._replace(words="a SQLite database")
            elif content is not None and entry.name.endswith(".db"):
                return  # of the many formats that have this name only one is known to be a database
        item = self.items[entry.path] = Item(kind, entry.path, directory, entry)
        if kind in (ENV_FILE, KEY):
            item.is_open = _is_open_to_all(entry)

    def tree_of(self, path: str) -> Item | None:
        """The virtual environment, repository or source tree that a path is a part of."""
        item = self._item_around(os.path.dirname(path))
        while item is not None and item.kind not in TREES:
            item = self._item_around(os.path.dirname(item.path))
        return item

    def _item_around(self, path: str) -> Item | None:
        """The item at a path, or the nearest one that it is in."""
        return next((self.items[way] for way in (path, *folders_of(path)) if way in self.items), None)

    def _attach(self, process: Process, use: Use) -> None:
        """Tell the item that a use is about of it, or make one of what a service uses."""
        if use.how == opened.ENVIRONMENT:
            return
        item = self._item_around(use.path)
        if item is None:
            kind, path = _kind_of_use(process, use)
            directory = self.directory_of(path) if kind is not None else None
            if kind is None or directory is None or not _is_told(process, use, path, directory):
                return
            item = self.items[path] = Item(kind, path, directory, self.entries.get(path))
            item.is_gone = use.is_deleted
        item.add(process, use)

    def _add_named(self, mention: Mention) -> None:
        """An item for what is there and a committed setting keeps there, if nothing was found yet."""
        directory = self.directory_of(mention.host_path)
        if not mention.is_setting or directory is None or self._item_around(mention.host_path) is not None:
            return
        path = mention.host_path
        entry = self.entries.get(path)
        if entry is not None and mention.role in _BY_ROLE:
            self.items[path] = Item(_BY_ROLE[mention.role], path, directory, entry)

    def _complete(self, item: Item) -> None:
        item.mentions = self.named.of(item.path)
        item.fate = self.cleaners.fate(item.path)
        if item.kind == SERVICE_SOCKET and item.entry is not None:
            item.is_listened_on = self.alive.has_socket(item.path, item.entry.status)
            item.is_surely_listened_on = self.alive.is_sure_of_socket(item.path, item.entry.status)
            for process in self.alive.holders(item.path, item.entry.status):
                item.add(process, Use(item.path, opened.SOCKET))

    def _read_number(self, item: Item, entry: Entry) -> None:
        content = beginning(entry)
        item.number = number_in(content) if content is not None else None
        if item.number is None:
            return
        process = self.alive.by_number.get(item.number)
        if process is None:
            is_gone = not self.alive.lives(item.number)
            item.process_state = LIVES if not is_gone else "" if numbers_are_shared(self.mounts, item.path) else GONE
        elif process.started > entry.status.st_mtime + CLOCKS_DIFFER:
            item.process_state = TAKEN
        else:
            item.process_state = LIVES
            process.is_service = True
            item.add(process, Use(item.path, opened.NAMED))

    def is_permitted(self, path: str, directory: TemporaryDirectory) -> bool:
        """Whether the repository states that a path may be there."""
        spelled = (path, joined(directory.named, path[len(directory.path) :]))
        is_named = any(is_below(way, permitted) for way in spelled for permitted in self.stated.permitted)
        return is_named or any(self.excluded.match(way.lstrip("/")) for way in spelled)

    def _is_worth_saying(self, item: Item) -> bool:
        if item.kind == PID_FILE:
            tree = self.tree_of(item.path)
            is_committed = tree is not None and tree.kind == REPOSITORY  # or may be: somebody's old PID file is
            return bool(item.services or item.settings or (item.process_state and not is_committed))
        if item.kind == SERVICE_SOCKET:
            is_named_so = role_of_path(os.path.basename(item.path)) == SOCKET
            return not item.is_listened_on or is_named_so or bool(item.settings)
        if item.kind == LOG_FILE:
            return bool(item.settings or item.services) or self._grows(item)
        if item.kind.name == DATA_FOLDER.name and not item.users and not item.settings:
            return item.path not in self._holding
        tree = self.tree_of(item.path)
        if tree is None:
            return True
        if item.is_open:
            tree.open_files.append(item.inside[len(tree.inside) + 1 :])
        return bool(item.services or item.settings) or (item.kind == DATABASE and bool(item.users))

    def _grows(self, item: Item) -> bool:
        status = item.entry.status if item.entry is not None else None
        return status is not None and status.st_size >= GROWS and self._now - status.st_mtime < DAY


def _is_open_to_all(entry: Entry) -> bool:
    """Whether every user of the host can read a file."""
    try:
        return bool(entry.status.st_mode & _OTHERS_READ) and all_may_enter(os.path.dirname(entry.path))
    except OSError:  # a folder is gone by now, and the file with it
        return False


def all_may_enter(path: str) -> bool:
    """Whether every user of the host can enter a folder, and those that it is in."""
    is_open = bool(os.lstat(path).st_mode & _OTHERS_ENTER)
    return is_open and (path == "/" or all_may_enter(os.path.dirname(path)))


def _kind_of_use(process: Process, use: Use) -> tuple[Kind | None, str]:
    """What a process uses, where nothing was found at its path, and the path of that."""
    if use.how in (opened.EXECUTABLE, opened.INTERPRETER):
        folder = use.path.rpartition("/bin/")[0] or use.path
        return (ENVIRONMENT, folder) if role_of_path(use.path) == VENV else (PROGRAM, use.path)
    if use.how == opened.CODE:
        return PROGRAM, use.path
    if use.how == opened.MOUNT:
        return _MOUNTED, use.path
    if use.how == opened.WORKING_DIRECTORY:
        return (_WORK_FOLDER if process.is_service and process.name not in SHELLS else None), use.path
    role = use.role if use.how == opened.ARGUMENT else role_of_path(use.path.rpartition("/")[2])
    is_kept = use.how == opened.ARGUMENT or role in _OPEN_ROLES.get(use.how, ())
    return (_BY_ROLE.get(role) if is_kept and process.is_service else None), use.path


def _is_told(process: Process, use: Use, path: str, directory: TemporaryDirectory) -> bool:
    """Whether a use of what nothing else tells of is worth an item: in scratch space only a service's is."""
    inside = path[len(directory.path) :].strip("/")
    return not is_passing(inside) or (process.is_service and use.how in opened.RUNNING)


def _number(count: int, noun: str, ending: str = "s") -> str:
    return f"{count} {noun}{ending if count != 1 else ''}"


def _names(owners: Iterable[int]) -> str:
    """The names of users, each once, the most frequent first."""
    return ", ".join(user_name(owner) for owner, _ in Counter(owners).most_common(5))


def user_name(number: int) -> str:
    """A user's name, or the number where it has none."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
