"""What a setting is for, told by the words of its name, of the blocks around it, and by the file it names.

The nearest name that says anything decides; at one place, a word for something temporary beats a word for something
that must last: ``FILE_UPLOAD_TEMP_DIR`` is scratch space.
"""

from __future__ import annotations

import re
from functools import cache

from shipworthy.patterns import lazy

PID = "pid"
LOG = "log"
VENV = "venv"
CODE = "code"
DATA = "data"
SOCKET = "socket"
UPLOAD = "upload"
MODEL = "model"
BACKUP = "backup"
CERT = "cert"
CONFIG = "config"
DURABLE = (PID, LOG, VENV, CODE, DATA, SOCKET, UPLOAD, MODEL, BACKUP, CERT, CONFIG)
TEMPORARY = "temporary"
"""Caches, scratch space, sessions, locks, flags: a temporary directory is a fine place for them."""

_WORDS: dict[str, str] = {
    PID: "pid pids pidfile pidfilepath pidpath piddir",
    LOG: "log logs logfile logfiles logdir logpath logto logging logger appender syslog errorlog accesslog "
    "slowlog stdout stderr outfile errfile standardout standardoutput standarderror standarderr daemonize "
    "journald auditlog childlogdir accesslogs errorlogs errlog outlog logdirectory",
    VENV: "venv virtualenv virtualenvs virtual_env venvs",
    CODE: "javaagent plugin plugins plugindir codebase project workspaces jar agentpath pythonpath classpath",
    DATA: "data datadir datadirs dataset datasets datastore datapath db dbs dbpath dbdir dbfile database "
    "databases sqlite storage store stores storepath state statedir wal journal journals ledger ledgers "
    "offset offsets positions position chunks chunk blocks rocksdb leveldb badger mnesia persistence "
    "persistent persist repo repository mongo mongodb postgres postgresql pgdata mysql mariadb redis "
    "kafka zookeeper etcd consul qdrant elasticsearch minio clickhouse influxdb tsdb filestorage "
    "filestore index indexes indices queue keystorage keyvaluestore kvstore kraft rules compactor "
    "snapshot snapshots tablespace datalogdir commitlog volumes ruler outbox inbox recordings checkpoint "
    "checkpoints statestore datalog",
    SOCKET: "socket sockets sock unixsocket unixsock listen listenstream listener fastcgi uwsgi upstream "
    "serverurl bind unix socketdir socketpath unixaddr sockfile sockpath socketfile",
    UPLOAD: "upload uploads uploaddir media attachments uploaded",
    MODEL: "model models weights",
    BACKUP: "backup backups backupdir",
    CERT: "cert certs certificate certificates ssl tls key keys keyfile certfile pem keystore truststore wallet "
    "privkey privatekey publickey pubkey crt ca cafile jks keytab sslkey sslcert pkcs12 p12 keydir "
    "certdir",
}
_TEMPORARY_WORDS = (
    "tmp temp temporary tempdir tmpdir tempfile tmpfile temppath tmppath cache caches cached caching "
    "cachedir cachepath scratch staging stage staged session sessions lock locks lockfile lockdir "
    "heartbeat heartbeats health healthcheck healthy healthz ready readiness liveness alive probe fifo "
    "pipe download downloads dl build builds buildroot builddir artifact artifacts coverage sandbox mock "
    "fake test tests testing spool spooldir shm multiproc prometheus_multiproc tokengen preload swap "
    "transient volatile ephemeral workspace workdir wsdl tgz tarball installer release releases extract "
    "unpack src source sources srcdir checkout clone example examples screenshot screenshots xdebug "
    "profile profiling heapdump coredump core crash dumpfile gclog export render rendered output result "
    "results report reports diff patch debug benchmark rundir"
)
_GENERIC = frozenset(
    "path paths dir dirs directory directories file files filename name location locations root home base "
    "basedir folder prefix suffix url uri address addr host target value values default defaults local fs "
    "filesystem file_path full args arg options option opts config configuration conf settings setting "
    "spec main server http https service services app application master worker common global system user "
    "item items env environment extra custom working current this the my in to of for from and is kind "
    "type string entry dest destination".split()
)
_BY_WORD = {word: role for role, words in _WORDS.items() for word in words.split()}
_BY_WORD |= dict.fromkeys(_TEMPORARY_WORDS.split(), TEMPORARY)
_SPLIT = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[a-z]+")
_ENDINGS = lazy(r"(?:file|files|dir|dirs|path|directory|folder|location|root|home|url|name|prefix)$")
_NOT_LOGS = frozenset("blog catalog dialog backlog prolog analog changelog datalog".split())

