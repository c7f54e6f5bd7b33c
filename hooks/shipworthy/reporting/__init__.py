"""Findings as text, JSON, SARIF, and as annotations of GitHub and of GitLab."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome

FORMATS = ("text", "json", "sarif", "github", "gitlab")
FINGERPRINTED = ("sarif", "gitlab")
"""The formats that tell a finding again in another commit."""


def render(outcome: Outcome, format: str) -> str:
    """The report in one of `FORMATS`, with a line break at its end."""
    report: str = import_module(f"shipworthy.reporting.{format}").render(outcome)
    return report
