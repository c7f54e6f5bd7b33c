"""What packages and makefiles offer by name: scripts of package.json, targets of make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from shipworthy.deployment.besides_code import paths_besides_code
from shipworthy.deployment.evidence import text_of, tree_of
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
"""The names that make looks for, in its order."""
_INCLUDE = lazy(r"[ \t]*(?:-?s?include|define)\b")
LONGEST_SCRIPT = 5000
"""Characters of a script or of a line of a makefile; a longer one is not looked at."""


def makefile_in(project: Project, folder: str) -> str:
    """The makefile that make takes in a folder; "" where there is none."""
    prefix = f"{folder}/" if folder else ""
    return next((prefix + name for name in MAKEFILES if prefix + name in project.repository), "")


class PackageScripts:
    """The scripts of the repository's packages."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._scripts: dict[str, Mapping[str, str]] = {}

    def scripts(self, folder: str) -> Mapping[str, str] | None:
        """The scripts of the package in a folder by name; None where no package.json is committed there."""
        path = f"{folder}/package.json" if folder else "package.json"
        if path not in self.project.repository:
            return None
        if path not in self._scripts:
            scripts: dict[str, str] = {}
            for top in tree_of(self.project, path).tops:
                block = top.block("scripts")
                for setting in block.settings if block is not None else ():
                    scripts[setting.name] = setting.value
            self._scripts[path] = scripts
        return self._scripts[path]

    @cached_property
    def folders(self) -> list[str]:
        """The folders of all packages."""
        paths = self.project.model(paths_besides_code)
        return [path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] == "package.json"]

    def below(self, folder: str) -> list[str]:
        """The folders of the packages in a folder and below it."""
        return [path for path in self.folders if not folder or path == folder or path.startswith(folder + "/")]


class MakeTargets:
    """The targets of the repository's makefiles."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._targets: dict[str, frozenset[str] | None] = {}

    def path_in(self, folder: str) -> str:
        """The makefile that make takes in a folder; "" where there is none."""
        return makefile_in(self.project, folder)

    @cached_property
    def paths(self) -> list[str]:
        """The paths of all makefiles."""
        return sorted(path for name in MAKEFILES for path in self.project.repository.named(name))

    def can_make(self, path: str, name: str) -> bool:
        """Whether a makefile has a target of that name, or may have it, or there is a file of that name."""
        targets = self.targets(path)
        folder = path.rpartition("/")[0]
        return targets is None or name in targets or (f"{folder}/{name}" if folder else name) in self.project.repository

    def targets(self, path: str) -> frozenset[str] | None:
        """The targets of a makefile; None where others may come from elsewhere."""
        if path not in self._targets:
            self._targets[path] = self._read(path)
        return self._targets[path]

    def _read(self, path: str) -> frozenset[str] | None:
        names: set[str] = set()
        for line in text_of(self.project, path).splitlines():
            if len(line) > LONGEST_SCRIPT or _INCLUDE.match(line) or "$(eval" in line:
                return None
            targets, colon, rest = line.partition(":")
            if line.startswith(("\t", "#")) or not colon or rest.startswith(("=", ":=")) or "=" in targets:
                continue
            if "%" in targets or "$" in targets or targets.strip() == ".DEFAULT":
                return None
            names.update(targets.split())
        return frozenset(names)


def make_targets(project: Project) -> MakeTargets:
    """The makefiles: ``project.model(make_targets)``."""
    return MakeTargets(project)


def package_scripts(project: Project) -> PackageScripts:
    """The packages with their scripts: ``project.model(package_scripts)``."""
    return PackageScripts(project)
