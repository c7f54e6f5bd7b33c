"""What Helm, Argo CD and Flux read from this repository: values files, local charts, source paths.

Sources: https://helm.sh/docs/helm/helm_dependency/ ,
https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/ ,
https://fluxcd.io/flux/components/kustomize/kustomizations/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.evidence import Tree, tree_of
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.model import (
    CHART,
    SOURCE,
    VALUES,
    Reference,
    is_for_development,
    is_ours,
)
from shipworthy.file import File
from shipworthy.formats.tree import OPTION, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_SCRIPT = lazy(
    r"(?:^|/)(?:GNU)?[Mm]akefile$|\.(?:sh|bash|mk)$|(?:^|/)package\.json$",
    holding=("makefile", ".sh", ".bash", ".mk", "package.json"),
)
_HELM_VERBS = frozenset({"install", "upgrade", "template", "lint", "diff", "secrets"})
_MARKS = (b"argoproj.io/", b"toolkit.fluxcd.io/", b"file://")
_BRANCHES = frozenset({"", "HEAD", "main", "master"})


class _Source(NamedTuple):
    """A path that GitOps reads from the repository at ``address``; ``values`` are files relative to it."""

    file: File
    path: Setting
    address: str
    reader: str
    values: tuple[Setting, ...]


def chart_references(project: Project) -> Iterator[Reference]:
    """Everything that Helm, Argo CD and Flux read from this repository."""
    sources: list[_Source] = []
    addresses: dict[str, str] = {}
    for file, tree in _documents(project):
        if file.name in ("Chart.yaml", "requirements.yaml"):
            yield from _of_chart(file, tree)
        for top in tree.tops:
            sources += _argo_sources(file, top)
            sources += _flux_sources(file, top)
            if top.value("kind") == "GitRepository":
                name = top.block("metadata")
                spec = top.block("spec")
                if name is not None and spec is not None:
                    addresses[name.value("name")] = spec.value("url")
    yield from _of_sources(
        project, [source._replace(address=addresses.get(source.address, source.address)) for source in sources]
    )
    yield from _of_scripts(project)


def _documents(project: Project) -> Iterator[tuple[File, Tree]]:
    for path in project.model(files_besides_code):
        if not path.endswith((".yaml", ".yml")) or not is_ours(project, path):
            continue
        try:
            file = project.open(path)
        except OSError:
            continue
        if any(mark in file.data for mark in _MARKS):
            tree = tree_of(project, path)
            if tree.tops:
                yield file, tree


def _of_chart(file: File, tree: Tree) -> Iterator[Reference]:
    for top in tree.tops:
        dependencies = top.block("dependencies")
        for dependency in dependencies.blocks if dependencies is not None else ():
            repository = dependency.get("repository")
            if isinstance(repository, Setting) and repository.value.startswith("file://"):
                folder = in_repository(file.directory, repository.value.removeprefix("file://"))
                if folder is not None:
                    path = f"{folder}/Chart.yaml" if folder else "Chart.yaml"
                    reader = f"the chart depends on {dependency.value('name')}, a local chart:"
                    is_development = is_for_development(file)
                    yield Reference(CHART, file, repository.start, repository.value, (path,), reader, is_development)


def _argo_sources(file: File, top: Block) -> Iterator[_Source]:
    if top.value("kind") != "Application" or not top.value("apiVersion").startswith("argoproj.io/"):
        return
    spec = top.block("spec")
    given = [spec.block("source"), spec.block("sources")] if spec is not None else []
    for block in given:
        if block is None:
            continue
        for source in (
            [block] if block.kind == "mapping" else [item for item in block.items() if isinstance(item, Block)]
        ):
            path = source.get("path")
            if isinstance(path, Setting) and source.value("targetRevision") in _BRANCHES:
                helm = source.block("helm")
                files = helm.block("valueFiles") if helm is not None else None
                is_strict = helm is not None and helm.value("ignoreMissingValueFiles") != "true"
                values = tuple(item for item in files.items() if isinstance(item, Setting)) if files is not None else ()
                yield _Source(file, path, source.value("repoURL"), "Argo CD deploys", values if is_strict else ())


def _flux_sources(file: File, top: Block) -> Iterator[_Source]:
    spec = top.block("spec")
    if spec is None or top.value("kind") != "Kustomization" or "toolkit.fluxcd.io/" not in top.value("apiVersion"):
        return
    path, origin = spec.get("path"), spec.block("sourceRef")
    if isinstance(path, Setting) and origin is not None and origin.value("kind") == "GitRepository":
        yield _Source(file, path, origin.value("name"), "Flux deploys", ())


def _of_sources(project: Project, sources: list[_Source]) -> Iterator[Reference]:
    """The paths read from this repository: its remote says so, or other paths read from there are committed."""
    own = {_spelled(remote) for remote in project.repository.remotes}
    for source in sources:
        path = in_repository("", source.path.value)
        if path and project.repository.has(path):
            own.add(_spelled(source.address))
    for source in sources:
        path = in_repository("", source.path.value.lstrip("/"))
        if path is None or not source.address or _spelled(source.address) not in own:
            continue
        is_development = is_for_development(source.file)
        if path:
            yield Reference(
                SOURCE, source.file, source.path.start, source.path.value, (path,), source.reader, is_development
            )
        for value in source.values if project.repository.has(path) else ():
            values = in_repository(path, value.value)
            if values:
                reader = f"{source.reader} {source.path.value} with the values of"
                yield Reference(VALUES, source.file, value.start, value.value, (values,), reader, is_development)


def _spelled(address: str) -> str:
    """Owner and name of a repository, whatever the protocol of its address; a plain name stays as it is."""
    parts = re.split(r"[/:]+", address.strip().lower().removesuffix("/").removesuffix(".git"))
    return "/".join(parts[-2:])


def _of_scripts(project: Project) -> Iterator[Reference]:
    """The values files and the local charts that scripts give to Helm."""
    for path in project.model(files_besides_code):
        if not _SCRIPT.search(path) or not is_ours(project, path):
            continue
        try:
            if b"helm" not in project.open(path).data:
                continue
            file = project.file(path)
            found = [
                block for block in file.document.root.walk() if isinstance(block, Block) and block.kind == "command"
            ]
        except (OSError, Unreadable):
            continue
        if any(command.name in ("cd", "pushd") for command in found):
            continue
        for command in found:
            if command.name == "helm" and not _HELM_VERBS.isdisjoint(command.words[1:4]):
                yield from _of_helm(file, command)


def _of_helm(file: File, command: Block) -> Iterator[Reference]:
    folders = [file.directory]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    for setting in command.settings:
        if setting.kind == OPTION and setting.name in ("f", "values") and setting.value.endswith((".yaml", ".yml")):
            paths = tuple(path for folder in folders if (path := in_repository(folder, setting.value)))
            if paths:
                yield Reference(
                    VALUES, file, setting.start, setting.value, paths, "helm reads", is_for_development(file)
                )
