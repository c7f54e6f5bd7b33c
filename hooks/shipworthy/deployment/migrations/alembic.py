"""Alembic: every revision names the one below it, so the graph stands in the files.

Source: https://alembic.sqlalchemy.org/en/latest/branches.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from shipworthy.deployment.migrations.model import ALEMBIC, Fault, History, opened, text_of
from shipworthy.file import File
from shipworthy.patterns import lazy
from shipworthy.rule import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(r"(?:^|/)versions/(?:[^/]+/)*[^/]+\.py$")
_ASSIGNMENT = lazy(
    r"^(?P<name>revision|down_revision|branch_labels)[ \t]*(?::[^=\n]*)?=[ \t]*"
    r"(?P<value>\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|[^\n#]*)",
    re.MULTILINE,
)
_STRING = lazy(r"[\"']([^\"'\n]{0,100})[\"']")
_ALL_HEADS = lazy(r"upgrade\b[^\n]{0,100}\bheads\b")


class _Revision:
    """One file of a ``versions`` folder. ``parents`` is None where the file computes them."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.id = ""
        self.id_start = self.parents_start = 0
        self.parents: tuple[str, ...] | None = ()
        self.has_labels = False
        for found in _ASSIGNMENT.finditer(text_of(file)):
            value = found["value"].strip()
            strings = tuple(_STRING.findall(value))
            if found["name"] == "revision" and strings:
                self.id, self.id_start = strings[0], found.start()
            elif found["name"] == "down_revision":
                self.parents = strings if strings or value.strip("()") == "None" else None
                self.parents_start = found.start()
            elif found["name"] == "branch_labels":
                self.has_labels = value != "None"


def histories(project: Project, paths: Iterable[str]) -> Iterator[History]:
    """The histories of the ``versions`` folders that hold revisions; ``paths`` are those that `PATH` finds."""
    folders: dict[str, list[_Revision]] = {}
    for path in paths:
        file = opened(project, path)
        if file is not None and b"down_revision" in file.data:
            revision = _Revision(file)
            if revision.id:
                folders.setdefault(file.directory, []).append(revision)
    graph = _Graph(project, folders)
    for directory, revisions in folders.items():
        yield History(ALEMBIC, directory, graph.proof_of(directory), tuple(graph.faults(directory, revisions)))


