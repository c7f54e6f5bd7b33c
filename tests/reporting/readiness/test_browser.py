"""The HTML report in a real Chromium: it can be read on every screen and on paper, and nothing complains."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import readinesses
from browser import Browser, browser
from shipworthy.readiness.model import COLUMNS, COMPONENTS
from shipworthy.reporting.readiness import render

PAGES = ("everything", "hostile")
CELLS = """
[...document.querySelectorAll('.matrix .cell')].map(cell => {
  const box = cell.getBoundingClientRect(), style = getComputedStyle(cell), label = cell.querySelector('.label');
  return {
    left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
    size: parseFloat(style.fontSize), cut: cell.scrollWidth > cell.clientWidth + 1, text: cell.innerText.trim(),
    label: getComputedStyle(label).display === 'none' ? '' : label.innerText, colour: style.color,
    ground: style.backgroundColor,
  };
})
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages by the names of the reports that they show."""
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in PAGES}
    for name, page in found.items():
        page.write_text(render(getattr(readinesses, name)(), "html"), encoding="utf-8", newline="\n")
    return found


@pytest.fixture(autouse=True)
def nothing_complains(chromium: Browser) -> Iterator[None]:
    """No script fails, no policy is violated and nothing is fetched, whatever is done with the page."""
    chromium.complaints.clear()
    yield
    assert chromium.complaints == []


def test_everything_is_there_without_scripts(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["everything"], 1400, scripts=False)
    chromium.ask("Emulation.setScriptExecutionDisabled", value=False)  # to ask the page, which was made without
    text = chromium.evaluate("document.body.innerText")
    report = readinesses.everything()
    assert chromium.evaluate("document.title") == "Production readiness: BLOCKED, 39 %"
    assert all(title in text for title in COMPONENTS.values())
    assert all(gap.message in text for gap in report.gaps)
    assert "39 %" in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [320, 400, 768, 1400])
def test_nothing_stands_out_of_the_screen(chromium: Browser, pages: dict[str, Path], width: int, page: str) -> None:
    chromium.open(pages[page], width)
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [400, 1400])
def test_the_matrix_can_be_read(chromium: Browser, pages: dict[str, Path], width: int, page: str) -> None:
    chromium.open(pages[page], width)
    cells: list[dict[str, Any]] = chromium.evaluate(CELLS)
    services = getattr(readinesses, page)().services
    assert len(cells) == len(services) * len(COLUMNS)
    for cell in cells:
        assert cell["size"] >= 12
        assert not cell["cut"], cell
        assert 0 <= cell["left"] < cell["right"] <= width, cell
        assert cell["text"]
    for number, cell in enumerate(cells):
        assert not [other for other in cells[number + 1 :] if _overlap(cell, other)], cell
    heads = chromium.evaluate(
        "[...document.querySelectorAll('.matrix thead th')].map(head => head.getBoundingClientRect().width > 1)"
    )
    labels = [cell["label"].lower() for cell in cells[: len(COLUMNS)]]
    if width == 1400:
        assert all(heads)
        assert not any(labels)
    else:
        assert labels == [title.lower() for title in COLUMNS.values()]


def _overlap(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return bool(
        first["left"] < second["right"] - 1
        and second["left"] < first["right"] - 1
        and first["top"] < second["bottom"] - 1
        and second["top"] < first["bottom"] - 1
    )


def test_each_column_stands_below_its_head(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["everything"], 1400)
    places = chromium.evaluate(
        "[...document.querySelectorAll('.matrix tr')].map(row => [...row.children].map(one => one.getBoundingClientRect().left))"
    )
    assert len(places) == 3
    assert all(row == places[0] for row in places)


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_differ_and_both_can_be_read(chromium: Browser, pages: dict[str, Path], dark: bool) -> None:
    chromium.open(pages["everything"], 1400, dark=dark)
    ground = _channels(chromium.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert (sum(ground) < 200) == dark
    for cell in chromium.evaluate(CELLS):
        assert _contrast(_channels(cell["colour"]), _channels(cell["ground"])) >= 4.5, cell


def _channels(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def _contrast(first: list[int], second: list[int]) -> float:
    def luminance(channels: list[int]) -> float:
        shares = [channel / 255 for channel in channels]
        red, green, blue = ((one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4) for one in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_tables_are_tables_to_those_who_listen(chromium: Browser, pages: dict[str, Path]) -> None:
    for width in (400, 1400):
        chromium.open(pages["everything"], width)
        chromium.ask("Accessibility.enable")
        nodes = chromium.ask("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in nodes if "role" in node and not node.get("ignored")]
        assert roles.count("table") == 5
        assert roles.count("rowheader") >= len(COMPONENTS) + 2
        assert {"banner", "main", "navigation", "contentinfo"} <= set(roles)


def test_it_prints_whole(chromium: Browser, pages: dict[str, Path]) -> None:
    chromium.open(pages["everything"], 794, media="print")  # a sheet of A4, at 96 pixels an inch
    assert chromium.evaluate("document.documentElement.scrollWidth") <= 794
    assert chromium.evaluate("getComputedStyle(document.querySelector('.contents')).display") == "none"
    assert not [cell for cell in chromium.evaluate(CELLS) if cell["cut"] or cell["right"] > 794]
    pdf = b64decode(chromium.ask("Page.printToPDF", printBackground=False)["data"])
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") >= 2
