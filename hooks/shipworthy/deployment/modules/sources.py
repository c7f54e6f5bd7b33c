"""Which committed files are source that production runs."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from shipworthy.project import Project

JAVASCRIPT = "javascript"
PYTHON = "python"
GO = "go"
RUST = "rust"

_LANGUAGES = {
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"), JAVASCRIPT),
    ".py": PYTHON,
    ".go": GO,
    ".rs": RUST,
}
_FOLDERS_NOT_RUN = lazy(
    r"(?:^|/)(?:templates?|boilerplates?|scaffold(?:s|ing)?|skeletons?|blueprints?|stubs|generators|schematics|stories"
    r"|snippets|storybook|\.storybook|sandbox(?:es)?|experiments?|experimental|prototypes?|stash|attic|trash|unused)/"
    r"|(?:^|[/_.-])(?:archived?|archives|backups?|deprecated|obsolete|bak|old|orig)(?:[_-][\w-]*)?/|[{}<>$%]",
    re.IGNORECASE,
)
"""Templates, whose imports are those of the rendered file, and what nobody runs any more."""
_FILES_NOT_RUN = lazy(
    r"(?:^|[_.-])(?:archived?|backup|deprecated|obsolete|bak|old|orig|d|stories|story|template|tmpl)\.|[{}<>$%]|^setupTests\.",
    re.IGNORECASE,
    holding=(
        *(
            "archive",
            "backup",
            "deprecated",
            "obsolete",
            "bak.",
            "old.",
            "orig.",
            "d.",
            "stories.",
            "story.",
            "template.",
        ),
        *("tmpl.", "setuptests.", *"{}<>$%"),
    ),
)


def sources(project: Project) -> dict[str, list[str]]:
    """The paths of production source by language, of the languages whose imports are read."""
    found: dict[str, list[str]] = {JAVASCRIPT: [], PYTHON: [], GO: [], RUST: []}
    return found | production_sources(project, _LANGUAGES)


def production_sources(project: Project, languages: Mapping[str, str]) -> dict[str, list[str]]:
    """The paths of production source by language; ``languages`` tells the language of an ending."""
    found: dict[str, list[str]] = {}
    is_run = Production(project).runs
    for path in project.repository.files:
        language = languages.get(path[path.rfind(".") :])
        if language is not None and is_run(path):
            found.setdefault(language, []).append(path)
    return found


class Production:
    """Which source files production runs, by their paths."""

    def __init__(self, project: Project) -> None:
        self._config = project.config
        self._is_stated = bool(project.config.places)
        self._folders: dict[str, bool] = {}

    def runs(self, path: str) -> bool:
        """Whether a file of source belongs to production."""
        start = path.rfind("/") + 1
        folder, name = path[:start], path[start:]
        is_run = self._folders.get(folder)
        if is_run is None:  # thousands of files share a few hundred folders
            is_run = self._folders[folder] = not _FOLDERS_NOT_RUN.search(folder) and (
                self._is_stated or place_of(folder + "source") == PRODUCTION
            )
        if not is_run or _FILES_NOT_RUN.search(name) or self._config.excludes(path):
            return False
        return (self._config.place_of(path) if self._is_stated else place_of(name)) == PRODUCTION
