"""What the `package.json` of a repository's own packages name: packages, package managers and runtimes.

Sources: https://docs.npmjs.com/cli/configuring-npm/package-json , https://nodejs.org/api/corepack.html
"""

from __future__ import annotations

from shipworthy.deployment.evidence import tree_of
from shipworthy.deployment.modules.manifests import Manifests
from shipworthy.deployment.stack.model import Statements, of_name, of_package
from shipworthy.deployment.stack.technologies import NPM
from shipworthy.formats.tree import Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_RUNTIMES = ("engines", "volta")


def read(project: Project) -> Statements:
    """What every `package.json` says, in the order of their paths."""
    for manifest in project.model(Manifests).by_directory.values():
        tree = tree_of(project, manifest.path)
        for top in tree.tops[:1]:
            for key in _DEPENDENCIES:
                for setting in _settings(top, key):
                    line = tree.lines.position(setting.key)[0]
                    yield from of_package(project, NPM, setting.name, setting.value, manifest.path, line)
            for key in _RUNTIMES:
                for setting in _settings(top, key):
                    line = tree.lines.position(setting.key)[0]
                    yield from of_name(project, setting.name, setting.value, manifest.path, line)
            manager, _, version = top.value("packageManager").partition("@")
            found = top.get("packageManager")
            if found is not None:
                yield from of_name(project, manager, version.partition("+")[0], manifest.path, tree.line(found))


def _settings(top: Block, key: str) -> list[Setting]:
    block = top.block(key)
    return list(block.settings) if block is not None else []
