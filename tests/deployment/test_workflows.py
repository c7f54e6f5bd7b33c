from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.workflows import Pipeline, github, jenkins, others, pipelines, read_by_ci
from shipworthy.deployment.workflows.checks import Checks, is_stub
from shipworthy.deployment.workflows.directories import located_commands
from shipworthy.deployment.workflows.discovery import system_of
from shipworthy.deployment.workflows.model import (
    APPVEYOR,
    AZURE,
    BITBUCKET,
    BUILDKITE,
    CIRCLECI,
    CIRRUS,
    CLOUD_BUILD,
    CODEBUILD,
    CODEFRESH,
    CODEMAGIC,
    DRONE,
    GITHUB,
    GITLAB,
    JENKINS,
    SEMAPHORE,
    SOURCEHUT,
    TEKTON,
    TRAVIS,
    WOODPECKER,
)
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
from shipworthy.formats.tree import Block, Setting
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
        (".gitlab-ci.yaml", ""),
        ("bitbucket-pipelines.yaml", ""),
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
        ("bamboo-specs/bamboo.yml", "Bamboo"),
        (".teamcity/settings.kts", "TeamCity"),
        ("screwdriver.yaml", "Screwdriver"),
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


# for each system a pipeline with the scripts a and b, and the commands that are read
SYSTEMS = [
    pytest.param(
        GITHUB,
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  t:\n    steps:\n      - run: A\n      - run: B\n",
        id="GitHub",
    ),
    pytest.param(
        GITHUB,
        ".gitea/workflows/ci.yml",
        "on: push\njobs:\n  t:\n    steps:\n      - run: A\n      - run: B\n",
        id="Gitea",
    ),
    pytest.param(
        GITHUB,
        ".forgejo/workflows/ci.yml",
        "on: push\njobs:\n  t:\n    steps:\n      - run: A\n      - run: B\n",
        id="Forgejo",
    ),
    pytest.param(GITLAB, ".gitlab-ci.yml", "t:\n  before_script: [A]\n  script: [B]\n", id="GitLab"),
    pytest.param(
        CIRCLECI,
        ".circleci/config.yml",
        "jobs:\n  t:\n    steps:\n      - run: A\n      - run: {command: B}\n",
        id="CircleCI",
    ),
    pytest.param(
        AZURE, "azure-pipelines.yml", "jobs:\n  - job: t\n    steps:\n      - script: A\n      - bash: B\n", id="Azure"
    ),
    pytest.param(
        BITBUCKET,
        "bitbucket-pipelines.yml",
        "pipelines:\n  default:\n    - step:\n        script: [A, B]\n",
        id="Bitbucket",
    ),
    pytest.param(
        JENKINS,
        "Jenkinsfile",
        'pipeline {\n stages {\n  stage(\'t\') {\n   steps {\n    sh \'A\'\n    sh """B"""\n   }\n  }\n }\n}\n',
        id="Jenkins",
    ),
    pytest.param(
        DRONE, ".drone.yml", "steps:\n  - name: t\n    commands: [A]\n  - name: u\n    commands: [B]\n", id="Drone"
    ),
    pytest.param(WOODPECKER, ".woodpecker/ci.yml", "steps:\n  t:\n    commands: [A, B]\n", id="Woodpecker"),
    pytest.param(BUILDKITE, ".buildkite/pipeline.yml", "steps:\n  - command: A\n  - commands: [B]\n", id="Buildkite"),
    pytest.param(
        CLOUD_BUILD,
        "cloudbuild.yaml",
        "steps:\n  - name: bash\n    args: ['-c', A]\n  - name: x\n    script: B\n",
        id="Cloud Build",
    ),
    pytest.param(CODEBUILD, "buildspec.yml", "phases:\n  build:\n    commands: [A, B]\n", id="CodeBuild"),
    pytest.param(
        TEKTON, ".tekton/push.yaml", "kind: Task\nspec:\n  steps:\n    - script: A\n    - script: B\n", id="Tekton"
    ),
    pytest.param(TRAVIS, ".travis.yml", "install: A\nscript: [B]\n", id="Travis"),
    pytest.param(APPVEYOR, "appveyor.yml", "build_script: [A]\ntest_script:\n  - sh: B\n", id="AppVeyor"),
    pytest.param(CIRRUS, ".cirrus.yml", "task:\n  build_script: A\n  test_script: [B]\n", id="Cirrus"),
    pytest.param(
        SEMAPHORE,
        ".semaphore/semaphore.yml",
        "blocks:\n  - task:\n      jobs:\n        - name: t\n          commands: [A, B]\n",
        id="Semaphore",
    ),
    pytest.param(CODEFRESH, "codefresh.yml", "steps:\n  t:\n    commands: [A, B]\n", id="Codefresh"),
    pytest.param(
        CODEMAGIC,
        "codemagic.yaml",
        "workflows:\n  t:\n    scripts:\n      - name: x\n        script: A\n      - name: y\n        script: B\n",
        id="Codemagic",
    ),
    pytest.param(SOURCEHUT, ".build.yml", "tasks:\n  - t: A\n  - u: B\n", id="builds.sr.ht"),
]


