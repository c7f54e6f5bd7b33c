"""Finds the services of a repository from evidence.

What builds or runs an image counts most: Compose, Skaffold, Bake, Tilt, Kubernetes, platforms, a Dockerfile beside a
manifest. Then what the sources say by themselves. The name of a folder alone proves nothing.
"""

from __future__ import annotations

import re
from importlib import import_module

from shipworthy.deployment.compose import compose
from shipworthy.deployment.containerfiles import HIDDEN, Build, Dockerfile, builds, dockerfiles, label_of, mentioned
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.kubernetes import workloads
from shipworthy.deployment.names import find, image_name, shared_prefix, spelled
from shipworthy.deployment.platforms import BUILDER, SITE, Platform, platforms
from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import CONTAINER, SERVER, STATIC, WORKER, RuledOut, Service, Services
from shipworthy.deployment.services.units import Unit, Units, units
from shipworthy.places import CI, DEVELOPMENT, DOCUMENTATION, EXAMPLE, GENERATED, PRODUCTION, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

_EXPOSES = re.compile(r"^[ \t]*(?:EXPOSE|HEALTHCHECK)[ \t]+\S", re.MULTILINE | re.IGNORECASE)
_COPIES = re.compile(r"^[ \t]*(?:COPY|ADD|WORKDIR|RUN|ARG|ENV|CMD|ENTRYPOINT)\b[^\n]*", re.MULTILINE | re.IGNORECASE)
_BUILD_FOLDER = re.compile(r"(?:(?:\.?docker|dockerfiles?|containers?|images?|build|deploy(?:ment)?s?|infra(?:structure)?|ops|package)/)+(?:(?:prod|production|app)/)?")
_NOT_RUN = re.compile(r"(?:^|/)(?:genproto|codegen|deprecated|archived?|_?old|attic|templates?|boilerplates?|stubs?|cookiecutter)(?:/|$)", re.IGNORECASE)
_BESIDE = "a Dockerfile beside the sources"
_COPIES_ALL = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\.{1,2}/?[ \t]+\S", re.MULTILINE | re.IGNORECASE)
_MODULES = {"node": "node", "go": "go", "python": "python"}
"""Ecosystems with a module of their own, imported when the repository has such a unit."""
_PLACES = {
    TEST: "for tests",
    EXAMPLE: "an example",
    DOCUMENTATION: "documentation",
    VENDORED: "vendored code",
    GENERATED: "generated code",
    DEVELOPMENT: "for development",
    CI: "for CI",
}
_MKDOCS = ("mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts", "book.toml", "mint.json", "docs.json")


def services(project: Project) -> Services:
    """The services of the repository: ``project.model(services)``."""
    return _Discovery(project).result()


