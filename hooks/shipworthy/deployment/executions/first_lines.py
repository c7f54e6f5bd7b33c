"""The first line of a script, as the kernel reads it.

Source: execve(2), interpreter scripts
"""

from __future__ import annotations

from posixpath import basename
from typing import NamedTuple

from shipworthy.patterns import lazy

_BINARY = lazy(rb"\x7fELF|MZ|\xca\xfe\xba\xbe|[\xcf\xce]\xfa\xed\xfe|[^\n]{0,200}\0")
"""The beginning of a program, which needs no interpreter."""
_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 256
"""Bytes; Linux reads no more of the line."""


class FirstLine(NamedTuple):
    """The first line of a script: the ``program`` that it asks for, "" where it asks for none.

    ``has_return`` tells that the line ends as on Windows: the kernel takes the carriage return for a part of the name.
    ``has_mark`` tells that a byte order mark stands before it, so that the kernel sees no ``#!``.
    """

    program: str
    has_return: bool
    has_mark: bool


def first_line(data: bytes) -> FirstLine | None:
    """What the first line of a file asks for; None for a program, and for an empty file."""
    if not data.strip() or _BINARY.match(data):
        return None
    has_mark = data.startswith(_BOM)
    line = data.removeprefix(_BOM)[:_LONGEST_LINE].split(b"\n", 1)[0]
    if not line.startswith(b"#!"):
        return FirstLine("", False, has_mark)
    words = line[2:].decode("utf-8", "replace").split()
    program = basename(words[0]) if words else ""
    if program == "env":
        rest = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        program = basename(rest[0]) if rest else ""
    return FirstLine(program, line.endswith(b"\r"), has_mark)
