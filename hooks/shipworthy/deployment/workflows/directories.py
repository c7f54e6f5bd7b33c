"""The folders that the commands of a step run in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.workflows.model import Step
from shipworthy.formats.failures import Command

_MOST_VISITED = 20
"""Folders; nobody's script goes through more."""


class Located(NamedTuple):
    """A command with the folder it runs in, None where that is not known.

    ``visited`` are all folders that the step has been in: behind a subshell it may be back in an earlier one.
    """

    command: Command
    directory: str | None
    visited: tuple[str, ...]


def located_commands(step: Step) -> Iterator[Located]:
    """The commands of a step in order, ``cd`` followed."""
    directory = step.directory
    visited = [directory] if directory is not None else []
    for command in step.commands:
        yield Located(command, directory, tuple(visited))
        if command.block.name in ("cd", "pushd"):
            target = command.block.words[1] if len(command.block.words) > 1 else ""
            directory = _change(directory, target)
        elif command.block.name == "popd":
            directory = visited[0] if len(visited) == 2 else None
        if directory is not None and directory not in visited and len(visited) < _MOST_VISITED:
            visited.append(directory)


def _change(directory: str | None, target: str) -> str | None:
    workspace = ("$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "$CI_PROJECT_DIR")
    for root in workspace:
        if target == root or target.startswith(root + "/"):
            return in_repository("", target[len(root) :].lstrip("/") or ".")
    if directory is None or target == "-":
        return None
    return in_repository(directory, target)
