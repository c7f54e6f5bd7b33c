from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.deployment.besides_code import files_besides_code, paths_besides_code
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import git, repository


def project(directory: Path, path: str) -> Project:
    return Project(Repository(str(repository(directory, {path: "x\n"}))), Config())


KEPT = [
    pytest.param(".env.production", id="an env file"),
    pytest.param("Makefile", id="a name without an ending"),
    pytest.param("deploy/api.service.j2", id="a template"),
    pytest.param("fabfile.py", id="a program that deploys"),
    pytest.param("web/Dockerfile.php", id="a Dockerfile that is called after a language"),
    pytest.param("charts/api/templates/api.yaml", id="YAML"),
]
LEFT_OUT = [
    pytest.param("src/server.ts", id="a program"),
    pytest.param("src/.env.d.ts", id="the types of an environment"),
    pytest.param("public/logo.svg", id="a picture"),
]


@pytest.mark.parametrize("path", KEPT)
def test_what_says_how_something_is_deployed_is_kept(tmp_path: Path, path: str) -> None:
    known = project(tmp_path, path)
    assert known.model(paths_besides_code) == [path]
    assert known.model(files_besides_code) == [path]


@pytest.mark.parametrize("path", LEFT_OUT)
def test_program_code_is_left_out(tmp_path: Path, path: str) -> None:
    assert project(tmp_path, path).model(paths_besides_code) == []


def test_a_link_is_a_path_and_no_file(tmp_path: Path) -> None:
    root = repository(tmp_path, {"compose.yaml": "services: {}\n"})
    (root / ".env").symlink_to("elsewhere/.env")
    git(root, "add", "--all")
    known = Project(Repository(str(root)), Config())
    assert known.model(paths_besides_code) == [".env", "compose.yaml"]
    assert known.model(files_besides_code) == ["compose.yaml"]
