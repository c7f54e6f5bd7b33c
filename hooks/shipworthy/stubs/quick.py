"""The phrases of telling lines, and one pattern for all of them that git searches fast.

What a search costs is how often a match may begin. So a phrase is looked for from the rarest of its letters on, what
stands in front of that is told by looking back, phrases that go on alike share what they share, and where the phrases
of a letter are ruled out nothing else is tried there: ``(*PRUNE)``, which is Perl's; without it Python understands the
pattern as well. It finds too much rather than too little: `shipworthy.stubs.hints` tells what a line means.
"""

from __future__ import annotations

from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_RARENESS = {letter: at for at, letter in enumerate("zqjxkvwyb5_hgpdlfuscmaiortne")}
"""The letters that phrases begin with, the rarest in source code first, but for c and m: no phrase needs these."""
_ITEM = lazy(r"\[[^\]]*\]|\\.|.")
"""A character of a phrase, or a choice of characters."""
_ITEMS = lazy(r"\A(?:(?:\[[^\]]*\]|\\.|[\w :'\"-])(?![*+?{]))*")
"""The fixed part of a phrase."""


def _each(words: str, behind: str, before: str = "") -> tuple[str, ...]:
    return tuple(before + word + behind for word in words.split())


CONFESSIONS = (
    "xxx(?-i:(?<=XXX))",
    "hack(?-i:(?<=HACK))",
    "todo(?:[:!]|(?-i:(?<=TODO)))",
    "fixme",
    "mplement(?!s)",
    r"placeholder(?:s?(?:[ .),:-]|$))",
    "simulat(?:e|ing)",
    "or production",
    "roduction (?:code|version|system|implementation)",
    "real (?:implementation|version|code)",
    " would ",
    "need(?:s? (?:to be |an? )?(?:real )?implement)",
    "add (?:your|actual|real|the )",
    "your (?:code|logic|implementation) ",
    "for now",
    "demo (?:mode|purpose|implementation|response)",
    "implified (?:implementation|version|for now|calculation|approach|check)",
    "oming soon",
    "go(?:e?s? here)",
    *_each("mock mocked stub stubs stubbed dummy fake hardcoded hard-coded canned", r"(?:[ .)]|$)"),
    *_each("real actual full proper production complete true", "[ ,:-]", "[nae] "),
    *_each("demo mvp prototype hackathon poc", "", "[re] "),
    *("模拟", "占位", "未实现", "暂未", "заглушка", "не реализован"),
)
ADMISSIONS = (
    "todo(?:[:!]|(?-i:(?<=TODO)))",
    "mplement(?!s)",
    "unsupportedoperation",
    "501(?:[^0-9A-Za-z_.]|$)",
    "nder development",
    "nder construction",
    "ot yet (?:available|supported|wired|connected)",
)
ECHOES = tuple(
    phrase + r"[^\"'`\n]{0,600}(?:\$|\{|%[sdvq]|[\"'] *[+.,])"
    for phrase in (
        *"processed executed analysed analyzed completed handled generated mock simulated dummy stub fake echo".split(),
        *"transformed translated summari[sz]ed classified computed evaluated published indexed searched".split(),
        *("response to", "response from", "response for", "answer to", "answer for", "summary of", "uery result"),
        *("translation of", "output of", "output for", "predict(?:ed|ion for)", "result(?:s? (?:of|for))"),
    )
)
VERIFICATIONS = _each(
    "verify validate authenticate authori[sz]e check isvalid is_valid isauth is_auth isverified is_verified confirm"
    " haspermission has_permission canaccess can_access",
    r"\w{0,80}[!?]? *(?:\(|= *(?:async *)?\()(?:.{0,600}(?:[{:=(,)]|true[ })]*;?|[)] *: *[?a-z|]+))? *$",
)
HEALTH = _each("connected healthy operational online ok up available running active ready good pass", "[\"']", "[\"']")
WAITS = (*_each("sleep delay settimeout", "(?:[a-z]* *[(!])"), "sleep [0-9]")
DICE = (
    *(r"ath\.random", "random[.(]", "rand[.(]", "[^a-z]rand(?: |$)", "rand::", "random_int", "nextint", "nextdouble"),
    *("gen_range", r"rng\.", "randint"),
)
_TO_VALUE = r"[\"']? *(?::|=>|=|,|[(]|to ) *"
_DONE = (
    "[\"'](?:success|completed?|processed|sent|delivered|done|approved|executed|deployed|paid|published|saved|finished"
    "|accepted)"
)
CLAIMS = (
    *_each("success successful ok sent delivered processed completed saved deleted published", f"{_TO_VALUE}true"),
    *_each("verified created updated deployed executed", f"{_TO_VALUE}true"),
    f"status{_TO_VALUE}{_DONE}",
)
LOGS = _each(
    "log print console echo puts write warn info debug",
    r"[a-z.!_]{0,80}[( ][^\"'`\n]{0,600}[\"'`].{0,600}?(?:sending|sent|delet|upload|process|execut|sync|publish|archiv"
    r"|deploy|charg|refund|encrypt|stor(?:ing|ed)|sav(?:ing|ed)|backing up|restor|block|notif|transferr|migrat|scaling"
    r"|cancel|revok|rotat|index|broadcast|escalat|provision|reconcil|settl|deliver|dispatch|submit|purg|persist)",
)


class _Node(dict[str, "_Node"]):
    """What may follow, by its first character; ``ends`` are what must hold where a phrase is at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[str] = []

    def __str__(self) -> str:
        ways = [f"{character}{node}" for character, node in self.items()] + self.ends
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def quick_pattern(phrases: Iterable[str]) -> str:
    """A pattern for any of some phrases, in any case."""
    tails: dict[tuple[str, ...], list[str]] = {}
    for phrase in phrases:
        fixed, tail = parts(phrase)
        tails.setdefault(fixed, []).append(tail)
    root = _Node()
    for fixed, behind in tails.items():
        start = min(range(len(fixed)), key=lambda at: _rareness(fixed[at]))
        node = root
        for item in fixed[start:]:
            node = node.setdefault(item, _Node())
        looked_back = f"(?<={''.join(fixed)})" if start else ""
        node.ends.append(looked_back + ("" if "" in behind else f"(?:{'|'.join(behind)})"))
    frequent_first = sorted(root, key=_rareness, reverse=True)
    return f"(?i:{'|'.join(f'{letter}(*PRUNE){root[letter]}' for letter in frequent_first)})"


def parts(phrase: str) -> tuple[tuple[str, ...], str]:
    """The fixed part of a phrase, characters and choices of characters, and the pattern behind it."""
    behind = _ITEMS.sub("", phrase, count=1)
    return tuple(_ITEM.findall(phrase[: len(phrase) - len(behind)])), behind


def _rareness(item: str) -> int:
    return _RARENESS.get(item, len(_RARENESS))
