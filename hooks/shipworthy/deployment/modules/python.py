"""Modules of Python: relative imports, and absolute imports of the repository's own packages.

What the path of the interpreter will be is not known, so any folder around the importing file may be on it, and ``src``
folders there. A name that none of them has belongs to an installed package.

Sources: https://docs.python.org/3/reference/import.html , PEP 328, PEP 420
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.modules.model import MOST_IMPORTS, Places, Suspects, ancestors, below, names_by_folder
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from shipworthy.file import File
    from shipworthy.formats.syntax import SyntaxTree
    from shipworthy.project import Project

_IMPORT = lazy(rb"import[ \t(\\*]")
_STATEMENT = lazy(
    rb"(?P<indent>[ \t]*+)(?:from[ \t]+(?P<module>\.*[ \t]*[\w.]*)[ \t]+import[ \t]*"
    rb"(?P<names>\([^()]*\)|(?:[^\n#;\\]++|\\\r?\n)*+)"
    rb"|import[ \t]+(?P<modules>[\w. \t,]+))"
)
_LONGEST_LINE = 1_000
"""Characters before the word ``import``."""
_COMMENT = lazy(r"#[^\n]*")
_NAME = lazy(r"[^\W\d]\w*")
_ANY_NAME = lazy(r"import[ \t]*\(?[ \t]*\*|\b__getattr__\b|\bglobals\(\)|\bimportlib\b|\bpkgutil\b|\bsetattr\(|\blazy")
"""What an ``__init__`` may have every name with."""
_LIST_OF_REQUIREMENTS = lazy(
    r"(?:^|/)(?:[\w.-]*require[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile"
    r"|environment[\w.-]*\.ya?ml|conda[\w.-]*\.ya?ml|uv\.lock|poetry\.lock|Pipfile\.lock|tox\.ini)$"
)
_BUILDS = ("setup.py", "setup.cfg", "pyproject.toml")
_CAUGHT = lazy(r"except[ \t]*(?::|\(?[^:]*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b)")
_MAIN = lazy(r"__name__")


class _Names(NamedTuple):
    """The names of an import statement: a module, the dots before it, and what is taken from it."""

    dots: int
    module: str
    names: tuple[str, ...]
    written: str


class Python:
    """Collects the imports of a repository's Python that resolve to nothing committed."""

    def __init__(self, project: Project, paths: Iterable[str]) -> None:
        self.project = project
        self.repository = project.repository
        self.suspects = Suspects()
        self.modules, self.packages = _modules(self.repository.paths)
        self.known = {path.rpartition("/")[2] for path in (*self.modules, *self.packages)}
        self.resolved: dict[tuple[str, bytes, bytes], list[tuple[str, tuple[str, ...], str]]] = {}
        self.confirmed_roots: set[tuple[str, str]] = set()

    def take(self, path: str, data: bytes) -> None:
        """Look at the imports of one file."""
        directory = path.rpartition("/")[0]
        for statement, _ in _statements(data):
            key = directory, statement["module"] or b"", statement["names"] or statement["modules"]
            if key not in self.resolved:
                self.resolved[key] = [
                    missing for names in _names_of(statement) for missing in self._missing(directory, names)
                ]
            for target, candidates, written in self.resolved[key]:
                self.suspects.add(target, candidates, path, written)

    def _missing(self, directory: str, names: _Names) -> list[tuple[str, tuple[str, ...], str]]:
        """Target, candidates and spelling of every module of an import statement that is not there."""
        if names.dots:
            return self._missing_relative(directory, names)
        return self._missing_absolute(directory, names)

    def _missing_relative(self, directory: str, names: _Names) -> list[tuple[str, tuple[str, ...], str]]:
        for _ in range(names.dots - 1):
            if not directory:
                return []
            directory = directory.rpartition("/")[0]
        target = below(directory, names.module.replace(".", "/")) if names.module else directory
        return self._missing_below(target, names)

    def _missing_below(self, target: str, names: _Names) -> list[tuple[str, tuple[str, ...], str]]:
        """What is missing of ``from target import names``."""
        if target in self.modules:
            return []
        if target not in self.packages and target:
            return [] if self._is_there(target) else [(target + ".py", _candidates(target), names.written)]
        missing = []
        for name in names.names:
            if name != name.lower():
                continue  # a class or a constant, not a module
            path = below(target, name)
            if path in self.modules or path in self.packages or self._is_defined(target, name) or self._is_there(path):
                continue
            init = below(target, "__init__.py")  # it may define the name, where it is only on disk
            inits = () if init in self.repository else (init,)
            dots = "" if names.written.endswith(".") else "."
            missing.append((path + ".py", (*_candidates(path), *inits), f"{names.written}{dots}{name}"))
        return missing

    def _missing_absolute(self, directory: str, names: _Names) -> list[tuple[str, tuple[str, ...], str]]:
        top, _, rest = names.module.partition(".")
        if top in sys.stdlib_module_names:
            return []
        if top not in self.known:
            return self._on_disk(directory, names) if top else []
        missing: list[tuple[str, tuple[str, ...], str]] = []
        for root in self._roots(directory, top):
            target = below(root, names.module.replace(".", "/"))
            found = self._missing_below(target, names)
            if not found:
                if rest or any(below(target, name) in self.modules for name in names.names):
                    self.confirmed_roots.add((root, top))
                return []
            if not missing and below(root, top) not in self.modules:
                missing = found
        return [entry for entry in missing if not self._is_elsewhere(entry[2].replace(".", "/"))]

    def _roots(self, directory: str, top: str) -> list[str]:
        """The folders that may be on the interpreter's path and have a module or package of that name."""
        if (directory, top) not in self._known_roots:
            around = (below(folder, name) for folder in ancestors(directory) for name in ("", "src", "lib"))
            roots = dict.fromkeys(root.rstrip("/") for root in (*around, *self._distributions))
            self._known_roots[directory, top] = [
                root for root in roots if (path := below(root, top)) in self.modules or path in self.packages
            ]
        return self._known_roots[directory, top]

    @cached_property
    def _known_roots(self) -> dict[tuple[str, str], list[str]]:
        return {}

    @cached_property
    def _distributions(self) -> list[str]:
        """The folders that are installed as distributions of their own, and ``src`` below them."""
        found = []
        for path in self.repository.paths:
            directory, _, name = path.rpartition("/")
            if name in _BUILDS:
                found += [directory, below(directory, "src")]
        return found

    def _on_disk(self, directory: str, names: _Names) -> list[tuple[str, tuple[str, ...], str]]:
        """A module that no committed folder has, but that lies beside the committed ones on this disk."""
        top = names.module.partition(".")[0]
        for root in ancestors(directory):
            path = below(root, top)
            for candidate in (path + ".py", path + "/__init__.py"):
                if self._is_on_disk(candidate):
                    return [(candidate, (candidate,), names.written)]
        return []

    def _is_on_disk(self, path: str) -> bool:
        if path not in self._seen:
            self._seen[path] = self.repository.only_on_disk(path)
        return self._seen[path]

    @cached_property
    def _seen(self) -> dict[str, bool]:
        return {}

    def _is_there(self, path: str) -> bool:
        """Whether a module of that path is committed in another form: compiled, behind a link, in a submodule."""
        directory, _, name = path.rpartition("/")
        start = name + "."
        return (
            self.repository.is_unknown(path)
            or self.repository.has(path)
            or self.repository.has(path + ".py")
            or any(other.startswith(start) for other in self.project.model(names_by_folder).get(directory, ()))
        )

    def _is_elsewhere(self, module: str) -> bool:
        """Whether a committed module has the whole name below a folder that only the deployment puts on the path."""
        return any(path.endswith("/" + module) for path in self._by_name.get(module.rpartition("/")[2], ()))

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """The paths of modules and packages by their last part."""
        found: dict[str, list[str]] = {}
        for path in (*self.modules, *self.packages):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def _is_defined(self, package: str, name: str) -> bool:
        """Whether a package's own code may define the name."""
        if package not in self._texts:
            init = below(package, "__init__")
            suffix = next((suffix for suffix in (".py", ".pyi", ".pyx") if init + suffix in self.repository), None)
            text = "" if suffix is None else text_of(self.project, init + suffix)
            self._texts[package] = None if _ANY_NAME.search(text) else frozenset(_NAME.findall(_COMMENT.sub("", text)))
        defined = self._texts[package]
        return defined is None or name in defined

    @cached_property
    def _texts(self) -> dict[str, frozenset[str] | None]:
        """The names in the ``__init__`` of each package; None where it may define any name."""
        return {}

    def required(self, file: File) -> dict[str, int]:
        """The offsets of the file's imports by what they name; what is no import or may fail is left out."""
        places = Places("python", file.text)
        data = file.text.encode("utf-8", "surrogatepass")
        found: dict[str, int] = {}
        for statement, word in islice(_statements(data), MOST_IMPORTS):
            if _is_required(places.tree, list(places.around(word, word + 6))):
                start = places.tree.offset(statement.end("indent"))
                for names in _names_of(statement):
                    for spelling in _spellings(names):
                        found.setdefault(spelling, start)
        return {written: start for written, start in found.items() if self._is_own(file, written)}

    def _is_own(self, file: File, written: str) -> bool:
        """Whether an absolute import is of this repository's own package, and of no installed one of that name."""
        if written.startswith("."):
            return True
        top = written.partition(".")[0]
        roots = self._roots(file.directory, top)
        if not roots:
            return True  # it was found on disk
        if any(self._is_inside(file, root, top) for root in roots):
            return True
        is_installed = _distribution(top) in self._requirements
        return not is_installed and any((root, top) in self.confirmed_roots for root in roots)

    def _is_inside(self, file: File, root: str, top: str) -> bool:
        """Whether the file belongs to the package ``top``, which has no other package around it."""
        package = below(root, top) + "/"
        is_outermost = below(root, "__init__.py") not in self.repository
        return is_outermost and package + "__init__.py" in self.repository and file.path.startswith(package)

    @cached_property
    def _requirements(self) -> frozenset[str]:
        """The words of all lists of requirements, spelled as distributions are compared."""
        words: set[str] = set()
        for path in self.repository.paths:
            if _LIST_OF_REQUIREMENTS.search(path):
                found = re.findall(
                    r"(?m)(?:^|[\"'\s])([A-Za-z][\w.-]*)(?=\s*(?:[\[=<>~!;,@]|[\"']|$))", text_of(self.project, path)
                )
                words.update(_distribution(word) for word in found)
        return frozenset(words)


