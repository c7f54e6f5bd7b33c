"""The ``shipworthy`` command: all rules in one process, and what the rules say of themselves."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from shipworthy import __version__
from shipworthy.arguments import Parser, add_common_options, add_host_options, add_report_options
from shipworthy.hook import ask_git, leave_garbage_alone, root_of, write
from shipworthy.options import Options, processors
from shipworthy.rule import HOST
from shipworthy.run import CannotCheck, check_repository, conclude, guarded, say_on_stderr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
    from shipworthy.repository import Repository


def main(argv: Sequence[str] | None = None) -> int:
    """The command's exit code: 0, 1 or 2 (see the README)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = Parser("shipworthy", description="Is this repository fit for production?")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Subparser)

    check = _add(commands, "check", "check the committed tree by all rules")
    add_common_options(check)
    check.add_argument("--select", metavar="ID,ID", help="only these rules")
    check.add_argument("--skip", metavar="ID,ID", help="all rules but these")
    check.add_argument("files", nargs="*", metavar="FILE", help="not needed: the committed tree is checked")

    audit = _add(commands, "audit-host", "what this host's temporary directories hold that production runs on")
    add_common_options(audit)
    add_host_options(audit)

    explain = _add(commands, "explain", "what a rule requires, why, and how to satisfy it")
    explain.add_argument("rule", metavar="ID")
    _add_format(explain)

    _add_format(_add(commands, "rules", "the rules there are"))

    add_report_options(_add(commands, "report", "what production needs, what of it is there, and what is missing"))

    services = _add(commands, "services", "the services found, with the evidence for each")
    _add_format(services)
    services.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")

    baseline = _add(commands, "baseline", "write the findings of today into a file, and report only those of tomorrow")
    baseline.add_argument("-o", "--output", metavar="FILE", help="instead of the repository's .shipworthy-baseline")
    baseline.add_argument("--prune", action="store_true", help="add nothing: only remove what is fixed")
    baseline.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")

    init = _add(commands, "init", "write a .shipworthy.yaml with what was inferred, all of it commented out")
    init.add_argument("--force", action="store_true", help="also in place of a .shipworthy.yaml that is there")

    options = parser.parse_args(arguments, Options())
    if argv is None:
        leave_garbage_alone()
        options.processes = processors()
    return guarded(lambda: _COMMANDS[options.command](options))


HOST_RULE = "tmp-audit"
"""The rule that ``audit-host`` is another name for."""


class _Subparser(Parser):
    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog, description=description)


def _add(commands: argparse._SubParsersAction[_Subparser], name: str, what: str) -> _Subparser:
    return commands.add_parser(name, help=what, description=what)


