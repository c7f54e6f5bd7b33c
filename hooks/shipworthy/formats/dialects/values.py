"""What the dialects share: scalars read as commands, environment variables and documents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress

from shipworthy.formats import templates
from shipworthy.formats.source import Source
from shipworthy.formats.tree import MERGE, VALUE, VARIABLE, Alias, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

_WORD = lazy(r"\S+")
_PIECE = lazy(
    r"(?P<escape>\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.))|(?P<space>\s++)|(?P<run>[^\\\s']++|')",
    re.DOTALL,
)
_LOW_SURROGATE = lazy(r"\\u[Dd][C-Fc-f]")
_TEMPLATE = lazy(f"{templates.MASK}+")
_ENTRY = lazy(r"(?P<name>[^\s=]++)(?:=(?P<value>.*))?", re.DOTALL)
_MOST_LEVELS = 3
"""How deep aliases of lists are read inside one another."""


class Values:
    """The values of one file, as what they hold.

    What several aliases share is read once, so that a small file cannot ask for much work. ``unescape`` resolves what
    the dialect adds to the syntax of the file (``$$`` for a dollar sign).
    """

    def __init__(self, source: Source, unescape: Callable[[Source], Source] | None = None) -> None:
        self.source = source
        self._unescape = unescape
        self._directives: dict[int, tuple[Setting | Block, Block | None]] = {}
        self._done: set[int] = set()
        self._positions: dict[int, dict[int, int]] = {}

    def first_time(self, block: Block) -> bool:
        """Whether nobody has asked this about the block before."""
        if id(block) in self._done:
            return False
        self._done.add(id(block))
        return True

    def text(self, setting: Setting) -> Source:
        """The text of a scalar as a source, its escapes, folds and indentation resolved."""
        start, end = _inner(self.source, setting.start), _inner(self.source, setting.end)
        written, value = self.source.text[start:end], setting.value
        if written == value:
            text = self.source.part(start, end)
        else:
            aligned = _aligned_plain(written, value) or _aligned_quoted(written, value)
            text = self.source.within(value, [(inner, start + outer) for inner, outer in aligned])
        return self._unescape(text) if self._unescape else text

    def script(self, setting: Setting, prepare: Callable[[Source], Source] | None = None) -> Block | None:
        """A command line or a shell script as a directive named by its key; None where it says nothing.

        ``prepare`` makes a shell script of the text where it is none yet.
        """
        if id(setting) not in self._directives:
            text = self.text(setting)
            directive = new_directive(setting, (setting.value,))
            add_script(directive, prepare(text) if prepare else text)
            self._remember(setting, directive)
        return self._directives[id(setting)][1]

    def scripts(self, node: Setting | Block, level: int = 0) -> Block | None:
        """A script, or a list of scripts that run one after the other, as one directive named by its key.

        Mappings in the list are kept between them. None where there is no script.
        """
        if isinstance(node, Setting):
            return self.script(node)
        if id(node) in self._directives:
            return self._directives[id(node)][1]
        if node.kind != "sequence" or level > _MOST_LEVELS:
            return None
        directive = new_directive(node, tuple(line.value for line in node.settings))
        self._remember(node, None)
        for child in node.children:
            if isinstance(child, Setting):
                add_script(directive, self.text(child))
            elif isinstance(child, Alias):
                self._refine(child, level)
                directive.add(child)
            else:
                directive.add(child)
        self._remember(node, directive)
        return self._directives[id(node)][1]

    def command(self, node: Block, words: Sequence[Source]) -> Block | None:
        """A command's words (the exec form) as a directive named as ``node``; None where there are none."""
        if id(node) not in self._directives:
            directive = new_directive(node, tuple(word.text for word in words))
            add_command(directive, words)
            self._remember(node, directive)
        return self._directives[id(node)][1]

    def words(self, sequence: Block) -> list[Source]:
        """The words of a command that is written as a list."""
        return [self.text(item) for item in sequence.items() if isinstance(item, Setting)]

    def _remember(self, node: Setting | Block, directive: Block | None) -> None:
        self._directives[id(node)] = (node, directive if directive is not None and directive.children else None)

    def _refine(self, alias: Alias, level: int) -> None:
        """Let an alias in a list of scripts stand for a directive; a list becomes one where its anchor is."""
        node = alias.target
        directive = self.scripts(node, level + 1)
        if directive is None:
            return
        alias.target = directive
        parent = node.parent
        if directive.parent is None and isinstance(node, Block) and parent is not None:
            if id(parent) not in self._positions:
                self._positions[id(parent)] = {id(child): at for at, child in enumerate(parent.children)}
            position = self._positions[id(parent)].get(id(node))
            if position is not None:
                put(parent, position, directive)
        directive.parent = directive.parent or parent

    def document(self, setting: Setting, path: str) -> Block | None:
        """A file's content as the document that the path names; None where no format reads it."""
        from shipworthy.formats import read_embedded  # it imports the dialects

        text = self.text(setting)
        masked = templates.masked(text.text)
        document = read_embedded(path, text if masked is None else text.within(masked, [(0, 0)]))
        if document is None:
            return None
        if masked is not None:
            templates.restore(document, self.source.text if _is_whole(self.source) else "")
        document.name, document.start, document.end = path, setting.start, setting.end
        return document

    def variables(self, environment: Setting | Block) -> None:
        """Make variables of an environment's entries.

        Known are mappings, lists of ``NAME=value``, lists of mappings with ``name`` and ``value``, and mappings whose
        values are mappings with a ``value``. A list of ``NAME=value`` becomes a mapping.
        """
        waiting = [environment]
        while waiting:
            block = waiting.pop()
            if not isinstance(block, Block) or not self.first_time(block):
                continue
            waiting += [target(child) for child in block.children if child.name == MERGE]
            if block.kind == "sequence":
                self._listed_variables(block)
            elif block.kind == "mapping":
                _mapped_variables(block)

    def _listed_variables(self, block: Block) -> None:
        named = 0
        for position, child in enumerate(block.children):
            if isinstance(child, Block):
                name = child.value("name")
                if name:
                    _name_value(child, name)
                continue
            node = target(child)
            entry = _ENTRY.fullmatch(node.value) if isinstance(node, Setting) else None
            if entry is not None and isinstance(node, Setting):
                put(block, position, self._entry(node, entry))
                named += 1
        if named and named == len(block.children):
            block.kind = "mapping"

    def _entry(self, setting: Setting, entry: re.Match[str]) -> Setting:
        """``NAME=value`` as a variable; ``NAME`` alone takes its value from the environment, and has none here."""
        text, given = self.text(setting), entry["value"] is not None
        variable = part(entry["name"], text, entry.start("value") if given else len(text.text), len(text.text))
        variable.kind, variable.key, variable.literal = VARIABLE, text.at(0), given
        return variable


