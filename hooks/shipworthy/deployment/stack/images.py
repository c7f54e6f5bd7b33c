"""Technologies that come as an image: what Compose, Kubernetes, Dockerfiles and CI run."""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.image_references import DOCKER_HUB, ImageReference, parse
from shipworthy.deployment.stack.model import Statement, Statements, of_name
from shipworthy.deployment.stack.technologies import IMAGE, packaged
from shipworthy.formats import format_of
from shipworthy.formats.tree import Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_VERSION = lazy(r"v?\d+(?:\.\d+){0,3}(?![\w.])")
_PREFIX = lazy(r"^(?:pg|jdk|jre|RELEASE\.|version-)-?")
_LABELLED = lazy(r"(?:^|-)(?:pg|postgres)(?P<version>\d+)")
_PIPELINES = lazy(r"(?:^|/)\.(?:github|gitea|forgejo)/(?:workflows|actions)/.+\.ya?ml$|(?:^|/)\.gitlab-ci\.ya?ml$")
_SETUP = lazy(
    r"^[ \t-]*(?P<name>node|python|go|java|ruby|php|dotnet)[-_]version:[ \t]*"
    r"(?P<values>\[[^\]\n]{1,200}\]|[\"']?[\d.]+[.x]*)",
    re.MULTILINE | re.IGNORECASE,
)
_RUN = lazy(r"^[ \t-]*image:[ \t]*[\"']?(?P<image>[\w./:@-]+)", re.MULTILINE)
_EACH = lazy(r"\d[\d.]*")


def read_compose(project: Project) -> Statements:
    """The images that Compose pulls."""
    from shipworthy.deployment.compose import compose
    from shipworthy.deployment.compose.images import pulled

    seen: set[tuple[str, int]] = set()
    for compose_set in project.model(compose).sets:
        for service in compose_set.services.values():
            reference, image = pulled(service), service.image
            if reference is None or image is None or (image.file.path, image.node.start) in seen:
                continue
            seen.add((image.file.path, image.node.start))
            yield from _image(project, reference, image.file.path, image.file.position(image.node.start)[0])


def read_kubernetes(project: Project) -> Statements:
    """The images that Kubernetes runs."""
    from shipworthy.deployment.kubernetes.pods import pods_of
    from shipworthy.deployment.kubernetes.units import cluster

    for object in project.model(cluster).judged("StatefulSet", "Deployment", "DaemonSet"):
        pods = pods_of(object)
        for container in pods.containers if pods is not None else ():
            image = container.get("image")
            reference = parse(image.value) if isinstance(image, Setting) else None
            if reference is not None and isinstance(image, Setting):
                yield from _image(project, reference, object.path, object.file.position(image.start)[0])


def read_dockerfiles(project: Project) -> Statements:
    """The images that Dockerfiles build on, those for development included."""
    from shipworthy.deployment.final_stage import origins

    for path in project.repository.paths:
        if "file" not in path.lower() or format_of(path) != "dockerfile" or project.place_of(path) == VENDORED:
            continue
        try:
            file = project.file(path)
            for reference, start in origins(file):
                yield from _image(project, reference, path, file.position(start)[0])
        except (KeyError, OSError, Unreadable):
            continue


def read_pipelines(project: Project) -> Statements:
    """The languages that CI sets up, and the images of its services."""
    for path in project.repository.paths:
        if not _PIPELINES.search(path):
            continue
        text = text_of(project, path)
        for found in _SETUP.finditer(text):
            for version in _EACH.findall(found["values"]):
                yield from of_name(project, found["name"], version.rstrip("."), path, line_at(text, found.start()))
        for found in _RUN.finditer(text):
            reference = parse(found["image"])
            if reference is not None:
                yield from _image(project, reference, path, line_at(text, found.start()))


def _image(project: Project, reference: ImageReference, path: str, line: int) -> Statements:
    name = reference.path.removeprefix("library/")
    known = packaged(IMAGE, name if reference.registry == DOCKER_HUB else f"{reference.registry}/{name}")
    if known is None:
        return
    what = f"{name}:{reference.tag}" if reference.tag else name
    yield Statement(
        project, known, _tagged(reference.tag, name), Evidence(path, line, what), registry=IMAGE, package=name
    )


def _tagged(tag: str, name: str) -> str:
    """The version of the technology that a tag names; "" where it names none, or that of something else."""
    if name in ("pgvector/pgvector", "timescale/timescaledb", "timescale/timescaledb-ha"):
        labelled = _LABELLED.search(tag)
        return labelled["version"] if labelled and name == "pgvector/pgvector" else ""
    if name in ("confluentinc/cp-kafka", "supabase/postgres", "redis/redis-stack", "redis/redis-stack-server"):
        return ""
    found = _VERSION.match(_PREFIX.sub("", tag))
    return found[0] if found else ""
