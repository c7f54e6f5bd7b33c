"""Which sockets are bound to a path, asked of the kernel."""

from __future__ import annotations

import os
import socket
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts import NEEDS_PROC, bound
from shipworthy.host.mounts import mounts_of
from shipworthy.host.processes import processes
from shipworthy.host.sockets import FILE_NUMBER, BoundSocket, bound_sockets, listed, told

LISTED = """\
Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 101 /tmp/api.sock
0000000000000000: 00000003 00000000 00000000 0001 03 102 /tmp/a name.sock
0000000000000000: 00000002 00000000 00000000 0002 01 103
0000000000000000: 00000002 00000000 00010000 0001 01 104 @/tmp/abstract
0000000000000000: 00000002 00000000 00010000 0001 01 105 api.sock
"""


def file_of(path: Path) -> int:
    return path.lstat().st_ino & FILE_NUMBER


@NEEDS_PROC
@pytest.mark.skipif(not hasattr(socket, "AF_NETLINK"), reason="this system has no such list")
def test_a_socket_is_known_by_its_file_whatever_its_name_is(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Supervisor renames its socket, others bind it in a folder that they leave."""
    monkeypatch.chdir(directory)
    with closing(bound(directory / "a.sock.123")) as renamed, closing(bound(Path("relative.sock"))) as relative:
        renamed.listen()
        os.rename(directory / "a.sock.123", directory / "a.sock")
        by_file = {found.file: found for found in bound_sockets()}
        if None in by_file:
            pytest.skip("this kernel does not tell the files of sockets")
        assert by_file[file_of(directory / "a.sock")].path == f"{directory}/a.sock.123"
        assert by_file[file_of(directory / "a.sock")].is_listening
        assert by_file[file_of(directory / "relative.sock")].path == "relative.sock"
        assert not by_file[file_of(directory / "relative.sock")].is_listening
        assert relative.fileno() > 0


@NEEDS_PROC
def test_nobody_has_a_socket_that_was_closed(directory: Path) -> None:
    bound(directory / "dead.sock").close()
    with closing(bound(directory / "a.sock.123")):
        os.rename(directory / "a.sock.123", directory / "a.sock")
        alive = processes([str(directory)], mounts_of())
        assert alive.has_socket(f"{directory}/a.sock", (directory / "a.sock").lstat())
    alive = processes([str(directory)], mounts_of())
    for name in ("a.sock", "dead.sock"):
        assert not alive.has_socket(f"{directory}/{name}", (directory / name).lstat())


def test_lines_of_the_kernel_s_list() -> None:
    assert list(listed(LISTED)) == [
        BoundSocket("/tmp/api.sock", "101", True),
        BoundSocket("/tmp/a name.sock", "102", False),
        BoundSocket("api.sock", "105", True),
    ]


def answer(kind: int, content: bytes) -> bytes:
    return struct.pack("=IHHII", 16 + len(content), kind, 0, 0, 0) + content


def test_an_answer_of_the_kernel() -> None:
    name, file = b"/tmp/a\0", struct.pack("=II", 77, 8)
    attributes = struct.pack("=HH", 4 + len(name), 0) + name + b"\0" + struct.pack("=HH", 12, 1) + file
    content = struct.pack("=BBBBIII", 1, 1, 10, 0, 5, 0, 0) + attributes
    assert list(told([answer(20, content), answer(3, b"")])) == [BoundSocket("/tmp/a", "5", True, 77)]


def test_a_kernel_that_refuses() -> None:
    with pytest.raises(OSError, match="the kernel does not tell"):
        list(told([answer(2, struct.pack("=i", -2))]))


@given(st.lists(st.binary(max_size=80)))
def test_any_answer_may_be_read(answers: list[bytes]) -> None:
    try:
        list(told(answers))
    except (OSError, struct.error):
        return


@given(st.text() | st.text("0: /\n@a"))
def test_any_text_may_be_read(text: str) -> None:
    list(listed(text))