def _add_format(parser: _Subparser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how it is printed")


def _check(options: Options) -> int:
    from shipworthy.rules import checks, ids, unasked

    asked = ask_git()

    def work() -> Outcome:
        selected = _named(options.select, ids()) if options.select is not None else unasked()
        skipped = _named(options.skip, ids()) if options.skip is not None else []
        remaining = [id for id in selected if id not in skipped]
        if not remaining:
            raise CannotCheck("no rule is left to check")
        rules = checks(remaining)
        for rule, _ in rules:
            if rule.scope == HOST:
                raise CannotCheck(f"{rule.id} judges this host and no repository; run it as: {rule.id}")
        return check_repository(rules, options, asked)

    return conclude(work, options)


def _audit_host(options: Options) -> int:
    from shipworthy.rules import checks
    from shipworthy.run_host import check_host

    return conclude(lambda: check_host(checks([HOST_RULE]), options), options)


def _named(text: str, known: Sequence[str]) -> list[str]:
    """The rules that ``--select`` or ``--skip`` names, in the order of all rules."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise CannotCheck(f"unknown rule {name!r}{_nearest(name, known)}")
    return [name for name in known if name in names]


def _nearest(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "; see them with: shipworthy rules"


def _explain(options: Options) -> int:
    from shipworthy.documentation import explanation, help_text
    from shipworthy.rules import ids, load

    if options.rule not in ids():
        raise CannotCheck(f"unknown rule {options.rule!r}{_nearest(options.rule, ids())}")
    if options.format == "json":
        known = load(options.rule).RULE.options.items()
        stated = [{"name": name, "default": default, "meaning": meaning} for name, (default, meaning) in known]
        return _write_json({**_record(options.rule), "options": stated, "documentation": help_text(options.rule)})
    return write(explanation(options.rule) + "\n")


def _rules(options: Options) -> int:
    from shipworthy.rules import ids

    records = [_record(id) for id in ids()]
    if options.format == "json":
        return _write_json({"version": 1, "rules": records})
    width = max((len(id) for id in ids()), default=0)
    return write(
        "".join(
            f"{record['id']:{width}}  {record['severity']:8}  {record['scope']:10}  {record['summary']}\n"
            for record in records
        )
    )


def _write_json(report: object) -> int:
    import json

    from shipworthy.reporting.escape import safe_json

    return write(safe_json(json.dumps(report, indent=2)) + "\n")


def _record(id: str) -> dict[str, object]:
    from shipworthy.rules import load

    rule = load(id).RULE
    return {
        "id": rule.id,
        "summary": rule.summary,
        "severity": rule.severity,
        "scope": rule.scope,
        "since": rule.since,
        "fixes": rule.fixes,
    }


def _report(options: Options) -> int:
    from shipworthy.run_report import run

    return run(options)


def _services(options: Options) -> int:
    from shipworthy.config import load
    from shipworthy.deployment.services import services_lines, services_report
    from shipworthy.project import Project
    from shipworthy.reporting.escape import printable
    from shipworthy.rules import ids

    repository = _repository()
    project = Project(repository, load(repository.root, options.config, ids()))
    if options.format == "json":
        return _write_json(services_report(project))
    return write("".join(printable(line) + "\n" for line in services_lines(project)))


def _repository() -> Repository:
    from shipworthy.repository import NotARepository, Repository

    try:
        return Repository()
    except NotARepository as error:
        raise CannotCheck(str(error)) from error


def _baseline(options: Options) -> int:
    from shipworthy.baseline import baseline_of, is_baseline, load_baseline
    from shipworthy.config import BASELINE_NAME
    from shipworthy.reporting.escape import printable
    from shipworthy.rules import checks, unasked

    root = root_of() or "."
    name = options.output or BASELINE_NAME
    path = options.output or os.path.join(root, BASELINE_NAME)
    if options.output and os.path.lexists(path) and not is_baseline(path):
        raise CannotCheck(f"{name} is no baseline, and is left as it is")
    before = load_baseline(root, options.output) if options.prune else None
    outcome = check_repository(checks(unasked()), options)
    say_on_stderr(outcome)
    if outcome.failures:
        raise CannotCheck(f"{name} is left as it is, because not every rule could judge")
    baseline = before.pruned(outcome) if before is not None else baseline_of(outcome)
    _write_file(path, name, baseline.text())
    removed = f", {len(before) - len(baseline)} removed" if before is not None else ""
    entries = "entry" if len(baseline) == 1 else "entries"
    return write(printable(f"{name}: {len(baseline)} {entries}{removed}") + "\n")


def _init(options: Options) -> int:
    from shipworthy.config import NAME, Config
    from shipworthy.initial import initial_configuration
    from shipworthy.project import Project

    path = os.path.join(root_of() or ".", NAME)
    if os.path.lexists(path) and not options.force:
        raise CannotCheck(f"{NAME} is there already; to replace it: shipworthy init --force")
    _write_file(path, NAME, initial_configuration(Project(_repository(), Config())))
    return write(f"{NAME}: written, with everything commented out\n")


def _write_file(path: str, name: str, text: str) -> None:
    from shipworthy.writing import write_whole

    try:
        write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise CannotCheck(f"cannot write {name}: {(error.strerror or str(error)).lower()}") from error


_COMMANDS = {
    "audit-host": _audit_host,
    "baseline": _baseline,
    "check": _check,
    "explain": _explain,
    "init": _init,
    "report": _report,
    "rules": _rules,
    "services": _services,
}
