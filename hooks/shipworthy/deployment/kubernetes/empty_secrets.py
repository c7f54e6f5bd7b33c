"""Secrets that are applied without the values that pods take from them.

Somebody fills such a Secret in by hand, and the next deployment empties it again.

Source: https://kubernetes.io/docs/concepts/configuration/secret/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.env_names import MAY_BE_EXAMPLE
from shipworthy.deployment.kubernetes.applied import Applications
from shipworthy.deployment.kubernetes.dangling import EMPTY_SECRET, Dangling
from shipworthy.deployment.kubernetes.elsewhere import Elsewhere
from shipworthy.deployment.kubernetes.held import SECRET, held_by
from shipworthy.deployment.kubernetes.objects import Object, dig, is_null, scalar
from shipworthy.deployment.kubernetes.units import Cluster, Unit
from shipworthy.formats.tree import Block, Setting


def of_secret(known: Cluster, secret: Object) -> Iterator[Dangling]:
    """The first key without a value, where pods take it from the Secret and something applies the manifest."""
    empty = list(_empty(secret))
    if not empty or secret.group or MAY_BE_EXAMPLE.search(secret.file.name.lower()):
        return
    from shipworthy.deployment.secrets.keys import holds_secret

    taken = _taken(known, secret)
    keys = [key for key in empty if key.name in taken or ("" in taken and holds_secret(key.name))]
    if not keys or not known.holds_everywhere(secret, lambda unit: not _is_filled(unit, secret)):
        return
    applied = known.project.model(Applications).of(secret.path, known.units_of(secret))
    if applied and not known.project.model(Elsewhere).makes(secret.name):
        others = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
        yield Dangling(
            EMPTY_SECRET,
            secret,
            keys[0],
            f"has no value for {keys[0].name}{others}, and {applied} applies it: the next deployment empties what"
            " somebody entered by hand",
            "make it with a SealedSecret or an ExternalSecret, or take it out of what is applied and document how it"
            " is created",
        )


def _empty(secret: Object) -> Iterator[Setting]:
    """The keys without a value. What controllers fill in has a type of its own, or is called like a certificate."""
    if scalar(secret.body, "type").startswith("kubernetes.io/") or "sops" in secret.body.entries():
        return
    for section in ("data", "stringData"):
        held = dig(secret.body, section)
        for node in held.entries().values() if isinstance(held, Block) else ():
            if isinstance(node, Setting) and (not node.value.strip() or is_null(node)):
                yield node


def _taken(known: Cluster, secret: Object) -> set[str]:
    """The keys of the Secret that pods take, "" where they take the whole of it."""
    namespace = known.namespace_of(secret)
    return {
        held.key
        for pods in known.pods
        if namespace in ("", known.namespace_of(pods.object)) or not known.namespace_of(pods.object)
        for held in held_by(pods)
        if held.kind == SECRET and held.name == secret.name and not held.is_optional
    }


def _is_filled(unit: Unit, secret: Object) -> bool:
    return unit.is_open or unit.is_patched(secret, "data", "Data")
