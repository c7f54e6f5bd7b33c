"""The rules, one module each. What is in this folder is in the collection: there is no list to edit."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from shipworthy.rule import Check, Rule


_ids: list[str] = []


def ids() -> tuple[str, ...]:
    """The ids of all rules, sorted."""
    if not _ids:
        modules = (name[:-3] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py"))
        _ids.extend(sorted(name.replace("_", "-") for name in modules if name != "__init__"))
    return tuple(_ids)


def unasked() -> tuple[str, ...]:
    """The ids of the rules that `shipworthy check` runs without being asked for them; it loads all rules."""
    return tuple(id for id in ids() if not load(id).RULE.manual)


def load(id: str) -> ModuleType:
    """The module of a rule, which has ``RULE``, ``check`` and ``main``."""
    from importlib import import_module  # every hook imports this package, and few call this function

    return import_module(f"shipworthy.rules.{id.replace('-', '_')}")


def checks(ids: Iterable[str]) -> list[tuple[Rule, Check]]:
    """The rules of these ids, each with its check."""
    return [(module.RULE, module.check) for module in map(load, ids)]
