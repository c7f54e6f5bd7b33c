"""Lines that may be part of a stub: only files that hold one are read, and only functions around one are looked at.

git finds such lines in all sources at once. What they mean is told from the line, and where a line alone says too
little, from the lines around it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.patterns import lazy, words_of
from shipworthy.stubs import quick, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_LINE = 600
"""Characters; a longer line is no code that somebody wrote."""


class Hint(NamedTuple):
    """A kind of telling line.

    ``found`` is what git looks for, ``phrases`` what it looks for in less time where it can. ``line`` is what the line
    must be like in lower case, and ``around`` what the lines from ``before`` to ``after`` must hold, where a line alone
    says too little.
    """

    found: str
    phrases: tuple[str, ...]
    line: re.Pattern[str]
    around: re.Pattern[str] | None = None
    before: int = 0
    after: int = 0


_CONFESSIONS = (
    r"TODO|FIXME|XXX|HACK|todo:|fixme|[Pp]laceholders?([ .),:-]|$)|[Ss]imulat(e|ed|es|ing)([^A-Za-z]|$)"
    r"|([Mm]ock|[Ss]tub|[Dd]ummy|[Ff]ake|[Hh]ard-?coded|[Mm]ocked|[Ss]tubbed|[Ss]tubs|[Cc]anned)([ .)]|$)"
    r"|[Ii]n (a |an |the )?(real|actual|full|proper|production|complete|true)[ ,:-]|or production"
    r"|roduction (code|version|system|implementation)|[Rr]eal (implementation|version|code)| (full|proper"
    r"|complete) implementation"
    r"|(his|[Ii]t|hat|[Ww]e|[Yy]ou|hey|mplementation|hich|ogic|[Hh]ere|ethod|ndpoint|ode|ervice|ask|ob|andler) would "
    r"|[Nn]ot (yet )?(fully |been |actually )?[Ii]mplemented|nimplemented|mplement (me|later|here|actual|real)"
    r"|be implemented"
    r"|mplementation (pending|missing|goes|here|needed|required|would|omitted|placeholder|to follow|is left|coming)"
    r"|eeds? (to be |an? )?(real )?implement|[Aa]dd (your|actual|real|the actual|the real) |[Yy]our (code|logic"
    r"|implementation) "
    r"|[Ff]or now|[Dd]emo (mode|purpose|implementation|response)|or (the )?(demo|mvp|MVP|prototype|hackathon|poc"
    r"|PoC|POC)"
    r"|implified (implementation|version|for now|calculation|approach|check)|oming soon|goe?s? here"
    r"|模拟|占位|未实现|暂未|noch nicht implementiert|no implementado|заглушка|не реализован"
)
_ADMISSIONS = (
    r"[\"'`]TODO|TODO[(]|"
    r"NotImplemented|NOT_IMPLEMENTED|UNIMPLEMENTED|not_implemented|[^0-9A-Za-z_.]501([^0-9A-Za-z_.]|$)|todo!"
    r"|UnsupportedOperation"
    r"|nder (development|construction)|ot yet (available|supported|wired|connected)"
)
_ECHOES = (
    r"([Pp]rocessed|[Ee]xecuted|[Aa]naly[sz]ed|[Cc]ompleted|[Hh]andled|[Gg]enerated|[Rr]esponse (to|from|for)"
    r"|[Aa]nswer (to|for)"
    r"|[Rr]esults? (of|for)|[Mm]ock(ed)?|[Ss]imulated|[Dd]ummy|Stub|Fake|[Ee]cho|[Tt]ransformed|[Tt]ranslated"
    r"|[Ss]ummary of"
    r"|[Ss]ummari[sz]ed|[Cc]lassified|[Pp]redict(ed|ion for)|[Cc]omputed|[Ee]valuated|[Pp]ublished|[Ii]ndexed"
    r"|[Ss]earched"
    r"|uery result|[Tt]ranslation of|[Oo]utput (of|for))[^\"'`]*(\$|[{]|%[sdvq]|[\"'] *[+.,])"
)
_VERIFICATIONS = (
    r"([Vv]erify|[Vv]alidate|[Aa]uthenticate|[Aa]uthori[sz]e|[Cc]heck|[Ii]s_?[Vv]alid|[Ii]s_?[Aa]uth[a-z]*"
    r"|[Ii]s_?[Vv]erified"
    r"|[Cc]onfirm)[A-Za-z_0-9]*[!?]? *(\(|= *(async *)?\()(.*([{:=(,)]|[Tt]rue[ })]*;?|[)] *: *[?A-Za-z|]+))? *$"
)
_DECLARING = (
    "export|default|public|private|protected|internal|static|async|override|final|virtual|def|func|fn|fun|function|const|let"
    "|var|suspend|open|unsafe|inline|bool|boolean"
)
_VERIFIED = r"(?:verify|validate|authenticate|authori[sz]e|check|is_?valid|is_?auth\w*|is_?verified|confirm)\w*[!?]?"
_HEALTH = r"[\"'](connected|healthy|operational|online|ok|up|UP|available|running|active|ready|good|pass)[\"']"
_WAITS = r"(sleep|Sleep|delay|Delay|setTimeout)[A-Za-z]* *[(!]|sleep [0-9]"
_DICE = (
    r"Math\.random|[Rr]andom\.|Random\(|rand\.|rand\(|[^A-Za-z]rand( |$)|rand::|random_int"
    r"|[Nn]ext(Int|Double)|gen_range|rng\.|randint"
)
_CLAIMS = (
    r"(success|ok|sent|delivered|processed|completed|saved|deleted|published|verified|created|updated|deployed"
    r"|executed"
    r"|[Ss]uccess(ful)?|Sent|Processed|Ok)[\"']?( *(:|=>|=|,|[(]|to )) *[Tt]rue"
    r"|[Ss]tatus[\"']?( *(:|=>|=|,|[(]|to )) *[\"'](success|completed?|processed|sent|delivered|done|approved|executed"
    r"|deployed|paid"
    r"|published|saved|finished|accepted)"
)
_LOGS = (
    r"(log|Log|print|Print|console|echo|puts|Write|warn|info|debug|Debug|Info"
    r"|Warn)[A-Za-z.!_]*[( ].*[\"'`].*([Ss]ending|[Ss]ent"
    r"|[Dd]elet|[Uu]pload|[Pp]rocess|[Ee]xecut|[Ss]ync|[Pp]ublish|[Aa]rchiv|[Dd]eploy|[Cc]harg|[Rr]efund|[Ee]ncrypt"
    r"|[Ss]tor(ing|ed)|[Ss]av(ing|ed)|[Bb]acking up|[Rr]estor|[Bb]lock|[Nn]otif|[Tt]ransferr|[Mm]igrat"
    r"|[Ss]caling|[Cc]ancel"
    r"|[Rr]evok|[Rr]otat|[Ii]ndex|[Bb]roadcast|[Ee]scalat|[Pp]rovision|[Rr]econcil|[Ss]ettl|[Dd]eliver"
    r"|[Dd]ispatch|[Ss]ubmit"
    r"|[Pp]urg|[Pp]ersist)"
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
    *(Hint(_CONFESSIONS, quick.CONFESSIONS, way) for way in words.CONFESSIONS),
    Hint(
        _ADMISSIONS,
        quick.ADMISSIONS,
        _line(
            rf"{words.ADMISSION.pattern}|{words.UNIMPLEMENTED_STATUS.pattern.lower()}|todo!|todo\("
            rf"|notimplemented|unsupportedoperation"
            r"|status501|unimplemented",
            [*words_of(words.ADMITTING), "unsupported"],
        ),
    ),
    Hint(
        _ECHOES,
        quick.ECHOES,
        _line(
            rf"^(?!.*(?:err\w*\(|throw|raise|exception)).*[\"'`].*{words.ECHO.pattern}",
            words_of(words.ECHO),
        ),
        _named(words.WORKING),
        before=12,
    ),
    Hint(
        _VERIFICATIONS,
        quick.VERIFICATIONS,
        _line(
            rf"^\s*(?:(?:{_DECLARING})\s+|pub(?:\([^)]*\))?\s+|func\s*\([^)]*\)\s*)+[\w<>\[\], ?.:]*?{_VERIFIED}"
            rf"|^\s*{_VERIFIED}\s*(?:<[^<>]*>)?\([^;]*[{{,(]\s*$",
            "verif valid auth check confirm".split(),
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
        _HEALTH,
        quick.HEALTH,
        _line(
            words.CONSTANT_HEALTH.pattern,
            "connected healthy ok up operational available running online ready active pass good true".split(),
        ),
    ),
    Hint(
        _WAITS,
        quick.WAITS,
        _line(r"(?:sleep|delay|settimeout)\w*\s*[(! ]", "sleep delay settimeout".split()),
        words.CLAIM,
        before=2,
        after=25,
    ),
    Hint(
        _DICE,
        quick.DICE,
        _line(r"random|rand|nextint|gen_range|rng\.", "rand nextint gen_range rng.".split()),
        words.MEASURED,
        before=4,
    ),
    Hint(_CLAIMS, quick.CLAIMS, _line(words.CLAIM.pattern, words_of(words.CLAIM)), _named(words.ACTING), before=16),
    Hint(
        _LOGS,
        quick.LOGS,
        _line(
            rf"(?:log|print|console|echo|puts|write|warn|info|debug)\w*!?[\w.]*\W.*{words.DONE.pattern}",
            "log print console echo puts write warn info debug".split(),
        ),
        _named(words.OUTWARD),
        before=8,
    ),
)
PATTERN = "|".join(dict.fromkeys(hint.found for hint in HINTS))
"""What git looks for."""


QUICK = quick.quick_pattern(dict.fromkeys(phrase for hint in HINTS for phrase in hint.phrases))
"""What git looks for in less time, where it was built to: it finds the same lines and more."""


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
    return _LOOKED_FOR[hint.found].search(line) is not None


_LOOKED_FOR = {hint.found: lazy(hint.found) for hint in HINTS}


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
