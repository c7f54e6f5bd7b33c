"""The reader of nginx configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, miswritten, said
from shipworthy.formats import nginx
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pid /run/x.pid;", [("pid.pid", "/run/x.pid")], id="a directive and its argument"),
        pytest.param(
            "listen unix:/x default;",
            [("listen.listen", "unix:/x"), ("listen.listen", "default")],
            id="an operand for every argument",
        ),
        pytest.param("http { server { root /x; } }", [("http.server.root.root", "/x")], id="nested directives"),
        pytest.param(
            "upstream web { server unix:/x; }",
            [("upstream.upstream", "web"), ("upstream.server.server", "unix:/x")],
            id="arguments in front of a block",
        ),
        pytest.param("# a b;\nc d; # e\nf g#h;", [("c.c", "d"), ("f.f", "g#h")], id="comments"),
        pytest.param('a \'b; {c}\' "d\\"e";', [("a.a", "b; {c}"), ("a.a", 'd"e')], id="quotes around marks"),
        pytest.param("a /x/${b}/c;", [("a.a", "/x/${b}/c")], id="a variable in braces"),
        pytest.param(
            r"location ~ \.php$ { }",
            [("location.location", "~"), ("location.location", r"\.php$")],
            id="a regular expression",
        ),
        pytest.param("a b\n  c;\nd e;", [("a.a", "b"), ("a.a", "c"), ("d.d", "e")], id="a directive on two lines"),
        pytest.param("a { } }\nb c;", [("b.b", "c")], id="a brace too many"),
        pytest.param("a { b c", [("a.b.b", "c")], id="a file that ends too early"),
        pytest.param("/* a b; */ c d; // e f;\n", [("c.c", "d")], id="comments as in BIND"),
        pytest.param(
            "location /* { root /x; }",
            [("location.location", "/*"), ("location.root.root", "/x")],
            id="a star behind a slash is no comment",
        ),
        pytest.param("http {{ root /x;\n}}\nb c;", [("http.root.root", "/x"), ("b.b", "c")], id="doubled braces"),
    ],
)
def test_operands(text: str, expected: list[tuple[str, str]]) -> None:
    text = text.replace("{{ ", "{{\n")
    root = nginx.read(Source(text))
    assert said(root) == [("operand", keys, value) for keys, value in expected]
    assert not miswritten(root, text)


def test_a_directive_is_a_block_with_its_words() -> None:
    (directive,) = nginx.read(Source("server_name a b;")).blocks
    assert (directive.kind, directive.name, directive.words) == ("directive", "server_name", ("server_name", "a", "b"))


@pytest.mark.parametrize(
    "lua",
    [
        pytest.param("x = {1, {2}}", id="tables"),
        pytest.param("x = '}' -- }\n y = \"{\"", id="braces in strings and comments"),
        pytest.param("", id="nothing"),
    ],
)
def test_lua_is_skipped(lua: str) -> None:
    assert said(nginx.read(Source(f"a {{ content_by_lua_block {{ {lua}\n }} }} b c;"))) == [("operand", "b.b", "c")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("pid {{ x }};", id="a template"),
        pytest.param("a {\n" * 1_000, id="blocks that nest too deeply"),
    ],
)
def test_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        nginx.read(Source(text))


def test_hidden_marks_in_front_of_a_directive_are_no_name() -> None:
    assert said(nginx.read(Source("\ue000\ue000 a b; \ue000c d;"))) == [
        ("operand", "a.a", "b"),
        ("operand", "c.c", "d"),
    ]


@given(st.text(alphabet="ab{};#\"'\\ \n$/*-_ly", max_size=80) | st.text(max_size=80))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = nginx.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
    assert not miswritten(root, text)
