"""What `images-built` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.images_built import check
from support import git, repository

PACKAGE = '{\n  "dependencies": {"express": "5"},\n  "scripts": {\n    "start": "node dist/main.js"\n  }\n}\n'
IMAGE = "FROM node:22\nEXPOSE 3000\n"
SOURCES = {
    "services/api/package.json": PACKAGE,
    "services/api/Dockerfile": IMAGE,
    "services/web/package.json": PACKAGE,
    "services/web/Dockerfile": IMAGE,
}
CI = ".github/workflows/release.yml"


def deployment(image: str, name: str = "api") -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"        - image: {image}\n"
    )


def workflow(step: str) -> str:
    return f"jobs:\n  release:\n    env:\n      REGISTRY: ghcr.io\n    steps:\n      - uses: docker/build-push-action@v6\n{step}"


BOTH = {
    **SOURCES,
    "k8s/api.yaml": deployment("ghcr.io/acme/shop/api:1"),
    "k8s/web.yaml": deployment("ghcr.io/acme/shop/web:1", "web"),
}
API_TAG = "        with:\n          tags: ghcr.io/acme/shop/api:1\n"
OWN = {**SOURCES, "k8s/api.yaml": deployment("ghcr.io/acme/api:1")}

# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(BOTH, ["k8s/api.yaml:9 high", "k8s/web.yaml:9 high"], id="images that nothing builds"),
    pytest.param({**BOTH, CI: workflow(API_TAG)}, ["k8s/web.yaml:9 high"], id="one image of two"),
    pytest.param(OWN, ["k8s/api.yaml:9 high"], id="an image under the name of the remote's owner"),
    pytest.param(
        {**OWN, CI: workflow("        with:\n          tags: ghcr.io/acme/shop-api:1\n")},
        ["k8s/api.yaml:9 high"],
        id="an image that is pushed under another name",
    ),
    pytest.param(
        {**OWN, CI: workflow("        with:\n          tags: ${{ env.REGISTRY }}/${{ github.repository }}:1\n")},
        ["k8s/api.yaml:9 high"],
        id="another name that is made of known variables",
    ),
    pytest.param(
        {**SOURCES, "compose.prod.yaml": "services:\n  api:\n    image: ${REGISTRY:-ghcr.io/acme}/api:${TAG}\n"},
        ["compose.prod.yaml:3 high"],
        id="an image of Compose with a default",
    ),
    pytest.param(
        {**SOURCES, "k8s/api.yaml": deployment("eu.gcr.io/project/api:1")},
        ["k8s/api.yaml:9 high"],
        id="a registry that belongs to whoever deploys",
    ),
    pytest.param(
        {"k8s/api.yaml": deployment("ghcr.io/your-org/api:1")}, ["k8s/api.yaml:9 high"], id="a placeholder as the owner"
    ),
]

SILENT = [
    pytest.param({**OWN, CI: workflow("        with:\n          tags: ghcr.io/acme/api:1\n")}, id="CI pushes it"),
    pytest.param(
        {
            **OWN,
            CI: workflow(
                "        with:\n          tags: |\n            ghcr.io/acme/x\n            ghcr.io/acme/api:${{ github.sha }}\n"
            ),
        },
        id="CI pushes it among others",
    ),
    pytest.param(
        {**OWN, CI: workflow("        with:\n          tags: ${{ env.REGISTRY }}/acme/${{ matrix.service }}:1\n")},
        id="CI pushes what a matrix names",
    ),
    pytest.param(
        {
            **OWN,
            CI: workflow("        with:\n          tags: ${{ env.REGISTRY }}/${{ github.repository_owner }}/api\n"),
        },
        id="CI pushes under the name of the owner",
    ),
    pytest.param({**OWN, "Makefile": "push:\n\tdocker build -t ghcr.io/acme/api .\n"}, id="a Makefile builds it"),
    pytest.param({**OWN, "build.sh": 'docker build -t "$1" .\n'}, id="a script builds whatever it is told to"),
    pytest.param(
        {**OWN, "compose.yaml": "services:\n  api:\n    build: services/api\n    image: ghcr.io/acme/api:1\n"},
        id="Compose builds it",
    ),
    pytest.param(
        {**OWN, "skaffold.yaml": "build:\n  artifacts:\n    - image: api\n      context: services/api\n"},
        id="Skaffold builds it and names it anew",
    ),
    pytest.param({**OWN, "README.md": "    docker push ghcr.io/acme/api:1\n"}, id="a document says how"),
    pytest.param({**SOURCES, "k8s/api.yaml": deployment("other/api:1")}, id="an image of somebody else"),
    pytest.param({**SOURCES, "k8s/api.yaml": deployment("api:1")}, id="an image without a registry"),
    pytest.param({**SOURCES, "k8s/api.yaml": deployment("${IMAGE}")}, id="a variable"),
    pytest.param({**SOURCES, "k8s/redis.yaml": deployment("redis:7", "redis")}, id="an official image"),
    pytest.param(
        {**OWN, ".shipworthy.yaml": "services:\n  api: {path: services/api, image: external}\n"},
        id="a service that is stated to be built elsewhere",
    ),
    pytest.param(
        {"k8s/api.yaml": deployment("ghcr.io/your-org/api:1"), "deploy.sh": "sed -i s/your-org/$ORG/ k8s/*.yaml\n"},
        id="a placeholder that a script replaces",
    ),
    pytest.param(
        {
            "k8s/api.yaml": deployment("your-org/api:1"),
            "k8s/kustomization.yaml": "resources: [api.yaml]\n"
            "images:\n  - name: your-org/api\n    newName: ghcr.io/acme/api\n",
        },
        id="a placeholder that a kustomization replaces",
    ),
    pytest.param(
        {
            "chart/Chart.yaml": "name: x\n",
            "chart/values.yaml": "image:\n  repository: ghcr.io/your-org/api\n",
            "k8s/x.yaml": deployment("redis:7"),
        },
        id="a placeholder in the values of a chart",
    ),
]


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    git(root, "remote", "add", "origin", "https://github.com/acme/store.git")
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert [f"{found.path}:{found.line} {found.severity}" for found in findings(tmp_path, files)] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(tmp_path: Path, files: dict[str, str]) -> None:
    assert findings(tmp_path, files) == []


def test_the_finding_points_at_the_name_and_counts_the_places(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, {**OWN, "k8s/job.yaml": deployment("ghcr.io/acme/api:2", "job")})
    assert (finding.path, finding.line, finding.column) == ("k8s/api.yaml", 9, 26)
    assert finding.message == "nothing here builds ghcr.io/acme/api, the image of the service api, which 2 places run"
    assert finding.details == {"image": "ghcr.io/acme/api"}


def test_where_no_image_is_pulled_there_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="no image"):
        findings(tmp_path, SOURCES)
