"""The host: what its temporary directories hold, and which processes live on it.

Everything here asks the system, and nothing the repository; `mentions` alone reads what is committed, to say which file
names what was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.config import Config, TemporaryStatement
from shipworthy.rule import NotApplicable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.host.audit import Audit
    from shipworthy.project import Project


class Host:
    """What a rule about the host judges.

    ``given`` are directories to look at in place of the system's temporary ones. ``project`` is the repository that
    the question is asked from, or None outside of one.
    """

    def __init__(self, given: Sequence[str] = (), config: Config | None = None, project: Project | None = None) -> None:
        self.given = tuple(given)
        self.config = config or Config()
        self.project = project
        self._audit: Audit | None = None

    @property
    def unseen(self) -> dict[str, str]:
        """What could not be looked at, and why, by path."""
        return self._audit.unseen if self._audit is not None else {}

    @property
    def seen(self) -> int:
        """How many files and folders were looked at."""
        return len(self._audit.entries) if self._audit is not None else 0

    def audit(self) -> Audit:
        """What is in the directories, found once. Raises `NotApplicable` where there is none."""
        if self._audit is None:
            self._audit = self._made()
        return self._audit

    def _made(self) -> Audit:
        from shipworthy.host.audit import Audit
        from shipworthy.host.directories import temporary_directories
        from shipworthy.host.mentions import Mentions, mentions
        from shipworthy.host.mounts import mounts_of
        from shipworthy.host.processes import processes

        mounts = mounts_of()
        directories, failed = temporary_directories(self.given, self.config.temporary.directories, mounts)
        spelled = {directory.named: directory.path for directory in directories}
        spelled |= {directory.path: directory.path for directory in directories}
        if not directories:
            reasons = "; ".join(f"{path}: {reason}" for path, reason in failed.items())
            raise NotApplicable(reasons or "this system has no temporary directory")
        stated = self.config.temporary
        self.config.temporary = TemporaryStatement((*stated.directories, *self.given), stated.permitted, stated.roles)
        named = mentions(self.project, spelled) if self.project is not None else Mentions()
        alive = processes((directory.path for directory in directories), mounts)
        audit = Audit(directories, mounts, alive, named, stated)
        audit.unseen |= failed
        audit.look()
        return audit
