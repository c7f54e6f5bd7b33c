"""How a repository gets into production, as far as its files tell: what ``deploys`` would say in the configuration."""

from __future__ import annotations

from shipworthy.deployment.compose import CANDIDATE, PRODUCTION, compose
from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.kubernetes import workloads
from shipworthy.deployment.platforms import BUILDER, HOST, platforms, started_on_hosts
from shipworthy.places import PRODUCTION as PRODUCTION_PLACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


def targets(project: Project) -> dict[str, Evidence]:
    """The targets, of those that the configuration may name, each with the best evidence for it."""
    found = {
        "compose": _compose(project, PRODUCTION),
        "kubernetes": _kubernetes(project),
        "systemd": next((start for start in started_on_hosts(project) if _is_production(project, start.path)), None),
        "platform": next(
            (
                platform.evidence
                for platform in project.model(platforms)
                if platform.does != BUILDER and _is_production(project, platform.path)
            ),
            None,
        ),
    }
    if not any(found.values()):
        found["compose"] = _compose(project, CANDIDATE)
    return {target: evidence for target, evidence in found.items() if evidence is not None}


def is_certain(project: Project) -> bool:
    """Whether something says that production runs from here, and not only a Compose file that may be for it."""
    if {"kubernetes", "systemd"} & project.model(targets).keys() or _compose(project, PRODUCTION) is not None:
        return True
    return any(platform.does == HOST for platform in project.model(platforms))


def _compose(project: Project, role: str) -> Evidence | None:
    sets = [compose_set for compose_set in project.model(compose).sets if compose_set.role == role]
    return Evidence(sets[0].file.path, 1, sets[0].reason) if sets else None


def _kubernetes(project: Project) -> Evidence | None:
    for workload in project.model(workloads):
        if _is_production(project, workload.path) and workload.kind != "Service":
            return Evidence(workload.path, workload.line, f"{workload.kind} {workload.name}")
    return None


def _is_production(project: Project, path: str) -> bool:
    return project.place_of(path) == PRODUCTION_PLACE
