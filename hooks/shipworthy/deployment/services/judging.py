"""Asks each ecosystem about each unit, once."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from shipworthy.deployment.services.judgement import Judgement
from shipworthy.deployment.services.model import SERVER, STATIC, WORKER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shipworthy.deployment.services.units import Unit
    from shipworthy.project import Project

_MODULES = {"node": "node", "go": "go", "python": "python"}
"""Ecosystems with a module of their own, imported when the repository has such a unit."""


class Judgements:
    """What the sources of each unit say: ``project.model(Judgements)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[str, Judgement] = {}

    def of(self, unit: Unit) -> Judgement:
        """What the unit's own sources say."""
        if unit.directory not in self._known:
            self._known[unit.directory] = _strongest(list(self._each(unit)))
        return self._known[unit.directory]

    def _each(self, unit: Unit) -> Iterator[Judgement]:
        ecosystems = dict.fromkeys(unit.manifests)
        if any(path.endswith(".py") for path in unit.entries):
            ecosystems["python"] = None
        for ecosystem in ecosystems:
            yield _judge_of(ecosystem)(self.project, unit, ecosystem)


@cache
def _judge_of(ecosystem: str) -> Callable[[Project, Unit, str], Judgement]:
    module = import_module(f"shipworthy.deployment.services.{_MODULES.get(ecosystem, 'manifests')}")
    judge: Callable[[Project, Unit, str], Judgement] = module.judge
    return judge


def _strongest(judged: list[Judgement]) -> Judgement:
    """The ecosystem that finds a server, a worker or a site; without one the strongest reason against it."""
    for kind in (SERVER, WORKER, STATIC):
        for judgement in judged:
            if judgement.kind == kind:
                return judgement
    against = sorted(judged, key=lambda judgement: (not judgement.never, not judgement.published))
    return against[0] if against else Judgement(reason="no package manifest")
