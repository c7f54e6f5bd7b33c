from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]  # the only thing that knows what a pattern is made of
from typing import Any

import pytest

from shipworthy.deployment.backups import tools as backups
from shipworthy.deployment.migrations import tools as migrations
from shipworthy.patterns import lazy, lines_holding
from support import ROOT

SOURCES = sorted((ROOT / "hooks" / "shipworthy").rglob("*.py"))


@pytest.mark.parametrize("method", ["match", "search", "fullmatch"])
def test_a_lazy_pattern_matches_as_a_compiled_one(method: str) -> None:
    for text in ("PORT=1", "port=22", "nothing"):
        lazily = getattr(lazy(r"port=(?P<number>\d+)", re.IGNORECASE), method)(text)
        at_once = getattr(re.compile(r"port=(?P<number>\d+)", re.IGNORECASE), method)(text)
        assert (lazily and lazily.groupdict()) == (at_once and at_once.groupdict())


def test_a_lazy_pattern_of_bytes_finds_substitutes_and_splits() -> None:
    pattern = lazy(rb"[,;]\s*")
    assert pattern.split(b"a, b;c") == [b"a", b"b", b"c"]
    assert pattern.sub(b"|", b"a, b;c") == b"a|b|c"
    assert [match.start() for match in pattern.finditer(b"a, b;c")] == [1, 4]


def test_the_text_and_the_groups_of_a_lazy_pattern_can_be_asked_for() -> None:
    pattern = lazy(r"(?P<name>\w+)=")
    assert pattern.pattern == r"(?P<name>\w+)="
    assert dict(pattern.groupindex) == {"name": 1}


def test_an_error_in_a_pattern_shows_when_it_is_used() -> None:
    pattern = lazy("(")
    with pytest.raises(re.error):
        pattern.search("")


@pytest.mark.parametrize("by_line", [False, True])
def test_a_pattern_with_words_finds_what_it_finds_without_them(by_line: bool) -> None:
    with_words = lazy(
        r"docker[ -]compose|\bkaniko$", re.IGNORECASE | re.MULTILINE, holding=("docker", "kaniko"), by_line=by_line
    )
    without = re.compile(r"docker[ -]compose|\bkaniko$", re.IGNORECASE | re.MULTILINE)
    for text in (
        *("Docker-Compose up", "docker up", "a Kaniko b KANIKO", "nothing", ""),
        *(
            "a\nb kaniko\n\rdocker compose\n",
            "kaniko\u2028\ndocker\n-compose",
            "\u0130\ndocker compose",
            "kaniko kaniko\nc",
        ),
    ):
        assert bool(with_words.search(text)) == bool(without.search(text))
        assert [found[0] for found in with_words.finditer(text)] == without.findall(text)
        assert bool(with_words.search(text, 3)) == bool(without.search(text, 3))
        assert bool(with_words.match(text)) == bool(without.match(text))
        assert with_words.sub("", text) == without.sub("", text)


