from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kubernetes_manifests import check
from shipworthy.rules.kubernetes_network_policies import check as policies
from shipworthy.rules.kubernetes_references import check as references
from shipworthy.rules.kubernetes_workloads import check as workloads
from support import repository

QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: shop}\n"
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
        {"k8s/base/kustomization.yaml": "resources: []\n", "k8s/prod/kustomization.yaml": "resources: [../base]\n"},
        ["k8s/base/kustomization.yaml:1 blocking"],
        id="a base that lists nothing and an overlay of it",
    ),
    pytest.param(
        {
            "k8s/base/kustomization.yaml": "resources: [ns.yaml]\n",
            "k8s/base/ns.yaml": NAMESPACE + "---\n" + QUOTA,
            "k8s/prod/kustomization.yaml": "resources: [../base]\n",
        },
        ["k8s/base/ns.yaml:1 blocking"],
        id="overlays of a lone namespace",
    ),
    pytest.param(
        {"manifests/base/.gitkeep": "", "manifests/overlays/prod/.gitkeep": ""},
        ["manifests/base/.gitkeep:1 blocking"],
        id="the layout of kustomize in a folder of another name",
    ),
    pytest.param(
        {"manifests/deployment.yaml": "# to be written\n"},
        ["manifests/deployment.yaml:1 blocking"],
        id="a blank manifest in a folder of manifests",
    ),
    pytest.param(
        {**RUNNING, "k8s/redis/.gitkeep": "", "k8s/backup/.gitkeep": ""},
        ["k8s/backup/.gitkeep:1 medium", "k8s/redis/.gitkeep:1 medium"],
        id="topics that are to come",
    ),
    pytest.param(
        {"charts/shop/values.yaml": "# nothing yet\n"}, ["charts/shop/values.yaml:1 blocking"], id="a chart to be"
    ),
    pytest.param(
        {
            "deploy/shop/Chart.yaml": "name: shop\n",
            "deploy/shop/templates/.gitkeep": "",
            "deploy/shop/values.yaml": "a: 1\n",
        },
        ["deploy/shop/Chart.yaml:1 high"],
        id="a chart without a template",
    ),
    pytest.param(
        {**RUNNING, **FIVE}, ["services/stock/package.json:1 blocking"], id="one of five services without a workload"
    ),
    pytest.param(
        {"k8s/all.yaml": deployment("cart") + deployment("mail"), **services("cart", "mail", "pay")},
        ["services/pay/package.json:1 blocking"],
        id="one of three services without a workload",
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
    pytest.param(
        {"k8s/all.yaml": deployment("cart") + deployment("mail"), **services("cart", "mail", "pay", "shop")},
        id="a repository that deploys half of its services in another way",
    ),
    pytest.param({"k8s/all.yaml": deployment("cart"), **FIVE}, id="a repository that deploys most in another way"),
    pytest.param(
        {"k8s/all.yaml": deployment("backend") + deployment("api"), "mail/package.json": PACKAGE}
        | {f"{product}/backend/package.json": PACKAGE for product in "abcd"},
        id="services of several products that all have the name of one workload",
    ),
    pytest.param(
        {
            "k8s/all.yaml": "".join(deployment(n, port=True) for n in "abcd")
            + "".join(map(service, "abc"))
            + service("d").replace("app: d", "app: e")
        },
        id="a Service of the workload's name with a selector that another rule reports",
    ),
    pytest.param(
        {
            "k8s/all.yaml": "".join(deployment(n, port=True) for n in "abcd")
            + "".join(map(service, "abc"))
            + service("d").replace("name: d", "name: front")
        },
        id="a Service of another name",
    ),
    pytest.param({**RUNNING, **FIVE, **CHART}, id="a chart that may deploy the rest"),
    pytest.param({**RUNNING, **services("cart", "mail", "pay", "shop", "seed-demo")}, id="a demonstration"),
    pytest.param(
        {
            "k8s/all.yaml": "".join(deployment(n, port=True) for n in ("a", "b", "c", "mail-worker"))
            + "".join(map(service, "abc"))
        },
        id="a worker that nobody calls",
    ),
    pytest.param(CHART, id="a chart"),
    pytest.param({"helm/Chart.yaml": "name: a\ntype: library\n", "helm/templates/_helpers.tpl": ""}, id="a library"),
    pytest.param(
        {"helm/Chart.yaml": "name: a\ndependencies:\n- name: b\n  repository: oci://example.com\n"},
        id="a chart of charts",
    ),
    pytest.param(
        {"helm/Chart.yaml": "name: a\n", ".gitignore": "helm/templates/\n"},
        id="a chart whose templates a program writes",
    ),
    pytest.param({"helm/Chart.yaml": "name: a\n", "helm/templates": "what a link leads to"}, id="a link to templates"),
    pytest.param({**CHART, "helm/charts/.gitkeep": ""}, id="the folder of a chart's dependencies"),
    pytest.param({**RUNNING, "src/components/charts/.gitkeep": ""}, id="diagrams"),
    pytest.param({**RUNNING, "plots/charts/.gitkeep": ""}, id="more diagrams"),
    pytest.param({**RUNNING, "docs/k8s/.gitkeep": ""}, id="documentation"),
    pytest.param({**RUNNING, "terraform/modules/kubernetes/.gitkeep": ""}, id="a module of Terraform"),
    pytest.param({"k8s/ns.yaml": NAMESPACE, **CHART}, id="a namespace for a chart"),
    pytest.param(
        {
            "k8s/ns.yaml": NAMESPACE,
            "up.sh": "kubectl apply -f k8s\nhelm upgrade --install shop oci://example.com/shop\n",
        },
        id="a namespace for a chart of others",
    ),
    pytest.param(
        {"k8s/ns.yaml": NAMESPACE, "infra/main.tf": 'resource "kubernetes_deployment" "api" {}\n'},
        id="a namespace for what Terraform makes",
    ),
    pytest.param({"k8s/main.jsonnet": "{ apiVersion: 'v1' }\n", "k8s/ns.yaml": NAMESPACE}, id="Jsonnet"),
    pytest.param(
        {**FIVE, **RUNNING, "infra/main.tf": 'resource "kubernetes_deployment" "stock" {}\n'},
        id="a fifth service, where Terraform makes workloads as well",
    ),
    pytest.param(
        {**FIVE, **RUNNING, "infra/main.jsonnet": "{ apiVersion: 'apps/v1' }\n"},
        id="a fifth service, where Jsonnet makes objects as well",
    ),
    pytest.param(
        {**FIVE, **RUNNING, "infra/cdk8s.yaml": "language: python\n"},
        id="a fifth service, where cdk8s makes objects as well",
    ),
    pytest.param(
        {
            "k8s/all.yaml": "".join(deployment(name, port=True) for name in ("cart", "mail", "pay", "shop")),
            "k8s/services.yaml": "".join(service(name) for name in ("cart", "mail", "pay")),
            "infra/main.tf": 'resource "kubernetes_service" "shop" {}\n',
        },
        id="a workload without a Service, where Terraform makes one",
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


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param(
            {"Chart.yaml": "name: a\n", "templates/a.yaml": "{{ x }}\n"},
            "unknown: what Helm makes of Chart.yaml",
            id="Helm",
        ),
        pytest.param({"a.jsonnet": "{ apiVersion: 'v1' }\n"}, "unknown: what Jsonnet makes of a.jsonnet", id="Jsonnet"),
        pytest.param({"cdk8s.yaml": "language: typescript\n"}, "unknown: what cdk8s makes of cdk8s.yaml", id="cdk8s"),
        pytest.param(
            {"i/Pulumi.yaml": "name: i\n", "i/package.json": '{"dependencies": {"@pulumi/kubernetes": "4"}}\n'},
            "unknown: what Pulumi makes of i/Pulumi.yaml",
            id="Pulumi",
        ),
        pytest.param(
            {"m.tf": 'resource "helm_release" "a" {}\n'}, "unknown: what Terraform makes of m.tf", id="Terraform"
        ),
    ],
)
@pytest.mark.parametrize(
    "judge", [check, references, workloads, policies], ids=["manifests", "references", "workloads", "policies"]
)
def test_what_others_make_is_said_to_be_unknown(
    judge: Callable[[Project], Iterator[Finding]], files: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(NotApplicable, match=said):
        list(judge(Project(Repository(str(repository(tmp_path, files))), Config())))


@pytest.mark.parametrize("file", [{"Pulumi.yaml": "name: i\nruntime: yaml\n"}, {"m.tf": 'resource "aws_vpc" "a" {}\n'}])
def test_programs_for_other_clouds_say_nothing(file: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NotApplicable) as raised:
        found(tmp_path, file)
    assert str(raised.value) == "no manifest and no folder says that Kubernetes runs this repository"


def test_other_targets_that_are_stated_need_no_workloads(tmp_path: Path) -> None:
    repository(tmp_path, {**RUNNING, **FIVE})
    config = Config()
    config.deploys = ("compose",)
    assert list(check(Project(Repository(str(tmp_path)), config))) == []
