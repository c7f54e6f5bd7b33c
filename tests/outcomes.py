"""Outcomes for the tests of the reports."""

from __future__ import annotations

from shipworthy.outcome import Outcome
from shipworthy.rule import BLOCKING, HIGH, INFO, MEDIUM, Finding

HOSTILE = "a\n::error::x ##[group]y \x1b[31m \u202e ##vso[z] 100% caf\udce9"
"""What a file name or a value may hold."""


def of(*findings: Finding, rules: tuple[str, ...] = ("no-tmp-paths",), files: int = 1) -> Outcome:
    """The outcome of a run with these findings."""
    outcome = Outcome(rules)
    outcome.findings = list(findings)
    outcome.files = files
    outcome.fingerprints = {finding: f"{number:032x}" for number, finding in enumerate(findings)}
    return outcome


def hostile() -> Outcome:
    """An outcome in which every text comes from a hostile repository."""
    outcome = of(Finding("no-tmp-paths", HIGH, HOSTILE, 1, 1, HOSTILE, HOSTILE, {"value": HOSTILE}))
    outcome.not_applicable = [("other", HOSTILE)]
    outcome.unreadable = {HOSTILE: HOSTILE}
    return outcome


def every_severity() -> Outcome:
    """A finding of each severity, the worst first."""
    return of(
        *(
            Finding("no-tmp-paths", severity, "a.yml", line, 2, f"is {severity}", "mend it" if line == 1 else None)
            for line, severity in enumerate((BLOCKING, HIGH, MEDIUM, INFO), 1)
        )
    )
