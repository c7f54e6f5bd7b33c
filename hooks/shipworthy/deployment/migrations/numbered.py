"""Tools that know the order of migrations by a number in the file's name: a number that is given twice stops them.

Sources: https://documentation.red-gate.com/fd/versioned-migrations-273973333.html ,
https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md , https://pressly.github.io/goose/ ,
https://github.com/amacneil/dbmate , https://docs.rs/sqlx/latest/sqlx/migrate/ and
https://guides.rubyonrails.org/active_record_migrations.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shlex import quote

from shipworthy.deployment.evidence import text_of as text_at
from shipworthy.deployment.migrations.model import (
    DBMATE,
    ENTITY_FRAMEWORK,
    FLYWAY,
    GOLANG_MIGRATE,
    GOOSE,
    RAILS,
    SQLX,
    Fault,
    History,
    opened,
)
from shipworthy.file import File
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(
    r"(?:^|/)(?:[VU]\d[\w.]*?__[^/]+\.sql|\d+_[^/]*\.(?:sql|go)|db/(?:\w+_)?migrate/\d+_\w+\.rb"
    r"|Migrations/(?:[^/]+/)*\d{14}_\w+(?:\.Designer)?\.cs)$"
)
_VERSIONED = lazy(r"V(?P<version>\d[\w.]*?)__[^/]+\.sql")
_UP = lazy(r"(?P<version>\d+)_[^/]*\.up\.sql")
_PLAIN = lazy(r"(?P<version>\d+)_[^/]*(?<!\.up)(?<!\.down)\.sql")
_RUBY = lazy(r"(?P<version>\d+)_(?P<name>\w+)\.rb")
_GO = lazy(r"(?P<version>\d+)_\w+(?<!_test)\.go")
_SHARP = lazy(r"\d{14}_\w+\.cs")
_DESIGNER = lazy(r"(?P<version>\d{14}_\w+)\.Designer\.cs")
_UP_ENDING, _DOWN_ENDING = ".up.sql", ".down.sql"
_SEPARATORS = lazy(r"[._]")
_STOPS = {
    FLYWAY: 'Flyway stops with "Found more than one migration with version {}"',
    GOLANG_MIGRATE: 'golang-migrate stops with "duplicate migration file"',
    "": "the one that is applied first hides the other",
    GOOSE: 'goose stops with "duplicate version"',
    DBMATE: "dbmate takes the second one for applied and never runs it",
    SQLX: "sqlx applies one of them and then refuses to start",
    RAILS: "Rails stops with DuplicateMigrationVersionError",
}
_NUMBER = lazy(r"[0-9]{1,20}")
_NUMBERED = lazy(r"(?P<before>V?)(?P<number>[0-9]{1,20})(?P<rest>_.*)")


def histories(project: Project, paths: Iterable[str]) -> Iterator[History]:
    """The histories of the folders with numbered migrations; ``paths`` are those that `PATH` finds."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for directory, found in folders.items():
        yield from _of_folder(project, directory, found)


def _of_folder(project: Project, directory: str, paths: list[str]) -> Iterator[History]:
    names = {path.rpartition("/")[2]: path for path in paths}
    plain = _numbers(names, _PLAIN)
    in_go = [(version, path) for version, path in _numbers(names, _GO) if "goose.Add" in text_at(project, path)]
    for tool, numbers in (
        (FLYWAY, _numbers(names, _VERSIONED)),
        (RAILS, _numbers(names, _RUBY)),
        (ENTITY_FRAMEWORK, _numbers(names, _DESIGNER)),
        (GOLANG_MIGRATE, _numbers(names, _UP)),
        (GOOSE, sorted([*plain, *in_go], key=lambda number: number[1])),
    ):
        if numbers:
            yield from _history(project, tool, directory, numbers, names)


