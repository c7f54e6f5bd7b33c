"""What starts a committed file by its path."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.final_stage import FinalStage
    from shipworthy.deployment.image_references import ImageReference
    from shipworthy.file import File

MODE = "mode"
"""No executable bit in the index."""
FORBIDDEN = "forbidden"
"""Something takes the executable bit on the way."""
CARRIAGE_RETURN = "carriage return"
"""The first line ends as on Windows."""
MARK = "byte order mark"
"""It stands before the first line."""
NO_INTERPRETER = "no interpreter"
"""The first line asks for none."""
INTERPRETER = "interpreter"
"""The first line asks for a program that the image does not have."""


class Execution(NamedTuple):
    """A place that starts a committed file by its path, so that the kernel asks for its executable bit.

    ``reader`` says who does it, a sentence up to the path. ``paths`` are what may be meant, the likeliest first.
    ``has_shell`` tells that a shell starts it, which takes a file without a ``#!`` for a script of its own.
    ``given`` says what gives the file its executable bit on the way, or takes it, and is "" where nothing does:
    ``is_executable`` tells which. ``is_rewritten`` tells that its content may be another by then. ``image`` is what
    it runs in, None where that is not known. ``is_of_ci`` tells that a pipeline starts it.
    """

    file: File
    start: int
    reader: str
    paths: tuple[str, ...]
    is_development: bool = False
    has_shell: bool = True
    given: str = ""
    is_executable: bool = False
    is_rewritten: bool = False
    image: FinalStage | ImageReference | None = None
    is_of_ci: bool = False


class Unexecutable(NamedTuple):
    """A script that a volume of Kubernetes puts into a container without executable bits.

    ``problem`` and ``fix`` are sentences.
    """

    file: File
    start: int
    problem: str
    fix: str


class Obstacle(NamedTuple):
    """What keeps a script from starting: ``kind`` is one of `MODE` to `INTERPRETER`, ``program`` what it asks for.

    ``also`` are the other places that start it, worst first like ``execution`` itself.
    """

    kind: str
    path: str
    execution: Execution
    also: tuple[Execution, ...]
    program: str = ""
    image: str = ""
