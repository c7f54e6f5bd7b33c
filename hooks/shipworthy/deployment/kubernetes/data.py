"""Where the Kubernetes workloads that are stores keep their data: what of it is lost with the pod, or with its node.

Source: https://kubernetes.io/docs/concepts/storage/volumes/ and the documentation of each operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.data_stores import DataStore, data_store, may_name_store
from shipworthy.deployment.databases import NOT_PRODUCTION
from shipworthy.deployment.image_references import parse
from shipworthy.deployment.kubernetes.held import CONFIG_MAP
from shipworthy.deployment.kubernetes.objects import (
    Object,
    Value,
    blocks,
    dig,
    is_known,
    items,
    mapping,
    objects,
    scalar,
)
from shipworthy.deployment.kubernetes.pods import LONG_RUNNING, Pods
from shipworthy.deployment.kubernetes.units import Cluster, cluster
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

CONTAINER_LAYER = "container layer"
EMPTY_DIR = "emptyDir"
HOST_PATH = "hostPath"
EPHEMERAL = "ephemeral"

_NO_DATA = frozenset({"configMap", "secret", "projected", "downwardAPI"})
"""Volumes that nobody can write to: what they are mounted over is somewhere else."""
_BESIDE = ("backup", "dump", "export", "migrat", "init", "wait", "restore", "check")
"""Parts of the names of containers that run tools out of the image of a store."""
_CHOOSES_NODE = ("nodeName", "nodeSelector")
_EPHEMERAL: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("kafka.strimzi.io", ("spec", "kafka", "storage", "type"), ("ephemeral",)),
    ("kafka.strimzi.io", ("spec", "storage", "type"), ("ephemeral",)),
    ("kafka.strimzi.io", ("spec", "zookeeper", "storage", "type"), ("ephemeral",)),
    ("kubedb.com", ("spec", "storageType"), ("Ephemeral",)),
    ("rabbitmq.com", ("spec", "persistence", "storage"), ("0", "0Gi")),
    ("pxc.percona.com", ("spec", "pxc", "volumeSpec", "emptyDir"), ()),
    ("psmdb.percona.com", ("spec", "replsets", "*", "volumeSpec", "emptyDir"), ()),
    ("elasticsearch.k8s.elastic.co", ("spec", "nodeSets", "*", "podTemplate", "spec", "volumes", "*", "emptyDir"), ()),
)
"""What custom resources say when an operator is to run a store without a volume: group, keys ("*" is any item of a
list), and the values that say it, none where the key alone does."""
_QUEUE_GROUPS = ("kafka.strimzi.io", "rabbitmq.com")
_ELASTIC_DATA = "elasticsearch-data"


class Loss(NamedTuple):
    """A store whose data is lost some day.

    ``kind`` is one of `CONTAINER_LAYER` to `EPHEMERAL`, ``node`` where that is written. ``target`` is the path in
    the container that the data is under, or the one that is mounted in vain, and ``why`` then the reason; ``home`` is
    where a volume belongs.
    """

    object: Object
    container: str
    image: str
    kind: str
    node: Setting | Block
    target: str
    home: str
    is_queue: bool
    why: str = ""


def has_stores(project: Project) -> bool:
    """Whether a manifest for production runs a store."""
    if not any(_may_be_store(object) for object in project.model(objects)):
        return False
    known = project.model(cluster)
    return any(True for _ in _stores(known)) or any(object.group in _GROUPS for object in known.custom)


def losses(project: Project) -> Iterator[Loss]:
    """The stores of production that lose their data."""
    known = project.model(cluster)
    for pods, container, store in _stores(known):
        if not _is_open(known, pods):
            yield from _of_container(pods, container, store)
    for object in known.custom:
        if object.group in _GROUPS and _is_judged(known, object):
            yield from _of_operator(object)


def _may_be_store(object: Object) -> bool:
    return object.group in _GROUPS or (object.kind in LONG_RUNNING and may_name_store(object.text))


_GROUPS = frozenset(group for group, _, _ in _EPHEMERAL)


def _stores(known: Cluster) -> Iterator[tuple[Pods, Block, DataStore]]:
    for pods in known.pods:
        object = pods.object
        if object.kind in LONG_RUNNING and scalar(object.body, "spec", "replicas") != "0" and _is_judged(known, object):
            for container in pods.containers:
                found = _store(known, pods, container)
                if found is not None:
                    yield pods, container, found


def _is_judged(known: Cluster, object: Object) -> bool:
    return known.is_judged(object) and bool(known.units_of(object)) and not NOT_PRODUCTION.search(object.path)


def _is_open(known: Cluster, pods: Pods) -> bool:
    """Whether something else may say what is mounted: a patch, a part from elsewhere."""
    words = ("volumeMounts", "volumes", "volumeClaimTemplates", "persistentVolumeClaim")
    units = known.units_of(pods.object)
    return any(unit.is_open or unit.is_patched(pods.object, *words) for unit in units)


def _store(known: Cluster, pods: Pods, container: Block) -> DataStore | None:
    if any(word in scalar(container, "name").lower() for word in _BESIDE):
        return None
    started = " ".join(
        item.value for key in ("command", "args") for item in items(container, key) if isinstance(item, Setting)
    )
    return data_store(parse(scalar(container, "image")), started, _variables(known, pods, container))


def _variables(known: Cluster, pods: Pods, container: Block) -> dict[str, str | None]:
    """The variables of a container; None for a value that nobody can know."""
    found: dict[str, str | None] = {}
    namespace = known.namespace_of(pods.object)
    for source in blocks(container, "envFrom"):
        for name, value in _held(known, scalar(source, "configMapRef", "name"), namespace).items():
            found[scalar(source, "prefix") + name] = value
    for variable in blocks(container, "env"):
        found[scalar(variable, "name")] = _value(known, variable, namespace)
    return found


def _value(known: Cluster, variable: Block, namespace: str) -> str | None:
    if (reference := dig(variable, "valueFrom", "configMapKeyRef")) is not None:
        return _held(known, scalar(reference, "name"), namespace).get(scalar(reference, "key"))
    value = variable.get("value")
    return value.value if isinstance(value, Setting) and is_known(value.value) else None


def _held(known: Cluster, name: str, namespace: str) -> dict[str, str | None]:
    """What ConfigMaps of that name hold."""
    found: dict[str, str | None] = {}
    for object in known.by_kind.get(CONFIG_MAP, ()) if name else ():
        if object.name == name and known.namespace_of(object) in ("", namespace or known.namespace_of(object)):
            for key, value in mapping(dig(object.body, "data")).items():
                found[key] = value if is_known(value) and found.get(key, value) == value else None
    return found


def _of_container(pods: Pods, container: Block, store: DataStore) -> Iterator[Loss]:
    """How a container loses the data of its store; nothing where a volume that lasts, or one nobody knows, holds it."""
    image = container.get("image")
    why = ""
    kind, target, node = CONTAINER_LAYER, store.paths[0], image if isinstance(image, Setting) else container
    for mount in blocks(container, "volumeMounts"):
        path = scalar(mount, "mountPath")
        if not path or not is_known(path):
            return
        volume_kind, volume = _volume(pods, scalar(mount, "name"))
        if volume_kind not in _NO_DATA and (reason := store.why_not_on(path)):
            target, node, why = path, mount, reason
        elif store.is_on(path) and volume_kind not in _NO_DATA:
            if volume_kind not in (EMPTY_DIR, EPHEMERAL) and (volume_kind != HOST_PATH or _is_pinned(pods)):
                return
            kind, target, node = volume_kind, path, volume if volume is not None else mount
    name = scalar(container, "name")
    yield Loss(pods.object, name, store.name, kind, node, target, store.home, store.is_queue, why)


def _volume(pods: Pods, name: str) -> tuple[str, Block | None]:
    """What a volume of pods is, the key that says it, and where it is written; "" for a claim template or unknown."""
    for volume in blocks(pods.spec, "volumes"):
        if scalar(volume, "name") == name:
            kinds = [key for key in volume.entries() if key != "name"]
            return kinds[0] if kinds else EMPTY_DIR, volume
    return "", None


def _is_pinned(pods: Pods) -> bool:
    """Whether the pods always run on the same node, or on every one."""
    return (
        pods.object.kind == "DaemonSet"
        or any(dig(pods.spec, key) is not None for key in _CHOOSES_NODE)
        or dig(pods.spec, "affinity", "nodeAffinity") is not None
    )


def _of_operator(object: Object) -> Iterator[Loss]:
    for group, keys, values in _EPHEMERAL:
        if object.group != group:
            continue
        for node in _at(object.body, keys):
            if isinstance(node, Setting) and values and node.value not in values:
                continue
            if group == "elasticsearch.k8s.elastic.co" and not _is_elastic_data(node):
                continue
            yield Loss(object, "", object.kind, EPHEMERAL, node, ".".join(keys), "", group in _QUEUE_GROUPS)
            return


def _at(block: Value, keys: tuple[str, ...]) -> Iterator[Setting | Block]:
    """What stands at a path of keys."""
    found: list[Value] = [block]
    for key in keys:
        found = [
            inner for node in found for inner in (items(node) if key == "*" else [dig(node, key)]) if inner is not None
        ]
    yield from (node for node in found if node is not None)


def _is_elastic_data(node: Setting | Block) -> bool:
    return node.parent is not None and scalar(node.parent, "name") == _ELASTIC_DATA
