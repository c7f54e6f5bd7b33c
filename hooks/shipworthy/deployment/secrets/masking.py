"""Takes secrets out of text that a message quotes: a command with its options, an address, an assignment.

The rules about secrets say no more of one than `hinted`. The others quote what they judge, and a command that cannot
fail may have a token among its options.
"""

from __future__ import annotations

import re

from shipworthy.deployment.secrets.keys import holds_secret
from shipworthy.deployment.secrets.values import IDENTIFIER, KNOWN, LITERAL, class_of, format_of_token
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ASSIGNED = lazy(
    r"(?<![\w.-])(?P<name>(?:--?)?[A-Za-z][\w.-]{0,80}+)[\"']?(?P<sign>=|:[ \t]*|[ \t]+)[\"']?"
    r"(?=(?P<value>[^\s\"'`,;&|()<>]++))"
)
"""A variable, a key, a parameter of an address, an option; the value may be one of them again."""
_AUTHORIZATION = lazy(r"\b(?:Bearer|Basic|Token)[ \t]+(?P<value>[\w.~+/=-]{8,})", re.IGNORECASE)
_USER_INFORMATION = lazy(r"://[^/\s:@]*+:(?P<value>[^/\s@]++)@")
_OPTION_OF_PROGRAM = lazy(
    r"\b(?:curl|wget|http|xh)\b[^|;&\n]{0,400}?[ \t](?:-u|--user)[ \t=]*[\"']?[^\s:\"']{1,80}:(?P<value>[^\s\"'`]+)"
    r"|\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^|;&\n]{0,400}?[ \t]-p(?P<of_mysql>[^\s\"'`]+)"
    r"|\b(?:redis-cli[^|;&\n]{0,400}?[ \t]-a|sshpass[ \t]+-p|login\b[^|;&\n]{0,400}?[ \t]-p)"
    r"[ \t]*[\"']?(?P<other>[^\s\"'`]+)"
)
_WORD = lazy(r"[\w.~+/=-]{16,}")
_MIXED = lazy(r"(?<![\w./-])[A-Za-z0-9_-]{16,}(?![\w/])")
_DIGITS = lazy(r"\d+")
_FEWEST_GROUPS = 4
_QUOTED = lazy(r"^[$\{<%*]|\$[\{(A-Za-z_]|\{\{")
"""A value that names where the secret is."""
_SECRET = frozenset({KNOWN, LITERAL, IDENTIFIER})


def masked(text: str) -> str:
    """The text with ``…`` behind the first two characters of every secret in it."""
    text = _replaced(_ASSIGNED, text, _is_assigned)
    for pattern in (_AUTHORIZATION, _USER_INFORMATION, _OPTION_OF_PROGRAM):
        text = _replaced(pattern, text, _is_written_out)
    text = _WORD.sub(lambda word: _hidden(word[0]) if format_of_token(word[0]) else word[0], text)
    return _MIXED.sub(lambda word: _hidden(word[0]) if _is_random(word[0]) else word[0], text)


def _is_random(word: str) -> bool:
    """Whether no person wrote a word: capitals, small letters and several groups of digits, which no digest has."""
    return not (word.islower() or word.isupper()) and len(_DIGITS.findall(word)) >= _FEWEST_GROUPS


def _replaced(pattern: re.Pattern[str], text: str, is_secret: Callable[[re.Match[str]], bool]) -> str:
    pieces, end = [], 0
    for match in pattern.finditer(text):
        start, stop = _span(match)
        if start >= end and is_secret(match):
            pieces += [text[end:start], _hidden(text[start:stop])]
            end = stop
    return "".join([*pieces, text[end:]])


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Where the value is: in one of the groups, all others of which took no part."""
    return next(match.span(number) for number in range(match.re.groups, 0, -1) if match.start(number) >= 0)


def _is_assigned(match: re.Match[str]) -> bool:
    name, value = match["name"], match["value"]
    if match["sign"].isspace() and not name.startswith("-"):
        return False  # prose
    if match["sign"].startswith(":") and value.isalpha() and value.islower():
        return False  # prose behind a name and a colon
    return holds_secret(name.lstrip("-")) and class_of(value, name) in _SECRET


def _is_written_out(match: re.Match[str]) -> bool:
    start, stop = _span(match)
    return not _QUOTED.search(match.string[start:stop])


def _hidden(secret: str) -> str:
    if len(secret) <= 3 and secret.endswith("…"):
        return secret  # by an earlier look
    return f"{secret[:2]}…" if len(secret) > 4 else "…"
