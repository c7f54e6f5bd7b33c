"""Inline ignores, told by what is left of findings and what is said of the ignores themselves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.file import File
from shipworthy.hook import LARGEST_FILE
from shipworthy.rule import BLOCKING, MEDIUM, Finding
from shipworthy.rules import load
from shipworthy.suppression import Suppression, ignores_in

CHECKED = {"first", "second"}
KNOWN = {*CHECKED, "other"}


def judged(path: str, text: str, *places: tuple[str, int]) -> tuple[list[tuple[str, int, str]], int]:
    """What is reported for a file with findings of (rule, line), and how many are suppressed."""
    file = File(path, text.encode())
    findings = [Finding(rule, BLOCKING, path, line, 1, "finding") for rule, line in places]
    suppression = Suppression(CHECKED, KNOWN)
    left = list(suppression.apply(file, findings))
    assert all(finding.severity == MEDIUM for finding in left if finding not in findings)
    return [(finding.rule, finding.line, finding.message) for finding in left], suppression.suppressed


SUPPRESSED: tuple[list[tuple[str, int, str]], int] = ([], 1)


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        pytest.param("a.yml", "# shipworthy: ignore[first] reason", id="YAML, shell, Python, Dockerfile"),
        pytest.param("a.yml", "## shipworthy: ignore[first] reason", id="two marks"),
        pytest.param("a.yml", "#shipworthy: ignore[first] reason", id="no space behind the mark"),
        pytest.param("a.ts", "// shipworthy: ignore[first] reason", id="JavaScript, Go, Java, PHP"),
        pytest.param("a.ts", "/// shipworthy: ignore[first] reason", id="three slashes"),
        pytest.param("a.java", "/* shipworthy: ignore[first] reason */", id="a block comment"),
        pytest.param("a.sql.in", "-- shipworthy: ignore[first] reason", id="SQL"),
        pytest.param("a.ini", "; shipworthy: ignore[first] reason", id="INI"),
        pytest.param("a.ini", ";; shipworthy: ignore[first] reason", id="INI, two marks"),
        pytest.param("a.xml", "<!-- shipworthy: ignore[first] reason -->", id="XML"),
        pytest.param("a.yaml", "{{/* shipworthy: ignore[first] reason */}}", id="Helm"),
        pytest.param("a.yaml", "{{- /* shipworthy: ignore[first] reason */ -}}", id="Helm, with dashes"),
        pytest.param("a.j2", "{# shipworthy: ignore[first] reason #}", id="Jinja"),
        pytest.param("a.erb", "<%# shipworthy: ignore[first] reason %>", id="ERB"),
        pytest.param("a.conf", "% shipworthy: ignore[first] reason", id="per cent"),
        pytest.param("a.conf", "REM shipworthy: ignore[first] reason", id="batch files"),
        pytest.param("a.conf", "@rem shipworthy: ignore[first] reason", id="batch files that say nothing"),
        pytest.param("a.ts", "/** shipworthy: ignore[first] reason */", id="JSDoc"),
        pytest.param("a.tsx", "{/* shipworthy: ignore[first] reason */}", id="JSX"),
        pytest.param("a.properties", "! shipworthy: ignore[first] reason", id="properties"),
        pytest.param("a.hbs", "{{!-- shipworthy: ignore[first] reason --}}", id="Handlebars"),
        pytest.param("a.rst", ".. shipworthy: ignore[first] reason", id="reStructuredText"),
        pytest.param("a.yml", "# shipworthy:ignore[first] reason", id="no space in the mark"),
        pytest.param("a.yml", "# shipworthy: ignore [first] reason", id="a space before the rules"),
    ],
)
def test_every_comment_syntax(path: str, comment: str) -> None:
    assert judged(path, f"value {comment}\n", ("first", 1)) == SUPPRESSED
    assert judged(path, f"{comment}\nvalue\n", ("first", 2)) == SUPPRESSED
    assert judged(path, f"  {comment}\r\n  value\r\n", ("first", 2)) == SUPPRESSED


@pytest.mark.parametrize(
    ("text", "line", "is_suppressed"),
    [
        pytest.param("# shipworthy: ignore[first] r\nvalue\nother\n", 2, True, id="the line above"),
        pytest.param("# shipworthy: ignore[first] r\nvalue\nother\n", 3, False, id="not two lines above"),
        pytest.param("a # shipworthy: ignore[first] r\nvalue\n", 2, False, id="not above, where it ends a line"),
        pytest.param("value\n# shipworthy: ignore[first] r\n", 1, False, id="not below"),
        pytest.param(
            "# shipworthy: ignore[first] r\n# shipworthy: ignore[other] r\nvalue\n", 3, True, id="above another ignore"
        ),
        pytest.param("- # shipworthy: ignore[first] r\n  a: b\n", 2, True, id="behind the dash of a list"),
        pytest.param("/**\n * shipworthy: ignore[first] r\n */\nvalue\n", 4, True, id="a comment of several lines"),
        pytest.param("# shipworthy: ignore[first] r\nrun \\\n a \\\n b\nother\n", 3, True, id="a continued command"),
        pytest.param("# shipworthy: ignore[first] r\r\nrun \\\r\n a\r\n", 3, True, id="continued, with CRLF"),
        pytest.param("run \\\n a \\\n b # shipworthy: ignore[first] r\n", 2, True, id="the end of a continued one"),
        pytest.param("# shipworthy: ignore[first] r\nrun \\\n a\nother\n", 4, False, id="not what follows it"),
        pytest.param(
            "a # shipworthy: ignore[second] r # shipworthy: ignore[first] r\n", 1, True, id="the second of a line"
        ),
        pytest.param(
            "a # shipworthy: ignore[first] # shipworthy: ignore[second] r\n", 1, False, id="another's reason is none"
        ),
        pytest.param("shipworthy: ignore[first] r\nvalue\n", 2, False, id="without a comment's mark"),
        pytest.param("# Shipworthy: Ignore[first] r\nvalue\n", 2, False, id="in other letters"),
        pytest.param("# shipworthy: ignore[second] r\nvalue\n", 2, False, id="of another rule"),
        pytest.param("# shipworthy: ignore[] r\nvalue\n", 2, False, id="of no rule"),
        pytest.param("# shipworthy: ignore[*] r\nvalue\n", 2, False, id="of all rules"),
    ],
)
def test_the_line_that_an_ignore_is_for(text: str, line: int, is_suppressed: bool) -> None:
    _, suppressed = judged("a.yml", text, ("first", line))
    assert suppressed == is_suppressed


def test_several_rules_and_several_findings() -> None:
    text = "value # shipworthy: ignore[first, second] reason\n"
    assert judged("a.yml", text, ("first", 1), ("second", 1), ("first", 1)) == ([], 3)


UNUSED = "the ignore of first suppresses nothing"
NO_RULE = "the ignore names no rule"
NO_REASON = "the ignore of first gives no reason, so it suppresses nothing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a # shipworthy: ignore[first] reason", [("first", 1, UNUSED)], id="it suppresses nothing"),
        pytest.param("a # shipworthy: ignore[first]", [("first", 1, NO_REASON)], id="it gives no reason"),
        pytest.param("a /* shipworthy: ignore[first] */", [("first", 1, NO_REASON)], id="the end is no reason"),
        pytest.param("a {# shipworthy: ignore[first] #}", [("first", 1, NO_REASON)], id="nor is Jinja's"),
        pytest.param(
            "a # shipworthy: ignore[frist] reason",
            [("shipworthy", 1, "the ignore names no known rule: frist")],
            id="it names no known rule",
        ),
        pytest.param(
            "a # shipworthy: ignore[] reason",
            [("shipworthy", 1, NO_RULE)],
            id="it names no rule at all",
        ),
        pytest.param(
            "a # shipworthy: ignore[first, frist] reason",
            [("first", 1, UNUSED), ("shipworthy", 1, "the ignore names no known rule: frist")],
            id="each of its rules is judged",
        ),
        pytest.param("a # shipworthy: ignore[other] reason", [], id="a rule that was not checked is not judged"),
        pytest.param("a # shipworthy: ignore[first] - ", [("first", 1, NO_REASON)], id="a dash is no reason"),
        pytest.param("{/* shipworthy: ignore[first] */}", [("first", 1, NO_REASON)], id="nor is JSX's end"),
        pytest.param("a # shipworthy: ignore reason", [("shipworthy", 1, NO_RULE)], id="it ignores everything"),
        pytest.param("a # shipworthy: ignore", [("shipworthy", 1, NO_RULE)], id="it is nothing but the words"),
        pytest.param("a # shipworthy: ignore[first reason", [("shipworthy", 1, NO_RULE)], id="its bracket is open"),
        pytest.param("a # shipworthy: ignores[first] r", [], id="what is no ignore is not judged"),
        pytest.param("# what shipworthy: ignore means", [], id="nor is prose"),
    ],
)
def test_a_wrong_ignore_is_a_finding(text: str, said: list[tuple[str, int, str]]) -> None:
    assert judged("a.yml", text) == (said, 0)


def test_an_ignore_without_a_reason_suppresses_nothing() -> None:
    found, suppressed = judged("a.yml", "a # shipworthy: ignore[first]", ("first", 1))
    assert found == [("first", 1, "finding"), ("first", 1, NO_REASON)]
    assert suppressed == 0


def test_of_two_ignores_for_one_finding_one_is_too_many() -> None:
    text = "# shipworthy: ignore[first] above\na # shipworthy: ignore[first] beside\n"
    found, suppressed = judged("a.yml", text, ("first", 2))
    assert suppressed == 1
    assert found == [("first", 2, UNUSED)]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("README.md", id="Markdown"),
        pytest.param("docs/a.yml", id="documentation"),
        pytest.param("tests/a.yml", id="a test"),
        pytest.param("examples/a.yml", id="an example"),
        pytest.param("vendor/a.yml", id="what others wrote"),
        pytest.param("src/a.proto", id="a format that is not read"),
    ],
)
def test_where_ignores_may_be_examples_they_are_not_judged_but_work(path: str) -> None:
    text = "# shipworthy: ignore[first] reason\nvalue\n# shipworthy: ignore[frist]\n"
    assert judged(path, text) == ([], 0)
    assert judged(path, text, ("first", 2)) == SUPPRESSED


@pytest.mark.parametrize(
    "ending",
    (
        "bash c cc cjs cpp cs css cts dart go h hpp java js jsx kt kts less mjs mts php py pyi rb rs scala scss sh sql"
        " svelte swift ts tsx vue"
    ).split(),
)
def test_in_all_sources_that_rules_judge_ignores_are_judged_too(ending: str) -> None:
    path = f"src/main.{ending}"
    assert re.search(load("sources-parse").RULE.files, path)
    assert judged(path, "value // shipworthy: ignore[first] reason\n") == ([("first", 1, UNUSED)], 0)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\0# shipworthy: ignore[first] r", id="binary"),
        pytest.param(b"# shipworthy: ignore[first] r\n" + b" " * LARGEST_FILE, id="too large"),
    ],
)
def test_a_file_that_is_no_text_has_no_ignores(data: bytes) -> None:
    assert ignores_in(File("a.yml", data)) == []


def test_the_place_of_an_ignore() -> None:
    (ignore,) = ignores_in(File("a.yml", b"\xef\xbb\xbfx\n\n  key: 1  # shipworthy: ignore[a] why not\n"))
    assert (ignore.line, ignore.column, ignore.target, ignore.reason) == (3, 11, 3, "why not")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# shipworthy: ignore[first] r\n" * 50_000, id="many ignores"),
        pytest.param("# shipworthy: ignore[first] a" + " " * 2_000_000 + "b", id="a long reason"),
        pytest.param("#" * 2_000_000 + " shipworthy: ignore[first] r", id="many marks"),
        pytest.param("{{" + " " * 2_000_000 + "shipworthy: ignore[first] r", id="a long way to a mark"),
        pytest.param("# shipworthy: ignore[first] r\n" + "a \\\n" * 500_000, id="many continued lines"),
        pytest.param("# shipworthy: ignore[first] r " * 50_000, id="many ignores in a line"),
        pytest.param("# " * 1_000_000 + "shipworthy: ignore[" + "first," * 100_000 + "] r", id="many rules"),
    ],
)
def test_hostile_files_take_no_time(text: str) -> None:
    judged("a.yml", text, *(("first", line) for line in range(1, 1000)))


@given(st.lists(st.sampled_from([*"#/*-;% \n[],", "first", "shipworthy: ignore["])))
def test_any_text(pieces: list[str]) -> None:
    judged("a.yml", "".join(pieces), ("first", 1))


def test_an_ignore_whose_brackets_never_close_swallows_no_other() -> None:
    """Nor is all that follows read once for each of a hundred thousand."""
    ignores = ignores_in(File("a.py", b"x = 1  # shipworthy: ignore[" * 1000 + b"no-tmp-paths] a reason\n"))
    assert [ignore.rules for ignore in ignores] == [()] * 999 + [("no-tmp-paths",)]
