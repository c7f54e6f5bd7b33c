"""The final stage of a Dockerfile is fit for production.

What the last stage says is what runs. A base without a version is another program after the next build, and nobody can
say which one failed last night. A development server reloads, shows its debugger to whoever causes an error, and
serves one request at a time. A compiler and its caches make the image five times as large and give whoever breaks in
their tools. A process that is root in its container is root on the host after the next escape. And a health check that
calls a program the image does not have makes a healthy container unhealthy.

Wrong::

    FROM node:latest
    COPY . .
    RUN npm ci && npm run build
    HEALTHCHECK CMD curl -f http://localhost:3000/health
    CMD ["npm", "run", "dev"]

Right::

    FROM node:22-slim AS build
    COPY . .
    RUN npm ci && npm run build && npm prune --omit=dev

    FROM node:22-slim
    COPY --from=build /app /app
    USER node
    HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
    CMD ["node", "dist/main.js"]

A base that an argument without a default gives is unknown, and so is everything about an image that is not widely
known; a digest pins. A base is known to run as root or it is not judged, and so are images that give up root by
themselves (``gosu``, ``su-exec``, s6). Dockerfiles for development, tests and CI are left alone, and style is hadolint's.

When not to use it: an image that has to be root, for a single file with ``# shipworthy: ignore[production-dockerfiles]``
and the reason.

Source: https://docs.docker.com/build/building/best-practices/ , https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

from shipworthy.filenames import PATHS
from shipworthy.hook import executable
from shipworthy.rule import FILE, HIGH, MEDIUM, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.final_stage import FinalStage
    from shipworthy.file import File
    from shipworthy.rule import Finding

RULE = Rule(
    "production-dockerfiles",
    "The final stage of a Dockerfile is fit for production",
    severity=HIGH,
    scope=FILE,
    files="(?i)" + dict(PATHS)["dockerfile"],
    triggers=(b"FROM", b"from", b"From"),
    since="0.1.0",
)


def check(file: File) -> Iterator[Finding]:
    """What is wrong with the final stage, each problem once."""
    from shipworthy.deployment.containerfiles import label_of
    from shipworthy.deployment.final_stage import final_stage

    if not file.in_production or label_of(file.path) is None:
        return
    stage = file.model(final_stage)
    if stage is None:
        return
    yield from _base(file, stage)
    if stage.last("CMD", "ENTRYPOINT") is None:
        return  # what runs in the image is not known, or nothing does
    yield from _server(file, stage)
    yield from _user(file, stage)
    yield from _compiler(file, stage)
    yield from _health_check(file, stage)


def _base(file: File, stage: FinalStage) -> Iterator[Finding]:
    from shipworthy.deployment.base_images import is_versioned_by_name
    from shipworthy.deployment.image_references import floating

    reference = stage.reference
    if reference is None or stage.is_scratch or is_versioned_by_name(reference):
        return
    if not reference.tag and reference.is_official and not _is_well_known(reference.name):
        return  # an image that the same build makes: a named context of Bake or Compose
    reason = floating(reference)
    if reason:
        yield RULE.finding(
            file,
            stage.base,
            f"the base image {shown(stage.written or '')} {reason}: the next build may be another program",
            fix=f"name a version, such as {reference.name}:<version>, or a digest",
        )


def _is_well_known(name: str) -> bool:
    from shipworthy.deployment.base_images import is_well_known

    return is_well_known(name)


def _server(file: File, stage: FinalStage) -> Iterator[Finding]:
    from shipworthy.deployment.entry_commands import entry_commands
    from shipworthy.deployment.development_servers import development_server

    for instruction, words in entry_commands(stage):
        started = development_server(words)
        if started:
            yield RULE.finding(
                file,
                instruction,
                f"the image starts a development server: {shown(started)}",
                fix="start what production runs: the built program, or the server without reloading and debugging",
            )
            return


main = executable(RULE, check)
