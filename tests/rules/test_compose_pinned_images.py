from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.compose_pinned_images import check
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
    pytest.param(prod("image: redis"), ["compose.prod.yaml:3 high"], id="no tag"),
    pytest.param(prod("image: a/b:latest"), ["compose.prod.yaml:3 high"], id="latest"),
    pytest.param({ONLY: compose("image: a/b:latest")}, ["compose.yaml:3 medium"], id="nothing calls it production"),
    pytest.param(prod("image: 'a/b:${TAG:-latest}'"), ["compose.prod.yaml:3 high"], id="a default"),
    pytest.param(
        {**prod("image: 'a/b:${TAG}'"), ".env": "TAG=nightly\n"}, ["compose.prod.yaml:3 high"], id="a committed value"
    ),
    pytest.param(prod("image: redis:alpine"), ["compose.prod.yaml:3 high"], id="a variant without a version"),
    pytest.param(prod("image: timescale/timescaledb:latest-pg16"), ["compose.prod.yaml:3 high"], id="half a version"),
    pytest.param(prod("image: 'localhost:5000/api'"), ["compose.prod.yaml:3 high"], id="a port is no tag"),
    pytest.param(prod("image: '${REGISTRY}/api:latest'"), ["compose.prod.yaml:3 high"], id="a hidden registry"),
    pytest.param(prod("image: a:main", name="migrate"), ["compose.prod.yaml:3 high"], id="a job runs an image too"),
    pytest.param(
        {ONLY: compose("image: a:latest"), PROD: compose("restart: always")},
        ["compose.yaml:3 high"],
        id="the image of the base file",
    ),
]

SILENT = [
    pytest.param(prod("image: redis:7"), id="a major version"),
    pytest.param(prod("image: redis:7-alpine"), id="a version of a variant"),
    pytest.param(prod("image: debian:bookworm-slim"), id="a distribution's version is its name"),
    pytest.param(prod("image: a@sha256:" + "0" * 64), id="a digest"),
    pytest.param(prod("image: 'a/b:${TAG:?set it}'"), id="a tag that must be given"),
    pytest.param(prod("image: 'a/b:${TAG}'"), id="a tag that nobody knows"),
    pytest.param(prod("image: ${IMAGE}"), id="an image that nobody knows"),
    pytest.param(prod("image: '${PREFIX}api'"), id="a name that nobody knows"),
    pytest.param({**prod("image: 'a:${TAG:-latest}'"), ".env": "TAG=1.2\n"}, id="a committed version"),
    pytest.param(prod("build: .\nimage: a:latest"), id="an image that is built here"),
    pytest.param({ONLY: compose("image: a:latest"), PROD: compose("image: a:1.2")}, id="production names a version"),
    pytest.param({"compose.dev.yaml": compose("image: a:latest")}, id="development"),
    pytest.param(
        {ONLY: compose("image: a:latest"), "README.md": "This repository is for local development only.\n"},
        id="a document that denies production",
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


def test_services_that_share_one_line_are_one_finding(tmp_path: Path) -> None:
    text = "x-app: &app\n  image: a:latest\nservices:\n  api:\n    <<: *app\n  worker:\n    <<: *app\n"
    (finding,) = findings(tmp_path, {PROD: text})
    assert (finding.line, finding.details["services"]) == (2, ["api", "worker"])
    assert finding.message == "the image of api and 1 more, a:latest, has the tag latest, which moves"


@pytest.mark.parametrize(
    ("image", "variable"),
    [
        ("a/b:${API_VERSION:-latest}", "API_VERSION"),
        ("${REGISTRY:-ghcr.io}/b:${TAG-latest}", "TAG"),
        ("${IMAGE:-a/b:latest}", "IMAGE"),
    ],
)
def test_the_fix_names_the_variable_that_has_the_default(image: str, variable: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod(f"image: {image}"))
    assert (finding.fix or "").endswith(f"or no default: ${{{variable}:?set {variable}}}")


def test_a_repository_without_compose_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n"})
