"""Walks a syntax tree by its language's table and makes functions of it, without recursion where nesting is free."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from tree_sitter import Node

from shipworthy.formats.functions import languages as roles
from shipworthy.formats.functions import model
from shipworthy.formats.functions.languages import LANGUAGES
from shipworthy.formats.functions.model import Branch, Call, Comment, Expression, Function, Owner, Statement, Text
from shipworthy.formats.syntax import MOST_LEVELS, SyntaxTree
from shipworthy.patterns import lazy

MOST_BYTES = 30_000
"""A longer function is looked into, but is itself no function to judge."""
MOST_AROUND = 6
"""How many functions around a line are made, from the innermost on."""
MOST_NESTED = 40
"""Statements that are nested deeper are not told apart."""
_LONGEST_HEADING = 1_000
_LONGEST_TEXT = 240
_LONGEST_PATH = 300
_MOST_OWNERS = 8

_ARGUMENTS = frozenset({"arguments", "argument_list", "value_arguments", "token_tree", "annotated_lambda"})
_BODIES = frozenset({"function_body", "arrow_expression_clause"})
"""Nodes around a body that is a block or an expression."""
_SEPARATORS = frozenset({":", "=", "=>", "->", ")"})
_KEYED = frozenset({"anonymous_object_creation_expression", "value_argument", "argument"})
_CONSTANTS = frozenset({"true", "false", "null", "nil", "undefined", "NaN"})
_KEYWORDS = frozenset({"to", "until", "_"})
"""Identifiers that are operators of their language."""
_KINDS = {
    roles.IF: model.BRANCH,
    roles.SWITCH: model.BRANCH,
    roles.LOOP: model.LOOP,
    roles.TRY: model.TRY,
    roles.FUNCTION: model.DEFINITION,
    roles.CLASS: model.DEFINITION,
}
"""The statements whose kind is that of their node."""
_NOT_LOOKED_INTO = frozenset({roles.TYPE, roles.COMMENT, roles.DECORATION})
_NAMED = frozenset({roles.DECLARATION, roles.ASSIGNMENT, roles.ENTRY})
_FIELDS = frozenset({"public_field_definition", "field_definition", "property_declaration"})
_OUTSIDE = frozenset({roles.FUNCTION, roles.CLASS, roles.BLOCK})
_IDENTIFIER = lazy(r"[A-Za-z_$@][\w$]*")
_LAST_IDENTIFIER = lazy(r"([A-Za-z_]\w*)[!?]?(?:::)?(?:<[^<>]*(?:<[^<>]*>[^<>]*)*>)?\s*$")
_LOST = frozenset({"ERROR", "annotated_expression"})
"""What a parser makes of what it does not understand; in Kotlin, of annotations in front of an interface."""
_NEW = lazy(r"^\s*new\s+")
_CALLEE = lazy(r"[\w.:$@>?!<,()\[\]-]+")
_INTERPOLATED = {
    "kotlin": lazy(r"\$([A-Za-z_]\w*)"),
    "rust": lazy(r"\{([a-z_]\w*)(?::[^{}]*)?\}"),
}
_QUOTES = lazy(r"^[A-Za-z$@]{0,3}#*[\"'`]+")
_COMMENTING = lazy(rb"(/[/*]|#|<!--|-->|=begin)")
"""What comments begin with, in all languages; it stands in strings as well."""
_DOCUMENTING = lazy(rb"(#)|(?:^|[:;])[ \t\f]*([A-Za-z]{0,3}[\"'])", re.MULTILINE)
"""What comments and docstrings of Python begin with."""
_DEFAULT = lazy(r"(?:case\s+)?(?:default|else|_|\*|null, default)\s*$")


class _Place(NamedTuple):
    """A node on the way to a function: what stands in front of it, around it, and what names it."""

    node: Node
    lead: tuple[Node, ...]
    owners: tuple[Owner, ...]
    naming: Node | None
    given_to: str
    level: int
    is_lost: bool = False
    """Whether the parser lost its way here, so that what the node stands in is unknown."""


def read(tree: SyntaxTree, language: str, rows: Sequence[int]) -> list[Function]:
    """The functions that one of these lines (from 0, ascending) stands in or in front of, those outside first."""
    return list(_Reader(tree, language, rows).read())


class _Reader:
    """Finds the functions of one file."""

    def __init__(self, tree: SyntaxTree, language: str, rows: Sequence[int]) -> None:
        self.tree = tree
        self.name = language
        self.language = LANGUAGES[language]
        self.roles = self.language.roles
        self.rows = rows

    def read(self) -> Iterator[Function]:
        root = self.tree.root
        waiting = [_Place(root, (), (), None, "", 0)]
        around: dict[int, int] = {}  # how many functions hold the line, from the innermost on
        found: list[_Place] = []
        while waiting:
            place = waiting.pop()
            if self._role(place.node) == roles.FUNCTION and not place.is_lost:
                found.append(place)
            if place.level < MOST_LEVELS:
                waiting.extend(reversed(self._inside(place)))
        wanted: list[_Place] = []
        for place in reversed(found):
            rows = self._rows(place.lead[0] if place.lead else place.node, place.node)
            if any(around.get(row, 0) < MOST_AROUND for row in rows):
                wanted.append(place)
            for row in rows:
                around[row] = around.get(row, 0) + 1
        for place in reversed(wanted):
            body = self._body(place.node)
            if body is not None and place.node.end_byte - place.node.start_byte <= MOST_BYTES:
                yield _Maker(self, place, body).function()

    def _role(self, node: Node) -> str:
        return self.roles.get(node.type, "")

    def _rows(self, first: Node, last: Node) -> Sequence[int]:
        start = bisect_left(self.rows, first.start_point.row)
        return self.rows[start : bisect_left(self.rows, last.end_point.row + 1, start)]

    def _inside(self, place: _Place) -> list[_Place]:
        """The children that hold one of the lines, with the comments and decorators in front of them."""
        node, kind = place.node, self._role(place.node)
        owners, naming, given_to = place.owners, place.naming, place.given_to
        lead = place.lead
        if kind in _OUTSIDE:
            lead, naming, given_to = (), None, ""
            if kind == roles.CLASS and len(owners) < _MOST_OWNERS:
                owners = (self._owner(place), *owners)
        elif kind in _NAMED or node.type in _FIELDS:
            naming = node
        elif kind in (roles.CALL, roles.NEW):
            naming, given_to = None, self._given(node)
        found: list[_Place] = []
        inner = list(lead)
        for child in node.named_children:
            role = self._role(child)
            if role in (roles.COMMENT, roles.DECORATION):
                inner.append(child)
                continue
            if len(self._rows(inner[0] if inner else child, child)):
                level = place.level + 1
                lost = node.type in _LOST or (place.is_lost and kind != roles.CLASS)
                found.append(_Place(child, _adjacent(inner, child), owners, naming, given_to, level, lost))
            inner = list(lead) if kind not in _OUTSIDE else []
        return found

    def _owner(self, place: _Place) -> Owner:
        node = place.node
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in node.named_children if self._role(child) == roles.BLOCK), None)
        start = min([node.start_byte, *(lead.start_byte for lead in place.lead)])
        end = body.start_byte if body is not None else node.end_byte
        heading = self.text(max(start, end - _LONGEST_HEADING), end)
        named = node.child_by_field_name("name") or node.child_by_field_name("type")
        return Owner(node.type, "" if named is None else self.text_of(named, _LONGEST_TEXT), heading)

    def _given(self, node: Node) -> str:
        """The callee and the first text of a call that is given a function."""
        arguments = arguments_of(node)
        if arguments is None:
            return self.text_of(node, _LONGEST_PATH)
        callee = plain_path(self.text(max(node.start_byte, arguments.start_byte - _LONGEST_PATH), arguments.start_byte))
        if not _CALLEE.fullmatch(callee):
            return ""
        for child in arguments.named_children[:3]:
            inner = (
                child.named_children[0]
                if child.type in ("argument", "value_argument") and child.named_children
                else child
            )
            if self._role(inner) == roles.STRING:
                return f"{callee} {self.text_of(inner, _LONGEST_TEXT)[1:-1]}"
        return callee

    def _body(self, node: Node) -> Node | None:
        """The block or the expression that a function does."""
        body = node.child_by_field_name("body")
        if body is None and node.type == "property_declaration":
            body = node.child_by_field_name("value")
        if body is None and node.type in ("lambda_literal", "program"):
            return node
        if body is None:
            body = next((child for child in node.named_children if child.type in _BODIES), None)
        if body is not None and body.type in _BODIES:
            inner = [child for child in body.named_children if self._role(child) != roles.COMMENT]
            return inner[0] if inner else None
        if body is None and node.type in ("method", "singleton_method", "do_block", "block"):
            return node  # Ruby: there is nothing between def and end
        return body

    def text(self, start: int, end: int) -> str:
        """The file's text between two bytes."""
        return self.tree.written(start, end)

    def text_of(self, node: Node, longest: int) -> str:
        """A node's text, its beginning where it is long."""
        return self.text(node.start_byte, min(node.end_byte, node.start_byte + longest))


