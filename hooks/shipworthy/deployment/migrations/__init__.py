"""The migrations of the repository's databases, and what is wrong with them: ``project.model(migrations)``."""

from __future__ import annotations

from shipworthy.deployment.migrations.model import Fault, History

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


def migrations(project: Project) -> list[History]:
    """The histories that lie in places for production, sorted by folder."""
    from shipworthy.deployment.migrations import alembic, django, javascript, liquibase, numbered
    from shipworthy.places import PRODUCTION
    from shipworthy.repository import EXECUTABLE, REGULAR

    readers = (alembic, django, javascript, liquibase, numbered)
    paths: dict[int, list[str]] = {}
    for path in filter(_may_be_migration, project.repository.paths):
        if project.repository.entries[path].mode not in (REGULAR, EXECUTABLE):
            continue
        index = next((index for index, reader in enumerate(readers) if reader.PATH.search(path)), None)
        folder = path.rpartition("/")[0]
        if index is not None and project.place_of(f"{folder}/migration") == PRODUCTION:  # a name may hold any word
            paths.setdefault(index, []).append(path)
    found: list[History] = []
    for index, reader in enumerate(readers):
        found += reader.histories(project, paths.get(index, ()))
    return sorted(found, key=lambda history: (history.directory, history.tool))


def _may_be_migration(path: str) -> bool:
    """Whether one of the words that stand in the paths of all migrations does: a quick look before the slow one."""
    return (
        "igrat" in path
        or "versions/" in path
        or ".sql" in path
        or "_journal.json" in path
        or "hangelog" in path
        or "hangeLog" in path
        or "iquibase" in path
        or "knexfile" in path
    )


__all__ = ["Fault", "History", "migrations"]
