"""What the nodes of the grammars are: one dictionary for all languages.

Two grammars never use one node type for different things that matter here, so a single table serves them all. Where
they name a field differently, the first name that a node has is taken.

Source: the ``node-types.json`` of each tree-sitter grammar.
"""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node

from shipworthy.formats.syntax import SyntaxTree

ASSIGNMENT, PARAMETER, ENTRY, COLLECTION, CALL = "assignment", "parameter", "entry", "collection", "call"
FUNCTION, CLASS, RETURN, STRING, STRINGS = "function", "class", "return", "string", "strings"
BINARY, CONDITIONAL, NAME, MEMBER, SUBSCRIPT = "binary", "conditional", "name", "member", "subscript"
EXPRESSIONS, WRAPPER, TAGGED_FIELD, COMMENT = "expressions", "wrapper", "tagged field", "comment"

_TYPES: dict[str, str] = {
    ASSIGNMENT: "assignment named_expression augmented_assignment variable_declarator assignment_expression"
    " augmented_assignment_expression public_field_definition field_definition enum_assignment const_spec var_spec"
    " short_var_declaration assignment_statement const_element property_element operator_assignment",
    PARAMETER: "default_parameter typed_default_parameter required_parameter optional_parameter assignment_pattern"
    " object_assignment_pattern simple_parameter property_promotion_parameter keyword_parameter",
    ENTRY: "pair keyword_argument keyed_element array_element_initializer element_value_pair",
    COLLECTION: "dictionary object hash array_creation_expression composite_literal literal_value list tuple set array"
    " array_initializer element_value_array_initializer string_array",
    CALL: "call call_expression new_expression method_invocation object_creation_expression function_call_expression"
    " scoped_call_expression member_call_expression nullsafe_member_call_expression annotation",
    FUNCTION: "function_definition function_declaration generator_function_declaration method_definition arrow_function"
    " function_expression generator_function method_declaration constructor_declaration func_literal lambda_expression"
    " lambda method singleton_method anonymous_function",
    CLASS: "class_definition class_declaration abstract_class_declaration interface_declaration enum_declaration"
    " record_declaration trait_declaration class module",
    RETURN: "return_statement return",
    STRING: "string template_string string_literal interpreted_string_literal raw_string_literal encapsed_string"
    " heredoc_body nowdoc_body bare_string",
    STRINGS: "concatenated_string chained_string",
    BINARY: "binary_operator boolean_operator binary_expression binary",
    CONDITIONAL: "conditional_expression ternary_expression conditional",
    NAME: "identifier constant instance_variable class_variable global_variable variable_name name property_identifier"
    " private_property_identifier field_identifier shorthand_property_identifier simple_symbol hash_key_symbol"
    " shorthand_property_identifier_pattern type_identifier this self",
    MEMBER: "attribute member_expression selector_expression field_access member_access_expression scope_resolution"
    " nullsafe_member_access_expression scoped_property_access_expression class_constant_access_expression",
    SUBSCRIPT: "subscript subscript_expression index_expression element_reference array_access",
    EXPRESSIONS: "expression_list right_assignment_list",
    WRAPPER: "parenthesized_expression as_expression satisfies_expression non_null_expression await await_expression"
    " unary_expression literal_element argument heredoc nowdoc type_conversion_expression type_assertion"
    " cast_expression parenthesized_statements then interpolation template_substitution jsx_expression",
    TAGGED_FIELD: "field_declaration",
    COMMENT: "comment line_comment block_comment",
}
ROLES: dict[str, str] = {name: role for role, names in _TYPES.items() for name in names.split()}
"""What a node is, by its type."""

BODIES = frozenset(
    {"statement_block", "block", "compound_statement", "body_statement", "block_body", "constructor_body", "do_block"}
)
"""Function bodies made of statements; any other body is what the function returns."""
OBJECTS = frozenset({"dictionary", "object", "hash"})
_LISTS_OF_NAMES = frozenset({"pattern_list", "expression_list", "left_assignment_list", "tuple_pattern"})
PARAMETERS = frozenset(
    {"parameters", "lambda_parameters", "formal_parameters", "parameter_list", "method_parameters", "block_parameters"}
)
_LAST = frozenset({"type_conversion_expression", "type_assertion", "cast_expression"})
SIGILS = "$@:#&"
"""Marks around a variable's name that are no part of it."""
_MOST_WRAPPERS = 20
_MOST_RECEIVERS = 8
_LONGEST = 100


