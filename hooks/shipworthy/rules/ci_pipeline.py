"""A CI pipeline is committed where CI reads it, and it builds or deploys.

A pipeline in a document, in a folder that no CI looks into, or on the author's machine never runs. Nor does one that
its CI cannot read: a single wrong indentation makes GitHub refuse the whole workflow, and the pull request shows no
failed check, only no check. And one whose steps only print says that all is well, whatever happens. Where jobs build
the images of some services, another one that production runs and no job names is found broken on the day it is
deployed.

Asked for where the repository has a service or a Dockerfile; a pipeline that a document shows is none.

Wrong::

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["node", "server.js"]

    # github/workflows/deploy.yml
    on: push
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: docker build --push --tag registry.example.com/api:1.4 services/api

Right::

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["node", "server.js"]

    # .github/workflows/deploy.yml
    on: push
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: docker build --push --tag registry.example.com/api:1.4 services/api

Known are GitHub Actions, Gitea, Forgejo, GitLab, CircleCI, Azure, Bitbucket, Jenkins, Drone, Woodpecker, Buildkite,
Cloud Build, CodeBuild, Tekton, Travis CI, AppVeyor, Cirrus CI, Semaphore, Codefresh, Codemagic, Bitrise, Wercker, Zuul,
Concourse, builds.sr.ht, Harness, Bamboo, TeamCity, GoCD, Screwdriver, Prow, Vela, OneDev, Space, Agola and Xcode Cloud.
Where a platform builds what is pushed (`fly.toml`, `vercel.json`, `render.yaml`), no pipeline needs to deploy. Where a
tool, a loop or a matrix that a step makes up decides what is built, nothing is said about single services.

When not to use it: the pipeline is configured in the CI's web console, or stands in another repository.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.evidence import Evidence
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "ci-pipeline",
    "A CI pipeline is committed, and builds or deploys",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """No pipeline at all, or the pipelines that never run, are stubs, or deliver nothing."""
    from shipworthy.deployment.workflows import read_by_ci

    if not project.model(read_by_ci):
        yield _missing(project)
        return
    yield from _broken(project)
    yield from _misspelled(project)
    yield from _without_delivery(project)
    yield from _left_out(project)


def _need(project: Project) -> Evidence | None:
    """What a pipeline is needed for: the best proof of a service, or a Dockerfile."""
    from shipworthy.deployment.evidence import Evidence
    from shipworthy.deployment.services import services

    for service in project.model(services):
        proof = next((evidence for evidence in service.evidence if evidence.path in project.repository), None)
        if proof is not None:
            return Evidence(proof.path, proof.line, f"the service {service.name}")
    path = _dockerfile(project)
    return Evidence(path, 1, f"the image of {path}") if path else None


def _dockerfile(project: Project) -> str:
    """The first Dockerfile for production; "" where there is none."""
    from shipworthy.places import PRODUCTION

    paths = (path for path in project.repository.paths if f"/{path}".endswith("/Dockerfile"))
    return next((path for path in paths if project.place_of(path) == PRODUCTION and not _is_for_developers(path)), "")


def _is_for_developers(path: str) -> bool:
    return not {"dev", "development", "local"}.isdisjoint(path.lower().split("/"))


def _missing(project: Project) -> Finding:
    from shipworthy.deployment.workflows.presence import documented, is_run_by_prow, misplaced

    need = _need(project)
    if need is None:
        raise NotApplicable("no service, no Dockerfile and no pipeline was found")
    if is_run_by_prow(project):
        raise NotApplicable("Prow reads OWNERS here, and its jobs stand in another repository")
    elsewhere = next(misplaced(project), None)
    if elsewhere is not None:
        message = f"this pipeline never runs: {elsewhere.reason}, and there is none for {need.what}"
        fix = f"git mv {elsewhere.path} {elsewhere.target}"
        return RULE.finding(project.file(elsewhere.path), None, message, fix=fix)
    if project.repository.only_on_disk(".github/workflows"):
        message = f"no pipeline is committed for {need.what}: .github/workflows is on disk but not committed"
        return _finding(project, need, message, "git add .github/workflows")
    shown = documented(project)
    if shown is not None:
        message = f"the pipeline for {need.what} is only shown in this document: none is committed where a CI reads it"
        return _finding(project, shown[0], message, f"commit it as {shown[1]}")
    message = f"no pipeline is committed that tests and builds {need.what}"
    fix = "commit a pipeline where your CI reads it, such as .github/workflows/ci.yml"
    return _finding(project, need, message, fix)


def _finding(project: Project, place: Evidence, message: str, fix: str, severity: str = HIGH) -> Finding:
    file = project.file(place.path)
    line = file.line(place.line)
    offset = file.offset(place.line) + len(line) - len(line.lstrip())
    return RULE.finding(file, offset, message, fix=fix, severity=severity)


def _broken(project: Project) -> Iterator[Finding]:
    """Workflows that their CI refuses, and stubs."""
    import re

    from shipworthy.deployment.workflows import pipelines
    from shipworthy.deployment.workflows.checks import is_stub

    for pipeline in project.model(pipelines):
        if pipeline.unreadable:
            found = re.match(r"line (\d+): ", pipeline.unreadable)
            offset = pipeline.file.offset(int(found[1])) if found else None
            message = f"{pipeline.reader} cannot read this pipeline and never runs it: {pipeline.unreadable}"
            yield RULE.finding(pipeline.file, offset, message, fix="mend the YAML; indent every line of a script")
        elif is_stub(pipeline):
            step = next(step for step in pipeline.steps if step.only_speaks)
            message = "every step of this pipeline only prints: it is a stub"
            fix = "let the steps do what they say, or delete the pipeline"
            yield RULE.finding(pipeline.file, step.start, message, fix=fix)


def _misspelled(project: Project) -> Iterator[Finding]:
    from shipworthy.deployment.workflows.presence import misspelled

    by_folder: dict[str, list[Evidence]] = {}
    for found in misspelled(project):
        by_folder.setdefault(found.path.rpartition("/")[0], []).append(found)
    for folder, workflows in by_folder.items():
        more = f", nor do {len(workflows) - 1} more in {folder}" if len(workflows) > 1 else ""
        message = f"this workflow never runs{more}: GitHub reads .github/workflows alone, and no folder below it"
        fix = f"git mv {workflows[0].path} .github/workflows/{workflows[0].path.rpartition('/')[2]}"
        yield _finding(project, workflows[0], message, fix, MEDIUM)


def _without_delivery(project: Project) -> Iterator[Finding]:
    """Pipelines none of which delivers anything, for a service that has a Dockerfile and no platform."""
    from shipworthy.deployment.platforms import platforms
    from shipworthy.deployment.services import services
    from shipworthy.deployment.workflows import pipelines
    from shipworthy.deployment.workflows.presence import delivers

    if delivers(project) or project.model(platforms):
        return
    known = project.model(services)
    names = ", ".join(service.name for service in list(known)[:3])
    first = next((pipeline for pipeline in project.model(pipelines) if pipeline.jobs and not pipeline.is_action), None)
    if names and first is not None and _dockerfile(project):
        message = f"no pipeline builds an image, publishes or deploys what production runs ({names})"
        fix = "add a job that builds and pushes the image, or deploys"
        yield RULE.finding(first.file, first.jobs[0].start, message, fix=fix, severity=MEDIUM)


def _left_out(project: Project) -> Iterator[Finding]:
    """The services whose image no job builds, where jobs build those of others."""
    from shipworthy.deployment.platforms import platforms

    if project.model(platforms) or not _dockerfile(project):
        return
    from shipworthy.deployment.workflows.builds import unbuilt

    for found in unbuilt(project):
        siblings = ", ".join(sorted(found.siblings)[:3])
        message = f"no job builds the image of {found.service.name}, while the pipeline builds {siblings}"
        fix = f"add {found.service.name} to the job that builds the others, from {found.dockerfile}"
        yield RULE.finding(project.file(found.dockerfile), None, message, fix=fix, severity=MEDIUM)


main = executable(RULE, check)
