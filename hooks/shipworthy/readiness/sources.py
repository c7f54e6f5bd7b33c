"""The production source files of a repository, counted by language and by folder."""

from __future__ import annotations

from functools import cache

from shipworthy.places import PRODUCTION, TEST
from shipworthy.readiness.model import SourceCount

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

_LANGUAGES = {
    "C": "c h",
    "C#": "cs",
    "C++": "cc cpp cxx hh hpp hxx",
    "Clojure": "clj cljs cljc",
    "Dart": "dart",
    "Elixir": "ex exs",
    "Erlang": "erl",
    "F#": "fs",
    "Go": "go",
    "Haskell": "hs",
    "Java": "java",
    "JavaScript": "js jsx mjs cjs",
    "Kotlin": "kt kts",
    "Lua": "lua",
    "Objective-C": "m mm",
    "PHP": "php",
    "Perl": "pl pm",
    "Python": "py",
    "R": "r",
    "Ruby": "rb",
    "Rust": "rs",
    "Scala": "scala",
    "Solidity": "sol",
    "Svelte": "svelte",
    "Swift": "swift",
    "TypeScript": "ts tsx mts cts",
    "Vue": "vue",
    "Zig": "zig",
}
_BY_ENDING = {ending: language for language, endings in _LANGUAGES.items() for ending in endings.split()}
_SETTINGS = ("config", "rc", "setup", "conf")
"""What the names of build tools' own settings end in: ``next.config.js``."""
_ROOTS = frozenset({"src", "lib", "app", "apps", "cmd", "internal", "pkg", "crates", "source"})
_OUTER = 2
"""So many folders from the root tell files apart that lie in no folder for sources."""
_MOST_FOLDERS = 12


class Sources:
    """The source files that are for production, and those that are for tests, each path with its language."""

    def __init__(self, project: Project) -> None:
        self.production: dict[str, str] = {}
        self.tests: dict[str, str] = {}
        for path, language, place in _found(project):
            if place == PRODUCTION:
                self.production[path] = language
            elif place == TEST:
                self.tests[path] = language

    def counted(self) -> list[SourceCount]:
        """The counts, the language with the most files first."""
        by_language: dict[str, list[str]] = {}
        for path, language in self.production.items():
            by_language.setdefault(language, []).append(path)
        counts = [SourceCount(language, len(paths), folders(paths)) for language, paths in by_language.items()]
        return sorted(counts, key=lambda count: (-count.files, count.language))


def language_of(path: str) -> str:
    """The language of a source file, by its ending; "" for what is no source, or a build tool's own settings."""
    name, dot, ending = path[path.rfind("/") + 1 :].rpartition(".")
    language = _BY_ENDING.get(ending.lower(), "") if dot else ""
    return "" if not name or name.rpartition(".")[2].lower() in _SETTINGS or name.endswith(".d") else language


def folders(paths: list[str]) -> list[tuple[str, int]]:
    """Where the files lie: the folders of sources, with so many files in and below them, most files first."""
    counts: dict[str, int] = {}
    for path in paths:
        folder = _folder_of(path[: max(path.rfind("/"), 0)])
        counts[folder] = counts.get(folder, 0) + 1
    listed = sorted(counts.items(), key=lambda known: (-known[1], known[0]))
    return listed[:_MOST_FOLDERS]


@cache
def _folder_of(directory: str) -> str:
    """Where the sources of a folder are counted: the innermost root of sources, or one of the outer folders."""
    parts = directory.split("/") if directory else []
    roots = [number for number, part in enumerate(parts) if part.lower() in _ROOTS]
    return "/".join(parts[: roots[-1] + 1 if roots else _OUTER])


def are_in_production(project: Project) -> bool:
    """Whether any source file is for production."""
    return any(place == PRODUCTION for _, _, place in _found(project))


def _found(project: Project) -> Iterator[tuple[str, str, str]]:
    """Every source file with its language and its place."""
    for path in project.repository.files:
        language = language_of(path)
        if language and not project.config.excludes(path):
            yield path, language, project.place_of(path)


def sources(project: Project) -> Sources:
    """The source files: ``project.model(sources)``."""
    return Sources(project)