def _distribution(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules(paths: Iterable[str]) -> tuple[set[str], set[str]]:
    """The paths of modules without their suffix, and the folders that hold some, directly or below."""
    modules, packages = set(), set()
    for path in paths:
        if path.endswith((".py", ".pyi", ".pyx", ".pyd", ".so", ".pyw")):
            modules.add(path[: path.rindex(".")])
            folder = path.rpartition("/")[0]
            while folder and folder not in packages:
                packages.add(folder)
                folder = folder.rpartition("/")[0]
    return modules, packages


def _candidates(target: str) -> tuple[str, ...]:
    return target + ".py", target + "/__init__.py"


def _statements(data: bytes) -> Iterator[tuple[re.Match[bytes], int]]:
    """What looks like an import statement, with the offset of its word ``import``."""
    end = 0
    for found in _IMPORT.finditer(data):
        nearest = max(found.start() - _LONGEST_LINE, 0)
        start = data.rfind(b"\n", nearest, found.start()) + 1
        if found.start() < end or (nearest and not start):
            continue
        statement = _STATEMENT.match(data, start)
        if statement is not None and statement.end() > found.start():
            end = statement.end()
            yield statement, found.start()


def _names_of(statement: re.Match[bytes]) -> list[_Names]:
    if statement["modules"] is not None:
        modules = [
            part.split()[0] for part in statement["modules"].decode("utf-8", "replace").split(",") if part.split()
        ]
        return [_Names(0, module, (), module) for module in modules]
    written = "".join(statement["module"].decode("utf-8", "replace").split())
    module = written.lstrip(".")
    return [_Names(len(written) - len(module), module, _imported(statement["names"]), written)]


def _imported(text: bytes) -> tuple[str, ...]:
    """The names behind ``import``, without those they are given."""
    plain = (
        _COMMENT.sub("", text.decode("utf-8", "replace")).replace("\\\n", " ").replace("\\\r\n", " ").strip("() \t\r\n")
    )
    words = (part.split() for part in plain.split(","))
    return tuple(word[0] for word in words if word and _NAME.fullmatch(word[0]))


def _spellings(names: _Names) -> list[str]:
    dots = "" if names.written.endswith(".") else "."
    return [names.written, *(f"{names.written}{dots}{name}" for name in names.names)]


def _is_required(tree: SyntaxTree, around: list[Node]) -> bool:
    """Whether the word inside these nodes belongs to an import statement that must succeed."""
    for position, node in enumerate(around):
        if node.type in ("import_statement", "import_from_statement"):
            return not any(_may_fail(tree, outer) for outer in around[position + 1 :])
        if node.type != "import":
            return False
    return False


def _may_fail(tree: SyntaxTree, node: Node) -> bool:
    """Whether an import in the node may fail, or happens only under a condition."""
    if node.type == "try_statement":
        return any(_CAUGHT.match(tree.text(child)) for child in node.children if child.type == "except_clause")
    if node.type == "if_statement":
        condition = node.child_by_field_name("condition")
        return condition is None or not _MAIN.search(tree.text(condition))
    return node.type == "with_statement" and "suppress(" in tree.text(node)[:200]
