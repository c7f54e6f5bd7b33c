"""TOML: tables as nested mappings, arrays of tables as sequences of mappings, every value with its position.

A table that is written in several places (``[a]``, ``[a.b]``, ``a.c = 1``) is one block. The root has one child, the
mapping that the file is, as in YAML and JSON.

Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

from tree_sitter import Node

from shipworthy.formats.escapes import unescaped
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import VALUE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

MOST_LEVELS = 100
"""Deeper nesting is not configuration, and the reader recurses."""

_KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_FOLD = lazy(r"(\\[^ \t\r\n])|\\[ \t]*\r?\n\s*")


def read(source: Source) -> Block:
    """The tables of a TOML text. Raises `Unreadable` where the text is not TOML or nests too deeply."""
    # A hidden template mark stands for a key or a value: a digit can be either.
    tree = SyntaxTree("toml", source.within(source.text.replace(MASK, "1"), [(0, 0)]))
    if tree.root.has_error:
        raise Unreadable("not TOML")
    root = Block("document")
    _Reader(tree, source.text, root).read()
    return root


class _Reader:
    """Builds the tree. ``tables`` finds a block by its parent's identity and its own name."""

    def __init__(self, tree: SyntaxTree, text: str, root: Block) -> None:
        self.tree = tree
        self.text = text
        self.tables: dict[tuple[int, str], Block] = {}
        self.top = root.add(Block("mapping", "", tree.start(tree.root), tree.end(tree.root)))

    def read(self) -> None:
        for node in self.tree.root.named_children:
            if node.type == "pair":
                self._pair(node, self.top, 0)
            elif node.type in ("table", "table_array_element"):
                self._table(node)

    def _table(self, node: Node) -> None:
        keys = self._keys(node)
        if not keys:
            return
        parent = self._enclosing(self.top, keys[:-1])
        if node.type == "table":
            block = self._mapping(parent, *keys[-1])
        else:
            array = self._block(parent, "sequence", *keys[-1])
            block = array.add(Block("mapping", str(len(array.children)), self.tree.start(node), self.tree.start(node)))
        block.end = max(block.end, self.tree.end(node))
        for child in node.named_children:
            if child.type == "pair":
                self._pair(child, block, 0)

    def _pair(self, node: Node, block: Block, level: int) -> None:
        keys, values = self._keys(node), [child for child in node.named_children if _is_value(child)]
        if keys and values:
            self._value(values[-1], self._enclosing(block, keys[:-1]), *keys[-1], level)

    def _value(self, node: Node, block: Block, name: str, key: int | None, level: int) -> None:
        if level > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        if node.type == "array":
            start = self.tree.start(node) if key is None else key
            array = block.add(Block("sequence", name, start, self.tree.end(node)))
            for item in filter(_is_value, node.named_children):
                self._value(item, array, str(len(array.children)), None, level + 1)
        elif node.type == "inline_table":
            start = self.tree.start(node) if key is None else key
            table = block.add(Block("mapping", name, start, self.tree.end(node)))
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, table, level + 1)
        else:
            block.add(self._setting(node, name, key))

    def _setting(self, node: Node, name: str, key: int | None) -> Setting:
        start, end, value = self.tree.start(node), self.tree.end(node), self._written(node)
        if node.type != "string":
            return Setting(name, value, start, end, VALUE, key=key, literal=False)
        value, shift, quotes = _string(value)
        return Setting(name, value, start + shift, max(end - quotes, start + shift), VALUE, key=key)

    def _written(self, node: Node) -> str:
        return self.text[self.tree.offset(node.start_byte) : self.tree.offset(node.end_byte)]

    def _keys(self, node: Node) -> list[tuple[str, int]]:
        """The parts of a dotted key with their offsets in the file."""
        parts: list[tuple[str, int]] = []
        waiting = [child for child in node.named_children if child.type in _KEYS][:1]
        while waiting:
            part = waiting.pop()
            if part.type == "dotted_key":
                waiting.extend(reversed([child for child in part.named_children if child.type in _KEYS]))
                continue
            text, shift = self._written(part), 0
            if part.type == "quoted_key":
                text, shift, _ = _string(text)
            parts.append((text, self.tree.start(part) + shift))
        return parts

    def _enclosing(self, block: Block, keys: list[tuple[str, int]]) -> Block:
        for name, key in keys:
            block = self._mapping(block, name, key)
        return block

    def _mapping(self, parent: Block, name: str, key: int) -> Block:
        """The table of that name; of an array of tables, its last one."""
        block = self._block(parent, "mapping", name, key)
        if block.kind == "sequence":
            return next((item for item in reversed(block.children) if isinstance(item, Block)), block)
        return block

    def _block(self, parent: Block, kind: str, name: str, key: int) -> Block:
        found = self.tables.get((id(parent), name))
        if found is None:
            found = self.tables[id(parent), name] = parent.add(Block(kind, name, key, key + len(name)))
        return found


def _is_value(node: Node) -> bool:
    return node.type not in _KEYS and node.type not in ("comment", "ERROR")


def _string(written: str) -> tuple[str, int, int]:
    """A string's value, and how many characters stand before it and behind it."""
    quote = written[:1]
    length = 3 if written.startswith(quote * 3) and len(written) > 5 else 1
    body, shift = written[length:-length], length
    if length == 3:
        newline = 2 if body.startswith("\r\n") else int(body.startswith("\n"))
        body, shift = body[newline:], shift + newline
    if quote == "'":
        return body, shift, length
    return unescaped(_FOLD.sub(lambda found: found[1] or "", body)), shift, length
