"""Folders that say that Kubernetes deploys this repository, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.besides_code import paths_besides_code
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.kubernetes.kustomize import (
    COMPONENT,
    MANIFEST,
    NAMES,
    Kustomization,
    closure,
    kustomizations,
)
from shipworthy.deployment.kubernetes.objects import Object, objects
from shipworthy.deployment.kubernetes.unseen import unseen
from shipworthy.deployment.services import services
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT, DOCUMENTATION, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FOLDER = lazy(
    r"(?:^|/)(?:k8s|kubernetes|kube|kustomize|helm|charts?|k8s[-_]manifests|kubernetes[-_]manifests"
    r"|(?:manifests|deploy\w*)(?=/(?:base|overlays?)/))/",
    re.IGNORECASE,
    holding=("k8s", "kube", "kustomize", "helm", "chart", "manifests", "deploy"),
)
_MANIFEST = lazy(r"[^/]*(?:deployment|statefulset|service|ingress|namespace|kustomization)[^/]*\.ya?ml", re.IGNORECASE)
_CHARTS = lazy(r"(?:^|/)charts?$", re.IGNORECASE)
"""Folders that may be about diagrams as well."""
_OF_PROGRAMS = lazy(r"(?:^|/)(?:terraform|tofu|pulumi|ansible|modules|roles|src|components|app|lib)/", re.IGNORECASE)
"""Folders whose parts are called after what they are about."""
_PLACEHOLDERS = frozenset({".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty", "placeholder", ".dummy"})
_MANIFESTS = (".yaml", ".yml")
_FILLED_LATER = lazy(r"(?:base|overlays?|envs?|environments?|prod|production|staging|stage|common|components?)")
_TOPICS = lazy(
    r"(?:database|db|postgres\w*|mysql|mongo\w*|redis|cache|queue|kafka|rabbitmq|qdrant|elasticsearch|hpa|autoscal\w*"
    r"|monitoring|observability|logging|rbac|network-?polic(?:y|ies)|backups?|ingress|secrets?|config-?maps?|storage"
    r"|volumes|jobs|cronjobs|services?|deployments?|statefulsets?|namespaces?)"
)
"""Folders that say what is to come."""
_DEPENDS = lazy(r"^dependencies:|^type:\s*[\"']?library", re.MULTILINE)
"""Stands in a Chart.yaml that needs no template of its own."""
_LARGEST_PLACEHOLDER = 20_000
_MARKS = lazy(r"todo|tbd|fixme|placeholder|coming soon|add .{0,40}here|to be (?:added|done|defined)", re.IGNORECASE)
_APPLIED_WITHOUT_MANIFESTS = (
    "helm upgrade\nhelm install\nargocd app create\nkubectl create deployment\nkubectl run\nkustomize build http"
)
"""What brings workloads that no file of the repository describes, one a line."""

HOLDS_NOTHING = "nothing"
HOLDS_NAMESPACES = "namespaces"
HOLDS_NO_TEMPLATE = "no template"


class Shell(NamedTuple):
    """A folder that declares Kubernetes and deploys nothing.

    ``what`` is one of `HOLDS_NOTHING` to `HOLDS_NO_TEMPLATE`, ``proof`` the file that shows it. ``is_whole`` tells that
    nothing around it deploys anything, ``is_promised`` that it is no more than a topic.
    """

    folder: str
    proof: str
    what: str
    is_whole: bool = False
    is_promised: bool = False


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
        self.kustomizations = {found.path: found for found in project.model(kustomizations).values()}
        self.folders: dict[str, list[str]] = {}
        outermost: dict[str, str] = {}
        for path in project.repository.paths:
            directory, slash, name = path.rpartition("/")
            if not slash:
                continue
            if directory not in outermost:
                outermost[directory] = self._outermost(directory)
            folder = outermost[directory]
            if not folder and directory[-9:].lower() == "manifests" and _is_of_manifests(directory, name):
                folder = directory
            if folder and not project.config.excludes(path):
                self.folders.setdefault(folder, []).append(path)

    def _outermost(self, directory: str) -> str:
        """The outermost folder on the way to a directory that says Kubernetes; "" where none does."""
        found = _FOLDER.search(directory + "/")
        folder = (directory + "/")[: found.end() - 1] if found else ""
        return folder if folder and self._is_ours(folder) else ""

    def _is_ours(self, folder: str) -> bool:
        """Whether a folder is one that a team deploys from."""
        around = folder.rpartition("/")[0] + "/"
        return (
            self.project.place_of(folder + "/any.yaml") in (PRODUCTION, DEVELOPMENT)
            and not _OF_PROGRAMS.search(around)
            and around + "Chart.yaml" not in self.project.repository
        )

    def is_placeholder(self, path: str) -> bool:
        """Whether a file stands for nothing: a mark that keeps a folder, a manifest without a word."""
        name = path.rpartition("/")[2].lower()
        if name in _PLACEHOLDERS:
            return True
        if path in self.kustomizations:
            return self.is_hollow(self.kustomizations[path])
        return self.is_manifest(path) and path not in self.with_objects and self.gap(path) is not None

    def is_hollow(self, kustomization: Kustomization) -> bool:
        """Whether a kustomization makes no object: it names nothing, or only others that do not either."""
        known = self.project.model(kustomizations)
        for part in closure(known, kustomization):
            named = [entry.path for entry in part.entries if entry.kind in (MANIFEST, COMPONENT)]
            if part.makes_by_itself or any(path not in known for path in named):
                return False
        return not kustomization.is_component

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


def _is_of_manifests(directory: str, name: str) -> bool:
    """Whether a file lies in a folder of manifests, and is called like one."""
    return directory.rpartition("/")[2].lower() == "manifests" and _MANIFEST.fullmatch(name) is not None


def content(project: Project) -> Content:
    """The Kubernetes folders: ``project.model(content)``."""
    return Content(project)


def shells(project: Project) -> list[Shell]:
    """The outermost Kubernetes folders that hold placeholders or a lone namespace: ``project.model(shells)``."""
    known = project.model(content)
    found: list[Shell] = []
    for folder, paths in known.folders.items():
        told = [path for path in paths if not _is_document(path)]
        placeholders = [path for path in told if known.is_placeholder(path)]
        if told and len(placeholders) == len(told):
            proof = _first(placeholders)
            if known.is_manifest(proof) or not _CHARTS.search(folder):
                found.append(Shell(folder, proof, HOLDS_NOTHING, is_whole=True))
        elif (namespaces := _lone_namespaces(known, told)) and _is_all(known):
            found.append(Shell(folder, namespaces, HOLDS_NAMESPACES, is_whole=True))
    return found


def _is_all(known: Content) -> bool:
    """Whether nothing runs but what the manifests of the repository say."""
    project = known.project
    runs = any(_runs_something(object) for found in known.with_objects.values() for object in found)
    return (
        not runs
        and not project.model(unseen)
        and not any(
            project.place_of(path) != DOCUMENTATION
            for path in project.repository.containing(_APPLIED_WITHOUT_MANIFESTS)
        )
    )


def _is_document(path: str) -> bool:
    return path.lower().endswith((".md", ".txt", ".adoc", ".rst")) or path.rpartition("/")[2].upper().startswith(
        "README"
    )


def _first(paths: list[str]) -> str:
    """The placeholder that shows best what is missing: a manifest, otherwise a mark."""
    return min(paths, key=lambda path: (not path.lower().endswith(_MANIFESTS), path))


def _runs_something(object: Object) -> bool:
    return object.kind not in _SETTINGS


_SETTINGS = frozenset("Namespace Kustomization ResourceQuota LimitRange Role RoleBinding ServiceAccount".split())
"""Kinds that run nothing."""
_OF_NAMESPACES = frozenset({"Namespace", "ResourceQuota", "LimitRange"})


def _lone_namespaces(known: Content, paths: list[str]) -> str:
    """The path of the Namespace, where a folder holds nothing else but placeholders and kustomizations; or ""."""
    found = ""
    for path in paths:
        here = known.with_objects.get(path, [])
        if here and all(object.kind in _OF_NAMESPACES for object in here):
            found = found or path
        elif path.rpartition("/")[2] not in NAMES and not known.is_placeholder(path):
            return ""
    return found


def empty_parts(project: Project) -> list[Shell]:
    """Parts that hold only placeholders, of Kubernetes folders that hold more: ``project.model(empty_parts)``.

    They are overlays, services and topics.
    """
    known = project.model(content)
    empty = {shell.folder for shell in project.model(shells)}
    found: list[Shell] = []
    for folder, paths in known.folders.items():
        if folder in empty:
            continue
        for child, below in sorted(_parts(folder, paths).items()):
            if _is_within(child, empty) or not all(map(known.is_placeholder, below)):
                continue
            name = child.rpartition("/")[2]
            is_part = _FILLED_LATER.fullmatch(name.lower()) or project.model(services).find(name) is not None
            if is_part or _TOPICS.fullmatch(name.lower()):
                empty.add(child)
                found.append(Shell(child, _first(below), HOLDS_NOTHING, is_promised=not is_part))
    return found


def _is_within(folder: str, others: set[str]) -> bool:
    """Whether a folder lies in one of others."""
    parent = folder.rpartition("/")[0]
    while parent and parent not in others:
        parent = parent.rpartition("/")[0]
    return bool(parent)


def _parts(folder: str, paths: list[str]) -> dict[str, list[str]]:
    """The folders below a folder with the paths below each of them."""
    found: dict[str, list[str]] = {}
    for path in paths:
        parent = path.rpartition("/")[0]
        while len(parent) > len(folder):
            found.setdefault(parent, []).append(path)
            parent = parent.rpartition("/")[0]
    return found


def hollow_charts(project: Project) -> Iterator[Shell]:
    """The charts without a template, without a dependency and without other charts within: they deploy nothing."""
    known = project.model(content)
    for path in project.model(paths_besides_code):
        folder, _, name = path.rpartition("/")
        if name != "Chart.yaml" or project.place_of(path) not in (PRODUCTION, DEVELOPMENT):
            continue
        said = text_of(project, path)
        is_filled = _DEPENDS.search(said) or f"{folder}/requirements.yaml".lstrip("/") in project.repository
        if project.config.excludes(path) or not said.strip() or is_filled:
            continue
        within = project.repository.below(folder)
        template = f"{folder}/templates/any.yaml".lstrip("/")
        is_made = any(_is_rendered(known, folder, other) for other in within)
        if not is_made and not project.repository.ignored_by([template]):
            yield Shell(folder, path, HOLDS_NO_TEMPLATE)


def _is_rendered(known: Content, folder: str, path: str) -> bool:
    """Whether Helm makes objects of a file of a chart: of its templates, its definitions, or a chart within it.

    A link in place of one of these folders leads to what nobody looks at here.
    """
    inner = path.removeprefix(folder).lstrip("/")
    top, _, rest = inner.partition("/")
    is_helper = rest.rpartition("/")[2].startswith(("_", "NOTES"))
    return top in ("templates", "crds", "charts") and not is_helper and not known.is_placeholder(path)


def gaps(project: Project) -> Iterator[Gap]:
    """Blank manifests, and those whose comments say that they are to be written, in folders that hold others."""
    known = project.model(content)
    empty = tuple(shell.folder + "/" for shell in (*project.model(shells), *project.model(empty_parts)))
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
    """The kustomizations that make no object at all, beside something that makes some."""
    empty = tuple(shell.folder + "/" for shell in (*project.model(shells), *project.model(empty_parts)))
    for kustomization in project.model(kustomizations).values():
        is_ours = project.place_of(kustomization.path) in (PRODUCTION, DEVELOPMENT)
        is_beside = not kustomization.path.startswith(empty) and not kustomization.is_component
        if is_ours and is_beside and not kustomization.makes_objects:
            yield kustomization
