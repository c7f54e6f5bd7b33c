"""What a place of the repository says about a technology."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.stack.technologies import CARGO, Technology, packaged, technology
from shipworthy.deployment.stack.versions import Interval, requirement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class Statement:
    """One place that names a technology, and its version if it names one.

    ``version`` is as written there (``^4.18.2``, ``15-alpine``), "" where the place names none. ``takes`` are the
    versions that this means; None where it may be any. ``evidence`` is the place, ``place`` what its path is for
    (`shipworthy.places`). ``registry`` and ``package`` say whose name for the technology stands there, ``lock`` tells
    that a program resolved the version and nobody wrote it.
    """

    __slots__ = ("evidence", "lock", "package", "place", "registry", "takes", "technology", "version")

    def __init__(
        self,
        project: Project,
        technology: Technology,
        version: str,
        evidence: Evidence,
        *,
        registry: str = "",
        package: str = "",
        lock: bool = False,
    ) -> None:
        self.technology = technology
        self.version = version
        self.takes: list[Interval] | None = requirement(version, caret=registry == CARGO) if version else None
        self.evidence = evidence
        self.place = project.place_of(evidence.path)
        self.registry = registry
        self.package = package
        self.lock = lock

    def __repr__(self) -> str:
        return f"<{self.technology.name} {self.version or '?'} by {self.evidence.path}:{self.evidence.line}>"


Statements = Iterator[Statement]
"""What a reader gives, in the order of the file."""


def of_package(project: Project, registry: str, package: str, version: str, path: str, line: int) -> Statements:
    """What a line says that names a package of a registry; nothing where the package is no technology."""
    known = packaged(registry, package)
    if known is not None:
        evidence = Evidence(path, line, f"{package} {version}".strip())
        yield Statement(project, known, version, evidence, registry=registry, package=package)


def of_name(project: Project, name: str, version: str, path: str, line: int) -> Statements:
    """What a line says that names a technology as people do."""
    known = technology(name)
    if known is not None:
        yield Statement(project, known, version, Evidence(path, line, f"{known.name} {version}".strip()))
