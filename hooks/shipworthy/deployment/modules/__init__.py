"""The modules that production source imports from its own repository, and which of them are not committed.

A quick look over the bytes of every source file finds the imports that resolve to nothing; only those are looked at
again, in the syntax tree of a file that has one, where text, comments and optional imports are told from real ones.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from shipworthy.deployment.modules.generators import generators
from shipworthy.deployment.modules.model import Missing, Suspect, Suspects
from shipworthy.deployment.modules.sources import GO, JAVASCRIPT, PYTHON, RUST, sources
from shipworthy.file import TOO_LARGE
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.hook import LARGEST_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.file import File
    from shipworthy.project import Project

MOST_IMPORTERS = 20
"""How many of the files that import a module are looked at closely."""
MOST_MISSING = 500
"""How many missing modules of one language are looked for: nobody reads more."""
_READERS = {JAVASCRIPT: "JavaScript", PYTHON: "Python", GO: "Go", RUST: "Rust"}


class Imports(Protocol):
    """The imports of one language."""

    suspects: Suspects

    def take(self, path: str, data: bytes) -> None:
        """Look at the imports of one file, and note what is not there."""

    def required(self, file: File) -> dict[str, int]:
        """The offsets of a file's imports that must succeed, by what is written."""


class Modules:
    """What production source imports: the number of ``files`` that were read, and what is ``missing``."""

    def __init__(self, files: int, missing: list[Missing]) -> None:
        self.files = files
        self.missing = missing


def modules(project: Project) -> Modules:
    """The imports of the repository: ``project.model(modules)``."""
    missing: list[Missing] = []
    count = 0
    for language, paths in sources(project).items():
        if not paths:
            continue
        count += len(paths)
        reader = import_module(f"shipworthy.deployment.modules.{language}")
        imports: Imports = getattr(reader, _READERS[language])(project, paths)
        for path in paths:
            _take(project, imports, path)
        missing += _confirmed(project, imports)
    return Modules(count, missing)


def _take(project: Project, imports: Imports, path: str) -> None:
    try:
        data = project.repository.read(path)
    except OSError:
        return
    if len(data) <= LARGEST_FILE:
        imports.take(path, data)
    else:
        project.too_large[path] = TOO_LARGE


def _confirmed(project: Project, imports: Imports) -> list[Missing]:
    """The suspects that are really imported, and that no program makes; the cheapest question comes first."""
    known = project.model(generators)
    files = _Files(project, imports)
    found: list[Missing] = []
    for suspect in imports.suspects.by_target.values():
        if not known.is_generated(suspect.target, suspect.candidates) and len(found) < MOST_MISSING:
            found += files.first(suspect)
    return known.unmade(found, project.repository.ignored_by(path for missing in found for path in missing.candidates))


class _Files:
    """The files that import what is not there, each parsed once."""

    def __init__(self, project: Project, imports: Imports) -> None:
        self.project = project
        self.imports = imports
        self.known: dict[str, tuple[File | None, dict[str, int]]] = {}

    def first(self, suspect: Suspect) -> list[Missing]:
        """The first import of a module, with the paths of the other files that import it; none where all are text."""
        importers = list(dict.fromkeys(suspect.importers))
        for path, written in importers[:MOST_IMPORTERS]:
            file, required = self._required(path)
            if file is not None and written in required:
                also = tuple(sorted({other for other, _ in importers} - {path}))
                return [Missing(file, required[written], written, suspect.target, suspect.candidates, also)]
        return []

    def _required(self, path: str) -> tuple[File | None, dict[str, int]]:
        if path not in self.known:
            try:
                file = self.project.open(path)
                required = self.imports.required(file)
                self.known[path] = (file if required else None), required
            except TooLarge as error:
                self.project.too_large[path] = str(error)
                self.known[path] = None, {}
            except (KeyError, OSError, Unreadable):
                self.known[path] = None, {}
        return self.known[path]


__all__ = ["Missing", "Modules", "modules"]
