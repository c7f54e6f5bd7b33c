"""What `tmp-audit` finds in temporary directories, and what it leaves alone; real processes use them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hosts import (
    FOLDER,
    IS_ROOT,
    NEEDS_PROC,
    NEEDS_ROOT,
    NEEDS_SHARED,
    NOBODY,
    PIPE,
    SERVER,
    SOCKET,
    Layout,
    Link,
    Mode,
    as_another_user,
    audit,
    bound,
    listing,
    make,
    running,
    temporary_directory,
    told,
)
from shipworthy.config import Config, TemporaryStatement
from shipworthy.host import Host
from shipworthy.host.items import on_this_system
from shipworthy.reporting import FORMATS
from shipworthy.rule import Finding
from shipworthy.rules.tmp_audit import check
from support import command, repository, run

RUN = on_this_system("/run")

SQLITE = b"SQLite format 3\0" + b"\0" * 84

# what the directory holds, what is found
FIRES = [
    pytest.param({"whisper-env/pyvenv.cfg": "home = /usr/bin\n"}, ["whisper-env medium"], id="a virtual environment"),
    pytest.param({"tools/conda-meta/history": ""}, ["tools medium"], id="an environment of conda"),
    pytest.param({"orders/.git/HEAD": "ref: x\n", "orders/main.py": ""}, ["orders medium"], id="a repository"),
    pytest.param({"orders.git/HEAD": "", "orders.git/objects/a": "", "orders.git/refs/a": ""}, ["orders.git medium"],
                 id="a bare repository"),
    pytest.param({"my-app/package.json": "{}"}, ["my-app medium"], id="a source tree"),
    pytest.param({"deploy/my-app/go.mod": ""}, ["deploy/my-app medium"], id="a source tree in a folder"),
    pytest.param({"api.service": "[Service]\n"}, ["api.service medium"], id="a unit"),
    pytest.param({"conf/nginx.conf": ""}, ["conf/nginx.conf medium"], id="the configuration of a server"),
    pytest.param({"compose.prod.yaml": ""}, ["compose.prod.yaml medium"], id="a Compose file"),
    pytest.param({"data/orders.sqlite3": SQLITE}, ["data/orders.sqlite3 medium"], id="a SQLite database"),
    pytest.param({"orders.db": SQLITE}, ["orders.db medium"], id="a SQLite database with a name that many formats have"),
    pytest.param({"pgdata/PG_VERSION": "16", "pgdata/base/1": ""}, ["pgdata medium"], id="the data of a server"),
    pytest.param({"api.sock": SOCKET}, ["api.sock medium"], id="a socket that nobody listens on"),
    pytest.param({"api.pid": f"{NOBODY}\n"}, ["api.pid medium"], id="a PID file whose process is gone"),
    pytest.param({"api.pid": "999999999999\n"}, [], id="a number that is none of a process"),
    pytest.param({"postmaster.pid": f"{NOBODY}\n/var/lib/postgresql\n5432\n"}, ["postmaster.pid medium"],
                 id="a PID file with more lines"),
    pytest.param({".env.production": "A=1"}, [".env.production medium"], id="an env file"),
    pytest.param({"api.env": Mode(0o644)}, ["api.env high"], marks=NEEDS_SHARED, id="an env file that everybody can read"),
    pytest.param({"tls/server.key": Mode(0o640)}, ["tls/server.key medium"], id="a private key"),
    pytest.param({"id_ed25519": Mode(0o604)}, ["id_ed25519 high"], marks=NEEDS_SHARED, id="a key that everybody can read"),
    pytest.param({"production_ml_api.py": "x"}, ["production_ml_api.py medium"], id="code that is named for production"),
    pytest.param({"production-data/a.csv": "x"}, ["production-data medium"], id="data that is named for production"),
    pytest.param({"production/orders.sqlite": SQLITE}, ["production/orders.sqlite medium"],
                 id="what lies in a folder that is named for production"),
    pytest.param({"models/base.gguf": b"x" * 1_000_001}, ["models/base.gguf medium"], id="a model"),
    pytest.param({"access.log": b"x" * 1_000_001}, ["access.log medium"], id="a log that grows"),
    pytest.param({"app/package.json": "{}", "app/run/api.pid": f"{NOBODY}"}, ["app medium", "app/run/api.pid medium"],
                 id="a stale PID file in a source tree"),
]  # fmt: skip

SILENT = [
    pytest.param({"download-cache/a.tar.gz": "x"}, id="a cache"),
    pytest.param({"tmp.2NEXGM1UIJ/package.json": "{}"}, id="a folder of mktemp"),
    pytest.param({"tmpx1y2z3w4/api.pid": f"{NOBODY}"}, id="a folder of Python's tempfile"),
    pytest.param({"build-3f2a9c1e8d7b6a50/.git/HEAD": ""}, id="a folder with a made-up name"),
    pytest.param({"pip-build-env-ab12cd34/overlay/pyvenv.cfg": ""}, id="a build of pip"),
    pytest.param({"pytest-of-root/pytest-0/app/.env": Mode(0o644)}, id="what tests made"),
    pytest.param({"ssh-AbCdEf/agent.123": SOCKET, "tmux-0/default": SOCKET, ".X11-unix/X0": SOCKET}, id="sockets of sessions"),
    pytest.param({"systemd-private-0123-api.service-x1/tmp/api.pid": f"{NOBODY}"}, id="what a service keeps in private"),
    pytest.param({"notes.txt": "x", "report.pdf": "x", "a.json": "{}", "try.py": ""}, id="files"),
    pytest.param({"thumbs.db": "no database"}, id="another format with the name of a database"),
    pytest.param({"empty.sqlite": ""}, id="a database that is empty"),
    pytest.param({".env.example": Mode(0o644), "env.py": Mode(0o644), "activate-env.sh.bak": Mode(0o644)},
                 id="no env files"),
    pytest.param({"server.pub": Mode(0o644), "ca.pem": Mode(0o644), "fullchain.pem": Mode(0o644)}, id="public keys"),
    pytest.param({"app.log": "a line"}, id="a small log"),
    pytest.param({"empty": FOLDER}, id="an empty folder"),
    pytest.param({"api.pid": "no number"}, id="a PID file without a number"),
    pytest.param({"api.pid": PIPE, "a.sqlite": PIPE}, id="pipes, which nobody waits for"),
    pytest.param({"link": Link("/"), "link.pid": Link("/etc/passwd"), "orders.sqlite": Link("/dev/zero")}, id="links"),
    pytest.param({"orders/.git/HEAD": "", "orders/logs/api.pid": f"{NOBODY}", "orders/tests/server.key": Mode(0o644),
                  "orders/.venv/pyvenv.cfg": "", "orders/web/package.json": "{}"}, id="parts of a repository"),
]  # fmt: skip


@pytest.fixture
def directory() -> Iterator[Path]:
    with temporary_directory() as made:
        yield made


@pytest.mark.parametrize(("layout", "expected"), FIRES)
def test_it_fires(directory: Path, layout: Layout, expected: list[str]) -> None:
    make(directory, layout)
    assert told(audit(directory), directory) == expected


@pytest.mark.parametrize("layout", SILENT)
def test_it_is_silent(directory: Path, layout: Layout) -> None:
    make(directory, layout)
    found = [line for line in told(audit(directory), directory) if line != "orders medium"]
    assert found == []


def only(findings: list[Finding]) -> Finding:
    [finding] = findings
    return finding


def users(finding: Finding) -> list[dict[str, Any]]:
    found: Any = finding.details["used_by"]
    return list(found)


def test_looking_changes_nothing(directory: Path) -> None:
    make(directory, {"api.pid": "1\n", "orders.sqlite": SQLITE, ".env": "A=secret", "api.sock": SOCKET, "p": PIPE})
    before = listing(directory)
    audit(directory)
    assert listing(directory) == before


def test_a_virtual_environment_s_server_with_a_pid_file(directory: Path) -> None:
    """The story that this rule is made for."""
    environment = directory / "whisper-env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pid_file = directory / "transcription.pid"
    program = SERVER + "open(sys.argv[1], 'w').write(str(os.getpid()))"
    with running(program, pid_file, interpreter=environment / "bin" / "python3") as server:
        found = audit(directory)
        assert told(found, directory) == ["transcription.pid high", "whisper-env blocking"]
        number, environment_finding = found
        assert f"(PID {server.pid}, " in number.message
        assert (
            number.fix
            == f"have it written to {RUN}/transcription/transcription.pid, start " + users(number)[0]["name"] + " again"
        )
        [user] = users(environment_finding)
        assert (user["pid"], user["is_service"]) == (server.pid, True)
        assert "interpreter" in [use["how"] for use in user["uses"]]
        assert environment_finding.fix is not None
        assert environment_finding.fix.startswith("python3 -m venv /opt/whisper-env and install into it again")
    found = audit(directory)
    assert told(found, directory) == ["transcription.pid medium", "whisper-env medium"]
    assert found[0].message.startswith(f"a stale PID file: there is no process {server.pid}; last changed ")
    assert found[1].message.startswith("a virtual environment; no process is seen to use it; last changed ")


def test_a_database_that_is_held_open(directory: Path) -> None:
    database = directory / "data" / "orders.db"
    database.parent.mkdir()
    connection = sqlite3.connect(database)
    connection.execute("create table orders (id)")
    connection.close()
    program = (
        "import sqlite3, sys\nkept = sqlite3.connect(sys.argv[1])\nkept.execute('select * from orders').fetchall()\n"
    )
    with running(program, database) as process:
        found = only(audit(directory))
        assert told([found], directory) == ["data/orders.db high"]
        assert found.message.startswith("a SQLite database; used by ")
        assert f"PID {process.pid}, " in found.message
        assert found.fix is not None
        assert f"mkdir -p /var/lib/orders && mv {database} /var/lib/orders/orders.db" in found.fix
    assert told(audit(directory), directory) == ["data/orders.db medium"]


def test_a_database_of_a_server_is_what_production_runs_on(directory: Path) -> None:
    make(directory, {"orders.db": SQLITE})
    with running(SERVER + "kept = open(sys.argv[1], 'r+b')", directory / "orders.db"):
        assert told(audit(directory), directory) == ["orders.db blocking"]


@NEEDS_PROC
def test_a_socket_that_is_listened_on(directory: Path) -> None:
    program = "import socket, sys\nserver = socket.socket(socket.AF_UNIX)\nserver.bind(sys.argv[1])\nserver.listen()\n"
    with running(program, directory / "api.sock") as process:
        found = only(audit(directory))
        assert told([found], directory) == ["api.sock high"]
        assert found.message.startswith("a socket in use; used by ")
        assert [user["pid"] for user in users(found)] == [process.pid]
        assert found.fix is not None
        assert found.fix.startswith(f"listen at {RUN}/api/api.sock, start ")
    assert only(audit(directory)).message.startswith("a socket that nobody is seen to listen on; ")


@NEEDS_PROC
@pytest.mark.parametrize(
    "after", ["", "\nimport os\nos.rename('api.sock', 'other.sock')\n"], ids=["relative", "renamed"]
)
def test_a_socket_is_in_use_whatever_name_it_was_bound_by(directory: Path, after: str) -> None:
    (directory / "run").mkdir()
    program = (
        "import socket\nserver = socket.socket(socket.AF_UNIX)\nserver.bind('api.sock')\nserver.listen()\n" + after
    )
    with running(program, cwd=directory / "run"):
        said = [found.message.partition(";")[0] for found in audit(directory) if found.path.endswith(".sock")]
        assert said in (["a socket in use"], ["a socket that somebody listens on"])


def test_the_working_directory_of_a_server(directory: Path) -> None:
    make(directory, {"my-app/package.json": "{}", "rest/a": ""})
    with running(SERVER, cwd=directory / "my-app") as process:
        found = only(audit(directory))
        assert told([found], directory) == ["my-app blocking"]
        assert [use["how"] for use in users(found)[0]["uses"]] == ["working directory"]
        assert users(found)[0]["pid"] == process.pid
    with running(SERVER, cwd=directory / "rest"):
        assert told(audit(directory), directory) == ["my-app medium", "rest blocking"]


def test_a_shell_that_waits_in_a_folder_is_no_service_that_works_there(directory: Path) -> None:
    """Tools that run jobs keep the PID file of the shell that they started."""
    make(directory, {"job/notes.txt": "x"})
    words = ["/bin/sh", "-c", 'echo $$ > "$0/job.pid"; echo ready; read line; exit', str(directory)]
    shell = subprocess.Popen(words, stdin=-1, stdout=-1, text=True, cwd=directory / "job", start_new_session=True)
    assert shell.stdout is not None
    shell.stdout.readline()
    try:
        assert told(audit(directory), directory) == ["job.pid high"]
    finally:
        shell.kill()
        shell.communicate()


def test_a_program_that_a_server_runs(directory: Path) -> None:
    make(directory, {"server.py": SERVER + "print('ready', flush=True)\nsys.stdin.read()\n"})
    process = subprocess.Popen(
        [sys.executable, directory / "server.py"], stdin=-1, stdout=-1, text=True, start_new_session=True, cwd="/"
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        found = only(audit(directory))
        assert told([found], directory) == ["server.py blocking"]
        assert users(found)[0]["pid"] == process.pid
    finally:
        process.kill()
        process.communicate()


@NEEDS_PROC
def test_a_program_that_was_deleted_while_it_runs(directory: Path) -> None:
    """A clean-up has been here: the service lives until somebody starts it again."""
    (directory / "bin").mkdir()
    copied = directory / "bin" / "served"
    copied.write_bytes(Path("/bin/sleep").read_bytes())
    copied.chmod(0o755)
    process = subprocess.Popen([copied, "600"], start_new_session=True)
    try:
        copied.unlink()
        found = only(audit(directory))
        assert found.path == str(copied)
        assert found.message.startswith("a program that is deleted already; used by served (")
        assert "executable (deleted meanwhile)" in found.message
    finally:
        process.kill()
        process.wait()


def test_what_a_program_without_a_server_s_marks_runs_is_no_service(directory: Path) -> None:
    make(directory, {"try.py": "print('ready', flush=True)\nimport sys; sys.stdin.read()\n"})
    process = subprocess.Popen([sys.executable, directory / "try.py"], stdin=-1, stdout=-1, text=True, cwd="/")
    assert process.stdout is not None
    process.stdout.readline()
    try:
        assert told(audit(directory), directory) == ["try.py medium"]
    finally:
        process.kill()
        process.communicate()


def test_a_committed_setting_names_it(directory: Path, tmp_path: Path) -> None:
    make(directory, {"whisper-env/pyvenv.cfg": "", "uploads/a.mp3": "x", "notes/a": ""})
    files = {
        "deploy/transcription.service": f"[Service]\nExecStart={directory}/whisper-env/bin/python3 /opt/t/main.py\n",
        ".env.production": f"UPLOAD_DIR={directory}/uploads\n",
        "README.md": f"Look into {directory}/notes/a and {directory}/whisper-env.\n",
    }
    found = audit(directory, repository=repository(tmp_path / "repository", files))
    assert told(found, directory) == ["uploads high", "whisper-env high"]
    assert "; named by .env.production:1; " in found[0].message
    assert "; named by deploy/transcription.service:2; " in found[1].message
    assert found[1].fix is not None
    assert found[1].fix.endswith(", name that in deploy/transcription.service:2")
    assert [named["path"] for named in found[1].details["named_by"]] == ["deploy/transcription.service", "README.md"]  # type: ignore[attr-defined]


def test_what_the_repository_permits_is_left_alone(directory: Path) -> None:
    make(directory, {"models/base.gguf": b"x" * 1_000_001, "api.service": "", "orders.sqlite": SQLITE})
    config = Config()
    config.temporary = TemporaryStatement(permitted=(f"{directory}/models",), roles=("data",))
    assert told(audit(directory, config=config), directory) == ["api.service medium"]


def test_a_pid_file_whose_number_somebody_else_has(directory: Path) -> None:
    make(directory, {"api.pid": "x"})
    with running("") as process:
        (directory / "api.pid").write_text(f"{process.pid}\n")
        os.utime(directory / "api.pid", (1_000_000_000, 1_000_000_000))
        found = only(audit(directory))
        assert found.message.startswith(
            f"a stale PID file: the process {process.pid} is another one, which started later; "
        )
        assert (found.severity, found.fix) == ("medium", f"rm {directory}/api.pid")


@NEEDS_SHARED
def test_names_and_modes_are_all_that_is_told_of_secrets(directory: Path, tmp_path: Path) -> None:
    make(directory, {".env": Mode(0o644, "TOKEN=hunter2hunter2"), "server.key": Mode(0o600, "hunter2hunter2")})
    for format in FORMATS:
        process = run([*command("tmp-audit"), "--format", format, "--directory", directory], tmp_path)
        assert "hunter2" not in process.stdout + process.stderr
    found = audit(directory)
    assert found[0].message.startswith("an env file, mode 0644, which every user of this host can read; ")
    assert found[1].message.startswith("a private key or credential, mode 0600; ")


@pytest.mark.parametrize("closed", ["private", "."])
def test_a_closed_folder_keeps_what_is_in_it_private(directory: Path, closed: str) -> None:
    make(directory, {"private/.env": Mode(0o644)})
    (directory / closed).chmod(0o700)
    assert told(audit(directory), directory) == ["private/.env medium"]


@NEEDS_SHARED
@pytest.mark.parametrize("words", [["tmp-audit"], ["shipworthy", "audit-host"]])
def test_the_commands_work_outside_of_a_repository(directory: Path, tmp_path: Path, words: list[str]) -> None:
    make(directory, {"api.env": Mode(0o644), "api.pid": f"{NOBODY}\n"})
    process = run([*command(words[0]), *words[1:], "--format", "json", "--directory", directory], tmp_path)
    assert process.returncode == 1
    report = json.loads(process.stdout)
    assert [finding["path"] for finding in report["findings"]] == [f"{directory}/api.env", f"{directory}/api.pid"]
    assert report["checked"] == {"files": 2, "rules": ["tmp-audit"]}
    assert report["not_applicable"] == []


def test_the_text(directory: Path, tmp_path: Path) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n"})
    process = run([*command("tmp-audit"), "--directory", directory], tmp_path)
    first, fix, counts = process.stdout.splitlines()
    assert first.startswith(
        f"{directory}/api.pid:1:1: tmp-audit: a stale PID file: there is no process {NOBODY}; last changed "
    )
    assert fix == f"    fix: rm {directory}/api.pid"
    assert counts == "1 finding in 1 file: 1 medium"
    assert process.returncode == 0


@NEEDS_SHARED
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_a_report(directory: Path, tmp_path: Path, format: str) -> None:
    make(directory, {"a\n::error::b.pid": f"{NOBODY}\n", "api.env": Mode(0o644)})
    process = run([*command("tmp-audit"), "--format", format, "--directory", directory], tmp_path)
    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    assert "\n::error::b" not in process.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--directory", "/no/such/directory"], "nothing was checked\n"),
        (["--directory", "/proc"], "nothing was checked\n"),
        (["--directory", "/etc/passwd"], "nothing was checked\n"),
    ],
)
def test_nothing_to_look_at(tmp_path: Path, arguments: list[str], said: str) -> None:
    process = run([*command("tmp-audit"), *arguments], tmp_path)
    assert process.returncode == 0
    assert process.stdout.startswith("nothing to check for tmp-audit: ")
    assert process.stdout.endswith(said)


@pytest.mark.parametrize("arguments", [["/tmp"], ["--format=text", "/tmp"], ["--nonsense"]])
def test_wrong_arguments(tmp_path: Path, arguments: list[str]) -> None:
    process = run([*command("tmp-audit"), *arguments], tmp_path)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.count("\n") == 1


def test_check_leaves_the_host_alone(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", {"README.md": "x"})
    everything = run([*command("shipworthy"), "check", "--format", "json"], root)
    assert "tmp-audit" not in json.loads(everything.stdout)["checked"]["rules"]
    selected = run([*command("shipworthy"), "check", "--select", "tmp-audit"], root)
    assert selected.returncode == 2
    assert selected.stderr == "shipworthy: tmp-audit judges this host and no repository; run it as: tmp-audit\n"


def test_the_configuration_changes_severities_and_excludes_paths(directory: Path, tmp_path: Path) -> None:
    make(directory, {"api.pid": f"{NOBODY}\n", "old/b.pid": f"{NOBODY}\n"})
    stated = f"rules:\n  tmp-audit:\n    severity: high\n    exclude: [{directory}/old/]\n"
    root = repository(tmp_path / "repository", {".shipworthy.yaml": stated})
    process = run([*command("tmp-audit"), "--format", "json", "--directory", directory], root)
    assert process.returncode == 1
    report = json.loads(process.stdout)
    assert [(found["path"], found["severity"]) for found in report["findings"]] == [(f"{directory}/api.pid", "high")]


@NEEDS_ROOT
@NEEDS_PROC
def test_another_user_is_told_what_may_not_be_seen(directory: Path) -> None:
    """A user sees the file, and that he may not see who uses it."""
    make(directory, {"orders.sqlite": SQLITE, "closed/a": ""})
    directory.chmod(0o755)
    (directory / "closed").chmod(0o700)
    (directory / "orders.sqlite").chmod(0o644)
    with running("import sys\nkept = open(sys.argv[1])", directory / "orders.sqlite"):
        assert told(audit(directory), directory) == ["orders.sqlite high"]
        seen = json.loads(as_another_user(lambda: reported(directory)))
    assert [finding["used_by"] for finding in seen["details"]] == [[]]
    assert seen["unseen"][str(directory)] == "1 folder in it may not be read: root"
    assert "may not be seen: " in seen["unseen"]["/proc"]


def test_what_is_nothing_is_counted_and_not_kept(directory: Path) -> None:
    make(
        directory, {**{f"{folder}/{file}.txt": "" for folder in "abc" for file in range(20)}, "a/api.pid": f"{NOBODY}"}
    )
    host = Host([str(directory)])
    entries = host.audit().entries
    assert host.seen == 64
    assert set(entries) == {f"{directory}/a/api.pid"}


def reported(directory: Path) -> str:
    """What is found in a directory and what could not be seen, as JSON."""
    host = Host([str(directory)])
    return json.dumps({"details": [finding.details for finding in check(host)], "unseen": host.unseen})


@pytest.mark.skipif(IS_ROOT, reason="root may see everything")
def test_a_user_is_told_what_may_not_be_seen(directory: Path, tmp_path: Path) -> None:
    process = run([*command("tmp-audit"), "--directory", directory], tmp_path)
    assert "may not be seen: " in process.stderr


def test_a_listener_of_this_process_is_no_finding(directory: Path) -> None:
    """The program that looks does not tell of itself; its socket is in use all the same."""
    server = bound(directory / "api.sock")
    server.listen()
    assert only(audit(directory)).message.startswith("a socket that somebody listens on; ")
    server.close()
