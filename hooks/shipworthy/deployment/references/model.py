"""What names a path of the repository, and what is wrong with a name that leads nowhere."""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.file import File
from shipworthy.places import DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PLACES = (PRODUCTION, DEVELOPMENT)
"""Where a reference counts. What tests, examples and documents name is nobody's deployment."""

CONTEXT = "build context"
DOCKERFILE = "Dockerfile"
MOUNT = "bind mount"
CONFIG = "config"
SECRET = "secret"
COPY = "image source"
SCRIPT = "script"
VALUES = "values"
CHART = "chart"
SOURCE = "source"
LINK = "link"

EXCLUDED = "excluded"
STAGE = "stage"
COMMAND = "command"
OUTSIDE = "outside"
TEMPORARY = "temporary"


class Reference(NamedTuple):
    """A place that names a path of the repository.

    ``kind`` is one of `CONTEXT` to `LINK`. ``paths`` are what ``written`` may mean, the likeliest first: one of them is
    enough. ``reader`` says who needs it, a sentence up to the path. ``is_development`` tells that production does not.
    """

    kind: str
    file: File
    start: int
    written: str
    paths: tuple[str, ...]
    reader: str
    is_development: bool = False


class Fault(NamedTuple):
    """A reference that cannot work, whatever is committed.

    ``kind`` is one of `EXCLUDED` to `TEMPORARY`; ``problem`` and ``fix`` are sentences.
    """

    kind: str
    file: File
    start: int
    problem: str
    fix: str
    is_development: bool = False


def is_ours(project: Project, path: str) -> bool:
    """Whether what the file names is looked at."""
    return project.place_of(path) in PLACES and not project.config.excludes(path)


def is_for_development(file: File) -> bool:
    """Whether the file's path says that production does without it."""
    return file.place == DEVELOPMENT
