"""The report for programs: one JSON object, as the README describes it."""

from __future__ import annotations

import json

from shipworthy.outcome import Outcome
from shipworthy.reporting.escape import safe_json


def render(outcome: Outcome) -> str:
    """Everything the report says, with the schema `report.schema.json`."""
    report = {
        "version": 1,
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "path": finding.path,
                "line": finding.line,
                "column": finding.column,
                "message": finding.message,
                "fix": finding.fix,
                "details": finding.details,
            }
            for finding in outcome.findings
        ],
        "suppressed": outcome.suppressed,
        "in_baseline": outcome.in_baseline,
        "not_applicable": [{"rule": rule, "reason": reason} for rule, reason in outcome.not_applicable],
        "unreadable": [{"path": path, "reason": reason} for path, reason in sorted(outcome.unreadable.items())],
        "checked": {"files": outcome.files, "rules": list(outcome.rules)},
    }
    return safe_json(json.dumps(report, indent=2)) + "\n"
