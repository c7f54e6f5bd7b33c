"""reStructuredText, as far as documents name files: sections, lists, tables, literal blocks, directives and roles.

Sources: https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html ,
https://www.sphinx-doc.org/en/master/usage/restructuredtext/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.prose.model import INCLUDE, LINK, PAGE, PAGES, SPAN, Outline, Piece, Prose, Span
from shipworthy.patterns import lazy

_ADORNMENT = lazy(r"(?P<mark>[=\-`:.'\"~^_*+#])(?P=mark){2,}[ \t]*$")
_ITEM = lazy(r"(?:[-*+•]|(?:\d{1,9}|#)[.)])[ \t]+(?P<box>\[(?P<mark>[ xX])\][ \t]+)?(?:\* - |- )?")
_DIRECTIVE = lazy(r"\.\.[ \t]+(?P<name>[\w:-]+)::[ \t]*")
_RAW = frozenset({"code-block", "code", "sourcecode", "literalinclude", "parsed-literal", "console", "prompt"})
_TAKEN = frozenset({"include", "literalinclude", "image", "figure"})
_LIST_TABLE = lazy(r"\* - |- ")
_LINES = lazy(r"[^\n]*\n|[^\n]+\Z")


def read(text: str) -> Prose:
    """The pieces of a reStructuredText."""
    return Prose(text, "restructuredtext", _Reader(text).read())


class _Reader:
    """Goes through the lines once. ``body`` is the block whose deeper indented lines are not prose."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.levels: list[str] = []
        self.open: Piece | None = None
        self.is_single = True
        self.body: tuple[int, Piece | None] | None = None
        self.literal_follows = False
        self.first_row: Piece | None = None

    def read(self) -> list[Piece]:
        for found in _LINES.finditer(self.text):
            end = found.end()
            while end > found.start() and self.text[end - 1] in "\r\n":
                end -= 1
            at, indent = found.start(), 0
            while at < end and self.text[at] in " \t":
                indent += 8 if self.text[at] == "\t" else 1
                at += 1
            if at == end:
                self.open = self.first_row = None
            elif not self._in_body(found.start(), at, end, indent):
                self._line(at, end, indent)
        return self.outline.pieces

    def _in_body(self, start: int, at: int, end: int, indent: int) -> bool:
        """Whether the line belongs to a literal block, or to a directive that is none of prose."""
        if self.literal_follows and self.body is None and indent > 0:
            self.body = (indent - 1, None)
        self.literal_follows = False
        if self.body is None:
            return False
        margin, piece = self.body
        if indent <= margin:
            self.body = None
            return False
        if piece is None:
            piece = self.outline.code(start, end, "", indent)
            self.body = (margin, piece)
        elif piece.end == piece.start:
            if self.text[at] == ":":
                return True  # an option of the directive
            piece.start = start
        piece.end = end
        return True

    def _line(self, at: int, end: int, indent: int) -> None:
        text = self.text
        adornment = _ADORNMENT.match(text, at, end)
        directive = _DIRECTIVE.match(text, at, end)
        if adornment and indent == 0:
            self._adorned(adornment["mark"])
        elif directive:
            self._directive(directive, end, indent)
        elif text.startswith("..", at):
            self._comment(at, end)
        elif text[at] == "|" or text.startswith("+-", at):
            if text[at] == "|":
                self.first_row = self.outline.row(at, end, self.first_row)
                self.first_row = self.first_row.first
            self.open = None
        elif item := _ITEM.match(text, at, end):
            self.open = self.outline.item(item.end(), end, indent, item["mark"] != " " if item["box"] else None)
        elif self.open is not None:
            self.open.end = end
            self.is_single = False
        else:
            self.open = self.outline.paragraph(at, end, indent)
            self.is_single = True
        self.literal_follows = text.endswith("::", at, end) and directive is None

    def _adorned(self, mark: str) -> None:
        """A line of punctuation: below a single line it makes that line a heading."""
        above, self.open = self.open, None
        if above is None or above.kind != "paragraph" or not self.is_single:
            return
        if mark not in self.levels:
            self.levels.append(mark)
        self.outline.pieces.pop()
        self.outline.heading(above.start, above.end, self.levels.index(mark) + 1)

    def _comment(self, at: int, end: int) -> None:
        """A target stays a paragraph, because it may hold a link; a comment says nothing."""
        self.open = self.outline.paragraph(at, end) if self.text.startswith(".. _", at) else None

    def _directive(self, found: re.Match[str], end: int, indent: int) -> None:
        name = found["name"].rpartition(":")[2]
        self.open = None
        if name in _TAKEN:
            self.outline.paragraph(found.start(), end, indent)
        if name == "toctree":
            piece = self.outline.paragraph(end, end, indent)
            piece.kind = PAGES
            self.body = (indent, piece)
        elif name in _RAW:
            self.body = (indent, self.outline.code(end, end, self.text[found.end() : end].strip(), indent))
        elif name in ("math", "raw", "only", "toctree", "index", "csv-table"):
            piece = Piece("", end, end)
            self.body = (indent, piece)


_LITERAL = lazy(r"``(?P<text>[^`\s](?:[^`\n]{0,500}[^`\s])?)``")
_ROLE = lazy(
    r":(?P<role>doc|file|download|command|program):`(?:[^`<>\n]{1,200}<(?P<target>[^`<>\n]{1,300})>|(?P<plain>[^`<>\n]{1,300}))`"
)
_LINKED = lazy(r"`[^`<>]{1,300}\s<(?P<target>[^`<>\s]{1,500})>`_")
_TARGET = lazy(r"^\.\. _[^:\n]{1,200}:[ \t]+(?P<target>\S{1,500})", re.MULTILINE)
_FILE = lazy(r"\.\.[ \t]+(?P<name>include|literalinclude|image|figure)::[ \t]+(?P<target>\S{1,500})")
_ENTRY = lazy(
    r"^[ \t]+(?:[^:\n<>][^\n<>]{0,200}<(?P<target>[^<>\n]{1,300})>|(?P<plain>[^\s:<>*][^\s<>*]{0,300}))[ \t\r]*$",
    re.MULTILINE,
)
_ROLES = {"doc": PAGE, "download": LINK}


def spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The literals, links and named files between two offsets, each kind in order."""
    for found in _LITERAL.finditer(text, start, end):
        yield Span(SPAN, found["text"], found.start("text"), found.end("text"))
    for found in _ROLE.finditer(text, start, end):
        name = "target" if found["target"] else "plain"
        yield Span(_ROLES.get(found["role"], SPAN), found[name], found.start(name), found.end(name))
    for pattern in (_LINKED, _TARGET):
        for found in pattern.finditer(text, start, end):
            yield Span(LINK, found["target"], found.start("target"), found.end("target"))
    for found in _FILE.finditer(text, start, end):
        yield Span(INCLUDE, found["target"], found.start("target"), found.end("target"))


def pages(text: str, start: int, end: int) -> Iterator[Span]:
    """The documents that a table of contents names."""
    for found in _ENTRY.finditer(text, start, end):
        name = "target" if found["target"] else "plain"
        yield Span(PAGE, found[name], found.start(name), found.end(name))
