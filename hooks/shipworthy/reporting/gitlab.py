"""Code Quality reports, which GitLab shows in merge requests.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json

from shipworthy.outcome import Outcome
from shipworthy.reporting.escape import printable, safe_json
from shipworthy.rule import BLOCKING, HIGH, INFO, MEDIUM

_SEVERITIES = {BLOCKING: "blocker", HIGH: "critical", MEDIUM: "minor", INFO: "info"}


def render(outcome: Outcome) -> str:
    """A list with an object for each finding."""
    report = []
    for finding, fingerprint in outcome.told_apart():
        report.append(
            {
                "description": printable(finding.message + (f" (fix: {finding.fix})" if finding.fix else "")),
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": finding.line}},
            }
        )
    return safe_json(json.dumps(report, indent=2)) + "\n"
