"""What `every-service-deployed` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.every_service_deployed import check
from support import repository

PACKAGE = '{\n  "dependencies": {"express": "5"},\n  "scripts": {\n    "start": "node dist/main.js"\n  }\n}\n'
SITE = '{\n  "private": true,\n  "scripts": {\n    "build": "vite build"\n  }\n}\n'
IMAGE = "FROM node:22\nEXPOSE 3000\n"
PROD = "services:\n  api:\n    build: services/api\n"
API = {"services/api/package.json": PACKAGE, "services/api/Dockerfile": IMAGE}
BILLING = {"services/billing/package.json": PACKAGE, "services/billing/Dockerfile": IMAGE}
BOTH = {**API, **BILLING, "compose.prod.yaml": PROD}
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: NAME\nspec:\n  template:\n    spec:\n      containers:\n"
    "        - image: registry.example.com/shop/NAME:1\n"
)
BILLING_TWIN = "services:\n  api:\n    build: services/api\n  billing:\n    build: services/billing\n"

# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(BOTH, ["services/billing/package.json:4 high"], id="a service that Compose does not have"),
    pytest.param(
        {**API, **BILLING, "k8s/api.yaml": DEPLOYMENT.replace("NAME", "api")},
        ["services/billing/package.json:4 high"],
        id="a service that Kubernetes does not have",
    ),
    pytest.param(
        {
            **BOTH,
            "k8s/api.yaml": DEPLOYMENT.replace("NAME", "api")
            + "          env: [{name: A, value: 'http://billing:80'}]\n",
        },
        ["services/billing/package.json:4 high"],
        id="a service whose address alone is mentioned",
    ),
    pytest.param(
        {**BOTH, "compose.dev.yaml": BILLING_TWIN},
        ["services/billing/package.json:4 high"],
        id="a service that only the file for development has",
    ),
    pytest.param(
        {**BOTH, "README.md": "billing sends invoices\n", "tests/run.sh": "start billing\n"},
        ["services/billing/package.json:4 high"],
        id="a service that documents and tests mention",
    ),
]

SILENT = [
    pytest.param({**BOTH, "compose.prod.yaml": BILLING_TWIN}, id="all services in Compose"),
    pytest.param({**BOTH, "k8s/billing.yaml": DEPLOYMENT.replace("NAME", "billing")}, id="the other in Kubernetes"),
    pytest.param({**BOTH, "services/billing/fly.toml": "app = 'billing'\n"}, id="the other on a platform"),
    pytest.param({**BOTH, "infra/main.tf": 'module "billing" {}\n'}, id="the other in Terraform"),
    pytest.param({**BOTH, "scripts/roll-out.sh": "for name in api billing; do push $name; done\n"}, id="a script"),
    pytest.param(
        {**BOTH, ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - run: docker build services/billing\n"},
        id="CI builds its image",
    ),
    pytest.param(
        {
            **API,
            **BILLING,
            **{
                f"services/{name}/{path}": text
                for name in ("cart", "web")
                for path, text in (("package.json", PACKAGE), ("Dockerfile", IMAGE))
            },
            **{f"k8s/{name}.yaml": DEPLOYMENT.replace("NAME", name) for name in ("api", "cart", "web")},
        },
        id="one of four that Kubernetes lacks, which `kubernetes-manifests` reports",
    ),
    pytest.param({**BOTH, "services/billing/deploy.sh": "ssh host\n"}, id="a script of its own"),
    pytest.param(
        {**BOTH, "compose.prod.yaml": PROD + "  billing-worker:\n    image: acme/jobs:1\n"},
        id="a name that begins like it",
    ),
    pytest.param({**API, "compose.prod.yaml": PROD, "services/billing/package.json": PACKAGE}, id="no image at all"),
    pytest.param(
        {**API, "compose.prod.yaml": PROD, "site/package.json": SITE, "site/index.html": "", "site/Dockerfile": IMAGE},
        id="a web site of plain files",
    ),
    pytest.param({**API, "compose.prod.yaml": PROD, "package.json": PACKAGE, "Dockerfile": IMAGE}, id="the root"),
    pytest.param(
        {**BOTH, ".shipworthy.yaml": "services:\n  billing: {path: services/billing, image: external}\n"},
        id="a service that is stated to be deployed elsewhere",
    ),
]


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert [f"{found.path}:{found.line} {found.severity}" for found in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_the_finding_says_where_the_others_are_deployed(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, BOTH)
    assert "nothing deploys the service billing: the script start starts a server (express)" in finding.message
    assert finding.fix is not None
    assert finding.fix.startswith("add billing to compose.prod.yaml, which deploys api")
    assert finding.details == {"service": "billing", "path": "services/billing"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param({"README.md": ""}, "no service", id="no service"),
        pytest.param({**API, **BILLING}, "nothing here deploys", id="no deployment"),
    ],
)
def test_where_nothing_is_deployed_there_is_nothing_to_judge(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    with pytest.raises(NotApplicable, match=reason):
        findings(tmp_path, files)
