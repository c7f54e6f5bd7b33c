"""The final stage of a Dockerfile is fit for production.

What the last stage says is what runs. A base without a version is another program after the next build, and nobody can
say which one failed last night. A development server reloads, shows its debugger to whoever causes an error, and
serves one request at a time. A compiler and its caches make the image five times as large and give whoever breaks in
their tools. A process that is root in its container is root on the host after the next escape, and one that is not
cannot enter ``/root``, whatever was copied there for it. And a health check that calls a program the image does not
have makes a healthy container unhealthy.

Wrong::

    # Dockerfile
    FROM node:slim
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build
    HEALTHCHECK CMD curl -f http://localhost:3000/health
    CMD ["npm", "run", "dev"]

Right::

    # Dockerfile
    FROM node:22-slim AS build
    WORKDIR /app
    COPY . .
    RUN npm ci && npm run build && npm prune --omit=dev

    FROM node:22-slim
    WORKDIR /app
    COPY --from=build /app .
    USER node
    HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
    CMD ["node", "dist/main.js"]

A base that an argument without a default gives is unknown, and so is everything about an image that is not widely
known; a floating default is medium, because whoever builds may give another value; a digest pins. Not judged is who
runs in images that give up root by themselves (``gosu``, ``su-exec``, s6) or start nothing. Dockerfiles for
development, tests and CI are left alone, so are those that start a script which builds, and style is hadolint's. An
image may be root where all that runs it gives it another user: ``user`` in Compose, ``runAsNonRoot`` or ``runAsUser``
in Kubernetes; so may the image of a command-line tool. Secrets in ``ENV`` and ``ARG`` belong to
`env-files-without-secrets`, and what ``COPY . .`` takes along for want of a `.dockerignore` to `env-files-ignored`.

When not to use it: an image has to be root. For a single place ``# shipworthy: ignore[production-dockerfiles]`` and the
reason.

Source: https://docs.docker.com/build/building/best-practices/ , https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.patterns import lazy
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.final_stage import FinalStage
    from shipworthy.file import File
    from shipworthy.formats.tree import Block, Setting
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "production-dockerfiles",
    "The final stage of a Dockerfile is fit for production",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_BUILDS = lazy(r"(?:^|/)(?:build|compile|package)[\w-]*\.(?:sh|bash|py)$")


def check(project: Project) -> Iterator[Finding]:
    """What is wrong with the final stage of each Dockerfile, each problem once."""
    from shipworthy.deployment.containerfiles import dockerfiles
    from shipworthy.deployment.final_stage import final_stage
    from shipworthy.formats.unreadable import Unreadable

    known = project.model(dockerfiles)
    if not known:
        raise NotApplicable("no Dockerfile is for production")
    for dockerfile in known:
        try:
            file = project.file(dockerfile.path)
            stage = file.model(final_stage)
        except (OSError, Unreadable):
            continue
        if stage is not None:
            yield from _problems(project, file, stage)


def _problems(project: Project, file: File, stage: FinalStage) -> Iterator[Finding]:
    from shipworthy.deployment.base_images import is_for_developers

    if stage.reference is not None and is_for_developers(stage.reference):
        return
    if any(words and _BUILDS.search(words[0]) for _, words in stage.started()):
        return  # the container makes packages on a builder's machine, and serves nobody
    yield from _base(file, stage)
    if stage.last("CMD", "ENTRYPOINT") is None:
        return  # what runs in the image is not known, or nothing does
    yield from _server(file, stage)
    yield from _user(project, file, stage)
    yield from _closed_folder(file, stage)
    yield from _compiler(file, stage)
    yield from _health_check(file, stage)


def _base(file: File, stage: FinalStage) -> Iterator[Finding]:
    """A base that is another image tomorrow."""
    from shipworthy.deployment.base_images import is_versioned_by_name, is_well_known
    from shipworthy.deployment.image_references import floating

    reference = stage.reference
    if reference is None or stage.is_scratch or is_versioned_by_name(reference):
        return
    if reference.is_official and not reference.tag and not is_well_known(reference):
        return  # the name of an image that the same build makes
    reason = floating(reference)
    if reason:
        message = f"the base image {shown(stage.written or '')} {reason}: the next build may get another one"
        severity = MEDIUM if "$" in stage.base.value else HIGH  # whoever builds may give another value than the default
        yield RULE.finding(file, stage.base, message, fix="name a version, or a digest", severity=severity)


def _server(file: File, stage: FinalStage) -> Iterator[Finding]:
    """A development server as what the image starts."""
    from shipworthy.deployment.development_servers import development_server

    for instruction, words in stage.started():
        started = development_server(words)
        if started:
            message = f"the image starts a development server: {shown(started)}"
            fix = "start what production runs: the built program, or a server without reloading and debugging"
            yield RULE.finding(file, instruction, message, fix=fix)
            return


def _user(project: Project, file: File, stage: FinalStage) -> Iterator[Finding]:
    """A process that runs as root."""
    found = _root(file, stage)
    if found is not None:
        from shipworthy.deployment.image_users import are_of_a_tool, gives_up_root

        if not are_of_a_tool(project) and not gives_up_root(project, file.path):
            yield found


def _root(file: File, stage: FinalStage) -> Finding | None:
    from shipworthy.deployment.base_images import runs_as_root

    where: Block | Setting
    user = stage.last("USER")
    if stage.gives_up_root or (user is not None and stage.user_of(user) not in ("root", "0")):
        return None
    if user is not None:
        where, message = user, "the last USER is root: whoever breaks out of the program is root"
        fix = "end the stage with USER and a user of the image's own"
    elif stage.is_scratch or (stage.reference is not None and runs_as_root(stage.reference)):
        base = shown(stage.written or "")
        where, message = stage.origin, f"the image runs as root: nothing sets USER, and {base} does not either"
        fix = "add USER and a user of the image's own before CMD, such as USER 10001"
    else:
        return None
    return RULE.finding(file, where, message, fix=fix, severity=MEDIUM)


def _closed_folder(file: File, stage: FinalStage) -> Iterator[Finding]:
    """Programs in the home of root, which only root may enter, for another user."""
    last = stage.last("USER")
    user = stage.user_of(last) if last is not None else ""
    if user in ("", "root", "0") or stage.reference is None or not stage.reference.is_official:
        return
    if any("/root" in stage.written_in(instruction) for instruction in stage.instructions("RUN")):
        return  # it may be opened, or emptied
    searched = [
        folder
        for instruction in stage.instructions("ENV")
        for setting in instruction.settings
        if setting.name == "PATH"
        for folder in setting.value.split(":")
    ]
    for copy in stage.instructions("COPY"):
        target = stage.written_in(copy).split()[-1].rstrip("/")
        if target.startswith("/root/") and any(f"{folder}/".startswith(f"{target}/") for folder in searched):
            message = (
                f"{shown(target)} is in the home of root, which {shown(user)} cannot enter: nothing there is found"
            )
            fix = f"copy it to the home of {user}, with --chown={user}, and name that in PATH"
            yield RULE.finding(file, copy, message, fix=fix)
            return


def _compiler(file: File, stage: FinalStage) -> Iterator[Finding]:
    """Build tools that only the build needs."""
    from shipworthy.deployment.base_images import has_compiler
    from shipworthy.deployment.build_commands import building_command

    if stage.reference is None or not has_compiler(stage.reference):
        return
    command = building_command(stage)
    if command is not None:
        tool, what = command
        yield RULE.finding(
            file,
            tool,
            f"the final stage builds with {what} and keeps the build tools of {shown(stage.written or '')}",
            fix="build in a stage of its own, and take over the result: COPY --from=build",
            severity=MEDIUM,
        )


def _health_check(file: File, stage: FinalStage) -> Iterator[Finding]:
    """A health check that calls what the image does not have."""
    from shipworthy.deployment.health_tools import missing_tool

    missing = missing_tool(stage)
    if missing is not None:
        command, tool = missing
        yield RULE.finding(
            file,
            command,
            f"the health check calls {tool}, which {shown(stage.written or '')} does not have and nothing installs",
            fix=f"install {tool} in the final stage, or check with a program that the image has",
            severity=MEDIUM,
        )


main = executable(RULE, check)
