"""What `no-tmp-paths` finds, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from shipworthy.config import Config, TemporaryStatement
from shipworthy.file import File
from shipworthy.rules.no_tmp_paths import RULE, check
from support import command, matching, repository, run


def findings(path: str, text: str) -> list[tuple[int, object]]:
    """Line and role of each finding in a file."""
    return [(finding.line, finding.details["role"]) for finding in check(File(path, dedent(text).encode()))]


# path, content, line and role of each finding
FIRES = [
    pytest.param(
        ".env.production",
        "WHISPER_PYTHON_PATH=/tmp/whisper-env/bin/python3\n",
        [(1, "venv")],
        id="an interpreter in a virtual environment",
    ),
    pytest.param(".env", "DATA_DIR=/var/tmp/data\n", [(1, "data")], id="the other temporary directory"),
    pytest.param(".env", "DATA_DIR=/private/tmp/data\n", [(1, "data")], id="the temporary directory of macOS"),
    pytest.param(".env", "DATA_DIR=//tmp/data\n", [(1, "data")], id="a doubled slash"),
    pytest.param(".env", "DATA_DIR=/srv/../tmp/data\n", [(1, "data")], id="a path that leads there"),
    pytest.param(".env", "UPLOAD_DIR=$TMPDIR/uploads\n", [(1, "upload")], id="the environment's temporary directory"),
    pytest.param(".env", "DATA_DIR=%TEMP%\\api\n", [(1, "data")], id="the temporary directory of cmd"),
    pytest.param("app.ini", "data_dir = C:\\Windows\\Temp\\api\n", [(1, "data")], id="the temporary folder of Windows"),
    pytest.param(".env", "DATABASE_URL=sqlite:////tmp/app.db\n", [(1, "data")], id="an SQLite address"),
    pytest.param(
        "application.properties",
        "spring.datasource.url=jdbc:h2:file:/tmp/app\n",
        [(1, "data")],
        id="an H2 address",
    ),
    pytest.param(
        "docker-compose.yml",
        """\
        services:
          db:
            image: postgres:16
            volumes:
              - /tmp/postgres:/var/lib/postgresql/data
        """,
        [(5, "data")],
        id="the host's half of a mount",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          db:
            image: mongo:7
            volumes:
              - type: bind
                source: /tmp/mongo
                target: /data/db
        """,
        [(6, "data")],
        id="the source of a mount in the long form",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          db:
            image: mongo:7
            volumes:
              - "${DATA:-/tmp/mongo}:/data/db"
        """,
        [(5, "data")],
        id="the default of a mount's source",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          broker:
            image: apache/kafka:3.9.0
            environment:
              KAFKA_LOG_DIRS: /tmp/kraft-combined-logs
        """,
        [(5, "data")],
        id="the data that Kafka calls its log",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          consul:
            image: consul:1.15
            command: -data-dir /tmp/consul -bootstrap
        """,
        [(4, "data")],
        id="an option of a container's command",
    ),
    pytest.param(
        "pv.yaml",
        """\
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: data}
        spec:
          hostPath:
            path: /tmp/data-0
        """,
        [(6, "data")],
        id="a persistent volume on a node's temporary directory",
    ),
    pytest.param(
        "api.service",
        """\
        [Service]
        ExecStart=/tmp/my-app/bin/api --log-file /tmp/api.log
        StandardOutput=append:/tmp/api.out.log
        """,
        [(2, "code"), (2, "log"), (3, "log")],
        id="a unit that runs and logs there",
    ),
    pytest.param("api.socket", "[Socket]\nListenStream=/tmp/api.sock\n", [(2, "socket")], id="a unit's socket"),
    pytest.param(
        "supervisord.conf",
        """\
        [unix_http_server]
        file=/tmp/supervisor.sock   ; the path to the socket
        [supervisord]
        logfile=/tmp/supervisord.log ; main log
        childlogdir=/tmp
        [program:web]
        command=gunicorn app
        stdout_logfile=/tmp/web.log
        [supervisorctl]
        serverurl=unix:///tmp/supervisor.sock
        """,
        [(2, "socket"), (4, "log"), (5, "log"), (8, "log"), (10, "socket")],
        id="supervisor's sockets and logs",
    ),
    pytest.param(
        "nginx.conf",
        """\
        http {
          access_log /tmp/access.log main;
          upstream app { server unix:/tmp/app.sock fail_timeout=0; }
          server {
            ssl_certificate_key /tmp/tls/server.key;
            location / { proxy_pass http://unix:/tmp/web.sock; }
            location ~ \\.php$ { fastcgi_pass unix:/dev/shm/php.sock; }
          }
        }
        """,
        [(2, "log"), (3, "socket"), (5, "cert"), (6, "socket"), (7, "socket")],
        id="nginx's logs, sockets and keys",
    ),
    pytest.param(
        "loki.yaml",
        """\
        common:
          path_prefix: /tmp/loki
          storage:
            filesystem:
              chunks_directory: /tmp/loki/chunks
        compactor:
          working_directory: /tmp/loki/compactor
        """,
        [(2, "data"), (5, "data"), (7, "data")],
        id="Loki's storage",
    ),
    pytest.param(
        "tempo.yaml",
        "storage:\n  trace:\n    wal:\n      path: /tmp/tempo/wal\n",
        [(4, "data")],
        id="a name that says nothing under one that does",
    ),
    pytest.param("consul.hcl", 'data_dir = "/tmp/consul"\n', [(1, "data")], id="HCL"),
    pytest.param("app.toml", '[storage]\npath = "/tmp/app"\n', [(2, "data")], id="TOML"),
    pytest.param(
        "logback.xml",
        '<configuration>\n  <property name="LOG_PATH" value="${java.io.tmpdir}/app"/>\n</configuration>\n',
        [(2, "log")],
        id="the temporary directory of Java",
    ),
    pytest.param("logging.conf", "[handler_file]\nargs=('/tmp/app.log',)\n", [(2, "log")], id="Python's logging"),
    pytest.param("redis.conf", "unixsocket /tmp/redis.sock\n", [(1, "socket")], id="redis"),
    pytest.param("my.cnf", "[mysqld]\ndatadir = /tmp/mysql\n", [(2, "data")], id="MySQL"),
    pytest.param(
        "install.sh",
        "#!/bin/sh\ncat > /etc/my.cnf <<EOF\n[mysqld]\nsocket = /tmp/mysql.sock\nEOF\n",
        [(4, "socket")],
        id="a configuration file that a script writes",
    ),
    pytest.param(
        "entrypoint.sh",
        '#!/bin/sh\nset_config /etc/app.conf SocketDir "/tmp"\n',
        [(2, "socket")],
        id="a setting that a script's helper writes",
    ),
    pytest.param("run.sh", "export LOG_DIR=${LOG_DIR:-/tmp/logs}\n", [(1, "log")], id="a script's default"),
    pytest.param(
        "Dockerfile",
        """\
        FROM eclipse-temurin:21
        COPY agent.jar /tmp/agent.jar
        ENV JAVA_OPTS="-javaagent:/tmp/agent.jar -Dx=y"
        CMD ["java", "-jar", "/app.jar"]
        """,
        [(2, "code"), (3, "code")],
        id="an image that runs what it copied there",
    ),
    pytest.param(
        "Dockerfile",
        "FROM debian:12\nRUN sed -i 's|.*LocalSocket .*|LocalSocket /tmp/clamd.sock|' /etc/clamd.conf\n",
        [(2, "socket")],
        id="a setting that sed writes into the image",
    ),
    pytest.param(
        "src/config.ts",
        "export const config = {\n  pythonPath: process.env.PYTHON || '/tmp/whisper-env/bin/python3',\n};\n",
        [(2, "venv")],
        id="a default in place of the environment in TypeScript",
    ),
    pytest.param(
        "app/settings.py",
        "import os\nDATA_DIR = os.getenv('DATA_DIR', '/tmp/data')\nMEDIA_ROOT = '/tmp/media'\n",
        [(2, "data"), (3, "upload")],
        id="a settings module in Python",
    ),
    pytest.param(
        "src/env.ts",
        "import { z } from 'zod';\nexport const schema = z.object({ UPLOAD_DIR: z.string().default('/tmp/uploads') });\n",
        [(2, "upload")],
        id="the default of a schema",
    ),
    pytest.param(
        "src/Main.java",
        'class Main { void run(Options o) { start(o.getOptionValue("state-dir", "/tmp/streams")); } }\n',
        [(1, "data")],
        id="the default of an option in Java",
    ),
    pytest.param(
        "tasks/main.yml",
        "- name: install\n  pip:\n    name: app\n    virtualenv: /tmp/app\n",
        [(4, "venv")],
        id="a virtual environment that Ansible makes",
    ),
    pytest.param(
        "com.example.api.plist",
        "<plist><dict>\n<key>StandardOutPath</key>\n<string>/tmp/api.out</string>\n</dict></plist>\n",
        [(3, "log")],
        id="a launchd job",
    ),
    pytest.param(
        "deploy/crontab",
        "0 3 * * * /opt/api/backup >> /tmp/backup.log\n",
        [(1, "log")],
        id="the log of a scheduled job",
    ),
    pytest.param(
        "pod.yaml",
        """\
        apiVersion: v1
        kind: Pod
        spec:
          volumes: [{name: data, hostPath: {path: /tmp/data}}]
          containers: [{name: a, volumeMounts: [{name: data, mountPath: /data}]}]
        """,
        [(4, "data")],
        id="a node's folder that a pod mounts, once",
    ),
    pytest.param(
        "nginx.conf", "server {\n  location / { access_log /tmp/a.log; }\n}\n", [(2, "log")], id="a block in one line"
    ),
]

SILENT = [
    pytest.param(".env", "# DATA_DIR=/tmp/data\n", id="a comment"),
    pytest.param(".env", "TMPDIR=/tmp\nTEMP_DIR=/tmp/work\n", id="a setting for temporary files"),
    pytest.param(".env", "FILE_UPLOAD_TEMP_DIR=/tmp/uploads\n", id="a word for temporary beats a word for lasting"),
    pytest.param(".env", "PIP_CACHE_DIR=/tmp/pip\nDATA=/tmp/cache/data\n", id="a cache, by its name or its path"),
    pytest.param(".env", "SESSION_DIR=/tmp/sessions\nLOCK_FILE=/tmp/api.lock\n", id="sessions and locks"),
    pytest.param(".env", "DATA_DIR=/srv/app/tmp\nLOG_DIR=$ROOT/tmp\nSOCKET=./tmp/app.sock\n", id="a folder named tmp"),
    pytest.param(".env", "DATA_DIR=/tmp/../srv/data\n", id="a path that leads elsewhere"),
    pytest.param(".env", "DATA_DIR=/tmpfs/data\nLOG_DIR=/tmp2/logs\n", id="a folder that only begins so"),
    pytest.param(".env", "PIDFILE=/tmp/api.pid\n", id="a PID file, which another rule owns"),
    pytest.param(
        "compose.yaml",
        """\
        services:
          web:
            image: nginx:1.27
            tmpfs: [/tmp]
            volumes:
              - ./nginx.conf:/tmp/nginx.conf:ro
              - /var/run/docker.sock:/tmp/docker.sock:ro
              - /tmp/.X11-unix:/tmp/.X11-unix
        """,
        id="mounts whose target is a temporary directory",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          web:
            image: kafka:3
            environment:
              KEY_PATH: /tmp/conf/public.pem
            volumes:
              - ./keypair:/tmp/conf
            command: start --config /tmp/conf/start.yml
        """,
        id="a file that the same service mounts there",
    ),
    pytest.param(
        "compose.yaml",
        """\
        services:
          app:
            image: app:1
            command: app --health-check-file-path /tmp/health.txt
        """,
        id="a file that only tells that the service is alive",
    ),
    pytest.param(
        "deploy.yaml",
        """\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  args: [--cert-dir=/tmp]
                  volumeMounts:
                    - {name: tmp, mountPath: /tmp}
              volumes:
                - {name: tmp, emptyDir: {}}
        """,
        id="a pod's own temporary directory",
    ),
    pytest.param(
        "Dockerfile",
        """\
        FROM python:3.12 AS build
        ENV PIP_LOG=/tmp/pip.log
        COPY requirements.txt /tmp/
        RUN curl -o /tmp/tool.tar.gz https://example.com/tool.tar.gz && tar -xf /tmp/tool.tar.gz -C /opt
        FROM python:3.12
        COPY --from=build /opt /opt
        ADD app.tar /tmp/
        RUN mv /tmp/app /opt/app
        VOLUME /tmp
        CMD ["python", "-m", "app"]
        """,
        id="what the building of an image leaves behind",
    ),
    pytest.param(
        "Dockerfile",
        "FROM debian:12\nRUN sed -i 's@/tmp/app.sock@/run/app/app.sock@' /etc/app.conf\n",
        id="a line that moves away from it",
    ),
    pytest.param(
        "cleanup.sh",
        """\
        rm -rf /tmp/whisper-env /tmp/data.db
        [ -S /tmp/mysql.sock ] && mysql --socket=/tmp/mysql.sock -e 'select 1'
        work=$(mktemp -d /tmp/backup.XXXXXX)
        curl -o /tmp/release.tar.gz https://example.com && tar -C /opt -xf /tmp/release.tar.gz
        echo "put it into /tmp/data.db"
        LOG=/tmp/install.log
        openssl req -newkey rsa:2048 -keyout /tmp/server.key -out /tmp/server.crt
        """,
        id="a script's clean-up, downloads, scratch files and output",
    ),
    pytest.param(
        "tasks/main.yml",
        """\
        - name: stage the database
          copy: {src: dump.sql, dest: /tmp/database.db}
        - name: remove it
          file: path=/tmp/database.db state=absent
        - name: build
          command: /tmp/build/install /opt/app
        """,
        id="what Ansible stages and removes",
    ),
    pytest.param(
        "nginx.conf",
        "client_body_temp_path /tmp/body;\nproxy_cache_path /tmp/cache levels=1:2;\n",
        id="nginx's spools and caches",
    ),
    pytest.param("php.ini", "open_basedir = /srv/www:/tmp\nsys_temp_dir = /tmp\n", id="directories that are allowed"),
    pytest.param("api.service", "[Service]\nPrivateTmp=true\nExecStartPre=/bin/mv /tmp/api /opt/api\n", id="a unit"),
    pytest.param("tests/config.env", "DATA_DIR=/tmp/data\n", id="a test"),
    pytest.param("src/server_test.py", "DATA_DIR = '/tmp/data'\n", id="a test by its name"),
    pytest.param(".github/workflows/ci.yml", "env:\n  DATA_DIR: /tmp/data\n", id="a job's own machine"),
    pytest.param("node_modules/x/config.json", '{"dataDir": "/tmp/data"}\n', id="somebody else's code"),
    pytest.param("package-lock.json", '{"resolved": "https://r.example/tmp/-/tmp-0.2.1.tgz"}\n', id="a lock file"),
    pytest.param(
        "schema.json",
        '{"properties": {"log": {"description": "for example /tmp/app.log"}}}\n',
        id="text for people",
    ),
    pytest.param(
        "src/work.py",
        "def work():\n    data_file = '/tmp/data.json'\n    log = '/tmp/work.log'\n",
        id="a function's files",
    ),
    pytest.param(
        "src/handler.js", "exports.handler = 1;\nconst dataDir = '/tmp/data';\n", id="a function as a service"
    ),
    pytest.param("serverless/handler.py", "DATA_DIR = '/tmp/data'\n", id="a place where nothing else can be written"),
    pytest.param("src/app.min.js", "var dataDir='/tmp/data'\n", id="minified code"),
    pytest.param(
        "packer.json",
        '{"provisioners": [{"type": "file", "source": "ca.crt", "destination": "/tmp/ca.crt.pem"}]}\n',
        id="a file that is staged",
    ),
    pytest.param("app/mailer.php", "<?php\n$path = $tmpdir . '/mail.log';\n", id="a variable that is not the system's"),
    pytest.param("backup.sh", "TMP=/srv/scratch\nDATA_DIR=$TMP/data\n", id="a script's own variable of that name"),
    pytest.param(
        "chart/templates/config.yaml",
        "apiVersion: v1\nkind: Secret\nstringData:\n  app.yaml: |\n    public_key_path: /tmp/{{ .Values.key }}.pem\n",
        id="what a chart mounts for its pod to read",
    ),
    pytest.param("settings.py", "BACKUP_TIP_PATH = '/tmp/tip'\n", id="a name whose last word says something else"),
]

