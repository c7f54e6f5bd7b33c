from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kubernetes_network_policies import check
from support import repository


def workload(name: str = "api", namespace: str = "shop") -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec:\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec: {{containers: [{{name: {name}, image: 'example.com/{name}:1'}}]}}\n---\n"
    )


def policy(spec: str, name: str = "p", namespace: str = "shop") -> str:
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {spec}\n---\n"
    )


DENY = policy("{podSelector: {}, policyTypes: [Ingress]}")
DENY_ALL = policy("{podSelector: {}, policyTypes: [Ingress, Egress]}")
DNS = "egress: [{ports: [{port: 53, protocol: UDP}]}]"
CILIUM = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\nspec: {endpointSelector: {}}\n---\n"
TO_DNS = "{podSelector: {matchLabels: {k8s-app: kube-dns}}}"


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    return list(check(Project(Repository(str(repository(directory, files))), Config())))


# manifests, each finding as ``line severity``
FIRES = [
    pytest.param(workload(), ["3 medium"], id="a namespace without a policy"),
    pytest.param(
        workload() + workload("web", "site") + DENY, ["12 medium"], id="one of two namespaces without a policy"
    ),
    pytest.param(
        workload() + policy("{podSelector: {matchLabels: {app: apii}}}"),
        ["13 high"],
        id="a policy that selects nothing",
    ),
    pytest.param(
        workload() + policy("{podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}"),
        ["13 high"],
        id="an expression that selects nothing",
    ),
    pytest.param(
        workload() + policy("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}"),
        ["13 medium"],
        id="callers that do not exist",
    ),
    pytest.param(
        workload()
        + policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{TO_DNS}], ports: [{{port: 53}}]}}]}}"),
        ["13 medium"],
        id="egress to the DNS of the cluster as if it were in the same namespace",
    ),
    pytest.param(workload() + DENY_ALL, ["12 high"], id="egress denied, and no policy lets DNS through"),
    pytest.param(
        workload()
        + workload("db")
        + policy(
            "{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels:"
            " {app: db}}}], ports: [{port: 5432}]}]}"
        ),
        ["21 high"],
        id="egress to another pod, but not to DNS",
    ),
]

SILENT = [
    pytest.param({"k.yaml": workload() + DENY}, id="a default that denies ingress"),
    pytest.param({"k.yaml": workload() + CILIUM}, id="a policy of Cilium"),
    pytest.param(
        {"k.yaml": workload() + DENY.replace(", namespace: shop", "")},
        id="a policy whose namespace whoever applies it says",
    ),
    pytest.param(
        {"k.yaml": workload() + DENY_ALL + policy(f"{{podSelector: {{}}, policyTypes: [Egress], {DNS}}}", "dns")},
        id="DNS in a policy of its own",
    ),
    pytest.param(
        {"k.yaml": workload() + policy("{podSelector: {}, policyTypes: [Egress], egress: [{}]}")}, id="all egress"
    ),
    pytest.param(
        {
            "k.yaml": workload("db")
            + policy("{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: []}")
        },
        id="a database that calls nobody",
    ),
    pytest.param(
        {
            "k.yaml": workload()
            + policy(
                "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: x}}, namespaceSelector: {}}]}]}"
            )
        },
        id="callers in other namespaces",
    ),
    pytest.param(
        {
            "k.yaml": workload()
            + policy(f"{{podSelector: {{}}, egress: [{{to: [{{namespaceSelector: {{}}}}, {TO_DNS}]}}]}}")
        },
        id="egress to pods of no name beside a namespace that they are in",
    ),
    pytest.param(
        {
            "k.yaml": workload(),
            "chart/Chart.yaml": "name: a\n",
            "chart/templates/p.yaml": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: {{ .n }}}\n",
        },
        id="a policy of a chart",
    ),
    pytest.param({"tests/k.yaml": workload(), "k.yaml": workload() + DENY}, id="a manifest for tests"),
]


@pytest.mark.parametrize(("manifests", "expected"), FIRES)
def test_fires(manifests: str, expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, {"k8s/all.yaml": manifests})
    assert [f"{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_a_repository_without_workloads_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"k.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"})
