"""Command lines, wherever people write them down: scripts, Makefiles, CI, package.json, units, documents.

Only what stands on a line is looked at, without the readers of the formats: the same command must be found in YAML, in
JSON, behind a Make tab and in a fenced block, and a repository may hold thousands of such files. So a word that a
variable builds is unknown, unless the file sets that variable on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

LONGEST_LINE = 20_000
"""Characters; nobody writes longer commands."""
MOST_WORDS = 500
"""What stands behind so many words of one command is left out."""

SCRIPT = "script"
CI = "ci"
UNIT = "unit"
DOCUMENT = "document"

_CI_FOLDERS = tuple(
    ".github/workflows/ .github/actions/ .gitea/workflows/ .forgejo/workflows/ .gitlab/ .circleci/ .woodpecker/".split()
)
_CI_NAMES = tuple(
    ".gitlab-ci azure-pipelines bitbucket-pipelines buildspec cloudbuild appveyor .drone .travis .woodpecker".split()
)
_YAML = (".yml", ".yaml")
_UNITS = (".service", ".timer", ".service.j2", ".service.template", ".service.tmpl", ".service.in", ".service.example")
_SCRIPTS = (".sh", ".bash", ".zsh", ".ksh", ".bat", ".cmd", ".ps1", ".mk")
_SCRIPT_NAMES = tuple("makefile gnumakefile justfile .justfile taskfile package.json procfile fabfile.py .env".split())
_SCRIPT_FOLDERS = frozenset({"bin", "sbin", "script", "scripts", "deploy", "ops", "tool", "tools"})
_DOCUMENTS = (".md", ".mdx", ".rst", ".adoc", ".txt")
_DOCUMENT_TOPICS = tuple(
    "readme deploy install selfhost self-host self_host production getting-started quickstart quick-start docker setup"
    " operat runbook upgrad hosting".split()
)
_MARKS = (b"compose", b"COMPOSE", b"docker stack", b".env", b"env-file", b"env.")
_WANTED = ("compose", "COMPOSE", "docker stack", ".env", "env-file", "env.", "cd ")
"""A line with none of these is left out without another look."""
_WORDS = lazy(r"[;&|()`\n]|(?:\$\(\w+\)|[^\s;&|()`])++")
_SEPARATORS = frozenset(";&|()`\n")
_QUOTES = str.maketrans("", "", "\"'\\")
_ASSIGNMENT = lazy(
    r"^[ \t-]*(?:export[ \t]+|local[ \t]+|readonly[ \t]+|declare[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*(?:[:?]?=|:)[ \t]*"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'$`#]+)(?P=quote)[ \t,]*$",
    re.MULTILINE | re.ASCII,
)
_REFERENCE = lazy(r"\$(?:\{(\w+)\}|\((\w+)\)|(\w+))", re.ASCII)
_RUN_IN_PLACE = ("makefile", "gnumakefile", "package.json", "procfile", "justfile", "readme", ".env")
_SPOKEN = lazy(r"[\s@-]*(?:echo|printf|print|log\w*|info|warn|success|error|die|console\.log)\b")
_INTO_FILE = lazy(r">\s?[\"']?[\w./$\{\}-]++[\"']?\s*(?:$|;|&&|\|\|)")
_WORTH_A_LOOK = lazy("|".join(map(re.escape, _WANTED)))
_WORTH_A_LOOK_IN_DOCUMENTS = lazy(rf"^#{{1,6}}[ \t]|{_WORTH_A_LOOK.pattern}", re.MULTILINE)
_HEADING = lazy(r"(#{1,6})[ \t]+(\S.*)")


class Word(NamedTuple):
    """A word of a command line without its quotes, and its offset in the file's text."""

    text: str
    start: int


class CommandLine(NamedTuple):
    """One command.

    ``kind`` says what kind of text it stands in; comments and ``echo`` lines of scripts count as documents.
    ``directories`` are the folders it may run in, the likeliest first; none where only the host knows. ``line`` is the
    whole line with those it is continued on, ``heading`` the headings above it in a document.
    """

    file: File
    kind: str
    words: tuple[Word, ...]
    directories: tuple[str, ...]
    line: str
    heading: str


def command_lines(project: Project) -> list[CommandLine]:
    """The commands of the repository that may name Compose files or env files, in the order of their files."""
    found: list[CommandLine] = []
    for path in project.model(files_besides_code):
        kind = _kind(path)
        if kind and project.place_of(path) not in (VENDORED, GENERATED) and not project.config.excludes(path):
            try:
                found += _commands_in(project.open(path), kind)
            except (OSError, Unreadable):
                continue
    return found


def commands_in(file: File) -> Iterator[CommandLine]:
    """The commands of one file; none where its path is not one of those that are looked at."""
    return _commands_in(file, _kind(file.path))


def _commands_in(file: File, kind: str) -> Iterator[CommandLine]:
    if kind and any(mark in file.data for mark in _MARKS):
        yield from _Reader(file, kind).read()


def _kind(path: str) -> str:
    """What kind of text a path is; "" for one that is not looked at.

    Compose files count as documents: their comments say how to run them.
    """
    folder, _, name = path.lower().rpartition("/")
    kind, is_document = _kind_of_name(name)
    if "." not in name and kind in ("", DOCUMENT) and folder.rpartition("/")[2] in _SCRIPT_FOLDERS:
        return SCRIPT
    if is_document and not kind:
        nearest = folder.rpartition("/")[2]
        return DOCUMENT if any(topic in nearest for topic in _DOCUMENT_TOPICS) else ""
    if kind != CI and name.endswith(_YAML) and any(ci in f"{folder}/" for ci in _CI_FOLDERS):
        return CI
    return kind


