"""What a file holds, kept small while nobody looks at it: the files of a large repository fill the memory."""

from __future__ import annotations

import zlib
from collections import deque
from weakref import ref

from shipworthy.formats import decode
from shipworthy.formats.source import Lines

MOST_HELD = 2_000_000
"""Bytes of files and characters of their texts that are held as they are."""
_WORTH_PACKING = 500
"""Bytes; fewer hardly become less."""
_FASTEST = 1


class Content:
    """The bytes of a file, the text that they are, and where its lines begin.

    All of them are held as long as few others are asked for. After that the bytes are packed, and the text is forgotten
    until it is asked for anew.
    """

    __slots__ = ("__weakref__", "_data", "_lines", "_packed", "_text", "size")

    def __init__(self, data: bytes) -> None:
        self.size = len(data)
        self._data: bytes | None = data
        self._packed = b""
        self._text: str | None = None
        self._lines: Lines | None = None
        _hold(self, self.size)

    @property
    def data(self) -> bytes:
        """The bytes."""
        if self._data is not None:
            return self._data
        data = self._data = zlib.decompress(self._packed)
        _hold(self, self.size)
        return data

    @property
    def text(self) -> str:
        """The text. Raises `Unreadable` where the bytes are none."""
        if self._text is not None:
            return self._text
        text = self._text = decode(self.data)
        _hold(self, len(text))
        return text

    @property
    def lines(self) -> Lines:
        """Where the lines of the text begin. Raises `Unreadable` where there is no text."""
        text = self.text
        if self._lines is None:
            self._lines = Lines(text)
        return self._lines

    def pack(self) -> None:
        """Take little memory until somebody asks for something."""
        self._text = self._lines = None
        if self._data is not None and self.size >= _WORTH_PACKING:
            self._packed = self._packed or zlib.compress(self._data, _FASTEST)
            self._data = None


_held: deque[tuple[ref[Content], int]] = deque()
"""What was asked for, the latest last, and how much that is; whoever drops a file need not wait for this list."""
_much = 0


def _hold(content: Content, size: int) -> None:
    """Note that so much of a content is held, and pack those that were asked for first where all is too much."""
    global _much
    _held.append((ref(content), size))
    _much += size
    while _much > MOST_HELD and len(_held) > 1:
        first, less = _held.popleft()
        _much -= less
        known = first()
        if known is not None and known is not content:
            known.pack()
