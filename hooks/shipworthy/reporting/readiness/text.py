"""The readiness report for a terminal: tables within its width, in colours where it has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from shipworthy.readiness.model import (
    BLOCKED,
    COLUMNS,
    COMPLETE,
    COMPONENTS,
    DOCUMENTED,
    GAPS,
    MISSING,
    NO_GAPS,
    NOT_APPLICABLE,
    NOTHING,
    PARTIAL,
    UNKNOWN,
    Gap,
    Readiness,
)
from shipworthy.reporting.escape import printable
from shipworthy.reporting.readiness import words
from shipworthy.rule import BLOCKING, HIGH, MEDIUM

DEFAULT_WIDTH = 100
NARROWEST = 60
_NARROWEST_FLUID = 12
_Cell = tuple[str, str]
"""A text of a table with its colour, "" for none."""
_MOST_GAPS = 25
"""Of one class that are shown; the other formats have all of them."""
_MOST_FOLDERS = 6
_SHORT = {**{id: id for id in COLUMNS}, "kubernetes": "k8s", "environment": "env", "monitoring": "watch"}
_YES_NO = {COMPLETE: "yes", PARTIAL: "part", DOCUMENTED: "paper", MISSING: "no", NOT_APPLICABLE: "-", UNKNOWN: "?"}
_GREEN, _YELLOW, _MAGENTA, _RED, _GREY, _BRIGHT_RED = "32", "33", "35", "31", "90", "1;31"
_COLOURS = {
    COMPLETE: _GREEN,
    PARTIAL: _YELLOW,
    DOCUMENTED: _MAGENTA,
    MISSING: _RED,
    NOT_APPLICABLE: _GREY,
    UNKNOWN: _GREY,
    BLOCKING: _BRIGHT_RED,
    HIGH: _RED,
    MEDIUM: _YELLOW,
    BLOCKED: _BRIGHT_RED,
    GAPS: _YELLOW,
    NO_GAPS: _GREEN,
    NOTHING: _GREY,
}
_BOLD = "1"
_DIM = "90"
_ASCII = str.maketrans(
    {"–": "-", "…": "~", "─": "-", "┼": "+", "│": "|", "“": '"', "”": '"', "→": ">", "·": "-", "✓": "+"}
)


def render(report: Readiness, *, width: int = DEFAULT_WIDTH, colour: bool = False, unicode: bool = True) -> str:
    """The whole report, in lines that are no wider than ``width``, or than `NARROWEST`.

    ``colour`` is for terminals that have it; without ``unicode`` the lines of the tables are of ASCII.
    """
    return _Page(report, max(width, NARROWEST), colour, unicode).text()


class _Page:
    def __init__(self, report: Readiness, width: int, colour: bool, unicode: bool) -> None:
        self.report = report
        self.width = width
        self.colour = colour
        self.unicode = unicode

    def text(self) -> str:
        """All parts, with an empty line between two of them."""
        parts = [self._head()]
        if self.report.files:
            parts += [
                self._changes(),
                self._components(),
                self._services(),
                *self._gaps(),
                self._recommendations(),
                self._stack(),
                self._sources(),
            ]
        parts += [self._asides(), self._calculation() if self.report.percent is not None else []]
        text = "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"
        return text if self.unicode else text.translate(_ASCII)

    def _head(self) -> list[str]:
        report = self.report
        share = f" · {words.rounded(report)}" if report.percent is not None else ""
        lines = [f"{self._in(_BOLD, words.TITLE)}: {self._in(_COLOURS[report.verdict], words.verdict(report))}{share}"]
        lines += self._wrapped(f"{words.headline(report)}.")
        if report.files:
            lines += self._wrapped(f"{words.judged(report)}.")
        return lines

    def _changes(self) -> list[str]:
        comparison = self.report.comparison
        if comparison is None:
            return []
        lines = [self._title("Since the earlier report")]
        for said in words.changes(comparison):
            lines += self._wrapped(said, indent="  ", hanging="    ")
        for sign, colour, gaps in (("+", MISSING, comparison.appeared), ("-", COMPLETE, comparison.closed)):
            for gap in gaps[:_MOST_GAPS]:
                said = f"{sign} {gap.severity}: {words.place(gap)}: {gap.rule}: {gap.message}"
                lines += self._wrapped(said, indent="  ", hanging="    ", colour=_COLOURS[colour])
            if len(gaps) > _MOST_GAPS:
                lines += self._wrapped(f"{sign} {len(gaps) - _MOST_GAPS} more", indent="  ", hanging="  ", colour=_DIM)
        return lines

    def _components(self) -> list[str]:
        rows = [
            [
                (component.title, ""),
                (words.status(component), _COLOURS[MISSING if component.is_blocked else component.status]),
                (words.percent(component.percent), ""),
                (component.reason, ""),
            ]
            for component in self.report.components
        ]
        return self._table(["component", "status", "%", "why"], rows, right=2, fluid=3)

    def _services(self) -> list[str]:
        services = self.report.services
        if not services:
            return []
        names = Counter(service.name for service in services)
        rows = [
            [
                (service.name if names[service.name] == 1 else service.path or ".", ""),
                *((_YES_NO[cell.status], _COLOURS[cell.status]) for cell in service.cells.values()),
            ]
            for service in services
        ]
        table = self._table(["service", *(_SHORT[column] for column in COLUMNS)], rows, fluid=0)
        legend = "part: with gaps · paper: only a document says so · -: does not apply · ?: nobody can tell from here"
        return [self._title(words.number(len(services), "service")), *table, *self._wrapped(legend, colour=_DIM)]

    def _gaps(self) -> Iterator[list[str]]:
        for severity in words.CLASSES:
            found = self.report.gaps_of(severity)
            if not found:
                continue
            lines = [self._title(f"{severity}: {words.number(len(found), 'gap')}", _COLOURS[severity])]
            for gap in found[:_MOST_GAPS]:
                lines += self._gap(gap)
            if len(found) > _MOST_GAPS:
                lines += self._wrapped(
                    f"and {len(found) - _MOST_GAPS} more, which --format markdown, json and html list", colour=_DIM
                )
            yield lines

    def _gap(self, gap: Gap) -> list[str]:
        head = f"{words.place(gap)}: {gap.rule}: {gap.message}"
        lines = self._wrapped(head, indent="  ", hanging="    ")
        return lines + (
            self._wrapped(f"fix: {gap.fix}", indent="    ", hanging="         ", colour=_DIM) if gap.fix else []
        )

    def _recommendations(self) -> list[str]:
        lines: list[str] = []
        for place, one in enumerate(self.report.recommendations, 1):
            number = f"{place:>3}. "
            lines += self._wrapped(
                f"{COMPONENTS[one.component]}: {words.action(one)}", indent=number, hanging=" " * len(number)
            )
            lines += self._wrapped(words.brings(one), indent=" " * len(number), hanging=" " * len(number), colour=_DIM)
        return [self._title("What to do first"), *lines] if lines else []

    def _stack(self) -> list[str]:
        rows = [
            [
                (one.area, ""),
                (one.name, ""),
                (one.version or "–", ""),
                (f"{one.evidence[0].path}:{one.evidence[0].line}", ""),
            ]
            for one in self.report.stack
        ]
        table = self._table(["area", "name", "version", "proved by"], rows, fluid=3) if rows else []
        return [self._title("Verified stack"), *table] if rows else []

    def _sources(self) -> list[str]:
        lines = []
        for source in self.report.sources:
            shown = [f"{path or '.'} {files}" for path, files in source.folders[:_MOST_FOLDERS]]
            more = len(source.folders) - len(shown)
            text = f"{source.language}: {words.number(source.files, 'file')} ({', '.join(shown)}{', ...' * (more > 0)})"
            lines += self._wrapped(text, indent="  ", hanging="    ")
        return [self._title(f"{words.number(self.report.files, 'file')} committed"), *lines] if lines else []

    def _asides(self) -> list[str]:
        return [line for aside in words.asides(self.report) for line in self._wrapped(aside)]

    def _calculation(self) -> list[str]:
        return [
            self._title("How this is calculated"),
            *(
                line
                for said in words.CALCULATION
                for line in self._wrapped(said, indent="  ", hanging="  ", colour=_DIM)
            ),
        ]

    # Lines.

    def _table(
        self, heads: Sequence[str], rows: Sequence[Sequence[_Cell]], *, fluid: int, right: int = -1
    ) -> list[str]:
        """A table within the width: where there is not enough of it, the ``fluid`` column gives way first.

        The column ``right`` is aligned to the right.
        """
        shown = [[(printable(text), colour) for text, colour in row] for row in rows]
        natural = [max(map(_wide, (head, *(row[n][0] for row in shown)))) for n, head in enumerate(heads)]
        least = [min(_wide(head), width) for head, width in zip(heads, natural, strict=True)]
        between = " │ " if sum(least) + 3 * len(heads) <= self.width else " "
        widths = _fitted(natural, least, fluid, self.width - len(between) * (len(heads) - 1) - 2)
        lines = [self._row([(head, _BOLD) for head in heads], widths, right, between)]
        lines.append("─" + between.replace(" ", "─").replace("│", "┼").join("─" * width for width in widths) + "─")
        for row in shown:
            broken = [[(piece, colour) for piece in _pieces(text, widths[n])] for n, (text, colour) in enumerate(row)]
            for height in range(max(map(len, broken))):
                cells = [pieces[height] if height < len(pieces) else ("", "") for pieces in broken]
                lines.append(self._row(cells, widths, right, between))
        return lines

    def _row(self, cells: Sequence[_Cell], widths: Sequence[int], right: int, between: str) -> str:
        written = []
        for number, ((text, colour), width) in enumerate(zip(cells, widths, strict=True)):
            space = " " * max(width - _wide(text), 0)
            shown = self._in(colour, text)
            written.append(space + shown if number == right else shown + space)
        return (" " + between.join(written)).rstrip()

    def _title(self, text: str, colour: str = _BOLD) -> str:
        return self._in(colour, printable(text[:1].upper() + text[1:]))

    def _wrapped(self, text: str, *, indent: str = "", hanging: str = "", colour: str = "") -> list[str]:
        pieces = _pieces(printable(text), self.width - max(len(indent), len(hanging)))
        return [(indent if number == 0 else hanging) + self._in(colour, piece) for number, piece in enumerate(pieces)]

    def _in(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colour and colour and text else text


def _fitted(natural: Sequence[int], least: Sequence[int], fluid: int, space: int) -> list[int]:
    """The widths of columns that fit into a space, each at least as wide as its head if that is possible at all."""
    widths = list(natural)
    widths[fluid] = min(natural[fluid], max(space - sum(natural) + natural[fluid], least[fluid], _NARROWEST_FLUID))
    while sum(widths) > space:
        over = [width - lowest for width, lowest in zip(widths, least, strict=True)]
        widest = over.index(max(over))
        if over[widest] <= 0:
            break
        widths[widest] -= min(sum(widths) - space, max((over[widest] + 1) // 2, 1))
    return widths


def _pieces(text: str, width: int) -> list[str]:
    """The text in lines, broken between words, and within those that are longer than a line, behind a slash at best."""
    if _wide(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if not line or _wide(line) + 1 + _wide(word) <= width:
            line = f"{line} {word}" if line else word
        else:
            lines.append(line)
            line = word
        while _wide(line) > width:
            end = _fitting(line, width)
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line] if line else lines


def _fitting(text: str, width: int) -> int:
    """How many characters of a text that is too long stand in a line."""
    used = end = 0
    while end < len(text) and used + _columns(text[end]) <= width:
        used += _columns(text[end])
        end += 1
    slash = text.rfind("/", end // 2, end) + 1
    return slash or max(end, 1)


def _wide(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
