"""Production Compose files name no floating image tags.

`latest` is another image tomorrow. The next `docker compose pull` brings a new major version to a database that cannot
read its old files, two hosts run two versions, and no commit says which one ran when it last worked: there is nothing
to go back to.

Wrong::

    services:
      api:
        image: registry.example.com/api:${TAG:-latest}
      cache:
        image: redis:alpine

Right::

    services:
      api:
        image: registry.example.com/api:${TAG:?set TAG to a release}
      cache:
        image: redis:7.4-alpine

A major version (`7-alpine`) is pinned, and so is a digest. Images that the same file builds need no version.

When not to use it: a program that records what it pulls, such as Renovate with digests, owns the versions.

Source: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule, lower, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-pinned-images",
    "Production Compose files name no floating image tags",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service that pulls another image tomorrow."""
    from shipworthy.deployment.compose.images import pulled
    from shipworthy.deployment.compose.running import running
    from shipworthy.deployment.image_references import floating

    services = project.model(running)
    if not services:
        raise NotApplicable("no Compose file is for production")
    for known in services:
        image, reference = known.service.image, pulled(known.service)
        reason = floating(reference) if reference is not None else ""
        if image is None or not reason:
            continue
        is_variable = "$" in image.text.rpartition("/")[2]
        fix = "name the version that runs today, or its digest"
        yield RULE.finding(
            image.file,
            image.node,
            f"the service {known.name} pulls {shown(image.text)}, which {reason}",
            fix=f"{fix}; or leave out the default: ${{TAG:?set TAG}}" if is_variable else fix,
            severity=RULE.severity if known.is_certain else lower(RULE.severity),
            details={"service": known.name, "image": image.text},
        )


main = executable(RULE, check)
