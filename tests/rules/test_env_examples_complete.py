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
from shipworthy.rules.env_examples_complete import RULE, check
from support import command, git, repository, run

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
    pytest.param(
        {
            "compose.prod.yaml": COMPOSE.format("${DOMAIN}"),
            ".github/workflows/deploy.yml": "jobs:\n  a:\n    env: {DOMAIN: example.com}\n",
        },
        id="a pipeline that sets it in braces",
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


@pytest.mark.parametrize(
    ("files", "path", "content"),
    [
        pytest.param(
            {"compose.prod.yaml": COMPOSE.format("${DOMAIN}/$PORT"), ".env.example": "# Keep\r\nOTHER=x # y\r\n"},
            ".env.example",
            "# Keep\r\nOTHER=x # y\r\nDOMAIN=\r\nPORT=\r\n",
            id="an example with its comments and line ends",
        ),
        pytest.param(
            {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), ".env.example": "# Keep\nOTHER=x"},
            ".env.example",
            "# Keep\nOTHER=x\nDOMAIN=\n",
            id="an example without a final newline",
        ),
        pytest.param(
            {"deploy/compose.prod.yaml": COMPOSE.format("${ZONE}/$PORT")},
            "deploy/.env.example",
            "ZONE=\nPORT=\n",
            id="no example, in the order of the Compose file",
        ),
        pytest.param(
            {
                "a/compose.prod.yaml": COMPOSE.format("${DOMAIN}"),
                "b/compose.prod.yaml": COMPOSE.format("${DOMAIN}"),
                ".env.example": "OTHER=\n",
            },
            ".env.example",
            "OTHER=\nDOMAIN=\n",
            id="two Compose files that ask for the same",
        ),
        pytest.param(
            {
                "compose.prod.yaml": "services:\n  api:\n    image: api:1\n    env_file: api.env\n",
                "api.env": "KEY=hunter2\nURL=https://${DOMAIN}/\nPORT=${API_PORT}\n",
                ".env.example": "OTHER=\n",
            },
            ".env.example",
            "OTHER=\nDOMAIN=\nAPI_PORT=\n",
            id="an env file that asks for several",
        ),
    ],
)
def test_fix_adds_the_names_alone(files: dict[str, str], path: str, content: str, tmp_path: Path) -> None:
    root = repository(tmp_path, files)
    first = run([*command(RULE.id), "--fix"], root)
    assert first.returncode == 1
    assert "fixed: " in first.stdout
    assert f"git add -f {path}" in first.stdout
    for _ in range(2):
        on_disk = {name: (root / name).read_bytes() for name in {*files, path}}
        assert on_disk == {name: text.encode() for name, text in {**files, path: content}.items()}
        git(root, "add", "--all", "--force")
        assert len(git(root, "ls-files").split()) == len({*files, path})
        assert run([*command(RULE.id), "--fix"], root).returncode == 0


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(".env.production", id="an env file in use"),
        pytest.param(".env.j2", id="a template"),
    ],
)
def test_fix_only_suggests_what_is_not_certain(example: str, tmp_path: Path) -> None:
    root = repository(tmp_path, {"compose.prod.yaml": COMPOSE.format("${DOMAIN}"), example: "OTHER=\n"})
    process = run([*command(RULE.id), "--fix"], root)
    assert process.returncode == 1
    assert "fixed" not in process.stdout
    assert (root / example).read_text() == "OTHER=\n"
    assert git(root, "status", "--porcelain", "--untracked-files=all").count("\n") == 2
