"""What makes Kubernetes objects that nobody can read here: templates and programs that something has to run first.

What they make is unknown, and nothing unknown is ever a finding; that it is unknown is said.
"""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.places import DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

HELM = "Helm"
JSONNET = "Jsonnet"
CUE = "CUE"
CDK8S = "cdk8s"
PULUMI = "Pulumi"
TERRAFORM = "Terraform"

_LANGUAGES = ((".jsonnet", JSONNET), (".libsonnet", JSONNET), (".cue", CUE))
_MARKS_OF_OBJECTS = (b"apiVersion", b"k.libsonnet", b"k8s")
_RESOURCES = (b'resource "kubernetes_', b'resource "helm_release"', b'resource "kubectl_manifest"')
_DEPENDENCIES = ("package.json", "requirements.txt", "pyproject.toml", "go.mod", "Pulumi.yaml")
"""Where a program of Pulumi says which providers it uses."""


class Unseen(NamedTuple):
    """A file that makes objects when ``by``, one of the names above, runs it."""

    by: str
    path: str


def unseen(project: Project) -> dict[str, Unseen]:
    """The first file of each kind that makes objects elsewhere: ``project.model(unseen)``."""
    found: dict[str, Unseen] = {}
    for path in project.model(files_besides_code):
        by = _by(path)
        if by is None or by in found or project.place_of(path) not in (PRODUCTION, DEVELOPMENT):
            continue
        if not project.config.excludes(path) and _makes_objects(project, by, path):
            found[by] = Unseen(by, path)
    return found


def unknown(project: Project) -> str:
    """What is to be said about the objects that nobody can read, beginning with a space; "" where there are none."""
    said = [f"what {found.by} makes of {found.path}" for found in project.model(unseen).values()]
    return f" (unknown: {', '.join(said)})" if said else ""


def _by(path: str) -> str | None:
    name = path.rpartition("/")[2]
    if name == "Chart.yaml" or name.startswith("helmfile.y"):
        return HELM
    if name == "cdk8s.yaml":
        return CDK8S
    if name == "Pulumi.yaml":
        return PULUMI
    if name.endswith(".tf"):
        return TERRAFORM
    return next((by for ending, by in _LANGUAGES if name.endswith(ending)), None)


def _makes_objects(project: Project, by: str, path: str) -> bool:
    if by in (JSONNET, CUE):
        return _holds(project, path, _MARKS_OF_OBJECTS)
    if by == TERRAFORM:
        return _holds(project, path, _RESOURCES)
    if by == PULUMI:
        folder = path.removesuffix("Pulumi.yaml")
        return any(_holds(project, folder + name, (b"kubernetes",)) for name in _DEPENDENCIES)
    return True


def _holds(project: Project, path: str, marks: tuple[bytes, ...]) -> bool:
    try:
        data = project.open(path).data
    except (KeyError, OSError):
        return False
    return any(mark in data for mark in marks)