class _Maker:
    """Makes one function."""

    def __init__(self, reader: _Reader, place: _Place, body: Node) -> None:
        self.reader = reader
        self.place = place
        self.node = place.node
        self.body = body
        self.tree = reader.tree
        self.roles = reader.roles
        self.language = reader.language
        self.interpolated = _INTERPOLATED.get(reader.name)

    def function(self) -> Function:
        place, node = self.place, self.node
        naming = node.child_by_field_name("name") or self._naming_name()
        name = "" if naming is None else self._last_name(naming)
        start = self.tree.start(node if naming is None else naming)
        made = Function(self.reader.name, name, start, self.tree.end(node), self)
        made.heading = self._heading()
        made.given_to = place.given_to if not name else ""
        made.owners = self._owners()
        made.parameters = self._parameters()
        made.above = tuple(self._comment(lead) for lead in place.lead if self._role(lead) == roles.COMMENT)
        return made

    def statements(self) -> list[Statement]:
        """The statements of the function."""
        node = self.node
        if self.body is node and self._role(node) != roles.BLOCK and node.type not in ("program", "lambda_literal"):
            statements: list[Statement] = []
        elif self._is_block(self.body):
            statements = self._statements(self.body, 0)
        else:
            only = self._statement(self.body, 0)
            statements = [only]
            if only.kind == model.DECLARATION:
                only.kind = model.RETURN
            _mark_last(statements, True)
        if node.type in self.language.returns_last:
            _mark_last(statements, self._ends_open())
        return statements

    def _role(self, node: Node) -> str:
        return self.roles.get(node.type, "")

    def _is_block(self, node: Node) -> bool:
        return self._role(node) == roles.BLOCK or node.type in ("program", "lambda_literal")

    def _naming_name(self) -> Node | None:
        """What names a function that has no name: the variable, field or key that it is given to."""
        naming = self.place.naming
        if naming is None:
            return self._accessor_name()
        for field in ("name", "key", "left", "property", "field", "pattern"):
            found = naming.child_by_field_name(field)
            if found is not None:
                return found
        return next(iter(naming.named_children), None)

    def _accessor_name(self) -> Node | None:
        if self.node.type != "accessor_declaration" or self.node.parent is None or self.node.parent.parent is None:
            return None
        return self.node.parent.parent.child_by_field_name("name")

    def _last_name(self, node: Node) -> str:
        found = _IDENTIFIER.findall(self.reader.text_of(node, _LONGEST_TEXT))
        return found[-1].lstrip("$@") if found else ""

    def _heading(self) -> str:
        starts = [self.node.start_byte]
        starts += [lead.start_byte for lead in self.place.lead if self._role(lead) == roles.DECORATION]
        if self.place.naming is not None:
            starts.append(self.place.naming.start_byte)
        start = min(starts)
        is_block = self.body is not self.node
        end = self.body.start_byte if is_block else min(self.node.start_byte + _LONGEST_TEXT, self.node.end_byte)
        return self.reader.text(start, min(end, start + _LONGEST_HEADING))

    def _owners(self) -> tuple[Owner, ...]:
        receiver = self.node.child_by_field_name("receiver")
        if receiver is None or self.reader.name != "go":
            return self.place.owners
        text = self.reader.text_of(receiver, _LONGEST_TEXT)
        names = _IDENTIFIER.findall(text.split("[")[0])
        return (Owner("receiver", names[-1] if names else "", text), *self.place.owners)

    def _parameters(self) -> tuple[str, ...]:
        kinds = (
            "function_value_parameters",
            "lambda_parameters",
            "parameter_list",
            "method_parameters",
            "closure_parameters",
        )
        holder = self.node.child_by_field_name("parameters") or self.node.child_by_field_name("parameter")
        if holder is None:
            holder = next((child for child in self.node.named_children if child.type in kinds), None)
        if holder is None:
            return ()
        found: list[str] = []
        waiting = [holder]
        while waiting:
            node = waiting.pop()
            role = self._role(node)
            if role == roles.NAME or (node.type.endswith("identifier_pattern") and not node.named_child_count):
                name = self.reader.text_of(node, _LONGEST_TEXT).lstrip("$&*@")
                if name not in self.language.receivers:
                    found.append(name)
            elif role not in (roles.TYPE, roles.DECORATION, roles.VALUE, roles.STRING, roles.CALL):
                fields = zip(node.children, range(node.child_count), strict=True)
                waiting += [
                    child
                    for child, index in reversed(list(fields))
                    if child.is_named
                    and node.field_name_for_child(index) not in ("type", "value", "default_value", "decorator", "right")
                ]
        return tuple(dict.fromkeys(found))

    def _comment(self, node: Node) -> Comment:
        return Comment(self.reader.text_of(node, 4 * _LONGEST_HEADING), self.tree.start(node))

    def comments(self) -> Iterator[Comment]:
        """The comments in the function, and the docstrings of Python."""
        end = self.node.start_byte
        marks = _DOCUMENTING if self.reader.name == "python" else _COMMENTING
        for mark in marks.finditer(self.tree.data, self.node.start_byte, self.node.end_byte):
            start = mark.start(mark.lastindex or 0)
            if start >= end and (found := self._comment_at(start)) is not None:
                end = found.end_byte
                yield self._comment(found)

    def _comment_at(self, byte: int) -> Node | None:
        """The comment, or the docstring, that begins there."""
        node = self.node.named_descendant_for_byte_range(byte, byte + 1)
        text = None
        while node is not None and node.start_byte == byte and node != self.node:
            role = self._role(node)
            if role == roles.COMMENT:
                return node
            if role == roles.STRING:
                text = node
            elif node.type == "expression_statement":
                return text if self.reader.name == "python" and node.named_child_count == 1 else None
            else:
                text = None
            node = node.parent
        return None

    def _ends_open(self) -> bool:
        """Whether the last expression is what the function gives: in Rust, no semicolon follows it."""
        if self.reader.name != "rust":
            return True
        last = next((child for child in reversed(self.body.named_children) if self._role(child) != roles.COMMENT), None)
        return last is not None and not self.reader.text(last.end_byte - 1, last.end_byte).startswith(";")

    # statements

    def _statements(self, block: Node, level: int) -> list[Statement]:
        found: list[Statement] = []
        for child in block.named_children:
            role = self._role(child)
            if role in (roles.COMMENT, roles.DECORATION, roles.HANDLER) or child.type == "lambda_parameters":
                continue
            if role == roles.BLOCK and level < MOST_NESTED:
                found += self._statements(child, level + 1)
            else:
                found.append(self._statement(child, level))
        return found

    def _statement(self, node: Node, level: int) -> Statement:
        node = self._unwrapped(node)
        role = self._role(node)
        if role == roles.RETURN and (chosen := self._chosen(node)) is not None and level < MOST_NESTED:
            made = self._statement(chosen, level)
            _mark_last([made], True)
            return made
        kind, look = model.OTHER, None
        if level >= MOST_NESTED:
            look = partial(self._look, node.named_children, None)
        elif role in _KINDS:
            kind = _KINDS[role]
        elif role == roles.NOTHING or self._is_text_alone(node):
            kind = model.NOTHING
        else:
            look = partial(self._look, [node], role)
        text = " ".join(self.reader.text_of(node, _LONGEST_TEXT).split())
        made = Statement(kind, self.tree.start(node), self.tree.end(node), text, look)
        if kind == model.BRANCH:
            made.branches = self._ways(node, made, level + 1)
        elif kind == model.LOOP:
            made.branches = [self._loop(node, made, level + 1)]
        elif kind == model.TRY:
            made.branches = list(self._tries(node, level + 1))
        return made

    def _chosen(self, node: Node) -> Node | None:
        """The ``switch`` or ``if`` whose value a ``return`` gives."""
        inner = [child for child in node.named_children if self._role(child) != roles.COMMENT]
        if len(inner) != 1:
            return None
        only = self._unwrapped(inner[0])
        return only if self._role(only) in (roles.SWITCH, roles.IF) else None

    def _unwrapped(self, node: Node) -> Node:
        for _ in range(MOST_NESTED):
            if self._role(node) != roles.WRAPPER:
                break
            inner = [child for child in node.named_children if self._role(child) != roles.COMMENT]
            if len(inner) != 1:
                break
            node = inner[0]
        return node

    def _is_text_alone(self, node: Node) -> bool:
        return self.reader.name == "python" and node.type in ("string", "ellipsis")

    def _look(self, nodes: Sequence[Node], role: str | None, made: Statement) -> str:
        """The kind of a statement without branches, whose expression and targets are noted."""
        self._collect(nodes, made)
        if role is None:
            return model.OTHER
        if role == roles.RETURN:
            return model.RETURN
        if role == roles.THROW:
            return model.THROW
        if role in (roles.CALL, roles.NEW):
            outermost = made.expression.calls[0].name if made.expression.calls else ""
            return model.THROW if outermost in self.language.throwing else model.CALL
        return model.DECLARATION if made.targets or made.expression.stores else model.OTHER

    def _ways(self, node: Node, made: Statement, level: int) -> list[Branch]:
        """The branches of a statement that chooses."""
        if self._role(node) == roles.SWITCH:
            return self._cases(node, made, level)
        condition = node.child_by_field_name("condition")
        skipped = [condition] if condition is not None else node.named_children[:1]
        started = node.child_by_field_name("initializer")
        self._collect([part for part in (*skipped, started) if part is not None], made)
        label = self.reader.text_of(skipped[0], _LONGEST_TEXT) if skipped else ""
        found: list[Branch] = []
        for child in node.named_children:
            if child in skipped or child == started or self._role(child) == roles.COMMENT:
                continue
            if self._role(child) == roles.PART:
                found.append(self._part(child, made, level))
            else:
                found.append(Branch(label, not label, tuple(self._block(child, level))))
                label = ""
        return found

    def _part(self, node: Node, made: Statement, level: int) -> Branch:
        """An ``else`` or ``elif`` with what belongs to it."""
        condition = node.child_by_field_name("condition")
        if condition is not None:
            self._collect([condition], made)
        statements: list[Statement] = []
        for child in node.named_children:
            if child != condition and self._role(child) not in (roles.COMMENT, roles.PART):
                statements += self._block(child, level)
        label = "" if condition is None else self.reader.text_of(condition, _LONGEST_TEXT)
        return Branch(label, condition is None, tuple(statements))

    def _cases(self, node: Node, made: Statement, level: int) -> list[Branch]:
        found: list[Branch] = []
        for child in node.named_children:
            inner = child.named_children if self._role(child) == roles.BLOCK else [child]
            for part in inner:
                role = self._role(part)
                if role == roles.CASE:
                    found.append(self._case(part, level))
                elif role == roles.PART:
                    found.append(self._part(part, made, level))
                elif role != roles.COMMENT:
                    self._collect([part], made)
        return found

    def _case(self, node: Node, level: int) -> Branch:
        separator = next((child for child in node.children if child.type in _SEPARATORS), None)
        body = node.child_by_field_name("body") if separator is None else None
        if body is not None:
            label = self.reader.text(node.start_byte, min(body.start_byte, node.start_byte + _LONGEST_TEXT))
            return Branch(label.strip(), False, tuple(self._block(body, level)))
        end = node.start_byte if separator is None else separator.start_byte
        label = self.reader.text(node.start_byte, min(end, node.start_byte + _LONGEST_TEXT)).strip()
        statements: list[Statement] = []
        for child in node.named_children:
            if child.start_byte >= end and self._role(child) != roles.COMMENT:
                statements += self._block(child, level)
        return Branch(label, bool(_DEFAULT.match(label)), tuple(statements))

    def _loop(self, node: Node, made: Statement, level: int) -> Branch:
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in reversed(node.named_children) if self._role(child) == roles.BLOCK), None)
        self._collect([child for child in node.named_children if child != body], made)
        return Branch("", False, () if body is None else tuple(self._block(body, level)))

    def _tries(self, node: Node, level: int) -> Iterator[Branch]:
        statements: list[Statement] = []
        handlers: list[Branch] = []
        for child in node.named_children:
            role = self._role(child)
            if role == roles.HANDLER:
                blocks = [inner for inner in child.named_children if self._role(inner) == roles.BLOCK]
                inside = [statement for block in blocks for statement in self._block(block, level)]
                handlers.append(Branch(self.reader.text_of(child, 40), False, tuple(inside)))
            elif role == roles.PART:
                statements += [inner for part in child.named_children for inner in self._block(part, level)]
            elif role != roles.COMMENT and child.type != "resource_specification":
                statements += self._block(child, level)
        yield Branch("", False, tuple(statements))
        yield from handlers

    def _block(self, node: Node, level: int) -> list[Statement]:
        """The statements of a block, or the only one where there is no block."""
        if self._is_block(node):
            return self._statements(node, level)
        return [] if self._role(node) == roles.COMMENT else [self._statement(node, level)]

    # expressions

    def _collect(self, nodes: Sequence[Node], made: Statement) -> None:
        """What the nodes are composed of."""
        into = made.expression
        role_of = self.roles.get
        waiting: list[tuple[Node, bool, str]] = [(node, False, "") for node in reversed(nodes)]
        while waiting:
            node, in_callee, root = waiting.pop()
            kind = node.type
            role = role_of(kind, "")
            inner: list[tuple[Node, bool, str]]
            if not role and kind not in _KEYED:  # most nodes mean nothing by themselves
                waiting += [(child, False, "") for child in reversed(node.named_children)]
                continue
            if role in _NOT_LOOKED_INTO:
                continue
            if role in (roles.CALL, roles.NEW):
                inner = self._call(node, into, root if in_callee else "", role == roles.NEW)
            elif role == roles.NAME:
                self._name(node, into, in_callee)
                continue
            elif role == roles.MEMBER:
                inner = self._member(node, into, in_callee, root)
            elif role == roles.STRING:
                inner = self._string(node, into)
            elif role == roles.VALUE:
                into.values.append(self.reader.text_of(node, 40))
                continue
            elif role in (roles.ASSIGNMENT, roles.DECLARATION):
                inner = self._assigned(node, made)
            elif role == roles.FUNCTION:
                into.functions += 1
                inner = self._lambda(node, made)
            else:
                if role in (roles.OPERATION, roles.COMPREHENSION):
                    self._operation(node, role, into)
                inner = [(child, False, "") for child in self._without_keys(node, role, into)]
            waiting.extend(reversed(inner))

    def _call(self, node: Node, into: Expression, root: str, is_new: bool) -> list[tuple[Node, bool, str]]:
        arguments = arguments_of(node)
        block = node.child_by_field_name("block")
        after = [part.start_byte for part in (arguments, block) if part is not None]
        end = min(after) if after else node.end_byte
        if node.type in ("echo_statement", "print_intrinsic", "exit_statement"):
            end = node.start_byte + len(self.reader.text_of(node, 5).split(None, 1)[0])
        elif node.type == "command":
            named = node.child_by_field_name("name")
            end = named.end_byte if named is not None else end
        elif is_new and arguments is None:
            made = node.child_by_field_name("type") or node.child_by_field_name("constructor")
            end = node.start_byte if made is None else made.end_byte
        path, name, first = self._path(node.start_byte, end)
        into.calls.append(
            Call(path if not root else f".{name}", root or first, name, is_new, bool(root), self.tree.start(node))
        )
        return [
            (child, child.start_byte < end and not is_new, root or first)
            for child in node.named_children
            if not (is_new and child.start_byte < end)
        ]

    def _path(self, start: int, end: int) -> tuple[str, str, str]:
        """The callee as written, its last name and its first."""
        text = (
            self.reader.text(start, end) if end - start <= _LONGEST_PATH else self.reader.text(end - _LONGEST_PATH, end)
        )
        path = plain_path(text)
        last = _LAST_IDENTIFIER.search(path)
        beginning = path if end - start <= _LONGEST_PATH else plain_path(self.reader.text(start, start + 80))
        first = _IDENTIFIER.search(beginning)
        return path, last[1] if last else "", first[0].lstrip("$@") if first else ""

    def _name(self, node: Node, into: Expression, in_callee: bool) -> None:
        text = self.reader.text_of(node, _LONGEST_TEXT)
        if text in _CONSTANTS:
            into.values.append(text)
        elif text not in _KEYWORDS:
            into.names.add(text.lstrip("$@"))
            if not in_callee:
                into.reads.append(text.lstrip("$"))

    def _member(self, node: Node, into: Expression, in_callee: bool, root: str) -> list[tuple[Node, bool, str]]:
        if not in_callee:
            text = self.reader.text_of(node, _LONGEST_PATH)
            if "(" not in text:
                into.reads.append(" ".join(text.split()).lstrip("$"))
        return [(child, True, root) for child in node.named_children]

    def _string(self, node: Node, into: Expression) -> list[tuple[Node, bool, str]]:
        if node.type == "concatenated_string":
            return [(child, False, "") for child in node.named_children]
        text = self.reader.text_of(node, 4 * _LONGEST_TEXT)
        known = (roles.INTERPOLATION, roles.NAME, roles.MEMBER, roles.CALL, roles.STRING)
        inner = [
            (child, False, "")
            for child in node.named_children
            if self._role(child) in known or child.type in ("simple_expansion", "expansion", "command_substitution")
        ]
        names = self.interpolated.findall(text) if self.interpolated is not None else []
        into.names.update(names)
        into.reads += names
        value = _QUOTES.sub("", text).rstrip("\"'`#")
        into.texts.append(Text(value, self.tree.start(node), bool(inner or names)))
        return inner

    def _assigned(self, node: Node, made: Statement) -> list[tuple[Node, bool, str]]:
        """Note what is assigned to; what is assigned is to be looked at."""
        left = node.children_by_field_name("left") or node.children_by_field_name("name")
        left = left or node.children_by_field_name("pattern") or node.named_children[:1]
        for target in left:
            waiting = [target]
            while waiting:
                part = waiting.pop()
                role = self._role(part)
                if role == roles.MEMBER or part.type in ("instance_variable", "class_variable", "global_variable"):
                    made.expression.stores.append(self.reader.text_of(part, _LONGEST_PATH))
                elif role == roles.NAME or part.type.endswith("identifier_pattern"):
                    made.targets.append(self.reader.text_of(part, _LONGEST_TEXT).lstrip("$"))
                elif role != roles.TYPE:
                    waiting += part.named_children
        return [(child, False, "") for child in node.named_children if child not in left]

    def _lambda(self, node: Node, made: Statement) -> list[tuple[Node, bool, str]]:
        """A function inside: what it does counts as done here, and its parameters are names of its own."""
        parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        if parameters is None:
            parameters = next((child for child in node.named_children if child.type.endswith("_parameters")), None)
        if parameters is not None:
            found = _IDENTIFIER.findall(self.reader.text_of(parameters, _LONGEST_TEXT))
            made.targets.extend(name.lstrip("$") for name in found)
        return [(child, False, "") for child in node.named_children if child != parameters]

    def _operation(self, node: Node, role: str, into: Expression) -> None:
        if role == roles.COMPREHENSION:
            into.operators.append("for")
            return
        written = node.child_by_field_name("operator")
        tokens = [child for child in node.children if not child.is_named]
        operator = written.type if written is not None else tokens[0].type if tokens else node.type
        if "conditional" in node.type or "ternary" in node.type:
            into.operators.append("?")
        elif node.type.startswith("jsx") or not tokens:
            into.operators.append(node.type)
        elif operator not in ("&", "-") or "unary" not in node.type:
            into.operators.append(operator)

    def _without_keys(self, node: Node, role: str, into: Expression) -> list[Node]:
        """The named children; the keys of entries are noted instead."""
        if role != roles.ENTRY and node.type not in _KEYED:
            return node.named_children
        found: list[Node] = []
        children = node.children
        for index, child in enumerate(children):
            after = children[index + 1].type if index + 1 < len(children) else ""
            if not child.is_named:
                continue
            if after in _SEPARATORS and after != ")":
                into.keys.append(self.reader.text_of(child, _LONGEST_TEXT).strip("\"'`:[] "))
            elif child.type == "hash_key_symbol":
                into.keys.append(self.reader.text_of(child, _LONGEST_TEXT))
            else:
                found.append(child)
        return found


