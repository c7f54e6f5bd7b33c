"""Files keep what they hold, in little memory while nobody looks at it."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.content import MOST_HELD, Content
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable

LINES = b"name: \xf0\x9f\x9a\x80 value\n"
MANY = 400


def push_out() -> Content:
    """Ask for so much that whatever was asked for before is packed."""
    other = Content(b"x" * (MOST_HELD + 1))
    assert len(other.text) == MOST_HELD + 1
    return other


@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=8))
def test_what_is_asked_for_anew_is_what_was_there_before(contents: list[bytes]) -> None:
    known = [Content(data * 2) for data in contents]
    before = [text_of(content) for content in known]
    push_out()
    assert [text_of(content) for content in known] == before
    assert [content.data for content in known] == [data * 2 for data in contents]


def text_of(content: Content) -> str | None:
    try:
        return content.text
    except Unreadable:
        return None


def test_lines_are_found_after_the_text_was_forgotten() -> None:
    file = File("a.yaml", LINES * 100)
    assert file.position(file.text.rindex("name")) == (100, 1)
    push_out()
    assert file.position(file.text.rindex("name")) == (100, 1)
    assert file.line(100) == LINES.decode().strip()


def test_files_that_nobody_looks_at_take_little_memory() -> None:
    tracemalloc.start()
    try:
        files = [File(f"{number}.yaml", LINES * 600) for number in range(MANY)]
        texts = sum(len(file.text) for file in files)
        push_out()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    as_they_are = len(LINES) * 600 * MANY
    assert texts * 4 > as_they_are > 4_000_000
    assert held < as_they_are / 4


def test_what_nobody_has_any_more_is_gone_at_once() -> None:
    tracemalloc.start()
    try:
        for number in range(MANY):
            assert File(f"{number}.txt", b"%d" % number * 10_000).text
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="the library of C is another one")
def test_freed_memory_goes_back_to_the_system() -> None:
    """Large blocks are freed, and a small one behind each of them is not."""
    program = """
import ctypes
from shipworthy.memory import give_back_what_is_freed, memory_in_use
{call}
if hasattr(ctypes.CDLL(None), "mallopt"):
    del (largest := [bytes(4_000_000)])[:]  # from here on, glibc by itself takes blocks of that size from its heap
    before = memory_in_use()
    kept = []
    blocks = []
    for number in range(60):
        blocks.append(b"x" * 1_000_000)
        kept.append(b"x" * 600)
    assert memory_in_use() - before > 50_000_000
    del blocks[:]
    print(memory_in_use() - before)
else:
    print(-1)
"""
    freed = int(run(program.format(call="give_back_what_is_freed()")))
    assert freed < 5_000_000


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
