"""Aliases of modules: ``paths`` and ``baseUrl`` of tsconfig and jsconfig, ``resolve.alias`` of Vite.

Sources: https://www.typescriptlang.org/tsconfig/#paths , https://www.typescriptlang.org/tsconfig/#extends ,
https://vite.dev/config/shared-options.html#resolve-alias
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of, tree_of
from shipworthy.deployment.modules.manifests import Manifests, package_name
from shipworthy.deployment.modules.model import ancestors, below, joined
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy
from shipworthy.places import VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from shipworthy.project import Project

MOST_EXTENDS = 10
"""How many configurations may extend one another."""

_CONFIGURATION = lazy(r"(?:^|/)[tj]sconfig(?:[.\-_][\w.\-]+)?\.json$")
_VITE = lazy(r"(?:^|/)(?:vite|vitest|electron\.vite|astro|quasar)\.config\.[cm]?[jt]s$")
_VITE_ALIAS = lazy(
    r"""["']?(?P<name>[@~][\w-]*)/?["']?\s*:\s*(?:path\.)?(?:(?:resolve|join)\(\s*(?:__dirname|import\.meta\.dirname|process\.cwd\(\))"""
    r"""\s*,|fileURLToPath\(\s*new URL\()\s*["'](?P<folder>[\w./-]+)["']""",
    re.ASCII,
)
_SOURCES = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte")
_BUILT_IN = frozenset(
    "assert buffer cluster console constants crypto dns events fs http http2 https inspector module net os path "
    "perf_hooks process punycode querystring readline repl sea sqlite stream string_decoder sys test timers tls tty "
    "url util v8 vm wasi worker_threads zlib".split()
)


class Alias(NamedTuple):
    """A pattern of imports, ``prefix*suffix`` or just ``prefix``, and the paths it stands for, each with its ``*``."""

    prefix: str
    suffix: str | None
    targets: tuple[str, ...]

    def matched(self, name: str) -> str | None:
        """What stands for the ``*``; "" where the pattern has none; None where the name does not match."""
        if self.suffix is None:
            return "" if name == self.prefix else None
        if len(name) < len(self.prefix) + len(self.suffix):
            return None
        fits = name.startswith(self.prefix) and name.endswith(self.suffix)
        return name[len(self.prefix) : len(name) - len(self.suffix)] if fits else None


class Aliases:
    """The aliases of a repository, by the folder whose configuration states them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.manifests = Manifests(project)
        self.by_directory: dict[str, list[Alias]] = {}
        for path in project.repository.files:
            if not path.endswith(("json", "ts", "js")) or "config" not in path:
                continue
            if _CONFIGURATION.search(path):
                found = _stated(project, path)
            elif _VITE.search(path):
                found = _of_vite(project, path)
            else:
                continue
            if found and project.place_of(path) != VENDORED:
                self.by_directory.setdefault(path.rpartition("/")[0], []).extend(found)
        self._known: dict[str, list[Alias]] = {}
        self._scopes: dict[str, str] = {}

    @property
    def prefixes(self) -> list[str]:
        """How imports begin that an alias may stand for."""
        return sorted({alias.prefix for aliases in self.by_directory.values() for alias in aliases}, reverse=True)

    def bases(self, directory: str, name: str) -> list[str]:
        """The paths that an import may mean, seen from a folder; none where it may be an installed package."""
        found: list[str] = []
        longest = 0
        for alias in self._of(directory):
            rest = alias.matched(name)
            if rest is not None and len(alias.prefix) >= longest:
                found = found if len(alias.prefix) == longest else []
                longest = len(alias.prefix)
                found += [target.replace("*", rest) for target in alias.targets]
        if not found or self._may_be_installed(directory, name):
            return []
        plain = (joined("", target) for target in found)
        return list(dict.fromkeys(target for target in plain if target is not None))

    def scope(self, directory: str) -> str:
        """The folder around ``directory`` for which an import that is not relative means the same."""
        if directory not in self._scopes:
            self._scopes[directory] = next(
                (
                    folder
                    for folder in ancestors(directory)
                    if folder in self.by_directory or folder in self.manifests.by_directory
                ),
                "",
            )
        return self._scopes[directory]

    def _of(self, directory: str) -> list[Alias]:
        """The aliases that count in a folder: those of its package, the folder's own and those around it."""
        if directory not in self._known:
            found: list[Alias] = []
            for folder in ancestors(directory):
                found += self.by_directory.get(folder, ())
                if folder in self.manifests.by_directory:
                    break
            self._known[directory] = found
        return self._known[directory]

    def _may_be_installed(self, directory: str, name: str) -> bool:
        package = package_name(name)
        return package in _BUILT_IN or self.manifests.depends_on(directory, package)


