"""Private env files stay out of the repository and out of images.

Where an example such as ``.env.example`` is committed, the real file lies beside it on every machine, with real
secrets. One ``git add .`` commits it unless `.gitignore` names it, and one ``COPY . .`` bakes it into an image, where
everybody who can pull the image reads it, unless `.dockerignore` does. The same instruction takes ``.git``, with all
that the history ever held. And ``.env.local`` is by convention the file of one machine: committed, it changes the
settings of everybody else.

Wrong::

    # .gitignore
    node_modules/

    # .env.example
    DATABASE_URL=

    # Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["node", "server.js"]

Right::

    # .gitignore
    node_modules/
    .env
    .env.*
    !.env.example

    # .dockerignore
    node_modules/
    .git
    **/.env
    **/.env.*
    !**/.env.example

    # .env.example
    DATABASE_URL=

    # Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["node", "server.js"]

``--fix`` appends the patterns, unless a committed file has the same name, or the build asks git about the history.

When not to use it: env files hold no secrets at all and are meant to be in the image.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files , gitignore(5),
https://nextjs.org/docs/app/guides/environment-variables
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, Addition, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shipworthy.deployment.private_env_files import BakedIn, PrivateFile
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "env-files-ignored",
    "Private env files stay out of git and out of images",
    severity=MEDIUM,
    scope=REPOSITORY,
    since="0.1.0",
    fixes=True,
)
_MOST_SHOWN = 3


def check(project: Project) -> Iterator[Finding]:
    """Findings for what `.gitignore` misses, for committed local files, and for each Dockerfile that takes too much."""
    from shipworthy.deployment.containerfiles import dockerfiles
    from shipworthy.deployment.private_env_files import (
        GIT,
        baked_in,
        committed_local_files,
        is_free_to_ignore,
        needs_history,
        private_env_files,
    )

    private = project.model(private_env_files)
    local = committed_local_files(project)
    if not private and not local and not project.model(dockerfiles):
        raise NotApplicable("there are neither env files nor Dockerfiles")
    ignored = project.repository.ignored_by(file.path for file in private)
    unprotected = [file for file in private if file.path not in ignored]
    if unprotected:
        is_certain = all(is_free_to_ignore(project, file.path) for file in unprotected)
        yield _unprotected(unprotected, is_certain)
    for path in local:
        yield _committed(project, path)
    for baked in baked_in(project):
        is_certain = all(path == GIT or is_free_to_ignore(project, path) for path in baked.paths)
        if GIT in baked.paths and is_certain:
            is_certain = not needs_history(project, baked)
        yield _baked(baked, is_certain)


def _unprotected(files: Sequence[PrivateFile], is_certain: bool) -> Finding:
    from posixpath import basename

    first = files[0]
    paths = [file.path for file in files]
    patterns = sorted({basename(path) for path in paths})
    proof = f"{first.proof.path} is an example of it" if first.start == 0 else "it is read here"
    return RULE.finding(
        first.proof,
        first.start,
        f"no .gitignore keeps {_listed(paths)} out of the repository, one `git add .` commits it: {proof}",
        fix=f"append to .gitignore{_each(patterns)}: {', '.join(patterns)}",
        details={"paths": paths, "patterns": patterns},
        addition=Addition(".gitignore", patterns) if is_certain else None,
    )


def _committed(project: Project, path: str) -> Finding:
    from shlex import quote

    return RULE.finding(
        project.open(path),
        None,
        f"{path} is the file of one machine by its name, and it is committed",
        fix=f"git rm --cached {quote(path)}, and add it to .gitignore",
    )


def _baked(baked: BakedIn, is_certain: bool) -> Finding:
    from posixpath import basename

    from shipworthy.deployment.private_env_files import GIT

    files = [path for path in baked.paths if path != GIT]
    what = _listed(files) + (" and " if files and GIT in baked.paths else "")
    what += "the whole history (.git)" if GIT in baked.paths else ""
    patterns = sorted({f"**/{basename(path)}" for path in files}) + [GIT] * (GIT in baked.paths)
    state = f"{baked.ignore} lets it through" if baked.has_ignore else f"there is no {baked.ignore}"
    return RULE.finding(
        baked.file,
        baked.instruction,
        f"`{shown(' '.join(baked.instruction.words))}` takes {what} from whoever builds into the image: {state}",
        fix=f"{'append to' if baked.has_ignore else 'create'} {baked.ignore}{_each(patterns)}: {', '.join(patterns)}",
        severity=HIGH if files else MEDIUM,
        details={"paths": list(baked.paths), "patterns": patterns},
        addition=Addition(baked.ignore, patterns) if is_certain else None,
    )


def _each(patterns: Sequence[str]) -> str:
    return ", each on a line of its own" if len(patterns) > 1 else ""


def _listed(paths: Sequence[str]) -> str:
    """The first of several paths, and how many more there are."""
    more = len(paths) - _MOST_SHOWN
    return shown(", ".join(paths[:_MOST_SHOWN])) + (f" and {more} more" if more > 0 else "")


main = executable(RULE, check)
