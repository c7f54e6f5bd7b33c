"""The backups of the databases that production runs from this repository: ``project.model(Backups)``."""

from __future__ import annotations

from shipworthy.deployment.backups.jobs import Backups, Job

__all__ = ["Backups", "Job"]
