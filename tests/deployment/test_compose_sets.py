from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config, load
from shipworthy.deployment.compose import CANDIDATE, DEVELOPMENT, PRODUCTION, TEST, Compose, compose
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

WHOLE = "services:\n  api:\n    build: .\n"
PARTIAL = "services:\n  api:\n    restart: always\n"
STORES = "services:\n  db:\n    image: postgres:17\n  cache:\n    image: redis\n  mail:\n    image: axllent/mailpit\n"
WORKLOAD = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n"
    "      containers:\n        - image: registry.example.com/api:1.4.2\n"
)


def read(directory: Path, files: Mapping[str, str], config: Config | None = None) -> Compose:
    return Project(Repository(str(repository(directory, files))), config or Config()).model(compose)


def roles(found: Compose) -> dict[str, str]:
    """The role of each set, by its paths joined with a plus."""
    return {"+".join(file.path for file in one.files): one.role for one in found.sets}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"compose.yaml": WHOLE}, {"compose.yaml": CANDIDATE}, id="the only file may be production"),
        pytest.param(
            {"compose.prod.yaml": WHOLE, "compose.yaml": WHOLE},
            {"compose.prod.yaml": PRODUCTION, "compose.yaml": DEVELOPMENT},
            id="a file for production makes the one beside it development",
        ),
        pytest.param(
            {"compose.yaml": WHOLE, "compose.prod.yaml": PARTIAL},
            {"compose.yaml+compose.prod.yaml": PRODUCTION, "compose.yaml": DEVELOPMENT},
            id="a partial file stands on the default one",
        ),
        pytest.param(
            {"compose.yaml": WHOLE, "compose.override.yaml": WHOLE},
            {"compose.yaml": CANDIDATE, "compose.yaml+compose.override.yaml": DEVELOPMENT},
            id="an override is for development",
        ),
        pytest.param(
            {"compose.yaml": STORES, "package.json": "{}", "Makefile": "up:\n\tdocker compose up -d\n"},
            {"compose.yaml": DEVELOPMENT},
            id="the databases without the program are for developers",
        ),
        pytest.param(
            {"compose.yaml": STORES, "README.md": "# A host's databases\n"},
            {"compose.yaml": CANDIDATE},
            id="databases may be production where there is no program",
        ),
        pytest.param(
            {"compose.yaml": STORES + "  proxy:\n    image: nginx:1.29\n", "package.json": "{}"},
            {"compose.yaml": CANDIDATE},
            id="what runs more than databases may be production",
        ),
        pytest.param(
            {"compose.yaml": STORES, "package.json": "{}", "deploy.sh": "docker compose up -d\n"},
            {"compose.yaml": PRODUCTION},
            id="databases that a deployment starts are production",
        ),
        pytest.param(
            {"compose.yaml": STORES.replace("image: redis", "build: ./cache"), "package.json": "{}"},
            {"compose.yaml": CANDIDATE},
            id="a database that is built here may be production",
        ),
        pytest.param(
            {"deploy/production/compose.yml": WHOLE},
            {"deploy/production/compose.yml": PRODUCTION},
            id="a folder for production",
        ),
        pytest.param(
            {"production/dev/compose.yml": WHOLE},
            {"production/dev/compose.yml": DEVELOPMENT},
            id="the innermost folder decides",
        ),
        pytest.param(
            {"compose.dev.yaml": WHOLE, "compose.test.yml": WHOLE},
            {"compose.dev.yaml": DEVELOPMENT, "compose.test.yml": TEST},
            id="words for development and tests",
        ),
        pytest.param(
            {"examples/compose.prod.yaml": WHOLE}, {"examples/compose.prod.yaml": DEVELOPMENT}, id="an example"
        ),
        pytest.param(
            {"compose.prod.yaml": "# Not for production!\n" + WHOLE},
            {"compose.prod.yaml": DEVELOPMENT},
            id="a comment that denies it",
        ),
        pytest.param(
            {"compose.yaml": "# This file is for the **development** setup.\n" + WHOLE},
            {"compose.yaml": DEVELOPMENT},
            id="a comment that says what it is for instead",
        ),
        pytest.param(
            {
                ".devcontainer/base/compose.yml": WHOLE,
                ".devcontainer/team/more.yml": PARTIAL,
                ".devcontainer/team/devcontainer.json": '{"dockerComposeFile": ["../base/compose.yml", "more.yml"], // x\n}',
                ".devcontainer/team/compose.override.yml": PARTIAL,
            },
            {".devcontainer/base/compose.yml": DEVELOPMENT, ".devcontainer/team/compose.override.yml": DEVELOPMENT},
            id="files of an editor whose names are not those of Compose files",
        ),
        pytest.param(
            {
                ".devcontainer/base/compose.yml": WHOLE,
                ".devcontainer/team/compose.override.yml": PARTIAL,
                ".devcontainer/team/devcontainer.json": '{"dockerComposeFile": ["../base/compose.yml", // x\n'
                '"../../.devcontainer/team/compose.override.yml"]}',
            },
            {
                ".devcontainer/base/compose.yml+.devcontainer/team/compose.override.yml": DEVELOPMENT,
                ".devcontainer/base/compose.yml": DEVELOPMENT,
            },
            id="files that an editor starts together are one set",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  api:\n    build: {context: ., dockerfile: Dockerfile.dev}\n"},
            {"compose.yaml": DEVELOPMENT},
            id="a file that builds an image for development alone",
        ),
        pytest.param({"compose.extras.yaml": "# nothing yet\n"}, {}, id="a file of comments is no set"),
        pytest.param(
            {
                "a.compose.yml": WHOLE,
                "b.compose.yml": WHOLE,
                "run.sh": "docker compose -f a.compose.yml -f b.compose.yml up",
            },
            {"a.compose.yml+b.compose.yml": CANDIDATE},
            id="files that one command runs are one set",
        ),
        pytest.param(
            {"compose.yaml": WHOLE, "run.sh": "docker compose -f compose.yaml logs"},
            {"compose.yaml": CANDIDATE},
            id="a command that starts nothing shows nothing",
        ),
    ],
)
def test_sets_and_their_roles_are_told_by_names(
    files: dict[str, str], expected: dict[str, str], tmp_path: Path
) -> None:
    assert roles(read(tmp_path, files)) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("scripts/deploy.sh", "docker compose -f compose.yaml up -d", PRODUCTION, id="a deployment script"),
        pytest.param("deploy.sh", "docker compose up -d", PRODUCTION, id="one that names no file"),
        pytest.param(
            "deploy.sh", "docker compose --project-name x -f=compose.yaml up", PRODUCTION, id="an equals sign"
        ),
        pytest.param("deploy.sh", "sudo docker-compose --file compose.yaml up", PRODUCTION, id="the old program"),
        pytest.param("deploy.sh", "cd /opt/app && docker compose -f compose.yaml up", PRODUCTION, id="on a host"),
        pytest.param("up.sh", "docker stack deploy -c compose.yaml shop", PRODUCTION, id="a swarm"),
        pytest.param("up.sh", "docker stack deploy shop --compose-file compose.yaml", PRODUCTION, id="its long option"),
        pytest.param("shop.service", "ExecStart=/usr/bin/docker compose up", PRODUCTION, id="a unit"),
        pytest.param(
            "up.sh", "docker compose --env-file .env.production up", PRODUCTION, id="an env file for production"
        ),
        pytest.param("README.md", "# Shop\n## Self-hosting\n    docker compose up -d\n", PRODUCTION, id="a document"),
        pytest.param(
            "README.md", "# Shop\n## Development\n    docker compose up\n", DEVELOPMENT, id="a guide for developers"
        ),
        pytest.param(
            "README.md", "# Shop\n## Start\n    docker compose up\n", CANDIDATE, id="a document that does not say"
        ),
        pytest.param("dev.sh", "docker compose up", DEVELOPMENT, id="a script for development"),
        pytest.param(".github/workflows/ci.yml", "- run: docker compose up", CANDIDATE, id="a pipeline that tests"),
        pytest.param(
            ".github/workflows/deploy.yml", "- run: docker compose up", PRODUCTION, id="a pipeline that deploys"
        ),
        pytest.param("deploy.sh", "docker compose -f gone.yaml up", CANDIDATE, id="a file that is not there"),
    ],
)
def test_roles_are_told_by_the_commands_that_run_a_set(path: str, text: str, expected: str, tmp_path: Path) -> None:
    assert roles(read(tmp_path, {"compose.yaml": WHOLE, path: text})) == {"compose.yaml": expected}


