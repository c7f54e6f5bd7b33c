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
from shipworthy.formats.unreadable import Unreadable
from shipworthy.hook import LARGEST_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.file import File
    from shipworthy.project import Project

MOST_IMPORTERS = 20
"""How many of the files that import a module are looked at closely."""
_READERS = {JAVASCRIPT: "JavaScript", PYTHON: "Python", GO: "Go", RUST: "Rust"}


class Imports(Protocol):
    """The imports of one language."""

    suspects: Suspects

    def take(self, path: str, data: bytes) -> None:
        """Look at the imports of one file, and note what is not there."""

    def start_of(self, file: File, written: str) -> int | None:
        """The offset of an import in a file; None where it is none, or one that may fail."""


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


def _confirmed(project: Project, imports: Imports) -> list[Missing]:
    """The suspects that are really imported, and that no program makes; the cheapest question comes first."""
    known = project.model(generators)
    suspects = (
        suspect
        for suspect in imports.suspects.by_target.values()
        if not known.is_generated(suspect.target, suspect.candidates)
    )
    found = [missing for suspect in suspects if (missing := _first(project, imports, suspect)) is not None]
    ignored = project.repository.ignored_by(missing.candidates[0] for missing in found)
    return [
        missing
        for missing in found
        if not known.makes(missing.target, missing.candidates, ignored.get(missing.candidates[0]))
    ]


def _first(project: Project, imports: Imports, suspect: Suspect) -> Missing | None:
    """The first import of a module, with the paths of the other files that import it."""
    importers = list(dict.fromkeys(suspect.importers))
    for path, written in importers[:MOST_IMPORTERS]:
        try:
            file = project.open(path)
            start = imports.start_of(file, written)
        except (KeyError, OSError, Unreadable):
            continue
        if start is not None:
            also = tuple(sorted({other for other, _ in importers} - {path}))
            return Missing(file, start, written, suspect.target, suspect.candidates, also)
    return None


__all__ = ["Missing", "Modules", "modules"]
