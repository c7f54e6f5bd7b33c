"""The audit that a person wrote by hand, and the report of the same repository, row by row.

`tests/examples/production-readiness/fail/the-audited-monorepo` is rebuilt from the audit's tree and findings.
"""

from __future__ import annotations

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.readiness.model import COMPLETE, DOCUMENTED, MISSING, PARTIAL, Readiness
from shipworthy.repository import Repository
from shipworthy.run_report import report_of
from support import EXAMPLES
from test_examples import repository_of

AUDIT = [
    # The audit says "basic structure, 40 %": its stub is a finding of `no-stubs`, and tests have a row of their own.
    pytest.param("source", (PARTIAL,), id="source code"),
    pytest.param("database", (COMPLETE,), id="database schema"),
    pytest.param("compose-development", (COMPLETE,), id="Docker Compose (dev)"),
    pytest.param("compose-production", (MISSING,), id="Docker Compose (prod)"),
    pytest.param("dockerfiles", (MISSING,), id="Dockerfiles"),
    pytest.param("kubernetes", (MISSING,), id="Kubernetes manifests"),
    pytest.param("ci", (DOCUMENTED,), id="CI/CD"),
    pytest.param("scripts", (MISSING,), id="production scripts"),
    pytest.param("secrets", (DOCUMENTED,), id="secrets management"),
    pytest.param("monitoring", (DOCUMENTED,), id="monitoring"),
    pytest.param("network", (DOCUMENTED,), id="network policies"),
    pytest.param("backup", (DOCUMENTED,), id="backup and recovery"),
    # Not in the audit's table, and in its text.
    pytest.param("environment", (COMPLETE,), id="environment configuration, which it calls comprehensive"),
    pytest.param("documentation", (COMPLETE,), id="documentation, which it calls excellent"),
    pytest.param("tests", (MISSING,), id="tests, of which it says nothing"),
]
STACK = {
    "TypeScript": "5.3.3",
    "Turborepo": "1.12.0",
    "pnpm": "8.15.0",
    "Next.js": "14.1.0",
    "Tailwind CSS": "3.4.1",
    "Express": "4.18.2",
    "PostgreSQL": "15",
    "Prisma": "5.8.0",
    "Redis": "7",
}
"""What the audit lists and a committed file proves. The versions of Node.js and npm it took from a machine."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Readiness:
    case = EXAMPLES / "production-readiness" / "fail" / "the-audited-monorepo"
    root = repository_of(case, tmp_path_factory.mktemp("seed") / "repository")
    return report_of(Project(Repository(str(root)), Config()))


@pytest.mark.parametrize(("component", "statuses"), AUDIT)
def test_the_rows_agree(report: Readiness, component: str, statuses: tuple[str, ...]) -> None:
    made = report.component(component)
    assert made.status in statuses, made.reason
    if made.status in (MISSING, DOCUMENTED):
        assert made.percent == 0


def test_what_is_only_documented_names_the_document_that_the_audit_names(report: Readiness) -> None:
    documents = {
        "ci": "docs/V10_CICD_PIPELINE.md",
        "monitoring": "docs/V10_OPERATIONS_GUIDE.md",
        "network": "docs/V10_PRODUCTION_ARCHITECTURE.md",
        "backup": "docs/V10_OPERATIONS_GUIDE.md",
    }
    assert {id: report.component(id).evidence[0].path for id in documents} == documents


def test_the_verified_stack_is_proved(report: Readiness) -> None:
    found = {technology.name: technology for technology in report.stack}
    assert {name: found[name].version for name in STACK} == STACK
    assert all(technology.evidence for technology in report.stack)


def test_the_files_are_counted(report: Readiness) -> None:
    [source] = report.sources
    assert (source.language, source.files) == ("TypeScript", 16)
    counts = dict(source.folders)
    platform = "platforms/platform-1"
    assert counts[f"{platform}/packages/shared/src"] == 4
    assert counts[f"{platform}/apps/api/src"] == 1
    assert counts[f"{platform}/apps/web/src/app"] == 2
    for package in ("ai-engine", "governance", "semantic-engine", "ui"):
        assert counts[f"{platform}/packages/{package}/src"] == 2


def test_the_whole_is_blocked_and_what_unblocks_most_comes_first(report: Readiness) -> None:
    assert report.verdict == "blocked"
    assert report.percent is not None
    assert 30 <= report.percent <= 40  # the audit guesses "about 35 %"
    order = [one.component for one in report.recommendations]
    assert order[:3] == ["dockerfiles", "kubernetes", "compose-production"]
    assert report.recommendations[0].unblocks[:2] == ["compose-production", "kubernetes"]


def test_every_service_has_a_row(report: Readiness) -> None:
    assert [(service.name, service.cells["image"].status) for service in report.services] == [
        ("api", MISSING),
        ("web", MISSING),
    ]
