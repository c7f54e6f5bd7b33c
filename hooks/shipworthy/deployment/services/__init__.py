"""The services of a repository: what it builds and runs in production, found from evidence."""

from __future__ import annotations

from shipworthy.deployment.services.discovery import services
from shipworthy.deployment.services.model import CONTAINER, SERVER, STATIC, WORKER, RuledOut, Service, Services

__all__ = ["CONTAINER", "SERVER", "STATIC", "WORKER", "RuledOut", "Service", "Services", "services"]
