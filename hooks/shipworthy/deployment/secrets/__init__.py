"""Secrets in what a repository commits: which names and values are secrets, where they stand, what they unlock.

- `keys`: whether a name is that of a secret.
- `values`: what a value is: a token of a known provider, another secret, a well-known word, a placeholder, a reference.
- `parts`: the passwords inside URLs, connection strings, JSON and defaults of variables.
- `files`: the places that give variables and keys their values, and what each is for.
- `material`: private keys and credential files.

No message and no ``details`` may hold a secret: `hinted` is all that may be said of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.secrets.files import (
    BUILD,
    CANDIDATE,
    CHART,
    COMPOSE,
    DEVELOPMENT,
    DOCKERFILE,
    ENV_FILE,
    EXAMPLE,
    KUBERNETES,
    PLATFORM,
    PRIVATE,
    PRODUCTION,
    SECRET_FILE,
    SETTINGS,
    UNIT,
    UNMARKED,
    Assignment,
    assignments,
)
from shipworthy.deployment.secrets.keys import words_of
from shipworthy.deployment.secrets.parts import Part, parts_of
from shipworthy.deployment.secrets.values import (
    IDENTIFIER,
    KNOWN,
    LITERAL,
    PLACEHOLDER,
    SHORTEST,
    WEAK,
    class_of,
    looks_random,
)
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TREES = frozenset({CHART, KUBERNETES, SETTINGS})
"""Where a key that is called like a secret often holds the name of one."""
_TELLING_WORDS = lazy(r"\d|secret|passw|pass\b|key|token|jwt", re.IGNORECASE)
_PASSWORD = lazy(r"passw(?:or)?d$", re.IGNORECASE)
_ISSUED = lazy(r"API_?KEY|TOKEN", re.IGNORECASE)
_GENERATED = lazy(r"generat|replace|change|openssl|example|random", re.IGNORECASE)


class Secret(NamedTuple):
    """A place that holds a secret in clear text, or what is no secret where one has to be.

    ``kind`` is `KNOWN`, `LITERAL`, `WEAK` or `PLACEHOLDER`.
    """

    kind: str
    assignment: Assignment
    part: Part


def secrets(project: Project) -> Iterator[Secret]:
    """The secrets in the environments and settings of the repository, whatever they are for."""
    for assignment in assignments(project):
        for part in parts_of(assignment.name, assignment.value, spring=assignment.origin == SETTINGS):
            kind = _kind(assignment, part)
            if kind:
                yield Secret(kind, assignment, part)


def _kind(assignment: Assignment, part: Part) -> str:
    """What a part of a value is to those who must not commit secrets; "" for nothing."""
    if part.variable in assignment.given:
        return ""
    around = assignment.known.union(part.known)
    kind = class_of(part.value, part.name, around.union(*map(words_of, (assignment.file.path, *around))))
    if kind == IDENTIFIER:
        kind = _kind_of_identifier(assignment, part)
    if kind == KNOWN:
        return kind
    if kind == LITERAL and assignment.stage in (DEVELOPMENT, EXAMPLE):
        return kind if _counts_anywhere(assignment, part) else ""
    if kind == LITERAL:
        return "" if part.is_local and assignment.stage != PRODUCTION else kind
    if kind not in (WEAK, PLACEHOLDER) or part.is_local or assignment.stage not in (PRODUCTION, CANDIDATE):
        return ""
    if assignment.origin == BUILD or (assignment.origin == CHART and not _ships(assignment, part, kind)):
        return ""
    return kind


def _kind_of_identifier(assignment: Assignment, part: Part) -> str:
    """What words are where a secret is expected: chosen by a person, or the name of a secret that is elsewhere.

    Keys of other companies are never words, so words in their place are a placeholder.
    """
    is_name = assignment.origin in _TREES or assignment.stage in (DEVELOPMENT, EXAMPLE)
    if is_name or len(part.value) < SHORTEST or not _TELLING_WORDS.search(part.value):
        return ""
    return PLACEHOLDER if _ISSUED.search(part.name) else LITERAL


def _ships(assignment: Assignment, part: Part, kind: str) -> bool:
    """Whether the default of a chart is one that people deploy with: placeholders and names of secrets are not."""
    return assignment.stage == PRODUCTION or (kind == WEAK and _PASSWORD.search(part.name) is not None)


def _counts_anywhere(assignment: Assignment, part: Part) -> bool:
    """Whether a secret is worth a word in a file for development or in an example: a random one, made by a program.

    In an example, a comment that says how to make one explains it.
    """
    if part.is_local or not looks_random(part.value):
        return False
    file = assignment.file
    line = file.position(assignment.start)[0]
    return not any(_GENERATED.search(file.line(number)) for number in (line - 1, line) if number)


def hinted(value: str) -> str:
    """What a message may say of a secret: its length, and its first two characters where it is long enough."""
    length = f"{len(value)} character{'s' * (len(value) != 1)}"
    if len(value) < SHORTEST or not value[:2].isalnum():
        return length
    return f"{length}, beginning with {value[:2]}"


__all__ = [
    "BUILD",
    "CANDIDATE",
    "CHART",
    "COMPOSE",
    "DEVELOPMENT",
    "DOCKERFILE",
    "ENV_FILE",
    "EXAMPLE",
    "KNOWN",
    "KUBERNETES",
    "LITERAL",
    "PLACEHOLDER",
    "PLATFORM",
    "PRIVATE",
    "PRODUCTION",
    "SECRET_FILE",
    "SETTINGS",
    "UNIT",
    "UNMARKED",
    "WEAK",
    "Assignment",
    "Part",
    "Secret",
    "hinted",
    "secrets",
]
