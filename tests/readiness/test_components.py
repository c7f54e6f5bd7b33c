"""What the report says of each component: its status, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from readinesses import DEPLOYMENT, SERVER, WHOLE, package
from shipworthy.config import Config, load
from shipworthy.project import Project
from shipworthy.readiness.model import (
    COMPLETE,
    DOCUMENTED,
    MISSING,
    NOT_APPLICABLE,
    PARTIAL,
    UNKNOWN,
    Readiness,
)
from shipworthy.repository import Repository
from shipworthy.rules import ids
from shipworthy.run_report import report_of
from support import repository


def report(directory: Path, files: dict[str, str]) -> Readiness:
    root = str(repository(directory, dict(files)))
    config = load(root, None, ids()) if ".shipworthy.yaml" in files else Config()
    return report_of(Project(Repository(root), config))


def without(*paths: str) -> dict[str, str]:
    return {path: text for path, text in WHOLE.items() if path not in paths}


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress]
"""
DEVELOPMENT = "services:\n  db:\n    image: postgres:17\n"
DATABASE = (
    'services:\n  db:\n    image: postgres:17\n    volumes: ["data:/var/lib/postgresql/data"]\nvolumes:\n  data:\n'
)
MODELS = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"
SEQUELIZE = {**WHOLE, "package.json": WHOLE["package.json"].replace('"express"', '"sequelize": "6.37.8", "express"')}
SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\n\nmodel User {\n  id Int @id\n}\n'


def document(heading: str, text: str = "It is done every night, by a job that nobody has to start.") -> dict[str, str]:
    return {"docs/operations.md": f"# Operations\n\n## {heading}\n\n{text}\n"}


