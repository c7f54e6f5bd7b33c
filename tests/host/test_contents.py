"""The few bytes that are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.contents import MOST_READ, first_bytes, number_in


@pytest.mark.parametrize(
    ("content", "number"),
    [(b"123\n", 123), (b"123", 123), (b" 123 \n", 123), (b"123\n/var/lib\n5432\n", 123), (b"123 extra", 123), (b"", None),
     (b"\n", None), (b"0\n", None), (b"-1\n", None), (b"12a\n", None), (b"a 12", None), (b"12345678901\n", None), (b"\xff", None)],
)  # fmt: skip
def test_the_number_of_a_pid_file(content: bytes, number: int | None) -> None:
    assert number_in(content) == number


@given(st.binary(max_size=80))
def test_any_content_has_a_number_or_none(content: bytes) -> None:
    number = number_in(content)
    assert number is None or number > 0


def test_only_the_beginning_is_read_and_only_of_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1000)
    (tmp_path / "b").write_bytes(b"y")
    os.mkfifo(tmp_path / "p")
    folder = os.open(tmp_path, os.O_RDONLY)
    status = os.stat(tmp_path / "a")
    assert first_bytes(folder, "a", status) == b"x" * MOST_READ
    with pytest.raises(OSError, match="another file by now"):
        first_bytes(folder, "b", status)
    with pytest.raises(OSError, match="not a regular file"):
        first_bytes(folder, "p", os.stat(tmp_path / "p"))
    os.replace(tmp_path / "p", tmp_path / "a")
    with pytest.raises(OSError, match="another file by now"):
        first_bytes(folder, "a", status)
    os.close(folder)
