from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.interpolation import MOST_CHARACTERS, MOST_LEVELS, interpolated

VARIABLES = {"SET": "value", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("redis:7", "redis:7", id="a value without variables stays"),
        pytest.param("${A:-x}", "x", id="a default stands in for an unset variable"),
        pytest.param("${A-x}", "x", id="a default without a colon does too"),
        pytest.param("${SET:-x}", "value", id="a committed value wins over the default"),
        pytest.param("${EMPTY:-x}", "x", id="a default with a colon stands in for an empty value"),
        pytest.param("${EMPTY-x}", "", id="a default without a colon does not"),
        pytest.param("$SET/$SET", "value/value", id="plain references are replaced"),
        pytest.param("${A:-${B:-${C:-deep}}}", "deep", id="defaults nest"),
        pytest.param("${A:-${B}}", None, id="a default that is unknown makes the value unknown"),
        pytest.param("a$$B", "a$B", id="two dollars are one"),
        pytest.param("${A}", None, id="an unset variable is unknown"),
        pytest.param("${A:?must be set}", None, id="a mandatory variable is unknown"),
        pytest.param("${SET:?must be set}", "value", id="a mandatory variable that is set is known"),
        pytest.param("${SET:+on}", "on", id="an alternative stands where the variable is set"),
        pytest.param("${A:+on}", None, id="an alternative of an unset variable is unknown"),
        pytest.param("${A:-x", None, id="a brace that is never closed is unknown"),
        pytest.param("${A/b/c}", None, id="what Compose does not support is unknown"),
        pytest.param("cost: 5$", "cost: 5$", id="a dollar before no name stays"),
    ],
)
def test_variables_become_what_the_repository_says(text: str, expected: str | None) -> None:
    assert interpolated(text, VARIABLES) == expected


def test_nesting_without_end_is_unknown() -> None:
    assert interpolated("${A:-" * (MOST_LEVELS + 2) + "x" + "}" * (MOST_LEVELS + 2)) is None
    assert interpolated("${A:-" * MOST_LEVELS + "x" + "}" * MOST_LEVELS) == "x"


def test_nobody_looks_for_the_end_of_nesting_without_end() -> None:
    """Twenty levels look for their ends: each through all of what is left, were it not for the limit."""
    deep = "${A:-" * (MOST_LEVELS + 2) + "x" + "}" * (MOST_LEVELS + 2)
    assert interpolated("${SET:-" + deep + "}", VARIABLES) is None


def test_variables_that_hold_each_other_twice_do_not_fill_the_memory() -> None:
    values = {"A": "x"}
    for _ in range(100):
        value = interpolated("$A${A:-}", values)
        if value is None:
            break
        values["A"] = value
    assert MOST_CHARACTERS / 2 < len(values["A"]) <= MOST_CHARACTERS


@given(st.text(st.sampled_from("${}:-+?AB x"), max_size=60))
def test_any_text_has_a_value_or_none(text: str) -> None:
    value = interpolated(text)
    assert value is None or isinstance(value, str)
