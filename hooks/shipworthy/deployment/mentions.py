"""Where in the repository a name is written, whatever the format: the last look before something is called missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.formats.unreadable import Unreadable
from shipworthy.places import GENERATED, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MOST_CHARACTERS = 600
"""Of the lines around a name."""
MOST_LINES = 500
"""A name that is written more often is a common word."""


class Line(NamedTuple):
    """A line that holds a name. ``before`` is the text above it, ``after`` the text below it, a few lines of each."""

    path: str
    text: str
    before: str
    after: str


def lines_with(project: Project, name: str) -> Iterator[Line]:
    """The lines in which a name stands as a word of its own, in the order of their files."""
    if not name:
        return
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    count = 0
    for path in project.repository.containing(name):
        if project.place_of(path) in (VENDORED, GENERATED) or project.config.excludes(path):
            continue
        try:
            text = project.open(path).text
        except (KeyError, OSError, Unreadable):
            continue
        for found in pattern.finditer(text):
            count += 1
            if count > MOST_LINES:
                return
            yield _line(path, text, found.start(), found.end())


def _line(path: str, text: str, start: int, end: int) -> Line:
    first = max(text.rfind("\n", 0, start) + 1, start - MOST_CHARACTERS)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + MOST_CHARACTERS)
    before = text[max(0, first - MOST_CHARACTERS) : first]
    after = text[last : last + MOST_CHARACTERS]
    return Line(path, text[first:last], "\n".join(before.split("\n")[-5:]), "\n".join(after.split("\n")[:5]))