def test_compose_file_variables_form_sets(tmp_path: Path) -> None:
    files = {"compose.yaml": WHOLE, "compose.vps.yaml": PARTIAL, ".env": "COMPOSE_FILE=compose.yaml:compose.vps.yaml\n"}
    assert roles(read(tmp_path, files))["compose.yaml+compose.vps.yaml"] == PRODUCTION


def test_kubernetes_that_deploys_the_same_services_makes_compose_a_tool(tmp_path: Path) -> None:
    assert roles(read(tmp_path, {"compose.yaml": WHOLE, "k8s/api.yaml": WORKLOAD})) == {"compose.yaml": DEVELOPMENT}


def test_a_chart_with_the_image_of_the_service_makes_compose_a_tool(tmp_path: Path) -> None:
    chart = {"chart/Chart.yaml": "name: shop\n", "chart/values.yaml": "image:\n  repository: example.com/api\n"}
    assert roles(read(tmp_path, {"compose.yaml": WHOLE, **chart})) == {"compose.yaml": DEVELOPMENT}


def test_kubernetes_that_deploys_something_else_does_not(tmp_path: Path) -> None:
    workload = WORKLOAD.replace("name: api\n", "name: site\n").replace("/api:", "/site:")
    assert roles(read(tmp_path, {"compose.yaml": WHOLE, "k8s/a.yaml": workload})) == {"compose.yaml": CANDIDATE}


