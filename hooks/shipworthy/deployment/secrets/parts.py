"""What stands inside a value: passwords in URLs and connection strings, defaults of variables, fields of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.secrets.keys import holds_secret
from shipworthy.deployment.secrets.values import LONGEST
from shipworthy.formats.interpolation import defaults
from shipworthy.formats.source import Source

WHOLE = "whole"
DEFAULT = "default"
"""What stands in for a variable that is not given."""
ADDRESS = "address"
"""The password of a URL."""
FIELD = "field"
"""A field of a connection string, a query or a JSON text."""

_USER_INFO = re.compile(r"://(?P<user>[^\s:/@\"'?#]*):(?P<password>[^\s@/\"']+)@(?P<host>[^\s:/?#,\"']*)(?P<rest>[^\s,\"']*)")
_FIELD = re.compile(r"(?:^|[;&?\s])(?P<name>[A-Za-z][\w.\-]*)\s?=\s?(?P<value>[^;&\s\"']+)")
_JSON_FIELD = re.compile(r"\"(?P<name>\w+)\"\s*:\s*\"(?P<value>[^\"\\]*)\"")
_SEPARATORS = re.compile(r"[;&?]|\w\s+\w+=")
_DATABASE = re.compile(r"(?::\d+)?/(?P<database>\w+)")
_LOCAL_HOST = re.compile(r"localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal|.*\.local(?:host)?|", re.I)


class Part(NamedTuple):
    """A value, or a part of one. ``name`` is what it is called there: the key, the variable, the field.

    ``host`` is that of an `ADDRESS`; ``known`` are the names beside it that a weak password equals.
    """

    kind: str
    name: str
    value: str
    host: str = ""
    known: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether it opens something on the developer's own machine."""
        return self.kind == ADDRESS and _LOCAL_HOST.fullmatch(self.host) is not None


def parts_of(name: str, value: str, *, spring: bool = False) -> Iterator[Part]:
    """What in the value of a variable or key is a secret by its name or its place; nothing where nothing is.

    ``spring`` tells that defaults are written ``${x:v}``.
    """
    text = value[:LONGEST]
    given = list(defaults(Source(text), spring=spring)) if "${" in text else []
    for default in given:
        inner = default.value
        if holds_secret(default.name) or (holds_secret(name) and default.end - default.start >= len(text) - len(default.name) - 5):
            yield Part(DEFAULT, default.name, inner)
        else:
            yield from (part._replace(kind=DEFAULT, name=default.name) for part in _addresses(name, inner))
    inside = list(_addresses(name, text)) if not given else []
    inside += [] if given else _fields(text)
    yield from inside
    if not inside and not given and holds_secret(name):
        yield Part(WHOLE, name, text)


def _addresses(name: str, text: str) -> Iterator[Part]:
    if "://" not in text:
        return
    for found in _USER_INFO.finditer(text):
        database = _DATABASE.match(found["rest"])
        known = [found["user"], database["database"] if database else ""]
        names = tuple(word.lower() for word in known if word)
        yield Part(ADDRESS, name, found["password"], found["host"], names)


def _fields(text: str) -> list[Part]:
    if "=" in text and _SEPARATORS.search(text):
        found = [(field["name"], field["value"]) for field in _FIELD.finditer(text)]
    elif text.lstrip().startswith(("{", "[")):
        found = [(field["name"], field["value"]) for field in _JSON_FIELD.finditer(text)]
    else:
        return []
    users = tuple(value.lower() for name, value in found if name.lower() in ("user", "uid", "username", "database", "dbname", "id", "catalog"))
    return [Part(FIELD, name, value, known=users) for name, value in found if holds_secret(name)]
