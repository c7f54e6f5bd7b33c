"""What runs pods: their labels, containers and ports, and selectors that choose among them.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.objects import Object, Value, blocks, dig, is_known, items, mapping, scalar
from shipworthy.formats.tree import Block, Setting

LONG_RUNNING = frozenset(
    "Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Rollout DeploymentConfig".split()
)
"""Kinds whose pods are to run until somebody stops them."""
RUN_ONCE = frozenset({"Job", "CronJob"})


class Pods:
    """The pods that one object makes. ``spec`` is the pod's specification."""

    def __init__(self, object: Object, metadata: Value, spec: Block) -> None:
        self.object = object
        self.labels = mapping(dig(metadata, "labels"))
        self.annotations = mapping(dig(metadata, "annotations"))
        self.spec = spec

    @property
    def is_whole(self) -> bool:
        """Whether it shows what it runs: without a container it is a part of an object, for a patch."""
        return bool(blocks(self.spec, "containers"))

    @property
    def containers(self) -> list[Block]:
        """The containers that run side by side, init containers that never end included."""
        sidecars = [item for item in blocks(self.spec, "initContainers") if scalar(item, "restartPolicy") == "Always"]
        return blocks(self.spec, "containers") + sidecars

    @property
    def all_containers(self) -> list[Block]:
        """All containers, init containers included."""
        return blocks(self.spec, "containers") + blocks(self.spec, "initContainers")

    @property
    def ports(self) -> list[Block]:
        """The ports that containers declare."""
        return [port for container in self.all_containers for port in blocks(container, "ports")]


class Selector(NamedTuple):
    """Which labels are wanted. ``expressions`` are triples (key, operator, values)."""

    labels: dict[str, str]
    expressions: list[tuple[str, str, list[str]]]

    @property
    def is_empty(self) -> bool:
        """Whether it chooses everything."""
        return not self.labels and not self.expressions

    @property
    def is_known(self) -> bool:
        """Whether no variable stands in it."""
        return all(is_known(key) and is_known(value) for key, value in self.labels.items())

    def matches(self, labels: dict[str, str]) -> bool:
        """Whether something with these labels is chosen. A label whose value a variable gives fits everything."""
        for key, value in self.labels.items():
            given = labels.get(key)
            if given is None or (given != value and is_known(given)):
                return False
        return all(_holds(expression, labels) for expression in self.expressions)

    def __str__(self) -> str:
        """As kubectl writes it."""
        plain = [f"{key}={value}" for key, value in self.labels.items()]
        return ",".join(
            plain + [f"{key} {operator} ({','.join(values)})" for key, operator, values in self.expressions]
        )


def _holds(expression: tuple[str, str, list[str]], labels: dict[str, str]) -> bool:
    key, operator, values = expression
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    if operator == "NotIn":
        return labels.get(key) not in values
    return operator != "In" or labels.get(key) in values


def selector(block: Value) -> Selector:
    """A LabelSelector (``matchLabels``, ``matchExpressions``)."""
    expressions = [
        (
            scalar(item, "key"),
            scalar(item, "operator"),
            [value.value for value in items(item, "values") if isinstance(value, Setting)],
        )
        for item in blocks(block, "matchExpressions")
    ]
    return Selector(mapping(dig(block, "matchLabels")), expressions)


def plain_selector(block: Value) -> Selector:
    """The selector of a Service: labels alone."""
    return Selector(mapping(block), [])


def pods_of(object: Object) -> Pods | None:
    """The pods that an object of any kind makes by a template of its own; None where it shows none."""
    body = object.body
    if object.kind == "Pod":
        spec = dig(body, "spec")
        return Pods(object, dig(body, "metadata"), spec) if isinstance(spec, Block) and not object.group else None
    template = (
        dig(body, "spec", "jobTemplate", "spec", "template")
        if object.kind == "CronJob"
        else dig(body, "spec", "template")
    )
    spec = dig(template, "spec")
    if isinstance(spec, Block) and blocks(spec, "containers"):
        return Pods(object, dig(template, "metadata"), spec)
    if object.kind in LONG_RUNNING and mapping(dig(template, "metadata", "labels")):
        return Pods(object, dig(template, "metadata"), Block("mapping"))  # a part of one, whose labels may be selected
    return None


def all_pods(objects: list[Object]) -> Iterator[Pods]:
    """The pods of all objects that show them."""
    for object in objects:
        if object.kind not in _WITHOUT_PODS and _may_show_pods(object):
            pods = pods_of(object)
            if pods is not None:
                yield pods


def _may_show_pods(object: Object) -> bool:
    """Whether an object need be parsed to know its pods: most custom ones have none, and trees fill the memory."""
    return object.kind in LONG_RUNNING or object.kind == "Pod" or object.holds("containers")


_WITHOUT_PODS = frozenset(
    "ConfigMap Secret Service Ingress Namespace ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding"
    " CustomResourceDefinition PrometheusRule ServiceMonitor PodMonitor NetworkPolicy PersistentVolumeClaim"
    " PersistentVolume StorageClass HorizontalPodAutoscaler PodDisruptionBudget PodTemplate".split()
)
"""Kinds that need not be parsed to know that they make no pods."""
