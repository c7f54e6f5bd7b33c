from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.workflows import Pipeline, github, others, pipelines, read_by_ci
from shipworthy.deployment.workflows.checks import Checks
from shipworthy.deployment.workflows.directories import located_commands
from shipworthy.deployment.workflows.discovery import system_of
from shipworthy.deployment.workflows.model import CIRCLECI, GITHUB, GITLAB
from shipworthy.deployment.workflows.purposes import (
    BUILD,
    DEPLOYMENT,
    HEALTH,
    LINT,
    MIGRATION,
    SCAN,
    TEST,
    purpose_of,
    purpose_of_action,
)
from shipworthy.deployment.workflows.references import problems
from shipworthy.file import File
from shipworthy.formats import shell, yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository


def project(directory: Path, files: dict[str, str]) -> Project:
    root = repository(directory, files)
    return Project(Repository(str(root)), load(str(root), None, ()))


def pipeline(system: str, text: str) -> Pipeline:
    """A pipeline as its file says it, without a repository."""
    made = Pipeline(system, File("ci.yml", text.encode("utf-8", "surrogatepass")))
    made.root = yaml.read(Source(made.file.text))
    (github if system == GITHUB else others).read(made)
    return made


def command(text: str) -> Block:
    return next(
        block for block in shell.read(Source(text)).walk() if isinstance(block, Block) and block.kind == "command"
    )


@pytest.mark.parametrize(
    ("path", "system"),
    [
        (".github/workflows/ci.yml", "GitHub Actions"),
        (".gitea/workflows/ci.yaml", "GitHub Actions"),
        (".forgejo/workflows/ci.yml", "GitHub Actions"),
        (".gitlab-ci.yml", "GitLab CI/CD"),
        (".circleci/config.yml", "CircleCI"),
        ("azure-pipelines.yml", "Azure Pipelines"),
        ("deploy/azure-pipelines-prod.yml", "Azure Pipelines"),
        ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
        ("Jenkinsfile", "Jenkins"),
        ("ci/Jenkinsfile.release", "Jenkins"),
        (".drone.yml", "Drone"),
        (".woodpecker.yml", "Woodpecker"),
        (".woodpecker/test.yaml", "Woodpecker"),
        (".buildkite/pipeline.yml", "Buildkite"),
        ("cloudbuild.yaml", "Cloud Build"),
        ("buildspec.yml", "CodeBuild"),
        (".tekton/push.yaml", "Tekton"),
        (".travis.yml", "Travis CI"),
        ("appveyor.yml", "AppVeyor"),
        (".cirrus.yml", "Cirrus CI"),
        (".builds/alpine.yml", "builds.sr.ht"),
        (".ci/run", "a script of its own"),
        (".github/workflow/ci.yml", ""),
        (".github/workflows/old/ci.yml", ""),
        ("api/.github/workflows/ci.yml", ""),
        ("api/.gitlab-ci.yml", ""),
        (".github/dependabot.yml", ""),
        ("docs/ci.md", ""),
        ("src/pipeline.py", ""),
        ("README.md", ""),
    ],
)
def test_a_ci_reads_its_own_paths_and_no_others(path: str, system: str) -> None:
    assert system_of(path) == system


def test_pipelines_of_others_and_of_tests_are_nobodys(tmp_path: Path) -> None:
    names = ["node_modules/x/Jenkinsfile", "tests/data/azure-pipelines.yml", "azure-pipelines-test.yml", ".travis.yml"]
    known = project(tmp_path, dict.fromkeys(names, "script: make\n"))
    assert list(known.model(read_by_ci)) == [".travis.yml", "azure-pipelines-test.yml"]


def test_a_workflow_called_like_a_dockerfile_is_a_workflow(tmp_path: Path) -> None:
    text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n"
    (found,) = pipelines(project(tmp_path, {".github/workflows/dockerfile.yaml": text}))
    assert [job.id for job in found.jobs] == ["a"]


