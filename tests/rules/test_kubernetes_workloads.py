from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.kubernetes_workloads import check
from support import repository

SIZED = "resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}"
PROBE = "readinessProbe: {httpGet: {path: /ready, port: 80}}"
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {selector: {app: api}, ports: [{port: 80}]}\n---\n"
)
RANGE = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: all}\nspec: {limits: []}\n---\n"
SIZER = "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: api}\nspec: {targetRef: {kind: Deployment, name: api}}\n---\n"
PINNED = "example.com/api:1.4.2"


def workload(*lines: str, image: str = PINNED, kind: str = "Deployment", more: str = "", name: str = "api") -> str:
    """A workload whose container has these lines; ``more`` are further containers."""
    held = "".join(f"          {line}\n" for line in lines)
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n"
        f"        - name: {name}\n          image: {image}\n{held}{more}---\n"
    )


def container(name: str, *lines: str) -> str:
    return f"        - name: {name}\n          image: {PINNED}\n" + "".join(f"          {line}\n" for line in lines)


def found(directory: Path, files: Mapping[str, str]) -> list[Finding]:
    return list(check(Project(Repository(str(repository(directory, files))), Config())))


# manifests, what each container lacks
FIRES = [
    pytest.param(workload(), ["requests, memory limit"], id="no resources"),
    pytest.param(workload("resources: {requests: {cpu: 1}}"), ["memory limit"], id="no memory limit"),
    pytest.param(workload(SIZED) + SERVICE, ["readiness probe"], id="no probe behind a Service"),
    pytest.param(workload(SIZED, image="example.com/api"), ["pinned image"], id="no tag"),
    pytest.param(workload(SIZED, image="example.com/api:latest"), ["pinned image"], id="latest"),
    pytest.param(workload(SIZED, image="redis:alpine"), ["pinned image"], id="a variant without a version"),
    pytest.param(
        workload(SIZED, more=container("logger")),
        ["requests, memory limit"],
        id="one of two containers without resources",
    ),
    pytest.param(workload(kind="StatefulSet"), ["requests, memory limit"], id="a StatefulSet"),
    pytest.param(
        workload(SIZED, "ports: [{containerPort: 80}]", more=container("auth-proxy", SIZED)) + SERVICE,
        ["readiness probe"],
        id="the container behind the Service beside a proxy",
    ),
]

SILENT = [
    pytest.param({"k.yaml": workload(SIZED, PROBE) + SERVICE}, id="everything"),
    pytest.param({"k.yaml": workload(SIZED)}, id="no probe where no Service selects"),
    pytest.param({"k.yaml": workload("resources: {limits: {memory: 64Mi}}")}, id="a limit that is the request too"),
    pytest.param({"k.yaml": workload() + RANGE}, id="a LimitRange"),
    pytest.param({"k.yaml": workload("resources: {limits: {memory: 64Mi}}") + SIZER}, id="a VerticalPodAutoscaler"),
    pytest.param(
        {
            "k.yaml": workload(SIZED).replace("kind: Deployment", "kind: Job").replace("apps/v1", "batch/v1"),
            "w.yaml": workload(SIZED, name="w"),
        },
        id="a job",
    ),
    pytest.param({"k.yaml": workload(kind="Job").replace("apps/v1", "batch/v1")}, id="a job without resources"),
    pytest.param({"k.yaml": workload(SIZED, image="postgres:16")}, id="a major version"),
    pytest.param({"k.yaml": workload(SIZED, image="example.com/api:${TAG}")}, id="a tag that a variable gives"),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\nimages:\n- {name: example.com/api, newTag: 1.4.2}\n",
            "k.yaml": workload(SIZED, image="example.com/api"),
        },
        id="a tag that a kustomization sets",
    ),
    pytest.param(
        {"k.yaml": workload(SIZED, image="api"), "skaffold.yaml": "build:\n  artifacts:\n  - image: api\n"},
        id="Skaffold",
    ),
    pytest.param(
        {
            "k.yaml": workload(SIZED, image="example.com/api:latest"),
            ".github/workflows/cd.yml": "run: kubectl set image deployment/api api=example.com/api:$SHA\n",
        },
        id="a pipeline that sets the image",
    ),
    pytest.param(
        {
            "kustomization.yaml": "resources: [k.yaml]\npatches: [{path: p.yaml}]\n",
            "k.yaml": workload(),
            "p.yaml": workload(SIZED),
        },
        id="resources that a patch adds",
    ),
    pytest.param(
        {"k.yaml": workload().replace("  selector: {matchLabels: {app: api}}\n", "")}, id="a part for a patch"
    ),
    pytest.param({"k.yaml": workload().replace("  selector:", "  replicas: 0\n  selector:")}, id="no replica"),
    pytest.param(
        {"k.yaml": workload(SIZED, PROBE, more=container("b", SIZED, "ports: [{containerPort: 80}]")) + SERVICE},
        id="a pod whose other container is probed",
    ),
    pytest.param({"tests/k.yaml": workload(), "k.yaml": workload(SIZED)}, id="a manifest for tests"),
    pytest.param(
        {
            "k.yaml": workload(SIZED, image="example.com/api:latest"),
            ".github/workflows/cd.yml": 'run: sed -i "s|api:latest|api:$SHA|" k.yaml && kubectl apply -f k.yaml\n',
        },
        id="a pipeline that writes the tag with sed",
    ),
]


@pytest.mark.parametrize(("manifests", "expected"), FIRES)
def test_fires(manifests: str, expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, {"k8s/all.yaml": manifests})
    assert [", ".join(finding.details["missing"]) for finding in findings] == expected  # type: ignore[arg-type]
    assert {finding.severity for finding in findings} == {"high"}


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_the_message_names_the_image(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"k.yaml": workload(SIZED, image="example.com/api:latest")})
    assert (finding.line, finding.column) == (11, 18)
    assert "example.com/api:latest" in finding.message


def test_a_repository_without_workloads_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable):
        found(tmp_path, {"k.yaml": SERVICE})
