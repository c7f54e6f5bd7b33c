"""Finds the services of a repository from evidence.

What builds or runs an image counts most: Compose, Skaffold, Bake, Tilt, Kubernetes, platforms, a Dockerfile beside a
manifest. Then what the sources say by themselves. The name of a folder alone proves nothing.
"""

from __future__ import annotations

import re

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.services.judging import Judgements
from shipworthy.deployment.services.model import CONTAINER, SERVER, RuledOut, Service, Services
from shipworthy.deployment.services.proofs import BESIDE, Proof, Proofs
from shipworthy.deployment.services.units import stated_name
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, DOCUMENTATION, EXAMPLE, GENERATED, PRODUCTION, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services.judgement import Judgement
    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

_NOT_RUN = lazy(
    r"(?:^|/)(?:genproto|codegen|deprecated|archived?|_?old|attic|templates?|boilerplates?|stubs?|cookiecutter)(?:/|$)",
    re.IGNORECASE,
    holding=(
        *("genproto", "codegen", "deprecated", "archive", "old", "attic", "template", "boilerplate", "stub"),
        "cookiecutter",
    ),
)
_PLACES = {
    TEST: "for tests",
    EXAMPLE: "an example",
    DOCUMENTATION: "documentation",
    VENDORED: "vendored code",
    GENERATED: "generated code",
    DEVELOPMENT: "for development",
    CI: "for CI",
}
_DOCUMENTATION = ("mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts", "book.toml", "mint.json")


def services(project: Project) -> Services:
    """The services of the repository: ``project.model(services)``."""
    proofs = project.model(Proofs)
    found: list[Service] = []
    ruled_out: list[RuledOut] = []
    for unit in proofs.units.by_directory.values():
        for decided in _Decision(project, unit, proofs.of(unit)).outcome():
            if isinstance(decided, Service):
                found.append(decided)
            else:
                ruled_out.append(decided)
    root = proofs.units.at("")
    is_tool = root is not None and project.model(Judgements).of(root).published
    if is_tool and all(_is_only_built(service) for service in found):
        reason = "an image for working on what is published, or with it"
        ruled_out += [RuledOut(other.path, reason) for other in (*found, *proofs.containers.values())]
        found = []
    else:
        found += proofs.containers.values()
    stated = {statement.path for statement in (project.config.services or {}).values() if statement.path}
    return Services(_stated(project, found), [other for other in ruled_out if other.path not in stated])


def _is_only_built(service: Service) -> bool:
    """Whether a Dockerfile beside it is all that is known about a container."""
    return service.kind == CONTAINER and all(evidence.what == BESIDE for evidence in service.evidence)


class _Decision:
    """Whether one unit is a service."""

    def __init__(self, project: Project, unit: Unit, proof: Proof) -> None:
        self.project = project
        self.unit = unit
        self.proof = proof
        self.judgement: Judgement = project.model(Judgements).of(unit)

    def outcome(self) -> list[Service | RuledOut]:
        """The service, or the services of a unit of several programs, or why there is none."""
        reason = self._reason_against()
        if reason:
            return [RuledOut(self.unit.directory, reason)]
        judgement, proof = self.judgement, self.proof
        if judgement.programs and not proof.evidence:
            return [self._program(path, evidence) for path, evidence in judgement.programs.items()]
        if judgement.evidence:
            return [self._service(judgement.kind, [judgement.evidence, *proof.evidence], judgement.manifest)]
        if proof.is_run or (proof.evidence and not judgement.published and self._is_complete):
            return [self._service(SERVER if proof.exposed else CONTAINER, proof.evidence, self.unit.manifest)]
        if self.unit.manifests:
            return [RuledOut(self.unit.directory, judgement.reason)]
        return [RuledOut(self.unit.directory, "only its name or a Dockerfile says so")] if self.unit.entries else []

    @property
    def _is_complete(self) -> bool:
        """Whether a Dockerfile without anything that runs it is enough: it offers a port, or has a manifest."""
        return self.proof.exposed or bool(self.unit.directory and self.unit.manifests)

    def _reason_against(self) -> str:
        """What rules the unit out whatever else is known; "" where nothing does."""
        directory = self.unit.directory
        folder = directory + "/" if directory else ""
        if self.project.config.not_services.match(directory or "."):
            return "the configuration says that it is none"
        if folder and any(folder + name in self.project.repository for name in _DOCUMENTATION):
            return "a documentation site"
        if self.judgement.never:
            return self.judgement.reason
        if _NOT_RUN.search(directory):
            return "a folder of what production does not run"
        place = self.project.place_of(folder + "file") if folder else PRODUCTION
        return "" if place == PRODUCTION or self._is_run_from_outside(folder) else _PLACES[place]

    def _is_run_from_outside(self, folder: str) -> bool:
        """Whether a file for production, not in the folder itself, builds or runs it."""
        return any(
            not evidence.path.startswith(folder) and self.project.place_of(evidence.path) == PRODUCTION
            for evidence in self.proof.evidence
        )

    def _service(self, kind: str, evidence: list[Evidence], manifest: str) -> Service:
        names = sorted(self.proof.names)
        name = self.unit.name or (names[0] if len(names) == 1 else self._root_name(manifest))
        service = Service(name, self.unit.directory, kind, evidence, manifest)
        service.names.update(names)
        service.deployed_by = list(self.proof.deployed)
        service.run_as_image = list(self.proof.images)
        return service

    def _program(self, path: str, evidence: Evidence) -> Service:
        name = path.rpartition("/")[2] or self._root_name(self.judgement.manifest)
        return Service(name, path, self.judgement.kind, [evidence], self.judgement.manifest)

    def _root_name(self, manifest: str) -> str:
        """The name of what lies in the root."""
        return stated_name(self.project, self.unit, manifest) or "app"


def _stated(project: Project, found: list[Service]) -> list[Service]:
    """The services with those that the configuration states in place of what was found of the same name or folder."""
    config = project.config
    kept = [
        service
        for service in found
        if not config.not_services.match(service.name) and not config.not_services.match(service.path or ".")
    ]
    for name, statement in (config.services or {}).items():
        same = [other for other in kept if other.name == name or (statement.path and other.path == statement.path)]
        kept = [other for other in kept if other not in same]
        evidence = Evidence(config.path, statement.line, "the configuration states it")
        service = Service(name, statement.path, same[0].kind if same else SERVER, [evidence])
        service.image = statement.image
        for other in same:
            service.absorb(other)
        kept.append(service)
    return kept
