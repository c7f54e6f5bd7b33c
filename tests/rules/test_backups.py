"""What `backups` reports, and what it leaves alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.backups.schedules import schedule_problem
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.backups import check
from support import repository

DATABASE = "services:\n  db:\n    image: postgres:17\n    volumes: [data:/var/lib/postgresql/data]\n"
COMPOSE = {"compose.prod.yaml": DATABASE}
SCRIPT = "pg_dump -h db shop | gzip > /backups/shop.gz\n"
STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  template:
    spec:
      containers:
        - name: db
          image: postgres:17
"""
CRON_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "{schedule}"
  suspend: {suspend}
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: dump
              image: {image}
              command: [sh, -c, "{command}"]
              volumeMounts: [{{name: dumps, mountPath: /dumps}}]
          volumes: [{{name: dumps, {volume}}}]
"""


def cron_job(
    schedule: str = "0 2 * * *",
    suspend: str = "false",
    image: str = "postgres:17",
    command: str = "pg_dump -h db shop > /dumps/shop.sql",
    volume: str = "persistentVolumeClaim: {claimName: dumps}",
) -> dict[str, str]:
    job = CRON_JOB.format(schedule=schedule, suspend=suspend, image=image, command=command, volume=volume)
    return {"k8s/db.yaml": STATEFUL_SET, "k8s/backup.yaml": job}


def script_job(mount: str, script: str = "", image: str = "postgres:17") -> dict[str, str]:
    """A CronJob that runs a script, which a ConfigMap holds under the name backup.sh where there is one."""
    job = cron_job(image=image, command="sh /scripts/backup.sh")["k8s/backup.yaml"]
    job = job.replace("mountPath: /dumps}]", "mountPath: /dumps}" + mount + "]").replace(
        "volumes: [", "volumes: [{name: scripts, configMap: {name: scripts}}, "
    )
    held = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: scripts\ndata:\n  {script}\n" if script else ""
    return {"k8s/db.yaml": STATEFUL_SET, "k8s/backup.yaml": job, **({"k8s/scripts.yaml": held} if held else {})}


MOUNTED = ", {name: scripts, mountPath: /scripts}"


def service(text: str) -> dict[str, str]:
    return {"compose.prod.yaml": DATABASE + text}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(COMPOSE, ["compose.prod.yaml:3 high"], id="a database of the production Compose set"),
    pytest.param(
        {"compose.yaml": DATABASE + "  api: {build: .}\n"},
        ["compose.yaml:3 medium"],
        id="a Compose file that may be for production",
    ),
    pytest.param({"k8s/db.yaml": STATEFUL_SET}, ["k8s/db.yaml:10 high"], id="a StatefulSet"),
    pytest.param(
        {
            "k8s/db.yaml": "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata:\n  name: db\nspec:\n  instances: 3\n"
        },
        ["k8s/db.yaml:4 high"],
        id="a cluster of an operator without its backup section",
    ),
    pytest.param(
        {**COMPOSE, "scripts/backup.sh": SCRIPT}, ["compose.prod.yaml:3 high"], id="a script that somebody runs by hand"
    ),
    pytest.param(
        {**COMPOSE, "OPERATIONS.md": "Add 0 2 * * * pg_dump to the crontab.\n"},
        ["compose.prod.yaml:3 high"],
        id="a document",
    ),
    pytest.param(
        {**COMPOSE, "api/subscriptions.ts": "offer('renewal-early-bird')\n"},
        ["compose.prod.yaml:3 high"],
        id="a word that only holds a tool's name",
    ),
    pytest.param(
        {**COMPOSE, "scripts/backup.sh": "# cron: 0 2 * * * /opt/backup.sh\n" + SCRIPT},
        ["compose.prod.yaml:3 high"],
        id="a comment about a schedule",
    ),
    pytest.param(
        service("  backup:\n    image: postgres:17\n    command: pg_dump -h db\n    profiles: [backup]\n"),
        ["compose.prod.yaml:3 high"],
        id="a service that only a profile starts",
    ),
    pytest.param(
        service(
            "  backup:\n    image: alpine:3.20\n"
            "    command: sh -c 'while sleep 86400; do pg_dump -h db shop | aws s3 cp - s3://b/x; done'\n"
        ),
        ["compose.prod.yaml:6 high"],
        id="a service whose image does not hold the tool",
    ),
    pytest.param(
        {
            **service("  backup:\n    build: deploy/backup\n    profiles: [backup]\n"),
            "deploy/backup/Dockerfile": 'FROM postgres:17\nCOPY . /\nCMD ["/loop.sh"]\n',
            "deploy/backup/loop.sh": f"while true; do\n  {SCRIPT}  sleep 86400\ndone\n",
        },
        ["compose.prod.yaml:3 high"],
        id="a service that only a profile starts, and the image that dumps for it",
    ),
    pytest.param(
        service("  mongo:\n    image: mongo:8\n  backup:\n    image: postgres:17\n    command: pg_dump -h db\n"),
        ["compose.prod.yaml:6 high"],
        id="a job that saves only one of two databases",
    ),
    pytest.param(
        {
            **COMPOSE,
            ".github/workflows/deploy.yml": "on: push\njobs:\n  deploy:\n    steps:\n      - run: pg_dump shop > before.sql\n",
        },
        ["compose.prod.yaml:3 high"],
        id="a pipeline that dumps before it deploys",
    ),
    pytest.param(cron_job(suspend="true"), ["k8s/backup.yaml:7 high"], id="a job that is suspended"),
    pytest.param(cron_job(schedule="0 2 * *"), ["k8s/backup.yaml:6 high"], id="a schedule with four fields"),
    pytest.param(
        cron_job(schedule="0 25 * * *"), ["k8s/backup.yaml:6 high"], id="a schedule at an hour that no day has"
    ),
    pytest.param(cron_job(image="alpine:3.22"), ["k8s/backup.yaml:14 high"], id="an image without the tool"),
    pytest.param(
        cron_job(command="pg_dump shop > /dumps/a\\naws s3 cp /dumps/a s3://b"),
        ["k8s/backup.yaml:14 high"],
        id="an image of a database without the cloud's tool",
    ),
    pytest.param(cron_job(volume="emptyDir: {}"), ["k8s/backup.yaml:15 high"], id="a dump that goes with the pod"),
    pytest.param(
        cron_job(command="pg_dump shop -f /srv/shop.sql"), ["k8s/backup.yaml:15 high"], id="a dump on no volume"
    ),
    pytest.param(
        service("  replica:\n    image: postgres:17\n    command: pg_basebackup -h db -D /data -R\n"),
        ["compose.prod.yaml:3 high"],
        id="a replica, which loses what the database loses",
    ),
    pytest.param(script_job(""), ["k8s/backup.yaml:15 high"], id="a script that no volume brings"),
    pytest.param(
        script_job(MOUNTED, "dump.sh: pg_dump shop > /dumps/a"),
        ["k8s/backup.yaml:15 high"],
        id="a script that the ConfigMap has under another name",
    ),
    pytest.param(
        script_job(MOUNTED, "backup.sh: pg_dump shop > /srv/a"),
        ["k8s/backup.yaml:15 high"],
        id="a script of a ConfigMap whose dump goes with the pod",
    ),
    pytest.param(
        script_job(MOUNTED, "backup.sh: pg_dump shop > /dumps/a", image="alpine:3.22"),
        ["k8s/backup.yaml:14 high"],
        id="a script of a ConfigMap whose tool the image does not hold",
    ),
    pytest.param(
        service("  backup:\n    image: postgres:17\n    command: sh /backup.sh\n"),
        ["compose.prod.yaml:7 high"],
        id="a script that nothing mounts into the service",
    ),
    pytest.param(
        service("  backup:\n    image: postgres:17\n    command: pg_dump -h db -f /dumps/shop.sql\n"),
        ["compose.prod.yaml:7 high"],
        id="a dump that goes with the service's container",
    ),
    pytest.param(
        service(
            "  backup:\n    image: alpine:3.22\n    entrypoint: [/bin/sh, -c]\n"
            '    command: "while true; do sleep 86400; done"\n'
        ),
        ["compose.prod.yaml:3 high"],
        id="a service that is called after it and only waits",
    ),
    pytest.param(
        {
            **service(
                "  backup:\n    image: postgres:17\n    command: sh /backup.sh\n    volumes: ['./backup.sh:/backup.sh']\n"
            ),
            "backup.sh": "while true; do pg_dump -h db shop > /dumps/shop.sql; sleep 86400; done\n",
        },
        ["compose.prod.yaml:7 high"],
        id="a mounted script whose dump goes with the container",
    ),
    pytest.param(
        {**COMPOSE, "backup.timer": "[Timer]\nOnCalendar=daily\n"},
        ["backup.timer:1 high", "compose.prod.yaml:3 high"],
        id="a timer without its service",
    ),
]

SILENT = [
    pytest.param(
        service(
            "  backup:\n    image: alpine:3.20\n    command: sh -c 'apk add postgresql17-client aws-cli;"
            " while sleep 86400; do pg_dump -h db shop | aws s3 cp - s3://b/x; done'\n"
        ),
        id="a service that installs its tool",
    ),
    pytest.param(service("  backup:\n    image: postgres-backup-s3:17\n"), id="a service that is made for it"),
    pytest.param(
        service("  backup:\n    image: alpine:3.22\n    command: crond -f\n"), id="a service that is called after it"
    ),
    pytest.param(service("  saver:\n    image: offen/docker-volume-backup:v2\n"), id="a service that saves volumes"),
    pytest.param(cron_job(), id="a CronJob"),
    pytest.param(script_job(MOUNTED, "backup.sh: pg_dump shop > /dumps/a"), id="a script of a ConfigMap"),
    pytest.param(script_job("", image="registry.example.com/dumper:1"), id="a script of an image of one's own"),
    pytest.param(
        cron_job(command="curl -o /tmp/backup.sh https://a && sh /tmp/backup.sh"), id="a script that is fetched first"
    ),
    pytest.param(
        service(
            "  backup:\n    image: postgres:17\n    command: sh -c 'pg_dump -h db > /dumps/a'\n    volumes: ['dumps:/dumps']\n"
        ),
        id="a dump on a volume",
    ),
    pytest.param(
        {
            **service(
                "  backup:\n    image: postgres:17\n    command: sh /ops/backup.sh\n    volumes: ['./ops:/ops', 'dumps:/dumps']\n"
            ),
            "ops/backup.sh": "pg_dump -h db shop > /dumps/shop.sql\n",
        },
        id="a script in a folder that is mounted",
    ),
    pytest.param(
        service("  backup:\n    image: postgres:17\n    command: sh -c 'pg_dump -h db > /a && curl -T /a https://b'\n"),
        id="a dump of a service that is uploaded",
    ),
    pytest.param(cron_job(schedule="@daily"), id="a macro"),
    pytest.param(cron_job(schedule="{{ .Values.schedule }}"), id="a schedule that a chart fills in"),
    pytest.param(
        cron_job(image="alpine:3.22", command="apk add postgresql-client && pg_dump shop > /dumps/a"),
        id="a tool that is installed first",
    ),
    pytest.param(
        cron_job(image="bitnami/kubectl:1.33", command="kubectl exec db -- pg_dump shop > /dumps/a"),
        id="a tool of another container",
    ),
    pytest.param(
        cron_job(volume="emptyDir: {}", command="pg_dump shop > /dumps/a && curl -T /dumps/a https://b"),
        id="a dump that is uploaded",
    ),
    pytest.param(
        {
            "k8s/db.yaml": STATEFUL_SET,
            "k8s/schedule.yaml": "apiVersion: velero.io/v1\nkind: Schedule\nmetadata:\n  name: daily\n",
        },
        id="a schedule of an operator",
    ),
    pytest.param(
        {**COMPOSE, "scripts/backup.sh": SCRIPT, "ops/crontab": "0 2 * * * /opt/backup.sh\n"},
        id="a crontab that names the script",
    ),
    pytest.param(
        {
            **COMPOSE,
            "scripts/backup.sh": SCRIPT,
            "install.sh": "(crontab -l; echo '0 2 * * * backup.sh') | crontab -\n",
        },
        id="a script that installs it",
    ),
    pytest.param(
        {
            **COMPOSE,
            "backup.timer": "[Timer]\nOnCalendar=daily\n",
            "backup.service": "[Service]\nExecStart=/usr/bin/pg_dump shop\n",
        },
        id="a timer with its service",
    ),
    pytest.param(
        {
            **COMPOSE,
            ".github/workflows/backup.yml": "on:\n  schedule:\n    - cron: 0 2 * * *\njobs:\n  dump:\n    steps:\n      - run: pg_dump shop\n",
        },
        id="a pipeline with a schedule",
    ),
    pytest.param(
        {**COMPOSE, "api/backup.py": "subprocess.run(['pg_dump', 'shop'])\n"},
        id="a program that dumps its own database",
    ),
    pytest.param(
        {**COMPOSE, "infra/main.tf": 'resource "aws_db_instance" "db" {\n  backup_retention_period = 7\n}\n'},
        id="a managed database beside it",
    ),
    pytest.param({"compose.dev.yaml": DATABASE}, id="a database for development"),
    pytest.param(
        {".workbench/compose.yaml": DATABASE + "  api: {build: .}\n"}, id="a Compose file in the folder of a tool"
    ),
    pytest.param({"compose.yaml": DATABASE}, id="a Compose file that runs nothing but the database"),
    pytest.param(
        {"compose.prod.yaml": "services:\n  cache: {image: redis:8}\n  queue: {image: rabbitmq:4}\n"},
        id="a cache and a queue",
    ),
    pytest.param({"k8s/overlays/dev/db.yaml": STATEFUL_SET}, id="manifests for development"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in found] == expected


@pytest.mark.parametrize("files", SILENT)
def test_silent(files: dict[str, str], tmp_path: Path) -> None:
    with suppress(NotApplicable):
        assert findings(tmp_path, files) == []


def test_the_same_database_in_variants_of_one_file_is_reported_once(tmp_path: Path) -> None:
    found = findings(tmp_path, {"compose.prod.yaml": DATABASE, "compose.release.yaml": DATABASE})
    assert [finding.path for finding in found] == ["compose.prod.yaml"]


def test_what_could_save_it_is_named(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**COMPOSE, "scripts/backup.sh": SCRIPT})
    assert "only scripts/backup.sh could" in finding.message
    assert finding.details["by_hand"] == "scripts/backup.sh:1"


SWITCHED = (
    "{{ if .Values.backup.enabled }}\napiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: backup\n{{ end }}\n"
)


@pytest.mark.parametrize(("enabled", "count"), [("false", 1), ("true", 0)])
def test_a_job_of_a_chart_counts_unless_it_is_off_by_default(enabled: str, count: int, tmp_path: Path) -> None:
    chart = {
        "chart/Chart.yaml": "name: shop\n",
        "chart/values.yaml": f"backup:\n  enabled: {enabled}\n",
        "chart/templates/backup.yaml": SWITCHED,
        "k8s/db.yaml": STATEFUL_SET,
    }
    assert len(findings(tmp_path, chart)) == count


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("*/5 0-6,22 1 jan-mar mon", ""),
        ("0 2 * * 7", ""),
        ("@every 1h30m", ""),
        ("$(SCHEDULE)", ""),
        ("daily", "has 1 fields, not 5"),
        ("0 0 2 * * *", "has 6 fields, not 5"),
        ("@dayly", "is no macro of cron"),
        ("*/0 * * * *", "has no valid minute: */0"),
        ("0 2 0 * *", "has no valid day: 0"),
    ],
)
def test_schedules(schedule: str, problem: str) -> None:
    assert schedule_problem(schedule) == problem


@given(st.text(alphabet=st.sampled_from("0123456789*/,-? @abcé²\n") | st.characters()))
def test_any_schedule_is_judged(schedule: str) -> None:
    assert isinstance(schedule_problem(schedule), str)
