"""What the documents of a repository say is there, and is not.

``project.model(documented)`` gives the repository's `Documented`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shipworthy.deployment.documents.discovery import documents
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import (
    ARTEFACT,
    CLAIM,
    COMMAND,
    KINDS,
    LINK,
    MENTION,
    TREE,
    VERSION,
    Named,
    Unkept,
)
from shipworthy.deployment.documents.reading import named_by
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

__all__ = [
    "ARTEFACT",
    "CLAIM",
    "COMMAND",
    "KINDS",
    "LINK",
    "MENTION",
    "TREE",
    "VERSION",
    "Documented",
    "Named",
    "Unkept",
    "documented",
]

_COMMON = lazy(
    r"(?i:(?:readme|index|licen[cs]e|main|mod|__init__|package|config|app|changelog|contributing)(?:[._-].*)?"
    r"|(?:docker-)?compose\..*|dockerfile|makefile)"
)
"""Names of so many files that another one of that name says nothing."""


class Documented:
    """What the documents name. ``are_any`` tells that there are documents; ``unkept`` is what is not so."""

    def __init__(self, project: Project) -> None:
        self._project = project
        pages = [*documents(project)]
        self.are_any = bool(pages)
        named = [named for page in pages for named in named_by(project, page)]
        self.unkept: list[Unkept] = [*self._judged(self._unexplained(named))]

    def _unexplained(self, named: Iterable[Named]) -> Iterator[Named]:
        """Without what is ignored, or written by a program: whoever runs it has it, and git need not."""
        known = [*named]
        ignored = self._project.repository.ignored_by(path for item in known for path in item.paths)
        made = self._made(item for item in known if item.kind != CLAIM)
        for item in known:
            paths = [path for path in item.paths if path not in ignored and not (path in made and item.kind != CLAIM)]
            if paths and paths[0] != item.path:
                name = paths[0].strip("/").rpartition("/")[2]
                item = item._replace(path=paths[0], written=name, start=_place_of(name, item))
            if paths or not item.path:
                yield item._replace(others=tuple(paths[1:]))

    def _made(self, named: Iterable[Named]) -> set[str]:
        paths = {path for item in named for path in item.paths}
        if not paths:
            return set()
        from shipworthy.deployment.documents.written import written

        return written(self._project, paths)

    def _judged(self, named: Iterable[Named]) -> Iterator[Unkept]:
        repository = self._project.repository
        for same in _together(named):
            item, *others = same
            lines = {other.file.position(other.start)[0] for other in others if other.file is item.file}
            lines.discard(item.file.position(item.start)[0])
            copies = {other.file.path for other in others} - {item.file.path}
            path = item.path.rstrip("/")
            yield Unkept(
                item,
                bool(path) and repository.only_on_disk(path),
                (repository.differing_in_case(path) or "") if path else "",
                self._elsewhere(path) if path else "",
                tuple(sorted(lines)),
                tuple(sorted(copies)),
            )

    def _elsewhere(self, path: str) -> str:
        """The only committed file of the same name, if that name is not one of many."""
        name = path.rpartition("/")[2]
        if _COMMON.fullmatch(name):
            return ""
        same = [
            known
            for known in self._project.model(Index).ending_with(name)
            if known in self._project.repository and self._project.place_of(known) not in (VENDORED, GENERATED)
        ]
        return same[0] if len(same) == 1 else ""


def _place_of(name: str, item: Named) -> int:
    """Where a name stands that comes later than the first one of a diagram."""
    place = item.file.text.find(name, item.start)
    return place if place >= 0 else item.start


def documented(project: Project) -> Documented:
    """What the documents say: ``project.model(documented)``."""
    return Documented(project)


def _together(named: Iterable[Named]) -> list[list[Named]]:
    """What says the same: in one document about one thing, the strongest first, then its copies in others."""
    by_place: dict[tuple[str, str], list[Named]] = {}
    for item in named:
        by_place.setdefault((item.file.path, item.path.strip("/") or item.what), []).append(item)
    by_words: dict[tuple[str, str, str], list[Named]] = {}
    for same in by_place.values():
        same.sort(key=lambda item: (KINDS.index(item.kind), item.start))
        first = same[0]
        line = first.file.line(first.file.position(first.start)[0]).strip()
        by_words.setdefault((first.kind, first.written + first.what, line), []).extend(same)
    return list(by_words.values())
