"""Versions that a document states in a table or a list of its technology, and that no manifest agrees with.

A version in passing may be an example or a memory; a list of what the program is built with is a statement of fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shipworthy.deployment.documents.context import QUIET, Context
from shipworthy.deployment.documents.model import VERSION, Named
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.stack import Interval, claimed, spellings, stack, technology
from shipworthy.file import File
from shipworthy.formats.prose import ITEM, PARAGRAPH, ROW, Piece, Prose, cells
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

FEWEST = 2
"""So many technologies with a version make a table or a list of technology."""
_HEADING = lazy(
    r"\b(?:tech(?:nolog(?:y|ies|ical))?|tech[-\s]?stack|stack|built\s+with|dependenc(?:y|ies)|versions?)\b"
    r"|technologie|versionen|tecnolog|versiones|技术栈|技術|版本|バージョン|стек|технолог|верси",
)
_NEEDED = lazy(r"require|prerequisit|install|set-?up|voraussetz|requisit|förutsätt|before you|support")
"""Headings of what the reader needs, which is not what the program is built with."""
_HEADER = lazy(
    r"\bversion|technolog|\btech\b|stack|版本|バージョン|верси",
)
_VERSION = (
    r"(?:[>≥]=?\s?|[~^])?v?\d{1,4}(?:\.\d{1,6}){0,3}(?:\.[xX*])?(?:\+|\s+or\s+(?:later|higher|newer))?"
    r"(?![\w%]|\.\d|[-–]\s?\d|,\d|/\d|\s?(?:st|nd|rd|th|ms|[KMGT]i?B|years?|days?|weeks?|hours?|files?|tables?|endpoints?|nodes?)\b)"
)
_MANIFEST = lazy(
    r"(?:^|/)(?:requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|package\.json|go\.mod|Cargo\.toml|Gemfile|composer\.json)$"
)
_MARKUP = lazy(r"[*_`]|\[([^\]\n]*)\]\([^()\n]*\)")
_LONGEST = 300
"""Characters of an item that are looked at."""


class _Claim(NamedTuple):
    name: str
    version: str
    start: int
    interval: Interval
    piece: Piece


def contradicted(file: File, context: Context, project: Project) -> Iterator[Named]:
    """The versions that no manifest agrees with, in tables and lists of technology."""
    for claims in _groups(context.document):
        if len({claim.name for claim in claims}) < FEWEST:
            continue
        known_stack = project.model(stack)
        for claim in claims:
            otherwise = known_stack.contradiction(claim.name, claim.interval)
            if otherwise is None or context.state(claim.piece, claim.start) == QUIET or _is_client(project, claim):
                continue
            place = f"{otherwise.evidence.path}:{otherwise.evidence.line}"
            yield Named(
                VERSION,
                file,
                claim.start,
                claim.version,
                what=f"states {claim.name} {claim.version}, and {place} says {otherwise.version}",
                fix=f"write {otherwise.version.lstrip('^~>=< v') or otherwise.version}",
            )


def _is_client(project: Project, claim: _Claim) -> bool:
    """Whether a manifest has a package of that name in that version: clients of databases are called like them."""
    name, version = re.escape(claim.name.lower()), re.escape(claim.version.strip("v^~>=≥ "))
    package = re.compile(
        rf"(?<![\w@/.-])[\"']?{name}(?:\[[\w,-]*\])?[\"']?\s*[=~<>^!:]{{1,3}}\s*[\"']?[\^~>=v]*{version}(?!\.?\d)"
    )
    paths = (path for path in project.repository.paths if _MANIFEST.search(path))
    return any(package.search(text_of(project, path).lower()) for path in paths)


def _groups(document: Prose) -> Iterator[list[_Claim]]:
    """What is stated together: the rows of a table, the items below a heading about technology."""
    groups: dict[tuple[str, int], list[_Claim]] = {}
    about: dict[int, Piece | None] = {}
    headers: dict[int, bool] = {}
    for piece in document.pieces:
        section = piece.section
        if piece.kind == ROW and piece.first is not None:
            if piece.first.start not in headers:
                headers[piece.first.start] = _is_about_technology(document, piece.first)
            if piece.first is not piece and headers[piece.first.start]:
                groups.setdefault((ROW, piece.first.start), []).extend(_of_row(document, piece))
        elif piece.kind in (ITEM, PARAGRAPH) and section is not None:
            heading = _heading_about_technology(document, section, about)
            if heading is not None:
                groups.setdefault((ITEM, heading.start), []).extend(_of_item(document, piece))
    yield from groups.values()


def _is_about_technology(document: Prose, first: Piece) -> bool:
    """Whether the first row of a table says that it lists technologies, and none that the reader needs."""
    if first.section is not None and _NEEDED.search(document.of(first.section).lower()):
        return False
    return _HEADER.search(document.of(first).lower()) is not None


def _heading_about_technology(document: Prose, section: Piece, known: dict[int, Piece | None]) -> Piece | None:
    """The nearest heading about technology, if none of what the reader needs stands between."""
    below: list[Piece] = []
    found: Piece | None = section
    while found is not None and found.start not in known:
        below.append(found)
        title = document.of(found).lower()
        if _NEEDED.search(title) or _HEADING.search(title):
            found = None if _NEEDED.search(title) else found
            break
        found = found.section
    heading = known.get(found.start, found) if found is not None else None
    known.update((piece.start, heading) for piece in below)
    return heading


def _of_row(document: Prose, row: Piece) -> Iterator[_Claim]:
    spans = cells(document, row)
    texts = [_plain(document.text[first:last]) for first, last in spans]
    for number, text in enumerate(texts):
        known = technology(text)
        for (first, last), other in zip(spans[number + 1 :], texts[number + 1 :], strict=True):
            interval = claimed(other) if known is not None else None
            if known is not None and interval is not None:
                yield _Claim(known.name, other, first + max(document.text[first:last].find(other), 0), interval, row)
                return
        yield from _named(document.text, *spans[number], row)


def _of_item(document: Prose, piece: Piece) -> Iterator[_Claim]:
    line = document.text.find("\n", piece.start, piece.end)
    yield from _named(document.text, piece.start, line if line >= 0 else piece.end, piece)


def _named(text: str, start: int, end: int, piece: Piece) -> Iterator[_Claim]:
    """Technologies with their versions behind them: ``**Express.js**: 4.18.2``, ``PostgreSQL 15 and Redis 7``."""
    for found in _pattern().finditer(text, start, min(end, start + _LONGEST)):
        known, interval = technology(found["name"]), claimed(found["version"])
        if known is not None and interval is not None:
            yield _Claim(known.name, found["version"], found.start("version"), interval, piece)


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(spellings(), key=len, reverse=True))
    return re.compile(
        r"(?:(?<![^:：,;(|+/&•–—*_`\[])|(?<=[:：,;(|+/&•–—*_-] )|(?<=\band )|(?<=\bund )|(?<=\boch )|(?<=\bwith )"
        r"|(?<=\busing ))"
        rf"(?P<name>{names})(?:[*_`\s]*(?:\((?!\d)[^()\n]{{0,40}}\))?[*_`\s]*[:：–—-]?[*_`\s]*)(?P<version>{_VERSION})"
    )


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda found: found[1] or "", text).strip()