class _Discovery:
    """Collects evidence by unit, then decides."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.dockerfiles = project.model(dockerfiles)
        self.units: Units = units(project, self.dockerfiles)
        self.named = {unit.name: unit for unit in self.units.by_directory.values() if unit.directory}
        self.evidence: dict[str, list[Evidence]] = {}
        self.aliases: dict[str, set[str]] = {}
        self.deployed: dict[str, list[Evidence]] = {}
        self.containers: dict[str, Service] = {}
        self.exposing: set[str] = set()
        self.built: set[str] = set()
        self.running = {
            service.name
            for compose_set in project.model(compose).sets
            if compose_set.in_production
            for service in compose_set.active
        }

    def result(self) -> Services:
        for build in self.project.model(builds):
            self._add_build(build)
        for dockerfile in self.dockerfiles:
            self._add_dockerfile(dockerfile)
        self._add_workloads()
        for platform in self.project.model(platforms):
            for unit in self._hosted(platform):
                self._prove(unit.directory, platform.evidence)
                self._deploy(unit.directory, platform.evidence)
        found: list[Service] = []
        ruled_out: list[RuledOut] = []
        for unit in self.units.by_directory.values():
            decided = self._decide(unit)
            found += [decided] if isinstance(decided, Service) else []
            found += decided if isinstance(decided, list) else []
            ruled_out += [decided] if isinstance(decided, RuledOut) else []
        root = self.units.at("")
        if found or root is None or not self._judge(root).published:
            found += self.containers.values()
        else:
            reason = "an image for working on what is published, or with it"
            ruled_out += [RuledOut(container.path, reason) for container in self.containers.values()]
        return self._stated(found, ruled_out)

    # Evidence of what builds and runs images.

    def _prove(self, directory: str, evidence: Evidence, name: str = "") -> None:
        known = self.evidence.setdefault(directory, [])
        if not _has(known, evidence):
            known.append(evidence)
        if name:
            self.aliases.setdefault(directory, set()).add(name)

    def _deploy(self, directory: str, evidence: Evidence) -> None:
        known = self.deployed.setdefault(directory, [])
        if not _has(known, evidence):
            known.append(evidence)

    def _add_build(self, build: Build) -> None:
        if build.context is None:
            return
        if build.dockerfile:
            self.built.add(build.dockerfile)
        if not build.production and build.dockerfile and label_of(build.dockerfile) is None:
            return  # an image for development says nothing about production
        evidence = Evidence(build.path, build.line, f"{build.by} builds {build.name or 'an image'}")
        unit = self._home(build)
        if unit:
            self._prove(unit.directory, evidence, build.name if build.production else "")
            if build.publishes or _EXPOSES.search(text_of(self.project, build.dockerfile or "")):
                self.exposing.add(unit.directory)
            if build.production and build.by == "Compose":
                self._deploy(unit.directory, evidence)
        elif self._is_for_production(build):
            folder = build.context or (build.dockerfile or "").rpartition("/")[0]
            key = build.dockerfile or f"{folder}:{build.name}"
            name = build.name or folder.rpartition("/")[2] or "image"
            container = self.containers.setdefault(key, Service(name, folder, CONTAINER, []))
            container.names.add(name)
            if len(container.names) > 1:
                container.name = self._label(build.dockerfile or "") or container.name
            if not _has(container.evidence, evidence):
                container.evidence.append(evidence)
                container.deployed_by += [evidence] if build.by == "Compose" else []

    def _is_for_production(self, build: Build) -> bool:
        """Whether production runs what is built: it says so itself, or takes an image of that name."""
        if self.project.place_of(build.path) != PRODUCTION or HIDDEN.match(build.path):
            return False
        return build.production or (build.name in self.running and build.dockerfile in self.project.repository)

    def _label(self, path: str) -> str:
        return next((dockerfile.label for dockerfile in self.dockerfiles if dockerfile.path == path), "")

    def _hosted(self, platform: Platform) -> list[Unit]:
        """The units that a platform's file is about: that of its folder, unless it only holds the others."""
        unit = self.units.at(platform.directory)
        if platform.does == BUILDER or unit is None:
            return []
        below = [other for other in self.units.below(platform.directory) if other.manifests]
        if self._judge(unit).evidence or not below:
            return [] if platform.does == SITE and self._judge(unit).published else [unit]
        return [other for other in below if platform.names(other.directory) and self._judge(other).evidence]

    def _home(self, build: Build) -> Unit | None:
        """The unit whose sources an image is built from."""
        context = build.context or ""
        if build.dockerfile and build.dockerfile not in self.project.repository:
            return self.units.at(context) or (find(self.named, build.name) if build.name else None)
        if context:
            if unit := self.units.at(context):
                return unit
            below = [unit for unit in self.units.below(context) if unit.manifests]
            named = find({unit.name: unit for unit in below}, build.name) if build.name else None
            return named or (below[0] if len(below) == 1 else None)
        return self._home_of_dockerfile(build.dockerfile or "", build.name)

    def _home_of_dockerfile(self, path: str, name: str) -> Unit | None:
        """The unit that a Dockerfile, built with the root as its context, is for."""
        directory = path.rpartition("/")[0]
        unit = self.units.around(directory)
        if unit and unit.directory:
            return unit
        label = self._label(path)
        text = text_of(self.project, path)
        for known in (label, directory.rpartition("/")[2], name):
            unit = find(self.named, known) if known else None
            if unit and (known != name or _names(text, unit.directory) or _COPIES_ALL.search(text)):
                return unit
        copied = self._copied(text)
        if len(copied) == 1:
            return copied[0]
        root = self.units.at("")
        if root is None or self._judge(root).published:
            return None
        own = not directory and not label
        return root if own or (_BUILD_FOLDER.fullmatch(directory + "/") and self._judge(root).evidence) else None

    def _copied(self, text: str) -> list[Unit]:
        """The services by their sources whose folders a Dockerfile names."""
        named = (unit for unit in self.units.by_directory.values() if unit.directory and unit.manifests)
        return [unit for unit in named if _names(text, unit.directory) and self._judge(unit).evidence]

    def _add_dockerfile(self, dockerfile: Dockerfile) -> None:
        if dockerfile.path in self.built:
            return
        unit = self.units.at(dockerfile.directory) if not dockerfile.label else None
        unit = unit or self._home_of_dockerfile(dockerfile.path, "")
        text = text_of(self.project, dockerfile.path)
        exposes = _EXPOSES.search(text)
        if unit:
            line = line_at(text, exposes.start()) if exposes else 1
            self._prove(unit.directory, Evidence(dockerfile.path, line, _BESIDE))
            if exposes:
                self.exposing.add(unit.directory)
            return
        name = dockerfile.label or dockerfile.directory.rpartition("/")[2]
        if dockerfile.directory and exposes and (evidence := mentioned(self.project, dockerfile.path, name)):
            container = Service(name, dockerfile.directory, CONTAINER, [evidence])
            self.containers.setdefault(dockerfile.path, container)

    def _add_workloads(self) -> None:
        """Workloads whose image, or whose own name, is that of a unit."""
        found = self.project.model(workloads)
        images = [image_name(reference) for workload in found for reference, _ in workload.images]
        prefix = shared_prefix(image for image in images if image)
        by_name = {name: directory for directory, names in self.aliases.items() for name in names}
        by_name.update({name: unit.directory for name, unit in self.named.items()})
        for workload in found:
            for reference, line in workload.images:
                name = image_name(reference)
                directory = self._of_image(reference, name, prefix, by_name)
                if directory is None:
                    continue
                what = f"{workload.kind} {workload.name or name} runs {name}"
                evidence = Evidence(workload.path, line, what)
                self._prove(directory, evidence)
                if workload.listens:
                    self.exposing.add(directory)
                self._deploy(directory, evidence)

    def _of_image(self, reference: str, name: str, prefix: str, by_name: dict[str, str]) -> str | None:
        if not name:
            return None
        owner = reference.split("/")[-2] if reference.count("/") else ""
        product = spelled(owner) + "-" if owner else ""
        for candidate in (name, *(spelled(name)[len(start) :] for start in (product, prefix) if start and spelled(name).startswith(start))):
            directory = find(by_name, candidate)
            if directory is not None:
                return directory
        return None

    # Decisions.

    def _judge(self, unit: Unit) -> Judgement:
        return self.project.model(_Judgements.of).judge(unit)

    def _decide(self, unit: Unit) -> Service | list[Service] | RuledOut | None:
        project = self.project
        strong = self.evidence.get(unit.directory, [])
        folder = unit.directory + "/" if unit.directory else ""
        if project.config.not_services.match(unit.directory or "."):
            return RuledOut(unit.directory, "the configuration says that it is none")
        judgement = self._judge(unit)
        if any(folder + name in project.repository for name in _MKDOCS) and unit.directory:
            return RuledOut(unit.directory, "a documentation site")
        if judgement.never:
            return RuledOut(unit.directory, judgement.reason)
        if _NOT_RUN.search(unit.directory):
            return RuledOut(unit.directory, "a folder of what production does not run")
        place = project.place_of(folder + "file") if folder else PRODUCTION
        strong = [e for e in strong if project.place_of(e.path) in (PRODUCTION, DEVELOPMENT, CI) or place == PRODUCTION]
        if place != PRODUCTION and not any(project.place_of(e.path) == PRODUCTION and not e.path.startswith(folder) for e in strong):
            return RuledOut(unit.directory, _PLACES[place])
        if judgement.programs and not strong:
            return [self._program(unit, judgement, path, proof) for path, proof in judgement.programs.items()]
        if judgement.evidence:
            return self._service(unit, judgement.kind, [judgement.evidence, *strong], judgement.manifest)
        if judgement.published and not self._is_run(strong):
            return RuledOut(unit.directory, judgement.reason)
        exposes = unit.directory in self.exposing
        if strong and (exposes or self._is_run(strong) or (unit.directory and unit.manifests)):
            return self._service(unit, SERVER if exposes else CONTAINER, strong, unit.manifest)
        if unit.manifests:
            return RuledOut(unit.directory, judgement.reason)
        return RuledOut(unit.directory, "nothing but its name or a Dockerfile says that it is a service") if unit.entries else None

    def _is_run(self, evidence: list[Evidence]) -> bool:
        """Whether something besides a Dockerfile builds or runs it."""
        return any(e.what != _BESIDE for e in evidence)

    def _service(self, unit: Unit, kind: str, evidence: list[Evidence], manifest: str) -> Service:
        names = sorted(self.aliases.get(unit.directory, ()))
        name = unit.name if unit.directory else (names[0] if len(names) == 1 else self._root_name(unit))
        service = Service(name, unit.directory, kind, evidence, manifest)
        service.names.update(names)
        service.deployed_by = self.deployed.get(unit.directory, [])
        return service

    def _program(self, unit: Unit, judgement: Judgement, path: str, evidence: Evidence) -> Service:
        name = path.rpartition("/")[2] if path else self._root_name(unit)
        return Service(name, path, judgement.kind, [evidence], judgement.manifest)

    def _root_name(self, unit: Unit) -> str:
        """The name of what lies in the root: that of its manifest, otherwise "app"."""
        for path in (paths[0] for paths in unit.manifests.values()):
            text = text_of(self.project, path)
            found = re.search(r"^\s*(?:\"name\"\s*:\s*|name\s*=\s*|module\s+|rootProject\.name\s*=\s*)[\"']?(?P<name>[\w@./-]+)", text, re.MULTILINE)
            if found and spelled(found["name"]):
                return spelled(found["name"])
        return "app"

    # What the configuration states.

    def _stated(self, found: list[Service], ruled_out: list[RuledOut]) -> Services:
        config = self.project.config
        kept = [s for s in found if not (s.path and config.not_services.match(s.path)) and not config.not_services.match(s.name)]
        for name, statement in (config.services or {}).items():
            same = [s for s in kept if s.name == name or (statement.path and s.path == statement.path)]
            kept = [s for s in kept if s not in same]
            evidence = Evidence(config.path, statement.line, "the configuration states it")
            service = Service(name, statement.path, same[0].kind if same else SERVER, [evidence])
            for other in same:
                service.evidence += other.evidence
                service.names |= other.names
                service.deployed_by += other.deployed_by
                service.manifest = service.manifest or other.manifest
            service.image = statement.image
            kept.append(service)
        return Services(kept, ruled_out)


