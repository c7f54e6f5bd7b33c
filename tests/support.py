"""What tests share: repositories made of a few files, and programs run in them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import shipworthy

ROOT = Path(__file__).resolve().parent.parent
"""The root of this project: a git checkout or an unpacked source distribution."""
EXAMPLES = ROOT / "tests" / "examples"
SCRIPTS = Path(sysconfig.get_path("scripts"))
"""Where this interpreter's installed commands are."""


def run(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    given: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    """A finished process, its output as text; ``environment`` is added to that of the tests. Any exit code is fine."""
    return subprocess.run(
        [os.fspath(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        input=given if given is not None else "",
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        check=False,
    )


def git(cwd: Path, *arguments: str | Path) -> str:
    """What a git command that must succeed prints."""
    process = run(["git", *arguments], cwd)
    if process.returncode:
        raise AssertionError(f"git {' '.join(map(str, arguments))}: {process.stderr}")
    return process.stdout


def write(directory: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files with exactly these contents, their folders included."""
    for path, content in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)


def repository(
    directory: Path, files: Mapping[str, str | bytes], *, untracked: Mapping[str, str | bytes] | None = None
) -> Path:
    """Make ``directory`` a git repository with ``files`` staged, and ``untracked`` files that are only on disk."""
    directory.mkdir(parents=True, exist_ok=True)
    git(directory, "init", "--quiet")
    write(directory, files)
    git(directory, "add", "--all", "--force")
    write(directory, untracked or {})
    return directory


def commit(directory: Path, message: str = "Change", *options: str) -> str:
    """Commit what is staged, without running any hook; the new commit's name."""
    git(directory, "commit", "--quiet", "--no-verify", "--message", message, *options)
    return git(directory, "rev-parse", "HEAD").strip()


def command(name: str) -> list[str]:
    """The words that start an installed command of the project, or the same function where it is not installed."""
    installed = shutil.which(name, path=str(SCRIPTS))
    if installed:
        return [installed]
    module = "cli" if name == "shipworthy" else f"rules.{name.replace('-', '_')}"
    source = str(Path(shipworthy.__file__).parent.parent)
    start = f"import sys; sys.path.insert(0, {source!r}); from shipworthy.{module} import main; sys.exit(main())"
    return [sys.executable, "-c", start]


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """The paths that pre-commit would hand to a hook with this ``files`` pattern."""
    return [path for path in paths if re.search(pattern, path)]


def project_files() -> list[str]:
    """The paths of this project's own files, relative to `ROOT`: those that git knows or would add."""
    if (ROOT / ".git").exists():
        listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    else:
        listed = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if "__pycache__" not in path.parts]
    return sorted({path for path in listed if path and (ROOT / path).is_file()})


def project_copy(directory: Path) -> Path:
    """A copy of this project as it is in the working tree."""
    for path in project_files():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target, follow_symlinks=False)
    return directory


@cache
def _tests_of(id: str) -> ModuleType:
    path = ROOT / "tests" / "rules" / f"test_{id.replace('-', '_')}.py"
    spec = importlib.util.spec_from_file_location(f"tables_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(id: str, name: str) -> list[Any]:
    """The first values of the rows of a table that a rule's test module has; none where it has no such table.

    A row is a `pytest.param`, a tuple or a single value.
    """
    rows = getattr(_tests_of(id), name, ())
    return [getattr(row, "values", row if isinstance(row, tuple) else (row,))[0] for row in rows]
