"""Where in the repository something is said, and the texts to look for it in."""

from __future__ import annotations

import re
from importlib import import_module

from shipworthy.formats import format_of
from shipworthy.formats.source import Lines, Source
from shipworthy.formats.tree import Block, Node
from shipworthy.formats.unreadable import TooLarge, Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shipworthy.project import Project

MOST_CHARACTERS = 200_000
"""What is said about a service is said before that; the rest of a longer file is not looked at."""


class Evidence:
    """What a line of a committed file says. Lines count from 1."""

    __slots__ = ("line", "path", "what")

    def __init__(self, path: str, line: int, what: str) -> None:
        self.path = path
        self.line = line
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.path}:{self.line}: {self.what}>"


class Tree:
    """A YAML, JSON, TOML or HCL file as its format reads it; empty where the format cannot read it.

    Unlike `shipworthy.file.File.document` it says nothing about commands and environments: what services are known by
    are plain keys and values.
    """

    def __init__(self, text: str, root: Block) -> None:
        self.root = root
        self.lines = Lines(text)

    @property
    def tops(self) -> list[Block]:
        """The documents of the file that are mappings."""
        return [block for block in self.root.blocks if block.kind == "mapping"]

    def line(self, node: Node) -> int:
        """The line, from 1, that a node begins on."""
        return self.lines.position(node.start)[0]


def tree_of(project: Project, path: str) -> Tree:
    """The tree of a committed file."""
    text = text_of(project, path)
    try:
        root: Block = import_module(f"shipworthy.formats.{format_of(path)}").read(Source(text))
    except Unreadable as error:
        if isinstance(error, TooLarge):
            project.too_large[path] = str(error)
        root = Block("document")
    return Tree(text, root)


def text_of(project: Project, path: str) -> str:
    """The beginning of a committed file; "" where it is not committed, has no content or is no text."""
    return text_with(project, path)


def text_with(project: Project, path: str, *needed: bytes) -> str:
    """The beginning of a committed file in whose bytes all that is ``needed`` stands, otherwise ""."""
    try:
        file = project.open(path)
        return file.text[:MOST_CHARACTERS] if all(part in file.data for part in needed) else ""
    except (KeyError, OSError, Unreadable):
        return ""


def line_at(text: str, offset: int) -> int:
    """The line, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1


def search(project: Project, paths: Iterable[str], pattern: re.Pattern[str], what: str) -> Evidence | None:
    """The first place in one of the files where the pattern is found; ``{}`` in ``what`` becomes what was found."""
    for path in paths:
        text = text_of(project, path)
        found = pattern.search(text)
        if found:
            return Evidence(path, line_at(text, found.start()), what.replace("{}", " ".join(found[0].split())))
    return None
