from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.kubernetes.objects import Object, fits, is_known, objects, objects_in
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

API = "apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: shop\n  labels: {app: api}\n"


def found(text: str) -> list[Object]:
    return list(objects_in(File("k.yaml", text.encode())))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(API, [("Service", "", "api")], id="one document"),
        pytest.param(f"# first\n---\n{API}--- # second\n{API}", [("Service", "", "api")] * 2, id="two documents"),
        pytest.param(
            '"apiVersion": v1\n"kind": Service\nmetadata: {name: a}\n', [("Service", "", "a")], id="keys in quotes"
        ),
        pytest.param(" apiVersion: v1\nkind: Service\n", [], id="no apiVersion that begins a line"),
        pytest.param(
            '# made by a program\n{"apiVersion": "apps/v1", "kind": "Deployment",\n "metadata": {"name": "a"}}\n---\n{}\n',
            [("Deployment", "apps", "a")],
            id="JSON in a YAML file",
        ),
        pytest.param("kind: Service\nmetadata: {name: a}\n", [], id="no apiVersion"),
        pytest.param("services:\n  kind: x\n  apiVersion: y\n", [], id="keys inside something else"),
        pytest.param(
            "apiVersion: apps/v1\nkind: 'Deployment'\nmetadata: {name: a}\n",
            [("Deployment", "apps", "a")],
            id="a group",
        ),
        pytest.param(
            f"apiVersion: v1\nkind: List\nitems:\n- {API.replace(chr(10), chr(10) + '  ')}",
            [("Service", "", "api")],
            id="a list",
        ),
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\ndata:\n  a: '{{ $labels.x }}'\n",
            [("ConfigMap", "", "d")],
            id="marks of another program's templates",
        ),
    ],
)
def test_objects_are_known_by_their_content(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(object.kind, object.group, object.name) for object in found(text)] == expected


SERVICE = '{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "api", "namespace": "shop"}}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SERVICE, [("Service", "api")], id="one object"),
        pytest.param(SERVICE + "\n" + SERVICE, [("Service", "api")] * 2, id="one behind the other"),
        pytest.param(
            f'{{"kind": "List", "apiVersion": "v1", "items": [{SERVICE}, {SERVICE}]}}',
            [("Service", "api")] * 2,
            id="a list",
        ),
        pytest.param('{"kind": {"type": "string"}, "apiVersion": {"type": "string"}}', [], id="a schema of an object"),
        pytest.param('{"definitions": ' + SERVICE + "}", [], id="an object within something else"),
        pytest.param(f"[{SERVICE}]", [], id="a list that is no object"),
        pytest.param(SERVICE.replace('"v1"', "1"), [("Service", "api")], id="a version that is a number"),
    ],
)
def test_objects_are_read_from_json(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(object.kind, object.name) for object in objects_in(File("k.json", text.encode()))] == expected


def test_a_json_object_has_its_place_and_its_text() -> None:
    text = "\n" + SERVICE + "\n" + SERVICE.replace('"api"', '"web"')
    first, second = objects_in(File("k.json", text.encode()))
    assert (first.text, second.namespace) == (SERVICE, "shop")
    assert text[second.where.start : second.where.end] == "web"


DASHBOARDS = (
    "apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    a.json: |\n      {{ x }}\n  kind: ConfigMap\n"
    "  metadata:\n    labels: {app: a}\n    name: first\n- apiVersion: v1\n  data:\n    b: 'c\n  kind: ConfigMap\n"
    "  metadata:\n    name: second\nkind: ConfigMapList\n"
)


@pytest.mark.parametrize(
    ("word", "is_held"), [("one", True), ("two", False), ("é", True), ("", True), ("\ud800", False)]
)
def test_an_object_holds_what_stands_in_its_own_document(word: str, is_held: bool) -> None:
    first, _ = found(
        "apiVersion: v1\nkind: A\nmetadata: {name: one}\nwhat: é\n---\napiVersion: v1\nkind: B\nmetadata: {name: two}\n"
    )
    assert first.holds(word) is is_held


