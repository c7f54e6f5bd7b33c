"""The text that an expression stands for, as far as the file says it.

Literals are joined with what is between them; what is not literal stands as ``{expression}``. A name that the file
assigns exactly once stands for its value, one level deep.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tree_sitter import Node

from shipworthy.formats.code import nodes
from shipworthy.formats.escapes import unescaped
from shipworthy.formats.syntax import SyntaxTree, walk
from shipworthy.patterns import lazy

UNKNOWN, RESOLVED, WRITTEN = 0, 1, 2
"""How a text is known: not at all, through a name, or from where it stands."""

TEMPORARY_DIRECTORY = frozenset(
    {
        "tempfile.gettempdir",
        "gettempdir",
        "os.tmpdir",
        "tmpdir",
        "os.TempDir",
        "sys_get_temp_dir",
        "Dir.tmpdir",
        "Path.GetTempPath",
        "FileUtils.getTempDirectory",
        "FileUtils.getTempDirectoryPath",
    }
)
"""Calls that give the system's temporary directory."""
JOINS = frozenset(
    {
        "os.path.join",
        "path.join",
        "path.resolve",
        "path.posix.join",
        "posixpath.join",
        "join",
        "resolve",
        "filepath.Join",
        "File.join",
        "Paths.get",
        "Path.of",
        "Path",
        "pathlib.Path",
        "PurePath",
        "pathlib.PurePath",
        "File",
        "java.io.File",
        "Pathname",
        "Pathname.new",
        "Rails.root.join",
        "str",
        "String",
        "os.fspath",
        "os.path.abspath",
        "os.path.expanduser",
        "os.path.expandvars",
        "os.path.normpath",
        "os.path.realpath",
        "path.normalize",
        "filepath.Clean",
        "filepath.FromSlash",
        "File.expand_path",
        "realpath",
        "URI",
        "URI.create",
        "fileURLToPath",
    }
)
"""Functions that give their arguments as one path."""
_RESTARTING = frozenset({"os.path.join", "Path", "pathlib.Path", "path.resolve", "resolve"})
_METHOD_JOINS = frozenset({"joinpath", "resolve", "resolveSibling"})
_FORMATS = frozenset({"format", "sprintf", "Sprintf", "formatted", "Sprint"})
_FORMATTERS = frozenset({"String.format", "fmt.Sprintf", "Kernel.format", "util.format"})
_PLACE = lazy(r"%[-+ #0]{0,5}\d{0,5}(?:\.\d{1,5})?[sdvqrfxiTtj]|%%|\{\}")
_MOST_ARGUMENTS = 50
_UNCHANGING = frozenset(
    "strip rstrip lstrip trim absolute expanduser as_posix as_uri encode decode toString to_s to_path freeze dup"
    " toAbsolutePath normalize toFile toPath getPath getAbsolutePath expand_path".split()
)
_LITERAL_PIECES = frozenset(
    "string_start string_end string_content string_fragment multiline_string_fragment escape_sequence heredoc_content"
    " interpreted_string_literal_content raw_string_literal_content nowdoc_string escape_interpolation".split()
)
_RAW, _FORMATTED, _RAW_FORMATTED, _QUOTED = "raw", "formatted", "raw and formatted", "quoted"
"""How a string is written: without escapes, with doubled braces, with both, with escaped quotes alone."""
_MOST_LEVELS = 40
_LONGEST_CONSTANT = 500


class Text(NamedTuple):
    """What an expression says: the text, how it is known, where its first literal part stands in the file.

    ``rest`` are the expressions in it that are not literal. Nothing else is said of an unknown text.
    """

    value: str
    known: int
    start: int
    end: int
    rest: tuple[Node, ...] = ()


