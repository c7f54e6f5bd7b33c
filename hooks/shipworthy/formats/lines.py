"""What single lines say where no parser can read the file: templates, and formats that have no reader.

A guess by shape alone, so it knows few shapes: ``key: value``, ``key = value``, ``key value;``, ``export X=v``,
``- item``, and ``--option value`` anywhere. Indentation and ``[title]`` give the blocks around them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.formats.lexing import add_block, add_setting, line_spans, trimmed, value_span, words
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK, masked
from shipworthy.formats.tree import OPERAND, OPTION, VALUE, VARIABLE, Block
from shipworthy.patterns import lazy

_COMMENT = lazy(r"#|;|//|--(?:\s|$)|%|rem\s", re.IGNORECASE)
_LONG_COMMENTS = {"/*": "*/", "<!--": "-->"}
_TITLE = lazy(rf"\[(?P<title>[A-Za-z{MASK}][\w .:@*/\-{MASK}]*+)\]\s*+$")
_ITEM = lazy(r"-(?:\s++|$)")
_ENTRY = lazy(
    r"""(?P<exported>(?:export|env|ENV)\s++)?"""
    rf"""(?:"(?P<double>[^"\n]++)"|'(?P<single>[^'\n]++)'|(?P<bare>[\w$@./{MASK}][\w$@%./\-\[\]{MASK}]*+))"""
    r"""\s*+(?P<separator>=>|[:?+]=|=(?!=)|:(?=\s|$))"""
)
_STATEMENT = lazy(r"(?P<name>[A-Za-z_][\w.\-]*+)\s++(?=\S)")
_QUOTED_VALUE = lazy(r"""\s*+(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)')\s*+(?:[,;)\]}]|$)""")
_OPENS = lazy(r"(?:.*[^$])?[\[{(]$|[|>][+\-\d]*+$", re.DOTALL)
_OPTION = lazy(
    r"""(?<![\w\-])(?:--(?P<name>[A-Za-z][\w.\-]*+)|-D(?P<property>[A-Za-z][\w.\-]*+)(?==))"""
    r"""(?:=["']?|\s++["']?(?!-)|["'],\s*+["'](?!-))(?P<value>[^\s"'`;,)\]}|&<>][^\s"'`;)\]}|&<>]*+)"""
)
_MOST_ITEMS = 10
"""Deeper sequences in one line (``- - - x``) are not configuration."""


class _Level(NamedTuple):
    """A block that deeper lines belong to. ``indentation`` is in characters from 0."""

    block: Block
    indentation: int
    is_item: bool


def read(source: Source) -> Block:
    """What the lines say, as far as a line says it alone; comments say nothing.

    ``key:`` gives a mapping, or a sequence where items follow, with the shape that YAML has. An option without a value
    is left out.
    """
    visible = masked(source.text) or source.text
    reader = _Reader()
    comment_end = ""
    for start, end in line_spans(source.text):
        first, last = trimmed(visible, start, end)
        written = visible[first:last]
        if not comment_end:
            comment_end = next(
                (closing for opening, closing in _LONG_COMMENTS.items() if written.startswith(opening)), ""
            )
            if not comment_end and written and not _COMMENT.match(written):
                reader.take(source.part(start, end), visible[start:end])
        if comment_end and comment_end in written:
            comment_end = ""
    return reader.root


class _Reader:
    """Builds the tree from lines. ``text`` is a line whose template marks are hidden."""

    def __init__(self) -> None:
        self.root = Block("document")
        self.outermost = self.root
        self.stack: list[_Level] = []

    @property
    def block(self) -> Block:
        """The block that the line stands in."""
        return self.stack[-1].block if self.stack else self.outermost

    def take(self, line: Source, text: str) -> None:
        """Add what one line says."""
        first, last = trimmed(text, 0, len(text))
        title = _TITLE.match(text, first)
        if title:
            self.stack.clear()
            self.outermost = add_block(self.root, line, "section", title["title"], *title.span("title"))
            return
        content = self._take_items(line, text, first, last)
        self._leave(_column(text, content))
        self._take_content(line, text, content, last)
        for option in _OPTION.finditer(text):
            name = option.span("name" if option["name"] else "property")
            add_setting(self.block, line, line.text[slice(*name)], *option.span("value"), OPTION, key=name[0])

    def _take_items(self, line: Source, text: str, first: int, last: int) -> int:
        """Open a block for every ``-`` in front of an entry; gives the offset of what follows them."""
        for _ in range(_MOST_ITEMS):
            item = _ITEM.match(text, first, last)
            if item is None:
                return first
            column = _column(text, first)
            self._leave(column + 1)
            if self.stack and self.stack[-1].is_item and self.stack[-1].indentation == column:
                self.stack.pop()
            parent = self.block
            if parent.kind == "mapping" and not parent.children:
                parent.kind = "sequence"
            first = item.end()
            if not _ITEM.match(text, first, last) and not _ENTRY.match(text, first, last):
                start, end, literal = _value(text, first, last)
                add_setting(parent, line, str(len(parent.children)), start, end, literal=literal)
                return last
            self._open(line, str(len(parent.children)), (first, last), column, is_item=True)
        return first

    def _leave(self, column: int) -> None:
        """Leave the blocks that a line at ``column`` does not belong to."""
        while self.stack and self.stack[-1].indentation >= column:
            self.stack.pop()

    def _open(self, line: Source, name: str, span: tuple[int, int], column: int, *, is_item: bool = False) -> None:
        self.stack.append(_Level(add_block(self.block, line, "mapping", name, *span), column, is_item))

    def _take_content(self, line: Source, text: str, first: int, last: int) -> None:
        entry = _ENTRY.match(text, first, last)
        statement = _STATEMENT.match(text, first, last)
        if entry:
            self._take_entry(line, text, entry, last)
        elif statement and text[last - 1] == ";":
            for word in words(text, statement.end(), last - 1, "#"):
                add_setting(self.block, line, statement["name"], word.start, word.end, OPERAND, key=first)
        elif statement and text[last - 1] == "{":
            self._open(line, statement["name"], statement.span("name"), _column(text, first))

    def _take_entry(self, line: Source, text: str, entry: re.Match[str], last: int) -> None:
        key = next(entry.span(style) for style in ("double", "single", "bare") if entry[style] is not None)
        name = line.text[slice(*key)]
        start, end, literal = _value(text, entry.end(), last)
        if _OPENS.match(text, start, end) or (start == end and entry["separator"] == ":" and not literal):
            self._open(line, name, key, _column(text, entry.start()))
            return
        kind = VARIABLE if entry["exported"] else VALUE
        add_setting(self.block, line, name, start, end, kind, key=key[0], literal=literal)


def _column(text: str, offset: int) -> int:
    return len(text[:offset].expandtabs())


def _value(text: str, start: int, end: int) -> tuple[int, int, bool]:
    """Where the value lies, without a separator behind it, and whether quotes enclose it."""
    quoted = _QUOTED_VALUE.match(text, start, end)
    if quoted:
        return *quoted.span(str(quoted.lastgroup)), True
    first, last = value_span(text, start, end, "#")
    literal = first > start and text[first - 1] in "\"'"
    if literal:
        return first, last, True
    return first, first + len(text[first:last].rstrip(",; \t")), False