STATUS = [
    # Source code, tests, documentation.
    pytest.param(WHOLE, "source", COMPLETE, "1 source file for production: 1 JavaScript", id="sources"),
    pytest.param(without("index.js"), "source", NOT_APPLICABLE, "no source file", id="no sources"),
    pytest.param(
        {**WHOLE, "app.py": "```python\nprint(1)\n```\n"}, "source", PARTIAL, "checks failed", id="sources that are none"
    ),
    pytest.param(WHOLE, "tests", COMPLETE, "which .github/workflows/ci.yml runs", id="tests that a pipeline runs"),
    pytest.param(
        {**without(".github/workflows/ci.yml")}, "tests", COMPLETE, "no pipeline is committed", id="tests without a pipeline"
    ),
    pytest.param(without("test/index.test.js"), "tests", MISSING, "no test file", id="no tests"),
    pytest.param(
        {**without("test/index.test.js"), **document("Testing")}, "tests", DOCUMENTED, "docs/operations.md:3", id="tests on paper"
    ),
    pytest.param(WHOLE, "documentation", COMPLETE, "README.md", id="a README"),
    pytest.param(without("README.md"), "documentation", MISSING, "no document", id="no document"),
    # The database.
    pytest.param(WHOLE, "database", NOT_APPLICABLE, "no database", id="no database"),
    pytest.param(
        {**WHOLE, "prisma/schema.prisma": SCHEMA}, "database", COMPLETE, "1 model in postgresql", id="a schema of Prisma"
    ),
    pytest.param(
        {**WHOLE, "db/schema.sql": "CREATE TABLE a (b int);\nCREATE TABLE c (d int);\n"},
        "database",
        COMPLETE,
        "db/schema.sql: 2 tables",
        id="a schema in SQL",
    ),
    pytest.param(
        {**WHOLE, "schema.ts": "export const users = pgTable('users', {})\n"},
        "database",
        COMPLETE,
        "tables of Drizzle",
        id="a schema in code",
    ),
    pytest.param(
        {**WHOLE, "food.ts": "/* as in Django: class Food(models.Model) */\nexport interface Food {}\n"},
        "database",
        NOT_APPLICABLE,
        "no database",
        id="a schema of Django that another language only tells of",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE}, "database", UNKNOWN, "in no form that is known", id="a schema nobody sees"
    ),
    # Images.
    pytest.param(WHOLE, "dockerfiles", COMPLETE, "1 Dockerfile; 1 of 1 service", id="a Dockerfile"),
    pytest.param(SERVER, "dockerfiles", MISSING, "1 of 1 service without an image source: app", id="no Dockerfile"),
    pytest.param(
        {**WHOLE, "Dockerfile": "FROM node\nCMD node index.js\n"}, "dockerfiles", PARTIAL, "checks failed", id="a bad Dockerfile"
    ),
    pytest.param(
        {**SERVER, "fly.toml": 'app = "api"\n'}, "dockerfiles", NOT_APPLICABLE, "need no Dockerfile: Fly.io", id="a platform"
    ),
    pytest.param(
        {"README.md": "# A library\n", "src/a.py": "A = 1\n"}, "dockerfiles", NOT_APPLICABLE, "no service", id="a library"
    ),
    # Compose.
    pytest.param(WHOLE, "compose-production", COMPLETE, '"prod" in its name', id="a production file"),
    pytest.param(
        {**SERVER, "compose.dev.yaml": DEVELOPMENT},
        "compose-production",
        MISSING,
        "the Compose files are for development",
        id="only a file for development",
    ),
    pytest.param(
        {**SERVER, "compose.dev.yaml": DEVELOPMENT}, "compose-development", COMPLETE, "1 Compose file", id="a file for development"
    ),
    pytest.param(SERVER, "compose-development", NOT_APPLICABLE, "no Compose file", id="no file for development"),
    pytest.param(SERVER, "compose-production", UNKNOWN, "nothing says how production is deployed", id="no Compose file at all"),
    pytest.param(
        {**SERVER, "k8s/api.yaml": DEPLOYMENT},
        "compose-production",
        NOT_APPLICABLE,
        "Deployment api (k8s/api.yaml) deploys",
        id="Kubernetes deploys",
    ),
    pytest.param(
        {**WHOLE, ".shipworthy.yaml": "deploys: [kubernetes]\n"},
        "compose-production",
        NOT_APPLICABLE,
        "the configuration says how production is deployed: kubernetes",
        id="the configuration deploys otherwise",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": WHOLE["compose.prod.yaml"].replace("    mem_limit: 256m\n", "")},
        "compose-production",
        PARTIAL,
        "1 of 8 checks failed",
        id="a file that lacks something",
    ),
    # Kubernetes and its network.
    pytest.param(WHOLE, "kubernetes", NOT_APPLICABLE, "Compose runs the services", id="Compose deploys"),
    pytest.param(
        {**SERVER, "infra/main.tf": 'resource "kubernetes_deployment" "api" {}\n'},
        "kubernetes",
        UNKNOWN,
        "what Terraform makes of infra/main.tf is not known",
        id="workloads that Terraform makes",
    ),
    pytest.param({**SERVER, "k8s/api.yaml": DEPLOYMENT}, "kubernetes", COMPLETE, "1 workload in 1 file", id="a workload"),
    pytest.param(
        {**SERVER, "k8s/api/.gitkeep": "", "k8s/web/.gitkeep": ""}, "kubernetes", MISSING, "k8s declares Kubernetes", id="a shell"
    ),
    pytest.param({**SERVER, "k8s/api.yaml": DEPLOYMENT}, "network", MISSING, "workloads, and no policy", id="no policy"),
    pytest.param(
        {**SERVER, "k8s/api.yaml": DEPLOYMENT, **document("Network Policies")},
        "network",
        DOCUMENTED,
        "docs/operations.md:3 describes it",
        id="a policy on paper",
    ),
    pytest.param(
        {**SERVER, "k8s/api.yaml": f"{DEPLOYMENT}---\n{POLICY}"}, "network", COMPLETE, "1 policy", id="a policy"
    ),
    pytest.param(WHOLE, "network", NOT_APPLICABLE, "Kubernetes runs nothing", id="no Kubernetes"),
    # Delivery.
    pytest.param(WHOLE, "ci", COMPLETE, "1 pipeline of GitHub Actions", id="a pipeline"),
    pytest.param(SERVER, "ci", MISSING, "no pipeline", id="no pipeline"),
    pytest.param({**SERVER, **document("CI/CD")}, "ci", DOCUMENTED, "docs/operations.md:3", id="a pipeline on paper"),
    pytest.param(
        {**SERVER, **document("Data pipeline")}, "ci", MISSING, "no pipeline", id="another kind of pipeline"
    ),
    pytest.param(
        {**SERVER, "docs/todo.md": "# Missing\n\n## CI/CD\n\nA pipeline that tests and deploys must be written.\n"},
        "ci",
        MISSING,
        "no pipeline",
        id="a document that says that it is missing",
    ),
    pytest.param(WHOLE, "scripts", COMPLETE, ".github/workflows/ci.yml builds", id="a pipeline that builds"),
    pytest.param(
        {**SERVER, "scripts/deploy.sh": "#!/bin/sh\nkubectl apply -f k8s\n"}, "scripts", COMPLETE, "scripts/deploy.sh deploys",
        id="a script that deploys",
    ),
    pytest.param(
        {**SERVER, "scripts/setup-dev.sh": "#!/bin/sh\ndocker compose up -d\n"}, "scripts", MISSING, "nothing builds",
        id="a script for developers",
    ),
    pytest.param(
        {**SERVER, "scripts/deploy.sh": "#!/bin/sh\n# kubectl apply -f k8s\necho kubectl apply -f k8s\n"},
        "scripts",
        MISSING,
        "nothing builds",
        id="a script that only speaks of it",
    ),
    pytest.param({**SERVER, "fly.toml": 'app = "api"\n'}, "scripts", NOT_APPLICABLE, "Fly.io builds and deploys", id="a platform does it"),
    # The environment.
    pytest.param({**WHOLE, ".env.example": "A=1\n# B=2\n"}, "environment", COMPLETE, ".env.example names 2 variables", id="an example"),
    pytest.param(WHOLE, "environment", NOT_APPLICABLE, "nothing reads an env file", id="no variables"),
    pytest.param(
        {**without("compose.prod.yaml"), "compose.prod.yaml": WHOLE["compose.prod.yaml"] + "    env_file: api.env\n"},
        "environment",
        MISSING,
        "no example is committed",
        id="an env file that nobody has",
    ),
    pytest.param(
        {**WHOLE, ".env.example": "TOKEN=\n", "compose.prod.yaml": WHOLE["compose.prod.yaml"]
         + "    secrets: [token]\nsecrets:\n  token: {file: ./token.txt}\n", ".gitignore": ".env\ntoken.txt\n"},
        "secrets", COMPLETE, "the Compose secret token", id="a secret of Compose",
    ),
    pytest.param({**WHOLE, ".env.example": "TOKEN=\n"}, "secrets", MISSING, "secrets are needed", id="secrets from nowhere"),
    pytest.param(
        {**SERVER, ".env.example": "TOKEN=\n", ".gitignore": ".env\n", "fly.toml": 'app = "api"\n'}, "secrets", UNKNOWN, "Fly.io", id="a platform may keep them"
    ),
    pytest.param(
        {**WHOLE, ".env.example": "TOKEN=\n", ".github/workflows/label.yml":
         "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: gh label list\n"
         "        env: {GH_TOKEN: \"${{ secrets.LABELS }}\"}\n"},
        "secrets", MISSING, "secrets are needed", id="a secret of a pipeline that delivers nothing",
    ),
    pytest.param(WHOLE, "secrets", NOT_APPLICABLE, "nothing names a secret", id="no secrets"),
    pytest.param(WHOLE, "paths", COMPLETE, "was looked at", id="paths that last"),
    pytest.param(
        {**WHOLE, "deploy/api.service": "[Service]\nExecStart=/usr/bin/api\nPIDFile=/tmp/api.pid\n"},
        "paths",
        PARTIAL,
        "checks failed",
        id="a PID file in /tmp",
    ),
    pytest.param(
        {**without("compose.prod.yaml"), "deploy/api.service": "[Service]\nWorkingDirectory=/opt/api\nExecStart=/opt/api/bin/api\n"},
        "kubernetes", NOT_APPLICABLE, "systemd runs the services (deploy/api.service)", id="a unit in the place of a cluster",
    ),
    pytest.param(
        {**WHOLE, "compose.dev.yaml": DEVELOPMENT, "compose.dev.more.yaml": DEVELOPMENT}, "compose-development", COMPLETE,
        "2 Compose files for development, 1 service", id="the same service in two files",
    ),
    pytest.param(
        {**WHOLE, ".env.example": "PORT=\n", "api/.env.example": "PORT=\n"}, "environment", COMPLETE,
        ".env.example names 1 variable, and 1 more env file is committed", id="two examples",
    ),
    pytest.param(
        {**WHOLE, ".github/workflows/ci.yml": WHOLE[".github/workflows/ci.yml"] + "      - run: docker compose -f test.yml up -d\n"},
        "scripts", COMPLETE, "ci.yml builds; nothing here deploys them", id="containers that a pipeline starts for its tests",
    ),
    pytest.param(
        {**WHOLE, ".github/workflows/ci.yml": WHOLE[".github/workflows/ci.yml"] + "      - run: ssh host docker compose up -d\n"},
        "scripts", COMPLETE, "ci.yml deploys", id="containers that a pipeline starts on a host",
    ),
    pytest.param(
        {**without("compose.prod.yaml"), "compose.yaml": DEVELOPMENT, "Makefile": "up:\n\tdocker compose up -d\n"},
        "scripts", COMPLETE, "ci.yml builds; nothing here deploys them", id="a database that developers start",
    ),
    pytest.param(
        {**WHOLE, "docker/start-services.sh": '#!/bin/sh\nARGS="\\\n  -f compose.prod.yaml \\\n  up -d"\ndocker compose $ARGS\n'},
        "scripts", COMPLETE, "docker/start-services.sh deploys", id="a command in a variable",
    ),
    pytest.param(
        {**WHOLE, "bin/a-drill.sh": "kubectl apply -f drill\n", "bin/deploy.sh": "kubectl apply -f k8s\n"}, "scripts", COMPLETE,
        "bin/deploy.sh deploys", id="the script that says so before another",
    ),
    pytest.param(
        {**WHOLE, "docker/up.sh": "cd docker\nsource .env\n", "docker/.env": "DB_PASSWORD=\n", ".gitignore": ".env\n"},
        "secrets", MISSING, "secrets are needed", id="an env file that is committed although it is ignored",
    ),
    pytest.param(
        {**WHOLE, ".github/workflows/ci-docs.yml": "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/deploy-pages@v4\n"},
        "scripts", COMPLETE, "ci.yml builds; nothing here deploys them", id="a pipeline that deploys the documentation",
    ),
    # Operations.
    pytest.param(WHOLE, "monitoring", COMPLETE, "prom-client in package.json", id="metrics"),
    pytest.param({**SERVER, "package.json": package("api")}, "monitoring", MISSING, "nothing watches", id="no metrics"),
    pytest.param(
        {**SERVER, "package.json": package("api"), "go.mod": "module a\nrequire (\n\tgo.opentelemetry.io/otel v1.45.0 // indirect\n)\n"},
        "monitoring", MISSING, "nothing watches", id="a library that only another one needs",
    ),
    pytest.param(
        {**SERVER, "package.json": package("api"), "pyproject.toml": '[project]\nname = "a"\ndependencies = ["flower~=2.0"]\n'},
        "monitoring", COMPLETE, "flower in pyproject.toml", id="a watcher of Celery",
    ),
    pytest.param(
        {**SERVER, "package.json": package("api"), "requirements.txt": "flower==2.0.1\n"},
        "monitoring", COMPLETE, "flower in requirements.txt", id="a watcher of Celery in the first line of the requirements",
    ),
    pytest.param(
        {"package.json": package("api"), "index.js": "require('express')().get('/metrics', answer)\n"}, "monitoring", UNKNOWN, "index.js says metrics",
        id="an endpoint that nothing is seen to ask",
    ),
    pytest.param(
        {**SERVER, "package.json": package("api"), **document("Monitoring")}, "monitoring", DOCUMENTED, "docs/operations.md:3",
        id="monitoring on paper",
    ),
    pytest.param(WHOLE, "backup", NOT_APPLICABLE, "no database is used", id="nothing to save"),
    pytest.param({**WHOLE, "compose.prod.yaml": DATABASE}, "backup", MISSING, "no backup job", id="a database without a backup"),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, **document("Backup")}, "backup", DOCUMENTED, "docs/operations.md:3", id="backups on paper"
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, **document("备份与恢复", "每天凌晨两点由定时任务把数据库导出到对象存储，并保留三十天，恢复步骤见下一节，由值班人员执行。")},
        "backup", DOCUMENTED, "docs/operations.md:3", id="backups on paper in Chinese",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, **document("Datensicherung", "Jede Nacht wird die Datenbank gesichert und auf einen anderen Rechner gelegt.")},
        "backup", DOCUMENTED, "docs/operations.md:3", id="backups on paper in German",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, **document("Sauvegardes", "Chaque nuit, la base est exportée et copiée sur une autre machine.")},
        "backup", DOCUMENTED, "docs/operations.md:3", id="backups on paper in French",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, **document("Copias de seguridad", "Cada noche se exporta la base de datos y se copia a otra máquina.")},
        "backup", DOCUMENTED, "docs/operations.md:3", id="backups on paper in Spanish",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": DATABASE, "ops/save.sh": "#!/bin/sh\ntar cf /srv/save.tar /srv/data\n",
         **document("Backup", "Somebody runs `ops/save.sh` on the host before each release.")},
        "backup", MISSING, "docs/operations.md:3 describes what somebody does", id="backups by hand",
    ),
    pytest.param(
        SEQUELIZE, "backup", UNKNOWN, "whoever runs it may save it",
        id="a database elsewhere, told by the library that reads it",
    ),
    pytest.param(
        SEQUELIZE, "database", UNKNOWN, "Sequelize is used",
        id="a library that reads a database whose schema is not seen",
    ),
    pytest.param(
        {**WHOLE, "alembic/versions/1.py": MODELS, "alembic/versions/2.py": MODELS, "shop/models.py": MODELS}, "database", COMPLETE, "shop/models.py: models of SQLAlchemy",
        id="tables as they are, and not as a migration found them",
    ),
    pytest.param({**WHOLE, "prisma/schema.prisma": SCHEMA}, "backup", UNKNOWN, "whoever runs it may save it", id="a database elsewhere"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "component", "status", "reason"), STATUS)
