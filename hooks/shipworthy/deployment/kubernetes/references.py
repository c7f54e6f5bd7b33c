"""What Kubernetes objects refer to by a name, a label or a port, and the references that lead nowhere.

A reference counts as dangling only where nothing can satisfy it: no object of its unit, no template of a chart, no
custom resource that names it, no command, program or document that creates it.

Source: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.elsewhere import is_made_elsewhere
from shipworthy.deployment.kubernetes.held import Held, held_by
from shipworthy.deployment.kubernetes.objects import Object, Value, blocks, dig, is_known, mapping, scalar
from shipworthy.deployment.kubernetes.pods import Pods, Selector, plain_selector, selector
from shipworthy.deployment.kubernetes.selection import closest, selects_nothing
from shipworthy.deployment.kubernetes.units import Cluster, Unit, cluster
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

SERVICE_PODS = "service-pods"
TARGET_PORT = "target-port"
BACKEND = "backend"
BACKEND_PORT = "backend-port"
SCALE_TARGET = "scale-target"
SCALE_REQUESTS = "scale-requests"
SCALE_REPLICAS = "scale-replicas"
BUDGET_PODS = "budget-pods"
SERVICE_ACCOUNT = "service-account"
ROLE = "role"
CLUSTER_ROLE = "cluster-role"
SUBJECT = "subject"
CONFIG_MAP = "config-map"
SECRET = "secret"
KEY = "key"
CLAIM = "claim"
GOVERNING_SERVICE = "governing-service"
MONITORED = "monitored"

_BUILT_IN_ROLES = ("cluster-admin", "admin", "edit", "view")
_SERVICES = ("Service",)
_SCALABLE = ("Deployment", "StatefulSet", "ReplicaSet", "Rollout", "ReplicationController")


class Dangling(NamedTuple):
    """A reference that leads nowhere. ``problem`` is a sentence without its subject, which is ``object``."""

    kind: str
    object: Object
    node: Setting | Block
    problem: str
    fix: str


Judge = Callable[[Cluster, Object], Iterator[Dangling]]


def dangling(project: Project) -> Iterator[Dangling]:
    """The references that lead nowhere, and what they make of the object that has them."""
    known = project.model(cluster)
    for kinds, judge in _JUDGES:
        for object in known.judged(*kinds):
            if known.units_of(object):
                yield from judge(known, object)
    for pods in known.pods:
        if known.is_judged(pods.object) and known.units_of(pods.object):
            yield from _of_pods(known, pods)


def _is_missing(known: Cluster, object: Object, name: str, namespace: str, *kinds: str) -> bool:
    """Whether nothing in any unit of the object is called so, and nothing else makes it."""
    if not name or not is_known(name) or not is_known(namespace):
        return False
    return known.holds_everywhere(
        object, lambda unit: _is_absent(unit, object, name, namespace, *kinds)
    ) and not is_made_elsewhere(known.project, name)


def _is_absent(unit: Unit, object: Object, name: str, namespace: str, *kinds: str) -> bool:
    return not (
        unit.is_open
        or unit.named(name, namespace, *kinds)
        or unit.is_patched(object, name)
        or unit.custom_mention(name)
    )


def _own(known: Cluster, object: Object) -> str:
    return known.namespace_of(object)


def _of_service(known: Cluster, service: Object) -> Iterator[Dangling]:
    """The pods that a Service selects, and the ports of them that it names."""
    node = dig(service.body, "spec", "selector")
    wanted = plain_selector(node)
    if wanted.is_empty or not isinstance(node, Block) or scalar(service.body, "spec", "type") == "ExternalName":
        return
    namespace = _own(known, service)
    if selects_nothing(known, service, wanted):
        yield Dangling(
            SERVICE_PODS,
            service,
            node,
            f"selects {wanted}, and no pod has these labels: it has no endpoints",
            f"make the selector the labels of the pods{closest(known, wanted)}",
        )
        return
    for port in blocks(service.body, "spec", "ports"):
        target = port.get("targetPort")
        if isinstance(target, Setting) and not target.value.isdigit() and is_known(target.value):
            if known.holds_everywhere(
                service, lambda unit, name=target.value: _lacks_port(unit, service, wanted, namespace, name)
            ):  # type: ignore[misc]
                yield Dangling(
                    TARGET_PORT,
                    service,
                    target,
                    f"sends to the port {target.value}, and no container of the pods that it selects has a port of that name",
                    f"add name: {target.value} to the container's port, or write its number",
                )


def _lacks_port(unit: Unit, service: Object, wanted: Selector, namespace: str, name: str) -> bool:
    chosen = unit.chosen(wanted, namespace)
    if unit.is_open or unit.is_patched(service, "targetPort", "port") or unit.may_have_more_pods(wanted) or not chosen:
        return False
    for pods in chosen:
        if unit.is_patched(pods.object, "ports") or any(not is_known(scalar(port, "name")) for port in pods.ports):
            return False
        if any(scalar(port, "name") == name for port in pods.ports):
            return False
    return True


def _of_ingress(known: Cluster, ingress: Object) -> Iterator[Dangling]:
    for backend in _backends_of_ingress(ingress.body):
        service = dig(backend, "service")
        name = dig(service, "name") or dig(backend, "serviceName")
        port = dig(service, "port", "number") or dig(service, "port", "name") or dig(backend, "servicePort")
        yield from _of_backend(known, ingress, name, port, _own(known, ingress))


def _backends_of_ingress(body: Block) -> Iterator[Value]:
    for key in ("defaultBackend", "backend"):
        yield dig(body, "spec", key)
    for rule in blocks(body, "spec", "rules"):
        for path in blocks(rule, "http", "paths"):
            yield path.get("backend")


def _of_route(known: Cluster, route: Object) -> Iterator[Dangling]:
    for rule in blocks(route.body, "spec", "rules"):
        for backend in blocks(rule, "backendRefs"):
            if scalar(backend, "kind") in ("", "Service") and not scalar(backend, "group"):
                namespace = scalar(backend, "namespace") or _own(known, route)
                yield from _of_backend(known, route, backend.get("name"), backend.get("port"), namespace)


def _of_backend(known: Cluster, object: Object, name: Value, port: Value, namespace: str) -> Iterator[Dangling]:
    """The Service that a route leads to, and its port."""
    if not isinstance(name, Setting) or (isinstance(port, Setting) and port.value == "use-annotation"):
        return
    if _is_missing(known, object, name.value, namespace, *_SERVICES):
        yield Dangling(
            BACKEND,
            object,
            name,
            f"leads to the Service {name.value}, which does not exist",
            f"name an existing Service{_names(known, *_SERVICES)}, or add {name.value}",
        )
    elif isinstance(port, Setting) and known.holds_everywhere(
        object, lambda unit: _lacks_service_port(unit, object, name.value, namespace, port.value)
    ):
        yield Dangling(
            BACKEND_PORT,
            object,
            port,
            f"leads to the port {port.value} of the Service {name.value}, which has no such port",
            f"write a port that the Service {name.value} has",
        )


def _lacks_service_port(unit: Unit, object: Object, name: str, namespace: str, port: str) -> bool:
    services = unit.named(name, namespace, *_SERVICES)
    if not services or unit.is_patched(object, "port", "Port", "backend") or not is_known(port):
        return False
    for service in services:
        ports = blocks(service.body, "spec", "ports")
        given = [scalar(item, key) for item in ports for key in ("port", "name")]
        if service.is_template or service.is_custom or not ports or port in given or not all(map(is_known, given)):
            return False
        if unit.is_patched(service, "ports") or scalar(service.body, "spec", "type") == "ExternalName":
            return False
    return True


def _names(known: Cluster, *kinds: str) -> str:
    found = sorted(
        {
            object.name
            for kind in kinds
            for object in known.by_kind.get(kind, ())
            if object.name and not object.is_template
        }
    )
    return f" ({', '.join(found[:5])}{', …' if len(found) > 5 else ''})" if found else ""


def _of_autoscaler(known: Cluster, scaler: Object) -> Iterator[Dangling]:
    target = dig(scaler.body, "spec", "scaleTargetRef")
    name, kind = dig(target, "name"), scalar(target, "kind")
    if not isinstance(name, Setting) or not is_known(kind):
        return
    if kind not in _SCALABLE:
        return
    namespace = _own(known, scaler)
    if _is_missing(known, scaler, name.value, namespace, kind):
        yield Dangling(
            SCALE_TARGET,
            scaler,
            name,
            f"scales the {kind} {name.value}, which does not exist: it never scales anything",
            f"name an existing {kind}{_names(known, kind)}",
        )
        return
    scaled = [pods for pods in known.pods if pods.object.kind == kind and pods.object.name == name.value]
    for metric, node in _resource_metrics(scaler.body):
        if scaled and known.holds_everywhere(scaler, lambda unit, metric=metric: _lacks_request(unit, scaled, metric)):  # type: ignore[misc]
            yield Dangling(
                SCALE_REQUESTS,
                scaler,
                node,
                f"scales the {kind} {name.value} by its use of {metric}, and its containers request none: the use is unknown",
                f"add resources.requests.{metric} to the containers of {name.value}",
            )
    for pods in scaled[:1] if scaler is _first_scaler(known, kind, name.value) else ():
        replicas = dig(pods.object.body, "spec", "replicas")
        if isinstance(replicas, Setting) and known.is_judged(pods.object) and replicas.value not in ("0", ""):
            yield Dangling(
                SCALE_REPLICAS,
                pods.object,
                replicas,
                f"sets its replicas, and the {scaler.kind} {scaler.name} scales it: every deployment undoes what it did",
                "remove replicas; the minimum stands in the autoscaler",
            )


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


def _of_budget(known: Cluster, budget: Object) -> Iterator[Dangling]:
    node = dig(budget.body, "spec", "selector")
    wanted = selector(node)
    if not wanted.is_empty and isinstance(node, Block) and selects_nothing(known, budget, wanted):
        yield Dangling(
            BUDGET_PODS,
            budget,
            node,
            f"selects {wanted}, and no pod has these labels: it protects nothing",
            f"make the selector the labels of the pods{closest(known, wanted)}",
        )


def _of_binding(known: Cluster, binding: Object) -> Iterator[Dangling]:
    """The role that a binding grants, and the ServiceAccounts that it grants it to."""
    role = dig(binding.body, "roleRef", "name")
    kind = scalar(binding.body, "roleRef", "kind")
    is_ours = not _own(known, binding).startswith("kube-")  # where Kubernetes has roles of its own
    if is_ours and isinstance(role, Setting) and kind in ("Role", "ClusterRole") and not _is_built_in(kind, role.value):
        if _is_missing(known, binding, role.value, _own(known, binding) if kind == "Role" else "", kind):
            yield Dangling(
                ROLE if kind == "Role" else CLUSTER_ROLE,
                binding,
                role,
                f"grants the {kind} {role.value}, which does not exist: it grants nothing",
                f"add the {kind} {role.value}",
            )
    for subject in blocks(binding.body, "subjects"):
        name = subject.get("name")
        namespace = scalar(subject, "namespace")
        if scalar(subject, "kind") != "ServiceAccount" or not isinstance(name, Setting) or name.value == "default":
            continue
        if namespace.startswith("kube-") or namespace not in ("", *_namespaces(known)):
            continue
        if _is_missing(known, binding, name.value, namespace, "ServiceAccount"):
            yield Dangling(
                SUBJECT,
                binding,
                name,
                f"is for the ServiceAccount {name.value}, which does not exist",
                f"add the ServiceAccount {name.value}{_names(known, 'ServiceAccount')}",
            )


def _is_built_in(kind: str, name: str) -> bool:
    return kind == "ClusterRole" and (name in _BUILT_IN_ROLES or name.startswith("system:"))


def _namespaces(known: Cluster) -> set[str]:
    """The namespaces that objects of the repository are in."""
    return {
        object.namespace
        for object in known.objects
        if not object.is_template and object.kind in ("Deployment", "StatefulSet", "DaemonSet", "Service")
    }


def _of_stateful_set(known: Cluster, stateful: Object) -> Iterator[Dangling]:
    name = dig(stateful.body, "spec", "serviceName")
    if (
        isinstance(name, Setting)
        and name.value
        and _is_missing(known, stateful, name.value, _own(known, stateful), *_SERVICES)
    ):
        yield Dangling(
            GOVERNING_SERVICE,
            stateful,
            name,
            f"is governed by the Service {name.value}, which does not exist: its pods have no host names",
            f"add a Service {name.value} with clusterIP: None that selects its pods",
        )


def _of_monitor(known: Cluster, monitor: Object) -> Iterator[Dangling]:
    """The Services that a ServiceMonitor selects, where one is near enough to be meant."""
    node = dig(monitor.body, "spec", "selector")
    wanted = selector(node)
    if wanted.is_empty or not isinstance(node, Block) or not wanted.is_known:
        return
    if dig(monitor.body, "spec", "namespaceSelector") is not None or known.by_kind.get("HelmRelease"):
        return
    services = [service for service in known.by_kind.get("Service", ()) if service.group == ""]
    values = set(wanted.labels.values())
    is_near = any(service.name in values or values & set(service.labels.values()) for service in services)
    if not is_near or not known.holds_everywhere(
        monitor,
        lambda unit: not unit.is_open and not unit.is_patched(monitor, "selector") and not _is_monitored(unit, wanted),
    ):
        return
    yield Dangling(
        MONITORED,
        monitor,
        node,
        f"selects Services with {wanted}, and no Service has these labels: nothing is scraped",
        "add the labels to the metadata of the Service; its selector does not count",
    )


def _is_monitored(unit: Unit, wanted: Selector) -> bool:
    for service in unit.of_kind("Service"):
        labels = {**unit.cluster.added_labels(service), **service.labels}
        if service.is_template or unit.is_patched(service, "labels") or wanted.matches(labels):
            return True
    return False


def _of_pods(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    """The ServiceAccount, ConfigMaps, Secrets and claims that pods need."""
    object, namespace = pods.object, _own(known, pods.object)
    account = pods.spec.get("serviceAccountName") or pods.spec.get("serviceAccount")
    if isinstance(account, Setting) and account.value not in ("", "default"):
        if _is_missing(known, object, account.value, namespace, "ServiceAccount"):
            yield Dangling(
                SERVICE_ACCOUNT,
                object,
                account,
                f"runs as the ServiceAccount {account.value}, which does not exist: its pods cannot be created",
                f"add the ServiceAccount {account.value}",
            )
    seen: set[tuple[str, str, str]] = set()
    for held in held_by(pods):
        place = (held.kind, held.name, held.key)
        if place in seen or held.is_optional or held.name == "kube-root-ca.crt":
            continue
        seen.add(place)
        yield from _of_held(known, pods, held, namespace, seen)
    for volume in blocks(pods.spec, "volumes"):
        claim = dig(volume, "persistentVolumeClaim", "claimName")
        if isinstance(claim, Setting) and _is_missing(known, object, claim.value, namespace, "PersistentVolumeClaim"):
            yield Dangling(
                CLAIM,
                object,
                claim,
                f"mounts the claim {claim.value}, which does not exist: its pods stay pending",
                f"add the PersistentVolumeClaim {claim.value}",
            )


def _of_held(
    known: Cluster, pods: Pods, held: Held, namespace: str, seen: set[tuple[str, str, str]]
) -> Iterator[Dangling]:
    object = pods.object
    if _is_missing(known, object, held.name, namespace, held.kind):
        if (held.kind, held.name, "missing") not in seen:
            seen.add((held.kind, held.name, "missing"))
            yield Dangling(
                CONFIG_MAP if held.kind == "ConfigMap" else SECRET,
                object,
                held.node,
                f"needs the {held.kind} {held.name}, which is not in the repository, nor is how it is created",
                f"commit the {held.kind} {held.name}{_names(known, held.kind)}"
                if held.kind == "ConfigMap"
                else f"commit {held.name} as a SealedSecret or an ExternalSecret, or document how it is created",
            )
    elif held.key and known.holds_everywhere(object, lambda unit: _lacks_key(unit, held, namespace)):
        yield Dangling(
            KEY,
            object,
            held.key_node or held.node,
            f"needs the key {held.key} of the {held.kind} {held.name}, which has no such key",
            f"add {held.key} to the {held.kind} {held.name}",
        )


def _lacks_key(unit: Unit, held: Held, namespace: str) -> bool:
    """Whether every ConfigMap or Secret of that name is known in full and has no such key."""
    found = unit.named(held.name, namespace, held.kind)
    if not found or not is_known(held.key):
        return False
    return not any(_may_have(unit, object, held.key) for object in found)


def _may_have(unit: Unit, object: Object, key: str) -> bool:
    if object.is_template or unit.is_patched(object, "data", "Data"):
        return True
    if object.is_generated:
        return object.keys is None or key in object.keys
    held = {
        **mapping(dig(object.body, "data")),
        **mapping(dig(object.body, "stringData")),
        **mapping(dig(object.body, "binaryData")),
    }
    is_filled_later = not held or "sops" in object.body.entries() or any("{{" in name for name in held)
    is_filled_later = is_filled_later or (
        object.kind == "Secret" and scalar(object.body, "type").startswith("kubernetes.io/")
    )
    return is_filled_later or key in held


_JUDGES: tuple[tuple[tuple[str, ...], Judge], ...] = (
    (_SERVICES, _of_service),
    (("Ingress",), _of_ingress),
    (("HTTPRoute", "GRPCRoute"), _of_route),
    (("HorizontalPodAutoscaler",), _of_autoscaler),
    (("PodDisruptionBudget",), _of_budget),
    (("RoleBinding", "ClusterRoleBinding"), _of_binding),
    (("StatefulSet",), _of_stateful_set),
    (("ServiceMonitor",), _of_monitor),
)
