"""Names of services, and when two of them mean the same service.

`Basket.API`, `basket-api` and `basket_service` are one service to the people who wrote them. Suffixes that only say
that something is a service are left out of the comparison; nothing else is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from shipworthy.patterns import lazy

Named = TypeVar("Named")

_SEPARATORS = lazy(r"[_.\s]+")
_ROLES = ("-service", "-svc", "-api", "-app", "-server", "-worker")
_PLAIN = lazy(r"[\w.-]+")
_MOST_REMEMBERED = 20_000
"""Names: the same ones are compared with each other all the time."""


@lru_cache(maxsize=_MOST_REMEMBERED)
def spelled(name: str) -> str:
    """A name in lower case with dashes, without the scope of a package: ``@acme/Web_App`` is ``web-app``."""
    return _SEPARATORS.sub("-", name.rpartition("/")[2].lower()).strip("-")


@lru_cache(maxsize=_MOST_REMEMBERED)
def comparable(name: str) -> str:
    """A name without the suffix that says that it is a service: ``cart-service`` is ``cart``."""
    plain = spelled(name)
    for role in _ROLES:
        if plain.endswith(role) and plain != role:
            return plain[: -len(role)]
    return plain


def find(named: Mapping[str, Named], name: str) -> Named | None:
    """What has that name, or, where nothing has it, the only thing whose name is comparable."""
    wanted = spelled(name)
    for known, thing in named.items():
        if spelled(known) == wanted:
            return thing
    wanted = comparable(name)
    near = {id(thing): thing for known, thing in named.items() if wanted and comparable(known) == wanted}
    return next(iter(near.values())) if len(near) == 1 else None


def image_name(reference: str) -> str:
    """The last part of an image reference, without tag and digest; "" where a variable hides it."""
    last = reference.rpartition("/")[2].rstrip("}\"'")
    name = re.split("[:@]", last, maxsplit=1)[0]
    return name if _PLAIN.fullmatch(name) else ""


def shared_prefix(names: Iterable[str]) -> str:
    """The product's name that two or more image names begin with, ``shop-`` of ``shop-api`` and ``shop-web``."""
    counts: dict[str, int] = {}
    for name in set(names):
        product, dash, _ = spelled(name).partition("-")
        if dash:
            counts[product + dash] = counts.get(product + dash, 0) + 1
    prefix = max(counts, key=lambda known: counts[known], default="")
    return prefix if counts.get(prefix, 0) > 1 else ""
