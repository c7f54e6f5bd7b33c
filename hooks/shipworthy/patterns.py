"""Regular expressions that are compiled when they are first used, and that look for plain words first.

Most runs of a hook need few of the patterns in the modules that they import, and compiling all of them takes longer
than starting Python. Searching with an alternation that ignores case takes a hundred times longer than to see that
none of the words is there which every match must hold.
"""

from __future__ import annotations

import re
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, AnyStr

_SEARCHING = ("finditer", "search")
_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


def lazy(
    pattern: AnyStr, flags: int = 0, *, holding: tuple[AnyStr, ...] = (), by_line: bool = False
) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, for constants of a module: an error in the pattern shows when it is first used.

    ``holding`` are words in lower case, one of which is in whatever the pattern matches, in upper or lower case: where
    they are stated, `search` and `finditer` of a whole text find nothing in one that has none of them. With
    ``by_line`` only the lines of a text that hold one are looked at; the pattern must match nothing that spans lines.
    """
    return _Lazy(pattern, flags, holding, by_line)  # type: ignore[return-value]  # it stands for one


def words_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The words, in lower case, one of which is in whatever a `lazy` pattern matches; none where none are stated."""
    holding: tuple[str, ...] = getattr(pattern, "holding", ())
    return holding


class _Lazy:
    """Stands for a pattern, of text or of bytes. Its methods are empty slots until the first of them is asked for."""

    __slots__ = (*_METHODS, "_flags", "by_line", "holding", "pattern")

    search: Callable[..., re.Match[Any] | None]
    finditer: Callable[..., Iterator[re.Match[Any]]]

    def __init__(self, pattern: str | bytes, flags: int, holding: tuple[Any, ...], by_line: bool) -> None:
        self.pattern = pattern
        self._flags = flags
        self.holding = holding
        self.by_line = by_line

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
        words, by_line = self.holding, self.by_line

        @cache
        def compiled() -> re.Pattern[Any]:
            return re.compile(self.pattern, self._flags)

        def finditer(text: Any, *span: int) -> Iterator[re.Match[Any]]:
            if span:  # whoever goes on from match to match would have all of the text lowered each time
                yield from compiled().finditer(text, *span)
                return
            lowered = text.lower()
            if by_line and len(lowered) == len(text):  # the other case of some letters is two letters
                for start, end in lines_holding(lowered, words):
                    yield from compiled().finditer(text, start, end)
            elif _holds(lowered, words):
                yield from compiled().finditer(text)

        def search(text: Any, *span: int) -> re.Match[Any] | None:
            if by_line or span:
                return next(finditer(text, *span), None)
            return compiled().search(text) if _holds(text.lower(), words) else None

        self.search = search
        self.finditer = finditer


def lines_holding(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the lines of a text begin and end that hold one of the words, in order.

    Each word is looked for in all of the text: looking for each in each line takes many times longer.
    """
    found: dict[int, int] = {}
    for word in words:
        at = text.find(word)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found[text.rfind("\n", 0, at) + 1] = end
            at = text.find(word, end)
    return sorted(found.items())


def _holds(text: AnyStr, words: tuple[AnyStr, ...]) -> bool:
    for word in words:  # noqa: SIM110 - a generator takes three times as long, and this is done for every text
        if word in text:
            return True
    return False
