"""Says on a terminal what is going on, when it takes longer than somebody likes to wait without a word."""

from __future__ import annotations

import sys
from shutil import get_terminal_size
from time import monotonic

PATIENCE = 1.0
"""Seconds before anything is said."""
_BETWEEN = 0.1
"""Seconds between two words, or writing them would take its time."""


class Progress:
    """One line on standard error that is written anew, and is gone in the end; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._next = monotonic() + PATIENCE if sys.stderr is not None and sys.stderr.isatty() else None
        self._is_shown = False

    def step(self, what: str) -> None:
        """Say what is looked at now."""
        if self._next is None or monotonic() < self._next:
            return
        from shipworthy.reporting.escape import printable

        self._next = monotonic() + _BETWEEN
        width = get_terminal_size().columns - 1
        self._say(printable(f"shipworthy: {what}")[:width])
        self._is_shown = True

    def end(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._say("")
            self._is_shown = False

    def _say(self, text: str) -> None:
        try:
            encoding = sys.stderr.encoding or "utf-8"
            sys.stderr.write("\r\x1b[K" + text.encode(encoding, "backslashreplace").decode(encoding))
            sys.stderr.flush()
        except OSError:
            self._next = None
