from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.deployment.containerfiles import Build, builds, label_of
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository


@pytest.mark.parametrize(
    ("path", "label"),
    [
        pytest.param("Dockerfile", "", id="the plain name"),
        pytest.param("svc/Containerfile", "", id="the name of other builders"),
        pytest.param("Dockerfile.api", "api", id="a suffix"),
        pytest.param("Dockerfile-api", "api", id="a suffix behind a dash"),
        pytest.param("api.Dockerfile", "api", id="a prefix"),
        pytest.param("api.dockerfile", "api", id="a prefix before small letters"),
        pytest.param(".Dockerfile", "", id="a hidden one"),
        pytest.param("Dockerfile.prod", "", id="a word for production"),
        pytest.param("Dockerfile.api.prod", "api", id="a suffix and a word for production"),
        pytest.param("Dockerfile.j2", "", id="a template"),
        pytest.param("Dockerfile.dev", None, id="a word for development"),
        pytest.param("api.test.Dockerfile", None, id="a word for tests"),
        pytest.param("Dockerfile.dockerignore", None, id="an ignore file"),
        pytest.param("Dockerfile.md", None, id="a document"),
        pytest.param("dockerfile", None, id="small letters, which builders do not look for"),
        pytest.param("Dockerfiles", None, id="another word"),
        pytest.param("dockerfile.go", None, id="a source file"),
    ],
)
def test_what_a_dockerfiles_name_says(path: str, label: str | None) -> None:
    assert label_of(path) == label


def builds_of(directory: Path, files: dict[str, str]) -> list[Build]:
    return builds(Project(Repository(str(repository(directory, files))), Config()))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "ops/compose.yaml",
            "services:\n  api:\n    build: ../api\n  db:\n    image: postgres:17\n",
            [("Compose", "api", "api", "api/Dockerfile", "", 3)],
            id="Compose, relative to its folder",
        ),
        pytest.param(
            "compose.yaml",
            "services:\n  api:\n    build: {context: ., dockerfile: docker/api.Dockerfile, target: web}\n",
            [("Compose", "api", "", "docker/api.Dockerfile", "web", 3)],
            id="Compose with a Dockerfile and a stage",
        ),
        pytest.param(
            "compose.yaml",
            "services:\n  api:\n    build: https://example.com/api.git\n",
            [("Compose", "api", None, None, "", 3)],
            id="Compose with a context from elsewhere",
        ),
        pytest.param(
            "skaffold.yaml",
            "build:\n  artifacts:\n    - image: ghcr.io/acme/api\n      docker:\n        dockerfile: d/Dockerfile\n"
            "    - image: web\n      context: web\n      jib: {}\n",
            [("Skaffold", "api", "", "d/Dockerfile", "", 3), ("Skaffold", "web", "web", "", "", 6)],
            id="Skaffold with Docker and with Jib",
        ),
        pytest.param(
            "docker-bake.hcl",
            'group "default" {\n  targets = ["api"]\n}\ntarget "api" {\n  context = "api"\n  target = "run"\n}\n',
            [("Bake", "api", "api", "api/Dockerfile", "run", 4)],
            id="Bake in HCL",
        ),
        pytest.param(
            "docker-bake.json",
            '{"target": {\n"api": {"dockerfile": "x/Dockerfile"}}}',
            [("Bake", "api", "", "x/Dockerfile", "", 2)],
            id="Bake in JSON",
        ),
        pytest.param(
            "Tiltfile",
            "docker_build('acme/api', 'api')\n",
            [("Tilt", "api", "api", "api/Dockerfile", "", 1)],
            id="Tilt",
        ),
        pytest.param("skaffold.yaml", "build: [\n", [], id="a file that cannot be read"),
        pytest.param("skaffold.yaml", "build:\n  artifacts: api\n", [], id="a file of another shape"),
    ],
)
def test_what_builds_images(tmp_path: Path, path: str, text: str, expected: list[tuple[object, ...]]) -> None:
    found = builds_of(tmp_path, {path: text})
    assert [(b.by, b.name, b.context, b.dockerfile, b.target, b.line) for b in found] == expected


@pytest.mark.parametrize(
    ("path", "production"),
    [
        pytest.param("compose.production.yaml", True, id="a file for production"),
        pytest.param("compose.dev.yaml", False, id="a file for development"),
    ],
)
def test_builds_know_whether_they_are_for_production(tmp_path: Path, path: str, production: bool) -> None:
    (build,) = builds_of(tmp_path, {path: "services:\n  api:\n    build: .\n"})
    assert build.production is production


def test_builds_for_tests_are_left_out(tmp_path: Path) -> None:
    assert builds_of(tmp_path, {"tests/compose.yaml": "services:\n  api:\n    build: .\n"}) == []
