from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said, written
from shipworthy.formats import yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Alias, Block, Setting
from shipworthy.formats.unreadable import Unreadable


def read(text: str) -> Block:
    root = yaml.read(Source(text))
    assert not misplaced(root, text)
    return root


def values(text: str) -> list[tuple[str, str]]:
    return [(name, value) for _, name, value in said(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: b", [("a", "b")], id="a key and a value"),
        pytest.param("a: {b: [c, d]}", [("a.b.0", "c"), ("a.b.1", "d")], id="flow style"),
        pytest.param("a:\n  - b: c\n    d: e\n", [("a.0.b", "c"), ("a.0.d", "e")], id="a list of mappings"),
        pytest.param("on: push\nno: yes\n", [("on", "push"), ("no", "yes")], id="words of YAML 1.1 are words"),
        pytest.param("a: [22:22, 1_000]", [("a.0", "22:22"), ("a.1", "1_000")], id="numbers as written"),
        pytest.param("a: 1\na: 2\n", [("a", "1"), ("a", "2")], id="a key given twice is there twice"),
        pytest.param("a:\nb: ~\nc: null\n", [("a", ""), ("b", "~"), ("c", "null")], id="nulls as written"),
        pytest.param("a: 'it''s'\nb: \"x\\ty\"\n", [("a", "it's"), ("b", "x\ty")], id="quotes and escapes"),
        pytest.param("a: |\n  b\n  c\nd: >-\n  e\n  f\n", [("a", "b\nc\n"), ("d", "e f")], id="blocks of text"),
        pytest.param("a: b c\n  d\n", [("a", "b c d")], id="a plain text over two lines"),
        pytest.param("a: 1\n---\nb: 2\n...\n---\n- c\n", [("a", "1"), ("b", "2"), ("0", "c")], id="several documents"),
        pytest.param("word", [("", "word")], id="a lone word"),
        pytest.param("", [], id="nothing"),
        pytest.param("# comment\n", [], id="a comment"),
        pytest.param("? a\n: b\n", [("a", "b")], id="an explicit key"),
        pytest.param("? {a: b}\n: c\nd: e\n", [("a", "b"), ("", "c"), ("d", "e")], id="a mapping as a key"),
        pytest.param("a: &x b\nc: *x\n*x : d\n", [("a", "b"), ("b", "d")], id="an alias as a key"),
        pytest.param("a: !reset []\nb: !x {c: d}\n", [("b.c", "d")], id="unknown tags of blocks"),
        pytest.param("%YAML 1.2\n---\na: b\n", [("a", "b")], id="a directive"),
        pytest.param("a: b\r\nc: d\r\n", [("a", "b"), ("c", "d")], id="carriage returns"),
        pytest.param("'a b': c\n\"d\": e\n", [("a b", "c"), ("d", "e")], id="quoted keys"),
    ],
)  # fmt: skip
def test_values_and_key_paths(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: value # comment\n", "value", id="a plain value"),
        pytest.param("a: 'value'\n", "value", id="without single quotes"),
        pytest.param('a: "value"\n', "value", id="without double quotes"),
        pytest.param("a: ''\n", "", id="an empty value in quotes"),
        pytest.param("a: &anchor value\n", "value", id="behind an anchor"),
        pytest.param("a: !tag value\n", "value", id="behind a tag"),
        pytest.param("a: !tag &anchor 'value'\n", "value", id="behind both"),
        pytest.param("a: &anchor # comment\n  value\n", "value", id="behind an anchor and a comment"),
        pytest.param("a: !tag '!value'\n", "!value", id="a value that begins like a tag"),
        pytest.param("a: 日本 😀/tmp\n", "日本 😀/tmp", id="characters that take more than one byte"),
        pytest.param("日本😀: value\n", "value", id="behind such characters"),
        pytest.param("a: [x]\r\nb: value\r\n", "value", id="behind carriage returns"),
        pytest.param("a: {b: value}\n", "value", id="in flow style"),
        pytest.param("a: b c\n  d\n", "b c\n  d", id="over two lines"),
    ],
)
def test_positions_enclose_the_value(text: str, expected: str) -> None:
    assert written(read(text), text)[-1] == expected


@pytest.mark.parametrize("text", ["a: !tag\nb: c\n", "a: &x\nb: c\n", "[&a !b , c]", "a: !!null\n"])
def test_properties_without_a_value(text: str) -> None:
    first = next(read(text).all_settings())
    assert first.value == ""
    assert text[first.start : first.end] == ""


@pytest.mark.parametrize(
    ("text", "literal", "tag"),
    [
        ("a: 1", False, ""),
        ("a: null", False, ""),
        ("a:", False, ""),
        ("a: 'null'", True, ""),
        ('a: ""', True, ""),
        ("a: |\n  1\n", True, ""),
        ("a: >\n  1\n", True, ""),
        ("a: !reset null", False, "!reset"),
        ("a: !!str 1", False, "tag:yaml.org,2002:str"),
    ],
)
def test_what_may_be_a_number_or_a_null_and_what_has_a_tag(text: str, literal: bool, tag: str) -> None:
    (setting,) = read(text).all_settings()
    assert (setting.literal, setting.tag) == (literal, tag)


