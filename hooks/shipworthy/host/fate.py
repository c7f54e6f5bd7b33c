"""What a reboot and a clean-up do to a path, as this host is set up.

Sources: tmpfiles.d(5), systemd-tmpfiles(8), tmpwatch(8), tmpreaper(8); on macOS dirhelper(8), confstr(3), and
/usr/libexec/tmp_cleaner, until macOS 13 /etc/periodic/daily/110.clean-tmps.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from shipworthy.host.mounts import IN_MEMORY, Mounts
from shipworthy.host.opened import text_of
from shipworthy.host.paths import is_below
from shipworthy.patterns import lazy

FOLDERS = ("/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d")
"""Where the lines are, those first that come before others of the same name."""
_OTHER_CLEANERS = {"tmpreaper": "/etc/cron.daily/tmpreaper", "tmpwatch": "/etc/cron.daily/tmpwatch"}
_SYSTEMD_RUNS = "/run/systemd/system"
_MARKS_OF_CONTAINERS = ("/.dockerenv", "/run/.containerenv")
_REMOVED_AT_BOOT = frozenset("DRr")
_MADE = frozenset("fFwdDeqQvpLcbC")
_WITH_AGE = frozenset("dDevqQC")
_LEFT_ALONE = frozenset("xX")
_CONTENT_ONLY = frozenset("D")
_SPECIFIERS = {"%T": "/tmp", "%V": "/var/tmp", "%t": "/run", "%%": "%"}
_FIELD = lazy(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|(\S+)")
_DAYS_OF_MACOS = 3
_OF_A_USER = lazy(r"/private/var/folders/[^/]+/[^/]+/T/")
"""The temporary directory that macOS gives to a user; what lies beside it stays."""


class Line(NamedTuple):
    """A line of tmpfiles.d: what ``type`` does with the paths of ``pattern``, and the ``age`` of what is removed."""

    type: str
    pattern: str
    age: str
    file: str
    number: int

    @property
    def place(self) -> str:
        """Where the line stands."""
        return f"{self.file}:{self.number}"


class Fate(NamedTuple):
    """What happens to a path at the next reboot, and while the host runs; "" where nothing is known to."""

    reboot: str
    clean_up: str


class Cleaners:
    """What cleans up on this host."""

    def __init__(self, mounts: Mounts, folders: Sequence[str] | None = None, system: str = "") -> None:
        """``folders`` are those of tmpfiles.d, by default the system's, where systemd runs."""
        self.mounts = mounts
        self.system = system or os.uname().sysname
        used = FOLDERS if os.path.isdir(_SYSTEMD_RUNS) else ()
        self.lines = list(_lines(used if folders is None else folders))
        self.is_container = any(map(os.path.exists, _MARKS_OF_CONTAINERS))
        self.others = [name for name, path in _OTHER_CLEANERS.items() if os.path.exists(path)]

    def fate(self, path: str) -> Fate:
        """What happens to an absolute path."""
        if self.system == "Darwin":
            return _fate_on_macos(path)
        return Fate(self._at_reboot(path), self._while_running(path))

    def makes(self, path: str) -> bool:
        """Whether the host is told to make that path when it starts."""
        return any(line.type in _MADE and line.pattern == path for line in self.lines)

    def _at_reboot(self, path: str) -> str:
        mount = self.mounts.at(path)
        if mount is not None and mount.kind in IN_MEMORY and mount.point != "/":
            return f"a reboot deletes it: {mount.point} lies in memory ({mount.kind})"
        for line in self.lines:
            if line.type in _REMOVED_AT_BOOT and _covers(line, path):
                return f"a reboot deletes it ({line.place})"
        is_of_container = self.is_container and mount is not None and mount.point == "/"
        return "it is gone with the container" if is_of_container else ""

    def _while_running(self, path: str) -> str:
        """The line nearest to the path decides; what is left alone is nearer than any age."""
        if any(line.type in _LEFT_ALONE and _covers(line, path) for line in self.lines):
            return ""
        aged = [line for line in self.lines if line.type in _WITH_AGE and line.age and is_below(path, line.pattern)]
        nearest = max(aged, key=lambda line: len(line.pattern), default=None)
        if nearest is not None:
            return f"what nobody touches for {nearest.age} is deleted ({nearest.place})"
        return f"{self.others[0]} deletes what is old every day" if self.others else ""


def _covers(line: Line, path: str) -> bool:
    """Whether a line that removes or spares is for a path: for what it matches, and for what is in that.

    ``r`` and ``X`` mean the path alone; ``D`` empties its folder and leaves it.
    """
    parents = [path]
    while line.type not in "rX" and parents[-1] not in ("", "/"):
        parents.append(os.path.dirname(parents[-1]))
    if line.type in _CONTENT_ONLY:
        parents = parents[1:]
    return any(fnmatchcase(parent, line.pattern) for parent in parents)


def _lines(folders: Sequence[str]) -> Iterator[Line]:
    """The lines of all files, of those with the same name only of the first one."""
    seen: set[str] = set()
    for folder in folders:
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        for name in names:
            if name.endswith(".conf") and name not in seen:
                seen.add(name)
                path = os.path.join(folder, name)
                if os.path.isfile(path):  # a link to /dev/null takes the others of that name away
                    yield from parsed(text_of(path), path)


def parsed(text: str, file: str) -> Iterator[Line]:
    """The lines that a file of tmpfiles.d holds: ``TYPE PATH MODE USER GROUP AGE ARGUMENT``."""
    for number, line in enumerate(text.splitlines(), 1):
        fields = [found[1] or found[2] or found[3] or "" for found in _FIELD.finditer(line)]
        if len(fields) < 2 or fields[0].startswith("#"):
            continue
        pattern = re.sub("%.", lambda found: _SPECIFIERS.get(found[0], found[0]), fields[1])
        age = fields[5].lstrip("~") if len(fields) > 5 and fields[5] != "-" else ""
        yield Line(fields[0][:1], "/" + pattern.strip("/"), age.rpartition(":")[2], file, number)


def _fate_on_macos(path: str) -> Fate:
    age = f"what nobody reads for {_DAYS_OF_MACOS} days is deleted"
    if is_below(path, "/private/tmp"):
        return Fate("a reboot deletes it", age)
    return Fate("", age if _OF_A_USER.match(path) else "")
