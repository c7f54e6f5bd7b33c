"""Syntax trees of programming languages, from tree-sitter grammars.

A tree-sitter parser survives what it does not know: newer syntax and half-written code leave an error node, and the
rest of the file is still read.

Source: https://tree-sitter.github.io/tree-sitter/
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import ExtensionFileLoader, PathFinder
from types import ModuleType

from tree_sitter import Language, Node, Parser

from shipworthy.formats.size import MOST_TOKENS, MOST_TOKENS_OF_SCRIPTS, limit_tokens
from shipworthy.formats.source import ByteOffsets, Source
from shipworthy.formats.unreadable import Unreadable

GRAMMARS = {
    "bash": ("tree_sitter_bash", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "go": ("tree_sitter_go", "language"),
    "hcl": ("tree_sitter_hcl", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "kotlin": ("tree_sitter_kotlin", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "python": ("tree_sitter_python", "language"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "toml": ("tree_sitter_toml", "language"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
}
MOST_SECONDS = 5.0
"""A parse that takes longer is given up: real files take milliseconds."""
MOST_LEVELS = 500
"""Deeper nodes are not read: nobody writes them, and readers may recurse."""

_OF_ASCII_ALONE = ("bash",)
"""Grammars whose scanner looks characters up in a table of C's that has no others, and reads what is behind it: such a
parser is given a letter for each byte of another character."""
_AS_LETTERS = bytes(range(0x80)) + b"x" * 0x80
_OF_SCRIPTS = ("bash", "ruby")
_SIZE_OF_VIEW = 184
"""Bytes; a shorter text is less than a view of it."""
_INSIDE = frozenset(bytes([byte]) for byte in range(0x80, 0xC0))
"""The bytes of a character that are not its first."""
_parsers: dict[str, Parser] = {}


class SyntaxTree:
    """A parsed text. Offsets and texts are those of the source, in characters; its nodes count bytes of ``data``.

    A node's text is `text` of the tree: ``Node.text`` asks a reader that has nothing any more.
    """

    def __init__(self, grammar: str, source: Source) -> None:
        """Raises `Unreadable` where the parser gives up, `TooLarge` where it is not asked."""
        self.source = source
        self.data = data = source.text.encode("utf-8", "surrogatepass")
        self._offsets = ByteOffsets(self.data, len(source.text))
        parsed = data.translate(_AS_LETTERS) if grammar in _OF_ASCII_ALONE else data
        limit_tokens(source.text, MOST_TOKENS_OF_SCRIPTS if grammar in _OF_SCRIPTS else MOST_TOKENS)
        deadline = time.monotonic() + MOST_SECONDS
        views = [memoryview(parsed)]

        def rest(byte: int, _point: object) -> memoryview | bytes:
            view = views[0][byte:]
            if len(view) < _SIZE_OF_VIEW:
                return bytes(view)
            views.append(view)
            return view

        try:
            tree = _parser(grammar).parse(
                # There is a time limit only with a reader. The tree keeps it, out of sight of the garbage collector:
                # if it held `self`, neither would ever be freed.
                rest,
                progress_callback=lambda _offset, _has_error: time.monotonic() > deadline,
            )
        except ValueError as error:
            del _parsers[grammar]  # it would go on with the text it gave up
            raise Unreadable("takes too long to parse") from error
        finally:
            for view in views:  # the parser never lets go of what a reader returned: that must not hold the text
                view.release()
        self.root: Node = tree.root_node

    def text(self, node: Node) -> str:
        """The node as it is written."""
        return self.written(node.start_byte, node.end_byte)

    def written(self, start: int, end: int) -> str:
        """The text between two bytes; a character that one of them cuts belongs to what is in front of it."""
        data = self.data
        if len(data) == len(self.source.text):
            return self.source.text[start:end]
        while data[start : start + 1] in _INSIDE:
            start += 1
        while data[end : end + 1] in _INSIDE:
            end += 1
        return data[start:end].decode("utf-8", "surrogatepass")

    def offset(self, byte: int) -> int:
        """The character offset in the source's text of a byte offset of the tree."""
        return self._offsets.characters(byte)

    def start(self, node: Node) -> int:
        """The file's offset of the node's first character."""
        return self.source.at(self.offset(node.start_byte))

    def end(self, node: Node) -> int:
        """The file's offset behind the node's last character."""
        return self.source.at(self.offset(node.end_byte))

    def part(self, node: Node) -> Source:
        """The node's text as a source of its own."""
        return self.source.part(self.offset(node.start_byte), self.offset(node.end_byte))


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """The node and everything below it with its depth, in order of appearance, without recursion."""
    cursor = node.walk()
    depth = 0
    while True:
        current = cursor.node
        if current is not None:
            yield current, depth
        if depth < MOST_LEVELS and cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            depth -= 1
            if depth < 0:
                return


def _parser(grammar: str) -> Parser:
    if grammar not in _parsers:
        module, function = GRAMMARS[grammar]
        _parsers[grammar] = Parser(Language(getattr(_grammar(module), function)()))
    return _parsers[grammar]


def _grammar(module: str) -> ModuleType:
    """What a grammar's package offers, but not the package itself, which loads much of the standard library."""
    package = PathFinder.find_spec(module)
    places = package.submodule_search_locations if package is not None else None
    binding = PathFinder.find_spec(f"{module}._binding", places)
    if binding is None or not isinstance(binding.loader, ExtensionFileLoader):
        return import_module(module)
    made = binding.loader.create_module(binding)
    binding.loader.exec_module(made)
    return made
