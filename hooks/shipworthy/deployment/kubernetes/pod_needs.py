"""What pods need to start: a ServiceAccount, a priority, ConfigMaps and Secrets with their keys, claims, images.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.kubernetes.dangling import (
    CLAIM,
    CONFIG_MAP,
    KEY,
    PRIORITY,
    PULL_SECRET,
    SECRET,
    SERVICE_ACCOUNT,
    Dangling,
    absent,
    existing,
    is_missing,
    only_in,
)
from shipworthy.deployment.kubernetes.held import Held, held_by
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, mapping, scalar
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting


def of_pods(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    """What pods need and nothing gives them."""
    namespace = known.namespace_of(pods.object)
    yield from _of_account(known, pods, namespace)
    yield from _of_priority(known, pods)
    seen: set[tuple[str, str, str]] = set()
    for held in held_by(pods):
        place = (held.kind, held.name, held.key)
        if place in seen or held.is_optional or held.name == "kube-root-ca.crt":
            continue
        seen.add(place)
        yield from _of_held(known, pods, held, namespace, seen)
    yield from _of_claims(known, pods, namespace)
    yield from of_pull_secrets(known, pods.object, blocks(pods.spec, "imagePullSecrets"))


def _of_account(known: Cluster, pods: Pods, namespace: str) -> Iterator[Dangling]:
    account = pods.spec.get("serviceAccountName") or pods.spec.get("serviceAccount")
    if not isinstance(account, Setting) or account.value in ("", "default"):
        return
    if is_missing(known, pods.object, account.value, namespace, "ServiceAccount"):
        yield Dangling(
            SERVICE_ACCOUNT,
            pods.object,
            account,
            f"runs as the ServiceAccount {account.value}, which {absent(namespace)}: its pods cannot be created",
            f"add the ServiceAccount {account.value}",
        )


def _of_priority(known: Cluster, pods: Pods) -> Iterator[Dangling]:
    name = pods.spec.get("priorityClassName")
    if not isinstance(name, Setting) or name.value.startswith("system-"):
        return
    if is_missing(known, pods.object, name.value, "", "PriorityClass"):
        yield Dangling(
            PRIORITY,
            pods.object,
            name,
            f"has the PriorityClass {name.value}, which does not exist: its pods are rejected",
            f"add the PriorityClass {name.value}{existing(known, 'PriorityClass')}",
        )


def _of_claims(known: Cluster, pods: Pods, namespace: str) -> Iterator[Dangling]:
    for volume in blocks(pods.spec, "volumes"):
        claim = dig(volume, "persistentVolumeClaim", "claimName")
        if not isinstance(claim, Setting) or _is_made_by_stateful_set(known, claim.value):
            continue
        if is_missing(known, pods.object, claim.value, namespace, "PersistentVolumeClaim"):
            yield Dangling(
                CLAIM,
                pods.object,
                claim,
                f"mounts the claim {claim.value}, which {absent(namespace)}: its pods stay pending",
                f"add the PersistentVolumeClaim {claim.value}",
            )


def _is_made_by_stateful_set(known: Cluster, claim: str) -> bool:
    """Whether a claim is called like those that a StatefulSet makes: ``TEMPLATE-SET-NUMBER``."""
    return any(
        claim.startswith(f"{scalar(template, 'metadata', 'name')}-{stateful.name}-")
        for stateful in known.by_kind.get("StatefulSet", ())
        if not stateful.is_template
        for template in blocks(stateful.body, "spec", "volumeClaimTemplates")
    )


def of_account(known: Cluster, account: Object) -> Iterator[Dangling]:
    """The Secrets that pods of a ServiceAccount pull images with."""
    yield from of_pull_secrets(known, account, blocks(account.body, "imagePullSecrets"))


def of_pull_secrets(known: Cluster, object: Object, secrets: list[Block]) -> Iterator[Dangling]:
    """The Secrets that images are pulled with; ``regcred`` is what everybody calls one that is created by hand."""
    for secret in secrets:
        name = secret.get("name")
        if not isinstance(name, Setting) or name.value == "regcred":
            continue
        if is_missing(known, object, name.value, known.namespace_of(object), "Secret"):
            yield Dangling(
                PULL_SECRET,
                object,
                name,
                f"pulls its images with the Secret {name.value}, which is not in the repository, nor is how it is"
                " created: a private image cannot be pulled",
                f"document how {name.value} is created (kubectl create secret docker-registry), or make it with an"
                " ExternalSecret",
            )


def _of_held(
    known: Cluster, pods: Pods, held: Held, namespace: str, seen: set[tuple[str, str, str]]
) -> Iterator[Dangling]:
    object = pods.object
    if is_missing(known, object, held.name, namespace, held.kind):
        if (held.kind, held.name, "missing") not in seen:
            seen.add((held.kind, held.name, "missing"))
            yield _missing(known, object, held)
    elif held.key and known.holds_everywhere(object, lambda unit: _lacks_key(unit, held, namespace)):
        yield Dangling(
            KEY,
            object,
            held.key_node or held.node,
            f"needs the key {held.key} of the {held.kind} {held.name}, which has no such key",
            f"add {held.key} to the {held.kind} {held.name}",
        )


def _missing(known: Cluster, object: Object, held: Held) -> Dangling:
    elsewhere = only_in(known, object, held.name, held.kind)
    if elsewhere:
        what = f"which is in the namespace {elsewhere}: pods can use those of their own namespace alone"
        fix = f"add the {held.kind} {held.name} to the namespace {known.namespace_of(object)}"
    elif held.kind == "ConfigMap":
        what = "which is not in the repository, nor is how it is created"
        fix = f"commit the ConfigMap {held.name}{existing(known, held.kind)}"
    else:
        what = "which is not in the repository, nor is how it is created"
        fix = f"commit {held.name} as a SealedSecret or an ExternalSecret, or document how it is created"
    kind = CONFIG_MAP if held.kind == "ConfigMap" else SECRET
    return Dangling(kind, object, held.node, f"needs the {held.kind} {held.name}, {what}", fix)


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
