"""The operator of Prometheus: what its Prometheus and its Alertmanager select, and whom they tell.

An object that no selector chooses is accepted by the API server, and does nothing. A selector that is not given chooses
nothing, an empty one everything; a selector of namespaces that is not given chooses the own one.

Source: https://prometheus-operator.dev/docs/api-reference/api/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.elsewhere import Elsewhere
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, scalar
from shipworthy.deployment.kubernetes.pods import Selector, selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit, cluster
from shipworthy.deployment.monitoring import OPERATOR
from shipworthy.deployment.monitoring.alertmanager import of_routes
from shipworthy.deployment.monitoring.model import Break
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.rule import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class _Kind(NamedTuple):
    """A kind of object that others select: the kinds that do, the keys of their selectors, and what is lost."""

    kind: str
    holders: tuple[str, ...]
    key: str
    lost: str


_PROMETHEUS = ("Prometheus", "PrometheusAgent")
_KINDS = (
    _Kind("PrometheusRule", ("Prometheus", "ThanosRuler"), "rule", "no rule is evaluated"),
    _Kind("ServiceMonitor", _PROMETHEUS, "serviceMonitor", "nothing is scraped"),
    _Kind("PodMonitor", _PROMETHEUS, "podMonitor", "nothing is scraped"),
    _Kind("Probe", _PROMETHEUS, "probe", "nothing is probed"),
    _Kind("ScrapeConfig", _PROMETHEUS, "scrapeConfig", "nothing is scraped"),
    _Kind("AlertmanagerConfig", ("Alertmanager",), "alertmanagerConfig", "no route leads to anybody"),
)
_SCRAPES = ("serviceMonitorSelector", "podMonitorSelector", "probeSelector", "scrapeConfigSelector")
_READ_BY_OTHERS = lazy(r"operator\.victoriametrics\.com|prometheusCR|prometheus\.operator\.|targetAllocator")
"""Other programs that read the objects of the operator, all of them."""
_ALERT = lazy(r"^[ \t]*(?:-[ \t]+)?[\"']?alert[\"']?[ \t]*:", re.MULTILINE)
_OF_THE_OPERATOR = frozenset({"alertmanager-operated", "prometheus-operated"})
"""Services that the operator makes."""


def breaks(project: Project) -> Iterator[Break]:
    """What is wrong with the operator's objects of the repository."""
    known = project.model(cluster)
    if known.installers or _is_read_by_others(known):
        return  # a chart may bring a Prometheus that selects what this one does not
    for kind in _KINDS:
        lost = [object for object in _judged(known, kind.kind) if _is_lost(known, kind, object)]
        yield from _without_selector(known, kind, lost)
        yield from (_unselected(known, kind, object) for object in lost if _selecting(known, kind, object) is not None)
    for prometheus in _judged(known, "Prometheus"):
        yield from _of_alerting(known, prometheus)
    for config in _judged(known, "AlertmanagerConfig"):
        route, receivers = dig(config.body, "spec", "route"), dig(config.body, "spec", "receivers")
        if isinstance(route, Block) and isinstance(receivers, Block) and receivers.kind == "sequence":
            yield from of_routes(config.file, route, receivers, "the operator leaves it out")


def _judged(known: Cluster, kind: str) -> list[Object]:
    return [object for object in known.judged(kind) if object.group == OPERATOR and known.units_of(object)]


def _is_read_by_others(known: Cluster) -> bool:
    return any(_READ_BY_OTHERS.search(object.text) for object in known.objects if object.kind not in _LARGE)


_LARGE = frozenset({"CustomResourceDefinition", "PrometheusRule"})


def _holders(unit: Unit, kind: _Kind) -> list[Object]:
    return [holder for holder in unit.of_kind(*kind.holders) if holder.group == OPERATOR]


def _is_lost(known: Cluster, kind: _Kind, object: Object) -> bool:
    return known.holds_everywhere(object, lambda unit: _is_unselected(unit, kind, object))


def _selecting(known: Cluster, kind: _Kind, object: Object) -> Object | None:
    """The holder that has a selector for the kind, and chooses others; None where none has one."""
    holders = [holder for unit in known.units_of(object) for holder in _holders(unit, kind)]
    given = [holder for holder in holders if dig(holder.body, "spec", f"{kind.key}Selector") is not None]
    return next((holder for holder in given if known.is_judged(holder)), given[0] if given else None)


def _without_selector(known: Cluster, kind: _Kind, lost: list[Object]) -> Iterator[Break]:
    """The holder that selects nothing, once for all objects that are lost by it."""
    silent = [object for object in lost if _selecting(known, kind, object) is None]
    if not silent:
        return
    holders = [holder for unit in known.units_of(silent[0]) for holder in _holders(unit, kind)]
    holder = next((holder for holder in holders if known.is_judged(holder)), holders[0])
    names = listed([object.name for object in silent])
    message = (
        f"{holder.kind} {holder.name} has no {kind.key}Selector, and selects none without one: "
        f"of the {kind.kind}s {names} {kind.lost}"
    )
    fix = f"add {kind.key}Selector: {{}} to its spec"
    yield Break(holder.file, holder.where.start, message, fix, is_silent=True)


