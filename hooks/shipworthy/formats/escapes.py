"""Backslash escapes, as JSON, TOML, HCL and most programming languages write them."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy

_ESCAPE = lazy(
    r"\\(?:u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})"
    r"|x(?P<two>[0-9A-Fa-f]{2})|(?P<octal>[0-7]{1,3})|(?P<line>\r?\n)|(?P<character>.))",
    re.DOTALL,
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_LAST_CHARACTER = 0x10FFFF


def unescaped(text: str) -> str:
    """The text with its escapes resolved; an unknown escape gives the character behind the backslash."""
    if "\\" not in text:
        return text
    resolved = _ESCAPE.sub(_character, text)
    if any("\ud800" <= character <= "\udfff" for character in resolved):  # pairs of surrogates, as in JSON
        return resolved.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return resolved


def _character(escape: re.Match[str]) -> str:
    number = escape["braced"] or escape["four"] or escape["eight"] or escape["two"]
    if number:
        code = int(number, 16)
        return chr(code) if code <= _LAST_CHARACTER else "\ufffd"
    if escape["octal"]:
        return chr(int(escape["octal"], 8))
    if escape["line"]:
        return ""
    return _LETTERS.get(escape["character"], escape["character"])
