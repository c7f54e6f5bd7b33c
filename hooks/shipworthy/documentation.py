"""What a rule's docstring says, for `shipworthy explain`, for SARIF and for the rule pages."""

from __future__ import annotations

from inspect import cleandoc

from shipworthy.rules import load


def help_text(id: str) -> str:
    """The documentation of a rule as plain text: its module's docstring."""
    return cleandoc(load(id).__doc__ or "")
