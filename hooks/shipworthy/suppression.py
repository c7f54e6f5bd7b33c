"""Inline ignores: the word ``ignore`` with a rule in brackets and a reason, in a comment of the file.

An ignore stands at the end of the line it is for, or alone on the line above; of a command that backslashes carry over
several lines, at its end or above all of it, because there is no other room. It names its rules, and it gives a reason.
One that suppresses nothing, names no known rule or gives no reason is itself a finding, so that ignores do not outlive
what they were written for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from shipworthy.file import File
from shipworthy.filenames import READABLE
from shipworthy.formats.unreadable import Unreadable
from shipworthy.hook import IGNORE_MARK
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION
from shipworthy.rule import MEDIUM, Finding

OWN_RULE = "shipworthy"
"""What findings about ignores are reported as where no known rule is named."""
_MARK = IGNORE_MARK.decode()
_IGNORE = lazy(
    r"(?:#|//|--|;|/\*|\*|!|<!--|\{\{-?[ \t]*/\*|\{#|%|\.\.[ \t]|\b(?i:rem)\b)[ \t]*"
    r"shipworthy: ?ignore(?![\w-])(?: ?\[(?P<rules>[^\[\]\n]*)\])?"
)
"""No bracket opens in the brackets: of a hundred thousand that never close, each would be read to the end."""
_LEADERS = " \t#/-;<%{*!@"
"""What may stand before the leader of a comment that has its line to itself: more of the same (``##``, ``<%#``)."""
_CLOSINGS = ("*/ -}}", "*/-}}", "*/ }}", "*/}}", "*/", "-->", "#}", "%>")
_CLOSING_LINES = ("*/", "-->", "#}")
"""Lines that end a comment of several lines: what an ignore in it is for comes behind them."""
_WORD = lazy(r"\w")
_OTHER_SOURCES = tuple(
    ".c .cc .cpp .cs .css .dart .h .hpp .kt .kts .less .pyi .rs .scala .scss .sql .svelte .swift .vue".split()
)
"""What rules judge besides the files that hold settings."""


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
    between = (*_CLOSING_LINES, "") if file.path.endswith(".rst") else _CLOSING_LINES  # there a comment ends so
    following = len(lines) + 1  # the next line that is no ignore itself
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        matches = list(_IGNORE.finditer(line)) if _MARK in line else []
        alone = bool(matches) and not line[: matches[0].start()].strip(_LEADERS)
        if not alone and line.strip() not in between:
            following = number
        end = len(line)
        for match in reversed(matches):
            names = dict.fromkeys(name.strip() for name in (match["rules"] or "").split(","))
            rules = tuple(name for name in names if name)
            found.append(Ignore(number, match.start() + 1, rules, _reason(line[match.end() : end]), following))
            end = match.start()
    return found[::-1]


def _reason(written: str) -> str:
    """The reason without what closes the comment; "" where it has no word."""
    reason = written.strip()
    closing = next((closing for closing in _CLOSINGS if reason.endswith(closing)), "")
    return reason.removesuffix(closing).strip() if _WORD.search(reason) else ""


def _continued(text: str) -> dict[int, tuple[int, int]]:
    """The first and the last line of what backslashes carry over several lines, for each of these lines."""
    found: dict[int, tuple[int, int]] = {}
    first = 0
    for number, line in enumerate(text.split("\n"), 1):
        goes_on = line.endswith(("\\", "\\\r"))
        if goes_on and not first:
            first = number
        elif first and not goes_on:
            found |= dict.fromkeys(range(first, number + 1), (first, number))
            first = 0
    return found


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
        continued = _continued(file.text) if by_place else {}
        used: set[tuple[int, str]] = set()
        for finding in findings:
            lines = finding.line, *continued.get(finding.line, ())
            places = ((line, finding.rule) for line in lines)
            suppressing = next((by_place[place] for place in places if place in by_place), None)
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
    if file.place not in (PRODUCTION, DEVELOPMENT, CI):
        return False
    return re.search(READABLE, file.path) is not None or file.path.endswith(_OTHER_SOURCES)
