"""What a rule's docstring says, for `shipworthy explain`, for SARIF and for the rule pages."""

from __future__ import annotations

from inspect import cleandoc

from shipworthy.patterns import lazy
from shipworthy.rule import HOST
from shipworthy.rules import load

_BLOCKS = ("Wrong::", "Right::")
_LABELS = ("When not to use it:", "Source:")
_NAME = lazy(r"(?:#|//) (?P<path>[\w.-]*[./][\w./-]*|[A-Z]\w*file)")
"""A line that names the file below it: a comment with nothing but a path."""


def help_text(id: str) -> str:
    """The documentation of a rule as plain text: its module's docstring."""
    return cleandoc(load(id).__doc__ or "")


def explanation(id: str) -> str:
    """What `shipworthy explain` prints: the documentation, what the configuration can change, how to suppress."""
    rule = load(id).RULE
    parts = [help_text(id)]
    if rule.options:
        lines = [f"{name} (default: {default}): {meaning}" for name, (default, meaning) in sorted(rule.options.items())]
        stated = f"Options, in .shipworthy.yaml at rules: {{{id}: {{options: ...}}}}:"
        parts.append("\n".join([stated, "", *(f"    {line}" for line in lines)]))
    if rule.scope != HOST:
        parts.append(f"Suppress, in a comment at the end of the line or above it: shipworthy: ignore[{id}] the reason")
    return "\n\n".join(parts)


class Documentation:
    """The parts of a rule's documentation, each as text: paragraphs, or the content of a literal block.

    ``notes`` is what stands below the examples.
    """

    def __init__(self, text: str) -> None:
        self.requirement, _, rest = text.partition("\n")
        self.why, self.wrong, self.right, self.notes, self.when_not, self.source = _parts(rest)


def documentation(id: str) -> Documentation:
    """The parts of a rule's documentation."""
    return Documentation(help_text(id))


def files_of(block: str) -> dict[str, str]:
    """The files that an example shows, by path; none unless the example begins with the name of a file.

    A name is a line of its own, ``# deploy/api.service`` or ``// src/app.ts``, without any further word: where the
    comment says more, the example is a part of a file or needs something that it does not show.
    """
    files: dict[str, list[str]] = {}
    path = ""
    for line in block.splitlines(keepends=True):
        name = _NAME.fullmatch(line.rstrip())
        if name:
            path = name["path"]
        elif not path:
            return {}
        if not name:
            files.setdefault(path, []).append(line)
    return {path: "".join(lines).rstrip("\n") + "\n" for path, lines in files.items()}


def _parts(text: str) -> list[str]:
    """What stands before the blocks, the blocks, between them and the labels, and behind each label."""
    parts: list[list[str]] = [[], [], [], [], [], []]
    current = 0
    for line in text.splitlines():
        label = next((label for label in _LABELS if line.startswith(label)), None)
        if line in _BLOCKS:
            current = 1 + _BLOCKS.index(line)
        elif label:
            current = 4 + _LABELS.index(label)
            parts[current].append(line.removeprefix(label).strip())
        else:
            is_in_block = current in (1, 2)
            if is_in_block and line and not line.startswith(" "):
                current = 3
            parts[current].append(line)
    return [cleandoc("\n".join(lines)) for lines in parts]
