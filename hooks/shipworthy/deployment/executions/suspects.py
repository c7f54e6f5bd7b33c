"""Which scripts something may keep from starting: told by the index and by their first lines.

Most repositories have no script that lacks its bit or begins as none may begin. There nobody has to be asked who starts
what, and nothing has to be parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shipworthy.deployment.base_images import images_without
from shipworthy.deployment.executions.first_lines import FirstLine, first_line
from shipworthy.deployment.references.names import SCRIPT_ENDINGS, ending_of
from shipworthy.index import EXECUTABLE, REGULAR, SUBMODULE
from shipworthy.patterns import lazy, lines_holding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_WORD = lazy(r"[\w.@+-]+")
_PART = lazy(r"\$\{?\w{1,40}(?:[^}\s/$]{0,40}\})?[\w.-]{0,60}\.(?:" + "|".join(sorted(SCRIPT_ENDINGS)) + r")\b")
"""A name of which a variable is a part: ``start-${STAGE}.sh``."""
_STARTED = lazy(
    r"(?:^|[\n;&|(=@`]|[:-][ \t])[ \t]*(?:(?:exec|ENTRYPOINT|CMD|RUN)[ \t]+)*(?:\[[ \t]*)?[\"']?"
    r"(?:[\w.${}-]*/)*(?P<name>[\w.@+-]+)(?=[\"'\s,;&|)\]]|$)"
)
"""What may be the program of a command, in any language that starts programs."""
_MOST_ODD_NAMES = 200
"""Names with spaces and the like, each of which is looked for in every text. With more, every text is worth parsing."""
_PROGRAMS = (b"#!", b"\xef\xbb\xbf#!", b"\x7fELF", b"PK\x03\x04", b"MZ")
MODE_IS_GIVEN = "--chmod"
"""In a Dockerfile: what git says of the mode does not count."""


class Suspects:
    """The scripts that may not start: ``project.model(Suspects)``."""

    def __init__(self, project: Project) -> None:
        self.repository = project.repository
        self._by_name = self.repository.by_name
        self._odd = [name for name in self._by_name if not _WORD.fullmatch(name)]
        self._words: dict[str, frozenset[str]] = {}
        self._lines: dict[str, FirstLine | None] = {}

    def lines_naming(self, text: str) -> str:
        """The lines of a text that may name a suspect, or a script that starts: most texts have none.

        Of them `are_named` and `starts_sound` say what they say of all of the text.
        """
        if len(self._odd) > _MOST_ODD_NAMES or any("\n" in name for name in self._odd_in(text)):
            return text
        words = [name for name in self._by_name.keys() & set(_WORD.findall(text)) if self._telling(name)]
        words += [found[0] for found in _PART.finditer(text)]
        return "\n".join(text[start:end] for start, end in lines_holding(text, [*words, *self._odd_in(text)]))

    def are_named(self, text: str, about: str = "", names: Iterable[str] | None = None) -> bool:
        """Whether a text names a suspect; ``about`` tells of the images that it may be in, in lower case.

        Where there are ``names``, they are what is a name in the text.
        """
        if _PART.search(text) or len(self._odd) > _MOST_ODD_NAMES:
            return True
        named = self._by_name.keys() & set(_WORD.findall(text) if names is None else names)
        return any(word in about for name in (*named, *self._odd_in(text)) for word in self._telling(name))

    def starts_sound(self, text: str) -> bool:
        """Whether a text seems to start an executable script that is no suspect in most images."""
        started = self._by_name.keys() & {found["name"] for found in _STARTED.finditer(text)}
        return any(self._is_sound(path) for name in started for path in self._by_name[name])

    def _odd_in(self, text: str) -> Iterator[str]:
        return (name for name in self._odd if name in text)

    def _is_sound(self, path: str) -> bool:
        """Whether a script is executable, and begins as one should."""
        line = self.first_line(path) if self.repository.mode(path) == EXECUTABLE else None
        return line is not None and _is_whole(line)

    def _telling(self, name: str) -> frozenset[str]:
        """The words about images with which a file of the name may not start; "" where it may not start in any."""
        if name not in self._words:
            self._words[name] = frozenset(word for path in self._by_name[name] for word in self._words_for(path))
        return self._words[name]

    def _words_for(self, path: str) -> Sequence[str]:
        mode = self.repository.mode(path)
        if mode == SUBMODULE or (mode == REGULAR and not self._may_be_script(path)):
            return ()
        line = self.first_line(path)
        if mode != EXECUTABLE or (line is not None and not _is_whole(line)):
            return ("",)
        return (MODE_IS_GIVEN, *(images_without(line.program) if line is not None else ()))

    def _may_be_script(self, path: str) -> bool:
        ending = ending_of(path)
        return not ending or ending in SCRIPT_ENDINGS or self._content(path).startswith(_PROGRAMS)

    def first_line(self, path: str) -> FirstLine | None:
        """The first line of a committed file; None where it has none, or cannot be read."""
        if path not in self._lines:
            line = first_line(self._content(path))
            if line is not None and line.has_return:  # perhaps only in this checkout
                line = first_line(self._content(path, stored=True))
            self._lines[path] = line
        return self._lines[path]

    def _content(self, path: str, *, stored: bool = False) -> bytes:
        try:
            return self.repository.stored(path) if stored else self.repository.read(path)
        except (KeyError, OSError):
            return b""


def _is_whole(line: FirstLine) -> bool:
    return bool(line.program) and not line.has_return and not line.has_mark
