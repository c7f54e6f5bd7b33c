"""Defaults inside values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.interpolation import defaults
from shipworthy.formats.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("${X:-/a}", [("X", "/a")], id="a default for an unset or empty variable"),
        pytest.param("${X-/a}", [("X", "/a")], id="a default for an unset variable"),
        pytest.param("${X:=/a} ${Y=/b}", [("X", "/a"), ("Y", "/b")], id="a default that is assigned"),
        pytest.param("${X:-}", [("X", "")], id="an empty default"),
        pytest.param(
            "${A:-${B:-/a}/b}", [("A", "${B:-/a}/b"), ("B", "/a")], id="an outer default before the inner one"
        ),
        pytest.param("${A:-${B}/b}", [("A", "${B}/b")], id="a variable inside a default closes before it"),
        pytest.param("${java.io.tmpdir:-/a}", [("java.io.tmpdir", "/a")], id="a name with dots, as in Logback"),
        pytest.param("${X:-'/a b'}", [("X", "/a b")], id="quotes around a default are left out"),
        pytest.param("$X ${X} ${X:+a} ${X:?a} ${#X} ${X%.*} ${X:2}", [], id="other expansions have no default"),
        pytest.param("${X:+${Y:-/a}}", [("Y", "/a")], id="a default inside another expansion"),
        pytest.param(r"\${X:-/a}", [], id="an escaped dollar sign starts nothing"),
        pytest.param("${X:-/a", [], id="what is not closed is no default"),
    ],
)
def test_defaults_of_shells(text: str, expected: list[tuple[str, str]]) -> None:
    found = list(defaults(Source(text)))
    assert [(setting.name, setting.value) for setting in found] == expected
    assert [text[setting.start : setting.end] for setting in found] == [value for _, value in expected]
    assert {setting.kind for setting in found} <= {"default"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("${app.data-dir:/a}/x", [("app.data-dir", "/a")], id="a colon starts the default"),
        pytest.param("${X:-/a}", [("X", "/a")], id="a shell's mark is read as well"),
        pytest.param(
            "${app.url:${app.host:local}:80}",
            [("app.url", "${app.host:local}:80"), ("app.host", "local")],
            id="a placeholder inside a default",
        ),
    ],
)
def test_defaults_of_spring(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(setting.name, setting.value) for setting in defaults(Source(text), spring=True)] == expected


def test_positions_point_at_the_file() -> None:
    file = "key: ${X:-/a}"
    (setting,) = defaults(Source(file).part(5, len(file)))
    assert file[setting.start : setting.end] == "/a"


def test_deep_nesting_gives_nothing_and_takes_no_time() -> None:
    assert list(defaults(Source("${X:-" * 100_000))) == []


@given(st.text(alphabet="${}:-=XY'\\ a", max_size=60), st.booleans())
def test_any_text_gives_defaults_that_stand_in_it(text: str, spring: bool) -> None:
    for setting in defaults(Source(text), spring=spring):
        assert text[setting.start : setting.end] == setting.value
