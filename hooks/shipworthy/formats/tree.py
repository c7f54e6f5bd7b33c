"""What every format produces: a tree of blocks whose leaves are settings.

Rules see configuration through these two types alone. No rule parses a format, and no format knows a rule.

A **setting** is one ``name = value``. A **block** is what encloses it: a mapping, a section, a command, a Dockerfile
instruction. The same shapes mean the same thing in every format:

==============  ================================================  ===========================================
block kind      name                                              children
==============  ================================================  ===========================================
document        file name, for a document inside another; or ""   whatever the format holds
mapping         the key it stands under, or ""                    one child per key
sequence        the key it stands under, or ""                    one child per item, named "0", "1", ...
section         ``[title]`` of an INI-like file                   settings
directive       the directive (``location``, ``listen``)          operands, then the directives it encloses
stage           alias of a Dockerfile stage, or its number        instructions; ``words`` = (image,)
instruction     Dockerfile instruction in capitals                operands, options, variables, commands
script          ""                                                commands, in order of appearance
command         base name of the program that runs                variables before it, options, operands, redirects
function        name of the function or method                    what its body sets, calls and returns
class           name of the class                                 settings, functions
call            what is called, as written (``logging.FileHandler``)  operands and named values
mount           ""                                                values ``source``, ``target``, ``type``, ``mode``
==============  ================================================  ===========================================

Only positions, spelling and structure are recorded here; what a setting is *for* is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

VALUE = "value"
"""``key: value``, ``key = value``, a keyword argument, an assignment in code."""
VARIABLE = "variable"
"""An environment variable's value: dotenv, ``environment:``, ``ENV``, ``Environment=``, ``export X=``."""
DEFAULT = "default"
"""What stands in for an environment variable, flag or setting that is not given: ``${X:-v}``, ``os.getenv("X", v)``."""
OPTION = "option"
"""A command's option with its value; the name has no leading dashes. A flag without a value has the value ""."""
OPERAND = "operand"
"""An argument without a name: of a command, an instruction, a call; of a directive, with the directive's name."""
MERGE = "<<"
"""The name of a YAML merge key."""
REDIRECT = "redirect"
"""Where a command writes or what it reads: the name is the operator (``>``, ``>>``, ``2>``, ``<``)."""


class Node:
    """What settings and blocks share: a name, a place, and the block around them.

    ``start`` and ``end`` are offsets in the file's text, in characters from 0; for a setting they enclose the value
    without its quotes, for a block its name if it has one, otherwise what it holds. ``tag`` is a YAML tag such as
    ``!reset``, or "".
    """

    __slots__ = ("end", "name", "parent", "start", "tag")

    def __init__(self, name: str, start: int, end: int, tag: str = "") -> None:
        self.name = name
        self.start = start
        self.end = end
        self.tag = tag
        self.parent: Block | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The key path from the root, this node's own name last; unnamed blocks are left out."""
        path: list[str] = []
        node: Node | None = self
        while node is not None:
            if node.name:
                path.append(node.name)
            node = node.parent
        return tuple(reversed(path))

    @property
    def enclosing(self) -> Iterator[Block]:
        """The blocks around this node, innermost first."""
        block = self.parent
        while block is not None:
            yield block
            block = block.parent

    def inside(self, kind: str) -> Block | None:
        """The innermost enclosing block of that kind."""
        return next((block for block in self.enclosing if block.kind == kind), None)


class Setting(Node):
    """One ``name = value`` with its position.

    ``value`` has its quotes removed and its escapes resolved. What is not literal stands as it is written in the
    format's own notation (``${X}``, ``%TEMP%``, ``{{ .Values.x }}``) and, in code, as ``{expression}``:
    ``path.join(os.tmpdir(), "api.pid")`` has the value ``{os.tmpdir()}/api.pid``. ``key`` is the offset where the name
    is written, or ``start`` where there is none. ``literal`` is false for an unquoted scalar, which a format may take
    for a number or a null.
    """

    __slots__ = ("key", "kind", "literal", "value")

    def __init__(
        self,
        name: str,
        value: str,
        start: int,
        end: int,
        kind: str = VALUE,
        *,
        key: int | None = None,
        tag: str = "",
        literal: bool = True,
    ) -> None:
        self.name = name  # and not by `Node`: files have thousands of settings, and a call takes its time
        self.start = start
        self.end = end
        self.tag = tag
        self.parent = None
        self.value = value
        self.kind = kind
        self.key = start if key is None else key
        self.literal = literal

    def __repr__(self) -> str:
        return f"<{self.kind} {'.'.join(self.keys)} = {self.value!r}>"


