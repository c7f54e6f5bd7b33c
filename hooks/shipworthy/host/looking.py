"""What is in a temporary directory: every entry with what the system knows of it, and nothing of its content.

Nothing is followed or crossed: no symbolic link, no mount. What is looked at is bounded in number and depth, in each
folder of the directory for itself, so that one with a million files does not hide the others.

Source: readdir(3), fstatat(2).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator

from shipworthy.host.mounts import Mounts
from shipworthy.host.paths import READABLE_FOLDER, joined, open_folder, open_inside

MOST_ENTRIES = 100_000
MOST_BELOW = 10_000
"""Entries of a whole directory, and of one of its folders with all below it."""
DEEPEST = 8
_Listed = tuple[str, bool]
"""A name in a folder, and whether it is that of a folder."""


class Entry:
    """An entry of a temporary directory. ``depth`` counts from 1; ``names`` is what a folder holds, unless unreadable.

    ``inside`` is the path within the temporary directory ``root``.
    """

    __slots__ = ("depth", "inside", "names", "root", "status")

    def __init__(self, root: str, inside: str, status: os.stat_result, names: frozenset[str] | None = None) -> None:
        self.root = root
        self.inside = inside
        self.depth = inside.count("/") + 1
        self.status = status
        self.names = names

    @property
    def path(self) -> str:
        """The absolute path."""
        return joined(self.root, self.inside)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.inside.rpartition("/")[2]

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def is_socket(self) -> bool:
        """Whether it is a socket."""
        return stat.S_ISSOCK(self.status.st_mode)


class Look:
    """One walk through a temporary directory: ``entries()``, then what could not be seen in ``unseen``, by path."""

    def __init__(
        self,
        root: str,
        mounts: Mounts,
        enters: Callable[[Entry], bool],
        *,
        most_entries: int = MOST_ENTRIES,
        most_below: int = MOST_BELOW,
        deepest: int = DEEPEST,
    ) -> None:
        """``enters`` decides of each folder whether what it holds is looked at as well."""
        self.root = root
        self.mounts = mounts
        self.enters = enters
        self.most_entries = most_entries
        self.most_below = most_below
        self.deepest = deepest
        self.seen = 0
        self.unseen: dict[str, str] = {}
        self._too_deep = 0
        self._too_many: set[str] = set()
        self.closed: dict[str, list[int]] = {}
        """The owners of folders that may not be read, by the folder that they are in."""

    def entries(self) -> Iterator[Entry]:
        """The entries, each folder before what it holds. Raises `OSError` where the directory itself cannot be read."""
        descriptor = open_folder(self.root)
        try:
            here = self._listed(descriptor, "", self.most_entries)
            yield from self._held(descriptor, "", here, self.most_entries)
        finally:
            os.close(descriptor)
            self._say_what_was_left_out()

    def _say_what_was_left_out(self) -> None:
        if self._too_deep:
            folders = "1 folder lies" if self._too_deep == 1 else f"{self._too_deep:,} folders lie"
            self.unseen[self.root] = f"{folders} more than {self.deepest} folders deep"
        for name in self._too_many:
            most = self.most_below if name else self.most_entries
            self.unseen[joined(self.root, name)] = f"holds more than the {most:,} entries that are looked at"

    def _held(self, descriptor: int, before: str, listed: list[_Listed], limit: int) -> Iterator[Entry]:
        """What an open folder holds, in the same file system, and all below it: the folders come last."""
        device = os.fstat(descriptor).st_dev
        for are_folders in (False, True):
            for name, is_folder in listed:
                if is_folder != are_folders or (is_folder and self.seen >= limit):
                    continue
                try:
                    status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                except OSError:
                    continue
                if status.st_dev != device:
                    continue
                entry = Entry(self.root, before + name, status)
                if not is_folder:
                    yield entry
                elif before:
                    yield from self._folder(descriptor, entry, limit)
                else:
                    yield from self._folder(descriptor, entry, min(self.seen + self.most_below, limit))

    def _folder(self, above: int, entry: Entry, limit: int) -> Iterator[Entry]:
        """A folder, and what it holds where it is entered; ``limit`` is how many entries may be seen at its end."""
        try:
            descriptor = open_inside(above, entry.name, READABLE_FOLDER)
        except PermissionError:
            self.closed.setdefault(os.path.dirname(entry.path), []).append(entry.status.st_uid)
            yield entry
            return
        except OSError:  # gone, or something else meanwhile
            return
        try:
            if not os.path.samestat(os.fstat(descriptor), entry.status):
                return
            yield from self._opened(descriptor, entry, limit)
        finally:
            os.close(descriptor)

    def _opened(self, descriptor: int, entry: Entry, limit: int) -> Iterator[Entry]:
        before = entry.inside + "/"
        held = self._listed(descriptor, before, limit - self.seen)
        entry.names = frozenset(name for name, _ in held)
        yield entry
        if not self.enters(entry):
            return
        if entry.depth >= self.deepest:
            self._too_deep += bool(held)
            return
        yield from self._held(descriptor, before, held, limit)

    def _listed(self, descriptor: int, before: str, most: int) -> list[_Listed]:
        """What stands in an open folder and is no known mount, sorted, and no more than ``most``.

        The system is asked of each of them later, one by one: of 100,000 its answers take 80 MB.
        """
        found: list[_Listed] = []
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if len(found) >= most:
                    self._too_many.add(before.partition("/")[0])
                    break
                if joined(self.root, before + entry.name) in self.mounts:
                    continue
                try:
                    found.append((entry.name, entry.is_dir(follow_symlinks=False)))
                except OSError:
                    continue
        self.seen += len(found)
        return sorted(found)
