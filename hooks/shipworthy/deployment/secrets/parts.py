"""What stands inside a value: passwords in URLs and connection strings, defaults of variables, fields of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.secrets.keys import holds_secret
from shipworthy.deployment.secrets.values import LONGEST, format_of_token
from shipworthy.formats.interpolation import defaults
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Setting
from shipworthy.patterns import lazy

_USER_INFO = lazy(r"://(?P<user>[^\s:/@\"'?#]*):(?P<password>[^\s@/\"']+)@(?P<host>[^\s:/?#,\"']*)(?P<rest>[^\s,\"']*)")
_HOST = lazy(r"(?:://(?:[^\s/@]*@)?|(?:^|[;\s])(?:server|host|data source)=)(?P<host>[^\s/:?;,]*)", re.IGNORECASE)
_FIELD = lazy(r"(?:^|[;&?\s])(?P<name>[A-Za-z][\w.\-]*)\s?=\s?(?P<value>[^;&\s\"']+)")
_JSON_FIELD = lazy(r"\"(?P<name>\w+)\"\s*:\s*\"(?P<value>[^\"\\]*)\"")
_SEVERAL = lazy(r"[;&?]|\s\w+=")
_USERS = frozenset({"catalog", "database", "dbname", "id", "uid", "user", "username"})
_DATABASE = lazy(r"(?::\d+)?/(?P<database>\w+)")
_LOCAL = lazy(
    r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[|host\.docker\.internal|[\w.-]*\.local(?:host)?|mock|host(?:name)?)?",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A secret by its name or place: a whole value, or what stands in one.

    ``name`` is what it is called there: the key, the variable, the field. ``variable`` is the variable that it stands
    in for where that is not given (``${X:-v}``), "" where it always counts. ``host`` is the one that a password in a
    URL opens, None elsewhere. ``known`` are the names beside it, in small letters: of the user, of the database.
    """

    name: str
    value: str
    variable: str = ""
    host: str | None = None
    known: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether it opens something on the developer's own machine."""
        return self.host is not None and _LOCAL.fullmatch(self.host) is not None


def parts_of(name: str, value: str, *, spring: bool = False) -> Iterator[Part]:
    """What in the value of a variable or key is meant to be a secret; ``spring``: defaults are written ``${x:v}``."""
    text = value[:LONGEST]
    stand_ins = list(defaults(Source(text), spring=spring)) if "${" in text else []
    inside = [*_addresses(name, text), *_fields(text)]
    filled: set[str] = set()
    for offset, part in inside:
        around = [default for default in stand_ins if default.start <= offset < default.end]
        variable = around[-1].name if around else ""
        filled.update(default.name for default in around)
        yield part._replace(variable=variable)
    is_reference = text.startswith("${") and text.endswith("}")
    for default in stand_ins:
        if default.name not in filled and (
            holds_secret(default.name)
            or _is_password(default, text)
            or (is_reference and holds_secret(name))
            or format_of_token(default.value, default.name)
        ):
            yield Part(default.name, default.value, variable=default.name)
    if not inside and not stand_ins and (holds_secret(name) or format_of_token(text, name)):
        yield Part(name, text)


def _is_password(default: Setting, text: str) -> bool:
    """Whether a variable stands where a URL has its password: ``://user:${X:-v}@host``."""
    before = text.rfind("${", 0, default.start)
    return text[default.end : default.end + 2] == "}@" and text[max(before - 1, 0) : before] == ":"


def _addresses(name: str, text: str) -> Iterator[tuple[int, Part]]:
    for found in _USER_INFO.finditer(text) if "://" in text else ():
        database = _DATABASE.match(found["rest"])
        names = (found["user"], database["database"] if database else "")
        known = tuple(word.lower() for word in names if word)
        yield found.start(), Part(name, found["password"], host=found["host"], known=known)


def _fields(text: str) -> list[tuple[int, Part]]:
    """The fields of a connection string or a query (``a=b;c=d``), or of a JSON text, that are secrets."""
    pattern = _FIELD if "=" in text and _SEVERAL.search(text) else _JSON_FIELD if text.startswith(("{", "[")) else None
    found = list(pattern.finditer(text)) if pattern else []
    if not found:
        return []
    known = tuple(field["value"].lower() for field in found if field["name"].lower() in _USERS)
    opened = _HOST.search(text)
    host = opened["host"] if opened else None
    return [
        (field.start("value"), Part(field["name"], field["value"], host=host, known=known))
        for field in found
        if holds_secret(field["name"])
    ]
