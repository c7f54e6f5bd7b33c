"""AsciiDoc, as far as documents name files: sections, lists, tables, listings, macros.

Source: https://docs.asciidoctor.org/asciidoc/latest/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.formats.prose.model import INCLUDE, LINK, SPAN, STRUCK, Outline, Piece, Prose, Span
from shipworthy.patterns import lazy

_HEADING = lazy(r"(?P<marks>={1,6})[ \t]+")
_ITEM = lazy(r"(?P<marks>[*-]{1,5}|\.{1,5}|\d{1,5}\.)[ \t]+(?P<box>\[(?P<mark>[ xX*])\][ \t]+)?")
_DELIMITER = lazy(r"(?:-{4,}|\.{4,}|`{3,}|\+{4,}|/{4,})")
_ATTRIBUTES = lazy(r"\[(?:source|listing|console|,)[^\],]{0,30},?[ \t]*(?P<language>[\w+-]{0,30})[^\]\n]{0,200}\]$")
_ENTRY = lazy(r":!?[\w-]+!?:")
_LINES = lazy(r"[^\n]*\n|[^\n]+\Z")
_COMMENT = "/"


def read(text: str) -> Prose:
    """The pieces of an AsciiDoc text."""
    return Prose(text, "asciidoc", _Reader(text).read())


class _Reader:
    """Goes through the lines once. ``closing`` is the line that ends the open listing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.open: Piece | None = None
        self.closing = ""
        self.code: Piece | None = None
        self.language = ""
        self.table: Piece | None = None
        self.in_table = False

    def read(self) -> list[Piece]:
        for found in _LINES.finditer(self.text):
            end = found.end()
            while end > found.start() and self.text[end - 1] in "\r\n \t":
                end -= 1
            self._line(found.start(), end)
        return self.outline.pieces

    def _line(self, start: int, end: int) -> None:
        text = self.text
        line = text[start:end]
        if self.closing:
            self._in_listing(line, start, end)
        elif not line.strip():
            self.open = None
        elif line.startswith("|==="):
            self.in_table, self.table, self.open = not self.in_table, None, None
        elif self.in_table and line.startswith("|"):
            self.table = self.outline.row(start, end, self.table).first
        elif delimiter := _DELIMITER.match(line):
            self._listing(delimiter[0], line, end)
        elif line.startswith(("//", "ifdef::", "ifndef::", "endif::")) or _ENTRY.match(line):
            self.open = None
        elif attributes := _ATTRIBUTES.match(line):
            self.language = attributes["language"]
        elif (line.startswith("[") and line.endswith("]")) or line in ("--", "====", "****", "____"):
            self.open = None
        else:
            self._words(start, end)

    def _in_listing(self, line: str, start: int, end: int) -> None:
        if line == self.closing:
            self.closing, self.code = "", None
        elif self.code is not None:
            if self.code.end == self.code.start:
                self.code.start = start
            self.code.end = end

    def _listing(self, mark: str, line: str, end: int) -> None:
        self.closing = mark if mark[0] == "`" else line
        language = line[len(mark) :].strip() if mark[0] == "`" else self.language
        self.code = None if mark[0] in "/+" else self.outline.code(end, end, language, len(line))
        self.language, self.open = "", None

    def _words(self, start: int, end: int) -> None:
        at = start
        while at < end and self.text[at] in " \t":
            at += 1
        heading = _HEADING.match(self.text, at, end)
        item = _ITEM.match(self.text, at, end)
        if heading and at == start:
            self.outline.heading(heading.end(), end, len(heading["marks"]))
            self.open = None
        elif item:
            checked = item["mark"] != " " if item["box"] else None
            self.open = self.outline.item(item.end(), end, len(item["marks"]), checked)
        elif self.text[start:end] == "+":
            return
        elif self.open is not None:
            self.open.end = end
        else:
            self.open = self.outline.paragraph(at, end, at - start)


_LITERAL = lazy(r"(?<![\w`])`(?P<plus>\+?)(?P<text>[^`\n]{1,500}?)(?P=plus)`(?![\w`])")
_MACRO = lazy(r"(?<![\w/])(?P<name>link|xref|include|image):{1,2}(?P<target>[^\s\[\]]{1,500})\[")
_CROSS = lazy(r"<<(?P<target>[^<>#,\n]{1,300}\.(?:adoc|asciidoc))(?:#[^<>\n]{0,200})?(?:,[^<>\n]{0,200})?>>")
_STRUCK = lazy(r"\[\.?(?:line-through|strike)\]#(?P<text>[^#\n]{1,500})#")


def spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The literals, links and named files between two offsets, each kind in order."""
    for found in _LITERAL.finditer(text, start, end):
        yield Span(SPAN, found["text"], found.start("text"), found.end("text"))
    for found in _MACRO.finditer(text, start, end):
        kind = LINK if found["name"] in ("link", "xref") else INCLUDE
        yield Span(kind, found["target"], found.start("target"), found.end("target"))
    for found in _CROSS.finditer(text, start, end):
        yield Span(LINK, found["target"], found.start("target"), found.end("target"))
    for found in _STRUCK.finditer(text, start, end):
        yield Span(STRUCK, found["text"], found.start("text"), found.end("text"))
