"""What pods need to start: a ServiceAccount, ConfigMaps and Secrets with their keys, claims.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.kubernetes.dangling import (
    CLAIM,
    CONFIG_MAP,
    KEY,
    SECRET,
    SERVICE_ACCOUNT,
    Dangling,
    absent,
    existing,
    is_missing,
)
from shipworthy.deployment.kubernetes.held import Held, held_by
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, mapping, scalar
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Setting


def of_pods(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    """The ServiceAccount, ConfigMaps, Secrets and claims that pods need."""
    object, namespace = pods.object, known.namespace_of(pods.object)
    account = pods.spec.get("serviceAccountName") or pods.spec.get("serviceAccount")
    is_named = isinstance(account, Setting) and account.value not in ("", "default")
    if (
        is_named
        and isinstance(account, Setting)
        and is_missing(known, object, account.value, namespace, "ServiceAccount")
    ):
        yield Dangling(
            SERVICE_ACCOUNT,
            object,
            account,
            f"runs as the ServiceAccount {account.value}, which {absent(namespace)}: its pods cannot be created",
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
        if isinstance(claim, Setting) and is_missing(known, object, claim.value, namespace, "PersistentVolumeClaim"):
            yield Dangling(
                CLAIM,
                object,
                claim,
                f"mounts the claim {claim.value}, which {absent(namespace)}: its pods stay pending",
                f"add the PersistentVolumeClaim {claim.value}",
            )


def _of_held(
    known: Cluster, pods: Pods, held: Held, namespace: str, seen: set[tuple[str, str, str]]
) -> Iterator[Dangling]:
    object = pods.object
    if is_missing(known, object, held.name, namespace, held.kind):
        if (held.kind, held.name, "missing") not in seen:
            seen.add((held.kind, held.name, "missing"))
            yield Dangling(
                CONFIG_MAP if held.kind == "ConfigMap" else SECRET,
                object,
                held.node,
                f"needs the {held.kind} {held.name}, which is not in the repository, nor is how it is created",
                f"commit the {held.kind} {held.name}{existing(known, held.kind)}"
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
