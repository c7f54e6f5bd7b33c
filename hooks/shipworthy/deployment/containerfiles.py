"""The Dockerfiles of the repository, and everything that names one to build an image from it."""

from __future__ import annotations

import re

from shipworthy.deployment.besides_code import files_besides_code, paths_besides_code
from shipworthy.deployment.compose import TEST, compose
from shipworthy.deployment.dockerfile_names import label_of as label_of
from shipworthy.deployment.evidence import line_at, text_of, tree_of
from shipworthy.deployment.names import image_name
from shipworthy.deployment.paths import in_repository
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

HIDDEN = lazy(r"\.(?!docker/|deploy/|infra/|ops/|build/)[^/]+/")
"""Folders of tools: editors, agents, CI."""
COPIES_ALL = lazy(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\.{1,2}/?[ \t]+\S", re.MULTILINE | re.IGNORECASE)
"""A Dockerfile that takes the whole context."""
BUILD_FOLDER = lazy(
    r"(?:(?:\.?docker|dockerfiles?|containers?|images?|build|deploy(?:ment)?s?|infra(?:structure)?|ops|package|scripts?)/)+"
    r"(?:(?:prod|production|app)/)?"
)
"""Folders of Dockerfiles, which say nothing about what the image is of."""
_BUILD_FOLDERS = lazy(rf"(?:(?<=/)|^){BUILD_FOLDER.pattern}$")
_SKAFFOLD = lazy(r"(?:^|/)skaffold[^/]*\.ya?ml$")
_BAKE = lazy(r"(?:^|/)docker-bake[^/]*\.(?:hcl|json)$")
_TARGET = lazy(r"target\.[^.]+")
_TILTFILE = lazy(r"(?:^|/)(?:Tiltfile|[^/]+\.tiltfile)$")
_DOCKER_BUILD = lazy(
    r"docker_build(?:_with_restart)?\(\s*[\"'](?P<image>[^\"'\n]+)[\"']\s*,\s*[\"'](?P<context>[^\"'\n]+)[\"']"
)


class Dockerfile:
    """A committed file that builds an image for production.

    ``directory`` is where it lies, ``around`` the folder that a folder for Dockerfiles in it belongs to; ``label`` is
    what its name says besides (``api`` of `Dockerfile.api` and `api.Dockerfile`), "" where it says nothing.
    """

    __slots__ = ("around", "directory", "label", "path")

    def __init__(self, path: str, label: str) -> None:
        self.path = path
        self.directory = path.rpartition("/")[0]
        self.around = _BUILD_FOLDERS.sub("", self.directory + "/").rstrip("/")
        self.label = label


class Build:
    """An image that some file says how to build.

    ``context`` and ``dockerfile`` are paths from the root; None means outside the repository or unknown. ``dockerfile``
    is "" where the image is built without one (buildpacks, jib, an inline Dockerfile). ``by`` names the program.
    ``publishes`` tells that the container offers a port.
    """

    __slots__ = ("by", "context", "dockerfile", "line", "name", "path", "production", "publishes", "target")

    def __init__(
        self,
        name: str,
        context: str | None,
        dockerfile: str | None,
        path: str,
        line: int,
        by: str,
        *,
        target: str = "",
        production: bool = True,
        publishes: bool = False,
    ) -> None:
        self.name = name
        self.context = context
        self.dockerfile = dockerfile
        self.path = path
        self.line = line
        self.by = by
        self.target = target
        self.production = production
        self.publishes = publishes


def dockerfiles(project: Project) -> list[Dockerfile]:
    """The Dockerfiles for production, sorted by path."""
    found = []
    for path in project.model(files_besides_code):
        if "file" not in path[path.rfind("/") + 1 :].lower():
            continue
        label = label_of(path)
        if label is None or HIDDEN.match(path) or project.config.excludes(path):
            continue
        if project.place_of(path) == PRODUCTION:
            found.append(Dockerfile(path, label))
    return found


def builds(project: Project) -> list[Build]:
    """What Compose, Skaffold, Bake and Tilt build, in that order."""
    return [*_compose(project), *_skaffold(project), *_bake(project), *_tilt(project)]


def _compose(project: Project) -> Iterator[Build]:
    for compose_set in project.model(compose).sets:
        if compose_set.role == TEST:
            continue
        for service in compose_set.services.values():
            build = service.build
            if build is None:
                continue
            file, node = build.value.file, build.value.node
            line = file.position(node.key if isinstance(node, Setting) else node.start)[0]
            yield Build(
                service.name,
                build.context_path,
                "" if build.inline else build.dockerfile_path,
                file.path,
                line,
                "Compose",
                target=build.target,
                production=compose_set.in_production and service.is_active,
                publishes=bool(service.ports or service.get("expose")),
            )


def _skaffold(project: Project) -> Iterator[Build]:
    for path in _paths(project, "skaffold", _SKAFFOLD):
        base = path.rpartition("/")[0]
        tree = tree_of(project, path)
        for top in tree.tops:
            artifacts = _below(top, "build", "artifacts")
            for artifact in artifacts.blocks if artifacts else ():
                yield _artifact(path, base, artifact, tree.line(artifact.get("image") or artifact))


def _artifact(path: str, base: str, artifact: Block, line: int) -> Build:
    docker = artifact.block("docker")
    other = next((name for name in ("buildpacks", "jib", "ko", "bazel", "custom", "kaniko") if artifact.get(name)), "")
    context = in_repository(base, artifact.value("context", "."))
    name = docker.value("dockerfile", "Dockerfile") if docker else "Dockerfile"
    dockerfile = "" if other and other != "kaniko" else _joined(context, name)
    return Build(image_name(artifact.value("image")), context, dockerfile, path, line, "Skaffold")


def _bake(project: Project) -> Iterator[Build]:
    for path in _paths(project, "bake", _BAKE):
        base = path.rpartition("/")[0]
        tree = tree_of(project, path)
        for target in tree.root.walk():
            if not isinstance(target, Block) or _TARGET.fullmatch(".".join(target.keys)) is None:
                continue
            context = in_repository(base, target.value("context", "."))
            dockerfile = _joined(context, target.value("dockerfile", "Dockerfile"))
            if target.value("context") or target.value("dockerfile"):
                name, stage = target.name.rpartition(".")[2], target.value("target")
                yield Build(name, context, dockerfile, path, tree.line(target), "Bake", target=stage)


def _tilt(project: Project) -> Iterator[Build]:
    for path in _paths(project, "iltfile", _TILTFILE):
        base = path.rpartition("/")[0]
        text = text_of(project, path)
        for found in _DOCKER_BUILD.finditer(text):
            context = in_repository(base, found["context"])
            dockerfile = _joined(context, "Dockerfile")
            yield Build(image_name(found["image"]), context, dockerfile, path, line_at(text, found.start()), "Tilt")


def _paths(project: Project, part: str, pattern: re.Pattern[str]) -> list[str]:
    """The committed paths of a pattern; ``part`` stands in all of them, and most paths are told by that alone."""
    return [path for path in project.model(paths_besides_code) if part in path and pattern.search(path)]


def _below(block: Block, *names: str) -> Block | None:
    found: Block | None = block
    for name in names:
        found = found.block(name) if found else None
    return found


def _joined(context: str | None, name: str) -> str | None:
    return None if context is None else in_repository(context, name)
