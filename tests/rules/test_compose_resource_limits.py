from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.compose_resource_limits import check
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
    pytest.param(prod("image: a:1"), ["compose.prod.yaml:2 medium"], id="no limit"),
    pytest.param({ONLY: compose("image: a:1")}, ["compose.yaml:2 info"], id="a file that nothing calls production"),
    pytest.param(
        prod("image: a:1\ndeploy: {resources: {limits: {cpus: '1'}}}"),
        ["compose.prod.yaml:2 medium"],
        id="a limit of processors alone",
    ),
    pytest.param(
        prod("image: a:1\ndeploy: {resources: {reservations: {memory: 1G}}}"),
        ["compose.prod.yaml:2 medium"],
        id="a reservation is no limit",
    ),
    pytest.param(prod("image: a:1\nmem_limit: 0"), ["compose.prod.yaml:2 medium"], id="a limit of nothing"),
    pytest.param(
        prod("image: a:1\nmem_limit: 1g\ndeploy: {resources: {limits: {memory: 2g}}}"),
        ["compose.prod.yaml:4 medium"],
        id="two limits that differ",
    ),
]

SILENT = [
    pytest.param(prod("image: a:1\nmem_limit: 512m"), id="the short form"),
    pytest.param(prod("image: a:1\nmem_limit: ${LIMIT}"), id="a variable"),
    pytest.param(
        prod("image: a:1\nmem_limit: 1.5g\ndeploy: {resources: {limits: {memory: 1536MB}}}"),
        id="the same limit in two units",
    ),
    pytest.param(prod("image: a:1\ndeploy: {resources: {limits: {memory: 512M}}}"), id="the long form"),
    pytest.param(
        prod("image: a:1\nmem_limit: 1g\ndeploy: {resources: {limits: {memory: 1G}}}"), id="both forms, equal"
    ),
    pytest.param(
        {ONLY: compose("image: a:1\nmem_limit: 1g"), PROD: compose("labels: {a: b}")}, id="a limit of the base file"
    ),
    pytest.param(
        {PROD: "x-limits: &limits {mem_limit: 1g}\nservices:\n  api:\n    <<: *limits\n    image: a:1\n"},
        id="a limit from an anchor",
    ),
    pytest.param(prod("image: a:1", name="migrate"), id="a job that ends by itself"),
    pytest.param(prod("image: a:1\nscale: 0"), id="a service that nobody runs"),
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
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n"})
