from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

import outcomes
from outcomes import HOSTILE
from shipworthy.outcome import Outcome
from shipworthy.reporting import render

SCHEMA = json.loads(files("shipworthy").joinpath("report.schema.json").read_text("utf-8"))


def test_the_whole_report() -> None:
    outcome = outcomes.every_severity()
    outcome.findings = outcome.findings[:2]
    outcome.findings[1].details = {"service": "api"}
    outcome.suppressed = 3
    outcome.in_baseline = 4
    outcome.files = 7
    outcome.not_applicable = [("other", "no service was found")]
    outcome.unreadable = {"z.yml": "binary", "b.yml": "too large"}
    common = {"rule": "no-tmp-paths", "path": "a.yml", "column": 2}
    assert json.loads(render(outcome, "json")) == {
        "version": 1,
        "findings": [
            {**common, "severity": "blocking", "line": 1, "message": "is blocking", "fix": "mend it", "details": {}},
            {**common, "severity": "high", "line": 2, "message": "is high", "fix": None, "details": {"service": "api"}},
        ],
        "suppressed": 3,
        "in_baseline": 4,
        "not_applicable": [{"rule": "other", "reason": "no service was found"}],
        "unreadable": [{"path": "b.yml", "reason": "too large"}, {"path": "z.yml", "reason": "binary"}],
        "checked": {"files": 7, "rules": ["no-tmp-paths"]},
    }


def test_hostile_text_is_harmless_and_decodes_to_itself() -> None:
    report = render(outcomes.hostile(), "json")
    decoded = json.loads(report)
    finding = decoded["findings"][0]
    assert [finding["path"], finding["message"], finding["fix"], finding["details"]["value"]] == [HOSTILE] * 4
    assert decoded["unreadable"] == [{"path": HOSTILE, "reason": HOSTILE}]
    assert decoded["not_applicable"][0]["reason"] == HOSTILE
    assert report.isascii()
    assert report.endswith("}\n")
    assert not any(harmful in report for harmful in ("::error", "##[", "##vso[", "\x1b"))


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(outcomes.of(), id="no findings"),
        pytest.param(outcomes.every_severity(), id="every severity"),
        pytest.param(outcomes.hostile(), id="hostile text"),
    ],
)
def test_every_report_satisfies_the_published_schema(outcome: Outcome) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(render(outcome, "json")), SCHEMA)


def test_the_published_schema_says_everything_that_the_report_says() -> None:
    report = json.loads(render(outcomes.every_severity(), "json"))
    assert set(SCHEMA["properties"]) == set(SCHEMA["required"]) == set(report)
    finding = SCHEMA["$defs"]["finding"]
    assert set(finding["properties"]) == set(finding["required"]) == set(report["findings"][0])


@pytest.mark.parametrize("change", [{"line": 0}, {"severity": "fatal"}, {"fix": 1}, {"path": ""}, {"rule": "No Rule"}])
def test_the_published_schema_refuses_what_is_no_finding(change: dict[str, object]) -> None:
    report = json.loads(render(outcomes.every_severity(), "json"))
    report["findings"][0] |= change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)
