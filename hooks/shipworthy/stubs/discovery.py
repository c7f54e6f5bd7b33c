"""The stubs of a repository: the search for telling words, and the judgement of what it finds."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from shipworthy.file import File
    from shipworthy.formats.functions import Function
    from shipworthy.project import Project
    from shipworthy.stubs.hints import Hint
    from shipworthy.stubs.judgement import Stub
    from shipworthy.stubs.sources import StubSources

MOST_ROWS = 2_000
"""Lines of one file that are looked at: more stubs than that nobody reads."""


class Found(NamedTuple):
    """A stub and the file that it is in."""

    file: File
    stub: Stub


class Stubs:
    """The stubs of a repository, and whether it ``has_sources`` among which they were looked for."""

    def __init__(self, has_sources: bool, found: list[Found]) -> None:
        self.has_sources = has_sources
        self.found = found


def stubs(project: Project) -> Stubs:
    """The stubs of the repository: ``project.model(stubs)``."""
    from shipworthy.stubs.sources import StubSources

    sources = StubSources(project)
    files: dict[str, File] = {}
    found: list[tuple[str, Stub]] = []
    for path, (language, hints) in sorted(_candidates(project, sources).items()):
        file = _opened(project, path)
        if file is not None:
            files[path] = file
            printing = _printing(file) if language == "bash" and _promises(path) else []
            found += [(path, stub) for stub in printing or _in_file(file, language, hints)]
    kept = _unexplained(project, found) if found else []
    return Stubs(bool(files) or sources.exist(), [Found(files[path], stub) for path, stub in kept])


def _unexplained(project: Project, found: list[tuple[str, Stub]]) -> list[tuple[str, Stub]]:
    """The stubs that neither the rest of the repository nor its subject explains."""
    from shipworthy.stubs.judgement import BRANCH_NOT_IMPLEMENTED, NOT_IMPLEMENTED
    from shipworthy.stubs.languages import ENDINGS
    from shipworthy.stubs.relations import Relations
    from shipworthy.stubs.subject import Subjects

    subjects = Subjects(project)
    return [
        (path, stub)
        for path, stub in Relations(project, ENDINGS).keep(found)
        if stub.kind in (NOT_IMPLEMENTED, BRANCH_NOT_IMPLEMENTED) or not subjects.plays(path)
    ]


def _candidates(project: Project, sources: StubSources) -> dict[str, tuple[str, dict[int, list[Hint]]]]:
    """The language of each file that may hold a stub, and its lines, from 0, that may be part of one, with why."""
    from shipworthy.stubs.hints import hints_in
    from shipworthy.stubs.languages import SCRIPTS
    from shipworthy.stubs.search import search_for

    lines = project.repository.lines_matching(search_for(project.config))
    found: dict[str, tuple[str, dict[int, list[Hint]]]] = {}
    for path in project.repository.files:  # while git searches
        if path.endswith(SCRIPTS) and _promises(path) and sources.language_of(path):
            found[path] = ("bash", {})
    for path, group in groupby(lines, itemgetter(0)):
        if language := sources.language_of(path):
            hints = hints_in({number - 1: line.decode("utf-8", "replace") for _, number, line in group})
            if hints:
                found[path] = (language, hints)
    return found


def _promises(path: str) -> bool:
    from shipworthy.stubs.scripts import PROMISES

    return PROMISES.search(path.rpartition("/")[2]) is not None


def _opened(project: Project, path: str) -> File | None:
    from shipworthy.formats.unreadable import Unreadable
    from shipworthy.stubs.sources import GENERATED

    try:
        file = project.open(path)
        return None if GENERATED.search(file.text[:5_000]) else file
    except (KeyError, OSError, Unreadable):
        return None


def _printing(file: File) -> list[Stub]:
    """The stub that a shell script is as a whole."""
    from shipworthy.stubs.scripts import may_only_print, printing_script

    if not may_only_print(file.text):
        return []
    found = printing_script(_functions(file, file.text, "bash", range(file.text.count("\n") + 1)), file.text)
    return [found] if found is not None else []


def _functions(file: File, text: str, language: str, rows: Sequence[int]) -> list[Function]:
    from shipworthy.formats.functions import read
    from shipworthy.formats.source import Source
    from shipworthy.formats.syntax import SyntaxTree
    from shipworthy.formats.unreadable import TooLarge, Unreadable

    try:
        return read(SyntaxTree(language, Source(text)), language, rows)
    except TooLarge as error:
        file.note_size(str(error))
        return []
    except Unreadable:
        return []


def stubs_of(file: File, language: str) -> list[Stub]:
    """The stubs of one file by itself: what the rest of the repository says about them is left out."""
    from shipworthy.stubs.hints import hints_in

    return _in_file(file, language, hints_in(dict(enumerate(file.text.split("\n")))))


def _in_file(file: File, language: str, hints: dict[int, list[Hint]]) -> list[Stub]:
    from shipworthy.filenames import COMPONENTS
    from shipworthy.formats.components import scripts_alone
    from shipworthy.stubs.hints import rows_in
    from shipworthy.stubs.judgement import stubs_in

    text = scripts_alone(file.text) if file.path.endswith(COMPONENTS) else file.text
    rows = rows_in(text, hints)[:MOST_ROWS]
    return list(stubs_in(_functions(file, text, language, rows), text)) if rows else []
