"""Text that is no part of any programming language and was left in a source file: fences, chat, conflict markers.

A mark counts only where the syntax tree has no string and no comment around it and, for a fence or a sentence, where
the file has fewer errors without it: what the parser merely does not know yet is no mark.
"""

from __future__ import annotations

import re

from shipworthy.formats import format_of
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import GRAMMARS, SyntaxTree, walk
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

FENCE = "fence"
CHAT = "chat"
CONFLICT = "conflict"

_FENCE = lazy(r"^[ \t]{0,3}```[ \t]*[\w+#.-]{0,20}[ \t]*\r?$", re.MULTILINE)
_WORK = (
    r"(?:updated|complete|completed|full|corrected|fixed|improved|modified|revised|final|refactored|new|entire|rewritten"
    r"|requested|following|code|implementation|file|script|version|solution|content|example)"
)
_CODE = r"(?:code|file|class|function|component|methods?|implementation|module|script|imports|functions)"
"""What an answer leaves out."""
_CHAT = lazy(
    r"^[ \t]*+(?:[*_]{2})?(?:"
    rf"(?:Here(?:'s|’s| is| are)|Below is) (?:the|your|an?) (?:\w+[ \t]){{0,2}}?{_WORK}\b[^\n;{{}}=]*+"
    r"|(?:Sure|Certainly|Of course|Absolutely)(?:!|, here)[^\n;{}=]*+"
    r"|I(?:'ve|’ve| have) (?:updated|added|fixed|made|created|implemented|refactored|modified|rewritten|corrected) "
    r"[^\n;{}=]*+"
    r"|[\[(]?(?:\.\.\.|…)?[ \t]?\(?(?:the )?(?:rest of (?:the|your)|previous|existing|other|remaining) "
    rf"{_CODE}\b[^\n;{{}}=]{{0,200}}?(?:unchanged|the same(?: as before)?|here|\.\.\.|…)[ \t.)\]…]{{0,9}}+"
    r")\r?$",
    re.MULTILINE,
    holding=(
        *("here's", "here’s", "here is", "here are", "below is", "sure", "certainly", "of course", "absolutely"),
        *("i've ", "i’ve ", "i have ", "rest of ", "previous ", "existing ", "other ", "remaining "),
    ),
    by_line=True,
)
_OURS = lazy(r"^<{7} [^\n]*$", re.MULTILINE)
_BETWEEN = lazy(r"^={7}\r?$", re.MULTILINE)
_THEIRS = lazy(r"^>{7} [^\n]*$", re.MULTILINE)
_TEXT = lazy(
    r"string|comment|heredoc|template_substitution|jsx_text|char|raw_text|regex|^text$|literal$|nowdoc|uninterpreted"
)
"""Nodes that may hold any text, as the grammars name them."""
_QUOTED_BY_BACKTICKS = ("bash", "ruby", "javascript", "typescript", "tsx", "php", "go")
"""Languages in which three backticks are an empty quotation and the beginning of another."""
_WORDS_ARE_CODE = ("bash", "ruby")
"""Languages in which a sentence is a command."""

Marks = dict[str, list[tuple[int, int]]]


def leftovers(path: str, text: str) -> Marks:
    """The offsets (start, end) of the marks of each kind that are no part of the program."""
    found = _written(text)
    if not found:
        return {}
    grammar = format_of(path)
    if grammar == "shell":
        grammar = "bash"
    if grammar not in GRAMMARS or grammar in ("toml", "hcl"):
        return _without_grammar(text, found)
    try:
        tree = _Tree(grammar, text)
        return _outside_of_text(tree, grammar, text, found)
    except Unreadable:
        return _without_grammar(text, found)


def _written(text: str) -> Marks:
    """All marks, wherever they stand."""
    found = {
        FENCE: [match.span() for match in _FENCE.finditer(text)] if "```" in text else [],
        CHAT: [match.span() for match in _CHAT.finditer(text)],
        CONFLICT: _conflicts(text) if "<<<<<<<" in text else [],
    }
    return {kind: [_trimmed(text, *span) for span in spans] for kind, spans in found.items() if spans}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _conflicts(text: str) -> list[tuple[int, int]]:
    """The three markers of every conflict that has them in order."""
    found: list[tuple[int, int]] = []
    ours = _OURS.search(text)
    while ours is not None:
        between = _BETWEEN.search(text, ours.end())
        theirs = _THEIRS.search(text, between.end()) if between is not None else None
        if between is None or theirs is None:
            break
        found += [ours.span(), between.span(), theirs.span()]
        ours = _OURS.search(text, theirs.end())
    return found


def _without_grammar(text: str, found: Marks) -> Marks:
    """What is certain without a parser: a fence before everything else, and conflicts."""
    first = len(text) - len(text.lstrip())
    certain = {CONFLICT: found.get(CONFLICT, [])}
    if found.get(FENCE, [(-1, -1)])[0][0] == first:
        certain[FENCE] = found[FENCE]
    return {kind: spans for kind, spans in certain.items() if spans}


class _Tree:
    """A syntax tree asked about offsets of its text."""

    def __init__(self, grammar: str, text: str) -> None:
        self.tree = SyntaxTree(grammar, Source(text))
        self.text = text
        self.is_ascii = text.isascii()

    def is_text(self, start: int, end: int) -> bool:
        """Whether what stands between two offsets is inside of a string or a comment, and does not begin it."""
        first = start if self.is_ascii else len(self.text[:start].encode("utf-8", "surrogatepass"))
        length = end - start if self.is_ascii else len(self.text[start:end].encode("utf-8", "surrogatepass"))
        node = self.tree.root.descendant_for_byte_range(first, first + length)
        while node is not None:
            if node.start_byte < first and _TEXT.search(node.type):
                return True
            node = node.parent
        return False

    def errors(self) -> int:
        """The number of places that the parser could not read."""
        if not self.tree.root.has_error:
            return 0
        return sum(1 for node, _ in walk(self.tree.root) if node.is_error or node.is_missing)


def _outside_of_text(tree: _Tree, grammar: str, text: str, found: Marks) -> Marks:
    outside = {kind: [span for span in spans if not tree.is_text(*span)] for kind, spans in found.items()}
    kept = {CONFLICT: outside.get(CONFLICT, [])} if len(outside.get(CONFLICT, ())) % 3 == 0 else {}
    for kind, by_words in ((FENCE, _QUOTED_BY_BACKTICKS), (CHAT, _WORDS_ARE_CODE)):
        spans = outside.get(kind, [])
        if spans and (grammar in by_words or _breaks(tree, grammar, text, spans)):
            kept[kind] = spans
    return {kind: spans for kind, spans in kept.items() if spans}


def _breaks(tree: _Tree, grammar: str, text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the file has fewer errors when the marks are blanked."""
    errors = tree.errors()
    if not errors:
        return False
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], " " * (end - start)]
        last = end
    return _Tree(grammar, "".join([*pieces, text[last:]])).errors() < errors
