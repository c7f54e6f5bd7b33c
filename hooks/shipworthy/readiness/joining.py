"""Which rule judges which component, and how much of what it judged passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from shipworthy.readiness.known import Known
from shipworthy.readiness.making import made
from shipworthy.readiness.model import (
    BACKUP,
    CI,
    COMPONENTS,
    COMPOSE_DEVELOPMENT,
    COMPOSE_PRODUCTION,
    DATABASE,
    DOCKERFILES,
    DOCUMENTATION,
    ENVIRONMENT,
    KUBERNETES,
    MONITORING,
    NETWORK,
    PATHS,
    SCRIPTS,
    SECRETS,
    SOURCE,
    WEIGHTS,
    Gap,
    Requirement,
)
from shipworthy.readiness.sources import are_in_production
from shipworthy.rule import INFO, SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.outcome import Outcome
    from shipworthy.project import Project
    from shipworthy.rule import Finding, Rule

    Counted = Callable[[Known], int]

COMPONENT_OF = {
    "backups": BACKUP,
    "ci-checks-can-fail": CI,
    "ci-pipeline": CI,
    "ci-references": CI,
    "compose-healthchecks": COMPOSE_PRODUCTION,
    "compose-pinned-images": COMPOSE_PRODUCTION,
    "compose-references": COMPOSE_PRODUCTION,
    "compose-resource-limits": COMPOSE_PRODUCTION,
    "compose-restart-policies": COMPOSE_PRODUCTION,
    "data-on-volumes": PATHS,
    "dockerfile-per-service": DOCKERFILES,
    "documented-files": DOCUMENTATION,
    "env-examples-complete": ENVIRONMENT,
    "env-files-committed": ENVIRONMENT,
    "env-files-ignored": SECRETS,
    "env-files-without-secrets": SECRETS,
    "every-service-deployed": COMPOSE_PRODUCTION,
    "images-built": DOCKERFILES,
    "imports-committed": SOURCE,
    "kubernetes-manifests": KUBERNETES,
    "kubernetes-network-policies": NETWORK,
    "kubernetes-references": KUBERNETES,
    "kubernetes-secrets": SECRETS,
    "kubernetes-workloads": KUBERNETES,
    "kustomize-entries": KUBERNETES,
    "migrations": DATABASE,
    "monitoring": MONITORING,
    "no-stubs": SOURCE,
    "no-tmp-paths": PATHS,
    "pid-files-outside-tmp": PATHS,
    "production-compose": COMPOSE_PRODUCTION,
    "production-dockerfiles": DOCKERFILES,
    "project-layout": SOURCE,
    "referenced-files-committed": SCRIPTS,
    "scripts-executable": SCRIPTS,
    "services-reachable": COMPOSE_PRODUCTION,
    "sources-parse": SOURCE,
}
"""The component that each rule judges, of those that `shipworthy check` runs.

