"""What the readers of the languages share: suspects, the paths of modules, and what became of an import."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from shipworthy.file import File
    from shipworthy.project import Project

MOST_IMPORTS = 2_000
"""How many imports of one file are looked at in its syntax tree, where each takes time that grows with the file."""


class Suspect:
    """A module that production source seems to import and that resolves to nothing committed.

    ``target`` is the path it would have, as messages show it. ``candidates`` are all committed paths that would
    satisfy the import, the likeliest first. ``importers`` are pairs (path of the importing file, the import as
    written).
    """

    __slots__ = ("candidates", "importers", "target")

    def __init__(self, target: str, candidates: tuple[str, ...]) -> None:
        self.target = target
        self.candidates = candidates
        self.importers: list[tuple[str, str]] = []


class Suspects:
    """The suspects of one language, each module once."""

    def __init__(self) -> None:
        self.by_target: dict[str, Suspect] = {}

    def add(self, target: str, candidates: tuple[str, ...], importer: str, written: str) -> None:
        """Note that ``importer`` imports a module that is not there."""
        suspect = self.by_target.setdefault(target, Suspect(target, candidates))
        suspect.importers.append((importer, written))


class Missing(NamedTuple):
    """A module that is imported and not committed.

    ``start`` is the offset of the import in the text of ``file``, ``written`` the import as it is written there,
    ``also`` are the paths of the other files that import it.
    """

    file: File
    start: int
    written: str
    target: str
    candidates: tuple[str, ...]
    also: tuple[str, ...]


def joined(directory: str, written: str) -> str | None:
    """The path that ``written`` names, seen from ``directory`` ("" for the root); None outside of the repository."""
    parts = directory.split("/") if directory else []
    for part in written.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/".join(parts)


def below(directory: str, name: str) -> str:
    """The path of ``name`` in a folder, "" for the root."""
    return f"{directory}/{name}" if directory else name


def ancestors(directory: str) -> Iterator[str]:
    """The folder and those it is in, the root "" last."""
    while directory:
        yield directory
        directory = directory.rpartition("/")[0]
    yield ""


def names_by_folder(project: Project) -> dict[str, list[str]]:
    """The names of the committed files in each folder: ``project.model(names_by_folder)``."""
    found: dict[str, list[str]] = {}
    for path in project.repository.paths:
        directory, _, name = path.rpartition("/")
        found.setdefault(directory, []).append(name)
    return found


class Places:
    """The syntax tree of a source, asked what stands at a place."""

    def __init__(self, grammar: str, text: str) -> None:
        """Raises `Unreadable` where the parser gives up."""
        from shipworthy.formats.source import Source
        from shipworthy.formats.syntax import SyntaxTree  # most repositories have no suspect: nothing is parsed

        self.tree = SyntaxTree(grammar, Source(text))

    def around(self, start: int, end: int) -> Iterator[Node]:
        """The nodes around the bytes ``start`` to ``end`` of the text's UTF-8 form, the innermost first."""
        node = self.tree.root.descendant_for_byte_range(start, end)
        while node is not None:
            yield node
            node = node.parent
