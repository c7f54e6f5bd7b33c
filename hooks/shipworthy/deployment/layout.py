"""What the required structure lacks, and what there is in its place.

A required path is there when it is committed: as a file that is not empty, or as a folder that holds something besides
placeholders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from glob import escape
from typing import NamedTuple

from shipworthy.config import Requirement
from shipworthy.deployment.services import Service, services
from shipworthy.globs import Globs
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MISSING = "missing"
"""Nothing of that path is committed."""
EMPTY_FILE = "empty file"
EMPTY_FOLDER = "empty folder"
"""A folder that holds nothing but placeholders."""
NO_FOLDER = "no folder"
"""A file where a folder is required."""

_EXTERNAL = "external"
_SERVICE = "{service}"
_NAME = "{name}"
_MAGIC = lazy(r"[*?\[]")
_KEEPERS = frozenset({".gitkeep", ".keep", ".gitignore", ".empty", ".placeholder", ".DS_Store", "placeholder"})
"""Files that are committed so that their folder is."""
_RIGHTLY_EMPTY = frozenset({"__init__.py", "py.typed", ".nojekyll"}) | _KEEPERS
_WORDS = lazy(r"[\W_]+")
_SAME_WORDS = {
    "k8s": "kubernetes",
    "kube": "kubernetes",
    "prod": "production",
    "prd": "production",
    "stage": "staging",
    "infra": "infrastructure",
    "yaml": "yml",
    "doc": "docs",
    "documentation": "docs",
    "test": "tests",
    "deployment": "deploy",
    "deployments": "deploy",
    "script": "scripts",
    "req": "requirements",
    "migration": "migrations",
}
_NOISE = frozenset({"docker"})
"""Words that make no difference, as in `docker-compose.yml`."""
_LIKE = 0.6
_MISSPELT = 0.85
"""How much alike two names of one folder must be, and two spellings of one name."""
_SOURCE_FOLDERS = frozenset("src source services microservices apps packages backend frontend cmd code".split())
_MOST_SEARCHES = 200
"""Of missing paths: whoever lacks more begins with the first of them."""
_MOST_BESIDE = 2_000
_LONGEST_NAME = 255
"""Names that are compared letter by letter, which takes its time."""


class Unmet(NamedTuple):
    """A requirement that the repository does not meet, for one service or as a whole.

    ``path`` is the path that should be there, or the pattern, ``state`` one of `MISSING` to `NO_FOLDER`, ``held``
    what a folder holds instead. ``nearest`` is the committed path that is most like it, or "".
    """

    requirement: Requirement
    path: str
    others: tuple[str, ...]
    service: Service | None
    state: str
    held: str
    nearest: str


class Structure:
    """What is required of the repository: ``project.model(Structure)``.

    ``applicable`` tells how many requirements there are to judge, those of each service counted one by one.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.repository = project.repository
        self.applicable = 0
        self._searches = 0
        self.unmet = list(self._all())

    def _all(self) -> Iterator[Unmet]:
        for requirement in self.project.config.layout:
            is_for_each = any(mark in requirement.path for mark in (_SERVICE, _NAME))
            known: Sequence[Service | None] = self._services if is_for_each else [None]
            for service in known:
                if not requirement.conditions or any(
                    self._state(path)[0] != MISSING for path in self._expanded(requirement.conditions, service)
                ):
                    self.applicable += 1
                    yield from self._judge(requirement, service)

    @cached_property
    def _services(self) -> list[Service]:
        """The services of this repository, not those whose image is built elsewhere."""
        return [service for service in self.project.model(services) if service.image != _EXTERNAL]

    def _judge(self, requirement: Requirement, service: Service | None) -> Iterator[Unmet]:
        paths = self._expanded([requirement.path], service)
        others = self._expanded(requirement.others, service)
        states = [self._state(path) for path in [*paths, *others]]
        if any(not state for state, _ in states):
            return
        at = next((number for number, (state, _) in enumerate(states) if state != MISSING), 0)
        state, held = states[at]
        path = [*paths, *others][at]
        near = ""
        if state == MISSING and self._searches < _MOST_SEARCHES:
            self._searches += 1
            near = self._nearest(path, service)
        yield Unmet(requirement, path, tuple(other for other in others if other != path), service, state, held, near)

    def _expanded(self, patterns: Sequence[str], service: Service | None) -> list[str]:
        """Patterns with the placeholders filled in: for one service under all its names, or for all services."""
        found: dict[str, None] = {}
        for pattern in patterns:
            if _SERVICE not in pattern and _NAME not in pattern:
                found[pattern] = None
                continue
            for each in [service] if service is not None else self._services:
                has_name = _NAME in pattern
                names = dict.fromkeys([each.name, *sorted(each.names)]) if has_name else {"": None}
                found |= dict.fromkeys(_filled(pattern, each.path, name) for name in names)
        return list(found)

    def _state(self, path: str) -> tuple[str, str]:
        """What keeps a path from being there, with what a folder holds instead; ("", "") where it is there."""
        if path not in self._states:
            self._states[path] = self._look(path)
        return self._states[path]

    @cached_property
    def _states(self) -> dict[str, tuple[str, str]]:
        return {}

    def _look(self, path: str) -> tuple[str, str]:
        plain = path.rstrip("/")
        wants_folder = path != plain or not plain
        if not plain or self.repository.is_unknown(plain):
            return "", ""
        resolved = self.repository.resolve(plain)
        if resolved in self.repository.directories:
            return self._of_files(self.repository.below(resolved), plain)
        if resolved in self.repository:
            return (NO_FOLDER, "") if wants_folder else self._of_files([resolved], plain)
        if not _MAGIC.search(plain):
            return MISSING, ""
        below = self.repository.below(_literal_folder(plain))
        matches = Globs(["/" + plain + ("/*" if wants_folder else "")]).match
        found = [committed for committed in below if matches(committed)]
        return self._of_files(found, plain) if found else (MISSING, "")

    def _of_files(self, paths: Sequence[str], plain: str) -> tuple[str, str]:
        """Whether one of the files holds anything; a submodule, which has none here, may hold it."""
        if not paths:
            return "", ""
        real = [path for path in paths if path.rpartition("/")[2] not in _KEEPERS]
        if not real and paths[0] != plain:
            return EMPTY_FOLDER, ", ".join(sorted({path.rpartition("/")[2] for path in paths}))
        if all(self._is_empty(path) for path in paths):
            return EMPTY_FILE, "" if len(paths) > 1 or paths[0] == plain else paths[0]
        return "", ""

    def _is_empty(self, path: str) -> bool:
        is_meant = path.rpartition("/")[2] in _RIGHTLY_EMPTY
        return not is_meant and self.repository.is_empty(path)

    def _nearest(self, path: str, service: Service | None) -> str:
        """The committed path that is most like one that is missing: of the same name, or in the same folder."""
        plain = path.rstrip("/")
        folder, _, name = plain.rpartition("/")
        if _MAGIC.search(name) or self.repository.differing_in_case(plain):
            return self.repository.differing_in_case(plain) or ""
        folder = _literal_folder(plain) if _MAGIC.search(folder) else folder
        alike = [other for other in self._by_words.get(_words(name), ()) if self._may_be_meant(other, folder, service)]
        if alike:
            return max(alike, key=lambda other: (_shared(other, folder), -other.count("/"), other))
        beside = self._by_folder.get(folder, {})
        near = _alike(name, beside) if len(beside) <= _MOST_BESIDE and len(name) <= _LONGEST_NAME else ""
        return beside[near] if near else ""

    def _may_be_meant(self, path: str, folder: str, service: Service | None) -> bool:
        """Whether what lies elsewhere may belong into a folder: not another service's, nor sources among manifests."""
        if service is None:
            return True
        if path == service.path:
            return not _SOURCE_FOLDERS.isdisjoint(folder.split("/"))
        owner = self.project.model(services).owner(path)
        return owner is None or owner.path in ("", service.path)

    @cached_property
    def _candidates(self) -> list[str]:
        folders = (folder for folder in self.repository.directories if folder)
        return sorted({*self.repository.paths, *folders})

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], list[str]]:
        """The committed paths by the words of their names."""
        found: dict[tuple[str, ...], list[str]] = {}
        for path in self._candidates:
            found.setdefault(_words(path.rpartition("/")[2]), []).append(path)
        return found

    @cached_property
    def _by_folder(self) -> dict[str, dict[str, str]]:
        """What lies in each folder, by name."""
        found: dict[str, dict[str, str]] = {}
        for path in self._candidates:
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = path
        return found


