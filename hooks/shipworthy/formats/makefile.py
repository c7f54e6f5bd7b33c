"""Makefiles: variables, and rules with the commands of their recipes.

A rule is a directive named like its first target; ``words`` are its targets, its operands the prerequisites. Its script
holds the commands of the recipe, in which make's own references (``$(X)``, ``$@``) stand as they are written and ``$$``
is the shell's ``$``. ``X ?= v`` is a default, every other assignment a variable, those of a single target in its
rule's block. ``include`` is a directive. Conditionals are looked through: both branches count.

Source: GNU make manual, https://www.gnu.org/software/make/manual/make.html
"""

from __future__ import annotations

import re

from shipworthy.formats import shell
from shipworthy.formats.lexing import add_block, add_setting, line_spans, place, trimmed, words
from shipworthy.formats.source import Source
from shipworthy.formats.tree import DEFAULT, OPERAND, VARIABLE, Block
from shipworthy.patterns import lazy

_ASSIGNMENT = lazy(
    r"\s*(?:(?:export|override|private)\s+)*+"
    r"(?P<name>[^\s:#=]+?)\s*+(?P<operator>[?+!]=|:{0,3}=)(?P<value>.*)",
    re.DOTALL,
)
_DEFINE = lazy(r"\s*(?:(?:export|override|private)\s+)*+define\s+(?P<name>[^\s:#=?+!]+)")
_END_OF_DEFINE = lazy(r"\s*endef\b")
_INCLUDE = lazy(r"\s*(?P<name>-?include|sinclude)\s+(?P<paths>.+)", re.DOTALL)
_IGNORED = lazy(r"\s*(?:ifn?eq|ifn?def|else|endif|export|unexport|override|undefine|vpath)(?![^\s(])")
_COMMENT = lazy(r"(?<!\\)#.*", re.DOTALL)
_RECIPE_PREFIX = lazy(r"[ \t@+-]*")
_MARK = lazy(r"\$\$|\$[({]|\$[^\s\w'\"\\]|[(){}]")
_CLOSING = {"(": ")", "{": "}"}


def read(source: Source) -> Block:
    """A makefile's variables, and a directive for every rule.

    Raises `Unreadable` where the shell parser gives up on a recipe.
    """
    root = Block("document")
    _Reader(source, root).read()
    return root


