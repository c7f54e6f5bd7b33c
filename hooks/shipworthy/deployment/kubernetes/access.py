"""What role bindings grant, and to whom.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.kubernetes.dangling import CLUSTER_ROLE, ROLE, SUBJECT, Dangling, existing, is_missing
from shipworthy.deployment.kubernetes.objects import Object, blocks, dig, scalar
from shipworthy.deployment.kubernetes.units import Cluster
from shipworthy.formats.tree import Setting

_BUILT_IN_ROLES = ("cluster-admin", "admin", "edit", "view")
_IN_NAMESPACES = ("Deployment", "StatefulSet", "DaemonSet", "Service")


def of_binding(known: Cluster, binding: Object) -> Iterator[Dangling]:
    """The role that a binding grants, and the ServiceAccounts that it grants it to."""
    role = dig(binding.body, "roleRef", "name")
    kind = scalar(binding.body, "roleRef", "kind")
    is_ours = not known.namespace_of(binding).startswith("kube-")  # where Kubernetes has roles of its own
    if is_ours and isinstance(role, Setting) and _is_role_missing(known, binding, kind, role.value):
        yield Dangling(
            ROLE if kind == "Role" else CLUSTER_ROLE,
            binding,
            role,
            f"grants the {kind} {role.value}, which does not exist: it grants nothing",
            f"add the {kind} {role.value}",
        )
    for subject in blocks(binding.body, "subjects"):
        name = subject.get("name")
        namespace = scalar(subject, "namespace") if known.imposed_namespace(binding) is None else ""
        if scalar(subject, "kind") != "ServiceAccount" or not isinstance(name, Setting) or name.value == "default":
            continue
        if namespace.startswith("kube-") or namespace not in ("", *_namespaces(known)):
            continue
        if is_missing(known, binding, name.value, namespace, "ServiceAccount"):
            yield Dangling(
                SUBJECT,
                binding,
                name,
                f"is for the ServiceAccount {name.value}, which does not exist",
                f"add the ServiceAccount {name.value}{existing(known, 'ServiceAccount')}",
            )


def _is_role_missing(known: Cluster, binding: Object, kind: str, name: str) -> bool:
    if kind not in ("Role", "ClusterRole") or _is_built_in(kind, name):
        return False
    return is_missing(known, binding, name, known.namespace_of(binding) if kind == "Role" else "", kind)


def _is_built_in(kind: str, name: str) -> bool:
    return kind == "ClusterRole" and (name in _BUILT_IN_ROLES or name.startswith("system:"))


def _namespaces(known: Cluster) -> set[str]:
    """The namespaces that objects of the repository are in."""
    return {object.namespace for object in known.objects if not object.is_template and object.kind in _IN_NAMESPACES}