@pytest.mark.parametrize(("system", "path", "text"), SYSTEMS)
def test_every_system_has_steps_with_scripts(system: str, path: str, text: str, tmp_path: Path) -> None:
    (found,) = pipelines(project(tmp_path, {path: text.replace("A", "make a").replace("B", "make b")}))
    assert (found.system, system_of(path)) == (system, system)
    words = [" ".join(command.block.words) for step in found.steps for command in step.commands]
    assert words == ["make a", "make b"]
    assert not is_stub(found)


@pytest.mark.parametrize(("system", "path", "text"), SYSTEMS)
def test_a_pipeline_of_every_system_may_be_a_stub(system: str, path: str, text: str, tmp_path: Path) -> None:
    (found,) = pipelines(project(tmp_path, {path: text.replace("A", "echo Testing").replace("B", "echo Deploying")}))
    assert is_stub(found)


@pytest.mark.parametrize(("system", "path", "text"), SYSTEMS)
def test_a_check_of_every_system_may_be_unable_to_fail(system: str, path: str, text: str, tmp_path: Path) -> None:
    known = project(tmp_path, {path: text.replace("A", "make").replace("B", "npm test || true")})
    assert [found.written for found in Checks(known).unheeded] == ["npm test"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("azure-pipelines.yml", "steps:\n  - script: echo x\n  - task: Docker@2\n", id="a task"),
        pytest.param(
            ".circleci/config.yml",
            "jobs:\n  t:\n    steps:\n      - run: echo x\n      - aws-ecr/build: {}\n",
            id="a step of an orb",
        ),
        pytest.param(
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script: [echo x, {pipe: a/b}]\n",
            id="a pipe",
        ),
        pytest.param(
            ".drone.yml",
            "steps:\n  - name: t\n    commands: [echo x]\n  - name: u\n    image: plugins/docker\n",
            id="a plugin of Drone",
        ),
        pytest.param(
            ".woodpecker.yml",
            "steps:\n  t: {commands: [echo x]}\n  u: {image: a, settings: {b: c}}\n",
            id="a plugin of Woodpecker",
        ),
        pytest.param(
            ".buildkite/pipeline.yml",
            "steps:\n  - command: echo x\n    plugins: [docker#v5]\n",
            id="a plugin of Buildkite",
        ),
        pytest.param(
            "cloudbuild.yaml",
            "steps:\n  - script: echo x\n  - name: gcr.io/cloud-builders/docker\n    args: [build, .]\n",
            id="a builder",
        ),
        pytest.param(
            ".tekton/a.yaml",
            "spec:\n  tasks:\n    - taskSpec: {steps: [{script: echo x}]}\n    - taskRef: {name: buildah}\n",
            id="a task by its name",
        ),
        pytest.param(".travis.yml", "install: echo x\n", id="the script that Travis runs by itself"),
        pytest.param("appveyor.yml", "test_script: echo x\n", id="the build that AppVeyor runs by itself"),
        pytest.param(
            ".gitlab-ci.yml",
            "t: {script: echo x}\nu: {trigger: {project: a/b}}\n",
            id="a pipeline that GitLab triggers",
        ),
        pytest.param(
            "Jenkinsfile", "pipeline { stages { stage('t') { steps { echo 'x'\n docker.build('a') } } } }", id="Groovy"
        ),
        pytest.param("Jenkinsfile", "stage('t') { echo 'x' /* no end", id="a comment without an end"),
    ],
)
def test_what_no_script_says_is_no_stub(path: str, text: str, tmp_path: Path) -> None:
    (found,) = pipelines(project(tmp_path, {path: text}))
    assert not is_stub(found)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        (".gitlab-ci.yml", "t:\n  allow_failure: true\n  script: npm test\n", "allow_failure"),
        ("azure-pipelines.yml", "steps:\n  - script: npm test\n    continueOnError: true\n", "continueOnError"),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        on-fail: {strategy: ignore}\n        script: [npm test]\n",
            "strategy",
        ),
        (".drone.yml", "steps:\n  - name: t\n    failure: ignore\n    commands: [npm test]\n", "failure"),
        (".woodpecker.yml", "steps:\n  t:\n    failure: ignore\n    commands: [npm test]\n", "failure"),
        (".buildkite/pipeline.yml", "steps:\n  - command: npm test\n    soft_fail: true\n", "soft_fail"),
        ("cloudbuild.yaml", "steps:\n  - script: npm test\n    allowFailure: true\n", "allowFailure"),
        ("buildspec.yml", "phases:\n  build:\n    on-failure: CONTINUE\n    commands: [npm test]\n", "on-failure"),
        (".tekton/a.yaml", "spec:\n  steps:\n    - onError: continue\n      script: npm test\n", "onError"),
        ("Jenkinsfile", "stage('t') { catchError(buildResult: 'SUCCESS') { sh 'npm test' } }", "catchError"),
    ],
)
def test_the_systems_have_words_for_a_failure_that_does_not_count(
    path: str, text: str, name: str, tmp_path: Path
) -> None:
    (found,) = Checks(project(tmp_path, {path: text})).unheeded
    assert isinstance(found.where, Setting)
    assert found.where.name == name


