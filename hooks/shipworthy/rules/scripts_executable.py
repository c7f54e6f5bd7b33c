"""Scripts that are started by their path are executable, and what their first line asks for is there.

git keeps one bit of a file's mode: whether it may be executed. On Windows, and wherever ``core.fileMode`` is off,
nobody sets it and nobody misses it, until the image that was built on Linux says ``permission denied``, and the
container restarts for ever. The kernel also reads the first line: where that ends as on Windows it looks for a
program whose name ends in a carriage return, without a ``#!`` it refuses the file, and no image of Alpine has ``bash``
unless somebody installs it.

Wrong::

    # entrypoint.sh
    #!/bin/bash
    exec node server.js
    # Dockerfile
    FROM node:22.12-alpine
    WORKDIR /app
    COPY . .
    ENTRYPOINT ["./entrypoint.sh"]

Right::

    # entrypoint.sh
    #!/bin/sh
    exec node server.js
    # Dockerfile
    FROM node:22.12-alpine
    WORKDIR /app
    COPY . .
    COPY --chmod=755 entrypoint.sh ./
    ENTRYPOINT ["./entrypoint.sh"]

Right for every place that starts it is the bit itself: ``git update-index --chmod=+x entrypoint.sh``.

Looked at is what Dockerfiles, Compose, Kubernetes, systemd and Supervisor units, Procfiles, makefiles, package.json,
other scripts and git itself start by a path, and what documents tell their readers to start; ``sh x.sh`` needs no bit.
``COPY``, ``--chmod``, ``chmod``, plain ``mv``, ``cp``, ``ln`` and ``install``, ``WORKDIR`` and bind mounts are followed
back to the committed file, and the modes of ConfigMaps are looked up. Where something makes the script executable
nothing is said, and nothing where the file cannot be told. What production does without and what readers start is
medium. ``--fix`` sets the bit in the index, and on disk where there are such bits; the bits of what CI starts are
`ci-references`'s.

When not to use it: the files get their modes on another way, for example from the package that they are shipped in.

Source: git-update-index(1), execve(2), https://docs.docker.com/reference/dockerfile/#copy ,
https://kubernetes.io/docs/concepts/storage/volumes/#configmap
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, Mode, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.executions.model import Execution, Obstacle
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "scripts-executable",
    "Scripts that are started by their path can be executed",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
    fixes=True,
)
_MOST_SHOWN = 3


def check(project: Project) -> Iterator[Finding]:
    """A finding for every script that cannot be started, at the first place that starts it."""
    from shipworthy.deployment.executions.starters import search

    search(project)  # git looks for settings while modules load
    from shipworthy.deployment.executions import Executions

    executions = project.model(Executions)
    if executions.are_none:
        raise NotApplicable(
            "no image, manifest, unit, makefile, script or document starts a committed file by its path"
        )
    from shipworthy.deployment.executions.model import MODE

    for obstacle in executions.obstacles:
        execution = obstacle.execution
        problem, fix = _problem(obstacle)
        yield RULE.finding(
            execution.file,
            execution.start,
            f"{execution.reader} {obstacle.path}{problem}{_also(obstacle.also)}",
            fix=fix,
            severity=MEDIUM if execution.is_development else HIGH,
            details={
                "kind": obstacle.kind,
                "path": obstacle.path,
                "also": [_place(other) for other in obstacle.also],
            },
            mode=Mode(obstacle.path) if obstacle.kind == MODE else None,
        )
    for volume in executions.unexecutable:
        details: dict[str, object] = {"kind": "volume"}
        yield RULE.finding(volume.file, volume.start, volume.problem, fix=volume.fix, details=details)


def _problem(obstacle: Obstacle) -> tuple[str, str]:
    """What keeps the script from starting, as the end of a sentence, and what to do about it."""
    from shlex import quote

    from shipworthy.deployment.executions.model import CARRIAGE_RETURN, FORBIDDEN, MARK, MODE, NO_INTERPRETER

    path, program = obstacle.path, shown(obstacle.program)
    if obstacle.kind == MODE:
        return ", which is not executable in git: permission denied", f"git update-index --chmod=+x {quote(path)}"
    if obstacle.kind == FORBIDDEN:
        return f", and {program} takes its executable bit", f"{program.partition('=')[0]}=0755"
    if obstacle.kind == CARRIAGE_RETURN:
        problem = f", whose first line ends as on Windows: the kernel looks for {program!r} with a carriage return"
        return problem, f"sed -i 's/\\r$//' {quote(path)}, and *.sh text eol=lf in .gitattributes"
    if obstacle.kind == MARK:
        return (
            ", whose #! stands behind a byte order mark: exec format error",
            f"sed -i '1s/^\\xef\\xbb\\xbf//' {quote(path)}",
        )
    if obstacle.kind == NO_INTERPRETER:
        return ", which does not begin with #!: exec format error", f"begin {path} with #!/bin/sh"
    problem = f", which asks for {program}: {shown(obstacle.image)} does not have it and nothing installs it"
    return problem, f"install {program} in the image, or write {path} for what is there: #!/bin/sh"


def _also(others: Sequence[Execution]) -> str:
    """The other places that start it."""
    places = list(dict.fromkeys(_place(other) for other in others))
    more = len(places) - _MOST_SHOWN
    if not places:
        return ""
    return f" (also in {', '.join(places[:_MOST_SHOWN])}{f' and {more} more' if more > 0 else ''})"


def _place(execution: Execution) -> str:
    return f"{execution.file.path}:{execution.file.position(execution.start)[0]}"


main = executable(RULE, check)
