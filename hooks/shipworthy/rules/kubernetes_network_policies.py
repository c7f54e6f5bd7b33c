"""Namespaces with workloads have network policies, and every policy selects something.

Without a policy every pod of the cluster reaches every other one: the web server the database of another team, a
hijacked job everything. A policy whose selector is misspelled protects nothing and looks as if it did, and one that
denies egress without letting DNS through cuts off everything that pods call by a name.

Wrong::

    # k8s/api.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers: [{name: api, image: "registry.example.com/api:1.4.2"}]
    # k8s/network-policy.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: api}
    spec:
      podSelector:
        matchLabels: {app: apii}

Right::

    # k8s/api.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers: [{name: api, image: "registry.example.com/api:1.4.2"}]
    # k8s/network-policy.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: api}
    spec:
      podSelector:
        matchLabels: {app: api}
      policyTypes: [Ingress]
      ingress:
        - from:
            - namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: ingress}

Policies of Cilium, Calico and Istio count for their namespaces, cluster-wide ones for all of them, and so do those of
charts and programs, of which nobody can say more. Namespaces of Kubernetes itself are left alone. A namespace without
a policy is ``medium``, and so is a caller or a called one that no pod is.

When not to use it: the cluster's own baseline, kept elsewhere, isolates namespaces.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.kubernetes.network import Unused
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "kubernetes-network-policies",
    "Network policies exist, and select something",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """Findings for open namespaces, for selectors that choose nothing, and for egress without DNS."""
    from shipworthy.deployment.kubernetes.network import open_namespaces, unused_policies, without_names
    from shipworthy.deployment.kubernetes.policies import POLICY_KINDS
    from shipworthy.deployment.kubernetes.units import cluster
    from shipworthy.deployment.kubernetes.unseen import unknown

    known = project.model(cluster)
    if not known.pods and not any(True for _ in known.judged(*POLICY_KINDS)):
        raise NotApplicable(f"no manifest describes a workload or a network policy{unknown(project)}")
    yield from map(_unused, unused_policies(project))
    for policy in without_names(project):
        yield RULE.finding(
            policy.file,
            policy.where,
            f"NetworkPolicy {policy.name} denies egress and nothing lets port 53 through: its pods can look up no name",
            fix="add an egress rule for port 53, UDP and TCP, to the cluster's DNS",
        )
    for namespace in open_namespaces(project):
        where = f"the namespace {namespace.namespace}" if namespace.namespace else "the namespace of the manifests"
        yield RULE.finding(
            namespace.first.file,
            namespace.first.where,
            f"{where} has {namespace.workloads} workload{'s' * (namespace.workloads != 1)} and no NetworkPolicy:"
            " every pod of the cluster reaches every port of them",
            fix="add a NetworkPolicy that denies ingress by default, and one for each call that is meant",
            severity=MEDIUM,
            details={"namespace": namespace.namespace},
        )


def _unused(unused: Unused) -> Finding:
    from shipworthy.deployment.kubernetes.dangling import no_pod
    from shipworthy.deployment.kubernetes.network import CALLER, SUBJECT

    policy = unused.policy
    if unused.of == SUBJECT:
        what, effect, fix = "is for", "it protects nothing", unused.remedy
    elif unused.of == CALLER:
        what, effect = "lets in", "nobody may call" if unused.is_alone else "this item of the list lets nobody in"
        fix = "add the namespaceSelector of the namespace that the pods are in, to the same item of the list"
    else:
        what, effect = "lets out to", "they call nobody by this rule"
        fix = "add the namespaceSelector of the namespace that the pods are in, to the same item of the list"
    return RULE.finding(
        policy.file,
        unused.node,
        f"{policy.kind} {policy.name} {what} pods with {unused.wanted}, and {no_pod(unused.namespace)}: {effect}",
        fix=fix if unused.of == SUBJECT else f"{fix}, or {unused.remedy}",
        severity=HIGH if unused.of == SUBJECT else MEDIUM,
    )


main = executable(RULE, check)
