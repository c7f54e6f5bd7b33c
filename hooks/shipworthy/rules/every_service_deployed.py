"""Every service is deployed by something of the repository.

A service with sources and a Dockerfile that no Compose file, no manifest, no platform and no pipeline starts does not
exist in production, however finished it is. Usually the deployment was written before the service was added, and the
first who notices is a user.

Wrong::

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # services/billing/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/billing/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # compose.prod.yaml
    services:
      api: {build: services/api}

Right::

    # services/api/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/api/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # services/billing/package.json
    {"scripts": {"start": "node dist/server.js"}, "dependencies": {"express": "^5.1.0"}}

    # services/billing/Dockerfile
    FROM node:22.12-alpine
    COPY . .
    CMD ["npm", "start"]

    # compose.prod.yaml
    services:
      api: {build: services/api}
      billing: {build: services/billing}

Only services that have an image are judged, and only where another service of the repository is deployed: where none
is, deployment is somebody else's. A service that any file of deployment mentions may be deployed by it. Web sites of
plain files and what lies in the root are left alone, and where Kubernetes runs most services, the one that it lacks is
reported by `kubernetes-manifests`. ``shipworthy services`` shows what was found, and what deploys it.

When not to use it: services are retired, or deployed by another repository. For a single one say so in
`.shipworthy.yaml`: ``services: {billing: {path: services/billing, image: external}}``.

Source: https://12factor.net/build-release-run
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.deployments import Deployments
    from shipworthy.deployment.services import Service
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "every-service-deployed",
    "Every service appears in a deployment",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every service that nothing deploys, at the line that proves it a service."""
    from shipworthy.deployment.deployments import Deployments
    from shipworthy.deployment.services import SERVER, WORKER, services

    known = project.model(services)
    if not len(known):
        raise NotApplicable("no service was found")
    if not any(service.deployed_by for service in known):
        raise NotApplicable("nothing here deploys any of the services")
    for service in known:
        is_judged = service.kind in (SERVER, WORKER) and service.path and service.image != "external"
        if is_judged and not service.deployed_by:
            deployments = project.model(Deployments)
            if not deployments.is_deployed(service) and not _is_missed_by_kubernetes(project, service):
                yield from _finding(project, deployments, service)


def _is_missed_by_kubernetes(project: Project, service: Service) -> bool:
    """Whether `kubernetes-manifests` reports that it runs the other services and not this one."""
    from shipworthy.deployment.kubernetes.coverage import without_workload

    return any(uncovered.service is service for uncovered in project.model(without_workload))


def _finding(project: Project, deployments: Deployments, service: Service) -> Iterator[Finding]:
    from shipworthy.deployment.deployments import proof_of

    proof = proof_of(project, service)
    if proof is None:
        return
    file = project.file(proof.path)
    other = deployments.deployed[0]
    place = other.deployed_by[0]
    yield RULE.finding(
        file,
        file.offset(proof.line),
        f"nothing deploys the service {service.name}: {proof.what}, but no deployment mentions it",
        fix=f"add {service.name} to {place.path}, which deploys {other.name}, or remove what is not needed any more",
        details={"service": service.name, "path": service.path},
    )


main = executable(RULE, check)
