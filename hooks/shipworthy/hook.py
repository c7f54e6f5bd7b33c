"""How a rule becomes an executable.

Twenty hooks run at every commit, and most have nothing to say. What runs here before a reason is found imports
nothing but `sys` and `os`, which the interpreter has loaded already.
"""

from __future__ import annotations

import os
import sys

from shipworthy.rule import FILE, REPOSITORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shipworthy.repository import Asked, LineSearch
    from shipworthy.rule import Check, Rule

LARGEST_FILE = 5_000_000
"""Bytes; a larger file is not parsed but named as unreadable."""
_CHUNK = 65_536
"""Bytes that are read at once: most files are smaller, and room for the largest one is dear."""
_BINARY: int = getattr(os, "O_BINARY", 0)  # on Windows
_OBJECTS = 50_000
"""That may be made before Python looks for garbage among them; its own number is 700."""
_CONFIGURATION = ".shipworthy.yaml"
"""Is read where it changes, so that no mistake in it is committed unseen."""
IGNORE_MARK = b"shipworthy:"
"""What begins an inline ignore: a file that holds one is judged even where no trigger stands in it."""


def executable(
    rule: Rule, check: Check, search: Callable[[], LineSearch] | None = None
) -> Callable[[Sequence[str] | None], int]:
    """The ``main`` of the rule's console script. It returns the exit code: 0, 1 or 2 (see the README).

    ``search`` is one that the check will ask git for in any case: it begins before the rest of the program is loaded.
    """

    def main(argv: Sequence[str] | None = None) -> int:
        arguments = sys.argv[1:] if argv is None else list(argv)
        if rule.scope == FILE and has_no_trigger(rule, arguments):
            return write(f"no findings in {len(arguments)} file{'s' * (len(arguments) != 1)}\n")
        if argv is None:
            leave_garbage_alone()
        asked = ask_git(search) if rule.scope == REPOSITORY else None
        from shipworthy.run import run_hook

        return run_hook(rule, check, arguments, asked)

    return main


def leave_garbage_alone() -> None:
    """Have Python look for garbage in circles rarely, and not at all when it ends: a hook makes next to none.

    To look through all objects, most of which live as long as the program, takes a tenth of its time.
    """
    import atexit
    import gc

    gc.set_threshold(_OBJECTS, 2)
    atexit.register(gc.freeze)


def ask_git(search: Callable[[], LineSearch] | None = None) -> Asked | None:
    """Start git before the rest of the program is loaded; None where it cannot be started, which is said later."""
    from shipworthy.repository import Asked, NotARepository

    try:
        return Asked(search=search() if search is not None else None)
    except NotARepository:
        return None


def has_no_trigger(rule: Rule, arguments: Sequence[str]) -> bool:
    """Whether the arguments are readable files of a repository and none can hold a finding."""
    root = root_of()
    if not arguments or root is None or _states_directories(root):
        return False
    for name in arguments:
        if (
            name == _CONFIGURATION
            or name.startswith("-")
            or os.path.isabs(name)
            or ".." in name
            or os.path.islink(name)
        ):
            return False
        try:
            data = read_file(name)
        except (OSError, ValueError):
            return False
        if len(data) > LARGEST_FILE or has_trigger(rule, data):
            return False
    return True


def _states_directories(root: str) -> bool:
    """Whether the configuration may name further temporary directories, which are no triggers of any rule."""
    try:
        return b"temporary" in read_file(os.path.join(root, _CONFIGURATION))
    except OSError:
        return False


def read_file(name: str) -> bytes:
    """A file's bytes, of a file over `LARGEST_FILE` only so many and one more.

    Raises `OSError`, also for what is no file: reading a pipe or a device may never end.
    """
    if os.path.exists(name) and not os.path.isfile(name):
        raise OSError(0, "not a regular file")
    return beginning_of(name)


def beginning_of(name: str) -> bytes:
    """The first `LARGEST_FILE` bytes of a regular file and one more, at a sixth of the price of Python's file objects.

    Raises `OSError`.
    """
    descriptor = os.open(name, os.O_RDONLY | _BINARY)
    try:
        data = part = os.read(descriptor, _CHUNK)
        while part and len(data) <= LARGEST_FILE:
            part = os.read(descriptor, LARGEST_FILE + 1 - len(data))
            data += part
        return data
    finally:
        os.close(descriptor)


def has_trigger(rule: Rule, data: bytes) -> bool:
    """Whether one of the rule's triggers, or an inline ignore, stands in a file's bytes."""
    for trigger in rule.triggers:  # a loop: this is where a run over many files spends its time
        if trigger in data:
            return True
    return IGNORE_MARK in data


def root_of(directory: str | None = None) -> str | None:
    """The working tree that ``directory`` is in, told without starting git; None outside of one.

    Without a directory it is the current one, which may have been removed: nothing is outside of a working tree more.
    """
    try:
        directory = directory or os.getcwd()
        if "GIT_WORK_TREE" in os.environ:
            return os.path.realpath(os.environ["GIT_WORK_TREE"])
    except FileNotFoundError:
        return None
    root = directory
    while not os.path.exists(os.path.join(root, ".git")):
        parent = os.path.dirname(root)
        if parent == root:  # to git, the folder it was started in is the working tree of the GIT_DIR it was told
            return directory if "GIT_DIR" in os.environ else None
        root = parent
    return root


def write(text: str) -> int:
    """Print on standard output, whatever its encoding. The exit code: 0, or 2 where it could not be written.

    A reader that went away (``| head``) is no fault.
    """
    if sys.stdout is None:  # closed by whoever started the program
        return 0
    try:
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again when it ends
        if isinstance(error, BrokenPipeError):
            return 0
        complain(f"shipworthy: cannot write the report: {error.strerror}")
        return 2
    return 0


def complain(text: str) -> None:
    """Print a line on standard error."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
