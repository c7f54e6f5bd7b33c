"""The processes of this host, asked of the real ones."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hosts import NEEDS_PROC, NOBODY, SERVER, running
from shipworthy.host.mounts import mounts_of
from shipworthy.host.opened import ENVIRONMENT, INTERPRETER, MOUNT, Use
from shipworthy.host.processes import Process, processes


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
