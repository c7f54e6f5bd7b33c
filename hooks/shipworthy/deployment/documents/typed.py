"""What the reader of a document types, and the files that exist because of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.prose import CODE, Piece, Prose
from shipworthy.formats.source import Source
from shipworthy.patterns import lazy

_PROMPT = lazy(
    r"^[ \t>]{0,40}(?:\([\w.-]{1,40}\)[ \t]*)?(?:\$|%|❯|➜|[\w.-]{1,40}@[\w.-]{1,40}(?::[~/\w.-]{0,80})?[$#])[ \t]+",
    re.MULTILINE,
)
_WRITES = lazy(
    r"(?:>|t(?<!\wt)ee(?:[ \t]+-a)?|t(?<!\wt)ouch|m(?<!\wm)kdir(?:[ \t]+-p)?|-(?<!\S-)[a-z]{0,5}o"
    r"|-(?<=--)output(?:-document)?|-out|-keyout)"
    r"[ \t=]+[\"']?(?P<path>[\w./@-]+)"
)
_COPIES = lazy(r"(?:c(?<!\wc)p|m(?<!\wm)v|l(?<!\wl)n)[ \t]+(?:-\S+[ \t]+){0,5}\S+[ \t]+(?P<path>[\w./@-]+)")
_CREATES = lazy(
    r"(?:c(?<!\wc)(?:reat|all|réer)|w(?<!\ww)rit|s(?<!\ws)(?:av|kapa)|a(?<!\wa)dd|m(?<!\wm)ak|p(?<!\wp)(?:ut|aste)|n(?<!\wn)am"
    r"|e(?<!\we)rstell)\w{0,12}\b[^`\n]{0,60}`(?P<path>[^`\n]{1,200})`"
)
"""What a reader is told to write, in small letters. The first letters come first, which are looked for fastest."""
_TITLE = lazy(r"(?:title|file(?:name)?)=[\"']?(?P<path>[\w./@-]+)|(?:^|[\s:])(?P<name>[\w./@-]+\.\w+)")
_COMMENT = lazy(r"\s*(?:#|//|--|<!--|/\*)[ \t]*(?:[Ff]ile:?[ \t]*)?(?P<path>[\w./@-]+\.\w+|[\w./-]*Dockerfile[\w.-]*)")
_NAMED = lazy(r"[`*](?P<path>[\w./@-]+\.\w+)[`*]")
_PLACEHOLDER = lazy(r"<[A-Za-z][\w .-]{0,40}>")
"""Stands for a word that the reader knows; a shell would take it for redirections."""
_SHELLS = ("bash", "sh", "shell", "console", "zsh")
_LONGEST_LINE = 300


def typed(text: str, piece: Piece) -> Source:
    """What a reader types of a block: without prompts and, where there are prompts, without what is printed."""
    part = _PLACEHOLDER.sub(lambda found: "_" * len(found[0]), text[piece.start : piece.end])
    whole = Source(part, [(0, piece.start)])
    prompts = [*_PROMPT.finditer(part)]
    if not prompts:
        return whole
    return whole.joined((part[prompt.end() : _end(part, prompt)], prompt.end()) for prompt in prompts)


def _end(text: str, prompt: re.Match[str]) -> int:
    """Where the command behind a prompt ends; a backslash goes on in the next line."""
    end = text.find("\n", prompt.end())
    while end >= 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end + 1


def shown_or_written(document: Prose) -> frozenset[str]:
    """The names, in small letters, of files that the document has its reader write, or whose contents it shows."""
    lowered = document.text.lower()
    written = (found["path"] for pattern in (_WRITES, _COPIES, _CREATES) for found in pattern.finditer(lowered))
    return frozenset(path.rstrip("/").rpartition("/")[2].lower() for path in written) | shown(document)


def shown(document: Prose) -> frozenset[str]:
    """The names, in small letters, of files whose contents the document shows."""
    return frozenset(path.rstrip("/").rpartition("/")[2].lower() for path in _shown(document))


def _shown(document: Prose) -> Iterator[str]:
    """The names that stand at a block of code: behind its language, in its first line, in the line above it."""
    text = document.text
    for piece in document.pieces:
        if piece.kind != CODE:
            continue
        language, _, rest = piece.language.partition(" ")
        title = _TITLE.search(rest or language)
        if title is not None:
            yield title["path"] or title["name"]
        comment = _COMMENT.match(text, piece.start, min(piece.end, piece.start + _LONGEST_LINE))
        if comment is not None:
            yield comment["path"]
        if language and language.lower() not in _SHELLS:
            above = text[max(0, piece.start - _LONGEST_LINE) : piece.start].rstrip().rpartition("\n")[0].rstrip()
            for named in _NAMED.finditer(above.rpartition("\n")[2]):
                yield named["path"]
