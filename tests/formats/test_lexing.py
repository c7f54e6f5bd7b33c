"""The extent of values, words and lines."""

from __future__ import annotations

import pytest

from shipworthy.formats.lexing import logical_lines, value_span, words
from shipworthy.formats.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(" x ", "x", id="white space around"),
        pytest.param("x y # z", "x y", id="a comment behind white space"),
        pytest.param("x#y ;z", "x#y", id="the first comment character behind white space counts"),
        pytest.param(" # x", "", id="nothing but a comment"),
        pytest.param("#x", "#x", id="a comment character without white space in front"),
        pytest.param('"x # y" # z', "x # y", id="quotes around the whole value"),
        pytest.param('"x" + "y"', '"x" + "y"', id="quotes around parts of the value"),
        pytest.param('"x', '"x', id="a quote that is not closed"),
    ],
)
def test_extent_of_a_value(text: str, expected: str) -> None:
    assert text[slice(*value_span(text, 0, len(text), "#;"))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a b\tc", ["a", "b", "c"], id="white space between"),
        pytest.param("a 'b c' \"d e\" `f g`", ["a", "b c", "d e", "f g"], id="quotes around words"),
        pytest.param(r'a "b \"c\" \d"', ["a", r'b "c" \d'], id="escaped quotes inside quotes"),
        pytest.param('a="b c" d', ['a="b c"', "d"], id="quotes inside a word"),
        pytest.param("it's a", ["it's", "a"], id="an apostrophe"),
        pytest.param('a"b "c', ['a"b "c'], id="quotes that start inside a word reach over white space"),
        pytest.param("a #b c", ["a"], id="a comment"),
        pytest.param("a#b", ["a#b"], id="a comment character inside a word"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text, 0, len(text), "#")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\\\n  b\nc", ["a b", "c"], id="a backslash joins two lines"),
        pytest.param("a\\\\\nb", ["a\\\\", "b"], id="an escaped backslash does not"),
        pytest.param("a\\\r\nb", ["a b"], id="a carriage return behind the backslash"),
        pytest.param("# a\\\nb", ["b"], id="a comment does not go on"),
        pytest.param("a\\\n# b\nc", ["a # b", "c"], id="a comment character inside a joined line"),
        pytest.param("\n \na", ["a"], id="blank lines"),
        pytest.param("a\\", ["a"], id="a backslash at the end of the file"),
    ],
)
def test_logical_lines(text: str, expected: list[str]) -> None:
    assert [line.text for line in logical_lines(Source(text), "#")] == expected


def test_a_comment_between_joined_lines_can_be_left_out() -> None:
    (line,) = logical_lines(Source("a\\\n# b\nc"), "#", comments_inside=True)
    assert line.text == "a c"


def test_a_joined_line_points_at_the_file() -> None:
    text = "name = x \\\n    y"
    (line,) = logical_lines(Source(text), "#")
    assert text[line.at(line.text.index("y"))] == "y"