def _unselected(known: Cluster, kind: _Kind, object: Object) -> Break:
    """An object that the selector of its holder does not choose."""
    holder = _selecting(known, kind, object) or object
    wanted = selector(dig(holder.body, "spec", f"{kind.key}Selector"))
    if not wanted.matches(_labels(known, object)):
        problem = f"{holder.kind} {holder.name} selects those with {wanted}"
        labels = ", ".join(f"{key}: {value}" for key, value in wanted.labels.items())
        fix = f"add the labels to its metadata: {labels}" if labels else f"give it labels that {wanted} chooses"
    else:
        problem = f"{holder.kind} {holder.name} looks into its own namespace, and not into {known.namespace_of(object)}"
        fix = f"add {kind.key}NamespaceSelector: {{}} to the {holder.kind} {holder.name}"
    message = f"nothing reads the {kind.kind} {object.name}: {problem}, so {kind.lost}"
    return Break(object.file, object.where.start, message, fix, is_silent=True)


def _is_unselected(unit: Unit, kind: _Kind, object: Object) -> bool:
    """Whether the unit shows all that could select the object, and none of them does."""
    holders = _holders(unit, kind)
    if not holders or unit.is_open or unit.is_patched(object, "labels", "namespace"):
        return False
    return not any(_may_select(unit, kind, holder, object) for holder in holders)


def _may_select(unit: Unit, kind: _Kind, holder: Object, object: Object) -> bool:
    known = unit.cluster
    if holder.is_template or unit.is_patched(holder, "elector") or known.has_affixes(holder):
        return True
    spec = dig(holder.body, "spec")
    if not isinstance(spec, Block):
        return True
    is_unmanaged = kind.holders == _PROMETHEUS and not any(dig(spec, key) is not None for key in _SCRAPES)
    node = dig(spec, f"{kind.key}Selector")
    if is_unmanaged or (kind.kind == "AlertmanagerConfig" and scalar(spec, "alertmanagerConfiguration", "name")):
        return True  # its configuration is written by hand
    wanted = selector(node)
    if not isinstance(node, Block) or not wanted.is_known:
        return node is not None
    return wanted.matches(_labels(known, object)) and _sees_namespace(known, kind, holder, object)


def _sees_namespace(known: Cluster, kind: _Kind, holder: Object, object: Object) -> bool:
    node = dig(holder.body, "spec", f"{kind.key}NamespaceSelector")
    if node is not None:
        return True  # labels of namespaces may be given by hand
    own, other = known.namespace_of(holder), known.namespace_of(object)
    return not own or not other or own == other


def _labels(known: Cluster, object: Object) -> dict[str, str]:
    return {**known.added_labels(object), **object.labels}


def _has_no_service(known: Cluster, prometheus: Object, name: str, namespace: str) -> bool:
    """Whether no unit of the Prometheus has a Service of that name, and nothing else makes one."""
    return known.holds_everywhere(
        prometheus,
        lambda unit: (
            not (unit.is_open or unit.named(name, namespace, "Service") or unit.is_patched(prometheus, "alerting"))
        ),
    ) and not known.project.model(Elsewhere).makes(name)


def _of_alerting(known: Cluster, prometheus: Object) -> Iterator[Break]:
    """Alerts that nobody is told of, and an Alertmanager that does not exist."""
    spec = dig(prometheus.body, "spec")
    managers = blocks(spec, "alerting", "alertmanagers")
    for manager in managers:
        name, namespace = manager.get("name"), scalar(manager, "namespace") or known.namespace_of(prometheus)
        if not isinstance(name, Setting) or name.value in _OF_THE_OPERATOR:
            continue
        if is_known(name.value) and is_known(namespace) and _has_no_service(known, prometheus, name.value, namespace):
            told = f"Prometheus {prometheus.name} tells the Service {name.value}"
            message = f"{told}, which does not exist: nobody hears of alerts"
            fix = "name the Service of the Alertmanager; the operator makes alertmanager-operated"
            yield Break(prometheus.file, name.start, message, fix)
    told_otherwise = ("additionalAlertManagerConfigs", "remoteWrite", "additionalAlertRelabelConfigs", "thanos")
    if managers or not isinstance(spec, Block) or any(spec.get(key) is not None for key in told_otherwise):
        return
    if any(unit.is_patched(prometheus, "alerting") or unit.is_open for unit in known.units_of(prometheus)):
        return
    wanted: Selector = selector(spec.get("ruleSelector"))
    rules = [rule for rule in _judged(known, "PrometheusRule") if wanted.matches(_labels(known, rule))]
    if spec.get("ruleSelector") is not None and any(_ALERT.search(rule.text) for rule in rules):
        read = f"the rules that Prometheus {prometheus.name} reads hold alerts"
        message = f"{read}, but it names no Alertmanager: nobody is told"
        fix = "add alerting.alertmanagers with the name, the namespace and the port of the Alertmanager's Service"
        yield Break(prometheus.file, prometheus.where.start, message, fix, is_silent=True)
