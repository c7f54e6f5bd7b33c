"""Which references lead nowhere, and which of those are explained.

A file that something of the repository writes, that is built, or whose example is committed is expected to be missing.
What cannot be known (submodules) is not missing either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.model import (
    CONFIG,
    CONTEXT,
    COPY,
    DOCKERFILE,
    LINK,
    MOUNT,
    SCRIPT,
    SECRET,
    VALUES,
    Reference,
)
from shipworthy.deployment.references.names import ending_of, is_made_by_its_user, output_folder
from shipworthy.formats import format_of
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project
    from shipworthy.repository import Repository

_QUIET_IF_IGNORED = frozenset({COPY, SECRET, VALUES, LINK})
"""Kinds of which an ignored path is a build output, a secret, or somebody's own on purpose."""
_OF_COMPOSE = frozenset({CONTEXT, DOCKERFILE, MOUNT, CONFIG, SECRET})
_EXAMPLES = (
    "example",
    "sample",
    "template",
    "dist",
    "tmpl",
    "tpl",
    "j2",
    "in",
    "default",
    "erb",
    "jinja",
    "jinja2",
    "tftpl",
)
_COMPILED = {"js": ("ts", "tsx", "coffee", "jsx"), "mjs": ("mts", "ts"), "cjs": ("cts", "ts"), "css": ("scss", "less")}
COMMAND_WRITES = lazy(
    r"\S\s+\d?&?>{1,2}\s*[\"']?[^\s\"'<>|;&]*$"
    r"|\b(?:tee(?:\s+-a)?|touch|mkdir(?:\s+-p)?)\s+(?:[^\s|;&]+\s+)*[\"']?[^\s\"'<>|;&]*$"
    r"|(?:\s|^)(?:-o|-O|--?out\S*|-keyout)[ =]?\s*[\"']?[^\s\"']*$"
    r"|\b(?:cp|mv|ln|install|rsync|copy|Copy-Item|scp|git clone|curl|wget|tar|unzip)\s[^\n;|]*[\s/\"'][^\s\"']*$",
    re.IGNORECASE,
)
"""Stands before the name of a file that a command writes."""
_CODE_WRITES = lazy(
    r"(?:generat|render|writ|creat|download|sav|export|dump|produc(?:e|ing)|emit|compil)\w*\b[^\n]*$"
    r"|\bopen\([^\n]*$|\boutput\w*[\"']?\s*[:=][^\n]*$",
    re.IGNORECASE,
)
"""Stands before the name of a file that is written by a program."""
_COPIES = lazy(r"\b(?:cp|mv|ln)\s")
_CONTINUED = lazy(r"\\\r?\n\s*")
_FOLDER = lazy(r"(?P<name>[^\s/\"'`=(]+)/$")
_PLAIN_NAME = lazy(r"[\w-][\w.-]*")
_LONGEST_LINE = 1000
_LONGEST_ARGUMENT = 30_000
"""Characters, which may be four bytes each; Linux takes 131,072 bytes."""
_MOST_MENTIONS = 5
"""Of a name on one line."""


class Missing(NamedTuple):
    """A reference of which no path is committed.

    ``ignored_by`` is the pattern that keeps ``path`` out, or "". ``also`` are the lines of the file that name the same,
    ``elsewhere`` a committed path that may be meant instead, or "".
    """

    reference: Reference
    path: str
    ignored_by: str
    differing_in_case: str | None
    is_on_disk: bool
    also: tuple[int, ...]
    elsewhere: str


def missing(project: Project, references: Iterable[Reference]) -> list[Missing]:
    """The references that lead nowhere without an explanation; what a file names several times comes once."""
    repository = project.repository
    lost = _lost(repository, references)
    ignored = repository.ignored_by(path for same in lost for path in same[0].paths)
    presence = _Presence(project, {name for same in lost for name in _asked_for(same[0])})
    found: list[Missing] = []
    for same in lost:
        reference = same[0]
        case = next((known for path in reference.paths if (known := repository.differing_in_case(path))), None)
        pattern = next((ignored[path] for path in reference.paths if path in ignored), "")
        if case is None and presence.explains(reference, pattern):
            continue
        on_disk = next((path for path in reference.paths if repository.only_on_disk(path)), None)
        path = on_disk or _likeliest(repository, reference)
        lines = {other.file.position(other.start)[0] for other in same} - {reference.file.position(reference.start)[0]}
        elsewhere = _elsewhere(repository, reference)
        found.append(Missing(reference, path, pattern, case, on_disk is not None, tuple(sorted(lines)), elsewhere))
    return found


