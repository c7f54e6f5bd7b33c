"""Names in Compose files that nothing declares: Compose refuses to start.

A name counts where the whole set is known. A file that a person may run together with others, and that lacks what one
of those declares, says nothing.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md , and what ``docker compose config`` says
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shipworthy.deployment.compose.images import dockerfile
from shipworthy.deployment.compose.services import Service
from shipworthy.deployment.compose.sets import PRODUCTION, TEST, Compose, ComposeSet, compose
from shipworthy.deployment.compose.values import Value
from shipworthy.deployment.final_stage import stage_called
from shipworthy.file import File
from shipworthy.formats.tree import Alias, Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

SERVICE = "service"
STAGE = "stage"
_SECTIONS = ("networks", "secrets", "configs")
_NAMESPACES = ("network_mode", "ipc", "pid")
_BUILT_IN = {"networks": frozenset({"default"})}
_WHOLE = ("image", "build", "provider")


_TOP = frozenset("version name include services models networks volumes secrets configs".split())
"""The keys of the top level, besides those that begin with ``x-``."""


class Dangling(NamedTuple):
    """A name that nothing declares. ``kind`` is `SERVICE`, `STAGE` or a section of the top level in the singular.

    ``known`` are the names that are declared.
    """

    compose_set: ComposeSet
    service: Service
    kind: str
    name: str
    value: Value
    known: tuple[str, ...]


class WrongKey(NamedTuple):
    """A key that keeps Compose from reading a file.

    ``first`` is the line that has it already; 0 for a key that does not belong on the top level. ``is_service`` tells
    that a service stands below such a key.
    """

    compose_set: ComposeSet
    file: File
    start: int
    name: str
    first: int
    is_service: bool


def wrong_keys(sets: Iterable[ComposeSet]) -> Iterator[WrongKey]:
    """The keys of the top level that Compose does not know, and those that one mapping has twice; each file once."""
    seen: set[str] = set()
    for compose_set in sets:
        for file in compose_set.files:
            if file.path not in seen and not file.templated and file.document is not None and file.services:
                seen.add(file.path)
                yield from _unknown_keys(compose_set, file.file, file.document)
                yield from _repeated_keys(compose_set, file.file, file.document)


def _unknown_keys(compose_set: ComposeSet, file: File, document: Block) -> Iterator[WrongKey]:
    for name, node in document.entries().items():
        if name and name not in _TOP and not name.startswith("x-"):
            is_service = isinstance(node, Block) and not {"image", "build"}.isdisjoint(node.entries())
            yield WrongKey(compose_set, file, _key_of(node), name, 0, is_service)


def _repeated_keys(compose_set: ComposeSet, file: File, document: Block) -> Iterator[WrongKey]:
    for block in (document, *document.walk()):
        if not isinstance(block, Block) or block.kind != "mapping":
            continue
        known: dict[str, int] = {}
        for child in block.children:
            if child.name in known:
                first = file.position(known[child.name])[0]
                yield WrongKey(compose_set, file, _key_of(child), child.name, first, False)
            known.setdefault(child.name, _key_of(child))


def _key_of(node: Setting | Block | Alias) -> int:
    """Where the key of a mapping's child is written, or, for an alias, what stands behind it."""
    return node.key if isinstance(node, Setting) else node.start


def dangling(project: Project) -> list[Dangling]:
    """The names that nothing declares, each place once, those of production first."""
    known = project.model(compose)
    found: dict[tuple[str, int, str], Dangling] = {}
    for compose_set in known.sets:
        if compose_set.role == TEST or not _is_whole(compose_set):
            continue
        for one in _of_set(project, compose_set):
            place = one.value.file.path, one.value.node.start, one.name
            if place not in found and "{{" not in one.name and not _is_elsewhere(known, one):
                found[place] = one
    return list(found.values())


def _is_whole(compose_set: ComposeSet) -> bool:
    """Whether the files of a set are all that Compose gets."""
    if compose_set.unknown or compose_set.missing or any(file.templated for file in compose_set.files):
        return False
    return all(any(key in service.entries for key in _WHOLE) for service in compose_set.services.values())


def _of_set(project: Project, compose_set: ComposeSet) -> Iterator[Dangling]:
    services = tuple(compose_set.services)
    for service in compose_set.services.values():
        for written, value in _services_named(service):
            name = service.known(written)
            if name and name not in services:
                yield Dangling(compose_set, service, SERVICE, name, value, services)
        for section in _SECTIONS:
            yield from _undeclared(compose_set, service, section, service.named(section))
        volumes = {mount.source: mount.value for mount in service.mounts if mount.type == "volume" and mount.source}
        yield from _undeclared(compose_set, service, "volumes", volumes)
        yield from _stage(project, compose_set, service)


def _services_named(service: Service) -> Iterator[tuple[str, Value]]:
    """The other services that a service names."""
    for dependency in service.depends_on.values():
        if dependency.required:
            yield dependency.name, dependency.value
    for key in ("links", "volumes_from"):
        value = service.get(key)
        for item in value.items() if value is not None else ():
            if item.text and not item.text.startswith("container:"):
                yield item.text if "$" in item.text else item.text.partition(":")[0], item
    for key in _NAMESPACES:
        value = service.get(key)
        if value is not None and value.text.startswith("service:"):
            yield value.text.partition(":")[2], value


def _undeclared(compose_set: ComposeSet, service: Service, section: str, named: dict[str, Value]) -> Iterator[Dangling]:
    declared = compose_set.declared(section)
    for written, value in named.items():
        name = service.known(written)
        if name and name not in declared and name not in _BUILT_IN.get(section, ()):
            yield Dangling(compose_set, service, section.removesuffix("s"), name, value, tuple(declared))


def _stage(project: Project, compose_set: ComposeSet, service: Service) -> Iterator[Dangling]:
    """The ``target`` of a build that the Dockerfile does not have."""
    build = service.build
    target = service.known(build.target) if build is not None else None
    file = dockerfile(project, service) if target else None
    if build is None or file is None or not target or file.document.degraded or "{{" in file.text:
        return
    stages = [block for block in file.document.root.blocks if block.kind == "stage"]
    if stages and stage_called(stages, target) is None:
        names = tuple(stage.name for stage in stages if not stage.name.isdecimal())
        value = build.value.entries(short="context")["target"]
        yield Dangling(compose_set, service, STAGE, target, value, names)


def _is_elsewhere(known: Compose, one: Dangling) -> bool:
    """Whether another file may declare the name: an override, or any file where nothing runs the set as it is."""
    if one.kind == STAGE:
        return False
    is_run = one.compose_set.role == PRODUCTION or bool(one.compose_set.commands)
    section = "services" if one.kind == SERVICE else one.kind + "s"
    for other in known.files:
        block = other.document.block(section) if other.document is not None else None
        if block is None or one.name not in block.entries() or other in one.compose_set.files:
            continue
        near = other.directory == one.value.file.directory
        if near and other.is_override:
            return True
        if not is_run and (near or not other.directory or one.value.file.directory.startswith(other.directory + "/")):
            return True
    return False
