"""A badge with the verdict, for the top of a README: one file of SVG, in the size of other badges."""

from __future__ import annotations

from shipworthy.readiness.model import BLOCKED, GAPS, NO_GAPS, Readiness
from shipworthy.reporting.readiness import words

_LABEL = "readiness"
_COLOURS = {BLOCKED: "#b42318", GAPS: "#9a5b00", NO_GAPS: "#17663a"}
"""Dark enough for white text to be read on them."""
_OTHER = "#57606a"
_CHARACTER = 6.6
"""Pixels that a character of the badge's type takes; textLength makes it true."""
_PADDING = 7


def render(report: Readiness) -> str:
    """The badge."""
    said = message(report)
    left, right = _width(_LABEL), _width(said)
    total = left + right
    name = f"{_LABEL}: {said}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" aria-label="{name}">'
        f"<!-- {words.MARK} --><title>{name}</title>"
        f'<clipPath id="r"><rect width="{total}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#24292f"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS.get(report.verdict, _OTHER)}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">'
        f"{_said(_LABEL, left / 2)}{_said(said, left + right / 2)}</g></svg>\n"
    )


def message(report: Readiness) -> str:
    """What the right half of the badge says."""
    if report.percent is None:
        return "nothing to judge"
    if report.verdict == BLOCKED:
        return f"blocked, {report.percent} %"
    return f"{report.percent} %, {words.number(len(report.gaps), 'gap')}" if report.gaps else f"{report.percent} %"


def _width(text: str) -> int:
    return round(len(text) * _CHARACTER) + 2 * _PADDING


def _said(text: str, centre: float) -> str:
    return f'<text x="{centre:g}" y="14" textLength="{_width(text) - 2 * _PADDING}">{text}</text>'
