from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.compose_references import check
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
    pytest.param(
        {"compose.prod.yaml": "services:\n  api:\n    image: a:1\n   ports: [1]\n"},
        ["compose.prod.yaml:4 blocking"],
        id="a file that is no YAML",
    ),
    pytest.param(
        {"compose.dev.yaml": "services: {api: {image: a:1}\n"},
        ["compose.dev.yaml:2 high"],
        id="a file for development that is no YAML",
    ),
    pytest.param(
        prod("image: a:1", "rabbitmq:\n  image: rabbitmq:4\n"),
        ["compose.prod.yaml:4 blocking"],
        id="a service beside services",
    ),
    pytest.param(
        prod("image: a:1\nenvironment:\n  A: b\n  A: c", "  api: {image: b:1}\n"),
        ["compose.prod.yaml:7 blocking", "compose.prod.yaml:6 blocking"],
        id="names that are given twice",
    ),
    pytest.param(
        {
            "compose.dev.yaml": "x-a: &a {tty: true}\nx-b: &b {init: true}\n"
            + compose("image: a:1\nbuild:\n  <<: *a\n  <<: *b")
        },
        ["compose.dev.yaml:8 high"],
        id="two merges in one mapping",
    ),
    pytest.param(prod("image: a:1\ndepends_on:\n  - db"), ["compose.prod.yaml:5 blocking"], id="a dependency"),
    pytest.param({ONLY: compose("image: a:1\ndepends_on: [db]")}, ["compose.yaml:4 blocking"], id="in any file"),
    pytest.param(
        {"compose.dev.yaml": compose("image: a:1\ndepends_on: [db]")}, ["compose.dev.yaml:4 high"], id="development"
    ),
    pytest.param(prod("image: a:1\nnetworks: [front]"), ["compose.prod.yaml:4 blocking"], id="a network"),
    pytest.param(prod("image: a:1\nvolumes: ['data:/data']"), ["compose.prod.yaml:4 blocking"], id="a volume"),
    pytest.param(
        prod("image: a:1\nvolumes: [{source: data, target: /d}]"), ["compose.prod.yaml:4 blocking"], id="its long form"
    ),
    pytest.param(prod("image: a:1\nsecrets: [key]"), ["compose.prod.yaml:4 blocking"], id="a secret"),
    pytest.param(prod("image: a:1\nconfigs: [{source: c}]"), ["compose.prod.yaml:4 blocking"], id="a config"),
    pytest.param(prod("image: a:1\nlinks: ['db:x']"), ["compose.prod.yaml:4 blocking"], id="a link"),
    pytest.param(prod("image: a:1\nnetwork_mode: service:vpn"), ["compose.prod.yaml:4 blocking"], id="a namespace"),
    pytest.param(prod("image: a:1\ndepends_on: ['${DB:-db}']"), ["compose.prod.yaml:4 blocking"], id="a default"),
    pytest.param(
        {**prod("build: {context: ., target: web}"), "Dockerfile": "FROM a:1 AS api\nFROM b:1\n"},
        ["compose.prod.yaml:3 blocking"],
        id="a stage",
    ),
    pytest.param(prod("extends: {file: base.yml, service: api}"), ["compose.prod.yaml:3 blocking"], id="a file"),
    pytest.param(prod("extends: base\nimage: a:1"), ["compose.prod.yaml:3 blocking"], id="a service to extend"),
    pytest.param({PROD: "include: [db.yml]\n"}, ["compose.prod.yaml:1 blocking"], id="a file to include"),
    pytest.param(
        prod("image: a:1\ncontainer_name: api\ndeploy: {replicas: 2}"),
        ["compose.prod.yaml:4 blocking"],
        id="one name for several containers",
    ),
    pytest.param(
        {
            ONLY: compose("image: a:1\ndepends_on: [mail]"),
            PROD: compose("restart: always"),
            "compose.override.yaml": compose("restart: always", "  db:\n    image: d:1\n"),
        },
        ["compose.yaml:4 blocking"],
        id="a service that neither production nor development has",
    ),
]