def _numbers(names: dict[str, str], pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Pairs (version, path) of the files that a pattern names; leading zeros say nothing."""
    found = []
    for name, path in names.items():
        match = pattern.fullmatch(name)
        if match:
            parts = [part.lstrip("0") or "0" for part in _SEPARATORS.split(match["version"])]
            found.append((".".join(parts), path))
    return found


def _history(
    project: Project, tool: str, directory: str, numbers: list[tuple[str, str]], names: dict[str, str]
) -> Iterator[History]:
    last = opened(project, numbers[-1][1])
    if last is None:
        return
    if tool == GOLANG_MIGRATE:
        tool = SQLX if _uses_sqlx(project, directory) else GOLANG_MIGRATE if _uses_golang_migrate(project) else ""
    elif tool == GOOSE:
        tool = _tool_of_plain(project, directory, last)
        if not tool:
            return  # numbered SQL files that nobody knows the reader of
    elif tool == RAILS and not _is_application(project, directory):
        tool = ""
    faults = list(_duplicates(project, tool, numbers))
    if tool == RAILS:
        faults += _same_names(project, numbers)
    elif tool == ENTITY_FRAMEWORK:
        faults += _without_designer(project, names)
    yield History(tool, directory, last, tuple(faults))


def _same_names(project: Project, numbers: list[tuple[str, str]]) -> Iterator[Fault]:
    """Migrations of Rails whose classes have the same name."""
    seen: dict[str, str] = {}
    for _, path in numbers:
        name = path.rpartition("/")[2].partition("_")[2]
        other = seen.setdefault(name, path)
        file = opened(project, path) if other != path else None
        if file is not None:
            first = other.rpartition("/")[2]
            message = f"{file.name} has the same name as {first}: Rails stops with DuplicateMigrationNameError"
            yield Fault(file, 0, message, "call the newer one and its class something else")


def _without_designer(project: Project, names: dict[str, str]) -> Iterator[Fault]:
    """Migrations that Entity Framework does not see: the attribute that says so stands in the designer's file."""
    for name, path in names.items():
        file = opened(project, path) if _SHARP.fullmatch(name) else None
        designer = f"{name[:-3]}.Designer.cs"
        if file is None or designer in names or b"[Migration(" in file.data or b": Migration" not in file.data:
            continue
        message = f"{name} has no committed {designer} and no [Migration] attribute: Entity Framework never applies it"
        fix = f"git add -f {path[:-3]}.Designer.cs, or make the migration again with dotnet ef migrations add"
        yield Fault(file, 0, message, fix)


def _duplicates(project: Project, tool: str, numbers: list[tuple[str, str]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    free = 1 + max((int(version) for version, _ in numbers if _NUMBER.fullmatch(version)), default=0)
    for version, path in numbers:
        other = seen.setdefault(version, path)
        file = opened(project, path) if other != path else None
        if file is not None:
            name, first = path.rpartition("/")[2], other.rpartition("/")[2]
            problem = _STOPS.get(tool, _STOPS[""]).format(version)
            yield Fault(
                file,
                0,
                f"{name} has the same version as {first}: {problem}",
                f"give the newer one the next number: {_renaming(project, path, free)}",
            )
            free += 1


def _renaming(project: Project, path: str, free: int) -> str:
    """The commands that give a migration, and the one that takes it back, a number that nothing has."""
    folder, slash, name = path.rpartition("/")
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None:
        return f"git mv {quote(path)} ..."
    number = str(free).zfill(len(numbered["number"]))
    renamed = f"{folder}{slash}{numbered['before']}{number}{numbered['rest']}"
    moves = [(path, renamed)]
    if path.endswith(_UP_ENDING):
        moves.append((path.removesuffix(_UP_ENDING) + _DOWN_ENDING, renamed.removesuffix(_UP_ENDING) + _DOWN_ENDING))
    return " && ".join(f"git mv {quote(old)} {quote(new)}" for old, new in moves if old in project.repository)


def _tool_of_plain(project: Project, directory: str, last: File) -> str:
    """The tool that reads plain numbered SQL files; "" where nothing tells."""
    text = last.data[:20_000]
    if b"+goose" in text or b"goose.Add" in text:
        return GOOSE
    if b"migrate:up" in text:
        return DBMATE
    is_default = directory.rpartition("/")[2] == "migrations"
    return SQLX if is_default and _uses_sqlx(project, directory) else ""


def _uses_sqlx(project: Project, directory: str) -> bool:
    """Whether a crate around the folder depends on sqlx."""
    while True:
        path = f"{directory}/Cargo.toml" if directory else "Cargo.toml"
        if path in project.repository and re.search(r"^sqlx\b", text_at(project, path), re.MULTILINE):
            return True
        if not directory:
            return False
        directory = directory.rpartition("/")[0]


def _uses_golang_migrate(project: Project) -> bool:
    """Whether a module depends on it, or an image installs it."""
    name = "golang-migrate/migrate"
    if any(name in text_at(project, path) for path in project.repository.named("go.mod")):
        return True
    images = (path for path in project.repository.paths if "ockerfile" in path.rpartition("/")[2])
    return any(project.place_of(path) == PRODUCTION and name in text_at(project, path) for path in images)


def _is_application(project: Project, directory: str) -> bool:
    """Whether the folder belongs to a Rails application, not to a gem."""
    root = directory.rpartition("/")[0].rpartition("/")[0]
    return (f"{root}/config/application.rb" if root else "config/application.rb") in project.repository
