from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.data_on_volumes import check
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
    pytest.param(prod("image: postgres:16"), ["compose.prod.yaml:2 high"], id="no volume"),
    pytest.param({ONLY: compose("image: postgres:16")}, ["compose.yaml:2 medium"], id="nothing calls it production"),
    pytest.param(
        prod("image: postgres:16\nvolumes: ['./init.sql:/docker-entrypoint-initdb.d/init.sql']"),
        ["compose.prod.yaml:2 high"],
        id="a volume for something else",
    ),
    pytest.param(
        prod("image: mysql:8\nvolumes:\n  - /var/lib/mysql"), ["compose.prod.yaml:5 medium"], id="an anonymous volume"
    ),
    pytest.param(prod("image: mongo:7\ntmpfs: [/data/db]"), ["compose.prod.yaml:4 high"], id="in memory"),
    pytest.param(prod("image: rabbitmq:3-management"), ["compose.prod.yaml:2 medium"], id="a queue"),
    pytest.param(
        prod("image: postgres:16\ncommand: -c config_file=/etc/pg.conf\nvolumes: ['./pg.conf:/etc/pg.conf']"),
        ["compose.prod.yaml:2 high"],
        id="a configuration is no data",
    ),
    pytest.param(
        {**prod("build: ./db"), "db/Dockerfile": "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n"},
        ["compose.prod.yaml:2 high"],
        id="a database that is built here",
    ),
    pytest.param(prod("image: bitnami/postgresql:16"), ["compose.prod.yaml:2 high"], id="an image of another maker"),
]

SILENT = [
    pytest.param(prod("image: postgres:16\nvolumes: ['db:/var/lib/postgresql/data']"), id="a named volume"),
    pytest.param(prod("image: postgres:18\nvolumes: ['db:/var/lib/postgresql']"), id="the folder above"),
    pytest.param(prod("image: mysql:8\nvolumes: ['./data:/var/lib/mysql/']"), id="a bind mount"),
    pytest.param(prod("image: mysql:8\nvolumes: ['${DATA}:/var/lib/mysql']"), id="a source that a variable names"),
    pytest.param(prod("image: mysql:8\nvolumes: ['data:${TARGET}']"), id="a target that a variable names"),
    pytest.param(
        prod("image: postgres:16\nenvironment: {PGDATA: /pg/data}\nvolumes: ['db:/pg']"), id="a path that is moved"
    ),
    pytest.param(
        prod("image: minio/minio:RELEASE.2025-01-01\ncommand: server /export\nvolumes: ['s3:/export']"),
        id="a path in the command",
    ),
    pytest.param(prod("image: postgres:16\nvolumes_from: [data]"), id="the volumes of another service"),
    pytest.param(prod("image: redis:7"), id="a cache"),
    pytest.param(prod("image: example.com/postgres:16"), id="an image that nobody knows"),
    pytest.param(prod("image: postgres:16\ncommand: pg_dump -h db", name="dump"), id="another program of the image"),
    pytest.param(
        {**prod("build: ./b"), "b/Dockerfile": 'FROM postgres:16\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n'},
        id="another program in an image that is built here",
    ),
    pytest.param({"compose.dev.yaml": compose("image: postgres:16")}, id="development"),
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


def test_the_message_names_the_path_and_the_fix_a_volume(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod("image: postgres:16", name="db"))
    assert "is gone when the container is made anew (/var/lib/postgresql)" in finding.message
    assert finding.fix is not None
    assert "db-data:/var/lib/postgresql" in finding.fix


def test_a_repository_without_databases_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, prod("image: a:1"))
