"""What autoscalers and disruption budgets are about.

Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shipworthy.deployment.kubernetes.dangling import (
    BUDGET_PODS,
    SCALE_REPLICAS,
    SCALE_REQUESTS,
    SCALE_TARGET,
    Dangling,
    absent,
    existing,
    is_missing,
    no_pod,
)
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, scalar
from shipworthy.deployment.kubernetes.pods import Pods, selector
from shipworthy.deployment.kubernetes.selection import remedy, selects_nothing
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting

_SCALABLE = ("Deployment", "StatefulSet", "ReplicaSet", "Rollout", "ReplicationController")


def of_autoscaler(known: Cluster, scaler: Object) -> Iterator[Dangling]:
    """What an autoscaler scales, and what it measures it by."""
    target = dig(scaler.body, "spec", "scaleTargetRef")
    name, kind = dig(target, "name"), scalar(target, "kind")
    if not isinstance(name, Setting) or not is_known(kind):
        return
    if kind not in _SCALABLE:
        return
    if is_missing(known, scaler, name.value, known.namespace_of(scaler), kind):
        yield _of_nothing(known, scaler, kind, name)
        return
    scaled = _scaled(known, scaler, kind, name.value)
    for metric, node in _resource_metrics(scaler.body):
        if scaled and known.holds_everywhere(scaler, partial(_lacks_request, scaled=scaled, metric=metric)):
            yield Dangling(
                SCALE_REQUESTS,
                scaler,
                node,
                f"scales the {kind} {name.value} by its use of {metric}, and its containers request none",
                f"add resources.requests.{metric} to the containers of {name.value}",
            )
    for pods in scaled[:1] if scaler is _first_scaler(known, kind, name.value) else ():
        replicas = dig(pods.object.body, "spec", "replicas")
        if isinstance(replicas, Setting) and known.is_judged(pods.object) and replicas.value not in ("0", ""):
            yield Dangling(
                SCALE_REPLICAS,
                pods.object,
                replicas,
                f"sets its replicas, and the {scaler.kind} {scaler.name} scales it: each deployment undoes that",
                "remove replicas; the minimum stands in the autoscaler",
            )


def of_scaled_object(known: Cluster, scaler: Object) -> Iterator[Dangling]:
    """What KEDA scales; a Deployment where no kind is said."""
    target = dig(scaler.body, "spec", "scaleTargetRef")
    name, kind = dig(target, "name"), scalar(target, "kind") or "Deployment"
    if not isinstance(name, Setting) or kind not in _SCALABLE or not scaler.group.endswith("keda.sh"):
        return
    if is_missing(known, scaler, name.value, known.namespace_of(scaler), kind):
        yield _of_nothing(known, scaler, kind, name)


def _of_nothing(known: Cluster, scaler: Object, kind: str, name: Setting) -> Dangling:
    return Dangling(
        SCALE_TARGET,
        scaler,
        name,
        f"scales the {kind} {name.value}, which {absent(known.namespace_of(scaler))}: it never scales anything",
        f"name an existing {kind}{existing(known, kind)}",
    )


def _scaled(known: Cluster, scaler: Object, kind: str, name: str) -> list[Pods]:
    """The pods that an autoscaler scales: those in its folder where there are some of that name."""
    namespace = known.namespace_of(scaler)
    found = [
        pods
        for pods in known.pods
        if pods.is_whole
        and (pods.object.kind, pods.object.name) == (kind, name)
        and (not namespace or known.namespace_of(pods.object) in ("", namespace))
    ]
    beside = [pods for pods in found if pods.object.file.directory == scaler.file.directory]
    return beside or found


def _first_scaler(known: Cluster, kind: str, name: str) -> Object | None:
    """The first autoscaler of a workload: several say the same about its replicas."""
    for scaler in known.judged("HorizontalPodAutoscaler"):
        target = dig(scaler.body, "spec", "scaleTargetRef")
        if (scalar(target, "kind"), scalar(target, "name")) == (kind, name):
            return scaler
    return None


def _resource_metrics(body: Block) -> Iterator[tuple[str, Setting | Block]]:
    """The resources by whose utilization an autoscaler scales."""
    node = dig(body, "spec", "targetCPUUtilizationPercentage")
    if isinstance(node, Setting):
        yield "cpu", node
    for metric in blocks(body, "spec", "metrics"):
        name = scalar(metric, "resource", "name")
        by_use = dig(metric, "resource", "target", "averageUtilization") or dig(
            metric, "resource", "targetAverageUtilization"
        )
        if scalar(metric, "type") == "Resource" and name in ("cpu", "memory") and by_use is not None:
            yield name, metric


def _lacks_request(unit: Unit, scaled: list[Pods], metric: str) -> bool:
    """Whether no container of the scaled pods requests the resource; a limit stands for a request."""
    visible = [pods for pods in scaled if pods.object.path not in unit.hidden]
    if not visible or unit.is_open or any(True for _ in unit.of_kind("LimitRange")):
        return False
    for pods in visible:
        if unit.is_patched(pods.object, "resources", "requests"):
            return False
        for container in pods.containers:
            resources = dig(container, "resources")
            if any(dig(resources, given, metric) is not None for given in ("requests", "limits")):
                return False
    return True


def of_budget(known: Cluster, budget: Object) -> Iterator[Dangling]:
    """The pods that a disruption budget protects."""
    node = dig(budget.body, "spec", "selector")
    wanted = selector(node)
    if not wanted.is_empty and isinstance(node, Block) and selects_nothing(known, budget, wanted):
        yield Dangling(
            BUDGET_PODS,
            budget,
            node,
            f"selects {wanted}, and {no_pod(known.namespace_of(budget))}: it protects nothing",
            remedy(known, wanted, known.namespace_of(budget)),
        )
