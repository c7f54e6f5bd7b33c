"""Kubernetes folders hold manifests that run something, for every service.

A folder called `k8s` tells everybody that Kubernetes runs this project. When it holds placeholders, blank files or a
lone namespace, the first real deployment finds out; and when four of five services have a workload, the fifth is found
missing in production. An overlay that lists nothing cannot even be built.

Wrong::

    # k8s/namespace.yaml
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop}
    # k8s/base/api/deployment.yaml
    # TODO: add the API here
    # k8s/base/web/deployment.yaml
    # TODO: add the web server here

Right::

    # k8s/namespace.yaml
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop}
    # k8s/base/api/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api, namespace: shop}
    spec:
      selector: {matchLabels: {app: api}}
      template:
        metadata: {labels: {app: api}}
        spec:
          containers:
            - {name: api, image: "registry.example.com/api:1.4.2", ports: [{containerPort: 8080}]}
    # k8s/base/api/service.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: api, namespace: shop}
    spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}

Objects are known by their ``apiVersion`` and ``kind``, in YAML and in JSON, whatever the folder is called; a folder
with nothing but documents promises nothing. A service without a workload is found where there are three and more
services, and three in five of them have one; a port without a Service where two and more, and three quarters of all
that listen, have one. Where charts, programs (Jsonnet, CUE, cdk8s, Pulumi, Terraform) or other repositories bring
workloads, nobody can say which are missing, and none is.

When not to use it: the manifests are kept in another repository, and the folder here is there for its name alone.

Source: https://kubernetes.io/docs/concepts/workloads/ , https://kubernetes.io/docs/concepts/services-networking/service/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.kubernetes.coverage import Uncovered
    from shipworthy.deployment.kubernetes.folders import Shell
    from shipworthy.deployment.kubernetes.pods import Pods
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "kubernetes-manifests",
    "Kubernetes folders deploy something, and every service",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
)


def check(project: Project) -> Iterator[Finding]:
    """Findings for empty folders, blank manifests, unfilled overlays, and services without workload or Service."""
    from shipworthy.deployment.kubernetes.coverage import without_service, without_workload
    from shipworthy.deployment.kubernetes.folders import content, empty_parts, gaps, hollow_charts, shells, unfilled
    from shipworthy.deployment.kubernetes.kustomize import kustomizations
    from shipworthy.deployment.kubernetes.unseen import unknown

    known, charts = project.model(content), list(hollow_charts(project))
    if not charts and not known.folders and not known.with_objects and not project.model(kustomizations):
        raise NotApplicable(f"no manifest and no folder says that Kubernetes runs this repository{unknown(project)}")
    for shell in (*project.model(shells), *project.model(empty_parts), *charts):
        yield _of_shell(project, shell)
    for gap in gaps(project):
        what = "is blank" if gap.is_blank else "holds nothing but comments that say what is to be written"
        yield RULE.finding(
            project.open(gap.path),
            None,
            f"the manifest {what}: it deploys nothing",
            fix="write the manifest, or delete the file",
            severity=HIGH if gap.is_blank else MEDIUM,
        )
    for kustomization in unfilled(project):
        yield RULE.finding(
            kustomization.file,
            None,
            "the kustomization names no resource, component or generator: it deploys nothing",
            fix="list its manifests, or the base that it overlays, under resources",
            severity=HIGH,
        )
    yield from (_without_workload(project, uncovered) for uncovered in project.model(without_workload))
    yield from (_without_service(pods) for pods in project.model(without_service))


def _of_shell(project: Project, shell: Shell) -> Finding:
    from shipworthy.deployment.kubernetes.folders import HOLDS_NAMESPACES, HOLDS_NO_TEMPLATE

    whats = {
        HOLDS_NAMESPACES: "declares Kubernetes and holds a namespace and nothing that runs in it",
        HOLDS_NO_TEMPLATE: "is a chart without a template and without a dependency: it deploys nothing",
    }
    return RULE.finding(
        project.open(shell.proof),
        None,
        f"{shell.folder or '.'} {whats.get(shell.what, 'declares Kubernetes and holds nothing but placeholders')}",
        fix=f"write the manifests of what is to run, or delete {shell.folder or 'the chart'}",
        severity=BLOCKING if shell.is_whole else MEDIUM if shell.is_promised else HIGH,
        details={"folder": shell.folder},
    )


def _without_workload(project: Project, uncovered: Uncovered) -> Finding:
    service, proof = uncovered.service, uncovered.proof
    file = project.file(proof.path)
    message = f"Kubernetes runs {uncovered.others} of {uncovered.total} services, but not {service.name}"
    message += f": only {uncovered.elsewhere}" if uncovered.elsewhere else f": {proof.what}"
    return RULE.finding(
        file,
        file.offset(proof.line),
        message,
        fix=f"add a workload for {service.name} to the manifests, on the model of the others",
        severity=HIGH if uncovered.elsewhere else BLOCKING,
        details={"service": service.name, "path": service.path or "."},
    )


def _without_service(pods: Pods) -> Finding:
    found = pods.object
    return RULE.finding(
        found.file,
        found.where,
        f"{found.kind} {found.name} listens on a port, and no Service selects its pods: nothing can call it by a name",
        fix=f"add a Service that selects the pods of {found.name}, or remove its ports",
        severity=HIGH,
    )


main = executable(RULE, check)
