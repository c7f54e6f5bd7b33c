"""Which documents speak for the repository as it is, and which of them only for what they tick off.

Change logs, decisions, proposals and archives speak of other times; plans and check-lists do so too, but what they
tick off they call done.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of
from shipworthy.formats.prose import ENDINGS
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import EXAMPLE, GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

_OF_OTHER_TIMES = lazy(
    r"(?:^|[/._-])(?:change-?logs?|changes|history|release-?notes?|releases?|news|adrs?|rfcs?|decisions?|archived?|archives"
    r"|old|legacy|deprecated|obsolete|blog|upgrad(?:e|ing)|migrat(?:e|ion|ing)s?|issue_template|pull_request_template"
    r"|drafts?|licen[cs]es?|postmortems?|retros?(?:pectives?)?|transcripts?|conversations?|snapshots?|diary|journals?"
    r"|stand-?ups?|minutes|meetings?|session-?(?:logs?|notes?|sync|summar(?:y|ies))|20\d\d-?\d\d-?\d\d)(?=[/._-]|$)",
    re.IGNORECASE,
)
_FOLDERS_OF_OTHERS = lazy(
    r"(?:^|/)(?:templates?|posts?|prompts?|chats?|memor(?:y|ies)|sessions?|skills?(?:-assets)?|agents?|upstream|assets|public|static"
    r"|locales?|i18n|translations?)/",
    re.IGNORECASE,
)
"""Folders whose documents are the contents of a program, instructions to one, or somebody else's."""
_OF_PLANS = lazy(
    r"(?:^|[/._-])(?:plans?|planning|road-?maps?|to-?do|todos|tasks?|backlog|proposals?|specs?|specifications?|prds?"
    r"|designs?|requirements|ideas?|wish-?list|gaps?|gap-?analysis|missing|next-?steps?|improvements?|enhancements?"
    r"|recommendations?|sprints?|stories|epics|milestones?|vision|concept|future|strategy|blueprint|brainstorm\w*"
    r"|research|issues?|bugs?|problems?|refactor(?:ing)?|clean-?up|suggestions?|tutorials?|learning|exercises?|course"
    r"|howto|how-to)(?=[/._-]|$)",
    re.IGNORECASE,
)
_OF_CONVENTIONS = lazy(
    r"(?:^|[/._-])(?:conventions?|standards?|guidelines?|styles?|style-?guides?|best-?practices?|naming)(?=[/._-]|$)",
    re.IGNORECASE,
)
_HIDDEN = lazy(
    r"(?:^|/)\.(?!github/(?!skills|agents|prompts|instructions|issue_template|chatmodes))[^/]+/", re.IGNORECASE
)
_LANGUAGE = lazy(
    r"[._-](?:zh|cn|ja|jp|ko|kr|de|fr|es|pt|ru|it|tr|ar|vi|id|pl|uk|nl|hi|fa|sv|cs|th)(?:[-_](?:[A-Za-z]{2,4}))?(?=\.\w+$)",
    re.IGNORECASE,
)
_SUBMODULES = ".gitmodules"
_WORDS = lazy(r"(?<=[a-z0-9])(?=[A-Z][a-z])")


class Page(NamedTuple):
    """A document.

    ``claims_only`` tells that only what it calls done counts, ``has_conventions`` that its marks tell good from bad,
    and not what is done. ``is_published`` tells that it is a page of a documentation site for the users of the product:
    what its readers type, they type in projects of their own.
    """

    path: str
    claims_only: bool
    has_conventions: bool
    is_published: bool


def documents(project: Project) -> Iterator[Page]:
    """The documents that speak for the repository, in the order of their paths."""
    others = _copies_of_others(project)
    for path in project.repository.files:
        if (
            not path.lower().endswith(ENDINGS)
            or path.startswith(others)
            or _HIDDEN.search(path)
            or project.config.excludes(path)
        ):
            continue
        if project.place_of(path) in (VENDORED, TEST, GENERATED, EXAMPLE):
            continue
        words = _WORDS.sub("-", path)
        if _OF_OTHER_TIMES.search(words) or _FOLDERS_OF_OTHERS.search(path) or _is_translation(project, path):
            continue
        is_published = path.endswith(".mdx")
        yield Page(path, _OF_PLANS.search(words) is not None, _OF_CONVENTIONS.search(words) is not None, is_published)


def _copies_of_others(project: Project) -> tuple[str, ...]:
    """The folders that are submodules by `.gitmodules` and whose files are committed here all the same."""
    if _SUBMODULES not in project.repository:
        return ()
    from shipworthy.formats import ini

    try:
        root = ini.read(Source(text_of(project, _SUBMODULES)))
    except Unreadable:
        return ()
    return tuple(f"{setting.value}/" for setting in root.all_settings() if setting.name == "path" and setting.value)


def _is_translation(project: Project, path: str) -> bool:
    """Whether the document says in another language what one beside it says."""
    original = _LANGUAGE.sub("", path)
    return original != path and original in project.repository
