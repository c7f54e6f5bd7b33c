"""Units: the folders that hold something that could be built by itself.

A unit is a folder with a package manifest, or one with sources and a Dockerfile, or one with an entry point below a
folder that is called after services. Every source file belongs to the innermost unit around it.
"""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.besides_code import files_besides_code, paths_by_ending
from shipworthy.deployment.containerfiles import BUILD_FOLDER, Dockerfile
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.names import spelled
from shipworthy.patterns import lazy
from shipworthy.repository import below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MANIFESTS = {
    "package.json": "node",
    "deno.json": "deno",
    "deno.jsonc": "deno",
    "pyproject.toml": "python",
    "requirements.txt": "python",
    "setup.py": "python",
    "setup.cfg": "python",
    "Pipfile": "python",
    "environment.yml": "python",
    "go.mod": "go",
    "Cargo.toml": "rust",
    "pom.xml": "jvm",
    "build.gradle": "jvm",
    "build.gradle.kts": "jvm",
    "build.sbt": "jvm",
    "Gemfile": "ruby",
    "composer.json": "php",
    "mix.exs": "elixir",
}
"""File names of package manifests and the ecosystem that reads them."""
_PROJECT_FILES = {".csproj": "dotnet", ".fsproj": "dotnet", ".vbproj": "dotnet"}
_ENTRY_NAMES = frozenset(
    "main app wsgi asgi manage server run api application worker celery celery_app celeryapp consumer bot __init__ "
    "__main__ service start index factory streamlit_app".split()
)
_ENTRY_ENDINGS = ("_server", "_bot", "_app", "_api", "_worker", "_main")
_SOURCES = frozenset("py js ts mjs cjs go rb php java kt rs cs ex scala".split())
_STARTING = frozenset({"go", "java", "kt", "scala", "rs", "py"})
"""Endings of source files of which some start a program."""
_CONVENTION = lazy(r"(?:^|.*/)(?:services|microservices|workers|apps|servers|functions)/[^/]+")
_SOURCE_FOLDERS = frozenset({"src", "app", "source", "code"})
_GENERIC = frozenset({"src", "source", "code"})
_MAINS = ("Application.java", "Application.kt", "App.java", "App.kt", "Main.java", "Main.kt", "Application.scala")


_MANIFEST_NAME = lazy(
    r"^[ \t]*(?:\{?[ \t]*\"name\"[ \t]*:|name[ \t]*=|module[ \t]|rootProject\.name[ \t]*=|<artifactId>)[ \t]*"
    r"[\"']?(?P<name>@?\w[\w./-]*)",
    re.MULTILINE,
)


class Unit:
    """A folder that could be a service.

    ``manifests`` are its package manifests by ecosystem, ``entries`` the source files that could start a program.
    """

    __slots__ = ("directory", "entries", "manifests")

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self.manifests: dict[str, list[str]] = {}
        self.entries: list[str] = []

    def __repr__(self) -> str:
        return f"<unit {self.directory or '.'} {self.manifests}>"

    @property
    def manifest(self) -> str:
        """The manifest that stands for the unit; "" without one."""
        return next((paths[0] for paths in self.manifests.values()), "")

    @property
    def name(self) -> str:
        """The folder's name, its parent's where it only says that sources are in it; "" for the root."""
        parts = self.directory.split("/")
        while len(parts) > 1 and parts[-1].lower() in _GENERIC:
            parts.pop()
        return parts[-1]


def stated_name(project: Project, unit: Unit, manifest: str) -> str:
    """The name that a unit's manifests give it, ``manifest`` before the others; "" where none does.

    Of several manifests one may say more than the product's name: ``shop-client`` beside ``shop``.
    """
    names: list[str] = []
    for path in dict.fromkeys([manifest, *(paths[0] for paths in unit.manifests.values())]):
        found = _MANIFEST_NAME.search(text_of(project, path).rpartition("</parent>")[2])
        names += [spelled(found["name"])] if found else []
    shortest = min(names, key=len, default="")
    return shortest if all(name.startswith(shortest) for name in names) else names[0]