def test_of_data_only_the_metadata_is_read() -> None:
    first, second = found(DASHBOARDS)
    assert (first.kind, first.name, first.labels, first.is_template) == ("ConfigMap", "first", {"app": "a"}, False)
    assert DASHBOARDS[first.where.start : first.where.end] == "first"
    assert second.name == "second"  # though nobody can read its data
    assert second.body.children == []


def test_a_name_that_a_template_gives_makes_data_a_template() -> None:
    (object,) = found("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ x }}-a\ndata:\n  a: b\n")
    assert object.is_template
    assert object.may_be_called("shop-a")


def test_a_document_of_a_chart_may_stand_in_a_condition_that_another_opens(tmp_path: Path) -> None:
    text = "{{- if .Values.on }}\n" + API + "---\n" + API + "{{- end }}\n"
    files = {"c/Chart.yaml": "name: c\n", "c/templates/a.yaml": text + "---\n" + API, "c/templates/b.yaml": API}
    project = Project(Repository(str(repository(tmp_path, files))), Config())
    assert [object.is_template for object in objects(project)] == [True, True, True, False]


def test_positions_are_those_of_the_file() -> None:
    text = f"# first\n---\n{API}"
    (object,) = found(text)
    assert text[object.where.start : object.where.end] == "api"
    assert object.namespace == "shop"
    assert object.labels == {"app": "api"}


def test_of_a_template_only_the_kind_and_the_written_name_are_known() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-api\nspec: {{ x }}\n"
    (object,) = found(text)
    assert object.is_template
    assert object.may_be_called("shop-api")
    assert not object.may_be_called("shop-web")


@pytest.mark.parametrize(
    ("kind", "group", "custom"),
    [
        ("Deployment", "apps", False),
        ("Ingress", "networking.k8s.io", False),
        ("Cluster", "postgresql.cnpg.io", True),
        ("HTTPRoute", "gateway.networking.k8s.io", True),
    ],
    ids=lambda value: str(value),
)
def test_groups_of_others_are_custom(kind: str, group: str, custom: bool) -> None:
    (object,) = found(f"apiVersion: {group}/v1\nkind: {kind}\n")
    assert object.is_custom == custom


@pytest.mark.parametrize(
    ("text", "known"),
    [("api", True), ("${NAME}", False), ("$(NAME)", False), ("{{ x }}", False), ("<name>", False), ("a-b.c", True)],
    ids=lambda value: str(value),
)
def test_variables_and_placeholders_are_not_known(text: str, known: bool) -> None:
    assert is_known(text) == known


@pytest.mark.parametrize(
    ("parts", "name", "expected"),
    [
        (["", "-api"], "shop-api", True),
        (["a-", "-b"], "a-b", False),
        (["a-", "", "-b"], "a-x-b", True),
        (["x", "y", "z"], "xyz", True),
        (["x", "yy", "z"], "xyz", False),
    ],
    ids=lambda value: str(value),
)
def test_a_template_fits_what_it_may_become(parts: list[str], name: str, expected: bool) -> None:
    assert fits(parts, name) == expected


@settings(max_examples=80)
@given(
    st.lists(
        st.sampled_from([API, "---\n", "--- x\n", "kind: A\n", "{{ x }}\n", "a: [\n", "\ud800", "- b\n"]), max_size=8
    )
)
def test_any_text_is_read_without_an_error(parts: list[str]) -> None:
    file = File("k.yaml", "".join(parts).encode("utf-8", "surrogatepass"))
    try:
        for object in objects_in(file):
            assert isinstance(object.name, str)
            assert 0 <= object.where.start <= object.where.end <= len(file.text)
    except Unreadable:
        pass


def test_tests_vendored_files_and_what_is_excluded_are_left_out(tmp_path: Path) -> None:
    files = {"k/a.yaml": API, "tests/b.yaml": API, "vendor/c.yaml": API, "k/d.txt": API}
    project = Project(Repository(str(repository(tmp_path, files))), Config())
    assert [object.path for object in objects(project)] == ["k/a.yaml"]
