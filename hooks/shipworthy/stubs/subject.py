"""Products whose subject is to play something: what is simulated there is meant to be."""

from __future__ import annotations

import re

from shipworthy.deployment.modules.model import ancestors, below
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_PLAYS = lazy(
    r"\bsimulat(?:or|ors|ion|ions|es|ed|ing)\b|\bhoneypots?\b|\bhoneynet\b|\bmock(?:ing)?[- ](?:server|api"
    r"|service|backend)|\bemulat(?:or|ors|es|ion)\b|\b(?:load|traffic|data)[- ]?gen(?:erator)?\b"
    r"|\btest doubles?\b|\bfake (?:server|api|data|backend)|\bplayground\b|\bback-?test\w*\b|\bchaos engineering\b",
    re.IGNORECASE,
)
_SHOWS = lazy(
    r"\b(?:demo|sample|example|tutorial|workshop|showcase|reference (?:architecture|application|implementation|app)"
    r"|kata)s?\b",
    re.IGNORECASE,
)
_TITLE = lazy(r"^#[ \t]+(.+)$|^=+\n(.+)\n=+$|<h1[^>]*>(.{1,200}?)</h1>", re.MULTILINE)
_DESCRIPTION = lazy(
    r"(?:^|[{,])[ \t]*(?:\"description\"[ \t]*:|description[ \t]*=|<description>)[ \t]*[\"']?([^\"'\n<]{1,300})",
    re.MULTILINE,
)
_NAME = lazy(
    r"(?:^|[{,])[ \t]*(?:\"name\"[ \t]*:|name[ \t]*=|module[ \t]|<artifactId>"
    r"|rootProject\.name[ \t]*=)[ \t]*[\"']?([\w@./-]{1,100})",
    re.MULTILINE,
)
_MANIFESTS = (
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "go.mod",
    "pom.xml",
    "composer.json",
    "settings.gradle.kts",
    "settings.gradle",
)
_READMES = ("README.md", "readme.md", "README.rst", "README.adoc", "README", "Readme.md")
_LONGEST = 3_000


class Subjects:
    """What the folders of a repository are about, as their README and manifest say."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[str, bool] = {}

    def plays(self, path: str) -> bool:
        """Whether a file belongs to a product that plays something, or that only shows how."""
        return any(self._is_about_playing(folder) for folder in ancestors(path.rpartition("/")[0]))

    def _is_about_playing(self, folder: str) -> bool:
        if folder not in self._known:
            self._known[folder] = self._says(folder)
        return self._known[folder]

    def _says(self, folder: str) -> bool:
        for name in _READMES:
            text = self._head(below(folder, name))
            title = _TITLE.search(text)
            if title is not None:
                heading = next(part for part in title.groups() if part)
                if _PLAYS.search(heading) or _SHOWS.search(heading):
                    return True
                break
        for name in _MANIFESTS:
            text = self._head(below(folder, name))
            stated = [
                found[1].replace("-", " ").replace("_", " ")
                for pattern in (_NAME, _DESCRIPTION)
                if (found := pattern.search(text))
            ]
            if any(_PLAYS.search(one) for one in stated) or (stated and _SHOWS.search(stated[0])):
                return True
        return False

    def _head(self, path: str) -> str:
        if path not in self.project.repository:
            return ""
        try:
            return self.project.repository.read(path)[:_LONGEST].decode("utf-8", "replace")
        except OSError:
            return ""
