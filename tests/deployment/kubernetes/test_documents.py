from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.deployment.kubernetes.documents import (
    Part,
    documents,
    items,
    name,
    section,
    shown,
    value,
    without,
)

MAPPING = "apiVersion: v1\ndata:\n  a: |\n    kind: inner\n    {{ x }}\n# a comment\nkind: ConfigMap\n"
LIST = "apiVersion: v1\nitems:\n- kind: A\n  metadata:\n    finalizers:\n    - x\n- kind: B\nkind: List\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1\n", ["a: 1\n"], id="one document"),
        pytest.param("---\na: 1\n", ["", "\na: 1\n"], id="a mark at the beginning"),
        pytest.param("a: 1\n--- # second\nb: 1\n", ["a: 1\n", "\nb: 1\n"], id="a mark with a comment"),
        pytest.param("a: 1\n---", ["a: 1\n", ""], id="a mark at the end"),
        pytest.param("a: 1\n---\n---\n", ["a: 1\n", "\n", "\n"], id="marks without anything between"),
        pytest.param("a: |\n  ---\n----\n---b\n", ["a: |\n  ---\n----\n---b\n"], id="what looks like a mark"),
        pytest.param("", [""], id="nothing"),
    ],
)
def test_documents_end_at_marks(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in documents(text)] == expected


@given(st.text(alphabet="-\n a:#", max_size=40))
def test_documents_do_not_overlap(text: str) -> None:
    spans = list(documents(text))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert all(first <= last for first, last in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            LIST, ["  kind: A\n  metadata:\n    finalizers:\n    - x\n", "  kind: B\n"], id="dashes below the key"
        ),
        pytest.param(
            "items:\n\n  # first\n  -   kind: A\n      a: b\n  # second\n  - kind: B\n",
            ["      kind: A\n      a: b\n  # second\n", "    kind: B\n"],
            id="indented dashes, comments between",
        ),
    ],
)
def test_items_are_the_mappings_of_a_list(text: str, expected: list[str]) -> None:
    found = items(text, 0, len(text))
    assert found is not None
    assert [shown(text, part) for part in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("items: [{kind: A}]\n", id="flow style"),
        pytest.param("items:\n- &a\n  kind: A\n- *a\n", id="aliases"),
        pytest.param("items: []\n", id="an empty list"),
        pytest.param("items:\n- kind: A\n-\n  kind: B\n", id="a dash on a line of its own"),
        pytest.param("spec:\n  items:\n  - kind: A\n", id="a list of something else"),
    ],
)
def test_of_other_lists_lines_do_not_tell(text: str) -> None:
    assert items(text, 0, len(text)) is None


def test_a_section_ends_at_the_next_key() -> None:
    first, last = section(MAPPING, 0, "data") or (0, 0)
    assert MAPPING[first:last] == "data:\n  a: |\n    kind: inner\n    {{ x }}\n# a comment\n"
    assert section(MAPPING, 0, "spec") is None
    assert without(MAPPING, 0, "data", "spec") == "apiVersion: v1\nkind: ConfigMap\n"


@pytest.mark.parametrize(
    ("mapping", "indent", "expected"),
    [
        pytest.param(MAPPING, 0, "ConfigMap", id="a key of the mapping, not of its data"),
        pytest.param("  kind: 'A' # x\n", 2, "A", id="quotes and a comment"),
        pytest.param('"kind": A\n', 0, "A", id="a key in quotes"),
        pytest.param("kind:\n  A\n", 0, "", id="a word on another line"),
        pytest.param("  kind: A\n", 0, "", id="a key that is indented"),
    ],
)
def test_a_value_is_the_word_behind_its_key(mapping: str, indent: int, expected: str) -> None:
    assert value(mapping, indent, "kind") == expected


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        pytest.param("metadata:\n  name: api\n", "api", id="the only key"),
        pytest.param("metadata:\n  # its name\n  name: api # x\n  labels:\n    name: web\n", "api", id="before labels"),
        pytest.param("metadata:\n  labels:\n    name: web\n  name: api\n", "", id="behind labels"),
        pytest.param("metadata: {name: api}\n", "", id="flow style"),
        pytest.param("metadata:\n  name: 'api'\n", "", id="quotes"),
        pytest.param("metadata:\n  name: ${X}-api\n", "", id="a variable"),
        pytest.param("metadata:\n  name: api\n    web\n", "api", id="a word that goes on, which no name does"),
        pytest.param("metadata:\nspec:\n  name: api\n", "", id="another section"),
        pytest.param("kind: A\n", "", id="no metadata"),
    ],
)
def test_a_plain_name_is_told_by_its_line(mapping: str, expected: str) -> None:
    assert name(mapping, 0) == expected


@settings(max_examples=60)
@given(st.text(alphabet="-\n a:#i{}[]tems&*", max_size=80), st.integers(0, 4))
def test_any_text_is_cut_without_an_error(text: str, indent: int) -> None:
    for part in items(text, 0, len(text)) or [Part(0, len(text), indent)]:
        assert 0 <= part.start <= part.end <= len(text)
        without(shown(text, part), part.indent, "items", "a")
