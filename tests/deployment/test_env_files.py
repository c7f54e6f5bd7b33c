from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.compose import CANDIDATE, DEVELOPMENT, PRODUCTION, TEST
from shipworthy.deployment.env_files import EnvFiles, env_files
from shipworthy.deployment.env_mentions import Mention
from shipworthy.deployment.env_names import is_env_file, is_for_development, without_example_words
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository


def read(directory: Path, files: Mapping[str, str]) -> EnvFiles:
    return Project(Repository(str(repository(directory, files))), Config()).model(env_files)


def mention(directory: Path, path: str, text: str, **others: str) -> Mention:
    (found,) = read(directory, {path: text, **others}).mentions
    assert found.file.text[found.start :].startswith(found.written)
    return found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".env", True),
        (".env.production", True),
        ("deploy/api.env", True),
        ("env.example", True),
        ("env_sample", True),
        ("production.env.j2", True),
        (".envs/.production", False),
        ("environment.yml", False),
        ("src/env.ts", False),
        ("load-env.sh", False),
        ("venv/bin/activate", False),
        ("envoy.yaml", False),
        ("", False),
    ],
)
def test_env_files_are_known_by_name(path: str, expected: bool) -> None:
    assert is_env_file(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".env.local", True), (".env.dev", True), ("test.env", True), (".env", False), (".env.production", False)],
)
def test_names_say_what_is_for_development(path: str, expected: bool) -> None:
    assert is_for_development(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("api/.env.example", "api/.env"),
        ("examples/api/.env", "api/.env"),
        (".envs.example/.production/.django", ".envs/.production/.django"),
        ("api.env.j2", "api.env"),
        (".env", ".env"),
    ],
)
def test_examples_name_what_they_are_examples_of(path: str, expected: str) -> None:
    assert without_example_words(path) == expected


@pytest.mark.parametrize(
    ("target", "committed", "is_example"),
    [
        pytest.param(".env", ".env.example", True, id="an example beside it"),
        pytest.param(".env", "example.env", True, id="the words in the other order"),
        pytest.param(".env", "env.sample", True, id="another word for an example"),
        pytest.param("deploy/.env", ".env.example", True, id="an example at the root"),
        pytest.param(".env", "deploy/.env.example", False, id="an example in another folder"),
        pytest.param(".env.production", ".env.prod.example", True, id="a short form of the environment"),
        pytest.param(".env.production", ".env.example.production", True, id="the environment behind the word"),
        pytest.param(".env.production", ".env.example", True, id="a plain example serves every environment"),
        pytest.param(".env.production", ".env.staging.example", False, id="an example for another environment"),
        pytest.param(".env", ".env.production.example", True, id="an example for one environment"),
        pytest.param(".env", ".env.docker", True, id="a committed file for one environment"),
        pytest.param(".env", ".env.test", False, id="a committed file for tests"),
        pytest.param("api.env", "api.env.dist", True, id="an example of a named file"),
        pytest.param("api.env", "worker.env.dist", False, id="an example of another file"),
        pytest.param("api.env", ".env.example", False, id="a plain example says nothing about a named file"),
        pytest.param(".envs/.production/.api", ".envs.example/.production/.api", True, id="a folder of examples"),
        pytest.param("api.env", "api.env.j2", True, id="a template"),
    ],
)
def test_examples_are_found_by_name_and_place(target: str, committed: str, is_example: bool, tmp_path: Path) -> None:
    found = read(tmp_path, {committed: "A=1\n"}).example_of(target)
    assert found == (committed if is_example else None)


