from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

import outcomes
from outcomes import HOSTILE
from shipworthy.outcome import Outcome
from shipworthy.reporting import render
from shipworthy.rule import HIGH, Finding

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./)"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}
"""What GitLab's documentation says of the format; there is no published schema."""


def gitlab(outcome: Outcome) -> list[dict[str, Any]]:
    report: list[dict[str, Any]] = json.loads(render(outcome, "gitlab"))
    jsonschema.validate(report, SCHEMA)
    return report


def test_an_entry() -> None:
    assert gitlab(outcomes.every_severity())[0] == {
        "description": "is blocking (fix: mend it)",
        "check_name": "no-tmp-paths",
        "fingerprint": "0" * 32,
        "severity": "blocker",
        "location": {"path": "a.yml", "lines": {"begin": 1}},
    }


def test_severities() -> None:
    report = gitlab(outcomes.every_severity())
    assert [entry["severity"] for entry in report] == ["blocker", "critical", "minor", "info"]


def test_equal_findings_are_told_apart() -> None:
    findings = [Finding("no-tmp-paths", HIGH, "a", line, 1, "x") for line in (1, 2, 3)]
    outcome = outcomes.of(*findings)
    outcome.fingerprints = dict.fromkeys(findings, "f" * 32)
    fingerprints = [entry["fingerprint"] for entry in gitlab(outcome)]
    assert fingerprints == ["f" * 32, "f" * 32 + "-2", "f" * 32 + "-3"]


def test_without_findings() -> None:
    assert render(outcomes.of(), "gitlab") == "[]\n"


@pytest.mark.parametrize("harmful", ["::error", "##[", "##vso[", "\x1b", "\u202e"])
def test_hostile_text_is_harmless(harmful: str) -> None:
    assert harmful not in render(outcomes.hostile(), "gitlab")
    (entry,) = gitlab(outcomes.hostile())
    assert entry["location"]["path"] == HOSTILE
    assert harmful not in entry["description"]
