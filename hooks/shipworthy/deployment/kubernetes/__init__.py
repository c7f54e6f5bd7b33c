"""What Kubernetes manifests say: objects, what is rendered together, pods, and what refers to what.

This module has only what every model of services needs, `workloads`; the rules about Kubernetes import the others.
"""

from __future__ import annotations

from shipworthy.deployment.kubernetes.discovery import Workload, workloads

__all__ = ["Workload", "workloads"]
