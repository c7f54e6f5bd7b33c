from __future__ import annotations

import pytest

from shipworthy.deployment.kubernetes.objects import dig, objects_in
from shipworthy.deployment.kubernetes.pods import Selector, pods_of, selector
from shipworthy.file import File


def body(text: str) -> File:
    return File("k.yaml", text.encode())


@pytest.mark.parametrize(
    ("head", "indentation"),
    [
        pytest.param("apiVersion: v1\nkind: Pod\n", 0, id="a pod"),
        pytest.param("apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n", 4, id="a Deployment"),
        pytest.param(
            "apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n",
            8,
            id="a CronJob",
        ),
        pytest.param(
            "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec:\n  template:\n", 4, id="a custom resource"
        ),
    ],
)
def test_pods_of_all_kinds(head: str, indentation: int) -> None:
    space = " " * indentation
    text = f"{head}{space}metadata: {{labels: {{app: api}}}}\n{space}spec:\n{space}  containers: [{{name: a, ports: [{{containerPort: 80}}]}}]\n"
    (object,) = objects_in(body(text))
    pods = pods_of(object)
    assert pods is not None
    assert pods.labels == {"app": "api"}
    assert len(pods.ports) == 1


def test_what_shows_no_template_has_no_pods() -> None:
    (object,) = objects_in(body("apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec: {instances: 3}\n"))
    assert pods_of(object) is None


@pytest.mark.parametrize(
    ("written", "labels", "expected"),
    [
        ("{matchLabels: {a: x}}", {"a": "x", "b": "y"}, True),
        ("{matchLabels: {a: x}}", {"b": "x"}, False),
        ("{matchExpressions: [{key: a, operator: In, values: [x, y]}]}", {"a": "y"}, True),
        ("{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", {"a": "x"}, False),
        ("{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", {}, True),
        ("{matchExpressions: [{key: a, operator: Exists}]}", {}, False),
        ("{matchExpressions: [{key: a, operator: DoesNotExist}]}", {}, True),
        ("{}", {"a": "x"}, True),
        ("{matchLabels: {a: x}}", {"a": "${A}"}, True),
    ],
    ids=lambda value: str(value),
)
def test_selectors_choose_by_labels_and_expressions(written: str, labels: dict[str, str], expected: bool) -> None:
    (object,) = objects_in(body(f"apiVersion: v1\nkind: X\nselector: {written}\n"))
    assert selector(dig(object.body, "selector")).matches(labels) == expected


def test_a_selector_is_written_as_kubectl_writes_it() -> None:
    assert str(Selector({"a": "x"}, [("b", "In", ["y", "z"])])) == "a=x,b In (y,z)"
