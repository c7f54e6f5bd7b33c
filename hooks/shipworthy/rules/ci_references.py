"""What CI names is committed: actions, workflows, jobs, scripts, Dockerfiles, folders.

A pipeline that names a script nobody committed fails on the day it is needed, which for a deployment is the worst one.
On the author's machine everything is there; the clone that CI makes holds only what git knows, with the executable
bits that git knows. A job that needs a job which does not exist keeps the whole pipeline from starting.

Wrong::

    # .github/workflows/deploy.yml
    on: push
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: bash scripts/deploy.sh
          - run: ./scripts/smoke.sh

    # scripts/smoke.sh
    curl --fail https://example.com/health

Right::

    # .github/workflows/deploy.yml
    on: push
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: bash scripts/deploy.sh
          - run: bash scripts/smoke.sh

    # scripts/deploy.sh
    docker compose up --detach

    # scripts/smoke.sh
    curl --fail https://example.com/health

In the wrong one nobody has committed `scripts/deploy.sh`, and `scripts/smoke.sh` is not executable in git: that is what
``git update-index --chmod=+x`` changes, or ``--fix``, which sets missing bits in the index and on disk.

Looked at are local actions and reusable workflows, ``needs``, local includes of GitLab, scripts that a step runs,
folders it runs in, Dockerfiles, requirements and Compose files it reads, manifests it applies, scripts of package.json
and targets of Makefiles, and the lock files without which ``npm ci`` and the cache of setup-node stop. Left alone is
what another checkout, an earlier step, a container or another host may bring along.

When not to use it: steps that work on files which another program puts into the workspace.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax ,
https://docs.gitlab.com/ci/yaml/ , git-update-index(1)
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, REPOSITORY, Mode, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.workflows.references import Problem
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "ci-references",
    "Scripts, actions and Dockerfiles that CI names exist",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
    fixes=True,
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every name that leads nowhere, once in each file."""
    from shipworthy.deployment.workflows import pipelines
    from shipworthy.deployment.workflows.references import EXECUTABLE, JOB, PACKAGE_SCRIPT, TARGET, problems

    if not project.model(pipelines):
        raise NotApplicable("no pipeline was found")
    named = (JOB, PACKAGE_SCRIPT, TARGET)
    seen: set[tuple[str, str, str]] = set()
    known = project.model(problems)
    ignored = project.repository.ignored_by(problem.path for problem in known if problem.kind not in named)
    for problem in known:
        key = (problem.pipeline.file.path, problem.kind, problem.path)
        if key in seen:
            continue
        seen.add(key)
        message, fix = _problem(project, problem, ignored.get(problem.path))
        severity = HIGH if problem.kind == EXECUTABLE or problem.is_tolerated else BLOCKING
        yield RULE.finding(
            problem.pipeline.file,
            problem.where,
            message,
            fix=fix,
            severity=severity,
            details={"kind": problem.kind, "path": problem.path},
            mode=Mode(problem.path) if problem.kind == EXECUTABLE else None,
        )


def _problem(project: Project, problem: Problem, ignored: str | None) -> tuple[str, str]:
    """What is wrong, the nearest cause first, and what to do about it."""
    from shlex import quote

    from shipworthy.deployment.workflows.references import EXECUTABLE, JOB, LOCK, PACKAGE_SCRIPT, TARGET

    path = problem.path
    if problem.kind == EXECUTABLE:
        return f"{problem.reader} {path}, which is not executable in git", f"git update-index --chmod=+x {quote(path)}"
    if problem.kind == JOB:
        return f"{problem.reader} {shown(path)}, and no job has that name", "name a job that exists, or delete the line"
    if problem.kind in (PACKAGE_SCRIPT, TARGET):
        fix = f"add {path}, or run {problem.near} instead" if problem.near else f"add {path}, or delete the step"
        return f"{problem.reader} {shown(path)}", fix
    repository = project.repository
    other = repository.differing_in_case(path)
    if other:
        return f"{problem.reader} {path}, which is committed as {other}", f"write {other}"
    if repository.only_on_disk(path):
        state = f"ignored ({ignored})" if ignored else "not committed"
        force = "--force " if ignored else ""
        return f"{problem.reader} {path}, which is on disk but {state}", f"git add {force}{quote(path)}"
    if ignored:
        message = f"{problem.reader} {path}, which is not committed but ignored ({ignored})"
        return message, f"commit {path}, and do not ignore it"
    message = f"{problem.reader} {path}, which is not committed"
    if problem.kind == LOCK:
        folder = path.rpartition("/")[0]
        make = f"npm install --package-lock-only{f' --prefix {quote(folder)}' if folder else ''}"
        return message, f"{make}, then: git add {quote(path)}"
    return message, f"commit {path}, or correct the path"


main = executable(RULE, check)
