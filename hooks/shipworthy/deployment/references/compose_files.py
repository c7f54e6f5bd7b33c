"""What Compose files name: build contexts, Dockerfiles, mounted files, configs and secrets.

Source: https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.compose import DEVELOPMENT, TEST, ComposeSet, Service, Value, compose
from shipworthy.deployment.interpolation import interpolated
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.model import CONFIG, CONTEXT, DOCKERFILE, MOUNT, PLACES, SECRET, Reference
from shipworthy.deployment.references.names import is_made_by_its_user, looks_like_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_STANDARD = ("Dockerfile", "dockerfile", "Containerfile")
"""What builders look for where no Dockerfile is named."""


def compose_references(project: Project) -> Iterator[Reference]:
    """Everything that Compose sets name, those of production first; a place may come twice."""
    for compose_set in project.model(compose).sets:
        if compose_set.role == TEST or compose_set.file.file.place not in PLACES:
            continue
        is_development = compose_set.role == DEVELOPMENT
        for service in compose_set.services.values():
            for reference in (*_of_build(project, service), *_of_mounts(service)):
                yield reference._replace(is_development=is_development or not service.is_active)
        yield from _declared(compose_set, is_development)


def _of_build(project: Project, service: Service) -> Iterator[Reference]:
    build = service.build
    if build is None or build.context_path is None:
        return
    given = build.value.entries(short="context")
    context = given.get("context", build.value)
    if not project.repository.has(build.context_path):
        reader = f"service {service.name} is built in"
        yield _reference(CONTEXT, context, build.context, (build.context_path,), reader)
    elif build.dockerfile_path is not None:
        dockerfile = given.get("dockerfile", context)
        paths: tuple[str, ...] = (build.dockerfile_path,)
        if "dockerfile" not in given:
            prefix = f"{build.context_path}/" if build.context_path else ""
            paths = tuple(prefix + name for name in _STANDARD)
        reader = f"service {service.name} is built from"
        yield _reference(DOCKERFILE, dockerfile, build.dockerfile, paths, reader)


def _of_mounts(service: Service) -> Iterator[Reference]:
    for mount in service.mounts:
        if mount.type != "bind" or not looks_like_file(mount.source) or is_made_by_its_user(mount.source):
            continue
        source = mount.value.get("source") or mount.value.get("src") or mount.value
        known = service.known(mount.source)
        path = in_repository(mount.value.directory, known) if known is not None else None
        if path:
            yield _reference(MOUNT, source, mount.source, (path,), f"service {service.name} mounts")


def _declared(compose_set: ComposeSet, is_development: bool) -> Iterator[Reference]:
    """The files of ``configs`` and ``secrets``."""
    for section, kind in (("configs", CONFIG), ("secrets", SECRET)):
        for name, declared in compose_set.declared(section).items():
            file = declared.get("file")
            known = interpolated(file.text) if file is not None else None
            if file is None or not known or (kind == CONFIG and is_made_by_its_user(known)):
                continue
            path = in_repository(file.directory, known)
            if path:
                reader = f"{kind} {name} is read from"
                yield _reference(kind, file, file.text, (path,), reader)._replace(is_development=is_development)


def _reference(kind: str, value: Value, written: str, paths: tuple[str, ...], reader: str) -> Reference:
    return Reference(kind, value.file, value.node.start, written, paths, reader)
