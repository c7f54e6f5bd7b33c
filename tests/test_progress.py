"""What is said while somebody waits: on a terminal alone, and only after a while."""

from __future__ import annotations

import io
import os
import sys

import pytest

from shipworthy import progress
from shipworthy.progress import Progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal as standard error; pytest puts its own there between a fixture and a test."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def test_nothing_is_said_to_what_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    shown = Progress()
    shown.step("a.yml")
    shown.end()
    assert stream.getvalue() == ""


def test_nothing_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    shown = Progress()
    shown.step("a.yml")
    shown.end()
    assert terminal.getvalue() == ""


def test_later_one_line_is_written_anew_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_BETWEEN", 0.0)
    shown = Progress()
    shown.step("a.yml")
    shown.step("b\x1b[31m.yml")
    shown.end()
    assert terminal.getvalue() == "\r\x1b[Kshipworthy: a.yml\r\x1b[Kshipworthy: b\\x1b[31m.yml\r\x1b[K"
    assert "\n" not in terminal.getvalue()


def test_a_line_is_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_of(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "get_terminal_size", lambda: os.terminal_size((20, 24)))
    Progress().step("x" * 100)
    assert terminal.getvalue() == "\r\x1b[Kshipworthy: xxxxxxx"


def test_a_closed_terminal_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(Terminal):
        def write(self, _text: str) -> int:
            raise OSError

    monkeypatch.setattr(sys, "stderr", Closed())
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    shown = Progress()
    shown.step("a.yml")
    shown.step("b.yml")
    shown.end()
