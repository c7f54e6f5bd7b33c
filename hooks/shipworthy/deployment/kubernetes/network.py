"""What network policies leave open, and what they cut off without meaning to.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from shipworthy.deployment.kubernetes.objects import Object, Value, blocks, dig, items, scalar
from shipworthy.deployment.kubernetes.pods import LONG_RUNNING, Pods, Selector, selector
from shipworthy.deployment.kubernetes.policies import POLICY_KINDS, covered, of_kubernetes, subjects
from shipworthy.deployment.kubernetes.selection import remedy, selects_nothing
from shipworthy.deployment.kubernetes.units import Cluster, Unit, cluster
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_DNS = 53


SUBJECT = "subject"
CALLER = "caller"
CALLED = "called"


class Unused(NamedTuple):
    """A selector of a policy that chooses no pod: ``of`` whom it is for, who may call, or who may be called.

    ``is_alone`` tells that its rule names no other peer. ``namespace`` is the policy's, ``remedy`` what to do about it.
    """

    policy: Object
    node: Setting | Block
    wanted: Selector
    of: str
    is_alone: bool
    namespace: str
    remedy: str


class Open(NamedTuple):
    """A namespace without any policy, "" where none is said. ``first`` is one of its ``workloads``, so many."""

    namespace: str
    first: Object
    workloads: int


def open_namespaces(project: Project) -> Iterator[Open]:
    """The namespaces with workloads and without a policy."""
    known = project.model(cluster)
    closed = covered(known)
    if closed is None:
        return
    found: dict[str, list[Object]] = {}
    for pods in known.pods:
        if _counts(known, pods):
            found.setdefault(known.namespace_of(pods.object), []).append(pods.object)
    for namespace, workloads in sorted(found.items()):
        if namespace not in closed and (namespace or not closed) and not namespace.startswith("kube-"):
            yield Open(namespace, workloads[0], len(workloads))


def _counts(known: Cluster, pods: Pods) -> bool:
    object = pods.object
    if (
        object.kind not in LONG_RUNNING
        or not pods.is_whole
        or not known.is_judged(object)
        or scalar(pods.spec, "hostNetwork") == "true"
    ):
        return False
    units = known.units_of(object)
    return bool(units) and not any(unit.is_open for unit in units)


def unused_policies(project: Project) -> Iterator[Unused]:
    """The policies, and the peers in them, that choose no pod."""
    known = project.model(cluster)
    unused = set()
    for policy, node, wanted in subjects(known):
        if selects_nothing(known, policy, wanted):
            unused.add(id(policy))
            yield _unused(known, policy, node, wanted, SUBJECT, is_alone=True)
    for policy in of_kubernetes(known):
        if id(policy) in unused:
            continue
        for rule in blocks(policy.body, "spec", "ingress"):
            yield from _unused_peers(known, policy, blocks(rule, "from"), CALLER)
        for rule in blocks(policy.body, "spec", "egress"):
            called = blocks(rule, "to")
            found = list(_unused_peers(known, policy, called, CALLED))
            if len(found) == len(called):  # with another peer beside, the rule still lets calls out
                yield from found


def _unused(
    known: Cluster, policy: Object, node: Setting | Block, wanted: Selector, of: str, *, is_alone: bool
) -> Unused:
    namespace = known.namespace_of(policy)
    return Unused(policy, node, wanted, of, is_alone, namespace, remedy(known, wanted, namespace))


def _unused_peers(known: Cluster, policy: Object, peers: list[Block], of: str) -> Iterator[Unused]:
    for peer in peers:
        node = dig(peer, "podSelector")
        wanted = selector(node)
        if peer.get("namespaceSelector") is not None or not isinstance(node, Block) or wanted.is_empty:
            continue
        if selects_nothing(known, policy, wanted):
            yield _unused(known, policy, node, wanted, of, is_alone=len(peers) == 1)


def without_names(project: Project) -> Iterator[Object]:
    """The policies that deny egress, DNS included, to pods that need to look names up."""
    known = project.model(cluster)
    for policy in of_kubernetes(known):
        is_strict = _denies_egress(policy) and _needs_names(policy)
        if is_strict and known.holds_everywhere(policy, partial(_lacks_dns, policy=policy)):
            yield policy


def _denies_egress(policy: Object) -> bool:
    types = [item.value for item in items(policy.body, "spec", "policyTypes") if isinstance(item, Setting)]
    return "Egress" in types or (not types and bool(blocks(policy.body, "spec", "egress")))


def _needs_names(policy: Object) -> bool:
    """Whether it denies everything to all pods, or lets pods call others that they know by their names."""
    if selector(dig(policy.body, "spec", "podSelector")).is_empty:
        return True
    rules = blocks(policy.body, "spec", "egress")
    return any(peer.get("podSelector") is not None for rule in rules for peer in blocks(rule, "to"))


def _lacks_dns(unit: Unit, policy: Object) -> bool:
    if unit.is_open or unit.is_patched(policy, "egress", "policyTypes"):
        return False
    chosen = selector(dig(policy.body, "spec", "podSelector"))
    namespace = unit.cluster.namespace_of(policy)
    for other in unit.of_kind(*POLICY_KINDS):
        if other.is_template or other.is_custom:
            return False
        if not unit.shares_namespace(other, namespace):
            continue
        theirs = selector(dig(other.body, "spec", "podSelector"))
        is_for_same = chosen.is_empty or theirs.is_empty or theirs.matches(chosen.labels)
        if is_for_same and any(_allows_dns(rule) for rule in items(other.body, "spec", "egress")):
            return False
    return True


def _allows_dns(rule: Value) -> bool:
    """Whether an egress rule lets port 53 through; without ports it lets all of them."""
    ports = blocks(rule, "ports")
    return not ports or any(_includes_dns(port) for port in ports)


def _includes_dns(port: Block) -> bool:
    first, last = scalar(port, "port"), scalar(port, "endPort")
    if not first:
        return True
    if not first.isdecimal() or len(first) > 5:
        return True  # a name, or a variable
    return int(first) in (_DNS, 5353) or (last.isdecimal() and len(last) <= 5 and int(first) <= _DNS <= int(last))