def test_a_workflow_has_jobs_with_steps_in_folders() -> None:
    text = """\
on: push
defaults: {run: {working-directory: api}}
jobs:
  test:
    needs: lint
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {ref: main}
      - id: unit
        name: Unit tests
        if: always()
        run: npm test
      - run: make
        working-directory: tools
        continue-on-error: true
        shell: bash
"""
    (job,) = pipeline(GITHUB, text).jobs
    checkout, unit, tools = job.steps
    assert [need.value for need in job.needs] == ["lint"]
    assert checkout.uses is not None
    assert checkout.uses.value == "actions/checkout@v4"
    assert (unit.id, unit.name, unit.condition, unit.directory, unit.pipefail) == (
        "unit",
        "Unit tests",
        "always()",
        "api",
        False,
    )
    assert (tools.directory, tools.pipefail) == ("tools", True)
    assert tools.forgives is not None
    assert [command.block.words for command in unit.commands] == [("npm", "test")]
    assert text[unit.commands[0].block.start :].startswith("npm test")


@pytest.mark.parametrize(
    ("system", "text", "expected"),
    [
        pytest.param(GITLAB, "t:\n  before_script: [a]\n  script: [b, c]\n", ["a", "b", "c"], id="GitLab"),
        pytest.param(
            CIRCLECI, "jobs:\n  t:\n    steps:\n      - run: a\n      - run: {command: b}\n", ["a", "b"], id="CircleCI"
        ),
        pytest.param(
            "Azure Pipelines",
            "jobs:\n  - job: t\n    steps:\n      - script: a\n      - bash: b\n",
            ["a", "b"],
            id="Azure",
        ),
        pytest.param(
            "Bitbucket Pipelines",
            "pipelines:\n  default:\n    - step:\n        script: [a, b]\n",
            ["a", "b"],
            id="Bitbucket",
        ),
        pytest.param("Woodpecker", "steps:\n  t:\n    commands: [a, b]\n", ["a", "b"], id="Woodpecker"),
        pytest.param(
            "Drone", "steps:\n  - name: t\n    commands: [a]\n  - name: u\n    commands: [b]\n", ["a", "b"], id="Drone"
        ),
        pytest.param("Buildkite", "steps:\n  - command: a\n  - commands: [b]\n", ["a", "b"], id="Buildkite"),
        pytest.param("CodeBuild", "phases:\n  build:\n    commands: [a, b]\n", ["a", "b"], id="CodeBuild"),
        pytest.param("Travis CI", "install: a\nscript: [b]\n", ["a", "b"], id="Travis"),
    ],
)
def test_every_system_has_steps_with_scripts(system: str, text: str, expected: list[str]) -> None:
    steps = list(pipeline(system, text).steps)
    assert [" ".join(found.block.words) for step in steps for found in step.commands] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cd api\nmake", ["", "api"], id="cd"),
        pytest.param("cd api && make\ncd ../web && make", ["", "api", "api", "web"], id="there and back"),
        pytest.param("cd $DIR\nmake", ["", None], id="a folder that nobody knows"),
        pytest.param("cd $GITHUB_WORKSPACE/api\nmake", ["", "api"], id="the workspace"),
        pytest.param("pushd api\npopd\nmake", ["", "api", ""], id="pushd and popd"),
    ],
)
def test_the_folder_of_a_command_is_followed(text: str, expected: list[str | None]) -> None:
    workflow = "jobs:\n  a:\n    steps:\n      - run: |\n" + "".join(f"          {line}\n" for line in text.split("\n"))
    (step,) = pipeline(GITHUB, workflow).steps
    assert [located.directory for located in located_commands(step)] == expected


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("npm test", TEST),
        ("npm run test:unit -- --coverage", TEST),
        ("npm --prefix web run build", BUILD),
        ("yarn lint", LINT),
        ("pnpm --filter web build", BUILD),
        ("npm audit --audit-level=high", SCAN),
        ("npx jest --ci", TEST),
        ("npx prettier --check .", LINT),
        ("poetry run pytest -q", TEST),
        ("uv run --group test pytest", TEST),
        ("coverage run --source=. -m pytest", TEST),
        ("python3 -m mypy src", LINT),
        ("python manage.py migrate --noinput", MIGRATION),
        ("./gradlew build -x test", BUILD),
        ("mvn -B verify", TEST),
        ("go test ./...", TEST),
        ("cargo fmt --all -- --check", LINT),
        ("sudo docker build -t api .", BUILD),
        ("kubectl -n shop apply -f k8s/", DEPLOYMENT),
        ("kubectl rollout status deployment/api", HEALTH),
        ("helm upgrade --install api ./chart", DEPLOYMENT),
        ("curl -f https://example.com/healthz", HEALTH),
        ("make -C api lint", LINT),
        ("bash scripts/deploy.sh production", DEPLOYMENT),
        ("./scripts/run-tests.sh", TEST),
        ("trivy image api", SCAN),
        ("npm ci", ""),
        ("npm audit fix", ""),
        ("eslint --fix .", ""),
        ("npx playwright install", ""),
        ("pip install pytest", ""),
        ("kubectl create namespace shop", ""),
        ("docker compose down", ""),
        ("grep -r test .", ""),
        ("python tools/test_summary.py", ""),
        ("curl -o x.tgz https://example.com/x.tgz", ""),
    ],
)
def test_a_command_has_a_purpose(text: str, purpose: str) -> None:
    assert purpose_of(command(text)) == purpose