class _Reader:
    """Goes through the lines; a rule stays open until another line than a recipe's stands at the margin."""

    def __init__(self, source: Source, root: Block) -> None:
        self.source = source
        self.text = source.text
        self.root = root
        self.lines = list(line_spans(source.text))
        self.number = 0
        self.rule: Block | None = None

    def read(self) -> None:
        """Add everything to the root."""
        while self.number < len(self.lines):
            if self.rule is not None and self.text.startswith("\t", self.lines[self.number][0]):
                self._add_recipe(self.rule, self._recipe_line())
            else:
                self._take(self._logical_line())

    def _take(self, line: Source) -> None:
        """Add what a line outside of recipes says."""
        text = line.text
        define = _DEFINE.match(text)
        include = _INCLUDE.match(text)
        assignment = _ASSIGNMENT.match(text)
        if define:
            self._add_definition(line.part(*define.span("name")))
        elif assignment:
            self.rule = None
            _add_variable(self.root, line, assignment)
        elif include:
            directive = add_block(self.root, line, "directive", include["name"], *include.span("name"))
            for word in words(text, *include.span("paths"), "#"):
                add_setting(directive, line, directive.name, word.start, word.end, OPERAND)
        elif text.strip() and not _IGNORED.match(text):
            self._add_rule(line)

    def _logical_line(self) -> Source:
        """The next line with those that it goes on in, joined by single blanks, without its comment."""
        pieces: list[tuple[str, int]] = []
        goes_on = True
        while goes_on and self.number < len(self.lines):
            start, end = self.lines[self.number]
            self.number += 1
            goes_on = _goes_on(self.text[start:end])
            first, last = trimmed(self.text, start, end - 1 if goes_on else end)
            if pieces:
                pieces.append((" ", first - 1))
            pieces.append((self.text[first:last], first))
        line = self.source.joined(pieces)
        comment = _COMMENT.search(line.text)
        return line.part(0, comment.start()) if comment else line

    def _recipe_line(self) -> Source:
        """The next line of a recipe with those that it goes on in, as make gives them to the shell."""
        pieces: list[tuple[str, int]] = []
        goes_on = True
        while goes_on and self.number < len(self.lines):
            start, end = self.lines[self.number]
            self.number += 1
            goes_on = _goes_on(self.text[start:end])
            if pieces:
                pieces.append(("\n", start - 1))
            if self.text.startswith("\t", start):
                start += 1
            pieces.append((self.text[start:end], start))
        return self.source.joined(pieces)

    def _add_definition(self, name: Source) -> None:
        """The lines up to ``endef``, as the value of a variable."""
        first = self.lines[self.number][0] if self.number < len(self.lines) else len(self.text)
        last, levels = first, 1
        while self.number < len(self.lines):
            start, end = self.lines[self.number]
            self.number += 1
            line = self.text[start:end]
            levels += 1 if _DEFINE.match(line) else -1 if _END_OF_DEFINE.match(line) else 0
            if levels == 0:
                break
            last = end
        add_setting(self.root, self.source, name.text, first, last, VARIABLE, interpolated=False).key = name.at(0)

    def _add_rule(self, line: Source) -> None:
        """``targets : prerequisites ; recipe``, or a variable of the targets."""
        colon = _separator(line.text)
        self.rule = None
        if colon < 0:
            return
        targets = list(words(line.text, 0, colon))
        if not targets:
            return
        name = targets[0]
        texts = tuple(target.text for target in targets)
        rule = self.rule = add_block(self.root, line, "directive", name.text, name.start, name.end, texts)
        behind = colon + len(line.text[colon:]) - len(line.text[colon:].lstrip(":"))
        rest = line.part(behind, len(line.text))
        assignment = _ASSIGNMENT.match(rest.text)
        if assignment:
            _add_variable(rule, rest, assignment)
            return
        prerequisites, semicolon, _ = rest.text.partition(";")
        for word in words(rest.text, 0, len(prerequisites)):
            if word.text != "|":
                add_setting(rule, rest, rule.name, word.start, word.end, OPERAND, key=word.start)
        if semicolon:
            self._add_recipe(rule, rest.part(len(prerequisites) + 1, len(rest.text)))

    def _add_recipe(self, rule: Block, line: Source) -> None:
        """Add the commands of one line to the rule's script. Every line is a shell of its own."""
        prefix = _RECIPE_PREFIX.match(line.text)
        written = line.part(prefix.end() if prefix else 0, len(line.text))
        recipe, opaque = _for_shell(written)
        script = rule.block("")
        if script is None:
            script = rule.add(Block("script", "", *place(recipe, 0, len(recipe.text))))
        script.adopt(shell.read(recipe, opaque))
        script.end = max(script.end, recipe.end(len(recipe.text)))


def _goes_on(line: str) -> bool:
    """Whether a line ends in a backslash that is not itself escaped."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _add_variable(block: Block, line: Source, assignment: re.Match[str]) -> None:
    kind = DEFAULT if assignment["operator"] == "?=" else VARIABLE
    start, end = trimmed(line.text, *assignment.span("value"))
    add_setting(block, line, assignment["name"], start, end, kind, key=assignment.start("name"), interpolated=False)


def _separator(line: str) -> int:
    """The offset of the colon that ends a rule's targets, outside of references; -1 where there is none."""
    references, _ = _references(line)
    position = line.find(":")
    for start, end in references:
        if 0 <= position < start:
            break
        if start <= position < end:
            position = line.find(":", end)
    return position


def _references(text: str) -> tuple[list[tuple[int, int]], list[int]]:
    """The ranges of make's references (``$(X)``, ``$@``), and the offsets of every ``$$`` outside of them."""
    references: list[tuple[int, int]] = []
    dollars: list[int] = []
    closing: list[str] = []
    opened = 0
    for mark in _MARK.finditer(text):
        written = mark[0]
        if written in ("$(", "${"):
            opened = opened if closing else mark.start()
            closing.append(_CLOSING[written[1]])
        elif closing:
            if written == closing[-1]:
                closing.pop()
                if not closing:
                    references.append((opened, mark.end()))
            elif _CLOSING.get(written) == closing[-1]:
                closing.append(closing[-1])
        elif written == "$$":
            dollars.append(mark.start())
        elif written.startswith("$"):
            references.append(mark.span())
    return references, dollars


def _for_shell(written: Source) -> tuple[Source, list[tuple[int, int]]]:
    """A recipe as the shell sees it (``$$`` is ``$``), and the ranges of make's references in it."""
    references, dollars = _references(written.text)
    pieces: list[tuple[str, int]] = []
    done = 0
    for dollar in dollars:
        pieces.append((written.text[done : dollar + 1], done))
        done = dollar + 2
    pieces.append((written.text[done:], done))
    moved: list[tuple[int, int]] = []
    passed = 0
    for start, end in references:
        while passed < len(dollars) and dollars[passed] < start:
            passed += 1
        moved.append((start - passed, end - passed))
    return written.joined(pieces), moved
