"""The committed paths but those of program code: what most models look at by the names.

Nine files of ten are code, styles and pictures. They are left out once, by how they end, and not by each model anew.
"""

from __future__ import annotations

from shipworthy.repository import EXECUTABLE, REGULAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_CODE = frozenset(
    "c cc cjs cpp cs css dart gif go h hpp ico java jpeg jpg js jsx kt less mjs php png py pyi rb rs scala scss snap"
    " svelte svg swift ts tsx ttf vue webp woff woff2".split()
)
_WORD = "file"
"""Stands in the names of code that builds or deploys: `fabfile.py`, `Dockerfile.php`, `gulpfile.js`."""


def paths_besides_code(project: Project) -> list[str]:
    """The sorted paths: ``project.model(paths_besides_code)``."""
    return [path for path in project.repository.paths if path.rpartition(".")[2] not in _CODE or _WORD in path]


def files_besides_code(project: Project) -> list[str]:
    """Those of them that are regular files."""
    entries = project.repository.entries
    paths = project.model(paths_besides_code)
    return [path for path in paths if entries[path].mode in (REGULAR, EXECUTABLE)]
