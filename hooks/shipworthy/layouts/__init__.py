"""The structure that a team requires of its repository: ``layout`` in `.shipworthy.yaml`, and the presets.

A preset is a file of this folder, written like ``layout`` itself. What is in this folder can be named: there is no list
to edit.
"""

from __future__ import annotations

import os

from shipworthy.config import Requirement
from shipworthy.formats import decode, yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.hook import read_file
from shipworthy.patterns import lazy
from shipworthy.rule import SEVERITIES
from shipworthy.statements import Reader, nearest

KEYS = ("not_required", "presets", "required")
REQUIREMENT_KEYS = ("or", "reason", "severity", "when")
PLACEHOLDERS = ("{name}", "{service}")
MOST_REQUIREMENTS = 500
_ENDING = ".yaml"
_PLACEHOLDER = lazy(r"\{[^{}/]*\}?|\}")


def presets() -> tuple[str, ...]:
    """The names of the presets, sorted."""
    names = os.listdir(os.path.dirname(__file__))
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


def preset_text(name: str) -> str:
    """What a preset says, as it is written."""
    return decode(read_file(os.path.join(os.path.dirname(__file__), name + _ENDING)))


def layout(reader: Reader, node: Setting | Block) -> tuple[Requirement, ...]:
    """What ``layout`` requires. Of a path that is required twice, what the repository itself states counts."""
    given = dict(reader.entries(node, KEYS))
    found: dict[str, Requirement] = {}
    if "presets" in given:
        for item in reader.items(given["presets"]):
            found |= _of_preset(reader, item)
    if "not_required" in given:
        known = tuple(found)
        for item in reader.items(given["not_required"]):
            found.pop(reader.choice(item, known), None)
    if "required" in given:
        for key, value in reader.entries(given["required"]):
            found[key] = _requirement(reader, key, value)
    if len(found) > MOST_REQUIREMENTS:
        raise reader.error(node, f"must require at most {MOST_REQUIREMENTS} paths, not {len(found)}")
    return tuple(found.values())


def _of_preset(reader: Reader, item: Setting | Block) -> dict[str, Requirement]:
    """What a preset requires, stated where it is named."""
    name = reader.choice(item, presets())
    text = preset_text(name)
    inner = Reader(name + _ENDING, text, reader.rules)
    line, column = reader.lines.position(item.start)
    found: dict[str, Requirement] = {}
    for top in yaml.read(Source(text)).blocks:
        for path, value in inner.entries(dict(inner.entries(top, KEYS))["required"]):
            requirement = _requirement(inner, path, value)
            requirement.preset, requirement.line, requirement.column = name, line, column
            found[path] = requirement
    return found


def _requirement(reader: Reader, path: str, value: Setting | Block) -> Requirement:
    """One entry: the path and its reason, or a mapping with the reason and more."""
    start = value.key if isinstance(value, Setting) else value.start
    line, column = reader.lines.position(start)
    _check_path(reader, path, value, start)
    if isinstance(value, Setting):
        return Requirement(path, _reason(reader, value, value, path), line, column)
    entries = dict(reader.entries(value, REQUIREMENT_KEYS))
    reason = entries.get("reason", value)
    return Requirement(
        path,
        _reason(reader, value, reason, path),
        line,
        column,
        severity=reader.choice(entries["severity"], SEVERITIES) if "severity" in entries else "",
        others=_paths(reader, entries, "or"),
        conditions=_paths(reader, entries, "when"),
    )


def _reason(reader: Reader, entry: Setting | Block, reason: Setting | Block, path: str) -> str:
    text = "" if reason is entry and isinstance(reason, Block) else " ".join(reader.string(reason).split())
    if not text:
        raise reader.key_error(entry, f"{path!r} needs a reason: what does not work without it?")
    return text


def _paths(reader: Reader, entries: dict[str, Setting | Block], key: str) -> tuple[str, ...]:
    found: list[str] = []
    for item in reader.items(entries[key]) if key in entries else ():
        found.append(reader.string(item))
        _check_path(reader, found[-1], item, item.start)
    return tuple(found)


def _check_path(reader: Reader, path: str, node: Setting | Block, offset: int) -> None:
    """Raises `ConfigError` for what can be no path of the repository."""
    for placeholder in _PLACEHOLDER.findall(path):
        if placeholder not in PLACEHOLDERS:
            message = f"unknown placeholder {placeholder!r}{nearest(placeholder, PLACEHOLDERS)}"
            raise reader.error(node, message, offset=offset)
    if "\\" in path or not {"", ".", ".."}.isdisjoint(path.removesuffix("/").split("/")):
        raise reader.error(node, f"must be a path inside the repository, not {path!r}", offset=offset)
