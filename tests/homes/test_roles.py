"""What a setting is for, by its name and by the file it names."""

from __future__ import annotations

import pytest

from shipworthy.homes.roles import TEMPORARY, is_generic, role_of_name, role_of_path

# name, role
NAMES = [
    *((name, "pid") for name in ("pid", "PIDFile", "pidfile", "pid_file", "CATALINA_PID", "daemon_pidfile", "pidPath")),
    *((name, "log") for name in ("logfile", "stdout_logfile", "access_log", "LOG_DIR", "childlogdir", "errorLogPath")),
    *((name, "log") for name in ("StandardOutput", "log4j.appender.FILE.File", "slow_query_log_file", "daemonize")),
    *((name, "data") for name in ("DATA_DIR", "dataDir", "data-dir", "dbpath", "chunks_directory", "storePathRootDir")),
    *((name, "data") for name in ("rules_directory", "debezium.source.offset.storage.file.filename", "wal")),
    *(
        (name, "socket")
        for name in ("unixsocket", "listen", "ListenStream", "SocketDir", "MYSQL_UNIX_ADDR", "serverurl")
    ),
    *((name, "venv") for name in ("VIRTUAL_ENV", "virtualenv", "VENV_DIR")),
    *((name, "upload") for name in ("UPLOAD_FOLDER", "MEDIA_ROOT", "uploadDir")),
    *((name, "cert") for name in ("ssl_certificate_key", "CERT_DIR", "keystore", "tls_key_file")),
    *((name, "backup") for name in ("BACKUP_DIR", "backupdir")),
    *((name, "model") for name in ("MODEL_PATH", "models_dir")),
    *((name, "code") for name in ("plugins_path", "javaagent")),
    *((name, TEMPORARY) for name in ("TMPDIR", "temp_path", "FILE_UPLOAD_TEMP_DIR", "LOG_TMPDIR", "proxy_cache_path")),
    *((name, TEMPORARY) for name in ("session_dir", "lock_file", "health_check_file", "worker_tmp_dir", "SCRATCH")),
    *(
        (name, "")
        for name in ("path", "directory", "name", "rapid", "catalog", "blog", "login", "backup_tip_path", "colour")
    ),
]

# what follows the temporary directory, role
FILES = [
    ("api.pid", "pid"),
    ("run/supervisor.sock", "socket"),
    (".s.PGSQL.5432", "socket"),
    ("logs/web.log", "log"),
    ("com.example.err", "log"),
    ("app.sqlite3", "data"),
    ("positions.yaml", "data"),
    ("tls/server.key", "cert"),
    ("whisper-env/bin/python3", "venv"),
    (".venv", "venv"),
    ("model.gguf", "model"),
    ("stupid", ""),
    ("report.pdf", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "role"), NAMES)
def test_role_of_a_name(name: str, role: str) -> None:
    assert role_of_name(name) == role


@pytest.mark.parametrize(("rest", "role"), FILES)
def test_role_of_a_path(rest: str, role: str) -> None:
    assert role_of_path(rest) == role


@pytest.mark.parametrize("name", ["path", "filename", "0", "local-dir", "working_directory", "root_path"])
def test_a_name_that_says_nothing_of_its_own(name: str) -> None:
    assert is_generic(name)


@pytest.mark.parametrize("name", ["colour", "retention", "catalog_path"])
def test_a_name_that_says_something_else(name: str) -> None:
    assert not is_generic(name)
