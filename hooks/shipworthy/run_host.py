"""Runs rules over the host, from inside of a repository or not."""

from __future__ import annotations

import os

from shipworthy.config import Config, load
from shipworthy.file import File
from shipworthy.hook import root_of
from shipworthy.host import Host
from shipworthy.options import Options
from shipworthy.outcome import Outcome
from shipworthy.project import Project
from shipworthy.reporting import FINGERPRINTED
from shipworthy.repository import NotARepository, Repository
from shipworthy.rule import NotApplicable
from shipworthy.rules import ids
from shipworthy.run import CannotCheck, add_fingerprints, fit_to_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.run import Checks


def check_host(checks: Checks, options: Options) -> Outcome:
    """Judge the host. Inline ignores and the baseline are about committed lines, and change nothing here."""
    if options.files:
        raise CannotCheck("no file is judged here; to look into another directory: --directory DIR")
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    if os.name != "posix":
        outcome.not_applicable = [(rule.id, "only Linux and macOS can be looked at") for rule, _ in checks]
        return outcome
    host = _host(options)
    for rule, check in checks:
        try:
            outcome.findings += [
                finding
                for finding in fit_to_report(host.config, rule, check(host))  # type: ignore[arg-type]
                if not host.config.excludes(finding.path.lstrip("/"), rule.id)
            ]
        except NotApplicable as reason:
            outcome.not_applicable.append((rule.id, str(reason)))
        except ModuleNotFoundError as error:
            raise CannotCheck(f"{rule.id} needs {error.name}: pip install {error.name}") from error
    outcome.unreadable |= host.unseen
    outcome.files = host.seen
    outcome.sort()
    if options.format in FINGERPRINTED:
        add_fingerprints(outcome, _not_opened)
    return outcome


def _not_opened(path: str) -> File:
    """What is found on the host is told by its path: it has no lines, and is not read."""
    return File(path, b"")


def _host(options: Options) -> Host:
    """The host, and the repository that we are in, if any."""
    root = root_of(os.getcwd())
    config = Config() if root is None and options.config is None else load(root or ".", options.config, ids())
    try:
        project = Project(Repository(), config) if root is not None else None
    except NotARepository:
        project = None
    return Host(options.directories, config, project)
