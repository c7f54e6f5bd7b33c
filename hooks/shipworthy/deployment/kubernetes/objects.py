"""The Kubernetes objects of a repository, known by ``apiVersion`` and ``kind``, whatever their folder is called.

A YAML file is split at its ``---`` lines, and a document is parsed only when somebody asks for what it holds:
dashboards and definitions of custom resources are large, and no rule needs them. A JSON file is parsed at once, for its
objects have no lines to tell them by.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from shipworthy.deployment.besides_code import paths_besides_code
from shipworthy.deployment.kubernetes.discovery import is_json_of_objects, manifests
from shipworthy.deployment.kubernetes.documents import Part, documents, section, shown, value, without
from shipworthy.deployment.kubernetes.documents import items as items_in
from shipworthy.deployment.kubernetes.documents import name as name_in
from shipworthy.file import File
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_KIND = r"[\"']?kind[\"']?:[ \t]*[\"']?(?P<kind>\w+)"
_API = r"[\"']?apiVersion[\"']?:[ \t]*[\"']?(?P<group>[\w.-]+/)?(?P<version>\w+)"
_FIRST_LINE = {pattern: lazy(pattern) for pattern in (_KIND, _API)}
_LATER_LINE = {pattern: lazy("\n" + pattern) for pattern in (_KIND, _API)}
"""A pattern that begins with the line break finds the next line at once; with ``^`` each character is looked at."""
_FLOW = lazy(r"(?:\s|#[^\n]*\n)*\{")
_NAME = lazy(r"^metadata:[ \t]*\n(?:(?:[ \t][^\n]*)?\n)*?[ \t]+name:[ \t]*(?P<name>[^\n]+)", re.MULTILINE)
_UNKNOWN_PART = lazy(r"\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+|<[^>]*>|%\w+%|@@?\w+@@?|\b__\w+__\b|\bREPLACE\w*\b")
_LONGEST_NAME = 500
"""Characters; Kubernetes allows 253."""
_BUILT_IN_GROUPS = frozenset({"", "apps", "batch", "autoscaling", "policy", "extensions"}) | {
    f"{name}.k8s.io"
    for name in "networking rbac.authorization storage scheduling coordination discovery events node resource"
    " admissionregistration apiextensions apiregistration authentication authorization certificates"
    " flowcontrol.apiserver".split()
}
_LARGE = {
    "ConfigMap": ("data", "binaryData"),
    "Secret": ("data", "stringData"),
    "PrometheusRule": ("spec",),
    "CustomResourceDefinition": ("spec", "status"),
}
"""Kinds whose documents may be large and hold the marks of other programs' templates, and the keys that hold them."""
_LISTS = ("List", "ConfigMapList", "RoleList", "RoleBindingList", "SecretList", "ServiceList", "DeploymentList")

Value = Setting | Block | None


