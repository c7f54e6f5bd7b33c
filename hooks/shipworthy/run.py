"""Runs rules over files or over the repository, and reports what they find."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from shipworthy.config import BASELINE_NAME, ConfigError, load
from shipworthy.file import File
from shipworthy.hook import complain, read_file, root_of, write
from shipworthy.judging import Judge, fault, judge_project, reason_of
from shipworthy.options import Options
from shipworthy.outcome import Outcome
from shipworthy.reporting import FINGERPRINTED, render
from shipworthy.rule import FILE, HOST, Finding, Rule
from shipworthy.rules import ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.judging import Checks
    from shipworthy.project import Project
    from shipworthy.repository import Asked
    from shipworthy.rule import Check


class CannotCheck(Exception):
    """Something keeps the program from checking anything; the message is one line."""


def run_hook(rule: Rule, check: Check, arguments: Sequence[str], asked: Asked | None = None) -> int:
    """The whole life of one hook: arguments in, report on standard output, exit code out.

    ``asked`` is what git was asked about the working directory already.
    """
    options = Options()
    if any(argument.startswith("-") for argument in arguments):
        from shipworthy.arguments import parse

        options = parse(rule, arguments)
    else:
        options.files = list(arguments)
    checks = [(rule, check)]
    if rule.scope == FILE:
        return conclude(lambda: check_files(checks, options), options)
    if rule.scope == HOST:
        from shipworthy.run_host import check_host

        return conclude(lambda: check_host(checks, options), options)
    return conclude(lambda: check_repository(checks, options, asked), options)


def conclude(work: Callable[[], Outcome], options: Options) -> int:
    """Do the work, print the report and return the exit code."""

    def report() -> int:
        outcome = work()
        say_on_stderr(outcome)
        return write(render(outcome, options.format)) or outcome.exit_code(options.fail_on)

    return guarded(report)


def guarded(work: Callable[[], int]) -> int:
    """The exit code of ``work``. Nothing ends in a traceback, unless Python runs in its development mode."""
    try:
        return work()
    except (CannotCheck, ConfigError) as error:
        return _cannot_check(str(error))
    except KeyboardInterrupt:
        return _cannot_check("interrupted")
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        return _cannot_check(fault(error))


def _cannot_check(message: str) -> int:
    from shipworthy.reporting.escape import printable

    complain(printable(f"shipworthy: {message}"))
    return 2


def say_on_stderr(outcome: Outcome) -> None:
    """What the report has no place for: what was skipped, what failed, what the baseline holds in vain."""
    from shipworthy.reporting.escape import printable

    for path, reason in sorted(outcome.unreadable.items()):
        complain(printable(f"{path}: skipped: {reason}"))
    for failure in outcome.failures:
        complain(printable(f"shipworthy: {failure}"))
    if outcome.fixed:
        are = "1 entry of the baseline is" if outcome.fixed == 1 else f"{outcome.fixed} entries of the baseline are"
        complain(f"shipworthy: {are} fixed; to remove them: shipworthy baseline --prune")


def check_files(checks: Checks, options: Options) -> Outcome:
    """Judge the named files, one by one."""
    root = root_of()
    if root is None:
        raise CannotCheck("not a git repository")
    config = load(root, options.config, ids())
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    judge = Judge(checks, config, outcome, keep_ignored=options.no_ignores)
    names: dict[str, str] = {}
    for name in options.files:
        path = os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
        if path == ".." or path.startswith("../") or not _is_inside(root, name):
            outcome.unreadable[name] = "outside the repository"
        elif not os.path.islink(name) and judge.takes(path):  # what a link points to is judged under its own name
            names[path] = name
    for path, name in names.items():
        judge.file(path, lambda name=name: read_file(name))  # type: ignore[misc]
    if not outcome.files:
        reason = "none of the named files can be judged" if options.files else "no file was named"
        outcome.not_applicable = [(rule.id, reason) for rule, _ in checks]
    _finish(outcome, root, options, lambda path: File(path, read_file(names[path])))
    if options.fix:
        from shipworthy.fixing import apply

        _fix(lambda: apply(outcome.findings, lambda path: (names[path], File(path, read_file(names[path])))))
    return outcome


def _fix(mend: Callable[[], list[Finding]]) -> None:
    """Change the files; what is mended is still reported, as such, so that nobody commits it unseen."""
    from shlex import quote

    try:
        mended = mend()
    except OSError as error:
        raise CannotCheck(f"cannot write {error.filename}: {reason_of(error)}") from error
    for finding in mended:
        finding.message = f"fixed: {finding.message}"
        if finding.addition:
            finding.fix = f"look at the added lines, then: git add -f {quote(finding.addition.path)}"
        if finding.mode:
            finding.fix = f"its executable bit is staged: commit {quote(finding.mode.path)}"


def _is_inside(root: str, name: str) -> bool:
    """Whether the file is in the repository when the links on its way are followed."""
    folder = os.path.realpath(os.path.dirname(os.path.abspath(name)))
    return os.path.commonpath((folder, os.path.realpath(root))) == os.path.realpath(root)


def check_repository(checks: Checks, options: Options, asked: Asked | None = None) -> Outcome:
    """Judge the committed tree by repository rules, and every committed file by file rules."""
    project = open_project(options, asked)
    outcome = judge_project(checks, project, keep_ignored=options.no_ignores, processes=options.processes)
    if not project.repository.paths:
        return outcome
    _finish(outcome, project.repository.root, options, project.open)
    if options.fix:
        from shipworthy.fixing import add_lines, make_executable

        found, repository = outcome.findings, project.repository
        _fix(lambda: [*add_lines(found, repository), *make_executable(found, repository)])
    return outcome


def open_project(options: Options, asked: Asked | None = None) -> Project:
    """The repository that the working directory is in, with its configuration."""
    from shipworthy.project import Project
    from shipworthy.repository import NotARepository, Repository

    try:
        repository = Repository(asked=asked)
    except NotARepository as error:
        raise CannotCheck(str(error)) from error
    return Project(repository, load(repository.root, options.config, ids()))


def _finish(outcome: Outcome, root: str, options: Options, open_file: Callable[[str], File]) -> None:
    """Bring the findings into their order, and set those apart that are in the baseline."""
    outcome.sort()
    has_baseline = options.baseline is not None or os.path.lexists(os.path.join(root, BASELINE_NAME))
    applies = has_baseline and not options.no_ignores and options.command != "baseline"
    if applies or options.command == "baseline" or options.format in FINGERPRINTED:
        add_fingerprints(outcome, open_file)
    if applies:
        from shipworthy.baseline import load_baseline

        load_baseline(root, options.baseline).apply(outcome, is_whole=options.command == "check")


def add_fingerprints(outcome: Outcome, open_file: Callable[[str], File]) -> None:
    """Give each finding what tells it again; one whose file cannot be opened is told by its path alone."""
    by_path: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_path.setdefault(finding.path, []).append(finding)
    for path, findings in by_path.items():
        try:
            file = open_file(path)
        except (KeyError, OSError):
            file = File(path, b"")
        for finding in findings:
            outcome.fingerprints[finding] = fingerprint(finding, file.line(finding.line))


def fingerprint(finding: Finding, line: str) -> str:
    """What stays the same when lines move: the rule, the path and the line without its white space."""
    import hashlib  # OpenSSL takes its time to load

    text = "\0".join((finding.rule, finding.path, "".join(line.split())))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