def test_the_files_that_a_pipeline_of_gitlab_includes_are_read(tmp_path: Path) -> None:
    files = {
        ".gitlab-ci.yml": "include:\n  - local: /ci/*.yml\n  - local: more/deploy.yml\n",
        "ci/test.yml": "t:\n  script: make\n",
        "more/deploy.yml": "include: more/last.yml\nd:\n  script: make deploy\n",
        "more/last.yml": "e:\n  script: make\n",
        "more/other.yml": "f:\n  script: make\n",
    }
    known = project(tmp_path, files)
    assert [*known.model(read_by_ci)] == [".gitlab-ci.yml", "ci/test.yml", "more/deploy.yml", "more/last.yml"]
    assert [job.id for found in pipelines(known) for job in found.jobs] == ["t", "d", "e"]
    assert problems(known) == []


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
    st.sampled_from([GITHUB, GITLAB, CIRCLECI, AZURE, APPVEYOR, CLOUD_BUILD, CIRRUS, SOURCEHUT, TEKTON]),
)
def test_any_yaml_is_a_pipeline_of_some_kind(text: str, system: str) -> None:
    try:
        found = pipeline(system, text)
    except Unreadable:
        return
    assert all(0 <= step.start <= len(text) for step in found.steps)


@given(
    st.lists(
        st.sampled_from(
            [
                "stage('t') {",
                "sh",
                "echo",
                "'x'",
                '"""',
                "'",
                "/*",
                "*/",
                "//",
                "{",
                "}",
                "catchError(",
                ")",
                "\\",
                "\n",
                " ",
            ]
        )
        | st.text(max_size=3)
    )
)
def test_any_text_is_a_jenkinsfile(pieces: list[str]) -> None:
    text = "".join(pieces)
    made = Pipeline(JENKINS, File("Jenkinsfile", text.encode("utf-8", "surrogatepass")))
    with suppress(Unreadable):  # a NUL makes it no text
        jenkins.read(made)
    assert all(0 <= step.start <= len(text) for step in made.steps)
    is_stub(made)


@pytest.mark.parametrize("piece", ["/*", "'''", "stage('t') {", "sh '", "{", "catchError("])
def test_hostile_jenkinsfiles_come_to_an_end(piece: str) -> None:
    made = Pipeline(JENKINS, File("Jenkinsfile", (piece * 20_000).encode()))
    jenkins.read(made)


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
