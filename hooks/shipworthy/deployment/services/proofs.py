"""What the repository builds and runs, and the unit that each build, image and platform is about."""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.deployment.compose import compose
from shipworthy.deployment.containerfiles import (
    BUILD_FOLDER,
    COPIES_ALL,
    HIDDEN,
    Build,
    Dockerfile,
    builds,
    dockerfiles,
    label_of,
)
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.kubernetes import workloads
from shipworthy.deployment.names import find, image_name, shared_prefix, spelled
from shipworthy.deployment.platforms import BUILDER, SITE, Platform, platforms
from shipworthy.deployment.services.judging import Judgements
from shipworthy.deployment.services.model import CONTAINER, SERVER, WORKER, Service
from shipworthy.deployment.services.units import Unit, stated_name, units
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

BESIDE = "a Dockerfile beside the sources"
"""Evidence that says how an image is built, but not that anything runs it."""
_EXPOSES = lazy(r"^[ \t]*(?:EXPOSE|HEALTHCHECK)[ \t]+\S", re.MULTILINE | re.IGNORECASE)
_NAMING = lazy(r"^[ \t]*(?:COPY|ADD|WORKDIR|RUN|ARG|ENV|CMD|ENTRYPOINT)\b[^\n]*", re.MULTILINE | re.IGNORECASE)


class _RunImage(NamedTuple):
    """An image that production runs: its reference, the name of what runs it, and whether that listens."""

    reference: str
    runner: str
    evidence: Evidence
    listens: bool


class Proof:
    """What proves that one unit is a service.

    ``names`` are those that production calls it. ``deployed`` is what runs it, ``images`` are those among them that
    take an image by its name. ``exposed`` tells that something offers a port of it.
    """

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.deployed: list[Evidence] = []
        self.images: list[Evidence] = []
        self.names: set[str] = set()
        self.exposed = False

    @property
    def is_run(self) -> bool:
        """Whether something besides a Dockerfile builds or runs it."""
        return any(evidence.what != BESIDE for evidence in self.evidence)


