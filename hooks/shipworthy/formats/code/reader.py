"""Walks a syntax tree and builds the blocks and settings, without recursion."""

from __future__ import annotations

import re
from typing import NamedTuple

from tree_sitter import Node

from shipworthy.formats.code import nodes
from shipworthy.formats.code.defaults import DEFAULT_KEYS, FALLBACKS, Defaults, Name
from shipworthy.formats.code.values import RESOLVED, UNKNOWN, Text, Values
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import MOST_LEVELS, SyntaxTree
from shipworthy.formats.templates import MASK
from shipworthy.formats.tree import DEFAULT, OPERAND, VALUE, VARIABLE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

RETURN = "return"
"""The name of what a function returns."""
_PLACEHOLDER = lazy(r"\$\{([\w.-]{1,200}):([^{}]*)\}")
_TAG = lazy(r'([A-Za-z][\w-]*):"((?:[^"\\]|\\.)*)"')
_TAG_DEFAULTS = ("envDefault", "env-default", "default")
_TAG_NAMES = ("env", "envconfig", "mapstructure", "yaml", "json", "toml", "long", "name")


def read(source: Source, language: str) -> Block:
    """What can be configuration in a program's text.

    ``language`` is one of python, javascript, typescript, tsx, java, go, php and ruby. Raises `Unreadable` where the
    parser gives up and for templates of programs; other text that it does not understand is left out.
    """
    tree = SyntaxTree(language, source)
    if tree.root.has_error and MASK not in source.text and _is_template(source.text, language):
        raise Unreadable("a template")
    return _Reader(tree, language).read()


class _Task(NamedTuple):
    """An expression or statement to read, the block it stands in, and the name it is bound to, if any."""

    node: Node
    block: Block
    level: int
    name: Name | None = None
    kind: str = VALUE


