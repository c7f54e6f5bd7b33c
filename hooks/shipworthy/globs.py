"""Path patterns as people know them from `.gitignore`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate


class Globs:
    """Patterns over paths with ``/``: ``*``, ``?`` and ``[...]`` stay in a folder, ``**`` crosses them.

    A pattern without a ``/`` before its end matches at any depth, and a pattern that matches a folder matches all
    below it. Matching takes time linear in the path for each part of a pattern, whatever the pattern is.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        self._compiled = [_compile(pattern) for pattern in self.patterns]

    def match(self, path: str) -> bool:
        """Whether a pattern matches the path, or a folder that it is in."""
        parts = path.split("/")
        return any(_matches(segments, parts) for segments in self._compiled)


def _compile(pattern: str) -> list[re.Pattern[str] | None]:
    """The pattern's segments; None stands for ``**``."""
    segments = pattern.strip("/").split("/")
    if len(segments) == 1 and not pattern.startswith("/"):
        segments.insert(0, "**")
    return [None if segment == "**" else re.compile(translate(segment)) for segment in segments]


def _matches(segments: list[re.Pattern[str] | None], parts: list[str]) -> bool:
    """Whether the segments match the parts, or some of the first of them."""
    reached = {0}  # how many segments may be used up
    for part in parts:
        following = set()
        for used in _skipping(reached, segments):
            if used == len(segments):
                return True
            segment = segments[used]
            if segment is None:
                following.add(used)
            elif segment.match(part):
                following.add(used + 1)
        reached = following
    return len(segments) in _skipping(reached, segments)


def _skipping(reached: set[int], segments: list[re.Pattern[str] | None]) -> set[int]:
    """The states reached, those included in which ``**`` stands for nothing."""
    found = set(reached)
    for used in reached:
        while used < len(segments) and segments[used] is None:
            used += 1
            found.add(used)
    return found
