"""The matrix of services: for each one, what is there of all that a service needs in production."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from shipworthy.deployment.compose import ComposeSet
from shipworthy.deployment.compose.health import is_known_to_have_none, own_test
from shipworthy.deployment.compose.services import Service as ComposeService
from shipworthy.deployment.env_files import env_files
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.images import image_source
from shipworthy.deployment.kubernetes.objects import dig
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.deployment.names import comparable, find, image_name, shared_prefix, spelled
from shipworthy.deployment.pipelines import mentioned
from shipworthy.deployment.services import STATIC, Service
from shipworthy.deployment.workflows import read_by_ci
from shipworthy.deployment.workflows.presence import delivers
from shipworthy.file import File
from shipworthy.formats.tree import Node, Setting
from shipworthy.patterns import lazy
from shipworthy.readiness.known import Known
from shipworthy.readiness.model import (
    COLUMNS,
    COMPLETE,
    COMPOSE_PRODUCTION,
    DOCKERFILES,
    DOCUMENTED,
    ENVIRONMENT,
    KUBERNETES,
    MISSING,
    NOT_APPLICABLE,
    PARTIAL,
    PATHS,
    UNKNOWN,
    Cell,
    Gap,
    Readiness,
    ServiceRow,
)
from shipworthy.readiness.parts.delivery import Steps
from shipworthy.readiness.watching import Watching, is_weak
from shipworthy.repository import below

_HEALTH = lazy(r"^[ \t]*HEALTHCHECK[ \t]+(?!NONE)", re.MULTILINE | re.IGNORECASE)
_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
NOTHING = "–"
"""The text of a cell that does not apply."""
_LIMITS = (("deploy", "resources", "limits", "memory"), ("mem_limit",))


class Matrix:
    """The rows of the matrix, of a report whose components and gaps are known."""

    def __init__(self, known: Known, report: Readiness) -> None:
        self.known = known
        names = Counter(spelled(name) for service in known.services for name in service.names)
        self.lacking = {one.id for one in report.components if one.status in (MISSING, DOCUMENTED)}
        """The components that are not there at all."""
        self.shared = {name for name, count in names.items() if count > 1}
        self._gaps = report.gaps
        self._called: dict[str, set[int]] = {}
        """The numbers of the gaps that say a service's name, by that name."""
        self._in_folder: dict[str, set[int]] = {}
        """Those of the other gaps, by the folder of the service in which they are."""
        for number, gap in enumerate(report.gaps):
            if gap.service and spelled(gap.service) not in self.shared:
                self._called.setdefault(comparable(gap.service), set()).add(number)
            elif (owner := known.services.owner(gap.path)) is not None:
                self._in_folder.setdefault(owner.path, set()).add(number)
        self._active: dict[ComposeSet, _Active] = {}

    def rows(self, services: Sequence[Service]) -> list[ServiceRow]:
        """One row for each of some services."""
        return [self._row(service) for service in services]

    def _row(self, service: Service) -> ServiceRow:
        names = sorted(name for name in service.names if spelled(name) not in self.shared)
        seen = _Seen(self, service, names, self._gaps_of(service))
        cells = {
            "image": seen.image(),
            "compose": seen.compose(),
            "kubernetes": seen.kubernetes(),
            "ci": seen.ci(),
            "health": seen.health(),
            "limits": seen.limits(),
            "environment": seen.environment(),
            "data": seen.data(),
            "monitoring": seen.monitoring(),
        }
        return ServiceRow(service.name, service.path, service.kind, service.evidence, {id: cells[id] for id in COLUMNS})

    def _gaps_of(self, service: Service) -> list[Gap]:
        numbers = {number for name in service.names for number in self._called.get(comparable(name), ())}
        if self.known.services.owner(service.path) is service:
            numbers |= self._in_folder.get(service.path, set())
        return [self._gaps[number] for number in sorted(numbers)]

    def active(self, one: ComposeSet) -> _Active:
        """The services of a Compose set that run."""
        if one not in self._active:
            self._active[one] = _Active(one)
        return self._active[one]


