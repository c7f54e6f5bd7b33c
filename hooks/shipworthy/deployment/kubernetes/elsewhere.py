"""Whether something outside of the manifests creates an object: a command, a program, an instruction in a document."""

from __future__ import annotations

from collections.abc import Callable

from shipworthy.deployment.mentions import Line, lines_with
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MOST_NAMES = 300
"""Names that are looked up in all files; whatever refers to more of them is not judged any further."""
_CREATES = lazy(
    r"\b(?:kubectl|oc|eksctl|helm|kustomize|argocd|flux|linkerd|istioctl|kubeseal|cmctl)\b"
    r"|\bcreate\b|kubernetes_|Kubernetes|\bapply\b|generic|from-literal|from-file|serviceAccount|ServiceAccount"
    r"|ConfigMap|configMap|Secret|secretName|stringData|\bmetadata\b",
)
"""Stands near the name of an object where a script, a program or a document says how it comes to be."""
_MANIFEST = (".yaml", ".yml")
_NOT_CODE = (".json", ".lock", ".svg", ".csv", ".html", ".css")
_CI_FOLDERS = (".github/", ".gitlab", ".circleci/", ".azure", ".tekton/", ".buildkite/")


class Elsewhere:
    """What is created elsewhere, each name looked up once: ``project.model(Elsewhere)``."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._made: dict[str, bool] = {}
        self._installed: dict[str, bool] = {}

    def makes(self, name: str) -> bool:
        """Whether a file that is no manifest tells that an object of this name is created, or nobody can tell."""
        return self._answer(self._made, name, _tells)

    def installs(self, value: str) -> bool:
        """Whether a command installs a chart for what has a label of this value, or nobody can tell."""
        return self._answer(self._installed, value, _installs)

    def _answer(self, known: dict[str, bool], name: str, tells: Callable[[Line], bool]) -> bool:
        if name not in known:
            if len(known) >= MOST_NAMES:
                return True
            known[name] = any(tells(line) for line in lines_with(self._project, name))
        return known[name]


def _tells(line: Line) -> bool:
    if line.path.endswith(_NOT_CODE):
        return False
    if line.path.endswith(_MANIFEST) and not _is_pipeline(line.path):
        return False
    if line.path.endswith((".jsonnet", ".libsonnet", ".cue", ".k", ".tf", ".dhall")):
        return True
    return _CREATES.search(f"{line.before}\n{line.text}\n{line.after}") is not None


def _installs(line: Line) -> bool:
    return "helm " in line.text or "helm_release" in line.before + line.text


def _is_pipeline(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.startswith(_CI_FOLDERS) or name.startswith(
        ("azure-pipelines", "Taskfile", "cloudbuild", "skaffold", "buildspec")
    )
