"""Values that the CI makes up when it runs."""

from __future__ import annotations

_VARIABLE = ("${{", "$", "<<", "{{", "%(")


def is_literal(value: str) -> bool:
    """Whether a value stands there as it will be: no expression, no variable."""
    return not any(mark in value for mark in _VARIABLE)


def is_true(value: str) -> bool:
    """Whether a plain scalar is YAML's true."""
    return value.lower() in ("true", "yes", "on")
