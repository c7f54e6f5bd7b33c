"""The search for telling words, which git makes over all sources at once."""

from __future__ import annotations

from shipworthy.places import TESTS
from shipworthy.repository import LineSearch
from shipworthy.stubs.kinds import KINDS
from shipworthy.stubs.languages import ENDINGS
from shipworthy.stubs.quick import quick_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.config import Config

_PATTERN = "|".join(kind.found for kind in KINDS)
_QUICK = quick_pattern(dict.fromkeys(phrase for kind in KINDS for phrase in kind.phrases))
EVERYWHERE = LineSearch(_PATTERN, ENDINGS, _QUICK)
OUTSIDE_TESTS = LineSearch(_PATTERN, ENDINGS, _QUICK, TESTS)
"""No stub is looked for in tests, and a third of what git finds is there."""


def search_for(config: Config) -> LineSearch:
    """The search that finds all candidates: a configuration may state other places for tests."""
    return OUTSIDE_TESTS if config.certain_tests else EVERYWHERE