def test_the_status(tmp_path: Path, files: dict[str, str], component: str, status: str, reason: str) -> None:
    made = report(tmp_path, files).component(component)
    assert made.status == status, made.reason
    assert reason in made.reason
    assert all(place.path in files or files == {} for place in made.evidence)
    if status in (MISSING, DOCUMENTED):
        assert made.percent == 0
        assert made.gaps
    if status == COMPLETE:
        assert made.percent == 100
        assert made.evidence
    if status in (NOT_APPLICABLE, UNKNOWN):
        assert made.percent is None


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing is committed"),
        pytest.param({"README.md": "# Notes\n"}, id="notes"),
        pytest.param({"a/b.yaml": "c: 1\n"}, id="configuration of nothing"),
    ],
)
def test_what_holds_nothing_that_runs_has_no_score(tmp_path: Path, files: dict[str, str]) -> None:
    made = report(tmp_path, files)
    assert (made.verdict, made.percent) == ("nothing to judge", None)


def test_a_rule_that_fails_leaves_its_component_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shipworthy.rules import load

    def fails(_project: Project) -> None:
        raise ValueError("a fault")

    flags = {name: getattr(sys.flags, name) for name in dir(sys.flags) if not name.startswith("_")}
    monkeypatch.setattr(sys, "flags", SimpleNamespace(**{**flags, "dev_mode": False}))
    monkeypatch.setattr(load("ci-pipeline"), "check", fails)
    made = report(tmp_path, WHOLE)
    ci = made.component("ci")
    assert (ci.status, ci.percent) == (UNKNOWN, None)
    assert ci.reason.startswith("ci-pipeline could not judge it")
    assert len(made.failures) == 1
