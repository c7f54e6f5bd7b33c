"""What the readiness report says, before anybody writes it down.

Everything is plain data, in the order in which the reports show it. Shapes::

    Readiness
      stack            [Technology]       name, version, and the line that proves it
      sources          [SourceCount]      files of a language, by folder
      components       [Component]        always all of `COMPONENTS`, in that order
        evidence       [Evidence]         path, line, what
        requirements   [Requirement]      what was judged, what passed, or why it was not judged
      services         [ServiceRow]       one cell for each of `COLUMNS`
      gaps             [Gap]              blocking first
      recommendations  [Recommendation]   what unblocks most first
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shipworthy.deployment.evidence import Evidence
from shipworthy.rule import BLOCKING, HIGH, INFO, MEDIUM, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.readiness.comparison import Comparison

COMPLETE = "complete"
"""It is there, and all that was judged passed."""
PARTIAL = "partial"
"""It is there, and something about it failed."""
DOCUMENTED = "documented"
"""A document describes it, and nothing implements it."""
MISSING = "missing"
"""It is needed, and neither it nor a description of it is there."""
NOT_APPLICABLE = "not applicable"
"""It is not needed, for the reason that is given."""
UNKNOWN = "unknown"
"""Nobody can tell from what is committed; never a gap, and never counted."""
STATUSES = (COMPLETE, PARTIAL, DOCUMENTED, MISSING, NOT_APPLICABLE, UNKNOWN)

WEIGHTS = {BLOCKING: 5, HIGH: 3, MEDIUM: 1, INFO: 0}
"""What a check counts, by the class of its rule where it passed and of its finding where it failed."""

SOURCE = "source"
DATABASE = "database"
DOCKERFILES = "dockerfiles"
COMPOSE_DEVELOPMENT = "compose-development"
COMPOSE_PRODUCTION = "compose-production"
KUBERNETES = "kubernetes"
CI = "ci"
SCRIPTS = "scripts"
ENVIRONMENT = "environment"
SECRETS = "secrets"
PATHS = "paths"
MONITORING = "monitoring"
NETWORK = "network"
BACKUP = "backup"
TESTS = "tests"
DOCUMENTATION = "documentation"
COMPONENTS = {
    SOURCE: "Source code",
    DATABASE: "Database schema and migrations",
    DOCKERFILES: "Dockerfiles",
    COMPOSE_DEVELOPMENT: "Compose (development)",
    COMPOSE_PRODUCTION: "Compose (production)",
    KUBERNETES: "Kubernetes",
    CI: "CI/CD",
    SCRIPTS: "Production scripts",
    ENVIRONMENT: "Environment configuration",
    SECRETS: "Secrets management",
    PATHS: "Permanent paths",
    MONITORING: "Monitoring",
    NETWORK: "Network policies",
    BACKUP: "Backup and recovery",
    TESTS: "Tests",
    DOCUMENTATION: "Documentation",
}
"""The components by their ids, with their titles, in the order of the report."""

COLUMNS = {
    "image": "image source",
    "compose": "Compose",
    "kubernetes": "Kubernetes",
    "ci": "CI",
    "health": "health",
    "limits": "limits",
    "environment": "environment",
    "data": "data",
    "monitoring": "monitoring",
}
"""The columns of the matrix of services by their ids, with their titles."""

OWN = "production-readiness"
"""The rule of what the report itself looks at: whether a component is there at all."""

BLOCKED = "blocked"
GAPS = "gaps"
NO_GAPS = "no known gaps"
NOTHING = "nothing to judge"
_AROUND = frozenset({PATHS, DOCUMENTATION})
"""Components of which every repository has something: they alone are nothing that could be ready."""
VERDICTS = (BLOCKED, GAPS, NO_GAPS, NOTHING)
"""What the report says of the whole. It never says "ready": what could not be judged may hold anything."""


class Requirement:
    """One thing that was looked at for a component.

    ``rule`` is the id of the rule that judged it, `OWN` where the report itself did. ``weights`` are those of the
    checks that failed, ``weight`` that of each check that passed, ``passed`` how many did. ``not_judged`` is the reason
    why nothing could be judged, "" where something was.
    """

    def __init__(
        self,
        rule: str,
        what: str,
        weight: int,
        passed: int = 0,
        weights: Sequence[int] = (),
        not_judged: str = "",
    ) -> None:
        self.rule = rule
        self.what = what
        self.weight = weight
        self.passed = passed
        self.weights = tuple(weights)
        self.not_judged = not_judged

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return len(self.weights)

    @property
    def points(self) -> int:
        """The weights of what passed."""
        return self.passed * self.weight

    @property
    def possible(self) -> int:
        """The weights of all that was judged."""
        return self.points + sum(self.weights)


class Gap:
    """Something that production lacks.

    ``rule`` is the id of the rule that found it, `OWN` where the report itself did. ``severity`` is blocking, high or
    medium. ``fix`` is None where the rule knows none. ``service`` is the name of the service that it is about, or "".
    """

    __slots__ = ("component", "fix", "line", "message", "path", "rule", "service", "severity")

    def __init__(
        self,
        component: str,
        rule: str,
        severity: str,
        path: str,
        line: int,
        message: str,
        fix: str | None = None,
        service: str = "",
    ) -> None:
        self.component = component
        self.rule = rule
        self.severity = severity
        self.path = path
        self.line = line
        self.message = message
        self.fix = fix
        self.service = service

    @property
    def order(self) -> tuple[int, int, str, int, str, str]:
        """Blocking first, then as the components stand in the report, then by place."""
        position = list(COMPONENTS).index(self.component)
        return SEVERITIES.index(self.severity), position, self.path, self.line, self.rule, self.message


class Component:
    """One row of the report: a part of what production needs.

    ``reason`` says why it has its status, in words; ``evidence`` are the places that show it.
    """

    def __init__(
        self,
        id: str,
        status: str,
        reason: str,
        evidence: Iterable[Evidence] = (),
        requirements: Iterable[Requirement] = (),
    ) -> None:
        self.id = id
        self.status = status
        self.reason = reason
        self.evidence = list(evidence)
        self.requirements = list(requirements)
        self.gaps: list[Gap] = []

    @property
    def title(self) -> str:
        """What the component is called."""
        return COMPONENTS[self.id]

    @property
    def is_judged(self) -> bool:
        """Whether the component counts."""
        return self.status not in (NOT_APPLICABLE, UNKNOWN)

    @property
    def points(self) -> int:
        """The weights of what passed."""
        return sum(requirement.points for requirement in self.requirements)

    @property
    def possible(self) -> int:
        """The weights of all that was judged."""
        return sum(requirement.possible for requirement in self.requirements)

    @property
    def percent(self) -> int | None:
        """The weighted share of what passed, rounded down; None where nothing was judged."""
        if not self.is_judged or not self.possible:
            return None
        return 100 * self.points // self.possible

    @property
    def is_blocked(self) -> bool:
        """Whether one of its gaps is blocking, whatever its percent says."""
        return any(gap.severity == BLOCKING for gap in self.gaps)


class Cell:
    """What the matrix says about one service in one column: a status, a word or two, and the place that shows it."""

    __slots__ = ("evidence", "status", "text")

    def __init__(self, status: str, text: str, evidence: Evidence | None = None) -> None:
        self.status = status
        self.text = text
        self.evidence = evidence


class ServiceRow:
    """One service in the matrix. ``cells`` has every one of `COLUMNS`; ``path`` is "" for the root."""

    def __init__(self, name: str, path: str, kind: str, evidence: Sequence[Evidence], cells: dict[str, Cell]) -> None:
        self.name = name
        self.path = path
        self.kind = kind
        self.evidence = list(evidence)
        self.cells = cells


class Technology:
    """Something that the repository is made with or runs.

    ``area`` is what it is (language, framework, database ...), ``version`` as written, "" where nothing says one.
    ``evidence`` are the places that prove it, the best one first.
    """

    def __init__(self, area: str, name: str, version: str, evidence: Sequence[Evidence]) -> None:
        self.area = area
        self.name = name
        self.version = version
        self.evidence = list(evidence)


class SourceCount:
    """How many production source files a language has. ``folders`` are pairs (path, files), most files first."""

    def __init__(self, language: str, files: int, folders: Sequence[tuple[str, int]]) -> None:
        self.language = language
        self.files = files
        self.folders = list(folders)


class Recommendation:
    """One thing to do, which closes ``gaps``, the worst of them first.

    ``unblocks`` are the ids of the components that wait for it. ``points`` is what the percent of the whole gains by
    it, rounded down.
    """

    def __init__(
        self, action: str, component: str, severity: str, gaps: Sequence[Gap], unblocks: Sequence[str], points: int
    ) -> None:
        self.action = action
        self.component = component
        self.severity = severity
        self.gaps = list(gaps)
        self.unblocks = list(unblocks)
        self.points = points


class Readiness:
    """The whole report.

    ``files`` is the number of committed files, ``rules`` the ids of the rules that ran. ``suppressed`` counts the
    findings that inline ignores hide: somebody decided so. What a baseline hides is a gap all the same.
    ``comparison`` says what has changed since an earlier report, where one was given.
    ``unreadable`` has the reason for each file that was skipped, ``failures`` what of the program itself failed.
    """

    def __init__(self, files: int, rules: Sequence[str]) -> None:
        self.files = files
        self.rules = list(rules)
        self.stack: list[Technology] = []
        self.sources: list[SourceCount] = []
        self.components: list[Component] = []
        self.services: list[ServiceRow] = []
        self.gaps: list[Gap] = []
        self.recommendations: list[Recommendation] = []
        self.suppressed = 0
        self.comparison: Comparison | None = None
        self.unreadable: dict[str, str] = {}
        self.failures: list[str] = []

    @property
    def judged(self) -> list[Component]:
        """The components that the percent of the whole is the mean of."""
        return [component for component in self.components if component.percent is not None]

    @property
    def percent(self) -> int | None:
        """The mean of the components' percents, rounded down; None where nothing that runs was judged."""
        if self.verdict == NOTHING:
            return None
        from fractions import Fraction

        shares = [Fraction(100 * component.points, component.possible) for component in self.judged]
        return int(sum(shares) / len(shares))

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        if all(component.id in _AROUND for component in self.judged):
            return NOTHING
        if any(gap.severity == BLOCKING for gap in self.gaps):
            return BLOCKED
        return GAPS if self.gaps else NO_GAPS

    def component(self, id: str) -> Component:
        """The component of that id. Raises `KeyError` where there is none."""
        found = next((component for component in self.components if component.id == id), None)
        if found is None:
            raise KeyError(id)
        return found

    def gaps_of(self, severity: str) -> list[Gap]:
        """The gaps of one class."""
        return [gap for gap in self.gaps if gap.severity == severity]
