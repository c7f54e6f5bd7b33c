"""Procfiles: one process type and its command per line.

Source: https://devcenter.heroku.com/articles/procfile
"""

from __future__ import annotations

from shipworthy.formats.lexing import add_command, lines, refuse_template, trimmed
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy

_ENTRY = lazy(r"\s*+(?P<process>[A-Za-z0-9_\-]++)\s*+:")


def read(source: Source) -> Block:
    """A directive for every process type, which holds its command. Raises `Unreadable` for a template."""
    refuse_template(source)
    root = Block("document")
    for line in lines(source):
        entry = _ENTRY.match(line.text)
        if entry:
            add_command(root, line, entry.span("process"), trimmed(line.text, entry.end(), len(line.text)))
    return root
