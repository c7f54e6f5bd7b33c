"""Reads one document, as far as it is worth it: a repository may hold thousands, and most of them name little."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.documents.context import Context
from shipworthy.deployment.documents.discovery import Page
from shipworthy.deployment.documents.glance import Glance
from shipworthy.deployment.documents.hints import DONE, KINDS, MARKS, TECHNOLOGY, TREES
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.links import links
from shipworthy.deployment.documents.mentions import Mentions
from shipworthy.deployment.documents.model import CLAIM, Named
from shipworthy.deployment.documents.sites import Sites
from shipworthy.deployment.documents.trees import Drawn
from shipworthy.file import File
from shipworthy.formats.prose import markdown, prose
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_UNDERLINES = ("===", "---", "~~~", "^^^", "***", '"""')
_LONGEST_LINE = 500
_MOST_LINES = 20
"""Of those with a word of technology."""


def named_by(project: Project, page: Page) -> Iterator[Named]:
    """What a document names and is not so."""
    try:
        file = project.open(page.path)
        text = file.text
    except (OSError, Unreadable):
        return
    lowered = text.lower()
    is_done_said = any(word in lowered for word in DONE)
    if page.claims_only and not is_done_said:
        return
    hints = _Hints(project, page, text, lowered, is_done_said)
    if not hints.are_any:
        return
    document = prose(page.path, text)
    yield from _Reader(project, file, Context(document, has_conventions=page.has_conventions), hints).named()


class _Hints:
    """What a document may name that is not so, before it is read.

    ``paths`` and ``links`` are the places that may be, None where any place may.
    """

    def __init__(self, project: Project, page: Page, text: str, lowered: str, is_done_said: bool) -> None:
        directory = page.path.rpartition("/")[0]
        glance = project.model(Glance) if page.path.lower().endswith(markdown.ENDINGS) else None
        self.claims_only = page.claims_only
        self.paths = glance.paths(text, directory) if glance is not None else None
        self.links = glance.links(text, directory) if glance is not None and not page.claims_only else None
        self.has_trees = any(mark in text for mark in TREES)
        self.has_commands = not page.claims_only and (glance is None or glance.has_commands(text, directory))
        self.has_kinds = is_done_said and any(word in lowered for word in KINDS) and _names_kind(project, lowered)
        self.has_technology = not page.claims_only and _states_technology(lowered)
        self._has_marks = glance is None and any(mark in text for mark in MARKS)

    @property
    def are_any(self) -> bool:
        """Whether the document needs to be read."""
        if self._has_marks or self.paths or self.has_kinds or self.has_technology:
            return True
        return not self.claims_only and bool(self.links or self.has_trees or self.has_commands)


class _Reader:
    """Reads one document."""

    def __init__(self, project: Project, file: File, context: Context, hints: _Hints) -> None:
        self._project = project
        self._file = file
        self._context = context
        self._hints = hints
        self._index = project.model(Index)

    def named(self) -> Iterator[Named]:
        """What it names and is not so."""
        hints = self._hints
        drawn = Drawn(self._file, self._context, self._index) if hints.has_trees else None
        yield from self._in_words(drawn)
        if hints.has_kinds:
            from shipworthy.deployment.documents.artefacts import Presence, claims

            yield from claims(self._file, self._context, self._project.model(Presence))
        if not hints.claims_only:
            yield from drawn.missing if drawn is not None else ()
            yield from links(self._file, self._context, self._index, self._project.model(Sites), hints.links)
        if hints.has_commands:
            from shipworthy.deployment.documents.commands import Commands

            yield from Commands(self._file, self._context, self._project).missing()
        if hints.has_technology:
            from shipworthy.deployment.documents.versions import contradicted

            yield from contradicted(self._file, self._context, self._project)

    def _in_words(self, drawn: Drawn | None) -> Iterator[Named]:
        mentions = Mentions(self._file, self._context, self._index, self._hints.paths)
        illustrated = drawn.illustrated if drawn is not None else ()
        for named in mentions.named:
            is_denied = named.path in mentions.denied or named.path.strip("/") in illustrated
            if named.kind == CLAIM or not (self._hints.claims_only or is_denied):
                yield named


def _names_kind(project: Project, lowered: str) -> bool:
    """Whether a line may call a kind of thing done that is not there."""
    from shipworthy.deployment.documents.artefacts import Presence

    return project.model(Presence).may_be_claimed(lowered)


def _states_technology(lowered: str) -> bool:
    """Whether a heading or a table seems to be about technology."""
    if not any(digit in lowered for digit in "0123456789"):
        return False
    for word in TECHNOLOGY:
        at = lowered.find(word)
        for _ in range(_MOST_LINES):
            if at < 0:
                break
            start = lowered.rfind("\n", 0, at) + 1
            end = lowered.find("\n", at)
            line = lowered[start : start + _LONGEST_LINE]
            below = lowered[end + 1 : end + 4] if end >= 0 else ""
            if line.startswith(("#", "=")) or "|" in line or below in _UNDERLINES:
                return True
            at = lowered.find(word, at + 1)
    return False
