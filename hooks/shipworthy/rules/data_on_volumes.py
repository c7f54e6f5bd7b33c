"""Databases of production keep their data on a volume.

What a container writes into its own layer is gone when the container is made anew: with the next image, the next
changed variable, the next `docker compose down`; in Kubernetes with every restart. A database without a volume loses
everything in an ordinary deployment. Anonymous volumes survive some of these and not others, and nobody finds them
again. An `emptyDir` goes with its pod, at the next rollout or drained node.

Wrong::

    # compose.production.yaml
    services:
      db:
        image: postgres:16

    # database.yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: db}
    spec:
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec:
          containers:
            - name: db
              image: postgres:16
              volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
          volumes: [{name: data, emptyDir: {}}]

Right::

    # compose.production.yaml
    services:
      db:
        image: postgres:16
        volumes:
          - db-data:/var/lib/postgresql/data
    volumes:
      db-data:

    # database.yaml
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: db}
    spec:
      serviceName: db
      selector: {matchLabels: {app: db}}
      template:
        metadata: {labels: {app: db}}
        spec:
          containers:
            - name: db
              image: postgres:16
              volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
      volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}

A bind mount is as good as a named volume. Known are the data paths of the usual databases, object stores and queues; a
path that a variable or an argument moves (`PGDATA`, `server /export`) is followed, and so are the volumes that an image
declares for itself: PostgreSQL up to 17 keeps nothing on a volume at `/var/lib/postgresql`, and from 18 on nothing on
one at `/var/lib/postgresql/data`. A `hostPath` without a node of its own is medium: on another node the database is
empty. Operators are asked for what they call ephemeral. Caches are left alone, Redis included unless it is told to keep
its data (`--appendonly yes`); so is what a patch, a chart or a variable may mount.

When not to use it: the database holds nothing that cannot be made again.

Source: https://docs.docker.com/engine/storage/volumes/ , https://kubernetes.io/docs/concepts/storage/volumes/ ,
https://hub.docker.com/_/postgres (PGDATA)
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import HIGH, MEDIUM, REPOSITORY, NotApplicable, Rule, lower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.deployment.compose.running import Running
    from shipworthy.deployment.compose.services import Mount
    from shipworthy.deployment.data_stores import DataStore
    from shipworthy.deployment.kubernetes.data import Loss
    from shipworthy.project import Project
    from shipworthy.rule import Finding

RULE = Rule(
    "data-on-volumes",
    "Databases keep their data on volumes",
    severity=HIGH,
    scope=REPOSITORY,
    since="0.1.0",
)
_IN_VAIN = "is not on the volume at {}: {}"


def check(project: Project) -> Iterator[Finding]:
    """A finding for every database whose data goes with its container, its pod or its node."""
    from shipworthy.deployment.compose.data import may_be_elsewhere, store
    from shipworthy.deployment.compose.running import long_running
    from shipworthy.deployment.kubernetes.data import has_stores, losses

    stores = [
        (known, found) for known in project.model(long_running) if (found := store(project, known.service)) is not None
    ]
    for known, found in stores:
        if not may_be_elsewhere(known.service):
            yield from _in_compose(known, found)
    if has_stores(project):
        yield from map(_in_kubernetes, losses(project))
    elif not stores:
        raise NotApplicable("neither Compose nor Kubernetes runs a database in production")


def _in_compose(known: Running, found: DataStore) -> Iterator[Finding]:
    from shipworthy.deployment.compose.data import mount_in_vain, mount_of

    mount, vain = mount_of(found, known.service), mount_in_vain(found, known.service)
    if mount is not None and _lasts(mount):
        return
    file, node, severity = known.file, known.node, MEDIUM if found.is_queue else HIGH
    target, in_place = found.home, ""
    problem = f"is on no volume: it is gone when the container is made anew ({found.paths[0]})"
    if mount is not None:
        file, node, target, in_place = mount.value.file, mount.value.node, mount.target, " in its place"
        problem = f"is in memory ({target}): it is gone when the container stops"
        if mount.type != "tmpfs":
            severity = MEDIUM
            problem = f"is on an anonymous volume ({target}), which nobody finds again"
    elif vain is not None:
        file, node, in_place = vain[0].value.file, vain[0].value.node, " in its place"
        problem = _IN_VAIN.format(vain[0].target, vain[1])
    yield RULE.finding(
        file,
        node,
        f"the data of {known.name} ({found.name}) {problem}",
        fix=f"mount a named volume{in_place}: {known.name}-data:{target}, and declare it below volumes",
        severity=severity if known.is_certain else lower(severity),
        details={"service": known.name, "image": found.name, "paths": list(found.paths)},
    )


def _lasts(mount: Mount) -> bool:
    return mount.type not in ("anonymous", "tmpfs") and (bool(mount.source) or mount.type != "volume")


def _in_kubernetes(loss: Loss) -> Finding:
    from shipworthy.deployment.kubernetes.data import EPHEMERAL, HOST_PATH

    severity = MEDIUM if loss.is_queue or loss.kind == HOST_PATH else HIGH
    of = f"of {loss.object.kind} {loss.object.name}"
    is_operated = loss.kind == EPHEMERAL and not loss.container
    claim = (
        "a volumeClaimTemplate"
        if loss.object.kind == "StatefulSet"
        else "a PersistentVolumeClaim, best in a StatefulSet,"
    )
    return RULE.finding(
        loss.object.file,
        loss.node,
        f"the data {of} {_lost(loss)}" if is_operated else f"the data {of} ({loss.image}) {_lost(loss)}",
        fix="give it a persistent volume" if is_operated else f"mount {claim} at {loss.home}",
        severity=severity,
        details={"workload": loss.object.name, "image": loss.image, "path": loss.target},
    )


def _lost(loss: Loss) -> str:
    """How the data is lost, as the end of a sentence."""
    from shipworthy.deployment.kubernetes.data import CONTAINER_LAYER, EMPTY_DIR, HOST_PATH

    if loss.why:
        return _IN_VAIN.format(loss.target, loss.why)
    if loss.kind == CONTAINER_LAYER:
        return f"is on no volume: it is gone whenever the container restarts ({loss.target})"
    if loss.kind == HOST_PATH:
        return f"is on whichever node runs the pod (hostPath at {loss.target}): on another one the database is empty"
    what = "an emptyDir" if loss.kind == EMPTY_DIR else "ephemeral storage"
    return f"is on {what} ({loss.target}): it is gone with the pod"


main = executable(RULE, check)