def _lost(repository: Repository, references: Iterable[Reference]) -> list[list[Reference]]:
    """The references of which no path is there: those of one file to the same path together, production's first."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Reference]] = {}
    for reference in sorted(references, key=lambda reference: reference.is_development):
        if not any(repository.has(path) or repository.is_unknown(path) for path in reference.paths):
            found.setdefault((reference.file.path, reference.kind, reference.paths), []).append(reference)
    return list(found.values())


def _likeliest(repository: Repository, reference: Reference) -> str:
    """The path that a reference means: the first in a committed folder."""
    folders = repository.directories
    return next((path for path in reference.paths if path.rpartition("/")[0] in folders), reference.paths[0])


def _elsewhere(repository: Repository, reference: Reference) -> str:
    """What the reference names seen from the root, or else the only committed file of that name."""
    from_root = in_repository("", reference.written)
    if from_root and repository.has(from_root):
        return from_root
    name = reference.paths[0].rpartition("/")[2]
    same = repository.named(name)
    return same[0] if len(same) == 1 and same[0] != reference.file.path else ""


def _name_of(reference: Reference) -> str:
    return reference.paths[0].rpartition("/")[2]


def _asked_for(reference: Reference) -> Iterator[str]:
    """The names whose mentions may explain a reference."""
    yield _name_of(reference)
    if reference.kind in _OF_COMPOSE:
        yield reference.file.path


def _pieces(names: Iterable[str]) -> Iterator[list[str]]:
    """The names that have one, in lists that fit into an argument of git's."""
    piece: list[str] = []
    length = 0
    for name in sorted(filter(None, names)):
        if piece and length + len(name) > _LONGEST_ARGUMENT:
            yield piece
            piece, length = [], 0
        piece.append(name)
        length += len(name) + 1
    if piece:
        yield piece


def _may_be_meant(before: str, reference: Reference) -> bool:
    """Whether the folder written before a name, if any, is called like that of the reference, or not known."""
    folder = _FOLDER.search(before)
    if folder is None or not _PLAIN_NAME.fullmatch(folder["name"]):
        return True
    return any(path.rpartition("/")[0].rpartition("/")[2] in ("", folder["name"]) for path in reference.paths)


class _Written(NamedTuple):
    """A place that may write a file: what stands before its name in the line says so, or it is a target of make."""

    path: str
    line: str
    before: str
    is_target: bool = False
    by_command: bool = False
    is_prose: bool = False


