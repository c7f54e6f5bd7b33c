"""The migrations of Prisma, Drizzle, Knex and TypeORM.

Sources: https://www.prisma.io/docs/orm/prisma-migrate , https://orm.drizzle.team/docs/migrations ,
https://knexjs.org/guide/migrations.html and https://typeorm.io/docs/migrations/executing
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipworthy.deployment.evidence import tree_of
from shipworthy.deployment.migrations.model import DRIZZLE, KNEX, PRISMA, TYPEORM, Fault, History, opened, text_of
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(
    r"(?:^|/)(?:migrations/(?:\d[^/]*/[^/]+|migration_lock\.toml)|meta/_journal\.json|knexfile\.[cm]?[jt]s"
    r"|migrations?/\d{10,}[-_][^/]+\.[jt]s)$"
)
_PROVIDER = lazy(r"^[ \t]*provider[ \t]*=[ \t]*\"(?P<provider>\w+)\"", re.MULTILINE)
_DATASOURCE = lazy(r"^datasource[ \t]+\w+[ \t]*\{(?P<body>[^}]*)\}", re.MULTILINE)
_SAME = {"postgresql": "postgres"}
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
    for folder, path in sorted(folders.items()):
        file = opened(project, path) if f"{folder}/migration.sql" not in project.repository else None
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
    yield History(DRIZZLE, directory, journal, tuple(_lost(project, journal, directory, entries)))


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
                f"git add -f {directory}/{tag}.sql",
            )
        if number in numbers:
            yield Fault(
                journal,
                start,
                f"{tag} has the index {number}, as {numbers[number]} has: one of the two comes from another branch",
                "remove the newer migration and its snapshot, then generate it again",
            )
        numbers.setdefault(number, tag)


def _in_code(project: Project, directory: str, paths: list[str], configured: set[str]) -> Iterator[History]:
    last = opened(project, paths[-1])
    if last is None:
        return
    if _TYPEORM_CLASS.search(last.data):
        yield History(TYPEORM, directory, last, ())
    elif _KNEX_CALLS.search(last.data) and any(not folder or directory.startswith(folder) for folder in configured):
        yield History(KNEX, directory, last, ())
