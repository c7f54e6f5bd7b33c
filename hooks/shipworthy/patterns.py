"""Regular expressions that are compiled when they are first used, and that look for plain words first.

Most runs of a hook need few of the patterns in the modules that they import, and compiling all of them takes longer
than starting Python. Searching with an alternation that ignores case takes a hundred times longer than to see that
none of the words is there which every match must hold.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SEARCHING = ("finditer", "search")
_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


def lazy(pattern: AnyStr, flags: int = 0, holding: tuple[AnyStr, ...] = ()) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, for constants of a module: an error in the pattern shows when it is first used.

    ``holding`` are words in lower case, one of which is in whatever the pattern matches, in upper or lower case: where
    they are stated, `search` and `finditer` of a whole text find nothing in one that has none of them.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags, holding))


class _Lazy(Generic[AnyStr]):
    """Stands for a pattern. Its methods are empty slots until the first of them is asked for."""

    __slots__ = (*_METHODS, "_flags", "holding", "pattern")

    pattern: AnyStr
    holding: tuple[AnyStr, ...]
    search: Callable[..., re.Match[AnyStr] | None]
    finditer: Callable[..., Iterator[re.Match[AnyStr]]]

    def __init__(self, pattern: AnyStr, flags: int, holding: tuple[AnyStr, ...]) -> None:
        self.pattern = pattern
        self._flags = flags
        self.holding = holding

    def __getattr__(self, name: str) -> object:
        if self.holding and name in _SEARCHING:
            self._look_for_words_first()
            return getattr(self, name)
        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            if not self.holding or method not in _SEARCHING:
                setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def _look_for_words_first(self) -> None:
        compiled: re.Pattern[AnyStr] | None = None
        words = self.holding

        def for_text(text: AnyStr, is_whole: bool) -> re.Pattern[AnyStr] | None:
            nonlocal compiled
            if is_whole and not _holds(text.lower(), words):
                return None
            compiled = compiled or re.compile(self.pattern, self._flags)
            return compiled

        def search(text: AnyStr, *span: int) -> re.Match[AnyStr] | None:
            found = for_text(text, not span)
            return found.search(text, *span) if found is not None else None

        def finditer(text: AnyStr, *span: int) -> Iterator[re.Match[AnyStr]]:
            found = for_text(text, not span)
            return found.finditer(text, *span) if found is not None else iter(())

        self.search = search
        self.finditer = finditer


def _holds(text: AnyStr, words: tuple[AnyStr, ...]) -> bool:
    for word in words:  # noqa: SIM110 - a generator takes three times as long, and this is done for every text
        if word in text:
            return True
    return False
