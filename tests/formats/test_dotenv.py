"""The reader of dotenv files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said, written
from shipworthy.formats import dotenv
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A=/x\nB=y\n", [("A", "/x"), ("B", "y")], id="plain values"),
        pytest.param("export A=/x", [("A", "/x")], id="export in front"),
        pytest.param("  A = /x ", [("A", "/x")], id="white space around"),
        pytest.param("A: /x", [("A", "/x")], id="a colon with white space behind"),
        pytest.param("A=", [("A", "")], id="an empty value"),
        pytest.param("A\nB=x", [("A", ""), ("B", "x")], id="a name alone"),
        pytest.param("A='x # y' # z", [("A", "x # y")], id="single quotes, then a comment"),
        pytest.param('A="x # y"', [("A", "x # y")], id="double quotes around a hash"),
        pytest.param("A=`x`", [("A", "x")], id="backticks"),
        pytest.param('A="x\ny"\nB=z', [("A", "x\ny"), ("B", "z")], id="several lines in quotes"),
        pytest.param(r'A="x\ny\"z"', [("A", 'x\ny"z')], id="escapes in double quotes"),
        pytest.param(r"A='x\ny'", [("A", r"x\ny")], id="no escapes in single quotes"),
        pytest.param("A=x # y", [("A", "x")], id="a comment behind white space"),
        pytest.param("A=x#y", [("A", "x#y")], id="a hash inside a value"),
        pytest.param(
            "A=#x\nB= #x", [("A", "#x"), ("B", "")], id="a hash in front is a comment behind white space only"
        ),
        pytest.param('A="x" y', [("A", '"x" y')], id="quotes around a part of the value stay"),
        pytest.param("A=don't\nB=it's", [("A", "don't"), ("B", "it's")], id="apostrophes inside values"),
        pytest.param('A="x\nB=y', [("A", '"x'), ("B", "y")], id="a quote that is not closed"),
        pytest.param("A=x\r\nB='y'\r\n", [("A", "x"), ("B", "y")], id="carriage returns"),
        pytest.param("\ufeffA=x", [("A", "x")], id="a byte order mark"),
        pytest.param("# A=x\n\n  # B=y\n", [], id="comments and blank lines"),
        pytest.param("some words\n=x\n-A=x\n", [], id="lines that are no entries"),
        pytest.param("a.b-c=x", [("a.b-c", "x")], id="dots and dashes in a name"),
    ],
)
def test_variables(text: str, expected: list[tuple[str, str]]) -> None:
    root = dotenv.read(Source(text))
    assert said(root) == [("variable", name, value) for name, value in expected]
    assert not miswritten(root, text)


def test_a_default_inside_a_value_is_a_setting_too() -> None:
    text = "A=${X:-/x}/y\nB='${Y:-/z}'"
    root = dotenv.read(Source(text))
    assert said(root) == [("variable", "A", "${X:-/x}/y"), ("default", "X", "/x"), ("variable", "B", "${Y:-/z}")]
    assert written(root, text)[1] == "/x"


def test_the_key_is_where_the_name_stands() -> None:
    text = "# x\nexport DATA_DIR=/x"
    (setting,) = dotenv.read(Source(text)).settings
    assert text[setting.key :] == "DATA_DIR=/x"


def test_a_template_is_left_to_who_hides_its_marks() -> None:
    with pytest.raises(Unreadable):
        dotenv.read(Source("A={{ x }}"))


@given(st.text(alphabet="AB=\"'`#\\ \n\r:${}-x", max_size=80) | st.text(max_size=80))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = dotenv.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)
