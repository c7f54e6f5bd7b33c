"""What `env-examples-complete` reports, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.env_examples_complete import check
from support import repository

COMPOSE = "services:\n  api:\n    image: example.com/api:1.4.2\n    environment:\n      URL: {}\n"
EXAMPLE = {".env.example": "OTHER=\n"}


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    repository(directory, files)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("https://${DOMAIN}"), **EXAMPLE}, ["compose.prod.yaml:5 high"], id="braces"
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("$DOMAIN"), **EXAMPLE}, ["compose.prod.yaml:5 high"], id="no braces"
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN:?set it}"), **EXAMPLE},
        ["compose.prod.yaml:5 high"],
        id="an error",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}")}, ["compose.prod.yaml:5 high"], id="no example at all"
    ),
    pytest.param(
        {"compose.yaml": COMPOSE.format("${DOMAIN}"), **EXAMPLE},
        ["compose.yaml:5 medium"],
        id="a Compose file that is only likely to be production",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), "docs/deploy.md": "Set `DOMAIN`.\n", **EXAMPLE},
        ["compose.prod.yaml:5 medium"],
        id="a document somewhere else",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}/${DOMAIN}\n      B: ${PORT}"), **EXAMPLE},
        ["compose.prod.yaml:5 high", "compose.prod.yaml:6 high"],
        id="each variable once",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}\n      B: ${PORT}")},
        ["compose.prod.yaml:5 high"],
        id="all variables at once where there is no example",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  api:\n    image: api:1\n    env_file: api.env\n",
            "api.env": "URL=https://${DOMAIN}/\n",
        },
        ["api.env:1 high"],
        id="an env file that asks for more",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  api:\n    image: api:1\n    env_file: api.env\n",
            "api.env": "LEVEL=info\nURL=https://${DOMAIN}/\nKEY='${LITERAL}'\nPORT=${API_PORT}\nLOG=${LEVEL}\n",
            **EXAMPLE,
        },
        ["api.env:2 high"],
        id="an env file that asks for several, said once",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "include: [db.yaml]\nservices:\n  api: {image: 'api:1'}\n",
            "db.yaml": "services:\n  db:\n    image: postgres:${PG_VERSION}\n",
            **EXAMPLE,
        },
        ["db.yaml:3 high"],
        id="an included file",
    ),
]

SILENT = [
    pytest.param({"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env.example": "DOMAIN=\n"}, id="an example"),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env.example": "# DOMAIN=\n"}, id="a comment in it"
    ),
    pytest.param(
        {"deploy/compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env.example": "DOMAIN=\n"}, id="an example above"
    ),
    pytest.param({"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env": "DOMAIN=example.com\n"}, id="an env file"),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env.production": "DOMAIN=example.com\n"},
        id="a production env file",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), "README.md": "| `DOMAIN` | host name |\n"}, id="the README"
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), "deploy.sh": "export DOMAIN=$(hostname -f)\n"},
        id="a script that sets it",
    ),
    pytest.param(
        {
            "compose.prod.yaml": COMPOSE.format("${DOMAIN}"),
            ".github/workflows/deploy.yml": "jobs:\n  a:\n    env:\n      DOMAIN: ${{ vars.DOMAIN }}\n",
        },
        id="a pipeline that sets it",
    ),
]
DEFAULTED = [
    pytest.param("${DOMAIN:-example.com}", id="a default"),
    pytest.param("${DOMAIN-}", id="an empty default"),
    pytest.param("${DOMAIN:-${HOSTED_ZONE}}", id="a variable inside a default"),
    pytest.param("${DOMAIN:+https://}", id="what is there only with the variable"),
    pytest.param("$$DOMAIN", id="a dollar sign"),
    pytest.param("${HOME}/${COMPOSE_PROJECT_NAME}/$UID", id="what shells and Compose set"),
    pytest.param("plain # ${DOMAIN}", id="a comment"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    with suppress(NotApplicable):
        assert found(tmp_path, files) == []


@pytest.mark.parametrize("value", DEFAULTED)
def test_nothing_is_required(value: str, tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"compose.prod.yaml": COMPOSE.format(value), **EXAMPLE})


def test_services_for_development_require_nothing(tmp_path: Path) -> None:
    text = "services:\n  api: {image: 'api:1'}\n  mail:\n    image: mail:${MAIL_TAG}\n    profiles: [dev]\n"
    with pytest.raises(NotApplicable):
        found(tmp_path, {"compose.prod.yaml": text})


def test_compose_files_for_development_are_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"compose.dev.yaml": COMPOSE.format("${DOMAIN}")})


def test_the_fix_names_the_example_and_the_variables(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"deploy/compose.prod.yaml": COMPOSE.format("${DOMAIN}\n      B: ${PORT}")})
    assert finding.fix == "write deploy/.env.example: DOMAIN= PORT="
