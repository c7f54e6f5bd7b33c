"""From Compose files to the application they describe: merged, extended, with what they include.

Sources: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md , 14-include.md,
05-services.md#extends and https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.compose.files import ComposeFile, ComposeFiles
from shipworthy.deployment.compose.services import EnvFile, Service
from shipworthy.deployment.compose.values import OVERRIDE, RESET, Layer, Value
from shipworthy.deployment.interpolation import interpolated
from shipworthy.deployment.paths import in_repository
from shipworthy.formats.tree import VARIABLE, Block, Setting
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

SECTIONS = ("networks", "volumes", "secrets", "configs")
MOST_EXTENDED = 20
"""Services in one chain of ``extends``; what stands behind them is not looked at."""
MOST_LEVELS = 20
"""Levels of files that include one another."""
MOST_INCLUDED = 200
"""Entries of ``include`` that one application follows."""

INCLUDE = "include"
EXTENDS = "extends"
CYCLE = "cycle"


class Missing(NamedTuple):
    """Something that the files name and that is not there: Compose refuses to start.

    ``what`` is `INCLUDE` (``name`` is a path), `EXTENDS` (``name`` is a path or a service) or `CYCLE` (of
    ``extends``; ``name`` is the service).
    """

    what: str
    name: str
    value: Value


class Application:
    """What a list of Compose files describes.

    ``unknown`` says why names may be missing that are there all the same (an include from elsewhere, a template);
    "" where everything is known.
    """

    def __init__(
        self,
        project: Project,
        library: ComposeFiles,
        files: Sequence[ComposeFile],
        directory: str,
        env_files: Sequence[str] = (),
        *,
        outer: Mapping[str, str] | None = None,
        included: set[tuple[str, ...]] | None = None,
        level: int = 0,
    ) -> None:
        self.project = project
        self.library = library
        self.files = tuple(files)
        self.directory = directory
        self.missing: list[Missing] = []
        self.include_env_files: list[EnvFile] = []
        self.unknown = next((f"{file.path} is not readable" for file in files if file.unreadable), "") or next(
            (f"{file.path} is a template" for file in files if file.templated), ""
        )
        self._env_files = tuple(env_files) or (_joined(directory, ".env"),)
        self._outer = outer or {}
        self._included = {self._paths} if included is None else included
        self._level = level
        self.services = {
            name: Service(name, Value(name, layers), self.variables) for name, layers in self._layers().items()
        }
        self.sections = {section: self._declared(section) for section in SECTIONS}
        for file in self.files:
            for node in file.includes:
                self._include(Value(INCLUDE, (Layer(file.file, node, directory),)))

    @property
    def _paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self.files)

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """What the committed env files set that Compose itself reads; those of a file that includes this one win."""
        found: dict[str, str] = {}
        for path in self._env_files:
            for setting in self._settings(path):
                value = interpolated(setting.value, found)
                if value is not None:
                    found[setting.name] = value
        return {**found, **self._outer}

    def _settings(self, path: str) -> Iterator[Setting]:
        if path in self.project.repository:
            try:
                root = self.project.file(self.project.repository.resolve(path)).document.root
            except (KeyError, OSError, Unreadable):
                return
            yield from (setting for setting in root.settings if setting.kind == VARIABLE)

    def _layers(self) -> dict[str, list[Layer]]:
        """For each service what the files say about it, in merge order."""
        merged: dict[str, list[Layer]] = {}
        for position, file in enumerate(self.files):
            for name, node in file.services.items():
                if node.tag in (RESET, OVERRIDE):
                    merged.pop(name, None)
                if node.tag != RESET:
                    own = Layer(file.file, node, self.directory)
                    merged.setdefault(name, []).extend(self._extended(name, own, self.files[: position + 1]))
        return merged

    def _extended(self, name: str, own: Layer, files: Sequence[ComposeFile]) -> list[Layer]:
        """The layers of a service: those it extends below its own."""
        layers = [own]
        seen = {(own.file.path, name)}
        while len(layers) < MOST_EXTENDED:
            first = layers[0].node
            extends = first.get(EXTENDS) if isinstance(first, Block) else None
            given = Value(EXTENDS, [layers[0]._replace(node=extends)]).entries(short="service") if extends else {}
            if "service" not in given:
                break
            file = given.get("file")
            if file is not None:
                found = self._file(file, EXTENDS)
                if found is None:
                    break
                files = [found]
            base = given["service"].text
            layer = self._service_in(files, base, layers[0].directory if file is None else files[0].directory)
            if layer is None:
                if not any(candidate.unreadable or candidate.templated for candidate in files):
                    self.missing.append(Missing(EXTENDS, base, given["service"]))
                break
            if (layer.file.path, base) in seen:
                self.missing.append(Missing(CYCLE, base, given["service"]))
                break
            seen.add((layer.file.path, base))
            layers.insert(0, layer)
        return layers

    def _service_in(self, files: Sequence[ComposeFile], name: str, directory: str) -> Layer | None:
        """The service in the last of the files that has it."""
        for file in reversed(files):
            if name in file.services:
                return Layer(file.file, file.services[name], directory)
        return None

    def _file(self, written: Value, what: str) -> ComposeFile | None:
        """The Compose file that a value names; what is known not to be there is noted."""
        known = interpolated(written.text, self.variables)
        path = in_repository(written.directory, known) if known is not None and not _is_remote(known) else None
        if path is None:
            self.unknown = self.unknown or f"{written.text} is not in this repository"
            return None
        found = self.library.get(path)
        if found is None and self.project.repository.is_unknown(path):
            self.unknown = self.unknown or f"{path} is in a submodule"
        elif found is None:
            self.missing.append(Missing(what, path, written))
        return found

    def _declared(self, section: str) -> dict[str, Value]:
        """The networks, volumes, secrets or configs that the files declare."""
        layers = [
            Layer(file.file, node, self.directory)
            for file in self.files
            if file.document is not None and (node := file.document.get(section)) is not None
        ]
        return Value(section, layers).entries() if layers else {}

    def _include(self, entry: Value) -> None:
        """Add what an entry of ``include`` brings; what is said here about the same service comes on top of it."""
        given = entry.entries(short="path")
        if "path" not in given:
            return
        written = given["path"].items()
        found = [file for item in written if (file := self._file(item, INCLUDE)) is not None]
        paths = tuple(file.path for file in found)
        if not found or len(found) < len(written) or paths in self._included:
            return
        if self._level == MOST_LEVELS or len(self._included) > MOST_INCLUDED:
            self.unknown = self.unknown or "it includes too many files"
            return
        self._included.add(paths)
        directory: str | None = found[0].directory
        if "project_directory" in given:
            known = interpolated(given["project_directory"].text, self.variables)
            directory = in_repository(entry.directory, known) if known is not None else None
        if directory is None:
            self.unknown = self.unknown or f"{given['project_directory'].text} is not in this repository"
            return
        env_files = self._env_files_of(given["env_file"]) if "env_file" in given else []
        self.include_env_files += env_files
        resolved = [file.resolved for file in env_files if file.resolved is not None]
        inner = Application(
            self.project,
            self.library,
            found,
            directory,
            resolved,
            outer=self.variables,
            included=self._included,
            level=self._level + 1,
        )
        self._add(inner)

    def _env_files_of(self, value: Value) -> list[EnvFile]:
        found: list[EnvFile] = []
        for item in value.items():
            known = interpolated(item.text, self.variables)
            resolved = in_repository(item.directory, known) if known is not None else None
            found.append(EnvFile(item.text, resolved, True, item))
        return found

    def _add(self, inner: Application) -> None:
        for name, service in inner.services.items():
            own = self.services.get(name)
            layers = own.definition.layers if own is not None else ()
            if not any(layer.node.tag == OVERRIDE for layer in layers):
                brought = Value(name, (*service.definition.layers, *layers))
                self.services[name] = Service(name, brought, service.variables)
        for section, declared in inner.sections.items():
            self.sections[section] = {**declared, **self.sections[section]}
        self.missing += inner.missing
        self.include_env_files += inner.include_env_files
        self.unknown = self.unknown or inner.unknown


def _is_remote(path: str) -> bool:
    return "://" in path or path.startswith(("oci:", "git@")) or ".git#" in path or path.endswith(".git")


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
