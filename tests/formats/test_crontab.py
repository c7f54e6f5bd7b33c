"""The reader of crontabs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said
from shipworthy.formats import crontab
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


def jobs(text: str) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """The words of every job with those of its commands."""
    root = crontab.read(Source(text))
    return [
        (job.words, [node.words for node in job.walk() if isinstance(node, Block) and node.kind == "command"])
        for job in root.blocks
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("*/5 0-3 1,2 * mon /x a", (("*/5 0-3 1,2 * mon",), ["/x", "a"]), id="five fields"),
        pytest.param("@reboot /x", (("@reboot",), ["/x"]), id="a nickname"),
        pytest.param("@every 5m /x", (("@every 5m",), ["/x"]), id="an interval of supercronic"),
        pytest.param("*/10 * * * * * /x", (("*/10 * * * * *",), ["/x"]), id="a field for seconds"),
        pytest.param("0 0 * * * 7z a", (("0 0 * * *",), ["7z", "a"]), id="a program that starts with a digit"),
        pytest.param("0 0 * * * root /x", (("0 0 * * *", "root"), ["/x"]), id="a user"),
        pytest.param("0\t0 * * * php /x", (("0\t0 * * *",), ["php", "/x"]), id="a program that could be a user"),
    ],
)
def test_jobs(text: str, expected: tuple[tuple[str, ...], list[str]]) -> None:
    words, command = expected
    assert jobs(text) == [(words, [tuple(command)])]


def test_one_known_user_tells_that_every_job_names_one() -> None:
    assert jobs("0 0 * * * root /x\n0 1 * * * shop /y") == [
        (("0 0 * * *", "root"), [("/x",)]),
        (("0 1 * * *", "shop"), [("/y",)]),
    ]


def test_variables_and_comments() -> None:
    text = 'MAILTO=""\n# A=1\nB = /x y\n\nnonsense\n'
    assert said(crontab.read(Source(text))) == [("variable", "MAILTO", ""), ("variable", "B", "/x y")]


def test_settings_of_a_command_point_at_the_file() -> None:
    text = "0 0 * * * root /x >> /var/log/x.log\n"
    (redirect,) = [setting for setting in crontab.read(Source(text)).all_settings() if setting.kind == "redirect"]
    assert text[redirect.start : redirect.end] == "/var/log/x.log"


def test_a_template_is_left_to_who_hides_its_marks() -> None:
    with pytest.raises(Unreadable):
        crontab.read(Source("0 0 * * * root {{ x }}"))


@given(st.text(alphabet="*0/, @aA=\n\"'>", max_size=60) | st.text(max_size=60))
def test_any_text_gives_settings_that_stand_in_it(text: str) -> None:
    try:
        root = crontab.read(Source(text + "\n* * * * * " + text))
    except Unreadable:
        return
    assert not misplaced(root, text + "\n* * * * * " + text)