class Call(NamedTuple):
    """A call, whatever the grammar calls its parts. ``callee`` is as written, arguments of inner calls left out."""

    node: Node
    callee: str
    name: str
    receiver: Node | None
    positional: list[Node]
    named: dict[str, tuple[Node, Node]]
    arguments: Node | None
    block: Node | None


def role(node: Node) -> str:
    """What the node is, or ""."""
    return ROLES.get(node.type, "")


def field(node: Node, *names: str) -> Node | None:
    """The first of the fields that the node has."""
    for name in names:
        child = node.child_by_field_name(name)
        if child is not None:
            return child
    return None


def children(node: Node) -> list[Node]:
    """The named children without comments."""
    return [child for child in node.named_children if role(child) != COMMENT]


def unwrapped(node: Node) -> Node:
    """The expression inside parentheses, casts, ``await``, an argument and the like."""
    for _ in range(_MOST_WRAPPERS):
        if ROLES.get(node.type) != WRAPPER:
            return node
        inner = field(node, "value", "operand", "expression")
        if inner is None:
            parts = children(node)
            if not parts:
                return node
            inner = parts[-1] if node.type in _LAST or node.type == "argument" else parts[0]
        node = inner
    return node


def operator(node: Node) -> str:
    """The operator of a binary expression or of an assignment."""
    found = node.child_by_field_name("operator")
    return "" if found is None else found.type


def assignment(node: Node) -> tuple[list[Node], list[Node]]:
    """What is assigned to, and the values."""
    if node.type == "const_element":
        parts = children(node)
        return parts[:1], parts[1:2]
    values = field(node, "right", "value", "default_value")
    if node.type in ("const_spec", "var_spec"):
        names = node.children_by_field_name("name")
    else:
        target = field(node, "left", "name", "property")
        names = [] if target is None else [target]
    if len(names) == 1 and names[0].type in _LISTS_OF_NAMES:
        names = children(names[0])
    if values is None:
        return names, []
    return names, children(values) if role(values) == EXPRESSIONS else [values]


def parameter(node: Node) -> tuple[Node | None, Node | None]:
    """A parameter's name or pattern, and its default value. A renamed property keeps the property's name."""
    name = field(node, "name", "pattern", "left")
    if node.type == "assignment_pattern" and node.parent is not None and node.parent.type == "pair_pattern":
        name = node.parent.child_by_field_name("key")
    return name, field(node, "value", "default_value", "right")


def parameters(node: Node) -> list[Node]:
    """The names of the parameters in a parameter list."""
    found: list[Node] = []
    for child in children(node):
        name = child if role(child) == NAME else field(child, "name", "pattern")
        if name is not None:
            found.append(name)
    return found


def entry(node: Node) -> tuple[Node, Node] | None:
    """The key and the value of an entry; None for a mere element."""
    key, value = field(node, "key", "name"), node.child_by_field_name("value")
    if key is not None and value is not None:
        return key, value
    parts = children(node)
    return (parts[0], parts[1]) if len(parts) == 2 and role(node) in (ENTRY, WRAPPER) else None


def elements(node: Node) -> list[Node]:
    """The elements of a collection."""
    body = node.child_by_field_name("body") if node.type == "composite_literal" else None
    return children(node if body is None else body)


def branches(node: Node) -> tuple[Node | None, Node | None, Node | None]:
    """Condition, value where it holds and value where it does not, of a conditional expression."""
    condition = node.child_by_field_name("condition")
    if condition is not None:
        return condition, field(node, "consequence", "body"), node.child_by_field_name("alternative")
    parts = children(node)
    return (parts[1], parts[0], parts[2]) if len(parts) == 3 else (None, None, None)


def call(tree: SyntaxTree, node: Node) -> Call:
    """The parts of a call."""
    function = field(node, "function", "constructor", "type")
    if function is None and node.type == "object_creation_expression":
        function = next((child for child in children(node) if role(child) == NAME), None)
    if function is None:
        name, receiver = field(node, "name", "method"), field(node, "object", "receiver", "scope")
    elif role(function) == MEMBER:
        name, receiver = _member(function)
    elif role(function) in (NAME, ""):
        name, receiver = function, None
    else:  # what an expression gives is called: ``make("x")("y")``
        name, receiver = None, function
    arguments = _argument_list(node)
    positional, named = ([], {}) if arguments is None else _arguments(tree, arguments)
    label = "" if name is None else tree.text(name) if name.end_byte - name.start_byte <= _LONGEST else ""
    before = "" if receiver is None or role(unwrapped(receiver)) == FUNCTION else path(tree, receiver)
    callee = f"{before}{_separator(tree, receiver)}{label}" if before and label and receiver else before or label
    return Call(node, callee, label, receiver, positional, named, arguments, node.child_by_field_name("block"))


