"""Long-running services of production Compose files restart.

A container without a restart policy stays down after its first crash, and after every reboot of its host. Nobody sees
it until a user does.

Wrong::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2

Right::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        restart: unless-stopped

`always`, `on-failure` and `deploy.restart_policy` are as good; where both are given, `restart` does not count. Jobs
that end by themselves need none: those that another service waits for (`service_completed_successfully`), and those
called so that publish no port (`migrate`, `db-init`). A swarm restarts services by default.

When not to use it: another program, such as a supervisor on the host, starts the containers again.

Source: https://docs.docker.com/reference/compose-file/services/#restart ,
https://docs.docker.com/reference/compose-file/deploy/#restart_policy
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import MEDIUM, REPOSITORY, NotApplicable, Rule, lower, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose import Service, Value
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-restart-policies",
    "Long-running Compose services restart",
    severity=MEDIUM,
    scope=REPOSITORY,
    since="0.1.0",
)
_NEVER = frozenset({"no", "none", "false"})


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service that nothing starts again."""
    from shipworthy.deployment.compose.running import long_running, running

    if not project.model(running):
        raise NotApplicable("no Compose file is for production")
    for known in project.model(long_running):
        problem, given, fix = ("", None, "") if known.in_swarm else _problem(known.service)
        if problem:
            yield RULE.finding(
                given.file if given is not None else known.file,
                given.node if given is not None else known.node,
                f"the service {known.name} {problem}: it stays down after a crash or a reboot",
                fix=fix,
                severity=RULE.severity if known.is_certain else lower(RULE.severity),
                details={"service": known.name},
            )


def _problem(service: Service) -> tuple[str, Value | None, str]:
    """What keeps a service down, the value that says so, and the change; "" where something restarts it.

    What stands below ``deploy`` comes before ``restart``.
    """
    if service.get("deploy", "restart_policy") is not None:
        condition = service.get("deploy", "restart_policy", "condition")
        if condition is None or service.scalar("deploy", "restart_policy", "condition").lower() not in _NEVER:
            return "", None, ""
        problem = f"never restarts (deploy.restart_policy.condition: {shown(condition.text)})"
        return problem, condition, "condition: any"
    given = service.get("restart")
    if given is None:
        return "has no restart policy", None, f"add restart: unless-stopped to {service.name}"
    if service.scalar("restart").lower() not in _NEVER:
        return "", None, ""
    return f"never restarts (restart: {shown(given.text)})", given, "restart: unless-stopped"


main = executable(RULE, check)
