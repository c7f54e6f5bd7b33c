"""What single lines say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import Said, misplaced, said, written
from shipworthy.formats import lines
from shipworthy.formats.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: /x", [("value", "a", "/x")], id="a colon"),
        pytest.param("a = /x", [("value", "a", "/x")], id="an equals sign"),
        pytest.param("a => /x", [("value", "a", "/x")], id="an arrow"),
        pytest.param("a ?= /x", [("value", "a", "/x")], id="an assignment with a condition"),
        pytest.param("pid /x;", [("operand", "pid", "/x")], id="a statement"),
        pytest.param("listen a b;", [("operand", "listen", "a"), ("operand", "listen", "b")], id="two arguments"),
        pytest.param('"a b": "/x",', [("value", "a b", "/x")], id="quotes around name and value"),
        pytest.param("'a': '/x'", [("value", "a", "/x")], id="single quotes"),
        pytest.param("a: '/x' # y", [("value", "a", "/x")], id="a comment behind quotes"),
        pytest.param("a: /x # y", [("value", "a", "/x")], id="a comment behind a value"),
        pytest.param("a = 'x' + 'y'", [("value", "a", "'x' + 'y'")], id="quotes around parts of a value"),
        pytest.param("export A=/x", [("variable", "A", "/x")], id="an exported variable"),
        pytest.param("A=${B:-/x}", [("value", "A", "${B:-/x}"), ("default", "B", "/x")], id="a default"),
        pytest.param("- /x\n- y", [("value", "0", "/x"), ("value", "1", "y")], id="items"),
        pytest.param(
            "run --pid-file=/x --log /y -v",
            [("option", "pid-file", "/x"), ("option", "log", "/y")],
            id="options of a command",
        ),
        pytest.param("java -Da.b=/x", [("option", "a.b", "/x")], id="a property of Java"),
        pytest.param("['--pid', '/x']", [("option", "pid", "/x")], id="an option and its value as two strings"),
        pytest.param(
            "c: x --pid '/y'", [("value", "c", "x --pid '/y'"), ("option", "pid", "/y")], id="an option inside a value"
        ),
        pytest.param("x --flag --pid", [], id="options without a value"),
        pytest.param("# a: 1\n; a: 1\n// a: 1\n-- a: 1\n% a: 1\nREM a: 1", [], id="comment lines"),
        pytest.param("/* a: 1\n * b: 2 */\nc: 3", [("value", "c", "3")], id="a comment on several lines"),
        pytest.param("<!-- a: 1\nb: 2 -->\nc: 3", [("value", "c", "3")], id="a comment of XML"),
        pytest.param("if a == b:\nhttp://a/b\nsome words\n", [], id="lines that say nothing"),
        pytest.param("a:\r\n  b: /x\r\n", [("value", "a.b", "/x")], id="carriage returns"),
    ],
)
def test_settings(text: str, expected: list[Said]) -> None:
    root = lines.read(Source(text))
    assert said(root) == expected
    assert written(root, text) == [value for _, _, value in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a:\n  b:\n    c: 1\n  d: 2\ne: 3",
            [("value", "a.b.c", "1"), ("value", "a.d", "2"), ("value", "e", "3")],
            id="mappings",
        ),
        pytest.param(
            "a:\n- b: 1\n  c: 2\n- b: 3\nd: 4",
            [("value", "a.0.b", "1"), ("value", "a.0.c", "2"), ("value", "a.1.b", "3"), ("value", "d", "4")],
            id="items without indentation",
        ),
        pytest.param("a:\n  - x\n  - - y", [("value", "a.0", "x"), ("value", "a.1.0", "y")], id="items of items"),
        pytest.param("[a]\nx = 1\n[b]\nx = 2", [("value", "a.x", "1"), ("value", "b.x", "2")], id="sections"),
        pytest.param(
            '"a": {\n  "b": "x",\n  "c": [\n    "d"\n  ]\n},\n"e": "y"',
            [("value", "a.b", "x"), ("value", "e", "y")],
            id="objects",
        ),
        pytest.param(
            "server {\n  pid /x;\n}\na = 1", [("operand", "server.pid", "/x"), ("value", "a", "1")], id="braces"
        ),
        pytest.param("a: |\n  b = 1\n", [("value", "a.b", "1")], id="a block scalar"),
    ],
)
def test_blocks(text: str, expected: list[Said]) -> None:
    assert said(lines.read(Source(text))) == expected


def test_items_make_their_block_a_sequence() -> None:
    (block,) = lines.read(Source("tmpfs:\n  - /x\n")).blocks
    assert (block.kind, block.name) == ("sequence", "tmpfs")


def test_quotes_make_a_value_literal() -> None:
    assert [setting.literal for setting in lines.read(Source("a: 'x'\nb: x")).settings] == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{{- if .a }}\nb: {{ .c }}/x\n{{- end }}", [("value", "b", "{{ .c }}/x")], id="marks of Go templates"
        ),
        pytest.param("<% if x = 1 %>\nb: <%= c %>\n<% end %>", [("value", "b", "<%= c %>")], id="marks of ERB"),
        pytest.param("{{ a }}_pid: /x", [("value", "{{ a }}_pid", "/x")], id="a mark in a name"),
        pytest.param("{# a: 1\nb: 2 #}\n{{/* c: 3 */}}", [], id="comments of templates"),
        pytest.param("pid {{ a | b(';') }}/x;", [("operand", "pid", "{{ a | b(';') }}/x")], id="a mark in a statement"),
    ],
)
def test_templates(text: str, expected: list[Said]) -> None:
    root = lines.read(Source(text))
    assert said(root) == expected
    assert written(root, text) == [value for _, _, value in expected]


@given(st.text(alphabet="ab:=- \n\t\"'{}[]#;|,/*$", max_size=80) | st.text(max_size=80))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    root = lines.read(Source(text))
    assert not misplaced(root, text)
    assert written(root, text) == [setting.value for setting in root.all_settings()]
