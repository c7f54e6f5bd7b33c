"""How a rule becomes an executable.

Twenty hooks run at every commit, and most have nothing to say. What runs here before a reason is found imports
nothing but `sys` and `os`, which the interpreter has loaded already.
"""

from __future__ import annotations

import os
import sys

from shipworthy.rule import FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shipworthy.rule import FileCheck, ProjectCheck, Rule

LARGEST_FILE = 5_000_000
"""Bytes; a larger file is not parsed but named as unreadable."""
IGNORE_MARK = b"shipworthy: ignore["
"""An inline ignore: a file that holds one is judged even where no trigger stands in it."""


def executable(rule: Rule, check: FileCheck | ProjectCheck) -> Callable[[Sequence[str] | None], int]:
    """The ``main`` of the rule's console script. It returns the exit code: 0, 1 or 2 (see the README)."""

    def main(argv: Sequence[str] | None = None) -> int:
        arguments = sys.argv[1:] if argv is None else list(argv)
        if rule.scope == FILE and has_no_trigger(rule, arguments):
            print(f"no findings in {len(arguments)} file{'s' * (len(arguments) != 1)}")
            return 0
        from shipworthy.run import run_hook

        return run_hook(rule, check, arguments)

    return main


def has_no_trigger(rule: Rule, arguments: Sequence[str]) -> bool:
    """Whether the arguments are readable files of a repository and none can hold a finding."""
    if not arguments or root_of(os.getcwd()) is None:
        return False
    for name in arguments:
        if name.startswith("-"):
            return False
        try:
            with open(name, "rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError:
            return False
        if len(data) > LARGEST_FILE or has_trigger(rule, data):
            return False
    return True


def has_trigger(rule: Rule, data: bytes) -> bool:
    """Whether one of the rule's triggers, or an inline ignore, stands in a file's bytes."""
    return any(trigger in data for trigger in rule.triggers) or IGNORE_MARK in data


def root_of(directory: str) -> str | None:
    """The working tree that ``directory`` is in, told without starting git; None outside of one."""
    if "GIT_WORK_TREE" in os.environ:
        return os.path.abspath(os.environ["GIT_WORK_TREE"])
    while not os.path.exists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory
