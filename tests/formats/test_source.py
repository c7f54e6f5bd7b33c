from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.source import ByteOffsets, Lines, Source

FILE = "key: |\n  first\n  second\nend"
BLOCK = Source(FILE).within("first\nsecond\n", [(0, 9), (6, 17)])
"""What a YAML reader makes of the block scalar: its lines without their indentation."""


def test_a_whole_file_lies_where_it_is() -> None:
    source = Source("abc")
    assert [source.at(offset) for offset in range(4)] == [0, 1, 2, 3]


def test_a_decoded_text_leads_back_to_the_file() -> None:
    for word in ("first", "second"):
        assert BLOCK.at(BLOCK.text.index(word)) == FILE.index(word)


def test_a_part_leads_back_to_the_file() -> None:
    part = BLOCK.part(2, 10)
    assert part.text == "rst\nseco"
    assert part.at(0) == FILE.index("rst")
    assert part.at(4) == FILE.index("seco")


def test_a_part_of_a_part_leads_back_to_the_file() -> None:
    part = BLOCK.part(2, 10).part(3, 8).part(1, 3)
    assert part.text == "se"
    assert part.at(0) == FILE.index("second")


def test_joined_pieces_lead_back_to_the_file() -> None:
    source = Source("RUN a \\\n  && b")
    joined = source.joined([("a ", 4), ("", 6), ("&& b", 10)])
    assert joined.text == "a && b"
    assert joined.at(0) == 4
    assert joined.at(2) == 10
    assert joined.at(5) == 13


def test_nothing_joined_is_an_empty_text() -> None:
    assert Source("abc").joined([]).text == ""


def test_a_piece_ends_behind_its_last_character() -> None:
    assert BLOCK.end(5) == FILE.index("first") + 5
    assert BLOCK.end(0) == BLOCK.at(0)


@given(st.data())
def test_every_part_holds_what_the_file_holds_there(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1))
    source = Source(text)
    for _ in range(3):
        start = data.draw(st.integers(0, len(source.text)))
        end = data.draw(st.integers(start, len(source.text)))
        source = source.part(start, end)
        assert text[source.at(0) : source.at(0) + len(source.text)] == source.text


@pytest.mark.parametrize(
    ("offset", "position"),
    [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (5, (3, 2)), (6, (3, 3))],
)
def test_positions_count_from_one(offset: int, position: tuple[int, int]) -> None:
    lines = Lines("ab\n\ncd")
    assert lines.position(offset) == position
    assert lines.offset(*position) == offset


def test_carriage_returns_belong_to_their_line() -> None:
    assert Lines("ab\r\ncd").position(4) == (2, 1)


def test_a_line_past_the_end() -> None:
    assert Lines("ab\ncd").offset(9) == 3


@given(st.text(), st.integers(0, 100))
def test_every_offset_has_a_position_that_leads_back(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    lines = Lines(text)
    assert lines.offset(*lines.position(offset)) == offset


@given(st.text(alphabet=st.characters(codec=None), max_size=50), st.integers(1, 100))
def test_bytes_are_counted_as_characters(text: str, repeat: int) -> None:
    text = text * repeat
    data = text.encode("utf-8", "surrogatepass")
    offsets = ByteOffsets(data, len(text))
    for characters in {0, len(text) // 3, len(text)}:
        byte = len(text[:characters].encode("utf-8", "surrogatepass"))
        assert offsets.characters(byte) == characters
