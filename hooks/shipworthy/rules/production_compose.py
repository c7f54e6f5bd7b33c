"""A production Compose file exists where Compose deploys.

The Compose file that developers use mounts their sources, starts servers that reload, and opens ports for debuggers.
Taken to a server it serves half-written files, slowly, to everyone. Production needs a file of its own, or one on top
of the other, that runs the built images as they are.

Wrong::

    # compose.yaml
    services:
      api:
        build: .
        command: npm run dev
        volumes: ["./:/app"]

Right::

    # compose.prod.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        restart: unless-stopped

A file is for production when a deployment script, a unit or a guide to production runs it, when its name says so
(`compose.prod.yaml`, `docker-compose.production.yml`, `deploy/compose.yaml`), or when `.shipworthy.yaml` states it in
``places``. A production file that starts development servers, is built from a stage for them, runs the sources that it
mounts, sets ``NODE_ENV`` or its like to development, or holds no service, is ``high``; that there is none is
``medium``.

When not to use it: production runs on something else, and nothing in the repository tells. Say so in
`.shipworthy.yaml`: ``deploys: [kubernetes]``.

Source: https://docs.docker.com/compose/how-tos/production/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.compose import ComposeSet
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "production-compose",
    "A production Compose file exists where Compose deploys",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_IN_PLACE = "run the built image as it is: its own command, no mounted sources, the production stage and environment"
_FIX = "write compose.prod.yaml, which runs the built image: no mounted sources, the production command and stage"


def check(project: Project) -> Iterator[Finding]:
    """What is no production file among those for production; or that there is none."""
    from shipworthy.deployment.compose import CANDIDATE, PRODUCTION, compose
    from shipworthy.deployment.compose.development import marks
    from shipworthy.deployment.compose.running import running

    sets = project.model(compose).sets
    certain = [compose_set for compose_set in sets if compose_set.role == PRODUCTION]
    if not certain and not any(compose_set.role == CANDIDATE for compose_set in sets):
        yield from _nothing_deploys(project, sets)
        return
    for compose_set in certain:
        yield from _hollow(compose_set)
    signs = [(known, found) for known in project.model(running) if (found := marks(project, known.service))]
    for known, found in signs if certain else signs[:1]:
        role = f"for production ({known.compose_set.reason})" if certain else "all that may be for production"
        yield RULE.finding(
            found[0].file,
            found[0].node,
            f"{known.compose_set.file.path} is {role}, but {known.name} is set up for development: it"
            f" {' and '.join(mark.what for mark in found)}",
            fix=_IN_PLACE if certain else _FIX,
            severity=RULE.severity if certain else lower(RULE.severity),
            details={"service": known.name, "also": [other.name for other, _ in signs if other.name != known.name]},
        )


def _hollow(compose_set: ComposeSet) -> Iterator[Finding]:
    """A file for production that runs nothing."""
    file = compose_set.file
    if not compose_set.services and not compose_set.unknown and not compose_set.missing:
        yield RULE.finding(
            file.file,
            None,
            f"{file.path} is for production ({compose_set.reason}), but it has no service",
            fix="write the services that production runs below services:",
        )


def _nothing_deploys(project: Project, sets: Sequence[ComposeSet]) -> Iterator[Finding]:
    """Services that Compose runs for developers, and that nothing runs in production."""
    from shipworthy.deployment.compose import DEVELOPMENT

    known = [compose_set for compose_set in sets if compose_set.role == DEVELOPMENT]
    if not known:
        raise NotApplicable("no Compose file")
    names = _running_nowhere(project, known)
    if not names:
        raise NotApplicable(f"Compose does not deploy: {known[0].reason}")
    compose_set = next(compose_set for compose_set in known if names[0] in compose_set.services)
    first = compose_set.services[names[0]]
    is_told_by_path = compose_set.reason.startswith(f"{compose_set.file.path} is for ")
    because = "" if is_told_by_path else f" ({compose_set.reason})"
    yield RULE.finding(
        first.definition.file,
        first.definition.node,
        f"{compose_set.file.path} is for development{because}, and nothing in the repository runs"
        f" {', '.join(names)} in production",
        fix=_FIX,
        severity=lower(RULE.severity),
        details={"services": names},
    )


def _running_nowhere(project: Project, known: Sequence[ComposeSet]) -> list[str]:
    """The services that these sets build; none where something else may deploy them."""
    from shipworthy.deployment.kubernetes import workloads
    from shipworthy.deployment.pipelines import deploying
    from shipworthy.deployment.platforms import BUILDER, platforms, started_on_hosts

    names = [name for one in known for name, service in one.services.items() if service.build and service.is_active]
    if not names or project.config.deploys is not None or project.model(workloads):
        return []
    if any(platform.does != BUILDER for platform in project.model(platforms)) or started_on_hosts(project):
        return []
    return [] if deploying(project, site=True) else list(dict.fromkeys(names))


main = executable(RULE, check)
