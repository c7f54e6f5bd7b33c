"""The readiness report as text, Markdown, JSON, HTML, and as a badge."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.readiness.model import Readiness

FORMATS = ("text", "markdown", "json", "html", "svg")


def render(readiness: Readiness, format: str) -> str:
    """The report in one of `FORMATS`, with a line break at its end."""
    report: str = import_module(f"shipworthy.reporting.readiness.{format}").render(readiness)
    return report
