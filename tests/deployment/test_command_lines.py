from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.command_lines import CI, DOCUMENT, SCRIPT, UNIT, CommandLine, command_lines, commands_in
from shipworthy.file import File
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository


def read(path: str, text: str) -> list[CommandLine]:
    return list(commands_in(File(path, text.encode())))


def words(line: CommandLine) -> str:
    return " ".join(word.text for word in line.words)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(
            "up.sh", "docker compose -f a.yml up -d\n", ["docker compose -f a.yml up -d"], id="a script's line"
        ),
        pytest.param(
            "up.sh",
            "docker compose \\\n  -f a.yml \\\n  up\n",
            ["docker compose -f a.yml up"],
            id="a line that is continued",
        ),
        pytest.param(
            "package.json",
            '{"scripts": {\n  "up": "docker compose -f a.yml up && docker compose logs",\n}}',
            ["up: docker compose -f a.yml up", "docker compose logs"],
            id="a script of a manifest",
        ),
        pytest.param(
            "up.sh",
            'FILE="compose.prod.yml"\ndocker compose -f "$FILE" up\n',
            ["FILE=compose.prod.yml", "docker compose -f compose.prod.yml up"],
            id="a variable that the file sets",
        ),
        pytest.param(
            "Makefile",
            "F := compose.prod.yml\nup:\n\tdocker compose -f $(F) up\n",
            ["F := compose.prod.yml", "docker compose -f compose.prod.yml up"],
            id="a variable that a Makefile sets",
        ),
        pytest.param(
            "up.sh", "set -a; . ./.env; set +a\n", ["set -a", ". ./.env", "set +a"], id="commands on one line"
        ),
        pytest.param("up.sh", "ls\ntrue\n", [], id="a script without such commands"),
        pytest.param("src/app.ts", "docker compose up", [], id="a file that holds no commands"),
        pytest.param(
            "compose.prod.yml",
            "# docker compose -f compose.prod.yml up\nservices: {}\n",
            ["# docker compose -f compose.prod.yml up"],
            id="a comment of a Compose file",
        ),
    ],
)
def test_commands_are_found_as_words(path: str, text: str, expected: list[str]) -> None:
    assert [words(line) for line in read(path, text)] == expected


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        pytest.param("deploy.sh", "docker compose up", SCRIPT, id="a script"),
        pytest.param(".github/workflows/cd.yml", "- run: docker compose up", CI, id="a workflow"),
        pytest.param("api.service", "ExecStart=docker compose up", UNIT, id="a unit"),
        pytest.param("docs/deployment.md", "docker compose up", DOCUMENT, id="a document about deployment"),
        pytest.param("deploy.sh", "# docker compose up", DOCUMENT, id="a comment of a script"),
        pytest.param("deploy.sh", 'echo "run docker compose up"', DOCUMENT, id="a line that a script prints"),
        pytest.param("deploy.sh", 'echo "A=1" >> .env', SCRIPT, id="a line that a script prints into a file"),
    ],
)
def test_commands_know_what_they_stand_in(path: str, text: str, kind: str) -> None:
    assert {line.kind for line in read(path, text)} == {kind}


@pytest.mark.parametrize(
    ("path", "text", "directories"),
    [
        pytest.param("scripts/up.sh", ". .env", ("", "scripts"), id="scripts run at the root, or where they are"),
        pytest.param("api/Makefile", "up:\n\t. .env", ("api", ""), id="Makefiles run where they are"),
        pytest.param("up.sh", "cd deploy && . .env", ("deploy",), id="a change of the folder counts on its line"),
        pytest.param("up.sh", "cd /opt/app && . .env", (), id="a folder of the host is unknown"),
        pytest.param("up.sh", "cd /opt/app\n. .env", (), id="a folder of the host counts on later lines"),
    ],
)
def test_commands_know_where_they_may_run(path: str, text: str, directories: tuple[str, ...]) -> None:
    last = read(path, text)[-1]
    assert words(last) == ". .env"
    assert last.directories == directories


def test_commands_in_documents_know_the_headings_above_them() -> None:
    text = "# App\n## Development\n`docker compose up`\n## Production\n### Start\n`docker compose up -d`\n"
    assert [line.heading for line in read("README.md", text)] == ["App / Development", "App / Production / Start"]


def test_words_know_their_offsets() -> None:
    text = 'x=1\ndocker compose --env-file "deploy/.env" up\n'
    (line,) = read("up.sh", text)
    assert all(text[word.start :].startswith(word.text) for word in line.words)


def test_excluded_and_vendored_files_are_left_out(tmp_path: Path) -> None:
    files = {"up.sh": "docker compose up\n", "node_modules/x/up.sh": "docker compose up\n"}
    project = Project(Repository(str(repository(tmp_path, files))), Config())
    assert [line.file.path for line in project.model(command_lines)] == ["up.sh"]


@given(
    st.sampled_from(["a.sh", "README.md", "Makefile", "package.json", "compose.yml"]),
    st.text(st.characters(exclude_characters="\0"), max_size=200),
)
def test_any_text_is_read(path: str, text: str) -> None:
    file = File(path, (text + "\ndocker compose up").encode("utf-8", "surrogatepass"))
    for line in commands_in(file):
        assert all(0 <= word.start <= len(file.text) for word in line.words)
