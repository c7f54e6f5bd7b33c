"""The tools that apply migrations, and how each of them is run."""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.deployment.migrations.model import (
    ALEMBIC,
    DBMATE,
    DJANGO,
    DRIZZLE,
    ENTITY_FRAMEWORK,
    FLYWAY,
    GOLANG_MIGRATE,
    GOOSE,
    KNEX,
    LIQUIBASE,
    PRISMA,
    RAILS,
    SQLX,
    TYPEORM,
)

_OPTIONS = r"(?:-\S+ (?:[^-\s]\S* )?){0,6}"
"""Options of a command, each with or without a value."""


class Tool(NamedTuple):
    """How a tool's migrations are applied.

    One of ``words`` stands in every file that does it. ``calls`` are patterns over text without quotes and commas, in
    which a blank stands for any number of them. ``step`` is the command that a deployment needs. Where ``marks`` are
    stated, one of them stands in every call: fewer files hold one of those.
    """

    words: tuple[str, ...]
    calls: tuple[str, ...]
    step: str
    marks: tuple[str, ...] = ()


TOOLS = {
    ALEMBIC: Tool(
        ("alembic", "db", "migrat"),
        (
            rf"\balembic {_OPTIONS}upgrade",
            r"\bcommand\.upgrade\(",
            rf"\bdb {_OPTIONS}upgrade\b",
            r"flask_migrate import [^\n]{0,80}\bupgrade",
            r"alembic\.config\.main",
        ),
        "alembic upgrade head",
        ("upgrade", "alembic.config.main"),
    ),
    DJANGO: Tool(
        ("migrat",),
        (
            r"(?:manage(?:\.py)?|django(?:-admin)?|[\w-]{1,40}-manage|\$[\w{}]+) (?:\S+ ){0,3}?migrate(?:_schemas)?\b",
            r"call_command\(\s*migrate",
        ),
        "python manage.py migrate",
        ("migrate",),
    ),
    PRISMA: Tool(("migrate",), (r"\bmigrate(?: |:)deploy\b",), "prisma migrate deploy"),
    DRIZZLE: Tool(
        ("migrat", "drizzle-kit"),
        (r"drizzle-kit (?:migrate|push|up)\b", r"drizzle-orm/[\w-]{1,40}/migrator", "migrationsFolder"),
        "drizzle-kit migrate",
        ("drizzle-kit", "drizzle-orm", "migrationsFolder"),
    ),
    KNEX: Tool(
        ("migrat",),
        (r"\bmigrate:(?:latest|up)\b", r"\bmigrate\s{0,80}\.\s{0,80}(?:latest|up)\("),
        "knex migrate:latest",
        ("migrate",),
    ),
    TYPEORM: Tool(
        ("igration", "IGRATION"),
        (
            r"\bmigration(?::run|s:run)\b",
            r"\brunMigrations\(",
            r"\bmigrationsRun\s?[:=]\s?(?!false)\S",
            r"\bMIGRATIONS_RUN\b",
        ),
        "typeorm migration:run",
        ("migration:run", "migrations:run", "runMigrations", "migrationsRun", "MIGRATIONS_RUN"),
    ),
    FLYWAY: Tool(("flyway", "Flyway", "FLYWAY"), ("(?i:flyway)",), "flyway migrate"),
    LIQUIBASE: Tool(("liquibase", "Liquibase", "LIQUIBASE"), ("(?i:liquibase)",), "liquibase update"),
    GOLANG_MIGRATE: Tool(
        ("migrate",),
        (
            r"golang-migrate/migrate/v\d+/(?:database|source)",
            "migrate/migrate(?!/releases/)",
            rf"\bmigrate {_OPTIONS}(?:(?:up|goto)\b|\$)",
            r"\bmigrate\.New",
        ),
        "migrate up",
    ),
    GOOSE: Tool(
        ("goose",), (r"\bgoose\b[^\n]{0,200}(?:\bup\b|\$)", r"\bgoose\.(?:Up|Run|New)", "pressly/goose"), "goose up"
    ),
    DBMATE: Tool(
        ("dbmate",), (rf"\bdbmate {_OPTIONS}(?:up|migrate)\b", "amacneil/dbmate", r"\bdbmate\.New"), "dbmate up"
    ),
    SQLX: Tool(
        ("migrat", "igrator"),
        (r"\bmigrate!\(", r"\bsqlx (?:\S+ ){0,4}(?:run|setup)\b", r"\bMigrator\b"),
        "sqlx migrate run",
        ("migrate!(", "sqlx", "Migrator"),
    ),
    RAILS: Tool(
        ("db:", "capistrano", "igrat"),
        (r"\bdb:(?:migrate|prepare|setup)\b", "capistrano/rails", r"\bMigrationContext\b", "ActiveRecord::Tasks"),
        "rails db:migrate",
        ("db:migrate", "db:prepare", "db:setup", "capistrano/rails", "MigrationContext", "ActiveRecord::Tasks"),
    ),
    ENTITY_FRAMEWORK: Tool(
        ("igrat", "ef database", "efbundle"),
        (
            r"\bMigrate\w*[<(]",
            r"\bAddMigration\w*<",
            r"\bef database update",
            r"\befbundle\b",
            r"\bef migrations (?:bundle|script)",
        ),
        "dotnet ef database update",
    ),
}


def pattern(*written: str) -> re.Pattern[str]:
    """One of the patterns, each blank of which stands for any number of them."""
    return re.compile("|".join(written).replace(" ", "[ \\t]+"))
