"""Programs that dump databases or save volumes, and words that stand beside them."""

from __future__ import annotations

import re

from shipworthy.deployment.databases import MONGODB, MYSQL, POSTGRESQL

EVERYTHING = "everything"
"""What a tool that saves whole volumes or hosts covers."""

_TOOLS = {
    POSTGRESQL: r"pg_dump(?:all)? pg_basebackup wal-g wal-e pgbackrest pgbarman \bbarman\b pg_probackup ScheduledBackup"
    r" (?:postgres|postgresql|pg|pgsql)[-_]?backup",
    MYSQL: r"mysqldump mysqlpump mariadb-dump mariabackup mariadb-backup xtrabackup mydumper \bmysqlsh\b"
    r" (?:mysql|mariadb)[-_]?backup",
    MONGODB: r"mongodump mongo(?:db)?[-_]?backup pbm-agent",
    "Neo4j": r"neo4j-admin\b neo4j[-_]?backup",
    "CouchDB": r"couchbackup _replicate\b",
    "Cassandra": r"nodetool\ssnapshot \bmedusa\b",
    "ClickHouse": r"clickhouse[-_]backup \bBACKUP\s(?:DATABASE|TABLE|ALL)\b",
    EVERYTHING: r"\brestic\b \bautorestic\b \bborg(?:matic|backup)?\b \bkopia\b \brclone\b \bvelero\b \brsnapshot\b"
    r" \bduplic(?:ati|ity|acy)\b volume-backup \bk8up\b stash\.appscode \blonghorn\b VolumeSnapshot backrest databack"
    r" aws_backup_ aws_dlm_ snapshot_schedule proxmox-backup azurerm_backup google_compute_resource_policy"
    r" backup_retention backup_configuration backupninja automysqlbackup \bkasten\b \btrilio\b",
}
PATTERNS = tuple((product, re.compile(words.replace(" ", "|"), re.IGNORECASE)) for product, words in _TOOLS.items())
"""What saves which product."""
WORDS = tuple(
    "backup Backup dump wal-g barman restic borg kopia rclone velero duplic napshot aws_dlm neo4j-admin _replicate"
    " medusa".split()
)
"""One of them stands in every file that saves something."""
UPLOADS = re.compile(
    r"\b(?:aws|s3\w*|gsutil|gcloud|az|azcopy|rclone|mc|curl|wget|scp|rsync|ssh|sftp|restic|borg|kopia|ftp|lftp|b2|minio|swift"
    r"|s5cmd|duplicity|wal-g|python3?|node|nc|mail|upload\w*|kubectl)\b",
    re.IGNORECASE,
)
"""What may carry a dump to another place."""
DUMPS = re.compile(
    r"\b(?P<tool>pg_dump(?:all)?|pg_basebackup|mysqldump|mariadb-dump|mongodump|xtrabackup|mariabackup)\b"
)


def products_in(text: str) -> set[str]:
    """What the tools that a text names save."""
    return {product for product, pattern in PATTERNS if pattern.search(text)}