def target(child: Setting | Block | Alias) -> Setting | Block:
    """The node itself, or what an alias stands for."""
    return child.target if isinstance(child, Alias) else child


def put(block: Block, position: int, node: Setting | Block | None) -> None:
    """Put a node in place of a child, or make it what the child, an alias, stands for. None changes nothing."""
    if node is None:
        return
    child = block.children[position]
    if isinstance(child, Alias):
        child.target = node
        if node.parent is None:
            node.parent = block
    else:
        block.children[position] = node
        node.parent = block


def derived(name: str, value: str, place: Setting) -> Setting:
    """A value that the dialect concludes: it points at the setting that it was concluded from.

    What a template gives is written elsewhere, and can only be hinted at.
    """
    return Setting(name, _TEMPLATE.sub("{{…}}", value), place.start, place.end, VALUE)


def part(name: str, source: Source, start: int, end: int) -> Setting:
    """A value that is a part of a text."""
    first = source.at(start)
    return Setting(name, source.text[start:end], first, max(first, source.end(end)), VALUE)


def after_program(image: str, place: Source, words: list[Source]) -> list[Source]:
    """A container's arguments behind the program that its image runs, as far as the image's name tells it.

    Only arguments that start with an option are known to need one. The program stands where the arguments start.
    """
    if not words or not words[0].text.startswith("-"):
        return words
    return [place.within(image_name(image) or "container", [(0, 0)]), *words]


