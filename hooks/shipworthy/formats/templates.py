"""Template marks (Jinja, Go and Helm templates, ERB, Mustache) in files of another format.

A template is no YAML and no INI before it is rendered, but most are nearly so. `masked` hides the marks behind
characters that mean nothing to any parser, length and lines unchanged, so that positions stay right.
"""

from __future__ import annotations

import re

from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

MASK = "\ue000"
"""A private-use character: a part of a word to every parser, and in no real file."""
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}
_OPENING = lazy(r"\{[{%]|(?<!\$)\{#|<%", holding=("{{", "{%", "{#", "<%"))
"""``${#`` is a shell's length of a value."""
_GIVES_BLOCK = lazy(r"\bn?indent\b|\btoYaml\b")
"""What gives a block of lines is no value: more keys of the same block may follow it."""
_VISIBLE = lazy(r"[^\n]")


def masked(text: str) -> str | None:
    """The text with its template marks hidden, as long as before; None where there are none.

    A line that holds nothing but marks becomes blank: it is a statement, and gives no text or a whole block of it.
    """
    pieces: list[str] = []
    done = 0
    unclosed: set[str] = set()
    opening = _OPENING.search(text)
    while opening:
        mark, start = opening[0], opening.start()
        end = -1 if mark in unclosed else text.find(_CLOSING[mark], start + 2)
        if end < 0:
            unclosed.add(mark)  # there is no closing mark behind any later one either
            opening = _OPENING.search(text, start + 2)
            continue
        hidden = " " if _GIVES_BLOCK.search(text, start, end) else MASK
        pieces += [text[done:start], _VISIBLE.sub(hidden, text[start : end + 2])]
        done = end + 2
        opening = _OPENING.search(text, done)
    if not pieces:
        return None
    lines = ("".join(pieces) + text[done:]).split("\n")
    for number, line in enumerate(lines):
        if MASK in line and not line.replace(MASK, "").strip():
            lines[number] = " " * len(line)
    return "\n".join(lines)


def restore(root: Block, text: str) -> None:
    """Put what the template says back into the values and names that were read from the masked text."""
    for node in root.walk():
        if isinstance(node, Setting) and MASK in node.value:
            written = text[node.start : node.end]
            node.value = written if len(written) == len(node.value) else node.value.replace(MASK, "?")
        if MASK in node.name:
            node.name = re.sub(f"{MASK}+", "{{…}}", node.name)
        if isinstance(node, Block) and any(MASK in word for word in node.words):
            node.words = tuple(re.sub(f"{MASK}+", "{{…}}", word) for word in node.words)
