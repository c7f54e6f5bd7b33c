"""What a rule is, and what it finds.

Every hook imports this module before it knows whether it has anything to do, so it imports nothing itself.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from shipworthy.file import File
    from shipworthy.formats.tree import Node
    from shipworthy.host import Host
    from shipworthy.project import Project

    FileCheck = Callable[[File], Iterable["Finding"]]
    ProjectCheck = Callable[[Project], Iterable["Finding"]]
    HostCheck = Callable[[Host], Iterable["Finding"]]
    Check = FileCheck | ProjectCheck | HostCheck

BLOCKING = "blocking"
HIGH = "high"
MEDIUM = "medium"
INFO = "info"
SEVERITIES = (BLOCKING, HIGH, MEDIUM, INFO)
"""The worst first. ``info`` is only ever listed."""

FILE = "file"
"""The scope of a rule that judges one file by itself."""
REPOSITORY = "repository"
"""The scope of a rule that judges the committed tree."""
HOST = "host"
"""The scope of a rule that judges the machine it runs on, from inside of a repository or not."""
JUDGES = {FILE: "each file", REPOSITORY: "the committed tree", HOST: "this host"}
"""What a rule of each scope judges, for people."""

LONGEST_VALUE = 120
MOST_LISTED = 5
"""Names in a message."""


class Rule:
    """The one record of a rule; the manifest, the console scripts and the documentation derive from it.

    ``files`` is a regular expression searched in the path (file rules only), ``triggers`` are byte strings one of
    which must stand in a file for the rule to be able to find anything (file rules only), ``since`` is the version
    that introduced the rule. ``manual`` tells that the rule runs only when somebody asks for it: its hook belongs
    to the stage ``manual``, and `shipworthy check` leaves it out. ``apart`` tells that the rule reads much that no
    other rule asks for, so that it may judge in a process of its own (repository rules only). ``fixes`` tells that
    the hook has a ``--fix`` option, ``options`` describes the keys that ``rules: {id: {options: ...}}`` takes, each
    with its default and one sentence.
    """

    __slots__ = (
        "apart",
        "files",
        "fixes",
        "id",
        "manual",
        "options",
        "scope",
        "severity",
        "since",
        "summary",
        "triggers",
    )

    def __init__(
        self,
        id: str,
        summary: str,
        *,
        severity: str,
        scope: str,
        since: str,
        files: str = "",
        triggers: Sequence[bytes] = (),
        manual: bool = False,
        apart: bool = False,
        fixes: bool = False,
        options: dict[str, tuple[object, str]] | None = None,
    ) -> None:
        self.id = id
        self.summary = summary
        self.severity = severity
        self.scope = scope
        self.since = since
        self.files = files
        self.triggers = tuple(triggers)
        self.manual = manual
        self.apart = apart
        self.fixes = fixes
        self.options = options or {}

    def finding(
        self,
        file: File,
        where: Node | int | None,
        message: str,
        *,
        fix: str | None = None,
        severity: str | None = None,
        details: dict[str, object] | None = None,
        edits: Sequence[Edit] = (),
        addition: Addition | None = None,
        mode: Mode | None = None,
    ) -> Finding:
        """A finding in ``file`` at a node of its document, at an offset of its text, or at its first line."""
        offset = 0 if where is None else where if isinstance(where, int) else where.start
        line, column = file.position(offset)
        return Finding(
            self.id, severity or self.severity, file.path, line, column, message, fix, details, edits, addition, mode
        )


class Edit:
    """A change of a file's text that is certain: characters ``start`` to ``end`` become ``text``."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text


class Addition:
    """Whole lines that a file of the repository lacks, which need not be there yet; that they mend it is certain."""

    __slots__ = ("lines", "path")

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self.path = path
        self.lines = tuple(lines)


class Mode:
    """A committed file that lacks its executable bit; that the bit mends it is certain."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path


class Finding:
    """One problem at one place. Lines and columns count from 1, paths are relative to the root, with ``/``.

    What is found on the host has an absolute path, and the line and the column 1.
    """

    __slots__ = ("addition", "column", "details", "edits", "fix", "line", "message", "mode", "path", "rule", "severity")

    def __init__(
        self,
        rule: str,
        severity: str,
        path: str,
        line: int,
        column: int,
        message: str,
        fix: str | None = None,
        details: dict[str, object] | None = None,
        edits: Sequence[Edit] = (),
        addition: Addition | None = None,
        mode: Mode | None = None,
    ) -> None:
        self.rule = rule
        self.severity = severity
        self.path = path
        self.line = line
        self.column = column
        self.message = message
        self.fix = fix
        self.details = details or {}
        self.edits = tuple(edits)
        self.addition = addition
        self.mode = mode

    def __repr__(self) -> str:
        return f"<{self.path}:{self.line}:{self.column}: {self.rule}: {self.message}>"

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The order of a report: path, line, column, rule."""
        return self.path, self.line, self.column, self.rule, self.message


class NotApplicable(Exception):
    """Raised by a repository rule's check where there is nothing to judge; the message is the reason."""


def lower(severity: str) -> str:
    """The next class below a severity; nothing is below `INFO`."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def shown(value: str) -> str:
    """A value as a message shows it: its beginning, where it is long."""
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def listed(names: Sequence[str]) -> str:
    """The first names of many, and how many more there are."""
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
