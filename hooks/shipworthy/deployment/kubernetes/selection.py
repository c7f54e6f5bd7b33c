"""Whether a selector chooses any pod, with everything that may make pods unseen.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from __future__ import annotations

from shipworthy.deployment.kubernetes.elsewhere import Elsewhere
from shipworthy.deployment.kubernetes.objects import Object
from shipworthy.deployment.kubernetes.pods import Selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit

_MOST_COMPARED = 500
"""So many pods are looked at for the one that is meant."""


def selects_nothing(known: Cluster, object: Object, wanted: Selector) -> bool:
    """Whether no pod in any unit of the object has the labels, and nothing unseen may bring such pods."""
    namespace = known.namespace_of(object)
    if is_of_others(known, object, namespace):
        return False
    return known.holds_everywhere(object, lambda unit: _selects_nothing(unit, object, wanted, namespace)) and not any(
        known.project.model(Elsewhere).installs(value) for value in wanted.labels.values()
    )


def is_of_others(known: Cluster, object: Object, namespace: str) -> bool:
    """Whether an object is for pods that a chart or the cluster itself brings: its text or its namespace says so."""
    if "helm" in object.text.lower():
        return True
    return bool(namespace) and all(known.namespace_of(pods.object) not in ("", namespace) for pods in known.pods)


def _selects_nothing(unit: Unit, object: Object, wanted: Selector, namespace: str) -> bool:
    if unit.is_patched(object, "selector"):
        return False
    return not unit.chosen(wanted, namespace) and not unit.may_have_more_pods(wanted)


def closest(known: Cluster, wanted: Selector) -> str:
    """The pods that have one of the labels or values, for the fix."""
    for pods in known.pods[:_MOST_COMPARED]:
        if set(wanted.labels.values()) & set(pods.labels.values()) and not pods.object.is_template:
            plain = ",".join(f"{key}={value}" for key, value in sorted(pods.labels.items()))
            return f", of {pods.object.kind} {pods.object.name}: {plain}"
    return ""
