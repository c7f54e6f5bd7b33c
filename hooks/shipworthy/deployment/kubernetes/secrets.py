"""What the Secret manifests of a file hold in readable form. Base64 is no encryption.

Source: https://kubernetes.io/docs/concepts/configuration/secret/
"""

from __future__ import annotations

import re
from binascii import Error
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.objects import Object, dig, objects_in
from shipworthy.deployment.secrets.keys import holds_secret
from shipworthy.deployment.secrets.parts import parts_of
from shipworthy.deployment.secrets.values import IDENTIFIER, KNOWN, LITERAL, PLACEHOLDER, WEAK, class_of
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

_PRIVATE_KEY = lazy(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[\w+/=\s]{64}")
_REGISTRY_LOGIN = lazy(r"\"auth\"\s*:\s*\"(?P<login>[A-Za-z0-9+/=]+)\"")
_RANKS = (KNOWN, LITERAL, WEAK, IDENTIFIER, PLACEHOLDER)
"""What a value may be, the worst first; everything else is no readable secret."""


class Readable(NamedTuple):
    """A key of a Secret with a value that everybody can read. ``rank`` is one of the classes of values."""

    object: Object
    key: str
    node: Setting
    value: str
    rank: str


def readable(file: File) -> Iterator[Readable]:
    """The readable values of all Secrets in a file. Raises `Unreadable` for what is no text."""
    for object in objects_in(file):
        if object.kind == "Secret" and object.group == "":
            yield from _of_secret(object)


def _of_secret(object: Object) -> Iterator[Readable]:
    if "sops" in object.body.entries():
        return
    for section, is_encoded in (("data", True), ("stringData", False)):
        held = dig(object.body, section)
        for node in held.entries().values() if isinstance(held, Block) else ():
            if isinstance(node, Setting):
                value = _decoded(node.value) if is_encoded else node.value
                rank = _rank(node.name, value)
                if rank:
                    yield Readable(object, node.name, node, value, rank)


def _decoded(written: str) -> str:
    """What a base64 value holds; the value itself where it is none, "" where it is no text."""
    from base64 import b64decode

    try:
        return b64decode("".join(written.split()), validate=True).decode("utf-8")
    except UnicodeDecodeError:
        return ""
    except (Error, ValueError):
        return written


def _rank(key: str, value: str) -> str:
    """The worst of what a value holds; "" where that is no readable secret."""
    if _PRIVATE_KEY.search(value):
        return LITERAL
    if key.startswith(".dockerc") and (found := _REGISTRY_LOGIN.search(value)):
        return _rank_of_login(_decoded(found["login"]))
    name = _without_ending(key)
    classes = {class_of(part.value, part.name, part.known) for part in parts_of(name, value) if not part.variable}
    return next((rank for rank in _RANKS if rank in classes), "")


def _rank_of_login(login: str) -> str:
    password = login.partition(":")[2]
    found = class_of(password, "password") if password else ""
    return found if found in _RANKS else ""


def _without_ending(key: str) -> str:
    """``password`` of ``password.txt``: a key may be called like a file."""
    stem = re.sub(r"\.(?:txt|key|conf)$", "", key)
    return stem if holds_secret(stem) else key
