"""The verified stack: the languages, frameworks, databases and tools that committed files prove, with their versions.

``project.model(stack)`` gives the repository's `Stack`. Everything in it is read from manifests, images, CI and the
files that choose a language's version; nothing is taken from a document, so that documents can be held against it::

    for known in project.model(stack).technologies:          # sorted: languages, frameworks, databases, tools
        known.technology.name, known.technology.kind         # "PostgreSQL", "database"
        known.version                                        # "15-alpine" becomes "15"; "^4.18.2" stays; "" if unknown
        known.evidence.path, known.evidence.line             # the best place that says so
        known.statements                                     # every place that says anything, best first
        project.model(stack).locked(known)                   # the resolved version, with its line in the lock file

A `Statement` is one such place. One technology may have several versions: two services may use two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.stack import images, javascript, jvm, manifests, python
from shipworthy.deployment.stack.locks import locked
from shipworthy.deployment.stack.model import Statement, Statements
from shipworthy.deployment.stack.technologies import (
    DATABASE,
    FRAMEWORK,
    KINDS,
    LANGUAGE,
    TOOL,
    Technology,
    is_image,
    is_package,
    spellings,
    technology,
)
from shipworthy.deployment.stack.versions import Interval, agree, claimed
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

__all__ = [
    "DATABASE",
    "FRAMEWORK",
    "KINDS",
    "LANGUAGE",
    "TOOL",
    "Interval",
    "Known",
    "Stack",
    "Statement",
    "Technology",
    "agree",
    "claimed",
    "spellings",
    "stack",
    "technology",
]

_FILES: dict[str, Callable[[Project, str], Statements]] = {
    "pyproject.toml": python.read_toml,
    "Pipfile": python.read_toml,
    "go.mod": manifests.read_go,
    "Cargo.toml": manifests.read_cargo,
    "composer.json": manifests.read_composer,
    "Gemfile": manifests.read_gems,
    "pom.xml": jvm.read_pom,
    "build.gradle": jvm.read_gradle,
    "build.gradle.kts": jvm.read_gradle,
    "libs.versions.toml": jvm.read_catalog,
    ".tool-versions": manifests.read_tools,
    **dict.fromkeys(manifests.LANGUAGE_FILES, manifests.read_language),
}
_IMAGES = (images.read_pipelines, images.read_dockerfiles, images.read_compose, images.read_kubernetes)
"""The cheapest first."""

_PLACES = (PRODUCTION, CI, DEVELOPMENT)
"""Whose word counts most; tests, examples and documents come last."""


class Known:
    """A technology that the repository uses, and the places that say so, the best first.

    A place for production is better than another, one with a version better than one without, and what starts the
    program (an image, a runtime) better than the range that a manifest permits.
    """

    def __init__(self, technology: Technology, statements: list[Statement]) -> None:
        self.technology = technology
        self.statements = sorted(statements, key=_rank)

    @property
    def version(self) -> str:
        """The version of the best place, as written there; "" where no place names one."""
        return self.statements[0].version

    @property
    def evidence(self) -> Evidence:
        """The best place."""
        return self.statements[0].evidence


class Stack:
    """What a repository is made of: ``project.model(stack)``."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[str, Known | None] = {}
        self._in_images: dict[Callable[[Project], Statements], list[Statement]] = {}

    @cached_property
    def technologies(self) -> list[Known]:
        """What is known, in the order of `KINDS`, then by name."""
        in_images = (statement for read in _IMAGES for statement in self._in_images_of(read))
        names = {statement.technology.name for statement in (*self._in_manifests, *in_images)}
        return sorted((known for name in names if (known := self.of(name)) is not None), key=_order)

    def of(self, name: str) -> Known | None:
        """What is known about the technology that people call by ``name``; None where nothing here names it.

        Only the files are read that can name it: no Compose file for a package of npm.
        """
        known = technology(name)
        if known is None:
            return None
        if known.name not in self._known:
            places = self._places_of(known)
            said = [statement for place in places for statement in place if statement.technology == known]
            self._known[known.name] = Known(known, said) if said else None
        return self._known[known.name]

    def contradiction(self, name: str, claim: Interval) -> Statement | None:
        """The best place that says otherwise than a document; None where any place agrees, or may do so.

        The cheapest places are read first, and no more of them than it takes to find one that agrees.
        """
        known = technology(name)
        said: list[Statement] = []
        for statements in self._places_of(known) if known is not None else ():
            about = [statement for statement in statements if statement.technology == known]
            if any(statement.takes is None or agree(claim, statement.takes) for statement in about):
                return None
            said += about
        return min(said, key=_rank, default=None)

    def _places_of(self, known: Technology) -> Iterator[list[Statement]]:
        """What the places say that can name a technology: one kind of them after the other."""
        if known.kind == LANGUAGE or is_package(known):
            yield self._in_manifests
        if known.kind == LANGUAGE or is_image(known):
            yield from map(self._in_images_of, _IMAGES)

    def locked(self, known: Known) -> Statement | None:
        """The version that a lock file resolves for the first place that a lock file knows about."""
        return next((found for statement in known.statements if (found := locked(self._project, statement))), None)

    @cached_property
    def _in_manifests(self) -> list[Statement]:
        return [*_of_manifests(self._project)]

    def _in_images_of(self, read: Callable[[Project], Statements]) -> list[Statement]:
        if read not in self._in_images:
            self._in_images[read] = [*read(self._project)]
        return self._in_images[read]


def stack(project: Project) -> Stack:
    """The stack of the repository; nothing is read before it is asked for."""
    return Stack(project)


def _of_manifests(project: Project) -> Statements:
    yield from javascript.read(project)
    for path in project.repository.paths:
        name = path.rpartition("/")[2]
        read = _FILES.get(name) or _by_ending(name)
        if read is not None and project.place_of(path) != VENDORED and not project.config.excludes(path):
            yield from read(project, path)


def _by_ending(name: str) -> Callable[[Project, str], Statements] | None:
    if name.endswith(".txt") and "requirements" in name:
        return python.read_requirements
    return manifests.read_dotnet if name.endswith((".csproj", ".fsproj")) else None


def _order(known: Known) -> tuple[int, str]:
    return KINDS.index(known.technology.kind), known.technology.name.lower()


def _rank(statement: Statement) -> tuple[int, bool, bool, int, str, int]:
    evidence, place = statement.evidence, statement.place
    is_range = bool(statement.takes) and statement.version[:1] in "^~<>=!"
    return (
        _PLACES.index(place) if place in _PLACES else len(_PLACES),
        not statement.version,
        is_range,
        evidence.path.count("/"),
        evidence.path,
        evidence.line,
    )
