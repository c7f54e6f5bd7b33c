"""What a reboot and a clean-up do to a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.fate import Cleaners, Fate, parsed
from shipworthy.host.mounts import Mount, Mounts
from support import write

ON_DISK = Mounts([Mount("/", "/", "8:1", "ext4")])
IN_MEMORY = Mounts([Mount("/", "/", "8:1", "ext4"), Mount("/tmp", "/", "0:30", "tmpfs")])
LINES = """\
# comment
q /tmp 1777 root root 10d
q /var/tmp 1777 root root 30d
D! /tmp/.X11-unix 1777 root root 10d
x /tmp/kept-*
X /tmp/only-this
d /tmp/app 0755 app app 1h
R! /tmp/old-*
r! /tmp/.X[0-9]*-lock
e "/tmp/a name" - - - 2d
d /tmp/forever 0755 - - -
d %T/of-a-specifier - - - ~mA:3d
"""


@pytest.fixture
def cleaners(tmp_path: Path) -> Cleaners:
    write(tmp_path, {"a.conf": LINES, "not-a.configuration": "q /tmp - - - 1d\n"})
    return on_disk(str(tmp_path))


def on_disk(*folders: str) -> Cleaners:
    """A host of which nothing is known but what is in the folders."""
    found = Cleaners(ON_DISK, folders, "Linux")
    found.others = []
    found.is_container = False
    return found


@pytest.mark.parametrize(
    ("path", "reboot", "clean_up"),
    [
        ("/tmp/api.pid", "", "what nobody touches for 10d is deleted ({}:2)"),
        ("/var/tmp/a/b", "", "what nobody touches for 30d is deleted ({}:3)"),
        ("/tmp/.X11-unix/X0", "a reboot deletes it ({}:4)", "what nobody touches for 10d is deleted ({}:4)"),
        ("/tmp/kept-app/a", "", ""),
        ("/tmp/only-this", "", ""),
        ("/tmp/only-this/a", "", "what nobody touches for 10d is deleted ({}:2)"),
        ("/tmp/app/a", "", "what nobody touches for 1h is deleted ({}:7)"),
        ("/tmp/old-app/a/b", "a reboot deletes it ({}:8)", "what nobody touches for 10d is deleted ({}:2)"),
        ("/tmp/.X0-lock", "a reboot deletes it ({}:9)", "what nobody touches for 10d is deleted ({}:2)"),
        ("/tmp/a name/b", "", "what nobody touches for 2d is deleted ({}:10)"),
        ("/tmp/of-a-specifier/b", "", "what nobody touches for 3d is deleted ({}:12)"),
        ("/srv/app", "", ""),
    ],
)
def test_lines_of_tmpfiles(cleaners: Cleaners, tmp_path: Path, path: str, reboot: str, clean_up: str) -> None:
    file = tmp_path / "a.conf"
    assert cleaners.fate(path) == Fate(reboot.format(file), clean_up.format(file))


def test_what_the_host_makes_at_every_start(cleaners: Cleaners) -> None:
    assert cleaners.makes("/tmp/forever")
    assert cleaners.makes("/tmp/.X11-unix")
    assert not cleaners.makes("/tmp/kept-a")


def test_a_file_of_the_administrator_takes_the_place_of_the_system_s(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"etc/tmp.conf": "q /tmp - - - 5d\n", "usr/tmp.conf": "D /tmp - - - 10d\n", "usr/x.conf": "x /tmp/x\n"},
    )
    (tmp_path / "etc" / "x.conf").symlink_to("/dev/null")
    found = on_disk(str(tmp_path / "etc"), str(tmp_path / "usr"), str(tmp_path / "absent"))
    assert found.fate("/tmp/x") == Fate("", f"what nobody touches for 5d is deleted ({tmp_path}/etc/tmp.conf:1)")


def test_a_directory_in_memory() -> None:
    fate = Cleaners(IN_MEMORY, [], "Linux").fate("/tmp/whisper-env")
    assert fate.reboot == "a reboot deletes it: /tmp lies in memory (tmpfs)"


def test_other_programs_that_clean_up_and_containers() -> None:
    found = on_disk()
    found.others = ["tmpreaper"]
    found.is_container = True
    assert found.fate("/tmp/a") == Fate("it is gone with the container", "tmpreaper deletes what is old every day")


def test_macos() -> None:
    cleaners = Cleaners(ON_DISK, [], "Darwin")
    age = "what nobody reads for 3 days is deleted"
    assert cleaners.fate("/private/tmp/a") == Fate("a reboot deletes it", age)
    assert cleaners.fate("/private/var/folders/xx/0123abc/T/a") == Fate("", age)
    assert cleaners.fate("/private/var/folders/xx/0123abc/C/a") == Fate("", "")
    assert cleaners.fate("/private/var/tmp/a") == Fate("", "")


def test_this_host_has_an_answer() -> None:
    for path in ("/tmp/a", "/var/tmp/a", "/dev/shm/a"):
        assert isinstance(Cleaners(ON_DISK).fate(path), Fate)


@given(st.text() | st.text("dDxXrR! /tmp*?[%\"'\\-~:\n"))
def test_any_text_may_be_read(text: str) -> None:
    cleaners = Cleaners(ON_DISK, [], "Linux")
    cleaners.lines = list(parsed(text, "a.conf"))
    cleaners.fate("/tmp/a/b")
    cleaners.makes("/tmp/a")
