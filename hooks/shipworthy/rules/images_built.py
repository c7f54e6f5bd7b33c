"""Every image of an own service that production pulls is built here, under that name.

Manifests and pipelines are written apart, and each is right by itself: one pushes
``registry.example.com/shop-api``, the other pulls ``registry.example.com/shop/api``. The first deployment to a new
cluster ends in ``ImagePullBackOff``; on an old one an image of last year goes on running, which is worse.

Wrong::

    # compose.prod.yaml
    services:
      api: {image: "registry.example.com/shop/api:1.4"}

    # .github/workflows/release.yml
    on: {push: {tags: ["v*"]}}
    jobs:
      image:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - uses: docker/build-push-action@v6
            with:
              context: services/api
              push: true
              tags: registry.example.com/shop-api:${{ github.ref_name }}

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

Right::

    # compose.prod.yaml
    services:
      api: {image: "registry.example.com/shop/api:1.4"}

    # .github/workflows/release.yml
    on: {push: {tags: ["v*"]}}
    jobs:
      image:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - uses: docker/build-push-action@v6
            with:
              context: services/api
              push: true
              tags: registry.example.com/shop/api:${{ github.ref_name }}

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

Judged are images that are called like a service of this repository, under a registry name that is this repository's:
several of its services have it, its remote's owner or name stands in it, or the registry is nobody else's. What CI,
scripts, Makefiles, Bake, Skaffold, Compose or the commands of a document build counts; where a variable hides a part of
a name, the name may be any that fits. Reported as well is an image whose registry nobody has filled in (`your-org`),
unless a script or a kustomization replaces it.

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

    from shipworthy.deployment.evidence import Evidence
    from shipworthy.deployment.image_references import ImageReference
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "images-built",
    "Every own image that production pulls is built here",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    options={"elsewhere": ([], "images, without their tags, that another repository builds")},
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every own image that nothing builds, at the first place that runs it."""
    from shipworthy.deployment.image_builds import placeholder_images, pulls_images, unbuilt_images

    if not pulls_images(project):
        raise NotApplicable("production pulls no image")
    for reference, place in placeholder_images(project):
        message = f"{place.what} is a placeholder: nobody can pull {reference.repository}"
        yield _finding(project, place, reference, message, "name the registry that the image is pushed to")
    for image in unbuilt_images(project):
        name = image.reference.repository
        if any(project.config.matches(RULE.id, "elsewhere", spelled) for spelled in image.reference.spellings):
            continue
        more = f", which {len(image.where)} places run" if len(image.where) > 1 else ""
        message = f"nothing here builds {name}, the image of the service {image.service.name}{more}"
        fix = f"build {image.service.path or 'it'} in CI and push it under that name, or pull the name that is pushed"
        yield _finding(project, image.where[0], image.reference, message, fix)


def _finding(project: Project, place: Evidence, reference: ImageReference, message: str, fix: str) -> Finding:
    file = project.file(place.path)
    start = file.offset(place.line)
    column = file.line(place.line).lower().find(reference.path.removeprefix("library/"))
    return RULE.finding(file, start + max(column, 0), message, fix=fix, details={"image": reference.repository})


main = executable(RULE, check)
