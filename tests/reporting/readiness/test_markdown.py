from __future__ import annotations

import re
from html.parser import HTMLParser

import markdown  # what mkdocs renders the documentation with
import pytest

import readinesses
from shipworthy.readiness.comparison import Before, Comparison
from shipworthy.readiness.model import COMPONENTS
from shipworthy.reporting.readiness import render


class _Reader(HTMLParser):
    """The elements that a page has, where its links lead, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> _Reader:
    return _Reader(markdown.markdown(text, extensions=["tables"]))


def test_tables_have_as_many_cells_in_every_row() -> None:
    for make in (readinesses.everything, readinesses.hostile):
        rows = [line for line in render(make(), "markdown").splitlines() if line.startswith("|")]
        tables: list[list[int]] = []
        for number, line in enumerate(rows):
            cells = len(re.findall(r"(?<!\\)\|", line))
            if number + 1 < len(rows) and set(rows[number + 1]) <= set("| :-"):
                tables.append([])
            tables[-1].append(cells)
        assert len(tables) >= 4
        assert all(len(set(table)) == 1 for table in tables)


def test_everything_is_there() -> None:
    report = readinesses.everything()
    text = read(render(report, "markdown")).text
    assert all(title in text for title in COMPONENTS.values())
    assert all(gap.message in text for gap in report.gaps)
    assert all(technology.name in text for technology in report.stack)
    assert "62 %" in text


def test_what_a_repository_says_becomes_neither_link_nor_html() -> None:
    page = read(render(readinesses.hostile(), "markdown"))
    assert page.elements <= {
        "h1", "h2", "h3", "p", "strong", "em", "code", "ul", "ol", "li", "a", "br", "table", "thead", "tbody", "tr", "th", "td"
    }  # fmt: skip
    assert "em" not in page.elements
    assert not [link for link in page.links if ":" in link.partition("/")[0]]


def test_no_harmful_character_is_left() -> None:
    text = render(readinesses.hostile(), "markdown")
    assert not any(harmful in text for harmful in ("::error", "##[", "##vso[", "\x1b", "\u202e"))


@pytest.mark.parametrize("word", ["2024", "today", "generated at"])
def test_it_holds_no_time(word: str) -> None:
    assert word not in render(readinesses.everything(), "markdown")


def test_the_changes_are_there() -> None:
    report = readinesses.everything()
    report.comparison = Comparison(Before(render(readinesses.passed(), "json").encode()), report)
    text = read(render(report, "markdown")).text
    assert "Before: No known gaps, 100 %" in text
    assert "CI/CD: complete 100 % → documented 0 %" in text
    assert "New gaps" in text
