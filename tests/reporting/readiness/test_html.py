from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

import readinesses
from shipworthy.readiness.model import COLUMNS, COMPONENTS, STATUSES, Readiness
from shipworthy.reporting.readiness import render

VOID = frozenset({"meta", "link", "br"})
STYLE = files("shipworthy.reporting.readiness").joinpath("style.css").read_text("utf-8")
REPORTS = [readinesses.everything, readinesses.nothing, readinesses.passed, readinesses.hostile]


class Page(HTMLParser):
    """A page as its elements, each with its attributes and what is open around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}, tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


@pytest.mark.parametrize("make", REPORTS)
def test_every_element_is_closed_and_every_name_is_given_once(make: Callable[[], Readiness]) -> None:
    page = Page(render(make(), "html"))
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(link["href"][1:] in ids for link in page.of("a") if link["href"].startswith("#"))


@pytest.mark.parametrize("make", REPORTS)
def test_nothing_is_loaded_and_nothing_runs(make: Callable[[], Readiness]) -> None:
    page = Page(render(make(), "html"))
    assert not {"script", "link", "img", "iframe", "object", "base", "form", "video"} & {
        tag for tag, _, _ in page.elements
    }
    for _, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset")]
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    [policy] = [one["content"] for one in page.of("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_it_has_landmarks_and_headings_in_order() -> None:
    page = Page(render(readinesses.everything(), "html"))
    tags = [tag for tag, _, _ in page.elements]
    assert all(tags.count(tag) == 1 for tag in ("header", "main", "footer", "nav", "h1"))
    assert page.of("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    labelled = [attributes["aria-labelledby"] for attributes in page.of("section")]
    assert labelled == [attributes["id"] for attributes in page.of("h2")]


def test_every_table_has_headers_with_a_scope() -> None:
    page = Page(render(readinesses.everything(), "html"))
    scopes = {attributes["scope"] for attributes in page.of("th")}
    assert scopes == {"col", "row", "rowgroup"}
    assert len(page.of("table")) == 5


def test_every_component_service_and_gap_is_there() -> None:
    report = readinesses.everything()
    page = Page(render(report, "html"))
    assert all(title in page.text for title in COMPONENTS.values())
    assert all(gap.message in page.text and f"{gap.path}" in page.text for gap in report.gaps)
    for service in report.services:
        assert service.name in page.text
    cells = [attributes for attributes in page.of("span") if attributes.get("class", "").startswith("cell ")]
    assert len(cells) == len(COLUMNS) * len(report.services)


def test_a_status_is_never_told_by_its_colour_alone() -> None:
    page = Page(render(readinesses.everything(), "html"))
    signs = [attributes for attributes in page.of("span") if attributes.get("class") == "sign"]
    assert all(one.get("aria-hidden") == "true" or one.get("aria-label") in STATUSES for one in signs)
    assert all(status in page.text for status in STATUSES)


def test_hostile_text_is_text() -> None:
    page = render(readinesses.hostile(), "html")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not any(harmful in page for harmful in ("::error", "##[", "##vso[", "\x1b", "\u202e"))


def luminance(colour: str) -> float:
    """How light a colour is (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = ((one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4) for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    """The colours by their names: on a light screen, on a dark one, on paper."""
    found = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{.*?\}", STYLE, re.DOTALL)
    ]
    return dict(zip(("light", "dark", "paper"), found, strict=True))


@pytest.mark.parametrize("name", ["light", "dark", "paper"])
def test_every_text_can_be_read_on_its_ground(name: str) -> None:
    colours = palettes()[name]
    pairs = [(word, f"{word}-ground") for word in ("complete", "partial", "documented", "missing", "aside", "unknown")]
    pairs += [(word, ground) for word in ("text", "muted", "accent") for ground in ("ground", "surface", "raised")]
    pairs += [(word, "surface") for word in ("complete", "partial", "missing")]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