class _Seen:
    """One service, as the files that deploy it show it. ``names`` are those that only it has."""

    def __init__(self, matrix: Matrix, service: Service, names: list[str], gaps: list[Gap]) -> None:
        self.matrix = matrix
        self.known = matrix.known
        self.lacking = matrix.lacking
        self.names = names
        self.service = service
        self.gaps = gaps

    def image(self) -> Cell:
        """Where its image comes from."""
        source = image_source(self.known.project, self.service)
        if source is None:
            return Cell(MISSING, "none", self._proof)
        faults = sum(gap.path == source.path and gap.component == DOCKERFILES for gap in self.gaps)
        name = source.path.rpartition("/")[2] if "ockerfile" in source.what else source.what
        return Cell(PARTIAL if faults else COMPLETE, name, source)

    def compose(self) -> Cell:
        """Whether a Compose file for production runs it."""
        if self._composed is not None:
            one, service = self._composed
            return Cell(COMPLETE, one.role, _at(service))
        for one in self.known.development_sets:
            found = self._in(one)
            if found is not None:
                status = NOT_APPLICABLE if self.known.other_than_compose is not None else PARTIAL
                return Cell(status, "development only", _at(found))
        if COMPOSE_PRODUCTION in self.lacking:
            return Cell(MISSING, "no file", self._proof)
        if not self.known.production_sets or self._pods or self.service.kind == STATIC:
            return Cell(NOT_APPLICABLE, NOTHING)
        return Cell(MISSING if self._is_reported else UNKNOWN, "not in it", self._proof)

    def kubernetes(self) -> Cell:
        """Whether Kubernetes runs it."""
        for pods in self._pods:
            return Cell(COMPLETE, pods.object.kind, _at_object(pods))
        for workload in self.known.workloads:
            if self._is_called(workload.name, [image for image, _ in workload.images]):
                return Cell(COMPLETE, workload.kind, Evidence(workload.path, workload.line, workload.kind))
        if KUBERNETES in self.lacking:
            return Cell(MISSING, "no manifest", self._proof)
        if not self.known.workloads or self._composed is not None or self.service.kind == STATIC:
            return Cell(NOT_APPLICABLE, NOTHING)
        return Cell(MISSING if self._is_reported else UNKNOWN, "no workload", self._proof)

    def ci(self) -> Cell:
        """Whether a pipeline builds it."""
        read = self.known.project.model(read_by_ci)
        if not read:
            return Cell(MISSING, "no pipeline", self._proof)
        found = mentioned(self.known.project, self.service.path, self.service.name)
        if found is not None and found.path in read:
            return Cell(COMPLETE, "built", found)
        is_only = len(self.known.services) == 1
        for step in self.known.project.model(Steps).builds:
            if step.path in read and (is_only or self._is_built_by(step.what)):
                return Cell(COMPLETE, "built", step)
        first = next(iter(read))
        if not delivers(self.known.project):
            return Cell(MISSING if self.known.need else UNKNOWN, "builds no image", Evidence(first, 1, "a pipeline"))
        return Cell(UNKNOWN, "not named", Evidence(first, 1, "a pipeline"))

    def _is_built_by(self, command: str) -> bool:
        """Whether the service is one of those that a pipeline's command builds all together."""
        said = {evidence.what.partition(" builds ")[0].lower() for evidence in self.service.evidence}
        return any(tool in command.lower() for tool in said & {"skaffold", "bake", "compose", "tilt"})

    def health(self) -> Cell:
        """Whether anything notices when it stops answering."""
        if self._composed is not None:
            one, service = self._composed
            test = own_test(service)
            if test is not None:
                return Cell(
                    COMPLETE, "health check", Evidence(test.file.path, _line(test.file, test.node.start), "a test")
                )
            if one.one_shot(service):
                return Cell(NOT_APPLICABLE, "ends by itself", _at(service))
            if is_known_to_have_none(self.known.project, service):
                return Cell(MISSING, "none", _at(service))
        for pods in self._pods:
            probe = next((name for name in _PROBES for one in pods.containers if dig(one, name) is not None), "")
            if not probe and not pods.ports:
                return Cell(NOT_APPLICABLE, "no port", _at_object(pods))
            return Cell(COMPLETE if probe else MISSING, probe.removesuffix("Probe") or "no probe", _at_object(pods))
        source = image_source(self.known.project, self.service)
        if source is not None:
            text = text_of(self.known.project, source.path)
            found = _HEALTH.search(text)
            if found:
                return Cell(COMPLETE, "HEALTHCHECK", Evidence(source.path, line_at(text, found.start()), "HEALTHCHECK"))
        if self._composed is not None:
            return Cell(UNKNOWN, "the image may", _at(self._composed[1]))
        return self._not_run()

    def limits(self) -> Cell:
        """Whether it may take all the memory of its host."""
        if self._composed is not None:
            _, service = self._composed
            for keys in _LIMITS:
                found = service.get(*keys)
                if found is not None:
                    place = Evidence(found.file.path, _line(found.file, found.node.start), "a memory limit")
                    return Cell(COMPLETE, found.text or "set", place)
            return Cell(MISSING, "none", _at(service))
        for pods in self._pods:
            containers = pods.containers
            limited = [one for one in containers if dig(one, "resources", "limits", "memory") is not None]
            if limited and len(limited) == len(containers):
                return Cell(COMPLETE, "memory", _at_object(pods))
            return Cell(PARTIAL if limited else MISSING, "some" if limited else "none", _at_object(pods))
        return self._not_run()

    def environment(self) -> Cell:
        """Whether somebody can tell which variables it needs."""
        lacking = next((gap for gap in self.gaps if gap.component == ENVIRONMENT), None)
        if lacking is not None:
            return Cell(PARTIAL, "gaps", Evidence(lacking.path, lacking.line, lacking.message))
        files = self.known.project.model(env_files)
        own = below(files.committed, self.service.path) if self.service.path else []
        shared = [path for path in files.committed if "/" not in path]
        for path in [*own, *shared][:1]:
            return Cell(COMPLETE, "own" if own else "shared", Evidence(path, 1, "an env file or an example"))
        if self._composed is not None and (self._composed[1].environment or self._composed[1].env_files):
            return Cell(COMPLETE, "Compose", _at(self._composed[1]))
        if any(
            dig(one, "env") is not None or dig(one, "envFrom") is not None
            for pods in self._pods
            for one in pods.containers
        ):
            return Cell(COMPLETE, "manifest", _at_object(self._pods[0]))
        return Cell(UNKNOWN, "nothing says")

    def data(self) -> Cell:
        """Where it keeps what must last."""
        lacking = next((gap for gap in self.gaps if gap.component == PATHS), None)
        if lacking is not None:
            return Cell(PARTIAL, "temporary", Evidence(lacking.path, lacking.line, lacking.message))
        if self._composed is not None:
            mounts = [mount for mount in self._composed[1].mounts if mount.type == "volume" and mount.source]
            if mounts:
                value = mounts[0].value
                place = Evidence(value.file.path, _line(value.file, value.node.start), mounts[0].target)
                return Cell(COMPLETE, f"{len(mounts)} volume{'s' * (len(mounts) != 1)}", place)
        for pods in self._pods:
            if (
                dig(pods.object.body, "spec", "volumeClaimTemplates") is not None
                or "persistentVolumeClaim" in pods.object.text
            ):
                return Cell(COMPLETE, "claim", _at_object(pods))
        return Cell(NOT_APPLICABLE, "no volume")

    def monitoring(self) -> Cell:
        """Whether anything watches it."""
        if self.service.kind == STATIC:
            return Cell(NOT_APPLICABLE, NOTHING)
        watching = self.known.project.model(Watching)
        own = watching.of(self.service.path)
        if own is not None:
            return Cell(UNKNOWN if is_weak(own) else COMPLETE, own.what, own)
        if watching.best is not None:
            return Cell(UNKNOWN, "not in its folder", watching.best)
        return Cell(MISSING, "none", self._proof)

    def _not_run(self) -> Cell:
        """What is said of a service that nothing here is known to run."""
        if self.service.kind == STATIC:
            return Cell(NOT_APPLICABLE, NOTHING)
        if self.service.deployed_by or self.known.platforms:
            place = self.service.deployed_by[0] if self.service.deployed_by else self.known.platforms[0].evidence
            return Cell(UNKNOWN, "elsewhere", place)
        return Cell(UNKNOWN, "not deployed", self._proof)

    @property
    def _proof(self) -> Evidence | None:
        return next((one for one in self.service.evidence if one.path in self.known.project.repository), None)

    @property
    def _is_reported(self) -> bool:
        """Whether a rule says that nothing deploys it: else it may be deployed from anywhere."""
        return any(gap.rule in ("every-service-deployed", "kubernetes-manifests") for gap in self.gaps)

    @cached_property
    def _composed(self) -> tuple[ComposeSet, ComposeService] | None:
        """The Compose service that runs it in production."""
        for one in self.known.production_sets:
            found = self._in(one)
            if found is not None:
                return one, found
        return None

    def _in(self, one: ComposeSet) -> ComposeService | None:
        """The service of a Compose set that builds or runs this one."""
        places = {(evidence.path, evidence.line) for evidence in (*self.service.deployed_by, *self.service.evidence)}
        return self.matrix.active(one).find(places, self.names)

    @cached_property
    def _pods(self) -> list[Pods]:
        """The workloads that run it in production."""
        places = {(evidence.path, evidence.line) for evidence in self.service.deployed_by}
        found = {
            number: pods
            for path, line in places
            for number, first, last, pods in self.known.pods_in.get(path, ())
            if first <= line <= last
        }
        return [found[number] for number in sorted(found)]

    def _is_called(self, name: str, images: list[str]) -> bool:
        known = dict.fromkeys(self.names, True)
        return any(find(known, one) for one in (name, *map(image_name, images)) if one)


