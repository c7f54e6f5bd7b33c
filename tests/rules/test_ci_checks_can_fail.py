from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.ci_checks_can_fail import check
from support import repository

WORKFLOW = ".github/workflows/ci.yml"
HEAD = "on: push\njobs:\n  ci:\n    runs-on: ubuntu-latest\n    steps:\n"


def github(*steps: str) -> dict[str, str]:
    """A workflow with one job; the first step stands on line 6."""
    return {WORKFLOW: HEAD + "".join(f"      - {step}\n" for step in steps)}


def run(script: str, more: str = "") -> str:
    """A step that runs a script of several lines, the first on the step's second line."""
    lines = "".join(f"          {line}\n" for line in script.split("\n"))
    return f"run: |\n{lines}{more}".rstrip("\n")


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    found = check(Project(Repository(str(root)), load(str(root), None, ())))
    return sorted(found, key=lambda finding: finding.order)


FIRES = [
    pytest.param(github("run: npm test || true"), ["6 high"], id="a test behind which stands true"),
    pytest.param(
        github('run: npm run lint || echo "Linting skipped"'), ["6 medium"], id="a linter behind which stands an echo"
    ),
    pytest.param(github("run: npm audit || true"), ["6 medium"], id="a scan behind which stands true"),
    pytest.param(
        github("run: kubectl apply --dry-run=client -f k8s || true"), ["6 medium"], id="manifests that are only tried"
    ),
    pytest.param(
        github(
            "uses: trufflesecurity/trufflehog@main\n        continue-on-error: true",
            "run: detect-secrets scan . || true",
            "uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: gitleaks.sarif}",
        ),
        ["7 medium", "8 medium"],
        id="scans beside another one, whose findings are uploaded",
    ),
    pytest.param(
        github("run: semgrep --error . || true", "uses: github/codeql-action/analyze@v3"),
        ["6 medium"],
        id="a scan beside CodeQL, which uploads its own findings alone",
    ),
    pytest.param(
        github(
            "uses: SonarSource/sonarqube-scan-action@v5\n        continue-on-error: true",
            "uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: results.sarif}",
        ),
        ["7 medium"],
        id="a scan that no SARIF file holds the findings of",
    ),
    pytest.param(
        github("run: docker run --rm -v /etc:/etc:ro docker/docker-bench-security > bench.txt || true"),
        ["6 medium"],
        id="a scan that a container runs",
    ),
    pytest.param(
        github('run: curl -fsS https://staging.example.com/metrics || echo "not available"'),
        ["6 high"],
        id="a look at an endpoint with metrics behind which stands an echo",
    ),
    pytest.param(
        github(
            "run: pylint --exit-zero src",
            "uses: anchore/scan-action@v6\n        with: {image: api, fail-build: false}",
            "uses: securego/gosec@master\n        with: {args: -no-fail ./...}",
            "run: trivy image --exit-code 0 api",
        ),
        ["6 medium", "8 medium", "10 medium", "11 medium"],
        id="linters and scans that an option lets pass",
    ),
    pytest.param(github("run: docker build -t api . || true"), ["6 high"], id="a build that cannot fail"),
    pytest.param(
        github(run("cd api\nkubectl apply -f k8s/ || echo simulated")),
        ["8 high"],
        id="a deployment that is only simulated",
    ),
    pytest.param(github("run: npx prisma migrate deploy || true"), ["6 high"], id="a migration that cannot fail"),
    pytest.param(
        github("run: curl -f http://localhost:8000/health || echo down"),
        ["6 high"],
        id="a health check that cannot fail",
    ),
    pytest.param(github("run: npm test\n        continue-on-error: true"), ["7 high"], id="a test step that may fail"),
    pytest.param(
        github("uses: golangci/golangci-lint-action@v6\n        continue-on-error: true"),
        ["7 medium"],
        id="an action that may fail",
    ),
    pytest.param(
        github("name: Deploy to Railway\n        run: railway up\n        continue-on-error: true"),
        ["8 high"],
        id="a deployment that may fail",
    ),
    pytest.param(
        github("run: pytest | tee report.txt"), ["6 high"], id="a pipe into tee in the shell that GitHub starts"
    ),
    pytest.param(
        github(run("npm test && echo good\nnpm run pack")),
        ["7 high"],
        id="the left side of && before the end of a script",
    ),
    pytest.param(
        github(run("if npm test; then\n  echo good\nelse\n  echo bad\nfi")), ["7 high"], id="branches that only print"
    ),
    pytest.param(github(run("set +e\nnpm test\necho done")), ["8 high"], id="a test behind set +e"),
    pytest.param(
        github("name: Smoke tests\n        run: echo 'Running smoke tests...'", "run: make"),
        ["6 high"],
        id="smoke tests that only print",
    ),
    pytest.param(
        github("name: Deploy to production\n        run: echo deploying", "run: make"),
        ["6 high"],
        id="a deployment that only prints",
    ),
    pytest.param(
        github("name: Build and Push Docker Image\n        run: echo building", "run: make"),
        ["6 high"],
        id="an image that a step only says it builds",
    ),
    pytest.param(
        github("name: 🔙 Rollback\n        if: failure()\n        run: echo rolling back", "run: make"),
        ["6 high"],
        id="a rollback that only prints",
    ),
    pytest.param(
        github("name: Tests (optional)\n        run: npm test || true"),
        ["7 medium"],
        id="a test whose name says that it is optional",
    ),
    pytest.param(
        {
            WORKFLOW: "on: push\njobs:\n  test:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - run: npm test\n"
        },
        ["5 high"],
        id="a job that may fail",
    ),
    pytest.param(
        {**github("run: npm test"), "package.json": '{"scripts": {\n  "test": "echo no tests yet"\n}}'},
        ["package.json:2 high"],
        id="a test script that only prints",
    ),
    pytest.param(
        {**github("run: npm run lint"), "package.json": '{"scripts": {\n  "lint": "eslint . || true"\n}}'},
        ["package.json:2 medium"],
        id="a script of package.json that cannot fail",
    ),
    pytest.param(
        {".gitlab-ci.yml": "test:\n  script:\n    - npm ci\n    - npm test || true\n"},
        [".gitlab-ci.yml:4 high"],
        id="a line of a GitLab job",
    ),
    pytest.param(
        {".gitlab-ci.yml": "test:\n  script: npm test\n  allow_failure: true\n"},
        [".gitlab-ci.yml:3 high"],
        id="a GitLab job that may fail",
    ),
    pytest.param(
        {
            ".circleci/config.yml": "version: 2.1\njobs:\n  test:\n    steps:\n      - checkout\n      - run: go test ./... || true\n"
        },
        [".circleci/config.yml:6 high"],
        id="a step of CircleCI",
    ),
    pytest.param(
        {"azure-pipelines.yml": "steps:\n  - script: npm test\n    continueOnError: true\n"},
        ["azure-pipelines.yml:3 high"],
        id="a step of Azure",
    ),
    pytest.param(
        github("run: npx eslint apps/web", "run: npx eslint apps/mobile || echo warnings"),
        ["7 medium"],
        id="a linter of one folder, when another folder's can fail",
    ),
    pytest.param(
        github("run: cd api && npm test", "run: cd web && npm test || true"),
        ["7 high"],
        id="a test of one folder, when another folder's can fail",
    ),
    pytest.param(
        github("name: Deploy previous version\n        run: echo 'going back'", "run: make"),
        ["6 high"],
        id="an order, whatever it is about",
    ),
    pytest.param(
        github("name: Privacy compliance check\n        run: echo 'no data leaves the host'", "run: npm test"),
        ["6 medium"],
        id="a check that no test does besides, and that only prints",
    ),
    pytest.param(
        github(
            "name: Pre-rollback safety checks\n        "
            + run(
                'for part in db cache; do\n  # in a real implementation these would be checks\n  echo "$part: OK"\ndone'
            ),
            "run: make",
        ),
        ["6 medium"],
        id="a loop over words that says that it only pretends",
    ),
    pytest.param(
        github(
            "name: Execute rollback\n        "
            + run(
                'case $HOW in\n  now)\n    git checkout $LAST\n    # would trigger the deployment\n    echo "kubectl apply"\n    ;;\nesac'
            ),
            "run: make",
        ),
        ["6 high"],
        id="a rollback that checks out the last version and simulates the rest",
    ),
    pytest.param(
        github(
            "name: SAST scan\n        " + run("# simulate the scan\necho '{\"findings\": 0}' > sast.json"), "run: make"
        ),
        ["6 medium"],
        id="a scan whose report is made up",
    ),
    pytest.param(
        github(run("pip-licenses --format=json\npip-licenses --fail-on=GPL || true")),
        ["8 medium"],
        id="a check that says what to fail on, beside a run that never fails",
    ),
    pytest.param(
        github('name: Vulnerability scan\n        run: npx tsx tools/scanner.ts || echo "Scan completed"'),
        ["7 medium"],
        id="a program that nobody knows, in a step whose name says what it is for",
    ),
    pytest.param(
        github("run: test -f Cargo.toml && echo '✅ there' || echo '❌ missing'"),
        ["6 medium"],
        id="a check of a file that prints a red cross and passes",
    ),
    pytest.param(
        {
            WORKFLOW: "on: push\njobs:\n  build:\n    runs-on: x\n    steps: [{run: make}]\n  deploy-staging:\n    runs-on: x\n"
            "    steps:\n      - uses: actions/checkout@v4\n      - run: echo deploying\n"
        },
        ["10 high"],
        id="a job that is called after what its only step prints",
    ),
]

