"""Values of merged Compose files that still know where they are written.

A value of a set of files is a stack of layers, one for each file (or extended service) that says something about it.
Merging happens when a value is asked for, never before: aliases may make a small file stand for an enormous tree.

Source: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting

RESET = "!reset"
OVERRIDE = "!override"
_REPLACED = frozenset({"command", "entrypoint", "test"})
"""Shell commands: the last file's value replaces the others, the words are not joined."""
_UNIQUE = frozenset("cap_add cap_drop expose external_links security_opt".split())
"""Sequences that hold equal items once."""
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Layer(NamedTuple):
    """What one file says: ``directory`` is what its relative paths start from."""

    file: File
    node: Setting | Block
    directory: str


class Value:
    """A merged value. ``name`` is its key; the last layer is the one that wins, and where a finding belongs."""

    __slots__ = ("layers", "name")

    def __init__(self, name: str, layers: Iterable[Layer]) -> None:
        self.name = name
        self.layers = tuple(layers)

    @property
    def file(self) -> File:
        """The file of the layer that wins."""
        return self.layers[-1].file

    @property
    def node(self) -> Setting | Block:
        """The node of the layer that wins, with its position in `file`."""
        return self.layers[-1].node

    @property
    def directory(self) -> str:
        """What relative paths in this value start from."""
        return self.layers[-1].directory

    @property
    def text(self) -> str:
        """A scalar as it is written, variables and all; "" for anything else."""
        return self.node.value if isinstance(self.node, Setting) else ""

    @property
    def is_null(self) -> bool:
        """Whether nothing is given: ``key:``, ``key: null``."""
        return _is_null(self.node)

    def entries(self, short: str = "") -> dict[str, Value]:
        """The children of a mapping by name, merged over the layers.

        ``short`` names the key that a scalar stands for where a short form exists: ``context`` of ``build: ./api``.
        """
        merged: dict[str, list[Layer]] = {}
        for layer in self.layers:
            if isinstance(layer.node, Setting):
                if short and layer.node.value:
                    merged.setdefault(short, []).append(layer)
            elif layer.node.kind == "mapping":
                for name, child in layer.node.entries().items():
                    _stack(merged, name, layer._replace(node=child))
        return {name: Value(name, layers) for name, layers in merged.items()}

    def get(self, *names: str) -> Value | None:
        """The value below that path of keys."""
        found: Value | None = self
        for name in names:
            found = found.entries().get(name) if found is not None else None
        return found

    def scalar(self, *names: str) -> str:
        """The text below that path of keys; "" where there is none."""
        found = self.get(*names)
        return found.text if found is not None else ""

    def items(self) -> list[Value]:
        """The items of a sequence, those of all layers in order; a scalar in its place is one item."""
        found: list[Value] = []
        for layer in self.layers[-1:] if self.name in _REPLACED else self.layers:
            if isinstance(layer.node, Setting):
                if not _is_null(layer.node):
                    found.append(Value(self.name, (layer,)))
            elif layer.node.kind == "sequence":
                found += [Value(item.name, (layer._replace(node=item),)) for item in layer.node.items()]
        return list({item.text: item for item in found}.values()) if self.name in _UNIQUE else found

    def names(self) -> dict[str, Value]:
        """What is named: the keys of a mapping, or the items of a sequence (``depends_on``, ``networks``)."""
        found: dict[str, list[Layer]] = {}
        for layer in self.layers:
            if isinstance(layer.node, Setting):
                continue
            if layer.node.kind == "mapping":
                for name, child in layer.node.entries().items():
                    _stack(found, name, layer._replace(node=child))
            else:
                for item in layer.node.items():
                    if isinstance(item, Setting):
                        _stack(found, item.value, layer._replace(node=item))
        return {name: Value(name, layers) for name, layers in found.items()}

    def pairs(self) -> dict[str, Pair]:
        """Names with values, of a mapping or of a list of ``NAME=value``: ``environment``, ``labels``, ``args``."""
        found: dict[str, Pair] = {}
        for layer in self.layers:
            if isinstance(layer.node, Setting):
                continue
            is_mapping = layer.node.kind == "mapping"
            children = layer.node.entries().items() if is_mapping else [("", item) for item in layer.node.items()]
            for key, child in children:  # the key, not the child's own name: an alias is called after its anchor
                if not isinstance(child, Setting):
                    continue
                name, given = (key, child.value) if is_mapping else _split(child)
                if child.tag == RESET:
                    found.pop(name, None)
                    continue
                if is_mapping and _is_null(child):
                    given = None
                found[name] = Pair(name, given, layer._replace(node=child))
        return found


class Pair(NamedTuple):
    """A name with its value; ``value`` is None where it comes from the environment of whoever starts Compose."""

    name: str
    value: str | None
    layer: Layer


def _split(item: Setting) -> tuple[str, str | None]:
    name, equals, value = item.value.partition("=")
    return name, value if equals else None


def _is_null(node: Setting | Block) -> bool:
    return isinstance(node, Setting) and not node.literal and node.value in _NULLS


def _stack(merged: dict[str, list[Layer]], name: str, layer: Layer) -> None:
    """Lay ``layer`` on top of what the files before it say."""
    if layer.node.tag == RESET:
        merged.pop(name, None)
    elif layer.node.tag == OVERRIDE:
        merged[name] = [layer]
    elif name not in merged or not _is_null(layer.node):  # nothing takes the place of nothing
        merged.setdefault(name, []).append(layer)
