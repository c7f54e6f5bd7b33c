"""Backslash escapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.escapes import unescaped


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param(r"/var/log", "/var/log", id="a text without escapes stays as it is"),
        pytest.param(r"a\tb\nc", "a\tb\nc", id="letters stand for control characters"),
        pytest.param(r"\"\\\/\'", "\"\\/'", id="an escaped mark stands for itself"),
        pytest.param(r"\u00e9\xe9\351", "ééé", id="four, two and three digits are a character's number"),
        pytest.param(r"\u{1F600}\U0001f600", "😀😀", id="long numbers reach every plane"),
        pytest.param(r"\ud83d\ude00", "😀", id="two surrogates are one character"),
        pytest.param(r"\ud83d", "\ufffd", id="a lone surrogate is no character"),
        pytest.param(r"\U00110000", "\ufffd", id="a number past the last character is no character"),
        pytest.param("a\\\nb", "ab", id="an escaped line break joins two lines"),
        pytest.param("a\\", "a\\", id="a backslash at the end stays"),
    ],
)
def test_escapes(written: str, meant: str) -> None:
    assert unescaped(written) == meant


@given(st.text(alphabet="\\uUx{}0123abcdefn\n\"' "))
def test_every_text_can_be_encoded(text: str) -> None:
    assert unescaped(text).encode("utf-8", "replace") is not None
