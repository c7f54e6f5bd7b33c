"""The house: data flows from the repository over formats, deployment and rules to reports, and never back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from support import ROOT

PACKAGE = ROOT / "hooks" / "shipworthy"
ORDER = ("formats", "homes", "deployment", "host", "readiness", "rules", "reporting")
"""A package may import those before it. What lies in none of them is shared, or puts them together."""


@cache
def modules() -> dict[str, Path]:
    """The package's modules by name."""
    names = {path: ["shipworthy", *path.relative_to(PACKAGE).with_suffix("").parts] for path in PACKAGE.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): path for path, parts in names.items()}


@cache
def imports(name: str, *, only_at_once: bool = False) -> frozenset[str]:
    """The modules that a module imports when it runs; what only type checkers see is left out."""
    found = set()
    for statement in _imports(ast.parse(modules()[name].read_text(encoding="utf-8")), only_at_once):
        for alias in statement.names:
            full = f"{statement.module}.{alias.name}"
            found.add(full if full in modules() else str(statement.module))
    return frozenset(found - {name})


def _imports(node: ast.AST, only_at_once: bool) -> Iterator[ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if only_at_once and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.ImportFrom) and str(child.module).startswith("shipworthy"):
            yield child
        yield from _imports(child, only_at_once)


def layer(name: str) -> str:
    """The package below ``shipworthy`` that a module is in; "" for one of the others, as the list of the rules is."""
    part = "" if name == "shipworthy.rules" else [*name.split("."), ""][1]
    return part if part in ORDER else ""


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_imports_against_the_direction_of_the_data(name: str) -> None:
    if not layer(name):
        return
    later = ORDER[ORDER.index(layer(name)) + 1 :]
    assert {other for other in imports(name) if layer(other) in later} == set()


def test_no_rule_imports_a_rule() -> None:
    rules = {name for name in modules() if name.startswith("shipworthy.rules.")}
    assert {(name, other) for name in rules for other in imports(name) if other in rules} == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles({name: imports(name, only_at_once=True) for name in modules()}) == []


def circles(graph: dict[str, frozenset[str]]) -> list[list[str]]:
    """The groups of modules that reach each other: strongly connected components of more than one (Kosaraju)."""
    finished: dict[str, None] = {}
    for name in graph:
        _visit(name, graph, finished)
    reverse: dict[str, set[str]] = {name: set() for name in graph}
    for name, others in graph.items():
        for other in others & graph.keys():
            reverse[other].add(name)
    seen: dict[str, None] = {}
    found = []
    for name in reversed(finished):
        before = len(seen)
        _visit(name, reverse, seen)
        group = list(seen)[before:]
        if len(group) > 1:
            found.append(sorted(group))
    return found


def _visit(name: str, graph: dict[str, frozenset[str]] | dict[str, set[str]], finished: dict[str, None]) -> None:
    """Add to ``finished`` what is reached from ``name`` and not in it yet, each after what it reaches."""
    if name in finished:
        return
    on_the_way: dict[str, Iterator[str]] = {name: iter(graph[name] & graph.keys())}
    while on_the_way:
        current = next(reversed(on_the_way))
        following = next(
            (other for other in on_the_way[current] if other not in finished and other not in on_the_way), None
        )
        if following is None:
            finished[current] = None
            del on_the_way[current]
        else:
            on_the_way[following] = iter(graph[following] & graph.keys())


def test_circles_are_found() -> None:
    graph = {"a": frozenset("b"), "b": frozenset("cd"), "c": frozenset("a"), "d": frozenset("e"), "e": frozenset()}
    assert circles(graph) == [["a", "b", "c"]]
