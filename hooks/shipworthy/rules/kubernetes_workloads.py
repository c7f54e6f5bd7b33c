"""Containers that run for long have requests, a memory limit, a readiness probe and a pinned image.

Without requests the scheduler packs a node until everything on it is slow; without a memory limit one leak takes its
neighbours along; without a readiness probe a Service sends requests to a process that is still starting, at every
deployment; and an image without a tag of its own is another program after the next restart.

Wrong::

    # k8s/api.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers:
            - name: api
              image: registry.example.com/api:latest
    # k8s/service.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: api}
    spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}

Right::

    # k8s/api.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers:
            - name: api
              image: registry.example.com/api:1.4.2
              resources:
                requests: {cpu: 100m, memory: 128Mi}
                limits: {memory: 256Mi}
              readinessProbe:
                httpGet: {path: /ready, port: 8080}
    # k8s/service.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: api}
    spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}

CPU limits are not asked for, and nothing is asked of jobs, single pods and init containers that end. A limit stands
for the request that is not written. A probe is asked for where a Service selects the pods; a startup probe will do.
What a LimitRange, a patch, a kustomization, Skaffold or a pipeline sets is not missing.

When not to use it: an admission policy of the cluster sets all of it.

Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ ,
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "kubernetes-workloads",
    "Containers have requests, limits, probes and pinned images",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_FIXES = {
    "requests": "add resources.requests with cpu and memory",
    "memory limit": "add resources.limits.memory",
    "readiness probe": "add a readinessProbe",
    "pinned image": "pin the image to a version or a digest",
}


def check(project: Project) -> Iterator[Finding]:
    """One finding for every container that lacks something."""
    from shipworthy.deployment.kubernetes.objects import scalar
    from shipworthy.deployment.kubernetes.units import cluster
    from shipworthy.deployment.kubernetes.unseen import unknown
    from shipworthy.deployment.kubernetes.workload_gaps import IMAGE, gaps

    if not project.model(cluster).pods:
        raise NotApplicable(f"no manifest describes a workload{unknown(project)}")
    for gap in gaps(project):
        found, name = gap.object, scalar(gap.container, "name")
        lacks = [what for what in gap.missing if what != IMAGE]
        problems = [f"has no {' and no '.join(lacks)}"] if lacks else []
        if IMAGE in gap.missing:
            problems.append(f"runs an image that {gap.why} ({shown(scalar(gap.container, 'image'))})")
        where = gap.container.get("image") if gap.missing == (IMAGE,) else gap.container.get("name")
        yield RULE.finding(
            found.file,
            where or gap.container,
            f"the container {name or '?'} of {found.kind} {found.name} {' and '.join(problems)}",
            fix="; ".join(_FIXES[what] for what in gap.missing),
            details={"missing": list(gap.missing), "container": name},
        )


main = executable(RULE, check)
