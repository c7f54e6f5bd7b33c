"""The committed paths but those of program code: what most models look at by the names.

Nine files of ten are code, styles and pictures. They are left out once, by how they end, and not by each model anew.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_CODE = frozenset(
    "c cc cjs cpp cs css dart gif go h hpp ico java jpeg jpg js jsx kt less mjs php png py pyi rb rs scala scss snap"
    " svelte svg swift ts tsx ttf vue webp woff woff2".split()
)
_WORD = "file"
"""Stands in the names of code that builds or deploys: `fabfile.py`, `Dockerfile.php`, `gulpfile.js`."""


def paths_by_ending(project: Project) -> dict[str, list[str]]:
    """The paths by what stands behind their last dot, each list sorted: ``project.model(paths_by_ending)``."""
    found: dict[str, list[str]] = {}
    for path in project.repository.paths:
        found.setdefault(path.rpartition(".")[2], []).append(path)
    return found


def paths_besides_code(project: Project) -> list[str]:
    """The sorted paths: ``project.model(paths_besides_code)``."""
    found: list[str] = []
    for ending, paths in project.model(paths_by_ending).items():
        found += [path for path in paths if _WORD in path] if ending in _CODE else paths
    return sorted(found)


def files_besides_code(project: Project) -> list[str]:
    """Those of them that are regular files."""
    return [path for path in project.model(paths_besides_code) if project.repository.is_file(path)]
