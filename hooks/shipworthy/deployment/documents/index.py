"""Where a path that a document names may be in the repository.

People write paths from the root, from the document's folder, from the folder of a package, or only their last parts.
Any of them is good enough for words in a sentence; a link is exact.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property

from shipworthy.deployment.references.names import output_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_COMPILED = {
    "js": ("ts", "tsx", "jsx"),
    "jsx": ("tsx",),
    "mjs": ("mts", "ts"),
    "cjs": ("cts", "ts"),
    "css": ("scss", "less"),
}
_BUILT = frozenset("coverage logs log data uploads node_modules __pycache__ htmlcov site backups dumps".split())
"""Folders, besides those of `output_folder`, whose contents appear when programs run."""
_SLIPPED_IN = (".db", ".sqlite", ".sqlite3", ".log", ".pid", ".gitkeep", ".keep", ".gitignore")
"""How files end that keep such a folder, or were committed with it by mistake."""


_FOLDERS = frozenset(
    "src lib app apps packages services server client api web backend frontend docs doc documentation scripts bin tools"
    " test tests config configs configuration docker k8s kubernetes helm charts deploy deployment deployments infra"
    " infrastructure terraform monitoring database db migrations examples assets public static resources utils".split()
)
"""Folders inside of repositories, after which nobody calls a clone."""


class Index:
    """The committed paths, asked for the way documents write them: ``project.model(Index)``."""

    def __init__(self, project: Project) -> None:
        self.repository = project.repository

    def has(self, path: str) -> bool:
        """Whether exactly that path is committed, or lies where nobody can know."""
        path = path.rstrip("/")
        if path in self.repository or path in self.repository.directories:
            return True
        return path.startswith(self._detours) and (self.repository.has(path) or self.repository.is_unknown(path))

    @cached_property
    def _detours(self) -> tuple[str, ...]:
        """The links and submodules: only what begins as one of them does can lie behind it."""
        return (*self.repository.links, *self.repository.submodules)

    @property
    def has_detours(self) -> bool:
        """Whether there are links or submodules, behind which more may be than the index lists."""
        return bool(self._detours)

    def knows(self, written: str, directory: str) -> bool:
        """Whether a path in a sentence may mean something committed: from anywhere, by its last parts."""
        path = written.strip("/")
        if self.has_detours and any(self.has(candidate) for candidate in _seen_from(path, directory)):
            return True
        if self._may_be_in_submodule(path):
            return True
        return self._is_seen_from_outside(path) or any(self._ends(candidate) for candidate in self._spellings(path))

    def _may_be_in_submodule(self, path: str) -> bool:
        """Whether the last parts of a path may be those of a file in a submodule, of which nobody knows anything."""
        first, slash, _ = path.partition("/")
        return bool(self.repository.submodules) and not (slash and first in self.repository.directories)

    def _is_seen_from_outside(self, path: str) -> bool:
        """Whether a path may be one as it is seen from the folder around the clone, whatever that is called."""
        first, _, rest = path.partition("/")
        return rest in self.repository and first not in self.repository.directories and first not in _FOLDERS

    def ending_with(self, written: str) -> Iterator[str]:
        """The committed files and folders whose path ends with ``written``."""
        path = written.strip("/")
        name = path.rpartition("/")[2]
        for known in self._by_name.get(name, ()):
            if known == path or known.endswith("/" + path):
                yield known

    def is_named(self, name: str) -> bool:
        """Whether any committed file or folder has that name."""
        return name in self._by_name

    def is_anchored(self, written: str, directory: str) -> bool:
        """Whether the beginning of a path, or the folder it would be in, is known here."""
        path = written.strip("/")
        first, slash, _ = path.partition("/")
        if not slash:
            return False
        folders = self.repository.directories
        if first in folders or posixpath.join(directory, first) in folders:
            return True
        return any(known in folders for known in self.ending_with(path.rpartition("/")[0]))

    def is_output(self, path: str) -> bool:
        """Whether a path lies in a folder that programs fill and that holds nothing that somebody wrote."""
        folder = output_folder(path.strip("/"))
        if folder and folder not in self.repository.directories:
            return True
        parts = path.strip("/").split("/")
        return any(
            part in _BUILT and self._is_filled("/".join(parts[: number + 1])) for number, part in enumerate(parts)
        )

    def _is_filled(self, folder: str) -> bool:
        """Whether programs alone fill a folder: nothing in it is committed, or only what slipped in."""
        return all(path.endswith(_SLIPPED_IN) for path in self.repository.below(folder))

    def _spellings(self, path: str) -> Iterator[str]:
        """The path, the sources that it may be compiled from, and the modules that it may leave out the ending of."""
        yield path
        stem, dot, ending = path.rpartition(".")
        if dot and "/" not in ending:
            for source in _COMPILED.get(ending, ()):
                yield f"{stem}.{source}"

    def _ends(self, path: str) -> bool:
        return next(self.ending_with(path), None) is not None

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in (*self.repository.paths, *self.repository.directories):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found


def _seen_from(path: str, directory: str) -> Iterator[str]:
    """The path seen from the root, from a folder, and from every folder around it."""
    yield path
    while directory:
        yield f"{directory}/{path}"
        directory = directory.rpartition("/")[0]
