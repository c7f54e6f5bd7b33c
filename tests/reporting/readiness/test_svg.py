from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

import readinesses
from shipworthy.readiness.model import Readiness
from shipworthy.reporting.readiness import render


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (readinesses.everything, "blocked, 39 %"),
        (readinesses.passed, "100 %"),
        (readinesses.nothing, "nothing to judge"),
        (readinesses.hostile, "blocked, 39 %"),
    ],
)
def test_the_badge(make: Callable[[], Readiness], said: str) -> None:
    root = ElementTree.fromstring(render(make(), "svg"))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["readiness", said]
    assert root.attrib["aria-label"] == f"readiness: {said}"
    assert root.attrib["role"] == "img"


def test_gaps_are_counted() -> None:
    report = readinesses.passed()
    report.gaps = readinesses.everything().gaps[3:4]
    assert ">100 %, 1 gap<" in render(report, "svg")
