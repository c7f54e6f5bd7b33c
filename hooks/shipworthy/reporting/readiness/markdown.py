"""The readiness report in Markdown, fit to be committed: the same tree gives the same bytes, with no date in it.

What a repository says stands in it as text: nothing of it becomes a link, an image or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from shipworthy.deployment.evidence import Evidence
from shipworthy.patterns import lazy
from shipworthy.readiness.model import COLUMNS, COMPONENTS, OWN, Cell, Component, Gap, Readiness
from shipworthy.reporting.escape import printable
from shipworthy.reporting.readiness import words

_SPECIAL = lazy(r"[\\`*_\[\]<>|~#!&$@]|(?<=:)//|(?<=www)\.")
_LINE_START = lazy(r"^(\s*)([-+=>]|\d+[.)])")


def render(report: Readiness) -> str:
    """The whole report."""
    parts = [f"<!-- {words.MARK}: change the repository, then write it anew -->", f"# {words.TITLE}", *_head(report)]
    if report.files:
        parts += [
            *_changes(report),
            *_components(report),
            *_services(report),
            *_gaps(report),
            *_recommendations(report),
        ]
        parts += [*_stack(report), *_sources(report)]
    parts += _asides(report)
    if report.percent is not None:
        parts += _calculation(report)
    return "\n\n".join(parts) + "\n"


def _head(report: Readiness) -> Iterator[str]:
    share = f" {words.rounded(report)}." if report.percent is not None else ""
    yield f"**{words.verdict(report)}.**{share} {_text(words.headline(report))}."
    if report.files:
        yield f"{_text(words.judged(report))}."


def _changes(report: Readiness) -> Iterator[str]:
    if report.comparison is None:
        return
    yield "## Since the earlier report"
    yield "\n".join(f"- {_text(said)}" for said in words.changes(report.comparison))
    for title, gaps in (("New gaps", report.comparison.appeared), ("Closed gaps", report.comparison.closed)):
        if gaps:
            yield f"### {title}"
            yield "\n".join(_gap(gap) for gap in gaps)


def _components(report: Readiness) -> Iterator[str]:
    yield "## Components"
    rows = [
        [
            component.title,
            f"**{words.status(component)}**" if component.is_blocked else component.status,
            words.percent(component.percent),
            _text(component.reason) + _places(component.evidence),
        ]
        for component in report.components
    ]
    yield _table(["component", "status", "readiness", "why"], rows, ":-: --:".split())


def _services(report: Readiness) -> Iterator[str]:
    if not report.services:
        return
    yield "## Services"
    rows = [
        [f"{_text(service.name)}<br>{_code(service.path or '.')}", *map(_cell, service.cells.values())]
        for service in report.services
    ]
    yield _table(["service", *COLUMNS.values()], rows)
    yield " · ".join(f"{sign} {status}" for status, sign in words.SIGNS.items())


def _cell(cell: Cell) -> str:
    sign = words.SIGNS[cell.status]
    return sign if cell.text == sign else f"{sign} {_text(cell.text)}"


def _gaps(report: Readiness) -> Iterator[str]:
    if not report.gaps:
        return
    yield "## Gaps"
    yield f"{words.counts(report)}."
    for severity in words.CLASSES:
        found = report.gaps_of(severity)
        if found:
            yield f"### {severity.capitalize()}"
            yield "\n".join(_gap(gap) for gap in found)


def _gap(gap: Gap) -> str:
    fix = f"\n  Fix: {_text(gap.fix)}" if gap.fix else ""
    return f"- {_place(gap.path, gap.line)} `{gap.rule}`: {_text(gap.message)}{fix}"


def _recommendations(report: Readiness) -> Iterator[str]:
    if report.recommendations:
        yield "## What to do first"
        yield "\n".join(
            f"{number}. **{COMPONENTS[one.component]}**: {_text(words.action(one))}\n   ({words.brings(one)})"
            for number, one in enumerate(report.recommendations, 1)
        )


def _stack(report: Readiness) -> Iterator[str]:
    if report.stack:
        yield "## Verified stack"
        rows = [
            [one.area, _text(one.name), _text(one.version) or "–", _place(one.evidence[0].path, one.evidence[0].line)]
            for one in report.stack
        ]
        yield _table(["area", "name", "version", "proved by"], rows)


def _sources(report: Readiness) -> Iterator[str]:
    if report.sources:
        yield "## Files"
        yield f"{words.number(report.files, 'file')} are committed. The source files for production:"
        rows = [
            [
                _text(source.language),
                str(source.files),
                ", ".join(f"{_code(path or '.')} {files}" for path, files in source.folders),
            ]
            for source in report.sources
        ]
        yield _table(["language", "files", "where"], rows, [":--", "--:"])


def _asides(report: Readiness) -> list[str]:
    said = list(words.asides(report))
    return ["\n".join(f"- {_text(aside)}" for aside in said)] if said else []


def _calculation(report: Readiness) -> Iterator[str]:
    yield "## How this is calculated"
    yield "\n".join(f"- {said}" for said in words.CALCULATION)
    rows = [row for component in report.components if component.is_judged for row in _sums(component)]
    yield _table(["component", "check", "passed", "failed", "points"], rows, ":-- :-- --: --: --:".split())
    yield words.mean(report)


def _sums(component: Component) -> Iterator[list[str]]:
    judged = [one for one in component.requirements if one.possible]
    for number, one in enumerate(judged):
        what = f"`{one.rule}`" if one.rule != OWN else _text(one.what)
        yield [
            component.title if number == 0 else "",
            what,
            str(one.passed),
            str(one.failed),
            f"{one.points}/{one.possible}",
        ]
    if len(judged) > 1:
        yield ["", "", "", "", f"**{component.points}/{component.possible}**"]


# Pieces of Markdown.


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], alignment: Sequence[str] = ()) -> str:
    marks = [*alignment, *["---"] * (len(heads) - len(alignment))]
    lines = [f"| {' | '.join(row)} |" for row in (heads, marks, *rows)]
    return "\n".join(lines)


def _places(evidence: Sequence[Evidence]) -> str:
    return "".join(
        f"<br>{_place(one.path, one.line)}" + (f" {_text(one.what)}" if one.what else "") for one in evidence
    )


def _place(path: str, line: int) -> str:
    """A link to a line of a file, relative to the root, where the report is meant to lie."""
    target = quote(path, safe="/+,=~-._", errors="surrogateescape")
    shown = _code(f"{path}:{line}" if line > 1 else path)
    return f"[{shown}]({'./' if ':' in target.partition('/')[0] else ''}{target}{f'#L{line}' if line > 1 else ''})"


def _code(text: str) -> str:
    """A code span that nothing in the text ends; in a table a bar would."""
    shown = printable(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    space = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _text(text: str) -> str:
    """The text, of which nothing has a meaning in Markdown."""
    escaped = _SPECIAL.sub(
        lambda found: "".join("\\" + character if character != "/" else "&#47;" for character in found[0]),
        printable(text),
    )
    return _LINE_START.sub(r"\1\\\2", escaped)
