"""One file under check: its path, its bytes, and what its format says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from shipworthy.config import Config
from shipworthy.content import Content
from shipworthy.formats import Document, read
from shipworthy.formats.source import Lines
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.hook import LARGEST_FILE
from shipworthy.places import PRODUCTION

Model = TypeVar("Model")
TOO_LARGE = f"too large: over {LARGEST_FILE // 1_000_000} MB"


class File:
    """A file of the repository. Its document is read once, when it is first asked for.

    ``path`` is relative to the root, with ``/``. ``config`` is what the repository states. ``place`` says what
    the path is for (see `shipworthy.places`) where its names do not. ``too_large`` notes the path where it is too
    large for what somebody asked, and how large that is.
    """

    def __init__(
        self,
        path: str,
        data: bytes,
        *,
        place: str = "",
        config: Config | None = None,
        too_large: dict[str, str] | None = None,
    ) -> None:
        self.path = path
        self._content = Content(data)
        self.config = config or Config()
        self._place = place
        self._too_large = too_large
        self._models: dict[Callable[[File], object], object] = {}

    def model(self, make: Callable[[File], Model]) -> Model:
        """What ``make`` makes of this file, made once for all rules that ask for it."""
        if make not in self._models:
            self._models[make] = make(self)
        return self._models[make]  # type: ignore[return-value]

    @property
    def place(self) -> str:
        """What the path is for."""
        if not self._place:
            self._place = self.config.place_of(self.path)
        return self._place

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def directory(self) -> str:
        """The path of the folder, "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def in_production(self) -> bool:
        """Whether the path is for production."""
        return self.place == PRODUCTION

    @property
    def data(self) -> bytes:
        """The bytes of the content."""
        return self._content.data

    @property
    def text(self) -> str:
        """The content. Raises `Unreadable` where it is no text or too large."""
        return self._readable.text

    @property
    def _readable(self) -> Content:
        if self._content.size > LARGEST_FILE:
            self.note_size(TOO_LARGE)
            raise Unreadable(TOO_LARGE)
        return self._content

    @cached_property
    def document(self) -> Document:
        """What the file's format makes of it; nothing where that is too much. Raises `Unreadable` where `text` does."""
        try:
            return read(self.path, self.text)
        except TooLarge as error:
            self.note_size(str(error))
            return Document("", Block("document"), str(error))

    def note_size(self, reason: str) -> None:
        """Note that the file is too large for what somebody asked: whoever runs the program is told."""
        if self._too_large is not None:
            self._too_large[self.path] = reason

    @property
    def lines(self) -> Lines:
        """Where the text's lines begin. Raises what `text` raises."""
        return self._readable.lines

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset of the text."""
        try:
            return self.lines.position(offset)
        except Unreadable:
            return 1, 1

    def offset(self, number: int) -> int:
        """Where a line, counted from 1, begins in the text; 0 where the file is no text."""
        try:
            return self.lines.offset(number)
        except Unreadable:
            return 0

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; "" where there is none."""
        try:
            start = self.lines.offset(number)
        except Unreadable:
            return ""
        if self.lines.position(start)[0] != number:
            return ""
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]
