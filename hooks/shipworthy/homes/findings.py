"""Turns the uses of temporary directories into the findings of the two rules about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shipworthy.config import TemporaryStatement
from shipworthy.file import File
from shipworthy.homes.permanent import edits, fix, message
from shipworthy.homes.uses import Use, temporary_homes
from shipworthy.places import PRODUCTION
from shipworthy.rule import MEDIUM, Finding, Rule


def findings(rule: Rule, file: File, roles: Collection[str]) -> Iterator[Finding]:
    """The findings of ``rule``, which owns the ``roles``.

    Outside of production paths they are medium: they are read, copied and learned from, but nothing runs on them.
    """
    for use in file.model(temporary_homes):
        if use.role in roles and not _is_permitted(use, file.config.temporary):
            yield rule.finding(
                file,
                use.setting,
                message(use),
                fix=fix(use, file),
                severity=rule.severity if file.place == PRODUCTION else MEDIUM,
                edits=edits(use, file),
                details={"role": use.role, "directory": use.path.directory, "value": use.setting.value},
            )


def _is_permitted(use: Use, stated: TemporaryStatement) -> bool:
    """Whether the configuration leaves the role or the path alone."""
    path = f"{use.path.directory}/{use.path.rest}/"
    return use.role in stated.roles or any(path.startswith(prefix + "/") for prefix in stated.permitted)