class _Presence:
    """What explains that a path is not committed."""

    def __init__(self, project: Project, names: Collection[str]) -> None:
        """``names`` are all whose mentions may be asked for: git looks for them together."""
        self.project = project
        self._names = names

    def explains(self, reference: Reference, ignored_by: str) -> bool:
        """Whether the repository itself says where the file comes from."""
        if ignored_by and reference.kind in _QUIET_IF_IGNORED:
            return True
        if reference.kind in _OF_COMPOSE and self._is_copied(reference.file.path):
            return True
        if reference.paths[0].rpartition("/")[2] == "server.js" and self._builds_standalone:
            return True
        return any(
            self._is_output(path, ignored_by)
            or self._has_example(path)
            or self._has_source(path)
            or (reference.kind == SECRET and is_made_by_its_user(path) and self._is_documented(path))
            for path in reference.paths
        ) or self._is_written(reference)

    def _is_output(self, path: str, ignored_by: str) -> bool:
        """Whether a path lies in a folder that programs fill: nothing of it is committed, or it is ignored."""
        folder = output_folder(path)
        if not folder:
            return False
        return bool(ignored_by) or folder not in self.project.repository.directories

    def _has_example(self, path: str) -> bool:
        committed = self.project.repository
        folder, _, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        names = [f"{name}{mark}{word}" for word in _EXAMPLES for mark in (".", "-", "_")]
        if stem:
            names += [f"{stem}{mark}{word}{dot}{ending}" for word in _EXAMPLES for mark in (".", "-", "_")]
            names += [f"{word}{mark}{name}" for word in _EXAMPLES for mark in (".", "-", "_")]
        prefix = f"{folder}/" if folder else ""
        return any(prefix + other in committed for other in names)

    def _has_source(self, path: str) -> bool:
        """Whether the file is compiled from one beside it."""
        ending = ending_of(path)
        stem = path[: -len(ending)] if ending else path
        return any(stem + source in self.project.repository for source in _COMPILED.get(ending, ()))

    def _is_documented(self, path: str) -> bool:
        return any(self.project.repository.containing(path.rpartition("/")[2]))

    @cached_property
    def _is_released_by_goreleaser(self) -> bool:
        return any(name.rpartition("/")[2].startswith(".goreleaser") for name in self.project.repository.paths)

    @cached_property
    def _builds_standalone(self) -> bool:
        """Whether Next.js writes a ``server.js`` into the image."""
        return any("next.config" in path for path in self.project.repository.containing("standalone"))

    def _is_copied(self, compose_file: str) -> bool:
        """Whether a script puts a Compose file into another folder, from where its relative paths start."""
        if "/" not in compose_file:
            return False
        if compose_file not in self._copied:
            self._copied[compose_file] = any(
                _COPIES.search(line[: line.find(compose_file)])
                for path in self._mentioning(compose_file)
                if self.project.place_of(path) != DOCUMENTATION
                for line in text_of(self.project, path).split("\n")
                if compose_file in line and len(line) <= _LONGEST_LINE
            )
        return self._copied[compose_file]

    @cached_property
    def _copied(self) -> dict[str, bool]:
        return {}

    def _is_written(self, reference: Reference) -> bool:
        """Whether something writes a file of that name."""
        name = _name_of(reference)
        if reference.kind == COPY and self._is_released_by_goreleaser and not ending_of(name):
            return True
        if len(name) < 3:
            return True
        return self._writes(name, reference)

    def _writes(self, name: str, reference: Reference) -> bool:
        is_common = reference.kind == DOCKERFILE  # every second line of a build script says Dockerfile
        for found in self._written(name):
            if found.is_target:
                return True
            own = reference.written if found.path == reference.file.path else ""
            is_reference = bool(own) and own in found.line
            if is_reference and reference.kind != SCRIPT:
                continue
            if _may_be_meant(found.before, reference) and (
                found.by_command or not (found.is_prose or is_reference or is_common)
            ):
                return True
        return False

    def _written(self, name: str) -> list[_Written]:
        """The places where something may write a file of that name, whoever needs it."""
        if name not in self._places:
            self._places[name] = list(self._places_of(name))
        return self._places[name]

    def _places_of(self, name: str) -> Iterator[_Written]:
        mention = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
        for path in self._mentioning(name):
            is_prose = self.project.place_of(path) == DOCUMENTATION
            for line in _CONTINUED.sub(" ", text_of(self.project, path)).split("\n"):
                if name not in line or len(line) > _LONGEST_LINE:
                    continue
                if line.startswith(f"{name}:") and "akefile" in path:
                    yield _Written(path, line, "", is_target=True)
                for found in islice(mention.finditer(line), _MOST_MENTIONS):
                    before = line[: found.start()]
                    by_command = COMMAND_WRITES.search(before) is not None
                    if by_command or _CODE_WRITES.search(before):
                        yield _Written(path, line, before, by_command=by_command, is_prose=is_prose)

    def _mentioning(self, name: str) -> list[str]:
        """The files that may write a file of that name. What Dockerfiles write is in the image."""
        if name not in self._mentions:
            for some in _pieces({name, *self._names}.difference(self._mentions)):
                self._look_for(some)
        return self._mentions[name]

    def _look_for(self, names: Sequence[str]) -> None:
        for name in names:
            self._mentions[name] = []
        for path in self.project.repository.containing("\n".join(names)):
            if self.project.place_of(path) in (VENDORED, GENERATED, TEST) or format_of(path) == "dockerfile":
                continue
            text = text_of(self.project, path)
            for name in names:
                if name in text:
                    self._mentions[name].append(path)

    @cached_property
    def _mentions(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _places(self) -> dict[str, list[_Written]]:
        return {}
