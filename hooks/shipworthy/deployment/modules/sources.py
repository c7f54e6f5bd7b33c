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
)


def sources(project: Project) -> dict[str, list[str]]:
    """The paths of production source by language, of the languages whose imports are read."""
    found: dict[str, list[str]] = {JAVASCRIPT: [], PYTHON: [], GO: [], RUST: []}
    return found | production_sources(project, _LANGUAGES)


def production_sources(project: Project, languages: Mapping[str, str]) -> dict[str, list[str]]:
    """The paths of production source by language; ``languages`` tells the language of an ending."""
    found: dict[str, list[str]] = {}
    folders: dict[str, bool] = {}
    is_stated = bool(project.config.places)
    for entry in project.repository.files():
        path = entry.path
        language = languages.get(path[path.rfind(".") :])
        if language is None:
            continue
        start = path.rfind("/") + 1
        folder, name = path[:start], path[start:]
        if folder not in folders:  # thousands of files share a few hundred folders
            folders[folder] = not _FOLDERS_NOT_RUN.search(folder) and (
                is_stated or place_of(folder + "source") == PRODUCTION
            )
        is_run = folders[folder] and not _FILES_NOT_RUN.search(name)
        if (
            is_run
            and project.config.place_of(path if is_stated else name) == PRODUCTION
            and not project.config.excludes(path)
        ):
            found.setdefault(language, []).append(path)
    return found