class Values:
    """Reads the values of one file."""

    def __init__(self, tree: SyntaxTree, language: str) -> None:
        self.tree = tree
        self._literal_quotes = language in ("php", "ruby")  # '...' knows no escapes there
        self._constants = _constants(tree)
        self._calls: dict[int, nodes.Call] = {}

    def of(self, node: Node, level: int = 0, resolve: bool = True) -> Text:
        """The text of an expression."""
        node = nodes.unwrapped(node)
        role = nodes.role(node)
        if level > _MOST_LEVELS:
            return _unknown(node)
        if role == nodes.STRING:
            return self._string(node, level, resolve)
        if role == nodes.STRINGS:
            return self._joined([self.of(child, level + 1, resolve) for child in nodes.children(node)], node)
        if role == nodes.BINARY:
            return self._binary(node, level, resolve)
        if role == nodes.CALL:
            return self._call(node, level, resolve)
        if resolve and role in (nodes.NAME, nodes.MEMBER):
            return self._constant(node, level)
        return _unknown(node)

    def literal(self, node: Node) -> Text | None:
        """A plain string or a symbol; None for anything else."""
        node = nodes.unwrapped(node)
        if nodes.role(node) == nodes.STRING:
            text = self._string(node, _MOST_LEVELS, False)
            return None if text.rest else text
        if node.type in ("simple_symbol", "hash_key_symbol"):
            return Text(nodes.plain_name(self.tree, node), WRITTEN, self.tree.start(node), self.tree.end(node))
        return None

    def call(self, node: Node) -> nodes.Call:
        """The parts of a call; many questions are asked about each."""
        found = self._calls.get(node.id)
        if found is None:
            found = self._calls[node.id] = nodes.call(self.tree, node)
        return found

    def _written_expression(self, node: Node) -> str:
        return "{" + nodes.expression(self.tree, node) + "}"

    def _joined(self, parts: list[Text], node: Node, value: str | None = None) -> Text:
        """Several texts as one; it stands where its first written part does, or its first known one."""
        best = max(parts, key=lambda part: part.known, default=None)
        if best is None or best.known == UNKNOWN:
            return _unknown(node)
        rest = tuple(inner for part in parts for inner in part.rest)
        text = "".join(self._shown(part) for part in parts) if value is None else value
        return Text(text, best.known, best.start, best.end, rest)

    def _shown(self, part: Text) -> str:
        return part.value if part.known else "".join(self._written_expression(node) for node in part.rest)

    def _path(self, parts: list[Text], node: Node, restarts: bool) -> Text:
        """Several texts as one path."""
        if not any(part.known for part in parts):
            return _unknown(node)
        if restarts:
            absolute = [position for position, part in enumerate(parts) if part.value.startswith("/")]
            parts = parts[absolute[-1] :] if absolute else parts
        pieces = [piece for piece in map(self._shown, parts) if piece]
        joined = pieces[0] if pieces else ""
        for piece in pieces[1:]:
            joined = f"{joined.rstrip('/')}/{piece.lstrip('/')}"
        return self._joined(parts, node, joined)

    def _string(self, node: Node, level: int, resolve: bool) -> Text:
        begin, end, notation = self._body(node)
        parts: list[Text] = []
        done = begin
        for child in node.children:
            if child.start_byte < begin or child.end_byte > end or child.type in _LITERAL_PIECES:
                continue
            if child.is_named or child.type == "{":  # PHP puts the braces beside the expression
                parts += self._piece(done, child.start_byte, notation)
                done = child.end_byte
            if child.is_named:
                parts.append(self.of(child, level + 1, resolve))
            elif child.type == "}":
                done = child.end_byte
        if parts:
            return self._joined(parts + self._piece(done, end, notation), node)
        return Text(self._plain(begin, end, notation), WRITTEN, self._offset(begin), self._offset(end))

    def _body(self, node: Node) -> tuple[int, int, str]:
        """The bytes between a string's quotes, and its notation."""
        first, last = node.child(0), node.child(node.child_count - 1)
        begin, end, mark = node.start_byte, node.end_byte, ""
        quoted = first is not None and (first.type == "string_start" or not (first.is_named or first.type == "{"))
        if quoted and first is not None and last is not None:
            begin, mark = first.end_byte, self._written(begin, first.end_byte)
            if last.start_byte >= begin:
                end = last.start_byte
        if node.type in ("heredoc_body", "nowdoc_body") and self._written(begin, begin + 1) == "\n":
            begin += 1
        return begin, max(begin, end), self._notation(node, mark)

    def _notation(self, node: Node, mark: str) -> str:
        prefix = mark.rstrip("\"'`").lower()
        if node.type in ("raw_string_literal", "nowdoc_body") or (prefix and "r" in prefix and "%" not in prefix):
            return _RAW_FORMATTED if "f" in prefix else _RAW
        if (mark == "'" and self._literal_quotes) or prefix.startswith("%q"):
            return _QUOTED
        return _FORMATTED if "f" in prefix else ""

    def _piece(self, begin: int, end: int, notation: str) -> list[Text]:
        if begin >= end:
            return []
        return [Text(self._plain(begin, end, notation), WRITTEN, self._offset(begin), self._offset(end))]

    def _plain(self, begin: int, end: int, notation: str) -> str:
        """The text without its escapes."""
        text = self._written(begin, end)
        if notation == _QUOTED:
            return text.replace("\\'", "'").replace("\\\\", "\\")
        if notation not in (_RAW, _RAW_FORMATTED):
            text = unescaped(text)
        return text.replace("{{", "{").replace("}}", "}") if notation in (_FORMATTED, _RAW_FORMATTED) else text

    def _binary(self, node: Node, level: int, resolve: bool) -> Text:
        operator = nodes.operator(node)
        if operator == "%":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            return (
                _unknown(node)
                if left is None or right is None
                else self._formatted(left, _items(right), level, resolve)
            )
        if operator not in ("+", ".", "/"):
            return _unknown(node)
        operands: list[Node] = []
        current = node
        while nodes.role(current) == nodes.BINARY and nodes.operator(current) == operator:
            left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
            if left is None or right is None:
                return _unknown(node)
            operands.append(right)
            current = nodes.unwrapped(left)
        operands.append(current)
        parts = [self.of(operand, level + 1, resolve) for operand in reversed(operands)]
        if operator == "/":
            return self._path(parts, node, restarts=True)
        return self._joined(parts, node)

    def _call(self, node: Node, level: int, resolve: bool) -> Text:
        call = self.call(node)
        if self._is_temporary_directory(call):
            return Text(self._written_expression(node), WRITTEN, self.tree.start(node), self.tree.end(node))
        if call.callee in JOINS and not call.named:
            parts = [self.of(argument, level + 1, resolve) for argument in call.positional]
            return self._path(parts, node, call.callee in _RESTARTING)
        if call.receiver is not None:
            return self._method(call, call.receiver, level, resolve)
        if call.name in _FORMATS and call.positional:
            return self._formatted(call.positional[0], call.positional[1:], level, resolve)
        return _unknown(node)

    def _formatted(self, template: Node, arguments: list[Node], level: int, resolve: bool) -> Text:
        """A template with its places filled in order; places with names or numbers stay as they are."""
        text = self.of(template, level + 1, resolve)
        if not text.known or len(arguments) > _MOST_ARGUMENTS:
            return text
        parts = iter([self.of(argument, level + 1, resolve) for argument in arguments])
        rest: list[Node] = list(text.rest)

        def filled(place: re.Match[str]) -> str:
            if place[0] == "%%":
                return "%"
            part = next(parts, None)
            if part is None:
                return place[0]
            rest.extend(part.rest)
            return self._shown(part)

        return text._replace(value=_PLACE.sub(filled, text.value), rest=tuple(rest))

    def _method(self, call: nodes.Call, receiver: Node, level: int, resolve: bool) -> Text:
        if call.name in _FORMATS:
            if nodes.role(nodes.unwrapped(receiver)) in (nodes.STRING, nodes.STRINGS):
                return self._formatted(receiver, call.positional, level, resolve)
            if call.callee in _FORMATTERS and call.positional:
                return self._formatted(call.positional[0], call.positional[1:], level, resolve)
            return _unknown(call.node)
        if call.name in _METHOD_JOINS and call.positional:
            parts = [self.of(part, level + 1, resolve) for part in (receiver, *call.positional)]
            return self._path(parts, call.node, restarts=True)
        if call.name in _UNCHANGING or (call.name in _METHOD_JOINS and not call.positional):
            text = self.of(receiver, level + 1, resolve)
            return text if text.known else _unknown(call.node)
        return _unknown(call.node)

    def _is_temporary_directory(self, call: nodes.Call) -> bool:
        if call.callee == "System.getProperty" and len(call.positional) == 1:
            name = self.literal(call.positional[0])
            return name is not None and name.value == "java.io.tmpdir"
        return call.callee in TEMPORARY_DIRECTORY and not call.positional and not call.named

    def _constant(self, node: Node, level: int) -> Text:
        value = self._constants.get(_constant_name(self.tree, node))
        if value is None or value.start_byte == node.start_byte:
            return _unknown(node)
        text = self.of(value, level + 1, resolve=False)
        if not text.known:
            return _unknown(node)
        return Text(text.value, RESOLVED, self.tree.start(node), self.tree.end(node))

    def _written(self, begin: int, end: int) -> str:
        return self.tree.source.text[self.tree.offset(begin) : self.tree.offset(end)]

    def _offset(self, byte: int) -> int:
        return self.tree.source.at(self.tree.offset(byte))


