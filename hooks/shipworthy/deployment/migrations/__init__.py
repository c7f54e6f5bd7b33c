"""The migrations of the repository's databases, and what is wrong with them: ``project.model(migrations)``."""

from __future__ import annotations

from shipworthy.deployment.migrations.model import Fault, History

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_WORDS = ("igrat", "versions/", ".sql", "_journal.json", "hangelog", "hangeLog", "iquibase", "knexfile")
"""One of them stands in the path of every migration: a quick look before the slow one."""


def migrations(project: Project) -> list[History]:
    """The histories that lie in places for production, sorted by folder."""
    from shipworthy.deployment.migrations import alembic, django, javascript, liquibase, numbered
    from shipworthy.deployment.paths import holding
    from shipworthy.places import PRODUCTION

    readers = (alembic, django, javascript, liquibase, numbered)
    paths: dict[int, list[str]] = {}
    for path in holding(project.repository.paths, _WORDS):
        if not project.repository.is_file(path):
            continue
        index = next((index for index, reader in enumerate(readers) if reader.PATH.search(path)), None)
        folder = path.rpartition("/")[0]
        if index is not None and project.place_of(f"{folder}/migration") == PRODUCTION:  # a name may hold any word
            paths.setdefault(index, []).append(path)
    found: list[History] = []
    for index, reader in enumerate(readers):
        found += reader.histories(project, paths.get(index, ()))
    return sorted(found, key=lambda history: (history.directory, history.tool))


__all__ = ["Fault", "History", "migrations"]
