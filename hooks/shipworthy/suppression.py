"""Inline ignores: ``# shipworthy: ignore[rule-id] reason``, in the comment syntax of the file.

An ignore stands at the end of the line it is for, or alone on the line above. It names its rules, and it gives a
reason. One that suppresses nothing, names no known rule or gives no reason is itself a finding, so that ignores do
not outlive what they were written for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from shipworthy.file import File
from shipworthy.formats.names import READABLE
from shipworthy.formats.unreadable import Unreadable
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION
from shipworthy.rule import MEDIUM, Finding

OWN_RULE = "shipworthy"
"""What findings about ignores are reported as where no known rule is named."""
_MARK = "shipworthy: ignore["
_IGNORE = re.compile(
    r"(?P<leader>#|//|--|;|/\*|<!--|\{\{-?[ \t]*/\*|\{#|%|\brem\b)[ \t]*shipworthy: ignore\[(?P<rules>[^\]\n]*)\](?P<reason>[^\n]*)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[ \t\r]*(?:\*/(?:[ \t]*-?\}\})?|-->|#\})?[ \t\r]*$")


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
    for number, line in enumerate(lines, 1):
        match = _IGNORE.search(line) if _MARK in line else None
        if match:
            rules = tuple(name.strip() for name in match["rules"].split(",") if name.strip())
            alone = not line[: match.start()].strip()
            target = _next_line(lines, number) if alone else number
            reason = _CLOSING.sub("", match["reason"]).strip()
            found.append(Ignore(number, match.start() + 1, rules, reason, target))
    return found


def _next_line(lines: list[str], number: int) -> int:
    """The line that an ignore alone on line ``number`` is for: the next that is no ignore itself."""
    while number < len(lines) and _MARK in lines[number]:
        number += 1
    return number + 1


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
        used: set[tuple[int, str]] = set()
        for finding in findings:
            ignore = next(
                (
                    ignore
                    for ignore in ignores
                    if ignore.reason and finding.line in (ignore.target, ignore.line) and finding.rule in ignore.rules
                ),
                None,
            )
            if ignore is None:
                yield finding
            else:
                used.add((ignore.line, finding.rule))
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
