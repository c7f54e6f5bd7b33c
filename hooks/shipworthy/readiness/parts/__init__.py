"""The parts of a repository that the report has a row for: what there is of each, and whether it is needed.

A part says what is there, never what is wrong with it: that is what the rules find.
"""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.deployment.evidence import Evidence
from shipworthy.readiness.model import Requirement

PRESENT = "present"
ABSENT = "absent"
NEEDLESS = "needless"
UNTOLD = "untold"


class Part:
    """What there is of one component.

    ``state`` is `PRESENT`, `ABSENT` (needed, and not there), `NEEDLESS` or `UNTOLD` (nobody can tell), ``reason`` why,
    in words. ``evidence`` are the places that show it; for what is absent, what needs it. ``requirements`` are those
    that the report itself looked at.

    Of what is absent, ``severity``, ``message`` and ``fix`` make a gap where no rule reports one.
    """

    def __init__(
        self,
        state: str,
        reason: str,
        evidence: Iterable[Evidence] = (),
        requirements: Iterable[Requirement] = (),
    ) -> None:
        self.state = state
        self.reason = reason
        self.evidence = list(evidence)
        self.requirements = list(requirements)
        self.severity = ""
        self.message = ""
        self.fix = ""


def present(reason: str, evidence: Iterable[Evidence], requirements: Iterable[Requirement] = ()) -> Part:
    """A part that is there."""
    return Part(PRESENT, reason, evidence, requirements)


def absent(reason: str, need: Iterable[Evidence], severity: str, message: str, fix: str) -> Part:
    """A part that is needed, as ``need`` proves, and is not there."""
    part = Part(ABSENT, reason, need)
    part.severity, part.message, part.fix = severity, message, fix
    return part


def needless(reason: str, evidence: Iterable[Evidence] = ()) -> Part:
    """A part that this repository does not need."""
    return Part(NEEDLESS, reason, evidence)


def untold(reason: str, evidence: Iterable[Evidence] = ()) -> Part:
    """A part of which nobody can tell from here whether it is needed, or there."""
    return Part(UNTOLD, reason, evidence)
