"""Writes what derives from the rules' records: the manifest, the console scripts and the README's table of hooks.

    python scripts/derive.py            writes what has drifted
    python scripts/derive.py --check    names what has drifted, writes nothing, and exits with 1

It needs nothing but Python: a rule's record imports no parser.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from shipworthy.rule import FILE, JUDGES, Rule  # noqa: E402
from shipworthy.rules import ids, load  # noqa: E402

MANIFEST = ".pre-commit-hooks.yaml"
BEGIN = "begin: written by scripts/derive.py from the rules"
END = "end: written by scripts/derive.py from the rules"
STAGES = "[pre-commit, pre-merge-commit, pre-push, manual]"
"""The stages at which the committed tree is what the rules judge; those of commit messages pass another file."""
ON_REQUEST = "[manual]"
"""The stage of rules that only run when somebody asks for them."""
SHOWS_ITS_OUTPUT = "  verbose: true\n"
"""For those rules: pre-commit hides what a hook that passes has printed."""
OLDEST_PRE_COMMIT = "3.2.0"
"""The first release that knows the stages by these names."""
RUNS_ONCE = """\
  always_run: true
  pass_filenames: false
  require_serial: true
"""
"""For what judges the tree: pre-commit does not start a hook with a file filter when files are only deleted."""


def manifest(rules: Iterable[Rule]) -> str:
    """The whole of `.pre-commit-hooks.yaml`: the hook of all rules first, then one for each rule."""
    hooks = [
        _hook(
            "shipworthy",
            "shipworthy: is this repository fit for production?",
            "All rules in one process; what the single hooks find, in a fraction of their time.",
            "shipworthy check",
            RUNS_ONCE,
        )
    ]
    for rule in rules:
        takes = f"  files: {_quoted(rule.files)}\n  types: [file]\n" if rule.scope == FILE else RUNS_ONCE
        takes += SHOWS_ITS_OUTPUT if rule.manual else ""
        stages = ON_REQUEST if rule.manual else STAGES
        hooks.append(_hook(rule.id, rule.summary, rule.summary, rule.id, takes, stages))
    header = "# Written by scripts/derive.py from the rules' records: change those, then run python scripts/derive.py\n"
    return header + "\n".join(hooks)


def _hook(id: str, name: str, description: str, entry: str, takes: str, stages: str = STAGES) -> str:
    return (
        f"- id: {id}\n"
        f"  name: {_quoted(name)}\n"
        f"  description: {_quoted(description)}\n"
        f"  entry: {entry}\n"
        "  language: python\n"
        f"{takes}"
        f"  stages: {stages}\n"
        f"  minimum_pre_commit_version: {OLDEST_PRE_COMMIT}\n"
    )


def _quoted(text: str) -> str:
    """A single-quoted YAML scalar, in which a backslash means nothing."""
    return "'" + text.replace("'", "''") + "'"


def console_scripts(rules: Iterable[Rule]) -> str:
    """The lines of pyproject.toml that make each rule a command."""
    return "".join(f'{rule.id} = "shipworthy.rules.{rule.id.replace("-", "_")}:main"\n' for rule in rules)


def hooks_table(rules: Iterable[Rule]) -> str:
    """The README's table of hooks."""
    rows = ["| hook | requires | judges | severity |", "|---|---|---|---|"]
    for rule in rules:
        summary = rule.summary.replace("|", chr(92) + "|")
        rows.append(f"| `{rule.id}` | {summary} | {JUDGES[rule.scope]} | {rule.severity} |")
    return "\n" + "\n".join(rows) + "\n\n"


def between_markers(text: str, content: str, path: str) -> str:
    """The text with the lines between its two markers replaced. Raises `SystemExit` where a marker is missing."""
    lines = text.splitlines(keepends=True)
    begin = [number for number, line in enumerate(lines) if BEGIN in line]
    end = [number for number, line in enumerate(lines) if END in line]
    if len(begin) != 1 or len(end) != 1 or begin[0] > end[0]:
        raise SystemExit(f"{path}: needs one line with {BEGIN!r}, and one with {END!r} below it")
    return "".join([*lines[: begin[0] + 1], content, *lines[end[0] :]])


def derived(rules: list[Rule], current: Callable[[str], str]) -> dict[str, str]:
    """What each derived file should hold, by path; ``current`` reads what it holds now."""
    return {
        MANIFEST: manifest(rules),
        "pyproject.toml": between_markers(current("pyproject.toml"), console_scripts(rules), "pyproject.toml"),
        "README.md": between_markers(current("README.md"), hooks_table(rules), "README.md"),
    }


def main() -> int:
    """0 where nothing has drifted, or everything was written; 1 where ``--check`` finds drift."""
    parser = argparse.ArgumentParser(description="Write what derives from the rules' records.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something has drifted")
    options = parser.parse_args()

    def current(path: str) -> str:
        file = ROOT / path
        return file.read_text(encoding="utf-8") if file.exists() else ""

    expected = derived([load(id).RULE for id in ids()], current)
    drifted = [path for path, text in expected.items() if text != current(path)]
    for path in drifted:
        if options.check:
            print(f"{path}: does not match the rules; run: python scripts/derive.py")
        else:
            (ROOT / path).write_text(expected[path], encoding="utf-8", newline="\n")
            print(f"{path}: written")
    return int(options.check and bool(drifted))


if __name__ == "__main__":
    raise SystemExit(main())
