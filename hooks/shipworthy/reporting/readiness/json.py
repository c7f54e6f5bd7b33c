"""The readiness report for programs: one JSON object, with the schema `readiness.schema.json`.

Another report of the same repository is compared by it, so everything that the reports show stands in it.
"""

from __future__ import annotations

import json

from shipworthy.deployment.evidence import Evidence
from shipworthy.readiness.comparison import VERSION, Comparison
from shipworthy.readiness.model import (
    WEIGHTS,
    Component,
    Gap,
    Readiness,
    Recommendation,
    Requirement,
    ServiceRow,
)
from shipworthy.reporting.escape import safe_json
from shipworthy.rule import INFO

ROOT = "."
"""How the root of the repository is written."""


def render(readiness: Readiness) -> str:
    """The whole report."""
    return safe_json(json.dumps(report_of(readiness), indent=2)) + "\n"


def report_of(readiness: Readiness) -> dict[str, object]:
    """The report as JSON has it."""
    return {
        "version": VERSION,
        "verdict": readiness.verdict,
        "percent": readiness.percent,
        "weights": {severity: weight for severity, weight in WEIGHTS.items() if severity != INFO},
        "files": readiness.files,
        "stack": [
            {
                "area": technology.area,
                "name": technology.name,
                "version": technology.version or None,
                "evidence": [_place(evidence) for evidence in technology.evidence],
            }
            for technology in readiness.stack
        ],
        "sources": [
            {
                "language": source.language,
                "files": source.files,
                "folders": [{"path": path or ROOT, "files": files} for path, files in source.folders],
            }
            for source in readiness.sources
        ],
        "components": [_component(component) for component in readiness.components],
        "services": [_service(service) for service in readiness.services],
        "gaps": [_gap(gap) for gap in readiness.gaps],
        "recommendations": [_recommendation(recommendation) for recommendation in readiness.recommendations],
        "comparison": _comparison(readiness.comparison) if readiness.comparison is not None else None,
        "suppressed": readiness.suppressed,
        "unreadable": [{"path": path, "reason": reason} for path, reason in sorted(readiness.unreadable.items())],
        "rules": readiness.rules,
    }


def _component(component: Component) -> dict[str, object]:
    return {
        "id": component.id,
        "title": component.title,
        "status": component.status,
        "percent": component.percent,
        "blocked": component.is_blocked,
        "reason": component.reason,
        "evidence": [_place(evidence) for evidence in component.evidence],
        "requirements": [_requirement(requirement) for requirement in component.requirements],
        "gaps": len(component.gaps),
    }


def _requirement(requirement: Requirement) -> dict[str, object]:
    return {
        "rule": requirement.rule,
        "what": requirement.what,
        "passed": requirement.passed,
        "failed": requirement.failed,
        "points": requirement.points,
        "possible": requirement.possible,
        "not_judged": requirement.not_judged or None,
    }


def _service(service: ServiceRow) -> dict[str, object]:
    return {
        "name": service.name,
        "path": service.path or ROOT,
        "kind": service.kind,
        "evidence": [_place(evidence) for evidence in service.evidence],
        "cells": {
            column: {
                "status": cell.status,
                "text": cell.text,
                "evidence": _place(cell.evidence) if cell.evidence is not None else None,
            }
            for column, cell in service.cells.items()
        },
    }


def _gap(gap: Gap) -> dict[str, object]:
    return {
        "severity": gap.severity,
        "component": gap.component,
        "rule": gap.rule,
        "service": gap.service or None,
        "path": gap.path,
        "line": gap.line,
        "message": gap.message,
        "fix": gap.fix,
    }


def _recommendation(recommendation: Recommendation) -> dict[str, object]:
    return {
        "action": recommendation.action,
        "component": recommendation.component,
        "severity": recommendation.severity,
        "rule": recommendation.gaps[0].rule,
        "path": recommendation.gaps[0].path,
        "line": recommendation.gaps[0].line,
        "gaps": len(recommendation.gaps),
        "unblocks": recommendation.unblocks,
        "points": recommendation.points,
    }


def _comparison(comparison: Comparison) -> dict[str, object]:
    return {
        "verdict": comparison.verdict,
        "percent": comparison.percent,
        "components": [
            {
                "id": change.component,
                "before": {"status": change.was, "percent": change.share},
                "after": {"status": change.status, "percent": change.percent},
            }
            for change in comparison.changes
        ],
        "appeared": [_gap(gap) for gap in comparison.appeared],
        "closed": [_gap(gap) for gap in comparison.closed],
        "services": {"added": comparison.added, "removed": comparison.removed},
    }


def _place(evidence: Evidence) -> dict[str, object]:
    return {"path": evidence.path, "line": evidence.line, "what": evidence.what}
