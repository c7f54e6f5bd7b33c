"""What gives files their executable bit besides git: ``chmod`` in scripts, makefiles and pipelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from posixpath import basename

from shipworthy.deployment.evidence import text_of
from shipworthy.formats import format_of
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_CHMOD = lazy(r"^(?P<before>[^\n]{0,2000}?)\bchmod\b(?P<words>(?:[ \t]+[^\s;&|]+)+)", re.MULTILINE)
_CONTINUED = lazy(r"\\\r?\n")
_OCTAL = lazy(r"[0-7]{3,4}")
_QUOTES = str.maketrans("", "", "\"'`,")
_ANYTHING = frozenset({".", "./", "*", "./*", "{}", "{}+"})
_PATTERN = frozenset("*?[")
_MOST_PATTERNS = 200
_MOST_TEXTS = 50
"""Patterns and texts that each path is compared with; nobody writes more."""


def gives_execution(mode: str) -> bool:
    """Whether a mode of ``chmod`` makes a file executable; one that a variable gives may do so."""
    if _OCTAL.fullmatch(mode):
        return bool(int(mode, 8) & 0o111)
    return "$" in mode or any("x" in part.lower() for part in mode.replace("=", "+").split("+")[1:])


def made_executable(words: Sequence[str]) -> tuple[list[str], bool]:
    """What a ``chmod``, alone or behind ``find`` or ``xargs``, makes executable, and whether all below it too.

    ``{}`` stands for what only another program knows.
    """
    if "chmod" not in words:
        return [], False
    arguments = words[words.index("chmod") + 1 :]
    operands = [word for word in arguments if not word.startswith("-")]
    if not operands or not gives_execution(operands[0]):
        return [], False
    return operands[1:] or ["{}"], any(word.startswith("-") and "R" in word for word in arguments)


def may_make_executable(words: Sequence[str], path: str) -> bool:
    """Whether a command may give that file its executable bit."""
    files, is_recursive = made_executable(words)
    name, folders = basename(path), path.split("/")
    for word in files:
        last = basename(word.rstrip("/"))
        if is_vague(word) or last == name or (_PATTERN & set(last) and fnmatchcase(name, last)):
            return True
        if is_recursive and last in folders:
            return True
    return False


def is_vague(word: str) -> bool:
    """Whether an argument may stand for any file."""
    return word in _ANYTHING or "$" in basename(word.rstrip("/"))


class Permissions:
    """The ``chmod`` commands of a repository: ``project.model(Permissions)``.

    What Dockerfiles do holds in their images alone, and what documents say only for those who read them.
    """

    def __init__(self, project: Project) -> None:
        self._commands = _Chmods()
        self._documented = _Chmods()
        for path in project.repository.containing("chmod"):
            place = project.place_of(path)
            if place != VENDORED and format_of(path) != "dockerfile":
                chmods = self._documented if place == DOCUMENTATION else self._commands
                chmods.read(_CONTINUED.sub(" ", text_of(project, path)))

    def are_given(self, path: str) -> bool:
        """Whether something makes the file executable, by its name or by a pattern."""
        return self._commands.include(path)

    def are_documented(self, path: str) -> bool:
        """Whether a document tells its readers to make the file executable."""
        return self._documented.include(path)


class _Chmods:
    """The ``chmod`` commands of several texts."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.folders: set[str] = set()
        self.patterns: dict[str, None] = {}
        self.texts: dict[str, None] = {}

    def read(self, text: str) -> None:
        """Take note of the commands of a text."""
        for found in _CHMOD.finditer(text):
            files, is_recursive = made_executable(["chmod", *found["words"].translate(_QUOTES).split()])
            if any(is_vague(word) for word in files):
                before = found["before"].translate(_QUOTES).split()
                self.patterns |= dict.fromkeys(word for word in before if "*" in word)
                self.texts[text] = None
            for word in files:
                last = basename(word.rstrip("/"))
                if is_vague(word):
                    continue
                if _PATTERN & set(last):
                    self.patterns[last] = None
                else:
                    (self.folders if is_recursive else self.names).add(last)

    def include(self, path: str) -> bool:
        """Whether one of the commands may mean a file.

        Where a variable names it, its name or a pattern for it has to stand in the same text.
        """
        name = basename(path)
        if name in self.names or not self.folders.isdisjoint(path.split("/")):
            return True
        if any(fnmatchcase(name, pattern) for pattern in list(self.patterns)[:_MOST_PATTERNS]):
            return True
        return any(name in text for text in list(self.texts)[:_MOST_TEXTS])
