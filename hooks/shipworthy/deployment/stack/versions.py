"""Versions as people and manifests write them, and whether two of them can mean the same.

A manifest's requirement is a set of intervals; what a document claims is an interval too: ``4.18`` is everything from
4.18 up to, but not including, 4.19. They agree where they have a version in common. What cannot be read agrees with
everything.

Sources: https://docs.npmjs.com/cli/using-npm/semver ,
https://packaging.python.org/en/latest/specifications/version-specifiers/ ,
https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.patterns import lazy

LONGEST = 100
"""Characters; a longer text is no version."""
_LEVELS = 3
_INFINITE = (10**9,) * _LEVELS

Version = tuple[int, ...]

_NUMBER = r"\d{1,6}(?:\.\d{1,6}){0,3}"
_TERM = lazy(
    rf"(?P<operator>===?|~=|~>|!=|>=|<=|[<>^~=≥≤])?\s*v?(?P<number>{_NUMBER})"
    r"(?P<wild>(?:\.[x*]){0,3})(?P<suffix>[-+.]?(?:a|b|c|rc|alpha|beta|canary|next|dev|post|pre|preview|final|RELEASE|LTS)"
    r"[\w.+-]*|[-+][\w.+-]+)?",
    re.IGNORECASE,
)
_HYPHEN = lazy(rf"v?({_NUMBER})\s+-\s+v?({_NUMBER})")
_BLANK = lazy(r"[\s,]*")


class Interval(NamedTuple):
    """The versions from ``low`` up to, but not including, ``high``, each of three numbers."""

    low: Version
    high: Version


def requirement(text: str, *, caret: bool = False) -> list[Interval] | None:
    """The versions that a manifest's requirement takes; None where it cannot be read, or takes any.

    ``caret`` tells that a version without an operator takes later ones that are compatible, as in Cargo.
    """
    if len(text) > LONGEST:
        return None
    found: list[Interval] = []
    for alternative in text.split("||"):
        interval = _conjunction(alternative.strip(), caret)
        if interval is None:
            return None
        if interval.low < interval.high:
            found.append(interval)
    return found or None


def claimed(text: str) -> Interval | None:
    """What a document's words mean: ``15``, ``v4.18.2``, ``14.x``, ``18+``, ``>= 3.11``; None for no version."""
    text = text.strip()
    or_later = text.endswith("+") or text.lower().endswith(("or later", "or higher", "or newer", "以上"))
    text = re.sub(r"(?i)\s*(?:\+|or (?:later|higher|newer)|以上)$", "", text)
    found = _TERM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    if or_later:
        return Interval(_padded(_numbers(found)), _INFINITE)
    return _interval(found, caret=False)


def agree(claim: Interval, known: list[Interval]) -> bool:
    """Whether a claim and a requirement have a version in common."""
    return any(claim.low < interval.high and interval.low < claim.high for interval in known)


def _conjunction(text: str, caret: bool) -> Interval | None:
    """What all terms of one alternative take together."""
    span = _HYPHEN.fullmatch(text)
    if span is not None:
        high = _version(span[2])
        return Interval(_padded(_version(span[1])), _after(high, len(high)))
    low, high = (0,) * _LEVELS, _INFINITE
    offset, terms = 0, 0
    while offset < len(text):
        found = _TERM.match(text, offset)
        if found is None or found.end() == offset:
            return None
        interval = _interval(found, caret)
        low, high = max(low, interval.low), min(high, interval.high)
        blank = _BLANK.match(text, found.end())
        offset, terms = blank.end() if blank else found.end(), terms + 1
    return Interval(low, high) if terms else None


def _interval(term: re.Match[str], caret: bool) -> Interval:
    operator, numbers = term["operator"] or "", _numbers(term)
    low, exact = _padded(numbers), _after(numbers, len(numbers))
    if operator in (">=", "≥"):
        return Interval(low, _INFINITE)
    if operator == ">":
        return Interval(exact, _INFINITE)
    if operator == "<":
        return Interval((0,) * _LEVELS, low)
    if operator in ("<=", "≤"):
        return Interval((0,) * _LEVELS, exact)
    if operator == "!=":
        return Interval((0,) * _LEVELS, _INFINITE)
    if operator == "^" or (caret and not operator):
        first = next((at for at, number in enumerate(numbers) if number), len(numbers) - 1)
        return Interval(low, _after(numbers, first + 1))
    if operator in ("~=", "~>"):
        return Interval(low, _after(numbers, max(len(numbers) - 1, 1)))
    if operator == "~":
        return Interval(low, _after(numbers, min(len(numbers), 2)))
    return Interval(low, exact)


def _numbers(term: re.Match[str]) -> Version:
    return _version(term["number"])


def _version(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))[:_LEVELS]


def _padded(numbers: Version) -> Version:
    return (*numbers, *(0,) * (_LEVELS - len(numbers)))


def _after(numbers: Version, level: int) -> Version:
    """The first version behind all that begin with the first ``level`` numbers."""
    kept = numbers[:level]
    return _padded((*kept[:-1], kept[-1] + 1))
