"""What `project-layout` reports, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import NAME, load
from shipworthy.layouts import presets
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules import ids
from shipworthy.rules.project_layout import check
from support import command, git, repository, run, write

Files = Mapping[str, str | bytes]
SERVICE = {"api/package.json": '{"scripts": {"start": "node server.js"}, "dependencies": {"express": "^5.0.0"}}'}
OTHER = {path.replace("api/", "web/"): text for path, text in SERVICE.items()}
COMPOSE = "services:\n  api: {build: api, ports: ['80:80']}\n"


def requiring(*entries: str, more: str = "") -> dict[str, str]:
    """A configuration that requires something; the first entry stands on line 3."""
    return {NAME: "layout:\n  required:\n" + "".join(f"    {entry}\n" for entry in entries) + more}


def findings(directory: Path, files: Files, untracked: Files | None = None) -> list[Finding]:
    root = repository(directory, files, untracked=untracked)
    found = check(Project(Repository(str(root)), load(str(root), None, ids())))
    return sorted(found, key=lambda finding: finding.order)


# committed files, and each finding as ``path:line severity``, without the path of the configuration
FIRES = [
    pytest.param({**requiring("docs/runbook.md: why"), "a": ""}, ["3 high"], id="a file"),
    pytest.param({**requiring("kubernetes/: why"), "a": ""}, ["3 high"], id="a folder"),
    pytest.param(requiring("a: why", "b: why"), ["3 high", "4 high"], id="two files"),
    pytest.param(requiring("a: {reason: why, severity: blocking}"), ["3 blocking"], id="a severity of its own"),
    pytest.param(requiring("a: {reason: why, severity: info}"), ["3 info"], id="what is only listed"),
    pytest.param({**requiring("'deploy/*/up.sh': why"), "deploy/up.sh": "a"}, ["3 high"], id="a pattern"),
    pytest.param({**requiring("'deploy/*/': why"), "deploy/up.sh": "a"}, ["3 high"], id="a pattern of folders"),
    pytest.param({**requiring("deploy/: why"), "deploy": "a"}, ["3 high"], id="a file in place of a folder"),
    pytest.param({**requiring("Readme.md: why"), "README.md": "a"}, ["3 high"], id="another case"),
    pytest.param({**requiring("k8s/: why"), "k8s/base/.gitkeep": ""}, ["3 high"], id="an empty shell of a folder"),
    pytest.param(
        {**requiring("'k8s/*/': why"), "k8s/a/.gitkeep": "", "k8s/b/.gitignore": "*\n!.gitignore\n"},
        ["3 high"],
        id="empty shells that a pattern matches",
    ),
    pytest.param({**requiring("a: why"), "a": ""}, ["3 high"], id="an empty file"),
    pytest.param({**requiring("k8s: why"), "k8s/a.yaml": "", "k8s/b.yaml": ""}, ["3 high"], id="empty files"),
    pytest.param(requiring("a: {reason: why, or: [b, c]}"), ["3 high"], id="none of several"),
    pytest.param(
        {**requiring("k8s/base/: {reason: why, when: k8s/}"), "k8s/a.yaml": "a"},
        ["3 high"],
        id="a condition that holds",
    ),
    pytest.param(
        {**requiring('"{service}/Dockerfile.production": why'), **SERVICE, **OTHER, "compose.yaml": COMPOSE},
        ["api/package.json:1 high", "web/package.json:1 high"],
        id="a file of each service",
    ),
    pytest.param(
        {**requiring('"deploy/{name}.service": why'), **SERVICE},
        ["api/package.json:1 high"],
        id="a file called after a service",
    ),
    pytest.param(
        {**requiring('"{service}/a": {reason: why, when: "{service}/go.mod"}'), **SERVICE, "web/go.mod": "", **OTHER},
        ["web/package.json:1 high"],
        id="a condition that holds for one service",
    ),
    pytest.param(
        {NAME: "layout:\n  presets: [kustomize]\n", "k8s/base/kustomization.yaml": "a"},
        ["2 high", "2 high"],
        id="a preset",
    ),
    pytest.param(
        {
            NAME: "layout:\n  presets: kustomize\n  required:\n    k8s/base/kustomization.yaml: {reason: why, severity: info}\n"
        },
        ["2 high", "2 high", "4 info"],
        id="a preset, one of its entries stated anew",
    ),
]

SILENT = [
    pytest.param({**requiring("docs/runbook.md: why"), "docs/runbook.md": "a"}, id="a file"),
    pytest.param({**requiring("kubernetes/: why"), "kubernetes/base/a.yaml": "a"}, id="a folder"),
    pytest.param({**requiring("kubernetes: why"), "kubernetes/a.yaml": "a"}, id="a folder written without a slash"),
    pytest.param({**requiring("'deploy/*/up.sh': why"), "deploy/a/up.sh": "a"}, id="a pattern"),
    pytest.param({**requiring("'**/up.sh': why"), "deploy/a/up.sh": "a"}, id="a pattern at any depth"),
    pytest.param({**requiring("'deploy/*/': why"), "deploy/a/up.sh": "a"}, id="a pattern of folders"),
    pytest.param({**requiring("'app/[id]/page.tsx': why"), "app/[id]/page.tsx": "a"}, id="a name like a pattern"),
    pytest.param({**requiring("py.typed: why"), "py.typed": ""}, id="a file that is empty by right"),
    pytest.param(
        {**requiring("k8s: why"), "k8s/.gitkeep": "", "k8s/a.yaml": "a"}, id="a folder with more than a .gitkeep"
    ),
    pytest.param({**requiring("logs/.gitkeep: why"), "logs/.gitkeep": ""}, id="a .gitkeep that is asked for"),
    pytest.param({**requiring("a: {reason: why, or: [b, 'c*']}"), "cd": "a"}, id="one of several"),
    pytest.param(
        {**requiring("k8s/base/: {reason: why, when: k8s/}", "b: why"), "b": "a"}, id="a condition that fails"
    ),
    pytest.param(
        {**requiring('"{service}/Dockerfile": why'), **SERVICE, "api/Dockerfile": "FROM a"}, id="a file of each service"
    ),
    pytest.param(
        {**requiring('"{service}/a": why'), "package.json": SERVICE["api/package.json"], "a": "b"},
        id="a service in the root",
    ),
    pytest.param(
        {
            **requiring('"deploy/{name}.service": why'),
            "api/package.json": SERVICE["api/package.json"],
            "compose.yaml": COMPOSE.replace("  api:", "  backend:"),
            "deploy/backend.service": "[Service]\n",
        },
        id="a file called after a service as deployment calls it",
    ),
    pytest.param(
        {
            **requiring('"{service}/Dockerfile": why', more="services: {api: {image: external}}\n"),
            "deploy/a": "",
        },
        id="a service whose image is built elsewhere",
    ),
    pytest.param(
        {
            NAME: "layout:\n  presets: kustomize\n  not_required: [k8s/overlays/staging/kustomization.yaml]\n",
            "deploy/base/kustomization.yml": "a",
            "deploy/overlays/prod/kustomization.yaml": "a",
        },
        id="a preset without what is not required",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: Files, expected: list[str], tmp_path: Path) -> None:
    found = [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings(tmp_path, files)]
    assert [place.removeprefix(f"{NAME}:") for place in found] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: Files, tmp_path: Path) -> None:
    try:
        assert findings(tmp_path, files) == []
    except NotApplicable as reason:
        assert "is required of what is here" in str(reason)


@pytest.mark.parametrize(
    ("files", "message", "fix"),
    [
        pytest.param(
            requiring("docs/runbook.md: who is on call looks there"),
            "docs/runbook.md is required, which is not committed: who is on call looks there",
            "create and commit docs/runbook.md",
            id="nothing like it",
        ),
        pytest.param(
            {**requiring("compose.production.yaml: why"), "deploy/docker-compose.prod.yml": "a", "compose.yaml": "a"},
            "compose.production.yaml is required, which is not committed: why",
            "create and commit compose.production.yaml; the nearest that there is: deploy/docker-compose.prod.yml",
            id="the same in other words, in another folder",
        ),
        pytest.param(
            {**requiring("kubernetes/: why"), "infra/k8s/a.yaml": "a"},
            "kubernetes/ is required, which is not committed: why",
            "create and commit kubernetes/; the nearest that there is: infra/k8s",
            id="a folder in other words",
        ),
        pytest.param(
            {**requiring("deploy/production.sh: why"), "deploy/produktion.sh": "a", "deploy/README": "a"},
            "deploy/production.sh is required, which is not committed: why",
            "create and commit deploy/production.sh; the nearest that there is: deploy/produktion.sh",
            id="a slip in the same folder",
        ),
        pytest.param(
            {**requiring("Readme.md: why"), "README.md": "a"},
            "Readme.md is required, which is committed as README.md: why",
            "git mv README.md Readme.md",
            id="another case",
        ),
        pytest.param(
            {**requiring("a: {reason: why, or: [b, c, d, e]}"), "z": "z"},
            "a is required, which is not committed, nor is b, c, d or 1 more: why",
            "create and commit a",
            id="alternatives",
        ),
        pytest.param(
            {**requiring("k8s/: why"), "k8s/base/.gitkeep": "", "k8s/.keep": ""},
            "k8s/ is required, and the folder holds nothing but .gitkeep, .keep: why",
            "commit into k8s/ what belongs there",
            id="an empty shell",
        ),
        pytest.param(
            {**requiring("deploy/: why"), "deploy": "a"},
            "deploy/ is required, and deploy is a file: why",
            "make deploy/ a folder",
            id="a file in place of a folder",
        ),
        pytest.param(
            {**requiring("a/b: why"), "a/b": ""},
            "a/b is required, and a/b is empty: why",
            "write a/b",
            id="an empty file",
        ),
        pytest.param(
            {**requiring('"{service}/Dockerfile.production": why'), **SERVICE, "api/Dockerfile.prod": "FROM a"},
            f"api/Dockerfile.production is required of the service api ({NAME}:3), which is not committed: why",
            "create and commit api/Dockerfile.production; the nearest that there is: api/Dockerfile.prod",
            id="a file of a service",
        ),
    ],
)
def test_the_message_names_what_is_nearest(files: Files, message: str, fix: str, tmp_path: Path) -> None:
    found = findings(tmp_path, files)
    assert [(finding.message, finding.fix) for finding in found] == [(message, fix)]


@pytest.mark.parametrize(
    ("required", "nearest"),
    [
        ("compose.production.yaml", "compose.yaml"),
        ("src/services/api/", "api"),
        ("k8s/base/api/", None),
        ("api/Dockerfile.production", "api/Dockerfile"),
        ("api/packge.json", "api/package.json"),
    ],
)
def test_the_nearest(required: str, nearest: str | None, tmp_path: Path) -> None:
    names = ["compose.yaml", "compose.profiling.yaml", "api/Dockerfile", "api/Dockerfile.playwright"]
    entry = required.replace("/api/", "/{name}/").replace("api/", "{service}/")
    (finding,) = findings(tmp_path, {**requiring(f'"{entry}": why'), **SERVICE, **dict.fromkeys(names, "a")})
    assert finding.details["path"] == required
    assert finding.details["nearest"] == nearest


def test_what_belongs_to_another_service_is_not_the_nearest(tmp_path: Path) -> None:
    files = {**requiring('"{service}/Dockerfile.production": why'), **SERVICE, **OTHER}
    (finding,) = findings(tmp_path, {**files, "web/Dockerfile.production": "FROM a"})
    assert finding.details["nearest"] is None
    assert finding.details["service"] == "api"


@pytest.mark.parametrize(
    ("ignore", "message", "fix"),
    [
        ("", "docs/runbook.md is required, which is on disk but not committed: why", "git add docs/runbook.md"),
        (
            "docs/\n",
            "docs/runbook.md is required, which is on disk but ignored (.gitignore:1: docs/): why",
            "git add --force docs/runbook.md",
        ),
    ],
)
def test_what_is_only_on_disk_is_called_so(ignore: str, message: str, fix: str, tmp_path: Path) -> None:
    files = {**requiring("docs/runbook.md: why"), ".gitignore": ignore or "x\n"}
    (finding,) = findings(tmp_path, files, untracked={"docs/runbook.md": "a"})
    assert (finding.message, finding.fix) == (message, fix)


def test_an_alternative_on_disk_is_found_too(tmp_path: Path) -> None:
    files = requiring("a: {reason: why, or: b}")
    (finding,) = findings(tmp_path, files, untracked={"b": "b"})
    assert finding.message == "a is required, and b, which does as well, is on disk but not committed: why"


def test_a_submodule_may_hold_anything(tmp_path: Path) -> None:
    root = repository(tmp_path, {**requiring("charts/api/Chart.yaml: why", "b: why"), "b": "b"})
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},charts")
    assert list(check(Project(Repository(str(root)), load(str(root), None, ids())))) == []


def test_a_link_to_what_is_committed_will_do(tmp_path: Path) -> None:
    root = repository(tmp_path, {**requiring("kubernetes/base/: why"), "k8s/base/a.yaml": "a"})
    (root / "kubernetes").symlink_to("k8s")
    git(root, "add", "kubernetes")
    assert list(check(Project(Repository(str(root)), load(str(root), None, ids())))) == []


def test_without_a_layout_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="requires no structure"):
        findings(tmp_path, {"a": "a"})


def test_without_services_there_is_nothing_to_check_for_them(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="required of what is here"):
        findings(tmp_path, {**requiring('"{service}/a": why'), "a": "a"})


def test_a_service_that_is_only_stated_is_found_where_it_is_stated(tmp_path: Path) -> None:
    stated = requiring('"{service}/a": why', more="services:\n  api: {path: api}\n")
    (finding,) = findings(tmp_path, {**stated, "api/b": "b"})
    assert (finding.path, finding.line) == (NAME, 5)


def test_a_configuration_elsewhere_in_the_repository_is_named_from_the_root(tmp_path: Path) -> None:
    root = repository(tmp_path, {"tools/layout.yaml": requiring("a: why")[NAME], "b/c": "c"})
    process = run([*command("project-layout"), "--config", "../tools/layout.yaml"], root / "b")
    assert process.stdout.startswith("tools/layout.yaml:3:5: project-layout: a is required")


def test_an_ignore_in_the_configuration_suppresses_an_entry(tmp_path: Path) -> None:
    text = requiring("a: why  # shipworthy: ignore[project-layout] until June")[NAME]
    process = run(command("project-layout"), repository(tmp_path, {NAME: text}))
    assert (process.returncode, process.stdout) == (0, "no findings in 1 file, 1 suppressed\n")


@pytest.mark.parametrize("preset", presets())
def test_every_preset_can_be_met(preset: str, tmp_path: Path) -> None:
    """Writing what the findings ask for, and nothing else, ends them."""
    python = {
        "worker/pyproject.toml": "[project]\nname = 'worker'\n",
        "worker/main.py": "import flask\nflask.Flask('a').run()\n",
    }
    root = repository(
        tmp_path,
        {
            NAME: f"layout:\n  presets: {preset}\n",
            "src/services/api/package.json": SERVICE["api/package.json"],
            **python,
        },
    )
    assert findings(root, {})
    for _ in range(3):
        for finding in findings(root, {}):
            path = str(finding.details["path"])
            write(root, {path + "file" if path.endswith("/") else path: "content\n"})
        git(root, "add", "--all")
    assert findings(root, {}) == []
