"""The migrations of Prisma, Drizzle, Knex and TypeORM.

Sources: https://www.prisma.io/docs/orm/prisma-migrate , https://orm.drizzle.team/docs/migrations ,
https://knexjs.org/guide/migrations.html and https://typeorm.io/docs/migrations/executing
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipworthy.deployment.evidence import tree_of
from shipworthy.deployment.migrations.model import (
    DRIZZLE,
    KNEX,
    PRISMA,
    TYPEORM,
    Fault,
    History,
    opened,
    restored,
    text_of,
)
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.rule import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(
    r"(?:^|/)(?:migrations?/\d[^/]*/[^/]+|migration_lock\.toml|meta/_journal\.json|knexfile\.[cm]?[jt]s"
    r"|migrations?/\d{10,}[-_][^/]+\.[jt]s)$"
)
_PROVIDER = lazy(r"^[ \t]*provider[ \t]*=[ \t]*\"(?P<provider>\w+)\"", re.MULTILINE)
_IN_CODE = lazy(r"/migration\.[cm]?[jt]s$")
"""A migration of data, which a program of the repository runs between those of Prisma."""
_DATASOURCE = lazy(r"^datasource[ \t]+\w+[ \t]*\{(?P<body>[^}]*)\}", re.MULTILINE)
_SAME = {"postgresql": "postgres"}
_TYPEORM_NAME = lazy(
    r"^[ \t]*(?:public |readonly )*name[ \t]*(?::[ \t]*string[ \t]*)?=[ \t]*[\"'](?P<name>\w+)[\"']", re.MULTILINE
)
_TYPEORM_NAMED = lazy(r"\bclass[ \t]+(?P<name>\w+)[ \t\n]+implements\b[^{\n]{0,100}MigrationInterface")
_SNAPSHOT_PARENT = lazy(r"\"prevId\"\s*:\s*\"(?P<id>[\w-]{36})\"")
_MOST_OF_A_SNAPSHOT = 1_000
"""Characters at whose beginning its names stand."""
_KNEX_CALLS = lazy(rb"\bknex\b")
_TYPEORM_CLASS = lazy(rb"MigrationInterface\b")


def histories(project: Project, paths: Iterable[str]) -> Iterator[History]:
    """The histories of the four tools; ``paths`` are those that `PATH` finds."""
    prisma: dict[str, list[str]] = {}
    code: dict[str, list[str]] = {}
    configured: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "migration_lock.toml":
            prisma.setdefault(folder, [])
        elif name == "_journal.json":
            yield from _drizzle(project, path)
        elif name.startswith("knexfile"):
            configured.add(folder)
        elif path.endswith((".ts", ".js")) and re.match(r"\d{10,}[-_]", name):
            code.setdefault(folder, []).append(path)
        else:
            prisma.setdefault(folder.rpartition("/")[0], []).append(path)
    for directory, found in prisma.items():
        yield from _prisma(project, directory, found)
    for directory, found in code.items():
        yield from _in_code(project, directory, found, configured)


def _prisma(project: Project, directory: str, paths: list[str]) -> Iterator[History]:
    lock = opened(project, f"{directory}/migration_lock.toml")
    if lock is None or not paths:
        return
    schema = opened(project, f"{directory.rpartition('/')[0]}/schema.prisma")
    faults = [*_without_sql(project, directory, paths), *_wrong_provider(lock, schema)]
    yield History(PRISMA, directory, schema or lock, tuple(faults))


def _without_sql(project: Project, directory: str, paths: list[str]) -> Iterator[Fault]:
    folders = {path.rpartition("/")[0]: path for path in reversed(paths)}
    in_code = {path.rpartition("/")[0] for path in paths if _IN_CODE.search(path)}
    for folder, path in sorted(folders.items()):
        is_whole = f"{folder}/migration.sql" in project.repository or folder in in_code
        file = opened(project, path) if not is_whole else None
        if file is not None:
            yield Fault(
                file,
                0,
                f"{folder} has no committed migration.sql: `prisma migrate deploy` stops with P3015",
                f"git add -f {folder}/migration.sql, or remove the folder",
            )


def _wrong_provider(lock: File, schema: File | None) -> Iterator[Fault]:
    locked = _PROVIDER.search(text_of(lock))
    source = _DATASOURCE.search(text_of(schema)) if schema is not None else None
    given = _PROVIDER.search(source["body"]) if source else None
    if schema is None or locked is None or given is None:
        return
    names = [_SAME.get(found["provider"], found["provider"]) for found in (locked, given)]
    if names[0] != names[1]:
        yield Fault(
            lock,
            locked.start("provider"),
            f"the migrations are for {locked['provider']}, {schema.path} says {given['provider']}: "
            "`prisma migrate deploy` stops with P3019",
            "start a new history: remove the migrations, then prisma migrate dev",
        )


def _drizzle(project: Project, path: str) -> Iterator[History]:
    journal = opened(project, path)
    directory = path.removesuffix("/meta/_journal.json")
    entries = _entries(project, path)
    if journal is None or not entries:
        return
    faults = [*_lost(project, journal, directory, entries), *_skipped(journal, entries)]
    faults += [*_unknown_to_the_journal(project, journal, directory, entries), *_forked(project, directory)]
    yield History(DRIZZLE, directory, journal, tuple(faults))


def _entries(project: Project, path: str) -> list[Block]:
    """The entries of Drizzle's journal."""
    tree = tree_of(project, path)
    entries = tree.tops[0].block("entries") if tree.tops else None
    return [entry for entry in entries.blocks if entry.value("tag")] if entries is not None else []


