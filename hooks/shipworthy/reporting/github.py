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
        message = _data(finding.message) + (f"%0A{_data(f'fix: {finding.fix}')}" if finding.fix else "")
        command = _COMMANDS.get(finding.severity, "notice")
        lines.append(f"::{command} {place},title={_property(finding.rule)}::{message}")
    return "\n".join([*lines, render_text(outcome).splitlines()[-1]]) + "\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
