"""Keeps secrets out of the report: commands, images and headings that it quotes may hold one."""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.deployment.evidence import Evidence
from shipworthy.masking import without_secrets
from shipworthy.readiness.model import Readiness


def mask(report: Readiness) -> None:
    """Take secrets out of everything that the report quotes. The models that it was made of stay as they are."""
    for component in report.components:
        component.reason = without_secrets(component.reason)
        component.evidence = _masked(component.evidence)
    for gap in report.gaps:
        gap.message = without_secrets(gap.message)
        gap.fix = without_secrets(gap.fix) if gap.fix else None
    for service in report.services:
        service.evidence = _masked(service.evidence)
        for cell in service.cells.values():
            cell.text = without_secrets(cell.text)
            cell.evidence = _of(cell.evidence) if cell.evidence is not None else None
    for technology in report.stack:
        technology.version = without_secrets(technology.version)
        technology.evidence = _masked(technology.evidence)
    for recommendation in report.recommendations:
        recommendation.action = without_secrets(recommendation.action)


def _masked(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [_of(one) for one in evidence]


def _of(evidence: Evidence) -> Evidence:
    return Evidence(evidence.path, evidence.line, without_secrets(evidence.what))
