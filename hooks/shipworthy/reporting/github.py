"""Annotations that GitHub Actions shows at the line of the problem.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from shipworthy.outcome import Outcome
from shipworthy.reporting.escape import printable
from shipworthy.reporting.text import render as render_text
from shipworthy.rule import BLOCKING, HIGH, MEDIUM

_COMMANDS = {BLOCKING: "error", HIGH: "error", MEDIUM: "warning"}


def render(outcome: Outcome) -> str:
    """A workflow command for each finding, and the counts of the text report."""
    lines = []
    for finding in outcome.findings:
        place = f"file={_property(finding.path)},line={finding.line},col={finding.column}"
        message = finding.message + (f"\nfix: {finding.fix}" if finding.fix else "")
        command = _COMMANDS.get(finding.severity, "notice")
        lines.append(f"::{command} {place},title={_property(finding.rule)}::{_data(message)}")
    return "\n".join([*lines, render_text(outcome).splitlines()[-1]]) + "\n"


def _data(text: str) -> str:
    """A message; the line break before the fix is ours and the only one that remains."""
    lines = [printable(line) for line in text.split("\n")]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
