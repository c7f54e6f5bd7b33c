"""What to do first: the gaps as things to do, those first that most of the rest waits for."""

from __future__ import annotations

from fractions import Fraction

from shipworthy.readiness.model import (
    BACKUP,
    CI,
    COMPOSE_PRODUCTION,
    DOCKERFILES,
    DOCUMENTED,
    KUBERNETES,
    MISSING,
    MONITORING,
    NETWORK,
    NOT_APPLICABLE,
    PARTIAL,
    SCRIPTS,
    SECRETS,
    SOURCE,
    Component,
    Gap,
    Readiness,
    Recommendation,
)
from shipworthy.rule import BLOCKING, SEVERITIES

_WAITS_FOR = {
    DOCKERFILES: (SOURCE,),
    COMPOSE_PRODUCTION: (DOCKERFILES,),
    KUBERNETES: (DOCKERFILES,),
    CI: (DOCKERFILES,),
    SCRIPTS: (DOCKERFILES, COMPOSE_PRODUCTION, KUBERNETES),
    SECRETS: (COMPOSE_PRODUCTION, KUBERNETES),
    MONITORING: (COMPOSE_PRODUCTION, KUBERNETES),
    NETWORK: (KUBERNETES,),
    BACKUP: (COMPOSE_PRODUCTION, KUBERNETES),
}
"""What each component cannot do without."""
_UNFINISHED = (MISSING, DOCUMENTED, PARTIAL)


def recommendations(report: Readiness) -> list[Recommendation]:
    """One for each kind of gap of each component.

    First what is blocking, or what something blocking waits for; then by how much waits, then by gain.
    """
    groups: dict[tuple[str, str], list[Gap]] = {}
    for gap in report.gaps:
        groups.setdefault((gap.component, gap.rule), []).append(gap)
    ranked = [(_rank(report, gaps), _recommendation(report, gaps)) for gaps in groups.values()]
    ranked.sort(key=lambda known: known[0])
    return [recommendation for _, recommendation in ranked]


def _rank(report: Readiness, gaps: list[Gap]) -> tuple[object, ...]:
    waiting = _waiting(report, gaps)
    held_up = [gap for id in waiting for gap in report.component(id).gaps if gap.severity == BLOCKING]
    worst = min(SEVERITIES.index(gap.severity) for gap in (*gaps, *held_up))
    return worst, -len(waiting), -_gain(report, gaps), gaps[0].order


def _recommendation(report: Readiness, gaps: list[Gap]) -> Recommendation:
    first = gaps[0]
    return Recommendation(
        first.fix or first.message,
        first.component,
        first.severity,
        gaps,
        _waiting(report, gaps),
        int(_gain(report, gaps)),
    )


def _waiting(report: Readiness, gaps: list[Gap]) -> list[str]:
    """The unfinished components that wait, over others or at once, for the one that the gaps are of.

    A component that is there keeps others waiting only by what is blocking.
    """
    component = report.component(gaps[0].component)
    if component.status not in (MISSING, DOCUMENTED) and gaps[0].severity != BLOCKING:
        return []
    reached = {component.id}
    while True:
        more = {id for id, needed in _WAITS_FOR.items() if id not in reached and reached & {*needed}}
        more = {id for id in more if report.component(id).status != NOT_APPLICABLE}
        if not more:
            break
        reached |= more
    return [one.id for one in report.components if one.id in reached - {component.id} and one.status in _UNFINISHED]


def _gain(report: Readiness, gaps: list[Gap]) -> Fraction:
    """What the percent of the whole gains when the gaps are closed."""
    component: Component = report.component(gaps[0].component)
    if component.percent is None:
        return Fraction(0)
    lost = sum(sum(one.weights) for one in component.requirements if one.rule == gaps[0].rule)
    return Fraction(100 * lost, component.possible * len(report.judged))
