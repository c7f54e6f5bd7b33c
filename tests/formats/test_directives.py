"""The reader of lines of directives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said
from shipworthy.formats import directives
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("dir /x\nport 1\n", [("dir.dir", "/x"), ("port.port", "1")], id="Redis"),
        pytest.param('PidFile "/x y"', [("PidFile.PidFile", "/x y")], id="quotes around an argument"),
        pytest.param("# a b\n  # c d\n\ne f # g", [("e.e", "f")], id="comments and blank lines"),
        pytest.param(
            "<VirtualHost *:80>\n  DocumentRoot /x\n</VirtualHost>\nUser u",
            [("VirtualHost.VirtualHost", "*:80"), ("VirtualHost.DocumentRoot.DocumentRoot", "/x"), ("User.User", "u")],
            id="a container of httpd",
        ),
        pytest.param("<A>\n<B>\nc d\n</A>\ne f", [("A.B.c.c", "d"), ("e.e", "f")], id="a container that is not closed"),
        pytest.param("</A>\n}\na b", [("a.a", "b")], id="a closing mark too many"),
        pytest.param("a b \\\n  c", [("a.a", "b"), ("a.a", "c")], id="joined lines"),
        pytest.param(
            "global\n  stats socket /x\n\nfrontend f\n  bind :80\n",
            [
                ("global.stats.stats", "socket"),
                ("global.stats.stats", "/x"),
                ("frontend.frontend", "f"),
                ("frontend.bind.bind", ":80"),
            ],
            id="sections of HAProxy by indentation",
        ),
        pytest.param(
            "example.org {\n\troot * /x\n\ttls {\n\t\tkey /y\n\t}\n}\na b",
            [
                ("example.org.root.root", "*"),
                ("example.org.root.root", "/x"),
                ("example.org.tls.key.key", "/y"),
                ("a.a", "b"),
            ],
            id="blocks of a Caddyfile",
        ),
        pytest.param("{\n\tstorage /x\n}", [("storage.storage", "/x")], id="a block without a name"),
        pytest.param(
            "define host{\n  name x\n}",
            [("define.define", "host"), ("define.name.name", "x")],
            id="a brace right behind a word",
        ),
        pytest.param(
            "[INPUT]\n    Path /x\n[OUTPUT]\n    Path /y",
            [("INPUT.Path.Path", "/x"), ("OUTPUT.Path.Path", "/y")],
            id="sections of Fluent Bit",
        ),
        pytest.param("a b\r\nc d\r\n", [("a.a", "b"), ("c.c", "d")], id="carriage returns"),
    ],
)
def test_operands(text: str, expected: list[tuple[str, str]]) -> None:
    root = directives.read(Source(text))
    assert said(root) == [("operand", keys, value) for keys, value in expected]
    assert not miswritten(root, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("dir {{ x }}", id="a template"),
        pytest.param("<a>\n" * 1_000, id="blocks that nest too deeply"),
    ],
)
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        directives.read(Source(text))


@given(st.text(alphabet="ab<>/{}[]#\"'\\ \t\n", max_size=80) | st.text(max_size=80))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = directives.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)
