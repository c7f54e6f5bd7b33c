from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import BLOCKING, HIGH, Finding, NotApplicable
from shipworthy.rules.env_files_committed import RULE, check
from support import command, git, repository, run, write

COMPOSE = "services:\n  api:\n    image: example.com/api:1.4.2\n    env_file: {}\n"


def found(directory: Path, files: Mapping[str, str], untracked: Mapping[str, str] | None = None) -> list[Finding]:
    repository(directory, files, untracked=untracked)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {"compose.yaml": COMPOSE.format("api.env")}, ["compose.yaml:4 blocking"], id="neither committed nor ignored"
    ),
    pytest.param(
        {"compose.yaml": COMPOSE.format("api.env"), ".gitignore": "*.env\n"},
        ["compose.yaml:4 high"],
        id="ignored, without an example",
    ),
    pytest.param({"compose.dev.yaml": COMPOSE.format("api.env")}, ["compose.dev.yaml:4 high"], id="for development"),
    pytest.param({"deploy.sh": "set -a; . ./api.env\n"}, ["deploy.sh:1 blocking"], id="a script that reads it"),
    pytest.param(
        {"compose.yaml": COMPOSE.format("api.env"), "README.md": "cp api.env.template api.env\n"},
        ["compose.yaml:4 blocking"],
        id="a document that copies an example nobody committed",
    ),
    pytest.param(
        {
            "kustomization.yaml": "secretGenerator:\n  - name: api\n    envs: [secret.env]\n",
            ".gitignore": "secret.env\n",
        },
        ["kustomization.yaml:3 high"],
        id="a generator",
    ),
    pytest.param(
        {"compose.prod.yaml": "services:\n  api:\n    build: .\n", "requirements.txt": "flask\npython-dotenv==1.2.1\n"},
        ["requirements.txt:2 high"],
        id="a library that reads one in production",
    ),
]

SILENT = [
    pytest.param({"compose.yaml": COMPOSE.format("api.env"), "api.env": "A=1\n"}, id="committed"),
    pytest.param({"compose.yaml": COMPOSE.format("api.env"), "api.env.example": "A=\n"}, id="an example"),
    pytest.param(
        {"compose.override.example.yaml": COMPOSE.format("mine.env")}, id="an example of what users put on top of it"
    ),
    pytest.param(
        {"compose.yaml": COMPOSE.format("api.env"), "Makefile": "api.env:\n\techo A=1 > api.env\n"},
        id="written by the repository",
    ),
    pytest.param({"compose.yaml": COMPOSE.format("[{path: api.env, required: false}]")}, id="not required"),
    pytest.param({"compose.yaml": COMPOSE.format("${ENV_FILE}")}, id="a path that a variable names"),
    pytest.param({"compose.yaml": COMPOSE.format("/etc/default/api")}, id="a path of the host"),
    pytest.param({"compose.yaml": COMPOSE.format("stack.env")}, id="a file that Portainer writes"),
    pytest.param(
        {"tests/compose.yaml": COMPOSE.format("api.env"), "deploy.sh": ". ./b.env\n", "b.env": "A=1\n"}, id="a test"
    ),
    pytest.param({"api.service": "[Service]\nEnvironmentFile=/etc/default/api.env\n"}, id="a unit of a package"),
    pytest.param(
        {"deploy.sh": "generate\nsource generated/stack.env\n", ".gitignore": "generated/\n"},
        id="a file that one script makes for another",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_a_missing_env_file_is_reported_once_with_the_other_places(tmp_path: Path) -> None:
    files = {
        "compose.yaml": COMPOSE.format("api.env") + "  worker:\n    image: b:1\n    env_file: [api.env]\n",
        "scripts/deploy.sh": "docker run --env-file api.env example.com/api:1.4.2\n",
    }
    (finding,) = found(tmp_path, files)
    assert (finding.path, finding.line, finding.column) == ("compose.yaml", 4, 15)
    assert finding.severity == BLOCKING
    assert finding.details["target"] == "api.env"
    assert finding.details["also"] == ["compose.yaml:7", "scripts/deploy.sh:1"]


def test_the_pattern_that_ignores_a_file_is_named(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"compose.yaml": COMPOSE.format("api.env"), ".gitignore": "\n*.env\n"})
    assert finding.severity == HIGH
    assert "ignored (.gitignore:2: *.env)" in finding.message


def test_a_file_that_is_only_on_disk_is_called_so(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"compose.yaml": COMPOSE.format("api.env")}, {"api.env": "PASSWORD=hunter2\n"})
    assert "api.env is on disk, but neither committed nor ignored" in finding.message
    assert finding.fix is not None
    assert finding.fix.startswith("git add -f api.env")
    assert "hunter2" not in finding.message + finding.fix


def test_a_file_with_other_capitals_is_renamed(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"compose.yaml": COMPOSE.format("API.env"), "api.env": "A=1\n"})
    assert finding.fix == "git mv api.env API.env"


