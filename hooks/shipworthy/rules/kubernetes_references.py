"""Selectors, routes, autoscalers, accounts and configuration of Kubernetes objects lead to something.

The API server accepts a Service that selects nothing, an Ingress to a Service that does not exist and an autoscaler
whose target has another name. Nothing fails at deployment; requests end in 503, pods wait for a ConfigMap that never
comes, and the autoscaler shows ``<unknown>``. A probe of a port that no container names keeps its pods from ever being
ready.

Wrong::

    # k8s/deployment.yaml
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
              ports: [{name: http, containerPort: 8080}]
    # k8s/service.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: api}
    spec:
      selector: {app: backend}
      ports: [{port: 80, targetPort: http}]

Right::

    # k8s/deployment.yaml
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
              ports: [{name: http, containerPort: 8080}]
    # k8s/service.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: api}
    spec:
      selector: {app: api}
      ports: [{port: 80, targetPort: http}]

What is rendered together is judged together: an overlay with its bases, components, generators and patches, or all
plain manifests. A reference is reported only where nothing can satisfy it: no other object, chart, custom resource,
command, program or document. A Secret that is not in the repository is `medium`: say how it is created.

When not to use it: another repository applies objects to the same cluster that this one relies on, without a word here.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "kubernetes-references",
    "What Kubernetes objects refer to exists",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for every reference that leads nowhere."""
    from shipworthy.deployment.kubernetes import dangling as kinds
    from shipworthy.deployment.kubernetes.objects import objects
    from shipworthy.deployment.kubernetes.references import dangling
    from shipworthy.deployment.kubernetes.unseen import unknown

    if all(object.is_template for object in project.model(objects)):
        raise NotApplicable(f"there is no Kubernetes object that can be read{unknown(project)}")
    severities = {
        kinds.SCALE_TARGET: BLOCKING,
        kinds.TARGET_PORT: BLOCKING,
        kinds.OWN_PODS: BLOCKING,
        kinds.PROBE_PORT: BLOCKING,
        kinds.SCALE_REPLICAS: MEDIUM,
        kinds.BUDGET_PODS: MEDIUM,
        kinds.CLUSTER_ROLE: MEDIUM,
        kinds.SUBJECT: MEDIUM,
        kinds.SECRET: MEDIUM,
        kinds.MONITORED: MEDIUM,
        kinds.MONITORED_PORT: MEDIUM,
        kinds.PULL_SECRET: MEDIUM,
        kinds.WITH_ADDRESS: MEDIUM,
    }
    for reference in dangling(project):
        found = reference.object
        yield RULE.finding(
            found.file,
            reference.node,
            f"{found.kind} {found.name} {reference.problem}",
            fix=reference.fix,
            severity=severities.get(reference.kind, HIGH),
            details={"reference": reference.kind},
        )


main = executable(RULE, check)
