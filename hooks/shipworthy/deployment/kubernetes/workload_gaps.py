"""What the containers of long-running workloads lack: requests, a memory limit, a readiness probe, a pinned image.

Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.image_references import floating, parse
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, is_known, scalar
from shipworthy.deployment.kubernetes.pods import LONG_RUNNING, Pods, Selector, plain_selector
from shipworthy.deployment.kubernetes.units import Cluster, Unit, cluster
from shipworthy.deployment.mentions import lines_with
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

REQUESTS = "requests"
MEMORY_LIMIT = "memory limit"
READINESS = "readiness probe"
IMAGE = "pinned image"

_SIDECARS = lazy(r"proxy|exporter|reloader|fluent|vault-agent|sidecar|agent$")
"""Containers beside the one that answers; the pod's own container says when it is ready."""
_SETS_IMAGES = lazy(
    r"set image|kustomize edit set|\bsed\b|\byq\b|envsubst|skaffold|--set\b|newTag|IMAGE_TAG|image_tag|kpt|deploy"
)
_EDITS = lazy(r"\bsed\s|\bperl\s+-p")
_SKAFFOLD = lazy(r"(?:^|/)skaffold[^/]*\.ya?ml$")


_NEED_NO_SELECTOR = frozenset({"DeploymentConfig", "ReplicationController", "Rollout"})
"""Kinds that take the labels of their template for a selector, or those of another workload."""


class Gap(NamedTuple):
    """What one container lacks. ``missing`` are some of `REQUESTS` to `IMAGE`, ``why`` says why the image floats."""

    object: Object
    container: Block
    missing: tuple[str, ...]
    why: str = ""


def gaps(project: Project) -> Iterator[Gap]:
    """The containers of production that lack something, in every unit that they are judged in."""
    known = project.model(cluster)
    judge = _Judge(known)
    for pods in known.pods:
        if pods.object.kind in LONG_RUNNING and known.is_judged(pods.object) and known.units_of(pods.object):
            yield from judge.of(pods)


