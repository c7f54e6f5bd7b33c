"""What production runs with Compose: each service once, as the rules judge it.

A service that several sets run, with other files on top, is judged where the most files speak: what a file adds in one
place is not missed in another. Services that cannot be known completely (templates, unfinished ``extends``, parts of
files that nothing completes) are left out.
"""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.deployment.compose.commands import STACK
from shipworthy.deployment.compose.services import Service
from shipworthy.deployment.compose.sets import PRODUCTION, ComposeSet, compose
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class Running(NamedTuple):
    """A service that production runs, with the set that it is judged in."""

    compose_set: ComposeSet
    service: Service

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

    @property
    def is_certain(self) -> bool:
        """Whether the set is for production; otherwise it is only the one that may be."""
        return self.compose_set.role == PRODUCTION

    @property
    def file(self) -> File:
        """The file that says the last word about the service: what is missing belongs there."""
        return self.service.definition.file

    @property
    def node(self) -> Setting | Block:
        """The service in that file."""
        return self.service.definition.node

    @property
    def stays_up(self) -> bool:
        """Whether the service is meant to run for ever."""
        return not self.compose_set.one_shot(self.service)

    @property
    def in_swarm(self) -> bool:
        """Whether a swarm runs it, which has defaults of its own."""
        return is_stack(self.compose_set)


def running(project: Project) -> list[Running]:
    """The services that production runs, in the order of their sets."""
    found: dict[tuple[str, str, int], Running] = {}
    for compose_set in sorted(project.model(compose).production, key=lambda known: -len(known.files)):
        if any(file.templated for file in compose_set.files):
            continue
        for service in compose_set.active:
            if _is_known(compose_set, service):
                first = service.definition.layers[0]
                found.setdefault((service.name, first.file.path, first.node.start), Running(compose_set, service))
    return list(found.values())


def long_running(project: Project) -> list[Running]:
    """Those of them that are meant to run for ever."""
    return [service for service in project.model(running) if service.stays_up]


def is_stack(compose_set: ComposeSet) -> bool:
    """Whether a set is deployed to a swarm: a command does it, or the file is called a stack."""
    words = compose_set.file.name.lower().replace("-", ".").replace("_", ".").split(".")
    return "stack" in words or "swarm" in words or any(command.verb == STACK for command in compose_set.commands)


def _is_known(compose_set: ComposeSet, service: Service) -> bool:
    """Whether everything that is said about a service is known."""
    if service.has_provider or (service.image is None and service.build is None):
        return False
    return "extends" not in service.entries or not (compose_set.unknown or compose_set.missing)
