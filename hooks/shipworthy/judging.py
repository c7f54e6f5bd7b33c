"""Judges single files, or a whole repository, by rules: what they find, in no order, whatever a baseline holds."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

from shipworthy.config import Config
from shipworthy.file import TOO_LARGE, File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.hook import IGNORE_MARK, LARGEST_FILE, has_trigger
from shipworthy.masking import mask
from shipworthy.outcome import Outcome
from shipworthy.rule import FILE, Finding, NotApplicable, Rule
from shipworthy.rules import ids
from shipworthy.suppression import Suppression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.beside import Beside
    from shipworthy.project import Project
    from shipworthy.repository import Repository
    from shipworthy.rule import Check

    Checks = Sequence[tuple[Rule, Check]]
    Step = Callable[[str], None]
    Part = Callable[[Step], Outcome]
    Parts = Sequence[Part]


_FEW = 50
"""So many files are read sooner than git has looked for triggers in them."""
_MANY = 5_000
"""Paths: from here on a single rule may fill the memory with what it has freed."""
_TOGETHER = 6
"""Rules that one process judges of a large repository: neighbours in the alphabet share most of their models."""


def _say_nothing(what: str) -> None:
    """A step that nobody is told of."""


def judge_project(
    checks: Checks,
    project: Project,
    *,
    keep_ignored: bool,
    processes: int = 1,
    step: Step = _say_nothing,
    meanwhile: Callable[[], None] = lambda: None,
) -> Outcome:
    """What the rules find in a repository.

    ``processes`` is how many may judge at once. ``step`` is told what is looked at next, a path or a rule, every now
    and then; ``meanwhile`` is called before other processes are waited for.
    """
    repository = project.repository
    outcome = Outcome(tuple(rule.id for rule, _ in checks))
    if not repository.paths:
        outcome.not_applicable = [(rule.id, "nothing is committed or staged") for rule, _ in checks]
        return outcome
    if len(checks) > 1 or len(repository.paths) > _MANY:
        from shipworthy.memory import give_back_what_is_freed

        give_back_what_is_freed()
    of_files = [one for one in checks if one[0].scope == FILE]
    of_tree = [one for one in checks if one[0].scope != FILE]
    if of_tree and not keep_ignored:
        repository.search(IGNORE_MARK.decode(), at_leisure=True)
    together = [one for one in of_tree if not one[0].apart]
    apart: list[Part] = [partial(_judge_tree, [one], project) for one in of_tree if one[0].apart]
    if of_files:
        apart.insert(0, partial(_judge_files, of_files, project, keep_ignored, not of_tree))
    if project.is_large and len(together) > _TOGETHER:
        alike = [partial(_judge_tree, [one], project) for one in together]
        groups: list[Parts] = [alike[first : first + _TOGETHER] for first in range(0, len(alike), _TOGETHER)]
        parts = _judged_one_by_one(groups + [[part] for part in apart], project, processes, step)
        meanwhile()
    else:
        copies = _begun(apart, project, processes - 1) if together else []
        parts = [] if copies else [judge(step) for judge in apart]
        if together:
            parts.append(_judge_tree(together, project, step))
        if copies:
            meanwhile()
        for copy in copies:
            parts += copy.result()
    for part in parts:
        outcome.add(part)
    if of_tree:
        outcome.files = len(repository.paths)
        if not keep_ignored:
            _suppress(outcome, {rule for part in parts for rule in part.rules}, project)
    return outcome


def _begun(apart: Parts, project: Project, processes: int) -> list[Beside[list[Outcome]]]:
    """Judging in other processes, so many at most: the parts are dealt to them in turn."""
    if processes < 1 or not apart:
        return []
    from shipworthy.beside import Beside

    shares = [apart[first::processes] for first in range(min(processes, len(apart)))]
    return [Beside(partial(_judged, share), project.repository.leave_to_original) for share in shares]


def _judged_one_by_one(groups: Sequence[Parts], project: Project, processes: int, step: Step) -> list[Outcome]:
    """What groups of parts find, each group in a process of its own."""
    from shipworthy.beside import in_turn
    from shipworthy.memory import FULL

    works = [[partial(part, _say_nothing) for part in parts] for parts in groups]
    found = in_turn(
        works,
        processes,
        full=FULL,
        begin=project.repository.leave_to_original,
        step=lambda group: step(f"part {group + 1} of {len(groups)}"),
    )
    return [outcome for outcomes in found for outcome in outcomes]


def _judged(parts: Parts) -> list[Outcome]:
    """What the parts find."""
    return [judge(_say_nothing) for judge in parts]


def _judge_files(checks: Checks, project: Project, keep_ignored: bool, are_alone: bool, step: Step) -> Outcome:
    """What file rules find in all committed files. Where they ``are_alone``, no other rule needs the files."""
    outcome = Outcome(())
    judge = Judge(checks, project.config, outcome, keep_ignored=keep_ignored)
    if not are_alone:
        judge.judged = project.adopt
    repository = project.repository
    worth_reading = judge.worth_reading(repository)
    for path in worth_reading:
        step(path)
        judge.file(path, partial(repository.read, path))
    if are_alone:
        taken = sum(map(judge.takes, repository.files))
        outcome.files += taken - len(worth_reading)  # the others were looked at by git
    return outcome


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
        if len(repository.paths) > _FEW:
            triggers = {trigger for rule, _ in self.checks for trigger in rule.triggers}
            words = sorted({*triggers, IGNORE_MARK, *self.stated_directories})
            holding = set(repository.containing("\n".join(os.fsdecode(word) for word in words)))
            paths = [path for path in repository.files if path in holding or repository.size(path) > LARGEST_FILE]
        else:
            paths = repository.files
        return [path for path in paths if self.takes(path)]

    def file(self, path: str, read: Callable[[], bytes]) -> None:
        """Judge one file: read it, and ask the rules that have a trigger in it."""
        try:
            data = read()
        except OSError as error:
            self.outcome.unreadable[path] = reason_of(error)
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
        file = File(path, data, config=self.config, too_large=self.outcome.unreadable)
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
            record_failure(self.outcome, f"{rule.id} failed on {file.path}", error)


def _judge_tree(checks: Checks, project: Project, step: Step) -> Outcome:
    """What repository rules find. The rules of the outcome are those that judged; no ignore is applied."""
    outcome = Outcome(())
    for rule, check in checks:
        step(rule.id)
        try:
            found = list(fit_to_report(project.config, rule, check(project)))  # type: ignore[arg-type]
        except NotApplicable as reason:
            outcome.not_applicable.append((rule.id, str(reason)))
            continue
        except Exception as error:
            record_failure(outcome, f"{rule.id} failed", error)
            continue
        outcome.rules += (rule.id,)
        outcome.findings += [one for one in found if not project.config.excludes(one.path, rule.id)]
    outcome.unreadable.update(project.too_large)
    return outcome


def _suppress(outcome: Outcome, rules: Collection[str], project: Project) -> None:
    """Apply the inline ignores of all committed files to the findings of repository rules."""
    by_path: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        if finding.rule in rules:
            by_path.setdefault(finding.path, []).append(finding)
    outcome.findings = [finding for finding in outcome.findings if finding.rule not in rules]
    for path in project.repository.containing(IGNORE_MARK.decode()):
        if project.config.excludes(path):
            continue
        try:
            file = project.open(path)
        except OSError as error:
            outcome.unreadable[path] = reason_of(error)
            continue
        suppression = Suppression({rule for rule in rules if not project.config.excludes(path, rule)}, ids())
        by_path[path] = list(suppression.apply(file, by_path.get(path, ())))
        outcome.suppressed += suppression.suppressed
    outcome.unreadable.update(project.too_large)
    for findings in by_path.values():
        outcome.findings += findings


def fit_to_report(config: Config, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a rule as they are reported: with the severity that is stated for it, without secrets."""
    stated = config.severities.get(rule.id)
    for finding in findings:
        if stated:
            finding.severity = stated
        mask(finding)
        yield finding


def record_failure(outcome: Outcome, what: str, error: Exception) -> None:
    """Note a fault of the program itself; in Python's development mode it is raised."""
    if sys.flags.dev_mode:
        raise error
    outcome.failures.append(f"{what}: {fault(error)}")


def fault(error: Exception) -> str:
    """A fault of the program itself: its kind and its place, not its message, which may quote a secret.

    What the system refuses is none: memory, or to start git once more.
    """
    from shipworthy.repository import NotARepository

    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, NotARepository):
        return str(error)
    place = ""
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        place = f" in {module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place} (a fault of shipworthy: please report it)"


def reason_of(error: OSError) -> str:
    """Why a file could not be read, in the system's words."""
    return (error.strerror or str(error)).lower()
