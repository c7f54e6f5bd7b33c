"""The databases that production runs from this repository: Compose services and Kubernetes workloads.

Search indexes, vector stores, queues and caches are left out: what is in them comes from somewhere else. So are
databases that a provider runs, which no manifest here starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from shipworthy.deployment.image_references import parse
from shipworthy.file import File
from shipworthy.formats.tree import Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.compose import ComposeSet
    from shipworthy.project import Project

POSTGRESQL = "PostgreSQL"
MYSQL = "MySQL"
MONGODB = "MongoDB"
_PRODUCTS = {
    **dict.fromkeys("postgres postgresql postgis pgvector timescaledb timescaledb-ha".split(), POSTGRESQL),
    **dict.fromkeys("mysql mysql-server mariadb percona".split(), MYSQL),
    **dict.fromkeys("mongo mongodb".split(), MONGODB),
    "neo4j": "Neo4j",
    "couchdb": "CouchDB",
    "cassandra": "Cassandra",
    "clickhouse-server": "ClickHouse",
}
"""The products by the name of their image."""
NOT_PRODUCTION = lazy(
    r"(?:^|[/._-])(?:dev|develop|development|local|kind|minikube|staging|preview|qa|ci|tests?)(?=[/._-])"
)
"""Paths of manifests that other environments get."""
_CLOUD_NATIVE_PG = "postgresql.cnpg.io"


_WORDS = "postg pgvector timescale mysql maria percona mongo neo4j couchdb cassandra clickhouse".replace(" ", "\n")
"""One of them stands in every file that says which database runs."""
_SAYING = (".yml", ".yaml", "file", ".env")
_VARIANT = lazy(r"(?:^|/)(?:\.env\.|[\w.-]*(?:ocker|ontainer)file[._-])[^/]*$")
"""Variants of files with environments and of Dockerfiles, which may end in anything."""


class DeployedDatabase(NamedTuple):
    """A database. ``product`` is what it is, ``name`` what the deployment calls it, ``start`` the offset of its image.

    ``is_certain`` is false where only a Compose file that may be for production runs it.
    """

    product: str
    name: str
    file: File
    start: int
    is_certain: bool
    by: str


def databases(project: Project) -> list[DeployedDatabase]:
    """The databases, each once: ``project.model(databases)``.

    Files of one folder that run a database of the same name are variants of one deployment.
    """
    manifests, others = _saying(project)
    found: dict[tuple[str, str, str], DeployedDatabase] = {}
    for database in (*_in_compose(project, others), *_in_kubernetes(project, manifests)):
        found.setdefault((database.file.directory, database.product, database.name), database)
    return list(found.values())


def _saying(project: Project) -> tuple[set[str], set[str]]:
    """The Kubernetes manifests and the other files that hold the name of a database: most repositories have none."""
    found = set(project.repository.containing(_WORDS, _SAYING))
    words = [word.encode() for word in _WORDS.split()]
    for path in project.repository.paths:
        if ("env." in path or "file" in path) and path not in found and _VARIANT.search(path):
            with suppress(OSError):
                data = project.open(path).data
                found.update([path] if any(word in data for word in words) else [])
    manifests = set()
    for path in found:
        with suppress(OSError):
            if path.endswith((".yml", ".yaml")) and b"apiVersion:" in project.open(path).data:
                manifests.add(path)
    return manifests, found - manifests


def _in_compose(project: Project, saying: set[str]) -> Iterator[DeployedDatabase]:
    if not saying:
        return
    from shipworthy.deployment.compose.data import store
    from shipworthy.deployment.compose.running import long_running
    from shipworthy.deployment.containerfiles import HIDDEN

    runs_a_program = cache(_runs_a_program)
    for known in project.model(long_running):
        service = known.service
        found = store(project, service)
        product = _PRODUCTS.get(found.name, "") if found is not None else ""
        is_of_a_tool = not known.is_certain and HIDDEN.match(known.file.path) is not None
        is_deployed = known.is_certain or (runs_a_program(known.compose_set) and not is_of_a_tool)
        if product and is_deployed and not service.profiles:
            image = service.image
            file, node = (image.file, image.node) if image is not None else (known.file, known.node)
            yield DeployedDatabase(product, service.name, file, node.start, known.is_certain, "Compose")


def _runs_a_program(compose_set: ComposeSet) -> bool:
    """Whether a set runs more than the databases and queues that developers start beside their program."""
    for service in compose_set.active:
        image = parse(service.known(service.image.text) or "") if service.image is not None else None
        if service.build is not None or (service.image is not None and (image is None or not image.is_official)):
            return True
    return False


def _in_kubernetes(project: Project, saying: set[str]) -> Iterator[DeployedDatabase]:
    if not saying:
        return
    from shipworthy.deployment.kubernetes.objects import dig, scalar
    from shipworthy.deployment.kubernetes.pods import pods_of
    from shipworthy.deployment.kubernetes.units import cluster

    known = project.model(cluster)
    for object in (*known.by_kind.get("StatefulSet", ()), *known.by_kind.get("Deployment", ())):
        is_ours = object.path in saying and not NOT_PRODUCTION.search(object.path) and known.is_judged(object)
        pods = pods_of(object) if is_ours else None
        for container in pods.containers if pods is not None else ():
            image = container.get("image")
            reference = parse(image.value) if isinstance(image, Setting) else None
            product = _PRODUCTS.get(reference.name, "") if reference is not None else ""
            if (
                product
                and isinstance(image, Setting)
                and _is_server(scalar(container, "name"), container.get("command"))
            ):
                yield DeployedDatabase(product, object.name, object.file, image.start, True, "Kubernetes")
    for object in known.judged("Cluster"):
        is_ours = object.group == _CLOUD_NATIVE_PG and not NOT_PRODUCTION.search(object.path)
        if is_ours and dig(object.body, "spec", "backup") is None:
            yield DeployedDatabase(POSTGRESQL, object.name, object.file, object.where.start, True, "Kubernetes")


def _is_server(container: str, command: object) -> bool:
    """Whether a container of a database's image is the database, and no tool beside it."""
    return command is None and not re.search(r"backup|exporter|migrat|init|wait", container)
