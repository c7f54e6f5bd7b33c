"""Text, and the way back to the file it stands in.

A shell command inside a YAML block scalar inside a file is read by the shell reader like any other script, yet its
settings must point at the file. A `Source` carries that way back: every reader takes one, and asks it where an offset
of its own text lies in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Source:
    """A text and where each of its characters lies in the file.

    ``anchors`` are pairs (offset in ``text``, offset in the file), ascending, the first at 0; between two anchors the
    text runs as the file does. Offsets count characters from 0.
    """

    __slots__ = ("_files", "_texts", "text")

    def __init__(self, text: str, anchors: list[tuple[int, int]] | None = None) -> None:
        self.text = text
        self._texts = [inner for inner, _ in anchors] if anchors else [0]
        self._files = [outer for _, outer in anchors] if anchors else [0]

    def at(self, offset: int) -> int:
        """The file's offset of the text's ``offset``."""
        nearest = max(bisect_right(self._texts, offset) - 1, 0) if len(self._texts) > 1 else 0
        return self._files[nearest] + offset - self._texts[nearest]

    @property
    def shift(self) -> int | None:
        """What the file's offsets are more than the text's, where all of the text runs as the file does."""
        return self._files[0] - self._texts[0] if len(self._texts) == 1 else None

    def part(self, start: int, end: int) -> Source:
        """The text between two offsets, as a source of its own."""
        return self.within(self.text[start:end], [(0, start)])

    def within(self, text: str, anchors: list[tuple[int, int]]) -> Source:
        """A ``text`` decoded from this one (escapes resolved, indentation removed).

        ``anchors`` are pairs (offset in ``text``, offset in ``self.text``), as in the constructor. Where this source
        itself jumps between two of them, the jump is kept.
        """
        if len(self._texts) == 1:
            shift = self._files[0] - self._texts[0]
            return Source(text, [(inner, outer + shift) for inner, outer in anchors])
        merged: list[tuple[int, int]] = []
        for position, (inner, outer) in enumerate(anchors):
            last = anchors[position + 1][0] if position + 1 < len(anchors) else len(text)
            merged.append((inner, self.at(outer)))
            jump = bisect_right(self._texts, outer)
            while jump < len(self._texts) and inner + self._texts[jump] - outer < last:
                merged.append((inner + self._texts[jump] - outer, self._files[jump]))
                jump += 1
        return Source(text, merged)

    def joined(self, pieces: Iterable[tuple[str, int]]) -> Source:
        """Texts decoded from this one, put together: pairs (text, offset in ``self.text`` where it starts)."""
        texts: list[str] = []
        anchors: list[tuple[int, int]] = []
        length = 0
        for piece, offset in pieces:
            if piece:
                anchors.append((length, offset))
                texts.append(piece)
                length += len(piece)
        return self.within("".join(texts), anchors or [(0, 0)])

    def end(self, offset: int) -> int:
        """The file's offset behind the character before ``offset``: where a piece that stops there ends in the file."""
        return self.at(offset - 1) + 1 if offset > 0 else self.at(0)


class Lines:
    """Turns offsets of a text into lines and columns, both from 1, columns in characters."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        starts = [0]
        offset = text.find("\n")
        while offset >= 0:
            starts.append(offset + 1)
            offset = text.find("\n", offset + 1)
        self._starts = starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column, both from 1. Lines past the end give the last line's start."""
        return self._starts[min(line, len(self._starts)) - 1] + column - 1


class ByteOffsets:
    """Turns byte offsets of a text's UTF-8 form into character offsets: some parsers count bytes.

    The characters are counted once per block, so that any order of questions takes linear time.
    """

    __slots__ = ("_characters", "_data")

    def __init__(self, data: bytes, characters: int) -> None:
        """``data`` is a text of that many ``characters`` in UTF-8; surrogates may stand in it, as three bytes."""
        self._data = data
        self._characters: list[int] = []
        if len(data) != characters:
            count = 0
            for start in range(0, len(data) + 1, _BYTES):
                self._characters.append(count)
                count += _characters(data[start : start + _BYTES])

    def characters(self, byte: int) -> int:
        """How many characters stand before that byte."""
        if not self._characters:
            return byte
        block = byte // _BYTES
        return self._characters[block] + _characters(self._data[block * _BYTES : byte])


_BYTES = 256
_CONTINUATION = bytes(range(0x80, 0xC0))


def _characters(data: bytes) -> int:
    """How many characters begin in these bytes of UTF-8."""
    return len(data.translate(None, _CONTINUATION))
