"""The walk through a temporary directory: what it sees, what bounds it, what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hosts import FOLDER, IS_ROOT, PIPE, SOCKET, Link, make
from shipworthy.host.looking import Entry, Look
from shipworthy.host.mounts import Mount, Mounts

NOTHING = Mounts([])


def look(directory: Path, mounts: Mounts = NOTHING, **limits: int) -> tuple[list[str], dict[str, str]]:
    made = Look(str(directory), mounts, lambda entry: True, **limits)
    found = [entry.inside for entry in made.entries()]
    return found, made.unseen


def test_every_entry_is_seen_once_a_folder_before_what_it_holds(directory: Path) -> None:
    make(directory, {"b/c/d": "x", "b/a": "x", "a": "x", "p": PIPE, "s": SOCKET, "l": Link("/"), "e": FOLDER})
    assert look(directory) == (["a", "l", "p", "s", "b", "b/a", "b/c", "b/c/d", "e"], {})


def test_what_an_entry_is(directory: Path) -> None:
    make(directory, {"b/c": "xyz", "s": SOCKET, "p": PIPE})
    entries = {entry.inside: entry for entry in Look(str(directory), NOTHING, lambda entry: True).entries()}
    assert entries["b"].is_folder
    assert entries["b"].names == frozenset({"c"})
    assert entries["b/c"].is_file
    assert (entries["b/c"].path, entries["b/c"].name, entries["b/c"].depth) == (f"{directory}/b/c", "c", 2)
    assert entries["s"].is_socket
    assert not any((entries["p"].is_file, entries["p"].is_folder, entries["p"].is_socket))


def test_a_folder_that_is_not_entered_is_seen(directory: Path) -> None:
    make(directory, {"env/lib/a": "x", "app/main.py": "x"})

    def is_no_environment(entry: Entry) -> bool:
        return entry.name != "env"

    found = [entry.inside for entry in Look(str(directory), NOTHING, is_no_environment).entries()]
    assert found == ["app", "app/main.py", "env"]


def test_links_are_not_followed(directory: Path) -> None:
    make(directory, {"a/b": "x", "a/round": Link(".."), "out": Link("/usr"), "loop": Link("loop")})
    assert look(directory)[0] == ["loop", "out", "a", "a/b", "a/round"]


def test_mounts_are_not_crossed_nor_touched(directory: Path) -> None:
    make(directory, {"a/b": "x", "c": "x"})
    mounts = Mounts([Mount("/", "/", "0:1", "ext4"), Mount(f"{directory}/a", "/", "0:2", "nfs4")])
    assert look(directory, mounts)[0] == ["c"]


def test_one_full_folder_does_not_hide_the_others(directory: Path) -> None:
    make(directory, {**{f"full/{number:03}": "" for number in range(50)}, "other/a": "", "z/a": ""})
    found, unseen = look(directory, most_below=10)
    assert len([path for path in found if path.startswith("full/")]) == 10
    assert {"other/a", "z/a"} <= set(found)
    assert unseen == {f"{directory}/full": "holds more than the 10 entries that are looked at"}


def test_the_whole_directory_has_a_limit(directory: Path) -> None:
    make(directory, {f"{number:03}": "" for number in range(50)})
    found, unseen = look(directory, most_entries=20)
    assert len(found) == 20
    assert unseen == {str(directory): "holds more than the 20 entries that are looked at"}


def test_depth_has_a_limit(directory: Path) -> None:
    make(directory, {"a/b/c/d/e": "x", "a/b/empty": FOLDER})
    found, unseen = look(directory, deepest=3)
    assert found == ["a", "a/b", "a/b/c", "a/b/empty"]
    assert unseen == {str(directory): "1 folder lies more than 3 folders deep"}


def test_many_folders_within_each_other_need_no_more_than_their_share(directory: Path) -> None:
    folder = os.open(directory, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    before = len(os.listdir("/dev/fd"))
    assert len(look(directory)[0]) == 8
    assert len(os.listdir("/dev/fd")) == before


@pytest.mark.skipif(IS_ROOT, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_counted(directory: Path) -> None:
    make(directory, {"closed/a": "x", "open/a": "x"})
    (directory / "closed").chmod(0)
    made = Look(str(directory), NOTHING, lambda entry: True)
    assert [entry.inside for entry in made.entries()] == ["closed", "open", "open/a"]
    assert made.closed == {str(directory): [os.getuid()]}
    (directory / "closed").chmod(0o700)


def test_a_directory_that_is_none_cannot_be_looked_at(directory: Path) -> None:
    with pytest.raises(OSError, match="No such"):
        list(Look(f"{directory}/absent", NOTHING, lambda entry: True).entries())


def test_a_walk_that_is_given_up_closes_everything(directory: Path) -> None:
    make(directory, {"a/b/c": "x"})
    before = len(os.listdir("/dev/fd"))
    entries = Look(str(directory), NOTHING, lambda entry: True).entries()
    next(entries)
    next(entries)
    entries.close()  # type: ignore[attr-defined]
    assert len(os.listdir("/dev/fd")) == before


def test_names_that_are_not_text(directory: Path) -> None:
    (directory / os.fsdecode(b"caf\xe9\n")).write_text("x")
    assert look(directory)[0] == ["caf\udce9\n"]
