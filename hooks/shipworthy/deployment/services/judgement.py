"""What an ecosystem says about a unit."""

from __future__ import annotations

from shipworthy.deployment.evidence import Evidence


class Judgement:
    """Whether a unit is a service by what its own sources say.

    ``evidence`` and ``kind`` are given where it is one, otherwise ``reason`` says in a few words why it is none.
    ``never`` tells that no Dockerfile makes a service of it: a mobile application, documentation. ``published`` tells
    that it is made to be installed by others, as a library or a command-line tool. ``programs`` are the folders of a
    unit that holds several programs, each with its own evidence.
    """

    __slots__ = ("evidence", "kind", "manifest", "never", "programs", "published", "reason")

    def __init__(
        self,
        kind: str = "",
        evidence: Evidence | None = None,
        *,
        manifest: str = "",
        reason: str = "",
        never: bool = False,
        published: bool = False,
        programs: dict[str, Evidence] | None = None,
    ) -> None:
        self.kind = kind
        self.evidence = evidence
        self.manifest = manifest
        self.reason = reason
        self.never = never
        self.published = published
        self.programs = programs or {}
