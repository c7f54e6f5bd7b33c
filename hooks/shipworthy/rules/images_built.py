"""Every image of an own service that production pulls is built here, under that name.

Manifests and pipelines are written apart, and each is right by itself: one pushes ``ghcr.io/acme/shop-api``, the other
pulls ``ghcr.io/acme/shop/api``. The first deployment to a new cluster ends in ``ImagePullBackOff``; on an old one an
image of last year goes on running, which is worse.

Wrong::

    # deploy/api.yaml, in part
    image: ghcr.io/acme/shop/api:1.4
    # .github/workflows/release.yml
    tags: ghcr.io/acme/shop-api:${{ github.ref_name }}

Right::

    # deploy/api.yaml, in part
    image: ghcr.io/acme/shop/api:1.4
    # .github/workflows/release.yml
    tags: ghcr.io/acme/shop/api:${{ github.ref_name }}

Judged are images that are called like a service of this repository, under a registry name that is this repository's:
several of its services have it, its remote's owner or name stands in it, or the registry is nobody else's. What CI,
scripts, Makefiles, Bake, Skaffold, Compose or the commands of a document build counts; where a variable hides a part of
a name, the name may be any that fits.

When not to use it: the images are built in another repository. For a single service say so in `.shipworthy.yaml`:
``services: {api: {path: services/api, image: external}}``.

Source: https://kubernetes.io/docs/concepts/containers/images/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "images-built",
    "Every own image that production pulls is built here",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every own image that nothing builds, at the first place that runs it."""
    from shipworthy.deployment.image_builds import has_own_images, unbuilt_images

    if not has_own_images(project):
        raise NotApplicable("production pulls no image of a service of this repository")
    for image in unbuilt_images(project):
        first, *others = image.where
        file = project.file(first.path)
        line = file.line(first.line)
        name = image.reference.path.removeprefix("library/")
        places = f", nor for {len(others)} more places" if others else ""
        yield RULE.finding(
            file,
            file.lines.offset(first.line) + max(line.lower().find(name), 0),
            f"nothing here builds and pushes {name}, the image of the service {image.service.name}{places}",
            fix=f"build {image.service.path or 'the repository'} in CI and push it as {image.reference.repository}, "
            "or pull the name that is pushed",
            details={"service": image.service.name, "image": image.reference.repository},
        )


main = executable(RULE, check)
