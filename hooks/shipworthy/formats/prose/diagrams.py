"""Tree diagrams: the folders and files that people draw, in code blocks, in plain paragraphs and as nested lists.

A name belongs to the nearest name above it that begins further left. That holds for diagrams that were drawn by a
program, and for those in which a hand has lost count of the bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.prose.model import CODE, ITEM, PARAGRAPH, Piece, Prose
from shipworthy.patterns import lazy

MOST_NODES = 5_000
"""Of one diagram; what comes after is left out."""
MOST_LEVELS = 40
"""Nobody nests folders deeper; deeper names are left out."""

_WORD = lazy(r"\w")
_LINES = lazy(r"[^\n]+")
_BRANCH = lazy(
    r"(?P<lead>[ \t>│┃|┆┊║\u00a0]*(?:(?:├|└|╰|┣|┗|╠|╚|┝|┕)[─━═╌┄-]*[ \t\u00a0]?|(?:\|--+|\+--+|`--+|\\--+|\|__+)[ \t]?)"
    r"(?:[ \t│├└─]*(?:├|└)[─━-]*[ \t\u00a0]?)?)"
)
_NAME = lazy(
    r"(?:[^\w\s.@\[(*`_\"-]{1,4}[ \t]+)?(?P<quote>[`*\"]{0,3})"
    r"(?P<name>\[[^\]\n]{1,60}\]/?|(?:[^\s`*\"#←<>|│(){},;→]|(?<=\S)\((?=\w+\)/?)|(?<=\w)\)(?=/))(?:[^\s`\"#←<>|│,;→]){0,150}?)(?P=quote)(?=[\s,;#←<>|│→]|$)"
)
_LISTED = lazy(
    r"[`*\"]{0,3}(?P<name>[\w@.+\[\]()-]{1,100}(?:/[\w@.+\[\]()-]{1,100}){0,10}/?)[`*\"]{0,3}"
    r"(?=$|[ \t]*[-—–:#(]|[ \t]{2,})"
)
_INDENTED = lazy(r"(?P<lead>[ \t]*)(?P<name>[\w@.+\[\]-]{1,100}/?)(?P<rest>[ \t]*(?:[#←(].{0,200}|--? .{0,200})?)$")
_ROOT = lazy(r"(?P<name>[^\s`*#│├└|]{1,200})(?:[ \t]+[#(←].*)?$")
_FILE = lazy(r"\w\.(?:md|[jt]sx?|py|ya?ml|json|go|java|rs|sh|sql|html|css|txt|toml)$")
_TAB = 4


class Node:
    """A name of a diagram. ``remark`` is what stands behind it on its line, ``column`` where it begins."""

    __slots__ = ("children", "column", "end", "name", "parent", "remark", "start")

    def __init__(self, name: str, start: int, column: int, remark: str) -> None:
        self.name = name
        self.start = start
        self.end = start + len(name)
        self.column = column
        self.remark = remark
        self.parent: Node | None = None
        self.children: list[Node] = []

    def __repr__(self) -> str:
        return f"<{self.path}>"

    @property
    def path(self) -> str:
        """The path from the outermost folder of the diagram."""
        names = [self.name.strip("/")]
        node = self.parent
        while node is not None:
            if not _FILE.search(node.name):  # a file holds nothing: the diagram is broken there
                names.append(node.name.strip("/"))
            node = node.parent
        return "/".join(name for name in reversed(names) if name not in ("", "."))

    @property
    def is_directory(self) -> bool:
        """Whether the diagram shows a folder."""
        return bool(self.children) or self.name.endswith("/")


class Diagram:
    """A tree diagram: its ``nodes`` in order, and the ``piece`` it stands in, for lists the first item.

    ``is_broken`` tells that its bars contradict each other, so that nobody can be sure what belongs to what.
    """

    __slots__ = ("is_broken", "nodes", "piece")

    def __init__(self, piece: Piece, nodes: list[Node], is_broken: bool) -> None:
        self.piece = piece
        self.nodes = nodes
        self.is_broken = is_broken

    @property
    def leaves(self) -> list[Node]:
        """The names that nothing belongs to."""
        return [node for node in self.nodes if not node.children]


def diagrams(document: Prose) -> Iterator[Diagram]:
    """The diagrams of a document, in order; those drawn as lists come last."""
    for piece in document.pieces:
        if piece.kind in (CODE, PARAGRAPH):
            text = document.text
            if (
                "├" in text[piece.start : piece.end]
                or "└" in text[piece.start : piece.end]
                or "--" in text[piece.start : piece.end]
            ):
                diagram = _drawn(document.text, piece)
            elif piece.kind == CODE and piece.language in ("", "text", "txt", "plaintext", "tree", "plain"):
                diagram = _indented(document.text, piece)
            else:
                diagram = None
            if diagram is not None:
                yield diagram
    yield from _lists(document)


def _drawn(text: str, piece: Piece) -> Diagram | None:
    """A diagram with bars. A line without one begins a diagram anew, or says nothing."""
    builder = _Builder()
    for line in _LINES.finditer(text, _line_start(text, piece.start), piece.end):
        branch = _BRANCH.match(text, line.start(), line.end())
        if branch is None:
            root = _ROOT.match(text, line.start(), line.end())
            if root and root.end() == line.end():
                builder.add(root["name"].strip("`*"), root.start("name"), 0, "")
            continue
        name = _NAME.match(text, branch.end(), line.end())
        if name and _WORD.search(name["name"]):
            lead = text[line.start() : name.start("name")]
            is_odd = len(re.findall("[├└╰┣┗]", lead)) > 1
            column = _width(text[line.start() : branch.end()])
            builder.add(name["name"], name.start("name"), column, text[name.end() : line.end()], is_odd)
    return builder.diagram(piece) if builder.branches >= 2 else None


def _indented(text: str, piece: Piece) -> Diagram | None:
    """A diagram by indentation alone, in which folders end in a slash and every line is a name."""
    builder = _Builder()
    for line in _LINES.finditer(text, _line_start(text, piece.start), piece.end):
        found = _INDENTED.match(text, line.start(), line.end())
        if found is None:
            if text[line.start() : line.end()].strip():
                return None
            continue
        builder.add(found["name"], found.start("name"), _width(found["lead"]) + 1, found["rest"])
    if builder.branches < 3 or not any(node.children for node in builder.nodes):
        return None
    if not all(node.name.endswith("/") for node in builder.nodes if node.children):
        return None
    return builder.diagram(piece)


def _lists(document: Prose) -> Iterator[Diagram]:
    """Nested lists whose items are names: the outer ones folders that end in a slash."""
    open_items: dict[int, Node] = {}
    builder, first = _Builder(), None
    for piece in document.pieces:
        if piece.kind != ITEM:
            if piece.kind == "heading" and first is not None:
                yield from _listed(builder, first)
                builder, first, open_items = _Builder(), None, {}
            continue
        parent = open_items.get(piece.parent.start) if piece.parent is not None else None
        is_child = parent is not None and parent.name.endswith("/")
        if not is_child and (piece.parent is not None or document.text.find("/", piece.start, piece.end) < 0):
            continue
        found = _LISTED.match(document.text, piece.start, piece.end)
        if found is None or not (is_child or found["name"].endswith("/")):
            continue
        node = Node(found["name"], found.start("name"), piece.level, document.text[found.end() : piece.end])
        open_items[piece.start] = node
        builder.append(node, parent)
        first = first or piece
    if first is not None:
        yield from _listed(builder, first)


def _listed(builder: _Builder, piece: Piece) -> Iterator[Diagram]:
    if sum(bool(node.children) for node in builder.nodes) >= 1 and len(builder.nodes) >= 3:
        yield builder.diagram(piece)


class _Builder:
    """Puts names in their places by the columns they begin in."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.open: list[Node] = []
        self.branches = 0
        self.is_broken = False

    def add(self, name: str, start: int, column: int, remark: str, is_odd: bool = False) -> None:
        """The next name; columns grow to the right."""
        while self.open and self.open[-1].column >= column:
            self.open.pop()
        if len(self.nodes) >= MOST_NODES or len(self.open) >= MOST_LEVELS:
            return
        parent = self.open[-1] if self.open else None
        if is_odd or (parent is not None and parent.children and abs(parent.children[0].column - column) > 0):
            self.is_broken = True
        if (
            parent is not None
            and "." in parent.name.strip(".")
            and not parent.name.endswith("/")
            and parent.parent is not None
        ):
            self.is_broken = True
        self.branches += column > 0
        node = Node(name, start, column, remark)
        self.append(node, parent)
        self.open.append(node)

    def append(self, node: Node, parent: Node | None) -> None:
        """A name whose place is known."""
        node.parent = parent
        if parent is not None:
            parent.children.append(node)
        self.nodes.append(node)

    def diagram(self, piece: Piece) -> Diagram:
        return Diagram(piece, self.nodes, self.is_broken)


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _width(lead: str) -> int:
    """How many columns some characters take."""
    return len(lead.replace("\t", " " * _TAB))