def image_name(image: str) -> str:
    """The last part of an image's name, without its tag or digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def new_directive(node: Setting | Block, words: tuple[str, ...]) -> Block:
    """The empty directive that takes the place of a setting or a list."""
    start = node.key if isinstance(node, Setting) else node.start
    return Block("directive", node.name, start, max(start, node.end), words=words, tag=node.tag)


def add_script(directive: Block, text: Source) -> None:
    """Add the commands of a shell script. One that cannot be read adds nothing."""
    if not text.text.strip():
        return
    from shipworthy.formats import shell

    with suppress(Unreadable):
        directive.add(shell.read(text))


def add_command(directive: Block, words: Sequence[Source]) -> None:
    """Add the command that a list of words is. One that cannot be read adds nothing."""
    if not words:
        return
    from shipworthy.formats import shell

    with suppress(Unreadable):
        directive.add(shell.command(list(words)))


def _mapped_variables(block: Block) -> None:
    for child in block.children:
        if isinstance(child, Setting):
            if child.kind == VALUE:
                child.kind = VARIABLE
        elif isinstance(child, Block) and child.kind == "mapping" and child.name != MERGE:
            _name_value(child, child.name)


def _name_value(block: Block, name: str) -> None:
    """Name the setting ``value`` of a variable's mapping by the variable."""
    for child in block.children:
        if isinstance(child, Setting) and child.name == "value" and child.kind == VALUE:
            child.name, child.kind = name, VARIABLE


def _inner(source: Source, offset: int) -> int:
    """The offset in the source's text of an offset in the file."""
    return max(bisect_right(range(len(source.text) + 1), offset, key=source.at) - 1, 0)


def _is_whole(source: Source) -> bool:
    return source.at(0) == 0 and source.at(len(source.text)) == len(source.text)


def _aligned_plain(written: str, value: str) -> list[tuple[int, int]]:
    """Where each word of a folded or indented scalar is written; nothing where it is written with escapes.

    Pairs (offset in the value, offset in what is written).
    """
    anchors = [(0, 0)]
    outer = written.find("\n") + 1 if written[:1] in ("|", ">") else 0
    for word in _WORD.finditer(value):
        while outer < len(written) and written[outer].isspace():
            outer += 1
        if not written.startswith(word[0], outer):
            return []
        _anchor(anchors, word.start(), outer)
        outer += len(word[0])
    return anchors


def _aligned_quoted(written: str, value: str) -> list[tuple[int, int]]:
    """The same for a quoted scalar, whose escapes are shorter in the value, as far as the two agree."""
    anchors = [(0, 0)]
    inner = 0
    pieces = _PIECE.finditer(written)
    for piece in pieces:
        text = piece[0]
        if piece["escape"]:
            _anchor(anchors, inner, piece.start())
            inner += 0 if text[1:] == "\n" or _LOW_SURROGATE.match(text) else 1
        elif piece["space"]:
            inner += len(text) if value.startswith(text, inner) else len(_spaces(value, inner))
        elif text == "'" and written.startswith("''", piece.start()) and not value.startswith("''", inner):
            _anchor(anchors, inner, piece.start())
            inner += 1
            next(pieces, None)
        elif value.startswith(text, inner):
            _anchor(anchors, inner, piece.start())
            inner += len(text)
        else:
            break
    return anchors


def _spaces(text: str, offset: int) -> str:
    end = offset
    while end < len(text) and text[end].isspace():
        end += 1
    return text[offset:end]


def _anchor(anchors: list[tuple[int, int]], inner: int, outer: int) -> None:
    """Add an anchor where the two texts do not run side by side already."""
    last_inner, last_outer = anchors[-1]
    if inner - last_inner == outer - last_outer:
        return
    if inner == last_inner:
        anchors.pop()
    anchors.append((inner, outer))