def _items(node: Node) -> list[Node]:
    return nodes.children(node) if node.type in ("tuple", "array") else [node]


def _unknown(node: Node) -> Text:
    return Text("", UNKNOWN, 0, 0, (node,))


def _constant_name(tree: SyntaxTree, node: Node) -> str:
    """The name that a constant goes by: a plain one, or that of the object or the class itself."""
    if nodes.role(node) == nodes.NAME:
        return nodes.plain_name(tree, node)
    owner, name = nodes.owner(node), nodes.last_name(tree, node)
    if owner is None or name is None or owner.end_byte - owner.start_byte > len("static"):
        return ""
    owned = tree.text(owner).strip("$") in ("self", "this", "cls", "static")
    return nodes.plain_name(tree, name) if owned else ""


def _constants(tree: SyntaxTree) -> dict[str, Node | None]:
    """The values of the names that the file assigns once; None for those that it also assigns or takes elsewhere."""
    found: dict[str, Node | None] = {}
    for node, _ in walk(tree.root):
        if nodes.role(node) == nodes.ASSIGNMENT:
            names, values = nodes.assignment(node)
            single = len(names) == 1 and len(values) == 1 and nodes.operator(node) in ("", "=")
            value = values[0] if single and values[0].end_byte - values[0].start_byte <= _LONGEST_CONSTANT else None
        elif node.type in nodes.PARAMETERS:
            names, value = nodes.parameters(node), None
        else:
            continue
        for name in names:
            known = _constant_name(tree, nodes.unwrapped(name))
            if known:
                found[known] = None if known in found else value
    return found
