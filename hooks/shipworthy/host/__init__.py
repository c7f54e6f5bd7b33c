"""The host: what its temporary directories hold, and which processes live on it.

Everything here asks the system, and nothing the repository; `mentions` alone reads what is committed, to say which file
names what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shipworthy.config import Config, TemporaryStatement
from shipworthy.globs import Globs
from shipworthy.rule import NotApplicable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.host.audit import Audit
    from shipworthy.host.cleaning import Cleaner
    from shipworthy.host.leftovers import Leftover
    from shipworthy.project import Project


DEFAULT_AGE = 10 * 86_400.0
"""Seconds, as systemd waits before it removes what nobody touches in ``/tmp``."""


class Wanted(NamedTuple):
    """What a clean-up is to remove: what is older than so many seconds, and what the patterns name besides."""

    older_than: float = DEFAULT_AGE
    patterns: tuple[str, ...] = ()


class Host:
    """What a rule about the host judges.

    ``given`` are directories to look at in place of the system's temporary ones. ``project`` is the repository that
    the question is asked from, or None outside of one. ``wanted`` is what a clean-up is to remove, ``excluded`` matches
    paths, from the root of the file system, that are neither judged nor removed.
    """

    def __init__(
        self,
        given: Sequence[str] = (),
        config: Config | None = None,
        project: Project | None = None,
        wanted: Wanted | None = None,
        excluded: Globs | None = None,
    ) -> None:
        self.given = tuple(given)
        self.config = config or Config()
        self.project = project
        self.wanted = wanted or Wanted()
        self.excluded = excluded or Globs([])
        self._audit: Audit | None = None
        self._leftovers: list[Leftover] | None = None

    @property
    def unseen(self) -> dict[str, str]:
        """What could not be looked at, and why, by path."""
        return self._audit.unseen if self._audit is not None else {}

    @property
    def seen(self) -> int:
        """How many files and folders were looked at."""
        return self._audit.seen if self._audit is not None else 0

    def audit(self) -> Audit:
        """What is in the directories, found once. Raises `NotApplicable` where there is none."""
        if self._audit is None:
            self._audit = self._made()
        return self._audit

    def leftovers(self) -> list[Leftover]:
        """What is left over in the directories, found once. Raises `NotApplicable` where there is none."""
        from shipworthy.host.leftovers import leftovers

        if self._leftovers is None:
            self._leftovers = leftovers(self.audit(), self.wanted)
        return self._leftovers

    def cleaner(self, between: Callable[[str], None] | None = None) -> Cleaner:
        """What removes the leftovers; see there for ``between``."""
        from shipworthy.host.cleaning import Cleaner
        from shipworthy.host.processes import processes

        audit = self.audit()
        return Cleaner(lambda: processes(audit.roots, audit.mounts), self.wanted.older_than, between)

    def _made(self) -> Audit:
        from shipworthy.host.audit import Audit
        from shipworthy.host.directories import temporary_directories
        from shipworthy.host.mentions import Mentions, mentions
        from shipworthy.host.mounts import mounts_of
        from shipworthy.host.processes import processes
        from shipworthy.host.spelling import of_this_system

        mounts = mounts_of()
        directories, failed = temporary_directories(self.given, self.config.temporary.directories, mounts)
        spelled = {directory.named: directory.path for directory in directories}
        spelling = of_this_system()
        spelled |= {spelled: directory.path for directory in directories for spelled in spelling.all(directory.path)}
        if not directories:
            reasons = "; ".join(f"{path}: {reason}" for path, reason in failed.items())
            raise NotApplicable(reasons or "this system has no temporary directory")
        stated = self.config.temporary
        self.config.temporary = TemporaryStatement((*stated.directories, *self.given), stated.permitted, stated.roles)
        named = mentions(self.project, spelled) if self.project is not None else Mentions()
        alive = processes((directory.path for directory in directories), mounts)
        audit = Audit(directories, mounts, alive, named, stated, self.excluded, Globs(self.wanted.patterns))
        audit.unseen |= failed
        audit.look()
        return audit
