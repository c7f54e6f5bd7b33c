"""Where the commands of a script run: the folder that each starts in, and whether it runs at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.programs import commands
from shipworthy.file import File
from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

FOR_DEVELOPMENT = lazy(
    r"(?:^|[^a-z])(?:dev\w*|local\w*|tests?|testing|e2e|lint\w*|debug\w*|demo|bench\w*|storybook|docs?|example\w*|watch"
    r"|format\w*|coverage|cypress|playwright|perf\w*)(?:[^a-z]|$)",
    re.IGNORECASE,
)
"""Names of scripts and targets that production does without."""
_LINE_END = lazy(r"(?<!\\)\n")
_DOES_WITHOUT = r"\|\||(?:^|\s)(?:\[\[?|test|if exist)\s|2>\s*/dev/null"
DOES_WITHOUT = lazy(_DOES_WITHOUT, re.IGNORECASE)
"""On a line that does without the file, or looks for it first, whether the line continues another one or not."""
_CONDITIONAL = lazy(_DOES_WITHOUT + r"|^\s*@?-", re.IGNORECASE)
_LONGEST_LINE = 5000
_MOST_FOLDERS = 20


def located(
    project: Project,
    file: File,
    script: Block,
    folders: tuple[str, ...],
    *,
    line_by_line: bool = False,
    known: Callable[[str], str | None] | None = None,
) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """The commands of a script that may start in one of ``folders``, each with the folders it may run in.

    The likeliest folder comes first; none is known behind a ``cd`` that nobody can follow. ``line_by_line`` tells that
    each line starts anew, as in a makefile; ``known`` what the script itself knows of a path that is not plain.
    """
    current, seen, last = folders, set(folders), script.start
    has_subshells = "(" in file.text[script.start : script.end]
    for command in commands(script):
        if line_by_line and _LINE_END.search(file.text, last, command.start):
            current = folders
        last = max(last, command.start)
        if command.name in ("cd", "pushd", "popd"):
            folder = known(command.words[-1]) if known is not None else None
            current = _changed(project, current, command) if folder is None else (folder,)
            if len(seen) < _MOST_FOLDERS:
                seen.update(current)
            continue
        where = tuple(sorted(seen, key=lambda folder: folder not in current)) if current and has_subshells else current
        yield command, where


def is_conditional(file: File, offset: int) -> bool:
    """Whether the command at an offset runs only where something is there, or may fail."""
    return _CONDITIONAL.search(_line_around(file, offset)) is not None


def _changed(project: Project, folders: tuple[str, ...], command: Block) -> tuple[str, ...]:
    """The folders after ``cd``; none where it leads to one that is not committed or not known."""
    if command.name == "popd" or len(command.words) < 2:
        return ()
    found = (in_repository(folder, command.words[-1]) for folder in folders)
    return tuple(folder for folder in found if folder is not None and folder in project.repository.directories)


def _line_around(file: File, offset: int) -> str:
    """The line that an offset is on with those that continue it, or what is near in a longer one."""
    text, first, last = file.text, max(offset - _LONGEST_LINE, 0), offset + _LONGEST_LINE
    start = text.rfind("\n", first, offset) + 1
    while start > first + 1 and text[start - 2] == "\\":
        start = text.rfind("\n", first, start - 1) + 1
    end = text.find("\n", offset, last)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1, last)
    return text[max(start, first) : end if end >= 0 else last]
