"""Long-running services of production Compose files have a memory limit.

Without one, a single leak takes the memory of the whole host, and the kernel kills whatever it likes: often the
database. With one, the leaking service alone is killed, and its restart policy brings it back.

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
        deploy:
          resources:
            limits:
              memory: 512M

`mem_limit` is as good; where both are given they have to be equal. Limits of processors are not asked for. Jobs that
end by themselves need none.

When not to use it: each service has a host of its own.

Source: https://docs.docker.com/reference/compose-file/deploy/#resources
"""

from __future__ import annotations

import re

from shipworthy.hook import executable
from shipworthy.patterns import lazy
from shipworthy.rule import MEDIUM, REPOSITORY, NotApplicable, Rule, lower, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose import Service, Value
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-resource-limits",
    "Long-running Compose services have a memory limit",
    severity=MEDIUM,
    scope=REPOSITORY,
    since="0.1.0",
)
_UNLIMITED = frozenset({"0", "-1"})
_UNITS = "bkmgtp"
_SIZE = lazy(r"(\d{1,18}(?:\.\d{1,9})?) ?([kmgtp])?i?b?", re.ASCII)
"""Source: https://pkg.go.dev/github.com/docker/go-units#RAMInBytes"""


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service that may take all of the memory."""
    from shipworthy.deployment.compose.running import long_running, running

    if not project.model(running):
        raise NotApplicable("no Compose file is for production")
    for known in project.model(long_running):
        limits = _limits(known.service)
        where: Value | None = None
        message = f"the service {known.name} has no memory limit: it can take the memory of the whole host"
        sizes = {_size(known.service, limit) for limit in limits}
        if sizes - _UNLIMITED:
            if len(sizes) == 1 or "" in sizes:
                continue
            where = limits[0]
            written = shown(" and ".join(limit.text for limit in limits))
            message = f"the service {known.name} has two memory limits, {written}: Compose does not start with both"
        yield RULE.finding(
            where.file if where is not None else known.file,
            where.node if where is not None else known.node,
            message,
            fix="keep deploy.resources.limits.memory alone" if where is not None else _fix(known.name),
            severity=RULE.severity if known.is_certain else lower(RULE.severity),
            details={"service": known.name},
        )


def _limits(service: Service) -> list[Value]:
    given = (service.get("mem_limit"), service.get("deploy", "resources", "limits", "memory"))
    return [value for value in given if value is not None and value.text]


def _size(service: Service, limit: Value) -> str:
    """A limit in bytes, or as it is written where that is no size; "" where a variable without a default gives it."""
    text = (service.known(limit.text) or "").strip().lower()
    found = _SIZE.fullmatch(text)
    return str(round(float(found[1]) * 1024 ** _UNITS.index(found[2] or "b"))) if found else text


def _fix(name: str) -> str:
    return f"add deploy.resources.limits.memory to {name}, somewhat above what it is seen to use"


main = executable(RULE, check)
