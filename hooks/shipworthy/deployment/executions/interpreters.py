"""What the first line of a script asks for, and whether it is there.

Source: execve(2), interpreter scripts
"""

from __future__ import annotations

import re
from posixpath import basename
from typing import NamedTuple

from shipworthy.deployment.base_images import lacks_interpreter
from shipworthy.deployment.final_stage import FinalStage
from shipworthy.deployment.health_tools import may_hold
from shipworthy.deployment.image_references import ImageReference
from shipworthy.patterns import lazy

_BINARY = lazy(rb"\x7fELF|MZ|\xca\xfe\xba\xbe|[\xcf\xce]\xfa\xed\xfe|[^\n]{0,200}\0")
"""The beginning of a program, which needs no interpreter."""
_BOM = b"\xef\xbb\xbf"
_LONGEST_LINE = 256
"""Bytes; Linux reads no more of the line."""
_BRINGS = {"python": r"python[\w.-]*|py3?-[\w-]+|pip3?|uv", "node": r"node(?:js)?[\w.-]*|npm"}
"""What the packages that bring an interpreter are called."""


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


def is_absent(image: FinalStage | ImageReference | None, program: str) -> bool:
    """Whether an image is known not to have the program, and nothing is known to install it."""
    if image is None or not program:
        return False
    if isinstance(image, ImageReference):
        return lacks_interpreter(image, program)
    is_lacking = image.is_scratch or (image.reference is not None and lacks_interpreter(image.reference, program))
    language = program.rstrip("0123456789.")
    return is_lacking and not may_hold(image, _BRINGS.get(language, rf"{re.escape(program)}[\w.-]*"))
