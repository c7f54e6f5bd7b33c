"""The hooks in the hands of pre-commit and prek, the real programs.

Both install the project from a clone, as they do for users, which takes pip's index: once for each client, the
environments are shared by all tests here. ``python -m pytest -m "not clients"`` leaves these tests out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from shipworthy.rule import FILE, Rule
from shipworthy.rules import ids, load, unasked
from support import ROOT, SCRIPTS, commit, git, project_copy, repository, run, table, write

pytestmark = [pytest.mark.clients, pytest.mark.xdist_group("clients")]

FILE_RULES: list[Rule] = [rule for rule in (load(id).RULE for id in ids()) if rule.scope == FILE]
VERSION = "v0.1.0"
ADDRESS = "https://github.com/shipworthy/shipworthy"
CONFIGURATION = ".pre-commit-config.yaml"
SERVICE = {
    "services/api/package.json": '{"name": "api", "scripts": {"start": "node server.js"}, '
    '"dependencies": {"express": "^5.1.0"}}\n',
    "services/api/server.js": "require('express')().listen(process.env.PORT || 8080);\n",
    "services/api/Dockerfile": 'FROM node:24.4-slim\nCOPY . /srv\nUSER node\nCMD ["node", "/srv/server.js"]\n',
    "deploy/nginx.conf": "pid /run/nginx.pid;\nevents {}\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: node --check services/api/server.js\n",
}
BAD = {"deploy/nginx.conf": "pid /tmp/nginx.pid;\nevents {}\n"}
BAD_IS_FOUND = "deploy/nginx.conf:1:5: pid-files-outside-tmp: "


@dataclass
class Client:
    """A program that runs hooks. ``hooks`` is the address of a clone of this project."""

    name: str
    hooks: str

    def run(self, cwd: Path, *arguments: str) -> CompletedProcess[str]:
        return run([SCRIPTS / self.name, *arguments], cwd)

    def use(self, directory: Path, *hooks: str) -> None:
        """Configure hooks of this project, and commit the configuration."""
        entries = "".join(f"      - id: {hook}\n" for hook in hooks)
        text = f"repos:\n  - repo: {self.hooks}\n    rev: {VERSION}\n    hooks:\n{entries}"
        write(directory, {CONFIGURATION: text})
        git(directory, "add", CONFIGURATION)
        commit(directory)


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a repository with this project as it is in the working tree."""
    directory = project_copy(tmp_path_factory.mktemp("hooks") / "shipworthy")
    git(directory, "init", "--quiet")
    git(directory, "add", "--all", "--force")
    commit(directory, "The working tree")
    git(directory, "tag", VERSION)
    return directory.as_uri()


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def client(request: pytest.FixtureRequest, clone: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Each of the two programs, with a cache of its own that lasts as long as the tests."""
    caches = tmp_path_factory.mktemp("caches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRE_COMMIT_HOME", str(caches / "pre-commit"))
        patch.setenv("PREK_HOME", str(caches / "prek"))
        patch.setenv("PATH", os.pathsep.join((str(SCRIPTS), os.environ["PATH"])))  # where uv is
        yield Client(request.param, clone)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A repository with one service and nothing to complain about, committed."""
    directory = repository(tmp_path / "service", SERVICE)
    commit(directory)
    return directory


def said(process: CompletedProcess[str]) -> str:
    """What a client said, without colours, and without the margin that some give the output of hooks."""
    lines = (process.stdout + process.stderr).splitlines()
    return "\n".join(re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in lines)


def test_all_hooks_pass_on_a_repository_that_is_right(client: Client, service: Path) -> None:
    client.use(service, "shipworthy", *unasked())
    process = client.run(service, "run", "--all-files")
    assert process.returncode == 0, said(process)
    assert said(process).count("Passed") == 1 + len(unasked())


def test_what_is_wrong_is_found_by_the_single_hook_and_by_the_hook_of_all_rules(client: Client, service: Path) -> None:
    client.use(service, "shipworthy", *unasked())
    write(service, BAD)
    git(service, "add", "--all")
    process = client.run(service, "run", "--all-files")
    assert process.returncode == 1
    assert said(process).count(BAD_IS_FOUND) == 2
    assert said(process).count("Failed") == 2


def test_a_commit_that_stages_a_bad_file_is_refused(client: Client, service: Path) -> None:
    client.use(service, "pid-files-outside-tmp")
    client.run(service, "install")
    write(service, BAD)
    git(service, "add", "--all")
    before = git(service, "rev-parse", "HEAD")
    process = run(["git", "commit", "--message", "Move the PID file"], service)
    assert process.returncode == 1
    assert BAD_IS_FOUND in said(process)
    assert "fix: " in said(process)
    assert git(service, "rev-parse", "HEAD") == before


@pytest.mark.parametrize("hook", ["dockerfile-per-service", "shipworthy"])
def test_a_commit_that_only_deletes_a_dockerfile_is_refused(client: Client, service: Path, hook: str) -> None:
    client.use(service, hook)
    client.run(service, "install")
    git(service, "rm", "--quiet", "services/api/Dockerfile")
    process = run(["git", "commit", "--message", "Tidy up"], service)
    assert process.returncode == 1
    assert re.search(r"services/api/\S+:\d+:\d+: dockerfile-per-service: ", said(process))
    assert git(service, "ls-tree", "--name-only", "HEAD", "services/api/Dockerfile")


def test_a_commit_of_what_is_right_is_made(client: Client, service: Path) -> None:
    client.use(service, "shipworthy", *unasked())
    client.run(service, "install")
    write(service, {"deploy/nginx.conf": SERVICE["deploy/nginx.conf"] + "worker_processes auto;\n"})
    git(service, "add", "--all")
    process = run(["git", "commit", "--message", "Use all cores"], service)
    assert process.returncode == 0, said(process)


def test_the_host_is_looked_at_by_hand_only(client: Client, service: Path, tmp_path: Path) -> None:
    write(tmp_path / "scratch", {"whisper-env/pyvenv.cfg": "home = /usr/bin\n"})
    client.use(service, "tmp-audit")
    stated = (service / CONFIGURATION).read_text(encoding="utf-8")
    arguments = f"        args: [--fail-on, medium, --directory, {tmp_path / 'scratch'}]\n"
    write(service, {CONFIGURATION: stated + arguments})
    git(service, "add", CONFIGURATION)
    client.run(service, "install")
    process = run(["git", "commit", "--message", "State where to look"], service)
    assert process.returncode == 0, said(process)
    assert "tmp-audit: " not in said(process)
    process = client.run(service, "run", "--hook-stage", "manual", "tmp-audit")
    assert process.returncode == 1
    assert "scratch/whisper-env:1:1: tmp-audit: a virtual environment; " in said(process)


def examples(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in a language."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def configure(client: Client, service: Path, example: str) -> None:
    """Commit a configuration as a guide shows it."""
    assert ADDRESS in example
    write(service, {CONFIGURATION: example.replace(ADDRESS, client.hooks)})
    git(service, "add", "--all")
    commit(service)


def test_the_guide_does_what_it_says(client: Client, service: Path) -> None:
    """All lines of the guide to pre-commit; that to prek says that they hold there too."""
    all_rules, few_rules, _other_python = examples("clients/pre-commit.md", "yaml")
    first, merges, attempt = (
        [re.sub(r"^pre-commit", client.name, line).replace(ADDRESS, client.hooks) for line in block.splitlines()]
        for block in examples("clients/pre-commit.md", "console")
    )
    configure(client, service, all_rules)
    for line in first:
        process = client.run(service, *line.split()[1:])
        assert process.returncode == 0, (line, said(process))
    git(service, "checkout", "--quiet", "-b", "bad")
    write(service, BAD)
    git(service, "add", "--all")
    commit(service)
    git(service, "checkout", "--quiet", "main")
    git(service, "merge", "--quiet", "--no-ff", "--no-edit", "bad")  # git asks no pre-commit hook
    git(service, "reset", "--quiet", "--hard", "HEAD~1")
    for line in merges:
        assert client.run(service, *line.split()[1:]).returncode == 0, line
    process = run(["git", "merge", "--no-ff", "--no-edit", "bad"], service)
    assert process.returncode != 0
    assert BAD_IS_FOUND in said(process)
    git(service, "merge", "--abort")
    git(service.parent, "init", "--quiet", "--bare", "origin.git")
    git(service, "checkout", "--quiet", "bad")
    process = run(["git", "push", service.parent / "origin.git", "bad"], service)
    assert BAD_IS_FOUND in said(process)
    assert git(service.parent / "origin.git", "branch") == ""
    git(service, "checkout", "--quiet", "main")
    configure(client, service, few_rules)
    write(service, BAD)
    git(service, "rm", "--quiet", "services/api/Dockerfile")
    git(service, "add", "--all")
    process = client.run(service, "run", "--all-files")
    assert re.findall(r"^\S+:\d+:\d+: ([\w-]+): ", said(process), re.MULTILINE) == ["pid-files-outside-tmp"]
    [line] = attempt
    process = client.run(service, *line.split()[1:])
    assert process.returncode == 1, said(process)
    assert BAD_IS_FOUND in said(process)


def test_the_guide_to_prek_shows_the_same() -> None:
    for language in ("yaml", "console"):
        shown = examples("clients/prek.md", language)
        expected = examples("clients/pre-commit.md", language)
        assert shown == [re.sub(r"^pre-commit", "prek", block, flags=re.MULTILINE) for block in expected[: len(shown)]]


def test_an_update_finds_the_latest_tag(client: Client, service: Path) -> None:
    client.use(service, "shipworthy")
    stated = (service / CONFIGURATION).read_text(encoding="utf-8")
    write(service, {CONFIGURATION: stated.replace(VERSION, "v0.0.1")})
    process = client.run(service, "autoupdate")
    assert process.returncode == 0, said(process)
    assert (service / CONFIGURATION).read_text(encoding="utf-8") == stated


def test_the_report_is_made_by_hand(client: Client, service: Path) -> None:
    [example] = examples("readiness.md", "yaml")
    configure(client, service, example)
    [line] = [line for block in examples("readiness.md", "console") for line in block.splitlines() if " run " in line]
    process = client.run(service, *line.split()[2:])
    assert process.returncode == 1
    assert "Production readiness: " in said(process)


def test_a_commit_in_another_working_tree_is_refused(client: Client, service: Path) -> None:
    client.use(service, "shipworthy")
    client.run(service, "install")
    other = service.parent / "other"
    git(service, "worktree", "add", "--quiet", other)
    write(other, BAD)
    process = run(["git", "commit", "--message", "Move the PID file", "deploy/nginx.conf"], other)
    assert process.returncode == 1
    assert BAD_IS_FOUND in said(process)


def test_what_is_installed_as_the_guides_say_checks_a_repository(
    clone: str, service: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{clone}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", ADDRESS)
    assert run([SCRIPTS / "uv", "venv", "--seed", "--python", sys.executable, "environment"], tmp_path).returncode == 0
    commands = tmp_path / "environment" / ("Scripts" if os.name == "nt" else "bin")
    monkeypatch.setenv("PATH", os.pathsep.join((str(commands), os.environ["PATH"])))
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    for line in [f"pip install git+{ADDRESS}@{VERSION}", "shipworthy check"]:
        assert line in examples("clients/github.md", "yaml")[-1]
        process = subprocess.run(line, cwd=service, shell=True, capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.id)
def test_the_client_reads_a_file_filter_as_we_do(client: Client, rule: Rule, tmp_path: Path) -> None:
    """Their engines differ: prek's is Rust's."""
    takes, leaves = table(rule.id, "TAKES"), table(rule.id, "LEAVES")
    directory = repository(tmp_path / "paths", dict.fromkeys([*takes, *leaves], "text\n"))
    say = "import sys; print(*(f'took {name}' for name in sys.argv[1:]), sep=chr(10))"
    hook = {
        "id": "say",
        "name": "say",
        "entry": f'"{Path(sys.executable).as_posix()}" -c "{say}"',
        "language": "system",
        "require_serial": "true",
        "verbose": "true",
        "files": rule.files,
    }
    entries = "\n        ".join(
        f"{key}: {value}" if value == "true" else "{}: '{}'".format(key, value.replace("'", "''"))
        for key, value in hook.items()
    )
    write(directory, {CONFIGURATION: f"repos:\n  - repo: local\n    hooks:\n      - {entries}\n"})
    git(directory, "add", "--all", "--force")
    process = client.run(directory, "run", "say", "--all-files")
    assert process.returncode == 0, said(process)
    took = {line.removeprefix("took ") for line in said(process).splitlines() if line.startswith("took ")}
    assert took - {CONFIGURATION} == set(takes)


def test_the_project_uses_its_own_hooks() -> None:
    assert "entry: shipworthy check" in (ROOT / CONFIGURATION).read_text(encoding="utf-8")
