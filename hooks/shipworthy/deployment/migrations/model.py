"""What a history of migrations is, and what can be wrong with one."""

from __future__ import annotations

from shlex import quote
from typing import NamedTuple

from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.file import File
    from shipworthy.project import Project

ALEMBIC = "Alembic"
DJANGO = "Django"
PRISMA = "Prisma"
DRIZZLE = "Drizzle"
KNEX = "Knex"
TYPEORM = "TypeORM"
FLYWAY = "Flyway"
LIQUIBASE = "Liquibase"
GOLANG_MIGRATE = "golang-migrate"
GOOSE = "goose"
DBMATE = "dbmate"
SQLX = "sqlx"
RAILS = "Rails"
ENTITY_FRAMEWORK = "Entity Framework"


class Fault(NamedTuple):
    """What keeps a history from being applied. ``start`` is the offset in ``file`` where it stands.

    ``is_quiet`` tells that nothing stops: somebody may apply by hand what the tool leaves out.
    """

    file: File
    start: int
    message: str
    fix: str
    is_quiet: bool = False


class History(NamedTuple):
    """Migrations that one tool applies to one database, one after the other.

    ``tool`` is "" where numbered files tell no tool. ``directory`` is where they lie, ``proof`` the file that shows
    that the tool is in use: its configuration, or else the last migration. ``faults`` are what its files say alone.
    """

    tool: str
    directory: str
    proof: File
    faults: tuple[Fault, ...]


def text_of(file: File) -> str:
    """The text of a migration; "" where it is none."""
    try:
        return file.text
    except Unreadable:
        return ""


def restored(project: Project, path: str, otherwise: str) -> str:
    """How to bring a file back: from the disk where it lies there."""
    found = f"git add -f {quote(path)}" if project.repository.only_on_disk(path) else f"write {path} again"
    return f"{found}, or {otherwise}"


def opened(project: Project, path: str) -> File | None:
    """The committed file of that path; None where it has no content."""
    try:
        return project.file(path)
    except (KeyError, OSError):
        return None
