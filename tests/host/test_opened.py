"""What a process runs and has open, asked of a real one."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import psutil
import pytest

from hosts import NEEDS_PROC, NEEDS_ROOT, as_another_user, running
from shipworthy.host.opened import (
    EXECUTABLE,
    OPEN_FILE,
    WORKING_DIRECTORY,
    WRITTEN_FILE,
    opened,
    opened_by_links,
)
from shipworthy.host.sockets import bound_sockets

HOLDER = "import sys\nread = open(sys.argv[1])\nwritten = open(sys.argv[2], 'a')\n"


@NEEDS_PROC
def test_what_the_kernel_says(directory: Path) -> None:
    (directory / "read").write_text("x")
    with running(HOLDER, directory / "read", directory / "written", cwd=directory) as process:
        (directory / "read").unlink()
        held = opened_by_links(process.pid, lambda path: path.startswith(str(directory)))
    uses = {(use.path, use.how): use.is_deleted for use in held.uses}
    assert uses[str(directory / "read"), OPEN_FILE]
    assert not uses[str(directory / "written"), WRITTEN_FILE]
    assert held.working_directory == str(directory)
    assert EXECUTABLE in [use.how for use in held.uses]


@NEEDS_PROC
def test_its_sockets(directory: Path) -> None:
    program = "import socket, sys\nkept = socket.socket(socket.AF_UNIX)\nkept.bind(sys.argv[1])\nkept.listen()\n"
    with running(program, directory / "a socket") as process:
        held = opened_by_links(process.pid, lambda path: False)
        [found] = [made for made in bound_sockets() if made.path == str(directory / "a socket")]
    assert found.number in held.sockets
    assert found.is_listening


def test_what_psutil_says_where_there_is_no_proc(directory: Path) -> None:
    (directory / "read").write_text("x")
    with running(HOLDER, directory / "read", directory / "written", cwd=directory) as process:
        held = opened(psutil.Process(process.pid))
    paths = {use.path: use.how for use in held.uses}
    assert str(directory / "read") in paths
    assert str(directory / "written") in paths
    assert paths[str(directory)] == WORKING_DIRECTORY


@NEEDS_ROOT
def test_what_may_not_be_seen_does_not_hide_what_may(directory: Path) -> None:
    """MacOS tells of other users' processes what they run, and nothing else; so does Linux to a user without rights."""
    process = psutil.Process(os.getpid())

    def look() -> str:
        held = opened(process)
        return f"{held.is_partial} {[use.how for use in held.uses]}"

    assert as_another_user(look).startswith("True [")
    assert not opened(process).is_partial


@NEEDS_PROC
def test_a_process_that_is_gone() -> None:
    with pytest.raises(FileNotFoundError):
        opened_by_links(99_999_999, bool)


@NEEDS_PROC
def test_a_descriptor_of_a_pipe_or_a_socket_is_no_path() -> None:
    left, right = socket.socketpair()
    reading, writing = os.pipe()
    uses = opened_by_links(os.getpid(), lambda path: True).uses
    assert all(use.path.startswith("/") for use in uses)
    for descriptor in (reading, writing):
        os.close(descriptor)
    left.close()
    right.close()
