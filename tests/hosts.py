"""Temporary directories for the tests: what is in them, and real processes that use them."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.host import Host
from shipworthy.host.audit import all_may_enter
from shipworthy.host.mounts import mounts_of
from shipworthy.host.processes import numbers_are_shared
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding
from shipworthy.rules.tmp_audit import check

FOLDER = "a folder"
SOCKET = "a socket that nobody listens on"
PIPE = "a pipe"
NOBODY = 99_999_999
"""A number that no process can have."""
ANOTHER_USER = 65534
IS_ROOT = os.geteuid() == 0
NEEDS_PROC = pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="this system has no /proc")
NEEDS_SHARED = pytest.mark.skipif(
    not all_may_enter(os.path.realpath(tempfile.gettempdir())),
    reason="no other user can enter this temporary directory",
)
NEEDS_ROOT = pytest.mark.skipif(not IS_ROOT, reason="only root may become another user")


class Link(str):
    """A symbolic link to a path."""


class Mode:
    """A file with permissions of its own."""

    def __init__(self, mode: int, content: str = "") -> None:
        self.mode = mode
        self.content = content


Layout = Mapping[str, "str | bytes | Link | Mode"]


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """A new temporary directory with a short path, as sockets need it."""
    directory = Path(os.path.realpath(tempfile.mkdtemp(prefix="shipworthy-")))
    try:
        if numbers_are_shared(mounts_of(), str(directory)):
            pytest.skip("processes of another container may use this directory, so nothing in it is known to be dead")
        directory.chmod(0o755)
        yield directory
    finally:
        shutil.rmtree(directory)


def make(directory: Path, layout: Layout) -> None:
    """Put everything into the directory."""
    for path, content in layout.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            target.symlink_to(content)
        elif isinstance(content, Mode):
            target.write_text(content.content)
            target.chmod(content.mode)
        elif content == FOLDER:
            target.mkdir()
        elif content == SOCKET:
            bound(target).close()
        elif content == PIPE:
            os.mkfifo(target)
        else:
            target.write_bytes(content.encode() if isinstance(content, str) else content)
            target.chmod(0o600)


def bound(path: Path) -> socket.socket:
    """A socket that is bound to a path; it does not listen yet."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.bind(str(path))
    return made


def audit(directory: Path, *, repository: Path | None = None, config: Config | None = None) -> list[Finding]:
    """What the rule finds in a directory, from inside of a repository or of none."""
    config = config or Config()
    project = Project(Repository(str(repository)), config) if repository is not None else None
    return sorted(check(Host([str(directory)], config, project)), key=lambda finding: finding.path)


def told(findings: list[Finding], directory: Path) -> list[str]:
    """Findings as the tables write them: ``path severity``."""
    return [f"{os.path.relpath(finding.path, directory)} {finding.severity}" for finding in findings]


@contextmanager
def running(
    program: str, *arguments: str | Path, interpreter: str | Path = sys.executable, cwd: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python program that has said a line, so that it is ready, and waits without a terminal until it is ended."""
    process = subprocess.Popen(
        [str(interpreter), "-c", program + WAIT, *map(str, arguments)],
        cwd=cwd or "/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def as_another_user(work: Callable[[], str]) -> str:
    """What ``work`` returns in a process of a user without privileges. The modules it needs must be loaded already.

    That user may be unable to read this project, and even Python: a copy of this process needs neither.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of this process wait for the test runner
        child = os.fork()
    if child == 0:
        try:
            os.chdir("/")
            os.setgroups([])
            os.setgid(ANOTHER_USER)
            os.setuid(ANOTHER_USER)
            os.write(writing, work().encode())
        except BaseException as error:
            os.write(writing, f"{error!r}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


WAIT = "\nprint('ready', flush=True)\nimport sys; sys.stdin.read()\n"
SERVER = "import os, socket, sys\nserver = socket.create_server(('127.0.0.1', 0))\n"
"""The beginning of a program that listens."""


def listing(directory: Path) -> dict[str, tuple[object, ...]]:
    """Everything in a directory, with what would tell that it was touched."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, folders, files in os.walk(directory):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = Path(path).read_bytes() if stat.S_ISREG(status.st_mode) else b""
            link = os.readlink(path) if stat.S_ISLNK(status.st_mode) else ""
            found[os.path.relpath(path, directory)] = (
                status.st_ino, status.st_mode, status.st_uid, status.st_size, status.st_mtime_ns, content, link
            )  # fmt: skip
    return found


def age(directory: Path, seconds: float) -> None:
    """Make everything in the directory look as if it was written so long ago."""
    then = time.time() - seconds
    for folder, folders, files in os.walk(directory, topdown=False):
        for name in (*folders, *files):
            os.utime(os.path.join(folder, name), (then, then), follow_symlinks=False)