class Units:
    """The units of a repository by folder."""

    def __init__(self) -> None:
        self.by_directory: dict[str, Unit] = {}

    def at(self, directory: str) -> Unit | None:
        """The unit of that very folder."""
        return self.by_directory.get(directory)

    def around(self, directory: str) -> Unit | None:
        """The innermost unit that the folder is in."""
        while directory not in self.by_directory:
            if not directory:
                return None
            directory = directory.rpartition("/")[0]
        return self.by_directory[directory]

    def below(self, directory: str) -> list[Unit]:
        """The units in the folder, its own not among them."""
        if not directory:
            return [unit for path, unit in self.by_directory.items() if path]
        return [self.by_directory[path] for path in below(self._directories, directory)]

    @cached_property
    def _directories(self) -> list[str]:
        return sorted(self.by_directory)

    def _add(self, directory: str) -> Unit:
        return self.by_directory.setdefault(directory, Unit(directory))


def units(project: Project, dockerfiles: list[Dockerfile]) -> Units:
    """The units of the repository, sorted by folder."""
    found = Units()
    for path in _manifests(project):
        if "node_modules/" not in path and not project.config.excludes(path):
            directory, _, name = path.rpartition("/")
            found._add(directory).manifests.setdefault(_ecosystem(name), []).append(path)
    without = [dockerfile.directory for dockerfile in dockerfiles if found.at(dockerfile.directory) is None]
    sources = _folders_of_sources(project) if without else set()
    for directory in without:
        is_own = directory and not BUILD_FOLDER.fullmatch(directory + "/")
        if is_own and any(directory + suffix in sources for suffix in ("", "/src", "/app")):
            found._add(directory)
    entries = _entries(project)
    for path in entries:
        folder = _CONVENTION.match(path.rpartition("/")[0])
        if folder and found.around(path.rpartition("/")[0]) is found.at(""):
            found._add(folder[0])
    for path in entries:
        unit = found.around(path.rpartition("/")[0])
        if unit and not project.config.excludes(path):
            unit.entries.append(path)
    found.by_directory = dict(sorted(found.by_directory.items()))
    return found


def _manifests(project: Project) -> list[str]:
    """The package manifests, sorted; one is a program itself."""
    programs = project.model(paths_by_ending).get("py", ())
    candidates = {*project.model(files_besides_code), *(path for path in programs if path.endswith("setup.py"))}
    return sorted(path for path in candidates if _ecosystem(path[path.rfind("/") + 1 :]) and _is_file(project, path))


def _folders_of_sources(project: Project) -> set[str]:
    """The folders that source files lie in."""
    known = project.model(paths_by_ending)
    paths = [path for ending in _SOURCES for path in known.get(ending, ()) if _is_file(project, path)]
    return {path.rpartition("/")[0] for path in paths if not _ecosystem(path[path.rfind("/") + 1 :])}


def _entries(project: Project) -> list[str]:
    """The source files that could start a program, sorted."""
    known = project.model(paths_by_ending)
    found: list[str] = []
    for ending in _STARTING:
        for path in known.get(ending, ()):
            directory, _, name = path.rpartition("/")
            if _is_entry(directory, name[: -len(ending) - 1], ending) and not _ecosystem(name):
                found.append(path)
    return sorted(path for path in found if _is_file(project, path))


def _is_file(project: Project, path: str) -> bool:
    return project.repository.is_file(path)


def _ecosystem(name: str) -> str:
    if name in MANIFESTS:
        return MANIFESTS[name]
    if name.endswith("proj"):
        return _PROJECT_FILES.get(name[name.rfind(".") :], "")
    return "python" if name.startswith("requirements") and name.endswith(".txt") else ""


def _is_entry(directory: str, stem: str, ending: str) -> bool:
    """Whether a source file, by its folder and its name, could start a program."""
    if ending == "go":
        return stem == "main" or ("cmd" in directory and _is_of_commands(directory))
    if ending in ("java", "kt", "scala"):
        return f"{stem}.{ending}".endswith(_MAINS)
    if ending == "rs":
        return stem == "main" or directory.endswith("src/bin")
    return stem in _ENTRY_NAMES or stem.endswith(_ENTRY_ENDINGS) or stem.startswith("telegram_bot")


def _is_of_commands(directory: str) -> bool:
    """Whether a folder holds the programs of a Go module, or one of them."""
    around, _, own = directory.rpartition("/")
    return own == "cmd" or around.endswith("cmd")
