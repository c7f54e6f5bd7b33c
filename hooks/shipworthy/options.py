"""The options of a run, with their defaults."""

from __future__ import annotations

import os
import sys


class Options:
    """What the command line says, or does not say. See `shipworthy.arguments` for the meaning of each."""

    def __init__(self) -> None:
        in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and not sys.stdout.isatty()
        self.format = "github" if in_actions else "text"
        self.processes = 1
        """That may judge at once; more where this process is the program's own, and no thread of others runs in it."""
        self.config: str | None = None
        self.fail_on = "high"
        self.baseline: str | None = None
        self.no_ignores = False
        self.fix = False
        self.files: list[str] = []
        self.select: str | None = None
        self.skip: str | None = None
        self.command = ""
        self.output: str | None = None
        self.prune = False
        self.force = False
        self.rule = ""
        self.directories: list[str] = []
        self.clean = False
        self.dry_run = False
        self.yes = False
        self.older_than: float | None = None
        self.remove: list[str] = []
        self.report_format: str | None = None
        self.committed: str | None = None
        self.earlier: str | None = None
        self.fail_under: int | None = None


def processors() -> int:
    """How many processes can compute at once; one where the system makes no copies of a process."""
    if not hasattr(os, "fork"):
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
