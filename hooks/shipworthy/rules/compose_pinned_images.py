"""Production Compose files name no floating image tags.

`latest` is another image tomorrow. The next `docker compose pull` brings a new major version to a database that cannot
read its old files, two hosts run two versions, and no commit says which one ran when it last worked: there is nothing
to go back to.

Wrong::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:${TAG:-latest}
      cache:
        image: redis:alpine

Right::

    # compose.production.yaml
    services:
      api:
        image: registry.example.com/api:${TAG:?set TAG to a release}
      cache:
        image: redis:7.4-alpine

A major version (`7-alpine`) is pinned, and so is a digest. Images that the same file builds need no version, and of
`${TAG}` without a default nothing is known.

When not to use it: a program that records what it pulls, such as Renovate with digests, owns the versions.

Source: https://docs.docker.com/build/building/best-practices/#pin-base-image-versions
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule, lower, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.compose import Value
    from shipworthy.deployment.compose.running import Running
    from shipworthy.deployment.image_references import ImageReference
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "compose-pinned-images",
    "Production Compose files name no floating image tags",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    options={
        "floating": ([], "images that may float, without their tags: those of a product that updates itself, say")
    },
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every place that names an image which is another one tomorrow."""
    from shipworthy.deployment.compose.images import pulled
    from shipworthy.deployment.compose.running import running
    from shipworthy.deployment.image_references import floating

    services = project.model(running)
    if not services:
        raise NotApplicable("no Compose file is for production")
    places: dict[tuple[str, int], tuple[list[Running], Value, str]] = {}  # an anchor is one place of several services
    for known in services:
        image, reference = known.service.image, pulled(known.service)
        reason = floating(reference) if reference is not None else ""
        if image is not None and reason and not _may_float(project, reference):
            place = image.file.path, image.node.start
            places.setdefault(place, ([], image, reason))[0].append(known)
    for sharing, image, reason in places.values():
        yield _finding(sharing, image, reason)


def _may_float(project: Project, reference: ImageReference | None) -> bool:
    names = () if reference is None else reference.spellings
    return any(project.config.matches(RULE.id, "floating", name) for name in names)


def _finding(sharing: Sequence[Running], image: Value, reason: str) -> Finding:
    from shipworthy.formats.interpolation import defaults
    from shipworthy.formats.source import Source

    service = sharing[0].service
    names = [known.name for known in sharing]
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    value = service.known(image.text)
    meaning = f" ({shown(value)})" if value is not None and value != image.text else ""
    is_certain = any(known.is_certain for known in sharing)
    variables = [default.name for default in defaults(Source(image.text))]  # the last is that of the tag
    required = f"${{{variables[-1]}:?set {variables[-1]}}}" if variables else ""
    return RULE.finding(
        image.file,
        image.node,
        f"the image of {names[0]}{others}, {shown(image.text)}{meaning}, {reason}",
        fix="name the version that runs today, or its digest" + (f"; or no default: {required}" if required else ""),
        severity=RULE.severity if is_certain else lower(RULE.severity),
        details={"services": names, "image": image.text},
    )


main = executable(RULE, check)
