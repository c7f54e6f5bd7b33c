"""``.dockerignore``: what a build context leaves out.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

from posixpath import normpath

from shipworthy.globs import Globs

_LONGEST_PATTERN = 1000
_MOST_PATTERNS = 2000


class DockerIgnore:
    """The patterns of one file, the last that matches decides."""

    def __init__(self, text: str) -> None:
        self._patterns: list[tuple[Globs, bool, str]] = []
        for number, line in enumerate(text.splitlines()[:_MOST_PATTERNS], 1):
            pattern = line.strip()
            if not pattern or line.startswith("#") or len(pattern) > _LONGEST_PATTERN:
                continue
            is_exception = pattern.startswith("!")
            cleaned = normpath(pattern.removeprefix("!").strip().lstrip("/") or ".")
            if cleaned != ".":
                self._patterns.append((Globs(["/" + cleaned]), is_exception, f"{number}: {pattern}"))

    def excluding(self, path: str) -> str:
        """The pattern that leaves out a path of the context, with its line: ``3: dist``; "" where none does."""
        found = ""
        for pattern, is_exception, written in self._patterns:
            if pattern.match(path):
                found = "" if is_exception else written
        return found
