"""Which directories are looked at, and which are never cleaned."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from shipworthy.host.directories import holds, in_time, of_the_user, temporary_directories
from shipworthy.host.mounts import Mount, Mounts, mounts_of

MOUNTS = mounts_of()


def test_the_system_s_and_the_user_s(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", f"{directory}/")
    found, failed = temporary_directories([], [], MOUNTS)
    paths = [made.path for made in found]
    assert paths[0] == str(directory)
    assert os.path.realpath("/tmp") in paths
    assert len(paths) == len(set(paths))
    assert failed == {}


@pytest.mark.parametrize("value", ["", "relative", "."])
def test_a_variable_that_names_no_directory(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TMPDIR", value)
    assert all(os.path.isabs(made.path) for made in temporary_directories([], [], MOUNTS)[0])


def test_what_is_given_takes_the_place_of_all_others(directory: Path) -> None:
    found, failed = temporary_directories([str(directory), f"{directory}/../{directory.name}"], ["/srv"], MOUNTS)
    assert [(made.path, made.untouchable) for made in found] == [(str(directory), "")]
    assert failed == {}


def test_what_the_repository_states_is_looked_at_and_never_cleaned(directory: Path) -> None:
    found, _ = temporary_directories([], [str(directory), "/tmp"], MOUNTS)
    untouchable = {made.path: made.untouchable for made in found}
    assert untouchable[str(directory)] == "it is a temporary directory only because the repository says so"
    assert untouchable[os.path.realpath("/tmp")] == ""


def test_a_directory_that_is_reached_through_a_link_is_never_cleaned(directory: Path) -> None:
    (directory / "real").mkdir()
    (directory / "link").symlink_to("real")
    [found], _ = temporary_directories([str(directory / "link")], [], MOUNTS)
    assert found.path == str(directory / "real")
    assert found.untouchable == f"it is reached through a symbolic link: {directory}/link"


@pytest.mark.parametrize("path", ["/", os.path.expanduser("~")])
def test_a_home_is_never_cleaned(path: str) -> None:
    found, failed = temporary_directories([path], [], MOUNTS)
    assert failed or [made.untouchable for made in found] == ["it holds a home directory"]


@pytest.mark.parametrize(
    ("system", "told", "expected"),
    [
        ("Darwin", "/var/folders/xx/0123abc/T/", ["/var/folders/xx/0123abc/T"]),
        ("Darwin", "", []),
        ("Darwin", None, []),
        ("Linux", "/var/folders/xx/0123abc/T/", []),
    ],
)
def test_what_macos_gives_to_each_user(system: str, told: str | None, expected: list[str]) -> None:
    assert of_the_user(lambda number: told if number == 65537 else "/elsewhere", system) == expected


def test_a_system_that_does_not_know_the_directory_of_the_user() -> None:
    def ask(number: int) -> str:
        raise OSError(22, "Invalid argument")

    assert of_the_user(ask, "Darwin") == []
    assert of_the_user() == [] or os.uname().sysname == "Darwin"


def test_a_folder_holds_a_home_however_it_is_spelled(directory: Path) -> None:
    """On a file system that takes names in any case ``/users`` is ``/Users``; here a link stands for that."""
    (directory / "Users" / "me").mkdir(parents=True)
    (directory / "users").symlink_to("Users")
    assert holds(f"{directory}/users", f"{directory}/Users/me")
    assert holds(f"{directory}/Users/me", f"{directory}/Users/me")
    assert not holds(f"{directory}/Users/me", f"{directory}/Users")
    assert not holds(f"{directory}/absent", f"{directory}/Users")


def test_what_is_no_directory_is_said(directory: Path) -> None:
    (directory / "file").write_text("x")
    found, failed = temporary_directories([f"{directory}/absent", f"{directory}/file"], [], MOUNTS)
    assert found == []
    assert failed == {f"{directory}/absent": "no such directory", f"{directory}/file": "not a directory"}


def test_the_kernel_s_own_folders_are_no_directories() -> None:
    mounts = Mounts([Mount("/", "/", "0:1", "ext4"), Mount("/proc", "/", "0:5", "proc")])
    assert temporary_directories(["/proc"], [], mounts) == ([], {"/proc": "no directory but the kernel's own (proc)"})


def test_another_machine_that_answers(directory: Path) -> None:
    mounts = Mounts([Mount("/", "/", "0:1", "nfs4")])
    assert [made.path for made in temporary_directories([str(directory)], [], mounts)[0]] == [str(directory)]


def test_who_does_not_answer_is_not_waited_for(directory: Path) -> None:
    """A pipe that nobody writes to stands for a server that is gone: whoever opens it waits."""
    os.mkfifo(directory / "pipe")
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 seconds"):
        in_time(lambda: os.open(directory / "pipe", os.O_RDONLY), 0.05)
    os.close(os.open(directory / "pipe", os.O_WRONLY))  # let the one go that waits
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and thread.daemon:
            thread.join(5)


def test_an_answer_and_an_error_come_through() -> None:
    assert in_time(lambda: 1) == 1
    with pytest.raises(FileNotFoundError):
        in_time(lambda: os.stat("/absent"))
