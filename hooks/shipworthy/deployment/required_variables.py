"""The variables that production cannot do without, and where the repository says so.

A variable is required where Compose replaces it and nothing stands in for it: ``$X``, ``${X}``, ``${X:?message}``.

Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.compose import ComposeSet, compose
from shipworthy.deployment.env_files import env_files
from shipworthy.deployment.env_names import is_env_file
from shipworthy.file import File
from shipworthy.formats import format_of
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import CI, DOCUMENTATION, GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_VARIABLE = lazy(r"\$(?:\$|(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?P<operator>:?[-+?])?)", re.ASCII)
_BRACED = lazy(r"\$\{([A-Z_][A-Z0-9_]*)\}")
_BRACE = lazy(r"\$\{|\}")
"""A variable in an env file; a dollar sign without braces may be part of a password."""
_GIVEN_BY_SHELLS = frozenset(
    "CI EUID GID HOME HOSTNAME LANG LOGNAME OLDPWD PATH PWD SHELL TERM TMPDIR TZ UID USER USERNAME".split()
)
_GIVEN_BY_TOOLS = (
    "COMPOSE_",
    "DOCKER_",
    "GITHUB_",
    "CI_",
    "SERVICE_FQDN_",
    "SERVICE_URL_",
    "SERVICE_PASSWORD_",
    "SERVICE_USER_",
    "SERVICE_BASE64_",
    "COOLIFY_",
)
"""Set by Compose, Docker, CI and Coolify."""
_NAMED_KEY = lazy(r"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*(?:=|$)", re.MULTILINE | re.ASCII)
_SETTERS = frozenset({"dotenv", "makefile", "python", "shell", "systemd", "text", "yaml"})
"""Formats of scripts, and of what deploys by itself."""
_README = lazy(r"(?:^|/)readme[^/]*$", re.IGNORECASE)


class Required(NamedTuple):
    """A variable that a Compose file requires, at the first place that does."""

    name: str
    file: File
    start: int


def required_by(project: Project, compose_set: ComposeSet) -> list[Required]:
    """What the files of a Compose set and the env files of its services require, in order.

    Variables that a committed `.env` sets are left out.
    """
    found: dict[str, Required] = {}
    given = {name for service in compose_set.services.values() for name, value in service.variables.items() if value}
    idle = frozenset(name for name, service in compose_set.services.items() if not service.is_active)
    for file, root in _documents(compose_set):
        for setting in _settings(root, idle):
            for name in _names(setting.value):
                if name not in given and not is_given(name):
                    found.setdefault(name, Required(name, file, setting.start))
    for file in _env_files(project, compose_set):
        settings = list(file.document.root.settings)
        own = given.union(setting.name for setting in settings)
        for setting in settings:
            for name in _BRACED.findall(setting.value) if file.text[setting.start - 1 :][:1] != "'" else ():
                if name not in own and not is_given(name):
                    found.setdefault(name, Required(name, file, setting.start))
    return list(found.values())


def _env_files(project: Project, compose_set: ComposeSet) -> list[File]:
    """The committed env files that the services of a set read, each once."""
    found: dict[str, File] = {}
    for service in compose_set.active:
        for env_file in service.env_files:
            path = env_file.resolved
            if path is not None and path in project.repository and path not in found:
                try:
                    file = project.file(project.repository.resolve(path))
                    if file.document.format == "dotenv":
                        found[path] = file
                except (KeyError, OSError, Unreadable):
                    continue
    return list(found.values())


def is_given(name: str) -> bool:
    """Whether a shell or a tool sets the variable by itself."""
    return name in _GIVEN_BY_SHELLS or name.startswith(_GIVEN_BY_TOOLS)


def _documents(compose_set: ComposeSet) -> Iterator[tuple[File, Block]]:
    """The files of a set with their trees, those that it includes and extends among them. Templates are left out."""
    found = {
        file.path: (file.file, file.document)
        for file in compose_set.files
        if file.document is not None and not file.templated
    }
    templates = {file.path for file in compose_set.files if file.templated}
    for service in compose_set.services.values():
        for layer in service.definition.layers:
            mappings = [block for block in layer.node.enclosing if block.kind == "mapping"]
            if mappings and layer.file.path not in templates:
                found.setdefault(layer.file.path, (layer.file, mappings[-1]))
    yield from found.values()


def _settings(document: Block, idle: frozenset[str]) -> Iterator[Setting]:
    """The scalars of a Compose file, those of services that are switched off left out."""
    for child in document.children:
        if isinstance(child, Setting):
            yield child
        elif isinstance(child, Block) and child.name == "services":
            for service in child.blocks:
                if service.name not in idle:
                    yield from service.all_settings()
        elif isinstance(child, Block):
            yield from child.all_settings()


def _names(value: str) -> Iterator[str]:
    """The variables in a value that have no default; those inside of a default count as little as it does."""
    position = 0
    while found := _VARIABLE.search(value, position):
        position = found.end()
        operator = found["operator"] or ""
        if found["plain"] or (found["braced"] and operator[-1:] in ("", "?")):
            yield found["plain"] or found["braced"]
        if found["braced"]:
            position = _closing(value, position)


def _closing(value: str, start: int) -> int:
    """The offset behind the brace that closes the one before ``start``."""
    depth = 1
    for brace in _BRACE.finditer(value, start):
        depth += 1 if brace[0] == "${" else -1
        if depth == 0:
            return brace.end()
    return len(value)


class Documented:
    """Where the repository names variables."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def by_files(self) -> dict[str, str]:
        """The variables that committed env files and examples name, commented ones too, each with a file that does."""
        found: dict[str, str] = {}
        known = self.project.model(env_files)
        for path in dict.fromkeys([*known.examples, *known.committed]):
            if not is_env_file(path) or format_of(path) != "dotenv" or self.project.place_of(path) in (TEST, VENDORED):
                continue
            for name in _NAMED_KEY.findall(self._text(path)):
                found.setdefault(name, path)
        return found

    def is_named(self, variable: Required) -> bool:
        """Whether an env file, an example or the README of the same folder names the variable."""
        word = re.compile(rf"\b{re.escape(variable.name)}\b")
        return variable.name in self.by_files or any(
            word.search(text) for text in self._readmes(variable.file.directory)
        )

    def example_for(self, folder: str) -> str:
        """The example of the folder, or of the nearest one above; "" where there is none."""
        while True:
            path = self.project.model(env_files).example_of(f"{folder}/.env" if folder else ".env")
            if path is not None or not folder:
                return path or ""
            folder = folder.rpartition("/")[0]

    def _readmes(self, folder: str) -> list[str]:
        if folder not in self._by_folder:
            paths = (path for path in self.project.repository.below(folder) if _README.search(path))
            self._by_folder[folder] = [self._text(path) for path in paths if path.rpartition("/")[0] == folder]
        return self._by_folder[folder]

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        return {}

    def elsewhere(self, name: str) -> tuple[str, str]:
        """The script or pipeline that sets the variable, and a document that names it; each a path, or ""."""
        sets = re.compile(
            rf"(?<![\w$.-])(?<!\$\{{){name}[\"']?(?:[ \t]*[:?+]?=(?!=)|:[ \t])|\bread\b[^\n]{{0,200}}\b{name}\b"
        )
        word = re.compile(rf"\b{name}\b")
        own = {file.path for file in self.project.model(compose).files}
        document = ""
        for path in self.project.repository.containing(name):
            place = self.project.place_of(path)
            if path in own or place in (TEST, VENDORED, GENERATED):
                continue
            text = self._text(path)
            if place == DOCUMENTATION:
                document = document or (path if word.search(text) else "")
            elif (place == CI or format_of(path) in _SETTERS) and sets.search(text):
                return path, document
        return "", document

    def _text(self, path: str) -> str:
        try:
            return self.project.open(path).text
        except (KeyError, OSError, Unreadable):
            return ""


def documented(project: Project) -> Documented:
    """Where the repository names variables: ``project.model(documented)``."""
    return Documented(project)
