"""Kustomizations: what each of them names, and what it changes.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.kubernetes.documents import documents
from shipworthy.deployment.kubernetes.objects import Value, blocks, dig, items, mapping, scalar
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import CI, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What kustomize looks for in a folder, in this order."""

MANIFEST = "manifest"
"""An entry that is a manifest, or a folder with a kustomization."""
COMPONENT = "component"
"""An entry that is a folder with a kustomization of the kind Component."""
PATCH = "patch"
CONFIGURATION = "configuration"
"""An entry that says how kustomize works: a generator, a transformer, a schema."""
VALUES = "values"
"""An entry with the values of a chart."""
CONTENT = "content"
"""An entry that a generator reads into a ConfigMap or a Secret."""

_REMOTE = lazy(
    r"[a-z+]+://|git@|git::|oci:|(?:github|gitlab|bitbucket)\.(?:com|org)[/:]|[^/]*\?(?:ref|version)=|[\w.-]+\.[a-z]{2,}[:/].*(?://|\.git\b|\?)",
    re.IGNORECASE,
)
_LONGEST_ADDRESS = 1000
"""Characters."""
_NAMING_KEYS = (("resources", MANIFEST), ("bases", MANIFEST), ("components", COMPONENT))
_CONFIGURING_KEYS = ("crds", "configurations", "generators", "transformers", "validators")
_GENERATORS = (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret"))
_MAKING_KEYS = (
    "resources bases components generators transformers configMapGenerator secretGenerator helmCharts"
    " helmChartInflationGenerator"
).split()


class Entry(NamedTuple):
    """A path that a kustomization names. ``kind`` is one of `MANIFEST` to `CONTENT`.

    ``path`` is the path in the repository; None where it is outside, remote or given by a variable.
    """

    kind: str
    key: str
    node: Setting
    written: str
    path: str | None


class Patch(NamedTuple):
    """What a kustomization changes. ``object_kind`` and ``name`` are "" where any object may be meant."""

    object_kind: str
    name: str
    text: str


class Generated(NamedTuple):
    """A ConfigMap or a Secret that a kustomization makes. ``keys`` is None where an env file gives them."""

    kind: str
    name: str
    keys: frozenset[str] | None
    node: Block


class Kustomization:
    """One kustomization file."""

    def __init__(self, file: File, body: Block) -> None:
        self.file = file
        self.body = body

    def __repr__(self) -> str:
        return f"<kustomization {self.file.path}>"

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.file.path

    @property
    def directory(self) -> str:
        """The folder that it stands for."""
        return self.file.directory

    @property
    def is_component(self) -> bool:
        """Whether others include it, so that it need not stand alone."""
        return scalar(self.body, "kind") == "Component"

    @property
    def makes_objects(self) -> bool:
        """Whether one of the keys that objects come from is filled."""
        return any(self._filled(key) for key in _MAKING_KEYS)

    @property
    def makes_by_itself(self) -> bool:
        """Whether a key is filled that makes objects without naming any."""
        return any(self._filled(key) for key in _MAKING_KEYS if key not in ("resources", "bases", "components"))

    def _filled(self, key: str) -> bool:
        node = self.body.get(key)
        return isinstance(node, Block) and bool(node.children)

    @cached_property
    def entries(self) -> list[Entry]:
        """Everything that it names by a path, env files apart."""
        return [
            Entry(kind, key, node, written, None if _is_remote(written) else in_repository(self.directory, written))
            for kind, key, node, written in self._named()
            if written
        ]

    def _named(self) -> Iterator[tuple[str, str, Setting, str]]:
        for key, kind in _NAMING_KEYS:
            yield from ((kind, key, node, node.value) for node in _scalars(self.body, key))
        for key in _CONFIGURING_KEYS:
            yield from ((CONFIGURATION, key, node, node.value) for node in _scalars(self.body, key) if _is_path(node))
        yield from ((PATCH, "patchesStrategicMerge", node, node.value) for node in self._merged() if _is_path(node))
        for key, kind in (("patches", PATCH), ("patchesJson6902", PATCH), ("replacements", CONFIGURATION)):
            for block in blocks(self.body, key):
                yield from _given(block, "path", kind, key)
        yield from _given(dig(self.body, "openapi"), "path", CONFIGURATION, "openapi")
        for chart in blocks(self.body, "helmCharts"):
            yield from _given(chart, "valuesFile", VALUES, "helmCharts")
            yield from ((VALUES, "helmCharts", node, node.value) for node in _scalars(chart, "additionalValuesFiles"))
        for key, _ in _GENERATORS:
            for generator in blocks(self.body, key):
                yield from (
                    (CONTENT, key, node, node.value.partition("=")[2] or node.value)
                    for node in _scalars(generator, "files")
                )

    def _merged(self) -> list[Setting]:
        return _scalars(self.body, "patchesStrategicMerge")

    @property
    def is_open(self) -> bool:
        """Whether it takes objects from where nobody can look: another repository, a chart, a program."""
        if any(
            self._filled(key) for key in ("helmCharts", "helmChartInflationGenerator", "generators", "transformers")
        ):
            return True
        return any(entry.path is None for entry in self.entries if entry.kind in (MANIFEST, COMPONENT))

    @property
    def has_affixes(self) -> bool:
        """Whether it puts something before or behind names."""
        return bool(scalar(self.body, "namePrefix") or scalar(self.body, "nameSuffix"))

    @property
    def namespace(self) -> str:
        """The namespace that it puts everything in."""
        return scalar(self.body, "namespace")

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels that it adds."""
        added = mapping(dig(self.body, "commonLabels"))
        for block in blocks(self.body, "labels"):
            added.update(mapping(dig(block, "pairs")))
        return added

    @property
    def pinned_images(self) -> dict[str, str]:
        """The images whose tag or digest it sets, with what it sets."""
        return {
            scalar(image, "name"): scalar(image, "newTag") or scalar(image, "digest")
            for image in blocks(self.body, "images")
            if scalar(image, "newTag") or scalar(image, "digest")
        }

    @property
    def renamed_images(self) -> set[str]:
        """The images that it takes from somewhere else than manifests say."""
        return {scalar(image, "name") for image in blocks(self.body, "images") if scalar(image, "newName")}

    @cached_property
    def generated(self) -> list[Generated]:
        """The ConfigMaps and Secrets that its generators make."""
        return [
            Generated(kind, scalar(block, "name"), _generated_keys(block), block)
            for key, kind in _GENERATORS
            for block in blocks(self.body, key)
        ]

    def patches(self, text_of: Texts) -> Iterator[Patch]:
        """What it changes; ``text_of`` gives the text of a path, "" where it is not committed."""
        for key in ("patches", "patchesJson6902"):
            for block in blocks(self.body, key):
                inline = scalar(block, "patch")
                path = in_repository(self.directory, scalar(block, "path"))
                text = inline or (text_of(path) if path else "")
                target = dig(block, "target")
                kind, name = scalar(target, "kind"), scalar(target, "name")
                if target is None:
                    yield from _merge_patches(text)
                else:
                    yield Patch(kind, name if re.fullmatch(r"[\w.-]*", name) else "", text)
        for node in self._merged():
            path = in_repository(self.directory, node.value) if _is_path(node) else None
            yield from _merge_patches(text_of(path) if path else node.value)
        if self._filled("replacements") or self._filled("vars"):
            yield Patch("", "", "replacements")


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Texts = Callable[[str], str]


def kustomizations(project: Project) -> dict[str, Kustomization]:
    """The kustomizations of the repository by their folders: ``project.model(kustomizations)``."""
    found: dict[str, Kustomization] = {}
    for path in project.model(files_besides_code):
        directory, _, name = path.rpartition("/")
        if name not in NAMES or project.config.excludes(path) or directory in found:
            continue
        if project.place_of(path) in (VENDORED, TEST, CI):
            continue
        kustomization = _read(project, path)
        if kustomization is not None:
            found[directory] = kustomization
    return found


def _read(project: Project, path: str) -> Kustomization | None:
    from shipworthy.formats import yaml

    try:
        file = project.file(path)
        root = yaml.read(Source(file.text))
    except (OSError, Unreadable):
        return None
    tops = [block for block in root.blocks if block.kind == "mapping"]
    body = tops[0] if tops else Block("mapping")
    if "toolkit.fluxcd.io" in scalar(body, "apiVersion"):
        return None  # an object of Flux that happens to lie in a file of this name
    return Kustomization(file, body)


def closure(known: dict[str, Kustomization], root: Kustomization) -> list[Kustomization]:
    """The kustomization and all that it includes, the root first."""
    found: dict[str, Kustomization] = {}
    waiting = [root]
    while waiting:
        kustomization = waiting.pop()
        if kustomization.directory in found:
            continue
        found[kustomization.directory] = kustomization
        named = (entry.path for entry in kustomization.entries if entry.kind in (MANIFEST, COMPONENT))
        waiting += [known[path] for path in named if path is not None and path in known]
    return list(found.values())


def _is_remote(written: str) -> bool:
    return _REMOTE.match(written[:_LONGEST_ADDRESS]) is not None


def _is_path(node: Setting) -> bool:
    """Whether an entry that may also hold YAML is a path."""
    return "\n" not in node.value.strip() and not re.search(r":\s|[{\[]", node.value)


def _scalars(block: Value, key: str) -> list[Setting]:
    return [item for item in items(block, key) if isinstance(item, Setting)]


def _given(block: Value, key: str, kind: str, under: str) -> Iterator[tuple[str, str, Setting, str]]:
    node = dig(block, key)
    if isinstance(node, Setting):
        yield kind, under, node, node.value


def _generated_keys(block: Block) -> frozenset[str] | None:
    if (
        dig(block, "envs") is not None
        or dig(block, "env") is not None
        or scalar(block, "behavior") in ("merge", "replace")
    ):
        return None
    literals = (node.value.partition("=")[0] for node in _scalars(block, "literals"))
    files = (_key_of_file(node.value) for node in _scalars(block, "files"))
    return frozenset((*literals, *files))


def _key_of_file(written: str) -> str:
    key, equals, path = written.partition("=")
    return key if equals else posixpath.basename(path or key)


def _merge_patches(text: str) -> Iterator[Patch]:
    """The patches in a text that are parts of objects, by the kind and the name of each."""
    from shipworthy.formats import yaml

    for start, end in documents(text):
        document = text[start:end]
        try:
            tops = list(yaml.read(Source(document)).blocks)
        except Unreadable:
            tops = [Block("mapping")]
        if tops:
            yield Patch(scalar(tops[0], "kind"), scalar(tops[0], "metadata", "name"), document)
