"""Regular expressions that are compiled when they are first used.

Most runs of a hook need few of the patterns in the modules that they import, and compiling all of them takes longer
than starting Python.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, for constants of a module: an error in the pattern shows when it is first used."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


class _Lazy(Generic[AnyStr]):
    """Stands for a pattern. Its methods are empty slots until the first of them is asked for."""

    __slots__ = (*_METHODS, "_flags", "pattern")

    pattern: AnyStr

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
