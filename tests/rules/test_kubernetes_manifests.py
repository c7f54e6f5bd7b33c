from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kubernetes_manifests import check
from support import repository

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
PACKAGE = '{"dependencies": {"express": "5"}, "scripts": {"start": "node main.js"}}\n'
CHART = {
    "helm/Chart.yaml": "name: shop\n",
    "helm/templates/a.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ x }}\n",
}


def deployment(name: str, *, port: bool = False, kind: str = "Deployment") -> str:
    ports = "          ports: [{containerPort: 80}]\n" if port else ""
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec:\n      containers:\n        - name: {name}\n          image: example.com/{name}:1.4.2\n{ports}---\n"
    )


def service(name: str) -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}}}\n---\n"


def services(*names: str) -> dict[str, str]:
    return {f"services/{name}/package.json": PACKAGE for name in names}


FIVE = services("cart", "mail", "pay", "shop", "stock")
RUNNING = {"k8s/all.yaml": "".join(deployment(name) for name in ("cart", "mail", "pay", "shop"))}


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    return list(check(Project(Repository(str(repository(directory, files))), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {"k8s/base/.gitkeep": "", "k8s/README.md": "# k8s\n"}, ["k8s/base/.gitkeep:1 blocking"], id="placeholders"
    ),
    pytest.param(
        {"deploy/kubernetes/api.yaml": "# the API\n---\n", "deploy/kubernetes/.gitkeep": ""},
        ["deploy/kubernetes/api.yaml:1 blocking"],
        id="manifests of comments alone",
    ),
    pytest.param({"k8s/ns.yaml": NAMESPACE, "k8s/api/.gitkeep": ""}, ["k8s/ns.yaml:1 blocking"], id="a lone namespace"),
    pytest.param(
        {**RUNNING, "k8s/overlays/production/.gitkeep": ""},
        ["k8s/overlays/production/.gitkeep:1 high"],
        id="an overlay of placeholders beside what is filled",
    ),
    pytest.param({**RUNNING, "k8s/ingress.yaml": "\n"}, ["k8s/ingress.yaml:1 high"], id="a blank manifest"),
    pytest.param(
        {**RUNNING, "k8s/ingress.yaml": "# TODO: write it\n"},
        ["k8s/ingress.yaml:1 medium"],
        id="a manifest to be written",
    ),
    pytest.param(
        {"k8s/kustomization.yaml": "kind: Kustomization\nnamespace: shop\n", **RUNNING},
        ["k8s/kustomization.yaml:1 high"],
        id="a kustomization that names nothing",
    ),
    pytest.param(
        {**RUNNING, **FIVE}, ["services/stock/package.json:1 blocking"], id="one of five services without a workload"
    ),
    pytest.param(
        {"k8s/all.yaml": "".join(deployment(n, port=True) for n in "abcd") + "".join(map(service, "abc"))},
        ["k8s/all.yaml:46 high"],
        id="one of four workloads without a Service",
    ),
]

SILENT = [
    pytest.param(RUNNING, id="workloads"),
    pytest.param({"k8s/README.md": "# see the other repository\n", **RUNNING}, id="a document"),
    pytest.param({"k8s/a.yaml": "# switched off\n", **RUNNING}, id="comments that promise nothing"),
    pytest.param({"tests/k8s/.gitkeep": "", **RUNNING}, id="a folder for tests"),
    pytest.param({"k8s/charts/.gitkeep": "", **RUNNING}, id="a folder that a program fills"),
    pytest.param({"k8s/x/kustomization.yaml": "kind: Component\n", **RUNNING}, id="a component of patches"),
    pytest.param({**RUNNING, **services("cart", "mail", "pay", "shop")}, id="a workload for each service"),
    pytest.param({"k8s/all.yaml": deployment("cart"), **FIVE}, id="a repository that deploys most in another way"),
    pytest.param({**RUNNING, **FIVE, **CHART}, id="a chart that may deploy the rest"),
    pytest.param({**RUNNING, **services("cart", "mail", "pay", "shop", "seed-demo")}, id="a demonstration"),
    pytest.param(
        {
            "k8s/all.yaml": "".join(deployment(n, port=True) for n in ("a", "b", "c", "mail-worker"))
            + "".join(map(service, "abc"))
        },
        id="a worker that nobody calls",
    ),
    pytest.param(
        {"helm/Chart.yaml": "name: a\n", "helm/templates/_helpers.tpl": "", "helm/values.yaml": ""}, id="a chart"
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_a_service_that_only_compose_runs_is_one_class_lower(tmp_path: Path) -> None:
    compose = "services:\n  stock:\n    build: services/stock\n"
    files = {**RUNNING, **FIVE, "compose.prod.yaml": compose, "services/stock/Dockerfile": "FROM node:22\n"}
    (finding,) = found(tmp_path, files)
    assert finding.severity == "high"
    assert "only Compose" in finding.message


def test_a_repository_without_kubernetes_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"main.py": "print(1)\n"})


def test_other_targets_that_are_stated_need_no_workloads(tmp_path: Path) -> None:
    repository(tmp_path, {**RUNNING, **FIVE})
    config = Config()
    config.deploys = ("compose",)
    assert list(check(Project(Repository(str(tmp_path)), config))) == []
