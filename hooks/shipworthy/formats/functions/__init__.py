"""The functions of program code, in one model for all languages: name, parameters, statements, comments, owner.

A language is one table in `shipworthy.formats.functions.languages`: which nodes of its grammar are functions, calls,
branches and so on. `shipworthy.formats.functions.reader` walks the syntax tree by that table, and what comes out is
`shipworthy.formats.functions.model`, which knows no language. Nothing here judges a function.
"""

from __future__ import annotations

from shipworthy.formats.functions.languages import LANGUAGES
from shipworthy.formats.functions.model import (
    BRANCH,
    CALL,
    DECLARATION,
    DEFINITION,
    LOOP,
    NOTHING,
    OTHER,
    RETURN,
    THROW,
    TRY,
    Branch,
    Call,
    Comment,
    Expression,
    Function,
    Owner,
    Statement,
    Text,
)
from shipworthy.formats.functions.reader import read

__all__ = [
    "BRANCH",
    "CALL",
    "DECLARATION",
    "DEFINITION",
    "LANGUAGES",
    "LOOP",
    "NOTHING",
    "OTHER",
    "RETURN",
    "THROW",
    "TRY",
    "Branch",
    "Call",
    "Comment",
    "Expression",
    "Function",
    "Owner",
    "Statement",
    "Text",
    "read",
]
