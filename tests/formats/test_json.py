"""JSON and its relatives."""

from __future__ import annotations

import json as standard
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said, written
from shipworthy.formats import json
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"a": "b", "c": {"d": "e"}}', [("a", "b"), ("c.d", "e")], id="objects nest"),
        pytest.param('{"a": ["b", {"c": "d"}]}', [("a.0", "b"), ("a.1.c", "d")], id="items are numbered"),
        pytest.param(
            '{"a": 1, "b": -2.5e3, "c": null}',
            [("a", "1"), ("b", "-2.5e3"), ("c", "null")],
            id="numbers and constants stay as they are written",
        ),
        pytest.param('{"a": "1", "a": "2"}', [("a", "1"), ("a", "2")], id="a key that is given twice is there twice"),
        pytest.param('{"a": "\\u00e9\\ud83d\\ude00\\/tmp\\n"}', [("a", "é😀/tmp\n")], id="escapes are resolved"),
        pytest.param('{"a": "", "b": {}, "c": []}', [("a", "")], id="empty things are there"),
        pytest.param('"a"', [("", "a")], id="a lone scalar"),
        pytest.param('{"a": "b"}\n{"a": "c"}\n', [("a", "b"), ("a", "c")], id="one value a line"),
        pytest.param(
            '// c\n{"a": /* "x": */ "b", // "y": "z"\n "c": "d"}', [("a", "b"), ("c", "d")], id="comments are no values"
        ),
        pytest.param(
            '{"a": "http://x", "b": "/* no */"}',
            [("a", "http://x"), ("b", "/* no */")],
            id="a comment's mark in a string is none",
        ),
        pytest.param('{"a": ["b",], "c": "d",}', [("a.0", "b"), ("c", "d")], id="trailing commas"),
        pytest.param("{a: 'b', 'c': 'd\"'}", [("a", "b"), ("c", 'd"')], id="JSON5: keys without quotes, single quotes"),
        pytest.param(
            '{"a": \ue000\ue000\ue000}', [("a", "\ue000\ue000\ue000")], id="a hidden template mark is a value"
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_values(text: str, expected: list[tuple[str, str]]) -> None:
    root = json.read(Source(text))
    assert said(root) == [("value", keys, value) for keys, value in expected]
    assert not miswritten(root, text)


def test_the_tree_has_the_shape_of_yaml() -> None:
    (mapping,) = json.read(Source('{"a": [{"b": "c"}]}')).blocks
    sequence = mapping.block("a")
    assert sequence is not None
    (item,) = sequence.blocks
    assert [(block.kind, block.name) for block in (mapping, sequence, item)] == [
        ("mapping", ""),
        ("sequence", "a"),
        ("mapping", "0"),
    ]


def test_what_is_no_string_is_not_literal() -> None:
    assert [setting.literal for setting in json.read(Source('{"a": "1", "b": 1}')).all_settings()] == [True, False]


def test_a_key_has_its_own_position() -> None:
    text = '{"é": {"name": "value"}}'
    (setting,) = json.read(Source(text)).all_settings()
    assert text[setting.key :].startswith("name")


def test_positions_are_those_of_the_file_around_the_text() -> None:
    text = 'x = {"a": "/tmp"}'
    root = json.read(Source(text).part(4, len(text)))
    assert written(root, text) == ["/tmp"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Plain words.", id="prose"),
        pytest.param('{"a": "b"', id="an object that does not end"),
        pytest.param('{"a": "b}', id="a string that does not end"),
        pytest.param('{"a" "b"}', id="a key without a colon"),
        pytest.param('{"a": "b" "c": "d"}', id="entries without a comma"),
        pytest.param('{"a": ["b"}', id="brackets that do not match"),
        pytest.param('{"a": }', id="a key without a value"),
        pytest.param("a: b", id="YAML"),
        pytest.param("/* a", id="a comment that does not end"),
    ],
)
def test_other_texts_are_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="line 1: not JSON"):
        json.read(Source(text))


def test_deep_nesting_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="nested too deeply"):
        json.read(Source("[" * 100_000))


@given(st.text(alphabet=st.sampled_from("{}[]:,\"'\\/*#ab1 \n") | st.characters()))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        root = json.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(string.printable + "é😀")
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(_VALUES, st.booleans())
def test_what_the_standard_library_writes_is_read_as_it_was(value: object, ascii_only: bool) -> None:
    root = json.read(Source(standard.dumps(value, ensure_ascii=ascii_only)))
    assert [_meant(child) for child in root.children] == [_plain(value)]


def _plain(value: object) -> object:
    """The value with its scalars as JSON writes them and its keys kept in order."""
    if isinstance(value, dict):
        return [(key, _plain(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [(str(number), _plain(inner)) for number, inner in enumerate(value)]
    return value if isinstance(value, str) else standard.dumps(value)


def _meant(node: object) -> object:
    if isinstance(node, Block):
        return [(child.name, _meant(child)) for child in node.children]
    return getattr(node, "value", None)
