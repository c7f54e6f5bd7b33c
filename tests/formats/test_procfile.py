"""The reader of Procfiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced
from shipworthy.formats import procfile
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("web: gunicorn app", [("web", [("gunicorn", "app")])], id="one process"),
        pytest.param("web: a\r\nworker : b\r\n", [("web", [("a",)]), ("worker", [("b",)])], id="several processes"),
        pytest.param("release: a && b", [("release", [("a",), ("b",)])], id="several commands"),
        pytest.param("# web: a\n\nweb\n", [], id="comments and other lines"),
    ],
)
def test_processes(text: str, expected: list[tuple[str, list[tuple[str, ...]]]]) -> None:
    found = [
        (process.name, [node.words for node in process.walk() if isinstance(node, Block) and node.kind == "command"])
        for process in procfile.read(Source(text)).blocks
    ]
    assert found == expected


def test_settings_of_a_command_point_at_the_file() -> None:
    text = "a: b\nweb: gunicorn --pid=/run/x.pid app\n"
    (option,) = [setting for setting in procfile.read(Source(text)).all_settings() if setting.kind == "option"]
    assert (option.name, text[option.start : option.end]) == ("pid", "/run/x.pid")


@given(st.text(alphabet="ab: \n\"'$={}", max_size=60) | st.text(max_size=60))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = procfile.read(Source("web: " + text))
    except Unreadable:
        return
    assert not misplaced(root, "web: " + text)
