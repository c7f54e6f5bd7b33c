"""Components of Vue and Svelte: files of markup with scripts in them."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy

_SCRIPT = lazy(r"<script\b[^<>]*+>", re.IGNORECASE)
_SCRIPT_ENDS = "</script"
_NOT_BLANK = lazy(r"[^\n]")


def scripts_alone(text: str) -> str:
    """A component's text with everything but its scripts blanked, offsets unchanged."""
    pieces, end = [], 0
    for script in _SCRIPT.finditer(text):
        close = text.find(_SCRIPT_ENDS, script.end())
        if script.start() >= end and close >= 0:
            pieces += [_NOT_BLANK.sub(" ", text[end : script.end()]), text[script.end() : close]]
            end = close
    return "".join([*pieces, _NOT_BLANK.sub(" ", text[end:])])
