"""What a `.dockerignore` keeps out of a build context.

Unlike in `.gitignore` every pattern starts at the root of the context: ``.env`` leaves ``api/.env`` in, and ``**/.env``
keeps both out.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import posixpath

from shipworthy.deployment.evidence import text_of
from shipworthy.globs import Globs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

NAME = ".dockerignore"


class DockerIgnore:
    """The patterns of one file. ``path`` is where it lies, "" where there is none."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._patterns: list[tuple[bool, Globs]] = []
        for line in text.splitlines():
            pattern = line.strip()
            if not pattern or pattern.startswith("#"):
                continue
            is_exception = pattern.startswith("!")
            cleaned = posixpath.normpath(pattern.removeprefix("!").strip()).lstrip("/")
            if cleaned and cleaned != ".":
                self._patterns.append((is_exception, Globs(["/" + cleaned])))

    def ignores(self, path: str) -> bool:
        """Whether a path, relative to the context, stays out of it. The last pattern that matches decides."""
        for is_exception, globs in reversed(self._patterns):
            if globs.match(path):
                return not is_exception
        return False


def dockerignore_of(project: Project, dockerfile: str, context: str) -> DockerIgnore:
    """The ignore file that a build reads: the Dockerfile's own one, or else that of the context."""
    own = dockerfile + NAME
    shared = f"{context}/{NAME}" if context else NAME
    path = next((path for path in (own, shared) if path in project.repository), "")
    return DockerIgnore(path, text_of(project, path) if path else "")
