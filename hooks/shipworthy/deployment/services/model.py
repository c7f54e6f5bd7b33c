"""What a service is."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.names import find

SERVER = "server"
"""Answers requests."""
WORKER = "worker"
"""Works without being asked by a request: consumes a queue, follows a schedule, serves a chat."""
STATIC = "static"
"""Is built to files that some web server hands out."""
CONTAINER = "container"
"""Is built or run here for production; what it does the sources do not tell."""


class Service:
    """Something this repository builds and runs in production.

    ``path`` is its folder ("" for the root). ``evidence`` proves it, the first one best: that is where a finding about
    the service belongs. ``manifest`` is the path of its package manifest, "" without one. ``names`` are all the names
    that deployment files call it. ``deployed_by`` is what runs it: Compose services, Kubernetes workloads, platforms;
    ``run_as_image`` are those among them that take an image by its name. ``image`` is the path of the Dockerfile that
    the configuration states, or "external", or "".
    """

    def __init__(self, name: str, path: str, kind: str, evidence: list[Evidence], manifest: str = "") -> None:
        self.name = name
        self.path = path
        self.kind = kind
        self.evidence = evidence
        self.manifest = manifest
        self.names = {name}
        self.deployed_by: list[Evidence] = []
        self.run_as_image: list[Evidence] = []
        self.image = ""

    def absorb(self, other: Service) -> None:
        """Take over what is known about the same service under another name."""
        self.names |= other.names
        self.evidence += other.evidence
        self.deployed_by += other.deployed_by
        self.run_as_image += other.run_as_image
        self.manifest = self.manifest or other.manifest

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} in {self.path or '.'}>"


class RuledOut:
    """A folder that looks like a service and is none, with the reason."""

    __slots__ = ("path", "reason")

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason

    def __repr__(self) -> str:
        return f"<{self.path or '.'}: {self.reason}>"


class Services:
    """The services of a repository, sorted by path and name, and what was looked at and ruled out."""

    def __init__(self, services: list[Service], ruled_out: list[RuledOut]) -> None:
        self.services = sorted(services, key=lambda service: (service.path, service.name))
        self.ruled_out = sorted(ruled_out, key=lambda other: other.path)
        self._by_path: dict[str, Service] = {}
        for service in self.services:
            self._by_path.setdefault(service.path, service)

    def __iter__(self) -> Iterator[Service]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)

    def find(self, name: str) -> Service | None:
        """The service that a deployment file, an address or a document calls by that name."""
        return find({known: service for service in self.services for known in service.names}, name)

    def owner(self, path: str) -> Service | None:
        """The service in whose folder a file lies: the innermost one."""
        while path and path not in self._by_path:
            path = path.rpartition("/")[0]
        return self._by_path.get(path)
