"""Inline ignores: the word ``ignore`` with a rule in brackets and a reason, in a comment of the file.

An ignore stands at the end of the line it is for, or alone on the line above. It names its rules, and it gives a
reason. One that suppresses nothing, names no known rule or gives no reason is itself a finding, so that ignores do
not outlive what they were written for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from shipworthy.file import File
from shipworthy.filenames import READABLE
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION
from shipworthy.rule import MEDIUM, Finding

OWN_RULE = "shipworthy"
"""What findings about ignores are reported as where no known rule is named."""
_MARK = "shipworthy: ignore["
_IGNORE = lazy(
    r"(?:#|//|--|;|/\*|<!--|\{\{-?[ \t]*/\*|\{#|%|\b(?i:rem)\b)[ \t]*"
    r"shipworthy: ignore\[(?P<rules>[^\]\n]*)\](?P<reason>[^\n]*)"
)
_LEADERS = " \t#/-;<%{*"
"""What may stand before the leader of a comment that has its line to itself: more of the same (``##``, ``<%#``)."""
_CLOSINGS = ("*/ -}}", "*/-}}", "*/ }}", "*/}}", "*/", "-->", "#}", "%>")


class Ignore:
    """One inline ignore: where it stands, the rules it names, and the line (from 1) it is for."""

    __slots__ = ("column", "line", "reason", "rules", "target")

    def __init__(self, line: int, column: int, rules: tuple[str, ...], reason: str, target: int) -> None:
        self.line = line
        self.column = column
        self.rules = rules
        self.reason = reason
        self.target = target


def ignores_in(file: File) -> list[Ignore]:
    """The ignores of a file, in order. A file that is no text has none."""
    try:
        text = file.text
    except Unreadable:
        return []
    if _MARK not in text:
        return []
    lines = text.split("\n")
    found: list[Ignore] = []
    following = len(lines) + 1  # the next line that is no ignore itself
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        match = _IGNORE.search(line) if _MARK in line else None
        if match is None:
            following = number
            continue
        names = dict.fromkeys(name.strip() for name in match["rules"].split(","))
        alone = not line[: match.start()].strip(_LEADERS)
        target = following if alone else number
        if not alone:
            following = number
        rules = tuple(name for name in names if name)
        found.append(Ignore(number, match.start() + 1, rules, _reason(match["reason"]), target))
    return found[::-1]


def _reason(written: str) -> str:
    """The reason without what closes the comment."""
    reason = written.strip()
    closing = next((closing for closing in _CLOSINGS if reason.endswith(closing)), "")
    return reason.removesuffix(closing).strip()


class Suppression:
    """Sorts findings into those to report and those that an inline ignore suppresses."""

    def __init__(self, rules: Collection[str], known: Collection[str]) -> None:
        """``rules`` are those that were checked, ``known`` all there are."""
        self.rules = rules
        self.known = known
        self.suppressed = 0

    def apply(self, file: File, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of one file that no ignore suppresses, and what is wrong with the file's ignores."""
        ignores = ignores_in(file)
        by_place: dict[tuple[int, str], Ignore] = {}
        for ignore in ignores:
            for rule in ignore.rules if ignore.reason else ():
                by_place.setdefault((ignore.line, rule), ignore)
                by_place.setdefault((ignore.target, rule), ignore)
        used: set[tuple[int, str]] = set()
        for finding in findings:
            suppressing = by_place.get((finding.line, finding.rule))
            if suppressing is None:
                yield finding
            else:
                used.add((suppressing.line, finding.rule))
                self.suppressed += 1
        if _judged(file):
            for ignore in ignores:
                yield from self._wrong(file, ignore, used)

    def _wrong(self, file: File, ignore: Ignore, used: set[tuple[int, str]]) -> Iterator[Finding]:
        def finding(rule: str, message: str, fix: str) -> Finding:
            return Finding(rule, MEDIUM, file.path, ignore.line, ignore.column, message, fix)

        if not ignore.rules:
            yield finding(OWN_RULE, "the ignore names no rule", "name it: shipworthy: ignore[rule-id] reason")
        for rule in ignore.rules:
            if rule not in self.known:
                yield finding(
                    OWN_RULE, f"the ignore names no known rule: {rule}", "see the rules with: shipworthy rules"
                )
            elif rule not in self.rules:
                continue
            elif not ignore.reason:
                yield finding(
                    rule, f"the ignore of {rule} gives no reason, so it suppresses nothing", f"ignore[{rule}] reason"
                )
            elif (ignore.line, rule) not in used:
                yield finding(rule, f"the ignore of {rule} suppresses nothing", "remove it")


def _judged(file: File) -> bool:
    """Whether the ignores of the file are meant: documents and tests show ignores that are only examples."""
    return file.place in (PRODUCTION, DEVELOPMENT, CI) and re.search(READABLE, file.path) is not None
