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
TOO_SLOW = 60.0
"""Seconds; what takes longer is not run on the next repository, which is larger."""


def found(program: str) -> str | None:
    """The installed program: beside this interpreter, or wherever the system looks."""
    return shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)


def compare(directory: Path, name: str, rounds: int, left_out: set[str]) -> None:
    """The rows of one repository; a program that takes longer than `TOO_SLOW` is left out from then on."""
    commands = {OWN: Command([installed("shipworthy"), "check"], directory)}
    for peer, program, arguments in PEERS:
        path = found(program)
        if path and peer not in left_out:
            commands[peer] = Command([path, *arguments], directory)
    measure(list(commands.values()), rounds)
    own = commands[OWN].median
    left_out |= {peer for peer, command in commands.items() if peer != OWN and command.median > TOO_SLOW}
    for peer, command in commands.items():
        row(
            name,
            peer,
            f"{command.median:.2f} s",
            f"{own / command.median:.2g} x" if peer != OWN else "",
            f"{command.megabytes:.0f} MB",
        )


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
        compare(directory, f"{directory.name}, {files_in(directory):,} files", options.rounds, set())
    left_out: set[str] = set()
    for size in sorted(options.files):
        with tempfile.TemporaryDirectory(prefix="shipworthy-bench-") as folder:
            generate(Path(folder), size)
            compare(Path(folder), f"generated, {size:,} files", options.rounds, left_out)
    if left_out:
        print(
            f"\nLeft out on larger repositories, because of {TOO_SLOW:.0f} s and more: {', '.join(sorted(left_out))}."
        )


if __name__ == "__main__":
    main()
