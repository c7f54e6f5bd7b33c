from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.ci_pipeline import check
from support import repository

WORKFLOW = "on: push\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n      - run: docker build .\n"
TESTS = WORKFLOW.replace("docker build .", "npm test")
SERVICE = {
    "package.json": '{\n  "dependencies": {"express": "5"},\n  "scripts": {\n    "start": "node main.js"\n  }\n}\n'
}
IMAGE = {**SERVICE, "Dockerfile": "FROM node:22\n"}


def server(name: str) -> dict[str, str]:
    """A service in a folder of its own, with its Dockerfile."""
    return {f"{name}/{path}": text for path, text in IMAGE.items()}


def built(*steps: str, **more: str) -> dict[str, str]:
    """Three services that production builds with Compose, and a workflow with steps."""
    compose = "services:\n" + "".join(f"  {name}:\n    build: {name}\n" for name in ("billing", "orders", "search"))
    workflow = "on: push\njobs:\n  images:\n    runs-on: ubuntu-latest\n    steps:\n"
    workflow += "".join(f"      - {step}\n" for step in steps)
    files = {**server("billing"), **server("orders"), **server("search"), "compose.prod.yaml": compose}
    return {**files, ".github/workflows/ci.yml": workflow, **more}


def findings(directory: Path, files: dict[str, str], untracked: dict[str, str] | None = None) -> list[Finding]:
    root = repository(directory, files, untracked=untracked)
    found = check(Project(Repository(str(root)), load(str(root), None, ())))
    return sorted(found, key=lambda finding: finding.order)


FIRES = [
    pytest.param(SERVICE, ["package.json:4 high"], id="a service and no pipeline"),
    pytest.param({"Dockerfile": "FROM node:22\n"}, ["Dockerfile:1 high"], id="a Dockerfile and no pipeline"),
    pytest.param(
        {**IMAGE, "github/workflows/ci.yml": WORKFLOW},
        ["github/workflows/ci.yml:1 high"],
        id="a folder without its dot",
    ),
    pytest.param(
        {**IMAGE, "backend/.github/workflows/ci.yml": WORKFLOW},
        ["backend/.github/workflows/ci.yml:1 high"],
        id="a workflow below the root",
    ),
    pytest.param(
        {**IMAGE, "api/.gitlab-ci.yml": "t:\n  script: make\n"},
        ["api/.gitlab-ci.yml:1 high"],
        id="a GitLab pipeline below the root",
    ),
    pytest.param(
        {**IMAGE, "docs/ci.md": f"# CI\n\n```yaml\n{WORKFLOW}```\n"},
        ["docs/ci.md:3 high"],
        id="a workflow that only a document shows",
    ),
    pytest.param(
        {**IMAGE, "docs/ci.md": "# CI\n\n```yaml\nstages: [test]\ntest:\n  script: make\n```\n"},
        ["docs/ci.md:3 high"],
        id="a pipeline of GitLab that only a document shows",
    ),
    pytest.param(
        {**IMAGE, "DEPLOY.md": "```groovy\npipeline {\n  stages {\n  }\n}\n```\n"},
        ["DEPLOY.md:1 high"],
        id="a Jenkinsfile that only a document shows",
    ),
    pytest.param(
        {**IMAGE, ".gitlab-ci.yaml": "t:\n  script: make\n"},
        [".gitlab-ci.yaml:1 high"],
        id="an ending that no CI reads",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml.disabled": WORKFLOW},
        [".github/workflows/ci.yml.disabled:1 high"],
        id="a workflow that its name switches off",
    ),
    pytest.param(
        {**IMAGE, "Jenkinsfile": "pipeline { stages {\nstage('Deploy') { steps { sh 'echo deploying' } } } }\n"},
        ["Jenkinsfile:2 high"],
        id="a Jenkinsfile that only prints",
    ),
    pytest.param(
        {
            **IMAGE,
            ".github/workflows/ci.yml": WORKFLOW,
            ".github/workflows/deploy.yml": "on: push\njobs:\n  build:\n    steps: [{run: echo building}]\n  deploy:\n    needs: build\n    steps: [{run: echo deploying}]\n",
        },
        [".github/workflows/deploy.yml:4 high"],
        id="jobs that wait for each other and only print",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml": WORKFLOW, ".github/workflows/old/ci.yml": WORKFLOW},
        [".github/workflows/old/ci.yml:1 medium"],
        id="a folder below the one that GitHub reads",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml": WORKFLOW, ".github/workflows/bad.yml": "jobs:\n  a: 1\n   b: 2\n"},
        [".github/workflows/bad.yml:3 high"],
        id="a workflow that is no YAML",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/deploy.yml": WORKFLOW.replace("docker build .", "echo Deploying...")},
        [".github/workflows/deploy.yml:6 high"],
        id="a pipeline that only prints",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml": TESTS},
        [".github/workflows/ci.yml:3 medium"],
        id="a pipeline that only tests",
    ),
    pytest.param(
        built("run: docker build -t billing ./billing", "run: docker build -t orders ./orders"),
        ["search/Dockerfile:1 medium"],
        id="a service that no job builds, beside two that jobs build",
    ),
    pytest.param(
        built(
            "uses: docker/build-push-action@v6\n        with: {context: './${{ matrix.part }}'}",
            "run: echo done",
            **{
                ".github/workflows/matrix.yml": "on: push\njobs:\n  images:\n    strategy: {matrix: {context: [./billing, ./orders]}}\n"
                "    steps:\n      - uses: docker/build-push-action@v6\n"
            },
        ),
        ["search/Dockerfile:1 medium"],
        id="a matrix that leaves a service out",
    ),
]

