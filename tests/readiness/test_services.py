"""What the matrix says of each service."""

from __future__ import annotations

from pathlib import Path

import pytest

from readinesses import DEPLOYMENT, SERVER, WHOLE, package
from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.readiness.model import COLUMNS, COMPLETE, MISSING, NOT_APPLICABLE, PARTIAL, UNKNOWN, ServiceRow
from shipworthy.repository import Repository
from shipworthy.run_report import report_of
from support import repository

TWO = {
    "apps/api/package.json": package("api"),
    "apps/api/index.js": "require('express')().listen(3000)\n",
    "apps/web/package.json": package("web"),
    "apps/web/index.js": "require('express')().listen(3001)\n",
    "apps/api/Dockerfile": 'FROM node:22-slim\nUSER node\nCOPY . .\nCMD ["node", "index.js"]\n',
    "apps/web/Dockerfile": 'FROM node:22-slim\nUSER node\nCOPY . .\nCMD ["node", "index.js"]\n',
}
COMPOSE = 'services:\n  api:\n    build: apps/api\n    ports: ["80:3000"]\n'


def rows(directory: Path, files: dict[str, str]) -> dict[str, ServiceRow]:
    made = report_of(Project(Repository(str(repository(directory, dict(files)))), Config()))
    return {row.name: row for row in made.services}


CELLS = [
    pytest.param(WHOLE, "", "image", COMPLETE, "Dockerfile", id="an image"),
    pytest.param(SERVER, "", "image", MISSING, "none", id="no image"),
    pytest.param(
        {**WHOLE, "Dockerfile": "FROM node\nCMD node index.js\n"}, "", "image", PARTIAL, "Dockerfile", id="an image with gaps"
    ),
    pytest.param(WHOLE, "", "compose", COMPLETE, "production", id="in the production file"),
    pytest.param(
        {**SERVER, "compose.dev.yaml": "services:\n  api:\n    build: .\n"}, "", "compose", PARTIAL, "development only",
        id="only in the file for development",
    ),
    pytest.param({**TWO, "compose.prod.yaml": COMPOSE}, "web", "compose", MISSING, "not in it", id="left out of the file"),
    pytest.param(SERVER, "", "compose", NOT_APPLICABLE, "–", id="no Compose"),
    pytest.param({**TWO, "k8s/api.yaml": DEPLOYMENT}, "api", "kubernetes", COMPLETE, "Deployment", id="a workload"),
    pytest.param({**TWO, "k8s/api.yaml": DEPLOYMENT}, "web", "kubernetes", MISSING, "no workload", id="no workload"),
    pytest.param({**TWO, "k8s/api.yaml": DEPLOYMENT}, "api", "health", COMPLETE, "readiness", id="a probe"),
    pytest.param(
        {**TWO, "k8s/api.yaml": DEPLOYMENT.replace("          readinessProbe", "          # no probe")}, "api", "health", MISSING,
        "no probe", id="no probe",
    ),
    pytest.param({**TWO, "k8s/api.yaml": DEPLOYMENT}, "api", "limits", COMPLETE, "memory", id="a limit of Kubernetes"),
    pytest.param(WHOLE, "", "ci", COMPLETE, "built", id="a pipeline builds the only service"),
    pytest.param(SERVER, "", "ci", MISSING, "no pipeline", id="no pipeline"),
    pytest.param(WHOLE, "", "health", COMPLETE, "health check", id="a health check"),
    pytest.param({**TWO, "compose.prod.yaml": COMPOSE}, "api", "health", MISSING, "none", id="no health check"),
    pytest.param(SERVER, "", "health", UNKNOWN, "not deployed", id="not deployed"),
    pytest.param(WHOLE, "", "limits", COMPLETE, "256m", id="a limit of Compose"),
    pytest.param({**TWO, "compose.prod.yaml": COMPOSE}, "api", "limits", MISSING, "none", id="no limit"),
    pytest.param({**WHOLE, ".env.example": "PORT=1\n"}, "", "environment", COMPLETE, "shared", id="a shared example"),
    pytest.param(
        {**TWO, "apps/api/.env.example": "PORT=1\n"}, "api", "environment", COMPLETE, "own", id="an example of its own"
    ),
    pytest.param(SERVER, "", "environment", UNKNOWN, "nothing says", id="nothing says which variables it needs"),
    pytest.param(
        {**TWO, "compose.prod.yaml": COMPOSE + "    volumes: [\"data:/srv/data\"]\nvolumes:\n  data:\n"}, "api", "data", COMPLETE,
        "1 volume", id="a volume",
    ),
    pytest.param(
        {**TWO, "apps/api/.env.production": "UPLOAD_DIR=/tmp/uploads\n"}, "api", "data", PARTIAL, "temporary", id="uploads in /tmp"
    ),
    pytest.param(WHOLE, "", "monitoring", COMPLETE, "prom-client", id="watched"),
    pytest.param(TWO, "api", "monitoring", MISSING, "none", id="nothing watches anything"),
    pytest.param(
        {**TWO, "apps/api/package.json": package("api", devDependencies={"prom-client": "15"})}, "web", "monitoring", UNKNOWN,
        "not in its folder", id="another one is watched",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "service", "column", "status", "text"), CELLS)
def test_the_cell(tmp_path: Path, files: dict[str, str], service: str, column: str, status: str, text: str) -> None:
    found = rows(tmp_path, files)
    assert all(list(row.cells) == list(COLUMNS) for row in found.values())
    row = found[service] if service else next(iter(found.values()))
    cell = row.cells[column]
    assert (cell.status, cell.text) == (status, text)
    if status in (COMPLETE, PARTIAL):
        assert cell.evidence is not None
        assert cell.evidence.path in files


def test_services_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    files = {
        f"{product}/backend/{name}": text.replace("api", "backend")
        for product in ("shop", "blog")
        for name, text in (
            ("package.json", package("backend")),
            ("index.js", "require('express')().listen(3000)\n"),
            ("Dockerfile", TWO["apps/api/Dockerfile"]),
        )
    }
    files["shop/compose.prod.yaml"] = 'services:\n  backend:\n    build: backend\n    ports: ["80:3000"]\n'
    made = report_of(Project(Repository(str(repository(tmp_path, dict(files)))), Config()))
    compose = {row.path: row.cells["compose"].status for row in made.services}
    assert compose == {"shop/backend": COMPLETE, "blog/backend": UNKNOWN}
