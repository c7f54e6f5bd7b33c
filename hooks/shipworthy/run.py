"""Runs rules over files or over the repository, and reports what they find."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from shipworthy.config import BASELINE_NAME, Config, ConfigError, load
from shipworthy.file import TOO_LARGE, File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.hook import IGNORE_MARK, LARGEST_FILE, complain, has_trigger, read_file, root_of, write
from shipworthy.masking import mask
from shipworthy.options import Options
from shipworthy.outcome import Outcome
from shipworthy.reporting import FINGERPRINTED, render
from shipworthy.rule import FILE, HOST, Finding, NotApplicable, Rule
from shipworthy.rules import ids
from shipworthy.suppression import Suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project
    from shipworthy.repository import Asked, Repository
    from shipworthy.rule import Check

    Checks = Sequence[tuple[Rule, Check]]


_FEW = 50
"""So many files are read sooner than git has looked for triggers in them."""


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
        return _cannot_check(_fault(error))


def _cannot_check(message: str) -> int:
    from shipworthy.reporting.escape import printable

    complain(printable(f"shipworthy: {message}"))
    return 2


def _fault(error: Exception) -> str:
    """A fault of the program itself: its kind and its place, not its message, which may quote a secret."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        place = f" in {module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place} (a fault of shipworthy: please report it)"


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
    root = root_of(os.getcwd())
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
        raise CannotCheck(f"cannot write {error.filename}: {_reason(error)}") from error
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
    outcome = judge_project(checks, project, keep_ignored=options.no_ignores)
    if not project.repository.entries:
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


def judge_project(
    checks: Checks, project: Project, *, keep_ignored: bool, step: Callable[[str], None] | None = None
) -> Outcome:
    """What the rules find in a repository, in no order, whatever a baseline holds.

    ``step`` is told what is looked at next, a path or a rule, every now and then.
    """
    repository = project.repository
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    if not repository.entries:
        outcome.not_applicable = [(rule.id, "nothing is committed or staged") for rule, _ in checks]
        return outcome
    file_checks = [(rule, check) for rule, check in checks if rule.scope == FILE]
    tree_checks = [(rule, check) for rule, check in checks if rule.scope != FILE]
    if tree_checks and not keep_ignored:
        repository.search(IGNORE_MARK.decode(), at_leisure=True)
    if file_checks:
        judge = Judge(file_checks, project.config, outcome, keep_ignored=keep_ignored)
        if tree_checks:
            judge.judged = project.adopt
        worth_reading = judge.worth_reading(repository)
        for path in worth_reading:
            if step is not None:
                step(path)
            judge.file(path, lambda path=path: repository.read(path))  # type: ignore[misc]
        if not tree_checks:
            taken = sum(judge.takes(entry.path) for entry in repository.files())
            outcome.files += taken - len(worth_reading)  # the others were looked at by git
    if tree_checks:
        _judge_tree(tree_checks, project, outcome, keep_ignored=keep_ignored, step=step)
        outcome.files = len(repository.entries)
    return outcome


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


