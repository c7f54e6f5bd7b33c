"""What the line-oriented readers share: lines, words, the extent of a value, and nodes placed in the file.

Offsets that go in are those of the source's own text; nodes that come out point at the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.formats.interpolation import defaults
from shipworthy.formats.source import Source
from shipworthy.formats.templates import masked
from shipworthy.formats.tree import OPERAND, VALUE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

MOST_LEVELS = 200
"""Deeper nesting is not configuration."""

BYTE_ORDER_MARK = "\ufeff"

_QUOTED = r""""(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'"""
_WORD = lazy(rf"(?P<quoted>(?:{_QUOTED}|`[^`]*+`)(?=\s|$))|(?:[^\s\"'\\]|\\.|{_QUOTED}|[\"'\\])++", re.DOTALL)
_WHOLE_QUOTED = lazy(_QUOTED, re.DOTALL)
_ESCAPED_QUOTE = lazy(r"""\\(["'\\])""")


class Word(NamedTuple):
    """A word without its quotes; ``start`` and ``end`` enclose what stands between them."""

    text: str
    start: int
    end: int


def refuse_template(source: Source) -> None:
    """Raise `Unreadable` where template marks stand in the text: whoever asked can hide them and ask again."""
    if masked(source.text) is not None:
        raise Unreadable("a template")


def line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every line, without its line feed or carriage return, and without a byte order mark."""
    start = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    while start < len(text):
        line_feed = text.find("\n", start)
        stop = len(text) if line_feed < 0 else line_feed
        yield start, stop - 1 if stop > start and text[stop - 1] == "\r" else stop
        start = stop + 1


def lines(source: Source) -> Iterator[Source]:
    """Every line as a source of its own."""
    for start, end in line_spans(source.text):
        yield source.part(start, end)


def logical_lines(source: Source, comments: str, *, glue: str = " ", comments_inside: bool = False) -> Iterator[Source]:
    """The lines that are neither blank nor comments; one that ends in a backslash goes on in the next.

    ``comments`` are the characters a comment starts with. ``glue`` stands between the joined parts, which lose their
    indentation. ``comments_inside`` says that a comment between two joined lines is left out.
    """
    text = source.text
    parts: list[tuple[int, int]] = []
    for start, end in line_spans(text):
        first, last = trimmed(text, start, end)
        is_comment = first < last and text[first] in comments
        if (is_comment and (comments_inside or not parts)) or (first == last and not parts):
            continue
        written = text[start:end]
        goes_on = (len(written) - len(written.rstrip("\\"))) % 2 == 1
        parts.append((first if parts else start, max(end - 1, first) if goes_on else end))
        if not goes_on:
            yield _joined(source, parts, glue)
            parts = []
    if parts:
        yield _joined(source, parts, glue)


def _joined(source: Source, parts: list[tuple[int, int]], glue: str) -> Source:
    if len(parts) == 1:
        return source.part(*parts[0])
    anchors: list[tuple[int, int]] = []
    length = 0
    for start, end in parts:
        anchors.append((length, start))
        length += end - start + len(glue)
    return source.within(glue.join(source.text[start:end] for start, end in parts), anchors)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))


def value_span(text: str, start: int, end: int, comments: str) -> tuple[int, int]:
    """Where the value lies between ``start`` and ``end``, without white space, quotes and a comment behind it.

    ``comments`` are the characters that start a comment behind white space, "" if the format knows none there.
    Quotes are left out where they enclose the whole value; what they enclose is taken as it is written.
    """
    first, last = trimmed(text, start, end)
    quoted = _WHOLE_QUOTED.match(text, first, last)
    if quoted:
        rest = text[quoted.end() : last].lstrip()
        if not rest or rest[0] in comments:
            return first + 1, quoted.end() - 1
    comment = _comment_start(text, first, last, comments, blank_before=first > start)
    return trimmed(text, first, comment)


def _comment_start(text: str, start: int, end: int, comments: str, *, blank_before: bool) -> int:
    """The offset of the comment behind a value, ``end`` where there is none."""
    if blank_before and start < end and text[start] in comments:
        return start
    found = end
    for mark in comments:
        offset = text.find(mark, start + 1, found)
        while offset > 0 and not text[offset - 1].isspace():
            offset = text.find(mark, offset + 1, found)
        found = offset if offset > 0 else found
    return found


def words(text: str, start: int, end: int, comments: str = "") -> Iterator[Word]:
    """The words between white space, their quotes removed; a word that starts with a comment character ends them."""
    for match in _WORD.finditer(text, start, end):
        word, first, last = match[0], match.start(), match.end()
        if word[0] in comments:
            return
        if match["quoted"]:
            yield Word(unescaped_quotes(word[1:-1]), first + 1, last - 1)
        else:
            yield Word(word, first, last)


def unescaped_quotes(text: str) -> str:
    """The text with backslashes in front of quotes and backslashes resolved; others belong to regular expressions."""
    return _ESCAPED_QUOTE.sub(r"\1", text) if "\\" in text else text


def place(source: Source, start: int, end: int) -> tuple[int, int]:
    """The file's span of a span of the source's text."""
    first = source.at(start)
    return first, source.at(end - 1) + 1 if end > start else first


def add_block(
    parent: Block, source: Source, kind: str, name: str, start: int, end: int, words: tuple[str, ...] = ()
) -> Block:
    """Add a block whose name stands between ``start`` and ``end``."""
    return parent.add(Block(kind, name, *place(source, start, end), words=words))


def add_directive(parent: Block, source: Source, words: list[Word]) -> Block:
    """Add the directive that ``words`` make: its name, and one operand of that name for each argument."""
    name = words[0]
    texts = tuple(word.text for word in words)
    directive = add_block(parent, source, "directive", name.text, name.start, name.end, texts)
    for word in words[1:]:
        add_setting(directive, source, name.text, word.start, word.end, OPERAND, key=name.start, value=word.text)
    return directive


def add_setting(
    block: Block,
    source: Source,
    name: str,
    start: int,
    end: int,
    kind: str = VALUE,
    *,
    key: int | None = None,
    value: str | None = None,
    literal: bool = True,
    interpolated: bool = True,
    spring: bool = False,
) -> Setting:
    """Add the setting whose value stands between ``start`` and ``end``, and the defaults (``${X:-v}``) inside it.

    ``value`` is given where escapes make it differ from what is written; ``key`` is the offset of the name. Where
    ``interpolated`` is false, the value has no defaults; where ``spring`` is true, they are written ``${x:v}``.
    """
    written = source.text[start:end] if value is None else value
    at = None if key is None else source.at(key)
    setting = block.add(Setting(name, written, *place(source, start, end), kind, key=at, literal=literal))
    if interpolated and "${" in written:
        for default in defaults(source.part(start, end), spring=spring):
            block.add(default)
    return setting


def add_command(
    parent: Block, source: Source, name: tuple[int, int], command: tuple[int, int], words: tuple[str, ...] = ()
) -> Block:
    """Add a directive that holds the script of a command line; both are given by their spans.

    The directive is called as it is written, or by the first of ``words``.
    """
    from shipworthy.formats import shell

    title = words[0] if words else source.text[slice(*name)]
    directive = add_block(parent, source, "directive", title, *name, words=words)
    try:
        directive.add(shell.read(source.part(*command)))
    except Unreadable:
        return directive
    return directive
