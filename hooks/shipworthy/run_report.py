"""Runs ``shipworthy report`` and the hook ``production-readiness``: the same report, with the same options."""

from __future__ import annotations

import os
import sys
from shutil import get_terminal_size

from shipworthy.hook import ask_git, complain, leave_garbage_alone, read_file, write
from shipworthy.judging import judge_project
from shipworthy.options import Options, processors
from shipworthy.outcome import Outcome
from shipworthy.readiness.model import BLOCKED, Readiness
from shipworthy.reporting.readiness import render
from shipworthy.rules import checks, unasked
from shipworthy.run import CannotCheck, guarded, open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shipworthy.judging import Checks
    from shipworthy.project import Project
    from shipworthy.readiness.comparison import Comparison
    from shipworthy.repository import Repository
    from shipworthy.rule import Rule

_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".html": "html", ".htm": "html", ".svg": "svg"}
_MARKED = (".md", ".markdown", ".html", ".htm", ".svg")
_BEGINNING = 200
"""Bytes of a file in which the mark of a report stands."""
_MOST_DIFFERENCES = 20


def hook(rule: Rule, argv: Sequence[str] | None) -> int:
    """The whole life of the hook: arguments in, the report on standard output, the exit code out."""
    from shipworthy import __version__
    from shipworthy.arguments import Parser, add_report_options

    parser = Parser(rule.id, description=rule.summary)
    add_report_options(parser)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("files", nargs="*", metavar="FILE", default=[], help="not needed: the committed tree is judged")
    options = parser.parse_args(sys.argv[1:] if argv is None else argv, Options())
    if argv is None:
        leave_garbage_alone()
        options.processes = processors()
    return guarded(lambda: run(options))


def run(options: Options) -> int:
    """Make the report and print it, write it, or hold the committed one against it. The exit code: 0, 1 or 2."""
    if options.committed is not None and (options.output is not None or options.earlier is not None):
        raise CannotCheck("--check writes nothing and compares nothing: give it without --output and --compare")
    asked = ask_git()
    rules = checks(unasked())  # loading them takes as long as git takes to answer
    format = _format(options)
    project = open_project(options, asked)
    committed = _committed(project.repository, options.committed) if options.committed is not None else None
    _forget_reports(project.repository)
    report = report_of(project, rules, keep_ignored=options.no_ignores, processes=options.processes)
    if options.earlier is not None:
        report.comparison = _compared(options.earlier, report)
    for failure in report.failures:
        complain(f"shipworthy: {failure}")
    if options.committed is not None:
        code = _check(options.committed, committed, render(report, format))
    elif options.output is not None:
        code = _write(options.output, render(report, format))
    else:
        code = write(_printed(report, format))
    return 2 if report.failures else code or _threshold(report, options.fail_under)


def report_of(project: Project, rules: Checks = (), *, keep_ignored: bool = False, processes: int = 1) -> Readiness:
    """The report of a project by all rules, which may be loaded already; what takes its time says so on a terminal."""
    from shipworthy.progress import Progress
    from shipworthy.readiness.build import get_ready, readiness

    progress = Progress()

    def meanwhile() -> None:
        progress.step("the report")
        get_ready(project)

    try:
        outcome: Outcome = judge_project(
            rules or checks(unasked()),
            project,
            keep_ignored=keep_ignored,
            processes=processes,
            step=progress.step,
            meanwhile=meanwhile,
        )
        progress.step("the report")
        outcome.sort()
        return readiness(project, outcome)
    finally:
        progress.end()


def _format(options: Options) -> str:
    """The format that is asked for, or that a file's ending says; what is committed is Markdown otherwise."""
    file = options.committed or options.output
    ending = os.path.splitext(file)[1].lower() if file is not None else ""
    otherwise = "markdown" if options.committed is not None else "text"
    return options.report_format or _ENDINGS.get(ending, otherwise)


