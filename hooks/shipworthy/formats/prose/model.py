"""What a document consists of: sections, and in them paragraphs, items, rows and blocks of code.

Markdown, reStructuredText and AsciiDoc give the same pieces. Every offset counts characters of the file's text, and
the text between two offsets is what stands there: nothing is rewritten, so that a finding can point at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

HEADING = "heading"
PARAGRAPH = "paragraph"
ITEM = "item"
"""An item of a list, as far as its first paragraph goes."""
ROW = "row"
"""A row of a table, its first row included."""
CODE = "code"
"""A block of code: fenced, indented or literal."""

PAGES = "pages"
"""The entries of a table of contents that name other documents."""

SPAN = "span"
"""Words set as code."""
LINK = "link"
"""Where a link or an image leads, as written."""
PAGE = "page"
"""A document that is named without its ending."""
INCLUDE = "include"
"""A file that the document takes in."""
STRUCK = "struck"
"""Words struck through."""

LONGEST_SPAN = 500
"""Characters; a longer one names nothing."""


class Span(NamedTuple):
    """A part of a piece: its ``kind``, `SPAN` to `STRUCK`, and where its text begins and ends in the file."""

    kind: str
    text: str
    start: int
    end: int


class Piece:
    """A part of a document.

    ``level`` is the rank of a heading, the outermost 1, or the indentation of an item. ``section`` is the heading above
    it, ``parent`` the item it belongs to, ``lead`` the paragraph that introduces it: the last one before the list, the
    table or the code. ``first`` is the first row of a row's table. ``language`` is what a block of code says it is in.
    ``checked`` tells of an item with a box whether it is ticked.
    """

    __slots__ = ("checked", "end", "first", "kind", "language", "lead", "level", "parent", "section", "start")

    def __init__(self, kind: str, start: int, end: int, level: int = 0) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.level = level
        self.section: Piece | None = None
        self.parent: Piece | None = None
        self.lead: Piece | None = None
        self.first: Piece | None = None
        self.language = ""
        self.checked: bool | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} {self.start}-{self.end}>"

    @property
    def sections(self) -> Iterator[Piece]:
        """The headings above, the nearest first."""
        section = self.section
        while section is not None:
            yield section
            section = section.section

    @property
    def parents(self) -> Iterator[Piece]:
        """The items that this piece stands in, the innermost first."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent


class Prose:
    """A document: its ``text``, its ``pieces`` in order, and the ``notation`` it is written in."""

    __slots__ = ("notation", "pieces", "text")

    def __init__(self, text: str, notation: str, pieces: list[Piece]) -> None:
        self.text = text
        self.notation = notation
        self.pieces = pieces

    def of(self, piece: Piece) -> str:
        """What stands in the piece, as written."""
        return self.text[piece.start : piece.end]


class Outline:
    """Puts the pieces of a document in their places while a reader goes through it, line by line."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._sections: list[Piece] = []
        self._items: list[Piece] = []
        self._lead: Piece | None = None

    def heading(self, start: int, end: int, level: int) -> Piece:
        """Begin a section."""
        while self._sections and self._sections[-1].level >= level:
            self._sections.pop()
        piece = self._added(Piece(HEADING, start, end, level))
        self._sections.append(piece)
        self._items.clear()
        self._lead = None
        return piece

    def paragraph(self, start: int, end: int, indent: int = 0) -> Piece:
        """A paragraph; one that is indented may belong to an item."""
        self.leave(indent)
        piece = self._added(Piece(PARAGRAPH, start, end, indent))
        if piece.parent is None:
            self._lead = piece
        return piece

    def item(self, start: int, end: int, indent: int, checked: bool | None = None) -> Piece:
        """An item of a list."""
        self.leave(indent)
        piece = self._added(Piece(ITEM, start, end, indent))
        piece.checked = checked
        self._items.append(piece)
        return piece

    def row(self, start: int, end: int, first: Piece | None) -> Piece:
        """A row of a table."""
        piece = self._added(Piece(ROW, start, end))
        piece.first = first or piece
        return piece

    def code(self, start: int, end: int, language: str, indent: int = 0) -> Piece:
        """A block of code."""
        self.leave(indent)
        piece = self._added(Piece(CODE, start, end, indent))
        piece.language = language
        return piece

    def leave(self, indent: int) -> None:
        """End the items that something with that indentation does not belong to."""
        while self._items and self._items[-1].level >= indent:
            self._items.pop()

    @property
    def is_in_list(self) -> bool:
        """Whether an item is still open."""
        return bool(self._items)

    def _added(self, piece: Piece) -> Piece:
        piece.section = self._sections[-1] if self._sections else None
        piece.parent = self._items[-1] if self._items else None
        piece.lead = self._lead
        self.pieces.append(piece)
        return piece
