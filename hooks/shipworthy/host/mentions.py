"""Which committed files name what was found on the host.

A setting that keeps something there is told from a line that only mentions it: the first is what production runs on,
the second a clean-up, a comment or a document.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.homes.permanent import permanent_path
from shipworthy.homes.spellings import LONGEST_VALUE, temporary_paths
from shipworthy.homes.uses import temporary_homes
from shipworthy.host.paths import folders_of, is_below, joined
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

SHOWN = 3
"""Files that are named for one path."""


class Mention(NamedTuple):
    """A committed line that names a path of the host.

    ``role`` is what a setting keeps there, "" where the line only mentions the path; ``home`` is where it belongs.
    """

    host_path: str
    path: str
    line: int
    role: str = ""
    home: str = ""

    @property
    def place(self) -> str:
        """The line as reports name it."""
        return f"{self.path}:{self.line}"

    @property
    def is_setting(self) -> bool:
        """Whether production runs on it."""
        return bool(self.role)


class Mentions:
    """What the committed files name in the temporary directories."""

    def __init__(self, found: Iterator[Mention] | Sequence[Mention] = ()) -> None:
        self.found = sorted(set(found), key=lambda mention: (not mention.is_setting, mention.path, mention.line))
        self._by_path: dict[str, dict[tuple[str, int], Mention]] = {}
        for mention in self.found:
            for path in (mention.host_path, *folders_of(mention.host_path)):
                self._by_path.setdefault(path, {}).setdefault((mention.path, mention.line), mention)

    def of(self, path: str) -> list[Mention]:
        """The lines that name a path or something in it, settings first, each line once."""
        return list(self._by_path.get(path, {}).values())


def mentions(project: Project, directories: dict[str, str]) -> Mentions:
    """The lines that name something in the directories: ``directories`` maps how they are spelled to what they are."""
    paths: dict[str, None] = {}
    for spelled in directories:
        paths.update(dict.fromkeys(project.repository.containing(f"{spelled}/")))
    wanted = [path for path in paths if not project.config.excludes(path)]
    return Mentions(mention for path in wanted for mention in _in_file(project, path, directories))


def _in_file(project: Project, path: str, directories: dict[str, str]) -> Iterator[Mention]:
    try:
        file = project.open(path)
        yield from _settings(file, directories)
        yield from _lines(file, directories)
    except (KeyError, OSError, Unreadable):
        return


def _settings(file: File, directories: dict[str, str]) -> Iterator[Mention]:
    if file.place != PRODUCTION:
        return
    for use in file.model(temporary_homes):
        host_path = _on_host(f"{use.path.directory}/{use.path.rest}", directories)
        if host_path:
            line = file.position(use.setting.start)[0]
            yield Mention(host_path, file.path, line, use.role, permanent_path(use, file))


def _lines(file: File, directories: dict[str, str]) -> Iterator[Mention]:
    for number, line in enumerate(file.text.split("\n"), 1):
        if any(spelled in line for spelled in directories):
            for found in temporary_paths(line[:LONGEST_VALUE], tuple(directories)):
                host_path = _on_host(f"{found.directory}/{found.rest}", directories)
                if host_path:
                    yield Mention(host_path, file.path, number)


def _on_host(written: str, directories: dict[str, str]) -> str:
    """The path on this host that a committed path names; "" for one in no directory that is looked at."""
    path = posixpath.normpath(written)
    for spelled, real in directories.items():
        if path != spelled and is_below(path, spelled):
            return joined(real, path[len(spelled) :])
    return ""
