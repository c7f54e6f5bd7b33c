"""Reports as they are byte for byte, in `tests/reporting/golden/`.

python tests/golden.py      writes them anew: read what changed before you commit it
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import outcomes

FOLDER = Path(__file__).resolve().parent / "reporting" / "golden"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))

from shipworthy.outcome import Outcome  # noqa: E402
from shipworthy.reporting import FORMATS, render  # noqa: E402
from shipworthy.rule import HIGH, MEDIUM, Finding  # noqa: E402


def _everything() -> Outcome:
    outcome = outcomes.every_severity()
    outcome.rules = ("no-such-rule", "pid-files-outside-tmp")
    outcome.findings += [
        Finding("pid-files-outside-tmp", HIGH, "deploy/ünï code.service", 3, 9, "a PID file", details={"role": "pid"}),
        Finding("shipworthy", MEDIUM, "z.yml", 12, 1, "the ignore names no rule", "name it"),
    ]
    outcome.fingerprints |= dict.fromkeys(outcome.findings[-2:], "f" * 32)
    outcome.not_applicable = [("no-such-rule", "no service was found")]
    outcome.unreadable = {"b.bin": "binary", "a.json": "too large: over 5 MB"}
    outcome.suppressed = 2
    outcome.in_baseline = 3
    outcome.files = 20
    return outcome


def _nothing() -> Outcome:
    outcome = outcomes.of(rules=("no-such-rule",), files=0)
    outcome.not_applicable = [("no-such-rule", "nothing is committed or staged")]
    return outcome


CASES: dict[str, Callable[[], Outcome]] = {
    "everything": _everything,
    "hostile": lambda: _renamed(outcomes.hostile()),
    "nothing": _nothing,
    "passed": lambda: outcomes.of(rules=("no-such-rule",), files=7),
}


def _renamed(outcome: Outcome) -> Outcome:
    outcome.rules = ("no-such-rule",)  # or the report would quote the documentation of a rule
    return outcome


def reports() -> Iterator[tuple[str, str]]:
    """The name of each file, and what it should hold."""
    for case, outcome in CASES.items():
        for format in FORMATS:
            yield f"{case}.{format}", render(outcome(), format)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file in FOLDER.iterdir():
        file.unlink()
    for name, report in reports():
        (FOLDER / name).write_text(report, encoding="utf-8", newline="\n")
