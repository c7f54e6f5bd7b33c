"""Health checks: which service has one, which is known to have none, and who waits for it.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#healthcheck
"""

from __future__ import annotations

from shipworthy.deployment.base_images import CURL, WGET, has_no_health_check, is_made_to_serve
from shipworthy.deployment.compose.images import built, pulled
from shipworthy.deployment.compose.services import Dependency, Service
from shipworthy.deployment.compose.sets import ComposeSet
from shipworthy.deployment.compose.values import Value
from shipworthy.deployment.health_tools import is_missing
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

HEALTHY = "service_healthy"
_TRUE = frozenset({"true", "yes", "on"})
_NONE = "NONE"
_TOOLS = lazy(rf"(?<![\w./-])(?:/usr/bin/|/bin/)?({CURL}|{WGET})(?=\s|$)")


def is_switched_off(project: Project, service: Service) -> bool:
    """Whether the Compose files or the Dockerfile say that there shall be no health check."""
    if _is_switched_off_by_compose(service):
        return True
    stage = built(project, service) if service.build is not None else None
    check = stage.last("HEALTHCHECK") if stage is not None else None
    return check is not None and [word.upper() for word in check.words[1:]] == [_NONE]


def _is_switched_off_by_compose(service: Service) -> bool:
    if service.scalar("healthcheck", "disable").lower() in _TRUE:
        return True
    test = service.get("healthcheck", "test")
    return test is not None and [item.text for item in test.items()] == [_NONE]


def own_test(service: Service) -> Value | None:
    """The test that the Compose files give."""
    test = service.get("healthcheck", "test")
    return test if test is not None and not _is_switched_off_by_compose(service) and test.items() else None


def is_known_to_have_none(project: Project, service: Service) -> bool:
    """Whether neither the Compose files nor the image have a health check; what is not known may have one."""
    if own_test(service) is not None:
        return False
    if is_switched_off(project, service):
        return True
    if service.build is None:
        reference = pulled(service)
        return reference is not None and has_no_health_check(reference)
    stage = built(project, service)
    if stage is None or stage.last("HEALTHCHECK") is not None:
        return False
    return stage.is_scratch or (stage.reference is not None and has_no_health_check(stage.reference))


def waiting_for(compose_set: ComposeSet, service: Service) -> Dependency | None:
    """The first dependency of another running service on this one being healthy."""
    waiting = compose_set.dependencies.get(service.name, ())
    return next((dependency for dependency in waiting if dependency.condition == HEALTHY), None)


def serves(service: Service) -> bool:
    """Whether others call the service: it offers a port, or a proxy is told about it."""
    if service.ports or service.get("expose") is not None:
        return True
    labels = service.get("labels")
    return labels is not None and any("loadbalancer.server.port" in name for name in labels.pairs())


def is_server(service: Service) -> bool:
    """Whether a service runs the server that its published image is made for, and nothing in its place."""
    reference = pulled(service)
    return reference is not None and is_made_to_serve(reference) and service.get("entrypoint") is None


def missing_program(project: Project, service: Service) -> str:
    """The program that the test calls and that the image of this repository does not have; "" where none is known.

    A test that names several programs tries one after the other.
    """
    test = own_test(service)
    text = " ".join(item.text for item in test.items()) if test is not None else ""
    called = {found[1] for found in _TOOLS.finditer(text)}
    stage = built(project, service) if called else None
    return min(called) if stage is not None and all(is_missing(stage, tool) for tool in called) else ""
