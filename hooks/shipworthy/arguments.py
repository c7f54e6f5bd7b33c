"""Reads command lines. It is loaded only where there is an option to read: most hooks get none."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from shipworthy import __version__
from shipworthy.hook import complain
from shipworthy.options import Options
from shipworthy.outcome import THRESHOLDS
from shipworthy.reporting import FORMATS
from shipworthy.rule import FILE, HOST, Rule

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line and lets no option be shortened."""

    def __init__(self, prog: str, *, description: str) -> None:
        super().__init__(prog, description=description, allow_abbrev=False, argument_default=argparse.SUPPRESS)

    def error(self, message: str) -> None:  # type: ignore[override]
        """Leave with exit code 2."""
        from shipworthy.reporting.escape import printable

        complain(printable(f"{self.prog}: {message}; see {self.prog} --help"))
        self.exit(2)


def parse(rule: Rule, arguments: Sequence[str]) -> Options:
    """The options of a rule's own hook. Ends the program where the arguments are wrong or ask for help."""
    parser = Parser(rule.id, description=rule.summary)
    add_common_options(parser)
    if rule.fixes:
        parser.add_argument("--fix", action="store_true", help="change what is certain in the files themselves")
    if rule.scope == HOST:
        add_host_options(parser)
    else:
        what = "the files to judge" if rule.scope == FILE else "not needed: the rule judges the committed tree"
        parser.add_argument("files", nargs="*", metavar="FILE", default=[], help=what)
    return parser.parse_args(arguments, Options())


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """The options that every hook and `shipworthy check` have; their defaults are those of `Options`."""
    parser.add_argument("--format", choices=FORMATS, help="how findings are printed")
    parser.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")
    parser.add_argument("--fail-on", choices=THRESHOLDS, help="the least severity that fails (default: high)")
    parser.add_argument("--baseline", metavar="FILE", help="instead of the repository's .shipworthy-baseline")
    parser.add_argument(
        "--no-ignores", action="store_true", help="report what inline ignores and the baseline hide as well"
    )
    parser.add_argument("--version", action="version", version=__version__)


def add_host_options(parser: argparse.ArgumentParser) -> None:
    """The options of rules that judge the host."""
    parser.add_argument(
        "--directory",
        action="append",
        dest="directories",
        metavar="DIR",
        help="look into this directory instead of the system's temporary ones; may be given more than once",
    )
    parser.add_argument(
        "--clean", action="store_true", help="list what is left over there, ask, and remove what is certainly dead"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="list what --clean would remove, and remove nothing; also with --clean"
    )
    parser.add_argument("--yes", action="store_true", help="with --clean: do not ask")
    parser.add_argument(
        "--older-than",
        type=_age,
        metavar="AGE",
        help="with --clean: only what nobody changed for so long: 30m, 12h, 10d (default: 10d)",
    )
    parser.add_argument(
        "--remove",
        action="append",
        metavar="PATTERN",
        help="with --clean: also what is named so there, written as in .gitignore; may be given more than once",
    )


def _age(text: str) -> float:
    """Seconds. Raises `ArgumentTypeError`."""
    found = re.fullmatch(r"(\d{1,9})([smhdw])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no age such as 30m, 12h or 10d")
    return float(int(found[1]) * _SECONDS[found[2]])


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """The options of `shipworthy report` and of its hook; their defaults are those of `Options`."""
    from shipworthy.reporting.readiness import FORMATS as REPORT_FORMATS

    what = "how the report is written (default: what the ending of the file says, else text)"
    parser.add_argument("--format", dest="report_format", choices=REPORT_FORMATS, help=what)
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report into a file")
    what = "fail where the committed report is out of date"
    parser.add_argument("--check", dest="committed", metavar="FILE", help=what)
    what = "say what has changed since an earlier report, in JSON"
    parser.add_argument("--compare", dest="earlier", metavar="FILE", help=what)
    what = "fail below so many percent, and where a gap is blocking whatever the percent is"
    parser.add_argument("--fail-under", type=_percent, metavar="N", help=what)
    parser.add_argument("--config", metavar="FILE", help="instead of the repository's .shipworthy.yaml")
    parser.add_argument("--no-ignores", action="store_true", help="count what inline ignores hide as well")


def _percent(text: str) -> int:
    """A whole percent, for argparse, which says what is wrong with another text."""
    if not (text.isascii() and text.isdecimal() and int(text) <= 100):
        raise argparse.ArgumentTypeError(f"{text!r} is no percent from 0 to 100")
    return int(text)
