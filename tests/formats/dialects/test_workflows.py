"""Continuous integration: scripts and environments."""

from __future__ import annotations

import pytest

from reading import misplaced, said
from shipworthy.formats import read
from shipworthy.formats.tree import Block


def commands(path: str, text: str) -> list[tuple[str, ...]]:
    root = read(path, text).root
    assert not misplaced(root, text)
    return [node.words for node in root.walk() if isinstance(node, Block) and node.kind == "command"]


GITHUB = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(GITHUB, "on: push\njobs: {a: {steps: [{run: make}]}}", [("make",)], id="GitHub Actions"),
        pytest.param("action.yml", "runs: {using: composite, steps: [{run: make, shell: bash}]}", [("make",)],
                     id="a composite action"),
        pytest.param("ci/a.yml", "on: push\njobs: {a: {steps: [{run: make}]}}", [("make",)],
                     id="a workflow known by its keys"),
        pytest.param(".gitlab-ci.yml", "a: {before_script: make a, script: [make b, make c]}",
                     [("make", "a"), ("make", "b"), ("make", "c")], id="GitLab CI/CD"),
        pytest.param("ci/a.yml", "stages: [b]\na: {script: [make]}", [("make",)], id="GitLab CI/CD known by its keys"),
        pytest.param(".circleci/config.yml", "jobs: {a: {steps: [checkout, run: make a, {run: {command: make b}}]}}",
                     [("make", "a"), ("make", "b")], id="CircleCI"),
        pytest.param("azure-pipelines.yml", "steps: [{script: make a}, {bash: make b}, {pwsh: make c}]",
                     [("make", "a"), ("make", "b")], id="Azure Pipelines"),
        pytest.param("azure-pipelines.yml", "steps: [{task: Bash@3, inputs: {script: make}}]", [("make",)],
                     id="a shell task of Azure Pipelines"),
        pytest.param("bitbucket-pipelines.yml", "pipelines: {default: [{step: {script: [make]}}]}", [("make",)],
                     id="Bitbucket Pipelines"),
        pytest.param(".drone.yml", "kind: pipeline\nsteps: [{name: a, commands: [make a, make b]}]",
                     [("make", "a"), ("make", "b")], id="Drone"),
        pytest.param(".woodpecker/a.yaml", "steps: {a: {commands: [make]}}", [("make",)], id="Woodpecker"),
        pytest.param(".travis.yml", "install: make a\nscript: [make b]", [("make", "a"), ("make", "b")],
                     id="Travis CI"),
        pytest.param(".buildkite/a.yml", "steps: [{command: make a}, {commands: [make b]}]",
                     [("make", "a"), ("make", "b")], id="Buildkite"),
        pytest.param("cloudbuild.yaml", "steps: [{name: x/docker, args: [build, .]}]", [("docker", "build", ".")],
                     id="Cloud Build"),
        pytest.param("cloudbuild.yaml", "steps: [{name: x, entrypoint: sh, args: [-c, make a]}]",
                     [("sh", "-c", "make a"), ("make", "a")], id="Cloud Build with an entry point"),
        pytest.param("buildspec.yml", "version: 0.2\nphases: {build: {commands: [make]}}", [("make",)], id="CodeBuild"),
        pytest.param("Taskfile.yml", "version: 3\ntasks: {a: {cmds: [make a, cmd: make b]}}",
                     [("make", "a"), ("make", "b")], id="Task"),
    ],
)  # fmt: skip
def test_scripts(path: str, text: str, expected: list[tuple[str, ...]]) -> None:
    assert commands(path, text) == expected


def test_a_script_is_a_directive_with_its_text() -> None:
    root = read(GITHUB, "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          make a\n          make b\n").root
    (directive,) = (node for node in root.walk() if isinstance(node, Block) and node.kind == "directive")
    assert (directive.name, directive.words) == ("run", ("make a\nmake b\n",))


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param("steps: [{run: make}]", True, id="no shell named"),
        pytest.param("steps: [{run: make, shell: 'bash -e {0}'}]", True, id="bash with options"),
        pytest.param("steps: [{run: make, shell: pwsh}]", False, id="another shell"),
        pytest.param("steps: [{run: make}]\n    defaults: {run: {shell: pwsh}}", False, id="another shell of the job"),
        pytest.param("steps: [{run: make}]\n    runs-on: windows-2022", False, id="the shell of Windows"),
        pytest.param("steps: [{run: make, shell: sh}]\n    runs-on: windows-2022", True, id="sh on Windows"),
        pytest.param("steps: [{run: ''}]", False, id="an empty script"),
        pytest.param("steps: [{uses: a, with: {run: make}}]", False, id="an input of somebody else's action"),
    ],
)
def test_only_scripts_for_sh_and_its_relatives_are_read(job: str, expected: bool) -> None:
    assert bool(commands(GITHUB, f"on: push\njobs:\n  a:\n    {job}\n")) is expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param(GITHUB, "on: push\nenv: {A: /x}\njobs: {}", ["env.A"], id="GitHub Actions"),
        pytest.param(".gitlab-ci.yml", "variables: {A: /x, B: {value: /y, description: c}}",
                     ["variables.A", "variables.B.B"], id="GitLab CI/CD"),
        pytest.param("azure-pipelines.yml", "variables: [{name: A, value: /x}, {group: b}]", ["variables.0.A"],
                     id="Azure Pipelines"),
        pytest.param(".circleci/config.yml", "jobs: {a: {environment: {A: /x}}}", ["jobs.a.environment.A"],
                     id="CircleCI"),
        pytest.param(".travis.yml", "env:\n  global:\n    - A=/x B='y z'\n    - secure: abc\n",
                     ["env.global.A", "env.global.B"], id="Travis CI"),
    ],
)  # fmt: skip
def test_environments(path: str, text: str, expected: list[str]) -> None:
    assert [name for kind, name, _ in said(read(path, text).root) if kind == "variable"] == expected


def test_scripts_that_aliases_put_together_are_read_where_their_anchor_is() -> None:
    text = ".setup: &setup\n  - make setup\njob:\n  script:\n    - *setup\n    - make job\n"
    assert commands(".gitlab-ci.yml", text) == [("make", "setup"), ("make", "job")]
    (root,) = read(".gitlab-ci.yml", text).root.blocks
    job = root.block("job")
    script = job.block("script") if job is not None else None
    assert script is not None
    assert [item.name for item in script.items()] == [".setup", ""]


def test_expressions_are_parts_of_words() -> None:
    text = "on: push\njobs: {a: {steps: [{run: 'make ${{ inputs.a || inputs.b }}/c'}]}}"
    assert commands(GITHUB, text) == [("make", "${{ inputs.a || inputs.b }}/c")]
