"""Measures ``shipworthy check`` beside programs that look for neighbouring problems, in the same run.

    pip install . bandit checkov detect-secrets ruff yamllint && python bench/peers.py [REPOSITORY...]

They do other work, so that a ratio is no verdict: it tells what a team that runs one of them already pays for this one.
A program that is not installed is left out, and named. Repositories are generated, and those that are named are added.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from repositories import generate
from run import Command, installed, measure, row

OWN = "shipworthy check"
PEERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("git grep /tmp", "git", ("grep", "-nI", "/tmp")),
    ("ruff S108", "ruff", ("check", "--isolated", "--no-cache", "--quiet", "--select", "S108", ".")),
    ("bandit B108", "bandit", ("--quiet", "--recursive", "--tests", "B108", ".")),
    ("yamllint", "yamllint", ("--no-warnings", "-d", "relaxed", ".")),
    ("detect-secrets", "detect-secrets", ("scan",)),
    ("checkov", "checkov", ("--quiet", "--compact", "--skip-download", "--directory", ".")),
)
"""The name in the table, the program, and its arguments."""
PATIENCE = 60.0
"""Seconds; a program that takes longer is ended."""


def found(program: str) -> str | None:
    """The installed program: beside this interpreter, or wherever the system looks."""
    return shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)


def compare(directory: Path, name: str, rounds: int) -> None:
    """The rows of one repository."""
    own = Command([installed("shipworthy"), "check"], directory)
    commands = {OWN: own}
    for peer, program, arguments in PEERS:
        path = found(program)
        if path:
            commands[peer] = Command([path, *arguments], directory, PATIENCE)
    measure(list(commands.values()), rounds)
    for peer, command in commands.items():
        seconds, ratio = f"{command.median:.2f} s", times(own.median / command.median)
        if command.was_ended:
            seconds, ratio = f"over {PATIENCE:.0f} s", f"under {times(own.median / PATIENCE)}"
        row(name, peer, seconds, ratio if command is not own else "", f"{command.megabytes:.0f} MB")


def times(value: float) -> str:
    """A ratio of any size, with two digits that count."""
    return f"{value:.0f} x" if value >= 10 else f"{value:.2g} x"


def files_in(directory: Path) -> int:
    """How many files git knows in a repository. Raises `SystemExit` where there is none."""
    process = subprocess.run(["git", "ls-files", "-z"], cwd=directory, capture_output=True, check=False)
    if process.returncode:
        raise SystemExit(f"{directory}: not a git repository")
    return process.stdout.count(b"\0")


def main() -> None:
    """Generate the repositories, measure, print."""
    parser = argparse.ArgumentParser(description="Measure shipworthy check beside other programs.")
    parser.add_argument("repositories", nargs="*", type=Path, help="real repositories to measure as well")
    parser.add_argument(
        "--files", type=int, nargs="*", default=[1_000, 10_000, 100_000], help="sizes of generated ones"
    )
    parser.add_argument("--rounds", type=int, default=3, help="measured runs of each program")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, {options.rounds} rounds\n")
    missing = [peer for peer, program, _ in PEERS if not found(program)]
    if missing:
        print(f"Not installed, and left out: {', '.join(missing)}.\n")
    row("repository", "program", "time", "shipworthy takes", "peak memory")
    row("---", "---", "--:", "--:", "--:")
    for repository in options.repositories:
        directory = repository.resolve()
        compare(directory, f"{directory.name}, {files_in(directory):,} files", options.rounds)
    for size in sorted(options.files):
        with tempfile.TemporaryDirectory(prefix="shipworthy-bench-") as folder:
            generate(Path(folder), size)
            compare(Path(folder), f"generated, {size:,} files", options.rounds)


if __name__ == "__main__":
    main()
