"""Every entry of a kustomization is committed, and every manifest beside it is an entry.

A kustomization that names a file nobody committed cannot be built: ``kustomize build`` stops at the first one, and with
it every deployment of every overlay above. The opposite is quieter and worse: a manifest that lies beside a
kustomization without being named there looks deployed, is reviewed, is changed, and never reaches the cluster.

Wrong::

    # k8s/kustomization.yaml
    resources:
      - deployment.yml
    # k8s/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    # k8s/network-policy.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: api}

Right::

    # k8s/kustomization.yaml
    resources:
      - deployment.yaml
      - network-policy.yaml
    # k8s/deployment.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    # k8s/network-policy.yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: api}

Entries of other repositories, entries that a variable gives, and files that a script of the repository writes are left
alone. A manifest that anything else names, a script, a pipeline, a document or a comment in a kustomization, is no
orphan. Env files of generators belong to `env-files-committed`.

When not to use it: kustomizations are written by a program while it deploys.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.kubernetes.entries import MissingEntry, Orphan
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "kustomize-entries",
    "Kustomizations name what is committed, and all of it",
    severity=BLOCKING,
    scope=REPOSITORY,
    since="0.1.0",
)
_LOWER = {BLOCKING: HIGH, HIGH: MEDIUM}


def check(project: Project) -> Iterator[Finding]:
    """A finding for every entry that leads nowhere, and for every manifest that nothing names."""
    from shipworthy.deployment.kubernetes.entries import entries_outside, missing_entries, orphans, repeated_entries
    from shipworthy.deployment.kubernetes.kustomize import kustomizations

    if not project.model(kustomizations):
        raise NotApplicable("there is no kustomization")
    for missing in missing_entries(project):
        yield _missing(project, missing)
    for kustomization, outside in entries_outside(project):
        yield RULE.finding(
            kustomization.file,
            outside[0].node,
            f"{outside[0].key} names {shown(outside[0].written)}, a file outside of {kustomization.directory}:"
            f" kustomize takes folders with a kustomization from there, but no single files{_others(len(outside) - 1)}",
            fix=f"name the folder, and list {outside[0].path} in a kustomization there",
            severity=HIGH,
            details={"entries": [entry.written for entry in outside]},
        )
    for repeated in repeated_entries(project):
        yield RULE.finding(
            repeated.kustomization.file,
            repeated.entry.node,
            f"{shown(repeated.entry.written)} is a resource twice, and kustomize refuses to build that",
            fix="remove one of the two lines",
        )
    for orphan in orphans(project):
        yield _orphan(orphan)


def _others(count: int) -> str:
    return f" ({count} more)" if count else ""


def _missing(project: Project, missing: MissingEntry) -> Finding:
    from shipworthy.places import DEVELOPMENT

    entry, file = missing.entry, missing.kustomization.file
    severity = HIGH if missing.ignored_by else BLOCKING
    return RULE.finding(
        file,
        entry.node,
        f"{entry.key} names {shown(entry.written)}: {missing.problem}, so that kustomize build stops here",
        fix=missing.fix,
        severity=_LOWER[severity] if project.place_of(file.path) == DEVELOPMENT else severity,
        details={"target": entry.path or entry.written, "ignored_by": missing.ignored_by},
    )


def _orphan(orphan: Orphan) -> Finding:
    found = orphan.object
    return RULE.finding(
        found.file,
        found.where,
        f"{found.kind} {found.name} will not be deployed: {orphan.kustomization.path} does not name its file",
        fix=f"add {found.file.name} to the resources of {orphan.kustomization.path}, or delete it",
        severity=MEDIUM,
        details={"kustomization": orphan.kustomization.path},
    )


main = executable(RULE, check)
