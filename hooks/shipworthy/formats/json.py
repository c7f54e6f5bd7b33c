"""JSON, with what its relatives add: comments, trailing commas, single quotes, keys without quotes.

One regular expression cuts the text into tokens and a stack follows them, so that every value keeps its position, a
key that is given twice is there twice, and a file of a megabyte takes a fraction of a second. The tree has the shape
that `shipworthy.formats.yaml` makes. Several values one behind the other (JSON Lines) become several children of the
root.

Source: RFC 8259 and, for the relatives, https://spec.json5.org/ and https://jsonlines.org/
"""

from __future__ import annotations

import re
from sys import intern

from shipworthy.formats.escapes import unescaped
from shipworthy.formats.size import MOST_NODES, too_many_nodes
from shipworthy.formats.source import Lines, Source
from shipworthy.formats.tree import VALUE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

MOST_LEVELS = 200
"""Deeper nesting is not configuration."""

_TOKEN = lazy(
    r"""\s+|//[^\n]*|\#[^\n]*|/\*.*?\*/"""  # what stands between tokens
    r"""|"(?P<string>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"|'(?P<single>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'"""
    r"""|(?P<word>[^\s"',:{}\[\]/\#]++)|(?P<mark>[{}\[\],:])""",
    re.DOTALL,
)
_SCALAR = lazy(r"true|false|null|[+-]?(?:NaN|Infinity|\.?\d[\w.+-]*)", re.ASCII)
_CLOSING = {"}": "mapping", "]": "sequence"}


def read(source: Source) -> Block:
    """The values of a JSON text, each a mapping, a sequence or a lone scalar below the root.

    Raises `Unreadable` where the text is not JSON or nests too deeply, `TooLarge` where it says too much.
    """
    root = Block("document")
    reader = _Reader(source, root)
    offset, text = 0, source.text
    while offset < len(text):
        token = _TOKEN.match(text, offset)
        if token is None:
            raise reader.unreadable(offset)
        if token.lastgroup:
            reader.take(token, token.lastgroup)
        offset = token.end()
    if len(reader.stack) > 1:
        raise reader.unreadable(len(text))
    return root


class _Reader:
    """Builds the tree from tokens. ``wants`` are the kinds of token that may come next."""

    def __init__(self, source: Source, root: Block) -> None:
        self.source = source
        self.stack = [root]
        self.name = ""
        self.key: int | None = None
        self.wants = "value"
        self.nodes = 0

    def unreadable(self, offset: int) -> Unreadable:
        return Unreadable(f"line {Lines(self.source.text).position(offset)[0]}: not JSON")

    def take(self, token: re.Match[str], kind: str) -> None:
        """Add what one token says."""
        mark = token[0] if kind == "mark" else ""
        block = self.stack[-1]
        if mark in ("{", "["):
            self._open(token, "mapping" if mark == "{" else "sequence")
        elif mark in ("}", "]"):
            self._close(token, _CLOSING[mark])
        elif mark == ":" and self.wants == "colon":
            self.wants = "value"
        elif mark == "," and self.wants == "comma" and block.kind != "document":
            self.wants = "key" if block.kind == "mapping" else "value"
        elif mark:
            raise self.unreadable(token.start())
        elif self.wants == "key":
            self.name, self.key = intern(unescaped(token[kind])), token.start(kind)  # long lists use the same few keys
            self.wants = "colon"
        else:
            self._scalar(token, kind)

    def _scalar(self, token: re.Match[str], kind: str) -> None:
        self._expect_value(token)
        if kind == "word" and len(self.stack) == 1 and not _SCALAR.fullmatch(token[0]):
            raise self.unreadable(token.start())  # prose, not JSON
        name, key = self._name()
        start = self.source.at(token.start(kind))
        end = max(self.source.end(token.end(kind)), start)
        value = unescaped(token[kind])
        self.stack[-1].add(Setting(name, value, start, end, VALUE, key=key, literal=kind != "word"))
        self._done()

    def _open(self, token: re.Match[str], kind: str) -> None:
        self._expect_value(token)
        if len(self.stack) > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        name, key = self._name()
        start = self.source.at(token.start()) if key is None else key
        self.stack.append(self.stack[-1].add(Block(kind, name, start, start)))
        self.wants = "key" if kind == "mapping" else "value"

    def _close(self, token: re.Match[str], kind: str) -> None:
        if self.stack[-1].kind != kind or self.wants == "colon" or (kind == "mapping" and self.wants == "value"):
            raise self.unreadable(token.start())
        self.stack.pop().end = self.source.at(token.end())
        self._done()

    def _expect_value(self, token: re.Match[str]) -> None:
        if self.wants != "value":
            raise self.unreadable(token.start())
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise too_many_nodes()

    def _name(self) -> tuple[str, int | None]:
        """The name the next child takes, and the offset of its key in the file."""
        block = self.stack[-1]
        if block.kind == "mapping" and self.key is not None:
            return self.name, self.source.at(self.key)
        return (str(len(block.children)) if block.kind == "sequence" else ""), None

    def _done(self) -> None:
        """A value is complete: a comma follows, or at the top of the text another value."""
        self.wants = "value" if len(self.stack) == 1 else "comma"
