"""Measures what the hooks cost, in multiples of what cannot be avoided.

    pip install . && python bench/run.py

Repositories are generated in a temporary folder. Each figure is the median of several runs, and the runs of all
commands are interleaved, so that a busy moment of the machine hits them alike. A hook is held against the start of
Python that was measured just before it: processors change their pace within seconds. It prints, and judges nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from repositories import generate

from shipworthy.rule import FILE, HOST, Rule
from shipworthy.rules import ids, load

START = (sys.executable, "-c", "pass")
READ_ALL = """
import subprocess
for name in subprocess.run(["git", "ls-files", "-z"], capture_output=True).stdout.split(b"\\0")[:-1]:
    with open(name, "rb") as file:
        file.read()
"""
PARSE_WHAT_DEPLOYS = """
import subprocess
from shipworthy.formats import CODE, decode, format_of, read
for name in subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True).stdout.split("\\0")[:-1]:
    if format_of(name) not in (*CODE, "text"):
        with open(name, "rb") as file:
            read(name, decode(file.read()))
"""
QUIET_FILE = "services.conf"
QUIET = "".join(f"setting_{number} = {number}\n" for number in range(100))
TRIGGERED_FILE = "triggered.conf"
TRIGGERED = "# scratch files go to /tmp/work, PID files do not\n" + QUIET


class Command:
    """A program to measure: its words, the folder it runs in, and what was measured, in seconds and megabytes.

    Where there is a ``patience``, in seconds, a run that takes longer is ended, and counts for so much. The memory is
    that of the largest of its processes.
    """

    def __init__(self, words: Sequence[str], directory: Path, patience: float | None = None) -> None:
        self.words = list(words)
        self.directory = directory
        self.patience = patience
        self.seconds: list[float] = []
        self.megabytes = 0.0
        self.was_ended = False

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    def run(self) -> None:
        """Run it once. Raises `SystemExit` if it could not do its work."""
        begin = time.perf_counter()
        process = subprocess.Popen(
            self.words,
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        clock = threading.Timer(self.patience, self._end, [process]) if self.patience else None
        if clock:
            clock.start()
        errors = process.stderr.read() if process.stderr else b""
        if sys.platform == "win32":
            process.wait()
        else:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            unit = 1_000_000 if sys.platform == "darwin" else 1_000
            self.megabytes = max(self.megabytes, usage.ru_maxrss / unit)
        if clock:
            clock.cancel()
        self.seconds.append(time.perf_counter() - begin)
        if process.returncode not in (0, 1) and not self.was_ended:
            raise SystemExit(f"{' '.join(self.words)}: exit code {process.returncode}\n{os.fsdecode(errors)}")

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End a program, and the programs that it started."""
        self.was_ended = True
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def measure(commands: Sequence[Command], rounds: int) -> None:
    """Run every command once, unmeasured, and then ``rounds`` times in turn; one that was ended is not run again."""
    for command in commands:
        command.run()
        if not command.was_ended:
            command.seconds.clear()
    for _ in range(rounds):
        for command in commands:
            if not command.was_ended:
                command.run()


def installed(name: str) -> str:
    """The installed command. Raises `SystemExit` where there is none."""
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if not found:
        raise SystemExit(f"{name} is not installed beside {sys.executable}; run: pip install .")
    return found


def row(*cells: str) -> None:
    """Print a row of a Markdown table."""
    print("| " + " | ".join(cells) + " |", flush=True)


def times(value: float) -> str:
    """A ratio as the tables show it."""
    return f"{value:.1f} x"


def hooks(rules: Sequence[Rule], work: Path, files: int, rounds: int) -> None:
    """The table of the single hooks: file rules on one file, repository rules on a repository."""
    repository = work / str(files)
    (repository / QUIET_FILE).write_text(QUIET)
    (repository / TRIGGERED_FILE).write_text(TRIGGERED)
    rows = [
        (
            f"`{rule.id}`, {what}",
            Command(START, repository),
            Command([installed(rule.id), *arguments], repository),
            budget,
        )
        for rule in rules
        for what, arguments, budget in _uses(rule, files)
    ]
    measure([command for _, start, hook, _ in rows for command in (start, hook)], rounds)
    row("hook", "time", "`python -c pass`", "ratio", "budget")
    row("---", "--:", "--:", "--:", "--:")
    for what, start, hook, budget in rows:
        ratio = statistics.median(one / before for one, before in zip(hook.seconds, start.seconds, strict=True))
        row(what, f"{hook.median * 1000:.0f} ms", f"{start.median * 1000:.0f} ms", times(ratio), budget)


def _uses(rule: Rule, files: int) -> Iterator[tuple[str, list[str], str]]:
    if rule.scope == FILE:
        yield "one file with nothing to look at", [QUIET_FILE], "2 x"
        yield "one file that must be parsed", [TRIGGERED_FILE], "none"
    else:
        yield f"{files:,} files", [], "none" if rule.manual else "15 x"  # who asks for a report waits for it


def whole_tree(work: Path, sizes: Sequence[int], rounds: int) -> None:
    """The table of ``shipworthy check``, and of the report beside it, on repositories of several sizes."""
    rows = [
        (
            size,
            Command([sys.executable, "-c", READ_ALL], work / str(size)),
            Command([sys.executable, "-c", PARSE_WHAT_DEPLOYS], work / str(size)),
            Command([installed("shipworthy"), "check"], work / str(size)),
            Command([installed("shipworthy"), "report"], work / str(size)),
        )
        for size in sizes
    ]
    measure([command for _, *commands in rows for command in commands], rounds)
    row(
        "files",
        "`shipworthy check`",
        "per file",
        "reading the bytes",
        "ratio",
        "parsing all that deploys",
        "of its budget",
        "peak memory",
        "`shipworthy report`",
        "times the check",
    )
    row(*["--:"] * 10)
    for size, read, parse, check, report in rows:
        measured = zip(read.seconds, parse.seconds, check.seconds, strict=True)
        share = statistics.median(one / (4 * reading + parsing) for reading, parsing, one in measured)
        row(
            f"{size:,}",
            f"{check.median:.2f} s",
            f"{check.median / size * 1000:.2f} ms",
            f"{read.median:.2f} s",
            times(check.median / read.median),
            f"{parse.median:.2f} s",
            f"{share:.0%}",
            f"{check.megabytes:.0f} MB",
            f"{report.median:.2f} s",
            times(report.median / check.median),
        )
    print("\nThe budget is 4 x reading the bytes, plus parsing what deploys, and 100 MB.")


def main() -> None:
    """Generate the repositories, measure, print."""
    parser = argparse.ArgumentParser(description="Measure what the hooks cost.")
    parser.add_argument(
        "--files", type=int, nargs="+", default=[1_000, 5_000, 20_000], help="sizes of the repositories"
    )
    parser.add_argument("--rounds", type=int, default=7, help="measured runs of each command")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, {options.rounds} rounds\n")
    sizes = sorted(options.files)
    with tempfile.TemporaryDirectory(prefix="shipworthy-bench-") as folder:
        work = Path(folder)
        for size in sizes:
            (work / str(size)).mkdir()
            generate(work / str(size), size)
        rules = [rule for rule in (load(id).RULE for id in ids()) if rule.scope != HOST]
        hooks(rules, work, sizes[len(sizes) // 2], options.rounds)
        print()
        whole_tree(work, sizes, options.rounds)


if __name__ == "__main__":
    main()
