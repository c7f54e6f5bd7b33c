from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import readinesses
from shipworthy.readiness.model import (
    BLOCKED,
    COMPLETE,
    GAPS,
    NO_GAPS,
    NOT_APPLICABLE,
    NOTHING,
    PARTIAL,
    UNKNOWN,
    WEIGHTS,
    Component,
    Gap,
    Readiness,
    Requirement,
)
from shipworthy.rule import BLOCKING, HIGH, MEDIUM


def test_a_failed_check_counts_what_its_finding_weighs() -> None:
    requirement = Requirement("no-stubs", "no stub", WEIGHTS[HIGH], passed=2, weights=[WEIGHTS[BLOCKING]])
    assert (requirement.failed, requirement.points, requirement.possible) == (1, 6, 11)


@pytest.mark.parametrize(
    ("requirements", "percent"),
    [
        pytest.param([], None, id="nothing was looked at"),
        pytest.param([Requirement("a", "a", 3, not_judged="no service")], None, id="nothing was judged"),
        pytest.param([Requirement("a", "a", 3, passed=1)], 100, id="everything passed"),
        pytest.param([Requirement("a", "a", 3, weights=[3])], 0, id="everything failed"),
        pytest.param([Requirement("a", "a", 5, passed=199), Requirement("b", "b", 1, weights=[1])], 99, id="almost"),
        pytest.param([Requirement("a", "a", 1, passed=1), Requirement("b", "b", 3, weights=[3])], 25, id="by weight"),
        pytest.param([Requirement("a", "a", 3, weights=[0])], None, id="a hint counts nothing"),
    ],
)
def test_the_percent_of_a_component(requirements: list[Requirement], percent: int | None) -> None:
    assert Component("ci", PARTIAL, "because", requirements=requirements).percent == percent


@pytest.mark.parametrize("status", [NOT_APPLICABLE, UNKNOWN])
def test_what_does_not_apply_and_what_is_unknown_never_count(status: str) -> None:
    report = Readiness(1, [])
    passed = [Requirement("a", "a", 3, passed=1)]
    report.components = [
        Component("ci", status, "because", requirements=passed),
        Component("source", PARTIAL, "because", requirements=[Requirement("b", "b", 1, passed=1, weights=[3])]),
    ]
    assert report.components[0].percent is None
    assert report.percent == 25


def test_the_whole_is_the_mean_of_what_was_judged() -> None:
    assert readinesses.everything().percent == (500 // 8 + 100 + 0 + 75 + 0 + 0) // 6


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        pytest.param([], NO_GAPS, id="no gap that is known"),
        pytest.param([MEDIUM], GAPS, id="a gap"),
        pytest.param([HIGH, BLOCKING], BLOCKED, id="a blocking gap, whatever the percent says"),
    ],
)
def test_the_verdict(severities: list[str], verdict: str) -> None:
    report = readinesses.passed()
    report.gaps = [Gap("ci", "ci-pipeline", severity, "a", 1, "wrong") for severity in severities]
    report.component("ci").gaps = report.gaps
    assert (report.verdict, report.percent) == (verdict, 100)
    assert report.component("ci").is_blocked == (verdict == BLOCKED)


def test_what_was_not_judged_gets_no_verdict() -> None:
    assert (readinesses.nothing().verdict, readinesses.nothing().percent) == (NOTHING, None)


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.sampled_from([0, 1, 3, 5]), max_size=4)), max_size=6))
def test_only_what_has_no_failure_is_complete(rows: list[tuple[int, list[int]]]) -> None:
    requirements = [Requirement("a", "a", 3, passed, weights) for passed, weights in rows]
    percent = Component("ci", COMPLETE, "because", requirements=requirements).percent
    if percent is not None:
        assert 0 <= percent <= 100
        assert (percent == 100) == (not any(weight for _, weights in rows for weight in weights))
