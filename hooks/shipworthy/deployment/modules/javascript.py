"""Modules of JavaScript and TypeScript, as Node.js, TypeScript and bundlers resolve them.

What is looked at is what names this repository's own files: relative paths, the aliases of tsconfig, jsconfig and
Vite, names below a ``baseUrl``, and packages of the same workspace. Everything else belongs to an installed package.

Sources: https://nodejs.org/api/esm.html#resolution-algorithm-specification ,
https://nodejs.org/api/packages.html#package-entry-points , https://www.typescriptlang.org/docs/handbook/modules/reference.html
"""

from __future__ import annotations

import re
from itertools import islice

from shipworthy.deployment.modules.aliases import Aliases
from shipworthy.deployment.modules.model import MOST_IMPORTS, Places, Suspects, below, joined, names_by_folder
from shipworthy.deployment.modules.workspaces import Workspaces
from shipworthy.filenames import COMPONENTS
from shipworthy.formats.components import scripts_alone
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from shipworthy.file import File
    from shipworthy.formats.syntax import SyntaxTree
    from shipworthy.project import Project

SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".json", ".vue", ".svelte", ".astro", ".node")
"""What may be left out of an import."""
_PLATFORMS = lazy(r"\.(?:d|ios|android|native|web|desktop|electron|server|client|browser|node|edge|macos|windows)$")
"""What React Native, ``moduleSuffixes`` and declarations put before the suffix."""
_WRITTEN_SUFFIX = lazy(r"\.(?:js|jsx|mjs|cjs)$")
"""TypeScript writes the name that the file will have when it is compiled."""
_OTHER_SOURCES = lazy(
    r"\.(?:test|tests|spec|stories|story|module|css|scss|sass|less|styl|md|mdx|snap|txt|html)\b", re.IGNORECASE
)
"""Files with the module's name that do not become the module."""
_STYLES = lazy(r"\.css$")
_UNKNOWN = lazy(r"[${}<>%!*\s]")
"""Templates, loaders of webpack, globs."""
_HERE = (".", "..")
_FORMS = (
    rb"""from\s*+["']((?:%b)[^"'\n]*+)["']""",
    rb"""import\s*+(?:\(\s*+)?(?:/\*[^*]*+\*/\s*+)?["']((?:%b)[^"'\n]*+)["']""",
    rb"""require\(\s*+["']((?:%b)[^"'\n]*+)["']""",
)
"""Each begins with a word, because that is what `re` finds fastest; ``%b`` is how own modules begin."""
_LONGEST_LINE = 5_000
"""Characters; a longer line is a program's output, and its imports have been resolved already."""
_CONDITIONS = frozenset(
    "if_statement ternary_expression binary_expression switch_case try_statement conditional_expression".split()
)
_FUNCTIONS = frozenset(
    "function_declaration function_expression function arrow_function method_definition "
    "generator_function generator_function_declaration".split()
)


