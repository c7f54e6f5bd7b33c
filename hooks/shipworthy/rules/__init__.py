"""The rules, one module each. What is in this folder is in the collection: there is no list to edit."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


@cache
def ids() -> tuple[str, ...]:
    """The ids of all rules, sorted."""
    modules = (name[:-3] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py"))
    return tuple(sorted(name.replace("_", "-") for name in modules if name != "__init__"))


def load(id: str) -> ModuleType:
    """The module of a rule, which has ``RULE``, ``check`` and ``main``."""
    return import_module(f"shipworthy.rules.{id.replace('-', '_')}")