class _Reader:
    """Reads one file. ``waiting`` are the tasks still to be done, the next one last."""

    def __init__(self, tree: SyntaxTree, language: str) -> None:
        self.tree = tree
        self.values = Values(tree, language)
        self.defaults = Defaults(self.values)
        self.root = Block("document")
        self.blocks: list[Block] = []
        self.waiting: list[_Task] = []
        self.take = {
            nodes.ASSIGNMENT: self._assignment,
            nodes.PARAMETER: self._parameter,
            nodes.ENTRY: self._entry,
            nodes.COLLECTION: self._collection,
            nodes.CALL: self._call,
            nodes.FUNCTION: self._function,
            nodes.CLASS: self._class,
            nodes.RETURN: self._return,
            nodes.BINARY: self._binary,
            nodes.CONDITIONAL: self._conditional,
            nodes.TAGGED_FIELD: self._tagged_field,
        }

    def read(self) -> Block:
        self._visit(_Task(self.tree.root, self.root, 0), nodes.children(self.tree.root))
        while self.waiting:
            task = self.waiting.pop()
            if task.level > MOST_LEVELS:
                continue
            node = nodes.unwrapped(task.node)
            if node is not task.node:
                task = task._replace(node=node)
            self.take.get(nodes.role(node), self._value)(task)
        for block in reversed(self.blocks):  # those inside come behind those around them
            block.children = [child for child in block.children if not isinstance(child, Block) or child.children]
        self.root.children = [child for child in self.root.children if not isinstance(child, Block) or child.children]
        return self.root

    def _then(self, tasks: list[_Task]) -> None:
        """Do these next, in this order."""
        self.waiting.extend(reversed(tasks))

    def _visit(self, task: _Task, parts: list[Node] | tuple[Node, ...], block: Block | None = None) -> None:
        """Read expressions that are bound to nothing."""
        block = block or task.block
        self._then([_Task(part, block, task.level + 1) for part in parts if part.named_child_count])

    def _bind(self, task: _Task, node: Node, name: Name | None, kind: str = VALUE, block: Block | None = None) -> _Task:
        return _Task(node, block or task.block, task.level + 1, name, kind)

    def _open(self, task: _Task, kind: str, name: str, node: Node) -> Block:
        start, end = self.tree.start(node), self.tree.end(node)
        block = task.block.add(Block(kind, name, start, end))
        self.blocks.append(block)
        return block

    def _value(self, task: _Task) -> None:
        """An expression: the setting that it is, and what stands in it."""
        if task.name is None:
            self._visit(task, nodes.children(task.node))
            return
        text = self.values.of(task.node)
        if text.known == UNKNOWN:
            self._visit(task, nodes.children(task.node))
            return
        if text.known != RESOLVED or not self._repeats(task):
            name = task.name
            key = None if task.kind == OPERAND else name.key
            task.block.add(Setting(name.text, text.value, text.start, text.end, task.kind, key=key))
        self._visit(task, text.rest)

    def _repeats(self, task: _Task) -> bool:
        """Whether a value is only a constant's name where the constant itself says as much."""
        if nodes.role(task.node) not in (nodes.NAME, nodes.MEMBER):
            return False
        constant = self.defaults.name(task.node)
        if task.kind == OPERAND or task.name is None or constant is None or task.name.text == RETURN:
            return True
        return _plain(task.name.text) == _plain(constant.text)

    def _assignment(self, task: _Task) -> None:
        targets, values = nodes.assignment(task.node)
        operator = nodes.operator(task.node)
        fallback = operator in FALLBACKS
        if operator not in ("", "=", ":=") and not fallback:
            self._visit(task, values)
            return
        names = [self.defaults.name(target) for target in targets]
        # A pattern has no name of its own, but it can hold defaults.
        patterns = [target for target, name in zip(targets, names, strict=True) if name is None]
        tasks = self._decorators(task) + [_Task(pattern, task.block, task.level + 1) for pattern in patterns]
        field = task.block.kind == "class" and task.node.type == "assignment" and nodes.field(task.node, "type")
        for position, value in enumerate(values):
            name = names[position] if position < len(names) else None
            kind = VALUE
            if fallback or field:  # a field of a settings class is what a caller or the environment may give
                kind = DEFAULT
            elif name is not None and self.defaults.variable(targets[position]) is not None:
                kind = VARIABLE
            tasks.append(self._bind(task, value, name, kind))
        self._then(tasks)

    def _decorators(self, task: _Task) -> list[_Task]:
        found = [child for child in task.node.named_children if child.type in ("decorator", "modifiers")]
        return [_Task(child, task.block, task.level + 1) for child in found]

    def _parameter(self, task: _Task) -> None:
        target, value = nodes.parameter(task.node)
        tasks = self._decorators(task)
        name = None
        if target is not None:
            name = self.defaults.name(target) or self._literal_name(target)
            if name is None:
                tasks.append(_Task(target, task.block, task.level + 1))
        if value is not None:
            tasks.append(self._bind(task, value, name, DEFAULT))
        self._then(tasks)

    def _entry(self, task: _Task) -> None:
        pair = nodes.entry(task.node)
        if pair is None:
            self._visit(task, nodes.children(task.node))
        else:
            self._then([self._bind(task, pair[1], self._key(pair[0]))])

    def _key(self, node: Node) -> Name:
        """The name that an entry's key gives; what is no name stands as it is written."""
        node = nodes.unwrapped(node)
        if node.type == "computed_property_name":
            parts = nodes.children(node)
            node = parts[0] if parts else node
        name = self._literal_name(node) or self.defaults.name(node)
        return name or Name(nodes.expression(self.tree, node), self.tree.start(node))

    def _literal_name(self, node: Node) -> Name | None:
        text = self.values.literal(node)
        return None if text is None else Name(text.value, text.start)

    def _collection(self, task: _Task) -> None:
        """An object, whose entries have names, or a list, whose elements have numbers."""
        elements = nodes.elements(task.node)
        pairs = [nodes.entry(element) if nodes.role(element) == nodes.ENTRY else None for element in elements]
        named = task.node.type in nodes.OBJECTS or any(pairs)
        keys = [None if pair is None else self._key(pair[0]) for pair in pairs]
        label = task.name.text if task.name is not None and task.name.text != RETURN else ""
        block = self._open(task, "object" if named else "sequence", label, task.node)
        if task.name is not None and label:
            block.start, block.end = task.name.key, task.name.key + len(label)
        described = {key.text: pair[1] for key, pair in zip(keys, pairs, strict=True) if key and pair}
        owner = self.defaults.stated_name(described) or (task.name if label else None)
        defaults = DEFAULT_KEYS | {"Value"} if self._is_flag(task.node) else DEFAULT_KEYS
        tasks: list[_Task] = []
        for position, (element, key, pair) in enumerate(zip(elements, keys, pairs, strict=True)):
            if pair is not None:
                default = key is not None and key.text in defaults and owner is not None
                tasks.append(self._bind(task, pair[1], *((owner, DEFAULT) if default else (key, VALUE)), block))
            elif named and nodes.role(element) != nodes.ENTRY:
                tasks.append(_Task(element, block, task.level + 1))
            else:
                parts = nodes.children(element) if nodes.role(element) == nodes.ENTRY else [element]
                item = Name(str(position), self.tree.start(element))
                tasks.extend(self._bind(task, part, item, VALUE, block) for part in parts[:1])
        self._then(tasks)

    def _is_flag(self, node: Node) -> bool:
        """Whether this is a ``cli.StringFlag{...}`` of Go."""
        declared = node.child_by_field_name("type") if node.type == "composite_literal" else None
        return declared is not None and nodes.expression(self.tree, declared).endswith("Flag")

    def _call(self, task: _Task) -> None:
        if task.name is not None:
            text = self.values.of(task.node)
            if text.known:
                self._value(task)
                return
        call = self.values.call(task.node)
        owner = task.name if task.name is not None and task.kind != OPERAND else None
        tasks = [] if call.receiver is None else [_Task(call.receiver, task.block, task.level + 1)]
        if task.node.type == "annotation" and self._placeholders(task, call):
            return
        given = self.defaults.given(call, owner)
        if given is not None and given.kind != VALUE:
            tasks.append(self._bind(task, given.value, given.name, given.kind))
            tasks += self._others(task, call, given.value, task.block)
        elif call.callee and (given is not None or self.defaults.variable(task.node) is None):
            block = self._open(task, "call", call.callee, task.node)
            before = None if call.arguments is None else call.arguments.prev_sibling
            block.end = block.end if before is None else self.tree.end(before)
            if given is not None:
                tasks.append(self._bind(task, given.value, given.name, VALUE, block))
                tasks += self._others(task, call, given.value, block)
            else:
                tasks += self._arguments(task, call, block, owner)
        else:
            tasks += self._others(task, call, None, task.block)
        self._then(tasks)

    def _others(self, task: _Task, call: nodes.Call, value: Node | None, block: Block) -> list[_Task]:
        """The arguments beside the one that is read already: calls in them count, texts do not."""
        arguments = call.positional + [pair[1] for pair in call.named.values()]
        if call.block is not None and (value is None or not _contains(call.block, value)):
            arguments.append(call.block)
        return [_Task(other, block, task.level + 1) for other in arguments if other != value]

    def _arguments(self, task: _Task, call: nodes.Call, block: Block, owner: Name | None) -> list[_Task]:
        """A call's arguments; an object among them describes the option that the call declares."""
        option = self.defaults.option_name(call) or owner
        tasks: list[_Task] = []
        for argument in call.positional:
            described = nodes.unwrapped(argument).type in nodes.OBJECTS and option is not None
            name = option if described and self._has_default(argument) else Name("", 0)
            tasks.append(self._bind(task, argument, name, VALUE if described else OPERAND, block))
        tasks += [self._bind(task, pair[1], self._key(pair[0]), VALUE, block) for pair in call.named.values()]
        if call.block is not None:
            tasks.append(_Task(call.block, block, task.level + 1))
        return tasks

    def _has_default(self, node: Node) -> bool:
        entries = (child for child in nodes.elements(nodes.unwrapped(node)) if nodes.role(child) == nodes.ENTRY)
        pairs = (nodes.entry(child) for child in entries)
        return any(nodes.plain_name(self.tree, pair[0]).strip("\"'") in DEFAULT_KEYS for pair in pairs if pair)

    def _placeholders(self, task: _Task, call: nodes.Call) -> bool:
        """The defaults of Spring's ``@Value("${name:default}")``; whether there were any."""
        found = False
        for argument in call.positional + [pair[1] for pair in call.named.values()]:
            text = self.values.literal(argument)
            for placeholder in _PLACEHOLDER.finditer(text.value) if text is not None else ():
                if text is not None:
                    task.block.add(_inside(text, placeholder, Name(placeholder[1], text.start + placeholder.start(1))))
                    found = True
        return found

    def _function(self, task: _Task) -> None:
        named = task.node.child_by_field_name("name")
        label = nodes.plain_name(self.tree, named) if named is not None else ""
        if named is None and task.name is not None and task.kind != OPERAND:
            label = task.name.text
        block = self._open(task, "function", label, named or task.node)
        body = task.node.child_by_field_name("body")
        tasks: list[_Task] = []
        for child in nodes.children(task.node):
            if body is not None and child.start_byte == body.start_byte and child.type not in nodes.BODIES:
                tasks.append(self._bind(task, child, Name(RETURN, self.tree.start(child)), VALUE, block))
            elif named is None or child.start_byte != named.start_byte:
                tasks.append(_Task(child, block, task.level + 1))
        self._then(tasks)

    def _class(self, task: _Task) -> None:
        named = task.node.child_by_field_name("name")
        label = "" if named is None else nodes.plain_name(self.tree, named)
        block = self._open(task, "class", label, named or task.node)
        self._visit(task, nodes.children(task.node), block)

    def _return(self, task: _Task) -> None:
        inside = task.block.kind == "function" or task.block.inside("function") is not None
        name = Name(RETURN, self.tree.start(task.node)) if inside else None
        values: list[Node] = []
        for child in nodes.children(task.node):
            listed = nodes.role(child) == nodes.EXPRESSIONS or child.type == "argument_list"
            values += nodes.children(child) if listed else [child]
        self._then([self._bind(task, value, name) for value in values])

    def _binary(self, task: _Task) -> None:
        left, right = task.node.child_by_field_name("left"), task.node.child_by_field_name("right")
        if nodes.operator(task.node) not in FALLBACKS or left is None or right is None:
            self._value(task)
            return
        self._fallback(task, left, right)

    def _fallback(self, task: _Task, left: Node, right: Node) -> None:
        """``left or right``: what stands in for the variable or setting on the left."""
        name = self.defaults.variable(left) or self.defaults.name(left) or task.name
        self._then([task._replace(node=left, level=task.level + 1), self._bind(task, right, name, DEFAULT)])

    def _conditional(self, task: _Task) -> None:
        condition, positive, negative = nodes.branches(task.node)
        if condition is None or negative is None:
            self._value(task)
            return
        if positive is None:
            self._fallback(task, condition, negative)
            return
        tasks = [_Task(condition, task.block, task.level + 1)]
        for branch, other in ((positive, negative), (negative, positive)):
            tested = self._tested(condition, other)
            if tested is not None:
                tasks.append(self._bind(task, branch, tested, DEFAULT))
            else:
                tasks.append(task._replace(node=branch, level=task.level + 1))
        self._then(tasks)

    def _tested(self, condition: Node, branch: Node) -> Name | None:
        """The name of a branch that the condition asks for: ``x`` in ``x != null ? x : v``."""
        variable = self.defaults.variable(branch)
        if variable is not None:
            return variable
        if nodes.role(nodes.unwrapped(branch)) not in (nodes.NAME, nodes.MEMBER, nodes.SUBSCRIPT):
            return None
        written = nodes.expression(self.tree, branch)
        return self.defaults.name(branch) if written in nodes.expression(self.tree, condition) else None

    def _tagged_field(self, task: _Task) -> None:
        """The defaults in the tag of a Go field: ``env:"DATA_DIR" envDefault:"/data"``."""
        tag, field = task.node.child_by_field_name("tag"), task.node.child_by_field_name("name")
        text = None if tag is None else self.values.literal(tag)
        if text is None:
            self._visit(task, nodes.children(task.node))
            return
        parts = {part[1]: part for part in _TAG.finditer(text.value)}
        default = next((parts[key] for key in _TAG_DEFAULTS if key in parts), None)
        if default is None:
            return
        given = next((parts[key] for key in _TAG_NAMES if key in parts and parts[key][2].split(",")[0]), None)
        if given is not None:
            name = Name(given[2].split(",")[0], text.start + given.start(2))
        else:
            name = Name("", text.start) if field is None else Name(self.tree.text(field), self.tree.start(field))
        task.block.add(_inside(text, default, name))


def _is_template(text: str, language: str) -> bool:
    marks = ("{%", "<%", "{{") if language == "python" else ("{%", "<%")  # the others write {{ themselves
    return any(mark in text for mark in marks)


def _inside(text: Text, found: re.Match[str], name: Name) -> Setting:
    """The default that the second group of a match in a literal gives."""
    if text.end - text.start != len(text.value):  # escapes: only the literal as a whole has a place
        return Setting(name.text, found[2], text.start, text.end, DEFAULT, key=text.start)
    return Setting(name.text, found[2], text.start + found.start(2), text.start + found.end(2), DEFAULT, key=name.key)


def _contains(node: Node, inner: Node) -> bool:
    return node.start_byte <= inner.start_byte < node.end_byte


def _plain(name: str) -> str:
    """A name without what differs between spellings."""
    return name.replace("_", "").replace("-", "").lower()