TAKES = [
    ".env",
    ".env.production",
    "deploy/prod.env",
    "docker-compose.yml",
    "k8s/deployment.yaml",
    "Dockerfile",
    "docker/api.dockerfile",
    "Dockerfile-prod",
    "deploy/api.service",
    "supervisord.conf",
    "nginx.conf.template",
    "roles/web/templates/php.ini.j2",
    "main.tf",
    "Makefile",
    "Procfile",
    "deploy/crontab",
    "bin/start.sh",
    "docker/entrypoint",
    "app/settings.py",
    "src/config.ts",
    "src/main/resources/application.properties",
    "logback.xml",
    "gunicorn.conf.py",
]
LEAVES = ["README.md", "docs/guide.rst", "logo.png", "Dockerfile.dockerignore", "notes.txt", "style.css", "data.csv"]


@pytest.mark.parametrize(("path", "text", "expected"), FIRES)
def test_fires(path: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert findings(path, text) == expected


@pytest.mark.parametrize(("path", "text"), SILENT)
def test_is_silent(path: str, text: str) -> None:
    assert findings(path, text) == []


def test_the_filter_takes_configuration_and_leaves_documents() -> None:
    assert matching(RULE.files, TAKES) == TAKES
    assert matching(RULE.files, LEAVES) == []


@pytest.mark.parametrize(("path", "text", "expected"), FIRES)
def test_every_finding_s_file_holds_a_trigger(path: str, text: str, expected: object) -> None:
    assert any(trigger in text.encode() for trigger in RULE.triggers)


@pytest.mark.parametrize(
    ("path", "text", "fix"),
    [
        ("api.service", "[Service]\nStandardOutput=append:/tmp/api.log\n", "StandardOutput=append:/var/log/api/api.log with LogsDirectory=api"),
        ("api.socket", "[Socket]\nListenStream=/tmp/api.sock\n", "ListenStream=/run/api/api.sock with RuntimeDirectory=api"),
        (".env", "WHISPER_PYTHON_PATH=/tmp/whisper-env/bin/python3\n", "WHISPER_PYTHON_PATH=/opt/whisper-env/bin/python3"),
        (
            "compose.yml",
            "services:\n  db:\n    image: postgres:16\n    volumes:\n      - /tmp/pg:/var/lib/postgresql/data\n",
            "db-data:/var/lib/postgresql/data with db-data: under volumes:",
        ),
        ("nginx.conf", "access_log /tmp/web.log;\n", "access_log /var/log/web/web.log"),
        ("app.toml", 'data_dir = "/tmp/app"\n', 'data_dir = "/var/lib/app"'),
        ("appsettings.json", '{"DataDir": "/tmp/app"}\n', '"DataDir": "/var/lib/app"'),
        (
            "pod.yaml",
            (
                "apiVersion: v1\nkind: Pod\nspec:\n  volumes: [{name: a, hostPath: {path: /tmp/x}}]\n"
                "  containers: [{name: a, volumeMounts: [{name: a, mountPath: /var/lib/postgresql/data}]}]\n"
            ),
            "a persistentVolumeClaim in place of hostPath: a node's temporary directory is emptied",
        ),
    ],
    ids=["unit's log", "unit's socket", "virtual environment", "volume", "nginx", "quoted", "JSON", "pod's mount"],
)  # fmt: skip
def test_the_fix_is_in_the_file_s_own_syntax(path: str, text: str, fix: str) -> None:
    (finding,) = check(File(path, text.encode()))
    assert finding.fix == fix


def test_outside_of_production_a_finding_is_medium() -> None:
    text = b"data_dir: /tmp/data\n"
    assert [finding.severity for finding in check(File("config.yaml", text))] == ["blocking"]
    assert [finding.severity for finding in check(File("examples/config.yaml", text))] == ["medium"]


def _stated(**statement: tuple[str, ...]) -> Config:
    config = Config()
    config.temporary = TemporaryStatement(**statement)
    return config


def test_the_configuration_names_further_temporary_directories() -> None:
    text = b"DATA_DIR=/scratch/data\n"
    assert list(check(File(".env", text))) == []
    (finding,) = check(File(".env", text, config=_stated(directories=("/scratch",))))
    assert finding.message.startswith("data is in /scratch: /scratch/data")


def test_the_configuration_permits_paths_and_roles() -> None:
    text = b"DATA_DIR=/tmp/models/a\nOTHER_DATA_DIR=/tmp/models2\nLOG_DIR=/tmp/logs\n"
    found = check(File(".env", text, config=_stated(permitted=("/tmp/models",), roles=("log",))))
    assert [finding.line for finding in found] == [2]


def test_a_stated_directory_is_found_by_the_hook_and_by_the_whole_check(tmp_path: Path) -> None:
    root = repository(
        tmp_path, {"app.env": "DATA_DIR=/scratch/data\n", ".shipworthy.yaml": "temporary:\n  directories: [/scratch]\n"}
    )
    for words in ([*command(RULE.id), "app.env"], [*command("shipworthy"), "check", "--select", RULE.id]):
        process = run(words, root)
        assert process.returncode == 1, process.stderr
        assert process.stdout.startswith("app.env:1:10: no-tmp-paths: data is in /scratch")


def test_code_of_a_function_as_a_service_is_told_by_the_committed_file_of_its_platform(tmp_path: Path) -> None:
    files = {"api/src/store.py": "DATA_DIR = '/tmp/data'\n", "worker/store.py": "DATA_DIR = '/tmp/data'\n"}
    root = repository(
        tmp_path, {**files, "api/serverless.yml": "service: api\n"}, untracked={"worker/serverless.yml": ""}
    )
    for words in ([*command(RULE.id), *files], [*command("shipworthy"), "check", "--select", RULE.id]):
        process = run(words, root)
        assert process.returncode == 1
        assert process.stdout.startswith("worker/store.py:1:13: no-tmp-paths: ")
        assert process.stdout.count("no-tmp-paths: ") == 1
