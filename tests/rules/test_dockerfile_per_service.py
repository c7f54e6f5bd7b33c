"""What `dockerfile-per-service` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.dockerfile_per_service import check
from support import git, repository

PACKAGE = '{\n  "dependencies": {"express": "5"},\n  "scripts": {\n    "start": "node dist/main.js"\n  }\n}\n'
SITE = '{\n  "private": true,\n  "scripts": {\n    "build": "vite build"\n  }\n}\n'
API = {"services/api/package.json": PACKAGE}
PYTHON = {"services/ml/requirements.txt": "fastapi\n", "services/ml/main.py": "app = FastAPI()\n"}
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - image: registry.example.com/acme/api:1.4
"""


def findings(directory: Path, files: dict[str, str], untracked: dict[str, str] | None = None) -> list[Finding]:
    root = repository(directory, files, untracked=untracked)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


def only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


SMALL_COMPOSE = "services:\n  api:\n    image: registry.example.com/acme/api:1.4\n"

# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(API, ["services/api/package.json:4 high"], id="a service that nothing builds"),
    pytest.param({"package.json": PACKAGE}, ["package.json:4 high"], id="a service in the root"),
    pytest.param(
        {**API, **PYTHON, "services/ml/Dockerfile": "FROM python:3.13\n"},
        ["services/api/package.json:4 high"],
        id="one service of two",
    ),
    pytest.param(
        {**API, "services/api/Dockerfile.dev": "FROM node:22\n"},
        ["services/api/package.json:4 high"],
        id="a Dockerfile for development alone",
    ),
    pytest.param(
        {**API, "services/api/dockerfile": "FROM node:22\n"},
        ["services/api/package.json:4 high"],
        id="a Dockerfile in the wrong case",
    ),
    pytest.param(
        {**API, "deploy/api.yaml": DEPLOYMENT}, ["services/api/package.json:4 blocking"], id="Kubernetes runs its image"
    ),
    pytest.param(
        {**API, "compose.yaml": SMALL_COMPOSE}, ["services/api/package.json:4 blocking"], id="Compose runs its image"
    ),
    pytest.param(
        {"web/package.json": SITE, "web/index.html": "<p>"},
        ["web/package.json:4 medium"],
        id="a site that nothing hands out",
    ),
    pytest.param(
        {"x/run": "", ".shipworthy.yaml": "services:\n  x: {path: x}\n"},
        [".shipworthy.yaml:2 high"],
        id="a service that the configuration states",
    ),
]

