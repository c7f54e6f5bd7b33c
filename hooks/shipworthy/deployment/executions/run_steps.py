"""What a ``RUN`` does to the files that an image has already: modes, moves, and what makes them anew.

Sources: cp(1), mv(1), ln(1), install(1)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from posixpath import basename, dirname, join
from typing import NamedTuple

from shipworthy.deployment.executions.permissions import may_make_executable
from shipworthy.deployment.final_stage import commands_of
from shipworthy.file import File
from shipworthy.formats.tree import REDIRECT, Block
from shipworthy.patterns import lazy

_PUTS_IN_PLACE = frozenset("cp mv ln install rsync tar unzip curl wget tee cat envsubst awk git rm".split())
"""Programs that may make or replace the file that they name."""
_MENDS_LINES = lazy(r"dos2unix|fromdos|\\r|\\015|\\x0d")
_HARMLESS = {
    "cp": lazy(r"-[fvpaLPd]+|--(?:force|verbose|archive|preserve(?:=[\w,]+)?)"),
    "mv": lazy(r"-[fv]+|--(?:force|verbose)"),
    "ln": lazy(r"-[sfvn]+|--(?:symbolic|force|verbose)"),
    "install": lazy(r"-[Dvpc]*[mog]?|-[Dvpc]*m\d{3,4}|--mode=\S+|--(?:owner|group)=\S+"),
}
"""Options that do not change which file goes where, of the programs that are followed."""
_WITH_VALUE = lazy(r"-[Dvpc]*[mog]")
"""Options of ``install`` whose value is the next word."""
_MODE = lazy(r"-[Dvpc]*m(?P<short>\d{3,4})|--mode=(?P<long>\S+)")
_CHOICE = lazy(r"\b(?:if|case|for|while|until)\b|(?:\[\[?|\btest)\s[^&;\n]*&&\s*$")
"""Before a command: it does not surely run, or not once."""
_BEFORE = lazy(r"(?:^RUN(?:\s+--\S+)*\s|&&|;|\n)[\s({\[\"]*$", re.IGNORECASE)
_CONTINUED = lazy(r"\\\r?\n")
_OPERATOR = lazy(r"\|\|?|&&|;|(?<!\\)\n|\Z")
_PATTERN = frozenset("*?[")
CHMOD = "chmod"


class Moved(NamedTuple):
    """Where a file was before commands: its path there, and what gave it its mode since, "" where nothing did."""

    path: str
    given: str = ""


class RunSteps:
    """The commands of a ``RUN`` that matter to files. ``size`` is how much there is to look at.

    ``mends_lines`` tells that it turns line ends of Windows into plain ones, ``changes_folder`` that relative
    paths in it start elsewhere.
    """

    def __init__(self, file: File, run: Block) -> None:
        self._text = file.text
        self._run = run
        self._steps: list[tuple[Block, list[str]]] = []
        self.changes_folder = False
        for command in commands_of(run):
            self.changes_folder = self.changes_folder or command.name in ("cd", "pushd")
            written = [setting.value for setting in command.settings if setting.kind == REDIRECT]
            if command.name in _PUTS_IN_PLACE and "chmod" not in command.words:
                written += command.words[1:]
            if written or "chmod" in command.words:
                self._steps.append((command, written))
        self.size = sum(len(command.words) + len(written) for command, written in self._steps)
        end = max((node.end for node in run.walk()), default=run.end)
        self.mends_lines = _MENDS_LINES.search(file.text, run.start, end) is not None

    def before(self, path: str, known: Callable[[str], str | None]) -> Moved | None:
        """Where the file at a path was before the ``RUN``; None where nothing is known of it.

        ``known`` gives a word as an absolute path, None where that is not known.
        """
        given = ""
        for command, written in reversed(self._steps):
            if "chmod" in command.words and may_make_executable(command.words, path):
                given = given or CHMOD
            moved = _moved(command.words, path, known) if self._surely_runs(command) else None
            if moved is not None:
                path, given = moved.path, given or moved.given
            elif any(basename(path) in word for word in written):
                return None
        return Moved(path, given)

    def _surely_runs(self, command: Block) -> bool:
        """Whether a command runs exactly once wherever the image is built."""
        before = _CONTINUED.sub(" ", self._text[self._run.start : command.start])
        following = _OPERATOR.search(self._text, command.start)
        is_last_resort = following is not None and following[0].startswith("|")
        return not is_last_resort and not _CHOICE.search(before) and _BEFORE.search(before) is not None


def _moved(words: Sequence[str], path: str, known: Callable[[str], str | None]) -> Moved | None:
    """Where the file at a path was before ``cp``, ``mv``, ``ln`` or ``install``; None where that is not plain."""
    program = words[0] if words else ""
    mode, operands = _operands(program, words[1:]) if program in _HARMLESS else ("", [])
    paths = [found for operand in operands if (found := known(operand)) is not None]
    if len(paths) < 2 or len(paths) < len(operands) or (program == "ln" and not operands[0].startswith("/")):
        return None
    *sources, target = paths
    for source in sources:
        name = basename(source)
        is_pattern = name != "*" and bool(_PATTERN & set(name))
        if path == target and len(sources) == 1 and not is_pattern:
            return Moved(source, mode)
        if dirname(path) == target and (basename(path) == name or (is_pattern and fnmatchcase(basename(path), name))):
            return Moved(join(dirname(source), basename(path)), mode)
    return Moved(path) if program != "mv" and path in sources else None


def _operands(program: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """What gives a mode, and the files; none where an option changes what happens to them."""
    mode = "755"  # what `install` gives where it is told nothing
    operands: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("-"):
            operands.append(word)
        elif not _HARMLESS[program].fullmatch(word):
            return "", []
        elif program == "install":
            given = _MODE.fullmatch(word)
            value = next(waiting, "") if _WITH_VALUE.fullmatch(word) else ""
            if given is not None:
                mode = given["short"] or given["long"]
            elif word.endswith("m"):
                mode = value
    return f"install --mode={mode}" if program == "install" else "", operands
