"""Which dialect a document is, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said
from shipworthy.formats import dialects, yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable

FILES = {
    ".circleci/config.yml": "{jobs: {a: %s}}",
    ".github/workflows/a.yml": "{on: push, jobs: {a: %s}}",
    ".gitlab-ci.yml": "{a: %s}",
    ".travis.yml": "%s",
    "app.json": "%s",
    "cloudbuild.yaml": "{steps: [%s]}",
    "compose.yaml": "{services: {a: %s}}",
    "manifest.yaml": "{apiVersion: v1, kind: Pod, spec: {containers: [%s]}}",
    "package.json": "{scripts: %s}",
    "pm2.json": "{apps: [%s]}",
    "settings.yaml": "{apiVersion: v1, kind: ConfigMap, data: %s}",
    "tasks/main.yml": "[%s]",
}
"""Files of every dialect, each with a gap for any tree."""
KEYS = st.sampled_from(
    "apiVersion apps args block build command commands configs containers content copy data dest entrypoint env "
    "environment exec file healthcheck image jobs kind lineinfile mountPath name on run script scripts services shell "
    "steps stringData test tmpfs value variables volumeMounts volumes <<".split()
)
WORDS = st.text(st.sampled_from("ab /=:-${}'\"\\\n\t#*&|>[],"), max_size=12)
SCALARS = st.one_of(st.sampled_from(["ConfigMap", "Pod", "v1", "/x", "a=b c=d", "${A:-/x}:/y", "--a=/b"]), WORDS)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=15
)
DERIVED = frozenset({"mode", "source", "type"})
"""Values of mounts that a dialect concludes from what is written elsewhere."""


def flow(tree: object) -> str:
    """A tree as YAML in the flow style, every scalar in double quotes."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(flow, tree)) + "]"
    escaped = str(tree).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def expanded(text: str, path: str) -> Block | None:
    source = Source(text)
    try:
        root = yaml.read(source)
    except Unreadable:
        return None
    dialects.expand(root, source, path)
    return root


@given(tree=TREES, path=st.sampled_from(sorted(FILES)))
def test_any_tree_is_refined_without_an_error_and_keeps_to_its_text(tree: object, path: str) -> None:
    text = FILES[path] % flow(tree)
    root = expanded(text, path)
    if root is not None:
        assert not misplaced(root, text)


@given(tree=TREES, path=st.sampled_from(sorted(FILES)))
def test_values_without_quotes_or_escapes_stand_where_they_are_written(tree: object, path: str) -> None:
    text = FILES[path] % flow(tree)
    root = expanded(text, path)
    if root is not None and not set("\\'$#&|>`") & set(text):
        assert {setting.name for setting in miswritten(root, text)} <= DERIVED


@given(text=st.text(), path=st.sampled_from(sorted(FILES)))
def test_any_text_is_refined_without_an_error(text: str, path: str) -> None:
    expanded(text, path)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.json", '{"title": "a", "panels": [{"command": "b"}], "env": {"A": "b"}}', id="a dashboard"),
        pytest.param("values.yaml", "image: a\ncommand: b\nenv: {A: b}", id="values of a chart"),
        pytest.param("Chart.yaml", "apiVersion: v2\nname: a\ncommand: b", id="a chart"),
        pytest.param("a.yaml", "- command\n- {command: b}", id="a list"),
        pytest.param("a.yaml", "command: b", id="a mapping"),
    ],
)
def test_what_is_no_dialect_stays_as_it_is(path: str, text: str) -> None:
    root = expanded(text, path)
    assert root is not None
    assert said(root) == said(yaml.read(Source(text)))


def test_documents_of_one_file_are_recognised_each_by_itself() -> None:
    text = (
        "services: {a: {image: b, command: c}}\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{command: [d]}]}\n"
    )
    root = expanded(text, "a.yaml")
    assert root is not None
    assert [node.name for node in root.walk() if isinstance(node, Block) and node.kind == "command"] == ["c", "d"]


def test_documents_inside_one_another_are_read_to_a_limit() -> None:
    text = "A: b\n"
    for _ in range(150):
        inner = "".join(f"  {line}\n" for line in text.splitlines())
        text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n a.yaml: |\n{inner}"
    assert expanded(text, "a.yaml") is not None
