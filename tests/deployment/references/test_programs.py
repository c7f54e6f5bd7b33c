from __future__ import annotations

import pytest

from shipworthy.deployment.references.programs import (
    commands,
    file_run_by,
    make_target_run_by,
    package_script_run_by,
)
from shipworthy.formats import shell
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block


def only_command(script: str) -> Block:
    return next(commands(shell.read(Source(script))))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("./deploy.sh --fast", "./deploy.sh", id="a script by its path"),
        pytest.param("bash -eux scripts/a.sh b.sh", "scripts/a.sh", id="a shell with options"),
        pytest.param("sudo -u app python3.11 -u run.py", "run.py", id="an interpreter behind another program"),
        pytest.param("node --max-old-space-size=4096 server.js", "server.js", id="an option with its value"),
        pytest.param("tsx watch src/main.ts", "src/main.ts", id="a subcommand of the interpreter"),
        pytest.param("cross-env A=b npx tsx src/main.ts", "src/main.ts", id="programs that start programs"),
        pytest.param("poetry run python run.py", "run.py", id="a package manager that starts programs"),
        pytest.param("./gradlew build", "./gradlew", id="a wrapper without an ending"),
        pytest.param("node -r dotenv/config server.js", "", id="an option that may take the next word"),
        pytest.param("python -m app", "", id="a module"),
        pytest.param("node -e 'x.js'", "", id="code"),
        pytest.param("eslint src/a.js", "", id="an argument of another program"),
        pytest.param("/usr/bin/tool.sh", "", id="a program of the host"),
        pytest.param("./tool", "", id="a program that may be built"),
    ],
)
def test_the_file_that_a_command_runs(script: str, expected: str) -> None:
    assert file_run_by(only_command(script)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("npm run build -- --watch", ("", "build"), id="npm"),
        pytest.param("npm --prefix web run build", ("web", "build"), id="npm in another folder"),
        pytest.param("pnpm -C web run build", ("web", "build"), id="pnpm in another folder"),
        pytest.param("npm run build --workspace=web", None, id="another workspace"),
        pytest.param("npm run build --if-present", None, id="a script that need not be there"),
        pytest.param("yarn run build", None, id="yarn runs programs too"),
        pytest.param("npm ci", None, id="no script"),
    ],
)
def test_the_package_script_that_a_command_runs(script: str, expected: tuple[str, str] | None) -> None:
    assert package_script_run_by(only_command(script)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("make -j 4 images A=b", ("", ["images"]), id="targets among options and variables"),
        pytest.param("make -C api test lint", ("api", ["test", "lint"]), id="another folder"),
        pytest.param("make -f other.mk all", None, id="another makefile"),
        pytest.param("cmake all", None, id="another program"),
    ],
)
def test_the_targets_that_a_command_makes(script: str, expected: tuple[str, list[str]] | None) -> None:
    assert make_target_run_by(only_command(script)) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("a && (b | c)", ["a", "b", "c"], id="lists, subshells and pipelines"),
        pytest.param("sh -c 'a; b'", ["sh", "a", "b"], id="a script given to a shell"),
        pytest.param("ssh host 'sh a.sh'", ["ssh"], id="another host"),
    ],
)
def test_the_commands_that_run_here(script: str, expected: list[str]) -> None:
    assert [command.name for command in commands(shell.read(Source(script)))] == expected
