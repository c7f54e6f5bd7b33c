from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats import yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import DEFAULT, MERGE, VALUE, Alias, Block, Setting


def mapping(text: str, name: str = "it") -> Block:
    """The block of that name in a YAML text."""
    top = yaml.read(Source(text)).children[0]
    assert isinstance(top, Block)
    block = top.block(name)
    assert block is not None
    return block


def values(block: Block) -> dict[str, str]:
    return {name: child.value for name, child in block.entries().items() if isinstance(child, Setting)}


SHARED = "a: &a {x: a, y: a}\nb: &b {x: b, z: b}\nlist: &list [*a, *b]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("it: {x: 1, x: 2}", {"x": "2"}, id="of a key given twice, the later counts"),
        pytest.param("it: {<<: *a, x: own}", {"x": "own", "y": "a"}, id="own keys win over merged ones"),
        pytest.param("it: {x: own, <<: *a}", {"x": "own", "y": "a"}, id="also where they stand before"),
        pytest.param("it: {<<: [*a, *b]}", {"x": "a", "y": "a", "z": "b"}, id="the earlier of a list wins"),
        pytest.param("it: {<<: [*b, *a]}", {"x": "b", "y": "a", "z": "b"}, id="whatever the order of the file is"),
        pytest.param("it: {<<: *list}", {"x": "a", "y": "a", "z": "b"}, id="the list may be an alias"),
        pytest.param("it: {<<: {x: 1}, y: 2}", {"x": "1", "y": "2"}, id="a mapping written in place"),
        pytest.param("it: {<<: [{x: 1}, *a]}", {"x": "1", "y": "a"}, id="a list with a mapping written in place"),
        pytest.param("it: {<<: *a, <<: *b}", {"x": "a", "y": "a", "z": "b"}, id="of two merge keys the earlier wins"),
        pytest.param("it: {<<: text, x: 1}", {"x": "1"}, id="a text is not merged"),
        pytest.param("it: {<<: }", {}, id="nothing is not merged"),
    ],
)
def test_merge_keys_as_their_specification_says(text: str, expected: dict[str, str]) -> None:
    assert values(mapping(SHARED + text)) == expected


def test_merged_mappings_merge_themselves() -> None:
    text = "a: &a {w: a, x: a, y: a, z: a}\nb: &b {<<: *a, x: b, y: b}\nc: &c {y: c, z: c}\nit: {<<: [*b, *c], w: it}\n"
    assert values(mapping(text)) == {"w": "it", "x": "b", "y": "b", "z": "a"}


def test_a_mapping_that_merges_itself() -> None:
    assert values(mapping("it: &it {<<: *it, x: 1}")) == {"x": "1"}


def test_mappings_that_merge_each_other() -> None:
    first, second = Block("mapping", "first"), Block("mapping", "second")
    for block, other in ((first, second), (second, first)):
        block.add(Alias(MERGE, other, 0, 0))
        block.add(Setting(block.name, "1", 0, 0))
        block.add(Setting("common", block.name, 0, 0))
    assert values(first) == {"first": "1", "second": "1", "common": "first"}


def test_a_long_chain_of_merges() -> None:
    lines = ["a0: &a0 {k: 0}"] + [f"a{n}: &a{n} {{<<: *a{n - 1}}}" for n in range(1, 900)]
    assert values(mapping("\n".join(lines), "a899")) == {"k": "0"}


def test_aliases_are_resolved_and_walks_do_not_follow_them() -> None:
    block = mapping("anchor: &x {y: 1}\nit: {a: *x, b: [*x, text]}\n")
    target = block.block("a")
    assert target is not None
    assert target.value("y") == "1"
    assert target.keys == ("anchor",)
    items = block.get("b")
    assert isinstance(items, Block)
    assert [item.name for item in items.items()] == ["anchor", "1"]
    assert [setting.value for setting in block.all_settings()] == ["text"]


def test_access_by_name() -> None:
    block = mapping("it: {text: value, inner: {x: 1}, empty: }")
    assert block.value("text") == "value"
    assert block.value("absent") == ""
    assert block.value("absent", "default") == "default"
    assert block.value("inner", "no value") == "no value"
    assert block.block("text") is None
    assert block.get("absent") is None
    assert [child.name for child in block.settings] == ["text", "empty"]
    assert [child.name for child in block.blocks] == ["inner"]


def test_what_encloses_a_node() -> None:
    (setting,) = mapping("it: {list: [{x: 1}]}").all_settings()
    assert setting.keys == ("it", "list", "0", "x")
    assert [block.kind for block in setting.enclosing] == ["mapping", "sequence", "mapping", "mapping", "document"]
    sequence = setting.inside("sequence")
    assert sequence is not None
    assert sequence.name == "list"
    assert setting.inside("command") is None
    assert repr(setting) == "<value it.list.0.x = '1'>"
    assert repr(sequence) == "<sequence it.list of 1>"


def test_a_walk_is_in_order_of_appearance() -> None:
    block = mapping("it: {a: 1, b: {c: 2, d: [3]}, e: 4}")
    assert [node.name for node in block.walk()] == ["a", "b", "c", "d", "0", "e"]


def test_adopted_children_change_their_parent() -> None:
    block, other = Block("mapping", "block"), Block("mapping", "other")
    child = other.add(Setting("x", "1", 0, 0))
    block.adopt(other)
    assert child.parent is block
    assert block.children == [child]


def test_the_key_of_a_setting_is_where_it_starts_unless_told() -> None:
    assert Setting("a", "b", 5, 6).key == 5
    assert Setting("a", "b", 5, 6, key=1).key == 1


def test_deep_trees_need_no_recursion() -> None:
    root = block = Block("mapping")
    for _ in range(50_000):
        block = block.add(Block("mapping", "a"))
    leaf = block.add(Setting("x", "1", 0, 0))
    assert list(root.all_settings()) == [leaf]
    assert len(leaf.keys) == 50_001


NAMES = st.sampled_from(["a", "b", MERGE])
SETTINGS = st.builds(
    lambda name, kind, value: Setting(name, value, 0, 0, kind), NAMES, st.sampled_from([VALUE, DEFAULT]), st.text("xyz")
)


def block_of(children: Sequence[Setting | Block | Alias]) -> Block:
    block = Block("mapping")
    block.children += children
    return block


CHILDREN = st.recursive(
    st.lists(SETTINGS, max_size=4).map(block_of),
    lambda blocks: st.lists(
        st.one_of(SETTINGS, blocks, st.builds(lambda name, block: Alias(name, block, 0, 0), NAMES, blocks)), max_size=5
    ).map(block_of),
    max_leaves=8,
)


@given(CHILDREN)
def test_one_child_by_name_is_the_one_among_all_by_name(block: Block) -> None:
    entries = block.entries()
    for name in ("a", "b", MERGE):
        assert block.get(name) is entries.get(name)
