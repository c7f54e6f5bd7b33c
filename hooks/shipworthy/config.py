"""`.shipworthy.yaml`: what a team states about its repository instead of leaving it to inference.

The file is optional, and so is every key. A wrong key or value is an error with its place and the nearest right key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from shipworthy.globs import Globs
from shipworthy.places import PLACES, TESTS, place_of
from shipworthy.rule import SEVERITIES

NAME = ".shipworthy.yaml"
_MISNAMED = ".shipworthy.yml"
BASELINE_NAME = ".shipworthy-baseline"
"""The file of `shipworthy.baseline`, in the root as well."""
TARGETS = ("compose", "kubernetes", "systemd", "platform", "none")
"""What ``deploys`` may name: how this repository gets into production."""
SERVICE_KEYS = ("path", "image")


class ConfigError(Exception):
    """A configuration that cannot be used; the message has path, line, column and what is right instead."""


class ServiceStatement:
    """A service that the configuration states: its ``path``, and ``image`` (a Dockerfile, or "external")."""

    __slots__ = ("image", "line", "name", "path")

    def __init__(self, name: str, path: str, image: str, line: int) -> None:
        self.name = name
        self.path = path
        self.image = image
        self.line = line


class TemporaryStatement:
    """What the configuration states about temporary directories, for all rules about them.

    ``directories`` are temporary besides those that every system has, ``permitted`` are paths that may hold what must
    last although they lie in one, ``roles`` are left alone (see `shipworthy.homes.roles`).
    """

    __slots__ = ("directories", "permitted", "roles")

    def __init__(
        self, directories: tuple[str, ...] = (), permitted: tuple[str, ...] = (), roles: tuple[str, ...] = ()
    ) -> None:
        self.directories = directories
        self.permitted = permitted
        self.roles = roles


class Requirement:
    """What the structure of the repository must hold: a path, or a pattern that one path must match.

    ``others`` are paths that do as well, ``conditions`` paths one of which must be there for it to be required at all.
    In all of them ``{service}`` stands for the folder of each service and ``{name}`` for its name. ``severity`` is ""
    where the rule's is meant, ``preset`` the one that it comes from, or "". It is stated at ``line`` and ``column``.
    """

    __slots__ = ("column", "conditions", "line", "others", "path", "preset", "reason", "severity")

    def __init__(
        self,
        path: str,
        reason: str,
        line: int,
        column: int,
        *,
        severity: str = "",
        others: tuple[str, ...] = (),
        conditions: tuple[str, ...] = (),
        preset: str = "",
    ) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        self.column = column
        self.severity = severity
        self.others = others
        self.conditions = conditions
        self.preset = preset


class Config:
    """The stated configuration. Without a file nothing is stated."""

    def __init__(self) -> None:
        self.path = ""
        self.exclude = Globs([])
        self.severities: dict[str, str] = {}
        self.rule_excludes: dict[str, Globs] = {}
        self.rule_options: dict[str, dict[str, object]] = {}
        self.services: dict[str, ServiceStatement] | None = None
        self.not_services: Globs = Globs([])
        self.deploys: tuple[str, ...] | None = None
        self.places: list[tuple[Globs, str]] = []
        self.temporary = TemporaryStatement()
        self.layout: tuple[Requirement, ...] = ()

    def excludes(self, path: str, rule: str = "") -> bool:
        """Whether a path is excluded, for all rules or for one."""
        return self.exclude.match(path) or (rule in self.rule_excludes and self.rule_excludes[rule].match(path))

    def place_of(self, path: str) -> str:
        """What a path is for: as stated, otherwise as its names tell."""
        return self.stated_place_of(path) or place_of(path)

    @property
    def certain_tests(self) -> tuple[str, ...]:
        """Wildcards of paths that are tests, see `TESTS`; none where places are stated, which may say otherwise."""
        return () if self.places else TESTS

    def stated_place_of(self, path: str) -> str:
        """What the configuration says that a path is for; "" where it says nothing."""
        return next((place for globs, place in self.places if globs.match(path)), "")

    def options(self, rule: str) -> dict[str, object]:
        """The options stated for a rule."""
        return self.rule_options.get(rule, {})

    def listed(self, rule: str, option: str) -> tuple[str, ...]:
        """The values stated for an option of a rule that takes a list."""
        stated = self.options(rule).get(option, ())
        return tuple(stated) if isinstance(stated, (list, tuple)) else ()

    def matches(self, rule: str, option: str, name: str) -> bool:
        """Whether one of the values stated for an option matches a name; ``*`` stands for any characters."""
        from fnmatch import fnmatchcase

        return any(fnmatchcase(name, pattern) for pattern in self.listed(rule, option))


def load(root: str, given: str | None, rules: Iterable[str]) -> Config:
    """The configuration in ``given``, or in the root's `.shipworthy.yaml` if there is one.

    Raises `ConfigError` for a file that cannot be read or says something that no key knows.
    """
    path = os.path.join(root, NAME) if given is None else given
    if given is None:
        if not os.path.lexists(path):
            if os.path.lexists(os.path.join(root, _MISNAMED)):
                raise ConfigError(f"{_MISNAMED}: is not read; call it {NAME}")
            return Config()
        if leads_out(path, root):
            raise ConfigError(f"{NAME}: a symbolic link out of the repository")  # messages quote what it says
    from shipworthy.statements import parse

    config = parse(path, NAME if given is None else given, sorted(rules))
    if given is not None:
        config.path = _seen_from(root, given)
    return config


def _seen_from(root: str, given: str) -> str:
    """A path as findings name it: relative to the root, or as given where it lies outside."""
    relative = os.path.relpath(os.path.realpath(given), os.path.realpath(root)).replace(os.sep, "/")
    return given if relative.startswith("../") else relative


def leads_out(path: str, root: str) -> bool:
    """Whether a path is a symbolic link to something outside of the folder ``root``."""
    return os.path.islink(path) and not os.path.realpath(path).startswith(os.path.join(os.path.realpath(root), ""))


__all__ = [
    "BASELINE_NAME",
    "NAME",
    "PLACES",
    "SEVERITIES",
    "TARGETS",
    "Config",
    "ConfigError",
    "Requirement",
    "ServiceStatement",
    "TemporaryStatement",
    "leads_out",
    "load",
]
