"""Reads one document, as far as it is worth it: a repository may hold thousands, and most of them name little."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.documents.context import Context
from shipworthy.deployment.documents.discovery import Page
from shipworthy.deployment.documents.hints import COMMANDS, DONE, KINDS, MARKS, TECHNOLOGY, TREES
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import CLAIM, Named
from shipworthy.file import File
from shipworthy.formats.prose import prose
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
    has_kinds = is_done_said and any(word in lowered for word in KINDS)
    has_marks = any(mark in text for mark in MARKS)
    has_technology = not page.claims_only and _states_technology(lowered)
    if not (has_marks or has_kinds or has_technology) or (page.claims_only and not is_done_said):
        return
    from shipworthy.deployment.documents.mentions import Mentions
    from shipworthy.deployment.documents.trees import Drawn

    document = prose(page.path, text)
    context, index = Context(document, has_conventions=page.has_conventions), project.model(Index)
    mentions = Mentions(file, context, index)
    drawn = Drawn(file, context, index) if any(mark in text for mark in TREES) else None
    for named in mentions.named:
        is_denied = named.path in mentions.denied or (drawn is not None and named.path.strip("/") in drawn.illustrated)
        if named.kind == CLAIM or not (page.claims_only or is_denied):
            yield named
    if has_kinds:
        from shipworthy.deployment.documents.artefacts import Presence, claims

        yield from claims(file, context, project.model(Presence))
    if not page.claims_only:
        yield from drawn.missing if drawn is not None else ()
        yield from _beyond_claims(project, context, file)
    if has_technology:
        from shipworthy.deployment.documents.versions import contradicted

        yield from contradicted(file, context, project)


def _beyond_claims(project: Project, context: Context, file: File) -> Iterator[Named]:
    """What the links and the commands name."""
    from shipworthy.deployment.documents.links import links
    from shipworthy.deployment.documents.sites import Sites

    index, text = project.model(Index), context.document.text
    yield from links(file, context, index, project.model(Sites))
    if any(word in text for word in COMMANDS):
        from shipworthy.deployment.documents.commands import Commands
        from shipworthy.deployment.documents.needs import Needs

        yield from Commands(file, context, index, project.model(Needs)).missing()


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
