"""The database, monitoring, and backups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.deployment.backups import Backups
from shipworthy.deployment.databases import databases
from shipworthy.deployment.evidence import Evidence, line_at, text_of
from shipworthy.deployment.migrations import migrations
from shipworthy.deployment.services import SERVER, WORKER
from shipworthy.deployment.stack import stack
from shipworthy.patterns import lazy
from shipworthy.readiness.known import Known
from shipworthy.readiness.parts import Part, absent, needless, present, untold
from shipworthy.readiness.watching import Watching, is_weak
from shipworthy.rule import MEDIUM

_MOST_SHOWN = 4
_MOST_NAMED = 2
_MODEL = lazy(r"^[ \t]*model[ \t]+\w+[ \t]*\{", re.MULTILINE)
_PROVIDER = lazy(
    r"^[ \t]*provider[ \t]*=[ \t]*\"(?P<name>postgresql|mysql|mongodb|sqlserver|cockroachdb)\"", re.MULTILINE
)
_TABLE = lazy(r"^[ \t]*CREATE[ \t]+TABLE\b", re.MULTILINE | re.IGNORECASE)
_IN_CODE = {
    "pgTable(": "tables of Drizzle",
    "mysqlTable(": "tables of Drizzle",
    "sqliteTable(": "tables of Drizzle",
    "DeclarativeBase": "models of SQLAlchemy",
    "declarative_base(": "models of SQLAlchemy",
    "(models.Model)": "models of Django",
    "ActiveRecord::Schema": "a schema of Rails",
    "@Entity(": "entities",
    "mongoose.Schema(": "schemas of Mongoose",
    "sequelize.define(": "models of Sequelize",
    "gorm.Model": "models of GORM",
    ": DbContext": "a context of Entity Framework",
}
"""What stands in sources that describe tables, and what it is."""
_OF_PYTHON = frozenset({"DeclarativeBase", "declarative_base(", "(models.Model)"})
"""What in other languages is a comment, or a string."""
_DATA_LAYERS = frozenset({"Drizzle", "GORM", "Mongoose", "Prisma", "SQLAlchemy", "Sequelize", "TypeORM"})
_HISTORY = lazy(r"(?:^|/)(?:migrations?|versions)/")
"""The folders of migrations: what they describe is how the tables were."""
_SQL_FOLDER = lazy(
    r"(?:^|/)(?:db|database|databases|sql|schema|schemas|migrations?|init|initdb|docker-entrypoint-initdb\.d)/",
    re.IGNORECASE,
)


def schema(known: Known) -> Part:
    """The tables of the database, and the history of how they came to be."""
    found = _schemas(known)
    histories = known.project.model(migrations)
    places = found + [
        Evidence(history.proof.path, 1, f"migrations of {history.tool}" if history.tool else "migrations")
        for history in histories
    ]
    if places:
        reason = "; ".join(f"{place.path}: {place.what}" for place in places[:_MOST_NAMED])
        return present(reason, places[:_MOST_SHOWN])
    deployed = known.project.model(databases)
    if deployed:
        first = deployed[0]
        place = Evidence(
            first.file.path, first.file.position(first.start)[0], f"the {first.product} database {first.name}"
        )
        return untold("a database is deployed, and its schema is in no form that is known", [place])
    layer = _data_layer(known)
    if layer is not None:
        return untold(f"{layer.what} is used, and the schema is in no form that is known", [layer])
    return needless("no database, no schema and no migrations were found")


def _schemas(known: Known) -> list[Evidence]:
    """Schemas of Prisma, and SQL files that make tables."""
    found = []
    for path in known.project.repository.paths:
        if (
            not path.endswith((".prisma", ".sql"))
            or not known.is_production(path)
            or known.project.config.excludes(path)
        ):
            continue
        if path.endswith(".sql") and not (_SQL_FOLDER.search(path) or path.endswith("schema.sql")):
            continue
        text = text_of(known.project, path)
        models, tables = len(_MODEL.findall(text)), len(_TABLE.findall(text))
        if models and path.endswith(".prisma"):
            provider = _PROVIDER.search(text)
            line = line_at(text, provider.start()) if provider else 1
            found.append(
                Evidence(
                    path, line, f"{models} model{'s' * (models != 1)}" + (f" in {provider['name']}" if provider else "")
                )
            )
        elif tables and "/migrations/" not in path:
            match = _TABLE.search(text)
            found.append(
                Evidence(path, line_at(text, match.start()) if match else 1, f"{tables} table{'s' * (tables != 1)}")
            )
    found = found or list(_schemas_in_code(known))
    return sorted(found, key=lambda place: (not place.path.endswith(".prisma"), place.path))


def _schemas_in_code(known: Known) -> Iterator[Evidence]:
    """The sources that describe tables."""
    for path in known.project.repository.containing("\n".join(_IN_CODE)):
        if path in known.sources.production and not _HISTORY.search(path):
            text = text_of(known.project, path)
            is_foreign = not path.endswith(".py")
            places = {
                text.find(mark): what
                for mark, what in _IN_CODE.items()
                if mark in text and not (is_foreign and mark in _OF_PYTHON)
            }
            if places:
                start = min(places)
                yield Evidence(path, line_at(text, start), places[start])


def monitoring(known: Known) -> Part:
    """What watches the program while it runs."""
    running = [service for service in known.needs if service.kind in (SERVER, WORKER)]
    found = known.project.model(Watching).best
    if found is not None and not is_weak(found):
        return present(f"{found.what} in {found.path}", [found])
    if found is not None:
        return untold(f"{found.path} says {found.what}, and nothing else shows that anybody watches", [found])
    if not running or known.need is None:
        return needless("no service was found that could be watched")
    if known.platforms and not known.production_sets and not known.workloads:
        platform = known.platforms[0]
        return untold(f"{platform.name} may bring monitoring of its own", [platform.evidence])
    names = ", ".join(service.name for service in running[:_MOST_SHOWN])
    message = f"nothing watches {names}: no metrics, no error tracking, no check from outside"
    fix = "expose metrics and scrape them, report errors to a service such as Sentry, or check its health"
    return absent("nothing watches what runs", [known.need], MEDIUM, message, fix)


def backup(known: Known) -> Part:
    """The jobs that save the databases."""
    deployed = known.project.model(databases)
    jobs = known.project.model(Backups).jobs if deployed or _uses_database(known) else []
    if jobs:
        return present(f"{jobs[0].evidence.what} saves the data", [job.evidence for job in jobs[:_MOST_SHOWN]])
    by_hand = known.project.model(Backups).by_hand if deployed else []
    if deployed:
        places = [
            Evidence(one.file.path, one.file.position(one.start)[0], f"the {one.product} database {one.name}")
            for one in deployed[:_MOST_SHOWN]
        ]
        names = ", ".join(one.name for one in deployed[:_MOST_SHOWN])
        only = f"; only {by_hand[0].evidence.what} could, and nothing schedules it" if by_hand else ""
        fix = "add a job that dumps the database every day and stores the dump on another host"
        reason = f"{len(deployed)} database{'s' * (len(deployed) != 1)} deployed from here, and no backup job{only}"
        return absent(reason, places, MEDIUM, f"no backup job saves {names}{only}", fix)
    used = _uses_database(known)
    if used is not None:
        return untold("a database is used that nothing here deploys: whoever runs it may save it", [used])
    return needless("no database is used")


def _uses_database(known: Known) -> Evidence | None:
    """What shows that the program keeps data in a database."""
    if known.need is None:
        return None
    found = _schemas(known)
    if found:
        return found[0]
    histories = known.project.model(migrations)
    if histories:
        return Evidence(histories[0].proof.path, 1, f"migrations of {histories[0].tool}")
    return _data_layer(known)


def _data_layer(known: Known) -> Evidence | None:
    """The library by which the program keeps its data in a database."""
    for found in known.project.model(stack).technologies:
        if found.technology.name in _DATA_LAYERS and known.is_production(found.evidence.path):
            return Evidence(found.evidence.path, found.evidence.line, found.technology.name)
    return None
