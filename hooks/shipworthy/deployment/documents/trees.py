"""Files and folders that a tree diagram shows and nobody committed.

A diagram is held against the folder that fits it best. Where most of it fits, it describes the repository, and the
rest is missing; where it does not, it illustrates something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.deployment.documents.context import QUIET, Context
from shipworthy.deployment.documents.grammar import is_env_file, is_placeholder
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import TREE, Named
from shipworthy.deployment.documents.wording import is_absent, is_intended
from shipworthy.file import File
from shipworthy.formats.prose.diagrams import Diagram, Node, diagrams
from shipworthy.patterns import lazy

FITS = 0.6
"""Of the names without anything below them, how many must be there for a diagram to describe the repository."""
_FEWEST = 3
_PLAIN = lazy(r"[\w@.+()\[\] -]+(?:/[\w@.+()\[\]-]+)*/?")
_MOST_ROOTS = 40
_MORE_WORDS = lazy(r" (?=[^\s#←<(\[:—–|✅✔✓/-])| -[^\n]{1,80}\.\w{2,4}$")
"""Goes on behind a name as in a sentence, or as in the name of a file."""
_NAMED = lazy(r"(?:Docker|Container|Make|Proc|Jenkins|Caddy|Gem|Rake|Vagrant|Tilt|Just)file|LICENSE|CODEOWNERS|README")
_MADE = lazy(r"virtual\s?env|\bvenv\b|git-?ignor|\bcache|compiled|\blocal\b|installed", re.IGNORECASE)
_VENV = lazy(r"(?:^|[._-])venv(?:[._/-]|$)")


class Drawn:
    """The diagrams of a document: what is missing of those that fit, and what those that do not fit show."""

    def __init__(self, file: File, context: Context, index: Index) -> None:
        self.missing: list[Named] = []
        self.illustrated: set[str] = set()
        for diagram in diagrams(context.document):
            self._judge(diagram, file, context, index)

    def _judge(self, diagram: Diagram, file: File, context: Context, index: Index) -> None:
        leaves = [node for node in diagram.leaves if _is_judged(node)]
        if (
            len(leaves) < _FEWEST
            or not any(_is_of_files(node) for node in diagram.nodes)
            or diagram.nodes[0].name.startswith(("/", "~", "C:"))
        ):
            return
        root = _best_root(diagram, leaves, file.directory, index)
        leaves = _without_bare_words(leaves, root, index)
        lost = [node for node in leaves if not _is_there(node, root, diagram, index)]
        count = sum(_fits(node, root, diagram, index) for node in leaves)
        if count < FITS * len(leaves) or context.state(diagram.piece, diagram.piece.start) == QUIET:
            self.illustrated.update(node.path for node in diagram.nodes)
            self.illustrated.update(node.path.partition("/")[2] for node in diagram.nodes)
            self.illustrated.update(node.name.strip("/") for node in diagram.nodes if node.is_directory)
            return
        found = []
        for node in _outermost(lost, root, diagram, index):
            path = _path(node, root)
            if not index.is_output(path):
                found.append((node, path + "/" * node.is_directory))
        if found:
            others = tuple(path for _, path in found[1:])
            node, path = found[0]
            self.missing.append(Named(TREE, file, node.start, node.name, path, others=others))


def _is_of_files(node: Node) -> bool:
    """Whether a name is written as one of a file or of a folder: diagrams show the parts of other things, too."""
    return "." in node.name or node.name.endswith("/") or _NAMED.match(node.name) is not None


def _is_judged(node: Node) -> bool:
    """Whether a name is one, and neither its line nor those above say that it is to come or made by a program."""
    around: Node | None = node
    while around is not None:
        remark = around.remark
        if _MORE_WORDS.match(remark) or _MADE.search(remark) or "new" in remark.lower().split():
            return False
        if "[" in around.name or _VENV.search(around.name):
            return False
        if is_absent(remark) or is_intended(remark):
            return False
        around = around.parent
    name = node.name.strip("/")
    return bool(name) and _PLAIN.fullmatch(node.name) is not None and not is_placeholder(name) and not is_env_file(name)


def _without_bare_words(leaves: list[Node], root: tuple[str, bool], index: Index) -> list[Node]:
    """Without names that end in neither a slash nor an ending, where no such name is one of a file or a folder."""
    bare = [node for node in leaves if not node.is_directory and "." not in node.name and not _NAMED.match(node.name)]
    if any(index.has(_path(node, root)) for node in bare):
        return leaves
    words = {id(node) for node in bare}
    return [node for node in leaves if id(node) not in words]


def _best_root(diagram: Diagram, leaves: list[Node], directory: str, index: Index) -> tuple[str, bool]:
    """The folder that the diagram fits best, and whether its outermost name is that folder's own."""
    best, most = ("", False), -1
    sample = leaves[:200]
    for root in _roots(diagram, directory, index):
        count = sum(index.has(_path(node, root)) for node in sample)
        if count > most:
            best, most = root, count
    return best


def _roots(diagram: Diagram, directory: str, index: Index) -> Iterator[tuple[str, bool]]:
    outermost = [node for node in diagram.nodes if node.parent is None]
    folders = ["", directory]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    for folder in dict.fromkeys(folders):
        yield folder, False
        if len(outermost) == 1 and outermost[0].children:
            yield folder, True
    if outermost and outermost[0].children:
        same = [known for known in index.ending_with(outermost[0].path) if known in index.repository.directories]
        for folder in sorted(same, key=lambda known: (known.count("/"), known))[:_MOST_ROOTS]:
            yield folder, True


def _path(node: Node, root: tuple[str, bool]) -> str:
    """The path that a name means, seen from a root."""
    folder, skips = root
    path = node.path
    if skips:
        top = node
        while top.parent is not None:
            top = top.parent
        path = path[len(top.path) :].lstrip("/")
    return f"{folder}/{path}".strip("/") if path else folder


def _fits(node: Node, root: tuple[str, bool], diagram: Diagram, index: Index) -> bool:
    """Whether a name is exactly where the diagram shows it; of a broken one nobody can be sure."""
    return index.has(_path(node, root)) or (diagram.is_broken and _is_there(node, root, diagram, index))


def _is_there(node: Node, root: tuple[str, bool], diagram: Diagram, index: Index) -> bool:
    if index.has(_path(node, root)):
        return True
    name = node.name.strip("/").rpartition("/")[2]
    if diagram.is_broken:
        return index.is_named(name)
    parent = node.parent.name.strip("/") if node.parent is not None else ""
    return bool(parent) and next(index.ending_with(f"{parent}/{name}"), None) is not None


def _outermost(lost: list[Node], root: tuple[str, bool], diagram: Diagram, index: Index) -> list[Node]:
    """The folders of which nothing is there, in place of what they hold."""
    found: dict[int, Node] = {}
    for node in lost:
        top = node
        while top.parent is not None and _is_lost(top.parent, root, diagram, index):
            top = top.parent
        found.setdefault(id(top), top)
    return list(found.values())


def _is_lost(node: Node, root: tuple[str, bool], diagram: Diagram, index: Index) -> bool:
    """Whether a folder of the diagram, but not the outermost one, is not there."""
    return node.parent is not None and _is_judged(node) and not _is_there(node, root, diagram, index)
