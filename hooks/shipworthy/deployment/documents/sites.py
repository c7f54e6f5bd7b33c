"""Documentation sites whose generators make pages that nobody commits: those of rules, of an API, of commands."""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.evidence import text_of
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_CONFIGURATION = lazy(r"(?:^|/)(?:mkdocs\.ya?ml|properdocs\.ya?ml|conf\.py|docusaurus\.config\.\w+)$")
_MAKES_PAGES = lazy(
    r"gen[-_]files|^hooks:|mkdocstrings|mkdocs-click|mkdoxy|macros|autosummary|autodoc2?|apidoc|autoapi|exhale|breathe"
    r"|sphinx[-_]gallery|typedoc|openapi|docgen|plugin-content-docs|generated",
    re.MULTILINE,
)
_MODULE = lazy(r"(?P<site>(?:[^/]+/)*?)modules/[^/]+(?=/)")
"""The folder of a module of Antora: https://docs.antora.org/antora/latest/standard-directories/"""
_FAMILIES = ("pages", "images", "partials", "examples", "attachments")


class Sites:
    """The sites of a repository: ``project.model(Sites)``."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def makes(self, document: str, path: str) -> bool:
        """Whether a page that a document links to may come out of the generator of its site.

        The generator fills folders of its own: where others are committed, a page that is missing there is missing.
        """
        if path.rpartition("/")[0] in self._project.repository.directories:
            return False
        return any(not folder or document.startswith(folder + "/") for folder in self._folders)

    def finds(self, document: str, written: str) -> bool:
        """Whether a page of Antora refers to a page or an image of its module: it is looked for in their folders."""
        module = _MODULE.match(document)
        repository = self._project.repository
        if module is None or f"{module['site']}antora.yml" not in repository:
            return False
        return any(f"{module[0]}/{family}/{written.partition('#')[0]}" in repository for family in _FAMILIES)

    @cached_property
    def _folders(self) -> list[str]:
        """The folders with a site whose generator makes pages; that of Sphinx is the one above its sources."""
        return [
            path.rpartition("/")[0]
            for path in self._project.repository.paths
            if _CONFIGURATION.search(path) and _MAKES_PAGES.search(text_of(self._project, path))
        ]
