from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.ci_references import check
from support import command, git, repository
from support import run as process_of

WORKFLOW = ".github/workflows/ci.yml"
HEAD = "on: push\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"


def github(*steps: str) -> dict[str, str]:
    """A workflow with one job; the first step behind the checkout stands on line 7."""
    return {WORKFLOW: HEAD + "".join(f"      - {step}\n" for step in steps)}


def run(script: str) -> str:
    """A step that runs a script of several lines, the first on the step's second line."""
    return ("run: |\n" + "".join(f"          {line}\n" for line in script.split("\n"))).rstrip("\n")


def findings(
    directory: Path, files: dict[str, str], *, untracked: dict[str, str] | None = None, executable: str = ""
) -> list[Finding]:
    root = repository(directory, files, untracked=untracked)
    if executable:
        git(root, "update-index", "--chmod=+x", executable)
    found = check(Project(Repository(str(root)), load(str(root), None, ())))
    return sorted(found, key=lambda finding: finding.order)


FIRES = [
    pytest.param(github("uses: ./.github/actions/setup"), ["7 blocking"], id="a local action that is not there"),
    pytest.param(
        {**github("uses: ./.github/actions/setup"), ".github/actions/setup/README.md": ""},
        ["7 blocking"],
        id="a folder without the file that makes it an action",
    ),
    pytest.param(
        {WORKFLOW: "on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/deploy.yml\n"},
        ["4 blocking"],
        id="a reusable workflow that is not there",
    ),
    pytest.param(
        {WORKFLOW: "on: push\njobs:\n  deploy:\n    needs: [test]\n    runs-on: x\n    steps:\n      - run: make\n"},
        ["4 blocking"],
        id="a job that needs one that does not exist",
    ),
    pytest.param(github("run: bash scripts/deploy.sh prod"), ["7 blocking"], id="a script that bash runs"),
    pytest.param(github("run: ./scripts/deploy.sh"), ["7 blocking"], id="a script that is run by its path"),
    pytest.param(github("run: python tools/check.py"), ["7 blocking"], id="a script that Python runs"),
    pytest.param(
        github("run: ./scripts/deploy.sh || true"), ["7 high"], id="a script whose failure counts for nothing"
    ),
    pytest.param(
        {**github("run: ./scripts/deploy.sh"), "scripts/deploy.sh": ""},
        ["7 high"],
        id="a script that is not executable",
    ),
    pytest.param(
        {**github(run("cd api\n./run.sh")), "api/run.sh": ""},
        ["9 high"],
        id="a script that is not executable, behind cd",
    ),
    pytest.param(
        github("run: make\n        working-directory: services/api"),
        ["8 blocking"],
        id="a working directory that is not there",
    ),
    pytest.param(
        github(run("cd services/api\n./run.sh")),
        ["8 blocking"],
        id="a folder that a script changes into, and nothing behind it",
    ),
    pytest.param(
        github(
            "uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: docker/Dockerfile"
        ),
        ["10 blocking"],
        id="a Dockerfile that an action reads",
    ),
    pytest.param(
        github("uses: docker/build-push-action@v6\n        with:\n          context: ."),
        ["9 blocking"],
        id="the Dockerfile of a context",
    ),
    pytest.param(
        github("run: docker build -f api/Dockerfile.prod ."), ["7 blocking"], id="a Dockerfile that docker build reads"
    ),
    pytest.param(github("run: docker compose -f compose.prod.yaml up -d"), ["7 blocking"], id="a Compose file"),
    pytest.param(github("run: pip install -r requirements-dev.txt"), ["7 blocking"], id="a list of requirements"),
    pytest.param(github("run: kubectl apply -f k8s/staging/"), ["7 blocking"], id="a folder of manifests"),
    pytest.param(
        github("uses: actions/setup-node@v4\n        with: {node-version-file: .nvmrc}"),
        ["8 blocking"],
        id="a file that says which version",
    ),
    pytest.param(
        github("uses: actions/setup-node@v4\n        with: {cache: npm, cache-dependency-path: web/package-lock.json}"),
        ["8 blocking"],
        id="the lock file of a cache",
    ),
    pytest.param(
        {
            **github(
                "uses: actions/setup-node@v4\n        with: {cache: npm, cache-dependency-path: package-lock.json}",
                "run: npm ci",
            ),
            "package.json": "{}",
        },
        ["8 blocking"],
        id="the lock file of a cache and of what is installed, once",
    ),
    pytest.param({**github("run: npm ci"), "package.json": "{}"}, ["7 blocking"], id="npm ci without a lock file"),
    pytest.param(
        {**github("run: npm run test:smoke"), "package.json": '{"scripts": {"test": "jest"}}'},
        ["7 blocking"],
        id="a script that package.json does not have",
    ),
    pytest.param(
        {**github("run: make deploy"), "Makefile": "build:\n\tgo build\n"},
        ["7 blocking"],
        id="a target that the Makefile does not have",
    ),
    pytest.param(
        {".gitlab-ci.yml": "include:\n  - local: /ci/build.yml\n"},
        [".gitlab-ci.yml:2 blocking"],
        id="an included pipeline",
    ),
    pytest.param(
        {".gitlab-ci.yml": "t:\n  needs: [build]\n  script: make\n"},
        [".gitlab-ci.yml:2 blocking"],
        id="a GitLab job that needs another",
    ),
    pytest.param(
        {
            ".circleci/config.yml": "jobs:\n  test: {steps: [checkout]}\nworkflows:\n  all:\n    jobs:\n      - test\n      - deploy\n"
        },
        [".circleci/config.yml:7 blocking"],
        id="a job of CircleCI that nobody defines",
    ),
]

