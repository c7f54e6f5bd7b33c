"""Packages of one repository that import each other by name.

Sources: https://nodejs.org/api/packages.html#package-entry-points , https://docs.npmjs.com/cli/using-npm/workspaces ,
https://pnpm.io/workspaces
"""

from __future__ import annotations

from collections import Counter

from shipworthy.deployment.modules.manifests import Manifest, Manifests, package_name
from shipworthy.deployment.modules.model import ancestors, below, joined
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from shipworthy.project import Project

_IN_WORKSPACE = "workspace:"
"""How a version begins that only a package of the same workspace has."""
_NAME = lazy(r"\"name\"\s*:\s*\"([^\"\n]+)\"")
_OUTPUT = lazy(
    r"(?:^|/)(?:dist|build|lib|libs|out|output|target|esm?|cjs|umd|types|typings|node_modules|pkg|\.\w+)(?:/|$)"
)
"""Where a package's build writes what the package offers."""


class Workspaces:
    """The packages that other packages of the repository can import by name."""

    def __init__(self, project: Project, manifests: Manifests) -> None:
        self.repository = project.repository
        self.manifests = manifests
        found = manifests.by_directory.values()
        self.by_name: dict[str, Manifest] = {}
        if _may_depend_on_each_other([manifest.text for manifest in found]) and (
            len(found) > 1 or any(_is_root(manifest) for manifest in found)
        ):
            self.by_name = {name: manifest for manifest in found if (name := manifest.top.value("name"))}

    @property
    def prefixes(self) -> list[str]:
        """How imports of such packages begin, those included that no package of the repository has the name of."""
        promised = {
            name
            for manifest in self.manifests.by_directory.values()
            if self.by_name
            for name, version in manifest.dependencies.items()
            if version.startswith(_IN_WORKSPACE)
        }
        return sorted(promised | {name for name in self.by_name if self._is_depended_on(name)}, reverse=True)

    def _is_depended_on(self, name: str) -> bool:
        return any(name in manifest.dependencies for manifest in self.manifests.by_directory.values())

    def bases(self, directory: str, name: str, is_there: Callable[[str], bool]) -> list[str]:
        """The paths that an import by a package's name means; none where that is unknown or a build's output."""
        package = package_name(name)
        version = next(
            (
                found.dependencies[package]
                for part in ancestors(directory)
                if (found := self.manifests.by_directory.get(part)) is not None and package in found.dependencies
            ),
            None,
        )
        if version is None or ":" in version.removeprefix(_IN_WORKSPACE):
            return []
        manifest = self.by_name.get(package)
        if manifest is None:
            return self._promised(directory, package, version)
        rest = name[len(package) :].strip("/")
        targets = _targets(manifest, rest)
        if any(_OUTPUT.search(target) for target in targets):
            return []
        found_bases = [joined(manifest.directory, target) for target in targets]
        bases = [base for base in found_bases if base is not None]
        return [] if any(is_there(base) for base in bases) else bases

    def _promised(self, directory: str, package: str, version: str) -> list[str]:
        """Where a package would be that a manifest says is in the workspace, and is not."""
        if not version.startswith(_IN_WORKSPACE) or self.repository.submodules:
            return []
        return [below("packages", package.rpartition("/")[2])]


def _may_depend_on_each_other(manifests: list[str]) -> bool:
    """A look at the texts, which spares to parse them: whether a name stands there more often than it is given."""
    text = "\n".join(manifests)
    if _IN_WORKSPACE in text or "\\" in text:
        return True
    names = Counter(_NAME.findall(text))
    return any(count < text.count(f'"{name}"') for name, count in names.items())


def _is_root(manifest: Manifest) -> bool:
    return manifest.top.get("workspaces") is not None


def _targets(manifest: Manifest, rest: str) -> list[str]:
    """The paths, relative to the package, that an import of it or of a part of it leads to; none where unknown."""
    exports = manifest.top.get("exports")
    if exports is None:
        if rest:
            return [rest]
        return [value for key in ("main", "module") if (value := manifest.top.value(key))]
    wanted = f"./{rest}" if rest else "."
    if isinstance(exports, Setting):
        return [exports.value] if wanted == "." else []
    entries = exports.entries()
    if not any(key.startswith(".") for key in entries):
        return _strings(exports) if wanted == "." else []
    if wanted in entries:
        return _strings(entries[wanted])
    for pattern in sorted(entries, key=len, reverse=True):
        prefix, star, suffix = pattern.partition("*")
        if star and wanted.startswith(prefix) and wanted.endswith(suffix) and len(wanted) >= len(prefix) + len(suffix):
            stands_for = wanted[len(prefix) : len(wanted) - len(suffix)]
            return [target.replace("*", stands_for) for target in _strings(entries[pattern])]
    return []


def _strings(value: Setting | Block) -> list[str]:
    """The paths of an entry of ``exports``, whatever their conditions."""
    settings = [value] if isinstance(value, Setting) else list(value.all_settings())
    return [setting.value for setting in settings if setting.value.startswith("./")]
