from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.deployment.kubernetes import Workload, workloads
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  labels: {app: api}
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: "acme/api:1"
          ports:
            - containerPort: 80
        - image: acme/proxy:2
"""


def found(directory: Path, files: dict[str, str]) -> list[Workload]:
    return workloads(Project(Repository(str(repository(directory, files))), Config()))


def test_a_workload_with_its_images(tmp_path: Path) -> None:
    (workload,) = found(tmp_path, {"any/folder.yaml": "# first\n---\n" + DEPLOYMENT})
    assert (workload.kind, workload.name, workload.line, workload.listens) == ("Deployment", "api", 4, True)
    assert workload.images == [("acme/api:1", 13), ("acme/proxy:2", 16)]


def test_a_workload_in_braces(tmp_path: Path) -> None:
    pod = "{containers: [{name: api, image: 'acme/api:1'}, {image: acme/proxy:2, name: proxy}]}"
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {labels: none, name: api}\nspec: {template: {spec: %s}}\n"
    (workload,) = found(tmp_path, {"api.yaml": text % pod})
    assert (workload.name, workload.images) == ("api", [("acme/api:1", 4), ("acme/proxy:2", 4)])


def test_a_workload_in_json(tmp_path: Path) -> None:
    text = """{"apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": {"name": "api"},
      "spec": {"template": {"spec": {"containers": [
        {"name": "api", "image": "acme/api:1", "ports": [{"containerPort": 80}]}]}}}}"""
    (workload,) = found(tmp_path, {"deploy/api.json": text, "deploy/b.json": '{"kind": "apiVersion", "image": "x"'})
    assert (workload.kind, workload.name, workload.line, workload.listens) == ("Deployment", "api", 2, True)
    assert workload.images == [("acme/api:1", 4)]


@pytest.mark.parametrize(
    ("path", "text", "kinds"),
    [
        pytest.param("k.yaml", DEPLOYMENT + "---\n" + DEPLOYMENT, ["Deployment", "Deployment"], id="two documents"),
        pytest.param(
            "k.yaml", DEPLOYMENT.replace('"acme/api:1"', '"{{ .Values.image }}"'), ["Deployment"], id="a template"
        ),
        pytest.param(
            "k.yaml",
            DEPLOYMENT.replace("apps/v1", "serving.knative.dev/v1").replace("kind: Deployment", "kind: Service"),
            ["Service"],
            id="a service of Knative",
        ),
        pytest.param(
            "k.yaml", DEPLOYMENT.replace("kind: Deployment", "kind: Service"), [], id="a Service of Kubernetes"
        ),
        pytest.param("k.yaml", "kind: Deployment\nimage: x\n", [], id="no apiVersion"),
        pytest.param("tests/k.yaml", DEPLOYMENT, [], id="a manifest for tests"),
        pytest.param("k.txt", DEPLOYMENT, [], id="another file type"),
    ],
)
def test_workloads_are_known_by_their_content(tmp_path: Path, path: str, text: str, kinds: list[str]) -> None:
    assert [workload.kind for workload in found(tmp_path, {path: text})] == kinds


def test_the_values_of_a_chart_name_images(tmp_path: Path) -> None:
    files = {"chart/Chart.yaml": "name: shop\n", "chart/values.yaml": "image:\n  repository: acme/api\n  tag: 1\n"}
    (workload,) = found(tmp_path, files)
    assert (workload.kind, workload.images) == ("Chart", [("acme/api", 2)])
