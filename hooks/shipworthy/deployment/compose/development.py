"""What shows that a Compose service is set up for development: sources mounted over the image, servers that reload.

A service whose image says how it runs, and that no file changes, shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shipworthy.deployment.compose.services import Mount, Service
from shipworthy.deployment.compose.values import Value
from shipworthy.deployment.development_servers import development_server
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MOST_FILES = 500
"""Files below a mounted folder that are looked at for sources."""
_STAGES = frozenset({"dev", "development", "develop", "local"})
_MODES = frozenset(
    "NODE_ENV APP_ENV FLASK_ENV RAILS_ENV RACK_ENV ENVIRONMENT ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT"
    " MIX_ENV".split()
)
_DEVELOPMENT = frozenset({"dev", "development", "develop"})
_SOURCE_FOLDERS = frozenset({"src", "app", "source", "lib", "server", "client", "frontend", "backend", "api", "web"})
_SOURCES = (".py", ".js", ".jsx", ".ts", ".tsx", ".go", ".rb", ".php", ".java", ".rs", ".cs", ".vue", ".svelte")
_CONFIGURATION = ("/etc/", "/config", "/docker-entrypoint")
_SEPARATORS = lazy(r"&&|\|\||[;\n]")


class Mark(NamedTuple):
    """One sign of development, with its place; ``what`` is a clause about the service."""

    file: File
    node: Setting | Block
    what: str


def marks(project: Project, service: Service) -> list[Mark]:
    """The signs of one service, the plainest first."""
    found = [*_server(service), *_target(service), *_mounted(project, service), *_modes(service)]
    return found if service.build is not None else [mark for mark in found if "starts" in mark.what]


def _server(service: Service) -> Iterator[Mark]:
    for key in ("command", "entrypoint"):
        value = service.get(key)
        if value is None:
            continue
        for words in _commands([service.known(item.text) or item.text for item in value.items()]):
            started = development_server(words)
            if started:
                yield Mark(value.file, value.node, f"starts a development server, {started}")
                return


def _commands(words: Sequence[str]) -> Iterator[list[str]]:
    """The commands of a value, each as its words: of one text, or of a list that may hold a shell's script."""
    if len(words) != 1 and "-c" not in words:
        yield list(words)
        return
    for part in _SEPARATORS.split(words[-1]):
        found = [word.strip("\"'") for word in part.split()]
        yield found[2:] if found[1:2] == ["-c"] else found


def _target(service: Service) -> Iterator[Mark]:
    build = service.build
    target = service.known(build.target) if build is not None else None
    if build is not None and target and target.lower() in _STAGES:
        yield _mark(build.value.entries(short="context")["target"], f"is built from the stage {target}")


def _mounted(project: Project, service: Service) -> Iterator[Mark]:
    context = service.build.context_path if service.build is not None else None
    for mount in service.mounts:
        folder = _folder(service, mount) if mount.type == "bind" and context is not None else None
        if folder is None or mount.target.startswith(_CONFIGURATION) or "ro" in mount.mode.split(","):
            continue
        if not _is_source(project, folder, context or ""):
            continue
        yield _mark(mount.value, f"runs the sources of {folder or 'the repository'}, not those of its image")
        return


def _folder(service: Service, mount: Mount) -> str | None:
    known = service.known(mount.source)
    return in_repository(mount.value.directory, known) if known is not None else None


def _is_source(project: Project, folder: str, context: str) -> bool:
    """Whether a folder is the build's context or one of sources in it, with sources of a program."""
    inner = f"{context}/" if context else ""
    is_ours = folder == context or (folder.startswith(inner) and folder.rpartition("/")[2] in _SOURCE_FOLDERS)
    return is_ours and any(path.endswith(_SOURCES) for path in project.repository.below(folder)[:MOST_FILES])


def _modes(service: Service) -> Iterator[Mark]:
    for name in sorted(_MODES & service.environment.keys()):
        pair = service.environment[name]
        value = service.known(pair.value or "") or ""
        if value.lower() in _DEVELOPMENT:
            yield Mark(pair.layer.file, pair.layer.node, f"runs with {name}={value}")


def _mark(value: Value, what: str) -> Mark:
    return Mark(value.file, value.node, what)
