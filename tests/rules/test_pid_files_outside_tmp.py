"""What `pid-files-outside-tmp` finds, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.file import File
from shipworthy.rules.pid_files_outside_tmp import RULE, check
from support import command, matching, repository, run


def lines(path: str, text: str) -> list[int]:
    """The lines of the findings in a file."""
    return [finding.line for finding in check(File(path, text.encode()))]


# path, content, line of each finding
FIRES = [
    pytest.param("api.service", "[Service]\nPIDFile=/tmp/api.pid\n", [2], id="a unit"),
    pytest.param(
        "api.service",
        "[Service]\nExecStart=/opt/api/run exec -- start_server --pid-file /tmp/api.pid -- plackup\n",
        [2],
        id="an option of the program behind a wrapper",
    ),
    pytest.param(
        "supervisord.conf", "[supervisord]\npidfile = /tmp/supervisord.pid ; the file\n", [2], id="supervisor"
    ),
    pytest.param("nginx.conf", "pid        /tmp/nginx.pid;\n", [1], id="nginx"),
    pytest.param("php-fpm.conf", "[global]\npid = /tmp/php-fpm.pid\n", [2], id="php-fpm"),
    pytest.param("httpd.conf", 'PidFile "/tmp/httpd.pid"\n', [1], id="Apache"),
    pytest.param("snmptrapd.conf", "pidFile /tmp/snmptrapd.pid\n", [1], id="white space between name and value"),
    pytest.param("gunicorn.conf.py", 'pidfile = "/tmp/gunicorn.pid"\n', [1], id="gunicorn"),
    pytest.param("uwsgi.ini", "[uwsgi]\npidfile = /var/tmp/uwsgi.pid\n", [2], id="uwsgi"),
    pytest.param(".env", "CATALINA_PID=/tmp/$$\n", [1], id="a name made of the process's own number"),
    pytest.param(
        "envvars", "export APACHE_PID_FILE=/tmp/apache2.pid\n", [1], id="an environment file without an ending"
    ),
    pytest.param("upstart.conf.j2", "description {{ name }}\nenv PID=/var/tmp/api.pid\n", [2], id="an upstart job"),
    pytest.param("Makefile", "run:\n\tsupervisord --pidfile=/tmp/supervisor_pid -n\n", [2], id="a recipe"),
    pytest.param(
        "app/arbiter.py",
        "import os, tempfile\ndef pidfile():\n    return os.path.join(tempfile.gettempdir(), 'app.pid')\n",
        [3],
        id="a function that names the PID file",
    ),
    pytest.param("deploy/app.yaml", "daemon:\n  pid_file: /tmp/app.pid\n", [2], id="YAML"),
    pytest.param(
        "compose.yaml",
        "services:\n  web:\n    image: web:1\n    environment:\n      PIDFILE: /tmp/server.pid\n",
        [5],
        id="a container's environment",
    ),
    pytest.param("redis.conf", "pidfile /tmp/redis.pid\n", [1], id="redis"),
]

SILENT = [
    pytest.param("api.service", "[Service]\nRuntimeDirectory=api\nPIDFile=/run/api/api.pid\n", id="the runtime directory"),
    pytest.param("puma.rb", 'pidfile "#{root}/tmp/pids/server.pid"\n', id="the application's own tmp folder"),
    pytest.param("nginx.conf", "# pid /tmp/nginx.pid;\npid /run/nginx.pid;\n", id="a comment"),
    pytest.param("stop.sh", "kill $(cat /tmp/api.pid); rm -f /tmp/api.pid\n", id="a clean-up"),
    pytest.param("tests/supervisord.conf", "[supervisord]\npidfile=/tmp/test.pid\n", id="a test"),
    pytest.param(".env", "DATA_DIR=/tmp/data\n", id="anything but a PID file, which another rule owns"),
    pytest.param("config.yml", "rapid: /tmp/rapid\nstupid_path: /tmp/x\n", id="a word that only holds the letters"),
    pytest.param("Dockerfile", "FROM nginx\nRUN sed -i 's,/run/nginx.pid,/tmp/nginx.pid,' /etc/nginx/nginx.conf\n",
                 id="an image whose process is not root"),
]  # fmt: skip

TAKES = [
    "api.service",
    "supervisord.conf",
    "nginx.conf",
    "gunicorn.conf.py",
    "uwsgi.ini",
    ".env.production",
    "start.sh",
]
LEAVES = ["README.md", "logo.png", "notes.txt"]


@pytest.mark.parametrize(("path", "text", "expected"), FIRES)
def test_fires(path: str, text: str, expected: list[int]) -> None:
    assert lines(path, text) == expected


@pytest.mark.parametrize(("path", "text"), SILENT)
def test_is_silent(path: str, text: str) -> None:
    assert lines(path, text) == []


def test_the_filter_takes_configuration_and_leaves_documents() -> None:
    assert matching(RULE.files, TAKES) == TAKES
    assert matching(RULE.files, LEAVES) == []


@pytest.mark.parametrize(
    ("path", "text", "fix"),
    [
        ("api.service", "[Service]\nPIDFile=/tmp/api.pid\n", "PIDFile=/run/api/api.pid with RuntimeDirectory=api"),
        (
            "api.service",
            "[Service]\nRuntimeDirectory=api\nPIDFile=/tmp/api.pid\n",
            "PIDFile=/run/api/api.pid",
        ),
        ("supervisord.conf", "[supervisord]\npidfile=/tmp/supervisord.pid\n", "pidfile=/run/supervisord.pid"),
        ("nginx.conf", "pid /tmp/nginx.pid;\n", "pid /run/nginx.pid"),
    ],
    ids=["unit", "unit with a runtime directory", "supervisor", "nginx"],
)
def test_the_fix_is_in_the_file_s_own_syntax(path: str, text: str, fix: str) -> None:
    (finding,) = check(File(path, text.encode()))
    assert finding.fix == fix


def test_the_message_says_what_is_lost() -> None:
    (finding,) = check(File("api.service", b"[Service]\nPIDFile=/tmp/api.pid\n"))
    assert finding.message.startswith("the PID file is in /tmp: /tmp/api.pid; a clean-up deletes it")
    assert finding.severity == "blocking"


@pytest.mark.parametrize(
    ("name", "text", "fixed"),
    [
        (
            "api.service",
            "[Service]\r\nType=forking\r\nPIDFile=/tmp/api.pid\r\n",
            "[Service]\r\nType=forking\r\nRuntimeDirectory=api\r\nPIDFile=/run/api/api.pid\r\n",
        ),
        (
            "api.service",
            "[Service]\nRuntimeDirectory=api\nPIDFile=/tmp/api.pid",
            "[Service]\nRuntimeDirectory=api\nPIDFile=/run/api/api.pid",
        ),
        ("nginx.conf", "# ünï\npid\t/tmp/nginx.pid; # here\n", "# ünï\npid\t/run/nginx.pid; # here\n"),
        ("supervisord.conf", "[supervisord]\npidfile=/tmp/s.pid ; x\n", "[supervisord]\npidfile=/run/s.pid ; x\n"),
        ("gunicorn.conf.py", "pidfile = '/tmp/gunicorn.pid'\n", "pidfile = '/run/gunicorn/gunicorn.pid'\n"),
    ],
    ids=["a unit with its line ends", "a unit that has its directory", "nginx", "supervisor", "gunicorn"],
)
def test_fix_changes_the_file_once_and_only_where_it_is_named(tmp_path: Path, name: str, text: str, fixed: str) -> None:
    root = repository(tmp_path, {name: text, "other.conf": "pid /tmp/other.pid;\n"})
    (root / name).chmod(0o640)
    first = run([*command(RULE.id), "--fix", name], root)
    assert (first.returncode, (root / name).read_bytes()) == (1, fixed.encode())
    assert "fixed: the PID file is in /tmp" in first.stdout
    assert (root / name).stat().st_mode & 0o777 == 0o640
    assert (root / "other.conf").read_text() == "pid /tmp/other.pid;\n"
    second = run([*command(RULE.id), "--fix", name], root)
    assert (second.returncode, (root / name).read_bytes()) == (0, fixed.encode())
    assert sorted(path.name for path in root.iterdir()) == sorted([".git", name, "other.conf"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("api.service", "[Service]\nPIDFile=/tmp/api.pid\nExecStop=/bin/sh -c 'kill $(cat /tmp/api.pid)'\n"),
        ("app.yaml", "pid_file: /tmp/app.pid\n"),
        (".env", "PIDFILE=/tmp/app.pid\n"),
    ],
    ids=["the unit stops the service by the same path", "a format whose program is unknown", "an environment file"],
)
def test_fix_only_suggests_what_is_not_certain(tmp_path: Path, name: str, text: str) -> None:
    root = repository(tmp_path, {name: text})
    process = run([*command(RULE.id), "--fix", name], root)
    assert process.returncode == 1
    assert "fixed" not in process.stdout
    assert (root / name).read_bytes() == text.encode()
