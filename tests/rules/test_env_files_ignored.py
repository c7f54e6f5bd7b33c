"""What `env-files-ignored` reports, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.env_files_ignored import RULE, check
from support import command, git, repository, run

IGNORED = {".gitignore": ".env\n"}
EXAMPLE = {".env.example": "A=\n", **IGNORED}
ALL = "FROM node:22\nWORKDIR /app\nCOPY . .\n"
BUILT = "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM nginx:1.29\n"


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    repository(directory, files)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param({".env.example": "A=\n"}, [".env.example:1 medium"], id="an example without a .gitignore"),
    pytest.param(
        {"api/.env.example": "A=\n", ".gitignore": "/.env\n"}, ["api/.env.example:1 medium"], id="another folder"
    ),
    pytest.param({"env.example": "A=\n"}, ["env.example:1 medium"], id="an example without a dot"),
    pytest.param(
        {".env.example": "A=\n", "web/.env.example": "B=\n"}, [".env.example:1 medium"], id="several, said once"
    ),
    pytest.param(
        {"compose.yaml": "services:\n  a:\n    image: a:1\n    env_file: [{path: .env.extra, required: false}]\n"},
        ["compose.yaml:4 medium"],
        id="an optional file without an example",
    ),
    pytest.param({".env.local": "A=1\n"}, [".env.local:1 medium"], id="the file of one machine"),
    pytest.param({"web/.env.production.local": "A=1\n"}, ["web/.env.production.local:1 medium"], id="in a folder"),
    pytest.param({"Dockerfile": ALL, **EXAMPLE}, ["Dockerfile:3 high"], id="an image with everything"),
    pytest.param({"Dockerfile": ALL}, ["Dockerfile:3 medium"], id="an image with the history"),
    pytest.param(
        {"Dockerfile": ALL, ".dockerignore": ".git\n", "api/.env.example": "A=\n", **IGNORED},
        ["Dockerfile:3 high"],
        id="an env file in a folder of the context",
    ),
    pytest.param(
        {"Dockerfile": ALL, ".dockerignore": ".git\n.env\n", "api/.env.example": "A=\n", **IGNORED},
        ["Dockerfile:3 high"],
        id="a pattern that holds for the root alone",
    ),
    pytest.param(
        {"Dockerfile": BUILT + "COPY --from=build /app /srv\n", **EXAMPLE},
        ["Dockerfile:3 high"],
        id="a stage that is copied on as a whole",
    ),
    pytest.param(
        {"Dockerfile": "FROM node:22 AS base\nCOPY . /app\nFROM base\nCMD node .\n", **EXAMPLE},
        ["Dockerfile:2 high"],
        id="a stage that the last one is made from",
    ),
    pytest.param(
        {"api/Dockerfile": "FROM node:22\nCOPY src/ /app/\n", "api/src/.env.example": "A=\n", **IGNORED},
        ["api/Dockerfile:2 high"],
        id="a folder that is copied",
    ),
    pytest.param(
        {
            "docker/Dockerfile": ALL,
            "compose.yaml": "services:\n  a:\n    build: {context: api, dockerfile: ../docker/Dockerfile}\n",
            "api/.env.example": "A=\n",
            **IGNORED,
        },
        ["docker/Dockerfile:3 high"],
        id="a context that Compose names",
    ),
]

SILENT = [
    pytest.param(EXAMPLE, id="an ignored file with an example"),
    pytest.param({"api/.env.example": "A=\n", ".gitignore": "*.env*\n!*.example\n"}, id="a pattern"),
    pytest.param({"api/.env.example": "A=\n", "api/.gitignore": ".env\n"}, id="a .gitignore in the folder"),
    pytest.param({".env.example": "A=\n", ".env": "A=1\n"}, id="a file that is committed on purpose"),
    pytest.param({"examples/a/.env.example": "A=\n", ".gitignore": "x\n"}, id="a folder of examples"),
    pytest.param({"deploy/app.env.j2": "A={{ a }}\n"}, id="a template that a tool renders elsewhere"),
    pytest.param({".env.vault.example": "A=\n"}, id="a vault, which is committed"),
    pytest.param({"Dockerfile": ALL, ".dockerignore": "**/.env\n.git\n", **EXAMPLE}, id="a .dockerignore"),
    pytest.param({"Dockerfile": ALL, ".dockerignore": "*\n!src\n!package.json\n", **EXAMPLE}, id="an allow-list"),
    pytest.param(
        {"api/Dockerfile": ALL, "api/Dockerfile.dockerignore": "**/.env\n", "api/.env.example": "A=\n", **IGNORED},
        id="the ignore file of one Dockerfile",
    ),
    pytest.param({"Dockerfile": BUILT + "COPY --from=build /app/dist /srv\n", **EXAMPLE}, id="a build that ships less"),
    pytest.param(
        {"Dockerfile": "FROM node:22\nCOPY package.json src ./\n", "package.json": "{}", **EXAMPLE}, id="files"
    ),
    pytest.param({"api/Dockerfile": "FROM node:22\nCOPY . /app\n", **EXAMPLE}, id="another context"),
    pytest.param(
        {"Dockerfile": "FROM node:22\nCOPY --exclude=.env --exclude=.git . /app\n", **EXAMPLE}, id="an excluding copy"
    ),
    pytest.param({"Dockerfile.dev": ALL, **EXAMPLE}, id="an image for development"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    with suppress(NotApplicable):
        assert found(tmp_path, files) == []


def test_the_fix_names_the_patterns(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"Dockerfile": ALL, **EXAMPLE})
    assert finding.fix == "create .dockerignore, each on a line of its own: **/.env, .git"


def test_a_repository_without_env_files_and_images_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"main.py": "print(1)\n"})


@pytest.mark.parametrize(
    ("files", "added"),
    [
        pytest.param(
            {".env.example": "A=\n", "web/env.example": "B=\n", ".gitignore": "# ünï\r\nnode_modules/"},
            {".gitignore": "# ünï\r\nnode_modules/\r\n.env\r\n"},
            id="a .gitignore with its line ends",
        ),
        pytest.param({"api/.env.example": "A=\n"}, {".gitignore": ".env\n"}, id="no .gitignore"),
        pytest.param(
            {"Dockerfile": ALL, "worker.Dockerfile": ALL, ".dockerignore": "node_modules", **EXAMPLE},
            {".dockerignore": "node_modules\n**/.env\n.git\n"},
            id="two images of one context",
        ),
        pytest.param({"Dockerfile": ALL, **EXAMPLE}, {".dockerignore": "**/.env\n.git\n"}, id="no .dockerignore"),
        pytest.param(
            {"api/Dockerfile": ALL, "api/Dockerfile.dockerignore": "x\n", "api/.env.example": "A=\n", **IGNORED},
            {"api/Dockerfile.dockerignore": "x\n**/.env\n"},
            id="the ignore file of one Dockerfile",
        ),
    ],
)
def test_fix_appends_the_patterns(files: dict[str, str], added: dict[str, str], tmp_path: Path) -> None:
    root = repository(tmp_path, files)
    assert "fixed: " in run([*command(RULE.id), "--fix"], root).stdout
    for again in range(2):
        on_disk = {path: (root / path).read_bytes() for path in {*files, *added}}
        assert on_disk == {path: text.encode() for path, text in {**files, **added}.items()}
        git(root, "add", "--all", "--force")
        assert len(git(root, "ls-files").split()) == len({*files, *added})
        process = run([*command(RULE.id), "--fix", "--fail-on", "medium"], root)
        assert (process.returncode, "fixed" in process.stdout) == (0, False), again


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".env.local": "A=1\n"}, id="what git has to forget"),
        pytest.param({"web/.env.example": "A=\n", ".env": "A=1\n"}, id="a pattern that a committed file matches"),
        pytest.param({"web/.env.example": "A=\n", "api/.env/settings.py": ""}, id="a pattern that a folder matches"),
        pytest.param({"[ab].env.example": "A=\n"}, id="a name that is a pattern itself"),
        pytest.param({"Dockerfile": ALL + "RUN git describe > /version\n", **EXAMPLE}, id="a build that asks git"),
        pytest.param(
            {"Dockerfile": ALL, "pyproject.toml": '[build-system]\nrequires = ["setuptools_scm>=8"]\n', **EXAMPLE},
            id="a version that is made from the history",
        ),
        pytest.param(
            {"Dockerfile": ALL, "package.json": '{"scripts": {"build": "git rev-parse HEAD > v"}}', **EXAMPLE},
            id="a script that asks git",
        ),
    ],
)
def test_fix_only_suggests_what_is_not_certain(files: dict[str, str], tmp_path: Path) -> None:
    root = repository(tmp_path, files)
    process = run([*command(RULE.id), "--fix", "--fail-on", "medium"], root)
    assert process.returncode == 1
    assert "fixed" not in process.stdout
    assert git(root, "status", "--porcelain") == git(root, "status", "--porcelain", "--untracked-files=no")
    assert {path: (root / path).read_text() for path in files} == files


def test_without_fix_nothing_is_written(tmp_path: Path) -> None:
    root = repository(tmp_path, {"Dockerfile": ALL, ".env.example": "A=\n"})
    run(command(RULE.id), root)
    assert sorted(path.name for path in root.iterdir()) == [".env.example", ".git", "Dockerfile"]


def test_fix_leaves_what_an_inline_ignore_permits(tmp_path: Path) -> None:
    ignored = f"FROM node:22\nCOPY package.json .\n# shipworthy: ignore[{RULE.id}] meant to be there\nCOPY . .\n"
    root = repository(tmp_path, {"Dockerfile": ignored, "package.json": "{}", **EXAMPLE})
    assert run([*command(RULE.id), "--fix"], root).returncode == 0
    assert not (root / ".dockerignore").exists()
