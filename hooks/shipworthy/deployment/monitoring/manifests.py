"""Prometheus, Alertmanager and Grafana that Kubernetes runs without an operator: their files stand in ConfigMaps.

Paths are followed through the mounts of the pods to the keys of other ConfigMaps. What an image that is built here, a
volume that something fills, or a template may bring is not known.

Source: https://kubernetes.io/docs/concepts/storage/volumes/#configmap and the references of the three programs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import join, normpath
from typing import NamedTuple

from shipworthy.deployment.image_references import parse
from shipworthy.deployment.kubernetes.dangling import is_missing, only_in
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, items, mapping, scalar
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.deployment.kubernetes.units import Cluster, cluster
from shipworthy.deployment.monitoring import IN_MANIFESTS
from shipworthy.deployment.monitoring.alertmanager import of_routes
from shipworthy.deployment.monitoring.grafana import can_be_loaded, of_dashboard
from shipworthy.deployment.monitoring.model import Break, Unknown
from shipworthy.deployment.monitoring.prometheus import ALERT, addresses, entries, unheard
from shipworthy.formats.dialects.values import Values
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TARGET = lazy(
    r"(?P<service>[a-z0-9][a-z0-9-]*)(?:\.(?P<namespace>[a-z0-9][a-z0-9-]*)(?:\.svc(?:\.[\w.-]+)?)?)?:\d{1,5}(?:/\S*)?"
)
_NO_SERVICES = frozenset({"localhost", "host", "gateway", "metadata"})
_OFFICIAL = frozenset({"prom", "grafana", "prometheus"})
"""Owners of the images that bring no rules and no dashboards of their own."""


class _Seen(NamedTuple):
    """A key of a ConfigMap as a container sees it, at ``path``."""

    pods: Pods
    container: Block
    path: str


def breaks(project: Project) -> Iterator[Break]:
    """What is wrong with the configurations that ConfigMaps and Secrets of production hold."""
    known = project.model(cluster)
    for object in known.judged("ConfigMap", "Secret"):
        is_ours = not object.group and bool(known.units_of(object))
        if not is_ours or not any(word in object.text for word in IN_MANIFESTS):
            continue
        values = Values(Source(object.file.text))
        for key in ("data", "stringData"):
            held = dig(object.body, key)
            for setting in held.settings if isinstance(held, Block) else ():
                yield from _of_key(known, object, setting, values)


def _of_key(known: Cluster, object: Object, setting: Setting, values: Values) -> Iterator[Break]:
    if setting.name.endswith(".json"):
        is_dashboard = "grafana_dashboard" in object.labels or "dashboard" in object.name
        if is_dashboard and not can_be_loaded(setting.value):
            yield from of_dashboard(object.file, values.text(setting), setting.key, f"the dashboard {setting.name}")
        return
    for top in _tops(values.text(setting)):
        route, receivers, providers = top.block("route"), top.block("receivers"), top.block("providers")
        if top.block("scrape_configs") is not None:
            yield from _of_prometheus(known, object, setting, top)
        elif route is not None and receivers is not None and receivers.kind == "sequence":
            yield from of_routes(object.file, route, receivers)
        elif providers is not None:
            yield from _of_grafana(known, object, setting, providers)


def _tops(text: Source) -> list[Block]:
    from shipworthy.formats import yaml

    try:
        return [block for block in yaml.read(text).blocks if block.kind == "mapping"]
    except Unreadable:
        return []


def _of_prometheus(known: Cluster, object: Object, setting: Setting, top: Block) -> Iterator[Break]:
    yield from _targets(known, object, top)
    seen = _seen(known, object, setting.name, "prometheus")
    if seen is None:
        return
    texts: list[str] = []
    is_known = True
    for item in entries(top, "rule_files"):
        try:
            found = _held(known, seen, normpath(join(seen.path.rpartition("/")[0], item.value)))
        except Unknown:
            is_known = False
            continue
        texts += found
        if not found:
            message = f"Prometheus reads no rules from {item.value}: no ConfigMap of {_named(seen)} brings a file there"
            fix = "add the rules to a ConfigMap that is mounted there, or remove the entry"
            yield Break(object.file, item.start, message, fix)
    if is_known and any(ALERT.search(text) for text in texts):
        yield from unheard(known.project, object.file, top)


def _targets(known: Cluster, object: Object, top: Block) -> Iterator[Break]:
    """The targets that are called like a Service which does not exist."""
    own = known.namespace_of(object)
    namespaces = {namespace.name for namespace in known.by_kind.get("Namespace", ())} | {
        known.namespace_of(service) for service in known.by_kind.get("Service", ())
    }
    for item in addresses(top):
        found = _TARGET.fullmatch(item.value)
        if found is None or found["service"] in _NO_SERVICES or found["service"].isdigit():
            continue
        namespace = found["namespace"] or own
        if found["namespace"] and namespace not in namespaces:
            continue  # a host name, or a namespace of somebody else
        if is_missing(known, object, found["service"], namespace, "Service"):
            place = f" in the namespace {namespace}" if namespace else ""
            lost = f"no Service{place} is called {found['service']}: the target is always down"
            elsewhere = only_in(known, object, found["service"], "Service")
            address = f"{found['service']}.{elsewhere}.svc{item.value[item.value.rindex(':') :]}"
            fix = f"write {address}" if elsewhere else f"name the Service that is meant, or add {found['service']}"
            yield Break(object.file, item.start, f"Prometheus asks {item.value}, but {lost}", fix)


def _of_grafana(known: Cluster, object: Object, setting: Setting, providers: Block) -> Iterator[Break]:
    seen = _seen(known, object, setting.name, "grafana")
    if seen is None or "/provisioning/" not in seen.path:
        return
    for provider in providers.blocks:
        path = dig(provider, "options", "path")
        if not isinstance(path, Setting) or not path.value.startswith("/") or "$" in path.value:
            continue
        try:
            found = _held(known, seen, join(path.value, "*.json"), deep=True)
        except Unknown:
            continue
        if not found:
            message = f"Grafana loads no dashboards: no ConfigMap of {_named(seen)} brings a JSON file to {path.value}"
            fix = f"mount the ConfigMap with the dashboards at {path.value}"
            yield Break(object.file, path.start, message, fix)


def _named(seen: _Seen) -> str:
    return f"the {seen.pods.object.kind} {seen.pods.object.name}"


def _seen(known: Cluster, object: Object, key: str, program: str) -> _Seen | None:
    """The only container that runs the program and reads a key of a ConfigMap; None where nobody can tell which."""
    found = []
    for pods in known.pods:
        is_near = known.is_judged(pods.object) and _share_namespace(known, pods.object, object)
        for container in pods.containers if is_near else ():
            if program not in f"{scalar(container, 'name')} {scalar(container, 'image')}".lower():
                continue
            for mount in blocks(container, "volumeMounts"):
                volume = _volume(pods, scalar(mount, "name"))
                source = dig(volume, "secret" if object.kind == "Secret" else "configMap")
                if object.name not in (scalar(source, "name"), scalar(source, "secretName")):
                    continue
                path, inner = scalar(mount, "mountPath"), scalar(mount, "subPath")
                paths = _paths(source, [key])
                if inner and inner in paths.values():
                    found.append(_Seen(pods, container, path))
                elif not inner and key in paths:
                    found.append(_Seen(pods, container, join(path, paths[key])))
    return found[0] if len(found) == 1 else None


def _share_namespace(known: Cluster, one: Object, other: Object) -> bool:
    first, second = known.namespace_of(one), known.namespace_of(other)
    return not first or not second or first == second


def _volume(pods: Pods, name: str) -> Block | None:
    return next((volume for volume in blocks(pods.spec, "volumes") if scalar(volume, "name") == name), None)


def _paths(source: Block | Setting | None, keys: list[str]) -> dict[str, str]:
    """Where in a volume the keys of its ConfigMap lie."""
    chosen = {scalar(item, "key"): scalar(item, "path") for item in blocks(source, "items")}
    return chosen if items(source, "items") else {key: key for key in keys}


def _held(known: Cluster, seen: _Seen, path: str, *, deep: bool = False) -> list[str]:
    """The texts of the keys that lie at a path of a container, whose last part may be a pattern.

    ``deep`` takes folders below as well. Raises `Unknown` where something else than ConfigMaps may bring it.
    """
    folder, _, name = path.rpartition("/")
    if re.search(r"[*?\[]", folder):
        raise Unknown
    reference = parse(scalar(seen.container, "image"))
    owner = reference.path.rpartition("/")[0].rpartition("/")[2] if reference is not None else ""
    if owner not in _OFFICIAL:
        raise Unknown
    mounts = blocks(seen.container, "volumeMounts")
    over = [mount for mount in mounts if _covers(scalar(mount, "mountPath"), path, folder)]
    found: list[str] = []
    for mount in over:
        volume = _volume(seen.pods, scalar(mount, "name"))
        source = dig(volume, "configMap")
        if source is None:
            raise Unknown
        for whole, text in _keys(known, seen, source, mount):
            inner, _, last = whole.rpartition("/")
            is_there = inner == folder or (deep and inner.startswith(folder.rstrip("/") + "/"))
            found += [text] if is_there and fnmatchcase(last, name) else []
    return found


def _covers(mount: str, path: str, folder: str) -> bool:
    """Whether a mount may bring a file to a path: it is the file, its folder, or a folder around it."""
    return mount == path or (folder + "/").startswith(mount.rstrip("/") + "/") or mount.startswith(folder + "/")


def _keys(known: Cluster, seen: _Seen, source: Block | Setting, mount: Block) -> Iterator[tuple[str, str]]:
    """Where a mount brings the keys of a ConfigMap, each with its text. Raises `Unknown`."""
    namespace = known.namespace_of(seen.pods.object)
    maps = [
        object
        for unit in known.units_of(seen.pods.object)
        for object in unit.named(scalar(source, "name"), namespace, "ConfigMap")
    ]
    if not maps or any(object.is_template or object.is_generated for object in maps):
        raise Unknown
    at, inner = scalar(mount, "mountPath"), scalar(mount, "subPath")
    for object in maps:
        data = mapping(dig(object.body, "data"))
        for key, path in _paths(source, [*data]).items():
            if key in data and (not inner or inner == path):
                yield normpath(at if inner else join(at, path)), data[key]
