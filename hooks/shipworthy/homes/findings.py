"""Turns the uses of temporary directories into the findings of the two rules about them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shipworthy.file import File
from shipworthy.homes.permanent import fix, message
from shipworthy.homes.uses import temporary_homes
from shipworthy.places import PRODUCTION
from shipworthy.rule import MEDIUM, Finding, Rule


def findings(rule: Rule, file: File, roles: Collection[str]) -> Iterator[Finding]:
    """The findings of ``rule``, which owns the ``roles``. Outside of production paths they are medium: they are read,
    copied and learned from, but nothing runs on them."""
    for use in file.model(temporary_homes):
        if use.role in roles:
            yield rule.finding(
                file,
                use.setting,
                message(use),
                fix=fix(use, file),
                severity=rule.severity if file.place == PRODUCTION else MEDIUM,
                details={"role": use.role, "directory": use.path.directory, "value": use.setting.value},
            )
