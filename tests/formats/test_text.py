"""Formats that the content tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said
from shipworthy.formats import text as text_format
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("#!/bin/sh\nset x=1\n", "shell", id="a script of the shell"),
        pytest.param("#!/usr/bin/env -S bash -e\nls\n", "shell", id="env with options"),
        pytest.param("#!/usr/bin/env python3\nx = 1\n", "python", id="a version behind the interpreter"),
        pytest.param("#!/usr/bin/perl\nmy $x = 1;\n", "lines", id="an interpreter without a reader"),
        pytest.param('<?xml version="1.0"?>\n<a><b>c</b></a>', "xml", id="XML with its declaration"),
        pytest.param('<a>\n<b c="d">\n<e>f</e>\n</b>\n</a>', "xml", id="XML without it"),
        pytest.param("<VirtualHost *:80>\n</VirtualHost>\n<IfModule a>\nb c\n</IfModule>", "directives", id="httpd"),
        pytest.param("<!DOCTYPE html>\n<html></html>", "text", id="a web page"),
        pytest.param('{\n  "a": [1, 2]\n}', "json", id="a JSON object"),
        pytest.param('[\n  {"a": 1}\n]', "json", id="a JSON array"),
        pytest.param("[program:x]\ncommand=/x\n", "ini", id="Supervisor"),
        pytest.param("[mysqld]\n# a\nskip_name_resolve\n!includedir /x\n", "ini", id="MySQL"),
        pytest.param("[Service]\nExecStart=/x\n", "systemd", id="a unit"),
        pytest.param("[[inputs.disk]]\npath = '/x'\n", "toml", id="a TOML table"),
        pytest.param("[INPUT]\n  Path /x\n  Name tail\n", "directives", id="Fluent Bit"),
        pytest.param("user x;\nhttp {\n  root /x;\n}\n", "nginx", id="nginx"),
        pytest.param("location / {\n  fastcgi_pass unix:/x; # y\n}\n", "nginx", id="a part of nginx configuration"),
        pytest.param("server {\n  location / { proxy_pass http://x; }\n}\n", "nginx", id="a block in one line"),
        pytest.param("server { listen 80; location / { root /x; } } # y\n", "nginx", id="a server in one line"),
        pytest.param("0 0 * * * root /x\n@daily root /y\n", "crontab", id="a crontab"),
        pytest.param("export A=/x\nexport B=$(c)\n", "shell", id="exported variables"),
        pytest.param("if [ -f /x ]; then\n  . /x\nfi\nDAEMON=/y\n", "shell", id="a part of a script"),
        pytest.param("A=/x\nB=--c --d\n", "dotenv", id="variables"),
        pytest.param("a.b=/x\nstorePath=/y\n", "ini", id="options without sections"),
        pytest.param("data_directory = '/x' # y\nport = 1\n", "ini", id="PostgreSQL"),
        pytest.param("a: 1\nb:\n  - c: d\n", "yaml", id="YAML"),
        pytest.param("dir /x\nsave 900 1\n", "directives", id="Redis"),
        pytest.param("global\n  log /x local0\nfrontend f\n  bind :80\n", "directives", id="HAProxy"),
        pytest.param("input {\n  file {\n    path => '/x'\n  }\n}\n", "lines", id="Logstash"),
        pytest.param("a {\n  b = 1\n  c = 2\n  d = 3\n}\n", "lines", id="HOCON"),
        pytest.param("import a\nconst b = 1\n", "lines", id="code of an unknown language"),
        pytest.param("These are words that say something.\nSome more of them stand here.\n", "text", id="prose"),
        pytest.param("alpha\nbeta\ngamma\n", "text", id="a word list"),
        pytest.param("a,1,2\nb,3,4\n", "text", id="a table"),
        pytest.param("# a = 1\n\n", "text", id="nothing but comments"),
        pytest.param("", "text", id="nothing"),
        pytest.param("a = \x01\x02\x03\n", "text", id="control characters"),
    ],
)
def test_content_tells_the_format(content: str, expected: str) -> None:
    name, _ = text_format.read(Source(content), "conf/app")
    assert name == expected


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        pytest.param("docs/LICENSE", "a: b\nc: d\n", "text", id="a licence"),
        pytest.param("LICENSE.txt", "a: b\nc: d\n", "text", id="a licence with an ending"),
        pytest.param("Jenkinsfile", "if (a) {\necho b\n}\n", "lines", id="a Jenkinsfile"),
        pytest.param("Gemfile", "source 'x'\n", "ruby", id="a Gemfile"),
        pytest.param("Caddyfile", "a.org {\n  tls {\n  }\n}\n", "directives", id="a Caddyfile"),
    ],
)
def test_a_name_that_means_one_thing_everywhere_tells_it(path: str, content: str, expected: str) -> None:
    name, _ = text_format.read(Source(content), path)
    assert name == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("pid /x;\n", [("operand", "pid.pid", "/x")], id="nginx"),
        pytest.param("[a]\nb=/x\n", [("value", "a.b", "/x")], id="INI"),
        pytest.param("a: {b: /x}\n", [("value", "a.b", "/x")], id="YAML"),
        pytest.param(
            "a: [/x\nb: /y\nc: /z\n",
            [("value", "a", "[/x"), ("value", "b", "/y"), ("value", "c", "/z")],
            id="what its reader refuses is read by lines",
        ),
        pytest.param("one two. Three four five. Six seven.\nSome words a: b stand here.\n", [], id="prose"),
    ],
)
def test_the_format_is_read(content: str, expected: list[tuple[str, str, str]]) -> None:
    _, root = text_format.read(Source(content), "a.conf")
    assert said(root) == expected


def test_a_template_that_its_reader_refuses_is_left_to_who_hides_its_marks() -> None:
    with pytest.raises(Unreadable):
        text_format.read(Source("pid {{ x }};\nuser y;\n"), "a.conf")


LINE = st.sampled_from(
    ["[a]", "a = b", "a b;", "a {", "}", "a: b", "- a", "<a>", "</a>", "A=b", "# a", "a b", "", "\\"]
)


@given(st.lists(LINE | st.text(max_size=10), max_size=8).map("\n".join))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        _, root = text_format.read(Source(text), "a")
    except Unreadable:
        return
    assert not misplaced(root, text)
