"""YAML: nodes with positions, scalars as they are written.

Read from the parser's event stream: ``on`` stays "on", ``22:22`` stays "22:22", unknown tags are kept as text, a key
that is given twice is there twice, aliases are not expanded. Several documents become several children of the root.

Source: https://yaml.org/spec/1.2.2/ and, for the merge key, https://yaml.org/type/merge.html
"""

from __future__ import annotations

from sys import intern

import yaml

from shipworthy.formats.size import MOST_NODES, too_many_nodes
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Alias, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from yaml._yaml import Mark as CMark
    from yaml.error import Mark

MOST_LEVELS = 200
"""Deeper nesting is not configuration, and libyaml takes quadratic time for it."""
MOST_ALIASED = 1_000_000
"""Nodes that all aliases of a file stand for; a file of a few lines can name billions."""

_SHORT = 20
"""Characters; longer values are hardly ever the same."""
_PROPERTIES = lazy(r"(?:[!&]\S*+(?:\s++|\#[^\n]*+)*+)++")


def read(source: Source) -> Block:
    """The documents of a YAML file, each a mapping, a sequence or a lone scalar below the root.

    Raises `Unreadable` where the text is not YAML or nests too deeply, `TooLarge` where it says too much.
    """
    root = Block("document")
    reader = _Reader(source, root)
    try:
        for event in yaml.parse(source.text, Loader=Loader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in (error.problem or ""):  # libyaml's own limit, where it has one
            raise Unreadable("nested too deeply") from error
        raise _unreadable(error.problem or "not YAML", error.problem_mark) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable("not YAML") from error
    return root


class _Reader:
    """Builds the tree from parser events."""

    def __init__(self, source: Source, root: Block) -> None:
        self.source = source
        self.shift = source.shift
        self.stack: list[Block] = [root]
        self.keys: list[yaml.ScalarEvent | None] = [None]
        self.anchors: dict[str, Setting | Block] = {}
        self.nodes = 0
        self.sizes = [0]  # nodes below each block of the stack, aliases expanded
        self.anchored: dict[int, int] = {}  # the same of the blocks that have an anchor, once they are complete
        self.aliased = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says."""
        if isinstance(event, yaml.ScalarEvent):
            if self.keys[-1] is None and self.stack[-1].kind == "mapping":
                self.keys[-1] = event
            else:
                self._setting(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, "mapping")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, "sequence")
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors.clear()

    def _at(self, offset: int) -> int:
        return offset + self.shift if self.shift is not None else self.source.at(offset)

    def _expects_key(self) -> bool:
        return self.keys[-1] is None and self.stack[-1].kind == "mapping"

    def _name(self) -> tuple[str, int | None]:
        """The name the next child takes, and the offset of its key."""
        key = self.keys[-1]
        if key is not None:  # only a mapping has one
            self.keys[-1] = None
            return intern(key.value), _start(key)  # thousands of manifests use the same few keys
        block = self.stack[-1]
        return (str(len(block.children)), None) if block.kind == "sequence" else ("", None)

    def _count(self) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise too_many_nodes()

    def _setting(self, event: yaml.ScalarEvent) -> None:
        self._count()
        name, key = self._name()
        (start, end), style = _span(event), event.style
        if event.tag or event.anchor:  # the event starts at its properties, the setting at its value
            properties = _PROPERTIES.match(self.source.text, start, end)
            start = properties.end() if properties else start
        if style == '"' or style == "'":
            start, end = start + 1, max(end - 1, start + 1)
        if self.shift:
            start, end, key = start + self.shift, end + self.shift, key if key is None else key + self.shift
        elif self.shift is None:
            start, end, key = self._at(start), self._at(end), key if key is None else self._at(key)
        start, end = _shared(start), _shared(end)
        key = key if key is None else _shared(key)
        literal = bool(style)  # "" is what libyaml calls a plain scalar
        value = intern(event.value) if len(event.value) < _SHORT else event.value  # and the same few values
        setting = Setting(name, value, start, end, key=key, tag=event.tag or "", literal=literal)
        self.stack[-1].add(setting)
        self.sizes[-1] += 1
        if event.anchor:
            self._anchor(event.anchor, setting)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, kind: str) -> None:
        if len(self.stack) > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        self._count()
        name, key = "", None
        if self._expects_key():  # a mapping or a sequence as a key: what it holds is read, the value has no name
            self.keys[-1] = _key("", event)
        else:
            name, key = self._name()
        start = _start(event) if key is None else key
        block = Block(kind, name, _shared(self._at(start)), self._at(start + len(name)), tag=event.tag or "")
        self.stack[-1].add(block)
        self.sizes[-1] += 1
        if event.anchor:
            self._anchor(event.anchor, block)
        self.stack.append(block)
        self.keys.append(None)
        self.sizes.append(0)

    def _close(self, event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> None:
        closed = self.stack.pop()
        closed.end = _shared(max(closed.end, self._at(_end(event))))
        self.keys.pop()
        size = self.sizes.pop()
        self.sizes[-1] += size
        if self.anchored and id(closed) in self.anchored:
            self.anchored[id(closed)] = size

    def _alias(self, event: yaml.AliasEvent) -> None:
        anchor = event.anchor or ""
        target = self.anchors.get(anchor)
        if self._expects_key():
            self.keys[-1] = _key(target.value if isinstance(target, Setting) else "", event)
            return
        name, key = self._name()
        if target is None:
            raise _unreadable(f"unknown anchor {anchor}", event.start_mark)
        size = self.anchored.get(id(target), 0) + 1
        self.sizes[-1] += size
        self.aliased += size
        if self.aliased > MOST_ALIASED:
            raise Unreadable("aliases stand for too much")
        start = self.source.at(_start(event) if key is None else key)
        self.stack[-1].add(Alias(name, target, start, self.source.at(_end(event))))

    def _anchor(self, name: str, node: Setting | Block) -> None:
        self.anchors[name] = node
        self.anchored[id(node)] = 0


def _unreadable(reason: str, mark: Mark | CMark | None) -> Unreadable:
    """The error at a place of the text."""
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    error = Unreadable(f"line {line}: {reason}")
    error.place = line, column
    return error


def _key(name: str, event: yaml.NodeEvent) -> yaml.ScalarEvent:
    """An event that stands for a key which is no scalar."""
    return yaml.ScalarEvent(None, None, (True, True), name, event.start_mark, event.end_mark)


_OFFSETS = tuple(range(4_000))


def _shared(offset: int) -> int:
    """The same number for the same offset of all small files: thousands of manifests have thousands of offsets each."""
    return _OFFSETS[offset] if 0 <= offset < len(_OFFSETS) else offset


def _start(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.index


def _span(event: yaml.Event) -> tuple[int, int]:
    if event.start_mark is None or event.end_mark is None:
        return 0, 0
    return event.start_mark.index, event.end_mark.index


def _end(event: yaml.Event) -> int:
    return 0 if event.end_mark is None else event.end_mark.index
