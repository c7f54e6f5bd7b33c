"""Databases of production Compose files keep their data on a volume.

What a container writes into its own layer is gone when the container is made anew: with the next image, the next
changed variable, the next `docker compose down`. A database without a volume loses everything in an ordinary
deployment. Anonymous volumes survive some of these and not others, and nobody finds them again.

Wrong::

    # compose.production.yaml
    services:
      db:
        image: postgres:16

Right::

    # compose.production.yaml
    services:
      db:
        image: postgres:16
        volumes:
          - db-data:/var/lib/postgresql/data
    volumes:
      db-data:

A bind mount is as good as a named volume. Known are the data paths of the usual databases, object stores and queues; a
path that a variable or an argument moves (`PGDATA`, `server /export`) is followed. Caches are left alone.

When not to use it: the database holds nothing that cannot be made again.

Source: https://docs.docker.com/engine/storage/volumes/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose.data import Database
    from shipworthy.deployment.compose.running import Running
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "data-on-volumes",
    "Databases keep their data on volumes",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every database whose data goes with its container."""
    from shipworthy.deployment.compose.data import database, may_be_elsewhere
    from shipworthy.deployment.compose.images import base, started
    from shipworthy.deployment.compose.running import long_running

    databases: list[tuple[Running, Database]] = []
    for known in project.model(long_running):
        service = known.service
        found = database(base(project, service), service, started(project, service))
        if found is not None:
            databases.append((known, found))
    if not databases:
        raise NotApplicable("no Compose file for production runs a database")
    for known, found in databases:
        if not may_be_elsewhere(known.service):
            yield from _finding(known, found)


def _finding(known: Running, found: Database) -> Iterator[Finding]:
    from shipworthy.deployment.compose.data import mount_of

    mount = mount_of(found, known.service)
    data, severity = f"the data of {known.name} ({found.name})", HIGH
    file, node = known.file, known.node
    problem = f"is on no volume: it is gone when the container is made anew ({found.paths[0]})"
    if mount is not None:
        if mount.type not in ("anonymous", "tmpfs") and (mount.source or mount.type != "volume"):
            return
        file, node = mount.value.file, mount.value.node
        if mount.type == "tmpfs":
            problem = f"is in memory ({mount.target}): it is gone when the container stops"
        else:
            problem, severity = f"is on an anonymous volume ({mount.target}), which nobody finds again", MEDIUM
    elif found.is_queue:
        severity = MEDIUM
    target = mount.target if mount is not None else found.paths[0]
    yield RULE.finding(
        file,
        node,
        f"{data} {problem}",
        fix=f"mount a named volume: {known.name}-data:{target}, and declare it below volumes",
        severity=severity if known.is_certain else lower(severity),
        details={"service": known.name, "image": found.name, "paths": list(found.paths)},
    )


main = executable(RULE, check)
