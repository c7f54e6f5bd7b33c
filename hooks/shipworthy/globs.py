"""Path patterns as people know them from `.gitignore`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache


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
        if not self._compiled:
            return False
        parts = path.split("/")
        return any(_matches(segments, parts) for segments in self._compiled)


@lru_cache(1_000)  # the ignore files of many folders say the same
def _compile(pattern: str) -> list[re.Pattern[str] | None]:
    """The pattern's segments; None stands for ``**``."""
    anchored = pattern.startswith(("/", "./"))
    segments = pattern.removeprefix(".").strip("/").split("/") if anchored else pattern.strip("/").split("/")
    if len(segments) == 1 and not anchored:
        segments.insert(0, "**")
    compiled: list[re.Pattern[str] | None] = []
    for segment in segments:
        if segment != "**":
            compiled.append(re.compile(translate(segment.replace("[^", "[!"))))  # git knows both
        elif not compiled or compiled[-1] is not None:
            compiled.append(None)
    return compiled


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
    return reached | {used + 1 for used in reached if used < len(segments) and segments[used] is None}
