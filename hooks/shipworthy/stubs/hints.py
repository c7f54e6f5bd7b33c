"""Lines that may be part of a stub: only files that hold one are read, and only functions around one are looked at.

git finds such lines in all sources at once. What they mean is told from the line, and where a line alone says too
little, from the lines around it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.patterns import lazy, words_of
from shipworthy.stubs import kinds, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shipworthy.stubs.kinds import Kind

LONGEST_LINE = 600
"""Characters; a longer line is no code that somebody wrote."""


class Hint(NamedTuple):
    """A kind of telling line.

    ``kind`` is what git looks for. ``line`` is what the line must be like in lower case, and ``around`` what the lines
    from ``before`` to ``after`` must hold, where a line alone says too little.
    """

    kind: Kind
    line: re.Pattern[str]
    around: re.Pattern[str] | None = None
    before: int = 0
    after: int = 0


_DECLARING = (
    "export|default|public|private|protected|internal|static|async|override|final|virtual|def|func|fn|fun|function|const|let"
    "|var|suspend|open|unsafe|inline|bool|boolean"
)
_VERIFIED = (
    r"(?:verify|validate|authenticate|authori[sz]e|check|is_?valid|is_?auth\w*|is_?verified|has_?permission|can_?access"
    r"|confirm)\w*[!?]?"
)


def _named(names: re.Pattern[str]) -> re.Pattern[str]:
    """A function of one of the names, or a call of one: that cannot be told from a line."""
    in_lower_case = names.pattern.removesuffix(_WHOLE).replace("(?i:", "(?:")
    return lazy(rf"(?<![a-z]){in_lower_case}\w*[!?]?\s*(?:<[^<>\n]*>)?\s*[(=:]")


def _line(pattern: str, holding: Iterable[str]) -> re.Pattern[str]:
    """A pattern of lines in lower case, which hold one of some words."""
    return lazy(pattern, holding=tuple(holding))


_WHOLE = "(?![a-z])"
HINTS = (
    *(Hint(kinds.CONFESSIONS, way) for way in words.CONFESSIONS),
    Hint(
        kinds.ADMISSIONS,
        _line(
            rf"{words.ADMISSION.pattern}|{words.UNIMPLEMENTED_STATUS.pattern.lower()}|todo!|todo\("
            rf"|notimplemented|unsupportedoperation"
            r"|status501|unimplemented",
            [*words_of(words.ADMITTING), "unsupported"],
        ),
    ),
    Hint(
        kinds.ECHOES,
        _line(
            rf"^(?!.*(?:err\w*\(|throw|raise|exception)).*[\"'`].*{words.ECHO.pattern}",
            words_of(words.ECHO),
        ),
        _named(words.WORKING),
        before=12,
    ),
    Hint(
        kinds.VERIFICATIONS,
        _line(
            rf"^\s*(?:(?:{_DECLARING})\s+|pub(?:\([^)]*\))?\s+|func\s*\([^)]*\)\s*)+[\w<>\[\], ?.:]*?{_VERIFIED}"
            rf"|^\s*{_VERIFIED}\s*(?:<[^<>]*>)?\([^;]*[{{,(]\s*$",
            "verif valid auth check confirm permission access".split(),
        ),
        lazy(
            r"(?:return|=>|=|\{|ok\(|fromresult\(|resolve\()\s*\(?(?:ok\()?true\b|^\s*true\s*$"
            r"|(?:valid|verified|success|ok|authenticated|authorized|allowed|passed|approved)[\"']?\s*(?::|=>|="
            r"|,)\s*true",
            re.MULTILINE,
        ),
        after=9,
    ),
    Hint(
        kinds.HEALTH,
        _line(
            words.CONSTANT_HEALTH.pattern,
            "connected healthy ok up operational available running online ready active pass good true".split(),
        ),
    ),
    Hint(
        kinds.WAITS,
        _line(r"(?:sleep|delay|settimeout)\w*\s*[(! ]", "sleep delay settimeout".split()),
        words.CLAIM,
        before=2,
        after=25,
    ),
    Hint(
        kinds.DICE,
        _line(r"random|rand|nextint|gen_range|rng\.", "rand nextint gen_range rng.".split()),
        words.MEASURED,
        before=4,
    ),
    Hint(kinds.CLAIMS, _line(words.CLAIM.pattern, words_of(words.CLAIM)), _named(words.ACTING), before=16),
    Hint(
        kinds.LOGS,
        _line(
            rf"(?:log|print|console|echo|puts|write|warn|info|debug)\w*!?[\w.]*\W.*{words.DONE.pattern}",
            "log print console echo puts write warn info debug".split(),
        ),
        _named(words.OUTWARD),
        before=8,
    ),
)


def telling(line: str) -> list[Hint]:
    """The hints that a line gives."""
    return hints_in({0: line}).get(0, [])


def hints_in(lines: Mapping[int, str]) -> dict[int, list[Hint]]:
    """The hints that lines of one file give, by their numbers: most files have none of the words of most hints."""
    lowered = {number: line.lower() for number, line in lines.items() if len(line) <= LONGEST_LINE}
    holds = "\n".join(lowered.values()).__contains__
    found: dict[int, list[Hint]] = {}
    for hint in HINTS:
        needed = words_of(hint.line)
        if not any(map(holds, needed)):
            continue
        for number, line in lowered.items():
            if any(map(line.__contains__, needed)) and hint.line.search(line) and _is_found(hint, lines[number]):
                found.setdefault(number, []).append(hint)
    return found


def _is_found(hint: Hint, line: str) -> bool:
    """Whether git may look for the line because of the hint, which minds capitals."""
    return _LOOKED_FOR[hint.kind].search(line) is not None


_LOOKED_FOR = {kind: lazy(kind.found) for kind in kinds.KINDS}


def rows_in(text: str, hints: dict[int, list[Hint]]) -> list[int]:
    """The lines, from 0, whose hints hold: those that need it have the right lines around them."""
    lines: list[str] = []
    if any(hint.around is not None for given in hints.values() for hint in given):
        lines = text.lower().split("\n")
    return [row for row, given in sorted(hints.items()) if any(_holds(lines, row, hint) for hint in given)]


def _holds(lines: list[str], row: int, hint: Hint) -> bool:
    if hint.around is None:
        return True
    return hint.around.search("\n".join(lines[max(row - hint.before, 0) : row + hint.after + 1])) is not None