class Alias(Node):
    """A YAML alias: what it stands for belongs to the block where its anchor is."""

    __slots__ = ("target",)

    def __init__(self, name: str, target: Setting | Block, start: int, end: int) -> None:
        super().__init__(name, start, end)
        self.target = target


Child = TypeVar("Child", "Setting", "Block", "Alias")


class Block(Node):
    """What encloses settings. ``words`` are a command's or a directive's words as text, the name first."""

    __slots__ = ("children", "kind", "words")

    def __init__(
        self, kind: str, name: str = "", start: int = 0, end: int = 0, *, words: tuple[str, ...] = (), tag: str = ""
    ) -> None:
        self.name = name
        self.start = start
        self.end = end
        self.tag = tag
        self.parent = None
        self.kind = kind
        self.words = words
        self.children: list[Setting | Block | Alias] = []

    def __repr__(self) -> str:
        return f"<{self.kind} {'.'.join(self.keys)} of {len(self.children)}>"

    def add(self, child: Child) -> Child:
        """Append a child and take its place in the tree."""
        child.parent = self
        self.children.append(child)
        return child

    def adopt(self, other: Block) -> None:
        """Append the children of another block, and take their place in the tree."""
        for child in other.children:
            child.parent = self
        self.children += other.children

    def get(self, name: str) -> Setting | Block | None:
        """The child of that name: the last one given, aliases and merge keys resolved."""
        found: Setting | Block | Alias | None = None
        for child in self.children:  # most blocks merge nothing, and this is where joins of manifests spend their time
            if child.name == MERGE:
                return self.entries().get(name)
            if child.name == name and (found is None or not _is_default(child)):
                found = child
        return found.target if isinstance(found, Alias) else found

    def block(self, name: str) -> Block | None:
        """The child block of that name."""
        child = self.get(name)
        return child if isinstance(child, Block) else None

    def value(self, name: str, default: str = "") -> str:
        """The value of the child setting of that name, or ``default``."""
        child = self.get(name)
        return child.value if isinstance(child, Setting) else default

    def entries(self) -> dict[str, Setting | Block]:
        """The children by name, aliases and merge keys (``<<``) resolved, a later one in place of an earlier one.

        A default takes no place that a value has.
        """
        merged: dict[str, Setting | Block] = {}
        for source in reversed(self._merged()):
            for child in source.children:
                if child.name != MERGE and not (child.name in merged and _is_default(child)):
                    merged[child.name] = child.target if isinstance(child, Alias) else child
        return merged

    def _merged(self) -> list[Block]:
        """This block and those it merges, the ones that win first."""
        for child in self.children:  # a loop, for the same reason as in `get`
            if child.name == MERGE:
                break
        else:
            return [self]
        found: dict[int, Block] = {}
        waiting = [self]
        while waiting:
            block = waiting.pop()
            if id(block) in found:
                continue
            found[id(block)] = block
            sources: list[Block] = []
            for child in block.children:
                if child.name != MERGE:
                    continue
                target = child.target if isinstance(child, Alias) else child
                if isinstance(target, Block) and target.kind == "sequence":
                    sources.extend(item for item in target.items() if isinstance(item, Block))
                elif isinstance(target, Block):
                    sources.append(target)
            waiting.extend(reversed(sources))
        return list(found.values())

    def items(self) -> list[Setting | Block]:
        """The children in order, aliases resolved: the items of a sequence."""
        return [child.target if isinstance(child, Alias) else child for child in self.children]

    @property
    def settings(self) -> Iterator[Setting]:
        """The settings that stand directly in this block."""
        return (child for child in self.children if isinstance(child, Setting))

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks that stand directly in this block."""
        return (child for child in self.children if isinstance(child, Block))

    def walk(self) -> Iterator[Setting | Block]:
        """Everything that stands in this block, each node before what it encloses; aliases are not followed."""
        waiting: list[Setting | Block | Alias] = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if isinstance(node, Alias):
                continue
            yield node
            if isinstance(node, Block):
                waiting.extend(reversed(node.children))

    def all_settings(self) -> Iterator[Setting]:
        """Every setting that stands in this block, however deep."""
        return (node for node in self.walk() if isinstance(node, Setting))


def _is_default(node: Node) -> bool:
    return isinstance(node, Setting) and node.kind == DEFAULT