def _forget_reports(repository: Repository) -> None:
    """Leave out the reports that are committed: else a report would change by being committed."""
    from shipworthy.reporting.readiness.words import MARK

    for path in repository.containing(MARK, _MARKED):
        if MARK.encode() in repository.read(path)[:_BEGINNING]:
            repository.forget(path)


def _committed(repository: Repository, name: str) -> bytes | None:
    """What is committed or staged under a name; None where nothing is."""
    path = os.path.relpath(os.path.abspath(name), repository.root).replace(os.sep, "/")
    if path not in repository:
        return None
    try:
        return repository.read(path)
    except OSError:
        return None


def _check(name: str, committed: bytes | None, text: str) -> int:
    """Whether the committed report is this one; where it is not, how they differ."""
    from shipworthy.reporting.escape import printable

    if committed is None:
        return write(printable(f"{name}: not committed; to write it: shipworthy report -o {name}") + "\n") or 1
    if committed == text.encode("utf-8", "surrogateescape"):
        return write(printable(f"{name}: up to date") + "\n")
    from difflib import unified_diff

    before = committed.decode("utf-8", "replace").splitlines()
    differences = list(unified_diff(before, text.splitlines(), "committed", "now", n=0, lineterm=""))
    shown = "".join(f"    {printable(line)}\n" for line in differences[:_MOST_DIFFERENCES])
    more = len(differences) - _MOST_DIFFERENCES
    rest = f"    and {more} more lines\n" if more > 0 else ""
    return (
        write(printable(f"{name}: out of date; to write it anew: shipworthy report -o {name}") + f"\n{shown}{rest}")
        or 1
    )


def _compared(name: str, report: Readiness) -> Comparison:
    from shipworthy.readiness.comparison import Before, Comparison, NotAReport

    try:
        return Comparison(Before(read_file(name)), report)
    except NotAReport as error:
        raise CannotCheck(f"{name}: {error}") from None
    except (OSError, ValueError) as error:
        raise CannotCheck(f"{name}: {getattr(error, 'strerror', None) or error}") from error


def _write(name: str, text: str) -> int:
    from shipworthy.writing import write_whole

    if os.path.lexists(name) and not _is_report(name):
        raise CannotCheck(f"{name} is no report, and is left as it is")
    try:
        write_whole(name, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise CannotCheck(f"cannot write {name}: {(error.strerror or str(error)).lower()}") from error
    return 0


def _is_report(name: str) -> bool:
    """Whether a file is an earlier report, so that writing one there destroys nothing else."""
    from shipworthy.reporting.readiness.words import MARK, TITLE

    try:
        data = b"" if os.path.islink(name) else read_file(name)
    except OSError:
        return False
    beginning = data[:_BEGINNING]
    is_json = beginning.startswith(b'{\n  "version": ') and b'"verdict": ' in beginning
    return not data.strip() or MARK.encode() in beginning or is_json or beginning.startswith(TITLE.encode())


def _printed(report: Readiness, format: str) -> str:
    """The report as standard output shows it: text within the width and in the colours of a terminal."""
    if format != "text" or sys.stdout is None:
        return render(report, format)
    from shipworthy.reporting.readiness import text

    is_terminal = sys.stdout.isatty()
    width = get_terminal_size().columns if is_terminal else text.DEFAULT_WIDTH
    return text.render(report, width=width, colour=is_terminal and _has_colours(), unicode=_has_unicode())


def _has_colours() -> bool:
    """Whether the terminal has colours, as far as anybody can tell (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or bool({"WT_SESSION", "ANSICON", "TERM"} & os.environ.keys())


def _has_unicode() -> bool:
    try:
        "│─┼–→“".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _threshold(report: Readiness, least: int | None) -> int:
    """1 where the report is below the threshold, or has nothing that could be above it."""
    if least is None:
        return 0
    if report.percent is None:
        complain(f"shipworthy: nothing could be judged, so nothing is above {least} %")
        return 1
    if report.percent < least:
        complain(f"shipworthy: {report.percent} % is under {least} %")
        return 1
    if report.verdict == BLOCKED:
        complain("shipworthy: a gap is blocking, whatever the percent is")
        return 1
    return 0
