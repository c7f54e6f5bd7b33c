"""What becomes of the failure of each command of a shell script.

A command whose failure nobody heeds cannot fail the script: ``test || true``, ``test | tee log`` without
``pipefail``, ``if test; then echo good; else echo bad; fi``, anything but the last command behind ``set +e``. What
stands in substitutions, in the conditions of loops and in scripts inside scripts is left out: its outcome is a value.

Source: POSIX.1-2017, Shell Command Language, 2.8.1 and the description of ``set -e``; the Bash Reference Manual
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from shipworthy.formats import shell
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import walk
from shipworthy.formats.tree import Block

if TYPE_CHECKING:
    from tree_sitter import Node

OR = "or"
"""``command || true``: what stands behind ``||`` only speaks."""
AND = "and"
"""``command && more`` before the end of a script: ``set -e`` does not look at the left side."""
PIPE = "pipe"
"""``command | tee log`` without ``pipefail``."""
BRANCH = "branch"
"""``if command``, where all branches only speak."""
SEQUENCE = "sequence"
"""Another command follows, and nothing stops the script at errors."""

_SPEAKING = frozenset({"echo", "printf", "true", ":"})
_PASSING_ON = frozenset({"tee", "cat", "head", "tail", "ts"})
"""Programs that hand on what they read, and succeed whatever it says."""
_WITHOUT_EFFECT = _SPEAKING | frozenset(
    "sleep wait date test [ [[ exit return break continue read local export declare readonly set cd pwd mkdir touch cat"
    " bc expr seq tr cut wc sort head tail basename dirname sha256sum md5sum".split()
)
"""What scripts do that do nothing: they speak, wait, count, decide, and write files of words."""
_LOOKS = frozenset({"checkout", "log", "status", "rev-parse", "branch", "show", "describe", "diff", "fetch"})
"""What git does without an effect on anything that runs."""
_SEEN_BY_PEOPLE = ("/dev/null", "/dev/stderr", "/dev/stdout", "STEP_SUMMARY")
_READS_STATUS = ("$?", "PIPESTATUS", "trap ")
_GROUPS = frozenset({"program", "compound_statement", "subshell", "do_group", "else_clause", "case_item"})
_LOOPS = frozenset(
    {"while_statement", "for_statement", "c_style_for_statement", "case_statement", "function_definition"}
)
_MOST_LEVELS = 100


class Ignored(NamedTuple):
    """Why the failure of a command is not heeded: how (`OR` to `SEQUENCE`), and the text that makes it so.

    For a `BRANCH` the text is that of all branches.
    """

    how: str
    text: str


class Command(NamedTuple):
    """A command of a script: its block as the shell reader makes it, and why its failure is ignored, if it is.

    ``start`` and ``end`` are the offsets in the script's text that the command is written between.
    """

    block: Block
    ignored: Ignored | None
    start: int
    end: int


class _Span(NamedTuple):
    start: int
    end: int
    ignored: Ignored | None


def commands(source: Source, *, stops: bool, pipefail: bool) -> list[Command]:
    """A script's commands in order, with what becomes of their failures.

    ``stops`` tells that the shell is started with ``-e``, ``pipefail`` that it is with ``-o pipefail``. Raises
    `Unreadable` where the parser gives up.
    """
    tree = shell.syntax_tree(source.text)
    spans = _Judge(source.text, stops, pipefail).spans(tree.root)
    places = {(source.at(span.start), source.end(span.end)): span for span in spans}
    return list(_joined(shell.read(source), sorted(places.items())))


def only_speaks(text: str) -> bool:
    """Whether a script does nothing but say things. Raises `Unreadable` where the parser gives up."""
    tree = shell.syntax_tree(text)
    statements = _statements(tree.root)
    return bool(statements) and all(_speaks(text, statement, waits=True) for statement in statements)


def only_pretends(text: str) -> bool:
    """Whether a script has no effect on anything but files in its own folder, substitutions included.

    Raises `Unreadable` where the parser gives up.
    """
    named = [
        text[node.start_byte : node.end_byte].split(None, 2)
        for node, _ in walk(shell.syntax_tree(text).root)
        if node.type in ("command", "test_command")
    ]
    return bool(named) and all(_has_no_effect(words) for words in named)


def _has_no_effect(words: list[str]) -> bool:
    return words[0] in _WITHOUT_EFFECT or (words[0] == "git" and words[1:2] != [] and words[1] in _LOOKS)


def _joined(script: Block, places: list[tuple[tuple[int, int], _Span]]) -> Iterator[Command]:
    """The blocks of the commands that the spans stand for: of those that start in one, the first."""
    taken: set[int] = set()
    blocks = sorted(
        (block for block in script.walk() if isinstance(block, Block) and _is_own_command(block)),
        key=lambda block: block.start,
    )
    position = 0
    enclosing: list[tuple[int, int, _Span]] = []
    for block in blocks:
        while position < len(places) and places[position][0][0] <= block.start:
            (first, last), span = places[position]
            enclosing.append((first, last, span))
            position += 1
        while enclosing and enclosing[-1][1] <= block.start:
            enclosing.pop()
        if enclosing and enclosing[-1][0] not in taken:
            first, _, span = enclosing[-1]
            taken.add(first)
            yield Command(block, span.ignored, span.start, span.end)


def _is_own_command(block: Block) -> bool:
    """Whether a block is a command of this script, not of one inside."""
    return block.kind == "command" and block.inside("command") is None


class _Judge:
    """Goes through the statements of one script."""

    def __init__(self, text: str, stops: bool, pipefail: bool) -> None:
        self.text = text
        self.stops = stops
        self.pipefail = pipefail or "pipefail" in text
        self.reads_status = any(mark in text for mark in _READS_STATUS)

    def spans(self, root: Node) -> list[_Span]:
        """Where every command stands, with what becomes of its failure."""
        found: list[_Span] = []
        waiting: list[tuple[Node, Ignored | None, int]] = []
        statements = _statements(root)
        for position, statement in enumerate(statements):
            self._take_settings(statement)
            is_last = position == len(statements) - 1
            waiting.append((statement, self._in_sequence(statement, is_last), 0))
        waiting.reverse()
        while waiting:
            node, ignored, level = waiting.pop()
            if level > _MOST_LEVELS:
                continue
            if node.type in ("command", "test_command"):
                found.append(_Span(node.start_byte, node.end_byte, ignored))
            else:
                parts = [(part, why, level + 1) for part, why in self._parts(node, ignored)]
                waiting += reversed(parts)
        return found

    def _in_sequence(self, statement: Node, is_last: bool) -> Ignored | None:
        """Why nobody heeds the failure of a statement: others follow it."""
        if is_last or self.reads_status or statement.type == "function_definition":
            return None
        if not self.stops:
            return Ignored(SEQUENCE, "")
        if statement.type == "list" and _operator(statement) == "&&":
            return Ignored(AND, "")
        return None

    def _take_settings(self, statement: Node) -> None:
        """Follow ``set -e`` and ``set +e``."""
        words = self.text[statement.start_byte : statement.end_byte].split()
        if statement.type != "command" or words[:1] != ["set"]:
            return
        for position, word in enumerate(words[1:], 1):
            named = word in ("-o", "+o") and words[position + 1 : position + 2] == ["errexit"]
            if named or (word[:1] in "+-" and "e" in word[1:] and word[1:].isalpha() and len(word) < 9):
                self.stops = word.startswith("-")

    def _parts(self, node: Node, ignored: Ignored | None) -> Iterator[tuple[Node, Ignored | None]]:
        """The commands and groups that a node is made of, with what becomes of the failure of each."""
        if node.type == "list":
            yield from self._list_parts(node, ignored)
        elif node.type == "pipeline":
            yield from self._pipeline_parts(node, ignored)
        elif node.type == "if_statement":
            yield from self._branches(node, ignored)
        elif node.type in _GROUPS:
            for statement in _statements(node):
                yield statement, ignored if ignored is None or ignored.how != AND else None
        elif node.type in _LOOPS:
            conditions = node.children_by_field_name("condition")
            for child in node.named_children:
                if child.type in _GROUPS and child not in conditions:
                    yield child, ignored
        elif node.type == "redirected_statement":
            is_written = any(_is_written(self.text, child) for child in node.named_children)
            for child in node.named_children:
                if is_written and child.type == "list":  # the redirect is its last command's
                    yield from ((part, ignored) for part in child.named_children)
                elif not child.type.endswith("_redirect"):
                    yield child, ignored
        elif node.type == "negated_command":
            yield from ((child, ignored) for child in node.named_children)

    def _list_parts(self, node: Node, ignored: Ignored | None) -> Iterator[tuple[Node, Ignored | None]]:
        children = node.named_children
        if len(children) < 2:
            yield from ((child, ignored) for child in children)
            return
        left, right = children[0], children[-1]
        operator = _operator(node)
        if operator == "||":
            behind = " ".join(self.text[left.end_byte : right.end_byte].replace("\\\n", " ").split())
            inherited = ignored if ignored is not None and ignored.how in (OR, BRANCH) else None
            yield left, Ignored(OR, behind) if _speaks(self.text, right) else inherited
            yield right, ignored
        else:
            yield left, ignored
            yield right, None if ignored is not None and ignored.how == AND else ignored

    def _pipeline_parts(self, node: Node, ignored: Ignored | None) -> Iterator[tuple[Node, Ignored | None]]:
        children = node.named_children
        last = children[-1] if children else node
        written = self.text[last.start_byte : last.end_byte]
        passes_on = not self.pipefail and not self.reads_status and written.split()[:1] in [[p] for p in _PASSING_ON]
        for child in children[:-1]:
            yield child, ignored or (Ignored(PIPE, f"| {written}") if passes_on else None)
        yield last, ignored

    def _branches(self, node: Node, ignored: Ignored | None) -> Iterator[tuple[Node, Ignored | None]]:
        conditions = node.children_by_field_name("condition")
        bodies = [child for child in node.named_children if child not in conditions and child.type != "comment"]
        speaks = bool(bodies) and all(_speaks(self.text, body, stops=False) for body in bodies)
        said = self.text[bodies[0].start_byte : bodies[-1].end_byte] if speaks else ""
        for condition in conditions:
            yield condition, Ignored(BRANCH, said) if speaks and not self.reads_status else None
        for body in bodies:
            yield body, ignored


def _statements(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _operator(node: Node) -> str:
    """The operator of a list, ``&&`` or ``||``."""
    return next((child.type for child in node.children if child.type in ("&&", "||")), "")


def _speaks(text: str, node: Node, *, stops: bool = True, waits: bool = False) -> bool:
    """Whether a node says something to people and does nothing else.

    ``stops`` allows it to end the script with success, ``waits`` to wait.
    """
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type in ("list", "else_clause", *_GROUPS):
            waiting += _statements(current)
        elif current.type == "redirected_statement":
            for child in current.named_children:
                if _is_written(text, child):
                    return False
                if not child.type.endswith("_redirect"):
                    waiting.append(child)
        elif current.type == "command":
            if not _is_speaking(text, current, stops, waits):
                return False
        else:
            return False
    return True


def _is_speaking(text: str, command: Node, stops: bool, waits: bool) -> bool:
    written = text[command.start_byte : command.end_byte]
    words = written.split(None, 2)
    if words[:1] and words[0] in _SPEAKING:
        return "::set-output" not in written
    if waits and words[:1] == ["sleep"]:
        return True
    return stops and words in (["exit", "0"], ["return", "0"])


def _is_written(text: str, node: Node) -> bool:
    """Whether a node is a redirect to a file: one that leads to the screen or to the summary of a run is none."""
    written = text[node.start_byte : node.end_byte]
    is_seen = written.partition(">")[2].startswith("&") or any(target in written for target in _SEEN_BY_PEOPLE)
    return node.type == "file_redirect" and not is_seen
