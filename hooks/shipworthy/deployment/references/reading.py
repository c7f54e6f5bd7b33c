"""Everything that deployment artefacts name in the repository: ``project.model(references)``."""

from __future__ import annotations

from shipworthy.deployment.compose import compose
from shipworthy.deployment.references.charts import chart_references
from shipworthy.deployment.references.compose_files import compose_references
from shipworthy.deployment.references.dockerfile import dockerfile_references, dockerfiles
from shipworthy.deployment.references.links import link_references
from shipworthy.deployment.references.model import (
    CHART,
    COMMAND,
    CONFIG,
    CONTEXT,
    COPY,
    DOCKERFILE,
    EXCLUDED,
    LINK,
    MOUNT,
    OUTSIDE,
    SCRIPT,
    SECRET,
    SOURCE,
    STAGE,
    TEMPORARY,
    VALUES,
    Fault,
    Reference,
)
from shipworthy.deployment.references.presence import Missing, missing
from shipworthy.deployment.references.scripts import has_packages, script_references
from shipworthy.deployment.references.units import unit_references

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

__all__ = [
    "CHART",
    "COMMAND",
    "CONFIG",
    "CONTEXT",
    "COPY",
    "DOCKERFILE",
    "EXCLUDED",
    "LINK",
    "MOUNT",
    "OUTSIDE",
    "SCRIPT",
    "SECRET",
    "SOURCE",
    "STAGE",
    "TEMPORARY",
    "VALUES",
    "Fault",
    "Missing",
    "Reference",
    "References",
    "references",
]

_READERS = (
    compose_references,
    dockerfile_references,
    script_references,
    unit_references,
    chart_references,
    link_references,
)


class References:
    """What the deployment artefacts of a repository name.

    ``missing`` are the paths that are not committed and that nothing explains, ``faults`` the references that cannot
    work whatever is committed. ``are_any`` tells that there is anything to judge.
    """

    def __init__(self, project: Project) -> None:
        found = [reference for read in _READERS for reference in read(project)]
        self.are_any = bool(found or project.model(compose).sets or project.model(dockerfiles) or has_packages(project))
        self.faults = [item for item in found if isinstance(item, Fault)]
        self.missing: list[Missing] = missing(project, [item for item in found if isinstance(item, Reference)])


def references(project: Project) -> References:
    """The references of the repository: ``project.model(references)``."""
    return References(project)
