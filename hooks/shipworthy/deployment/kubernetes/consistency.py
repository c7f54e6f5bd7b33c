"""What a workload says about its own pods: the labels that it selects, and the ports that its probes name.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector ,
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.kubernetes.dangling import OWN_PODS, PROBE_PORT, Dangling
from shipworthy.deployment.kubernetes.objects import blocks, dig, is_known, mapping, scalar
from shipworthy.deployment.kubernetes.pods import LONG_RUNNING, Pods, Selector, plain_selector, selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting

_MUST_SELECT_ITS_OWN = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_EFFECTS = {
    "startupProbe": "its pods are restarted again and again",
    "readinessProbe": "its pods are never ready",
    "livenessProbe": "its pods are restarted again and again",
}


def of_workload(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    """The selector of a workload that its own pods do not match, and probes of ports that have no such name."""
    if not all(scalar(container, "image") for container in pods.all_containers):
        return  # a part of an object, for a patch
    yield from _of_selector(known, pods)
    if pods.object.kind in LONG_RUNNING:
        yield from _of_probes(known, pods)


def _of_selector(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    node = dig(pods.object.body, "spec", "selector")
    wanted = selector(node) if pods.object.kind in _MUST_SELECT_ITS_OWN else plain_selector(node)
    is_of_openshift = pods.object.kind == "DeploymentConfig"
    is_bound = is_of_openshift or (pods.object.kind in _MUST_SELECT_ITS_OWN and not pods.object.is_custom)
    if not is_bound or not isinstance(node, Block):
        return
    if wanted.is_empty or not wanted.is_known or not _has_plain_labels(pods):
        return
    if known.holds_everywhere(pods.object, lambda unit: _is_mismatched(unit, pods, wanted)):
        plain = ",".join(f"{key}={value}" for key, value in sorted(pods.labels.items()))
        yield Dangling(
            OWN_PODS,
            pods.object,
            node,
            f"selects {wanted}, and its own pods have {plain or 'no labels'}: the API server rejects it",
            "make the labels of the template those of the selector",
        )


def _has_plain_labels(pods: Pods) -> bool:
    """Whether all labels of the template are written out: no variable, alias or merge stands for some of them."""
    labels = dig(pods.object.body, "spec", "template", "metadata", "labels")
    if labels is None:
        return True
    return isinstance(labels, Block) and "<<" not in labels.entries() and all(map(is_known, mapping(labels)))


def _is_mismatched(unit: Unit, pods: Pods, wanted: Selector) -> bool:
    if unit.is_open or unit.is_patched(pods.object, "labels", "Labels", "selector"):
        return False
    return not wanted.matches(unit.labels_of(pods))


def _of_probes(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    for container in pods.containers:
        names = [scalar(port, "name") for port in blocks(container, "ports")]
        if not all(map(is_known, names)) or isinstance(dig(container, "ports"), Setting):
            continue
        for probe in _PROBES:
            port = dig(container, probe, "httpGet", "port") or dig(container, probe, "tcpSocket", "port")
            if not isinstance(port, Setting) or not port.value or port.value.isdigit() or not is_known(port.value):
                continue
            if port.value not in names and known.holds_everywhere(
                pods.object, lambda unit: not _is_patched(unit, pods)
            ):
                yield Dangling(
                    PROBE_PORT,
                    pods.object,
                    port,
                    f"has a {probe} of the port {port.value}, and its container {scalar(container, 'name')} names no"
                    f" port so: {_EFFECTS[probe]}",
                    f"add name: {port.value} to the container's port, or write its number",
                )


def _is_patched(unit: Unit, pods: Pods) -> bool:
    return unit.is_open or unit.is_patched(pods.object, "ports", "Port", "Probe", "containers")
