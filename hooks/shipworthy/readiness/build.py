"""Joins what there is with what the rules find: `readiness`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from shipworthy.readiness.documents import Documents, Section, is_done_by_others, place_of
from shipworthy.readiness.joining import Joined
from shipworthy.readiness.known import Known
from shipworthy.readiness.making import made
from shipworthy.readiness.masking import mask
from shipworthy.readiness.model import (
    BACKUP,
    CI,
    COMPLETE,
    COMPONENTS,
    COMPOSE_DEVELOPMENT,
    COMPOSE_PRODUCTION,
    DATABASE,
    DOCKERFILES,
    DOCUMENTATION,
    DOCUMENTED,
    ENVIRONMENT,
    KUBERNETES,
    MISSING,
    MONITORING,
    NETWORK,
    NOT_APPLICABLE,
    OWN,
    PARTIAL,
    PATHS,
    SCRIPTS,
    SECRETS,
    SOURCE,
    TESTS,
    UNKNOWN,
    WEIGHTS,
    Component,
    Gap,
    Readiness,
    Requirement,
    SourceCount,
    Technology,
)
from shipworthy.readiness.parts import (
    ABSENT,
    NEEDLESS,
    PRESENT,
    UNTOLD,
    Part,
    code,
    compose,
    configuration,
    delivery,
    kubernetes,
    operations,
)
from shipworthy.readiness.recommendations import recommendations
from shipworthy.readiness.services import Matrix
from shipworthy.rule import MEDIUM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
    from shipworthy.project import Project

_PARTS: dict[str, Callable[[Known], Part]] = {
    SOURCE: code.source,
    DATABASE: operations.schema,
    DOCKERFILES: compose.images,
    COMPOSE_DEVELOPMENT: compose.development,
    COMPOSE_PRODUCTION: compose.production,
    KUBERNETES: kubernetes.manifests,
    CI: delivery.pipeline,
    SCRIPTS: delivery.scripts,
    ENVIRONMENT: configuration.environment,
    SECRETS: configuration.secrets,
    PATHS: configuration.paths,
    MONITORING: operations.monitoring,
    NETWORK: kubernetes.network,
    BACKUP: operations.backup,
    TESTS: code.tests,
    DOCUMENTATION: code.documentation,
}
_DEAR = (DATABASE, BACKUP)
"""What takes the most memory: it is looked at by a process that knows nothing else yet."""
_ABSENCE = {
    DOCKERFILES: "dockerfile-per-service",
    COMPOSE_PRODUCTION: "production-compose",
    KUBERNETES: "kubernetes-manifests",
    CI: "ci-pipeline",
    ENVIRONMENT: "env-files-committed",
    MONITORING: "monitoring",
    NETWORK: "kubernetes-network-policies",
    BACKUP: "backups",
}
"""The rules that report that a component is not there: what they report the report does not say again."""
_MOST_ROWS = 1_000
"""Of the matrix that are made at once; to hand thousands from one process to another takes memory too."""
_MOST_PLACES = 5
"""Of a technology in the verified stack."""


def get_ready(project: Project) -> None:
    """Look at what the report is made of besides the findings; `readiness` does it where nobody did before."""
    documents = project.model(Documents)
    for id, part in project.model(_parts).items():
        if part.state == ABSENT:
            documents.describing(id)
    project.model(_stack)
    project.model(_sources)


def _parts(project: Project) -> dict[str, Part]:
    known = project.model(Known)
    order = sorted(COMPONENTS, key=lambda id: id not in _DEAR)
    parts = dict(zip(order, made(project, [partial(_PARTS[id], known) for id in order]), strict=True))
    return {id: parts[id] for id in COMPONENTS}


def readiness(project: Project, outcome: Outcome) -> Readiness:
    """The report: what the rules found in a project, joined with what there is."""
    report = Readiness(len(project.repository.paths), outcome.rules)
    report.suppressed = outcome.suppressed
    report.unreadable = dict(outcome.unreadable)
    report.failures = list(outcome.failures)
    if not project.repository.paths:
        report.components = [Component(id, UNKNOWN, "nothing is committed or staged") for id in COMPONENTS]
        return report
    known = project.model(Known)
    joined = Joined(known, outcome)
    documents = project.model(Documents)
    for id, part in project.model(_parts).items():
        joiner = _Joiner(id, part, joined, documents)
        report.components.append(joiner.component())
    report.gaps = sorted((gap for component in report.components for gap in component.gaps), key=lambda gap: gap.order)
    report.stack = project.model(_stack)
    report.sources = project.model(_sources)
    matrix = Matrix(known, report)
    services = list(known.services)
    shares = [services[first : first + _MOST_ROWS] for first in range(0, len(services), _MOST_ROWS)]
    report.services = [row for rows in made(project, [partial(matrix.rows, some) for some in shares]) for row in rows]
    report.recommendations = recommendations(report)
    report.unreadable.update(project.too_large)  # what the report alone asked for
    mask(report)
    return report


class _Joiner:
    """Makes a component of a part, of what the rules say about it, and of what documents describe."""

    def __init__(self, id: str, part: Part, joined: Joined, documents: Documents) -> None:
        self.id = id
        self.part = part
        self.gaps = sorted(joined.gaps[id], key=lambda gap: gap.order)
        self.requirements = [*joined.requirements[id], *part.requirements]
        self.documents = documents

    def component(self) -> Component:
        """The component, with its gaps."""
        failed = next((one for one in self.requirements if "fault of shipworthy" in one.not_judged), None)
        if failed is not None:
            return self._made(UNKNOWN, f"{failed.rule} could not judge it: {failed.not_judged}")
        if self.part.state == ABSENT:
            return self._absent(self._description())
        if self.part.state in (NEEDLESS, UNTOLD) and not self.gaps:
            section = self._description() if self.part.state == UNTOLD and self.id == BACKUP else None
            if section is not None and not is_done_by_others(section):
                return self._absent(section)
            return self._made(NOT_APPLICABLE if self.part.state == NEEDLESS else UNKNOWN, self.part.reason)
        return self._present()

    def _description(self) -> Section | None:
        return self.documents.describing(self.id)

    def _present(self) -> Component:
        if self.part.state == PRESENT and not sum(one.possible for one in self.requirements):
            self.requirements.append(Requirement(OWN, "it is there", WEIGHTS[MEDIUM], passed=1))
        failed = sum(one.failed for one in self.requirements)
        said = [self.part.reason] if self.part.state != NEEDLESS else []
        if failed:
            said.append(f"{failed} of {failed + sum(one.passed for one in self.requirements)} checks failed")
        reason = "; ".join(said) or self.part.reason
        return self._made(PARTIAL if failed or self.gaps else COMPLETE, reason)

    def _absent(self, section: Section | None) -> Component:
        """A component of which nothing is there: nothing about it can pass.

        A section that names a committed file describes what somebody does by hand with it.
        """
        for one in self.requirements:
            if one.passed:
                one.passed, one.not_judged = 0, "" if one.weights else "nothing is there to be judged"
        if all(one.rule != _ABSENCE.get(self.id) or not one.weights for one in self.requirements):
            weight = WEIGHTS[self.part.severity or MEDIUM]
            self.requirements.append(Requirement(OWN, "it is there", weight, weights=[weight]))
        status, reason = MISSING, self.part.reason
        if section is not None:
            place = place_of(section)
            self.part.evidence.insert(0, place)
            status, reason = DOCUMENTED, f"{place.path}:{place.line} describes it, and nothing implements it"
            if self.documents.names_file(section):
                status, reason = MISSING, f"{self.part.reason}; {place.path}:{place.line} describes what somebody does"
                section = None
        if self.part.evidence and all(gap.rule != _ABSENCE.get(self.id) for gap in self.gaps):
            self.gaps = sorted([*self.gaps, self._gap(section)], key=lambda gap: gap.order)
        return self._made(status, reason)

    def _gap(self, section: Section | None) -> Gap:
        """The gap that no rule reports: that it is not there."""
        place = self.part.evidence[0]
        message, fix = self.part.message, self.part.fix
        if section is not None:
            message = f"“{section.heading}” is described here, and nothing implements it" + f": {message}" * bool(
                message
            )
        fix = fix or "commit what the document describes, or say in it who else takes care of it"
        return Gap(self.id, OWN, self.part.severity or MEDIUM, place.path, place.line, message, fix)

    def _made(self, status: str, reason: str) -> Component:
        made = Component(self.id, status, reason, self.part.evidence, self.requirements)
        made.gaps = self.gaps
        return made


def _sources(project: Project) -> list[SourceCount]:
    """The source files by their languages."""
    [counts] = made(project, [lambda: project.model(Known).sources.counted()])
    return counts


def _stack(project: Project) -> list[Technology]:
    [technologies] = made(project, [partial(_technologies, project)])
    return technologies


def _technologies(project: Project) -> list[Technology]:
    """The verified stack, with the version of the lock file where there is one."""
    from shipworthy.deployment.evidence import Evidence
    from shipworthy.deployment.stack import stack

    known = project.model(stack)
    found = []
    for technology in known.technologies:
        evidence = [statement.evidence for statement in technology.statements]
        version = technology.version
        locked = known.locked(technology)
        if locked is not None:
            version = locked.version
            evidence.insert(0, locked.evidence)
        unique = {(place.path, place.line): place for place in evidence}
        places = [Evidence(place.path, place.line, place.what) for place in unique.values()]
        found.append(Technology(technology.technology.kind, technology.technology.name, version, places[:_MOST_PLACES]))
    return found
