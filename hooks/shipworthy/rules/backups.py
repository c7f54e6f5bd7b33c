"""Every database that is deployed from here has a backup job that works.

A volume is no backup: it goes with the host, with a wrong migration and with `docker compose down -v`. A script that
somebody may run by hand is none either, nor is a paragraph in an operations guide; the day it is needed, the last dump
is from the day it was written. Only what a scheduler starts counts, and only when its dumps outlive it.

Wrong::

    # compose.prod.yaml
    services:
      db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"]}
    volumes: {data: {}}

    # backup.sh
    pg_dump --host db shop > /backups/shop.sql

Right::

    # compose.prod.yaml
    services:
      db: {image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"]}
      backup:
        image: registry.example.com/postgres-backup-s3:17
        environment: {SCHEDULE: "@daily", S3_BUCKET: example-backups}
    volumes: {data: {}}

Jobs are CronJobs, services of the production Compose set without a profile, crontabs, timers, pipelines with a
schedule, resources of backup operators and clouds, and programs that dump their own database. A CronJob must not be
suspended, and needs a schedule that is one; it and a service of Compose need an image that holds their tools, and a
place for the dumps that does not go with the container. Caches, queues, search indexes and object stores are not
asked about, nor are databases that a provider runs.

When not to use it: the host's or the provider's snapshots save the volumes, and nothing here shows it.

Source: https://www.postgresql.org/docs/current/backup.html ,
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.backups import Job
    from shipworthy.deployment.databases import DeployedDatabase
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "backups",
    "Every database deployed from here has a working backup job",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_DUMPS = {"PostgreSQL": "pg_dump", "MySQL": "mysqldump", "MongoDB": "mongodump"}


def check(project: Project) -> Iterator[Finding]:
    """The databases that no job saves, and the jobs that do not work."""
    from shipworthy.deployment.databases import databases

    known = project.model(databases)
    if not known:
        raise NotApplicable("no database is deployed from here")
    from shipworthy.deployment.backups import Backups
    from shipworthy.deployment.backups.broken import broken_jobs

    for job in broken_jobs(project):
        yield RULE.finding(job.file, job.start, job.message, fix=job.fix)
    backups = project.model(Backups)
    for database in known:
        if not backups.covers(database.product):
            yield _missing(database, backups.manual(database.product))


def _missing(database: DeployedDatabase, manual: Job | None) -> Finding:
    what = manual.evidence.what if manual else ""
    only = f"; only {what}{',' if ', which' in what else ''} could, and nothing schedules it" if what else ""
    tool = _DUMPS.get(database.product, "the database's own tool")
    where = "a CronJob" if database.by == "Kubernetes" else "a service of the same file"
    return RULE.finding(
        database.file,
        database.start,
        f"no backup job saves the {database.product} database {database.name}{only}",
        fix=f"add {where} that runs {tool} every day and stores the dump on another host or in object storage",
        severity=HIGH if database.is_certain else lower(HIGH),
        details={
            "database": database.name,
            "product": database.product,
            "by_hand": f"{manual.evidence.path}:{manual.evidence.line}" if manual else None,
        },
    )


main = executable(RULE, check)