SILENT = [
    pytest.param(
        github(
            "uses: actions/setup-node@v4\n        with: {cache: npm, cache-dependency-path: '**/package-lock.json'}"
        ),
        id="any lock file for a cache",
    ),
    pytest.param(
        github("uses: actions/setup-node@v4\n        with: {cache-dependency-path: web/package-lock.json}"),
        id="the lock file of a cache that is switched off",
    ),
    pytest.param(
        {**github("run: bash scripts/deploy.sh"), "scripts/deploy.sh": ""},
        id="a script that bash runs, executable or not",
    ),
    pytest.param(
        {**github("uses: ./.github/actions/setup"), ".github/actions/setup/action.yml": "runs: {}\n"},
        id="a local action",
    ),
    pytest.param(
        {WORKFLOW: HEAD.replace("v4\n", "v4\n        with: {repository: acme/tools}\n") + "      - run: ./tool.sh\n"},
        id="behind a checkout of another repository",
    ),
    pytest.param(github("run: git clone https://example.com/x", "run: bash x/install.sh"), id="behind a clone"),
    pytest.param(github("run: docker compose run api bash scripts/start.sh"), id="a script in a container"),
    pytest.param(github("run: ssh host ./deploy.sh"), id="a script on another host"),
    pytest.param(
        github("run: curl -o install.sh https://example.com/install.sh", "run: bash install.sh"),
        id="a script that an earlier step fetched",
    ),
    pytest.param(github(run("cat > run.sh <<'EOF'\nmake\nEOF\nbash run.sh")), id="a script that the step writes"),
    pytest.param(github("run: cp tools/x deploy.sh", "run: bash deploy.sh"), id="a copy"),
    pytest.param(github(run("mkdir -p out\ncd out")), id="a folder that the step makes"),
    pytest.param(
        github("uses: actions/download-artifact@v4", "run: bash package/install.sh"), id="what an artifact may hold"
    ),
    pytest.param(github("run: node dist/main.js"), id="what a build makes"),
    pytest.param(
        github(run("if [ -f requirements.txt ]; then\n  pip install -r requirements.txt\nfi")),
        id="a file that the script asks for",
    ),
    pytest.param(
        github("if: hashFiles('deploy.sh') != ''\n        run: bash deploy.sh"), id="a file that the step asks for"
    ),
    pytest.param(
        github("run: bash ${{ inputs.script }}", 'run: bash "$SCRIPT"'), id="names that are made up at run time"
    ),
    pytest.param({**github(run("chmod +x run.sh\n./run.sh")), "run.sh": ""}, id="a script that is made executable"),
    pytest.param(
        {**github("run: chmod -R +x scripts", "run: ./scripts/run.sh"), "scripts/run.sh": ""},
        id="scripts that are made executable together",
    ),
    pytest.param({**github("run: git add ./run.sh"), "run.sh": ""}, id="a script that is an argument"),
    pytest.param(
        {**github("working-directory: api\n        run: bash run.sh"), "api/run.sh": ""},
        id="a script in the working directory",
    ),
    pytest.param(
        {**github(run("(cd api && make)\nbash tools/run.sh")), "api/Makefile": "all:\n", "tools/run.sh": ""},
        id="behind a subshell",
    ),
    pytest.param({**github("run: npm run x --if-present"), "package.json": "{}"}, id="a script that may be missing"),
    pytest.param(
        {**github("run: npm run x --workspace web"), "package.json": '{"scripts": {"y": "z"}}'},
        id="a script of a workspace",
    ),
    pytest.param(
        {**github("run: make lint"), "Makefile": "include common.mk\nbuild:\n\tgo build\n"},
        id="a Makefile that includes another",
    ),
    pytest.param({**github("run: make api.o"), "Makefile": "%.o: %.c\n\tcc $<\n"}, id="a Makefile with patterns"),
    pytest.param(
        {WORKFLOW: "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: bash x.sh\n"},
        id="a job without the repository's files",
    ),
    pytest.param(
        github("uses: docker/build-push-action@v6\n        with: {context: '{{defaultContext}}'}"),
        id="a context that is no folder",
    ),
    pytest.param(
        {".gitlab-ci.yml": "include: [{project: acme/ci}]\nt:\n  needs: [build]\n  script: make\n"},
        id="a job of an included pipeline",
    ),
    pytest.param(
        {".gitlab-ci.yml": "t:\n  needs: [{job: x, optional: true}]\n  script: make\n"}, id="a job that is optional"
    ),
    pytest.param(
        {".circleci/config.yml": "jobs: {a: {}}\nworkflows:\n  w:\n    jobs: [a, node/test]\n"}, id="a job of an orb"
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    found = [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings(tmp_path, files)]
    assert [place.removeprefix(f"{WORKFLOW}:") for place in found] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_an_executable_script_is_right(tmp_path: Path) -> None:
    assert findings(tmp_path, {**github("run: ./run.sh"), "run.sh": ""}, executable="run.sh") == []


def test_the_executable_bit_is_set_in_the_index(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**github("run: ./run.sh"), "run.sh": ""})
    assert finding.fix == "git update-index --chmod=+x run.sh"


def test_fix_sets_the_executable_bit(tmp_path: Path) -> None:
    root = repository(tmp_path, {**github("run: ./run.sh", "run: bash other.sh"), "run.sh": ""})
    process = process_of([*command("ci-references"), "--fix"], root)
    assert "fixed: a step runs run.sh" in process.stdout
    assert "fix: its executable bit is staged: commit run.sh" in process.stdout
    assert git(root, "ls-files", "-s", "run.sh").startswith("100755")
    assert "run.sh" not in process_of([*command("ci-references"), "--fix"], root).stdout


def test_a_script_that_is_only_on_disk_needs_to_be_added(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, github("run: bash deploy.sh"), untracked={"deploy.sh": ""})
    assert finding.message == "`bash` runs deploy.sh, which is on disk but not committed"
    assert finding.fix == "git add deploy.sh"


def test_a_lock_file_that_is_ignored_is_called_so(tmp_path: Path) -> None:
    files = {**github("run: npm ci"), "package.json": "{}", ".gitignore": "package-lock.json\n"}
    (finding,) = findings(tmp_path, files)
    assert "ignored (.gitignore:1: package-lock.json)" in finding.message


@pytest.mark.parametrize(
    ("folder", "command", "fix"),
    [
        ("", "npm ci", "npm install --package-lock-only, then: git add package-lock.json"),
        (
            "web/",
            "cd web && npm ci",
            "npm install --package-lock-only --prefix web, then: git add web/package-lock.json",
        ),
    ],
)
def test_a_lock_file_that_nobody_made_is_made(folder: str, command: str, fix: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**github(f"run: {command}"), f"{folder}package.json": "{}"})
    assert finding.fix == fix


def test_a_path_in_the_wrong_case_is_called_by_its_name(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**github("run: bash Deploy.sh"), "deploy.sh": ""})
    assert finding.fix == "write deploy.sh"


def test_the_nearest_script_is_proposed(tmp_path: Path) -> None:
    files = {**github("run: npm run type-check"), "package.json": '{"scripts": {"typecheck": "tsc"}}'}
    (finding,) = findings(tmp_path, files)
    assert finding.fix == "add type-check, or run typecheck instead"


def test_one_path_is_reported_once_in_each_file(tmp_path: Path) -> None:
    assert len(findings(tmp_path, github("run: bash a.sh", "run: bash a.sh"))) == 1


def test_a_repository_without_pipelines_has_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no pipeline"):
        findings(tmp_path, {"README.md": ""})