def _lost(project: Project, journal: File, directory: str, entries: list[Block]) -> Iterator[Fault]:
    """The migrations of the journal that no file has, and numbers that are given twice."""
    numbers: dict[str, str] = {}
    for entry in entries:
        tag, number = entry.value("tag"), entry.value("idx")
        node = entry.get("tag")
        start = node.start if isinstance(node, Setting) else entry.start
        if f"{directory}/{tag}.sql" not in project.repository:
            yield Fault(
                journal,
                start,
                f"the journal names {tag}, but {directory}/{tag}.sql is not committed: Drizzle stops there",
                restored(project, f"{directory}/{tag}.sql", "take its entry out of the journal, and generate it again"),
            )
        if number in numbers:
            yield Fault(
                journal,
                start,
                f"{tag} has the index {number}, as {numbers[number]} has: one of the two comes from another branch",
                "remove the newer migration and its snapshot, then generate it again",
            )
        numbers.setdefault(number, tag)


def _skipped(journal: File, entries: list[Block]) -> Iterator[Fault]:
    """The migrations that a database never gets which has a later one: Drizzle goes by the time alone."""
    last, of = 0, ""
    for entry in entries:
        node, tag = entry.get("when"), entry.value("tag")
        if not isinstance(node, Setting) or not node.value[:20].isdecimal():
            continue
        when = int(node.value[:20])
        if when <= last:
            message = (
                f"{tag} is no newer than {of} before it: where that is applied, Drizzle skips this one without a word"
            )
            yield Fault(journal, node.start, message, f'set "when" of {tag} to a time behind that of {of}')
        else:
            last, of = when, tag


def _unknown_to_the_journal(project: Project, journal: File, directory: str, entries: list[Block]) -> Iterator[Fault]:
    """The numbered files that the journal does not name."""
    named = {entry.value("tag") for entry in entries}
    below = (path[len(directory) + 1 : -4] for path in project.repository.below(directory) if path.endswith(".sql"))
    lost = [name for name in below if re.match(r"\d{4,}_", name) and "/" not in name and name not in named]
    if lost:
        names = listed([f"{name}.sql" for name in lost])
        message = f"the journal does not name {names}: Drizzle never applies what it does not name"
        fix = "generate the migration again (drizzle-kit generate), or move what is applied by hand to another folder"
        yield Fault(journal, 0, message, fix, is_quiet=True)


def _forked(project: Project, directory: str) -> Iterator[Fault]:
    """Snapshots that build on the same one."""
    parents: dict[str, File] = {}
    for path in project.repository.below(f"{directory}/meta"):
        file = opened(project, path) if path.endswith("_snapshot.json") else None
        head = text_of(file)[:_MOST_OF_A_SNAPSHOT] if file is not None else ""
        parent = _SNAPSHOT_PARENT.search(head)
        if file is None or parent is None:
            continue
        other = parents.setdefault(parent["id"], file)
        if other is not file:
            message = f"{file.name} builds on the same snapshot as {other.name}: two branches each added a migration"
            fix = "remove the newer migration with its snapshot and its entry, then drizzle-kit generate"
            yield Fault(file, parent.start("id"), message, fix)


def _in_code(project: Project, directory: str, paths: list[str], configured: set[str]) -> Iterator[History]:
    last = opened(project, paths[-1])
    if last is None:
        return
    if _TYPEORM_CLASS.search(last.data):
        yield History(TYPEORM, directory, last, tuple(_of_typeorm(project, paths)))
    elif _KNEX_CALLS.search(last.data) and any(not folder or directory.startswith(folder) for folder in configured):
        yield History(KNEX, directory, last, tuple(_of_knex(project, paths)))


def _of_typeorm(project: Project, paths: list[str]) -> Iterator[Fault]:
    """Classes whose name holds no time stamp, and names that two files give."""
    seen: dict[str, str] = {}
    for path in paths:
        file = opened(project, path)
        text = text_of(file) if file is not None else ""
        found = _TYPEORM_NAME.search(text) or _TYPEORM_NAMED.search(text)
        if file is None or found is None:
            continue
        name, start = found["name"], found.start("name")
        if not re.search(r"\d{13}$", name):
            message = f"the migration {name} has no time stamp in its name: TypeORM stops before it applies anything"
            stamp = re.match(r"\d+", file.name)
            fix = f"call it {name}{stamp[0] if stamp else ''}, with the 13 digits of a time stamp at the end"
            yield Fault(file, start, message, fix)
        elif seen.setdefault(name, path) != path:
            message = f'the migration {name} is also that of {seen[name]}: TypeORM stops with "Duplicate migrations"'
            yield Fault(file, start, message, "give the newer class a name and a time stamp of its own")


def _of_knex(project: Project, paths: list[str]) -> Iterator[Fault]:
    """Migrations that are there twice, as they are written and as they are compiled."""
    seen: dict[str, str] = {}
    for path in paths:
        stem = path.rpartition(".")[0]
        other = seen.setdefault(stem, path)
        file = opened(project, path) if other != path else None
        if file is not None:
            message = f"{file.name} is the same migration as {other.rpartition('/')[2]}: Knex runs both"
            yield Fault(
                file, 0, message, f"git rm --cached {min(path, other, key=len)}, and keep the one that is written"
            )
