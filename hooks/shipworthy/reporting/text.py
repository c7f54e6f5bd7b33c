"""The report for people: a line for the problem, a line for the change, counts at the end."""

from __future__ import annotations

from collections import Counter

from shipworthy.outcome import Outcome
from shipworthy.reporting.escape import printable
from shipworthy.rule import SEVERITIES

MOST_LISTED = 4
"""Rules that had nothing to judge are named one by one up to so many."""


def render(outcome: Outcome) -> str:
    """``path:line:col: id: what is wrong``, the fix indented below; what had nothing to check; the counts."""
    lines: list[str] = []
    for finding in outcome.findings:
        place = f"{finding.path}:{finding.line}:{finding.column}"
        lines.append(printable(f"{place}: {finding.rule}: {finding.message}"))
        if finding.fix:
            lines.append("    " + printable(f"fix: {finding.fix}"))
    lines += map(printable, _not_applicable(outcome))
    lines.append(_counts(outcome))
    return "\n".join(lines) + "\n"


def _not_applicable(outcome: Outcome) -> list[str]:
    """Which rules had nothing to judge, and why; of many only how many, so that they do not hide the findings."""
    reasons = {reason for _, reason in outcome.not_applicable}
    count = len(outcome.not_applicable)
    if count <= MOST_LISTED:
        return [f"nothing to check for {rule}: {reason}" for rule, reason in outcome.not_applicable]
    if len(reasons) == 1:
        return [f"nothing to check for {count} of {len(outcome.rules)} rules: {reasons.pop()}"]
    return [f"nothing to check for {count} of {len(outcome.rules)} rules; --format json says why for each"]


def _counts(outcome: Outcome) -> str:
    hidden = f", {outcome.suppressed} suppressed" if outcome.suppressed else ""
    hidden += f", {outcome.in_baseline} in the baseline" if outcome.in_baseline else ""
    if len(outcome.not_applicable) == len(outcome.rules) and not outcome.findings:
        return f"nothing was checked{hidden}"
    counts = Counter(finding.severity for finding in outcome.findings)
    files = _number(outcome.files, "file")
    if not counts:
        return f"no findings in {files}{hidden}"
    classes = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity])
    return f"{_number(len(outcome.findings), 'finding')} in {files}: {classes}{hidden}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
