"""nginx configuration, and what is written like it (BIND, dhcpd).

Sources: https://nginx.org/en/docs/beginners_guide.html#conf_structure ; for Lua blocks,
https://github.com/openresty/lua-nginx-module#directives
"""

from __future__ import annotations

import re

from shipworthy.formats.lexing import MOST_LEVELS, Word, add_directive, refuse_template, unescaped_quotes
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

_TOKEN = lazy(
    r"""(?P<comment>\#[^\n]*+|//(?=\s)[^\n]*+)|(?P<long_comment>/\*(?=[\s*]))"""
    r"""|(?P<mark>[;{}])"""
    r"""|(?P<quoted>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')"""
    r"""|(?P<word>(?:\$\{[^}\s;]*+\}?|\\.|[^\s;{}\\]|\\)++)""",
    re.DOTALL,
)
_MARK = lazy(r"\{\{(?!\s*?\n)|\{[%#]|<%")
"""A template's mark; ``{{`` at the end of a line is an escaped brace of a text that a program formats."""
_LUA = lazy(r"""--[^\n]*+|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|(?P<brace>[{}])""", re.DOTALL)


def read(source: Source) -> Block:
    """A block for every directive, with one operand for each argument and then the directives it encloses.

    What a ``*_by_lua_block`` holds is skipped. Raises `Unreadable` for a template and where it nests too deeply.
    """
    if _MARK.search(source.text):
        refuse_template(source)
    reader = _Reader(source)
    position = 0
    while token := _TOKEN.search(source.text, position):
        position = reader.take(token)
    reader.end_directive()
    return reader.root


class _Reader:
    """Builds the tree from tokens."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root = Block("document")
        self.stack = [self.root]
        self.words: list[Word] = []
        self.last_closing = source.text.rfind("*/")

    def take(self, token: re.Match[str]) -> int:
        """Use one token; gives the offset where the next one may start."""
        if token["quoted"] is not None:
            self.words.append(Word(unescaped_quotes(token[0][1:-1]), token.start() + 1, token.end() - 1))
        elif token["word"]:
            self._take_word(token)
        elif token["long_comment"]:
            return self._comment_end(token)
        elif token["mark"] == "{":
            return self._open(token.end())
        elif token["mark"]:
            self.end_directive()
            if token["mark"] == "}" and len(self.stack) > 1:
                self.stack.pop()
        return token.end()

    def _comment_end(self, token: re.Match[str]) -> int:
        """The offset behind a comment, or behind ``/*`` where nothing closes it: paths are written so too."""
        if self.last_closing < token.end():
            self._take_word(token)
            return token.end()
        return self.source.text.find("*/", token.end()) + 2

    def _take_word(self, token: re.Match[str]) -> None:
        word, start = token[0], token.start()
        if not self.words:  # a template's condition in front of the directive
            word = word.lstrip(MASK)
            start += len(token[0]) - len(word)
        if word:
            self.words.append(Word(word, start, token.end()))

    def _open(self, position: int) -> int:
        directive = self.end_directive() or self.stack[-1].add(Block("directive"))
        if directive.name.endswith("_by_lua_block"):
            return _lua_end(self.source.text, position)
        if len(self.stack) > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        self.stack.append(directive)
        return position

    def end_directive(self) -> Block | None:
        """Add the directive that the words make; None where there are none."""
        if not self.words:
            return None
        directive = add_directive(self.stack[-1], self.source, self.words)
        self.words = []
        return directive


def _lua_end(text: str, position: int) -> int:
    """The offset behind the brace that closes a Lua block; its strings and comments may hold braces."""
    depth = 1
    for token in _LUA.finditer(text, position):
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
        if depth == 0:
            return token.end()
    return len(text)
