from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.compose_healthchecks import check
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


BUILT = "build: .\nports: ['80:80']"
DOCKERFILE = "FROM python:3.13-slim\nCMD python main.py\n"
WAITING = "depends_on: {db: {condition: service_healthy}}"

FIRES = [
    pytest.param(
        {**prod(BUILT), "Dockerfile": DOCKERFILE}, ["compose.prod.yaml:2 high"], id="a server that is built here"
    ),
    pytest.param(
        {ONLY: compose(BUILT), "Dockerfile": DOCKERFILE}, ["compose.yaml:2 medium"], id="nothing calls it production"
    ),
    pytest.param(
        {**prod("build: .\nexpose: ['80']"), "Dockerfile": DOCKERFILE},
        ["compose.prod.yaml:2 high"],
        id="a port for other services",
    ),
    pytest.param(prod("image: postgres:16"), ["compose.prod.yaml:2 medium"], id="an image that brings no check"),
    pytest.param(
        prod("image: a:1\n" + WAITING, "  db:\n    image: postgres:16\n"),
        ["compose.prod.yaml:5 high"],
        id="a service that another waits for",
    ),
    pytest.param(
        {**prod("image: a:1\n" + WAITING, "  db:\n    build: .\n"), "Dockerfile": "FROM postgres:16\n"},
        ["compose.prod.yaml:5 blocking"],
        id="a built service that another waits for",
    ),
    pytest.param(
        {ONLY: compose("image: a:1\n" + WAITING, "  db:\n    image: postgres:16\n    healthcheck: {disable: true}\n")},
        ["compose.yaml:5 high"],
        id="a check that is switched off and waited for",
    ),
    pytest.param(
        {**prod(BUILT + "\nhealthcheck: {test: [CMD, curl, -f, 'http://localhost/']}"), "Dockerfile": DOCKERFILE},
        ["compose.prod.yaml:5 medium"],
        id="a check that calls what the image does not have",
    ),
    pytest.param(
        {
            **prod("build: {context: ., target: web}\nports: ['80:80']"),
            "Dockerfile": "FROM node:22 AS web\nFROM web\nHEALTHCHECK CMD true\n",
        },
        ["compose.prod.yaml:2 high"],
        id="the check of another stage",
    ),
    pytest.param(
        {
            PROD: compose("image: a:1\n" + WAITING, "  db: {build: .}\n"),
            "Dockerfile": DOCKERFILE + "HEALTHCHECK NONE\n",
        },
        ["compose.prod.yaml:5 blocking"],
        id="one that the Dockerfile takes away, while another service waits for it",
    ),
]

SILENT = [
    pytest.param(
        {**prod(BUILT + "\nhealthcheck: {test: [CMD, python, check.py]}"), "Dockerfile": DOCKERFILE}, id="a check"
    ),
    pytest.param({**prod(BUILT), "Dockerfile": DOCKERFILE + "HEALTHCHECK CMD true\n"}, id="one in the Dockerfile"),
    pytest.param(
        {**prod(BUILT), "Dockerfile": "FROM node:22 AS base\nHEALTHCHECK CMD true\nFROM base\n"},
        id="one in the stage below",
    ),
    pytest.param({**prod(BUILT), "Dockerfile": DOCKERFILE + "HEALTHCHECK NONE\n"}, id="a choice in the Dockerfile"),
    pytest.param({**prod(BUILT), "Dockerfile": "FROM example.com/base:1\n"}, id="a base that may bring one"),
    pytest.param({**prod(BUILT), "Dockerfile": "ARG BASE\nFROM $BASE\n"}, id="a base that nobody knows"),
    pytest.param(prod(BUILT), id="a Dockerfile that is not there"),
    pytest.param({**prod("build: ."), "Dockerfile": DOCKERFILE}, id="a worker"),
    pytest.param(prod("image: example.com/api:1\nports: ['80:80']"), id="an image that may bring one"),
    pytest.param(prod("image: nextcloud:31\nentrypoint: /cron.sh"), id="another program of a server's image"),
    pytest.param(prod("image: python:3.13\ncommand: python worker.py"), id="a program in a language's image"),
    pytest.param(prod("image: postgres:16\nhealthcheck: {disable: true}"), id="a choice"),
    pytest.param(prod("image: postgres:16\nnetwork_mode: host"), id="a network of its own"),
    pytest.param(prod("image: postgres:16", name="db-init"), id="a job"),
    pytest.param(
        {
            **prod(BUILT + "\nhealthcheck: {test: curl -f http://localhost/ || wget -q http://localhost/}"),
            "Dockerfile": "FROM node:22-alpine\n",
        },
        id="one of two programs is there",
    ),
    pytest.param(
        {
            **prod(BUILT + "\nhealthcheck: {test: curl -f http://localhost/}"),
            "Dockerfile": "FROM python:3.13-slim\nRUN apt-get update && apt-get install -y curl\n",
        },
        id="a program that is installed",
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


def test_who_waits_is_named(tmp_path: Path) -> None:
    files = prod("image: a:1\n" + WAITING, "  db:\n    image: postgres:16\n")
    (finding,) = findings(tmp_path, files)
    assert "compose.prod.yaml:4 waits for it to be healthy" in finding.message


def test_a_repository_without_compose_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n"})
