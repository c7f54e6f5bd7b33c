from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.production_compose import check
from support import repository

PROD = "compose.prod.yaml"
ONLY = "compose.yaml"


def compose(service: str, rest: str = "", name: str = "api") -> str:
    """A Compose file with one service."""
    lines = "".join(f"    {line}\n" for line in service.splitlines())
    return f"services:\n  {name}:\n{lines}{rest}"


def prod(service: str, rest: str = "", name: str = "api") -> dict[str, str]:
    return {PROD: compose(service, rest, name)}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


FIRES = [
    pytest.param(prod("build: .\ncommand: npm run dev"), ["compose.prod.yaml:4 high"], id="a development server"),
    pytest.param({ONLY: compose("build: .\ncommand: npm run dev")}, ["compose.yaml:4 medium"], id="the only file"),
    pytest.param(
        {**prod("build: .\nvolumes: ['.:/app']"), "main.py": "1\n"}, ["compose.prod.yaml:4 high"], id="mounted sources"
    ),
    pytest.param(
        {**prod("build: ./api\nvolumes:\n  - ./api/src:/app/src"), "api/src/main.ts": "1\n"},
        ["compose.prod.yaml:5 high"],
        id="a mounted folder of sources",
    ),
    pytest.param(prod("build: {context: ., target: dev}"), ["compose.prod.yaml:3 high"], id="a stage for development"),
    pytest.param(prod("build: .\nenvironment: ['NODE_ENV=development']"), ["compose.prod.yaml:4 high"], id="a mode"),
    pytest.param(
        prod("image: a:1\ncommand: sh -c 'python manage.py migrate && python manage.py runserver'"),
        ["compose.prod.yaml:4 high"],
        id="a development server in a shell",
    ),
    pytest.param({PROD: "services: {}\n"}, ["compose.prod.yaml:1 high"], id="no service"),
    pytest.param(
        {"compose.dev.yaml": compose("build: .")}, ["compose.dev.yaml:2 medium"], id="nothing runs in production"
    ),
    pytest.param(
        {
            "local.docker.yml": compose("build: .\ncommand: npm run dev"),
            ".github/workflows/production.yml": "run: |\n  cd /srv/app\n  docker compose -f local.docker.yml up -d\n",
            "README.md": "docker compose -f local.docker.yml up\n",
        },
        ["local.docker.yml:4 high"],
        id="a pipeline that takes the file for development to production",
    ),
    pytest.param(
        {
            "platform.yaml": compose("build: .\ncommand: npm run dev"),
            ".shipworthy.yaml": "places: {production: [platform.yaml]}\n",
        },
        ["platform.yaml:4 high"],
        id="a file with another name that is stated to be for production",
    ),
]

SILENT = [
    pytest.param(prod("build: .\ncommand: node dist/main.js"), id="a production command"),
    pytest.param({ONLY: compose("build: .")}, id="a file that may be production"),
    pytest.param(
        {ONLY: compose("build: .\ncommand: npm run dev"), PROD: compose("build: .\ncommand: npm start")},
        id="a file for each",
    ),
    pytest.param(
        {ONLY: compose("build: .\nvolumes: ['.:/app']"), PROD: compose("volumes: !reset []"), "main.py": "1\n"},
        id="a mount that production takes away",
    ),
    pytest.param({**prod("build: .\nvolumes: ['./data:/data']"), "data/a.csv": "1\n"}, id="mounted data"),
    pytest.param(
        {**prod("build: ./app\nvolumes: ['./app:/etc/app']"), "app/conf.py": "1\n"}, id="mounted configuration"
    ),
    pytest.param({"compose.dev.yaml": compose("image: postgres:16")}, id="a database for developers"),
    pytest.param({"compose.dev.yaml": compose("build: ."), "fly.toml": "app = 'a'\n"}, id="a platform deploys"),
    pytest.param({"compose.dev.yaml": compose("build: ."), ".shipworthy.yaml": "deploys: [kubernetes]\n"}, id="stated"),
    pytest.param(
        {
            "compose.yaml": compose("build: ."),
            "deploy.sh": "command -v docker-compose\ndocker compose version\n",
            "compose.prod.yaml": compose("build: .\ncommand: npm start"),
        },
        id="a script that only looks for the program",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = [f"{one.path}:{one.line} {one.severity}" for one in findings(tmp_path, files)]
    assert found == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    try:
        found = findings(tmp_path, files)
    except NotApplicable:
        found = []
    assert found == []


def test_a_repository_without_compose_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no Compose file"):
        findings(tmp_path, {"main.py": "print(1)\n"})


def test_what_else_is_for_development_is_listed(tmp_path: Path) -> None:
    files = {ONLY: compose("build: .\ncommand: npm run dev", "  web:\n    build: .\n    command: vite\n")}
    (finding,) = findings(tmp_path, files)
    assert finding.details == {"service": "api", "also": ["web"]}


def test_what_the_path_tells_is_not_said_twice(tmp_path: Path) -> None:
    [finding] = findings(tmp_path, {"compose.dev.yaml": compose("build: .")})
    assert finding.message.startswith("compose.dev.yaml is for development, and nothing")


def test_what_a_comment_tells_is_said(tmp_path: Path) -> None:
    [finding] = findings(tmp_path, {"compose.yaml": "# Only for development purposes.\n" + compose("build: .")})
    assert 'is for development (compose.yaml says "' in finding.message
