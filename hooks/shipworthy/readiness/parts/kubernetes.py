"""Kubernetes, and the network policies in it."""

from __future__ import annotations

from shipworthy.deployment.evidence import Evidence
from shipworthy.deployment.kubernetes.folders import HOLDS_NAMESPACES, shells
from shipworthy.deployment.kubernetes.policies import POLICY_KINDS
from shipworthy.deployment.kubernetes.unseen import unseen
from shipworthy.readiness.known import Known, named
from shipworthy.readiness.parts import Part, absent, needless, present, untold
from shipworthy.rule import BLOCKING, MEDIUM

_MOST_SHOWN = 4


def manifests(known: Known) -> Part:
    """The manifests and charts that run something."""
    if not known.deploys("kubernetes"):
        return needless(f"the configuration says how production is deployed: {known.stated_targets}")
    found = known.workloads
    if found:
        by_file = {one.path: Evidence(one.path, one.line, named(one.kind, one.name)) for one in reversed(found)}
        reason = f"{len(found)} workload{'s' * (len(found) != 1)} in {len(by_file)} file{'s' * (len(by_file) != 1)}"
        return present(reason, list(reversed(by_file.values()))[:_MOST_SHOWN])
    hollow = known.project.model(shells)
    if hollow:
        first = hollow[0]
        what = "a namespace and nothing that runs in it" if first.what == HOLDS_NAMESPACES else "placeholders alone"
        return absent(
            f"{first.folder} declares Kubernetes and holds {what}",
            [Evidence(shell.proof, 1, f"all there is in {shell.folder}") for shell in hollow[:_MOST_SHOWN]],
            BLOCKING,
            f"{first.folder} deploys nothing",
            f"write the manifests of what is to run, or delete {first.folder}",
        )
    other = known.other_than_kubernetes
    if other is not None:
        return needless(f"{other.what} runs the services ({other.path})", [other])
    for made in known.project.model(unseen).values():
        return untold(f"what {made.by} makes of {made.path} is not known", [Evidence(made.path, 1, made.by)])
    reason = "nothing says that Kubernetes runs this repository"
    for one in known.production_sets[:1]:
        reason += f"; {one.file.path} may be what production runs"
        return needless(reason, [Evidence(one.file.path, 1, one.reason)])
    return needless(reason)


def network(known: Known) -> Part:
    """The policies that say which pods may talk to which."""
    policies = [policy for kind in POLICY_KINDS for policy in known.cluster.by_kind.get(kind, ())]
    policies = [policy for policy in policies if known.is_production(policy.path)]
    if policies:
        places = [Evidence(found.path, found.file.position(found.start)[0], named(found.kind, found.name))
                  for found in policies[:_MOST_SHOWN]]  # fmt: skip
        return present(f"{len(policies)} {'policy' if len(policies) == 1 else 'policies'}", places)
    workloads = [found for found in known.workloads if found.kind != "Chart"]
    if workloads:
        first = workloads[0]
        message = (
            f"no network policy is committed for {len(workloads)} workloads: every pod of the cluster reaches them"
        )
        fix = "add a NetworkPolicy that denies ingress by default, and one for each call that is meant"
        need = Evidence(first.path, first.line, f"{first.kind} {first.name}")
        return absent("workloads, and no policy", [need], MEDIUM, message, fix)
    if known.workloads:
        first = known.workloads[0]
        return untold("a chart brings the workloads, and may bring policies", [Evidence(first.path, first.line, "")])
    hollow = known.project.model(shells)
    if hollow:
        need = Evidence(hollow[0].proof, 1, f"{hollow[0].folder} declares Kubernetes")
        message = f"{hollow[0].folder} declares Kubernetes, and no network policy is committed"
        fix = "add a NetworkPolicy that denies ingress by default, and one for each call that is meant"
        return absent("Kubernetes is declared, and there is no policy", [need], MEDIUM, message, fix)
    return needless("Kubernetes runs nothing of this repository")
