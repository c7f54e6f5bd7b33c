"""How requests find pods: Services, routes to them, the Service of a StatefulSet.

Source: https://kubernetes.io/docs/concepts/services-networking/service/ , https://gateway-api.sigs.k8s.io/api-types/httproute/
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shipworthy.deployment.kubernetes.dangling import (
    BACKEND,
    BACKEND_PORT,
    GOVERNING_SERVICE,
    SERVICE_PODS,
    TARGET_PORT,
    WITH_ADDRESS,
    Dangling,
    absent,
    existing,
    is_missing,
    no_pod,
)
from shipworthy.deployment.kubernetes.objects import Object, Value, blocks, dig, is_known, scalar
from shipworthy.deployment.kubernetes.pods import Selector, plain_selector
from shipworthy.deployment.kubernetes.selection import remedy, selects_nothing
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting


def of_service(known: Cluster, service: Object) -> Iterator[Dangling]:
    """The pods that a Service selects, and the ports of them that it names."""
    node = dig(service.body, "spec", "selector")
    wanted = plain_selector(node)
    if wanted.is_empty or not isinstance(node, Block) or scalar(service.body, "spec", "type") == "ExternalName":
        return
    namespace = known.namespace_of(service)
    if selects_nothing(known, service, wanted):
        yield Dangling(
            SERVICE_PODS,
            service,
            node,
            f"selects {wanted}, and {no_pod(namespace)}: it has no endpoints",
            remedy(known, wanted, namespace),
        )
        return
    for port in blocks(service.body, "spec", "ports"):
        target = port.get("targetPort")
        if not isinstance(target, Setting) or target.value.isdigit() or not is_known(target.value):
            continue
        lacks = partial(_lacks_port, service=service, wanted=wanted, namespace=namespace, name=target.value)
        if known.holds_everywhere(service, lacks):
            yield Dangling(
                TARGET_PORT,
                service,
                target,
                f"sends to the port {target.value}, and no container of the pods that it selects names a port so",
                f"add name: {target.value} to the container's port, or write its number",
            )


def _lacks_port(unit: Unit, service: Object, wanted: Selector, namespace: str, name: str) -> bool:
    chosen = unit.chosen(wanted, namespace)
    if unit.is_open or unit.is_patched(service, "targetPort", "port") or unit.may_have_more_pods(wanted) or not chosen:
        return False
    for pods in chosen:
        if not pods.is_whole or unit.is_patched(pods.object, "ports"):
            return False
        if any(not is_known(scalar(port, "name")) for port in pods.ports):
            return False
        if any(scalar(port, "name") == name for port in pods.ports):
            return False
    return True


def of_ingress(known: Cluster, ingress: Object) -> Iterator[Dangling]:
    """The Services that an Ingress leads to."""
    for backend in _backendsof_ingress(ingress.body):
        service = dig(backend, "service")
        name = dig(service, "name") or dig(backend, "serviceName")
        port = dig(service, "port", "number") or dig(service, "port", "name") or dig(backend, "servicePort")
        yield from _of_backend(known, ingress, name, port, known.namespace_of(ingress))


def _backendsof_ingress(body: Block) -> Iterator[Value]:
    for key in ("defaultBackend", "backend"):
        yield dig(body, "spec", key)
    for rule in blocks(body, "spec", "rules"):
        for path in blocks(rule, "http", "paths"):
            yield path.get("backend")


def of_route(known: Cluster, route: Object) -> Iterator[Dangling]:
    """The Services that a route of the Gateway API leads to."""
    for rule in blocks(route.body, "spec", "rules"):
        for backend in blocks(rule, "backendRefs"):
            if scalar(backend, "kind") in ("", "Service") and not scalar(backend, "group"):
                namespace = scalar(backend, "namespace") or known.namespace_of(route)
                yield from _of_backend(known, route, backend.get("name"), backend.get("port"), namespace)


def _of_backend(known: Cluster, object: Object, name: Value, port: Value, namespace: str) -> Iterator[Dangling]:
    """The Service that a route leads to, and its port."""
    if not isinstance(name, Setting) or (isinstance(port, Setting) and port.value == "use-annotation"):
        return
    if is_missing(known, object, name.value, namespace, "Service"):
        yield Dangling(
            BACKEND,
            object,
            name,
            f"leads to the Service {name.value}, which {absent(namespace)}",
            f"name an existing Service{existing(known, 'Service')}, or add {name.value}",
        )
    elif isinstance(port, Setting) and known.holds_everywhere(
        object, lambda unit: _lacks_service_port(unit, object, name.value, namespace, port.value)
    ):
        yield Dangling(
            BACKEND_PORT,
            object,
            port,
            f"leads to the port {port.value} of the Service {name.value}, which has no such port",
            f"write a port that the Service {name.value} has{_ports(known, object, name.value, namespace)}",
        )


def _ports(known: Cluster, object: Object, name: str, namespace: str) -> str:
    """The ports of a Service, each by its number and its name."""
    services = (service for unit in known.units_of(object) for service in unit.named(name, namespace, "Service"))
    first = next(services, None)
    ports = blocks(first.body, "spec", "ports") if first is not None else []
    listed = [" ".join(filter(None, (scalar(port, "port"), scalar(port, "name")))) for port in ports]
    return f" ({', '.join(listed[:5])})" if listed else ""


def _lacks_service_port(unit: Unit, object: Object, name: str, namespace: str, port: str) -> bool:
    services = unit.named(name, namespace, "Service")
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


def of_stateful_set(known: Cluster, stateful: Object) -> Iterator[Dangling]:
    """The Service that gives the pods of a StatefulSet their host names."""
    name = dig(stateful.body, "spec", "serviceName")
    namespace = known.namespace_of(stateful)
    if not isinstance(name, Setting) or not name.value:
        return
    if is_missing(known, stateful, name.value, namespace, "Service"):
        yield Dangling(
            GOVERNING_SERVICE,
            stateful,
            name,
            f"is governed by the Service {name.value}, which {absent(namespace)}: its pods have no host names",
            f"add a Service {name.value} with clusterIP: None that selects its pods",
        )
    elif _has_peers(stateful) and known.holds_everywhere(
        stateful, lambda unit: _has_address(unit, name.value, namespace)
    ):
        yield Dangling(
            WITH_ADDRESS,
            stateful,
            name,
            f"is governed by the Service {name.value}, which has an address of its own: its pods have no host names",
            f"name a Service with clusterIP: None, beside {name.value}",
        )


def _has_peers(stateful: Object) -> bool:
    """Whether several pods run that may have to know each other by their names."""
    replicas = scalar(stateful.body, "spec", "replicas")
    return replicas.isdecimal() and len(replicas) < 5 and int(replicas) > 1


def _has_address(unit: Unit, name: str, namespace: str) -> bool:
    """Whether every Service of that name is known in full, and none of them is headless."""
    services = unit.named(name, namespace, "Service")
    if unit.is_open or not services:
        return False
    return all(
        not service.is_template
        and not service.is_custom
        and scalar(service.body, "spec", "type") != "ExternalName"
        and scalar(service.body, "spec", "clusterIP") != "None"
        and not unit.is_patched(service, "clusterIP")
        for service in services
    )
