"""What git searches by finds every line that a hint is in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.repository import Repository
from shipworthy.stubs.hints import HINTS, telling
from shipworthy.stubs.kinds import KINDS
from shipworthy.stubs.search import EVERYWHERE
from support import repository

IN_BYTES = re.compile(EVERYWHERE.quick.replace("(*PRUNE)", "").encode())  # as git looks for it
LINES = {
    found: st.from_regex(found).filter(lambda line: "\n" not in line and len(line) < 600)
    for found in (kind.found for kind in KINDS)
}
CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("found", LINES, ids=lambda found: found[:20])
@given(data=st.data())
def test_every_line_that_a_hint_may_be_in_is_found(found: str, data: st.DataObject) -> None:
    line = data.draw(LINES[found])
    assert IN_BYTES.search(line.encode("utf-8", "surrogatepass")), line


def test_git_looks_for_the_kinds_of_all_hints() -> None:
    assert {hint.kind for hint in HINTS} == set(KINDS)


def test_every_telling_line_of_the_corpus_is_found_by_git(tmp_path: Path) -> None:
    files = {f"{path.stem}.py": path.read_text(encoding="utf-8") for path in CORPUS.glob("*.txt")}
    found = Repository(str(repository(tmp_path, files)))
    quick = {(path, number) for path, number, _ in found.lines_matching(EVERYWHERE)}
    told = {
        (path, number)
        for path, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        if telling(line)
    }
    assert len(told) > 900
    assert told <= quick