@pytest.mark.parametrize(
    ("path", "text", "written", "required", "stage"),
    [
        pytest.param("up.sh", "source deploy/.env\n", "deploy/.env", True, CANDIDATE, id="source"),
        pytest.param("up.sh", "set -a; . ./api.env; set +a\n", "./api.env", True, CANDIDATE, id="a dot"),
        pytest.param("up.sh", "[ -f .env ] && . .env\n", ".env", False, CANDIDATE, id="a test for the file"),
        pytest.param("up.sh", "if [[ -f .env ]]; then\n  source .env\nfi\n", ".env", False, CANDIDATE, id="an if"),
        pytest.param("up.sh", "if [ ! -f .env ]; then exit 1; fi\n. .env\n", ".env", True, CANDIDATE, id="a demand"),
        pytest.param("up.sh", "source .env || true\n", ".env", False, CANDIDATE, id="a failure that does not matter"),
        pytest.param("up.sh", "export $(grep -v '^#' .env | xargs)\n", ".env", True, CANDIDATE, id="grep and xargs"),
        pytest.param("up.sh", "docker run --env-file=.env.prod api\n", ".env.prod", True, PRODUCTION, id="docker run"),
        pytest.param("up.sh", "kubectl create cm c --from-env-file=a.env\n", "a.env", True, CANDIDATE, id="kubectl"),
        pytest.param("dev.sh", ". .env\n", ".env", True, DEVELOPMENT, id="a script for development"),
        pytest.param("up.sh", ". .env.local\n", ".env.local", True, DEVELOPMENT, id="a name for development"),
        pytest.param("up.sh", ". .env.test\n", ".env.test", True, TEST, id="a name for tests"),
        pytest.param("Makefile", "include .env\n", ".env", True, CANDIDATE, id="make"),
        pytest.param("Makefile", "-include .env\n", ".env", False, CANDIDATE, id="make that does without"),
        pytest.param(
            "Makefile", "ifneq (,$(wildcard .env))\ninclude .env\nendif\n", ".env", False, CANDIDATE, id="a wildcard"
        ),
        pytest.param(
            "package.json", '{"scripts": {\n"start": "node --env-file=.env a.js"}}', ".env", True, CANDIDATE, id="Node"
        ),
        pytest.param(
            "package.json",
            '{"scripts": {\n"start": "node --env-file-if-exists=.env a.js"}}',
            ".env",
            False,
            CANDIDATE,
            id="Node that does without",
        ),
        pytest.param(
            "package.json", '{"scripts": {\n"dev": "dotenv -e .env -- a"}}', ".env", True, DEVELOPMENT, id="dotenv"
        ),
        pytest.param(
            "api.service", "[Service]\nEnvironmentFile=/etc/a.env\n", "/etc/a.env", True, PRODUCTION, id="a unit"
        ),
        pytest.param(
            "kustomization.yaml",
            "secretGenerator:\n  - name: s\n    envs: [api.env]\n",
            "api.env",
            True,
            PRODUCTION,
            id="kustomize",
        ),
        pytest.param(
            "overlays/dev/kustomization.yaml",
            "configMapGenerator:\n  - name: s\n    env: api.env\n",
            "api.env",
            True,
            DEVELOPMENT,
            id="kustomize for development",
        ),
    ],
)
def test_mentions_are_found(path: str, text: str, written: str, required: bool, stage: str, tmp_path: Path) -> None:
    found = mention(tmp_path, path, text)
    assert (found.written, found.required, found.stage) == (written, required, stage)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("up.sh", "source lib/env.sh\n", id="a script"),
        pytest.param("up.sh", "source venv/bin/activate\n", id="a virtual environment"),
        pytest.param("up.sh", "# source .env\n", id="a comment"),
        pytest.param("up.sh", 'echo "source .env first"\n', id="a line that is printed"),
        pytest.param("README.md", "source .env\n", id="a document"),
        pytest.param(".github/workflows/ci.yml", "- run: source .env\n", id="a pipeline"),
        pytest.param("tests/up.sh", "source .env\n", id="a test"),
        pytest.param("Dockerfile", "FROM a\nCOPY --from=build /app/.env .env\n", id="a copy from another stage"),
        pytest.param("Dockerfile", "FROM a\nCOPY .env .env\n", id="a copy from a context nothing is known about"),
    ],
)
def test_what_only_looks_so_is_no_mention(path: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, {path: text}).mentions == []


def test_what_images_copy_lies_in_the_context_that_compose_names(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  api:\n    build:\n      context: api\n      dockerfile: ../Dockerfile\n",
        "Dockerfile": "FROM a\nCOPY .env.production /app/.env\n",
    }
    (found,) = read(tmp_path, files).mentions
    assert (found.written, found.paths) == (".env.production", ("api/.env.production",))


def test_what_images_copy_lies_where_the_other_sources_are(tmp_path: Path) -> None:
    files = {"api/Dockerfile": "FROM a\nCOPY main.py .env ./\n", "api/main.py": ""}
    (found,) = read(tmp_path, files).mentions
    assert found.paths == ("api/.env",)


@pytest.mark.parametrize(
    ("path", "text", "is_written"),
    [
        pytest.param("setup.sh", 'echo "A=1" >> .env\n', True, id="a line that a script prints into it"),
        pytest.param("setup.sh", "cat > .env <<EOF\nA=1\nEOF\n", True, id="a here-document"),
        pytest.param("setup.sh", "openssl rand 32 | tee .env\n", True, id="tee"),
        pytest.param("setup.sh", "cp config.txt .env\n", True, id="a copy of a committed file"),
        pytest.param("setup.sh", "cp gone.txt .env\n", False, id="a copy of a file that is not there"),
        pytest.param("README.md", "cp config.txt .env\n", True, id="a document that copies a committed file"),
        pytest.param("README.md", "cat > .env <<EOF\n", False, id="a document that tells to write it"),
        pytest.param(".github/workflows/deploy.yml", '- run: echo "$E" > .env\n', True, id="a pipeline that deploys"),
        pytest.param(".github/workflows/ci.yml", '- run: echo "$E" > .env\n', False, id="a pipeline that tests"),
        pytest.param("setup.sh", 'echo "A=1" > "$DIR/.env"\n', True, id="a folder that only the script knows"),
        pytest.param("setup.sh", "cat .env > /dev/null\n", False, id="reading is not writing"),
    ],
)
def test_files_that_the_repository_writes_are_known(path: str, text: str, is_written: bool, tmp_path: Path) -> None:
    assert read(tmp_path, {path: text, "config.txt": "A=1\n"}).is_written(".env") is is_written


@given(st.text(st.sampled_from("./_-envENVxample "), max_size=40))
def test_any_name_is_read(path: str) -> None:
    assert is_env_file(path) in (True, False)
    assert not without_example_words(path).endswith("/")
