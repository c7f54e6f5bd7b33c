"""The services of a repository: what it builds and runs in production, found from evidence."""

from __future__ import annotations

from shipworthy.deployment.services.discovery import services
from shipworthy.deployment.services.model import CONTAINER, SERVER, STATIC, WORKER, RuledOut, Service, Services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project


def services_report(project: Project) -> dict[str, object]:
    """What ``shipworthy services --format json`` prints."""
    from shipworthy.deployment.services import report  # it needs the images, which need this module

    return report.services_report(project)


def services_lines(project: Project) -> Iterator[str]:
    """What ``shipworthy services`` prints, before it is made harmless."""
    from shipworthy.deployment.services import report

    return report.services_lines(project)


__all__ = [
    "CONTAINER",
    "SERVER",
    "STATIC",
    "WORKER",
    "RuledOut",
    "Service",
    "Services",
    "services",
    "services_lines",
    "services_report",
]
