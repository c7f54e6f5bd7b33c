"""HCL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import hcl
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('data_dir = "/x"', [("data_dir", "/x")], id="an attribute of the file"),
        pytest.param(
            'resource "aws_instance" "web" {\n ami = "x"\n}',
            [("resource.aws_instance.web.ami", "x")],
            id="a block goes by its type and labels",
        ),
        pytest.param(
            'a {\n b {\n  c = "d"\n }\n b {\n  c = "e"\n }\n}',
            [("a.b.c", "d"), ("a.b.c", "e")],
            id="nested and repeated blocks",
        ),
        pytest.param(
            'a = { b = "c", "d/e" : "f", (var.g) = "h" }',
            [("a.b", "c"), ("a.d/e", "f"), ("a.(var.g)", "h")],
            id="an object",
        ),
        pytest.param('a = ["b", { c = "d" }]', [("a.0", "b"), ("a.1.c", "d")], id="a list"),
        pytest.param(
            'a = "${path.module}/b\\n"', [("a", "${path.module}/b\n")], id="interpolation stays, escapes do not"
        ),
        pytest.param(
            'a = 1\nb = var.c\nd = e ? "f" : "g"',
            [("a", "1"), ("b", "var.c"), ("d", 'e ? "f" : "g"')],
            id="what is no string stays as it is written",
        ),
        pytest.param('a = file("b")', [("a", 'file("b")')], id="a call without objects stays as it is written"),
        pytest.param(
            'a = jsonencode(merge({ b = "c" }, { d = "e" }))',
            [("a.b", "c"), ("a.d", "e")],
            id="functions that build data are looked through",
        ),
        pytest.param("a = <<EOF\nb ${c}\nEOF\n", [("a", "b ${c}\n")], id="a here-document"),
        pytest.param(
            "a = <<-EOF\n    b\n      c\n  EOF\n", [("a", "b\n  c\n")], id="its common indentation is removed"
        ),
        pytest.param('# a = "b"\n// c\n/* d = "e" */ f = "g"', [("f", "g")], id="comments"),
        pytest.param("a = <<EOF\nEOF\n", [("a", "")], id="an empty here-document"),
    ],
)
def test_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(hcl.read(Source(text))) == [("value", keys, value) for keys, value in expected]


def test_other_calls_with_objects_stand_below_the_attribute() -> None:
    root = hcl.read(Source('a = templatefile("b.tpl", { c = "/x" })'))
    assert said(root) == [("operand", "a.templatefile", "b.tpl"), ("value", "a.templatefile.c", "/x")]


def test_a_variables_default_is_a_default() -> None:
    root = hcl.read(Source('variable "log_dir" {\n type = string\n default = "/x"\n}'))
    assert said(root)[-1] == ("default", "variable.log_dir.log_dir", "/x")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = <<EOF\n#!/bin/sh\nrm /x\nEOF\n", id="a text that begins like a script"),
        pytest.param("user_data = <<-EOF\n  rm /x\nEOF\n", id="an attribute that a machine runs"),
    ],
)
def test_scripts_are_read(text: str) -> None:
    root = hcl.read(Source(text))
    command = next(block for block in root.walk() if block.name == "rm")
    assert [name.kind for name in command.enclosing] == ["script", "mapping", "document"]
    assert text[command.start : command.end].startswith("rm")


def test_the_data_of_a_template_is_read_as_the_file_it_becomes() -> None:
    text = 'template {\n data = <<EOH\nLOG_DIR=/x\nEOH\n destination = "local/app.env"\n}'
    root = hcl.read(Source(text))
    assert ("variable", "template.app.env.LOG_DIR", "/x") in said(root)
    assert written(root, text)[0] == "/x"


def test_cloud_configuration_is_yaml() -> None:
    root = hcl.read(Source("user = <<EOF\n#cloud-config\nhostname: x\nEOF\n"))
    assert [(setting.name, setting.value) for setting in root.all_settings()] == [("hostname", "x")]


def test_positions_enclose_values() -> None:
    text = 'é = "é"\nb = 1\nc = <<-EOF\n  d\nEOF\n'
    root = hcl.read(Source(text))
    assert written(root, text) == ["é", "1", "d\n"]
    assert [setting.literal for setting in root.all_settings()] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("???", "not HCL", id="no HCL at all"),
        pytest.param("a = " + "[" * 300 + "]" * 300, "nested too deeply", id="deep nesting of values"),
        pytest.param("a {\n" * 300 + "}\n" * 300, "nested too deeply", id="deep nesting of blocks"),
    ],
)
def test_other_texts_are_unreadable(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        hcl.read(Source(text))


_LINES = [
    "a {",
    "}",
    'b "c" {',
    'd = "é${e}"',
    "f = <<EOF",
    "EOF",
    "g = [",
    "]",
    "h = jsonencode({",
    "})",
    "  x",
    "data = <<-X",
]


@given(st.text() | st.lists(st.sampled_from(_LINES)).map("\n".join))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        root = hcl.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