def test_the_lines_that_hold_a_word_come_in_order_and_once() -> None:
    text = "nothing\nb a\na\n\naa b a\n b"
    assert [text[start:end] for start, end in lines_holding(text, ("a", "b"))] == ["b a", "a", "aa b a", " b"]
    assert lines_holding("", ("a",)) == lines_holding("b\nc", ("a",)) == []


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_no_module_compiles_patterns_while_it_is_imported(path: Path) -> None:
    """Compiling takes longer than everything else that an import does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in _outside_of_functions(tree) if _compiles(node)]


def _patterns_with_words() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in sorted(SOURCES):
        if "holding=" in module.read_text(encoding="utf-8"):
            name = ".".join(module.relative_to(ROOT / "hooks").with_suffix("").parts).removesuffix(".__init__")
            for attribute, value in vars(import_module(name)).items():
                for number, pattern in enumerate(_patterns_in(value)):
                    yield f"{name}:{attribute}:{number}", pattern


def _patterns_in(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from _patterns_in(part)
    elif isinstance(value, dict):
        yield from _patterns_in([*value.values()])
    elif getattr(value, "holding", ()):
        yield value  # type: ignore[misc]


@pytest.mark.parametrize(("pattern"), [pytest.param(value, id=name) for name, value in _patterns_with_words()])
def test_whatever_a_pattern_matches_holds_one_of_its_words(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    words = [word if isinstance(word, str) else word.decode() for word in pattern.holding]  # type: ignore[union-attr]
    assert all(word == word.lower() for word in words)
    assert _ways_without(words, [*_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)]) == []


def test_whatever_runs_migrations_holds_a_mark_of_its_tool() -> None:
    for name, tool in migrations.TOOLS.items():
        marks = [mark.lower() for mark in tool.marks]
        for call in tool.calls if marks else ():
            assert _ways_without(marks, [*_parser.parse(migrations.pattern(call).pattern)]) == [], (name, call)


def test_whatever_names_a_tool_for_backups_holds_a_word_that_is_looked_for() -> None:
    for product, words in backups._TOOLS.items():
        for word in words.split():
            assert _ways_without(backups._STEMS, [*_parser.parse(word)]) == [], (product, word)
    assert {*backups._STEMS} < {*backups.WORDS}


@pytest.mark.parametrize(("pattern"), [pytest.param(value, id=name) for name, value in _patterns_with_words()])
def test_what_is_searched_by_line_spans_none(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    if pattern.by_line:  # type: ignore[union-attr]
        assert not _may_take_line_break([*_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)], pattern.flags)


@pytest.mark.parametrize(
    ("pattern", "flags", "may"),
    [
        (r"a b|a[ \t]b", 0, False),
        (r"a\sb", 0, True),
        (r"a[^b]c", 0, True),
        (r"a[^b\n]c", 0, False),
        (r"a.b", 0, False),
        (r"a.b", re.DOTALL, True),
        (r"a\nb", 0, True),
        (r"(?:x|(?P<y>a\W+))", 0, True),
        (r"^a$", re.MULTILINE, False),
        (r"^a$", 0, True),
        (r"a(?!\s)", 0, True),
        (r"a[\x00-\x20]", 0, True),
    ],
)
def test_what_may_take_a_line_break_is_seen(pattern: str, flags: int, may: bool) -> None:
    assert _may_take_line_break([*_parser.parse(pattern, flags)], flags) == may


def _may_take_line_break(parsed: Any, flags: int) -> bool:
    """Whether some part of a parsed pattern matches a line break, or means another place when lines are cut out."""
    if isinstance(parsed, _parser.SubPattern):
        parsed = [*parsed]
    if isinstance(parsed, tuple) and parsed and isinstance(parsed[0], int) and str(parsed[0]).isupper():
        kind, given = parsed
        match str(kind):
            case "LITERAL":
                return bool(given == ord("\n"))
            case "NOT_LITERAL":
                return bool(given != ord("\n"))
            case "ANY":
                return bool(flags & re.DOTALL)
            case "AT":
                return str(given) != "AT_BOUNDARY" and not flags & re.MULTILINE
            case "IN":
                is_negated = str(given[0][0]) == "NEGATE"
                return is_negated != any(_takes_line_break(what, value) for what, value in given[is_negated:])
        return _may_take_line_break(given, flags)
    return isinstance(parsed, (tuple, list)) and any(_may_take_line_break(part, flags) for part in parsed)


def _takes_line_break(what: object, value: Any) -> bool:
    match str(what):
        case "LITERAL":
            return bool(value == ord("\n"))
        case "RANGE":
            return bool(value[0] <= ord("\n") <= value[1])
    return str(value) in ("CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD")


@pytest.mark.parametrize(
    ("pattern", "words", "ways"),
    [
        (r"docker (?:build|push)", ["docker"], 0),
        (r"(?:docker|podman) build", ["docker", "podman"], 0),
        (r"ba(?:ke|zel)\b", ["bake", "bazel"], 0),
        (r"(?:docker|podman) build", ["docker"], 1),
        (r"(?:docker )?build", ["docker"], 2),
        (r"[Dd]ocker", ["docker"], 0),
        (r"[DB]ocker", ["docker"], 1),
        (r"(?:x|docker)+y", ["docker"], 1),
        (r"(?<=docker) x|(?!docker)docke", ["docker"], 2),
        (r"do.ker", ["docker"], 1),
        (r"do.*cker", ["docker"], 1),
        (r"docker.*x?", ["docker"], 0),
    ],
)
def test_ways_without_words_are_seen(pattern: str, words: list[str], ways: int) -> None:
    assert len(_ways_without(words, [*_parser.parse(pattern)])) == ways


def _ways_without(words: Sequence[str], rest: list[Any], before: str = "") -> list[str]:
    """The ways through a parsed pattern on which none of the words stands, one example of each."""
    if any(word in before for word in words):
        return []
    if not rest:
        return [before]
    (kind, given), *rest = rest
    match str(kind):
        case "LITERAL":
            return _ways_without(words, rest, before + chr(given).lower())
        case "IN" if all(str(what) == "LITERAL" for what, _ in given):
            letters = {chr(value).lower() for _, value in given}
            return [way for letter in letters for way in _ways_without(words, rest, before + letter)[:3]]
        case "BRANCH":
            return [way for branch in given[1] for way in _ways_without(words, [*branch, *rest], before)[:3]]
        case "SUBPATTERN":
            return _ways_without(words, [*given[3], *rest], before)
        case "ATOMIC_GROUP":
            return _ways_without(words, [*given, *rest], before)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = given
            if least == 0:
                return _ways_without(words, rest, before) + _ways_without(words, rest, before + "\0")
            return _ways_without(words, [*repeated, *([] if most == 1 else [("ANY", None)]), *rest], before)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _ways_without(words, rest, before)
        case _:
            return _ways_without(words, rest, before + "\0")


def _outside_of_functions(node: ast.AST) -> list[ast.expr]:
    found: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.expr):
            found.append(child)
        found += _outside_of_functions(child)
    return found


def _compiles(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
