"""YAML: nodes with positions, scalars as they are written.

Read from the parser's event stream: ``on`` stays "on", ``22:22`` stays "22:22", unknown tags are kept as text, a key
that is given twice is there twice, aliases are not expanded. Several documents become several children of the root.

Source: https://yaml.org/spec/1.2.2/ and, for the merge key, https://yaml.org/type/merge.html
"""

from __future__ import annotations

import re

import yaml

from shipworthy.formats.source import Source
from shipworthy.formats.tree import VALUE, Alias, Block, Setting
from shipworthy.formats.unreadable import Unreadable

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

_PROPERTY = re.compile(r"[!&]\S*\s*")

MOST_LEVELS = 200
"""Deeper nesting is not configuration, and libyaml takes quadratic time for it."""


def read(source: Source) -> Block:
    """The documents of a YAML file, each a mapping, a sequence or a lone scalar below the root.

    Raises `Unreadable` where the text is not YAML or nests too deeply.
    """
    root = Block("document")
    reader = _Reader(source, root)
    try:
        for event in yaml.parse(source.text, Loader=Loader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"line {line}: {error.problem or 'not YAML'}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable("not YAML") from error
    return root


def decoded(source: Source, setting: Setting) -> Source:
    """The text of a scalar as a source: a script or a document that stands inside a YAML value.

    ``source`` is the one the setting was read from, and `Source.text` must be the whole file's text.
    """
    return source.within(setting.value, _anchors(source.text, setting))


class _Reader:
    """Builds the tree from parser events."""

    def __init__(self, source: Source, root: Block) -> None:
        self.source = source
        self.stack: list[Block] = [root]
        self.keys: list[yaml.ScalarEvent | None] = [None]
        self.anchors: dict[str, Setting | Block] = {}
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says."""
        if isinstance(event, yaml.ScalarEvent):
            if self._expects_key():
                self.keys[-1] = event
            else:
                self._add(event, self._setting(event))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            closed = self.stack.pop()
            closed.end = max(closed.end, self.source.at(event.end_mark.index))
            self.keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            self.anchors.clear()

    def _expects_key(self) -> bool:
        return self.stack[-1].kind == "mapping" and self.keys[-1] is None

    def _name(self) -> tuple[str, int | None]:
        """The name the next child takes, and the offset of its key."""
        block = self.stack[-1]
        if block.kind == "mapping":
            key = self.keys[-1]
            self.keys[-1] = None
            return (key.value, key.start_mark.index) if key is not None else ("", None)
        if block.kind == "sequence":
            return str(len(block.children)), None
        return "", None

    def _setting(self, event: yaml.ScalarEvent) -> Setting:
        name, key = self._name()
        start, end = event.start_mark.index, event.end_mark.index
        if event.tag or event.anchor:  # the event starts at its properties, the setting at its value
            while self.source.text[start : start + 1] in ("!", "&"):
                start += len(_PROPERTY.match(self.source.text, start, end)[0])  # type: ignore[index]
        if event.style in ("'", '"'):
            start, end = start + 1, max(end - 1, start + 1)
        return Setting(
            name,
            event.value,
            self.source.at(start),
            self.source.at(end),
            VALUE,
            key=None if key is None else self.source.at(key),
            tag=event.tag or "",
            literal=event.style is not None,
        )

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self.stack) > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        if self._expects_key():  # a mapping or a sequence as a key: its content is read, its name is not
            self.keys[-1] = yaml.ScalarEvent(None, None, (True, True), "", event.start_mark, event.start_mark)
        name, key = self._name()
        start = event.start_mark.index if key is None else key
        block = Block(kind, name, self.source.at(start), self.source.at(start + len(name)), tag=event.tag or "")
        self._add(event, block)
        self.stack.append(block)
        self.keys.append(None)

    def _alias(self, event: yaml.AliasEvent) -> None:
        target = self.anchors.get(event.anchor)
        if self._expects_key():
            value = target.value if isinstance(target, Setting) else ""
            self.keys[-1] = yaml.ScalarEvent(None, None, (True, True), value, event.start_mark, event.end_mark)
            return
        name, key = self._name()
        if target is None:
            raise Unreadable(f"line {event.start_mark.line + 1}: unknown anchor {event.anchor}")
        start = self.source.at(event.start_mark.index if key is None else key)
        self.stack[-1].add(Alias(name, target, start, self.source.at(event.end_mark.index)))

    def _add(self, event: yaml.NodeEvent, node: Setting | Block) -> None:
        self.stack[-1].add(node)
        if event.anchor:
            self.anchors[event.anchor] = node


def _anchors(text: str, setting: Setting) -> list[tuple[int, int]]:
    """Where the value's lines lie in the text: block scalars lose their indentation, folded ones their breaks."""
    written = text[setting.start : setting.end]
    if written == setting.value:
        return [(0, setting.start)]
    anchors: list[tuple[int, int]] = []
    inner, outer = 0, setting.start
    if written[:1] in ("|", ">"):
        outer += written.find("\n") + 1
    for line in setting.value.splitlines(keepends=True) or [""]:
        stripped = line.strip()
        found = text.find(stripped, outer, setting.end) if stripped else -1
        if found >= 0:
            anchors.append((inner + line.index(stripped[0]), found))
            outer = found + len(stripped)
        inner += len(line)
    if not anchors or anchors[0][0] != 0:
        anchors.insert(0, (0, setting.start))
    return anchors
