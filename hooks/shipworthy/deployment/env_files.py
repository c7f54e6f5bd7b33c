"""Env files: which ones deployment reads, which are committed, and which have an example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from shipworthy.deployment.command_lines import CommandLine, command_lines
from shipworthy.deployment.compose import PRODUCTION, ROLES, compose
from shipworthy.deployment.env_mentions import PLACES, Mention, mentions, paths_of, written_by
from shipworthy.deployment.env_names import (
    ENVIRONMENTS,
    MAY_BE_EXAMPLE,
    TEST_WORDS,
    is_above,
    is_env_file,
    serves,
    without_example_words,
    words_of,
)
from shipworthy.deployment.kubernetes import workloads
from shipworthy.deployment.platforms import HOST, platforms
from shipworthy.formats.unreadable import Unreadable
from shipworthy.places import PRODUCTION as PRODUCTION_PLACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_HOST_FOLDERS = ("/etc/", "/run/", "/usr/", "/var/", "/tmp/", "/dev/", "/proc/")
"""Where packages and the host's own administration keep env files."""
_LOADERS = (
    ("requirements", r"^(?:python-dotenv|django-environ|environs|python-decouple)\b"),
    ("pyproject.toml", r"^\s*[\"']?(?:python-dotenv|django-environ|environs|python-decouple)\b"),
    ("package.json", r"\"(?:dotenv|dotenv-flow|@nestjs/config)\"\s*:"),
    ("go.mod", r"github\.com/joho/godotenv\b"),
    ("Gemfile", r"^\s*gem\s+[\"']dotenv"),
    ("composer.json", r"\"vlucas/phpdotenv\"\s*:"),
    ("Cargo.toml", r"^dotenvy?\b"),
)
"""Manifests (how their names begin) and the libraries in them that read env files at run time."""
_DEVELOPMENT_DEPENDENCIES = re.compile(r"\"devDependencies\"\s*:\s*\{[^}]*\}")


class EnvFiles:
    """The env files of a repository."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def mentions(self) -> list[Mention]:
        """Everything that names an env file, each place once, what production reads first."""
        found: dict[tuple[str, int], Mention] = {}
        for mention in sorted(mentions(self.project), key=lambda mention: ROLES.index(mention.stage)):
            found.setdefault((mention.file.path, mention.start), mention)
        return list(found.values())

    @cached_property
    def committed(self) -> list[str]:
        """The committed env files and examples of production places, by their names."""
        return [
            path
            for path in self.project.repository.paths
            if "env" in path and is_env_file(path) and self.project.place_of(path) in PLACES
        ]

    @cached_property
    def examples(self) -> list[str]:
        """The committed files that are examples of others, by their names or the names of their folders."""
        return [
            path
            for path in self.project.repository.paths
            if MAY_BE_EXAMPLE.search(path) and path != without_example_words(path)
        ]

    def example_of(self, path: str) -> str | None:
        """The committed example of an env file: beside it, or in a folder above."""
        folder = path.rpartition("/")[0]
        own = words_of(path)
        for example in self.examples:
            plain = without_example_words(example)
            if plain == path:
                return example
            if is_env_file(example) and is_above(plain.rpartition("/")[0], folder) and serves(words_of(plain), own):
                return example
        return self._variant_of(path, own) if not own else None

    def _variant_of(self, path: str, own: frozenset[str]) -> str | None:
        """A committed env file for one environment, where the file asked for is the one for all of them."""
        folder = path.rpartition("/")[0]
        for other in self.committed:
            words = words_of(other)
            if other.rpartition("/")[0] == folder and words and words <= ENVIRONMENTS and not words & TEST_WORDS:
                return other
        return None

    def is_written(self, path: str) -> bool:
        """Whether a script or a pipeline of the repository writes the file."""
        paths, names = self._written
        return path in paths or path.rpartition("/")[2] in names

    @cached_property
    def _written(self) -> tuple[set[str], set[str]]:
        """The paths that commands write, and the names of those whose folder only the command knows."""
        paths: set[str] = set()
        names: set[str] = set()
        for line in self.project.model(command_lines):
            for written, copied in written_by(line):
                if copied and not self._may_be_there(line, copied):
                    continue
                candidates = paths_of(line, written)
                paths.update(candidates)
                if not candidates and "/" in written:
                    names.add(written.rpartition("/")[2])
        return paths, names

    def _may_be_there(self, line: CommandLine, copied: str) -> bool:
        """Whether what a command copies is committed, or cannot be known."""
        candidates = paths_of(line, copied)
        return not candidates or any(path in self.project.repository for path in candidates)

    @cached_property
    def need(self) -> Mention | None:
        """The place that proves that production reads an env file whose path only the host knows, or its code does."""
        for mention in self.mentions:
            if mention.required and not mention.paths and mention.stage in ROLES[:2] and is_env_file(mention.written):
                name = mention.written.rpartition("/")[2]
                if not mention.written.startswith(_HOST_FOLDERS) and name not in self._written[1]:
                    return mention
        if any(self.is_written(path) for mention in self.mentions for path in mention.paths):
            return None  # the repository itself writes what its code reads
        return next(self._loaders(), None)

    def _loaders(self) -> Iterator[Mention]:
        """The manifests whose libraries read ``.env`` at run time."""
        for path in self.project.repository.paths:
            name = path.rpartition("/")[2]
            pattern = next((pattern for start, pattern in _LOADERS if name.startswith(start)), None)
            if pattern is None or self.project.place_of(path) != PRODUCTION_PLACE or self.project.config.excludes(path):
                continue
            try:
                file = self.project.open(path)
                text = _DEVELOPMENT_DEPENDENCIES.sub(lambda block: " " * len(block[0]), file.text)
            except (KeyError, OSError, Unreadable):
                continue
            found = re.search(pattern, text, re.MULTILINE)
            if found:
                yield Mention(".env", (), True, file, found.start(), found[0].strip(" \"':"), PRODUCTION)

    @cached_property
    def deployment(self) -> str:
        """The file that puts this repository into production; "" where there is none."""
        for compose_set in self.project.model(compose).sets:
            if compose_set.role == PRODUCTION:
                return compose_set.file.path
        found = [platform.path for platform in self.project.model(platforms) if platform.does == HOST]
        found += [path for path in self.project.repository.paths if path.endswith(".service")]
        found += [workload.path for workload in self.project.model(workloads)]
        return next((path for path in found if self.project.place_of(path) == PRODUCTION_PLACE), "")


def env_files(project: Project) -> EnvFiles:
    """The env files of the repository: ``project.model(env_files)``."""
    return EnvFiles(project)
