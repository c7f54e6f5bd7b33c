from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import jsonschema
import pytest

import readinesses
from shipworthy.readiness.model import COLUMNS, COMPONENTS, STATUSES, VERDICTS, Readiness
from shipworthy.reporting.readiness import render

SCHEMA = json.loads(files("shipworthy").joinpath("readiness.schema.json").read_text("utf-8"))
REPORTS = [
    pytest.param(make, id=make.__name__)
    for make in (readinesses.everything, readinesses.nothing, readinesses.passed, readinesses.hostile)
]


@pytest.mark.parametrize("make", REPORTS)
def test_every_report_satisfies_the_published_schema(make: Callable[[], Readiness]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(render(make(), "json")), SCHEMA)


def test_the_published_schema_says_everything_that_the_report_says() -> None:
    report = json.loads(render(readinesses.everything(), "json"))
    assert set(SCHEMA["properties"]) == set(SCHEMA["required"]) == set(report)
    shown = {
        "component": report["components"][0],
        "gap": report["gaps"][0],
        "service": report["services"][0],
        "cell": report["services"][0]["cells"]["image"],
        "place": report["services"][0]["evidence"][0],
    }
    for name, value in shown.items():
        described = SCHEMA["$defs"][name]
        assert set(described["properties"]) == set(described["required"]) == set(value), name
    items = {name: SCHEMA["properties"][name]["items"] for name in ("stack", "sources", "recommendations")}
    for name, described in items.items():
        assert set(described["properties"]) == set(described["required"]) == set(report[name][0]), name


def test_the_published_schema_has_the_words_of_the_model() -> None:
    assert SCHEMA["properties"]["verdict"]["enum"] == list(VERDICTS)
    assert SCHEMA["$defs"]["status"]["enum"] == list(STATUSES)
    assert SCHEMA["$defs"]["service"]["properties"]["cells"]["required"] == list(COLUMNS)


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "ready"},
        {"percent": 101},
        {"gaps": [{"severity": "info"}]},
        {"components": [{"id": "ci", "status": "fine"}]},
        {"stack": [{"area": "language", "name": "Go", "version": "1.25", "evidence": []}]},
    ],
)
def test_the_published_schema_refuses_what_is_no_report(change: dict[str, object]) -> None:
    report = json.loads(render(readinesses.everything(), "json"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, **change}, SCHEMA)


def test_a_component_as_programs_read_it() -> None:
    report = json.loads(render(readinesses.everything(), "json"))
    assert [component["id"] for component in report["components"]] == list(COMPONENTS)
    assert report["components"][0] == {
        "id": "source",
        "title": "Source code",
        "status": "partial",
        "percent": 62,
        "blocked": False,
        "reason": "20 source files; 1 check failed",
        "evidence": [{"path": "apps/api/src/index.ts", "line": 1, "what": "12 files in apps/api/src"}],
        "requirements": [
            {
                "rule": "sources-parse",
                "what": "source files are code",
                "passed": 1,
                "failed": 0,
                "points": 5,
                "possible": 5,
                "not_judged": None,
            },
            {
                "rule": "no-stubs",
                "what": "no service function is a stub",
                "passed": 0,
                "failed": 1,
                "points": 0,
                "possible": 3,
                "not_judged": None,
            },
            {
                "rule": "imports-committed",
                "what": "every import is committed",
                "passed": 0,
                "failed": 0,
                "points": 0,
                "possible": 0,
                "not_judged": "no module imports another",
            },
        ],
        "gaps": 1,
    }


def test_an_empty_repository_has_no_score() -> None:
    report = json.loads(render(readinesses.nothing(), "json"))
    assert (report["verdict"], report["percent"]) == ("nothing to judge", None)


def test_hostile_text_is_harmless_and_decodes_to_itself() -> None:
    report = render(readinesses.hostile(), "json")
    expected = readinesses.hostile().gaps[0]
    decoded = json.loads(report)["gaps"][0]
    assert (decoded["path"], decoded["message"], decoded["fix"]) == (expected.path, expected.message, expected.fix)
    assert report.isascii()
    assert not any(harmful in report for harmful in ("::error", "##[", "##vso[", "\x1b"))