SILENT = [
    pytest.param({**API, "services/api/Dockerfile": "FROM node:22\n"}, id="a Dockerfile in its folder"),
    pytest.param({**API, "docker/api.Dockerfile": "FROM node:22\n"}, id="a Dockerfile of its name elsewhere"),
    pytest.param(
        {**API, "compose.yaml": "services:\n  api:\n    build: services/api\n"},
        id="a missing Dockerfile that Compose builds, which another rule owns",
    ),
    pytest.param(
        {
            **API,
            "services/api/dockerfile": "FROM node:22\n",
            "compose.yaml": "services:\n  api:\n    build: {context: services/api, dockerfile: dockerfile}\n",
        },
        id="a Dockerfile in another case that Compose names",
    ),
    pytest.param({**API, "services/api/Procfile": "web: node dist/main.js\n"}, id="a buildpack"),
    pytest.param({**API, "services/api/fly.toml": "[build]\nbuilder = 'heroku/builder:24'\n"}, id="a platform"),
    pytest.param(
        {**API, ".shipworthy.yaml": "services:\n  api: {path: services/api, image: external}\n"},
        id="a stated image from elsewhere",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert [f"{found.path}:{found.line} {found.severity}" for found in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_a_service_that_nothing_builds_is_reported_where_its_manifest_starts_it(tmp_path: Path) -> None:
    finding = only(findings(tmp_path, API))
    assert (finding.path, finding.line, finding.column, finding.severity) == ("services/api/package.json", 4, 5, "high")
    assert "the service api has no Dockerfile" in finding.message
    assert "the script start starts a server (express)" in finding.message
    assert finding.fix == "create services/api/Dockerfile"
    assert finding.details == {"service": "api", "path": "services/api", "kind": "server"}


def test_a_service_in_the_root_gets_its_dockerfile_there(tmp_path: Path) -> None:
    finding = only(findings(tmp_path, {"package.json": PACKAGE}))
    assert (finding.path, finding.fix) == ("package.json", "create Dockerfile")


def test_the_model_is_the_dockerfile_of_a_service_with_the_same_manifest(tmp_path: Path) -> None:
    others = {"services/web/package.json": PACKAGE, "services/web/Dockerfile": "FROM node:22\n"}
    finding = only(findings(tmp_path, {**API, **others, **PYTHON, "services/ml/Dockerfile": "FROM python:3.13\n"}))
    assert finding.fix == "create services/api/Dockerfile on the model of services/web/Dockerfile"


def test_the_dockerfile_of_any_other_service_is_a_model_too(tmp_path: Path) -> None:
    finding = only(findings(tmp_path, {**API, **PYTHON, "services/ml/Dockerfile": "FROM python:3.13\n"}))
    assert finding.fix == "create services/api/Dockerfile on the model of services/ml/Dockerfile"


def test_a_dockerfile_that_is_only_on_disk_needs_to_be_added(tmp_path: Path) -> None:
    finding = only(findings(tmp_path, API, untracked={"services/api/Dockerfile": "FROM node:22\n"}))
    assert "services/api/Dockerfile, the Dockerfile of api, is on disk but not committed" in finding.message
    assert finding.fix == "git add services/api/Dockerfile"


def test_removing_a_dockerfile_is_noticed(tmp_path: Path) -> None:
    assert findings(tmp_path, {**API, "services/api/Dockerfile": "FROM node:22\n"}) == []
    git(tmp_path, "rm", "--quiet", "--force", "services/api/Dockerfile")
    assert len(list(check(Project(Repository(str(tmp_path)), load(str(tmp_path), None, ()))))) == 1


@pytest.mark.parametrize("name", ["dockerfile", "DockerFile", "DOCKERFILE"])
def test_a_dockerfile_in_the_wrong_case_is_called_by_its_name(tmp_path: Path, name: str) -> None:
    finding = only(findings(tmp_path, {**API, f"services/api/{name}": "FROM node:22\n"}))
    assert f"is called services/api/{name}" in finding.message
    assert finding.fix == f"git mv services/api/{name} services/api/Dockerfile"


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        pytest.param("deploy/api.yaml", DEPLOYMENT, "deploy/api.yaml:9", id="Kubernetes"),
        pytest.param(
            "compose.yaml",
            "services:\n  api:\n    image: registry.example.com/acme/api:1.4\n",
            "compose.yaml:3",
            id="Compose",
        ),
    ],
)
def test_a_service_whose_image_runs_blocks(tmp_path: Path, path: str, text: str, place: str) -> None:
    finding = only(findings(tmp_path, {**API, path: text}))
    assert finding.severity == "blocking"
    assert finding.message.endswith(f"; {place} runs its image")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        pytest.param(
            "{path: services/api, image: docker/api}",
            "the image source that the configuration states for api is not committed: docker/api",
            id="its Dockerfile",
        ),
        pytest.param(
            "{path: servces/api}",
            "the configuration states the service api in servces/api, where nothing is committed",
            id="its folder",
        ),
    ],
)
def test_a_statement_that_points_nowhere_is_called_so(tmp_path: Path, statement: str, said: str) -> None:
    finding = only(findings(tmp_path, {**API, ".shipworthy.yaml": f"services:\n  api: {statement}\n"}))
    assert finding.message == said


def test_a_site_needs_something_that_hands_it_out(tmp_path: Path) -> None:
    finding = only(findings(tmp_path, {"web/package.json": SITE, "web/index.html": "<p>"}))
    assert (finding.path, finding.line, finding.severity) == ("web/package.json", 4, "medium")
    assert "nothing hands out the web site web" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"README.md": "# Notes\n"}, id="no program"),
        pytest.param({"package.json": '{"name": "lib", "exports": "./x.js"}'}, id="a library"),
        pytest.param({"go.mod": "module lint\n", "main.go": "package main\n\nfunc main() {}\n"}, id="a tool"),
    ],
)
def test_a_repository_without_services_has_nothing_to_judge(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(NotApplicable, match="no service"):
        findings(tmp_path, files)
