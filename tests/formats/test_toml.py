"""TOML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import toml
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('a = "b"', [("a", "b")], id="a key and a value"),
        pytest.param("[a.b]\nc = 'd'", [("a.b.c", "d")], id="a table has a dotted name"),
        pytest.param('a.b = "c"\n"d e"."f" = "g"', [("a.b", "c"), ("d e.f", "g")], id="dotted and quoted keys"),
        pytest.param('[["a"]]\nb = "c"\n[[a]]\nb = "d"', [("a.0.b", "c"), ("a.1.b", "d")], id="an array of tables"),
        pytest.param(
            '[[a]]\n[a.b]\nc = "d"\n[[a]]\n[[a.e]]\nf = "g"',
            [("a.0.b.c", "d"), ("a.1.e.0.f", "g")],
            id="a table below an array belongs to its last item",
        ),
        pytest.param('a = ["b", ["c"], {d = "e"}]', [("a.0", "b"), ("a.1.0", "c"), ("a.2.d", "e")], id="arrays"),
        pytest.param('a = {b = "c", d.e = "f"}', [("a.b", "c"), ("a.d.e", "f")], id="an inline table"),
        pytest.param(
            "a = 1_000\nb = true\nc = 1979-05-27",
            [("a", "1_000"), ("b", "true"), ("c", "1979-05-27")],
            id="what is no string stays as it is written",
        ),
        pytest.param(
            r'a = "\u00e9\t\"b\""' + "\nc = '\\t'",
            [("a", 'é\t"b"'), ("c", "\\t")],
            id="escapes are those of basic strings alone",
        ),
        pytest.param(
            "a = \"\"\"\nb\\\n   c\\\\\n\"\"\"\nd = '''\ne\n'''",
            [("a", "bc\\\n"), ("d", "e\n")],
            id="strings of several lines",
        ),
        pytest.param('a = ""\nb = ""\'\'', [], id="two strings for one key are no TOML"),
        pytest.param('# a = "b"\nc = "d" # e', [("c", "d")], id="comments"),
    ],
)
def test_values(text: str, expected: list[tuple[str, str]]) -> None:
    if not expected:
        with pytest.raises(Unreadable, match="not TOML"):
            toml.read(Source(text))
        return
    assert said(toml.read(Source(text))) == [("value", keys, value) for keys, value in expected]


def test_a_table_in_several_places_is_one_block() -> None:
    (top,) = toml.read(Source('[a]\nb = "c"\n[a.d]\ne = "f"\n[g]\n[a.d.h]\ni = "j"')).blocks
    assert [block.name for block in top.blocks] == ["a", "g"]
    table = top.block("a")
    assert table is not None
    assert [child.name for child in table.children] == ["b", "d"]


def test_positions_enclose_values_and_keys() -> None:
    text = '\'é\' = \'é\'\n[tool]\n"a b" = """\nlines"""\nc = [1]\n'
    root = toml.read(Source(text))
    assert written(root, text) == ["é", "lines", "1"]
    assert [text[setting.key :][: len(setting.name)] for setting in root.all_settings()] == ["é", "a b", "1"]


def test_what_is_no_string_is_not_literal() -> None:
    assert [setting.literal for setting in toml.read(Source('a = "1"\nb = 1')).all_settings()] == [True, False]


def test_hidden_template_marks_are_keys_and_values() -> None:
    root = toml.read(Source("a = \ue000\ue000\n[c]\n\ue000 = '/x/\ue000'\n"))
    assert said(root) == [("value", "a", "\ue000\ue000"), ("value", "c.\ue000", "/x/\ue000")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("Plain words.", "not TOML", id="prose"),
        pytest.param("a = " + "[" * 300 + "]" * 300, "nested too deeply", id="deep nesting"),
    ],
)
def test_other_texts_are_unreadable(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        toml.read(Source(text))


_LINES = st.sampled_from(
    ["[a]", "[a.b]", "[[a]]", "[[a.b]]", 'a = "é"', "b.c = 'd'", "a = [1, {b = 2}]", 'c = """', "\ue000", "'''", "x"]
)


@given(st.text() | st.lists(_LINES).map("\n".join))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        root = toml.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
