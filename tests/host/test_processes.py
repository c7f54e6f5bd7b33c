"""The processes of this host, asked of the real ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hosts import NEEDS_PROC, NOBODY, SERVER, running
from shipworthy.host.mounts import mounts_of
from shipworthy.host.opened import ENVIRONMENT, INTERPRETER, MOUNT, Use
from shipworthy.host.processes import HAS_PROC, Process, Processes, is_of_the_system, processes
from shipworthy.host.spelling import Spelling


def uses(directory: Path, process: subprocess.Popen[str]) -> list[Use]:
    return found(directory, process).uses


def found(directory: Path, process: subprocess.Popen[str]) -> Process:
    return processes([str(directory)], mounts_of()).by_number[process.pid]


def test_who_a_process_is(directory: Path) -> None:
    with running(SERVER) as process:
        known = found(directory, process)
    assert known.parent == os.getpid()
    assert known.listens
    assert known.is_service
    assert known.uses == []
    assert known.name


def test_this_process_is_left_out(directory: Path) -> None:
    alive = processes([str(directory)], mounts_of())
    assert os.getpid() not in alive.by_number
    assert alive.lives(os.getpid())
    assert not alive.lives(NOBODY)
    assert not alive.lives(2**40)


def test_paths_of_the_environment_are_uses_and_its_values_are_not_kept(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORK", f"/srv:{directory}/work")
    monkeypatch.setenv("TOKEN", "hunter2")
    with running("") as process:
        assert uses(directory, process) == [Use(f"{directory}/work", ENVIRONMENT)]


def test_a_python_that_was_started_by_its_bare_name_runs_in_the_activated_environment(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = directory / "whisper-env"
    subprocess.run(["python3", "-m", "venv", "--without-pip", environment], check=True)
    monkeypatch.setenv("VIRTUAL_ENV", str(environment))
    monkeypatch.setenv("PATH", f"{environment}/bin:{os.environ['PATH']}")
    with running("", interpreter="python3") as process:
        hows = {use.path: use.how for use in uses(directory, process)}
    assert hows[str(environment)] == INTERPRETER


@NEEDS_PROC
def test_a_process_with_mounts_of_its_own(directory: Path) -> None:
    """What a container has of the host is known by the path that it has here."""
    (directory / "data").mkdir()
    (directory / "data" / "orders.db").write_text("x")
    (directory / "there").mkdir()
    script = 'mount --bind "$1/data" "$1/there" && exec python3 -c "$2" "$1/there/orders.db"'
    program = "import sys\nkept = open(sys.argv[1])\nprint('ready', flush=True)\nsys.stdin.read()"
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", str(directory), program]
    try:
        process = subprocess.Popen(words, stdin=-1, stdout=-1, stderr=-1, text=True, start_new_session=True)
    except FileNotFoundError:
        pytest.skip("unshare(1) is not installed")
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "ready\n":
            pytest.skip("mounts cannot be made here")
        found = uses(directory, process)
        assert Use(f"{directory}/data", MOUNT) in found
        assert f"{directory}/data/orders.db" in [use.path for use in found]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder", True),
        ("/usr/libexec/trustd", True),
        ("/Applications/Visual Studio Code.app/Contents/MacOS/Electron", True),
        ("/opt/homebrew/Frameworks/Python.framework/Versions/3.13/Resources/Python.app/Contents/MacOS/Python", False),
        ("/Library/Frameworks/Python3.framework/Versions/3.9/Resources/Python.app/Contents/MacOS/Python", False),
        ("/opt/homebrew/bin/node", False),
        ("/private/tmp/whisper-env/bin/python3", False),
        ("/usr/local/sbin/api", False),
        ("", False),
    ],
)
def test_what_macos_starts_itself_serves_nobody(program: str, expected: bool) -> None:
    assert is_of_the_system(program) == expected


HOLDER = """import os, socket, sys
kept = socket.socket(socket.AF_UNIX)
kept.bind(sys.argv[1] + "/api.sock")
kept.listen()
written = open(sys.argv[1] + "/orders.db", "w")
"""


def test_a_system_without_proc_is_asked_by_psutil(directory: Path) -> None:
    """As on macOS: what a process has open, the socket that it bound, and that it is there."""
    with running(HOLDER, directory, cwd=directory) as process:
        alive = processes([str(directory)], mounts_of(), has_proc=False)
        known = alive.by_number[process.pid]
        status = os.stat(directory / "api.sock")
        assert alive.has_socket(f"{directory}/api.sock", status)
        assert known in alive.holders(f"{directory}/api.sock", status)
    assert f"{directory}/orders.db" in [use.path for use in known.uses]
    assert known.name


def test_a_path_that_is_written_through_a_link_of_the_system_s_is_known(directory: Path) -> None:
    """As ``/tmp`` on macOS: the short path stands in command lines, variables and addresses of sockets."""
    link = "/shipworthy-link"
    spelling = Spelling({link: str(directory)})
    with running("", f"{link}/orders.db", f"--pidfile={link}/api.pid") as process:
        for has_proc in {False, HAS_PROC}:
            alive = processes([str(directory)], mounts_of(), spelling, has_proc=has_proc)
            paths = [use.path for use in alive.by_number[process.pid].uses]
            assert {f"{directory}/orders.db", f"{directory}/api.pid"} <= set(paths)


@pytest.mark.parametrize(
    ("sees_all", "owner", "expected"),
    [(True, os.geteuid(), False), (True, 4_000_000, False), (False, os.geteuid(), False), (False, 4_000_000, True)],
)
def test_a_socket_of_a_user_of_whom_nothing_may_be_seen_may_be_in_use(
    sees_all: bool, owner: int, expected: bool
) -> None:
    alive = Processes()
    alive.sees_all_sockets = sees_all
    status = os.stat_result((0o140755, 1, 1, 1, owner, 0, 0, 0, 0, 0))
    assert alive.has_socket("/private/tmp/mysql.sock", status) == expected
    assert not alive.is_sure_of_socket("/private/tmp/mysql.sock", status)