class Proofs:
    """The proofs by folder, and the images that no unit's sources are in, as services of the kind CONTAINER."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.dockerfiles = project.model(dockerfiles)
        self.units = units(project, self.dockerfiles)
        self.named = {unit.name: unit for unit in self.units.by_directory.values() if unit.directory}
        self.judgements = project.model(Judgements)
        self.by_directory: dict[str, Proof] = {}
        self.containers: dict[str, Service] = {}
        sets = [compose_set for compose_set in project.model(compose).sets if compose_set.in_production]
        self.running = {service.name for compose_set in sets for service in compose_set.active}
        self._collect()

    def of(self, unit: Unit) -> Proof:
        """What is known about a unit."""
        return self.by_directory.setdefault(unit.directory, Proof())

    def _collect(self) -> None:
        built = self.project.model(builds)
        for build in built:
            self._add_build(build)
        named = {build.dockerfile for build in built}
        for dockerfile in self.dockerfiles:
            if dockerfile.path not in named:
                self._add_dockerfile(dockerfile)
        self._add_images()
        for platform in self.project.model(platforms):
            for unit in self._hosted(platform):
                proof = self.of(unit)
                _add(proof.evidence, platform.evidence)
                _add(proof.deployed, platform.evidence)

    # Dockerfiles and what builds them.

    def _add_build(self, build: Build) -> None:
        if build.context is None or (not build.production and build.dockerfile and label_of(build.dockerfile) is None):
            return  # an image for development says nothing about production
        evidence = Evidence(build.path, build.line, f"{build.by} builds {build.name or 'an image'}")
        unit = self._home(build)
        if unit is None:
            if self._is_for_production(build):
                self._add_container(build, evidence)
            return
        proof = self.of(unit)
        _add(proof.evidence, evidence)
        if build.publishes or _EXPOSES.search(text_of(self.project, build.dockerfile or "")):
            proof.exposed = True
        if build.production and build.name:
            proof.names.add(build.name)
        if build.production and build.by == "Compose":
            _add(proof.deployed, evidence)

    def _add_container(self, build: Build, evidence: Evidence) -> None:
        folder = build.context or (build.dockerfile or "").rpartition("/")[0]
        name = build.name or folder.rpartition("/")[2] or "image"
        key = build.dockerfile or f"{folder}:{name}"
        container = self.containers.setdefault(key, Service(name, folder, CONTAINER, []))
        container.names.add(name)
        if len(container.names) > 1:
            container.name = self._label(build.dockerfile or "") or container.name
        _add(container.evidence, evidence)
        if build.by == "Compose":
            _add(container.deployed_by, evidence)

    def _is_for_production(self, build: Build) -> bool:
        """Whether production runs what is built: it says so itself, or takes an image of that name."""
        if self.project.place_of(build.path) != PRODUCTION or HIDDEN.match(build.path):
            return False
        return build.production or (build.name in self.running and (build.dockerfile or "") in self.project.repository)

    def _label(self, path: str) -> str:
        return next((dockerfile.label for dockerfile in self.dockerfiles if dockerfile.path == path), "")

    def _home(self, build: Build) -> Unit | None:
        """The unit whose sources an image is built from."""
        context = build.context or ""
        if build.dockerfile and build.dockerfile not in self.project.repository:
            return self.units.at(context) or (find(self.named, build.name) if build.name else None)
        if not context:
            return self._home_of_dockerfile(build.dockerfile or "", build.name)
        unit = self.units.at(context)
        if unit and self.judgements.of(unit).evidence:
            return unit
        below = [unit for unit in self.units.below(context) if unit.manifests]
        named = find({unit.name: unit for unit in below}, build.name) if build.name else None
        if named or not unit:
            return named or (below[0] if len(below) == 1 else None)
        return self._alone_below(unit) or unit

    def _home_of_dockerfile(self, path: str, name: str) -> Unit | None:
        """The unit that a Dockerfile, built with the root as its context, is for."""
        directory = path.rpartition("/")[0]
        around = self.units.around(directory)
        if around and around.directory:
            return around
        label, text = self._label(path), text_of(self.project, path)
        for known in filter(None, (label, directory.rpartition("/")[2], name)):
            unit = find(self.named, known)
            if unit and (known != name or _names(text, unit.directory) or COPIES_ALL.search(text)):
                return unit
        copied = self._copied(text)
        if len(copied) == 1:
            return copied[0]
        root = self.units.at("")
        is_general = not label and (not directory or BUILD_FOLDER.fullmatch(directory + "/"))
        alone = self._alone_below(root) if root and is_general and COPIES_ALL.search(text) else None
        return self._root_of(directory, label) or alone

    def _root_of(self, directory: str, label: str) -> Unit | None:
        """The root's unit, where a Dockerfile in ``directory`` can be nothing but the image of it."""
        root = self.units.at("")
        if root is None or self.judgements.of(root).published:
            return None
        is_own = not directory and not label
        is_beside = BUILD_FOLDER.fullmatch(directory + "/") and self.judgements.of(root).evidence
        return root if is_own or is_beside else None

    def _alone_below(self, workspace: Unit) -> Unit | None:
        """The only program of a workspace that starts none itself: what is built of the whole is built for it."""
        if not workspace.manifests or self.judgements.of(workspace).evidence:
            return None
        below = self.units.below(workspace.directory)
        members = [unit for unit in below if not unit.manifests.keys().isdisjoint(workspace.manifests)]
        running = [unit for unit in members if self.judgements.of(unit).kind in (SERVER, WORKER)]
        return running[0] if len(running) == 1 else None

    def _copied(self, text: str) -> list[Unit]:
        """The services by their sources whose folders a Dockerfile names."""
        named = (unit for unit in self.units.by_directory.values() if unit.directory and unit.manifests)
        return [unit for unit in named if _names(text, unit.directory) and self.judgements.of(unit).evidence]

    def _add_dockerfile(self, dockerfile: Dockerfile) -> None:
        """A Dockerfile that nothing names."""
        unit = self.units.at(dockerfile.directory) if not dockerfile.label else None
        unit = unit or self._home_of_dockerfile(dockerfile.path, "")
        text = text_of(self.project, dockerfile.path)
        exposes = _EXPOSES.search(text)
        if unit:
            line = line_at(text, exposes.start()) if exposes else 1
            _add(self.of(unit).evidence, Evidence(dockerfile.path, line, BESIDE))
            self.of(unit).exposed |= exposes is not None
            return
        if not dockerfile.directory or not exposes:
            return
        from shipworthy.deployment.pipelines import mentioned  # such a Dockerfile is rare

        name = dockerfile.label or dockerfile.directory.rpartition("/")[2]
        if evidence := mentioned(self.project, dockerfile.path, name):
            self.containers[dockerfile.path] = Service(name, dockerfile.directory, CONTAINER, [evidence])

    # Images that run, and platforms.

    def _add_images(self) -> None:
        """What runs an image whose name is that of a unit: Kubernetes, and Compose where it does not build."""
        run = [*self._pulled(), *self._orchestrated()]
        prefix = shared_prefix(name for image in run if (name := image_name(image.reference)))
        by_name = {name: directory for directory, proof in self.by_directory.items() for name in proof.names}
        by_name.update({name: unit.directory for name, unit in self.named.items()})
        root = self.units.at("")
        if root is not None and self.judgements.of(root).evidence:
            by_name.setdefault(stated_name(self.project, root, self.judgements.of(root).manifest), "")
        for image in run:
            directory = _folder_of_image(image, prefix, by_name)
            if directory is not None:
                proof = self.by_directory.setdefault(directory, Proof())
                for known in (proof.evidence, proof.deployed, proof.images):
                    _add(known, image.evidence)
                proof.exposed |= image.listens

    def _pulled(self) -> Iterator[_RunImage]:
        """The images that Compose runs in production without building them."""
        for compose_set in self.project.model(compose).sets:
            for service in compose_set.active if compose_set.in_production else ():
                image = service.image
                if image is not None and service.build is None:
                    line = image.file.position(image.node.start)[0]
                    evidence = Evidence(image.file.path, line, f"Compose runs {service.name}")
                    yield _RunImage(image.text, service.name, evidence, bool(service.ports))

    def _orchestrated(self) -> Iterator[_RunImage]:
        """The images that Kubernetes runs."""
        for workload in self.project.model(workloads):
            for reference, line in workload.images:
                what = f"{workload.kind} {workload.name or image_name(reference)} runs it"
                evidence = Evidence(workload.path, line, what)
                yield _RunImage(reference, workload.name, evidence, workload.listens)

    def _hosted(self, platform: Platform) -> list[Unit]:
        """The units that a platform's file is about: that of its folder, unless it only holds the others."""
        unit = self.units.at(platform.directory)
        if platform.does == BUILDER or unit is None:
            return []
        below = [other for other in self.units.below(platform.directory) if other.manifests]
        judgement = self.judgements.of(unit)
        if judgement.evidence or not below:
            return [] if platform.does == SITE and judgement.published else [unit]
        return [other for other in below if platform.names(other.directory) and self.judgements.of(other).evidence]


def _add(known: list[Evidence], evidence: Evidence) -> None:
    """Add a place that is not known yet."""
    if all((evidence.path, evidence.line) != (other.path, other.line) for other in known):
        known.append(evidence)


def _names(dockerfile: str, directory: str) -> bool:
    """Whether an instruction of a Dockerfile names a folder."""
    if directory.rpartition("/")[2] not in dockerfile:
        return False
    wanted = re.compile(rf"(?<![\w.-]){re.escape(directory)}(?![\w-])")
    return any(wanted.search(found[0]) for found in _NAMING.finditer(dockerfile))


def _folder_of_image(image: _RunImage, prefix: str, by_name: dict[str, str]) -> str | None:
    """The folder that an image is named after, with or without the name of the product before it."""
    name, runner = spelled(image_name(image.reference)), spelled(image.runner)
    owner = spelled(image.reference.split("/")[-2]) if "/" in image.reference else ""
    ending = runner if runner and name.endswith("-" + runner) else ""
    for candidate in dict.fromkeys((name, name.removeprefix(owner + "-"), name.removeprefix(prefix), ending)):
        directory = find(by_name, candidate) if candidate else None
        if directory is not None:
            return directory
    return None
