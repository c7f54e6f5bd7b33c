"""Runs rules over the host, from inside of a repository or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from shipworthy.config import Config, load
from shipworthy.file import File
from shipworthy.hook import complain, root_of
from shipworthy.host import DEFAULT_AGE, Host, Wanted
from shipworthy.judging import fit_to_report
from shipworthy.options import Options
from shipworthy.outcome import Outcome
from shipworthy.project import Project
from shipworthy.reporting import FINGERPRINTED
from shipworthy.reporting.escape import printable
from shipworthy.repository import NotARepository, Repository
from shipworthy.rule import NotApplicable, Rule
from shipworthy.rules import ids
from shipworthy.run import CannotCheck, add_fingerprints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.host.leftovers import Leftover
    from shipworthy.judging import Checks


def check_host(checks: Checks, options: Options) -> Outcome:
    """Judge the host. Inline ignores and the baseline are about committed lines, and change nothing here."""
    if options.files:
        raise CannotCheck("no file is judged here; to look into another directory: --directory DIR")
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    if os.name != "posix":
        outcome.not_applicable = [(rule.id, "only Linux and macOS can be looked at") for rule, _ in checks]
        return outcome
    for rule, check in checks:
        host = _host(rule, options)
        try:
            if options.clean or options.dry_run:
                _clean(host, options)
            outcome.findings += fit_to_report(host.config, rule, check(host))  # type: ignore[arg-type]
        except NotApplicable as reason:
            outcome.not_applicable.append((rule.id, str(reason)))
        except ModuleNotFoundError as error:
            raise CannotCheck(f"{rule.id} needs {error.name}: pip install {error.name}") from error
        outcome.unreadable |= host.unseen
        outcome.files += host.seen
    outcome.sort()
    if options.format in FINGERPRINTED:
        add_fingerprints(outcome, _not_opened)
    return outcome


def _not_opened(path: str) -> File:
    """What is found on the host is told by its path: it has no lines, and is not read."""
    return File(path, b"")


def _clean(host: Host, options: Options) -> None:
    """List what is left over, ask, and remove it; the list and the question stand on standard error."""
    found = host.leftovers()
    cleaner = host.cleaner()
    cleaner.examine(found)
    removable = [leftover for leftover in found if not leftover.kept]
    is_serious = options.clean and not options.dry_run
    _list("to remove" if is_serious else "would be removed", removable)
    if is_serious and removable and (options.yes or _is_agreed(len(removable))):
        cleaner.clean(removable)
    _list("left alone" if is_serious else "would be left alone", [leftover for leftover in found if leftover.kept])


def _list(heading: str, leftovers: Sequence[Leftover]) -> None:
    complain(f"{heading}: {len(leftovers) or 'nothing'}")
    for leftover in leftovers:
        why = f" ({leftover.kept})" if leftover.kept else ""
        complain(printable(f"    {leftover.path}: {leftover.words}{why}"))


def _is_agreed(count: int) -> bool:
    """Whether somebody at a terminal agrees. Raises `CannotCheck` where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise CannotCheck("--clean asks before it removes anything: it needs a terminal, or --yes")
    complain(f"remove {'it' if count == 1 else f'these {count}'}? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _host(rule: Rule, options: Options) -> Host:
    """The host, and the repository that we are in, if any."""
    root = root_of()
    config = Config() if root is None and options.config is None else load(root or ".", options.config, ids())
    try:
        project = Project(Repository(), config) if root is not None else None
    except NotARepository:
        project = None
    wanted = Wanted(DEFAULT_AGE if options.older_than is None else options.older_than, tuple(options.remove))
    return Host(options.directories, config, project, wanted, config.rule_excludes.get(rule.id))
