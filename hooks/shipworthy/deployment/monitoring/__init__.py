"""Whether something watches what is deployed from here, and whether what watches it holds together."""

from __future__ import annotations

from shipworthy.deployment.monitoring.model import Break

__all__ = ["Break"]
