"""Variables in Compose values, replaced by what the repository itself says about them.

Source: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from shipworthy.patterns import lazy

MOST_LEVELS = 20
"""A value with deeper nested defaults counts as unknown."""

MOST_CHARACTERS = 100_000
"""A longer value counts as unknown: of variables that hold each other twice, thirty make a gigabyte."""

_VARIABLE = lazy(r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*))", re.ASCII)
_OPERATOR = lazy(r":?[-?+]|\}")
_BRACE = lazy(r"\$\{|\}")
_NONE: Mapping[str, str] = {}


def interpolated(text: str, variables: Mapping[str, str] = _NONE) -> str | None:
    """``text`` with its variables replaced by their values or defaults; None where one of them has neither.

    ``variables`` are those that committed files set. ``${X:+y}`` of an X that they do not set is unknown.
    """
    return _interpolated(text, variables, 0)


def _interpolated(text: str, variables: Mapping[str, str], level: int) -> str | None:
    if "$" not in text:
        return text
    if level > MOST_LEVELS:
        return None
    pieces: list[str] = []
    length = done = 0
    found = _VARIABLE.search(text)
    while found:
        pieces.append(text[done : found.start()])
        done = found.end()
        value: str | None = "$"
        if found["name"]:
            value = variables.get(found["name"])
        elif found["braced"]:
            closing = _closing(text, done, MOST_LEVELS - level)
            if closing is None:
                return None
            done = closing
            value = _value(found["braced"], text[found.end() : done], variables, level)
        if value is None:
            return None
        pieces.append(value)
        length += len(value)
        if length > MOST_CHARACTERS:
            return None
        found = _VARIABLE.search(text, done)
    return "".join(pieces) + text[done:]


def _value(name: str, rest: str, variables: Mapping[str, str], level: int) -> str | None:
    """The value of ``${NAME`` followed by ``rest``, which ends with the closing brace if there is one."""
    operator = _OPERATOR.match(rest)
    if operator is None or not rest.endswith("}"):
        return None
    known = variables.get(name)
    is_set = bool(known) if operator[0].startswith(":") else known is not None
    if operator[0].endswith("-") and not is_set:
        return _interpolated(rest[operator.end() : -1], variables, level + 1)
    if operator[0].endswith("+"):
        return _interpolated(rest[operator.end() : -1], variables, level + 1) if is_set else None
    return known if is_set or operator[0] == "}" else None


def _closing(text: str, start: int, most: int) -> int | None:
    """The offset behind the brace that closes the one opened before ``start``; the text's end where none does.

    None where more than ``most`` are open inside of it: nobody waits for the end of a hundred thousand.
    """
    opened = 1
    for brace in _BRACE.finditer(text, start):
        opened += 1 if brace[0] == "${" else -1
        if opened == 0:
            return brace.end()
        if opened > most + 1:
            return None
    return len(text)
