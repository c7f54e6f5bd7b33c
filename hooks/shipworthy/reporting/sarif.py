"""SARIF 2.1.0, which code scanning services read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from urllib.parse import quote

from shipworthy import __version__
from shipworthy.documentation import help_text
from shipworthy.outcome import Outcome
from shipworthy.reporting.escape import printable, safe_json
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, Finding
from shipworthy.rules import ids, load

_LEVELS = {BLOCKING: "error", HIGH: "error", MEDIUM: "warning"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(outcome: Outcome) -> str:
    """A log with one run: every rule that was checked with its help text, every finding as a result."""
    rules = [rule for rule in outcome.rules if rule in ids()]
    run = {
        "tool": {
            "driver": {
                "name": "shipworthy",
                "version": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules, fingerprint) for finding, fingerprint in outcome.told_apart()],
        "invocations": [
            {
                "executionSuccessful": not outcome.failures,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": printable(f"{path}: {reason}")}}
                    for path, reason in sorted(outcome.unreadable.items())
                ],
            }
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return safe_json(json.dumps(log, indent=2)) + "\n"


def _rule(id: str) -> dict[str, object]:
    module = load(id)
    return {
        "id": id,
        "shortDescription": {"text": module.RULE.summary},
        "fullDescription": {"text": module.RULE.summary},
        "help": {"text": help_text(id)},
        "defaultConfiguration": {"level": _LEVELS.get(module.RULE.severity, "note")},
    }


def _result(finding: Finding, rules: list[str], fingerprint: str) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": printable(finding.message) + (f"\nfix: {printable(finding.fix)}" if finding.fix else "")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.path)},
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
        "partialFingerprints": {"shipworthy/v1": fingerprint},
    }
    if finding.rule in rules:
        result["ruleIndex"] = rules.index(finding.rule)
    return result


def _uri(path: str) -> str:
    """A path of the repository as a relative reference; a path of the host, which is absolute, with its scheme."""
    return ("file://" if path.startswith("/") else "") + quote(path, errors="surrogateescape")
