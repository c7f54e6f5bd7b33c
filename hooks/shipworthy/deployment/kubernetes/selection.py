"""Whether a selector chooses any pod, with everything that may make pods unseen.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from shipworthy.deployment.kubernetes.elsewhere import Elsewhere
from shipworthy.deployment.kubernetes.objects import Object
from shipworthy.deployment.kubernetes.pods import Pods, Selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit

_MOST_COMPARED = 500
"""So many pods are looked at for the one that is meant."""


def selects_nothing(known: Cluster, object: Object, wanted: Selector) -> bool:
    """Whether no pod in any unit of the object has the labels, and nothing unseen may bring such pods."""
    namespace = known.namespace_of(object)
    if _is_of_others(known, object, wanted, namespace):
        return False
    return known.holds_everywhere(object, lambda unit: _selects_nothing(unit, object, wanted, namespace)) and not any(
        known.project.model(Elsewhere).installs(value) for value in wanted.labels.values()
    )


def _is_of_others(known: Cluster, object: Object, wanted: Selector, namespace: str) -> bool:
    """Whether an object is for pods that a chart or the cluster itself brings: its text or its namespace says so.

    In a namespace without pods it is, unless pods of another one have the very labels: then those are meant.
    """
    if "helm" in object.text.lower():
        return True
    is_empty = bool(namespace) and all(known.namespace_of(pods.object) not in ("", namespace) for pods in known.pods)
    return is_empty and _in_another_namespace(known, wanted, namespace) is None


def _selects_nothing(unit: Unit, object: Object, wanted: Selector, namespace: str) -> bool:
    if unit.is_patched(object, "selector"):
        return False
    return not unit.chosen(wanted, namespace) and not unit.may_have_more_pods(wanted)


def _in_another_namespace(known: Cluster, wanted: Selector, namespace: str) -> Pods | None:
    """Pods that have the labels, in another namespace than this one."""
    for pods in known.pods_with(wanted) if namespace else ():
        is_elsewhere = known.namespace_of(pods.object) not in ("", namespace)
        if is_elsewhere and wanted.matches(pods.labels) and known.is_judged(pods.object):
            return pods
    return None


def remedy(known: Cluster, wanted: Selector, namespace: str) -> str:
    """What to do about a selector that chooses no pod of a namespace."""
    pods = _in_another_namespace(known, wanted, namespace)
    if pods is not None:
        owner = pods.object
        return f"move it to the namespace {known.namespace_of(owner)}, where {owner.kind} {owner.name} is"
    return f"make the selector the labels of the pods{_closest(known, wanted)}"


def _closest(known: Cluster, wanted: Selector) -> str:
    """The pods that have one of the labels or values."""
    for pods in known.pods[:_MOST_COMPARED]:
        if set(wanted.labels.values()) & set(pods.labels.values()) and not pods.object.is_template:
            plain = ",".join(f"{key}={value}" for key, value in sorted(pods.labels.items()))
            return f", of {pods.object.kind} {pods.object.name}: {plain}"
    return ""
