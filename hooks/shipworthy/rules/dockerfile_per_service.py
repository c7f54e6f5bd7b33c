"""Every service has a Dockerfile, or something else that its image comes from.

A service that nothing builds runs on its author's machine alone. Whoever deploys it, a pipeline or a colleague in the
night, has to guess the interpreter, the system packages, the build steps and the command, and guesses differently each
time. A Dockerfile in the repository is the one answer that everybody gets.

Services are found from evidence: a script that starts a server, a program that listens, an image that Compose or
Kubernetes runs. The name of a folder proves nothing, nor does a dependency on a framework. Libraries, command-line
tools, mobile applications and documentation are no services; ``shipworthy services`` shows what was found and why.

Wrong::

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/web/package.json
    {"scripts": {"start": "next start"}, "dependencies": {"next": "^15.3.0"}}

    # services/web/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

Right::

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # services/web/package.json
    {"scripts": {"start": "next start"}, "dependencies": {"next": "^15.3.0"}}

    # services/web/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

What counts besides a Dockerfile in the service's folder: one named after the service (`docker/api.Dockerfile`), one
around it that copies its folder, whatever Compose, Bake, Skaffold, Tilt or CI build, buildpacks and the files of
platforms (`fly.toml`, `render.yaml`, `vercel.json`), Jib, ko, Nix, Bazel, GoReleaser, .NET SDK containers and Aspire,
and a systemd unit that runs it on a host. A web site of plain files needs some place that hands it out.

When not to use it: the images are built in another repository, or the platform is set up in its web console alone. For
a single service say so in `.shipworthy.yaml`: ``services: {api: {path: services/api, image: external}}``.

Source: https://12factor.net/build-release-run , https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shipworthy.deployment.evidence import Evidence
    from shipworthy.deployment.services import Service
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "dockerfile-per-service",
    "Every service has a Dockerfile or another image source",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_NAMES = ("Dockerfile", "Containerfile")


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service that nothing builds an image of, at the line that proves it a service."""
    from shipworthy.deployment.images import image_source
    from shipworthy.deployment.services import services

    known = project.model(services)
    if not len(known):
        raise NotApplicable("no service was found")
    sources = [(service, image_source(project, service)) for service in known]
    models = _models(sources)
    for service, source in sources:
        if source is None:
            finding = _finding(project, models, service)
            if finding:
                yield finding


def _finding(project: Project, models: Mapping[str, str], service: Service) -> Finding | None:
    from shipworthy.deployment.services import STATIC

    proof = next((evidence for evidence in service.evidence if evidence.path in project.repository), None)
    if proof is None:
        return None
    file = project.file(proof.path)
    message, fix = _problem(project, models, service)
    severity = MEDIUM if service.kind == STATIC else HIGH
    for user in service.run_as_image[:1]:
        severity = BLOCKING
        message += f"; {user.path}:{user.line} runs its image"
    details: dict[str, object] = {"service": service.name, "path": service.path or ".", "kind": service.kind}
    offset = file.offset(proof.line)
    indentation = len(file.line(proof.line)) - len(file.line(proof.line).lstrip())
    return RULE.finding(file, offset + indentation, message, fix=fix, severity=severity, details=details)


def _problem(project: Project, models: Mapping[str, str], service: Service) -> tuple[str, str]:
    """What is wrong and what to do about it, the nearest cause first."""
    from shlex import quote

    from shipworthy.deployment.services import STATIC

    repository = project.repository
    for path in (_path(service, name) for name in _NAMES):
        other = repository.differing_in_case(path)
        if other and other in repository:
            message = f"the Dockerfile of {service.name} is called {other}, which builders do not look for"
            return message, f"git mv {quote(other)} {quote(path)}"
        if repository.only_on_disk(path):
            message = f"{path}, the Dockerfile of {service.name}, is on disk but not committed"
            return message, f"git add {quote(path)}"
    stated = _stated(project, service)
    if stated:
        return stated
    model = models.get(_manifest(service)) or models.get("")
    create = f"create {_path(service, _NAMES[0])}" + (f" on the model of {model}" if model else "")
    if service.kind == STATIC:
        message = f"nothing hands out the web site {service.name}: it has no Dockerfile and no platform"
        return message, f"{create}, or commit the configuration of the platform that does"
    proof = service.evidence[0].what
    return f"the service {service.name} has no Dockerfile, and nothing else builds its image: {proof}", create


def _stated(project: Project, service: Service) -> tuple[str, str] | None:
    """What is wrong with the folder or the Dockerfile that the configuration states for the service."""
    if service.image:
        message = f"the image source that the configuration states for {service.name} is not committed: {service.image}"
        return message, f"commit {service.image}, or state image: external for one that is built elsewhere"
    if service.path and not project.repository.below(service.path):
        message = f"the configuration states the service {service.name} in {service.path}, where nothing is committed"
        return message, f"state the folder that {service.name} is in, or remove it from {project.config.path}"
    return None


def _path(service: Service, name: str) -> str:
    return f"{service.path}/{name}" if service.path else name


def _models(sources: Sequence[tuple[Service, Evidence | None]]) -> dict[str, str]:
    """The Dockerfile of a service to begin with, by the kind of its manifest, and by "" for all others."""
    from shipworthy.deployment.containerfiles import label_of

    models: dict[str, str] = {}
    for service, source in sources:
        if source and label_of(source.path) is not None:
            models.setdefault(_manifest(service), source.path)
            models.setdefault("", source.path)
    return models


def _manifest(service: Service) -> str:
    return service.manifest.rpartition("/")[2]


main = executable(RULE, check)