def test_a_link_to_a_file_that_an_installer_writes_is_fine(tmp_path: Path) -> None:
    write(tmp_path, {"compose.yaml": COMPOSE.format(".env"), ".gitignore": "shop.conf\n"})
    (tmp_path / ".env").symlink_to("shop.conf")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    assert list(check(Project(Repository(str(tmp_path)), Config()))) == []


def test_development_dependencies_prove_nothing(tmp_path: Path) -> None:
    manifest = '{"devDependencies": {"dotenv": "1"}, "dependencies": {"fastify": "5"}}'
    files = {"compose.prod.yaml": "services:\n  api:\n    build: .\n", "package.json": manifest}
    with pytest.raises(NotApplicable):
        found(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"main.py": "print(1)\n"}, id="no deployment"),
        pytest.param({"compose.yaml": "services:\n  db:\n    image: postgres:16\n"}, id="a Compose file without one"),
    ],
)
def test_a_repository_without_env_files_is_not_judged(files: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, files)


@pytest.mark.parametrize(
    ("content", "example"),
    [
        pytest.param("B=hunter2\nA='hunter2'\n", "B=\nA=\n", id="names in their order"),
        pytest.param(
            "# hunter2\n#C=hunter2\n\nexport A=hunter2 # hunter2\n", "A=\n", id="comments, which may be secret"
        ),
        pytest.param('A="-----BEGIN\nhunter2\nHUNTER2=\n-----END\n"\nB=1\n', "A=\nB=\n", id="a value of several lines"),
        pytest.param("A=hunter2\r\nB=\r\nA=hunter2\r\n", "A=\nB=\n", id="each name once"),
        pytest.param("A=hunter2", "A=\n", id="no final newline"),
    ],
)
@pytest.mark.parametrize("ignore", [{}, {".gitignore": "*.env\n"}], ids=["not ignored", "ignored"])
def test_fix_writes_an_example_without_values(
    ignore: dict[str, str], content: str, example: str, tmp_path: Path
) -> None:
    root = repository(
        tmp_path, {"deploy/compose.yaml": COMPOSE.format("api.env"), **ignore}, untracked={"deploy/api.env": content}
    )
    first = run([*command(RULE.id), "--fix"], root)
    assert first.returncode == 1
    assert "fixed: " in first.stdout
    assert "git add -f deploy/api.env.example" in first.stdout
    git(root, "add", "-f", "deploy/api.env.example")
    for _ in range(2):
        assert (root / "deploy/api.env.example").read_bytes() == example.encode()
        assert (root / "deploy/api.env").read_bytes() == content.encode()
        process = run([*command(RULE.id), "--fix"], root)
        assert (process.returncode, "fixed" in process.stdout) == (0, False)
    assert "hunter2" not in (first.stdout + first.stderr).lower()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("KEY=-----BEGIN\nhunter2\n-----END\n", id="a value of several lines without quotes"),
        pytest.param("KEY=hun\nter2=\n", id="the end of a value in Base64"),
        pytest.param("KEY=hun\nTER2==\n", id="the end of a value in Base32"),
        pytest.param("KEY=hun\nHUNTER2\n", id="a line that is only a word"),
        pytest.param('KEY="hun\nHUNTER2=\n', id="quotes that stay open"),
        pytest.param("key: hunter2\n", id="another syntax"),
        pytest.param("A={{ hunter2 }}\n{% if x %}\nB=1\n{% endif %}\n", id="a template"),
        pytest.param("# hunter2\n", id="no variable"),
    ],
)
def test_fix_writes_no_name_that_may_be_a_part_of_a_secret(content: str, tmp_path: Path) -> None:
    root = repository(tmp_path, {"compose.yaml": COMPOSE.format("api.env")}, untracked={"api.env": content})
    process = run([*command(RULE.id), "--fix"], root)
    assert process.returncode == 1
    assert "fixed" not in process.stdout
    assert sorted(path.name for path in root.iterdir()) == [".git", "api.env", "compose.yaml"]


def test_fix_follows_no_link(tmp_path: Path) -> None:
    write(tmp_path, {"secret.env": "HUNTER=2\n"})
    root = repository(tmp_path / "root", {"compose.yaml": COMPOSE.format("api.env")})
    (root / "api.env").symlink_to("../secret.env")
    assert run([*command(RULE.id), "--fix"], root).returncode == 1
    assert not (root / "api.env.example").exists()


def test_fix_leaves_an_example_that_is_only_on_disk(tmp_path: Path) -> None:
    untracked = {"api.env": "A=1\n", "api.env.example": "# mine\n"}
    root = repository(tmp_path, {"compose.yaml": COMPOSE.format("api.env")}, untracked=untracked)
    process = run([*command(RULE.id), "--fix"], root)
    assert (process.returncode, "fixed" in process.stdout) == (1, False)
    assert (root / "api.env.example").read_text() == "# mine\n"