def _stated(project: Project, path: str) -> list[Alias]:
    """The aliases of a tsconfig and of what it extends."""
    bases: str | None = None
    paths: list[Alias] | None = None
    for file, options in _chain(project, path):
        directory = file.rpartition("/")[0]
        base = options.get("baseUrl")
        own = joined(directory, _plain(base.value, path, directory)) if isinstance(base, Setting) else None
        if bases is None:
            bases = own
        block = options.block("paths")
        if paths is None and block is not None:
            paths = list(_paths(block, directory if own is None else own, path))
    return [*(paths or ()), *(_names_below(project, bases) if bases is not None else ())]


def _plain(written: str, path: str, directory: str) -> str:
    """A path of a configuration with ``${configDir}`` as seen from the folder of the file that states it."""
    if "${configDir}" not in written:
        return written
    up = "../" * (directory.count("/") + 1 if directory else 0)
    return written.replace("${configDir}", up + path.rpartition("/")[0])


def _chain(project: Project, path: str) -> Iterator[tuple[str, Block]]:
    """The compiler options of a configuration and of those it extends, the ones that win first."""
    waiting, seen = [path], set[str]()
    while waiting and len(seen) < MOST_EXTENDS:
        file = waiting.pop(0)
        if file in seen or file not in project.repository:
            continue
        seen.add(file)
        tops = tree_of(project, file).tops
        if not tops:
            continue
        options = tops[0].block("compilerOptions")
        if options is not None:
            yield file, options
        extends = tops[0].get("extends")
        written = [extends] if isinstance(extends, Setting) else list(extends.settings) if extends else []
        for setting in reversed(written):
            if setting.value.startswith("."):
                target = joined(file.rpartition("/")[0], setting.value)
                if target is not None:
                    waiting.append(target if target.endswith(".json") else target + ".json")


def _paths(block: Block, base: str, path: str) -> Iterator[Alias]:
    for name, targets in block.entries().items():
        if not isinstance(targets, Block) or name.startswith(("*", ".")):
            continue
        prefix, star, suffix = name.partition("*")
        found = tuple(joined(base, _plain(target.value, path, base)) for target in targets.settings)
        if found and None not in found:  # what lies outside of the repository is unknown
            yield Alias(prefix, suffix if star else None, tuple(target for target in found if target is not None))


def _names_below(project: Project, base: str) -> Iterator[Alias]:
    """The folders of source that lie directly in the folder of ``baseUrl``: they can be imported by their names."""
    start = base + "/" if base else ""
    names = {
        path[len(start) :].partition("/")[0]
        for path in project.repository.below(base)
        if path.endswith(_SOURCES) and path.find("/", len(start)) >= 0
    }
    for name in sorted(names - _BUILT_IN - {"node_modules"}):
        if name[0] not in ".@_":
            yield Alias(name + "/", "", (below(base, name) + "/*",))


def _of_vite(project: Project, path: str) -> list[Alias]:
    """The aliases that a configuration of Vite states in the usual form."""
    directory = path.rpartition("/")[0]
    found = []
    for match in _VITE_ALIAS.finditer(text_of(project, path)):
        folder = joined(directory, match["folder"])
        if folder is not None and folder in project.repository.directories:
            found.append(Alias(match["name"] + "/", "", (below(folder, "*"),)))
    return found
