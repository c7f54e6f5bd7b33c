"""Where the objects of a YAML manifest begin and end, told by its lines alone.

Dashboards and definitions are large, and nothing but their names is needed: what is cut out here is parsed only when
somebody asks for what it holds. Inside of a mapping or a list nothing is indented less than its first line, so lines
tell the parts of a document in block style apart.

Source: https://yaml.org/spec/1.2.2/#chapter-8-block-style-productions
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shipworthy.patterns import lazy

_MARK = lazy(r"---(?=\s|\Z)")
_ITEMS = lazy(r"^items:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*(?P<indent> *)-(?P<gap> +)\S", re.MULTILINE)
_NAME = lazy(
    r"^(?P<indent> +)name:[ \t]+(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)[ \t]*(?:[ \t]#[^\n]*)?$", re.MULTILINE
)
_CHILD = lazy(r"\n(?P<indent> +)[^\s#]")
_ALIAS = lazy(r"(?:[:-]|<<:) [&*]\w")
"""What another item of a list may stand for."""


class Part(NamedTuple):
    """A mapping within a text: from its first key to its end. ``indent`` is the column of its keys."""

    start: int
    end: int
    indent: int


def documents(text: str) -> Iterator[tuple[int, int]]:
    """Where the documents of a YAML file begin and end."""
    start = 0
    mark = 0 if _MARK.match(text) else _next_mark(text, 0)
    while mark >= 0:
        yield start, mark
        start = text.find("\n", mark)
        if start < 0:
            start = len(text)
        mark = _next_mark(text, start)
    yield start, len(text)


def _next_mark(text: str, position: int) -> int:
    """Where the next line begins that separates documents; -1 where none does."""
    found = text.find("\n---", position)
    while found >= 0 and not _MARK.match(text, found + 1):
        found = text.find("\n---", found + 4)
    return found + 1 if found >= 0 else -1


def items(text: str, start: int, end: int) -> list[Part] | None:
    """The mappings in the list ``items`` of a document; None where lines do not tell."""
    first = _ITEMS.search(text, start, end)
    if first is None or _has_alias(text, start, end):
        return None
    column = len(first["indent"])
    found: list[Part] = []
    for line in _outline(column).finditer(text, first.start("indent") - 1, end):
        begin = line.start() + 1
        if found:
            found[-1] = found[-1]._replace(end=begin)
        if line["gap"] is None:
            return found
        indent = column + 1 + len(line["gap"])
        if line["gap"].strip(" ") or not line["gap"]:
            return None  # a dash on a line of its own
        found.append(Part(begin + indent, end, indent))
    return found


def _has_alias(text: str, start: int, end: int) -> bool:
    """Whether something may stand for something else; two plain searches tell most documents that have none."""
    if text.find(" &", start, end) < 0 and text.find(" *", start, end) < 0:
        return False
    return _ALIAS.search(text, start, end) is not None


@cache
def _outline(column: int) -> re.Pattern[str]:
    """The lines that begin an item whose dash stands in that column, or that end the list, each behind its line break.

    A pattern that begins with the line break finds the next line at once; with ``^`` each character is looked at.
    """
    return re.compile(rf"\n(?: {{{column}}}-(?P<gap> +(?=\S)|\s*$)| {{0,{column}}}[^\s#-])", re.MULTILINE)


def shown(text: str, part: Part) -> str:
    """The mapping with its first line indented like the others."""
    return " " * part.indent + text[part.start : part.end]


def section(mapping: str, indent: int, key: str) -> tuple[int, int] | None:
    """Where a key and what stands under it begin and end in a mapping whose keys are indented so."""
    beginning = _key_in(mapping, indent, key)
    if beginning is None:
        return None
    ending = _next_key(indent).search(mapping, beginning.end())
    return beginning.start("line"), ending.start() + 1 if ending else len(mapping)


def value(mapping: str, indent: int, key: str) -> str:
    """The word that stands behind a key on its line; "" where none does."""
    found = _key_in(mapping, indent, key)
    return (found["value"] or "") if found else ""


def _key_in(mapping: str, indent: int, key: str) -> re.Match[str] | None:
    """The first line of a mapping that begins with a key."""
    if key not in mapping:
        return None
    is_first = mapping[indent : indent + len(key) + 1].lstrip("\"'").startswith(key)
    return (_key(indent, key, "").match(mapping) if is_first else None) or _key(indent, key, "\n").search(mapping)


@cache
def _key(indent: int, key: str, before: str) -> re.Pattern[str]:
    return re.compile(rf"{before}(?P<line> {{{indent}}}[\"']?{key}[\"']?:(?:[ \t]+[\"']?(?P<value>[\w./-]+))?)")


@cache
def _next_key(indent: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{0,{indent}}}[^\s#]")


def name(mapping: str, indent: int) -> str:
    """The name in the metadata of an object, where it stands there as a plain word; "" where only a parser can tell."""
    found = section(mapping, indent, "metadata")
    if found is None:
        return ""
    written = _NAME.search(mapping, *found)
    first = _CHILD.search(mapping, *found)
    return written["name"] if written and first and written["indent"] == first["indent"] else ""


def without(mapping: str, indent: int, *keys: str) -> str:
    """The mapping without what stands under these keys."""
    for key in keys:
        found = section(mapping, indent, key)
        if found is not None:
            mapping = mapping[: found[0]] + mapping[found[1] :]
    return mapping
