"""Every path that a deployment artefact names is committed.

A clone has what git has, and nothing else. A Dockerfile, a configuration file or a script that only lies on its
author's disk, was renamed or never written makes the build fail, or the container start with an empty folder where its
configuration should be. The same goes for a source that `.dockerignore` keeps out of the build, a package script or a
make target that nobody wrote, and a symbolic link out of the repository.

Wrong::

    # compose.yaml
    services:
      api:
        build: ./services/api
        volumes:
          - ./deploy/nginx.conf:/etc/nginx/nginx.conf:ro

Right::

    # compose.yaml
    services:
      api:
        build: ./services/api
        volumes:
          - ./deploy/nginx.conf:/etc/nginx/nginx.conf:ro
    # services/api/Dockerfile
    FROM nginx:1.29
    # deploy/nginx.conf
    events {}

Looked at are Compose files (build contexts, Dockerfiles, mounted files, `configs`, `secrets`), sources of `COPY` and
`ADD` in the context that Compose, Bake, Skaffold or Tilt gives them (otherwise any folder around the Dockerfile),
package.json scripts, makefiles, Procfiles, systemd units, Supervisor programs, values files and local charts of Helm,
source paths of Argo CD and Flux, and committed symbolic links. Build outputs, files that a script of the repository
writes, files with a committed example, credentials, patterns, variables and submodules are left alone. Missing env
files belong to `env-files-committed`.

When not to use it: another program assembles the repository with other sources before anything is built from it.

Source: https://docs.docker.com/build/concepts/context/ , https://docs.docker.com/reference/compose-file/build/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.references.reading import Fault, Missing
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "referenced-files-committed",
    "every path that a deployment artefact names is committed",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
    options={"generated": ([], "paths, as in .gitignore, of files that a program writes before they are needed")},
)
_LOWER = {BLOCKING: HIGH, HIGH: MEDIUM, MEDIUM: MEDIUM}
_CONTENTS = {"build context": "/Dockerfile and what it copies", "source": "/ with the manifests"}
"""Of what is a folder: the file that is looked for in it."""
_HIGH = frozenset({"bind mount", "script", "secret", "command", "values", "link", "outside"})
"""Kinds of references without which something starts all the same, or does so on another day."""


def check(project: Project) -> Iterator[Finding]:
    """What is named and not committed, and what cannot work."""
    from shipworthy.deployment.references.reading import references
    from shipworthy.globs import Globs

    found = project.model(references)
    if not found.are_any:
        raise NotApplicable("no deployment artefact and no script names a path of the repository")
    generated = Globs(project.config.listed(RULE.id, "generated"))
    for missing in found.missing:
        if not generated.match(missing.path):
            yield _missing(missing)
    for fault in found.faults:
        yield _fault(fault)


def _missing(missing: Missing) -> Finding:
    from shlex import quote

    reference, path = missing.reference, missing.path
    state = f"{path} is not committed"
    if reference.kind == "image source" and len(reference.paths) > 1:
        state += ", and no folder around the Dockerfile has it"
    fix = f"write {path}{_CONTENTS.get(reference.kind, '')}, then: git add {quote(path)}"
    if missing.differing_in_case is not None:
        path = _spelled_like(missing)
        state = f"it is committed as {missing.differing_in_case}, and Linux tells capitals from small letters"
        fix = f"git mv {quote(missing.differing_in_case)} {quote(path)}, or name it as it is"
    elif missing.is_on_disk:
        why = f", it is ignored ({missing.ignored_by})" if missing.ignored_by else ""
        state = f"{path} is on disk but not committed{why}"
        fix = f"git add -f {quote(path)}"
    elif missing.ignored_by:
        state = f"{path} is ignored ({missing.ignored_by}) and nothing of the repository writes it"
        fix = f"commit it (git add -f {quote(path)}), or an example of it beside it"
    elif reference.kind == "secret":
        state = f"{path} is neither committed nor ignored, and nothing says how to make it"
        fix = f"add {path} to .gitignore, and commit {path}.example without the secret"
    if missing.elsewhere and missing.differing_in_case is None and not missing.is_on_disk:
        fix += f"; or name {missing.elsewhere}, which is committed"
    lines = ", ".join(f"line {line}" for line in missing.also[:5])
    return RULE.finding(
        reference.file,
        reference.start,
        f"{reference.reader} {shown(reference.written)}: {state}" + (f" (also in {lines})" if lines else ""),
        fix=fix,
        severity=_severity(reference.kind, reference.is_development),
        details={
            "kind": reference.kind,
            "target": path,
            "ignored_by": missing.ignored_by or None,
            "also": list(missing.also),
        },
    )


def _spelled_like(missing: Missing) -> str:
    """Of the paths that the reference may mean, the one that differs in case alone."""
    wanted = (missing.differing_in_case or "").lower()
    return next(path for path in missing.reference.paths if path.lower() == wanted)


def _fault(fault: Fault) -> Finding:
    return RULE.finding(
        fault.file,
        fault.start,
        fault.problem,
        fix=fault.fix,
        severity=_severity(fault.kind, fault.is_development),
        details={"kind": fault.kind},
    )


def _severity(kind: str, is_development: bool) -> str:
    severity = HIGH if kind in _HIGH else BLOCKING
    return _LOWER[severity] if is_development else severity


main = executable(RULE, check)