def arguments_of(node: Node) -> Node | None:
    """The arguments of a call."""
    arguments = node.child_by_field_name("arguments")
    if arguments is not None:
        return arguments
    return next((child for child in node.named_children if child.type in _ARGUMENTS), None)


def plain_path(text: str) -> str:
    """A callee without the arguments of the calls in it, without ``new`` and without blanks."""
    text = _NEW.sub("", text)
    if "(" not in text and "{" not in text:
        return "".join(text.split())
    kept: list[str] = []
    depth = 0
    for character in text:
        if character in "({[":
            depth += 1
        elif character in ")}]":
            depth = max(depth - 1, 0)
            if depth == 0 and character == ")":
                kept.append("()")
        elif depth == 0 and not character.isspace():
            kept.append(character)
    return "".join(kept)


def _adjacent(lead: Sequence[Node], node: Node) -> tuple[Node, ...]:
    """The comments and decorators that stand directly in front of a node, without an empty line between them."""
    found: list[Node] = []
    row = node.start_point.row
    for part in reversed(lead):
        if part.end_point.row < row - 1 - (part.end_point.column == 0):
            break
        found.insert(0, part)
        row = part.start_point.row
    return tuple(found)


def _mark_last(statements: list[Statement] | tuple[Statement, ...], is_open: bool) -> None:
    """Make the last expression what the function gives, also in the branches that it ends in."""
    waiting = [statements]
    while waiting:
        inner = waiting.pop()
        last = inner[-1] if inner else None
        if last is None:
            continue
        if last.kind in (model.CALL, model.OTHER) and is_open:
            last.kind = model.RETURN
        elif last.kind in (model.BRANCH, model.TRY):
            waiting += [branch.statements for branch in last.branches]