class _Active:
    """The services of a Compose set that run, found by the lines that build or pull them, and by their names."""

    def __init__(self, one: ComposeSet) -> None:
        self._services = [*one.active]
        self._numbers: dict[tuple[str, int], int] = {}
        for number, service in enumerate(self._services):
            build, image = service.build, service.image
            if build is not None:
                line = _key_line(build.value.file, build.value.node)
                self._numbers.setdefault((build.value.file.path, line), number)
            if image is not None:
                self._numbers.setdefault((image.file.path, _line(image.file, image.node.start)), number)
        prefix = shared_prefix(service.name for service in self._services)
        self._named = {spelled(service.name).removeprefix(prefix): service for service in self._services}

    def find(self, places: set[tuple[str, int]], names: list[str]) -> ComposeService | None:
        """The first service that stands at one of the places, or else one that has one of the names."""
        numbers = [self._numbers[place] for place in places if place in self._numbers]
        if numbers:
            return self._services[min(numbers)]
        return next((self._named[name] for name in map(spelled, names) if name in self._named), None)


def _at(service: ComposeService) -> Evidence:
    definition = service.definition
    return Evidence(definition.file.path, _key_line(definition.file, definition.node), f"the service {service.name}")


def _at_object(pods: Pods) -> Evidence:
    object = pods.object
    return Evidence(object.path, _line(object.file, object.where.start), f"{object.kind} {object.name}")


def _key_line(file: File, node: Node) -> int:
    """The line of what a node is the value of."""
    return _line(file, node.key if isinstance(node, Setting) else node.start)


def _line(file: File, offset: int) -> int:
    return file.position(offset)[0]
