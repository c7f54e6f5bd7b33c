"""Where databases keep their data in a container.

Source: the documentation of each image, https://hub.docker.com/_/postgres and others.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.deployment.compose.services import Mount, Service
from shipworthy.deployment.image_references import ImageReference

_PATHS = {
    "postgres": "/var/lib/postgresql",
    "postgis": "/var/lib/postgresql",
    "pgvector": "/var/lib/postgresql",
    "timescaledb": "/var/lib/postgresql /home/postgres/pgdata",
    "timescaledb-ha": "/home/postgres/pgdata /var/lib/postgresql",
    "mysql": "/var/lib/mysql",
    "mysql-server": "/var/lib/mysql",
    "mariadb": "/var/lib/mysql",
    "percona": "/var/lib/mysql",
    "mongo": "/data/db",
    "neo4j": "/data",
    "couchdb": "/opt/couchdb/data",
    "cassandra": "/var/lib/cassandra",
    "influxdb": "/var/lib/influxdb2 /var/lib/influxdb",
    "elasticsearch": "/usr/share/elasticsearch/data",
    "opensearch": "/usr/share/opensearch/data",
    "clickhouse-server": "/var/lib/clickhouse",
    "qdrant": "/qdrant/storage",
    "rabbitmq": "/var/lib/rabbitmq",
    "minio": "/data",
}
_OWNERS = {
    "postgis": "postgis",
    "pgvector": "pgvector ankane",
    "timescaledb": "timescale",
    "timescaledb-ha": "timescale",
    "mysql-server": "mysql",
    "elasticsearch": "elasticsearch library",
    "opensearch": "opensearchproject",
    "clickhouse-server": "clickhouse yandex",
    "qdrant": "qdrant",
    "minio": "minio",
}
"""Owners of images that are not official ones."""
_BITNAMI = {
    "postgresql": "/bitnami/postgresql /var/lib/postgresql",
    "mysql": "/bitnami/mysql",
    "mariadb": "/bitnami/mariadb",
    "mongodb": "/bitnami/mongodb",
    "rabbitmq": "/bitnami/rabbitmq",
}
_QUEUES = frozenset({"rabbitmq"})
_MOVED_BY = frozenset(
    "PGDATA MYSQL_DATADIR MARIADB_DATA_DIR MINIO_VOLUMES NEO4J_server_directories_data RABBITMQ_MNESIA_BASE".split()
)
_SERVERS = re.compile(
    r"(?:^|[\s/\"'])(?:postgres|mysqld|mariadbd|mongod|neo4j|cassandra|influxd|elasticsearch|opensearch|clickhouse|qdrant"
    r"|rabbitmq-server|couchdb|server|docker-entrypoint\.sh|eswrapper)(?=$|[\s\"'])"
)
"""The programs that are the databases. What runs another program of the image (``pg_dump``, ``mc``) keeps no data."""
_PATH = re.compile(r"(?<![\w:/.])/[\w./-]+")
_NOT_DATA = re.compile(r"^/(?:etc|bin|usr/bin|usr/local/bin|run|tmp|dev|docker-entrypoint)(?:/|\b)|\.\w{1,5}$")
"""Paths of configuration, programs and scripts."""


class Database(NamedTuple):
    """What is known about the image of a database. ``paths`` are where its data may be."""

    name: str
    paths: tuple[str, ...]
    is_queue: bool


def database(reference: ImageReference | None, service: Service, started: str) -> Database | None:
    """The database that a service runs; None where its image is none, is not known, or runs something else.

    ``started`` is what runs in the container, "" where the image decides. Where a variable or an argument moves the
    data, the path that it names is a data path too.
    """
    if reference is None:
        return None
    if started and not started.startswith("-") and not _SERVERS.search(started):
        return None
    owner = reference.path.rpartition("/")[0].rpartition("/")[2]
    known = _BITNAMI if owner in ("bitnami", "bitnamilegacy") else _PATHS
    if known is _PATHS and owner not in _OWNERS.get(reference.name, "library").split():
        return None
    paths = known.get(reference.name, "").split()
    if not paths:
        return None
    return Database(reference.name, (*paths, *_moved(service)), reference.name in _QUEUES)


def mount_of(found: Database, service: Service) -> Mount | None:
    """The mount that the data is on: the volume that lasts, if there is one."""
    on = [mount for mount in service.mounts if any(_covers(mount.target, path) for path in found.paths)]
    return min(on, key=lambda mount: mount.type in ("anonymous", "tmpfs"), default=None)


def may_be_elsewhere(service: Service) -> bool:
    """Whether the data may be on a volume that cannot be known."""
    return "volumes_from" in service.entries or any("$" in mount.target for mount in service.mounts)


def _moved(service: Service) -> list[str]:
    found: list[str] = []
    for name in sorted(_MOVED_BY & service.environment.keys()):
        value = service.environment[name].value
        found += [path for path in [service.known(value or "")] if path]
    return found + [path for path in _PATH.findall(service.command) if not _NOT_DATA.search(path)]


def _covers(target: str, path: str) -> bool:
    """Whether a mount holds the path, or the part of it that a version of the image uses."""
    target, path = target.rstrip("/") + "/", path.rstrip("/") + "/"
    return path.startswith(target) or target.startswith(path)