class Object:
    """One object of a manifest. Its parts are read when they are first asked for.

    ``group`` is the API group, "" for the core. ``start`` is where the object begins in the file's text, in the column
    ``indent``. ``keys`` are those of a generated ConfigMap or Secret, where they are known; ``is_generated`` tells it
    from one that is written. ``is_template`` is true for what some program renders first: all that is known of it is
    its kind.
    """

    def __init__(self, kind: str, group: str, file: File, start: int, end: int, indent: int = 0) -> None:
        self.kind = kind
        self.group = group
        self.file = file
        self.start = start
        self.end = end
        self.indent = indent
        self.is_template = False
        self.keys: frozenset[str] | None = None
        self.is_generated = False

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or '?'} in {self.path}>"

    @property
    def path(self) -> str:
        """The path of its file."""
        return self.file.path

    @property
    def text(self) -> str:
        """The text of the document that it is."""
        return self.file.text[self.start : self.end]

    def holds(self, text: str) -> bool:
        """Whether a text stands in the document that it is; a file without it is not even decoded."""
        return (
            text.encode("utf-8", "surrogatepass") in self.file.data
            and self.file.text.find(text, self.start, self.end) >= 0
        )

    @property
    def is_custom(self) -> bool:
        """Whether its group is none of Kubernetes itself: an operator may make anything of it."""
        return self.group not in _BUILT_IN_GROUPS

    @cached_property
    def body(self) -> Block:
        """What it says; empty where the document cannot be read."""
        if self.is_template:
            return Block("mapping")
        return _mapping(self.file, self.start, self.end, self.indent) or Block("mapping")

    @cached_property
    def metadata(self) -> Value:
        """Its metadata, read without the rest where that may be large."""
        if self.kind in _LARGE and not self.is_template and "body" not in self.__dict__:
            found = section(shown(self.file.text, Part(self.start, self.end, self.indent)), self.indent, "metadata")
            if found is not None:
                part = _mapping(self.file, self.start + found[0], self.start + found[1] - self.indent, self.indent)
                return dig(part, "metadata")
        return dig(self.body, "metadata")

    @cached_property
    def name(self) -> str:
        """Its name, "" where it is not known or a template gives it."""
        if self.is_template:
            found = _NAME.search(self.text)
            return found["name"].strip(" \t\r\"'") if found else ""
        if "body" not in self.__dict__:
            told = name_in(shown(self.file.text, Part(self.start, self.end, self.indent)), self.indent)
            if told:
                return told
        return scalar(self.metadata, "name")

    @cached_property
    def namespace(self) -> str:
        """Its namespace; "" where it says none, or one that a variable gives."""
        return known(scalar(self.metadata, "namespace"))

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of its metadata."""
        return mapping(dig(self.metadata, "labels"))

    @cached_property
    def annotations(self) -> dict[str, str]:
        """The annotations of its metadata."""
        return mapping(dig(self.metadata, "annotations"))

    def may_be_called(self, name: str) -> bool:
        """Whether its name is ``name``, or becomes it when a template or a variable in it is replaced."""
        if self.name == name:
            return True
        written = self.name[:_LONGEST_NAME]
        if not _UNKNOWN_PART.search(written):
            return self.is_template and not self.name
        parts = _UNKNOWN_PART.split(written)
        return fits(parts, name)

    @property
    def where(self) -> Setting | Block:
        """The node that a finding about it points at: its name, or else its kind."""
        name = dig(self.metadata, "name")
        kind = name if isinstance(name, Setting) else self.body.get("kind")
        return kind if isinstance(kind, Setting) else self.body


def fits(parts: list[str], name: str) -> bool:
    """Whether ``name`` begins and ends with the outer parts and holds the others between them, in order."""
    if not name.startswith(parts[0]) or not name.endswith(parts[-1]) or len(name) < sum(map(len, parts)):
        return False
    position = len(parts[0])
    for part in parts[1:-1]:
        position = name.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return position <= len(name) - len(parts[-1])


def is_known(text: str) -> bool:
    """Whether no variable, template or placeholder stands in a value."""
    return "{{" not in text and _UNKNOWN_PART.search(text[:_LONGEST_NAME]) is None


def known(text: str) -> str:
    """The text, or "" where it is not known."""
    return text if is_known(text) else ""


def dig(block: Value, *names: str) -> Value:
    """What stands below the keys; None where one of them is missing."""
    node: Value = block
    for name in names:
        node = node.get(name) if isinstance(node, Block) else None
    return node


def scalar(block: Value, *names: str) -> str:
    """The scalar below the keys; "" where there is none."""
    node = dig(block, *names)
    return node.value if isinstance(node, Setting) and not is_null(node) else ""


def is_null(node: Setting) -> bool:
    """Whether a scalar is YAML's null."""
    return not node.literal and node.value in ("", "~", "null", "Null", "NULL")


def items(block: Value, *names: str) -> list[Setting | Block]:
    """The items of the list below the keys; none where it is no list."""
    node = dig(block, *names)
    return node.items() if isinstance(node, Block) and node.kind == "sequence" else []


def blocks(block: Value, *names: str) -> list[Block]:
    """The mappings in the list below the keys."""
    return [item for item in items(block, *names) if isinstance(item, Block)]


def mapping(block: Value) -> dict[str, str]:
    """The scalars of a mapping by their keys."""
    if not isinstance(block, Block) or block.kind != "mapping":
        return {}
    return {name: node.value for name, node in block.entries().items() if isinstance(node, Setting)}


def objects(project: Project) -> list[Object]:
    """The objects of all manifests in the order of their files: ``project.model(objects)``."""
    charts = {path.rpartition("/")[0] for path in project.model(paths_besides_code) if path.endswith("Chart.yaml")}
    found: list[Object] = []
    for file in project.model(manifests):
        try:
            found += objects_in(file, in_chart=_is_template_of_chart(file.path, charts))
        except Unreadable:
            continue
    return found


