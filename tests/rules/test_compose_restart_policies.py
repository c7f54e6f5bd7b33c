from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.compose_restart_policies import check
from support import repository

PROD = "compose.prod.yaml"
ONLY = "compose.yaml"


def compose(service: str, rest: str = "", name: str = "api") -> str:
    """A Compose file with one service."""
    lines = "".join(f"    {line}\n" for line in service.splitlines())
    return f"services:\n  {name}:\n{lines}{rest}"


def prod(service: str, rest: str = "", name: str = "api") -> dict[str, str]:
    return {PROD: compose(service, rest, name)}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(prod("image: a:1"), ["compose.prod.yaml:2 medium"], id="no policy"),
    pytest.param({ONLY: compose("image: a:1")}, ["compose.yaml:2 info"], id="a file that nothing calls production"),
    pytest.param(
        prod("image: a:1\nrestart: 'no'\nports: ['80:80']"),
        ["compose.prod.yaml:4 medium"],
        id="a server that never restarts",
    ),
    pytest.param(prod("image: a:1\nrestart: no"), ["compose.prod.yaml:4 medium"], id="a plain no"),
    pytest.param(prod("image: a:1\nrestart: '${R:-no}'"), ["compose.prod.yaml:4 medium"], id="a default of no"),
    pytest.param(
        prod("image: a:1\ndeploy: {restart_policy: {condition: none}}"),
        ["compose.prod.yaml:4 medium"],
        id="a deployment that never restarts",
    ),
    pytest.param(
        prod("image: a:1\ndeploy: {restart_policy: {condition: '${C:-none}'}}"),
        ["compose.prod.yaml:4 medium"],
        id="a deployment whose default is none",
    ),
    pytest.param(
        prod("image: a:1\nrestart: always\ndeploy: {restart_policy: {condition: none}}"),
        ["compose.prod.yaml:5 medium"],
        id="what stands below deploy comes first",
    ),
    pytest.param(
        {ONLY: compose("image: a:1\nrestart: always"), PROD: compose("restart: !reset null")},
        ["compose.prod.yaml:2 medium"],
        id="a policy that production takes away",
    ),
    pytest.param(
        prod("image: a:1\nports: ['80:80']", name="setup"),
        ["compose.prod.yaml:2 medium"],
        id="a server with the name of a job",
    ),
]

SILENT = [
    pytest.param(
        prod("image: a:1\nrestart: 'no'\ndeploy: {restart_policy: {condition: any}}"), id="a policy below deploy alone"
    ),
    pytest.param(prod("image: a:1\nrestart: unless-stopped"), id="unless stopped"),
    pytest.param(prod("image: a:1\nrestart: on-failure:3"), id="after failures"),
    pytest.param(prod("image: a:1\nrestart: ${RESTART}"), id="a variable"),
    pytest.param(prod("image: a:1\ndeploy: {restart_policy: {condition: any}}"), id="a deployment's policy"),
    pytest.param(
        {ONLY: compose("image: a:1\nrestart: always"), PROD: compose("labels: {a: b}")}, id="a policy of the base file"
    ),
    pytest.param({"docker-stack.yml": compose("image: a:1")}, id="a swarm restarts by default"),
    pytest.param(
        prod(
            "image: a:1\nrestart: always\ndepends_on: {job: {condition: service_completed_successfully}}",
            "  job:\n    image: b:1\n",
        ),
        id="a job that another service waits for",
    ),
    pytest.param(prod("image: a:1", name="db-migrate"), id="a migration"),
    pytest.param(prod("image: a:1\nprofiles: [ops]"), id="a job that somebody starts by hand"),
    pytest.param(prod("image: a:1\nprofiles: [vault]\nrestart: 'no'"), id="a profile that never restarts"),
    pytest.param(prod("image: a:1\nprofiles: [dev]"), id="a profile for development"),
    pytest.param(prod("image: a:1", name="performance-tests"), id="tests"),
    pytest.param(prod("image: certbot/certbot:v3\ncommand: certonly --webroot"), id="a certificate of the first day"),
    pytest.param({"compose.dev.yaml": compose("image: a:1")}, id="development"),
    pytest.param({"tests/compose.prod.yaml": compose("image: a:1")}, id="a test"),
    pytest.param(prod("provider: {type: model}"), id="a service that is no container"),
    pytest.param(
        {"compose.prod.yml.j2": "services:\n{% for s in all %}\n  {{ s }}:\n    image: a:1\n{% endfor %}\n"},
        id="a template",
    ),
    pytest.param(prod("extends: {file: '${BASE}/a.yml', service: api}\nimage: a:1"), id="a base that nobody knows"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = [f"{one.path}:{one.line} {one.severity}" for one in findings(tmp_path, files)]
    assert found == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    try:
        found = findings(tmp_path, files)
    except NotApplicable:
        found = []
    assert found == []


def test_a_service_of_several_sets_is_reported_once(tmp_path: Path) -> None:
    files = {
        ONLY: compose("image: a:1"),
        PROD: compose("labels: {a: b}"),
        "compose.more.yaml": compose("labels: {c: d}"),
        "deploy.sh": f"docker compose -f {ONLY} -f {PROD} up -d\n"
        f"docker compose -f {ONLY} -f {PROD} -f compose.more.yaml up -d\n",
    }
    (finding,) = findings(tmp_path, files)
    assert (finding.path, finding.line) == ("compose.more.yaml", 2)


def test_the_message_says_what_to_add(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, prod("image: a:1"))
    assert finding.message == "the service api has no restart policy: it stays down after a crash or a reboot"
    assert finding.fix == "add restart: unless-stopped to api"


def test_a_repository_without_compose_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        findings(tmp_path, {"main.py": "print(1)\n"})
