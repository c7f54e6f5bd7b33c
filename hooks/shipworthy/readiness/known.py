"""What the parts of the report are told from: the models of what is deployed, asked for once."""

from __future__ import annotations

from functools import cached_property

from shipworthy.deployment.compose import DEVELOPMENT, Compose, ComposeSet, compose
from shipworthy.deployment.compose import PRODUCTION as COMPOSE_IN_PRODUCTION
from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.kubernetes import Workload, workloads
from shipworthy.deployment.kubernetes.pods import Pods
from shipworthy.deployment.kubernetes.units import Cluster, cluster
from shipworthy.deployment.platforms import BUILDER, Platform, platforms, started_on_hosts
from shipworthy.deployment.services import Service, Services, services
from shipworthy.places import PRODUCTION
from shipworthy.readiness.sources import Sources, sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class Known:
    """What is known about a repository: ``project.model(Known)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.services: Services = project.model(services)
        self.compose: Compose = project.model(compose)

    @cached_property
    def sources(self) -> Sources:
        """The source files."""
        return self.project.model(sources)

    @cached_property
    def cluster(self) -> Cluster:
        """The objects of Kubernetes."""
        return self.project.model(cluster)

    @cached_property
    def workloads(self) -> list[Workload]:
        """What Kubernetes runs in production."""
        return [
            found
            for found in self.project.model(workloads)
            if self.is_production(found.path) and self.deploys("kubernetes")
        ]

    @cached_property
    def production_sets(self) -> list[ComposeSet]:
        """The Compose sets that are for production, or else those that may be."""
        return self.compose.production

    @cached_property
    def certain_sets(self) -> list[ComposeSet]:
        """The Compose sets that something says are for production."""
        return [known for known in self.compose.sets if known.role == COMPOSE_IN_PRODUCTION]

    @cached_property
    def development_sets(self) -> list[ComposeSet]:
        """The Compose sets that are for developers."""
        return [known for known in self.compose.sets if known.role == DEVELOPMENT]

    @cached_property
    def platforms(self) -> list[Platform]:
        """The platforms that run something of the repository."""
        return [
            found
            for found in self.project.model(platforms)
            if found.does != BUILDER and self.is_production(found.path) and self.deploys("platform")
        ]

    @cached_property
    def hosts(self) -> list[Evidence]:
        """The units of systemd, and the configuration of supervisors, that start something on a host."""
        return [
            Evidence(found.path, found.line, "systemd" if ".service" in found.path else "a supervisor")
            for found in started_on_hosts(self.project)
            if self.is_production(found.path)
        ]

    @cached_property
    def pods_in(self) -> dict[str, list[tuple[int, int, int, Pods]]]:
        """The workloads that production gets, by their files, each with its number, its first and its last line."""
        found: dict[str, list[tuple[int, int, int, Pods]]] = {}
        for number, pods in enumerate(self.cluster.pods):
            object = pods.object
            if self.cluster.is_judged(object):
                first, last = (object.file.position(offset)[0] for offset in (object.start, object.end))
                found.setdefault(object.path, []).append((number, first, last, pods))
        return found

    @cached_property
    def other_than_compose(self) -> Evidence | None:
        """What deploys and is not Compose."""
        return self._workload or self._platform or (self.hosts[0] if self.hosts else None) or self.cloud

    @cached_property
    def other_than_kubernetes(self) -> Evidence | None:
        """What deploys and is not Kubernetes."""
        for known in self.certain_sets:
            return Evidence(known.file.path, 1, "Compose")
        return self._platform or (self.hosts[0] if self.hosts else None) or self.cloud

    @property
    def _workload(self) -> Evidence | None:
        for found in self.workloads:
            return Evidence(found.path, found.line, named(found.kind, found.name))
        return None

    @property
    def _platform(self) -> Evidence | None:
        return self.platforms[0].evidence if self.platforms else None

    @cached_property
    def cloud(self) -> Evidence | None:
        """The CI file that hands the program to a cloud."""
        from shipworthy.deployment.pipelines import deploying

        return deploying(self.project, site=True)

    @cached_property
    def need(self) -> Evidence | None:
        """The best proof that something of this repository runs in production."""
        for service in self.services:
            for evidence in service.evidence:
                if evidence.path in self.project.repository:
                    return Evidence(evidence.path, evidence.line, f"the service {service.name}: {evidence.what}")
        return None

    @cached_property
    def needs(self) -> list[Service]:
        """The services whose proof is committed."""
        return [
            service
            for service in self.services
            if any(evidence.path in self.project.repository for evidence in service.evidence)
        ]

    def is_production(self, path: str) -> bool:
        """Whether a path is for production."""
        return self.project.place_of(path) == PRODUCTION

    def deploys(self, target: str) -> bool:
        """Whether the configuration does not rule a target out."""
        stated = self.project.config.deploys
        return stated is None or target in stated

    @property
    def stated_targets(self) -> str:
        """The targets that the configuration states, in words; "" where it states none."""
        stated = self.project.config.deploys
        return "" if stated is None else ", ".join(stated) or "none"


def named(kind: str, name: str) -> str:
    """An object of Kubernetes by its kind, and by its name where no template makes it."""
    return kind if not name or "{{" in name else f"{kind} {name}"
