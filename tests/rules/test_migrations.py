"""What `migrations` reports, and what it leaves alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.migrations import check
from support import git, repository, write

COMPOSE = """\
services:
  api:
    build: .
    command: {command}
"""
SERVER = {
    "compose.prod.yaml": COMPOSE.format(command="uvicorn api:app"),
    "Dockerfile": "FROM python:3.13\nCOPY . .\n",
    "requirements.txt": "fastapi\nuvicorn\n",
    "api.py": "app = FastAPI()\n",
}
NODE = {
    "compose.prod.yaml": COMPOSE.format(command="node dist/main.js"),
    "Dockerfile": "FROM node:22\nCOPY . .\n",
    "package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node dist/main.js"}}\n',
}
LOCK = 'provider = "postgresql"\n'
PRISMA = {
    "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
    "prisma/migrations/migration_lock.toml": LOCK,
    "prisma/migrations/20260101000000_init/migration.sql": "CREATE TABLE a ();\n",
}
WORKSPACE = {
    "package.json": '{"private": true, "workspaces": ["apps/*", "packages/*"]}\n',
    "apps/web/package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node dist/main.js"}}\n',
    **{f"packages/db/{path}": text for path, text in PRISMA.items()},
}
GO = {
    "go.mod": "module example.com/shop\nrequire github.com/golang-migrate/migrate/v4 v4.18.1\n",
    "main.go": 'import _ "github.com/golang-migrate/migrate/v4/database/postgres"\n',
}


def revision(id: str, parent: str, *more: str) -> str:
    return "\n".join((f'revision = "{id}"', f"down_revision = {parent}", *more)) + "\n"


def alembic(*revisions: tuple[str, ...]) -> dict[str, str]:
    files = {f"alembic/versions/{id}_.py": revision(id, *rest) for id, *rest in revisions}
    return {"alembic/env.py": "context.run_migrations()\n", "alembic.ini": "[alembic]\n", **files}


def django(*migrations: tuple[str, str], app: str = "shop") -> dict[str, str]:
    text = "class Migration(migrations.Migration):\n    dependencies = [{}]\n"
    files = {
        f"{app}/migrations/{name}.py": "from django.db import migrations\n" + text.format(needs)
        for name, needs in migrations
    }
    return {"manage.py": "import django\n", f"{app}/migrations/__init__.py": "", **files}


def drizzle(*entries: tuple[str, int], files: tuple[str, ...] = ()) -> dict[str, str]:
    """A journal with an entry on each line from the second, and the files that it names."""
    lines = [f'  {{"idx": {at}, "when": {when}, "tag": "{tag}"}}' for at, (tag, when) in enumerate(entries)]
    journal = {"drizzle/meta/_journal.json": '{"entries": [\n' + ",\n".join(lines) + "\n]}\n"}
    return {
        **journal,
        **{f"drizzle/{name}.sql": "" for name, _ in entries},
        **{f"drizzle/{name}": "" for name in files},
    }


def snapshot(id: int, parent: int) -> str:
    """The head of a snapshot of Drizzle."""
    name = "00000000-0000-0000-0000-{:012}"
    return f'{{"id": "{name.format(id)}",\n"prevId": "{name.format(parent)}", "tables": {{}}}}\n'


def typeorm(*classes: tuple[str, str]) -> dict[str, str]:
    text = "export class {} implements MigrationInterface {{}}\n"
    return {f"src/migrations/{path}.ts": text.format(name) for path, name in classes}


def changelog(*sets: tuple[str, str]) -> dict[str, str]:
    lines = [f'  <changeSet id="{id}" author="{author}"></changeSet>' for id, author in sets]
    return {"db/changelog/tables.xml": "<databaseChangeLog>\n" + "\n".join(lines) + "\n</databaseChangeLog>\n"}


def findings(directory: Path, files: dict[str, str]) -> list[Finding]:
    root = repository(directory, files)
    return list(check(Project(Repository(str(root)), load(str(root), None, ()))))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        alembic(("a0", "None"), ("b1", '"a0"'), ("b2", '"a0"')),
        ["alembic/versions/b2_.py:2 high"],
        id="two revisions on top of the same one",
    ),
    pytest.param(
        alembic(("b1", '"a0"')), ["alembic/versions/b1_.py:2 high"], id="a revision whose parent nobody committed"
    ),
    pytest.param(
        {**alembic(("a0", "None")), "alembic/versions/copy.py": revision("a0", "None")},
        ["alembic/versions/copy.py:1 high"],
        id="a revision that two files have",
    ),
    pytest.param(
        alembic(
            ("a0", "None", "branch_labels = ('x',)"),
            ("b1", '"a0"'),
            ("b2", '"a0"'),
            ("c0", "None", "branch_labels = ('y',)"),
        ),
        ["alembic/versions/b2_.py:2 high"],
        id="two heads of one labelled branch",
    ),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "README.md": "Run alembic upgrade head.\n"},
        ["alembic.ini:1 high"],
        id="revisions that only a document applies",
    ),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "Makefile": "migrate:\n\talembic upgrade head\n"},
        ["alembic.ini:1 high"],
        id="revisions that only a target applies which nothing calls",
    ),
    pytest.param(
        {
            **SERVER,
            **alembic(("a0", "None")),
            ".github/workflows/test.yml": "on: push\njobs:\n  tests:\n    runs-on: ubuntu-24.04\n    services:\n"
            "      db: {image: postgres}\n    steps:\n      - run: alembic upgrade head\n      - run: pytest\n",
        },
        ["alembic.ini:1 high"],
        id="revisions that only the tests apply",
    ),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "run.sh": "# alembic upgrade head\necho alembic upgrade head\n"},
        ["alembic.ini:1 high"],
        id="a script that only speaks about it",
    ),
    pytest.param(
        {
            **{path: text for path, text in SERVER.items() if path != "compose.prod.yaml"},
            **alembic(("a0", "None")),
            "compose.yaml": COMPOSE.format(command="uvicorn api:app"),
        },
        ["alembic.ini:1 medium"],
        id="a Compose file that may be for production",
    ),
    pytest.param(
        django(("0001_initial", ""), ("0002_a", '("shop", "0001_initial")'), ("0002_b", '("shop", "0001_initial")')),
        ["shop/migrations/0002_b.py:3 high"],
        id="two leaf migrations of an app",
    ),
    pytest.param(
        django(("0002_a", '("shop", "0001_initial")')),
        ["shop/migrations/0002_a.py:3 high"],
        id="a Django migration that builds on one nobody committed",
    ),
    pytest.param(
        {**django(("0001_initial", "")), **django(("0001_initial", '("shop", "0009_later"),'), app="cart")},
        ["cart/migrations/0001_initial.py:3 high"],
        id="a dependency on a migration that another app does not have",
    ),
    pytest.param(
        {path: text for path, text in django(("0001_initial", "")).items() if not path.endswith("__init__.py")},
        ["shop/migrations/0001_initial.py:1 high"],
        id="a folder of migrations that is no package",
    ),
    pytest.param(
        {**PRISMA, "prisma/migrations/20260102000000_cart/up.sql": ""},
        ["prisma/migrations/20260102000000_cart/up.sql:1 high"],
        id="a folder of Prisma without migration.sql",
    ),
    pytest.param(
        {**PRISMA, "prisma/migrations/migration_lock.toml": 'provider = "mysql"\n'},
        ["prisma/migrations/migration_lock.toml:1 high"],
        id="migrations for another database than the schema's",
    ),
    pytest.param(
        {**NODE, **PRISMA, "entrypoint.sh": "npx prisma db push --accept-data-loss\nexec node dist/main.js\n"},
        ["entrypoint.sh:1 high"],
        id="an entrypoint that pushes the schema",
    ),
    pytest.param(
        {**NODE, **PRISMA, "Dockerfile": 'FROM node:22\nCMD ["npx", "prisma", "migrate", "dev"]\n'},
        ["Dockerfile:2 high"],
        id="an image that makes migrations up",
    ),
    pytest.param(
        {
            **NODE,
            **PRISMA,
            "package.json": '{"dependencies": {"express": "5"},\n "scripts": {\n  "push": "prisma db push",\n'
            '  "start": "npm run push && node dist/main.js"\n }}\n',
        },
        ["package.json:3 high"],
        id="a script that the start script calls",
    ),
    pytest.param(
        {**WORKSPACE, "render.yaml": "services:\n  - startCommand: npx prisma db push && npx turbo run start\n"},
        ["render.yaml:2 high"],
        id="a platform that takes the root of a workspace and pushes the schema",
    ),
    pytest.param(
        {
            **WORKSPACE,
            "render.yaml": "services:\n  - startCommand: npx turbo run start\n",
            "packages/db/package.json": '{"name": "@example/db", "scripts": {\n  "push": "prisma db push"\n}}\n',
            "apps/web/deploy.sh": "pnpm --filter @example/db push\n",
        },
        ["packages/db/package.json:2 high"],
        id="a script of another package that a deployment names with its package",
    ),
    pytest.param(
        {
            **WORKSPACE,
            "render.yaml": "services:\n  - startCommand: npx turbo run start\n",
            "packages/db/package.json": '{"scripts": {\n  "db:migrate:deploy": "prisma migrate deploy"\n}}\n',
            "turbo.json": '{"tasks": {\n  "db:migrate:deploy": {"cache": false}\n}}\n',
        },
        ["packages/db/prisma/schema.prisma:1 high"],
        id="a script and a task that nothing runs, whose names alone say that they migrate",
    ),
    pytest.param(
        {
            **NODE,
            **PRISMA,
            "packages/kit/package.json": '{\n  "name": "@example/kit",\n  "publishConfig": {"access": "public"}\n}\n',
            "packages/kit/src/prisma.ts": "commands.push(`${run} prisma migrate deploy`)\n",
        },
        ["prisma/schema.prisma:1 high"],
        id="a published library that migrates the databases of those who install it",
    ),
    pytest.param(
        {
            "db/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
            "db/migration/migration_lock.toml": LOCK,
            "db/migration/20260101000000_init/up.sql": "CREATE TABLE a ();\n",
            "db/migration/20260102000000_data/migration.ts": "export async function run() {}\n",
        },
        ["db/migration/20260101000000_init/up.sql:1 high"],
        id="a folder of Prisma whose name is configured, and a migration of data in code, which is whole",
    ),
    pytest.param(
        {
            "drizzle.config.ts": "export default {}\n",
            "drizzle/meta/_journal.json": '{"entries": [\n  {"idx": 0, "tag": "0000_a"},\n  {"idx": 0, "tag": "0000_b"}\n]}\n',
            "drizzle/0000_a.sql": "",
        },
        ["drizzle/meta/_journal.json:3 high", "drizzle/meta/_journal.json:3 high"],
        id="a journal of Drizzle that names a file nobody committed, under a number that is taken",
    ),
    pytest.param(
        {"db/migration/V1__a.sql": "", "db/migration/V1_0__b.sql": "", "db/migration/V01__c.sql": ""},
        ["db/migration/V1__a.sql:1 high"],
        id="a version of Flyway that is given twice, with a zero before it",
    ),
    pytest.param(
        {**GO, "migrations/000002_a.up.sql": "", "migrations/2_b.up.sql": ""},
        ["migrations/2_b.up.sql:1 high"],
        id="a version of golang-migrate that is given twice",
    ),
    pytest.param(
        {"migrations/00002_a.sql": "-- +goose Up\n", "migrations/00002_b.sql": "-- +goose Up\n"},
        ["migrations/00002_b.sql:1 high"],
        id="a version of goose that is given twice",
    ),
    pytest.param(
        {
            **NODE,
            "Dockerfile": "FROM golang:1.26\nRUN go install github.com/pressly/goose/v3/cmd/goose@v3\nCOPY . .\n",
            "migrations/1_a.sql": "-- +goose Up\n",
        },
        ["migrations/1_a.sql:1 high"],
        id="an image that holds goose and never starts it",
    ),
    pytest.param(
        {
            **NODE,
            "Dockerfile": "FROM golang:1.26\nRUN CGO_ENABLED=0 go install -tags clickhouse \\\n"
            "    github.com/golang-migrate/migrate/v4/cmd/migrate@v4\nCOPY . .\n",
            "migrations/1_a.up.sql": "",
        },
        ["migrations/1_a.up.sql:1 high"],
        id="an image that holds golang-migrate and never starts it",
    ),
    pytest.param(
        {"db/migrations/20260101_a.sql": "-- migrate:up\n", "db/migrations/20260101_b.sql": "-- migrate:up\n"},
        ["db/migrations/20260101_b.sql:1 high"],
        id="a version of dbmate that is given twice",
    ),
    pytest.param(
        {"Cargo.toml": '[dependencies]\nsqlx = "0.8"\n', "migrations/1_a.sql": "", "migrations/1_b.sql": ""},
        ["migrations/1_b.sql:1 high"],
        id="a version of sqlx that is given twice",
    ),
    pytest.param(
        {"config/application.rb": "", "db/migrate/20260101000000_a.rb": "", "db/migrate/20260101000000_b.rb": ""},
        ["db/migrate/20260101000000_b.rb:1 high"],
        id="a time stamp of Rails that is given twice",
    ),
    pytest.param(
        {
            "src/main/resources/db/changelog/db.changelog-master.xml": '<databaseChangeLog>\n<include file="db/changelog/a.xml"/>\n</databaseChangeLog>\n'
        },
        ["src/main/resources/db/changelog/db.changelog-master.xml:2 high"],
        id="a changelog that includes one nobody committed",
    ),
    pytest.param(
        drizzle(("0000_a", 100), ("0001_b", 300), ("0002_c", 200)),
        ["drizzle/meta/_journal.json:4 high"],
        id="an entry of Drizzle that is older than one before it",
    ),
    pytest.param(
        drizzle(("0000_a", 100), files=("0001_b.sql", "seed.sql")),
        ["drizzle/meta/_journal.json:1 medium"],
        id="a migration that the journal of Drizzle does not name",
    ),
    pytest.param(
        {
            **drizzle(("0000_a", 100)),
            "drizzle/meta/0000_snapshot.json": snapshot(1, 0),
            "drizzle/meta/0001_snapshot.json": snapshot(2, 1),
            "drizzle/meta/0002_snapshot.json": snapshot(3, 1),
        },
        ["drizzle/meta/0002_snapshot.json:2 high"],
        id="two snapshots of Drizzle that build on the same one",
    ),
    pytest.param(
        typeorm(("1700000000000-users", "Users")),
        ["src/migrations/1700000000000-users.ts:1 high"],
        id="a class of TypeORM without a time stamp",
    ),
    pytest.param(
        typeorm(("1700000000000-a", "Users1700000000000"), ("1700000000001-b", "Users1700000000000")),
        ["src/migrations/1700000000001-b.ts:1 high"],
        id="a class of TypeORM that two files have",
    ),
    pytest.param(
        {
            "knexfile.js": "",
            "migrations/20260101000000_a.ts": "import { Knex } from 'knex'; knex\n",
            "migrations/20260101000000_a.js": "exports.up = knex => knex\n",
        },
        ["migrations/20260101000000_a.ts:1 high"],
        id="a migration of Knex beside what it was compiled to",
    ),
    pytest.param(
        changelog(("1", "ann"), ("2", "ann"), ("1", "ann")),
        ["db/changelog/tables.xml:4 high"],
        id="a change set that stands twice in a file",
    ),
    pytest.param(
        {"db/changelog/a.sql": "--liquibase formatted sql\n--changeset ann:1\n--changeset ann:1\n"},
        ["db/changelog/a.sql:3 high"],
        id="a change set that stands twice in a file of SQL",
    ),
    pytest.param(
        {
            "liquibase/a.yaml": "databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: ann\n"
            "  - changeSet:\n      author: ann\n      id: 1\n"
        },
        ["liquibase/a.yaml:5 high"],
        id="a change set that stands twice in a file of YAML",
    ),
    pytest.param(
        {"config/application.rb": "", "db/migrate/20260101000000_a.rb": "", "db/migrate/20260102000000_a.rb": ""},
        ["db/migrate/20260102000000_a.rb:1 high"],
        id="a name of Rails that is given twice",
    ),
    pytest.param(
        {
            "Data/Migrations/20260101000000_First.cs": "public partial class First : Migration {}\n",
            "Data/Migrations/20260101000000_First.Designer.cs": '[Migration("20260101000000_First")]\n',
            "Data/Migrations/20260102000000_Second.cs": "public partial class Second : Migration {}\n",
        },
        ["Data/Migrations/20260102000000_Second.cs:1 high"],
        id="a migration of Entity Framework without its designer's file",
    ),
    pytest.param(
        {
            "migrations/00002_a.sql": "-- +goose Up\n",
            "migrations/00002_b.go": "func init() { goose.AddMigrationContext(up, down) }\n",
        },
        ["migrations/00002_b.go:1 high"],
        id="a version of goose that SQL and Go have",
    ),
]

SILENT = [
    pytest.param(
        alembic(("a0", "None"), ("b1", '"a0"'), ("b2", '"a0"'), ("c0", '("b1", "b2")')), id="a merge of two revisions"
    ),
    pytest.param(
        alembic(("a0", "None", "branch_labels = ('x',)"), ("c0", "None", "branch_labels = ('y',)")),
        id="branches with labels",
    ),
    pytest.param(
        {**alembic(("a0", "None"), ("b0", "None")), "run.sh": "alembic upgrade heads\n"},
        id="a command that applies every head",
    ),
    pytest.param(alembic(("b1", "parent_of('b1')")), id="a parent that is computed"),
    pytest.param(
        {**alembic(("a0", "None")), "alembic/versions/sub/b1_.py": revision("b1", '"a0"')},
        id="a parent in another folder",
    ),
    pytest.param(
        {
            **alembic(("a0", "None")),
            "alembic/versions/b_add_test.py": revision("b1", '"a0"'),
            "alembic/versions/c.py": revision("c1", '"b1"'),
        },
        id="a file whose name sounds like a test",
    ),
    pytest.param({"tests/fixtures/alembic/versions/b.py": revision("b1", '"a0"')}, id="a fixture of a test"),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "entrypoint.sh": "alembic -c alembic.ini upgrade head\n"},
        id="an entrypoint",
    ),
    pytest.param(
        {
            **SERVER,
            **alembic(("a0", "None")),
            "compose.prod.yaml": COMPOSE.format(command='["alembic", "upgrade", "head"]'),
        },
        id="words of a command in a list",
    ),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "k8s/job.yaml": "args:\n  - alembic\n  - upgrade\n  - head\n"},
        id="words of a command one below the other",
    ),
    pytest.param(
        {
            **SERVER,
            **alembic(("a0", "None")),
            "start.py": "from alembic import command\ncommand.upgrade(Config(), 'head')\n",
        },
        id="the program itself",
    ),
    pytest.param(
        {**SERVER, **alembic(("a0", "None")), "Makefile": "up:\n\talembic upgrade head\n", "deploy.sh": "make up\n"},
        id="a target that a deployment calls",
    ),
    pytest.param(
        {"compose.dev.yaml": COMPOSE.format(command="uvicorn api:app"), **alembic(("a0", "None"))},
        id="nothing that deploys",
    ),
    pytest.param(
        django(
            ("0001_initial", ""),
            (
                "0002_a",
                '("shop", "0001_initial"), # ("shop", "0000_gone")\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),',
            ),
            ("0002_b", '("shop", "0001_initial"), ("auth", "__first__")'),
            ("0003_merge", '("shop", "0002_a"), ("shop", "0002_b")'),
        ),
        id="two migrations that a third one merges",
    ),
    pytest.param(
        {
            **django(
                ("0001_initial", ""), ("0002_a", '("shop", "0001_initial")'), ("0003_b", '("shop", "0001_squashed")')
            ),
            "shop/migrations/0001_squashed.py": "class Migration(migrations.Migration):\n"
            '    replaces = [("shop", "0001_initial"), ("shop", "0002_a")]\n    dependencies = []\n',
        },
        id="a squashed migration beside those that it replaces",
    ),
    pytest.param(django(("0002_a", '("shop", "0001_initial")] + [*more')), id="dependencies that are computed"),
    pytest.param(django(("0001_initial", '("contenttypes", "0002_remove")')), id="a dependency on somebody else's app"),
    pytest.param(
        {
            **django(("0001_initial", ""), ("0002_next", '("rights", "0001_initial")'), app="rights"),
            **django(("0001_initial", '("rights", "0002_next")'), app="shops/rights"),
            "shops/rights/apps.py": 'class Config(AppConfig):\n    name = "shops.rights"\n    label = "shop_rights"\n',
        },
        id="an app with a label of its own, in a folder called like the app that it builds on",
    ),
    pytest.param(
        {**NODE, **PRISMA, "entrypoint.sh": "npx prisma migrate deploy && exec node dist/main.js\n"},
        id="Prisma as it should be",
    ),
    pytest.param(
        {
            **NODE,
            **PRISMA,
            "package.json": '{"dependencies": {"express": "5"},\n "scripts": {\n  "db": "node check.js",\n  "push": "prisma db push",\n'
            '  "dev": "npm run push",\n  "start": "node check.js"\n }}\n',
            "check.js": "console.log(execSync('prisma migrate deploy'))\n",
        },
        id="a script for developers, and a program that runs the command and prints what it says",
    ),
    pytest.param(
        {
            **NODE,
            **PRISMA,
            "package.json": '{"dependencies": {"express": "5", "@example/kit": "1"}, "scripts": {"start": "node a.js"}}\n',
            "packages/kit/package.json": '{\n  "name": "@example/kit",\n  "publishConfig": {"access": "public"}\n}\n',
            "packages/kit/src/prisma.ts": "commands.push(`${run} prisma migrate deploy`)\n",
        },
        id="a published library that the service itself uses",
    ),
    pytest.param(
        {
            **WORKSPACE,
            "render.yaml": "services:\n  - startCommand: npx prisma migrate deploy && npx turbo run start\n",
            "packages/db/package.json": '{"name": "@example/db", "scripts": {\n  "migrate": "prisma migrate dev"\n}}\n',
            "apps/web/deploy.sh": "npm run migrate\n",
        },
        id="a script for developers, called as one that another package deploys with",
    ),
    pytest.param(
        {
            **WORKSPACE,
            "render.yaml": "services:\n  - startCommand: npx prisma migrate deploy && npx turbo run start\n",
            "packages/db/package.json": '{"scripts": {\n  "push": "prisma db push"\n}}\n',
            ".gitpod.yml": "tasks:\n  - init: npm run push\n",
        },
        id="a workspace in the cloud for developers that pushes the schema",
    ),
    pytest.param(
        {"db/migration/V1__a.sql": "", "db/migration/V1_1__b.sql": "", "db/other/V1__a.sql": ""},
        id="versions that differ",
    ),
    pytest.param({**GO, "migrations/1_a.up.sql": "", "migrations/1_a.down.sql": ""}, id="the way up and the way down"),
    pytest.param(
        {
            **NODE,
            "Dockerfile": "FROM golang:1.26\nRUN go install github.com/pressly/goose/v3/cmd/goose@v3\nCOPY . .\n",
            "entrypoint.sh": 'exec goose -dir migrations "$@"\n',
            "migrations/1_a.sql": "-- +goose Up\n",
        },
        id="a program that is told on the command line what to do",
    ),
    pytest.param(
        {
            **NODE,
            ".github/workflows/ci.yml": "jobs:\n  test:\n    steps:\n"
            "      - run: curl -L https://github.com/golang-migrate/migrate/releases/download/v4/migrate.tar.gz | tar xz\n",
            "migrations/1_a.up.sql": "",
        },
        id="numbered files that only the tests of the pipeline apply with golang-migrate",
    ),
    pytest.param(
        {
            **drizzle(("0000_a", 100), ("0001_b", 200), files=("seed.sql", "down/0001_b.sql")),
            "drizzle/meta/0000_snapshot.json": snapshot(1, 0),
            "drizzle/meta/0001_snapshot.json": snapshot(2, 1),
        },
        id="Drizzle as it should be",
    ),
    pytest.param(
        typeorm(("1700000000000-users", "Users1700000000000"), ("1700000000001-carts", "Carts1700000000001")),
        id="TypeORM as it should be",
    ),
    pytest.param(
        {
            "src/migrations/1700000000000-a.ts": "class A implements MigrationInterface {\n  name = 'A1700000000000'\n}\n"
        },
        id="a class of TypeORM that says its name",
    ),
    pytest.param(changelog(("1", "ann"), ("1", "bob"), ("2", "ann")), id="change sets of two authors"),
    pytest.param(
        {
            "Migrations/20260101000000_First.cs": '[Migration("20260101000000_First")]\nclass First : Migration {}\n',
            "Migrations/20260102000000_Parts.cs": "static class Parts {}\n",
            "Migrations/20260103000000_Next.cs": "partial class Next : Migration {}\n",
            "Migrations/20260103000000_Next.Designer.cs": "",
        },
        id="migrations of Entity Framework with their attribute",
    ),
    pytest.param(
        {"sql/01_tables.sql": "", "sql/01_users.sql": ""}, id="numbered files that nobody knows the reader of"
    ),
    pytest.param(
        {
            "src/main/resources/db/changelog/changelog.yaml": "databaseChangeLog:\n  - include:\n      file: a.xml\n"
            "      relativeToChangelogFile: true\n  # - include:\n  #     file: gone.xml\n",
            "src/main/resources/db/changelog/a.xml": "",
        },
        id="a changelog beside the one that includes it",
    ),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    found = findings(tmp_path, files)
    assert sorted(f"{finding.path}:{finding.line} {finding.severity}" for finding in found) == expected


@pytest.mark.parametrize("files", SILENT)
def test_silent(files: dict[str, str], tmp_path: Path) -> None:
    with suppress(NotApplicable):
        assert findings(tmp_path, files) == []


def test_a_parent_that_is_only_on_disk_is_named(tmp_path: Path) -> None:
    root = repository(
        tmp_path, alembic(("b1", '"a0"')), untracked={"alembic/versions/a0_first.py": revision("a0", "None")}
    )
    (finding,) = check(Project(Repository(str(root)), load(str(root), None, ())))
    assert "only on disk, as alembic/versions/a0_first.py" in finding.message


@pytest.mark.parametrize(
    ("files", "fix"),
    [
        pytest.param(
            {f"db/migrations/{name}.{way}.sql": "" for name in ("009_a", "009_b", "010_c") for way in ("up", "down")},
            "git mv db/migrations/009_b.up.sql db/migrations/011_b.up.sql"
            " && git mv db/migrations/009_b.down.sql db/migrations/011_b.down.sql",
            id="both ways of a migration",
        ),
        pytest.param(
            {"db/migration/V1__a.sql": "", "db/migration/V1__b.sql": ""},
            "git mv db/migration/V1__b.sql db/migration/V2__b.sql",
            id="Flyway",
        ),
        pytest.param(
            {"db/migration/V1.1__a.sql": "", "db/migration/V1.1__b.sql": ""},
            "git mv db/migration/V1.1__b.sql ...",
            id="a version of several parts",
        ),
    ],
)
def test_the_fix_of_a_number_given_twice_is_the_next_one(files: dict[str, str], fix: str, tmp_path: Path) -> None:
    assert findings(tmp_path, files)[0].fix == f"give the newer one the next number: {fix}"


def test_a_lost_file_is_added_only_where_it_lies_on_disk(tmp_path: Path) -> None:
    files = {"db/changelog/all.yaml": "databaseChangeLog:\n  - include:\n      file: a.sql\n"}
    fixes = [findings(tmp_path, files)[0].fix]
    (tmp_path / "db" / "changelog" / "a.sql").write_text("select 1;\n")
    again = Project(Repository(str(tmp_path)), load(str(tmp_path), None, ()))
    fixes += [finding.fix for finding in check(again)][:1]
    remove = "or remove the include from db/changelog/all.yaml"
    assert fixes == [f"write db/changelog/a.sql again, {remove}", f"git add -f db/changelog/a.sql, {remove}"]


def test_a_lost_file_is_looked_for_where_its_folder_is(tmp_path: Path) -> None:
    text = "databaseChangeLog:\n  - include:\n      file: db/changelog/a.sql\n"
    [finding] = findings(tmp_path, {"db/changelog/all.yaml": text})
    assert finding.fix is not None
    assert finding.fix.startswith("write db/changelog/a.sql again")


def test_a_target_that_nobody_calls_is_named(tmp_path: Path) -> None:
    files = {**SERVER, **alembic(("a0", "None")), "Makefile": "migrate:\n\talembic upgrade head\n"}
    (finding,) = findings(tmp_path, files)
    assert "only migrate in Makefile does" in finding.message


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paths = (
        "a/versions/1.py a/migrations/0001_a.py a/migrations/__init__.py manage.py migrations/migration_lock.toml schema.prisma"
        " migrations/1_a/migration.sql meta/_journal.json changelog.xml 1_a.sql package.json Makefile run.sh"
    ).split()
    return repository(tmp_path_factory.mktemp("hostile"), dict.fromkeys(paths, "\n"))


@given(
    st.lists(
        st.sampled_from(
            'revision = down_revision = "a0" ( ) [ ] , \n None branch_labels dependencies replaces class Migration( { } "entries" : "tag"'
            ' databaseChangeLog <include file="a"> prisma db push alembic upgrade head django replaces include: - \\ # " \''.split(
                " "
            )
        )
        | st.text(max_size=5),
        max_size=60,
    )
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_judged(hostile: Path, words: list[str]) -> None:
    text = " ".join(words).replace("\0", "").encode("utf-8", "replace")
    write(hostile, dict.fromkeys(git(hostile, "ls-files").splitlines(), text))
    git(hostile, "add", "--all", "--force")
    with suppress(NotApplicable):
        list(check(Project(Repository(str(hostile)), load(str(hostile), None, ()))))
