"""Defaults inside values: ``${X:-v}`` as shells, Compose and dotenv files write it, ``${x:v}`` as Spring does.

Sources: POSIX.1-2024, Shell Command Language, 2.6.2 Parameter Expansion;
https://docs.docker.com/reference/compose-file/interpolation/ ;
https://docs.spring.io/spring-framework/reference/core/beans/environment.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.source import Source
from shipworthy.formats.tree import DEFAULT, Setting
from shipworthy.patterns import lazy

_SHELL = lazy(r"\\.|\$\{(?:(?P<name>[A-Za-z_][\w.]*+):?[-=])?|\}", re.DOTALL)
_SPRING = lazy(r"\\.|\$\{(?:(?P<name>[A-Za-z_][\w.\-\[\]]*+):-?)?|\}", re.DOTALL)
_MOST_LEVELS = 50


def defaults(source: Source, *, spring: bool = False) -> Iterator[Setting]:
    """What stands in for each variable that has a default: ``${X:-v}``, ``${X-v}``, ``${X:=v}``, ``${X=v}``.

    Each is a DEFAULT setting named X with the value v, an outer one before those inside it; quotes around v are left
    out. ``spring`` asks for ``${x:v}`` instead, which a shell takes for a substring.
    """
    found: list[tuple[int, int, str]] = []
    opened: list[tuple[int, str]] = []
    for mark in (_SPRING if spring else _SHELL).finditer(source.text):
        if mark[0].startswith("${"):
            if len(opened) == _MOST_LEVELS:
                break
            opened.append((mark.end(), mark["name"] or ""))
        elif mark[0] == "}" and opened:
            start, name = opened.pop()
            if name:
                found.append((start, mark.start(), name))
    for start, end, name in sorted(found):
        yield _default(source, name, start, end)


def _default(source: Source, name: str, start: int, end: int) -> Setting:
    value = source.text[start:end]
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        start, end, value = start + 1, end - 1, value[1:-1]
    first = source.at(start)
    return Setting(name, value, first, source.at(end - 1) + 1 if value else first, DEFAULT)
