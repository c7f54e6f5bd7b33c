"""What the tests of the host share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hosts import temporary_directory


@pytest.fixture
def directory() -> Iterator[Path]:
    """A new temporary directory with a short path."""
    with temporary_directory() as made:
        yield made
