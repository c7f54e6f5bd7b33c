"""Migrations form one line, and deployment runs them.

Two branches that each add a migration merge without a conflict in git, and then no deployment can apply either: the
history has two heads, two files with the same version, or a migration whose parent nobody committed. And a migration
that no step of the deployment runs leaves the new program with the old tables, until somebody remembers the command.

Wrong::

    # migrations/versions/a0_start.py
    revision = "a0"
    down_revision = None
    # migrations/versions/b1_orders.py
    revision = "b1"
    down_revision = "a0"
    # migrations/versions/b2_users.py
    revision = "b2"
    down_revision = "a0"
    # compose.prod.yaml
    services: {api: {build: .}}
    # Dockerfile
    FROM python:3.13-slim
    WORKDIR /app
    COPY . .
    USER 10001
    CMD uvicorn main:app

Right::

    # migrations/versions/a0_start.py
    revision = "a0"
    down_revision = None
    # migrations/versions/b1_orders.py
    revision = "b1"
    down_revision = "a0"
    # migrations/versions/b2_users.py
    revision = "b2"
    down_revision = "b1"
    # compose.prod.yaml
    services: {api: {build: .}}
    # Dockerfile
    FROM python:3.13-slim
    WORKDIR /app
    COPY . .
    USER 10001
    CMD alembic upgrade head && exec uvicorn main:app

The histories of Alembic, Django, Prisma, Drizzle, Knex, TypeORM, Flyway, Liquibase, golang-migrate, goose, dbmate,
sqlx, Rails and Entity Framework are read from the committed files; branches with labels, merges and squashed migrations
are understood. Something must run the migrations: the image, its entrypoint, Compose, Kubernetes, a release phase, a
deploying pipeline, or the program when it starts. A command in a document, a script of `package.json` or a Make target
that nothing calls is a step that somebody forgets; so is one that only tests call. ``prisma migrate dev`` and ``prisma
db push`` change a production database without a migration.

When not to use it: another repository or a database administrator applies the migrations.

Source: https://12factor.net/admin-processes , https://alembic.sqlalchemy.org/en/latest/branches.html ,
https://www.prisma.io/docs/orm/prisma-client/deployment/deploy-database-changes-with-prisma-migrate
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.migrations import History
    from shipworthy.deployment.migrations.running import Run
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "migrations",
    "Migrations form one line, and deployment runs them",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """What keeps a history from being applied, and the histories that nothing applies."""
    from shipworthy.deployment.migrations import migrations

    histories = project.model(migrations)
    for history in histories:
        for fault in history.faults:
            yield RULE.finding(
                fault.file,
                fault.start,
                fault.message,
                fix=fault.fix,
                severity=MEDIUM if fault.is_quiet else HIGH,
                details={"tool": history.tool or None},
            )
    yield from _unapplied(project, histories)


def _unapplied(project: Project, histories: list[History]) -> Iterator[Finding]:
    has_prisma = any(path.endswith(".prisma") for path in project.repository.paths)
    if not histories and not has_prisma:
        raise NotApplicable("no migrations were found")
    from shipworthy.deployment.migrations.running import Runs

    runs = project.model(Runs)
    unsafe = list(runs.prisma_for_development()) if has_prisma else []
    lost = [
        tool
        for tool in sorted({history.tool for history in histories if history.tool})
        if not (tool == "Prisma" and unsafe) and runs.deploying(tool) is None
    ]
    if not (unsafe or lost) or not _is_deployed(project, [history.directory for history in histories]):
        return
    from shipworthy.deployment.targets import is_certain

    severity = HIGH if is_certain(project) else lower(HIGH)
    for run in unsafe:
        yield _for_development(project, run, severity)
    for tool in lost:
        first = next(history for history in histories if history.tool == tool)
        yield _unwired(first, runs.by_hand(tool), severity)


def _is_deployed(project: Project, directories: list[str]) -> bool:
    """Whether a service is deployed from here, or a platform takes the folder that the migrations lie in."""
    from shipworthy.deployment.platforms import HOST, platforms
    from shipworthy.deployment.services import services

    if any(service.deployed_by for service in project.model(services)):
        return True
    hosts = [platform.directory for platform in project.model(platforms) if platform.does == HOST]
    return any(
        not host or directory == host or directory.startswith(host + "/")
        for host in hosts
        for directory in directories or [""]
    )


def _unwired(history: History, by_hand: Run | None, severity: str) -> Finding:
    from shipworthy.deployment.migrations.tools import TOOLS

    step = TOOLS[history.tool].step
    only = f"; only {by_hand.script} in {by_hand.evidence.path} does, and nothing calls it" if by_hand else ""
    return RULE.finding(
        history.proof,
        0,
        f"{history.directory or 'the root'} holds migrations of {history.tool}, but no deployment step runs them{only}",
        fix=f"run `{step}` in the entrypoint, a release phase or a job before the new version starts",
        severity=severity,
        details={"tool": history.tool, "by_hand": by_hand.evidence.path if by_hand else None},
    )


def _for_development(project: Project, run: Run, severity: str) -> Finding:
    push = "push" in run.evidence.what
    problem = (
        "it changes the tables without a migration, and may drop columns with their data"
        if push
        else "it writes new migrations and resets the database where the history differs"
    )
    return RULE.finding(
        project.file(run.evidence.path),
        run.start,
        f"production runs `{run.evidence.what}`: {problem}",
        fix="commit the migrations (prisma migrate dev, on a developer's machine) and run `prisma migrate deploy` here",
        severity=severity,
        details={"tool": "Prisma"},
    )


main = executable(RULE, check)