def test_kubernetes_does_not_count_where_something_runs_compose(tmp_path: Path) -> None:
    files = {"compose.yaml": WHOLE, "k8s/api.yaml": WORKLOAD, "README.md": "Start with `docker compose up -d`.\n"}
    assert roles(read(tmp_path, files)) == {"compose.yaml": CANDIDATE}


@pytest.mark.parametrize(
    ("deploys", "expected"),
    [
        pytest.param(("compose",), PRODUCTION, id="with Compose"),
        pytest.param(("kubernetes",), DEVELOPMENT, id="without Compose"),
    ],
)
def test_the_configuration_says_what_deploys(deploys: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    config = Config()
    config.deploys = deploys
    assert roles(read(tmp_path, {"compose.yaml": WHOLE}, config)) == {"compose.yaml": expected}


def test_the_configuration_says_which_file_is_production(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    config_file = tmp_path / "a" / "config.yaml"
    config_file.write_text("places: {production: [compose.dev.yaml], development: [compose.prod.yaml]}\n")
    config = load(str(tmp_path), str(config_file), ())
    files = {"compose.dev.yaml": WHOLE, "compose.prod.yaml": WHOLE}
    expected = {"compose.dev.yaml": PRODUCTION, "compose.prod.yaml": DEVELOPMENT}
    assert roles(read(tmp_path / "b", files, config)) == expected


def test_the_sets_of_production_come_first_and_alone(tmp_path: Path) -> None:
    found = read(tmp_path, {"compose.dev.yaml": WHOLE, "compose.prod.yaml": WHOLE, "shop/compose.yaml": WHOLE})
    assert [one.role for one in found.sets] == [PRODUCTION, CANDIDATE, DEVELOPMENT]
    assert [one.file.path for one in found.production] == ["compose.prod.yaml"]


def test_every_role_has_a_reason(tmp_path: Path) -> None:
    found = read(tmp_path, {"compose.dev.yaml": WHOLE, "compose.prod.yaml": WHOLE, "shop/compose.yaml": WHOLE})
    assert all(one.reason for one in found.sets)
