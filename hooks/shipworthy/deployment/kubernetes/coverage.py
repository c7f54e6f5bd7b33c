"""Services without a workload, and workloads without a Service, where the others have one."""

from __future__ import annotations

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.kubernetes.discovery import workloads
from shipworthy.deployment.kubernetes.objects import Object, dig, is_known, scalar
from shipworthy.deployment.kubernetes.pods import Pods, Selector, plain_selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit, cluster
from shipworthy.deployment.kubernetes.unseen import unseen
from shipworthy.deployment.names import comparable, image_name, spelled
from shipworthy.deployment.services import CONTAINER, STATIC, Service, services
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FEWEST = 3
"""Of fewer services nobody can say what the others have."""
_MOST = 0.6
"""The share of all services that must have a workload. With fewer, a repository deploys in several ways."""
_NEARLY_ALL = 0.75
"""The share of the workloads that listen that must have a Service."""
_BESIDE = lazy(r"demo|seed|example|test|tool|prototype|monitor|alert|load|mock|dev\b|local|docs?\b|ssh|backup|migrat")
"""Names of what is run beside a product."""
_SERVING = frozenset({"Deployment", "StatefulSet", "Rollout"})
_NOT_CALLED = lazy(
    r"worker|consumer|agent|operator|controller|scheduler|cron|queue|exporter|collector|migrat|job|sidecar|beat|indexer"
    r"|processor|daemon|loadgen|load-gen|load-test|prober|watcher|bot\b"
)
"""Names of what nobody calls by a Service."""
_INTERNAL_PORT = lazy(r"metrics|health|probe|admin|debug|pprof|prom|monitor|telemetry|webhook|jmx|management|liveness")


class Uncovered:
    """A service that Kubernetes does not run, though it runs most of the others.

    ``proof`` is where the service is proved, ``elsewhere`` what runs it instead, "" where nothing does.
    """

    __slots__ = ("elsewhere", "others", "proof", "service", "total")

    def __init__(self, service: Service, proof: Evidence, elsewhere: str, others: int, total: int) -> None:
        self.service = service
        self.proof = proof
        self.elsewhere = elsewhere
        self.others = others
        self.total = total


def without_workload(project: Project) -> list[Uncovered]:
    """The services that Kubernetes does not run, where it runs most: ``project.model(without_workload)``.

    Unknown, and so none, where charts, programs, kustomizations of other repositories or operators bring workloads.
    """
    known = project.model(cluster)
    if not _is_deployed_to(project) or _is_unknown(known):
        return []
    candidates = [service for service in project.model(services) if service.kind not in (STATIC, CONTAINER)]
    running = _Running(project, candidates)
    missing = [service for service in candidates if not running.may_be(service)]
    others = sum(map(running.surely_is, candidates))
    if len(candidates) < _FEWEST or others < _MOST * len(candidates):
        return []
    found = []
    for service in missing:
        elsewhere = [evidence for evidence in service.deployed_by if project.place_of(evidence.path) == PRODUCTION]
        proof = next((evidence for evidence in service.evidence if evidence.path in project.repository), None)
        where = f"{service.path} {service.name} {proof.path if proof else ''}"
        is_product = not _BESIDE.search(where.lower())
        if is_product and proof is not None and all(evidence.what.startswith("Compose") for evidence in elsewhere):
            what = elsewhere[0].what if elsewhere else ""
            found.append(Uncovered(service, proof, what, others, len(candidates)))
    return found


def _is_deployed_to(project: Project) -> bool:
    """Whether the configuration does not say that other targets alone are deployed to."""
    return project.config.deploys is None or "kubernetes" in project.config.deploys


def _is_unknown(known: Cluster) -> bool:
    """Whether charts, other repositories or programs may bring workloads that nobody sees here."""
    return (
        any(object.is_template for object in known.objects)
        or any(unit.is_open for unit in known.units)
        or any(
            object.kind in ("Application", "ApplicationSet", "HelmRelease") and not known.applies_own_folder(object)
            for object in known.custom
        )
        or bool(known.project.model(unseen))
    )


