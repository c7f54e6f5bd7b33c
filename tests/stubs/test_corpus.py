"""Single functions, written by hand in the style of real code: which are stubs, of which class, and which are none.

A file of `corpus` holds the functions of one language. A line ``==== CLASS`` stands in front of a stub of that class,
``==== silent CLASS: why`` in front of a function that is like one, and is none.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from shipworthy.file import File
from shipworthy.formats.functions import read
from shipworthy.formats.source import Source
from shipworthy.formats.syntax import SyntaxTree, walk
from shipworthy.stubs.discovery import stubs_of
from shipworthy.stubs.languages import LANGUAGES

CORPUS = Path(__file__).parent / "corpus"
FAMILIES = {
    "admissions at run time": {"not-implemented", "branch-not-implemented"},
    "echoes": {"echo"},
    "constant success": {"constant", "always-true", "constant-health", "only-logs"},
    "simulated work": {"simulated"},
    "confessions": {"unfinished"},
}
LEAST = 150
"""Functions of each family."""
ENDINGS = {language: ending for ending, language in reversed(LANGUAGES.items())} | {"bash": ".sh"}
WRAPPED = {
    "typescript": (
        r"(?:export|class|abstract|(?:async )?function|const|app\.|router\.|@\w+\(\)?.*\nexport)",
        "class Service {{\n{}}}\n",
    ),
    "java": (
        r"(?:@\w+.*\n)*(?:(?:public |final |abstract )*(?:class|interface|enum|record) )",
        "class Service {{\n{}}}\n",
    ),
    "csharp": (
        r"(?:\[\w+.*\n)*(?:(?:public |internal |sealed |abstract )*(?:class|interface|record) |app\.)",
        "class Service {{\n{}}}\n",
    ),
    "php": (
        r"(?:(?:final |abstract )*(?:class|interface|trait) |function |Route::|\$app->)",
        "class Service {{\n{}}}\n",
    ),
}
"""How a function begins that needs no class around it, and the class for the others."""


class Case(NamedTuple):
    language: str
    line: int
    family: str
    expected: list[str]
    text: str


def cases() -> list[Case]:
    """All functions of the corpus."""
    found: list[Case] = []
    for path in sorted(CORPUS.glob("*.txt")):
        parts = re.split(r"^==== (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        line = 1
        for mark, text in zip(parts[1::2], parts[2::2], strict=True):
            silent = mark.startswith("silent ")
            kind = mark.removeprefix("silent ").partition(":")[0]
            family = next(name for name, kinds in FAMILIES.items() if kind in kinds)
            found.append(Case(path.stem, line, family, [] if silent else [kind], text))
            line += text.count("\n") + 1
    return found


CASES = cases()


def source(case: Case) -> str:
    begins, wrapper = WRAPPED.get(case.language, ("", "{}"))
    code = re.sub(r"\A(?:\s*(?://.*|/\*(?s:.*?)\*/))*\s*", "", case.text)
    text = case.text if not begins or re.match(begins, code) else wrapper.format(case.text)
    return f"<?php\n{text}" if case.language == "php" else text


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}:{case.line}")
def test_stubs_are_told_from_work(case: Case) -> None:
    file = File(f"src/service{ENDINGS[case.language]}", source(case).encode())
    assert [stub.kind for stub in stubs_of(file, case.language)] == case.expected, case.text


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_functions(family: str) -> None:
    own = [case for case in CASES if case.family == family]
    assert len(own) >= LEAST
    assert Counter(bool(case.expected) for case in own).most_common()[-1][1] >= LEAST // 4


def test_no_function_stands_there_twice() -> None:
    texts = Counter(" ".join(case.text.split()) for case in CASES)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("language", sorted({case.language for case in CASES}))
def test_all_comments_of_a_function_are_found(language: str) -> None:
    """They are looked for by their marks; here in every node."""
    count = 0
    for text in (source(case) for case in CASES if case.language == language):
        tree = SyntaxTree(language, Source(text))
        comments = [(tree.start(node), tree.text(node)) for node, _ in walk(tree.root) if "comment" in node.type]
        for function in read(tree, language, range(text.count("\n") + 1)):
            inside = {(start, text) for start, text in comments if function.start < start < function.end}
            found = {(comment.start, comment.text) for comment in function.comments}
            assert inside <= found
            assert language == "python" or found == inside
            count += len(inside)
    assert count > 5
