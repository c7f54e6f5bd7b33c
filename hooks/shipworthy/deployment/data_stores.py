"""Databases and other stores by their images, and the paths in a container that their data is under.

Source: the documentation of each image, https://hub.docker.com/_/postgres and others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from shipworthy.deployment.image_references import ImageReference
from shipworthy.patterns import lazy

_PATHS = {
    "postgres": "/var/lib/postgresql",
    "postgis": "/var/lib/postgresql",
    "pgvector": "/var/lib/postgresql",
    "timescaledb": "/var/lib/postgresql",
    "timescaledb-ha": "/home/postgres/pgdata /var/lib/postgresql",
    "mysql": "/var/lib/mysql",
    "mysql-server": "/var/lib/mysql",
    "mariadb": "/var/lib/mysql",
    "percona": "/var/lib/mysql",
    "mongo": "/data/db",
    "neo4j": "/data",
    "couchdb": "/opt/couchdb/data",
    "cassandra": "/var/lib/cassandra",
    "scylla": "/var/lib/scylla",
    "cockroach": "/cockroach/cockroach-data",
    "arangodb": "/var/lib/arangodb3",
    "influxdb": "/var/lib/influxdb2 /var/lib/influxdb /var/lib/influxdb3",
    "elasticsearch": "/usr/share/elasticsearch/data",
    "opensearch": "/usr/share/opensearch/data",
    "meilisearch": "/meili_data",
    "clickhouse-server": "/var/lib/clickhouse",
    "qdrant": "/qdrant/storage",
    "weaviate": "/var/lib/weaviate",
    "rabbitmq": "/var/lib/rabbitmq",
    "cp-kafka": "/var/lib/kafka/data",
    "minio": "/data",
    "redis": "/data",
    "valkey": "/data",
}
_OWNERS = {
    "postgis": "postgis",
    "pgvector": "pgvector ankane",
    "timescaledb": "timescale",
    "timescaledb-ha": "timescale",
    "mysql-server": "mysql",
    "scylla": "scylladb",
    "cockroach": "cockroachdb",
    "elasticsearch": "elasticsearch library",
    "opensearch": "opensearchproject",
    "meilisearch": "getmeili",
    "clickhouse-server": "clickhouse yandex",
    "qdrant": "qdrant",
    "weaviate": "semitechnologies weaviate",
    "cp-kafka": "confluentinc",
    "minio": "minio",
    "valkey": "valkey",
}
"""Owners of images that are not official ones."""
_BITNAMI = {
    "postgresql": "/bitnami/postgresql /var/lib/postgresql",
    "mysql": "/bitnami/mysql",
    "mariadb": "/bitnami/mariadb",
    "mongodb": "/bitnami/mongodb",
    "rabbitmq": "/bitnami/rabbitmq",
    "kafka": "/bitnami/kafka",
}
_NAMES = (*_PATHS, *_BITNAMI)
_QUEUES = frozenset({"rabbitmq", "cp-kafka", "kafka", "redis", "valkey"})
_CACHES = frozenset({"redis", "valkey"})
_IS_KEPT = lazy(r"--appendonly[\s\"',=]+yes\b|--save[\s\"',=]+\d")
"""The arguments of a cache that somebody wants to outlive its process."""
_FROM_POSTGRES = frozenset({"postgres", "postgis", "pgvector", "timescaledb"})
"""The official image of PostgreSQL, and those that are built on it."""
_MAJOR = lazy(r"^(?:.*[.-])?pg(?P<named>\d{1,4})|^(?P<leading>\d{1,4})")
_POSTGRES_HOME = "/var/lib/postgresql"
_POSTGRES_DATA = "/var/lib/postgresql/data"
_DECLARED = {"mongo": "/data/db"}
"""Volumes that an image declares below a folder that people mount: they hide what is mounted there."""
_MOVED_BY = frozenset(
    "MYSQL_DATADIR MARIADB_DATA_DIR MINIO_VOLUMES NEO4J_server_directories_data RABBITMQ_MNESIA_BASE"
    " PERSISTENCE_DATA_PATH MEILI_DB_PATH KAFKA_LOG_DIRS path.data".split()
)
_SERVERS = lazy(
    r"(?:^|[\s/\"'])(?:postgres|mysqld|mariadbd|mongod|neo4j|cassandra|influxd|elasticsearch|opensearch|clickhouse|qdrant"
    r"|rabbitmq-server|redis-server|valkey-server|couchdb|weaviate|meilisearch|cockroach|server|docker-entrypoint\.sh"
    r"|eswrapper)(?=$|[\s\"'])"
)
"""The programs that are the databases. What runs another program of the image (``pg_dump``, ``mc``) keeps no data."""
_PATH = lazy(r"(?<![\w:/.])/[\w./-]+")
_NOT_DATA = lazy(r"^/(?:etc|bin|usr/bin|usr/local/bin|run|tmp|dev|docker-entrypoint)(?:/|\b)|\.\w{1,5}$")
"""Paths of configuration, programs and scripts."""


class DataStore(NamedTuple):
    """What is known about the image of a store.

    ``paths`` are where its data may be, the first one best. ``declared`` is the volume that the image declares for
    itself, "" where that is of no consequence. ``is_queue`` tells that the data is on its way, and not kept for ever.
    """

    name: str
    paths: tuple[str, ...]
    declared: str
    is_queue: bool

    @property
    def home(self) -> str:
        """Where a volume belongs."""
        path = self.paths[0]
        return self.declared if self.declared and _is_within(path, self.declared) else path

    def is_on(self, target: str) -> bool:
        """Whether a mount holds the data, or the part of it that a version of the image uses."""
        is_near = any(_is_within(path, target) or _is_within(target, path) for path in self.paths)
        return is_near and not self.why_not_on(target)

    def why_not_on(self, target: str) -> str:
        """Why a mount that looks like the data's does not hold it; "" for any other mount.

        A volume that the image declares is mounted on top of what is mounted further up.
        """
        if not self.declared or not all(_is_within(path, self.declared) for path in self.paths):
            return ""
        if target.rstrip("/") != self.declared and _is_within(self.declared, target):
            return f"the image declares one of its own at {self.declared}, anonymous and new with every container"
        if self.declared == _POSTGRES_HOME and target.rstrip("/") == _POSTGRES_DATA and self.paths[0] != _POSTGRES_DATA:
            return f"from version 18 on the image has it in {self.paths[0]}, and does not start with a volume there"
        return ""


def is_store(reference: ImageReference) -> bool:
    """Whether an image is that of a store or of a cache, whatever runs in it."""
    owner = reference.path.rpartition("/")[0].rpartition("/")[2]
    if owner in ("bitnami", "bitnamilegacy"):
        return reference.name in _BITNAMI or reference.name in _CACHES
    return reference.name in _PATHS and owner in _OWNERS.get(reference.name, "library").split()


def may_name_store(text: str) -> bool:
    """Whether the name of an image that `data_store` knows stands in a text: most texts are told by that alone."""
    return any(name in text for name in _NAMES)


def data_store(reference: ImageReference | None, started: str, variables: Mapping[str, str | None]) -> DataStore | None:
    """The store that a container runs; None where its image is none, is not known, or runs something else.

    ``started`` is what runs in the container, "" where the image decides; ``variables`` are the container's, None for
    a value that is not known. Where a variable or an argument moves the data, the path that it names is a data path.
    """
    if reference is None:
        return None
    if started and not started.startswith("-") and not _SERVERS.search(started):
        return None
    owner = reference.path.rpartition("/")[0].rpartition("/")[2]
    known = _BITNAMI if owner in ("bitnami", "bitnamilegacy") else _PATHS
    if known is _PATHS and owner not in _OWNERS.get(reference.name, "library").split():
        return None
    paths = tuple(known.get(reference.name, "").split())
    if not paths or (reference.name in _CACHES and not _IS_KEPT.search(started)):
        return None
    declared = _DECLARED.get(reference.name, "")
    if reference.name in _FROM_POSTGRES:
        paths, declared = _of_postgres(reference.tag, paths, variables)
    moved = _moved(started, variables)
    if reference.name == "minio" and moved and moved[0] != "/":
        paths = (moved.pop(0), *paths)  # it is told where in so many words: ``server /export``
    return DataStore(reference.name, (*paths, *moved), declared, reference.name in _QUEUES)


def _of_postgres(tag: str, paths: tuple[str, ...], variables: Mapping[str, str | None]) -> tuple[tuple[str, ...], str]:
    """The data path of PostgreSQL and the volume that its image declares: version 18 has moved both."""
    found = _MAJOR.search(tag[:100])
    major = int(found["named"] or found["leading"]) if found is not None else 0
    declared = "" if not major else _POSTGRES_HOME if major >= 18 else _POSTGRES_DATA
    if "PGDATA" in variables:
        moved = variables["PGDATA"]
        return ((moved,) if moved else (*paths, "/")), declared
    if not major:
        return paths, declared
    return (f"{_POSTGRES_HOME}/{major}/docker" if major >= 18 else declared, *paths[1:]), declared


def _moved(started: str, variables: Mapping[str, str | None]) -> list[str]:
    """The further paths that variables and arguments name; "/" for one that is not known, which may be anywhere."""
    found = [variables[name] or "/" for name in sorted(_MOVED_BY & variables.keys())]
    return found + [path for path in _PATH.findall(started) if not _NOT_DATA.search(path)]


def _is_within(path: str, folder: str) -> bool:
    """Whether ``path`` is ``folder`` or lies in it."""
    return (path.rstrip("/") + "/").startswith(folder.rstrip("/") + "/")
