"""The ``shipworthy`` command: all rules in one process, and what the rules say of themselves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.run import Parser


def main(argv: Sequence[str] | None = None) -> int:
    """The command's exit code: 0, 1 or 2 (see the README)."""
    from shipworthy.run import Parser

    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = Parser("shipworthy", description="Is this repository fit for production?")
    from shipworthy import __version__

    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_subparser)
    _add_check(commands.add_parser("check", help="check the committed tree by all rules"))
    explain = commands.add_parser("explain", help="what a rule requires, why, and how to satisfy it")
    explain.add_argument("rule", metavar="ID")
    explain.add_argument("--format", choices=("text", "json"), default="text")
    rules = commands.add_parser("rules", help="the rules there are")
    rules.add_argument("--format", choices=("text", "json"), default="text")
    services = commands.add_parser("services", help="the services found, with the evidence for each")
    services.add_argument("--format", choices=("text", "json"), default="text")
    services.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")
    options = parser.parse_args(arguments)
    return _COMMANDS[options.command](options)


def _subparser(**settings: object) -> Parser:
    from shipworthy.run import Parser

    return Parser(str(settings["prog"]), description=str(settings.get("help") or ""))


def _add_check(parser: argparse.ArgumentParser) -> None:
    from shipworthy.run import add_common_options

    add_common_options(parser)
    parser.add_argument("--select", metavar="ID,ID", help="only these rules")
    parser.add_argument("--skip", metavar="ID,ID", help="all rules but these")
    parser.add_argument("files", nargs="*", metavar="FILE", help="not needed: the committed tree is checked")


def _check(options: argparse.Namespace) -> int:
    from shipworthy.rules import ids, load
    from shipworthy.run import CannotCheck, check_repository, conclude

    def work() -> Outcome:
        selected = _named(options.select, ids()) if options.select is not None else list(ids())
        skipped = _named(options.skip, ids()) if options.skip is not None else []
        modules = [load(id) for id in selected if id not in skipped]
        if not modules:
            raise CannotCheck("no rule is left to check")
        return check_repository([(module.RULE, module.check) for module in modules], options)

    return conclude(work, options)


def _named(text: str, known: Sequence[str]) -> list[str]:
    """The rules that ``--select`` or ``--skip`` names, in the order of all rules."""
    from shipworthy.run import CannotCheck

    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise CannotCheck(f"unknown rule {name!r}{_nearest(name, known)}")
    return [name for name in known if name in names]


def _nearest(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "; see them with: shipworthy rules"


def _explain(options: argparse.Namespace) -> int:
    from shipworthy.documentation import help_text
    from shipworthy.rules import ids

    if options.rule not in ids():
        print(f"shipworthy: unknown rule {options.rule!r}{_nearest(options.rule, ids())}", file=sys.stderr)
        return 2
    if options.format == "json":
        import json

        print(json.dumps({**_record(options.rule), "documentation": help_text(options.rule)}, indent=2))
    else:
        print(help_text(options.rule))
    return 0


def _rules(options: argparse.Namespace) -> int:
    from shipworthy.rules import ids

    records = [_record(id) for id in ids()]
    if options.format == "json":
        import json

        print(json.dumps({"version": 1, "rules": records}, indent=2))
    else:
        width = max(len(str(record["id"])) for record in records)
        for record in records:
            print(f"{record['id']:{width}}  {record['severity']:8}  {record['scope']:10}  {record['summary']}")
    return 0


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


def _services(options: argparse.Namespace) -> int:
    from shipworthy.config import ConfigError, load
    from shipworthy.deployment.services import services_report, services_text
    from shipworthy.project import Project
    from shipworthy.reporting.escape import safe_json
    from shipworthy.repository import NotARepository, Repository
    from shipworthy.rules import ids

    try:
        repository = Repository()
        project = Project(repository, load(repository.root, options.config, ids()))
    except (NotARepository, ConfigError) as error:
        print(f"shipworthy: {error}", file=sys.stderr)
        return 2
    if options.format == "json":
        import json

        print(safe_json(json.dumps(services_report(project), indent=2)))
    else:
        print(services_text(project), end="")
    return 0


_COMMANDS = {"check": _check, "explain": _explain, "rules": _rules, "services": _services}

if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
