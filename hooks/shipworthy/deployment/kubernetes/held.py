"""The ConfigMaps and Secrets that pods take their environment and their files from.

Source: https://kubernetes.io/docs/concepts/configuration/configmap/ and .../secret/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.objects import Value, blocks, dig, scalar
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.formats.tree import Block, Setting

CONFIG_MAP = "ConfigMap"
SECRET = "Secret"


class Held(NamedTuple):
    """A ConfigMap or a Secret that pods need, or one key of it; ``key`` is "" for the whole."""

    kind: str
    name: str
    node: Setting
    key: str = ""
    key_node: Setting | None = None
    is_optional: bool = False


def held_by(pods: Pods) -> Iterator[Held]:
    """What the containers and volumes of pods need."""
    for container in pods.all_containers:
        for source in blocks(container, "envFrom"):
            yield from _whole(CONFIG_MAP, dig(source, "configMapRef"), "name")
            yield from _whole(SECRET, dig(source, "secretRef"), "name")
        for variable in blocks(container, "env"):
            yield from _with_key(CONFIG_MAP, dig(variable, "valueFrom", "configMapKeyRef"))
            yield from _with_key(SECRET, dig(variable, "valueFrom", "secretKeyRef"))
    for volume in blocks(pods.spec, "volumes"):
        yield from _volume(volume)
        for source in blocks(volume, "projected", "sources"):
            yield from _volume(source)


def _volume(volume: Block) -> Iterator[Held]:
    for kind, key in ((CONFIG_MAP, "configMap"), (SECRET, "secret")):
        source = dig(volume, key)
        names = ("secretName", "name") if kind == SECRET else ("name",)
        for name in names:
            yield from _whole(kind, source, name)
            node = dig(source, name)
            for item in blocks(source, "items"):
                wanted = item.get("key")
                if isinstance(node, Setting) and isinstance(wanted, Setting):
                    yield Held(kind, node.value, node, wanted.value, wanted, _is_optional(source))


def _whole(kind: str, source: Value, key: str) -> Iterator[Held]:
    node = dig(source, key)
    if isinstance(node, Setting) and node.value:
        yield Held(kind, node.value, node, is_optional=_is_optional(source))


def _with_key(kind: str, source: Value) -> Iterator[Held]:
    node, key = dig(source, "name"), dig(source, "key")
    if isinstance(node, Setting) and node.value and isinstance(key, Setting):
        yield Held(kind, node.value, node, key.value, key, _is_optional(source))


def _is_optional(source: Value) -> bool:
    return scalar(source, "optional") == "true"
