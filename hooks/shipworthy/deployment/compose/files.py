"""Which committed files are Compose files, told by content.

The tree is read as plain YAML: merging needs the keys as Compose sees them.

Source: https://github.com/compose-spec/compose-spec/blob/main/03-compose-file.md
"""

from __future__ import annotations

import re
from functools import cached_property

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.file import File
from shipworthy.filenames import TEMPLATE_SUFFIX
from shipworthy.formats import templates, yaml
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED, PRODUCTION, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_NAMES = lazy(
    r".*compose.*\.ya?ml" + TEMPLATE_SUFFIX + r"|(?:.*[.\-_])?(?:stack|swarm)(?:[.\-_].*)?\.ya?ml", re.IGNORECASE
)
"""Names that may be those of Compose files; the content decides."""
_YAML = (".yaml", ".yml")
_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
"""What Compose looks for where no file is named, in its order of preference."""
_WHAT_RUNS = frozenset({"image", "build", "extends", "provider"})
_BUILD_SOURCES = frozenset({"context", "dockerfile", "dockerfile_inline"})


class ComposeFile:
    """One Compose file.

    ``document`` is its top-level mapping, or None where the file holds nothing or cannot be read. ``unreadable`` says
    why it cannot; "" where it can. ``templated`` is true for a file that some program renders first.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self.document: Block | None = None
        self.unreadable = ""
        self.templated = False
        self.is_empty = False
        try:
            root = self._root(file.text)
        except Unreadable as error:
            self.unreadable = str(error)
            return
        documents = root.items()
        self.is_empty = not documents
        if documents and isinstance(documents[0], Block) and documents[0].kind == "mapping":
            self.document = documents[0]

    def __repr__(self) -> str:
        return f"<ComposeFile {self.path}>"

    def _root(self, text: str) -> Block:
        """The YAML documents. Where template marks stand in the way, what stands around them is read."""
        masked = templates.masked(text)
        try:
            root = yaml.read(Source(text))
            if masked is None or not _has_nameless_keys(root):
                return root
        except Unreadable:
            if masked is None:
                raise
        root = yaml.read(Source(masked or text))
        templates.restore(root, text)
        self.templated = True
        return root

    @property
    def path(self) -> str:
        """The file's path."""
        return self.file.path

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.file.name

    @property
    def directory(self) -> str:
        """The folder the file is in, "" for the root."""
        return self.file.directory

    @cached_property
    def services(self) -> dict[str, Block]:
        """The services that the file itself writes, by name."""
        block = self.document.block("services") if self.document is not None else None
        if block is None:
            return {}
        return {name: node for name, node in block.entries().items() if isinstance(node, Block)}

    @cached_property
    def includes(self) -> list[Setting | Block]:
        """The entries of ``include``."""
        node = self.document.get("include") if self.document is not None else None
        if isinstance(node, Block) and node.kind == "sequence":
            return node.items()
        return [node] if node is not None else []

    @cached_property
    def is_compose(self) -> bool:
        """Whether the content is a Compose file, whatever its name is."""
        return any(not _WHAT_RUNS.isdisjoint(service.entries()) for service in self.services.values())

    @cached_property
    def may_be_compose(self) -> bool:
        """Whether a file with the name of a Compose file is one: a part of one holds no image and no build."""
        document = self.document
        if document is None:
            return self.is_empty or bool(self.unreadable)  # the name says what it is meant to be
        services = document.get("services")
        if isinstance(services, Block):
            return services.kind == "mapping" and all(isinstance(node, Block) for node in services.entries().values())
        return "include" in document.entries() or (services is not None and not services.value)

    @cached_property
    def is_partial(self) -> bool:
        """Whether some service does not say what it runs: the file needs another one below it."""
        return not all(_is_whole(service) for service in self.services.values())

    @property
    def says_something(self) -> bool:
        """Whether there is anything in the file but comments."""
        return not self.is_empty

    @property
    def is_default(self) -> bool:
        """Whether Compose finds the file by itself."""
        return self.name in _DEFAULTS

    @property
    def is_override(self) -> bool:
        """Whether Compose adds the file by itself to the default one."""
        return ".override." in self.name and "compose" in self.name


def _has_nameless_keys(root: Block) -> bool:
    """Whether a mapping is a key, as in ``image: {{ image }}``: YAML to a parser, a template to whoever wrote it."""
    return any(not node.name and node.parent is not None and node.parent.kind == "mapping" for node in root.walk())


def _is_whole(service: Block) -> bool:
    """Whether a service says what it runs; a ``build`` without a context may only refine another file's."""
    entries = service.entries()
    build = entries.get("build")
    if isinstance(build, Block) and _BUILD_SOURCES.isdisjoint(build.entries()):
        return not {"image", "extends"}.isdisjoint(entries)
    return not _WHAT_RUNS.isdisjoint(entries)


class ComposeFiles:
    """The Compose files of a repository, each read once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read: dict[str, ComposeFile | None] = {}

    def named_so(self) -> list[ComposeFile]:
        """The files whose name and content are those of a Compose file, sorted by path.

        Of what the configuration states to be for production the content alone decides.
        """
        found: list[ComposeFile] = []
        for path in self.project.model(files_besides_code):
            name = path.rpartition("/")[2]
            is_named_so = ".y" in name and _NAMES.fullmatch(name) is not None
            is_stated = not is_named_so and name.endswith(_YAML) and self._is_stated(path)
            if (is_named_so or is_stated) and self._is_ours(path):
                file = self.get(path)
                if file is not None and (file.may_be_compose if is_named_so else file.is_compose):
                    found.append(file)
        return found

    def get(self, path: str) -> ComposeFile | None:
        """The committed file of that path read as Compose, whatever its name; None where there is no such file."""
        resolved = self.project.repository.resolve(path)
        if resolved not in self._read:
            try:
                self._read[resolved] = ComposeFile(self.project.file(resolved))
            except (KeyError, OSError):
                self._read[resolved] = None
        return self._read[resolved]

    def default_in(self, directory: str) -> str | None:
        """The path of the file that Compose takes by itself in a folder."""
        for name in _DEFAULTS:
            path = f"{directory}/{name}" if directory else name
            if path in self.project.repository:
                return path
        return None

    def _is_stated(self, path: str) -> bool:
        return self.project.config.stated_place_of(path) == PRODUCTION

    def _is_ours(self, path: str) -> bool:
        return self.project.place_of(path) not in (VENDORED, GENERATED) and not self.project.config.excludes(path)
