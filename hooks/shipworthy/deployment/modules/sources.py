"""Which committed files are source that production runs."""

from __future__ import annotations

import re

from shipworthy.places import PRODUCTION
from shipworthy.repository import Repository

TYPE_CHECKING = False
if TYPE_CHECKING:
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
_NOT_RUN = re.compile(
    r"(?:^|/)(?:templates?|boilerplates?|scaffold(?:s|ing)?|skeletons?|blueprints?|stubs|generators|schematics|stories"
    r"|snippets|storybook|\.storybook|sandbox(?:es)?|experiments?|experimental|prototypes?|stash|attic|trash|unused)/"
    r"|(?:^|[/_.-])(?:archived?|archives|backups?|deprecated|obsolete|bak|old|orig)(?:[_-][\w-]*)?(?=[/.])"
    r"|[{}<>$%]|\.d\.[mc]?ts$|\.(?:stories|story|template|tmpl)\.\w+$|(?:^|/)setupTests\.\w+$",
    re.IGNORECASE,
)
"""Templates whose imports are those of the rendered file, and what nobody runs any more."""


def sources(project: Project) -> dict[str, list[str]]:
    """The paths of production source by language."""
    found: dict[str, list[str]] = {JAVASCRIPT: [], PYTHON: [], GO: [], RUST: []}
    for entry in _candidates(project.repository):
        language = _LANGUAGES.get(entry[entry.rfind(".") :])
        if language is None or _NOT_RUN.search(entry) or project.config.excludes(entry):
            continue
        if project.place_of(entry) == PRODUCTION:
            found[language].append(entry)
    return found


def _candidates(repository: Repository) -> list[str]:
    return [entry.path for entry in repository.files()]