SILENT = [
    pytest.param({**IMAGE, ".github/workflows/ci.yml": WORKFLOW}, id="a workflow that builds"),
    pytest.param({**IMAGE, ".gitlab-ci.yml": "build:\n  script: docker build .\n"}, id="GitLab"),
    pytest.param({**IMAGE, ".forgejo/workflows/ci.yaml": WORKFLOW}, id="Forgejo"),
    pytest.param(
        {**IMAGE, "Jenkinsfile": "pipeline { stages { stage('x') { steps { sh 'docker build .' } } } }\n"}, id="Jenkins"
    ),
    pytest.param(
        {**IMAGE, ".woodpecker/build.yml": "steps:\n  - name: x\n    commands: [docker build .]\n"}, id="Woodpecker"
    ),
    pytest.param({**IMAGE, ".tekton/push.yaml": "kind: PipelineRun\nspec: {tasks: [buildah]}\n"}, id="Tekton"),
    pytest.param(
        {**IMAGE, "fly.toml": 'app = "x"\n', ".github/workflows/ci.yml": TESTS},
        id="tests alone, where a platform builds",
    ),
    pytest.param({**SERVICE, ".github/workflows/ci.yml": TESTS}, id="tests alone, where nothing has a Dockerfile"),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml": WORKFLOW, "vendor/x/.github/workflows/ci.yml": WORKFLOW},
        id="workflows of what is vendored",
    ),
    pytest.param(
        {**IMAGE, ".github/workflows/ci.yml": WORKFLOW, "roles/x/.github/workflows/ci.yml": WORKFLOW},
        id="workflows of parts, beside those at the root",
    ),
    pytest.param(
        {
            **IMAGE,
            ".github/workflows/ci.yml": WORKFLOW,
            ".github/workflows/skip.yml": TESTS.replace("npm test", "echo nothing to do"),
        },
        id="a workflow that stands in for a required check",
    ),
    pytest.param(
        {**IMAGE, ".gitlab-ci.yml": "include:\n  - project: platform/pipelines\n    file: all.yml\n"},
        id="a pipeline whose parts stand in another repository",
    ),
    pytest.param(
        {**IMAGE, ".gitlab-ci.yml": "include: ci/*.yml\n", "ci/images.yml": "images:\n  script: docker build .\n"},
        id="a pipeline that includes what builds",
    ),
    pytest.param(built("run: docker build billing", "run: docker build search orders"), id="services that jobs build"),
    pytest.param(
        built("run: docker build billing", "run: docker compose build --push"), id="what Compose builds in CI"
    ),
    pytest.param(built("run: docker build billing", "uses: docker/bake-action@v6"), id="what Bake builds"),
    pytest.param(built("run: docker build billing", "run: skaffold build"), id="what Skaffold builds"),
    pytest.param(
        built("run: docker build billing", "run: npx nx run-many -t docker-build"), id="what a monorepo's tool builds"
    ),
    pytest.param(
        built('run: for part in */; do docker build "$part"; done', "run: docker build ./billing"),
        id="a loop over folders",
    ),
    pytest.param(
        built("run: docker build ./billing", "run: for part in orders search; do docker build $part; done"),
        id="a loop over names",
    ),
    pytest.param(
        built(
            "run: docker build ./billing",
            **{"scripts/images.sh": "docker build -t search search\ndocker build orders\n"},
        ),
        id="a script that builds the others",
    ),
    pytest.param(
        built("run: docker build ./billing", "run: echo ${{ fromJSON(needs.changes.outputs.parts) }}"),
        id="a matrix that a step makes up",
    ),
    pytest.param(
        built("run: docker build ./billing ./orders", **{"fly.toml": 'app = "x"\n'}),
        id="a platform that builds the rest",
    ),
    pytest.param(
        {
            **IMAGE,
            "tests/data/azure-pipelines.yml": "steps:\n  - script: echo x\n",
            ".github/workflows/ci.yml": WORKFLOW,
        },
        id="a pipeline among the data of tests",
    ),
    pytest.param(
        {**SERVICE, "dev/docker/Dockerfile": "FROM node\n", ".github/workflows/ci.yml": TESTS},
        id="an image for developers",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert [f"{found.path}:{found.line} {found.severity}" for found in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_a_workflow_in_the_wrong_folder_can_be_moved(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**IMAGE, "github/workflows/ci.yml": WORKFLOW})
    assert finding.fix == "git mv github/workflows/ci.yml .github/workflows/ci.yml"
    assert "never runs: GitHub reads .github/workflows at the root alone" in finding.message


@pytest.mark.parametrize(
    ("path", "content", "target"),
    [
        (".gitlab-ci.yaml", "t:\n  script: make\n", ".gitlab-ci.yml"),
        ("api/.circleci/config.yml", "jobs: {}\n", ".circleci/config.yml"),
        (".github/workflows/ci.yml.off", WORKFLOW, ".github/workflows/ci.yml"),
    ],
)
def test_a_pipeline_that_nobody_reads_can_be_moved(path: str, content: str, target: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**IMAGE, path: content})
    assert finding.fix == f"git mv {path} {target}"


def test_a_workflow_that_is_only_on_disk_needs_to_be_added(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, IMAGE, {".github/workflows/ci.yml": WORKFLOW})
    assert finding.fix == "git add .github/workflows"


def test_workflows_of_one_folder_are_one_finding(tmp_path: Path) -> None:
    others = {f".github/workflows/old/{name}.yml": WORKFLOW for name in "abc"}
    (finding,) = findings(tmp_path, {**IMAGE, ".github/workflows/ci.yml": WORKFLOW, **others})
    assert "nor do 2 more in .github/workflows/old" in finding.message


def test_a_repository_without_a_service_needs_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no service"):
        findings(tmp_path, {"README.md": ""})


def test_the_jobs_of_prow_stand_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="Prow"):
        findings(tmp_path, {**IMAGE, "OWNERS": "approvers:\n  - somebody\n"})