def _has(known: list[Evidence], evidence: Evidence) -> bool:
    return any((evidence.path, evidence.line) == (other.path, other.line) for other in known)


def _names(dockerfile: str, directory: str) -> bool:
    """Whether an instruction of a Dockerfile names a folder."""
    if directory.rpartition("/")[2] not in dockerfile:
        return False
    lines = "\n".join(found[0] for found in _COPIES.finditer(dockerfile))
    return re.search(rf"(?<![\w.-]){re.escape(directory)}(?![\w-])", lines) is not None


class _Judgements:
    """What the sources of each unit say, each unit judged once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.known: dict[str, Judgement] = {}

    @staticmethod
    def of(project: Project) -> _Judgements:
        return _Judgements(project)

    def judge(self, unit: Unit) -> Judgement:
        if unit.directory not in self.known:
            self.known[unit.directory] = self._judge(unit)
        return self.known[unit.directory]

    def _judge(self, unit: Unit) -> Judgement:
        """The first ecosystem that finds a service; without one the strongest reason against it."""
        judged = list(self._each(unit))
        for kinds in ((SERVER,), (WORKER,), (STATIC,)):
            for judgement in judged:
                if judgement.kind in kinds:
                    return judgement
        for judgement in judged:
            if judgement.never:
                return judgement
        return next((j for j in judged if j.published), judged[0] if judged else Judgement(reason="no package manifest"))

    def _each(self, unit: Unit) -> Iterator[Judgement]:
        ecosystems = dict.fromkeys(unit.manifests)
        if any(path.endswith(".py") for path in unit.entries):
            ecosystems["python"] = None
        for ecosystem in ecosystems:
            module = _MODULES.get(ecosystem, "manifests")
            judgement: Judgement = import_module(f"shipworthy.deployment.services.{module}").judge(
                self.project, unit, ecosystem
            )
            yield judgement
