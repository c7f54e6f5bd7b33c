"""Defaults inside values: ``${X:-v}`` as shells, Compose and dotenv files write it.

Sources: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02 (parameter expansion),
https://docs.docker.com/reference/compose-file/interpolation/ and, for ``${x:v}``,
https://docs.spring.io/spring-framework/reference/core/beans/environment.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.formats.source import Source
from shipworthy.formats.tree import DEFAULT, Setting

_MARK = re.compile(r"\\.|\$\{(?:(?P<name>[A-Za-z_][\w.\-]*?)(?P<operator>:?[-=]|:(?![+?]))(?![-=])|)|\}", re.DOTALL)
_MOST_LEVELS = 50


def defaults(source: Source, *, colon: bool = False) -> Iterator[Setting]:
    """What stands in for each variable that has a default: ``${X:-v}``, ``${X-v}``, ``${X:=v}``, ``${X=v}``.

    Each is a DEFAULT setting named X with the value v, an outer one before those inside it; quotes around v are
    removed. ``colon`` adds ``${x:v}``, which Spring reads as a default and a shell as a substring.
    """
