"""Every host name that production calls is the name of a service.

Inside a Compose network and inside a cluster a name without a dot is the name of a service, or of nothing. A service
that was renamed, or that only the development file has, leaves its old name behind in the variables of others; nothing
notices before the first request. nginx notices earlier: it does not start with an upstream it cannot resolve, and with
it the whole site is down.

Wrong::

    # compose.prod.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        environment:
          REDIS_URL: redis://cache:6379
      redis:
        image: redis:7

Right::

    # compose.prod.yaml
    services:
      api:
        image: registry.example.com/api:1.4.2
        environment:
          REDIS_URL: redis://redis:6379
      redis:
        image: redis:7

Judged are addresses in environments, env files and commands of production Compose files, in the environments and
ConfigMaps of Kubernetes, and in the configuration of nginx, Caddy and Traefik that a service mounts or copies. A name
is known where a service, container name, host name, alias, link, extra host or Kubernetes Service has it. What a
variable without a default gives is unknown; services on a network from outside, and names that an operator or a chart
may make, are left alone.

When not to use it: containers resolve names of the company's own network without a domain. For a single value
``# shipworthy: ignore[services-reachable]`` and the reason, or the full name.

Source: https://docs.docker.com/compose/how-tos/networking/ ,
https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.reachability import Unreachable
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "services-reachable",
    "Every host name that production calls is a known service",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    options={
        "hosts": (
            [],
            "names of hosts that answer without standing in the repository, such as those of another stack",
        )
    },
)
_LOWER = {BLOCKING: HIGH, HIGH: MEDIUM}


def check(project: Project) -> Iterator[Finding]:
    """A finding for every place that names a host nothing answers to."""
    from shipworthy.deployment.reachability import Reachability

    reachability = project.model(Reachability)
    if not reachability.is_judged:
        raise NotApplicable("neither Compose nor Kubernetes deploys anything here")
    for found in reachability.unreachable():
        if not project.config.matches(RULE.id, "hosts", found.host):
            yield _finding(found)


def _finding(found: Unreachable) -> Finding:
    from difflib import get_close_matches

    severity = BLOCKING if found.is_proxy else HIGH
    near = get_close_matches(found.host, sorted(found.known), 1)
    fix = f"name {near[0]}, or " if near else ""
    return RULE.finding(
        found.file,
        found.node,
        f"{found.caller} {found.host}, and nothing in {found.deployment} has that name",
        fix=f"{fix}add a service of that name",
        severity=_LOWER[severity] if found.is_candidate else severity,
        details={"host": found.host},
    )


main = executable(RULE, check)
