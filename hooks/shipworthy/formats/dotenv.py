"""Dotenv files, read as Compose, dotenv for Node.js and python-dotenv agree to read them.

Sources: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax ;
https://github.com/motdotla/dotenv#readme ; https://github.com/theskumar/python-dotenv#file-format
"""

from __future__ import annotations

import re

from shipworthy.formats.escapes import unescaped
from shipworthy.formats.lexing import BYTE_ORDER_MARK, add_setting, refuse_template, value_span
from shipworthy.formats.source import Source
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import VARIABLE, Block
from shipworthy.patterns import lazy

_ENTRY = lazy(
    rf"[ \t{BYTE_ORDER_MARK}]*+(?:export[ \t]++)?(?P<name>[A-Za-z_{MASK}][\w.\-{MASK}]*+)[ \t]*+"
    r"(?:(?P<separator>=|:(?=[ \t]))[ \t]*+|(?=\r?(?:\n|\Z)|#))"
)
_QUOTED = lazy(
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|`(?P<backtick>[^`]*+)`)"""
    r"[ \t]*+(?:#[^\n]*+)?\r?(?=\n|\Z)",
    re.DOTALL,
)


def read(source: Source) -> Block:
    """The variables of a dotenv file; a name without ``=`` has the value "".

    Values in double quotes may hold escapes and, as those in single quotes and backticks, several lines. Raises
    `Unreadable` for a template.
    """
    refuse_template(source)
    root = Block("document")
    text = source.text
    position = 0
    while position < len(text):
        entry = _ENTRY.match(text, position)
        if entry:
            position = _add_variable(root, source, entry)
        line_feed = text.find("\n", position)
        position = len(text) if line_feed < 0 else line_feed + 1
    return root


def _add_variable(root: Block, source: Source, entry: re.Match[str]) -> int:
    """Add the variable of an entry; gives the offset where its value ends."""
    text, name, key = source.text, entry["name"], entry.start("name")
    if not entry["separator"]:
        add_setting(root, source, name, entry.end("name"), entry.end("name"), VARIABLE, key=key)
        return entry.end()
    quoted = _QUOTED.match(text, entry.end())
    if quoted is None:
        line_feed = text.find("\n", entry.end())
        end = len(text) if line_feed < 0 else line_feed
        start, end = value_span(text, entry.end("separator"), end, "#")
        add_setting(root, source, name, start, end, VARIABLE, key=key)
        return end
    style = str(quoted.lastgroup)
    start, end = quoted.span(style)
    value = unescaped(quoted[style]) if style == "double" else quoted[style]
    add_setting(root, source, name, start, end, VARIABLE, key=key, value=value, interpolated=style == "double")
    return quoted.end()