class JavaScript:
    """Collects the imports of a repository's JavaScript and TypeScript that resolve to nothing committed."""

    def __init__(self, project: Project, paths: Iterable[str]) -> None:
        self.project = project
        self.repository = project.repository
        self.suspects = Suspects()
        self.stems = _stems(self.repository.paths)
        self.aliases = Aliases(project)
        self.workspaces = Workspaces(project, self.aliases.manifests)
        begins = [b"\\.", *(re.escape(name.encode()) for name in (*self.aliases.prefixes, *self.workspaces.prefixes))]
        self.forms = [re.compile(form % b"|".join(dict.fromkeys(begins))) for form in _FORMS]
        self.resolved: dict[tuple[str, bytes], tuple[str, tuple[str, ...]] | None] = {}

    def take(self, path: str, data: bytes) -> None:
        """Look at the imports of one file."""
        directory = path.rpartition("/")[0]
        scope = self.aliases.scope(directory)
        for form in self.forms:
            for written in form.findall(data):
                key = directory if written.startswith(b".") else scope, written
                if key not in self.resolved:
                    self.resolved[key] = self._missing(key[0], written.decode("utf-8", "replace"))
                missing = self.resolved[key]
                if missing is not None:
                    self.suspects.add(*missing, path, written.decode("utf-8", "replace"))

    def _missing(self, directory: str, written: str) -> tuple[str, tuple[str, ...]] | None:
        """The target and the candidates of an import that resolves to nothing; None otherwise."""
        name = written.partition("?")[0]
        if _UNKNOWN.search(name):
            return None
        if name.startswith("."):
            base = joined(directory, name) if name in _HERE or name.startswith(("./", "../")) else None
            bases = [] if base is None else [base]
        else:
            bases = [base for own in self._own(directory, name) if (base := joined("", own)) is not None]
        if not bases or any(self.is_there(base) for base in bases):
            return None
        return bases[0], tuple(path for base in bases for path in candidates(base))

    def _own(self, directory: str, name: str) -> list[str]:
        """The paths that an import which is not relative may mean in this repository; none where it is another's."""
        bases = self.aliases.bases(directory, name)
        if bases:
            return bases
        return self.workspaces.bases(directory, name, self.is_there)

    def is_there(self, base: str) -> bool:
        """Whether a path, written with or without its suffix, is a committed module."""
        repository = self.repository
        if base in repository or base in self.stems or below(base, "index") in self.stems:
            return True
        if _WRITTEN_SUFFIX.search(base) and base[: base.rindex(".")] in self.stems:
            return True
        if base in repository.directories:
            return below(base, "package.json") in repository
        return repository.has(base) or repository.is_unknown(base) or self._is_written_otherwise(base)

    def _is_written_otherwise(self, base: str) -> bool:
        """Whether the module is written in a language that is compiled to what is imported."""
        if _STYLES.search(base):
            stem = base[:-4]
            return any(stem + suffix in self.repository for suffix in (".scss", ".sass", ".less", ".styl", ".pcss"))
        directory, _, name = base.rpartition("/")
        start = name + "."
        return any(
            other.startswith(start) and not _OTHER_SOURCES.search(other[len(name) :])
            for other in self.project.model(names_by_folder).get(directory, ())
        )

    def required(self, file: File) -> dict[str, int]:
        """The offsets of the file's imports by what is written; what is no import or may fail is left out."""
        text = file.text
        if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
            return {}
        suffix = file.path[file.path.rfind(".") :]
        if suffix in COMPONENTS:
            text = scripts_alone(text)
        grammar = (
            "tsx" if suffix == ".tsx" else "javascript" if suffix in (".js", ".jsx", ".mjs", ".cjs") else "typescript"
        )
        places = Places(grammar, text)
        data = text.encode("utf-8", "surrogatepass")
        found: dict[str, int] = {}
        for form in self.forms:
            for match in islice(form.finditer(data), MOST_IMPORTS):
                if _is_required(places.tree, list(places.around(*match.span(1)))):
                    found.setdefault(match[1].decode("utf-8", "replace"), places.tree.offset(match.start(1)))
        return found


def candidates(base: str) -> tuple[str, ...]:
    """The files that an import of ``base`` may mean."""
    if "." in base.rpartition("/")[2] and not _WRITTEN_SUFFIX.search(base):
        return base, *(base + suffix for suffix in SUFFIXES[:4])
    stem = base[: base.rindex(".")] if _WRITTEN_SUFFIX.search(base) else base
    exact = (base,) if stem != base else ()
    return (
        *exact,
        *(stem + suffix for suffix in SUFFIXES),
        *(below(base, "index" + suffix) for suffix in SUFFIXES[:4]),
    )


def _stems(paths: Iterable[str]) -> set[str]:
    """The paths of modules without the suffixes that an import may leave out."""
    stems = set()
    for path in paths:
        if path.endswith(SUFFIXES):
            stem = path[: path.rindex(".")]
            stems.add(stem)
            if _PLATFORMS.search(stem):
                stems.add(stem[: stem.rindex(".")])
    return stems


def _is_required(tree: SyntaxTree, around: list[Node]) -> bool:
    """Whether the string inside these nodes is what an import names that fails where the module is not there."""
    for position, node in enumerate(around):
        if node.type in ("import_statement", "export_statement", "import_require_clause"):
            return True
        if node.type == "call_expression":
            return _is_import(tree, node) and not any(_may_fail(tree, outer) for outer in around[position + 1 :])
        if node.type not in ("string", "string_fragment", "arguments", '"', "'"):
            return False
    return False


def _is_import(tree: SyntaxTree, call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and (function.type == "import" or tree.text(function) == "require")


def _may_fail(tree: SyntaxTree, node: Node) -> bool:
    """Whether what stands in the node may fail (conditions, ``catch``), or ``require`` is a parameter around it."""
    if node.type in _CONDITIONS:
        return True
    if node.type == "member_expression":
        name = node.child_by_field_name("property")
        return name is not None and tree.text(name) == "catch"
    if node.type in _FUNCTIONS:
        parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        return parameters is not None and "require" in tree.text(parameters)
    return False
