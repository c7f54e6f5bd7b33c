"""Programs that dump databases or save volumes, and words that stand beside them."""

from __future__ import annotations

import re

from shipworthy.deployment.databases import MONGODB, MYSQL, POSTGRESQL
from shipworthy.patterns import lazy, lines_holding

EVERYTHING = "everything"
"""What a tool that saves whole volumes or hosts covers."""

_TOOLS = {
    POSTGRESQL: r"pg_dump(?:all)? pg_basebackup \bwal-[ge]\b pgbackrest pgbarman \bbarman\b pg_probackup"
    r" scheduledbackup (?:postgres|postgresql|pg|pgsql)[-_]?backup",
    MYSQL: r"mysqldump mysqlpump mariadb-dump mariabackup mariadb-backup xtrabackup mydumper \bmysqlsh\b"
    r" (?:mysql|mariadb)[-_]?backup",
    MONGODB: r"mongodump mongo(?:db)?[-_]?backup pbm-agent",
    "Neo4j": r"neo4j-admin\b neo4j[-_]?backup",
    "CouchDB": r"couchbackup _replicate\b",
    "Cassandra": r"nodetool\ssnapshot \bmedusa\b",
    "ClickHouse": r"clickhouse[-_]backup \bbackup\s(?:database|table|all)\b",
    EVERYTHING: r"\brestic\b \bautorestic\b \bborg(?:matic|backup)?\b \bkopia\b \brclone\b \bvelero\b \brsnapshot\b"
    r" \bduplic(?:ati|ity|acy)\b volume-backup \bk8up\b stash\.appscode \blonghorn\b volumesnapshot backrest databack"
    r" aws_backup_ aws_dlm_ snapshot_schedule proxmox-backup azurerm_backup google_compute_resource_policy"
    r" backup_retention backup_configuration backupninja automysqlbackup \bkasten\b \btrilio\b",
}
_PATTERNS = tuple((product, lazy(words.replace(" ", "|"))) for product, words in _TOOLS.items())
_STEMS = (
    "backup backrest databack pg_dump mysqldump mysqlpump mariadb-dump mydumper mongodump wal-g wal-e barman restic"
    " borg kopia rclone velero duplicati duplicity duplicacy rsnapshot volumesnapshot snapshot_schedule nodetool"
    " aws_dlm google_compute_resource_policy neo4j-admin _replicate medusa k8up stash.appscode longhorn kasten trilio"
    " pbm-agent mysqlsh"
).split()
"""One of them stands in every line that names a tool, in upper or lower case."""
WORDS = (*_STEMS, "Backup", "olumeSnapshot")
"""One of them stands in every file that saves something."""
UPLOADS = lazy(
    r"\b(?:aws|s3\w*|gsutil|gcloud|az|azcopy|rclone|mc|curl|wget|scp|rsync|ssh|sftp|restic|borg|kopia|ftp|lftp|b2|minio|swift"
    r"|s5cmd|duplicity|wal-g|python3?|node|nc|mail|upload\w*|kubectl)\b",
    re.IGNORECASE,
)
"""What may carry a dump to another place."""
COPIES = lazy(r"replica|standby|slave|secondary", re.IGNORECASE)
"""In the name of what follows a database: what is deleted there is deleted here."""
DUMPS = lazy(r"\b(?P<tool>pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mongodump|xtrabackup|mariabackup)\b")


def products_in(text: str) -> set[str]:
    """What the tools that a text names save."""
    return set(places_in(text))


def places_in(text: str) -> dict[str, int]:
    """What the tools that a text names save, each with the offset of the line that names the first of them."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two
        lowered = "".join(letter.lower()[:1] for letter in text)
    found: dict[str, int] = {}
    for start, end in lines_holding(lowered, _STEMS):  # few lines do, and the patterns take their time
        for product, pattern in _PATTERNS:
            if product not in found and pattern.search(lowered, start, end):
                found[product] = start
    return found