class _Graph:
    """The revisions of all folders: one environment may have several, and a parent may lie in another folder."""

    def __init__(self, project: Project, folders: dict[str, list[_Revision]]) -> None:
        self.project = project
        self.folders = folders
        self.environments = {directory: self.environment_of(directory) for directory in folders}
        self.ids = sorted(revision.id for revisions in folders.values() for revision in revisions)

    def environment_of(self, directory: str) -> str:
        """The folder of the ``env.py`` that runs the revisions of a folder; "" where none is around it."""
        while directory:
            if f"{directory}/env.py" in self.project.repository:
                return directory
            directory = directory.rpartition("/")[0]
        return ""

    def proof_of(self, directory: str) -> File:
        """The file that shows that Alembic is in use."""
        environment = self.environment_of(directory)
        around = environment.rpartition("/")[0]
        for path in (f"{around}/alembic.ini" if around else "alembic.ini", f"{environment}/env.py"):
            file = opened(self.project, path)
            if file is not None:
                return file
        return self.folders[directory][-1].file

    def faults(self, directory: str, revisions: list[_Revision]) -> Iterator[Fault]:
        """What is wrong with the revisions of a folder."""
        yield from _duplicates(revisions)
        near = self._near(directory)
        if any(revision.parents is None for revision in near):
            return
        known = sorted(revision.id for revision in near)
        missing = list(self._missing(revisions, known))
        yield from missing
        if not missing:  # what builds on a lost revision would look like a second head
            yield from self._several_heads(revisions, near, known)

    def _near(self, directory: str) -> list[_Revision]:
        """The revisions of the same environment; where none is around a folder, all that have none."""
        environments = (self.environments[directory], "")
        return [
            revision
            for folder, revisions in self.folders.items()
            if folder == directory or self.environments[folder] in environments
            for revision in revisions
        ]

    def _missing(self, revisions: list[_Revision], known: list[str]) -> Iterator[Fault]:
        for revision in revisions:
            for parent in revision.parents or ():
                if _named(parent, known) or _named(parent, self.ids):
                    continue
                yield Fault(
                    revision.file,
                    revision.parents_start,
                    f"the revision {revision.id} builds on {parent}, which {self._state_of(revision, parent)}: "
                    "Alembic stops before it applies anything",
                    f"commit the file of revision {parent}, or set down_revision to a revision that is there",
                )
                break

    def _state_of(self, revision: _Revision, parent: str) -> str:
        """Whether the file that is missing lies on this disk."""
        for path in self._on_disk(revision.file.directory):
            if parent in path.rpartition("/")[2] and self.project.repository.only_on_disk(path):
                return f"is only on disk, as {path}"
        return "no committed file has"

    def _on_disk(self, directory: str) -> list[str]:
        import os

        try:
            names = os.listdir(os.path.join(self.project.repository.root, directory))
        except OSError:
            return []
        return sorted(f"{directory}/{name}" for name in names if name.endswith(".py"))

    def _several_heads(self, revisions: list[_Revision], near: list[_Revision], known: list[str]) -> Iterator[Fault]:
        parents = {_named(parent, known) for revision in near for parent in revision.parents or ()}
        heads = [revision for revision in revisions if revision.id not in parents]
        if len({head.id for head in heads}) < 2 or self._upgrades_all_heads:
            return
        for branch in _branches(revisions, heads):
            if len(branch) > 1:
                last = branch[-1]
                ids = [head.id for head in branch]
                yield Fault(
                    last.file,
                    last.parents_start or last.id_start,
                    f"{last.file.directory} has {len(ids)} heads, {listed(ids)}: `alembic upgrade head` stops with "
                    '"Multiple head revisions are present"',
                    f"alembic merge -m 'Merge heads' {' '.join(ids)}, then commit the file",
                )

    @cached_property
    def _upgrades_all_heads(self) -> bool:
        """Whether something runs ``alembic upgrade heads``, which applies every head."""
        paths = self.project.repository.containing("heads")
        return any(_ALL_HEADS.search(text_of(file)) for path in paths if (file := opened(self.project, path)))


def _named(written: str, known: list[str]) -> str:
    """The revision that ``written`` is the beginning of, in a sorted list; "" where none is."""
    at = bisect_left(known, written)
    return known[at] if written and at < len(known) and known[at].startswith(written) else ""


def _duplicates(revisions: list[_Revision]) -> Iterator[Fault]:
    seen: dict[str, _Revision] = {}
    for revision in revisions:
        other = seen.setdefault(revision.id, revision)
        if other is not revision:
            yield Fault(
                revision.file,
                revision.id_start,
                f"the revision {revision.id} is also that of {other.file.name}: Alembic takes only one of the two",
                "give this file a revision of its own",
            )


def _branches(revisions: list[_Revision], heads: list[_Revision]) -> list[list[_Revision]]:
    """The heads that must be one: all of them, or, where branches have labels, those of each branch."""
    if not any(revision.has_labels for revision in revisions):
        return [heads]
    by_id = {revision.id: revision for revision in revisions}
    branches: dict[frozenset[str], list[_Revision]] = {}
    for head in heads:
        branches.setdefault(frozenset(_labelled_below(head, by_id)), []).append(head)
    return [branch for labels, branch in branches.items() if labels]


def _labelled_below(head: _Revision, by_id: dict[str, _Revision]) -> Iterator[str]:
    """The revisions with labels that a head builds on, itself included."""
    seen: set[str] = set()
    waiting = [head.id]
    while waiting:
        id = waiting.pop()
        if id in seen or id not in by_id:
            continue
        seen.add(id)
        if by_id[id].has_labels:
            yield id
        waiting += by_id[id].parents or ()
