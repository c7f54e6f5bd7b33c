"""The workloads that Kubernetes manifests and Helm charts of the repository describe, and their images.

Manifests are known by their content, whatever their folder is called. Only the lines of YAML are looked at, so that
templates are read as well as plain manifests.
"""

from __future__ import annotations

import re

from shipworthy.deployment.besides_code import files_besides_code, paths_besides_code
from shipworthy.deployment.evidence import MOST_CHARACTERS, line_at, text_with
from shipworthy.formats.source import Lines
from shipworthy.formats.tree import Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.file import File
    from shipworthy.project import Project

_KIND = lazy(
    r"\nkind:[ \t]*[\"']?"
    r"(?P<kind>Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|Rollout|DeploymentConfig|Service)\b"
)
"""Found in a text behind a line break: with ``^`` each character of a large definition is looked at."""
_KNATIVE = "serving.knative.dev/"
_NAME = lazy(
    r"^metadata:[ \t]*(?:\n(?:[ \t][^\n]*\n)*?[ \t]+|\{(?:[^{}\n]*,)?[ \t]*)name:[ \t]*[\"']?(?P<name>[\w.-]+)",
    re.MULTILINE,
)
_IMAGE = lazy(
    r"^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?(?P<image>[^\s\"'#]+)"
    r"|[{,][ \t]*image:[ \t]*[\"']?(?P<within>[^\s\"'#,{}\[\]]+)",
    re.MULTILINE,
    holding=("image:",),
    by_line=True,
)
"""On a line of its own, or within braces."""
_REPOSITORY = lazy(r"^[ \t]+repository:[ \t]*[\"']?(?P<image>[^\s\"'#]+)", re.MULTILINE)
_VALUES = lazy(r"(?:^|/)values[^/]*\.ya?ml$")
_JSON_KIND = lazy(r"\"kind\"\s*:\s*\"[A-Z]")
_JSON_VERSION = lazy(r"\"apiVersion\"\s*:\s*\"?[a-z0-9]")
_LARGEST_JSON = 1_000_000
"""Bytes; what is larger is data."""
_FORMATS = (".yaml", ".yml", ".json")
_OTHER_FILES = ("Chart.yaml", "pnpm-lock.yaml", "package.json", "package-lock.json", "tsconfig.json", "composer.json")
_SKIPPED_PLACES = (VENDORED, TEST, CI)


class Workload:
    """A workload with its ``images``, pairs (reference, line). ``kind`` is "Chart" for the values of a Helm chart.

    ``listens`` tells that a container of it names a port.
    """

    __slots__ = ("images", "kind", "line", "listens", "name", "path")

    def __init__(
        self, kind: str, name: str, path: str, line: int, images: list[tuple[str, int]], listens: bool = False
    ) -> None:
        self.kind = kind
        self.name = name
        self.path = path
        self.line = line
        self.images = images
        self.listens = listens


def manifests(project: Project) -> list[File]:
    """The files that may hold Kubernetes objects, told by two words of them: ``project.model(manifests)``."""
    found: list[File] = []
    for path in project.model(files_besides_code):
        if not path.endswith(_FORMATS) or path.endswith(_OTHER_FILES):
            continue
        if project.place_of(path) in _SKIPPED_PLACES or project.config.excludes(path):
            continue
        try:
            file = project.open(path)
        except OSError:
            continue
        if b"apiVersion" in file.data and b"kind" in file.data and not _is_other_json(file):
            found.append(file)
    return found


def _is_other_json(file: File) -> bool:
    """Whether a file is JSON that only mentions the words: reports of other programs are large, and kept by nobody."""
    try:
        return file.path.endswith(".json") and not is_json_of_objects(file)
    except Unreadable:
        return True


def is_json_of_objects(file: File) -> bool:
    """Whether a JSON file says a kind and a version as Kubernetes objects do. Raises `Unreadable`."""
    return (
        len(file.data) <= _LARGEST_JSON
        and _JSON_KIND.search(file.text) is not None
        and _JSON_VERSION.search(file.text) is not None
    )


def workloads(project: Project) -> list[Workload]:
    """The workloads of the repository, in the order of their files."""
    charts = {path.rpartition("/")[0] for path in project.model(paths_besides_code) if path.endswith("/Chart.yaml")}
    found: list[Workload] = []
    for file in project.model(manifests):
        if project.place_of(file.path) not in (PRODUCTION, DEVELOPMENT) or _is_of_values(file.path, charts):
            continue
        try:
            if file.path.endswith(".json"):
                found.extend(_of_json(file))
            elif b"image:" in file.data:
                found.extend(_of_manifest(file.path, file.text[:MOST_CHARACTERS]))
        except Unreadable:
            continue
    for path in project.model(paths_besides_code) if charts else ():
        is_ours = _is_of_values(path, charts) and project.place_of(path) in (PRODUCTION, DEVELOPMENT)
        if is_ours and not project.config.excludes(path):
            found.extend(_of_values(path, text_with(project, path, b"repository:")))
    return sorted(found, key=lambda workload: workload.path)


def _is_of_values(path: str, charts: set[str]) -> bool:
    return path.rpartition("/")[0] in charts and _VALUES.search(path) is not None


def _of_values(path: str, text: str) -> Iterator[Workload]:
    lines = Lines(text)
    for image in _REPOSITORY.finditer(text):
        line = lines.position(image.start("image"))[0]
        yield Workload("Chart", "", path, line, [(image["image"], line)])


def _of_json(file: File) -> Iterator[Workload]:
    if b'"image"' not in file.data:
        return
    from shipworthy.deployment.kubernetes.objects import objects_in, scalar
    from shipworthy.deployment.kubernetes.pods import all_pods

    for pods in all_pods(list(objects_in(file))):
        images = [container.get("image") for container in pods.all_containers]
        lines = [(image.value, file.position(image.start)[0]) for image in images if isinstance(image, Setting)]
        line = file.position(pods.object.where.start)[0]
        listens = any(scalar(port, "containerPort") for port in pods.ports)
        yield Workload(pods.object.kind, pods.object.name, file.path, line, lines, listens)


def _of_manifest(path: str, text: str) -> Iterator[Workload]:
    start = 0
    while start < len(text):
        mark = text.find("\n---", start)
        end = mark + 1 if mark >= 0 else len(text)
        document = text[start:end]
        kind = _KIND.search("\n" + document)
        if kind and _is_workload(kind["kind"], document):
            found = _IMAGE.finditer(document)
            images = [(image["image"] or image["within"], line_at(text, start + image.start())) for image in found]
            name = _NAME.search(text, start, end)
            line = line_at(text, start + kind.start())
            listens = "containerPort:" in document
            yield Workload(kind["kind"], name["name"] if name else "", path, line, images, listens)
        start = end


def _is_workload(kind: str, document: str) -> bool:
    """Whether the document is a Kubernetes object that runs images; a Service is one only in Knative."""
    return "apiVersion:" in document and "image:" in document and (kind != "Service" or _KNATIVE in document)
