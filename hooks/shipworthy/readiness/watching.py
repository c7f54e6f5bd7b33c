"""What watches the program, for the whole and for each service: the best trace of it that a few looks find.

Looked at are manifests first, then the rest, and no more of a service's files once it is known to be watched.
"""

from __future__ import annotations

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.monitoring.evidence import candidates, trace_in
from shipworthy.deployment.services import services

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_WEAK = frozenset({"metrics", "sentry", "sentry-", "/sentry", "monit", "glances"})
"""Words that programs use for other things as well."""
_TOOLS = frozenset("prometheus opentelemetry open-telemetry @sentry/ sentry_ sentry_sdk grafana prom-client".split())
_MANIFESTS = ("package.json", "requirements.txt", "pyproject.toml", "go.mod", "Cargo.toml", "pom.xml", "build.gradle")
_MOST_FILES = 400


class Watching:
    """The traces of what watches: ``project.model(Watching)``. ``best`` is the one that says most, if there is any."""

    def __init__(self, project: Project) -> None:
        known = project.model(services)
        self._by_service: dict[str, list[Evidence]] = {}
        self.best: Evidence | None = None
        paths = sorted(project.model(candidates), key=lambda path: (not path.endswith(_MANIFESTS), path))
        for path in paths[:_MOST_FILES]:
            owner = known.owner(path)
            key = owner.path if owner is not None else ""
            if any(not is_weak(trace) for trace in self._by_service.get(key, ())) and self.best is not None:
                continue
            trace = trace_in(project, path)
            if trace is not None:
                self._by_service.setdefault(key, []).append(trace)
                self.best = min(filter(None, (self.best, trace)), key=_weakness)

    def of(self, folder: str) -> Evidence | None:
        """The best trace in the folder of a service."""
        return min(self._by_service.get(folder, ()), key=_weakness, default=None)


def is_weak(trace: Evidence) -> bool:
    """Whether a trace is only a word that programs use for other things as well."""
    return trace.what.lower() in _WEAK


def _weakness(trace: Evidence) -> tuple[bool, bool, bool, bool, str]:
    """Which traces say least: words, files of CI and of editors, names in env files."""
    aside = trace.path.startswith(".") or trace.path.endswith(".env")
    is_vague = trace.what.lower() not in _TOOLS
    return is_weak(trace), aside, is_vague, not trace.path.endswith(_MANIFESTS), trace.path
