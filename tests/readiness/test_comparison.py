"""Earlier reports, which anybody may have written: what they may hold, and what a report says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import markdown  # what mkdocs renders the documentation with
import pytest
from hypothesis import given
from hypothesis import strategies as st

import readinesses
from shipworthy.hook import LARGEST_FILE
from shipworthy.readiness.comparison import Before, Comparison, NotAReport
from shipworthy.reporting.readiness import FORMATS, render

Edit = Callable[[dict[str, Any]], object]
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def earlier() -> dict[str, Any]:
    """An earlier report with a gap and a service."""
    report: dict[str, Any] = json.loads(render(readinesses.everything(), "json"))
    assert report["gaps"]
    assert report["services"]
    return report


def compared(report: object) -> dict[str, str]:
    """What the report of now says of an earlier one, in all formats. Raises `NotAReport`."""
    now = readinesses.everything()
    now.comparison = Comparison(Before(json.dumps(report).encode()), now)
    return {format: render(now, format) for format in FORMATS}


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        pytest.param(lambda old: old.update(version="1"), "no readiness report of version 1", id="a version as text"),
        pytest.param(lambda old: old.update(version=True), "no readiness report of version 1", id="a version that is true"),
        pytest.param(lambda old: old.update(verdict="ready"), "verdict is not one that is known", id="another verdict"),
        pytest.param(lambda old: old.update(verdict=["gaps"]), "verdict is no text", id="a list for a verdict"),
        pytest.param(lambda old: old.update(percent=101), "percent is none", id="more than all"),
        pytest.param(lambda old: old.update(percent=-1), "percent is none", id="less than nothing"),
        pytest.param(lambda old: old.update(percent=10**400), "percent is none", id="a huge number"),
        pytest.param(lambda old: old.update(percent=61.5), "percent is none", id="a fraction"),
        pytest.param(lambda old: old.update(percent=True), "percent is none", id="true for a percent"),
        pytest.param(lambda old: old.update(components={}), "components is no list", id="a mapping for a list"),
        pytest.param(lambda old: old.update(components=[[]]), "no readiness report", id="a list for a component"),
        pytest.param(lambda old: old["components"][0].update(id="luck"), "id is not one that is known", id="a component"),
        pytest.param(lambda old: old["components"][0].update(status="fine"), "status is not one that is known", id="a status"),
        pytest.param(lambda old: old["services"][0].update(name=None), "name is no text", id="a service without a name"),
        pytest.param(lambda old: old.pop("gaps"), "gaps is no list", id="no gaps"),
        pytest.param(lambda old: old["gaps"][0].update(line="1"), "a gap has no place", id="a line as text"),
        pytest.param(lambda old: old["gaps"][0].update(line=True), "a gap has no place", id="true for a line"),
        pytest.param(lambda old: old["gaps"][0].update(line=-1), "a gap has no place", id="a line before the first"),
        pytest.param(lambda old: old["gaps"][0].update(line=10**400), "a gap has no place", id="a line that no file has"),
        pytest.param(lambda old: old["gaps"][0].update(fix=7), "a gap has no place", id="a number for a fix"),
        pytest.param(lambda old: old["gaps"][0].update(message=None), "message is no text", id="no message"),
        pytest.param(lambda old: old["gaps"][0].update(severity="bad"), "severity is not one that is known", id="a class"),
    ],
)  # fmt: skip
def test_what_no_report_can_hold_is_said_in_a_few_words(edit: Edit, message: str) -> None:
    old = earlier()
    edit(old)
    with pytest.raises(NotAReport, match=f"^{message}$"):
        compared(old)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "no JSON", id="nothing"),
        pytest.param(b"\xff\xfe\x00", "no JSON", id="no text"),
        pytest.param(b"{" * 100_000, "no JSON", id="deep mappings"),
        pytest.param(b'{"a":' * 100_000, "no JSON", id="deep values"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "no JSON", id="deep lists that end"),
        pytest.param(b'{"version": 1' + b"0" * 10_000 + b"}", "no JSON", id="a number of ten thousand digits"),
        pytest.param(b'{"version": NaN}', "no readiness report of version 1", id="a number that is none"),
        pytest.param(b" " * (LARGEST_FILE + 1), "too large: over 5 MB", id="a file that was cut off"),
        pytest.param(b"null", "no readiness report", id="null"),
    ],
)
def test_what_is_no_report_is_said_in_a_few_words(data: bytes, message: str) -> None:
    with pytest.raises(NotAReport, match=f"^{message}$"):
        Before(data)


HOSTILE = "a\x1b[31m\r\n::error::b\x00\u202e<script>alert(1)</script>|`*_[x](javascript:y)\ud800 \"'&amp;"


def test_what_an_earlier_report_says_is_made_harmless() -> None:
    old = earlier()
    for name in ("path", "message", "fix"):
        old["gaps"][0][name] = HOSTILE
    old["services"][0]["name"] = HOSTILE
    shown = compared(old)
    for format, text in shown.items():
        assert not _CONTROL.search(text), format
        assert not re.search(r"^::|[^\\]::error::", text), format
        text.encode("utf-8", "surrogateescape")  # as it is written to a file
    assert "<script>alert" not in shown["html"]
    assert "<script" not in markdown.markdown(shown["markdown"], extensions=["tables"])
    assert json.loads(shown["json"])["comparison"]["closed"]


def _places(value: object, here: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, child in inner for place in _places(child, (*here, key)))]


@given(st.data())
def test_a_report_with_anything_in_any_place_is_compared_or_refused(data: st.DataObject) -> None:
    old: Any = earlier()
    read = [
        place for place in _places(old) if place and place[0] in ("version", "verdict", "percent", "gaps", "services")
    ]
    *way, last = data.draw(st.sampled_from(read + [place for place in _places(old) if place[:1] == ("components",)]))
    inner = old
    for key in way:
        inner = inner[key]
    inner[last] = data.draw(_ANYTHING)
    try:
        shown = compared(old)
    except NotAReport:
        return
    assert not any(_CONTROL.search(text) for text in shown.values())


@given(st.binary() | _ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_anything_is_an_earlier_report_or_refused(data: bytes) -> None:
    try:
        Before(data)
    except NotAReport as error:
        assert str(error)
