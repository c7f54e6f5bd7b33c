"""Programs that dump databases or save volumes, and words that stand beside them."""

from __future__ import annotations

import re

from shipworthy.deployment.databases import MONGODB, MYSQL, POSTGRESQL

EVERYTHING = "everything"
"""What a tool that saves whole volumes or hosts covers."""

_TOOLS = (
    (POSTGRESQL, r"pg_dump(?:all)?|pg_basebackup|wal-g|wal-e|pgbackrest|pgbarman|\bbarman\b|(?:postgres|postgresql|pg|pgsql)[-_]?backup|ScheduledBackup|pg_probackup"),
    (MYSQL, r"mysqldump|mysqlpump|mariadb-dump|mariabackup|mariadb-backup|xtrabackup|mydumper|mysqlsh\b|(?:mysql|mariadb)[-_]?backup"),
    (MONGODB, r"mongodump|mongo(?:db)?[-_]?backup|pbm-agent"),
    ("Neo4j", r"neo4j-admin\b|neo4j[-_]?backup"),
    ("CouchDB", r"couchbackup|_replicate\b"),
    ("Cassandra", r"nodetool snapshot|\bmedusa\b"),
    ("ClickHouse", r"clickhouse[-_]backup|\bBACKUP (?:DATABASE|TABLE|ALL)\b"),
    (EVERYTHING, r"\brestic\b|\bborg(?:matic|backup)?\b|\bkopia\b|\brclone\b|\bvelero\b|\bduplic(?:ati|ity|acy)\b|docker-volume-backup|volume-backup"
                 r"|\bk8up\b|stash\.appscode|\blonghorn\b|VolumeSnapshot|aws_backup_|aws_dlm_|snapshot_schedule|backrest|databack|autorestic|\bproxmox-backup\b"
                 r"|azurerm_backup|google_compute_resource_policy|rsnapshot|\bbackupninja\b|\bautomysqlbackup\b|kasten|trilio"),
)  # fmt: skip
PATTERNS = tuple((product, re.compile(pattern, re.IGNORECASE)) for product, pattern in _TOOLS)
"""What saves which product."""
WORDS = (
    "backup",
    "_dump",
    "dump ",
    "Backup",
    "wal-g",
    "barman",
    "restic",
    "borg",
    "kopia",
    "rclone",
    "velero",
    "duplic",
    "napshot",
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
