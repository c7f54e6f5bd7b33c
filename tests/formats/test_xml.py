"""XML, property lists, and values that go by a name beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import xml
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("<a><file>/var/x.log</file></a>", [("a.file", "/var/x.log")], id="a text goes by its element"),
        pytest.param("<a b=\"c\" d='e'/>", [("a.b", "c"), ("a.d", "e")], id="attributes"),
        pytest.param("<a><b>c</b><b>d</b></a>", [("a.b", "c"), ("a.b", "d")], id="repeated elements"),
        pytest.param('<x:a xmlns:x="u"><x:b x:c="d"/></x:a>', [("a.x", "u"), ("a.b.c", "d")], id="no namespaces"),
        pytest.param(
            "<a>\n  b &amp; &#233;\n</a>", [("a", "b & é")], id="characters are resolved, white space cut off"
        ),
        pytest.param("<a><![CDATA[ <b> ]]></a>", [("a", "<b>")], id="a marked section is text"),
        pytest.param("<a>b<c>d</c>e</a>", [("a.c", "d")], id="text between elements is no setting"),
        pytest.param("<!-- <a/> --><b><!-- c --></b>", [], id="comments"),
        pytest.param(
            '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>',
            [("a", "é")],
            id="the declared encoding does not matter any more",
        ),
        pytest.param('<!DOCTYPE a SYSTEM "http://localhost:1/a.dtd"><a>b</a>', [("a", "b")], id="a DTD is not fetched"),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a><c>d</c>&b;</a>',
            [("a.c", "d")],
            id="a file as an entity is not looked at",
        ),
        pytest.param("<a>${X:-/tmp}</a>", [("a", "${X:-/tmp}")], id="placeholders stay as they are written"),
    ],
)
def test_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(xml.read(Source(text))) == [("value", keys, value) for keys, value in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '<property name="LOG" value="/x"/>',
            [("property.name", "LOG"), ("property.LOG", "/x")],
            id="attributes name and value",
        ),
        pytest.param(
            '<add key="LOG" value="/x"/>', [("add.key", "LOG"), ("add.LOG", "/x")], id="attributes key and value"
        ),
        pytest.param(
            '<param value="/x" name="File"/>',
            [("param.File", "/x"), ("param.name", "File")],
            id="the value before the name",
        ),
        pytest.param(
            '<Property name="LOG">/x</Property>',
            [("Property.name", "LOG"), ("Property.LOG", "/x")],
            id="an attribute name and a text",
        ),
        pytest.param(
            "<p><name>a.dir</name><value>/x</value></p>",
            [("p.name", "a.dir"), ("p.a.dir", "/x")],
            id="elements name and value",
        ),
        pytest.param(
            '<s name="LOG"><value>/x</value></s>',
            [("s.name", "LOG"), ("s.LOG", "/x")],
            id="an attribute name and an element value",
        ),
        pytest.param(
            "<c><param-name>a</param-name><param-value>/x</param-value></c>",
            [("c.param-name", "a"), ("c.a", "/x")],
            id="elements param-name and param-value",
        ),
        pytest.param('<f name="" value="/x"/>', [("f.name", ""), ("f.value", "/x")], id="an empty name names nothing"),
    ],
)
def test_a_value_goes_by_the_name_that_is_given_beside_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(xml.read(Source(text))) == [("value", keys, value) for keys, value in expected]


def test_a_property_list_is_a_mapping() -> None:
    text = (
        '<plist version="1.0"><dict><key>Out</key><string>/x.log</string><key>RunAtLoad</key><true/>'
        "<key>Args</key><array><string>/bin/a</string><dict><key>K</key><string>v</string></dict></array>"
        "<key>Env</key><dict><key>HOME</key><string>/y</string></dict></dict></plist>"
    )
    root = xml.read(Source(text))
    assert said(root)[1:] == [
        ("value", "plist.dict.Out", "/x.log"),
        ("value", "plist.dict.RunAtLoad", "true"),
        ("value", "plist.dict.Args.0", "/bin/a"),
        ("value", "plist.dict.Args.1.K", "v"),
        ("value", "plist.dict.Env.HOME", "/y"),
    ]
    out = next(setting for setting in root.all_settings() if setting.name == "Out")
    assert (text[out.start : out.end], text[out.key :][:3]) == ("/x.log", "Out")


def test_positions_enclose_values_names_and_tags() -> None:
    text = '<é ü="ö">\n<x:file> /tmp/é </x:file><b><![CDATA[ c ]]></b></é>'
    root = xml.read(Source(text))
    assert written(root, text) == ["ö", "/tmp/é", "c"]
    assert [text[block.start : block.end] for block in root.blocks] == ["é"]
    assert [text[setting.key :].startswith(setting.name) for setting in root.all_settings()] == [True, True, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("<a>", "line 1: no element found", id="an element that does not end"),
        pytest.param("plain words", "line 1: syntax error", id="prose"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities", id="entities of its own"),
        pytest.param("<a>" * 1000, "nested too deeply", id="deep nesting"),
        pytest.param("<a>\ud800</a>", "line 1: not well-formed", id="half a character"),
    ],
)
def test_other_texts_are_unreadable(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        xml.read(Source(text))


_PIECES = [
    "<a>",
    "</a>",
    "<b/>",
    '<c name="x" value="é">',
    "</c>",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "é",
    " ",
    "<!--",
    "-->",
]
_LISTS = ["<key>k</key>", "<string>é</string>", "<true/>", "<array>", "</array>", "<dict>", "</dict>", "<key/>"]


@given(
    st.text()
    | st.lists(st.sampled_from(_PIECES)).map(lambda pieces: f"<r>{''.join(pieces)}</r>")
    | st.lists(st.sampled_from(_LISTS)).map(lambda pieces: f"<plist>{''.join(pieces)}</plist>")
)
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        root = xml.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)