class _Running:
    """Which services Kubernetes runs: surely, or perhaps, where several services have the name of one workload."""

    def __init__(self, project: Project, candidates: list[Service]) -> None:
        self._paths: set[str] = set()
        self._folders: set[str] = set()
        named: set[str] = set()
        for workload in project.model(workloads):
            folder = workload.path
            while folder and folder not in self._folders:
                folder = folder.rpartition("/")[0]
                self._folders.add(folder)
            self._paths.add(workload.path)
            named |= {spelled(workload.name)} | {spelled(image_name(image)) for image, _ in workload.images}
        self._named = {name for name in named if name}
        self._comparable = {comparable(name) for name in self._named}
        self._shared: dict[str, int] = {}
        for service in candidates:
            for name in {comparable(name) for name in service.names}:
                self._shared[name] = self._shared.get(name, 0) + 1

    def surely_is(self, service: Service) -> bool:
        """Whether a manifest runs it, lies in its folder, or has its name, which no other service has."""
        if any(evidence.path in self._paths for evidence in service.deployed_by):
            return True
        names = {comparable(name) for name in service.names}
        return (bool(service.path) and service.path in self._folders) or any(
            name in self._comparable and self._shared[name] == 1 for name in names
        )

    def may_be(self, service: Service) -> bool:
        """Whether a workload may run it, for all that its name tells."""
        names = {comparable(name) for name in service.names}
        return (
            self.surely_is(service)
            or not names.isdisjoint(self._comparable)
            or any(f"-{name}-" in f"-{known}-" for name in names if name for known in self._named)
        )


def without_service(project: Project) -> list[Pods]:
    """The workloads that listen, without a Service, where most have one: ``project.model(without_service)``."""
    known = project.model(cluster)
    if not _is_deployed_to(project) or _is_unknown(known) or _have_namesakes(known):
        return []
    listening = [pods for pods in known.pods if _listens(known, pods)]
    callers = _Callers(known)
    uncalled = [pods for pods in listening if not callers.reach(pods)]
    if len(listening) - len(uncalled) < max(2, _NEARLY_ALL * len(listening)):
        return []
    return [pods for pods in uncalled if not _NOT_CALLED.search(pods.object.name)]


def _have_namesakes(known: Cluster) -> bool:
    """Whether every workload that may listen has a Service of its name: then nothing need be parsed."""
    names = {service.name for service in known.by_kind.get("Service", ())}
    serving = (object for kind in _SERVING for object in known.by_kind.get(kind, ()))
    return all(object.name in names for object in serving if object.holds("containerPort"))


def _listens(known: Cluster, pods: Pods) -> bool:
    object = pods.object
    if object.kind not in _SERVING or scalar(object.body, "spec", "serviceName") or not known.is_judged(object):
        return False
    if not known.units_of(object) or scalar(pods.spec, "hostNetwork") == "true":
        return False
    scraped = pods.annotations.get("prometheus.io/port")
    return any(
        not _INTERNAL_PORT.search(scalar(port, "name"))
        and scalar(port, "containerPort") != scraped
        and not scalar(port, "hostPort")
        for port in pods.ports
    )


class _Callers:
    """The Services of the repository, by their names and by a label that they select.

    One that is called like a workload is meant for it; whether its selector is right is another question.
    """

    def __init__(self, known: Cluster) -> None:
        self.known = known
        self._by_name: dict[str, list[Object]] = {}
        self._by_label: dict[tuple[str, str], list[tuple[Object, Selector]]] = {}
        for service in known.by_kind.get("Service", ()):
            self._by_name.setdefault(service.name, []).append(service)
            wanted = plain_selector(dig(service.body, "spec", "selector"))
            if wanted.labels:
                self._by_label.setdefault(next(iter(wanted.labels.items())), []).append((service, wanted))

    def reach(self, pods: Pods) -> bool:
        """Whether a Service selects the pods, or is called like what makes them."""
        return any(self._reach_in(unit, pods) for unit in self.known.units_of(pods.object))

    def _reach_in(self, unit: Unit, pods: Pods) -> bool:
        if any(service.path not in unit.hidden for service in self._by_name.get(pods.object.name, ())):
            return True
        labels = unit.labels_of(pods)
        return not all(map(is_known, labels.values())) or any(
            service.path not in unit.hidden and wanted.matches(labels)
            for label in labels.items()
            for service, wanted in self._by_label.get(label, ())
        )
