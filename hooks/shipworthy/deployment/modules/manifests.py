"""The packages of a repository's JavaScript, as their `package.json` describes them."""

from __future__ import annotations

from functools import cached_property

from shipworthy.deployment.evidence import text_of, tree_of
from shipworthy.deployment.modules.model import ancestors
from shipworthy.formats.tree import Block
from shipworthy.places import GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

NAME = "package.json"
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


class Manifest:
    """A `package.json`: where it is and what it says."""

    def __init__(self, project: Project, path: str) -> None:
        self.path = path
        self.directory = path.rpartition("/")[0]
        self._project = project

    @property
    def text(self) -> str:
        """The file as it is written."""
        return text_of(self._project, self.path)

    @cached_property
    def top(self) -> Block:
        """The outermost mapping; an empty one where the file cannot be read."""
        tops = tree_of(self._project, self.path).tops
        return tops[0] if tops else Block("mapping")

    @cached_property
    def dependencies(self) -> dict[str, str]:
        """The versions of the packages it depends on in whatever way, by name."""
        found: dict[str, str] = {}
        for key in _DEPENDENCIES:
            block = self.top.block(key)
            if block is not None:
                found |= {setting.name: setting.value for setting in block.settings}
        return found


class Manifests:
    """Every `package.json` of the repository's own packages, by folder."""

    def __init__(self, project: Project) -> None:
        self.by_directory: dict[str, Manifest] = {}
        for path in project.repository.files:
            is_manifest = path == NAME or path.endswith("/" + NAME)
            if is_manifest and project.place_of(path) not in (VENDORED, TEST, GENERATED):
                manifest = Manifest(project, path)
                self.by_directory[manifest.directory] = manifest

    def of(self, directory: str) -> Manifest | None:
        """The manifest of the package that a folder belongs to."""
        return next((self.by_directory[part] for part in ancestors(directory) if part in self.by_directory), None)

    def depends_on(self, directory: str, name: str) -> bool:
        """Whether the package that a folder belongs to, or one around it, depends on the package ``name``."""
        return any(
            name in self.by_directory[part].dependencies for part in ancestors(directory) if part in self.by_directory
        )


def package_name(written: str) -> str:
    """The package that an import names: ``@acme/ui`` of ``@acme/ui/button``, ``lodash`` of ``lodash/fp``."""
    parts = written.split("/")
    return "/".join(parts[:2]) if written.startswith("@") else parts[0]