A finding of a rule that judges files of several kinds goes by its place.
"""
_BY_PLACE = frozenset(
    {"compose-references", "every-service-deployed", "referenced-files-committed", "services-reachable"},
)
"""The rules whose findings belong to what deploys from the file that they stand in."""


class Joined:
    """The findings of all rules, by component."""

    def __init__(self, known: Known, outcome: Outcome) -> None:
        self.known = known
        self.outcome = outcome
        self.requirements: dict[str, list[Requirement]] = {id: [] for id in COMPONENTS}
        self.gaps: dict[str, list[Gap]] = {id: [] for id in COMPONENTS}
        self._reasons = dict(outcome.not_applicable)
        self._places = _Places(known)
        findings: dict[str, list[Finding]] = {}
        for finding in outcome.findings:
            findings.setdefault(finding.rule, []).append(finding)
        for id in outcome.rules:
            self._add(id, findings.get(id, []))

    def _add(self, id: str, findings: list[Finding]) -> None:
        from shipworthy.rules import load

        rule: Rule = load(id).RULE
        home = self._home(rule)
        by_component: dict[str, list[Finding]] = {home: [], **{other: [] for other in _ALSO.get(rule.id, ())}}
        for finding in findings:
            component = self._places.component_of(finding, home) if id in _BY_PLACE else home
            by_component.setdefault(component, []).append(finding)
        for component, found in by_component.items():
            count = self._count(rule.id, component) if component == home or component in _ALSO.get(id, ()) else 0
            self.requirements[component].append(self._requirement(rule, found, count))
            self.gaps[component] += [_gap(component, finding) for finding in found if finding.severity != INFO]

    def _home(self, rule: Rule) -> str:
        home = COMPONENT_OF.get(rule.id, SOURCE)
        if rule.id in _BY_PLACE and home == COMPOSE_PRODUCTION and self._places.only_kubernetes:
            return KUBERNETES
        return home

    def _count(self, id: str, component: str) -> int:
        """How many things of a component the rule judged."""
        counted = _ALSO.get(id, {}).get(component) or _COUNTED.get(id)
        return self.known.project.model(_counts)[counted] if counted is not None else 1

    def _requirement(self, rule: Rule, findings: list[Finding], count: int) -> Requirement:
        what = rule.summary[:1].lower() + rule.summary[1:]
        severity = self.known.project.config.severities.get(rule.id, rule.severity)
        weight = WEIGHTS[severity]
        reason = self._reasons.get(rule.id, "") or self._failure(rule.id)
        if reason:
            return Requirement(rule.id, what, weight, not_judged=reason)
        weights = [WEIGHTS[worst] for worst in _worst_of_each(rule.id, findings, is_whole=rule.id not in _COUNTED)]
        weights = [one for one in weights if one]
        if not count and not weights:
            return Requirement(rule.id, what, weight, not_judged="nothing of the kind is there")
        return Requirement(rule.id, what, weight, max(count - len(weights), 0), weights)

    def _failure(self, id: str) -> str:
        return next((failure for failure in self.outcome.failures if failure.startswith(f"{id} failed")), "")


def _worst_of_each(id: str, findings: list[Finding], *, is_whole: bool) -> Iterator[str]:
    """The worst class of the findings about each thing that was judged."""
    worst: dict[object, str] = {}
    for finding in findings:
        key = "" if is_whole else _thing(id, finding)
        known = worst.get(key, INFO)
        worst[key] = min(known, finding.severity, key=SEVERITIES.index)
    yield from worst.values()


def _thing(id: str, finding: Finding) -> object:
    """What a finding is about, as the rule counts what it judges."""
    if id in _BY_FILE:
        return finding.path
    named = next((finding.details[key] for key in ("service", "database", "target") if finding.details.get(key)), None)
    return str(named) if named is not None else (finding.path, finding.line)


def _gap(component: str, finding: Finding) -> Gap:
    service = finding.details.get("service")
    return Gap(
        component,
        finding.rule,
        finding.severity,
        finding.path,
        finding.line,
        finding.message,
        finding.fix,
        service if isinstance(service, str) else "",
    )


class _Places:
    """Which component a file belongs to, of those that deploy."""

    def __init__(self, known: Known) -> None:
        self.known = known
        production = {file.path for one in known.production_sets for file in one.files}
        self._files = dict.fromkeys(
            (file.path for one in known.compose.sets for file in one.files), COMPOSE_DEVELOPMENT
        )
        self._files |= dict.fromkeys(production, COMPOSE_PRODUCTION)
        self._files |= dict.fromkeys((found.path for found in known.cluster.objects), KUBERNETES)
        self.only_kubernetes = bool(known.workloads) and not known.certain_sets

    def component_of(self, finding: Finding, home: str) -> str:
        """The component of the file that a finding stands in; ``home`` where that says nothing."""
        from shipworthy.deployment.dockerfile_names import label_of
        from shipworthy.deployment.workflows.discovery import system_of

        path = finding.path
        if path in self._files:
            return self._files[path]
        if label_of(path) is not None:
            return DOCKERFILES
        return CI if system_of(path) else home


def _counts(project: Project) -> dict[Callable[[Known], int], int]:
    """How many things of each kind the rules judged."""
    known = project.model(Known)
    others = (counted for also in _ALSO.values() for counted in also.values())
    kinds = list(dict.fromkeys((*_COUNTED.values(), *others)))
    return dict(zip(kinds, made(project, [partial(counted, known) for counted in kinds]), strict=True))


def _services(known: Known) -> int:
    return len(known.needs)


def _long_running(known: Known) -> int:
    from shipworthy.deployment.compose.running import long_running

    return len(known.project.model(long_running))


def _running(known: Known) -> int:
    from shipworthy.deployment.compose.running import running

    return len(known.project.model(running))


def _dockerfiles(known: Known) -> int:
    from shipworthy.deployment.containerfiles import dockerfiles

    return len(known.project.model(dockerfiles))


def _pipelines(known: Known) -> int:
    from shipworthy.deployment.workflows import pipelines

    return len(known.project.model(pipelines))


def _compose_files(known: Known) -> int:
    return len({file.path for one in known.production_sets for file in one.files})


def _development_files(known: Known) -> int:
    return len({file.path for one in known.development_sets for file in one.files})


def _objects(known: Known) -> int:
    return len({found.path for found in known.cluster.objects if known.cluster.is_judged(found)})


def _containers(known: Known) -> int:
    from shipworthy.deployment.kubernetes.pods import LONG_RUNNING

    judged = (
        pods for pods in known.cluster.pods if pods.object.kind in LONG_RUNNING and known.cluster.is_judged(pods.object)
    )
    return sum(len(pods.containers) for pods in judged)


def _databases(known: Known) -> int:
    from shipworthy.deployment.databases import databases

    return len(known.project.model(databases))


def _histories(known: Known) -> int:
    from shipworthy.deployment.migrations import migrations

    return len(known.project.model(migrations)) or 1


def _policies(known: Known) -> int:
    """The policies, and the namespaces that have none."""
    from shipworthy.deployment.kubernetes.network import open_namespaces
    from shipworthy.deployment.kubernetes.policies import of_kubernetes

    return len(of_kubernetes(known.cluster)) + len(list(open_namespaces(known.project)))


def _secrets(known: Known) -> int:
    return sum(known.is_production(found.path) for found in known.cluster.by_kind.get("Secret", ()))


def _sources(known: Known) -> int:
    return int(are_in_production(known.project))


_CONFIGURED = (".service", ".conf", ".cfg", ".ini", ".yml", ".yaml", ".toml", ".sh", ".env", ".json", "file")


def _pid_files(known: Known) -> int:
    """The files that name a PID file."""
    import re

    from shipworthy.rules import load

    taken = re.compile(load("pid-files-outside-tmp").RULE.files)
    found = known.project.repository.containing("PIDFile=\npidfile\npid_file\npid-file\n.pid\nPID_FILE", _CONFIGURED)
    return sum(known.is_production(path) and taken.search(path) is not None for path in found)


def _env_files(known: Known) -> int:
    from shipworthy.deployment.env_files import env_files

    return len({mention.paths[0] for mention in known.project.model(env_files).mentions if mention.paths}) or 1


def _documents(known: Known) -> int:
    from shipworthy.places import DOCUMENTATION as PLACE

    paths = (path for path in known.project.repository.paths if path.endswith((".md", ".mdx", ".rst", ".adoc")))
    return sum(known.project.place_of(path) == PLACE for path in paths)


_BY_FILE = frozenset(
    "ci-checks-can-fail ci-references compose-references documented-files kubernetes-references kustomize-entries"
    " production-dockerfiles".split()
)
"""Rules of which each file that they judge counts."""
_COUNTED: dict[str, Counted] = {
    "backups": _databases,
    "ci-checks-can-fail": _pipelines,
    "ci-references": _pipelines,
    "compose-healthchecks": _long_running,
    "compose-pinned-images": _running,
    "compose-references": _compose_files,
    "compose-resource-limits": _long_running,
    "compose-restart-policies": _long_running,
    "data-on-volumes": _databases,
    "dockerfile-per-service": _services,
    "documented-files": _documents,
    "env-files-committed": _env_files,
    "every-service-deployed": _services,
    "kubernetes-network-policies": _policies,
    "kubernetes-references": _objects,
    "kubernetes-secrets": _secrets,
    "kubernetes-workloads": _containers,
    "migrations": _histories,
    "no-stubs": _services,
    "pid-files-outside-tmp": _pid_files,
    "production-dockerfiles": _dockerfiles,
    "sources-parse": _sources,
}
"""How many things a rule judged. What is not in here is judged as a whole: it passes, or its worst finding counts."""
_ALSO: dict[str, dict[str, Counted]] = {"compose-references": {COMPOSE_DEVELOPMENT: _development_files}}
"""What rules judge of other components than their own."""
