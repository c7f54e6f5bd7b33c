"""Runs each rule's command on the small repositories of `tests/examples`.

``tests/examples/<rule>/{pass,fail}/<case>/`` becomes a repository of its own with every file added, except those that
the case's ``untracked.txt`` lists: they are only on disk. The ``expected.txt`` of a fail case lists what must be
found, one ``path:line severity`` a line. Each line of ``links.txt`` makes a symbolic link, ``path target``: no archive
carries one that leads out of it. A rule about the host looks into the case's folder ``host`` as if that were the only
temporary directory there is.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from shipworthy.rule import FILE, HOST, REPOSITORY
from shipworthy.rules import load
from support import EXAMPLES, command, git, matching, run

EXPECTED = "expected.txt"
UNTRACKED = "untracked.txt"
LINKS = "links.txt"
HOST_FOLDER = "host"
NOT_EVERY_PROCESS = "/proc: skipped: "
"""What rules about the host say to everybody but root."""


def cases(kind: str) -> list[Path]:
    """The folders of the pass or of the fail cases."""
    return sorted(path for path in EXAMPLES.glob(f"*/{kind}/*") if path.is_dir())


def name_of(case: Path) -> str:
    return f"{case.parent.parent.name}: {case.name}"


def lines_of(path: Path) -> list[str]:
    """The lines of a list; none where there is no such file."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line] if path.exists() else []


def repository_of(case: Path, directory: Path) -> Path:
    """The case as a repository with its files staged."""
    shutil.copytree(case, directory, symlinks=True, ignore=shutil.ignore_patterns(EXPECTED, UNTRACKED, LINKS))
    for line in lines_of(case / LINKS):
        path, target = line.split()
        (directory / path).symlink_to(target)
    git(directory, "init", "--quiet")
    git(directory, "add", "--all", "--force")
    for path in lines_of(case / UNTRACKED):
        git(directory, "rm", "--quiet", "--cached", "-r", path)
    return directory


def check(case: Path, directory: Path) -> tuple[int, list[str]]:
    """The exit code of the rule's command, and its findings as ``expected.txt`` writes them."""
    rule = load(case.parent.parent.name).RULE
    repository = repository_of(case, directory)
    arguments = ["--format", "json", "--fail-on", "medium"]
    if rule.scope == FILE:
        files = matching(rule.files, git(repository, "ls-files", "-z").split("\0")[:-1])
        assert files, "the hook would not take any file of this example"
        arguments += ["--", *files]
    if rule.scope == HOST:
        arguments += ["--directory", str(repository / HOST_FOLDER)]
    words = command(rule.id)
    if rule.manual and rule.scope == REPOSITORY:
        words = [*command("shipworthy"), "check", "--select", rule.id]  # its own command prints a report
    process = run([*words, *arguments], repository)
    said = [line for line in process.stderr.splitlines() if not line.startswith(NOT_EVERY_PROCESS)]
    assert said == []
    root = os.path.realpath(repository)
    return process.returncode, [
        f"{os.path.relpath(os.path.join(root, found['path']), root)}:{found['line']} {found['severity']}"
        for found in json.loads(process.stdout)["findings"]
    ]


@pytest.mark.parametrize("case", cases("pass"), ids=name_of)
def test_nothing_is_found_in_what_is_right(case: Path, tmp_path: Path) -> None:
    assert check(case, tmp_path / "repository") == (0, [])


@pytest.mark.parametrize("case", cases("fail"), ids=name_of)
def test_exactly_what_is_wrong_is_found(case: Path, tmp_path: Path) -> None:
    code, found = check(case, tmp_path / "repository")
    assert sorted(found) == sorted(lines_of(case / EXPECTED))
    assert code == 1
