"""Folders that say that Kubernetes deploys this repository, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.kubernetes.kustomize import NAMES, Kustomization, kustomizations
from shipworthy.deployment.kubernetes.objects import Object, objects
from shipworthy.deployment.services import services
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FOLDER = lazy(
    r"(?:^|/)(?:k8s|kubernetes|kube|kustomize|helm|charts?|k8s[-_]manifests|kubernetes[-_]manifests)/", re.IGNORECASE
)
_PLACEHOLDERS = frozenset({".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty", "placeholder", ".dummy"})
_MANIFESTS = (".yaml", ".yml")
_FILLED_LATER = lazy(r"(?:base|overlays?|envs?|environments?|prod|production|staging|stage|common|components?)")
_LARGEST_PLACEHOLDER = 20_000
_MARKS = lazy(r"todo|tbd|fixme|placeholder|coming soon|add .{0,40}here|to be (?:added|done|defined)", re.IGNORECASE)

HOLDS_NOTHING = "nothing"
HOLDS_NAMESPACES = "namespaces"


class Shell(NamedTuple):
    """A folder that declares Kubernetes and deploys nothing.

    ``what`` is `HOLDS_NOTHING` or `HOLDS_NAMESPACES`, ``proof`` the file that shows it.
    """

    folder: str
    proof: str
    what: str


class Gap(NamedTuple):
    """A manifest that holds no object. ``is_blank`` tells that it has no comment either."""

    path: str
    is_blank: bool


class Content:
    """What each file below a Kubernetes folder amounts to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.with_objects: dict[str, list[Object]] = {}
        for object in project.model(objects):
            self.with_objects.setdefault(object.path, []).append(object)
        self.folders: dict[str, list[str]] = {}
        for path in project.repository.paths:
            folder = _FOLDER.search(path) if "/" in path else None
            if (
                folder
                and project.place_of(path) in (PRODUCTION, DEVELOPMENT, "documentation")
                and not project.config.excludes(path)
            ):
                self.folders.setdefault(path[: folder.end() - 1], []).append(path)

    def is_placeholder(self, path: str) -> bool:
        """Whether a file stands for nothing: a mark that keeps a folder, or a manifest without a word."""
        name = path.rpartition("/")[2].lower()
        if name in _PLACEHOLDERS:
            return True
        return self.is_manifest(path) and path not in self.with_objects and self.gap(path) is not None

    def is_manifest(self, path: str) -> bool:
        """Whether the path is one of YAML."""
        return path.lower().endswith(_MANIFESTS)

    def gap(self, path: str) -> Gap | None:
        """The manifest as one that says nothing; None where it says something."""
        if self.project.repository.size(path) > _LARGEST_PLACEHOLDER:
            return None
        try:
            text = self.project.open(path).text
        except (KeyError, OSError, Unreadable):
            return None
        lines = [line.strip() for line in text.splitlines()]
        said = [line for line in lines if line and line not in ("---", "...")]
        if any(not line.startswith("#") for line in said):
            return None
        return Gap(path, not said)


def content(project: Project) -> Content:
    """The Kubernetes folders: ``project.model(content)``."""
    return Content(project)


def shells(project: Project) -> Iterator[Shell]:
    """The outermost Kubernetes folders that hold placeholders, or nothing but a namespace."""
    known = project.model(content)
    has_workloads = any(_runs_something(object) for found in known.with_objects.values() for object in found)
    for folder, paths in known.folders.items():
        told = [path for path in paths if not _is_document(path)]
        placeholders = [path for path in told if known.is_placeholder(path)]
        if told and len(placeholders) == len(told):
            yield Shell(folder, _first(placeholders), HOLDS_NOTHING)
        elif not has_workloads and (namespaces := _lone_namespaces(known, told)):
            yield Shell(folder, namespaces, HOLDS_NAMESPACES)


def _is_document(path: str) -> bool:
    return path.lower().endswith((".md", ".txt", ".adoc", ".rst")) or path.rpartition("/")[2].upper().startswith(
        "README"
    )


def _first(paths: list[str]) -> str:
    """The placeholder that shows best what is missing: a manifest, otherwise a mark."""
    return min(paths, key=lambda path: (not path.lower().endswith(_MANIFESTS), path))


def _runs_something(object: Object) -> bool:
    return object.kind not in (
        "Namespace",
        "Kustomization",
        "ResourceQuota",
        "LimitRange",
        "Role",
        "RoleBinding",
        "ServiceAccount",
    )


def _lone_namespaces(known: Content, paths: list[str]) -> str:
    """The path of the Namespace, where a folder holds nothing else but placeholders and kustomizations; or ""."""
    found = ""
    for path in paths:
        here = known.with_objects.get(path, [])
        if here and all(object.kind == "Namespace" for object in here):
            found = found or path
        elif path.rpartition("/")[2] not in NAMES and not known.is_placeholder(path):
            return ""
    return found


def empty_parts(project: Project) -> Iterator[Shell]:
    """Folders of services and of overlays that hold only placeholders, below a Kubernetes folder that holds more."""
    known = project.model(content)
    empty = {shell.folder for shell in shells(project)}
    for folder, paths in known.folders.items():
        if folder in empty:
            continue
        children: dict[str, list[str]] = {}
        for path in paths:
            parent = path.rpartition("/")[0]
            while len(parent) > len(folder):
                children.setdefault(parent, []).append(path)
                parent = parent.rpartition("/")[0]
        for child, below in sorted(children.items()):
            if child.rpartition("/")[0] in empty or any(child.startswith(other + "/") for other in empty):
                continue
            name = child.rpartition("/")[2]
            if all(known.is_placeholder(path) for path in below) and (
                _FILLED_LATER.fullmatch(name.lower()) or project.model(services).find(name) is not None
            ):
                empty.add(child)
                yield Shell(child, _first(below), HOLDS_NOTHING)


def gaps(project: Project) -> Iterator[Gap]:
    """Blank manifests, and those whose comments say that they are to be written, in folders that hold others."""
    known = project.model(content)
    empty = tuple(shell.folder + "/" for shell in (*shells(project), *empty_parts(project)))
    for paths in known.folders.values():
        for path in paths:
            if not known.is_manifest(path) or path in known.with_objects or path.startswith(empty):
                continue
            gap = (
                known.gap(path)
                if "/templates/" not in path and not path.rpartition("/")[2].startswith(("values", "."))
                else None
            )
            if gap is not None and (gap.is_blank or _MARKS.search(project.open(path).text)):
                yield gap


def unfilled(project: Project) -> Iterator[Kustomization]:
    """The kustomizations that make no object at all."""
    for kustomization in project.model(kustomizations).values():
        is_ours = project.place_of(kustomization.path) in (PRODUCTION, DEVELOPMENT)
        if is_ours and not kustomization.is_component and not kustomization.makes_objects:
            yield kustomization
