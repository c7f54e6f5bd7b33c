"""What was found: a thing in a temporary directory, with everything that is known of it."""

from __future__ import annotations

import os
from functools import cached_property

from shipworthy.homes.permanent import home_of, stem_of
from shipworthy.homes.roles import CONFIG
from shipworthy.host.directories import TemporaryDirectory
from shipworthy.host.fate import Fate
from shipworthy.host.kinds import UNIT, Kind
from shipworthy.host.looking import Entry
from shipworthy.host.mentions import Mention
from shipworthy.host.opened import RUNNING, WEAK, Use
from shipworthy.host.paths import is_below
from shipworthy.host.processes import Process

LIVES, TAKEN, GONE = "lives", "taken", "gone"
"""What became of the process of a PID file; ``taken``: its number is another process's by now."""
_GENERAL_FOLDERS = frozenset("log logs run pid pids sock sockets data db conf config etc var lib".split())


class User:
    """A process that uses an item, and how."""

    __slots__ = ("process", "uses")

    def __init__(self, process: Process) -> None:
        self.process = process
        self.uses: dict[Use, None] = {}

    @property
    def matters(self) -> bool:
        """Whether more is known than that a process is there, or is told the path."""
        return self.process.is_service or any(use.how not in WEAK for use in self.uses)


class Item:
    """Something that production may run on.

    ``entry`` is None for what is not there any more, or was not looked at. ``number`` and ``process_state`` belong to
    PID files. ``is_listened_on`` tells that somebody has a socket, or may, ``is_surely_listened_on`` that somebody has.
    ``is_open`` tells that every user of the host can read what is meant for one, and ``open_files`` names such files of
    a source tree.
    """

    def __init__(self, kind: Kind, path: str, directory: TemporaryDirectory, entry: Entry | None = None) -> None:
        self.kind = kind
        self.path = path
        self.directory = directory
        self.entry = entry
        self._users: dict[Process, User] = {}
        self.mentions: list[Mention] = []
        self.fate = Fate("", "")
        self.number: int | None = None
        self.process_state = ""
        self.is_listened_on = False
        self.is_surely_listened_on = False
        self.is_open = False
        self.open_files: list[str] = []
        self.is_gone = False

    def add(self, process: Process, use: Use) -> None:
        """Remember that a process uses it."""
        self._users.setdefault(process, User(process)).uses[use] = None

    @property
    def users(self) -> list[User]:
        """The processes that use it, and do more than being told of it."""
        return [user for user in self._users.values() if user.matters]

    @property
    def inside(self) -> str:
        """The path within the temporary directory."""
        return self.path[len(self.directory.path) :].strip("/")

    @property
    def services(self) -> list[User]:
        """The users that serve somebody."""
        return [user for user in self.users if user.process.is_service]

    @property
    def settings(self) -> list[Mention]:
        """The committed settings that keep something there."""
        return [mention for mention in self.mentions if mention.is_setting]

    @property
    def is_run(self) -> bool:
        """Whether a process runs what lies there."""
        return any(use.how in RUNNING for user in self.users for use in user.uses)

    @cached_property
    def home(self) -> str:
        """Its permanent place: where the committed setting that names it would have it, or where such things live."""
        for mention in self.settings:
            beyond = mention.host_path[len(self.path) :]
            if mention.role == self.kind.role and mention.home.endswith(beyond):
                return mention.home.removesuffix(beyond)
        name = self.inside.rpartition("/")[2]
        rest = _without_general_folders(self.inside)
        if self.kind == UNIT:
            return ("/Library/LaunchDaemons/" if name.endswith(".plist") else "/etc/systemd/system/") + name
        if self.kind.role == CONFIG and "/" not in rest:
            return f"/etc/{self.service}/{name}"
        return on_this_system(home_of(self.kind.role, rest, self.service))

    @property
    def service(self) -> str:
        """A name for what it belongs to."""
        unit = next((user.process.membership.unit for user in self.services if user.process.membership.unit), "")
        of_unit = unit.removesuffix(".service").partition("@")[0] if unit.endswith(".service") else ""
        return (
            of_unit
            or stem_of(_without_general_folders(self.inside))
            or (self.users[0].process.name if self.users else "app")
        )


def on_this_system(home: str, system: str = "") -> str:
    """A permanent place as this system has it: on macOS nobody can make ``/run``."""
    return f"/var{home}" if (system or os.uname().sysname) == "Darwin" and is_below(home, "/run") else home


def _without_general_folders(inside: str) -> str:
    """A path without what its permanent place says anyway: ``logs/api.log`` belongs to ``/var/log/api/api.log``."""
    first, _, rest = inside.partition("/")
    return _without_general_folders(rest) if rest and first in _GENERAL_FOLDERS else inside
