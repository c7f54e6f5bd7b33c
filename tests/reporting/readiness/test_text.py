from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

import readinesses
from shipworthy.readiness.model import COMPONENTS, Gap, Readiness
from shipworthy.reporting.readiness.text import NARROWEST, render

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


def columns(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in ESCAPE.sub("", line))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("make", [readinesses.everything, readinesses.nothing, readinesses.hostile])
def test_no_line_is_wider_than_the_terminal(make: Callable[[], Readiness], width: int) -> None:
    for line in render(make(), width=width, colour=True).splitlines():
        assert columns(line) <= max(width, NARROWEST), line


@given(st.text(max_size=300), st.integers(20, 200))
def test_nothing_is_lost_where_lines_are_broken(text: str, width: int) -> None:
    report = readinesses.passed()
    report.gaps = [Gap("ci", "ci-pipeline", "high", "a.yml", 1, text)]
    shown = "".join(render(report, width=width).split())
    from shipworthy.reporting.escape import printable

    assert "".join(printable(text).split()) in shown


def test_colours_are_only_where_they_are_asked_for() -> None:
    report = readinesses.everything()
    assert "\x1b" not in render(report)
    coloured = render(report, colour=True)
    assert "\x1b[1;31mBLOCKED\x1b[0m" in coloured
    assert ESCAPE.sub("", coloured) == render(report)


def test_without_unicode_all_is_ascii() -> None:
    text = render(readinesses.everything(), unicode=False)
    assert text.isascii()
    assert "--+--" in text


def test_every_component_and_every_gap_is_there() -> None:
    report = readinesses.everything()
    text = " ".join(render(report, width=200).split())
    assert all(title in text for title in COMPONENTS.values())
    assert all(f"{gap.path}:{gap.line}: {gap.rule}: {gap.message}" in text for gap in report.gaps)


def test_of_many_gaps_of_a_class_the_rest_is_counted() -> None:
    report = readinesses.passed()
    report.gaps = [Gap("ci", "ci-pipeline", "medium", "a.yml", line, "wrong") for line in range(1, 41)]
    text = render(report)
    assert "a.yml:25:" in text
    assert "a.yml:26:" not in text
    assert "and 15 more, which --format markdown, json and html list" in text


def test_an_empty_repository_is_nothing_to_judge() -> None:
    assert render(readinesses.nothing()) == (
        "Production readiness: Nothing to judge\nNothing is committed or staged.\n"
    )


def test_hostile_text_moves_no_cursor_and_gives_no_command() -> None:
    text = render(readinesses.hostile())
    assert not any(harmful in text for harmful in ("::error", "##[", "##vso[", "\x1b", "\u202e"))
