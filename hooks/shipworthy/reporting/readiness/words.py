"""What every format of the readiness report says in the same words."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.readiness.comparison import Comparison
from shipworthy.readiness.model import (
    BLOCKED,
    COMPLETE,
    COMPONENTS,
    DOCUMENTED,
    GAPS,
    MISSING,
    NO_GAPS,
    NOT_APPLICABLE,
    NOTHING,
    PARTIAL,
    UNKNOWN,
    WEIGHTS,
    Component,
    Gap,
    Readiness,
    Recommendation,
)
from shipworthy.rule import BLOCKING, HIGH, MEDIUM

TITLE = "Production readiness"
MARK = "written by shipworthy report"
"""Stands at the top of reports that may be committed: they are no part of what is judged."""
CLASSES = (BLOCKING, HIGH, MEDIUM)
SIGNS = {COMPLETE: "✓", PARTIAL: "◐", DOCUMENTED: "✎", MISSING: "✗", NOT_APPLICABLE: "–", UNKNOWN: "?"}
"""One character for each status; the word always stands beside it or in the legend."""
_VERDICTS = {
    BLOCKED: "BLOCKED",
    GAPS: "Gaps",
    NO_GAPS: "No known gaps",
    NOTHING: "Nothing to judge",
}
_WEIGHTS = f"blocking {WEIGHTS[BLOCKING]}, high {WEIGHTS[HIGH]}, medium {WEIGHTS[MEDIUM]}"
CALCULATION = (
    "A check is one rule, asked about one thing: a service, a Dockerfile, a pipeline, or the repository as a whole.",
    f"A check that passed weighs what its rule weighs, one that failed what its finding weighs: {_WEIGHTS}.",
    "The percent of a component is the weight of what passed, divided by the weight of all that was judged.",
    "Of what is missing, or only documented, nothing passes. What does not apply and what is unknown never count.",
    "The percent of the whole is the mean of the components that were judged. Every percent is rounded down.",
    "A blocking gap makes the whole blocked, whatever the percent says.",
    "Nothing is ever called ready: what could not be judged may hold anything.",
)
"""How the percents come about."""


def verdict(report: Readiness) -> str:
    """The verdict in a word or three."""
    return _VERDICTS[report.verdict]


def headline(report: Readiness) -> str:
    """What the verdict means here, in one sentence."""
    blocking = len(report.gaps_of(BLOCKING))
    if report.verdict == BLOCKED:
        return f"{number(blocking, 'blocking gap')} of {number(len(report.gaps), 'gap')}: not fit for production"
    if report.verdict == GAPS:
        return f"{number(len(report.gaps), 'gap')}, none of them blocking"
    if report.verdict == NO_GAPS:
        return "Nothing that could be judged has a gap"
    if not report.files:
        return "Nothing is committed or staged"
    return "Nothing here runs in production: no service, no source and no deployment was found"


def percent(value: int | None) -> str:
    """A percent, or a dash where nothing was judged."""
    return "–" if value is None else f"{value} %"


def judged(report: Readiness) -> str:
    """How much of the report rests on something that could be judged."""
    count = sum(component.is_judged for component in report.components)
    text = f"{count} of {len(report.components)} components could be judged"
    for status in (NOT_APPLICABLE, UNKNOWN):
        titles = [component.title for component in report.components if component.status == status]
        text += f"; {status}: {', '.join(titles)}" if titles and count else ""
    return text


def rounded(report: Readiness) -> str:
    """The percent of the whole with what it is a percent of."""
    return "" if report.percent is None else f"{report.percent} % of what could be judged"


def status(component: Component) -> str:
    """A component's status, with what must not be overlooked about it."""
    return f"{component.status}, blocked" if component.is_blocked else component.status


def counts(report: Readiness) -> str:
    """How many gaps there are of each class."""
    return ", ".join(f"{len(report.gaps_of(severity))} {severity}" for severity in CLASSES)


def changes(comparison: Comparison) -> Iterator[str]:
    """What has changed since an earlier report, a sentence each; the gaps apart."""
    before = f"{_VERDICTS[comparison.verdict]}, {percent(comparison.percent)}"
    yield f"Before: {before}" + ("; nothing has changed since" if comparison.is_empty else "")
    for change in comparison.changes:
        was, now = f"{change.was} {percent(change.share)}", f"{change.status} {percent(change.percent)}"
        yield f"{COMPONENTS[change.component]}: {was} → {now}"
    for what, names in (("new services", comparison.added), ("services that are gone", comparison.removed)):
        if names:
            yield f"{what}: {', '.join(names)}"


def place(gap: Gap) -> str:
    """Where a gap is."""
    return f"{gap.path}:{gap.line}"


def effect(recommendation: Recommendation) -> str:
    """What a recommendation brings besides its gain."""
    closes = f"closes {number(len(recommendation.gaps), 'gap')}"
    waiting = ", ".join(COMPONENTS[id] for id in recommendation.unblocks)
    return closes + (f", unblocks {waiting}" if waiting else "")


def gain(recommendation: Recommendation) -> str:
    """What the percent of the whole gains by a recommendation; "" where that is less than one."""
    return f"+{recommendation.points} %" if recommendation.points else ""


def brings(recommendation: Recommendation) -> str:
    """All that a recommendation brings."""
    return ", ".join(filter(None, (effect(recommendation), gain(recommendation))))


def mean(report: Readiness) -> str:
    """How the percent of the whole comes about."""
    shares = ", ".join(f"{component.title} {component.percent} %" for component in report.judged)
    return f"The mean of {shares} is {report.percent} %."


def action(recommendation: Recommendation) -> str:
    """What is to be done; of several things of a kind, the first, and how many more there are."""
    more = len(recommendation.gaps) - 1
    return recommendation.action + (f" (and {more} more like it)" if more else "")


def asides(report: Readiness) -> Iterator[str]:
    """What else there is to say about the run, a sentence each."""
    if report.suppressed:
        what = "finding is" if report.suppressed == 1 else "findings are"
        yield f"{report.suppressed} {what} hidden by inline ignores, and counted as passed."
    for path, reason in sorted(report.unreadable.items()):
        yield f"{path} was skipped: {reason}."
    yield from report.failures


def number(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
