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

ENDINGS = (".md", ".markdown", ".mdx")
_TAB = 4
_QUOTE = lazy(r"(?: {0,3}>[ \t]?)+")
_FENCE = lazy(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]{0,200})")
_HEADING = lazy(r"(?P<marks>#{1,6})(?:[ \t]+|$)")
_UNDERLINE = lazy(r"(?:=+|-{2,})[ \t]*$")
_ITEM = lazy(r"(?:[-*+•]|\d{1,9}[.)])(?:[ \t]+|$)(?P<box>\[(?P<mark>[ xX✓✔])\][ \t]+)?")
_RULER = lazy(r"(?:[-*_][ \t]*){3,}$")
_DELIMITER = lazy(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){0,100}\|?[ \t]*$")
_COMMENT_END = "-->"
_MARKS = frozenset("#=-*+•|:0123456789_")
"""With one of them a line may begin that is not simply words."""
_UNLIKE_ITEMS = frozenset(("", *"-*_:| \t\r\n"))
"""Behind the mark of an item and a space they may make a ruler or a row of it."""
_QUOTED = frozenset("> ")


def read(text: str) -> Prose:
    """The pieces of a Markdown text."""
    return Prose(text, "markdown", _Reader(text).read())


class _Reader:
    """Goes through the lines once; what a line is depends on the blocks that are open.

    ``open`` is the paragraph or item that the next line may continue, ``is_single`` tells that it has one line so far.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.open: Piece | None = None
        self.is_single = True
        self.table: Piece | None = None
        self.code: Piece | None = None
        self.after_blank = True

    def read(self) -> list[Piece]:
        text, length = self.text, len(self.text)
        start = self._front_matter()
        while start < length:
            end = text.find("\n", start)
            end = length if end < 0 else end
            last = end - 1 if end > start and text[end - 1] == "\r" else end
            start = self._line(start, last, end + 1)
        return self.outline.pieces

    def _front_matter(self) -> int:
        if not self.text.startswith("---\n"):
            return 0
        end = self.text.find("\n---\n", 3)
        return end + 5 if end >= 0 else 0

    def _line(self, start: int, end: int, following: int) -> int:
        """Read a line; where the next one to read begins."""
        text, at = self.text, start
        if text[at : at + 1] in _QUOTED:
            quote = _QUOTE.match(text, start, end)
            at = quote.end() if quote else start
        first = at
        while at < end and text[at] in " \t":
            at += 1
        if at == end:
            self.open = self.table = None
            self.after_blank = True
            return following
        indent = at - first + text.count("\t", first, at) * (_TAB - 1)
        was_blank, self.after_blank = self.after_blank, False
        mark = text[at]
        is_code = self.code is not None or (was_blank and not text.startswith(("```", "~~~"), at))
        if indent >= _TAB and is_code and not self.outline.is_in_list:  # a fence in a tag is indented as the tag is
            self._indented(start, end)
            return following
        self.code = None
        if mark in "`~" and (fence := _FENCE.match(text, at, end)) and fence.end() == end:
            return self._fence(fence, indent, following)
        if mark == "<" and text.startswith("<!--", at):
            closed = text.find(_COMMENT_END, at)
            return self._next_line(closed) if closed >= 0 else len(text)
        if mark in _MARKS:
            self._marked(at, end, indent, was_blank)
        else:
            self._words(at, end, indent, was_blank)
        return following

    def _next_line(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def _fence(self, fence: re.Match[str], indent: int, start: int) -> int:
        """A block of code up to the line that closes it; where the next line begins."""
        self.open = self.table = None
        text, mark = self.text, fence["mark"]
        piece = self.outline.code(start, start, fence["info"].strip(), indent)
        piece.start = piece.end = min(start, len(text))
        at = text.find(mark, start)
        while at >= 0:
            line = text.rfind("\n", start - 1, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            if not text[line:at].strip(" \t>") and not text[at:end].strip(mark[0] + " \t\r"):
                piece.end = max(piece.start, line - 1)
                if text[piece.end - 1 : piece.end] == "\r":
                    piece.end = max(piece.start, piece.end - 1)
                return end + 1
            at = text.find(mark, end)
        piece.end = len(text.rstrip("\r\n")) if len(text) > piece.start else piece.start
        piece.end = max(piece.end, piece.start)
        return len(text)

    def _indented(self, start: int, end: int) -> None:
        if self.code is None:
            self.code = self.outline.code(start, end, "")
        self.code.end = end

    def _marked(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        """A line whose first character may begin a block of its own."""
        text = self.text
        if (
            self.table is None
            and text[at] in "-*+•"
            and text[at + 1 : at + 2] == " "
            and text[at + 2 : at + 3] not in _UNLIKE_ITEMS
        ):
            self._item(at, end, indent)
            return
        heading = _HEADING.match(text, at, end) if text[at] == "#" and indent < _TAB else None
        if heading:
            self._heading(heading.end(), end, len(heading["marks"]))
        elif self._is_underline(at, end, indent) or _RULER.match(text, at, end):
            self.open = None
        elif (self.table is not None and text.find("|", at, end) >= 0) or _DELIMITER.match(text, at, end):
            self._row(at, end, indent, was_blank)
        elif not self._item(at, end, indent):
            self._words(at, end, indent, was_blank)

    def _item(self, at: int, end: int, indent: int) -> bool:
        """Whether the line begins an item of a list; it is added."""
        item = _ITEM.match(self.text, at, end)
        if item is None:
            return False
        checked = item["mark"] != " " if item["box"] else None
        self.open = self.outline.item(item.end(), end, indent, checked)
        self.table = None
        return True

    def _heading(self, start: int, end: int, level: int) -> None:
        """A heading without the marks that may close it."""
        words = self.text[start:end].rstrip(" \t")
        bare = words.rstrip("#")
        if bare != words and (not bare or bare[-1] in " \t"):
            words = bare.rstrip(" \t")
        self.outline.heading(start, start + len(words), level)
        self.open = self.table = None

    def _is_underline(self, at: int, end: int, indent: int) -> bool:
        """Whether the line makes a heading of the paragraph above it."""
        above = self.open
        if above is None or above.kind != "paragraph" or not self.is_single or indent >= _TAB:
            return False
        if self.text[at] not in "=-" or not _UNDERLINE.match(self.text, at, end):
            return False
        self.outline.pieces.pop()
        self._heading(above.start, above.end, 1 if self.text[at] == "=" else 2)
        return True

    def _row(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        """A row of a table, or the line below the first one."""
        if self.table is not None:
            self.outline.row(at, end, self.table)
            return
        above = self.open
        line = max(self.text.rfind("\n", above.start, above.end) + 1, above.start) if above is not None else 0
        if above is None or above.kind != "paragraph" or self.text.find("|", line, above.end) < 0:
            self._words(at, end, indent, was_blank)
            return
        self.outline.pieces.pop()
        if line > above.start:
            self.outline.paragraph(above.start, line - 1)
        while self.text[line] in " \t>":
            line += 1
        self.table = self.outline.row(line, above.end, None)
        self.open = None

    def _words(self, at: int, end: int, indent: int, was_blank: bool) -> None:
        if self.table is not None and self.text.find("|", at, end) >= 0:
            self.outline.row(at, end, self.table)
        elif self.open is not None and not was_blank:
            self.open.end = end
            self.is_single = False
        else:
            self.open = self.outline.paragraph(at, end, indent)
            self.is_single = True
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
_KINDS = (("](", _TARGET, LINK), ("]:", _DEFINED, LINK), ("<", _TAG, LINK), ("~~", _STRUCK, STRUCK))
"""What stands in every text with such a span, its pattern and its kind."""


def spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The code spans, links and struck words between two offsets, each kind in order."""
    code = [*_code(text, start, end)] if text.find("`", start, end) >= 0 else []
    yield from code
    edges = [span.start for span in code]
    for hint, pattern, kind in _KINDS:
        if text.find(hint, start, end) < 0:
            continue
        for found in pattern.finditer(text, start, end):
            name = found.lastgroup or "target"
            before = bisect_right(edges, found.start()) - 1
            if before < 0 or code[before].end <= found.start():
                yield Span(kind, found[name], found.start(name), found.end(name))


def targets(text: str) -> Iterator[tuple[int, str]]:
    """Where everything in a text that may be a link leads, and where that stands: in code, too."""
    for hint, pattern, kind in _KINDS:
        if kind == LINK and hint in text:
            for found in pattern.finditer(text):
                name = found.lastgroup or "target"
                yield found.start(name), found[name]


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
