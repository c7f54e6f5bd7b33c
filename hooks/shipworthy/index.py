"""What git's index lists: paths, their modes and the names of their objects."""

from __future__ import annotations

import os
from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

REGULAR = "100644"
EXECUTABLE = "100755"
SYMLINK = "120000"
SUBMODULE = "160000"
_FILES = (REGULAR, EXECUTABLE)
_NO_MODE = "000000"
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""How git calls a file without content, by SHA-1 and by SHA-256."""


class Index:
    """The paths of an index, sorted, in little memory: nothing but its name is made for an ordinary file.

    ``modes`` are those of the paths that are no ordinary files. ``sparse`` are the paths whose place in the working
    tree git does not look at, because a sparse checkout left them out or somebody declared them unchanged: they are
    committed all the same. Of a path in conflict, our side is taken, or theirs where we have none.
    """

    def __init__(self, listed: Iterable[bytes]) -> None:
        """``listed`` is what ``git ls-files -s -v -z`` prints, in pieces: ``TAG MODE OBJECT STAGE<tab>PATH<NUL>``.

        Raises `ValueError` where it is something else, or lists what has no mode, as git does of a broken index.
        """
        self.paths: list[str] = []
        self.modes: dict[str, str] = {}
        self.sparse: set[str] = set()
        self._objects = bytearray()
        """The names of all objects in the order of the paths, ``_width`` bytes each."""
        rest = b""
        for piece in listed:
            complete, end, behind = piece.rpartition(b"\0")
            if end:
                self._take(os.fsdecode(rest + complete).split("\0"))
                rest = behind
            else:
                rest += piece
        self._committed = set(self.paths)
        self._width = len(self._objects) // max(len(self.paths), 1)
        self._sort()

    def _take(self, records: list[str]) -> None:
        names: list[str] = []
        for record in records:
            tag, mode, name, rest = record.split(" ", 3)
            path = rest[2:]
            if rest[0] != "0" and (rest[0] == "1" or self.paths[-1:] == [path]):
                continue  # the base of a conflict, which is on neither side, or the other side
            self.paths.append(path)
            names.append(name)
            if mode != REGULAR:
                if mode == _NO_MODE:
                    raise ValueError(f"{path} has no mode")
                self.modes[path] = mode
            if tag != "H" and (tag == "S" or tag.islower()):
                self.sparse.add(path)
        self._objects += bytes.fromhex("".join(names))

    def _sort(self) -> None:
        """Git sorts by bytes, which differs from Python's order where names are not UTF-8."""
        order = sorted(self.paths)
        if order != self.paths:
            names = {path: self._name_at(number) for number, path in enumerate(self.paths)}
            self.paths = order
            self._objects = bytearray(b"".join(names[path] for path in order))

    def _name_at(self, number: int) -> bytes:
        return bytes(self._objects[number * self._width : (number + 1) * self._width])

    def __contains__(self, path: str) -> bool:
        return path in self._committed

    def mode(self, path: str) -> str:
        """The mode of a path, as git writes it. Raises `KeyError` for a path that is not listed."""
        if path not in self._committed:
            raise KeyError(path)
        return self.modes.get(path, REGULAR)

    def is_file(self, path: str) -> bool:
        """Whether a path is listed as a regular file, and not as a link or a submodule."""
        return path in self._committed and self.modes.get(path, REGULAR) in _FILES

    def object(self, path: str) -> str:
        """The name of a path's object. Raises `KeyError` for a path that is not listed."""
        if path not in self._committed:
            raise KeyError(path)
        return self._name_at(bisect_left(self.paths, path)).hex()

    def is_empty(self, path: str) -> bool:
        """Whether a file has no content. Raises `KeyError` for a path that is not listed."""
        return self.object(path) in _EMPTY

    def drop(self, path: str) -> None:
        """Leave a path out, if it is there."""
        if path in self._committed:
            self._committed.remove(path)
            number = bisect_left(self.paths, path)
            del self.paths[number]
            del self._objects[number * self._width : (number + 1) * self._width]
            self.modes.pop(path, None)
            self.sparse.discard(path)
