from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.formats import syntax
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import GRAMMARS, MOST_LEVELS, SyntaxTree, walk
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_every_grammar_reads_an_empty_text_and_survives_nonsense(grammar: str) -> None:
    for text in ("", "\n", "}}}} ((( <<< '''", "\0\x01\ufffd", "ünïcode 日本 😀\r\n\ud800"):
        tree = SyntaxTree(grammar, Source(text))
        assert next(walk(tree.root)) == (tree.root, 0)


def test_nodes_have_their_text_and_their_place_in_characters() -> None:
    text = "日本 = 'ü😀'\nx = 'path'\n"
    tree = SyntaxTree("python", Source(text))
    strings = [node for node, _ in walk(tree.root) if node.type == "string"]
    assert [tree.text(node) for node in strings] == ["'ü😀'", "'path'"]
    for node in strings:
        assert text[tree.start(node) : tree.end(node)] == tree.text(node)
        assert tree.part(node).text == tree.text(node)
        assert tree.part(node).at(0) == tree.start(node)


def test_a_text_inside_a_file_leads_back_to_the_file() -> None:
    file = "script: x = 'y'"
    tree = SyntaxTree("python", Source(file).part(8, len(file)))
    (string,) = (node for node, _ in walk(tree.root) if node.type == "string")
    assert file[tree.start(string) : tree.end(string)] == "'y'"


def test_characters_are_whole_where_the_text_is_handed_over_in_pieces() -> None:
    text = "# " + "日" * 70_000 + "\nx = 'end'\n"
    tree = SyntaxTree("python", Source(text))
    assert not tree.root.has_error
    (string,) = (node for node, _ in walk(tree.root) if node.type == "string")
    assert tree.text(string) == "'end'"


def test_a_walk_visits_everything_in_order_with_its_depth() -> None:
    tree = SyntaxTree("python", Source("a = [1]"))
    visited = [(node.type, depth) for node, depth in walk(tree.root) if node.is_named]
    assert visited == [
        ("module", 0),
        ("expression_statement", 1),
        ("assignment", 2),
        ("identifier", 3),
        ("list", 3),
        ("integer", 4),
    ]


def test_a_walk_below_a_node_stays_there() -> None:
    tree = SyntaxTree("python", Source("[[1], 2]"))
    inner = next(node for node, _ in walk(tree.root) if tree.text(node) == "[1]")
    assert [tree.text(node) for node, _ in walk(inner) if node.is_named] == ["[1]", "1"]


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        ("python", "(" * 100_000),
        ("javascript", "f(" * 50_000),
        ("bash", "$(" * 20_000),
        ("hcl", "a {\n" * 20_000),
        ("go", "package a\nvar b = " + "-" * 50_000 + "1"),
        ("java", "class A { int b = " + "(" * 20_000 + "1;"),
        ("php", "<?php " + "[" * 20_000),
        ("ruby", "[" * 20_000),
        ("toml", "a = " + "[" * 20_000),
        ("typescript", "let a: " + "Array<" * 20_000),
    ],
)
def test_deep_nesting_ends(grammar: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MOST_SECONDS", 0.5)
    try:
        tree = SyntaxTree(grammar, Source(text))
    except Unreadable:
        return
    assert max(depth for _, depth in walk(tree.root)) <= MOST_LEVELS


def test_a_parse_that_takes_too_long_is_given_up_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(syntax, "MOST_SECONDS", 0.0)
        with pytest.raises(Unreadable, match="takes too long"):
            SyntaxTree("python", Source("x = 1\n" * 20_000))
    tree = SyntaxTree("python", Source("y = 2\n"))
    assert tree.text(tree.root) == "y = 2\n"


@settings(max_examples=50)
@given(st.sampled_from(sorted(GRAMMARS)), st.text(alphabet=st.characters(codec=None)))
def test_any_text(grammar: str, text: str) -> None:
    tree = SyntaxTree(grammar, Source(text))
    for node, _ in walk(tree.root):
        assert 0 <= tree.start(node) <= tree.end(node) <= len(text)


def test_a_tree_that_nobody_needs_is_freed() -> None:
    tree = SyntaxTree("python", Source("a = 1\n"))
    reference = weakref.ref(tree)
    del tree
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("grammar", sorted(GRAMMARS))
def test_a_text_is_freed_with_its_tree(grammar: str) -> None:
    text = "a = 1 # " + "x" * 100_000
    SyntaxTree(grammar, Source(text))  # what the parser keeps for the next one is made now
    tracemalloc.start()
    try:
        read = [SyntaxTree(grammar, Source(text)).root.end_byte for _ in range(10)]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == [len(text)] * 10
    assert held < len(text)


@pytest.mark.parametrize(
    "text",
    ["{%s", "{%s:&\n", "cat <<END\nx $%s\nEND\n", "[ -%s ]\n", "%s=1\n", "echo ${%s}\n", "echo @(%s)\n", "echo \\%s\n"],
)
def test_bash_survives_every_character(text: str) -> None:
    for point in (*range(0x80, 0xD800, 0x200), *range(0xE000, 0x110000, 0x800)):
        tree = SyntaxTree("bash", Source(text % chr(point)))
        assert tree.written(0, len(tree.data)) == text % chr(point)
