"""Markdown: blocks as CommonMark and GitHub see them, and the code spans and links in them, all with positions.

A reader of our own, because the libraries give lines for blocks and nothing at all for what stands inside of them, and
a finding must point at the path. Where a document is malformed the reading is too, but never wrong about a position.

Sources: https://spec.commonmark.org/0.31.2/ , https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from shipworthy.formats.prose.model import LINK, LONGEST_SPAN, SPAN, STRUCK, Outline, Piece, Prose, Span
from shipworthy.patterns import lazy

_TAB = 4
_QUOTE = lazy(r"(?: {0,3}>[ \t]?)+")
_FENCE = lazy(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]{0,200})")
_HEADING = lazy(r"(?P<marks>#{1,6})(?:[ \t]+|$)")
_TRAILING_MARKS = lazy(r"[ \t]+#+[ \t]*$")
_UNDERLINE = lazy(r"(?:=+|-{2,})[ \t]*$")
_ITEM = lazy(r"(?:[-*+•]|\d{1,9}[.)])(?:[ \t]+|$)(?P<box>\[(?P<mark>[ xX✓✔])\][ \t]+)?")
_RULER = lazy(r"(?:[-*_][ \t]*){3,}$")
_DELIMITER = lazy(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){0,100}\|?[ \t]*$")
_COMMENT_END = "-->"
_LINES = lazy(r"[^\n]*\n|[^\n]+\Z")
_MARKS = frozenset("`~#=-*+•|<0123456789_")


def read(text: str) -> Prose:
    """The pieces of a Markdown text."""
    return Prose(text, "markdown", _Reader(text).read())


class _Reader:
    """Goes through the lines once; what a line is depends on the blocks that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.open: Piece | None = None  # the paragraph or item that the next line may continue
        self.table: Piece | None = None
        self.fence = ""
        self.code: Piece | None = None
        self.in_comment = False
        self.after_blank = True

    def read(self) -> list[Piece]:
        start = self._front_matter()
        for found in _LINES.finditer(self.text, start):
            end = found.end()
            while end > found.start() and self.text[end - 1] in "\r\n":
                end -= 1
            self._line(found.start(), end)
        return self.outline.pieces

    def _front_matter(self) -> int:
        if not self.text.startswith("---\n"):
            return 0
        end = self.text.find("\n---\n", 3)
        return end + 5 if end >= 0 else 0

    def _line(self, start: int, end: int) -> None:
        if self.in_comment:
            self.in_comment = _COMMENT_END not in self.text[start:end]
            return
        quote = _QUOTE.match(self.text, start, end)
        at = quote.end() if quote and not self.fence else start
        indent = 0
        while at < end and self.text[at] in " \t":
            indent += _TAB if self.text[at] == "\t" else 1
            at += 1
        if self.fence:
            self._in_fence(at, start, end)
        elif at == end:
            self._blank()
        else:
            self._block(at, end, indent, start)

    def _in_fence(self, at: int, start: int, end: int) -> None:
        line = self.text[at:end]
        if line.startswith(self.fence) and not line.strip(self.fence[0] + " \t"):
            self.fence, self.code = "", None
        elif self.code is not None:
            if self.code.end == self.code.start:
                self.code.start = start
            self.code.end = end

    def _blank(self) -> None:
        self.open = self.table = None
        self.after_blank = True

    def _block(self, at: int, end: int, indent: int, start: int) -> None:
        was_blank, self.after_blank = self.after_blank, False
        if indent >= _TAB and not self.outline.is_in_list and (self.code is not None or was_blank):
            self._indented(start, end)
            return
        self.code = None
        if self.text[at] not in _MARKS:
            self._words(at, end, indent, was_blank)
            return
        self._marked(at, end, indent, was_blank)

    def _indented(self, start: int, end: int) -> None:
        if self.code is None:
            self.code = self.outline.code(start, end, "")
        self.code.end = end

    def _marked(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        """A line whose first character may begin a block of its own."""
        text = self.text
        fence = _FENCE.match(text, at, end)
        if fence and fence.end() == end:
            self.fence = fence["mark"]
            self.code = self.outline.code(end, end, fence["info"].strip(), indent)
            self.open = self.table = None
            return
        heading = _HEADING.match(text, at, end)
        if heading and indent < _TAB:
            self._heading(heading.end(), end, len(heading["marks"]))
        elif text.startswith("<!--", at):
            self.in_comment = _COMMENT_END not in text[at:end]
        elif self._is_underline(at, end, indent) or _RULER.match(text, at, end):
            self.open = None
        elif (self.table is not None and "|" in text[at:end]) or _DELIMITER.match(text, at, end):
            self._row(at, end, indent, was_blank)
        elif item := _ITEM.match(text, at, end):
            checked = item["mark"] != " " if item["box"] else None
            self.open = self.outline.item(item.end(), end, indent, checked)
            self.table = None
        else:
            self._words(at, end, indent, was_blank)

    def _heading(self, start: int, end: int, level: int) -> None:
        trailing = _TRAILING_MARKS.search(self.text, start, end)
        self.outline.heading(start, trailing.start() if trailing else end, level)
        self.open = self.table = None

    def _is_underline(self, at: int, end: int, indent: int) -> bool:
        """Whether the line makes a heading of the paragraph above it."""
        above = self.open
        if above is None or above.kind != "paragraph" or indent >= _TAB or not _UNDERLINE.match(self.text, at, end):
            return False
        if "|" in self.text[at:end] or "\n" in self.text[above.start : above.end]:
            return False
        self.outline.pieces.pop()
        self._heading(above.start, above.end, 1 if self.text[at] == "=" else 2)
        return True

    def _row(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        """A row of a table, or the line below the first one."""
        above = self.open
        if self.table is None:
            if above is None or above.kind != "paragraph" or "|" not in self.text[above.start : above.end]:
                self._words(at, end, indent, was_blank)
                return
            line = self.text.rfind("\n", above.start, above.end) + 1 or above.start
            self.outline.pieces.pop()
            if line > above.start:
                self.outline.paragraph(above.start, line - 1)
            self.table = self.outline.row(line, above.end, None)
            self.open = None
            return
        self.outline.row(at, end, self.table)

    def _words(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        if self.table is not None and "|" in self.text[at:end]:
            self.outline.row(at, end, self.table)
        elif self.open is not None and not was_blank:
            self.open.end = end
        else:
            self.open = self.outline.paragraph(at, end, indent)
            self.table = None


_TICKS = lazy(r"`+")
_TARGET = lazy(
    r"\]\([ \t]*(?:<(?P<angle>[^<>\n]{1,500})>|(?P<target>[^\s()<>]{1,500}(?:\([^\s()]{0,200}\)[^\s()]{0,200}){0,3}))"
    r"(?=[ \t]*\)|[ \t\n]+[\"'(])"
)
_DEFINED = lazy(
    r"^[ \t]{0,3}\[[^\]^\n][^\]\n]{0,200}\]:[ \t]+<?(?P<target>[^\s<>]{1,500})>?[ \t]*(?:[\"'(][^\n]{0,300})?$",
    re.MULTILINE,
)
_TAG = lazy(r"<(?:img|a|source)\s[^<>]{0,500}?(?:src|href)\s*=\s*[\"'](?P<target>[^\"'\n]{1,500})[\"']", re.IGNORECASE)
_STRUCK = lazy(r"~~(?P<text>[^~\n]{1,500})~~")


def spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The code spans, links and struck words between two offsets, each kind in order."""
    code = [*_code(text, start, end)]
    yield from code
    edges = [span.start for span in code]
    for pattern, kind in ((_TARGET, LINK), (_DEFINED, LINK), (_TAG, LINK), (_STRUCK, STRUCK)):
        for found in pattern.finditer(text, start, end):
            name = found.lastgroup or "target"
            before = bisect_right(edges, found.start()) - 1
            if before < 0 or code[before].end <= found.start():
                yield Span(kind, found[name], found.start(name), found.end(name))


def _code(text: str, start: int, end: int) -> Iterator[Span]:
    """Code spans: a run of backticks up to the next run of the same length."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(text, start, end)]
    by_length: dict[int, list[int]] = {}
    for first, last in runs:
        by_length.setdefault(last - first, []).append(first)
    position = start
    for first, last in runs:
        if first < position:
            continue
        same = by_length[last - first]
        following = bisect_right(same, first)
        if following < len(same):
            closing = same[following]
            position = closing + last - first
            if closing - last <= LONGEST_SPAN:
                yield _stripped(text, last, closing)


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(SPAN, text[start:end], start, end)
