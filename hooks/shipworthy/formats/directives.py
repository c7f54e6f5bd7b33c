"""Lines of ``name value...``: Redis, Apache httpd, HAProxy, sshd, SNMP, Fluent Bit, Caddy.

What encloses directives is told by ``<Name ...>`` and ``</Name>``, by ``{`` and ``}`` at the end of lines, by
``[TITLE]``, or by indentation alone.

Sources: https://httpd.apache.org/docs/2.4/configuring.html#syntax ;
https://redis.io/docs/latest/operate/oss_and_stack/management/config/ ;
https://docs.haproxy.org/3.0/configuration.html#2.2 ; https://caddyserver.com/docs/caddyfile/concepts
"""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.formats.lexing import (
    MOST_LEVELS,
    Word,
    add_block,
    add_directive,
    logical_lines,
    refuse_template,
    trimmed,
    words,
)
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

_SECTION = lazy(r"\s*+\[(?P<title>[^\]\n]++)\]\s*+(?:#.*)?$")
_TAG, _BRACE, _INDENTATION = "tag", "brace", "indentation"
"""What ends a block: ``</Name>``, ``}``, or a line that stands no deeper than the block's own."""


class _Open(NamedTuple):
    """A directive that may enclose the next lines. ``indentation`` is the column of its line, in characters from 0."""

    block: Block
    ended_by: str
    indentation: int


def read(source: Source) -> Block:
    """A block for every directive, with one operand for each argument and then the directives it encloses.

    Raises `Unreadable` for a template and where it nests too deeply.
    """
    refuse_template(source)
    reader = _Reader()
    for line in logical_lines(source, "#"):
        reader.take(line)
    return reader.root


class _Reader:
    """Builds the tree from lines."""

    def __init__(self) -> None:
        self.root = Block("document")
        self.outermost = self.root
        self.stack: list[_Open] = []

    def take(self, line: Source) -> None:
        """Add what one line says."""
        text = line.text
        first, last = trimmed(text, 0, len(text))
        section = _SECTION.match(text)
        if section:
            self.stack.clear()
            span = section.span("title")
            self.outermost = add_block(self.root, line, "section", section["title"], *span)
        elif text.startswith("</", first):
            name = text[first + 2 : last].rstrip(">").strip()
            self._close(_TAG, name.lower())
        elif text.startswith("}", first):
            self._close(_BRACE)
        elif text.startswith("<", first):
            closing = text.rfind(">", first)
            self._add(line, list(words(text, first + 1, closing if closing > 0 else last)), _TAG)
        else:
            found = list(words(text, first, last, "#"))
            if found and found[-1].text.endswith("{"):
                self._add(line, _without_brace(found), _BRACE)
            elif found:
                self._add(line, found, _INDENTATION)

    def _add(self, line: Source, found: list[Word], ended_by: str) -> None:
        indentation = len(line.text.expandtabs()) - len(line.text.expandtabs().lstrip())
        while self.stack and self.stack[-1].ended_by == _INDENTATION and self.stack[-1].indentation >= indentation:
            self.stack.pop()
        if len(self.stack) > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        parent = self.stack[-1].block if self.stack else self.outermost
        directive = add_directive(parent, line, found) if found else parent.add(Block("directive"))
        self.stack.append(_Open(directive, ended_by, indentation))

    def _close(self, ended_by: str, name: str = "") -> None:
        """End the innermost block of that kind, and of that name if one is given; and what is open inside it."""
        for depth in range(len(self.stack) - 1, -1, -1):
            block, kind, _ = self.stack[depth]
            if kind == ended_by and name in ("", block.name.lower()):
                del self.stack[depth:]
                return


def _without_brace(found: list[Word]) -> list[Word]:
    last = found[-1]
    return [*found[:-1], Word(last.text[:-1], last.start, last.end - 1)] if len(last.text) > 1 else found[:-1]
