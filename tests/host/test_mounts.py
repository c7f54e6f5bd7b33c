"""What is mounted where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts import NEEDS_PROC
from shipworthy.host.mounts import Mount, Mounts, mounts_of, parsed

TEXT = r"""
24 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
25 24 0:22 / /tmp rw,nosuid - tmpfs tmpfs rw,size=8g
26 24 0:33 / /srv/a\040name rw - nfs4 files:/a rw
27 24 253:0 /tmp/systemd-private-1/tmp /var/tmp/x rw - ext4 /dev/vda rw
28 25 0:44 / /tmp/.mount_App rw - fuse.App App rw
29 24 0:5 / /proc rw - proc proc rw
30 24 253:0 /home/deploy /srv/deploy rw - ext4 /dev/vda rw
"""
HERE = Mounts(parsed(TEXT))


def test_lines_of_the_kernel() -> None:
    assert len(list(HERE)) == 7
    assert HERE.at("/srv/a name/b") == Mount("/srv/a name", "/", "0:33", "nfs4")


@pytest.mark.parametrize(
    ("path", "point"),
    [
        ("/", "/"),
        ("/etc", "/"),
        ("/tmp", "/tmp"),
        ("/tmp/a/b", "/tmp"),
        ("/tmpfile", "/"),
        ("/tmp/.mount_App/a", "/tmp/.mount_App"),
    ],
)
def test_the_nearest_mount_is_the_one_that_a_path_is_in(path: str, point: str) -> None:
    mount = HERE.at(path)
    assert mount is not None
    assert mount.point == point


def test_a_later_mount_hides_an_earlier_one() -> None:
    later = Mounts([Mount("/tmp", "/", "0:1", "tmpfs"), Mount("/tmp", "/", "0:2", "ext4")])
    found = later.at("/tmp/a")
    assert found is not None
    assert found.device == "0:2"


def test_without_mounts_nothing_is_known() -> None:
    assert Mounts([]).at("/tmp") is None
    assert Mounts([]).place("/tmp") is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("nfs", True), ("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("autofs", True), ("9p", True), ("macfuse", True),
     ("ext4", False), ("tmpfs", False), ("apfs", False), ("overlay", False), ("xfs", False), ("proc", False)],
)  # fmt: skip
def test_file_systems_of_which_another_machine_or_program_answers(kind: str, expected: bool) -> None:
    assert Mount("/a", "/", "0:1", kind).is_remote == expected


def test_the_kernel_s_own_answers_are_no_files() -> None:
    assert Mount("/proc", "/", "0:5", "proc").is_made_by_the_kernel
    assert not Mount("/tmp", "/", "0:5", "tmpfs").is_made_by_the_kernel


def test_a_path_of_another_process_is_found_here() -> None:
    """A service with a private ``/tmp``, and a container that has a folder of the host mounted."""
    there = Mounts(
        [
            Mount("/", "/", "253:0", "ext4"),
            Mount("/tmp", "/tmp/systemd-private-1/tmp", "253:0", "ext4"),
            Mount("/data", "/home/deploy/data", "253:0", "ext4"),
            Mount("/scratch", "/", "0:99", "overlay"),
        ]
    )

    def here(path: str) -> str | None:
        place = there.place(path)
        assert place is not None
        return HERE.path_of(place)

    assert here("/tmp/a.pid") == "/var/tmp/x/a.pid"
    assert here("/data/a.db") == "/srv/deploy/data/a.db"
    assert here("/etc/passwd") == "/etc/passwd"
    assert here("/scratch/a") is None


def test_what_another_mount_covers_has_no_path() -> None:
    assert HERE.path_of(("253:0", "/tmp/a")) is None
    assert HERE.path_of(("253:0", "/opt/a")) == "/opt/a"


@NEEDS_PROC
def test_our_own_mounts() -> None:
    root = mounts_of().at("/")
    assert root is not None
    assert root.point == "/"
    with pytest.raises(OSError, match="No such"):
        mounts_of(99_999_999)


@given(st.text() | st.text("1 /-:\\0\n"))
def test_any_text_may_be_read(text: str) -> None:
    for mount in Mounts(parsed(text)):
        assert mount.kind
