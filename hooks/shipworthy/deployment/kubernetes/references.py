"""What Kubernetes objects refer to by a name, a label or a port, and the references that lead nowhere.

A reference counts as dangling only where nothing can satisfy it: no object of its unit, no template of a chart, no
custom resource that names it, no command, program or document that creates it.

Source: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shipworthy.deployment.kubernetes import access, consistency, empty_secrets, monitors, pod_needs, routing, scaling
from shipworthy.deployment.kubernetes.dangling import Dangling
from shipworthy.deployment.kubernetes.objects import Object
from shipworthy.deployment.kubernetes.units import Cluster, cluster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

Judge = Callable[[Cluster, Object], Iterator[Dangling]]

_JUDGES: tuple[tuple[tuple[str, ...], Judge], ...] = (
    (("Service",), routing.of_service),
    (("Ingress",), routing.of_ingress),
    (("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"), routing.of_route),
    (("StatefulSet",), routing.of_stateful_set),
    (("ServiceMonitor",), monitors.of_monitor),
    (("HorizontalPodAutoscaler",), scaling.of_autoscaler),
    (("ScaledObject",), scaling.of_scaled_object),
    (("PodDisruptionBudget",), scaling.of_budget),
    (("RoleBinding", "ClusterRoleBinding"), access.of_binding),
    (("ServiceAccount",), pod_needs.of_account),
    (("Secret",), empty_secrets.of_secret),
)


def dangling(project: Project) -> Iterator[Dangling]:
    """The references that lead nowhere, and what they make of the object that has them."""
    known = project.model(cluster)
    for kinds, judge in _JUDGES:
        for object in known.judged(*kinds):
            if known.units_of(object):
                yield from judge(known, object)
    for pods in known.pods:
        if pods.is_whole and known.is_judged(pods.object) and known.units_of(pods.object):
            yield from consistency.of_workload(known, pods)
            yield from pod_needs.of_pods(known, pods)
