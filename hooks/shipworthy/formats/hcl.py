"""HCL: Terraform, Packer, Nomad, Consul and Vault.

A block is a mapping named by its type and labels, ``resource.aws_instance.web``. An attribute is a setting; what is
not a string stands as it is written. Functions that only build data (``merge``, ``jsonencode``) are looked through;
other calls that hold objects are kept as calls below the attribute's name. A here-document that a machine runs is a
script, one that is a file is a document.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from tree_sitter import Node

from shipworthy.formats.escapes import unescaped
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree
from shipworthy.formats.tree import DEFAULT, OPERAND, VALUE, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

MOST_LEVELS = 100
"""Deeper nesting is not configuration, and the reader recurses."""

SCRIPTS = frozenset(
    {"user_data", "user_data_base64", "custom_data", "startup_script", "metadata_startup_script", "inline", "script"}
)
"""Attributes whose here-documents are run by a shell."""
_DATA_FUNCTIONS = frozenset(
    {"base64encode", "concat", "flatten", "jsonencode", "merge", "sensitive", "tolist", "tomap", "toset", "yamlencode"}
)
_STRINGS = frozenset({"string_lit", "quoted_template"})
_WRAPPERS = frozenset({"expression", "literal_value", "collection_value", "template_expr"})
_INDENTATION = lazy(r"[ \t]*")


def read(source: Source) -> Block:
    """The blocks and attributes of an HCL text.

    Raises `Unreadable` where nothing in it is HCL, or where it nests too deeply.
    """
    root = Block("document")
    tree = SyntaxTree("hcl", source)
    reader = _Reader(tree)
    for node in tree.root.named_children:
        if node.type == "body":
            reader.body(node, root, 0)
    if tree.root.has_error and not root.children:
        raise Unreadable("not HCL")
    return root


class _Reader:
    """Builds the tree below a body. ``destinations`` are the paths that templates are written to, by block."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.destinations: dict[int, str] = {}

    def body(self, body: Node, block: Block, level: int) -> None:
        """Add the blocks and attributes of a body to the block."""
        if level > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        self.destinations[id(block)] = self._destination(body)
        for node in body.named_children:
            if node.type == "attribute":
                self._attribute(node, block, level)
            elif node.type == "block":
                self._block(node, block, level)
            elif node.type == "object":  # a file in JSON's notation
                self._entries(node, block, level)

    def _block(self, node: Node, block: Block, level: int) -> None:
        labels = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
        if not labels:
            return
        name = ".".join(self._label(label) for label in labels)
        child = block.add(Block("mapping", name, self.tree.start(labels[0]), self.tree.end(labels[-1])))
        for body in node.named_children:
            if body.type == "body":
                self.body(body, child, level + 1)

    def _label(self, node: Node) -> str:
        return self.tree.text(node).strip('"')

    def _destination(self, body: Node) -> str:
        """The path that a template's ``data`` is written to."""
        for node in body.named_children:
            written = self.tree.text(node) if node.type == "attribute" and node.named_child_count == 2 else ""
            if written.startswith("destination"):
                return self._label(_unwrapped(node.named_children[1]))
        return ""

    def _attribute(self, node: Node, block: Block, level: int) -> None:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) < 2:
            return
        name, value = self._label(children[0]), children[-1]
        self._value(value, block, name, self.tree.start(children[0]), level)
        last = block.children[-1] if block.children else None
        if name == "default" and block.name.startswith("variable.") and isinstance(last, Setting):
            last.name, last.kind = block.name.removeprefix("variable."), DEFAULT

    def _value(self, node: Node, block: Block, name: str, key: int | None, level: int) -> None:
        """Add what an expression says under a name."""
        if level > MOST_LEVELS:
            raise Unreadable("nested too deeply")
        node = _unwrapped(node)
        start = self.tree.start(node) if key is None else key
        if node.type == "object":
            self._entries(node, block.add(Block("mapping", name, start, self.tree.end(node))), level + 1)
        elif node.type == "tuple":
            self._items(node, block.add(Block("sequence", name, start, self.tree.end(node))), level + 1)
        elif node.type == "heredoc_template":
            self._heredoc(node, block, name, key)
        elif node.type == "function_call" and _holds_data(node):
            self._call(node, block, name, key, level)
        else:
            block.add(self._setting(node, name, VALUE, key))

    def _entries(self, node: Node, block: Block, level: int) -> None:
        for element in node.named_children:
            key, value = element.child_by_field_name("key"), element.child_by_field_name("val")
            if element.type == "object_elem" and key is not None and value is not None:
                self._value(value, block, self._label(key), self.tree.start(key), level)

    def _items(self, node: Node, block: Block, level: int) -> None:
        for item in node.named_children:
            if item.type == "expression":
                self._value(item, block, str(len(block.children)), None, level)

    def _call(self, node: Node, block: Block, name: str, key: int | None, level: int) -> None:
        """A call that holds objects: a mapping of their entries, with the call in it unless that only builds data."""
        function = self.tree.text(node.named_children[0])
        arguments = _arguments(node)
        if function in _DATA_FUNCTIONS and len(arguments) == 1:
            self._value(arguments[0], block, name, key, level + 1)
            return
        start = self.tree.start(node) if key is None else key
        outer = block.add(Block("mapping", name, start, self.tree.end(node)))
        inner = outer
        if function not in _DATA_FUNCTIONS:
            inner = outer.add(Block("call", function, self.tree.start(node), self.tree.start(node) + len(function)))
        for argument in arguments:
            value = _unwrapped(argument)
            if value.type == "object":
                self._entries(value, inner, level + 1)
            elif value.type in ("tuple", "function_call") and _holds_data(value):
                self._value(value, inner, "", None, level + 1)
            else:
                inner.add(self._setting(value, "", OPERAND, None))

    def _setting(self, node: Node, name: str, kind: str, key: int | None) -> Setting:
        start, end = self.tree.start(node), self.tree.end(node)
        written = self.tree.text(node)
        if node.type not in _STRINGS:
            return Setting(name, written, start, end, kind, key=key, literal=False)
        return Setting(name, unescaped(written[1:-1]), start + 1, max(end - 1, start + 1), kind, key=key)

    def _heredoc(self, node: Node, block: Block, name: str, key: int | None) -> None:
        body = self._heredoc_body(node)
        text = body.text
        start, end = body.at(0), body.at(len(text))
        if text.startswith("#!") or name in SCRIPTS:
            from shipworthy.formats.shell import read as read_shell

            start = start if key is None else key
            outer = block.add(Block("mapping", name, start, end))
            outer.add(read_shell(body))
            return
        if name == "data" or text.startswith("#cloud-config"):
            from shipworthy.formats import read_embedded

            path = self.destinations.get(id(block)) or name
            path = "cloud-config.yaml" if text.startswith("#cloud-config") else path
            document = read_embedded(path, body)
            if document is not None:
                document.start, document.end = start, end
                block.add(document)
                return
        block.add(Setting(name, text, start, end, VALUE, key=key))

    def _heredoc_body(self, node: Node) -> Source:
        """The lines between the marks, without their common indentation where the mark is ``<<-``."""
        part = self.tree.part(node)
        first = part.text.find("\n") + 1
        last = max(part.text.rfind("\n") + 1, first)
        lines = part.text[first:last].splitlines(keepends=True)
        indentation = 0
        if part.text.startswith("<<-"):
            written = [len(_indentation(line)) for line in lines if line.strip()]
            indentation = min(written, default=0)
        anchors: list[tuple[int, int]] = []
        pieces: list[str] = []
        inner, outer = 0, first
        for line in lines:
            removed = min(indentation, len(_indentation(line)))
            anchors.append((inner, outer + removed))
            pieces.append(line[removed:])
            inner, outer = inner + len(line) - removed, outer + len(line)
        return part.within("".join(pieces), anchors or [(0, first)])


def _unwrapped(node: Node) -> Node:
    """The node that says something below those that only wrap it."""
    while node.type in _WRAPPERS and node.named_child_count == 1:
        node = node.named_children[0]
    return node


def _arguments(node: Node) -> list[Node]:
    arguments = next((child for child in node.named_children if child.type == "function_arguments"), None)
    return [] if arguments is None else [child for child in arguments.named_children if child.type == "expression"]


def _holds_data(node: Node) -> bool:
    """Whether a call has an object or a list among its arguments, also below other calls. True for data itself."""
    waiting = [node]
    while waiting:
        value = _unwrapped(waiting.pop())
        if value.type in ("object", "tuple", "heredoc_template"):
            return True
        if value.type == "function_call":
            waiting.extend(_arguments(value))
    return False


def _indentation(line: str) -> str:
    found = _INDENTATION.match(line)
    return found[0] if found else ""
