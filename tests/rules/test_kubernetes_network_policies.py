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
CILIUM = (
    "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: shop}\n"
    "spec: {endpointSelector: {}}\n---\n"
)
CLUSTERWIDE = CILIUM.replace("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy").replace(", namespace: shop", "")
CALICO = policy("{selector: app == 'api' && tier == \"web\"}").replace("networking.k8s.io", "projectcalico.org")
ISTIO = policy("{action: DENY}").replace(
    "networking.k8s.io/v1\nkind: Network", "security.istio.io/v1\nkind: Authorization"
)
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
    pytest.param(
        workload()
        + policy(
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, {podSelector: {matchLabels: {app: web}}}]}]}"
        ),
        ["13 medium"],
        id="callers that do not exist beside others that do",
    ),
    pytest.param(
        workload() + workload("web", "site") + CILIUM, ["12 medium"], id="a policy of Cilium for another namespace"
    ),
    pytest.param(
        workload() + workload("web", "site") + ISTIO, ["12 medium"], id="a policy of Istio for another namespace"
    ),
    pytest.param(
        workload() + CILIUM.replace("{endpointSelector: {}}", "{endpointSelector: {matchLabels: {k8s:app: apii}}}"),
        ["13 high"],
        id="a policy of Cilium that selects nothing",
    ),
    pytest.param(
        workload()
        + CILIUM.replace("spec: {endpointSelector: {}}", "specs: [{endpointSelector: {matchLabels: {app: web}}}]"),
        ["13 high"],
        id="one of several specifications of Cilium that selects nothing",
    ),
    pytest.param(workload() + CALICO, ["13 high"], id="a policy of Calico that selects nothing"),
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
        {
            "k.yaml": workload()
            + CILIUM.replace("{endpointSelector: {}}", "{endpointSelector: {matchLabels: {any:app: api}}}")
        },
        id="a policy of Cilium that writes where a label comes from",
    ),
    pytest.param(
        {"k.yaml": workload() + CILIUM.replace("selector: {}", "selector: {matchLabels: {reserved:init: ''}}")},
        id="a policy of Cilium for what are no pods",
    ),
    pytest.param({"k.yaml": workload() + workload("web", "site") + CLUSTERWIDE}, id="a policy for the whole cluster"),
    pytest.param(
        {"k.yaml": workload() + CALICO.replace("app == 'api' && tier == \"web\"", "has(app)")},
        id="a selector of Calico that is not understood",
    ),
    pytest.param(
        {"k.yaml": workload() + CALICO.replace(' && tier == "web"', "")},
        id="a policy of Calico for pods that are there",
    ),
    pytest.param(
        {"k.yaml": workload() + workload("web", "site") + ISTIO.replace("namespace: shop", "namespace: istio-system")},
        id="a policy of Istio for the whole mesh",
    ),
    pytest.param(
        {
            "k.yaml": workload() + "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: g}\n"
            "spec: {rules: [{name: deny, generate: {kind: NetworkPolicy}}]}\n"
        },
        id="policies that a policy engine generates",
    ),
    pytest.param({"k.yaml": workload(namespace="kube-system")}, id="a namespace of Kubernetes"),
    pytest.param(
        {
            "base/kustomization.yaml": "resources: [k.yaml]\n",
            "base/k.yaml": workload().replace(", namespace: shop", ""),
            "prod/kustomization.yaml": "namespace: shop\nresources: [../base]\n",
            "policies/kustomization.yaml": "namespace: shop\nresources: [p.yaml]\n",
            "policies/p.yaml": DENY.replace(", namespace: shop", ""),
        },
        id="a namespace that kustomizations say",
    ),
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
    pytest.param(
        {"k.yaml": workload(), "np.tf": 'resource "kubernetes_network_policy" "deny" {}\n'},
        id="policies that Terraform makes",
    ),
    pytest.param(
        {"k.yaml": workload(), "np.jsonnet": "{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }\n"},
        id="policies that Jsonnet makes",
    ),
]


@pytest.mark.parametrize(("manifests", "expected"), FIRES)
def test_fires(manifests: str, expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, {"k8s/all.yaml": manifests})
    assert [f"{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_the_namespace_is_the_one_that_the_kustomization_says(tmp_path: Path) -> None:
    files = {
        "prod/kustomization.yaml": "namespace: live\nresources: [k.yaml]\n",
        "prod/k.yaml": workload(),
        "shop/p.yaml": DENY,
    }
    (finding,) = found(tmp_path, files)
    assert finding.details["namespace"] == "live"


def test_the_fix_says_which_namespace_is_meant(tmp_path: Path) -> None:
    manifests = workload() + workload("web", "site") + policy("{podSelector: {matchLabels: {app: web}}}") + CLUSTERWIDE
    (finding,) = found(tmp_path, {"k.yaml": manifests})
    assert "no pod in the namespace shop has these labels" in finding.message
    assert finding.fix == "move it to the namespace site, where Deployment web is"


def test_a_repository_without_workloads_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"k.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"})