SILENT = [
    pytest.param(prod("image: a:1\ndepends_on: ['{{ database }}']"), id="a name that is filled in before"),
    pytest.param(
        {"compose.prod.yaml": "services:\n  api:\n    image: a:1\n{% if x %}\n   ports: [1]\n{% endif %}\n"},
        id="a file that a program renders first",
    ),
    pytest.param({"tests/compose.yaml": "services: [\n"}, id="a broken file that is a test's"),
    pytest.param(
        prod(
            "image: a:1\nlabels: {a: b}",
            "  db: {image: d:1, labels: {a: c}}\nx-a: {api: 1}\nname: shop\nversion: '3'\n",
        ),
        id="the same name in two mappings, and all that the top level may have",
    ),
    pytest.param(
        prod(
            "image: a:1\ndepends_on: [db]\nnetworks: [front, default]\nvolumes: ['data:/d', './x:/x', '/y', '${V}:/v']",
            "  db:\n    image: d:1\nnetworks: {front: }\nvolumes: {data: {external: true}}\n",
        ),
        id="declared",
    ),
    pytest.param(
        {
            PROD: "include: [db.yml]\n" + compose("image: a:1\ndepends_on: [db]"),
            "db.yml": compose("image: d:1", name="db"),
        },
        id="included",
    ),
    pytest.param(
        {ONLY: compose("image: a:1", "networks: {front: }\n"), PROD: compose("networks: [front]")},
        id="declared by the base file",
    ),
    pytest.param(
        {
            ONLY: compose("image: a:1", "networks: {front: }\n"),
            "compose.monitoring.yaml": compose("image: m:1\nnetworks: [front]", name="monitor"),
        },
        id="a file that lies on the other one",
    ),
    pytest.param(
        {
            PROD: compose("image: a:1\nsecrets: [key]"),
            "compose.override.yaml.example": "services:\n  api:\n    restart: always\nsecrets: {key: {file: k}}\n",
        },
        id="an override that everyone writes",
    ),
    pytest.param(
        {PROD: "include: ['oci://example.com/db']\n" + compose("image: a:1\ndepends_on: [db]")}, id="a remote file"
    ),
    pytest.param(prod("image: a:1\ndepends_on: ['${DB}']"), id="a variable"),
    pytest.param(
        prod("image: a:1\ndepends_on: {db: {condition: service_started, required: false}}"), id="not required"
    ),
    pytest.param(prod("image: a:1\nvolumes_from: ['container:x']"), id="a container of elsewhere"),
    pytest.param(
        {**prod("build: {context: ., target: Web}"), "Dockerfile": "FROM a:1 AS web\nFROM b:1\n"}, id="capitals"
    ),
    pytest.param({**prod("build: {context: ., target: '0'}"), "Dockerfile": "FROM a:1\n"}, id="the number of a stage"),
    pytest.param(prod("build: {context: ., target: web}"), id="a Dockerfile that is not there"),
    pytest.param({"tests/compose.yaml": compose("image: a:1\ndepends_on: [db]")}, id="a test"),
    pytest.param(
        {"docker-stack.yml": compose("image: a:1\ncontainer_name: api\ndeploy: {replicas: 2}")},
        id="a swarm gives names by itself",
    ),
    pytest.param(prod("image: a:1\ncontainer_name: api\ndeploy: {replicas: 1}"), id="one name for one container"),
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


def test_the_nearest_name_is_the_fix(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod("image: a:1\ndepends_on: [databse]", "  database:\n    image: d:1\n"))
    assert "names the service databse, but nothing declares it (there are: api, database)" in finding.message
    assert finding.fix is not None
    assert finding.fix.startswith("name database")


def test_a_file_with_other_capitals_is_said_as_such(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {PROD: "include: [DB.yml]\n", "db.yml": compose("image: a:1")})
    assert "which is committed as db.yml" in finding.message


def test_a_repository_without_compose_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n"})
