"""Shell scripts: POSIX sh, bash and their relatives.

The root is a script whose children are its commands in order of appearance, whatever loop, condition, subshell or
substitution they stand in. Functions and pipelines keep a block of their own. Variables are the assignments that stand
alone or with ``export``, ``declare``, ``local`` and ``readonly``; those before a command stand in the command's block.
What a loop runs over, the patterns of ``case`` and arithmetic are not settings.

A command's block holds, in this order: variables, options and operands, defaults, redirects, scripts and documents.

- ``--name=value`` is one option. The word behind ``--name`` or ``-n``, unless it starts with a dash, is the option's
  value **and** an operand at the same position, because the option may be a flag: consumers decide.
- A script given to a shell (``sh -c "..."``, ``bash <<EOF``) is read, and its commands become the command's children.
- Redirects of a loop, a function or a group stand in the block around it.
- The body of a here-document that ``cat`` or ``tee`` writes to a file is read by that file's format.

Source: POSIX.1-2017, Shell Command Language, and the Bash Reference Manual
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from shipworthy.formats import templates
from shipworthy.formats.escapes import unescaped
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree, walk
from shipworthy.formats.tree import DEFAULT, OPERAND, OPTION, REDIRECT, VARIABLE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

if TYPE_CHECKING:
    from tree_sitter import Node

MOST_SCRIPTS = 4
"""How deep scripts given to shells are read inside one another."""
MOST_PIPES = 2_000
"""A script with more is not read: the parser takes quadratic time where a pipeline has no end, and no time limit."""
MOST_LEVELS = 100
"""How deep expansions and substitutions are read inside one another."""

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})
_RUN_SCRIPTS = SHELLS | {"su", "runuser"}
_LOGINS = frozenset({"ssh", "su"})
_READ_DOCUMENTS = {
    "kubectl": "-.yaml",
    "node": "-.js",
    "oc": "-.yaml",
    "php": "-.php",
    "python": "-.py",
    "python3": "-.py",
    "ruby": "-.rb",
}
"""Programs that read their standard input as a document, and a path that names its format."""
_COPY_INPUT = frozenset({"cat", "envsubst", "sed"})
"""Programs whose standard output is their standard input, more or less."""


class _Prefix(NamedTuple):
    """A program that runs the program behind it: its options that take a value, and how many operands come before."""

    valued: frozenset[str] = frozenset()
    operands: int = 0


def _prefix(valued: str = "", operands: int = 0) -> _Prefix:
    return _Prefix(frozenset(valued.split()), operands)


_PREFIXES = {
    "builtin": _prefix(),
    "busybox": _prefix(),
    "catatonit": _prefix(),
    "chpst": _prefix("-u -U -b -/ -n -l -L -e -m -d -o -p -f -c -r -t"),
    "chroot": _prefix(operands=1),
    "command": _prefix(),
    "coproc": _prefix(),
    "doas": _prefix("-u -C"),
    "dumb-init": _prefix("-r --rewrite"),
    "env": _prefix("-u --unset -C --chdir"),
    "exec": _prefix("-a"),
    "gosu": _prefix(operands=1),
    "ionice": _prefix("-c --class -n --classdata"),
    "nice": _prefix("-n --adjustment"),
    "nohup": _prefix(),
    "s6-setuidgid": _prefix(operands=1),
    "setpriv": _prefix("--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits"),
    "setsid": _prefix(),
    "setuidgid": _prefix(operands=1),
    "stdbuf": _prefix("-i --input -o --output -e --error"),
    "su-exec": _prefix(operands=1),
    "sudo": _prefix("-u --user -g --group -p --prompt -C -h --host -r --role -t --type -T -U -D --chdir -R --chroot"),
    "time": _prefix("-f --format -o --output"),
    "timeout": _prefix("-s --signal -k --kill-after", operands=1),
    "tini": _prefix("-p -e"),
    "xargs": _prefix("-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-lines --max-procs --max-chars"),
}
_SUBSCRIPT = lazy(r"\[[^\]]*\]\+?=")
_OUTPUTS = frozenset({">", ">>", ">|", "1>", "1>>", "&>", "&>>"})
_CLOSING_TESTS = {"[": "]", "[[": "]]"}
_ASSIGNMENT = lazy(r"[A-Za-z_]\w*\+?=", re.ASCII)
_SCRIPT_OPTION = lazy(r"-[A-Za-z]*c[A-Za-z]*|--command")
_COLON_OPTION = lazy(r"-(?P<name>[A-Za-z]{2,}):")

_QUOTED_ESCAPE = lazy(r'\\(?:\n|([$`"\\]))')
_PLAIN_ESCAPE = lazy(r"\\(?:\n|(.))", re.DOTALL)
_DOCUMENT_ESCAPE = lazy(r"\\(?:\n|([$`\\]))")

_WORDS = frozenset(
    {
        "==",
        "=~",
        "ansi_c_string",
        "arithmetic_expansion",
        "brace_expression",
        "command_substitution",
        "concatenation",
        "expansion",
        "extglob_pattern",
        "number",
        "process_substitution",
        "raw_string",
        "regex",
        "string",
        "translated_string",
        "variable_name",
        "word",
    }
)
"""Node types of the grammar that are words or parts of words."""
_AS_WRITTEN = frozenset({"arithmetic_expansion", "command_substitution", "expansion", "process_substitution"})
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_DEFAULT_OPERATORS = frozenset({":-", "-", ":=", "="})
_COMMANDS = frozenset({"command", "test_command", "unset_command"})
_REDIRECTS = frozenset({"file_redirect", "herestring_redirect"})


def read(source: Source, opaque: Sequence[tuple[int, int]] = ()) -> Block:
    """A script's commands, functions and variables.

    ``opaque`` are ranges (start, end) of the text that another language will replace (make's ``$(X)``): they are parts
    of words, and stand in values as they are written. Template marks are found without being named. Raises
    `Unreadable` where the parser gives up.
    """
    return _read(source, opaque, 0)


def command(words: list[Source]) -> Block:
    """The command that a list of words runs (the exec form), shaped as in a script.

    Raises `Unreadable` where a word is a script and the parser gives it up.
    """
    return _command(words, 0)


def syntax_tree(text: str) -> SyntaxTree:
    """A script's syntax tree, whose offsets are those of the text; in its own words much of the text is hidden.

    Raises `Unreadable` where the parser gives up.
    """
    shape = _shape(text, ())
    return _parse(_without_documents(shape, _here_documents(shape)))


def _read(source: Source, opaque: Sequence[tuple[int, int]], depth: int) -> Block:
    script = Block("script", "", source.at(0), source.end(len(source.text)))
    if depth <= MOST_SCRIPTS:
        _Reader(source, opaque, depth).read(script)
    return script


# Commands, from their words alone.


def _command(words: list[Source], depth: int) -> Block:
    """The block of a command and of the script that it is given."""
    if not words:
        return Block("command")
    main = _main_word([word.text for word in words])
    block = _program(words, main)
    _add_arguments(block, words, main, depth)
    return block


def _program(words: list[Source], main: int) -> Block:
    """The block of a command, with the variables that ``env`` and its like set."""
    program = words[main]
    name, end = base_name(program.text), program.end(len(program.text))
    block = Block("command", name, program.at(0), end, words=tuple(word.text for word in words))
    for word in words[:main]:
        if _ASSIGNMENT.match(word.text):
            block.add(_variable(word))
    return block


def _add_arguments(block: Block, words: list[Source], main: int, depth: int) -> None:
    """Add the options and operands of a command, and what the script says that it is given."""
    script = _script_word(block.words, main)
    arguments = [word for position, word in enumerate(words) if position > main and position != script]
    if arguments and arguments[-1].text == _CLOSING_TESTS.get(block.name):
        arguments.pop()
    for setting in _options(arguments):
        block.add(setting)
    if script is not None:
        block.adopt(_read(words[script], (), depth + 1))


def base_name(program: str) -> str:
    """The last part of a program's path; an expansion at its end is kept whole."""
    return program if program.endswith(("}", ")", "`")) else program.rpartition("/")[2]


def _main_word(texts: Sequence[str]) -> int:
    """Where the program stands that really runs, behind ``sudo``, ``exec``, ``env A=b`` and their like."""
    main = 0
    while True:
        prefix = _PREFIXES.get(base_name(texts[main]))
        following = _behind_prefix(texts, main, prefix) if prefix else len(texts)
        if following >= len(texts):
            return main
        main = following


def _behind_prefix(texts: Sequence[str], main: int, prefix: _Prefix) -> int:
    """Where the words that ``prefix`` runs start; the number of words where it runs none."""
    position, operands = main + 1, prefix.operands
    while position < len(texts):
        text = texts[position]
        if text == "--":
            position += 1
            break
        if text in ("-v", "-V") and texts[main] == "command":
            return len(texts)
        if text.startswith("-") and len(text) > 1:
            position += 2 if text in prefix.valued else 1
        elif _ASSIGNMENT.match(text):
            position += 1
        elif operands:
            operands -= 1
            position += 1
        else:
            break
    return position


def _script_word(texts: Sequence[str], main: int) -> int | None:
    """Where the script stands that a shell runs: the first word behind ``-c`` that is no option."""
    if base_name(texts[main]) not in _RUN_SCRIPTS:
        return None
    position = next((at for at in range(main + 1, len(texts)) if _SCRIPT_OPTION.fullmatch(texts[at])), len(texts)) + 1
    while position < len(texts) and texts[position].startswith("-"):
        position += 1
    return position if position < len(texts) else None


def _options(words: list[Source]) -> Iterator[Setting]:
    """The options and operands of a command's arguments."""
    operands_only = False
    for position, word in enumerate(words):
        text = word.text
        if operands_only or len(text) < 2 or not text.startswith("-"):
            yield _setting("", word, OPERAND)
        elif text == "--":
            operands_only = True
        else:
            yield _option(word, words[position + 1] if position + 1 < len(words) else None)


def _option(word: Source, following: Source | None) -> Setting:
    """One option: its value stands in the same word, or is the word that follows."""
    text = word.text
    dashes = 2 if text.startswith("--") else 1
    name, equals, _ = text[dashes:].partition("=")
    colon = _COLON_OPTION.match(text)
    if equals:
        behind = dashes + len(name) + 1
        if dashes == 1 and name.startswith("D") and len(name) > 1:
            dashes, name = 2, name[1:]
    elif colon:
        name, behind = colon["name"], colon.end()
    elif dashes == 1 and text[2:3] in ("/", ".", "~", "$"):
        name, behind = text[1], 2
    elif following is not None and (not following.text.startswith("-") or following.text == "-"):
        return _setting(name, following, OPTION, key=word.at(dashes))
    else:
        behind = len(text)
    return _setting(name, word.part(behind, len(text)), OPTION, key=word.at(dashes))


def _variable(word: Source) -> Setting:
    """``NAME=value`` written as one word."""
    name, _, value = word.text.partition("=")
    behind = len(word.text) - len(value)
    return _setting(name.rstrip("+"), word.part(behind, len(word.text)), VARIABLE, key=word.at(0))


def _setting(name: str, value: Source, kind: str, *, key: int | None = None) -> Setting:
    return Setting(name, value.text, value.at(0), value.end(len(value.text)), kind, key=key)


# Scripts, from the syntax tree.


class _Task(NamedTuple):
    """A node still to read: the block that takes its commands, and the one that takes those of its substitutions."""

    node: Node
    block: Block
    script: Block
    redirects: tuple[Node, ...] = ()
    level: int = 0


class _Reader:
    """Reads one script. Nodes wait in a list instead of on the call stack: scripts may nest deeply."""

    def __init__(self, source: Source, opaque: Sequence[tuple[int, int]], depth: int) -> None:
        self.source = source
        self.text = source.text
        self.depth = depth
        shape = _shape(source.text, opaque)
        self.documents = {document.operator.start: document for document in _here_documents(shape)}
        self.tree = _parse(_without_documents(shape, self.documents.values()))
        self.tasks: list[_Task] = []
        self.fed: dict[Block, list[_HereDocument]] = {}

    def read(self, script: Block) -> None:
        """Add what the script says to ``script``. Of several here-documents, a command reads the last."""
        self.tasks.append(_Task(self.tree.root, script, script))
        while self.tasks:
            self._take(self.tasks.pop())
        for block, documents in self.fed.items():
            for document in documents[-1:] if block.kind == "command" else documents:
                self._feed(block, document)

    def _take(self, task: _Task) -> None:
        kind = task.node.type
        if kind in _COMMANDS:
            self._take_command(task)
        elif kind == "redirected_statement":
            redirects = tuple(child for child in task.node.children if child.type in _REDIRECTS)
            body = task.node.child_by_field_name("body")
            if body is None:
                self._take_redirects(task, task.block, redirects + task.redirects)
            else:
                self.tasks.append(task._replace(node=body, redirects=redirects + task.redirects))
        elif kind == "pipeline":
            start, end = task.node.start_byte, task.node.end_byte
            pipeline = task.block.add(Block("pipeline", "", self.source.at(start), self.source.end(end)))
            self._wait(task._replace(block=pipeline))
        elif kind in ("list", "negated_command"):
            self._wait(task)
        else:
            self._take_redirects(task, task.block, task.redirects)
            self._take_other(task._replace(redirects=()))

    def _take_other(self, task: _Task) -> None:
        """What has no redirects of its own."""
        kind = task.node.type
        if kind == "variable_assignment":
            self._assign(task, task.block, task.node)
        elif kind == "declaration_command":
            self._declare(task)
        elif kind == "function_definition":
            self._define(task)
        elif kind == "c_style_for_statement":
            body = task.node.child_by_field_name("body")
            if body is not None:
                self.tasks.append(task._replace(node=body))
        elif kind in _WORDS:
            self._expand(task, task.block, [task.node])
        else:
            self._wait(task)

    def _wait(self, task: _Task) -> None:
        """Put the node's children first in the queue; redirects belong to the last of them."""
        children = task.node.named_children
        last = len(children) - 1
        for position in range(last, -1, -1):
            redirects = task.redirects if position == last else ()
            self.tasks.append(task._replace(node=children[position], redirects=redirects))

    def _take_command(self, task: _Task) -> None:
        words, assignments, redirects = _parts(task.node)
        redirects += task.redirects
        words += [[extra] for redirect in redirects for extra in _destinations(redirect)[1:]]
        block, script = task.block, None
        if words:
            sources = [self._word(nodes) for nodes in words]
            main = _main_word([source.text for source in sources])
            block = task.block.add(_program(sources, main))
            script = _script_word(block.words, main)
        for assignment in assignments:
            self._assign(task, block, assignment)
        if words:
            _add_arguments(block, sources, main, self.depth)
        self._expand(task, block, [node for at, nodes in enumerate(words) if at != script for node in nodes])
        self._take_redirects(task, block, redirects)

    def _take_redirects(self, task: _Task, block: Block, redirects: Sequence[Node]) -> None:
        for redirect in redirects:
            destinations = _destinations(redirect)
            document = self._document(redirect)
            if document is not None:
                self.fed.setdefault(block, []).append(document)
            elif destinations:
                operator = self._before(redirect) + self.text[redirect.start_byte : destinations[0].start_byte].strip()
                block.add(_setting(operator, self._word(destinations[:1]), REDIRECT))
                self._expand(task, block, destinations[:1])

    def _before(self, redirect: Node) -> str:
        """The part of a ``<<<`` that the grammar leaves out behind another redirect."""
        start = redirect.start_byte
        return "<<" if self.text[max(start - 2, 0) : start + 1] == "<<<" else ""

    def _document(self, redirect: Node) -> _HereDocument | None:
        """The here-document whose operator stood where the shape has a redirect."""
        operator = next((child for child in redirect.children if child.type == "<"), None)
        return None if operator is None else self.documents.get(operator.start_byte)

    def _assign(self, task: _Task, block: Block, assignment: Node) -> None:
        name, value = assignment.child_by_field_name("name"), assignment.child_by_field_name("value")
        if name is None:
            return
        if name.type == "subscript":
            name = name.child_by_field_name("name") or name
        written, key = self.text[name.start_byte : name.end_byte], self.source.at(name.start_byte)
        if value is None:
            empty = self.source.part(assignment.end_byte, assignment.end_byte)
            block.add(_setting(written, empty, VARIABLE, key=key))
            return
        if value.type != "array":
            block.add(_setting(written, self._word([value]), VARIABLE, key=key))
            self._expand(task, block, [value])
            return
        elements = [child for child in value.named_children if child.type in _WORDS]
        for element in elements:
            word = self._word([element])
            subscript = _SUBSCRIPT.match(word.text)
            item = word.part(subscript.end(), len(word.text)) if subscript else word
            block.add(_setting(written, item, VARIABLE, key=key))
        self._expand(task, block, elements)

    def _declare(self, task: _Task) -> None:
        for child in task.node.named_children:
            if child.type == "variable_assignment":
                self._assign(task, task.block, child)
            elif child.type in _WORDS:
                word = self._word([child])
                if _ASSIGNMENT.match(word.text):
                    task.block.add(_variable(word))
                self._expand(task, task.block, [child])

    def _define(self, task: _Task) -> None:
        name, body = task.node.child_by_field_name("name"), task.node.child_by_field_name("body")
        if name is None or body is None:
            self._wait(task)
            return
        start, end = name.start_byte, name.end_byte
        function = Block("function", self.text[start:end], self.source.at(start), self.source.end(end))
        task.block.add(function)
        self.tasks.append(task._replace(node=body, block=function, script=function))

    def _expand(self, task: _Task, block: Block, nodes: Sequence[Node]) -> None:
        """Add the defaults that words hold to ``block``, and let the commands of their substitutions wait."""
        found: list[Node] = []
        waiting = [(node, task.level) for node in reversed(nodes)]
        while waiting:
            node, level = waiting.pop()
            if level > MOST_LEVELS:
                continue
            if node.type in _SUBSTITUTIONS:
                found.append(node)
                continue
            if node.type == "expansion":
                self._add_default(block, node)
            waiting.extend((child, level + 1) for child in reversed(node.named_children))
        for node in reversed(found):
            level = task.level + 1
            self.tasks += [_Task(child, task.script, task.script, (), level) for child in reversed(node.named_children)]

    def _add_default(self, block: Block, expansion: Node) -> None:
        """``${X:-value}``, ``${X-value}``, ``${X:=value}`` or ``${X=value}``."""
        name = next((child for child in expansion.children if child.type in ("variable_name", "subscript")), None)
        operator = expansion.child_by_field_name("operator")
        if name is None or operator is None or operator.type not in _DEFAULT_OPERATORS:
            return
        values = [child for child in expansion.named_children if child.start_byte >= operator.end_byte]
        written, _, _ = self.text[name.start_byte : name.end_byte].partition("[")
        if values:
            block.add(_setting(written, self._word(values), DEFAULT, key=self.source.at(name.start_byte)))

    def _word(self, nodes: Sequence[Node]) -> Source:
        """Adjacent nodes as one word, its quotes removed and its escapes resolved."""
        pieces: list[tuple[str, int]] = []
        waiting = list(reversed(nodes))
        while waiting:
            node = waiting.pop()
            start, end = node.start_byte, node.end_byte
            if node.type == "raw_string":
                pieces.append((self.text[start + 1 : end - 1], start + 1))
            elif node.type == "ansi_c_string":
                pieces.append((unescaped(self.text[start + 2 : end - 1]), start + 2))
            elif node.type == "string":
                pieces += self._literal(start + 1, end - 1, node.named_children, _QUOTED_ESCAPE)
            elif node.type == "translated_string":
                waiting.extend(reversed(node.named_children))
            elif node.type in ("concatenation", "command_name"):  # the grammar leaves some dollar signs without a name
                waiting.extend(reversed(node.children))
            elif node.type in _AS_WRITTEN:
                pieces.append((self.text[start:end], start))
            else:
                pieces += self._literal(start, end, (), _PLAIN_ESCAPE)
        if pieces and not any(piece for piece, _ in pieces):
            return self.source.part(pieces[0][1], pieces[0][1])
        return self.source.joined(pieces)

    def _literal(
        self, start: int, end: int, expansions: Sequence[Node], escape: re.Pattern[str]
    ) -> Iterator[tuple[str, int]]:
        """The pieces of a text whose escapes are resolved, all but those of the expansions in it."""
        for expansion in expansions:
            if expansion.type in _AS_WRITTEN:
                yield from _resolved(self.text, start, expansion.start_byte, escape)
                yield self.text[expansion.start_byte : expansion.end_byte], expansion.start_byte
                start = expansion.end_byte
        yield from _resolved(self.text, start, end, escape)

    def _feed(self, block: Block, document: _HereDocument) -> None:
        """Give a here-document to the program that reads it in the end."""
        body = self._body(document)
        reader = _receiver(block)
        target = None
        path = ""
        if reader.kind == "command":
            if reader.name in _LOGINS or (reader.name in SHELLS and _reads_input(reader)):
                block.adopt(_read(body, (), self.depth + 1))
                return
            target = _target(reader)
            path = target.value if target else _input_path(reader)
        start, end = (target.start, target.end) if target else (body.at(0), body.end(len(body.text)))
        inner = block.add(Block("document", target.value if target else "", start, end))
        if path:
            from shipworthy.formats import read_embedded  # it imports this module

            content = read_embedded(path, body)
            if content is not None:
                inner.adopt(content)

    def _body(self, document: _HereDocument) -> Source:
        """The text of a here-document: tabs removed for ``<<-``, escapes resolved where it is not quoted."""
        start, end = document.start, document.end
        pieces: list[tuple[str, int]] = []
        while start < end:
            behind = self.text.find("\n", start, end) + 1 or end
            while document.operator.tabs and start < behind and self.text[start] == "\t":
                start += 1
            if document.operator.quoted:
                pieces.append((self.text[start:behind], start))
            else:
                pieces += _resolved(self.text, start, behind, _DOCUMENT_ESCAPE)
            start = behind
        return self.source.joined(pieces) if pieces else self.source.part(start, start)


def _parts(node: Node) -> tuple[list[list[Node]], list[Node], list[Node]]:
    """A command's words (each a list of adjacent nodes), the assignments before it, and its redirects."""
    if node.type != "command":
        return [[leaf] for leaf in _leaves(node)], [], []
    words: list[list[Node]] = []
    assignments: list[Node] = []
    redirects: list[Node] = []
    for child in node.children:
        if child.type == "variable_assignment":
            assignments.append(child)
        elif child.type in _REDIRECTS:
            redirects.append(child)
        elif child.type in _WORDS and words and words[-1][-1].end_byte == child.start_byte:
            words[-1].append(child)
        elif child.type in _WORDS or child.type == "command_name":
            words.append([child])
    return words, assignments, redirects


def _leaves(node: Node) -> list[Node]:
    """The words and operators of a test."""
    leaves: list[Node] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type in _WORDS or not current.children:
            leaves.append(current)
        else:
            waiting.extend(reversed(current.children))
    return [leaf for leaf in leaves if leaf.end_byte > leaf.start_byte]


def _destinations(redirect: Node) -> list[Node]:
    """The words of a redirect: its destination, then those the grammar adds though they are the command's."""
    return [child for child in redirect.named_children if child.type in _WORDS]


def _receiver(block: Block) -> Block:
    """The command that a here-document reaches: behind ``cat`` in a pipeline, the next one."""
    pipeline = block.parent
    if block.name not in _COPY_INPUT or _target(block) or pipeline is None or pipeline.kind != "pipeline":
        return block
    commands = [child for child in pipeline.blocks if child.kind == "command"]
    following = [after for before, after in pairwise(commands) if before is block]
    return following[0] if following else block


def _reads_input(command: Block) -> bool:
    """Whether an interpreter reads its program from its standard input: it is given no file."""
    if "-s" in command.words:
        return True
    settings = list(command.settings)
    values = {setting.start for setting in settings if setting.kind == OPTION}
    return all(setting.kind != OPERAND or setting.value == "-" or setting.start in values for setting in settings)


def _input_path(command: Block) -> str:
    """A path that names the format of what the command reads from its standard input; "" where nothing tells."""
    path = _READ_DOCUMENTS.get(command.name, "")
    given = "-" in command.words if path.endswith(".yaml") else _reads_input(command)
    return path if given else ""


def _target(command: Block) -> Setting | None:
    """The file that a command writes its standard input to."""
    if command.name == "tee":
        return next((setting for setting in command.settings if setting.kind == OPERAND), None)
    if command.name in _COPY_INPUT:
        outputs = (setting for setting in command.settings if setting.kind == REDIRECT)
        return next((output for output in outputs if output.name in _OUTPUTS), None)
    return None


def _resolved(text: str, start: int, end: int, escape: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """The pieces of ``text[start:end]``: the escaped character in place of an escape, nothing for a joined line."""
    for match in escape.finditer(text, start, end):
        yield text[start : match.start()], start
        if match[1]:
            yield match[1], match.start(1)
        start = match.end()
    yield text[start:end], start


# What the grammar is given: a text as long as the script, in which everything it would stumble over is hidden.


class _HereDocument(NamedTuple):
    """A here-document: its operator, where its body starts and ends, and where the line behind it starts."""

    operator: _Operator
    start: int
    end: int
    behind: int


_NO_SYNTAX = lazy(r"[^\t\n\r -~]")
_PLAIN_EXPANSION = lazy(r"\$(?:[A-Za-z_]\w*|[0-9@#?$!*-])", re.ASCII)
_TEST = lazy(r"(?<![^\s;&|(!{`])\[(?=[ \t])")
_VISIBLE = lazy(r"[^\n]")


def _shape(text: str, opaque: Sequence[tuple[int, int]]) -> str:
    """The text in printable ASCII, so that the tree's bytes are the text's characters.

    Template marks and ``$X`` are parts of words (the grammar cuts some words behind a dollar sign), and ``[`` becomes a
    command like any other, which it is (the grammar's own idea of it swallows whole lines).
    """
    text = _edited(text, ((start, "x" * (end - start)) for start, end in opaque))
    text = _NO_SYNTAX.sub("x", templates.masked(text) or text)
    text = _PLAIN_EXPANSION.sub(lambda expansion: "x" * len(expansion[0]), text)
    return _TEST.sub("x", text)


def _without_documents(shape: str, documents: Iterable[_HereDocument]) -> str:
    """The shape with a plain redirect in place of every here-document: the grammar misreads many of them."""
    edits: list[tuple[int, str]] = []
    for document in documents:
        edits.append((document.operator.start, "<" + " " * (document.operator.end - document.operator.start - 2) + "x"))
        edits.append((document.start, _VISIBLE.sub(" ", shape[document.start : document.behind])))
    return _edited(shape, sorted(edits))


def _edited(text: str, edits: Iterable[tuple[int, str]]) -> str:
    """The text with pieces of it replaced by others as long: pairs (offset, replacement), ascending."""
    pieces: list[str] = []
    done = 0
    for start, replacement in edits:
        pieces += [text[done:start], replacement]
        done = start + len(replacement)
    return "".join(pieces) + text[done:]


_MANY_ASSIGNMENTS = lazy(r"^[ \t]*\w+\+?=[^\n]*[ \t]\w+\+?=", re.MULTILINE)
_MOST_REPAIRS = 3


_latest: dict[str, SyntaxTree] = {}
"""The last tree that was made: whoever asks what becomes of a script's commands reads them too."""


def _parse(shape: str) -> SyntaxTree:
    """The tree of a shape."""
    if shape not in _latest:
        tree = _repaired(shape)
        _latest.clear()
        _latest[shape] = tree
    return _latest[shape]


def _repaired(shape: str) -> SyntaxTree:
    """The tree of a shape. The grammar takes the line behind several assignments for their command: mended here."""
    if shape.count("|") - 2 * shape.count("||") > MOST_PIPES:
        raise Unreadable("too many pipelines")
    tree = SyntaxTree("bash", Source(shape))
    if not _MANY_ASSIGNMENTS.search(shape):
        return tree
    for _ in range(_MOST_REPAIRS):
        gaps = [gap for node, _ in walk(tree.root) if node.type == "command" for gap in _glued(node, shape)]
        if not gaps:
            break
        shape = _edited(shape, ((start, ";".ljust(end - start)) for start, end in sorted(gaps)))
        tree = SyntaxTree("bash", Source(shape))
    return tree


def _glued(command: Node, shape: str) -> list[tuple[int, int]]:
    """The gaps between the assignments of a command that starts on a later line."""
    before: list[Node] = []
    for child in command.children:
        if child.type != "variable_assignment":
            if len(before) > 1 and "\n" in shape[before[-1].end_byte : child.start_byte].replace("\\\n", ""):
                return [(left.end_byte, right.start_byte) for left, right in pairwise(before)]
            return []
        before.append(child)
    return []


# Here-documents, found before the grammar sees the text.

_MARK = lazy(
    r"""\\.|\$'(?:[^'\\]++|\\.)*+'|['"`)}]|\$?\(\(?|\$\{|<<<|(?<![^\s;&|()])\#[^\n]*|\n"""
    r"""|<<(?P<tabs>-?)[ \t]*(?:(?P<quote>['"])(?P<quoted>[^'"\n]+)(?P=quote)"""
    r"""|(?P<escape>\\?)(?P<plain>[^\s;&|<>()'"`$\\]+))""",
    re.DOTALL,
)


class _Operator(NamedTuple):
    """The operator of a here-document, whose body is still to come."""

    start: int
    end: int
    delimiter: str
    tabs: bool
    quoted: bool


def _here_documents(text: str) -> list[_HereDocument]:
    """The here-documents of a script that have an end."""
    if "<<" not in text:
        return []
    found: list[_HereDocument] = []
    waiting: list[_Operator] = []
    lines = _Lines(text)
    state = _State()
    offset = 0
    while mark := _MARK.search(text, offset):
        offset = mark.end()
        written = mark[0]
        if written.startswith(("'", "$'")):
            offset = _behind_quote(text, mark, state)
        elif written.startswith("#"):
            offset = offset if state.commands else mark.start() + 1
        elif mark["quoted"] or mark["plain"]:
            if state.commands:
                waiting.append(_operator(mark))
            else:
                offset = mark.start() + 2
        elif written != "\n":
            state.take(written)
        elif waiting and state.commands:
            for operator in waiting:
                end, behind = lines.find(operator, offset)
                if end >= 0:
                    found.append(_HereDocument(operator, offset, end, behind))
                    offset = behind
            waiting.clear()
    return found


def _behind_quote(text: str, mark: re.Match[str], state: _State) -> int:
    """Where the search goes on behind a single quote; between double quotes it means nothing."""
    if not state.quotes:
        return mark.start() + 1
    return mark.end() if mark[0] != "'" else text.find("'", mark.end()) + 1 or len(text)


def _operator(mark: re.Match[str]) -> _Operator:
    quoted = bool(mark["quoted"] or mark["escape"])
    return _Operator(mark.start(), mark.end(), mark["quoted"] or mark["plain"], bool(mark["tabs"]), quoted)


class _State:
    """What encloses a place in a script: the marks that will close it, the innermost last; "a" closes arithmetic."""

    def __init__(self) -> None:
        self.closing: list[str] = []

    @property
    def commands(self) -> bool:
        """Whether commands stand here, and so comments and here-documents."""
        return not self.closing or self.closing[-1] in (")", "`")

    @property
    def quotes(self) -> bool:
        """Whether a single quote opens a string here."""
        closing = len(self.closing) - 1
        while closing >= 0 and self.closing[closing] == "}":
            closing -= 1
        return closing < 0 or self.closing[closing] != '"'

    def take(self, mark: str) -> None:
        """Follow one mark."""
        last = self.closing[-1] if self.closing else ""
        if mark == last or (mark == ")" and last == "a"):
            self.closing.pop()
        elif mark in ('"', "`"):
            self.closing.append(mark)
        elif mark == "${":
            self.closing.append("}")
        elif mark == "$(":
            self.closing.append(")")
        elif mark == "$((":
            self.closing += ["a", "a"]
        elif mark in ("(", "((") and last not in ('"', "}"):
            self.closing += ["a" if last == "a" or mark == "((" else ")"] * len(mark)


class _Lines:
    """Where each line of a text stands, by what it says."""

    def __init__(self, text: str) -> None:
        self.plain: dict[str, list[tuple[int, int]]] = {}
        self.indented: dict[str, list[tuple[int, int]]] = {}
        start = 0
        for line in text.split("\n"):
            behind = start + len(line) + 1
            place = (start, min(behind, len(text)))
            written = line.removesuffix("\r")
            self.plain.setdefault(written, []).append(place)
            self.indented.setdefault(written.lstrip("\t"), []).append(place)
            start = behind

    def find(self, operator: _Operator, offset: int) -> tuple[int, int]:
        """Start and end of the line that ends a here-document whose body starts at ``offset``; (-1, -1) for none."""
        places = (self.indented if operator.tabs else self.plain).get(operator.delimiter, [])
        position = bisect_left(places, (offset, 0))
        return places[position] if position < len(places) else (-1, -1)
