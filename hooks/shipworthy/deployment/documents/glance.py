"""What documents may name that is not there, seen without reading how they are built.

Most documents name nothing that is missing, and a repository may hold thousands of them. A look at what stands between
ticks, where links lead and which words commands have tells so; only where one of them is unknown is the document read.
Too much may be seen here, words in comments and in examples among it, but never too little. What was looked up once is
kept for all documents, because they name the same files again and again.
"""

from __future__ import annotations

from shipworthy.deployment.documents.grammar import LONGEST
from shipworthy.deployment.documents.hints import COMMANDS
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.links import is_lost
from shipworthy.deployment.documents.mentions import lost_path
from shipworthy.formats.prose import markdown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_LONGEST = LONGEST + 50
"""Characters between two ticks: there may be space, and a line behind a path."""
_OTHER_FENCES = ("````", "~~~")
"""With them, what a block of code is cannot be told without reading the document."""


class Glance:
    """What was looked up: ``project.model(Glance)``."""

    def __init__(self, project: Project) -> None:
        self._index = project.model(Index)
        self._project = project
        self._paths: dict[tuple[str, str], bool] = {}
        self._links: dict[tuple[str, str], bool] = {}

    def paths(self, text: str, directory: str) -> list[int]:
        """Where the words between two ticks may be a path that nobody committed."""
        found, at = [], 0
        folder = directory if self._index.has_detours else ""
        for words in text.split("`"):
            if 1 < len(words) <= _LONGEST and self._is_lost(words, folder):
                found.append(at)
            at += len(words) + 1
        return found

    def _is_lost(self, words: str, directory: str) -> bool:
        known = self._paths.get((words, directory))
        if known is None:
            path = words.strip()
            is_one_word = bool(path) and len(path.split(None, 1)) == 1
            known = is_one_word and lost_path(path, self._index, directory) != ""
            self._paths[words, directory] = known
        return known

    def links(self, text: str, directory: str) -> list[int]:
        """Where a link may lead to nothing."""
        found = []
        for start, target in markdown.targets(text):
            known = self._links.get((target, directory))
            if known is None:
                known = self._links[target, directory] = is_lost(target, directory, self._index)
            if known:
                found.append(start)
        return found

    def has_commands(self, text: str, directory: str) -> bool:
        """Whether a command may need something that is not there."""
        if not any(word in text for word in COMMANDS):
            return False
        if any(mark in text for mark in _OTHER_FENCES):
            return True
        from shipworthy.deployment.documents.commands import Words, parts

        words = self._project.model(Words)
        return any(words.are_lost(part, directory) for part in parts(text))
