"""What ServiceMonitors scrape.

Source: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shipworthy.deployment.kubernetes.dangling import MONITORED, MONITORED_PORT, Dangling
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, items, scalar
from shipworthy.deployment.kubernetes.pods import Selector, selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting


def of_monitor(known: Cluster, monitor: Object) -> Iterator[Dangling]:
    """The Services that a ServiceMonitor selects, where one is near enough to be meant, and their ports."""
    node = dig(monitor.body, "spec", "selector")
    wanted = selector(node)
    if wanted.is_empty or not isinstance(node, Block) or not wanted.is_known:
        return
    services = [service for service in known.by_kind.get("Service", ()) if service.group == ""]
    watched = _watched(known, monitor, services)
    if watched is None or known.by_kind.get("HelmRelease"):
        return
    if not known.holds_everywhere(monitor, lambda unit: _selects_nothing(unit, monitor, wanted, watched)):
        yield from _of_ports(known, monitor, wanted, watched)
    elif _is_near(monitor, wanted, services):
        yield _of_nothing(known, monitor, node, wanted, watched)


def _is_near(monitor: Object, wanted: Selector, services: list[Object]) -> bool:
    """Whether a Service of the repository is called like what is wanted, or has one of the labels."""
    values = set(wanted.labels.values())
    return any(
        service.name in values or service.name == monitor.name or values & set(service.labels.values())
        for service in services
    )


def _of_nothing(known: Cluster, monitor: Object, node: Block, wanted: Selector, watched: frozenset[str]) -> Dangling:
    services = [service for service in known.by_kind.get("Service", ()) if service.group == ""]
    matching = [service for service in services if wanted.matches(_labels_of(known, service))]
    elsewhere = sorted({known.namespace_of(service) for service in matching} - {""})
    place = f" in the namespace {', '.join(sorted(watched))}" if elsewhere else ""
    return Dangling(
        MONITORED,
        monitor,
        node,
        f"selects Services with {wanted}{place}, and no Service{place and ' there'} has these labels:"
        " nothing is scraped",
        f"add namespaceSelector: {{matchNames: [{', '.join(elsewhere)}]}}"
        if elsewhere
        else "add the labels to the metadata of the Service; its selector does not count",
    )


def _of_ports(known: Cluster, monitor: Object, wanted: Selector, watched: frozenset[str]) -> Iterator[Dangling]:
    """The names of ports that none of the selected Services has."""
    for endpoint in blocks(monitor.body, "spec", "endpoints"):
        port = endpoint.get("port")
        if not isinstance(port, Setting) or not is_known(port.value):
            continue
        name = port.value
        lacks = partial(_lacks_port, monitor=monitor, wanted=wanted, watched=watched, name=name)
        if known.holds_everywhere(monitor, lacks):
            yield Dangling(
                MONITORED_PORT,
                monitor,
                port,
                f"scrapes the port {name}, and no Service that it selects has a port of that name: nothing is scraped",
                f"add name: {name} to the port of the Service, or write the name that it has",
            )


def _lacks_port(unit: Unit, monitor: Object, wanted: Selector, watched: frozenset[str], name: str) -> bool:
    """Whether the unit shows all Services that are selected, and none of them has a port of that name."""
    if unit.is_open or unit.is_patched(monitor, "endpoints", "port", "elector"):
        return False
    selected = list(_monitored(unit, wanted, watched))
    if any(service.is_template or unit.is_patched(service, "ports", "labels") for service in unit.of_kind("Service")):
        return False
    ports = [port for service in selected for port in blocks(service.body, "spec", "ports")]
    return bool(ports) and all(is_known(given) and given != name for given in (scalar(port, "name") for port in ports))


def _selects_nothing(unit: Unit, monitor: Object, wanted: Selector, watched: frozenset[str]) -> bool:
    if unit.is_open or unit.is_patched(monitor, "elector"):
        return False
    if any(service.is_template or unit.is_patched(service, "labels") for service in unit.of_kind("Service")):
        return False
    return not any(True for _ in _monitored(unit, wanted, watched))


def _watched(known: Cluster, monitor: Object, services: list[Object]) -> frozenset[str] | None:
    """The namespaces that a ServiceMonitor looks into, empty for all; None where Services of others may be meant."""
    chosen = dig(monitor.body, "spec", "namespaceSelector")
    if chosen is None:
        own = known.namespace_of(monitor)
        return frozenset({own} if own else ())
    names = frozenset(item.value for item in items(chosen, "matchNames") if isinstance(item, Setting))
    is_ours = names <= {known.namespace_of(service) for service in services if not service.is_template}
    return names if names and is_ours and scalar(chosen, "any") != "true" else None


def _monitored(unit: Unit, wanted: Selector, watched: frozenset[str]) -> Iterator[Object]:
    """The Services of the unit that are selected in these namespaces."""
    for service in unit.of_kind("Service"):
        is_seen = not watched or unit.cluster.namespace_of(service) in ("", *watched)
        if is_seen and service.group == "" and wanted.matches(_labels_of(unit.cluster, service)):
            yield service


def _labels_of(known: Cluster, object: Object) -> dict[str, str]:
    """The labels of an object with those that kustomizations add."""
    return {**known.added_labels(object), **object.labels}