WELL_KNOWN = {
    ("", "log.dirs"): DATA,  # Kafka: its log is the data
    ("", "log.dir"): DATA,
    ("", "KAFKA_LOG_DIRS"): DATA,
    ("", "KAFKA_LOG_DIR"): DATA,
    ("", "storePathCommitLog"): DATA,  # RocketMQ: the messages
    ("common", "path_prefix"): DATA,  # Loki: chunks, rules and everything else it keeps
    ("Service", "WorkingDirectory"): CODE,  # systemd: where the service's own files are
    ("Service", "EnvironmentFile"): CONFIG,
    ("program", "directory"): CODE,  # supervisor
    ("tags", "local-dir"): DATA,  # go-carbon: the queue of tags to send
}
"""Settings of widely used servers whose names do not say what they are for, with the block they stand in, or ""."""

_BY_SUFFIX = (
    (PID, lazy(r"(?:^|[.\-_])pid(?:file)?$")),
    (SOCKET, lazy(r"\.(?:sock|socket)$|^\.s\.PGSQL|\.sock\b|(?:^|[.\-_])sock(?:et)?$")),
    (LOG, lazy(r"\.(?:log|err|logs)$|\.log\b|(?:^|[.\-_])logs?$")),
    (DATA, lazy(r"\.(?:db|sqlite3?|rdb|aof|mdb|ldb|offsets|h2)$|^(?:positions|offsets?)\.\w+$")),
    (DATA, lazy(r"^(?:postgres(?:ql)?|mysql|mongo(?:db)?|pgdata|redis-data|production-data)$")),
    (CERT, lazy(r"\.(?:pem|key|crt|cer|p12|pfx|jks|keystore|kdb)$")),
    (VENV, lazy(r"(?:^|[.\-_])(?:venv|virtualenv|env)$")),
    (MODEL, lazy(r"\.(?:gguf|onnx|safetensors|pt|pth)$")),
)  # fmt: skip
_VENV_INSIDE = lazy(r"(?:^|/)[\w.\-]*env[\w.\-]*/(?:bin|Scripts|lib)(?:/|$)")


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, lower case: ``childLogDir``, ``child-log-dir`` and ``CHILD_LOG_DIR`` have the same."""
    return tuple(match.lower() for match in _SPLIT.findall(name))


@cache
def role_of_name(name: str) -> str:
    """The role that a name tells: one of `DURABLE`, `TEMPORARY`, or "" where it tells nothing.

    The last word that is not generic is what is named: a ``backup_tip_path`` is a tip, a ``logs_dir`` is for logs. Of
    a dotted name the last part that says something counts.
    """
    for part in reversed(name.split(".")):
        words = words_of(part)
        if (whole := role_of_word("".join(words))) and whole != TEMPORARY:
            return whole
        if any(role_of_word(word) == TEMPORARY for word in (*words, "".join(words))):
            return TEMPORARY
        if PID in map(role_of_word, words):
            return PID
        said = [word for word in words if word not in _GENERIC and len(word) > 1] or list(words)
        if said and (role := role_of_word(said[-1])):
            return role
        if not is_generic(part):
            return ""
    return ""


def role_of_word(word: str) -> str:
    """The role of a single lower-case word, endings such as ``file`` and ``dir`` left off."""
    known = _BY_WORD.get(word)
    if known:
        return known
    stem = _ENDINGS.sub("", word)
    if stem != word and stem in _BY_WORD:
        return _BY_WORD[stem]
    if stem.endswith("log") and stem not in _NOT_LOGS and len(stem) > 4:
        return LOG
    return ""


@cache
def is_generic(name: str) -> bool:
    """Whether a name says nothing of its own, so that the blocks around it must say what it is."""
    words = words_of(name)
    return all(word in _GENERIC or len(word) == 1 for word in words) or name.isdigit()


@cache
def role_of_path(rest: str) -> str:
    """The role that the end of a path tells: ``api.pid``, ``app.sock``, ``server.log``, ``whisper-env/bin``."""
    name = rest.rpartition("/")[2].rstrip("\"'")
    name = re.sub(r"[-_.]?(?:\$?\{[^{}]*\}|\$\w+|%\w+%?)$", "", name) or name
    for role, pattern in _BY_SUFFIX:
        if pattern.search(name):
            return role
    if _VENV_INSIDE.search(rest):
        return VENV
    return ""


@cache
def is_temporary_path(rest: str) -> bool:
    """Whether the path itself says that it is a cache or scratch space."""
    return any(_BY_WORD.get(word) == TEMPORARY and word not in _WEAK_IN_PATHS for word in words_of(rest))


_WEAK_IN_PATHS = frozenset(
    "sample build builds release releases release src source sources example examples export debug "
    "core stage staging staged output result results download downloads".split()
)