def _alike(name: str, others: Iterable[str]) -> str:
    """The name that is misspelt so, or else has all the words that it has, or else is most like it; or ""."""
    from difflib import get_close_matches

    known = [other for other in others if len(other) <= _LONGEST_NAME]
    near = get_close_matches(name, known, 1, _LIKE)
    if near and get_close_matches(name, near, 1, _MISSPELT):
        return near[0]
    words = set(_words(name))
    parts = [other for other in known if set(_words(other)) < words]
    return max(parts, key=lambda other: (len(_words(other)), other), default="") or "".join(near)


def _filled(pattern: str, folder: str, name: str) -> str:
    """A pattern with a service's folder and name in it; what is a pattern in them means itself."""
    is_pattern = _MAGIC.search(pattern) is not None
    folder, name = (escape(text) if is_pattern else text for text in (folder, name))
    if not folder:
        pattern = pattern.replace(_SERVICE + "/", "").replace(_SERVICE, "")
    return pattern.replace(_SERVICE, folder).replace(_NAME, name.rpartition("/")[2])


def _literal_folder(pattern: str) -> str:
    """The folder that everything lies in that a pattern can match."""
    magic = _MAGIC.search(pattern)
    return pattern[: magic.start() if magic else len(pattern)].rpartition("/")[0]


def _words(name: str) -> tuple[str, ...]:
    """The words of a name in one spelling: `docker-compose.prod.yaml` is `compose.production.yml`."""
    words = (_SAME_WORDS.get(word, word) for word in _WORDS.split(name.lower()) if word)
    return tuple(word for word in words if word not in _NOISE) or (name,)


def _shared(path: str, folder: str) -> int:
    """How many folders of two paths are called alike."""
    return len(set(path.split("/")[:-1]) & set(folder.split("/")))
