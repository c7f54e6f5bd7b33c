"""The readiness report as one HTML file: nothing is loaded, nothing runs, and it prints as it looks.

A policy in the page itself forbids scripts and everything from outside. Tables that turn into lists on narrow screens
say their roles, because browsers take them from elements that are not displayed as tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from math import pi

from shipworthy.deployment.evidence import Evidence
from shipworthy.readiness.model import (
    COLUMNS,
    COMPONENTS,
    OWN,
    Cell,
    Component,
    Gap,
    Readiness,
    Recommendation,
    ServiceRow,
)
from shipworthy.reporting.escape import printable
from shipworthy.reporting.readiness import words

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_RADIUS = 52


def render(report: Readiness) -> str:
    """The whole page."""
    return f'<!doctype html>\n<!-- {words.MARK} -->\n<html lang="en">\n{_head(report)}\n{_body(report)}\n</html>\n'


def _head(report: Readiness) -> str:
    share = f", {report.percent} %" if report.percent is not None else ""
    style = files("shipworthy.reporting.readiness").joinpath("style.css").read_text("utf-8")
    lines = [
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{words.TITLE}: {words.verdict(report)}{share}</title>",
        f"<style>\n{style}</style>",
        "</head>",
    ]
    return "\n".join(lines)


def _body(report: Readiness) -> str:
    sections = [section for section in _sections(report) if section[2]]
    links = "".join(_element("li", _element("a", title, href=f"#{id}")) for id, title, _ in sections)
    contents = _element("nav", _element("ul", links), class_="contents", aria_label="Sections") if sections else ""
    shown = (
        _element("section", _element("h2", title, id=f"{id}-title") + content, id=id, aria_labelledby=f"{id}-title")
        for id, title, content in sections
    )
    parts = [
        _element("a", "Skip to the report", class_="skip", href="#content"),
        _element("header", _summary(report)),
        contents,
        _element("main", "\n".join(shown), id="content"),
        _element("footer", _foot(report)),
    ]
    return _element("body", "\n" + _element("div", "\n".join(parts), class_="page") + "\n")


def _sections(report: Readiness) -> Iterator[tuple[str, str, str]]:
    """Id, title and content of each section; one without content is left out."""
    if not report.files:
        return
    yield "changes", "Since the earlier report", _changes(report)
    yield "components", "Components", _components(report.components)
    yield "services", "Services", _services(report.services)
    yield "first", "What to do first", _recommendations(report.recommendations)
    yield "gaps", "Gaps", "".join(_gaps(severity, report.gaps_of(severity)) for severity in words.CLASSES)
    yield "stack", "Verified stack", _stack(report)
    yield "files", "Files", _sources(report)
    yield "calculation", "How this is calculated", _calculation(report) if report.percent is not None else ""


def _summary(report: Readiness) -> str:
    tone = "tone-" + _class(report.verdict)
    said = [
        _element("h1", words.TITLE),
        _element("p", words.verdict(report), class_=f"verdict {tone}"),
        _element("p", f"{_text(words.headline(report))}.", class_="headline"),
    ]
    if report.files:
        share = f"{words.rounded(report)} passes. " if report.percent is not None else ""
        said.append(_element("p", f"{share}{_text(words.judged(report))}.", class_="muted"))
    links = "".join(
        _element("li", _element("a", f"<strong>{len(found)}</strong> {severity}", class_=severity, href=f"#{severity}"))
        for severity in words.CLASSES
        if (found := report.gaps_of(severity))
    )
    if links:
        said.append(_element("ul", links, class_="counts", aria_label="Gaps"))
    ring = _element("div", _ring(report.percent), class_=tone)
    return _element("div", ring + _element("div", "".join(said)), class_="card summary")


def _ring(percent: int | None) -> str:
    """The percent as a part of a circle."""
    around = 2 * pi * _RADIUS
    circle = {"cx": "60", "cy": "60", "r": str(_RADIUS)}
    drawn = _element("circle", class_="track", **circle)
    if percent:
        dashes = f"{around * percent / 100:.1f} {around:.1f}"
        drawn += _element("circle", class_="arc", stroke_dasharray=dashes, transform="rotate(-90 60 60)", **circle)
    drawn += _element("text", words.percent(percent), class_="value", x="60", y="70")
    said = "nothing was judged" if percent is None else f"{percent} percent of what could be judged"
    return _element("svg", drawn, class_="ring", viewBox="0 0 120 120", role="img", aria_label=said)


def _changes(report: Readiness) -> str:
    comparison = report.comparison
    if comparison is None:
        return ""
    said = "".join(_element("li", _text(one)) for one in words.changes(comparison))
    lists = "".join(
        _element("h3", title) + _element("ul", "".join(map(_gap, gaps)), class_="card gaps")
        for title, gaps in (("New gaps", comparison.appeared), ("Closed gaps", comparison.closed))
        if gaps
    )
    return _element("div", _element("ul", said), class_="card calculation") + lists


def _components(components: Sequence[Component]) -> str:
    rows = "".join(map(_component, components))
    return _stacked("components", ["component", "status", "readiness", "why"], rows)


def _component(component: Component) -> str:
    state = _pill(component.status, words.SIGNS[component.status])
    if component.is_blocked:
        state += " " + _element("span", "blocked", class_="pill blocking")
    return _line(
        component.title,
        [
            (state, "state"),
            (_share(component), "share"),
            (_text(component.reason) + _evidence(component.evidence), "why"),
        ],
    )


def _share(component: Component) -> str:
    """The percent of a component, in digits and as a bar."""
    percent = component.percent
    if percent is None:
        return _element("span", "not counted", class_="muted")
    tone = "missing" if component.is_blocked or not percent else "complete" if percent == 100 else "partial"
    bar = _element("span", _element("span", "", style=f"width:{percent}%"), class_=f"bar of-{tone}", aria_hidden="true")
    return _element("span", f"{percent} %", class_="value") + bar


def _evidence(evidence: Sequence[Evidence]) -> str:
    items = [_place(one.path, one.line) + (f" {_text(one.what)}" if one.what else "") for one in evidence]
    return _element("ul", "".join(_element("li", item) for item in items), class_="evidence") if items else ""


def _services(services: Sequence[ServiceRow]) -> str:
    if not services:
        return ""
    legend = "".join(_element("li", _pill(status, sign)) for status, sign in words.SIGNS.items())
    table = _stacked("matrix", ["service", *COLUMNS.values()], "".join(map(_service, services)))
    return table + _element("ul", legend, class_="legend", aria_label="Legend")


def _service(service: ServiceRow) -> str:
    kind = _element("span", f"{service.kind}, {_code(service.path or '.')}", class_="kind")
    return _line(_text(service.name) + kind, [(_cell(column, cell), "") for column, cell in service.cells.items()])


def _cell(column: str, cell: Cell) -> str:
    sign = words.SIGNS[cell.status]
    content = _element("span", COLUMNS[column], class_="label")
    content += _element("span", sign, class_="sign", role="img", aria_label=cell.status)
    content += "" if cell.text == sign else " " + _text(cell.text)
    place = {"title": f"{cell.evidence.path}:{cell.evidence.line}"} if cell.evidence is not None else {}
    return _element("span", content, class_=f"cell {_class(cell.status)}", **place)


def _gaps(severity: str, gaps: Sequence[Gap]) -> str:
    if not gaps:
        return ""
    title = f"{_element('span', severity, class_=f'pill {severity}')} {words.number(len(gaps), 'gap')}"
    return _element("h3", title, id=severity) + _element("ul", "".join(map(_gap, gaps)), class_="card gaps")


def _gap(gap: Gap) -> str:
    where = _place(gap.path, gap.line) + _element("span", COMPONENTS[gap.component]) + _code(gap.rule)
    said = _element("div", where, class_="where") + _element("p", _text(gap.message))
    fix = _element("p", f"<b>Fix:</b> {_text(gap.fix)}", class_="fix") if gap.fix else ""
    return _element("li", said + fix, class_=f"of-{gap.severity}")


def _recommendations(recommendations: Sequence[Recommendation]) -> str:
    items = "".join(map(_recommendation, recommendations))
    return _element("ol", items, class_="card first") if items else ""


def _recommendation(one: Recommendation) -> str:
    what = _element("p", f"<strong>{COMPONENTS[one.component]}</strong>: {_text(words.action(one))}")
    effect = _element("p", _text(words.effect(one)), class_="muted")
    gain = _element("span", words.gain(one), class_="gain")
    return _element("li", _element("div", what + effect) + gain)


def _stack(report: Readiness) -> str:
    rows = "".join(
        _line(
            _text(one.name),
            [
                (_text(one.version) or "–", ""),
                (one.area, ""),
                (_place(one.evidence[0].path, one.evidence[0].line), "wide"),
            ],
        )
        for one in report.stack
    )
    return _stacked("plain", ["name", "version", "area", "proved by"], rows) if rows else ""


def _sources(report: Readiness) -> str:
    rows = "".join(
        _line(
            _text(source.language),
            [
                (f"{source.files:,}", ""),
                (", ".join(f"{_code(path or '.')} {count}" for path, count in source.folders), "wide"),
            ],
        )
        for source in report.sources
    )
    said = _element("p", f"{words.number(report.files, 'file')} are committed. The source files for production:")
    return said + _stacked("plain", ["language", "files", "where"], rows) if rows else ""


def _calculation(report: Readiness) -> str:
    said = _element("ul", "".join(_element("li", sentence) for sentence in words.CALCULATION))
    heads = [("component", ""), ("check", ""), ("passed", "number"), ("failed", "number"), ("points", "number")]
    head = "".join(_element("th", text, scope="col", class_=kind) for text, kind in heads)
    sums = "".join(_sums(component) for component in report.components if component.is_judged)
    table = _element("table", _element("thead", _element("tr", head)) + sums)
    return _element("div", said + table + _element("p", words.mean(report)), class_="card calculation")


def _sums(component: Component) -> str:
    """The checks of a component, as rows."""
    judged = [one for one in component.requirements if one.possible]
    rows = ""
    for number, one in enumerate(judged):
        head = _element("th", component.title, scope="rowgroup", rowspan=str(len(judged))) if number == 0 else ""
        name = _code(one.rule) if one.rule != OWN else _text(one.what)
        counts = (str(one.passed), str(one.failed), f"{one.points}/{one.possible}")
        cells = "".join(_element("td", count, class_="number") for count in counts)
        rows += _element("tr", head + _element("td", name) + cells)
    return _element("tbody", rows) if rows else ""


def _foot(report: Readiness) -> str:
    asides = "".join(_element("p", _text(aside)) for aside in words.asides(report))
    rules = words.number(len(report.rules), "rule")
    return asides + _element(
        "p", f"Computed by Shipworthy from git's index, with {rules}: the same tree, the same report."
    )


# Pieces of HTML. What they are given as content is HTML already.


def _stacked(kind: str, heads: Iterable[str], rows: str) -> str:
    """A table that becomes a list where the screen is narrow."""
    head = "".join(_element("th", text, scope="col", role="columnheader") for text in heads)
    content = _element("thead", _element("tr", head, role="row"), role="rowgroup")
    content += _element("tbody", rows, role="rowgroup")
    return _element("div", _element("table", content, class_=f"stacked {kind}", role="table"), class_="card")


def _line(head: str, cells: Iterable[tuple[str, str]]) -> str:
    """A row of such a table; each cell with its class."""
    content = _element("th", head, scope="row", role="rowheader")
    content += "".join(_element("td", cell, role="cell", class_=kind) for cell, kind in cells)
    return _element("tr", content, role="row")


def _pill(status: str, sign: str) -> str:
    mark = _element("span", sign, class_="sign", aria_hidden="true")
    return _element("span", f"{mark} {status}", class_=f"pill {_class(status)}")


def _element(name: str, content: str = "", **attributes: str) -> str:
    """An element; ``class_`` is its class, and an underscore in the name of an attribute is a dash."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(value)}"' for key, value in attributes.items() if value
    )
    return f"<{name}{written}>{content}</{name}>"


def _place(path: str, line: int) -> str:
    return _code(f"{path}:{line}" if line > 1 else path)


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _class(status: str) -> str:
    return status.replace(" ", "-")