@pytest.mark.parametrize(
    ("uses", "purpose"),
    [
        ("aquasecurity/trivy-action@0.28.0", SCAN),
        ("golangci/golangci-lint-action@v6", LINT),
        ("docker/build-push-action@v6", BUILD),
        ("superfly/flyctl-actions@1", DEPLOYMENT),
        ("superfly/flyctl-actions/setup-flyctl@1", ""),
        ("codecov/codecov-action@v4", ""),
        ("docker/login-action@v3", ""),
        ("actions/checkout@v4", ""),
    ],
)
def test_an_action_has_a_purpose(uses: str, purpose: str) -> None:
    assert purpose_of_action(uses) == purpose


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("npm" + " --prefix=a" * 2000, id="options without an end"),
        pytest.param("uv run" + " -n" * 2000, id="flags of a runner"),
        pytest.param("coverage run" + " --x" * 2000, id="flags of coverage"),
        pytest.param("make" + " --" * 2000, id="dashes"),
        pytest.param("kubectl" + " -n apply" * 2000, id="one word again and again"),
    ],
)
def test_hostile_commands_come_to_an_end(text: str) -> None:
    assert purpose_of(command(text)) in ("", DEPLOYMENT)


@given(
    st.text(alphabet="abjosteprunwihdc:-[]{}&*|>\n \"'$.,/", max_size=120),
    st.sampled_from([GITHUB, GITLAB, CIRCLECI, "Azure Pipelines"]),
)
def test_any_yaml_is_a_pipeline_of_some_kind(text: str, system: str) -> None:
    try:
        found = pipeline(system, text)
    except Unreadable:
        return
    assert all(0 <= step.start <= len(text) for step in found.steps)


def test_aliases_and_odd_shapes_are_survived(tmp_path: Path) -> None:
    files = {
        ".github/workflows/a.yml": "on: push\njobs:\n  a: &a\n    needs: {x: y}\n    steps: &s [null, 1, {run: null}, {run: [a]}, {uses: {}}]\n  b: *a\n  c: 1\n",
        ".github/workflows/b.yml": "- 1\n",
        ".github/workflows/c.yml": "",
        ".gitlab-ci.yml": "include: {local: [x]}\na: {needs: [[b], {job: [c]}], script: [[x, [y]]]}\n",
        ".circleci/config.yml": "jobs: [a]\nworkflows: {w: {jobs: {a: b}}, v: 2}\n",
        "azure-pipelines.yml": "steps: {script: {a: b}}\n",
    }
    known = project(tmp_path, files)
    problems(known)
    checks = Checks(known)
    list(checks.unheeded)
    list(checks.spoken)
