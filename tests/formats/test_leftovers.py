from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.leftovers import CHAT, CONFLICT, FENCE, leftovers

PIECES = st.sampled_from(
    [
        "```",
        "```python",
        "\n",
        "'''",
        '"""',
        "`",
        "#",
        "x = 1",
        "<<<<<<< a\n",
        "=======\n",
        ">>>>>>> b\n",
        "Sure! ",
        "é\U0001f600",
        "... existing code ...",
        "\n",
    ]
)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.py", "é = 1\n```\n", {FENCE: ["```"]}, id="offsets count characters"),
        pytest.param("a.py", "  ```py \nx = 1\n", {FENCE: ["```py"]}, id="white space is no part of a mark"),
        pytest.param(
            "a.go",
            "package a\nHere is the new code:\n",
            {CHAT: ["Here is the new code:"]},
            id="a sentence with its punctuation",
        ),
        pytest.param(
            "a.unknown",
            "<<<<<<< a\n=======\n>>>>>>> b\n",
            {CONFLICT: ["<<<<<<< a", "=======", ">>>>>>> b"]},
            id="the three markers of a conflict",
        ),
        pytest.param("a.unknown", "x\n```\n", {}, id="a fence inside of a language without a parser"),
    ],
)
def test_marks_are_found_where_they_stand(path: str, text: str, expected: dict[str, list[str]]) -> None:
    found = {kind: [text[start:end] for start, end in spans] for kind, spans in leftovers(path, text).items()}
    assert found == expected


@pytest.mark.parametrize("path", ["a.py", "a.tsx", "a.sh", "a.rb", "a.php", "a.go", "a.rs"])
@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read(path: str, text: str) -> None:
    for spans in leftovers(path, text).values():
        assert spans
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(text[start:end].strip() == text[start:end] for start, end in spans)
