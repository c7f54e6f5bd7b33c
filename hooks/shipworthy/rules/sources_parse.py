"""Source files are code: no Markdown fence, chat text or conflict marker is left in them.

What an assistant answers in a chat comes with a sentence before the code and a fence around it, and leaves out what it
did not change; what git could not merge stands between markers. Copied or committed as it is, the file is no program
any more, and everything that imports it fails.

Wrong::

    # src/prices.py
    Here is the updated code:

    ```python
    def total(prices):
        return sum(prices)
    ```

Right::

    # src/prices.py
    def total(prices):
        return sum(prices)

The rule looks for these marks alone: it never says that a file does not parse, because the language may be newer than
the parser. Strings, template literals, comments, docstrings and here-documents may hold any of them.

When not to use it: the repository keeps broken sources on purpose, outside of its tests.

Source: https://spec.commonmark.org/0.31.2/#fenced-code-blocks , git-merge(1), HOW CONFLICTS ARE PRESENTED
"""

from __future__ import annotations

from shipworthy.hook import executable
from shipworthy.rule import BLOCKING, FILE, Rule, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.file import File
    from shipworthy.rule import Finding

RULE = Rule(
    "sources-parse",
    "No Markdown fence, chat text or conflict marker in source",
    severity=BLOCKING,
    scope=FILE,
    files=(
        r"(?i)\.(?:py|pyi|[cm]?[jt]s|[jt]sx|go|java|php|rb|sh|bash|rs|cs|kts?|scala|swift|c|h|cc|cpp|hpp|vue|svelte|dart|sql"
        r"|css|scss|less)$"
    ),
    triggers=(
        b"```",
        b"<<<<<<< ",
        b"Here is ",
        b"Here's ",
        b"Here\xe2\x80\x99s ",
        b"Below is ",
        b"Sure",
        b"Certainly",
        b"Of course!",
        b"Absolutely!",
        b"I've ",
        b"I have ",
        b"unchanged",
        b"rest of ",
        b"existing code",
        b"remains the same",
        b"remain the same",
        b"stays the same",
        b"is the same as before",
    ),
    since="0.1.0",
)
_WHAT = {
    "fence": ("a Markdown fence", "remove the fences and the text around the code"),
    "chat": ("text of a chat", "remove the text, and put back the code it stands for"),
    "conflict": ("a conflict that was never resolved", "resolve the conflict and remove its markers"),
}


def check(file: File) -> Iterator[Finding]:
    """A finding for the first mark of each kind that stands outside of strings and comments."""
    from shipworthy.places import CI, DEVELOPMENT, PRODUCTION

    if file.place not in (PRODUCTION, DEVELOPMENT, CI):
        return
    from shipworthy.formats.leftovers import leftovers

    for kind, marks in leftovers(file.path, file.text).items():
        what, fix = _WHAT[kind]
        lines = [file.position(start)[0] for start, _ in marks]
        start, end = marks[0]
        others = f" (also in line {', '.join(map(str, lines[1:6]))})" if lines[1:] else ""
        yield RULE.finding(
            file,
            start,
            f"this is {what}, not code: {shown(file.text[start:end])}{others}",
            fix=fix,
            details={"kind": kind, "lines": lines},
        )


main = executable(RULE, check)
