"""Package manifests and process files."""

from __future__ import annotations

import pytest

from reading import misplaced, said
from shipworthy.formats import read
from shipworthy.formats.tree import Block


def commands(path: str, text: str) -> list[tuple[str, ...]]:
    root = read(path, text).root
    assert not misplaced(root, text)
    return [node.words for node in root.walk() if isinstance(node, Block) and node.kind == "command"]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("package.json", '{"scripts": {"start": "node a.js && b"}}', [("node", "a.js"), ("b",)], id="npm"),
        pytest.param("package.json", '{"a": {"scripts": {"b": "c"}}}', [], id="scripts that npm does not run"),
        pytest.param("composer.json", '{"scripts": {"a": ["b c", "d"], "e": "f"}}', [("b", "c"), ("d",), ("f",)],
                     id="composer"),
        pytest.param("app.json", '{"scripts": {"postdeploy": "a b"}}', [("a", "b")], id="an application of Heroku"),
        pytest.param("app.json", '{"cron": [{"command": "a b", "schedule": "@daily"}]}', [("a", "b")], id="a cron job"),
        pytest.param("ecosystem.config.json", '{"apps": [{"script": "a.js", "args": "--log /x"}]}',
                     [("a.js", "--log", "/x")], id="a process of pm2"),
        pytest.param("pm2.yml", "apps: [{script: a.js, args: [--log, /x]}]", [("a.js", "--log", "/x")],
                     id="a process of pm2 in YAML"),
        pytest.param("a.json", '{"apps": [{"name": "a", "args": "b"}]}', [], id="other applications"),
        pytest.param("other.json", '{"scripts": {"a": "b"}}', [], id="scripts of an unknown program"),
        pytest.param("package.json", '{"scripts": ["a"], "x": 1}', [], id="scripts of another shape"),
    ],
)  # fmt: skip
def test_commands(path: str, text: str, expected: list[tuple[str, ...]]) -> None:
    assert commands(path, text) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("app.json", '{"env": {"A": "/x", "B": {"value": "/y"}}}', ["env.A", "env.B.B"], id="app.json"),
        pytest.param("pm2.json", '{"apps": [{"script": "a", "env": {"A": "/x"}, "env_production": {"B": "/y"}}]}',
                     ["apps.0.env.A", "apps.0.env_production.B"], id="pm2"),
        pytest.param("package.json", '{"env": {"A": "/x"}}', [], id="no environment"),
    ],
)  # fmt: skip
def test_environments(path: str, text: str, expected: list[str]) -> None:
    assert [name for kind, name, _ in said(read(path, text).root) if kind == "variable"] == expected


def test_words_stand_where_they_are_written_behind_escapes() -> None:
    text = '{"scripts": {"start": "node \\"a b\\" --log /\\u00e9/x"}}'
    found = {
        setting.value: text[setting.start : setting.end] for setting in read("package.json", text).root.all_settings()
    }
    assert found == {"a b": "a b", "/é/x": "/\\u00e9/x"}
