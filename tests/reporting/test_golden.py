"""Every format, byte for byte; ``python tests/golden.py`` writes the files anew."""

from __future__ import annotations

import pytest

from golden import FOLDER, reports

REPORTS = dict(reports())


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_is_what_it_was(name: str) -> None:
    assert REPORTS[name].encode() == (FOLDER / name).read_bytes()


def test_no_file_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(REPORTS)
