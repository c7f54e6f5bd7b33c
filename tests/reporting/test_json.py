from __future__ import annotations

import json

import outcomes
from outcomes import HOSTILE
from shipworthy.reporting import render


def test_the_whole_report() -> None:
    outcome = outcomes.every_severity()
    outcome.findings = outcome.findings[:2]
    outcome.findings[1].details = {"service": "api"}
    outcome.suppressed = 3
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