class Judge:
    """Judges single files by file rules."""

    def __init__(self, checks: Checks, config: Config, outcome: Outcome, *, keep_ignored: bool) -> None:
        self.checks = checks
        self.filters = {rule.files: re.compile(rule.files).search for rule, _ in checks}  # rules may share a filter
        self.config = config
        self.outcome = outcome
        self.keep_ignored = keep_ignored
        self.judged: Callable[[File], None] | None = None
        self.stated_directories = [os.fsencode(directory) for directory in config.temporary.directories]

    def takes(self, path: str) -> bool:
        """Whether some rule judges files of this path."""
        return not self.config.excludes(path) and any(matches(path) for matches in self.filters.values())

    def worth_reading(self, repository: Repository) -> list[str]:
        """The committed files that some rule takes and that have a trigger in them, or cannot be told to have none.

        git looks for the triggers, in all files at once and on all processors, before any path is looked at: to match
        all paths takes longer than that.
        """
        if len(repository.entries) > _FEW:
            triggers = {trigger for rule, _ in self.checks for trigger in rule.triggers}
            words = sorted({*triggers, IGNORE_MARK, *self.stated_directories})
            holding = set(repository.containing("\n".join(os.fsdecode(word) for word in words)))
            paths = [
                entry.path
                for entry in repository.files()
                if entry.path in holding or repository.size(entry.path) > LARGEST_FILE
            ]
        else:
            paths = [entry.path for entry in repository.files()]
        return [path for path in paths if self.takes(path)]

    def file(self, path: str, read: Callable[[], bytes]) -> None:
        """Judge one file: read it, and ask the rules that have a trigger in it."""
        try:
            data = read()
        except OSError as error:
            self.outcome.unreadable[path] = _reason(error)
            return
        if len(data) > LARGEST_FILE:
            self.outcome.unreadable[path] = TOO_LARGE
            return
        self.outcome.files += 1
        stated = any(directory in data for directory in self.stated_directories)
        triggered: dict[tuple[bytes, ...], bool] = {}  # rules may share their triggers: each list is searched once
        asked = []
        for rule, check in self.checks:
            if rule.triggers not in triggered:
                triggered[rule.triggers] = stated or has_trigger(rule, data)
            if not triggered[rule.triggers] or self.config.excludes(path, rule.id):
                continue
            if self.filters[rule.files](path):
                asked.append((rule, check))
        if not asked:
            return
        file = File(path, data, config=self.config)
        if self.judged:
            self.judged(file)
        findings: list[Finding] = []
        for rule, check in asked:
            findings += self._ask(rule, check, file)
        if self.keep_ignored:
            self.outcome.findings += findings
        else:
            suppression = Suppression({rule.id for rule, _ in asked}, ids())
            self.outcome.findings += suppression.apply(file, findings)
            self.outcome.suppressed += suppression.suppressed

    def _ask(self, rule: Rule, check: Check, file: File) -> Iterator[Finding]:
        try:
            yield from fit_to_report(self.config, rule, check(file))  # type: ignore[arg-type]
        except Unreadable as error:
            self.outcome.unreadable[file.path] = str(error)
        except Exception as error:
            _record_failure(self.outcome, f"{rule.id} failed on {file.path}", error)


def _judge_tree(
    checks: Checks, project: Project, outcome: Outcome, *, keep_ignored: bool, step: Callable[[str], None] | None
) -> None:
    by_path: dict[str, list[Finding]] = {}
    applicable: list[str] = []
    for rule, check in checks:
        if step is not None:
            step(rule.id)
        try:
            found = list(fit_to_report(project.config, rule, check(project)))  # type: ignore[arg-type]
        except NotApplicable as reason:
            outcome.not_applicable.append((rule.id, str(reason)))
            continue
        except Exception as error:
            _record_failure(outcome, f"{rule.id} failed", error)
            continue
        applicable.append(rule.id)
        for finding in found:
            if not project.config.excludes(finding.path, rule.id):
                by_path.setdefault(finding.path, []).append(finding)
    if not keep_ignored:
        _suppress(by_path, applicable, project, outcome)
    for findings in by_path.values():
        outcome.findings += findings


def _suppress(by_path: dict[str, list[Finding]], rules: Sequence[str], project: Project, outcome: Outcome) -> None:
    """Apply the inline ignores of all committed files to the findings of repository rules."""
    for path in project.repository.containing(IGNORE_MARK.decode()):
        if project.config.excludes(path):
            continue
        try:
            file = project.open(path)
        except OSError as error:
            outcome.unreadable[path] = _reason(error)
            continue
        suppression = Suppression({rule for rule in rules if not project.config.excludes(path, rule)}, ids())
        by_path[path] = list(suppression.apply(file, by_path.get(path, ())))
        outcome.suppressed += suppression.suppressed


def fit_to_report(config: Config, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a rule as they are reported: with the severity that is stated for it, without secrets."""
    stated = config.severities.get(rule.id)
    for finding in findings:
        if stated:
            finding.severity = stated
        mask(finding)
        yield finding


def _record_failure(outcome: Outcome, what: str, error: Exception) -> None:
    if sys.flags.dev_mode:
        raise error
    outcome.failures.append(f"{what}: {_fault(error)}")


def _reason(error: OSError) -> str:
    """Why a file could not be read, in the system's words."""
    return (error.strerror or str(error)).lower()
