"""The repository as the rules see it: its files, read once, and what the configuration states about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from shipworthy.config import Config
from shipworthy.file import File
from shipworthy.formats import CODE, format_of
from shipworthy.repository import Repository

Model = TypeVar("Model")
_LARGEST_KEPT = 100_000
"""Bytes."""
LARGE = 20_000
"""Paths."""


class Project:
    """What a repository rule judges: the index, its files as documents, and the models made from them.

    A model (the services, the Compose sets ...) is made once for all rules: ``project.model(services)`` calls
    ``services(project)`` the first time and returns the same object ever after.
    """

    def __init__(self, repository: Repository, config: Config) -> None:
        self.repository = repository
        self.config = config
        self.too_large: dict[str, str] = {}
        """The files that somebody wanted to parse and that are too large for that, and how large they are."""
        self._files: dict[str, File] = {}
        self._places: dict[str, str] = {}
        self._models: dict[Callable[[Project], object], object] = {}

    def file(self, path: str) -> File:
        """A committed file. Raises `KeyError` for a path that is not committed, `OSError` without content."""
        if path not in self._files:
            self._files[path] = self.open(path)
        return self._files[path]

    def adopt(self, file: File) -> None:
        """Keep a committed file that was read already, so that nobody reads or parses it again.

        Program code is not kept, nor is what is large: no model needs the document of one, and all of them fill the
        memory.
        """
        if len(file.data) <= _LARGEST_KEPT and format_of(file.path) not in (*CODE, "text"):
            self._files.setdefault(file.path, file)

    def open(self, path: str) -> File:
        """A committed file that nobody else needs: it is not kept."""
        if path in self._files:
            return self._files[path]
        return File(path, self.repository.read(path), config=self.config, too_large=self.too_large)

    @property
    def is_large(self) -> bool:
        """Whether all models at once fill the memory."""
        return len(self.repository.paths) > LARGE

    def place_of(self, path: str) -> str:
        """What a path is for, corrected by the configuration."""
        if path not in self._places:
            self._places[path] = self.config.place_of(path)
        return self._places[path]

    def model(self, make: Callable[[Project], Model]) -> Model:
        """The model that ``make`` makes of this project."""
        if make not in self._models:
            self._models[make] = make(self)
        return self._models[make]  # type: ignore[return-value]

    def files(self, matching: Callable[[str], bool]) -> Iterator[File]:
        """The committed regular files whose path matches and that the configuration does not exclude."""
        for path in self.repository.files:
            if matching(path) and not self.config.excludes(path):
                yield self.file(path)