def objects_in(file: File, *, in_chart: bool = False) -> Iterator[Object]:
    """The objects of one file. Raises `Unreadable` for what is no text, and for what is called JSON and is none."""
    if file.path.endswith(".json"):
        yield from _of_json(file)
        return
    text = file.text
    has_marks = "{{" in text
    for start, end in documents(text):
        kind, api = _line(_KIND, text, start, end), _line(_API, text, start, end)
        if kind is None or api is None:
            if _FLOW.match(text, start, end) and text.find("apiVersion", start, end) >= 0:
                for block in _parse(file, start, end):
                    yield from _of_block(file, block)
            continue
        group = (api["group"] or "").removesuffix("/")
        whole = Object(kind["kind"], group, file, start, end)
        if has_marks:
            # What stands in a template of a chart may be within a condition that another document opens.
            whole.is_template = in_chart or _may_be_template(whole)
        if whole.is_template and not in_chart:
            _read_all_the_same(whole)
        if kind["kind"] in _LISTS and not whole.is_template:
            yield from _of_list(whole)
        else:
            yield whole


def _line(pattern: str, text: str, start: int, end: int) -> re.Match[str] | None:
    """The first line of a document that begins so."""
    return _FIRST_LINE[pattern].match(text, start, end) or _LATER_LINE[pattern].search(text, start, end)


def _of_json(file: File) -> Iterator[Object]:
    """The objects of a JSON file: one, a list of them, or several, one behind the other."""
    from shipworthy.formats import json

    if is_json_of_objects(file):
        for block in json.read(Source(file.text)).blocks:
            yield from _of_block(file, block)


def _of_block(file: File, block: Block) -> Iterator[Object]:
    """The object, or the objects of the list, that a block is; none where it is something else."""
    kind, version = scalar(block, "kind"), scalar(block, "apiVersion")
    if block.kind != "mapping" or not re.fullmatch(r"\w+", kind) or not version:
        return
    whole = Object(kind, version.rpartition("/")[0], file, block.start, block.end)
    whole.body = block
    if kind in _LISTS:
        yield from _of_list(whole)
    else:
        yield whole


def _is_template_of_chart(path: str, charts: set[str]) -> bool:
    folder, slash, _ = path.partition("/templates/")
    return bool(slash) and folder in charts


def _may_be_template(object: Object) -> bool:
    """Whether template marks stand in what makes the object what it is, and not only in the data that it holds."""
    text = object.file.text
    if text.find("{{", object.start, object.end) < 0:
        return False
    if object.kind == "ConfigMapList":
        return False  # each of its items is looked at
    held = _LARGE.get(object.kind, ())
    return not held or "{{" in without(shown(text, Part(object.start, object.end, object.indent)), object.indent, *held)


def _read_all_the_same(object: Object) -> None:
    """Take a document with template marks for what it is, where it is YAML: other programs' marks stand in strings."""
    object.is_template = _mapping(object.file, object.start, object.end, object.indent) is None


def _mapping(file: File, start: int, end: int, indent: int = 0) -> Block | None:
    """The first mapping between two offsets, whose first key is indented so; None where there is none."""
    return next((block for block in _parse(file, start, end, indent) if block.kind == "mapping"), None)


def _parse(file: File, start: int, end: int, indent: int = 0) -> Iterator[Block]:
    """The documents between two offsets; none where they cannot be read."""
    from shipworthy.formats import yaml

    source = Source(file.text)
    part = source.within(" " * indent + file.text[start:end], [(0, start), (indent, start)]) if indent else None
    try:
        return yaml.read(part or source.part(start, end)).blocks
    except Unreadable as error:
        if isinstance(error, TooLarge):
            file.note_size(str(error))
        return iter(())


def _of_list(whole: Object) -> Iterator[Object]:
    """The items of a list of objects."""
    text = whole.file.text
    parts = None if "body" in whole.__dict__ else items_in(text, whole.start, whole.end)
    for part in parts or ():
        item = shown(text, part)
        kind = value(item, part.indent, "kind") or whole.kind.removesuffix("List")
        group = value(item, part.indent, "apiVersion").rpartition("/")[0]
        inner = Object(kind, group, whole.file, *part)
        inner.is_template = _may_be_template(inner)
        if inner.is_template:
            _read_all_the_same(inner)
        yield inner
    for block in blocks(whole.body, "items") if parts is None else ():
        kind = scalar(block, "kind") or whole.kind.removesuffix("List")
        inner = Object(kind, scalar(block, "apiVersion").rpartition("/")[0], whole.file, block.start, block.end)
        inner.body = block
        yield inner
