"""Pipelines: what CI runs for this repository."""

from __future__ import annotations

from shipworthy.deployment.workflows.discovery import pipelines, read_by_ci
from shipworthy.deployment.workflows.model import Job, Pipeline, Step

__all__ = ["Job", "Pipeline", "Step", "pipelines", "read_by_ci"]
