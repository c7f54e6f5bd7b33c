"""The services of a repository as programs and people read them."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.images import image_source
from shipworthy.deployment.secrets.masking import masked
from shipworthy.deployment.services.discovery import services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.services.model import Service
    from shipworthy.project import Project

VERSION = 1
ROOT = "."
"""How the root of the repository is written."""


def services_report(project: Project) -> dict[str, object]:
    """What ``shipworthy services --format json`` prints: the services, and what was ruled out."""
    known = project.model(services)
    return {
        "version": VERSION,
        "services": [_service(project, service) for service in known],
        "ruled_out": [{"path": other.path or ROOT, "reason": other.reason} for other in known.ruled_out],
    }


def _service(project: Project, service: Service) -> dict[str, object]:
    source = image_source(project, service)
    return {
        "name": service.name,
        "path": service.path or ROOT,
        "kind": service.kind,
        "evidence": [_place(evidence) for evidence in service.evidence],
        "image_source": _place(source) if source else None,
        "deployed_by": [_place(evidence) for evidence in service.deployed_by],
    }


def _place(evidence: Evidence) -> dict[str, object]:
    return {"path": evidence.path, "line": evidence.line, "what": masked(evidence.what)}


def services_lines(project: Project) -> Iterator[str]:
    """What ``shipworthy services`` prints: a paragraph for each service, then what was ruled out.

    Names stand in the lines as they are, line breaks and all: who prints them makes them harmless.
    """
    known = project.model(services)
    for service in known:
        yield f"{service.name} ({service.kind}) in {service.path or ROOT}"
        for evidence in service.evidence:
            yield f"    because   {_written(evidence)}"
        source = image_source(project, service)
        yield f"    image     {_written(source)}" if source else "    image     none found"
        for evidence in service.deployed_by:
            yield f"    deployed  {_written(evidence)}"
    if not len(known):
        yield "no service found"
    if known.ruled_out:
        yield "ruled out"
    for other in known.ruled_out:
        yield f"    {other.path or ROOT}: {other.reason}"


def _written(evidence: Evidence) -> str:
    return f"{evidence.path}:{evidence.line}: {masked(evidence.what)}"