class _Judge:
    def __init__(self, known: Cluster) -> None:
        self.known = known
        self._tags: dict[str, bool] = {}

    def of(self, pods: Pods) -> Iterator[Gap]:
        """The gaps of one workload, container by container."""
        object = pods.object
        units = self.known.units_of(object)
        if any(unit.is_open for unit in units) or scalar(object.body, "spec", "replicas") == "0" or not _is_whole(pods):
            return
        for container in pods.containers:
            missing = [
                *(what for what in self._resources(pods, container, units)),
                *((READINESS,) if self._needs_readiness(pods, container, units) else ()),
            ]
            why = self._floating(pods, container, units)
            if why:
                missing.append(IMAGE)
            if missing:
                yield Gap(object, container, tuple(missing), why)

    def _resources(self, pods: Pods, container: Block, units: list[Unit]) -> list[str]:
        """The resources that are neither written, patched nor given by the namespace."""
        if any(
            unit.is_patched(pods.object, "resources", "limits", "requests") or self._has_range(unit, pods)
            for unit in units
        ):
            return []
        resources = dig(container, "resources")
        if isinstance(resources, Setting) and not is_known(resources.value):
            return []
        requests, limits = dig(resources, "requests"), dig(resources, "limits")
        found = []
        if requests is None and limits is None and not self._is_sized(pods):
            found.append(REQUESTS)
        if dig(limits, "memory") is None and not (isinstance(limits, Setting) and limits.value):
            found.append(MEMORY_LIMIT)
        return found

    def _has_range(self, unit: Unit, pods: Pods) -> bool:
        namespace = self.known.namespace_of(pods.object)
        return any(unit.shares_namespace(object, namespace) for object in unit.of_kind("LimitRange"))

    def _is_sized(self, pods: Pods) -> bool:
        """Whether a VerticalPodAutoscaler sets the requests."""
        return any(
            scalar(object.body, "spec", "targetRef", "name") == pods.object.name
            for object in self.known.by_kind.get("VerticalPodAutoscaler", ())
        )

    def _needs_readiness(self, pods: Pods, container: Block, units: list[Unit]) -> bool:
        """Whether a Service sends requests to a container that does not say when it can answer them."""
        if any(dig(container, probe) is not None for probe in ("readinessProbe", "startupProbe")):
            return False
        containers = pods.containers
        if len(containers) > 1 and (
            _SIDECARS.search(scalar(container, "name")) or _others_are_ready(containers, container)
        ):
            return False
        if any(unit.is_patched(pods.object, "readinessProbe") for unit in units):
            return False
        return all(
            any(len(containers) == 1 or _leads_to(service, container) for service in self._services_of(unit, pods))
            for unit in units
        )

    def _services_of(self, unit: Unit, pods: Pods) -> Iterator[Object]:
        """The Services of the unit that send requests to the pods."""
        labels, namespace = unit.labels_of(pods), self.known.namespace_of(pods.object)
        for label in labels.items():
            for service, wanted in self._services.get(label, ()):
                is_same_place = service.path not in unit.hidden and unit.shares_namespace(service, namespace)
                if is_same_place and wanted.matches(labels):
                    yield service

    @cached_property
    def _services(self) -> dict[tuple[str, str], list[tuple[Object, Selector]]]:
        """The Services that wait until pods are ready, by the first label that they select."""
        found: dict[tuple[str, str], list[tuple[Object, Selector]]] = {}
        for service in self.known.by_kind.get("Service", ()):
            wanted = plain_selector(dig(service.body, "spec", "selector"))
            is_impatient = scalar(service.body, "spec", "publishNotReadyAddresses") == "true"
            if wanted.labels and not is_impatient and not service.is_template:
                found.setdefault(next(iter(wanted.labels.items())), []).append((service, wanted))
        return found

    def _floating(self, pods: Pods, container: Block, units: list[Unit]) -> str:
        """Why the image may be another one tomorrow; "" where it may not, or where something sets its tag."""
        image = container.get("image")
        if not isinstance(image, Setting) or not is_known(image.value):
            return ""
        reference = parse(image.value)
        why = floating(reference) if reference is not None else ""
        if not why or any(unit.is_patched(pods.object, "image") for unit in units):
            return ""
        return "" if self._is_set(image.value) else why

    def _is_set(self, image: str) -> bool:
        """Whether a kustomization, Skaffold, or a command of a pipeline sets the image's tag."""
        name = image.partition("@")[0]
        head, slash, last = name.rpartition("/")
        name = head + slash + last.partition(":")[0]
        if name not in self._tags:
            self._tags[name] = any(
                name in known.pinned_images for known in self.known.kustomizations.values()
            ) or self._is_set_by_commands(name)
        return self._tags[name]

    def _is_set_by_commands(self, name: str) -> bool:
        last = name.rpartition("/")[2]
        if any(_builds(text, name) or _builds(text, last) for text in self._skaffold):
            return True
        return any(
            not line.path.endswith(".md") and (_says_image(line.text) or _rewrites(line.text, last))
            for line in lines_with(self.known.project, last)
        )

    @cached_property
    def _skaffold(self) -> list[str]:
        return [self.known.text_of(path) for path in self.known.project.repository.paths if _SKAFFOLD.search(path)]


def _says_image(line: str) -> bool:
    return _SETS_IMAGES.search(line) is not None and "image" in line.lower()


def _rewrites(line: str, name: str) -> bool:
    """Whether a stream editor puts another tag behind the name."""
    return _EDITS.search(line) is not None and f"{name}:" in line


def _builds(skaffold: str, name: str) -> bool:
    return re.search(rf"image:[ \t]*[\"']?{re.escape(name)}(?![\w./-])", skaffold) is not None


def _leads_to(service: Object, container: Block) -> bool:
    """Whether a port of the Service is one that the container declares."""
    declared = {scalar(port, key) for port in blocks(container, "ports") for key in ("name", "containerPort")}
    targets = (scalar(port, "targetPort") or scalar(port, "port") for port in blocks(service.body, "spec", "ports"))
    return not declared.isdisjoint(target for target in targets if target)


def _is_whole(pods: Pods) -> bool:
    """Whether the object stands by itself: a part of one, for a patch, has no selector or no image."""
    has_selector = dig(pods.object.body, "spec", "selector") is not None or pods.object.kind in _NEED_NO_SELECTOR
    return has_selector and all(scalar(container, "image") for container in pods.containers)


def _others_are_ready(containers: list[Block], container: Block) -> bool:
    return any(other is not container and dig(other, "readinessProbe") is not None for other in containers)