SILENT = [
    pytest.param(
        github("name: Build image\n        run: echo building", "run: docker build -t shop ."),
        id="a word about an image that another step builds",
    ),
    pytest.param(github("run: npm test"), id="a test that can fail"),
    pytest.param(github("run: docker rm -f db || true", "run: docker compose down || true"), id="clean-up"),
    pytest.param(github("run: kubectl create namespace staging || true"), id="what may be there already"),
    pytest.param(github("run: grep -c warning log.txt || true"), id="a search that may find nothing"),
    pytest.param(github("uses: codecov/codecov-action@v4\n        continue-on-error: true"), id="an upload"),
    pytest.param(
        github("name: Comment on the pull request\n        continue-on-error: true\n        run: node comment.js"),
        id="a comment",
    ),
    pytest.param(
        github("name: Install cargo-audit\n        continue-on-error: true\n        run: cargo install cargo-audit"),
        id="an installation",
    ),
    pytest.param(
        github("name: Logs\n        if: failure()\n        run: kubectl rollout status deploy/api || true"),
        id="diagnostics after a failure",
    ),
    pytest.param(
        github(
            "id: test\n        continue-on-error: true\n        run: npm test",
            "if: steps.test.outcome == 'failure'\n        run: exit 1",
        ),
        id="a step whose outcome a later one reads",
    ),
    pytest.param(
        {
            WORKFLOW: "on: push\njobs:\n  t:\n    runs-on: x\n    continue-on-error: ${{ matrix.experimental }}\n    steps:\n      - run: npm test\n"
        },
        id="a matrix entry that is marked experimental",
    ),
    pytest.param(github("run: npm test || npm test"), id="a second attempt"),
    pytest.param(
        github("name: Lint (advisory)\n        run: npm run lint || true"),
        id="a linter whose name says that it advises",
    ),
    pytest.param(
        github("run: bandit -r src -f json -o bandit.json || true", "run: python judge.py bandit.json"),
        id="a report that a later command judges",
    ),
    pytest.param(
        github(run("npm audit --json > audit.json || true\nif [ $(jq .total audit.json) -gt 0 ]; then exit 1; fi")),
        id="a report that the script judges",
    ),
    pytest.param(
        github("run: trivy fs --format sarif -o trivy.sarif . || true", "uses: github/codeql-action/upload-sarif@v3"),
        id="a scan whose findings are uploaded",
    ),
    pytest.param(
        github(
            "uses: gitleaks/gitleaks-action@v2\n        continue-on-error: true",
            'uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: "gitleaks-${{ matrix.scope }}.sarif"}',
        ),
        id="a scan whose findings are uploaded, as the file's name tells",
    ),
    pytest.param(
        github(
            "uses: securego/gosec@master\n        with: {args: -no-fail -fmt sarif -out gosec.sarif ./...}",
            "uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: gosec.sarif}",
        ),
        id="a scan that passes so that its findings can be uploaded",
    ),
    pytest.param(
        github("run: flake8 . --select=E9,F63", "run: flake8 . --exit-zero --max-complexity=10"),
        id="a linter that only counts, beside a stricter run of its own",
    ),
    pytest.param(
        github(
            run(
                "docker run --rm -v /src:/pwd scan/gitleaks:8 detect --source /pwd --report-path /pwd/a.json || true\n"
                "docker run --rm -v /src:/pwd -v /tmp:/out scan/gitleaks:8 detect --source /pwd"
            )
        ),
        id="a container that writes a report, and runs once more to judge",
    ),
    pytest.param(
        github("run: curl -f --data-binary @numbers.txt https://push.example.com/metrics || true"),
        id="numbers that are handed to a gateway",
    ),
    pytest.param(
        github("run: npm run lint -- -f json || true", "run: npm run lint"),
        id="a linter that runs twice, once for a report",
    ),
    pytest.param(
        github("run: npm run test:coverage || true", "run: npm run test:coverage"),
        id="the same command, which can fail elsewhere",
    ),
    pytest.param(
        github("run: helm lint --strict ./chart\n        continue-on-error: true", "run: helm lint ./chart"),
        id="a stricter run of the same linter",
    ),
    pytest.param(github("shell: bash\n        run: pytest | tee report.txt"), id="a pipe in a shell with pipefail"),
    pytest.param(github("shell: pwsh\n        run: npm test || true"), id="a script for another shell"),
    pytest.param(
        github("name: Deployment summary\n        run: echo deployed >> $GITHUB_STEP_SUMMARY", "run: make"),
        id="a summary",
    ),
    pytest.param(
        github("name: Notify deployment success\n        run: echo deployed", "run: make"), id="a notification"
    ),
    pytest.param(
        github("name: Set deployment tag\n        run: echo tag=1 >> $GITHUB_OUTPUT", "run: make"), id="an output"
    ),
    pytest.param(
        github("run: kubectl apply -f k8s", "name: Deploy to production\n        run: echo deployed"),
        id="words about a deployment that another step does",
    ),
    pytest.param(
        github("name: Deploy\n        run: echo deploying"),
        id="a whole pipeline that only prints, which another rule owns",
    ),
    pytest.param(
        {**github("run: npm test"), "package.json": '{"scripts": {"test": "jest"}}'}, id="a test script that can fail"
    ),
    pytest.param(
        {**github("run: npm test"), "package.json": '{"scripts": {"test": "echo \\"no test specified\\" && exit 1"}}'},
        id="the test script that npm init writes",
    ),
    pytest.param(
        {**github("run: make"), "package.json": '{"scripts": {"test": "echo none"}}'},
        id="a test script that CI does not run",
    ),
    pytest.param(
        {".gitlab-ci.yml": "test:\n  script: npm test\n  when: manual\n  allow_failure: true\n"},
        id="a job that people start",
    ),
    pytest.param(github("run: ssh host 'npm test || true'"), id="a script for another host"),
    pytest.param(
        github("name: Performance benchmark\n        uses: grafana/run-k6-action@v1\n        continue-on-error: true"),
        id="a benchmark",
    ),
    pytest.param({WORKFLOW: "on: [push\njobs: {"}, id="a workflow that is no YAML, which another rule owns"),
    pytest.param(
        github(
            "name: Deployment status\n        "
            + run("if [ ${{ needs.deploy.result }} = success ]; then\n  echo '✅ good'\nelse\n  echo '❌ bad'\nfi")
        ),
        id="words about the result of another job",
    ),
    pytest.param(github("run: \"[ $A = b ] && echo good || echo '❌ other'\""), id="words about a variable"),
    pytest.param(
        github("name: Deploy to staging\n        " + run("# for now without the placeholder\nkubectl apply -f k8s")),
        id="a comment about what is still missing, beside what deploys",
    ),
    pytest.param(
        github(
            "name: Set the version\n        "
            + run("# in a real implementation from a tag\necho version=1 >> $GITHUB_OUTPUT"),
            "run: make",
        ),
        id="a preparation that is simulated",
    ),
    pytest.param(
        github("name: Tests\n        run: |\n          make setup\n          npx tsx tools/extra.ts || echo skipped"),
        id="a program that nobody knows, beside others that can fail",
    ),
    pytest.param(
        {
            WORKFLOW: "on: push\njobs:\n  unit:\n    runs-on: x\n    steps: [{run: npm test}]\n  tests:\n    needs: unit\n    runs-on: x\n"
            "    steps: [{run: echo all good}]\n"
        },
        id="a job that only waits for others, for a required check",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    found = [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings(tmp_path, files)]
    assert [place.removeprefix(f"{WORKFLOW}:") for place in found] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_the_message_says_what_keeps_the_check_from_failing(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, github("run: npm test || echo 'some failed'"))
    assert finding.message == "the test `npm test` cannot fail: it ends in `|| echo 'some failed'`"
    assert finding.fix == "remove `|| echo 'some failed'`"
    assert finding.details == {"check": "test", "command": "npm test"}


@pytest.mark.parametrize(
    ("command", "message", "fix"),
    [
        ("pytest -q", "the test cannot fail: the step 'pytest -q' has", "remove continue-on-error"),
        (
            "ruff check",
            "the linter cannot fail: the step 'ruff check' has",
            "remove continue-on-error; a step that only advises says so in its name",
        ),
    ],
)
def test_a_step_without_a_name_is_known_by_its_command(command: str, message: str, fix: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, github(f"run: {command}\n        continue-on-error: true"))
    assert (finding.message, finding.fix) == (f"{message} continue-on-error: true", fix)


def test_a_repository_without_pipelines_has_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no pipeline"):
        findings(tmp_path, {"README.md": ""})
