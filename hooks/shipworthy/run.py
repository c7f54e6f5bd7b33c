"""Runs rules over files or over the repository, and reports what they find."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from shipworthy import __version__
from shipworthy.config import Config, ConfigError, load
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.hook import IGNORE_MARK, LARGEST_FILE, has_trigger, root_of
from shipworthy.outcome import THRESHOLDS, Outcome
from shipworthy.reporting import FORMATS, render
from shipworthy.rule import FILE, Finding, NotApplicable, Rule
from shipworthy.rules import ids
from shipworthy.suppression import Suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project
    from shipworthy.rule import FileCheck, ProjectCheck

    Checks = Sequence[tuple[Rule, FileCheck | ProjectCheck]]


class CannotCheck(Exception):
    """Something keeps the program from checking anything; the message is one line."""


def run_hook(rule: Rule, check: FileCheck | ProjectCheck, arguments: Sequence[str]) -> int:
    """The whole life of one hook: arguments in, report on standard output, exit code out."""
    parser = Parser(rule.id, description=rule.summary)
    add_common_options(parser)
    if rule.fixes:
        parser.add_argument("--fix", action="store_true", help="change what is certain in the files themselves")
    what = "the files to judge" if rule.scope == FILE else "not needed: the rule judges the committed tree"
    parser.add_argument("files", nargs="*", metavar="FILE", help=what)
    options = parser.parse_args(arguments)
    checks = [(rule, check)]
    if rule.scope == FILE:
        return conclude(lambda: check_files(checks, options), options)
    return conclude(lambda: check_repository(checks, options), options)


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line and lets no option be shortened."""

    def __init__(self, prog: str, *, description: str) -> None:
        super().__init__(prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> None:  # type: ignore[override]
        """Leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """The options that every hook and `shipworthy check` have."""
    parser.add_argument("--format", choices=FORMATS, default=_default_format(), help="how findings are printed")
    parser.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")
    parser.add_argument(
        "--fail-on", choices=THRESHOLDS, default="high", help="the least severity that fails (default: high)"
    )
    parser.add_argument("--no-ignores", action="store_true", help="report what inline ignores suppress as well")
    parser.add_argument("--version", action="version", version=__version__)


def _default_format() -> str:
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and not sys.stdout.isatty()
    return "github" if in_actions else "text"


def conclude(work: Callable[[], Outcome], options: argparse.Namespace) -> int:
    """Do the work, print the report and return the exit code. Nothing ends in a traceback."""
    try:
        outcome = work()
    except (CannotCheck, ConfigError) as error:
        return _cannot_check(str(error))
    outcome.sort()
    _say_on_stderr(outcome)
    _write(render(outcome, options.format))
    return outcome.exit_code(options.fail_on)


def _cannot_check(message: str) -> int:
    from shipworthy.reporting.escape import printable

    print(printable(f"shipworthy: {message}"), file=sys.stderr)
    return 2


def _say_on_stderr(outcome: Outcome) -> None:
    from shipworthy.reporting.escape import printable

    for path, reason in sorted(outcome.unreadable.items()):
        print(printable(f"{path}: skipped: {reason}"), file=sys.stderr)
    for failure in outcome.failures:
        print(printable(f"shipworthy: {failure}"), file=sys.stderr)


def _write(text: str) -> None:
    """Standard output, whatever its encoding; a reader that went away (``| head``) is no fault."""
    try:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def check_files(checks: Checks, options: argparse.Namespace) -> Outcome:
    """Judge the named files, one by one."""
    root = root_of(os.getcwd())
    if root is None:
        raise CannotCheck("not a git repository")
    config = load(root, options.config, ids())
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    judge = Judge(checks, config, outcome, keep_ignored=options.no_ignores)
    if not options.files:
        outcome.not_applicable = [(rule.id, "no file was named") for rule, _ in checks]
    for name in options.files:
        path = os.path.relpath(os.path.abspath(name), root).replace(os.sep, "/")
        if path.startswith("../") or not _is_inside(root, name):
            outcome.unreadable[name] = "outside the repository"
        elif os.path.islink(name):
            continue  # what it points to is judged under its own name
        elif judge.takes(path):
            judge.file(path, lambda name=name: _read(name))  # type: ignore[misc]
    if getattr(options, "fix", False):
        from shipworthy.fixing import fix

        fix(root, outcome)
    return outcome


def _is_inside(root: str, name: str) -> bool:
    """Whether the file is in the repository when the links on its way are followed."""
    folder = os.path.realpath(os.path.dirname(os.path.abspath(name)))
    return os.path.commonpath((folder, os.path.realpath(root))) == os.path.realpath(root)


def _read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read(LARGEST_FILE + 1)


def check_repository(checks: Checks, options: argparse.Namespace) -> Outcome:
    """Judge the committed tree by repository rules, and every committed file by file rules."""
    from shipworthy.project import Project
    from shipworthy.repository import NotARepository, Repository

    try:
        repository = Repository()
    except NotARepository as error:
        raise CannotCheck(str(error)) from error
    config = load(repository.root, options.config, ids())
    project = Project(repository, config)
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    file_checks = [(rule, check) for rule, check in checks if rule.scope == FILE]
    tree_checks = [(rule, check) for rule, check in checks if rule.scope != FILE]
    if file_checks:
        judge = Judge(file_checks, config, outcome, keep_ignored=options.no_ignores)
        for entry in repository.files():
            if judge.takes(entry.path):
                judge.file(entry.path, lambda path=entry.path: repository.read(path))  # type: ignore[misc]
    if tree_checks:
        _judge_tree(tree_checks, project, outcome, keep_ignored=options.no_ignores)
        outcome.files = len(repository.entries)
    for finding in outcome.findings if options.format == "sarif" else ():
        outcome.fingerprints.setdefault(finding, fingerprint(finding, _line_of(project, finding)))
    return outcome


def _line_of(project: Project, finding: Finding) -> str:
    try:
        return project.file(finding.path).line(finding.line)
    except (KeyError, OSError):
        return ""


def fingerprint(finding: Finding, line: str) -> str:
    """What stays the same when lines move: the rule, the path and the line without its white space."""
    text = "\0".join((finding.rule, finding.path, "".join(line.split())))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


class Judge:
    """Judges single files by file rules."""

    def __init__(self, checks: Checks, config: Config, outcome: Outcome, *, keep_ignored: bool) -> None:
        self.checks = [(rule, check, re.compile(rule.files).search) for rule, check in checks]
        self.config = config
        self.outcome = outcome
        self.keep_ignored = keep_ignored

    def takes(self, path: str) -> bool:
        """Whether some rule judges files of this path."""
        return any(matches(path) for _, _, matches in self.checks) and not self.config.excludes(path)

    def file(self, path: str, read: Callable[[], bytes]) -> None:
        """Judge one file: read it, and ask the rules that have a trigger in it."""
        try:
            data = read()
        except (OSError, KeyError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self.outcome.unreadable[path] = reason.lower()
            return
        if len(data) > LARGEST_FILE:
            self.outcome.unreadable[path] = f"too large: over {LARGEST_FILE // 1_000_000} MB"
            return
        self.outcome.files += 1
        asked = [
            (rule, check)
            for rule, check, matches in self.checks
            if matches(path) and has_trigger(rule, data) and not self.config.excludes(path, rule.id)
        ]
        if not asked:
            return
        file = File(path, data, place=self.config.place_of(path))
        findings: list[Finding] = []
        for rule, check in asked:
            file.options = self.config.options(rule.id)
            findings += self._ask(rule, check, file)
        if self.keep_ignored:
            self.outcome.findings += findings
        else:
            suppression = Suppression({rule.id for rule, _ in asked}, ids())
            self.outcome.findings += suppression.apply(file, findings)
            self.outcome.suppressed += suppression.suppressed
        for finding in self.outcome.findings:
            if finding.path == path:
                self.outcome.fingerprints[finding] = fingerprint(finding, file.line(finding.line))

    def _ask(self, rule: Rule, check: FileCheck | ProjectCheck, file: File) -> Iterator[Finding]:
        try:
            yield from _with_severity(self.config, rule, check(file))  # type: ignore[arg-type]
        except Unreadable as error:
            self.outcome.unreadable[file.path] = str(error)
        except Exception as error:
            _record_failure(self.outcome, f"{rule.id} failed on {file.path}", error)


def _judge_tree(checks: Checks, project: Project, outcome: Outcome, *, keep_ignored: bool) -> None:
    findings: list[Finding] = []
    applicable: list[str] = []
    for rule, check in checks:
        try:
            found = list(_with_severity(project.config, rule, check(project)))  # type: ignore[arg-type]
        except NotApplicable as reason:
            outcome.not_applicable.append((rule.id, str(reason)))
            continue
        except Exception as error:
            _record_failure(outcome, f"{rule.id} failed", error)
            continue
        applicable.append(rule.id)
        findings += [finding for finding in found if not project.config.excludes(finding.path, rule.id)]
    if keep_ignored:
        outcome.findings += findings
        return
    suppression = Suppression(applicable, ids())
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    with_ignores = project.repository.containing(IGNORE_MARK.decode())
    for path in with_ignores:
        if not project.config.excludes(path):
            outcome.findings += suppression.apply(project.open(path), by_path.pop(path, ()))
    for found in by_path.values():
        outcome.findings += found
    outcome.suppressed += suppression.suppressed


def _with_severity(config: Config, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
    stated = config.severities.get(rule.id)
    for finding in findings:
        if stated:
            finding.severity = stated
        yield finding


def _record_failure(outcome: Outcome, what: str, error: Exception) -> None:
    if sys.flags.dev_mode:
        raise error
    outcome.failures.append(f"{what}: {type(error).__name__}: {error} (a fault of shipworthy: please report it)")
