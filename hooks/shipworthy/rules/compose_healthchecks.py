"""Long-running services of production Compose files have a health check.

A process that runs may still answer nobody. A health check is how Compose, a swarm and everyone who looks can tell, and
it is what `condition: service_healthy` waits for: with none at all, Compose refuses to start the services that wait.

Wrong::

    # Dockerfile
    FROM python:3.13-slim

    # compose.production.yaml
    services:
      api:
        build: .
        ports: ["8080:8080"]

Right::

    # Dockerfile
    FROM python:3.13-slim

    # compose.production.yaml
    services:
      api:
        build: .
        ports: ["8080:8080"]
        healthcheck:
          test: ["CMD", "python", "-m", "api.health"]
          interval: 30s

A `HEALTHCHECK` in the Dockerfile is as good. Asked are services that are built here and for which the Compose file
opens a port (`ports`, `expose`), services that others wait for to be healthy, and images that are known to bring no
check (`postgres`, `redis`, `nginx` and their like: medium). Other images may bring one: nothing is said about them, nor
about jobs that end by themselves, nor about a check that somebody has switched off (`disable: true`, `HEALTHCHECK
NONE`) and nobody waits for. A check that calls `curl` or `wget` in an image of this repository that has neither is
reported too.

When not to use it: something outside of Compose watches every service and starts it again.

Source: https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose.running import Running
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-healthchecks",
    "Long-running Compose services have a health check",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service whose health nobody can tell."""
    from shipworthy.deployment.compose.running import long_running, running

    if not project.model(running):
        raise NotApplicable("no Compose file is for production")
    for known in project.model(long_running):
        yield from _program(project, known)
        yield from _missing(project, known)


def _missing(project: Project, known: Running) -> Iterator[Finding]:
    from shipworthy.deployment.compose.health import (
        is_known_to_have_none,
        is_server,
        is_switched_off,
        serves,
        waiting_for,
    )

    service = known.service
    if not is_known_to_have_none(project, service):
        return
    waiting = waiting_for(known.compose_set, service)
    message = f"the service {known.name} has no health check"
    severity = HIGH if service.build is not None else MEDIUM
    if waiting is not None:
        file, line = waiting.value.file, waiting.value.file.position(waiting.value.node.start)[0]
        message += f", but {file.path}:{line} waits for it to be healthy: Compose refuses to start what waits"
        severity = BLOCKING if service.build is not None else HIGH
    elif is_switched_off(project, service) or "network_mode" in service.entries:
        return  # somebody has thought about it
    elif not serves(service) and (service.build is not None or not is_server(service)):
        return
    elif service.build is None:
        message += ", and its image brings none"
    else:
        message += ", nor does its Dockerfile: nothing notices when it stops answering"
    is_lowered = waiting is None and not known.is_certain
    yield RULE.finding(
        known.file,
        known.node,
        message,
        fix=f"add healthcheck.test to {known.name}, a command of the image that fails when the service does not answer",
        severity=lower(severity) if is_lowered else severity,
        details={"service": known.name},
    )


def _program(project: Project, known: Running) -> Iterator[Finding]:
    """A check that cannot succeed because the image lacks the program that it calls."""
    from shipworthy.deployment.compose.health import missing_program, own_test

    test = own_test(known.service)
    program = missing_program(project, known.service) if test is not None else ""
    if test is not None and program:
        yield RULE.finding(
            test.file,
            test.node,
            f"the health check of {known.name} calls {program}, which its image does not have: it always fails",
            fix=f"install {program} in the final stage of the Dockerfile, or check with a program that the image has",
            severity=MEDIUM if known.is_certain else lower(MEDIUM),
            details={"service": known.name},
        )


main = executable(RULE, check)
