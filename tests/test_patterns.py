from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from shipworthy.patterns import lazy
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


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_no_module_compiles_patterns_while_it_is_imported(path: Path) -> None:
    """Compiling takes longer than everything else that an import does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.lineno for node in _outside_of_functions(tree) if _compiles(node)]


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