def test_tags_of_blocks() -> None:
    top = read("a: !reset []\nb: !override {c: d}\n").children[0]
    assert [child.tag for child in top.children] == ["!reset", "!override"]  # type: ignore[union-attr]


def test_keys_have_their_place() -> None:
    text = "first: 1\nsecond: {third: 3}\nlist: [x]\n"
    nodes = {node.name: node for node in read(text).walk()}
    for name in ("first", "third"):
        setting = nodes[name]
        assert isinstance(setting, Setting)
        assert text[setting.key :].startswith(name)
    assert text[nodes["second"].start :].startswith("second")
    item = nodes["0"]
    assert isinstance(item, Setting)
    assert item.key == item.start


def test_aliases_are_not_expanded() -> None:
    top = read("a: &x {y: 1}\nb: *x\nc: [*x]\n").children[0]
    assert isinstance(top, Block)
    alias = top.children[1]
    assert isinstance(alias, Alias)
    assert alias.target is top.children[0]


def test_anchors_end_with_their_document() -> None:
    with pytest.raises(Unreadable, match="line 3: unknown anchor x"):
        yaml.read(Source("a: &x 1\n---\nb: *x\n"))


def test_an_anchor_may_be_given_anew() -> None:
    top = read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").children[0]
    assert isinstance(top, Block)
    assert [top.value(name) for name in "abcd"] == ["1", "1", "2", "2"]


def test_an_alias_inside_its_own_anchor() -> None:
    top = read("a: &x\n  b: *x\n").children[0]
    assert isinstance(top, Block)
    inner = top.block("a")
    assert inner is not None
    assert inner.block("b") is inner


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("a: [b\n", "line 2: did not find expected ',' or ']'", id="an unclosed list"),
        pytest.param("a: 1\n  b: 2\n", "line 2: mapping values are not allowed in this context", id="indentation"),
        pytest.param("a: *b\n", "line 1: unknown anchor b", id="an unknown anchor"),
        pytest.param("a: {{ b }}-c\n", "line 1", id="a template"),
        pytest.param("\ta: b\n", "line 1", id="a tab"),
        pytest.param("a: \0", "not YAML", id="a NUL"),
        pytest.param("a: \x07", "not YAML", id="a bell"),
        pytest.param("a: \ud800", "not YAML", id="half a surrogate pair"),
        pytest.param("[" * 100_000, "nested too deeply", id="many brackets"),
        pytest.param("{a: " * 100_000, "nested too deeply", id="many braces"),
        pytest.param("- " * 100_000, "nested too deeply", id="many dashes"),
        pytest.param("? " * 100_000, "nested too deeply", id="many question marks"),
    ],
)
def test_what_is_unreadable(text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        yaml.read(Source(text))
    assert str(error.value).startswith(reason)
    assert "\n" not in str(error.value)


def bomb(width: int, height: int) -> str:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, height)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bomb(10, 12), id="the classic one"),
        pytest.param(bomb(2, 60), id="a narrow one"),
        pytest.param(
            "a0: &a0 {k0: 0}\n" + "\n".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 0}}" for n in range(1, 5000)),
            id="a long chain of merge keys",
        ),
        pytest.param(
            "a: &a {" + ", ".join(f"k{n}: 0" for n in range(5000)) + "}\n" + "b:\n" + "- {<<: *a}\n" * 5000,
            id="one large mapping merged often",
        ),
    ],
)
def test_alias_bombs_are_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="aliases stand for too much"):
        yaml.read(Source(text))


def test_many_aliases_are_no_bomb() -> None:
    read("a: &a {x: 1, y: 2}\nb:\n" + "- {<<: *a, z: 3}\n" * 10_000)


def test_inside_another_file_positions_are_the_files() -> None:
    file = "x: |\n  a: first\n  b: second\n"
    source = Source(file).within("a: first\nb: second\n", [(0, 7), (9, 18)])
    root = yaml.read(source)
    assert written(root, file) == ["first", "second"]


@given(st.text())
def test_any_text(text: str) -> None:
    with suppress(Unreadable):
        read(text)


@given(st.text(alphabet=st.sampled_from(list("ab: -[]{},'\"\\#&*!|>?%@\n\r\t\u2028\x85é😀<~0"))))
def test_any_text_of_marks(text: str) -> None:
    with suppress(Unreadable):
        read(text)


NAME = st.text("abc", min_size=1, max_size=3)
VALUE = st.text("/a9.é日😀-", max_size=9).map(lambda text: "/" + text)
SCALAR = st.builds(str.format, st.sampled_from(["{}", "'{}'", '"{}"', "&x {}", "!t '{}'"]), VALUE)
TREE = st.one_of(
    SCALAR,
    st.lists(SCALAR, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
    st.lists(SCALAR, max_size=3).map(lambda items: "\n" + "".join(f"  - {item}  # note\n" for item in items)),
    st.dictionaries(NAME, SCALAR, max_size=3).map(
        lambda items: "{" + ", ".join(f"{name}: {item}" for name, item in items.items()) + "}"
    ),
)


@given(st.dictionaries(NAME, TREE))
def test_every_value_of_a_file_is_where_it_says(tree: dict[str, str]) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in tree.items())
    assert not miswritten(read(text), text)