def path(tree: SyntaxTree, node: Node, receivers: int = 0) -> str:
    """A dotted name as written; the arguments of calls in it are left out."""
    node = unwrapped(node)
    if role(node) in (CALL, MEMBER) and receivers < _MOST_RECEIVERS:
        function = field(node, "function", "constructor", "type") if role(node) == CALL else node
        end = "()" if role(node) == CALL and node.child_by_field_name("arguments") is not None else ""
        if function is None:
            name, receiver = field(node, "name", "method"), field(node, "object", "receiver", "scope")
        elif role(function) == MEMBER:
            name, receiver = _member(function)
        else:
            return path(tree, function, receivers + 1) + end
        if name is None:
            return ""
        before = "" if receiver is None else path(tree, receiver, receivers + 1) + _separator(tree, receiver)
        return before + tree.text(name) + end
    return expression(tree, node)


def expression(tree: SyntaxTree, node: Node) -> str:
    """An expression as written, on one line and not longer than a line."""
    start = tree.offset(node.start_byte)
    end = tree.offset(node.end_byte)
    text = " ".join(tree.source.text[start : min(end, start + _LONGEST)].split())
    return text if end - start <= _LONGEST else f"{text}…"


def last_name(tree: SyntaxTree, node: Node) -> Node | None:
    """The node that holds the last name of ``a.b``, ``a["b"]`` or ``b``; None where there is none."""
    node = unwrapped(node)
    kind = role(node)
    if kind == NAME:
        return node
    if kind == MEMBER:
        return _member(node)[0]
    if kind == SUBSCRIPT:
        parts = children(node)
        index = unwrapped(parts[-1]) if len(parts) > 1 else None
        if index is None or role(index) not in (STRING, NAME, MEMBER):
            return last_name(tree, parts[0]) if parts and role(parts[0]) != SUBSCRIPT else None
        return index if role(index) == STRING else last_name(tree, index)
    if kind == CALL and node.child_by_field_name("arguments") is None:  # Ruby: an attribute is a call
        return node.child_by_field_name("method")
    return None


def owner(node: Node) -> Node | None:
    """What a member or an index belongs to: ``a.b`` in ``a.b.c`` and in ``a.b["c"]``."""
    if role(node) == MEMBER:
        return _member(node)[1]
    if role(node) == SUBSCRIPT:
        parts = children(node)
        return parts[0] if parts else None
    return None


def plain_name(tree: SyntaxTree, node: Node) -> str:
    """A variable's or a constant's name without its sigil; "" where that is no plain text."""
    if node.end_byte - node.start_byte > _LONGEST:
        return ""
    return tree.text(node).strip(SIGILS)


def _member(node: Node) -> tuple[Node | None, Node | None]:
    """The name and what it belongs to."""
    name = field(node, "attribute", "property", "field", "name")
    receiver = field(node, "object", "operand", "scope")
    if name is None or receiver is None:
        parts = children(node)
        if len(parts) == 2:
            return parts[1], parts[0]
    return name, receiver


def _separator(tree: SyntaxTree, receiver: Node) -> str:
    """What stands between a receiver and the name behind it: ``.``, ``->``, ``::``."""
    sibling = receiver.next_sibling
    mark = "" if sibling is None else sibling.type
    return mark if mark in (".", "->", "::", "?.", "?->", "&.") else "."


def _argument_list(node: Node) -> Node | None:
    arguments = node.child_by_field_name("arguments")
    if arguments is not None:
        return arguments
    return next((child for child in node.named_children if child.type in ("arguments", "argument_list")), None)


def _arguments(tree: SyntaxTree, arguments: Node) -> tuple[list[Node], dict[str, tuple[Node, Node]]]:
    """The arguments by position and by name."""
    positional: list[Node] = []
    named: dict[str, tuple[Node, Node]] = {}
    if role(arguments) == STRING:  # JavaScript: a tagged template
        return [arguments], named
    for argument in children(arguments):
        pair = entry(argument) if role(argument) == ENTRY else None
        if pair is None and argument.type == "argument" and argument.child_by_field_name("name") is not None:
            pair = entry(argument)
        if pair is None:
            positional.append(argument)
        else:
            named[plain_name(tree, pair[0]).strip("\"'")] = pair
    return positional, named
