from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.reporting.escape import printable, safe_json

COMMAND = re.compile(r"::[A-Za-z]|##\w{0,20}\[")
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain text: ünïcode 日本 😀", "plain text: ünïcode 日本 😀", id="ordinary text stays"),
        pytest.param("std::string", r"std\x3a:string", id="two colons before a letter"),
        pytest.param("a::1, http://[::1]:80", "a::1, http://[::1]:80", id="two colons that begin no command stay"),
        pytest.param("::error file=x::y", r"\x3a:error file=x\x3a:y", id="a command of GitHub"),
        pytest.param(":::error::", r":\x3a:error::", id="a command behind a colon"),
        pytest.param("##[error]x", r"\x23#[error]x", id="an old command of GitHub and Azure"),
        pytest.param("###[error]x", r"#\x23#[error]x", id="a command behind a number sign"),
        pytest.param("##vso[task.x]y", r"\x23#vso[task.x]y", id="a command of Azure"),
        pytest.param("##VSO[task.x]y", r"\x23#VSO[task.x]y", id="a command of Azure in other letters"),
        pytest.param("##teamcity[x]", r"\x23#teamcity[x]", id="a command of TeamCity"),
        pytest.param("## Heading [x]", "## Heading [x]", id="a heading stays"),
        pytest.param("a\x1b[31mb\x1b]8;;x\x07", r"a\x1b[31mb\x1b]8;;x\x07", id="ANSI sequences"),
        pytest.param("a\nb\r\tc\0", r"a\x0ab\x0d\x09c\x00", id="line breaks, tabs and NUL"),
        pytest.param("\u202eabc\u2066", r"\u202eabc\u2066", id="bidirectional overrides"),
        pytest.param("a\u200bb\ufeff\u2028", r"a\u200bb\ufeff\u2028", id="characters without width"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag characters"),
        pytest.param("caf\udce9", r"caf\udce9", id="bytes that are not UTF-8"),
        pytest.param("\x9b31m", r"\x9b31m", id="controls above ASCII"),
        pytest.param(":\x1b:error::", r":\x1b:error::", id="a command with a control character between"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(":#[]vso\n\x1b\u202e\udce9"))))
def test_nothing_harmful_passes(text: str) -> None:
    shown = printable(text)
    assert not COMMAND.search(shown)
    assert not HIDDEN.search(shown)


@given(
    st.recursive(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(':#[]\\"vso'))), st.lists, max_leaves=3)
)
def test_json_means_the_same(value: object) -> None:
    text = safe_json(json.dumps(value))
    assert json.loads(text) == value
    assert not COMMAND.search(text)
    assert not HIDDEN.search(text)


def test_hostile_text_takes_no_time() -> None:
    assert len(printable("#" * 1_000_000 + ":" * 1_000_000)) == 2_000_000
    assert len(printable(("##" + "a" * 18) * 50_000)) == 1_000_000
