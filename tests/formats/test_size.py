"""What is too much to parse is named, and not parsed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.cli import main
from shipworthy.file import File
from shipworthy.formats import read
from shipworthy.formats.size import MOST_NODES, MOST_TOKENS, MOST_TOKENS_OF_LINES, MOST_TOKENS_OF_SCRIPTS, tokens
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree
from shipworthy.formats.unreadable import TooLarge
from support import repository

TOO_MUCH = [
    ("a.py", "x = f(1)\n", f"over {MOST_TOKENS:,} words and signs"),
    ("a.ts", "f(1);", f"over {MOST_TOKENS:,} words and signs"),
    ("a.toml", "a = 1\n", f"over {MOST_TOKENS:,} words and signs"),
    ("a.tf", "a = 1\n", f"over {MOST_TOKENS:,} words and signs"),
    ("a.sh", "echo a b c\n", f"over {MOST_TOKENS_OF_SCRIPTS:,} words and signs"),
    ("a.rb", "f(1)\n", f"over {MOST_TOKENS_OF_SCRIPTS:,} words and signs"),
    (".env", "A=1\n", f"over {MOST_TOKENS_OF_LINES:,} words and signs"),
    ("a.ini", "a = 1\n", f"over {MOST_TOKENS_OF_LINES:,} words and signs"),
    ("Dockerfile", "ENV A=1\n", f"over {MOST_TOKENS_OF_LINES:,} words and signs"),
    ("nginx.conf", "listen 80;\n", f"over {MOST_TOKENS_OF_LINES:,} words and signs"),
    ("a.yaml", "- a\n", f"over {MOST_NODES:,} settings"),
    ("a.yaml", "- [a, b]\n", f"over {MOST_NODES:,} settings"),
    ("a.json", "[1]\n", f"over {MOST_NODES:,} settings"),
]


@pytest.mark.parametrize(("path", "line", "reason"), TOO_MUCH)
def test_more_than_anybody_writes_is_not_parsed(path: str, line: str, reason: str) -> None:
    text = line * 210_000
    assert len(text) < 5_000_000
    noted: dict[str, str] = {}
    document = File(path, text.encode(), too_large=noted).document
    assert document.degraded == f"too large: {reason}"
    assert document.root.children == []
    assert noted == {path: f"too large: {reason}"}


@pytest.mark.parametrize(("path", "line"), [(path, line) for path, line, _ in TOO_MUCH])
def test_what_people_write_is_parsed(path: str, line: str) -> None:
    noted: dict[str, str] = {}
    assert File(path, (line * 2_000).encode(), too_large=noted).document.degraded == ""
    assert noted == {}


def test_a_long_text_of_few_settings_is_parsed() -> None:
    """The definitions of custom resources are megabytes of prose."""
    text = "spec:\n" + "".join(f"  field{number}: {'a few words of prose, ' * 100}\n" for number in range(1_500))
    assert len(text) > 3_000_000
    assert len(read("crds.yaml", text).root.children) == 1


def test_prose_is_no_format_and_never_too_large() -> None:
    assert read("notes.txt", "Many words, and none of them a setting. " * 100_000).degraded == ""


@given(st.text(max_size=200))
def test_tokens_are_never_more_than_characters(text: str) -> None:
    assert tokens(text.encode("utf-8", "surrogatepass")) <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "count"), [("a = b(c)", 6), ("ä_1 = é", 3), ("", 0), ("   \n", 0), ("a,b", 3), ("-", 1)]
)
def test_tokens_are_words_and_signs(text: str, count: int) -> None:
    assert tokens(text.encode()) == count


def test_a_tree_of_too_much_is_not_begun() -> None:
    with pytest.raises(TooLarge):
        SyntaxTree("javascript", Source("f(1);" * 200_000))


def test_all_commands_name_what_they_did_not_parse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = "const PIDFILE = '/tmp/api.pid'; function pay() { throw new Error('not implemented'); }\n"
    files: dict[str, str | bytes] = {
        "bundle.js": bundle + "f(1);" * 60_000,
        "api.js": "f('/tmp/x')\n",
        "k8s/pod.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n" + "  - {name: a, image: b}\n" * 70_000,
    }
    monkeypatch.chdir(repository(tmp_path, files))
    for command in ("check", "report"):
        main([command, "--format", "json"])
        named = {entry["path"]: entry["reason"] for entry in json.loads(capsys.readouterr().out)["unreadable"]}
        assert named == {
            "bundle.js": f"too large: over {MOST_TOKENS:,} words and signs",
            "k8s/pod.yaml": f"too large: over {MOST_NODES:,} settings",
        }
