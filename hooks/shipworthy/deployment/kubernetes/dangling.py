"""References that lead nowhere: what they are, and when one counts as one."""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.deployment.kubernetes.elsewhere import Elsewhere
from shipworthy.deployment.kubernetes.objects import Object, is_known
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting

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
OWN_PODS = "own-pods"
PROBE_PORT = "probe-port"
PRIORITY = "priority-class"
PULL_SECRET = "pull-secret"
MONITORED_PORT = "monitored-port"
EMPTY_SECRET = "empty-secret"
WITH_ADDRESS = "governing-service-with-address"


class Dangling(NamedTuple):
    """A reference that leads nowhere. ``problem`` is a sentence without its subject, which is ``object``."""

    kind: str
    object: Object
    node: Setting | Block
    problem: str
    fix: str


def is_missing(known: Cluster, object: Object, name: str, namespace: str, *kinds: str) -> bool:
    """Whether nothing in any unit of the object is called so, and nothing else makes it."""
    if not name or not is_known(name) or not is_known(namespace):
        return False
    return known.holds_everywhere(
        object, lambda unit: _is_absent(unit, object, name, namespace, *kinds)
    ) and not known.project.model(Elsewhere).makes(name)


def _is_absent(unit: Unit, object: Object, name: str, namespace: str, *kinds: str) -> bool:
    return not (
        unit.is_open
        or unit.named(name, namespace, *kinds)
        or unit.is_patched(object, name)
        or unit.may_be_installed(namespace)
        or unit.custom_mention(name)
    )


def absent(namespace: str) -> str:
    """That something does not exist, and where it would have to."""
    return f"does not exist in the namespace {namespace}" if namespace else "does not exist"


def only_in(known: Cluster, object: Object, name: str, kind: str) -> str:
    """The namespace that holds what is called so, where the object's own does not; "" where none does."""
    for other in known.by_kind.get(kind, ()):
        namespace = known.namespace_of(other)
        if other.name == name and namespace not in ("", known.namespace_of(object)) and not other.is_template:
            return namespace
    return ""


def no_pod(namespace: str) -> str:
    """That no pod is chosen, and where one would have to be."""
    return f"no pod in the namespace {namespace} has these labels" if namespace else "no pod has these labels"


def existing(known: Cluster, *kinds: str) -> str:
    """The names of what there is of these kinds, for the fix of a reference to none of them."""
    found = sorted(
        {
            object.name
            for kind in kinds
            for object in known.by_kind.get(kind, ())
            if object.name and not object.is_template
        }
    )
    return f" ({', '.join(found[:5])}{', …' if len(found) > 5 else ''})" if found else ""
