"""What the tests of readers share: trees as plain tuples, and the rules that every tree keeps."""

from __future__ import annotations

from shipworthy.formats.tree import Block, Setting

Said = tuple[str, str, str]
"""A setting: its kind, its key path joined by dots, its value."""


def said(root: Block) -> list[Said]:
    """Every setting of a tree, in order of appearance."""
    return [(setting.kind, ".".join(setting.keys), setting.value) for setting in root.all_settings()]


def written(root: Block, text: str) -> list[str]:
    """The text that each setting's position encloses."""
    return [text[setting.start : setting.end] for setting in root.all_settings()]


def misplaced(root: Block, text: str) -> list[Setting | Block]:
    """The nodes whose position is not in the text."""
    return [node for node in root.walk() if not 0 <= node.start <= node.end <= len(text)]


def miswritten(root: Block, text: str) -> list[Setting]:
    """The settings whose position encloses something else than their value; values with escapes are left out."""
    return [
        setting
        for setting in root.all_settings()
        if "\\" not in text[setting.start : setting.end] and text[setting.start : setting.end] != setting.value
    ]
