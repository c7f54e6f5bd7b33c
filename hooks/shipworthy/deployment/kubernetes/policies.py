"""Network policies of Kubernetes, Cilium, Calico and Istio: what they are for, and which namespaces have one.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ ,
https://docs.cilium.io/en/stable/network/kubernetes/policy/ ,
https://docs.tigera.io/calico/latest/reference/resources/networkpolicy
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known
from shipworthy.deployment.kubernetes.pods import Selector, selector
from shipworthy.deployment.kubernetes.units import Cluster
from shipworthy.deployment.kubernetes.unseen import unseen
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT, PRODUCTION

IN_NAMESPACES = ("NetworkPolicy", "CiliumNetworkPolicy", "AuthorizationPolicy")
OF_ALL_NAMESPACES = (
    "GlobalNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "ClusterNetworkPolicy",
)
POLICY_KINDS = IN_NAMESPACES + OF_ALL_NAMESPACES
_OF_THE_MESH = "istio-system"
"""A policy of Istio in its own namespace is for all of them."""
_CALICO = lazy(r"\s*(?P<key>[\w./-]+)\s*==\s*(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\")\s*")
_NO_PROGRAM = (".yaml", ".yml", ".json", ".md")
_SOURCES = ("k8s:", "any:")
"""What Cilium writes before a label of a pod."""


def of_kubernetes(known: Cluster) -> list[Object]:
    """The policies of Kubernetes itself that production gets."""
    return [object for object in known.judged("NetworkPolicy") if object.group == "networking.k8s.io"]


def covered(known: Cluster) -> frozenset[str] | None:
    """The namespaces that have a policy; None where any may have one."""
    found: set[str] = set()
    for kind in POLICY_KINDS:
        for policy in known.by_kind.get(kind, ()):
            namespace = known.namespace_of(policy)
            is_of_mesh = kind == "AuthorizationPolicy" and namespace == _OF_THE_MESH
            if policy.is_template or kind in OF_ALL_NAMESPACES or is_of_mesh or not namespace:
                return None
            found.add(namespace)
    if any(object.holds("NetworkPolicy") for object in known.custom if object.kind not in POLICY_KINDS):
        return None  # a policy engine generates them
    if known.project.model(unseen) and any(
        not path.endswith(_NO_PROGRAM) and known.project.place_of(path) in (PRODUCTION, DEVELOPMENT)
        for path in known.project.repository.containing("NetworkPolicy\nnetwork_policy")
    ):
        return None  # a program makes them
    return frozenset(found)


def subjects(known: Cluster) -> Iterator[tuple[Object, Setting | Block, Selector]]:
    """The selectors that say whom policies are for, those that are understood and choose among pods."""
    for policy in known.judged("NetworkPolicy", "CiliumNetworkPolicy"):
        for node in _subjects(policy):
            wanted = _selector(policy, node)
            if isinstance(node, Setting | Block) and wanted is not None and not wanted.is_empty:
                yield policy, node, wanted


def _subjects(policy: Object) -> Iterator[Setting | Block | None]:
    if policy.group == "networking.k8s.io":
        yield dig(policy.body, "spec", "podSelector")
    elif policy.group == "cilium.io":
        yield dig(policy.body, "spec", "endpointSelector")
        yield from (specification.get("endpointSelector") for specification in blocks(policy.body, "specs"))
    elif policy.group.endswith("projectcalico.org"):
        yield dig(policy.body, "spec", "selector")


def _selector(policy: Object, node: Setting | Block | None) -> Selector | None:
    """The selector in the words of Kubernetes; None where it cannot be said in them."""
    if isinstance(node, Setting):
        return _of_calico(node.value)
    wanted = selector(node)
    if policy.group != "cilium.io":
        return wanted
    labels = {_plain(key): value for key, value in wanted.labels.items()}
    keys = [*labels, *(_plain(key) for key, _, _ in wanted.expressions)]
    if any(":" in key or key.startswith(("io.cilium", "io.kubernetes.pod")) for key in keys):
        return None
    return Selector(labels, [(_plain(key), operator, values) for key, operator, values in wanted.expressions])


def _plain(key: str) -> str:
    for source in _SOURCES:
        key = key.removeprefix(source)
    return key


def _of_calico(written: str) -> Selector | None:
    """``app == 'api' && tier == 'web'``; every other expression is not understood."""
    labels = {}
    for part in written.split("&&"):
        found = _CALICO.fullmatch(part)
        if found is None or not is_known(part):
            return None
        labels[found["key"]] = found["single"] or found["double"] or ""
    return Selector(labels, [])
