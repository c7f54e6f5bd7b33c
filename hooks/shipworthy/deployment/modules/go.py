"""Packages of Go: a folder with ``.go`` files, named by the module's path and the folder's.

Only imports of the importing file's own module are looked at, and of modules that a ``replace`` puts into this
repository: everything else is downloaded.

Source: https://go.dev/ref/mod#go-mod-file , https://go.dev/ref/spec#Import_declarations
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.modules.model import (
    MOST_IMPORTS,
    Places,
    Suspects,
    ancestors,
    below,
    joined,
    names_by_folder,
)
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shipworthy.file import File
    from shipworthy.project import Project

_MANIFEST = "go.mod"
_MODULE = lazy(r"^module[ \t]+\"?(?P<path>[^\s\"]+)", re.MULTILINE)
_REQUIRE = lazy(r"^(?:require[ \t]+|[ \t]+)(?P<path>[\w.~-]+\.[\w.~-]+/\S+)[ \t]+v\d", re.MULTILINE)
_REPLACE = lazy(
    r"^(?:replace[ \t]+|[ \t]+)(?P<path>\S+)(?:[ \t]+v\S+)?[ \t]+=>[ \t]+(?P<folder>\.\.?/?\S*)", re.MULTILINE
)
_CONSTRAINT = lazy(r"^//[ \t]*(?:go:build|\+build)\b", re.MULTILINE)
_WRITES_GO = (
    ".proto",
    ".templ",
    ".thrift",
    ".sql",
    ".graphql",
    ".fbs",
    ".capnp",
    ".avsc",
    ".qtpl",
    ".tmpl",
    ".y",
    ".rl",
)
"""Suffixes of what programs make Go packages of."""


class _Module(NamedTuple):
    """A module: its path, its folder, and the paths of the modules that it requires.

    ``begins`` is how imports of what is in this repository begin, and ``form`` what they are like.
    """

    path: str
    directory: str
    required: tuple[str, ...]
    replaced: tuple[tuple[str, str], ...]
    begins: tuple[bytes, ...]
    form: re.Pattern[bytes]


class Go:
    """Collects the imports of a repository's Go packages that resolve to no committed package."""

    def __init__(self, project: Project, paths: Iterable[str]) -> None:
        self.project = project
        self.repository = project.repository
        self.suspects = Suspects()
        self.packages = {path.rpartition("/")[0] for path in self.repository.paths if path.endswith(".go")}
        self.modules: dict[str, _Module | None] = {}

    def take(self, path: str, data: bytes) -> None:
        """Look at the imports of one file."""
        module = self._module(path.rpartition("/")[0])
        if module is None or not any(begin in data for begin in module.begins):
            return
        for written in module.form.findall(data):
            name = written.decode("utf-8", "replace")
            directory = _directory(module, name)
            if directory is None or directory in self.packages or self._is_made(directory):
                continue
            self.suspects.add(below(directory, "*.go"), (directory,), path, name)

    def _module(self, directory: str) -> _Module | None:
        """The module that a folder belongs to."""
        if directory not in self.modules:
            home = next((part for part in ancestors(directory) if below(part, _MANIFEST) in self.repository), None)
            self.modules[directory] = None if home is None else self._read(home)
        return self.modules[directory]

    def _read(self, directory: str) -> _Module | None:
        text = text_of(self.project, below(directory, _MANIFEST))
        return _parsed(text, directory)

    def _is_made(self, directory: str) -> bool:
        """Whether the package is unknown here, or made of what lies in its folder."""
        return (
            self.repository.is_unknown(directory)
            or (self.repository.resolve(directory) in self.packages)
            or any(name.endswith(_WRITES_GO) for name in self.project.model(names_by_folder).get(directory, ()))
        )

    def required(self, file: File) -> dict[str, int]:
        """The offsets of the file's imports by their paths; none where a build constraint may leave the file out."""
        module = self._module(file.directory)
        if module is None or _CONSTRAINT.search(file.text):
            return {}
        places = Places("go", file.text)
        data = file.text.encode("utf-8", "surrogatepass")
        found: dict[str, int] = {}
        for match in islice(module.form.finditer(data), MOST_IMPORTS):
            start, end = match.span(1)
            if any(node.type == "import_spec" for node in places.around(start, end)):
                found.setdefault(match[1].decode("utf-8", "replace"), places.tree.offset(start))
        return found


@cache
def _parsed(text: str, directory: str) -> _Module | None:
    found = _MODULE.search(text)
    if found is None or "." not in found["path"] + "." or not found["path"].strip("/"):
        return None
    replaced = []
    for match in _REPLACE.finditer(text):
        folder = joined(directory, match["folder"])
        if folder is not None:
            replaced.append((match["path"], folder))
    names = [name.encode() for name in (found["path"], *(path for path, _ in replaced))]
    form = lazy(b'"((?:' + b"|".join(map(re.escape, names)) + b')(?:/[^"\\s]*)?)"')
    required = tuple(match["path"] for match in _REQUIRE.finditer(text))
    return _Module(found["path"], directory, required, tuple(replaced), tuple(b'"' + name for name in names), form)


def _directory(module: _Module, name: str) -> str | None:
    """The folder of a package; None where it belongs to a module of another repository."""
    known = [
        (path, folder) for path, folder in (*module.replaced, (module.path, module.directory)) if _is_in(name, path)
    ]
    path, folder = max(known, key=lambda entry: len(entry[0]), default=("", ""))
    if not path or any(len(other) > len(path) and _is_in(name, other) for other in module.required):
        return None
    return joined(folder, name[len(path) :].strip("/"))


def _is_in(name: str, path: str) -> bool:
    return name == path or name.startswith(path + "/")
