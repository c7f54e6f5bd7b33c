"""Custom resources: which of them bring objects, pods or names that nobody sees in the repository.

An operator may make anything of a resource of its own. What the widespread ones do is known; the others are unknown.
"""

from __future__ import annotations

import re

from shipworthy.deployment.kubernetes.objects import Object
from shipworthy.deployment.kubernetes.pods import Selector

_HARMLESS = frozenset(
    "ServiceMonitor PodMonitor PrometheusRule Certificate Issuer ClusterIssuer ExternalSecret"
    " ClusterExternalSecret SecretStore ClusterSecretStore SealedSecret SopsSecret Gateway HTTPRoute GRPCRoute"
    " TCPRoute TLSRoute UDPRoute GatewayClass VirtualService DestinationRule AuthorizationPolicy PeerAuthentication"
    " RequestAuthentication ServiceEntry Sidecar Telemetry EnvoyFilter ScaledObject ScaledJob TriggerAuthentication"
    " VerticalPodAutoscaler IngressRoute Middleware TLSOption BackendConfig FrontendConfig ManagedCertificate"
    " NetworkPolicy GlobalNetworkPolicy CiliumNetworkPolicy CiliumClusterwideNetworkPolicy Kustomization"
    " GitRepository HelmRepository AppProject SecretProviderClass VaultStaticSecret VaultAuth ClusterPolicy Policy"
    " ConstraintTemplate ReferenceGrant BackendTLSPolicy StorageClass VolumeSnapshotClass Rollout AnalysisTemplate"
    " Route ImageStream BuildConfig DeploymentConfig".split()
)
"""Those from which no operator makes pods of its own."""
_LABELLED = ("Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler")
"""Those whose pods the operator of Prometheus labels with its name, their kind and what they say."""
_GIVEN_LABELS = frozenset({"prometheus-operator", "prometheus-agent", "thanos-ruler"})
_INSTALLING = frozenset(
    "HelmRelease HelmChart FluxInstance IstioOperator Subscription Application ApplicationSet".split()
)
"""Those that bring whole charts, of which nobody knows what objects are in them."""
_REFERRING = frozenset(
    "HTTPRoute GRPCRoute TCPRoute TLSRoute UDPRoute ServiceMonitor PodMonitor PrometheusRule VirtualService"
    " DestinationRule IngressRoute ScaledObject VerticalPodAutoscaler TriggerAuthentication AuthorizationPolicy Rollout"
    " ReferenceGrant AnalysisTemplate BackendTLSPolicy DeploymentConfig NetworkPolicy GlobalNetworkPolicy"
    " CiliumNetworkPolicy CiliumClusterwideNetworkPolicy".split()
)
"""Those that refer to objects, and make none of the names that they mention."""


def makes_pods(object: Object) -> bool:
    """Whether an operator may make pods of the object, with labels that nobody knows."""
    return object.is_custom and object.kind not in _HARMLESS and object.kind not in _LABELLED


def may_label(object: Object, wanted: Selector) -> bool:
    """Whether the operator of Prometheus may give these labels to the pods that it makes of an object."""
    if object.kind not in _LABELLED:
        return False
    given = _GIVEN_LABELS | {object.kind.lower()}
    return bool(wanted.expressions) or all(value in given or _says(object, value) for value in wanted.labels.values())


def installs(object: Object) -> bool:
    """Whether the object brings a chart; Argo CD also applies folders, which may be those of this repository."""
    return object.kind in _INSTALLING and (not object.kind.startswith("Application") or object.holds("chart:"))


def is_for(object: Object, namespace: str) -> bool:
    """Whether the object names a namespace that it installs into."""
    return (
        object.holds(namespace)
        and re.search(rf"amespace:[ \t]*[\"']?{re.escape(namespace)}(?![\w.-])", object.text) is not None
    )


def may_make(object: Object, name: str) -> bool:
    """Whether the operator of the object may make what has a name: it says it, or the name begins with its own."""
    if object.kind in _REFERRING:
        return False
    is_its_own = bool(object.name) and (name == object.name or name.startswith(object.name + "-"))
    return is_its_own or _says(object, name)


def _says(object: Object, word: str) -> bool:
    return object.holds(word) and re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])", object.text) is not None
