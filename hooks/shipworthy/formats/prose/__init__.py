"""Documents: Markdown, reStructuredText and AsciiDoc as pieces with positions.

``prose(path, text)`` reads a document, ``spans(document, piece)`` what stands in one of its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shipworthy.formats.prose import asciidoc, markdown, restructuredtext
from shipworthy.formats.prose.model import (
    CODE,
    HEADING,
    INCLUDE,
    ITEM,
    LINK,
    PAGE,
    PAGES,
    PARAGRAPH,
    ROW,
    SPAN,
    STRUCK,
    Piece,
    Prose,
    Span,
)
from shipworthy.patterns import lazy

__all__ = [
    "CODE",
    "ENDINGS",
    "HEADING",
    "INCLUDE",
    "ITEM",
    "LINK",
    "PAGE",
    "PAGES",
    "PARAGRAPH",
    "ROW",
    "SPAN",
    "STRUCK",
    "Piece",
    "Prose",
    "Span",
    "cells",
    "markdown",
    "prose",
    "spans",
]

_READERS = {
    **dict.fromkeys((ending[1:] for ending in markdown.ENDINGS), markdown),
    "rst": restructuredtext,
    **dict.fromkeys(("adoc", "asciidoc"), asciidoc),
}
ENDINGS = tuple("." + ending for ending in _READERS)
_CELL = lazy(r"(?:[^|\\`]|\\.|`[^`\n]*`|[\\`])*+")


def prose(path: str, text: str) -> Prose:
    """The document; one whose ending no reader knows is Markdown."""
    read: Callable[[str], Prose] = _READERS.get(path.rpartition(".")[2].lower(), markdown).read
    return read(text)


def spans(document: Prose, piece: Piece) -> Iterator[Span]:
    """What stands in a piece: code spans, links, files taken in, struck words."""
    if piece.kind == PAGES:
        return restructuredtext.pages(document.text, piece.start, piece.end)
    reader = {"restructuredtext": restructuredtext, "asciidoc": asciidoc}.get(document.notation, markdown)
    found: Iterator[Span] = reader.spans(document.text, piece.start, piece.end)
    return found


def cells(document: Prose, row: Piece) -> list[tuple[int, int]]:
    """Where the cells of a row begin and end, without the space around them."""
    found: list[tuple[int, int]] = []
    text, at, end = document.text, row.start, row.end
    if text.startswith("|", at):
        at += 1
    while at < end:
        cell = _CELL.match(text, at, end)
        stop = cell.end() if cell else at
        first, last = at, stop
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        found.append((first, last))
        at = stop + 1
    return found
