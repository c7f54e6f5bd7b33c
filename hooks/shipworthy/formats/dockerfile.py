"""Dockerfiles (and Containerfiles), as BuildKit reads them.

The root holds the ``ARG`` instructions before the first stage, then the stages; a file without ``FROM`` holds its
instructions directly. What an instruction's block holds:

- ``FROM``: option ``platform``, values ``image`` and ``alias``
- ``ENV``, ``ARG``, ``LABEL``: variables; an ``ARG`` without a default is in ``words`` alone
- ``RUN``, ``CMD``, ``ENTRYPOINT``, ``HEALTHCHECK``: options, then a script (shell form) or a command (exec form)
- ``COPY``, ``ADD``: options, operands (the destination last), and a document for every here-document
- ``ONBUILD``: the instruction that it delays
- everything else: operands

Source: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.formats import shell, templates
from shipworthy.formats.escapes import unescaped
from shipworthy.formats.lexing import Word, add_setting, line_spans, place, trimmed, value_span, words
from shipworthy.formats.source import Source
from shipworthy.formats.tree import OPERAND, OPTION, VARIABLE, Block
from shipworthy.patterns import lazy

_VARIABLES = frozenset({"ENV", "ARG", "LABEL"})
_PROGRAMS = frozenset({"RUN", "CMD", "ENTRYPOINT"})
_COPIES = frozenset({"COPY", "ADD"})
_WITH_DOCUMENTS = _COPIES | {"RUN"}
_WITH_OPTIONS = _COPIES | {"RUN", "FROM", "HEALTHCHECK"}

_DIRECTIVE = lazy(r"#[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*=[ \t]*(?P<value>\S+)[ \t\r]*$")
_INSTRUCTION = lazy(r"\s*(?P<name>\S+)\s*")
_OPTION = lazy(r"--(?P<name>[A-Za-z][\w-]*)(?:=(?P<value>\S*))?(?:\s+|$)")
_HERE_DOCUMENT = lazy(r"(?<!\S)\d*<<(?P<tabs>-?)(?P<quote>['\"]?)(?P<delimiter>[\w.+/@%:-]+)(?P=quote)(?!\S)")
_STRING = lazy(r'"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_STRING_ESCAPES = lazy(r"(?:\\(?:u[0-9A-Fa-f]{4}|.))++", re.DOTALL)
_ESCAPE = lazy(r"\\(.)", re.DOTALL)
_SCRIPT_PROGRAM = lazy(r"#!\s*(?:\S*/env\s+(?:-S\s+)?)?(?:\S*/)?(?P<name>[a-z]+)")
_PROGRAM_FORMATS = {"node": "-.js", "perl": "-.pl", "php": "-.php", "python": "-.py", "ruby": "-.rb"}


class _HereDocument(NamedTuple):
    """The body of a here-document and the name between its marks."""

    delimiter: str
    body: Source


class _Instruction(NamedTuple):
    """An instruction as it was joined from its lines: what stands behind its name, and its here-documents.

    ``whole`` is ``rest`` with the here-documents behind it, as a shell reads it.
    """

    name: Source
    rest: Source
    whole: Source
    documents: list[_HereDocument]


def read(source: Source) -> Block:
    """The stages of a Dockerfile and their instructions.

    Raises `Unreadable` where the shell parser gives up on a script in it.
    """
    root = Block("document")
    block, stages = root, 0
    for instruction in _Reader(source).instructions():
        content = _instruction(instruction)
        if content.name == "FROM":
            block = root.add(_stage(content, stages))
            stages += 1
        block.add(content)
    return root


def _stage(origin: Block, number: int) -> Block:
    place_of_name = origin.get("alias") or origin.get("image") or origin
    name = origin.value("alias") or str(number)
    return Block("stage", name, place_of_name.start, place_of_name.end, words=(origin.value("image"),))


# Instructions to blocks.


def _instruction(instruction: _Instruction, delayed: bool = False) -> Block:
    """The block of an instruction; ``delayed`` says that it stands behind ``ONBUILD``."""
    name, rest = instruction.name, instruction.rest
    block = Block("instruction", name.text.upper(), *place(name, 0, len(name.text)))
    offset = _add_options(block, rest) if block.name in _WITH_OPTIONS else 0
    if block.name == "ONBUILD" and not delayed:
        inner = _INSTRUCTION.match(rest.text)
        if inner:
            block.add(_instruction(_behind(instruction, inner), delayed=True))
    elif block.name in _VARIABLES:
        _add_variables(block, rest)
    elif block.name in _PROGRAMS:
        _add_program(block, instruction, offset)
    elif block.name == "HEALTHCHECK":
        _add_health_check(block, instruction, offset)
    elif block.name == "FROM":
        _add_image(block, rest, offset)
    else:
        _add_operands(block, instruction, offset)
    block.words = block.words or (block.name,)
    return block


def _behind(instruction: _Instruction, name: re.Match[str]) -> _Instruction:
    """The instruction behind ``ONBUILD`` or the options of ``HEALTHCHECK``; ``name`` is a match in ``rest``."""
    rest, whole = instruction.rest, instruction.whole
    return instruction._replace(
        name=rest.part(name.start("name"), name.end("name")),
        rest=rest.part(name.end(), len(rest.text)),
        whole=whole.part(name.end(), len(whole.text)),
    )


def _add_options(block: Block, rest: Source) -> int:
    """Add the options that an instruction starts with; gives the offset behind them."""
    offset = 0
    while option := _OPTION.match(rest.text, offset):
        offset = option.end()
        start, end = option.span("value") if option["value"] is not None else (option.end("name"), option.end("name"))
        add_setting(block, rest, option["name"], start, end, OPTION, key=option.start("name"))
    return offset


def _add_image(block: Block, rest: Source, offset: int) -> None:
    found = list(words(rest.text, offset, len(rest.text)))
    block.words = (block.name, *(word.text for word in found))
    if found:
        add_setting(block, rest, "image", found[0].start, found[0].end)
    if len(found) > 2 and found[1].text.lower() == "as":
        add_setting(block, rest, "alias", found[2].start, found[2].end)


def _add_variables(block: Block, rest: Source) -> None:
    """``NAME=value`` pairs, or the older ``NAME value`` whose value is the rest of the line."""
    text = rest.text
    found = list(words(text, 0, len(text)))
    block.words = (block.name, *(word.text for word in found))
    if block.name != "ARG" and len(found) > 1 and "=" not in found[0].text:
        _add_variable(block, rest, found[0], found[0].end, len(text))
        return
    for word in found:
        equals = text.find("=", word.start, word.end)
        if equals >= 0:
            _add_variable(block, rest, Word(text[word.start : equals], word.start, equals), equals + 1, word.end)


def _add_variable(block: Block, rest: Source, name: Word, start: int, end: int) -> None:
    start, end = value_span(rest.text, start, end, "")
    value = _ESCAPE.sub(r"\1", rest.text[start:end])
    add_setting(block, rest, name.text.strip("\"'"), start, end, VARIABLE, key=name.start, value=value)


def _add_program(block: Block, instruction: _Instruction, offset: int) -> None:
    """The command that an instruction runs: its exec form, its shell form, or the here-document that is its script."""
    rest, whole = instruction.rest, instruction.whole
    exec_form = _exec_form(rest, offset)
    if exec_form is not None:
        if exec_form:
            block.add(shell.command(exec_form))
    elif instruction.documents and not _HERE_DOCUMENT.sub("", rest.text[offset:]).strip():
        _add_script(block, instruction.documents[0].body)
    else:
        block.add(shell.read(whole.part(offset, len(whole.text))))


def _add_script(block: Block, body: Source) -> None:
    """The script that a ``RUN`` consists of, in the language that its first line names."""
    program = _SCRIPT_PROGRAM.match(body.text)
    path = _PROGRAM_FORMATS.get(program["name"]) if program else None
    if path is None:
        block.add(shell.read(body))
    else:
        _add_document(block, "", place(body, 0, len(body.text)), path, body)


def _add_health_check(block: Block, instruction: _Instruction, offset: int) -> None:
    kind = _INSTRUCTION.match(instruction.rest.text, offset)
    if kind and kind["name"].upper() == "CMD":
        _add_program(block, _behind(instruction, kind), 0)
    else:
        _add_operands(block, instruction, offset)


def _add_operands(block: Block, instruction: _Instruction, offset: int) -> None:
    """The words of an instruction, and the here-documents among them: files that ``COPY`` and ``ADD`` write."""
    rest = instruction.rest
    exec_form = _exec_form(rest, offset)
    if exec_form is not None:
        operands = [add_setting(block, word, "", 0, len(word.text), OPERAND) for word in exec_form]
    else:
        found = [
            word
            for word in words(rest.text, offset, len(rest.text))
            if not (instruction.documents and _HERE_DOCUMENT.fullmatch(word.text))
        ]
        operands = [
            add_setting(block, rest, "", word.start, word.end, OPERAND, value=word.text, interpolated=False)
            for word in found
        ]
    block.words = (block.name, *(operand.value for operand in operands))
    if operands:
        target = operands[-1]
        for document in instruction.documents:
            path = target.value + document.delimiter if target.value.endswith("/") else target.value
            _add_document(block, path, (target.start, target.end), path, document.body)


def _add_document(block: Block, name: str, span: tuple[int, int], path: str, body: Source) -> None:
    """Add a document that the reader of ``path`` reads; it is empty where there is none."""
    from shipworthy.formats import read_embedded  # it imports this module

    document = block.add(Block("document", name, *span))
    content = read_embedded(path, body)
    if content is not None:
        document.adopt(content)


def _exec_form(rest: Source, offset: int) -> list[Source] | None:
    """The strings of a JSON array that is the whole of ``rest`` from ``offset`` on; None where there is none."""
    text = rest.text
    start, end = trimmed(text, offset, len(text))
    if end - start < 2 or text[start] != "[" or text[end - 1] != "]":
        return None
    strings: list[Source] = []
    between = start + 1
    for string in _STRING.finditer(text, start + 1, end - 1):
        if text[between : string.start()].strip() != ("," if strings else ""):
            return None
        strings.append(_string(rest, string))
        between = string.end()
    return None if text[between : end - 1].strip() else strings


def _string(source: Source, string: re.Match[str]) -> Source:
    """The value of a JSON string."""
    pieces: list[tuple[str, int]] = []
    start, end = string.span("text")
    for escapes in _STRING_ESCAPES.finditer(source.text, start, end):
        pieces += [(source.text[start : escapes.start()], start), (unescaped(escapes[0]), escapes.start())]
        start = escapes.end()
    pieces.append((source.text[start:end], start))
    return source.joined(pieces) if end > string.start("text") else source.part(start, start)


# Lines to instructions.


class _Reader:
    """Joins lines to instructions. Template marks are no part of the structure, but stay in the text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        shape = templates.masked(source.text) or source.text
        self.lines = list(line_spans(source.text))
        self.shape = [shape[start:end] for start, end in self.lines]
        self.number = 0
        self.escape = self._directives()

    @cached_property
    def last(self) -> dict[str, int]:
        """The number of the last line that says something, whatever its indentation by tabs."""
        return {line.lstrip("\t"): number for number, line in enumerate(self.shape)}

    def _directives(self) -> str:
        """The escape character that the directives at the top of the file choose."""
        for line in self.shape:
            directive = _DIRECTIVE.match(line.strip()) if line.lstrip().startswith("#") else None
            if directive is None:
                break
            if directive["name"].lower() == "escape":
                return "`" if directive["value"] == "`" else "\\"
        return "\\"

    def instructions(self) -> Iterator[_Instruction]:
        """The file's instructions in order."""
        while self.number < len(self.lines):
            pieces = self._logical_line()
            joined = self.source.joined(pieces)
            match = _INSTRUCTION.match(joined.text)
            if match is None:
                continue
            name = joined.part(match.start("name"), match.end("name"))
            rest = joined.part(match.end(), len(joined.text.rstrip()))
            documents: list[_HereDocument] = []
            tail: list[tuple[str, int]] = []
            if "<<" in rest.text and _takes_documents(joined.text):
                for operator in _HERE_DOCUMENT.finditer(rest.text):
                    documents += self._document(operator, tail)
            whole = rest
            if documents:
                text = self.source.joined(pieces + tail)
                whole = text.part(match.end(), len(text.text))
            yield _Instruction(name, rest, whole, documents)

    def _logical_line(self) -> list[tuple[str, int]]:
        """The pieces of the next line and of those that continue it; comments and blank lines between them are none."""
        pieces: list[tuple[str, int]] = []
        continued = False
        while self.number < len(self.lines):
            start, end = self.lines[self.number]
            shape = self.shape[self.number].strip()
            self.number += 1
            if not shape or shape.startswith("#"):
                if continued:
                    continue
                return pieces
            continued = shape.endswith(self.escape)
            if not continued:
                pieces.append((self.source.text[start:end], start))
                return pieces
            last = self.source.text.rindex(self.escape, start, end)
            pieces.append((self.source.text[start:last], start))
        return pieces

    def _document(self, operator: re.Match[str], tail: list[tuple[str, int]]) -> list[_HereDocument]:
        """The here-document whose body starts at the current line; ``tail`` receives all of its lines."""
        delimiter, tabs = operator["delimiter"], bool(operator["tabs"])
        if self.last.get(delimiter, -1) < self.number:
            return []
        tail.append(("\n", self.lines[self.number][0] - 1))
        body: list[tuple[str, int]] = []
        while self.number < len(self.lines):
            start, end = self.lines[self.number]
            self.number += 1
            line = self.source.text[start:end]
            tail.append((line + "\n", start))
            indented = len(line) - len(line.lstrip("\t")) if tabs else 0
            if line[indented:] == delimiter:
                break
            body.append((line[indented:] + "\n", start + indented))
        first = body[0][1] if body else self.lines[self.number - 1][0]
        return [_HereDocument(delimiter, self.source.joined(body) if body else self.source.part(first, first))]


def _takes_documents(text: str) -> bool:
    names = text.upper().split(None, 2)[:2]
    return names[0] in _WITH_DOCUMENTS or (names[0] == "ONBUILD" and names[-1] in _WITH_DOCUMENTS)