@lru_cache(1_000)  # the folders of services hold files of the same names
def _kind_of_name(name: str) -> tuple[str, bool]:
    """What kind of text a name in lower case tells, and whether it is a document of any topic."""
    if name.endswith(_YAML):
        if name.startswith(_CI_NAMES):
            return CI, False
        if name.startswith("taskfile"):
            return SCRIPT, False
        return DOCUMENT if "compose" in name else "", False
    if name.startswith("jenkinsfile"):
        return CI, False
    if name.endswith(_UNITS):
        return UNIT, False
    if name.endswith(_SCRIPTS) or name.startswith(_SCRIPT_NAMES):
        return SCRIPT, False
    if name.startswith("readme") or name.endswith(_DOCUMENTS):
        return DOCUMENT if any(topic in name for topic in _DOCUMENT_TOPICS) else "", True
    return "", False


class _Reader:
    """Reads the commands of one file."""

    def __init__(self, file: File, kind: str) -> None:
        self.file = file
        self.kind = kind
        self.text = file.text
        self.on_host = False
        self.headings: list[tuple[int, str]] = []
        self.variables: dict[str, str] | None = None

    def read(self) -> Iterator[CommandLine]:
        """The commands, in order."""
        is_document = self.kind == DOCUMENT and not self.file.path.endswith((".yml", ".yaml"))
        worth = _WORTH_A_LOOK_IN_DOCUMENTS if is_document else _WORTH_A_LOOK
        for start, line in _logical_lines(self.text, worth):
            heading = _HEADING.match(line) if is_document else None
            if heading:
                while self.headings and self.headings[-1][0] >= len(heading[1]):
                    self.headings.pop()
                self.headings.append((len(heading[1]), heading[2]))
            elif len(line) <= LONGEST_LINE:
                yield from self._commands(start, line, is_document)

    def _commands(self, start: int, line: str, is_document: bool) -> Iterator[CommandLine]:
        is_comment = line.lstrip().startswith(("#", "//", "REM "))
        if self.kind == DOCUMENT and not is_document and not is_comment:
            return  # a Compose file's own lines are no commands
        kind = DOCUMENT if is_comment or _is_spoken(line) else self.kind
        directory: str | None = ""
        for words in _split(line, start):
            if words[0].text == "cd" and len(words) > 1:
                directory = self._change(words[1].text, kind)
                continue
            known = tuple(Word(self._known(word.text), word.start) for word in words)
            heading = " / ".join(text for _, text in self.headings)
            yield CommandLine(self.file, kind, known, self._directories(directory), line, heading)

    def _change(self, target: str, kind: str) -> str | None:
        """The folder that ``cd`` leads to; None for one of the host, in which later lines run as well."""
        if target.startswith(("/", "~")):
            self.on_host = self.on_host or kind != DOCUMENT
            return None
        self.on_host = False
        return "" if "$" in target or target == "-" else target.rstrip("/")

    def _directories(self, changed: str | None) -> tuple[str, ...]:
        if changed is None or self.on_host:
            return ()
        own = self.file.directory
        parents = [own]
        while parents[-1]:
            parents.append(parents[-1].rpartition("/")[0])
        found = parents if self.file.name.lower().startswith(_RUN_IN_PLACE) else ["", *parents[:-1]]
        if changed:
            found = [f"{folder}/{changed}" if folder else changed for folder in found]
        return tuple(found)

    def _known(self, text: str) -> str:
        """The word with the variables in it that the file sets to a plain value."""
        if "$" not in text:
            return text
        if self.variables is None:
            self.variables = {}
            for given in _ASSIGNMENT.finditer(self.text):
                self.variables.setdefault(given["name"], given["value"])
        known = self.variables
        return _REFERENCE.sub(lambda found: known.get(found[1] or found[2] or found[3], found[0]), text)


def _logical_lines(text: str, worth: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Offset and text of the lines that are worth a look; one that ends in a backslash goes on in the next."""
    found = worth.search(text)
    while found:
        start = text.rfind("\n", 0, found.start()) + 1
        while start > 1 and text[start - 2] == "\\":
            start = text.rfind("\n", 0, start - 1) + 1
        end = text.find("\n", found.start())
        while end > 0 and text[end - 1] == "\\":
            end = text.find("\n", end + 1)
        stop = len(text) if end < 0 else end
        yield start, text[start:stop].replace("\\\n", "  ")
        found = worth.search(text, stop)


def _is_spoken(line: str) -> bool:
    """Whether a script only prints the line."""
    return _SPOKEN.match(line) is not None and _INTO_FILE.search(line) is None


def _split(line: str, start: int) -> Iterator[list[Word]]:
    """The commands of a line, each a list of words without quotes and trailing commas."""
    words: list[Word] = []
    for found in _WORDS.finditer(line):
        if found[0] in _SEPARATORS:
            if words:
                yield words
            words = []
            continue
        text = found[0].translate(_QUOTES).rstrip(",")
        if text and len(words) < MOST_WORDS:
            words.append(Word(text, start + found.start() + len(found[0]) - len(found[0].lstrip("\"'\\"))))
    if words:
        yield words
