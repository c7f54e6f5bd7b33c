"""XML: elements as mappings, attributes and texts as settings.

An element is a mapping named by its tag without its namespace; a tag that is there twice is there twice. An attribute
is a setting of its element. The text of an element without child elements is a setting in the mapping around it, named
by the tag: ``<file>/var/log/api.log</file>`` says file = /var/log/api.log.

Many vocabularies name a setting in one place and give its value in another. There the value goes by the given name:

- ``<property name="LogPath" value="v"/>``, ``<add key="X" value="v"/>``, ``<Property name="X">v</Property>``
- ``<property><name>dfs.data.dir</name><value>/data</value></property>``, ``<param-name>``, ``<env-entry-name>``
- property lists: ``<key>StandardOutPath</key><string>/var/log/api.log</string>``

Read by expat. Nothing is expanded and nothing is fetched: what an external entity stands for is left out, and a text
that declares entities of its own is not read at all.

Source: https://www.w3.org/TR/xml/ and, for property lists, plist(5)
"""

from __future__ import annotations

import re
from xml.parsers import expat

from shipworthy.formats.source import ByteOffsets, Source
from shipworthy.formats.tree import VALUE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

MOST_LEVELS = 200
"""Deeper nesting is not configuration."""

_ATTRIBUTE = lazy(r"""\s(?P<name>[^\s=<>"'/]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_NAMED = {"value": ("name", "key"), "param-value": ("param-name",), "env-entry-value": ("env-entry-name",)}
_NAMES = ("name", "key")


def read(source: Source) -> Block:
    """The elements of an XML text. Raises `Unreadable` where it is not XML, declares entities or nests too deeply."""
    reader = _Reader(source)
    try:
        reader.parse()
    except expat.ExpatError as error:
        raise Unreadable(f"line {error.lineno}: {expat.ErrorString(error.code)}") from error
    return reader.root


class _Element:
    """An element that is still open: its block, its text so far and where that began, and whether others are in it."""

    __slots__ = ("block", "key", "nested", "parent", "start", "text")

    def __init__(self, block: Block, parent: Block) -> None:
        self.block = block
        self.parent = parent
        self.start = 0
        self.text: list[str] = []
        self.nested = False
        self.key: tuple[str, int] | None = None  # of a property list: the key whose value comes next


class _Reader:
    """Builds the tree from parser events."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root = Block("document")
        self.open: list[_Element] = []
        self.data = source.text.encode("utf-8", "surrogatepass")
        self.offsets = ByteOffsets(self.data, len(source.text))
        self.parser = expat.ParserCreate("utf-8")  # the text is decoded already, whatever its declaration says
        self.property_list = False

    def parse(self) -> None:
        parser = self.parser
        parser.ordered_attributes = True
        parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refuse_entities
        parser.Parse(self.data, True)

    def _offset(self) -> int:
        """The offset in the text of what the parser has just read."""
        return self.offsets.characters(self.parser.CurrentByteIndex)

    def _start(self, tag: str, attributes: list[str]) -> None:
        if len(self.open) >= MOST_LEVELS:
            raise Unreadable("nested too deeply")
        parent = self.root
        if self.open:
            parent, self.open[-1].nested = self.open[-1].block, True
        start, end = self._offset() + 1, self._offset() + 1 + len(tag)
        name = _local(tag)
        self.property_list = self.property_list or (not self.open and name == "plist")
        kind = "sequence" if self.property_list and name == "array" else "mapping"
        block = parent.add(Block(kind, name, self.source.at(end - len(name)), self.source.at(end)))
        self.open.append(_Element(block, parent))
        given = zip(attributes[::2], attributes[1::2], _ATTRIBUTE.finditer(self.source.text, start), strict=False)
        for attribute, value, written in given:
            block.add(self._attribute(_local(attribute), value, written))

    def _attribute(self, name: str, value: str, written: re.Match[str]) -> Setting:
        group = "double" if written["double"] is not None else "single"
        start, end = self.source.at(written.start(group)), self.source.at(written.end(group))
        key = self.source.at(written.end("name") - len(name))
        return Setting(name, value, start, end, VALUE, key=key)

    def _characters(self, data: str) -> None:
        element = self.open[-1]
        if not element.text:
            visible = data.lstrip()
            if not visible:
                return
            element.start = self._offset() + len(data) - len(visible)
            data = visible
        element.text.append(data)

    def _end(self, _tag: str) -> None:
        element = self.open.pop()
        block = element.block
        if element.text and not element.nested:
            self._text(element)
        for value, names in _NAMED.items():
            _rename(block, value, names)
        if self.property_list and self.open:
            self._property(element, self.open[-1])

    def _text(self, element: _Element) -> None:
        """The element's text as a setting: in place of its block where nothing else is in it."""
        block, parent = element.block, element.parent
        end = len(self.source.text[element.start : self._offset()].rstrip())
        end = len(self.source.text[element.start : element.start + end].removesuffix("]]>").rstrip()) + element.start
        value = "".join(element.text).rstrip()
        setting = Setting(block.name, value, self.source.at(element.start), self.source.at(end), VALUE, key=block.start)
        given = next((child for child in block.settings if child.name in _NAMES and child.value), None)
        if given is not None:
            setting.name, setting.key = given.value, given.start
            block.add(setting)
            return
        if not block.children:
            parent.children.pop()
        parent.add(setting)

    def _property(self, element: _Element, around: _Element) -> None:
        """Give a property list's value the name of the key before it, or its number in an array."""
        parent = around.block
        node = parent.children[-1]
        if parent.kind == "sequence":
            node.name = str(len(parent.children) - 1)
        elif isinstance(node, Setting) and node.name == "key":
            around.key = (node.value, node.start)
            parent.children.pop()
        elif around.key is not None:
            if isinstance(node, Block) and node.name in ("true", "false"):
                parent.children.pop()
                node = parent.add(Setting("", node.name, node.start, node.end, VALUE))
            name, key = around.key
            node.name = name
            if isinstance(node, Setting):
                node.key = key
            around.key = None


def _rename(block: Block, value: str, names: tuple[str, ...]) -> None:
    """Name the setting ``value`` as its neighbour says."""
    valued = next((child for child in block.settings if child.name == value), None)
    given = next((child for child in block.settings if child.name in names and child.value), None)
    if valued is not None and given is not None:
        valued.name, valued.key = given.value, given.start


def _local(name: str) -> str:
    """A tag's or an attribute's name without its namespace."""
    return name.rpartition(":")[2]


def _refuse_entities(_name: str, _is_parameter: bool, value: str | None, *_place: str | None) -> None:
    """An entity that stands for a text can grow without limit; one that stands for a file is never looked at."""
    if value is not None:
        raise Unreadable("declares entities")
