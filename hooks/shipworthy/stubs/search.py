"""The search for telling words, which git makes over all sources at once."""

from __future__ import annotations

from shipworthy.places import TESTS
from shipworthy.repository import LineSearch
from shipworthy.stubs.hints import PATTERN, QUICK
from shipworthy.stubs.sources import ENDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.config import Config

_EVERYWHERE = LineSearch(PATTERN, ENDINGS, QUICK)
OUTSIDE_TESTS = LineSearch(PATTERN, ENDINGS, QUICK, TESTS)
"""No stub is looked for in tests, and a third of what git finds is there."""


def search_for(config: Config) -> LineSearch:
    """The search that finds all candidates: a configuration may state other places for tests."""
    return OUTSIDE_TESTS if config.certain_tests else _EVERYWHERE
