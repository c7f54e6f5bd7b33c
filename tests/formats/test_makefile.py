from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import misplaced, said, written
from shipworthy.formats import makefile
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A = /x", [("variable", "A", "/x")], id="an assignment"),
        pytest.param(
            "A := /x\nB ::= /y\nC += /z",
            [("variable", "A", "/x"), ("variable", "B", "/y"), ("variable", "C", "/z")],
            id="other operators",
        ),
        pytest.param("A ?= /x", [("default", "A", "/x")], id="a default"),
        pytest.param("export A = /x", [("variable", "A", "/x")], id="an exported variable"),
        pytest.param("A = /x # y", [("variable", "A", "/x")], id="a comment behind a value"),
        pytest.param(r"A = /x\#y", [("variable", "A", r"/x\#y")], id="a hash with a backslash is no comment"),
        pytest.param("A = a \\\n  b \\\n  c", [("variable", "A", "a b c")], id="a value of several lines"),
        pytest.param("A =", [("variable", "A", "")], id="an empty value"),
        pytest.param("A = $(B)/$(shell pwd)", [("variable", "A", "$(B)/$(shell pwd)")], id="references stay"),
        pytest.param(
            "define A\n/x\ny\nendef\nB = z", [("variable", "A", "/x\ny"), ("variable", "B", "z")], id="define"
        ),
        pytest.param(
            "ifeq ($(A),b)\nC = /x\nelse\nC = /y\nendif",
            [("variable", "C", "/x"), ("variable", "C", "/y")],
            id="both branches count",
        ),
        pytest.param("a: B = /x", [("variable", "a.B", "/x")], id="a variable of a target"),
        pytest.param(
            "include a.mk $(B)",
            [("operand", "include.include", "a.mk"), ("operand", "include.include", "$(B)")],
            id="include",
        ),
        pytest.param("# A = /x", [], id="a comment"),
        pytest.param("export A\nunexport B", [], id="names alone"),
        pytest.param("A = /x\r\nB = y\r\n", [("variable", "A", "/x"), ("variable", "B", "y")], id="carriage returns"),
    ],
)
def test_variables(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(makefile.read(Source(text))) == expected


def test_a_rule_is_named_like_its_first_target() -> None:
    text = "a $(B:.c=.o): c d | e"
    (rule,) = makefile.read(Source(text)).blocks
    assert (rule.kind, rule.name, rule.words) == ("directive", "a", ("a", "$(B:.c=.o)"))
    assert [setting.value for setting in rule.settings] == ["c", "d", "e"]
    assert text[rule.start : rule.end] == "a"


@pytest.mark.parametrize(
    ("recipe", "words", "settings"),
    [
        pytest.param("\trun /x", ("run", "/x"), ["/x"], id="a command"),
        pytest.param("\t@-run /x", ("run", "/x"), ["/x"], id="a silent command that may fail"),
        pytest.param("\trun \\\n\t\t/x", ("run", "/x"), ["/x"], id="a command of several lines"),
        pytest.param("\trun $(A)/x", ("run", "$(A)/x"), ["$(A)/x"], id="a reference is no substitution"),
        pytest.param("\trun $(call a,$(b) c)", ("run", "$(call a,$(b) c)"), ["$(call a,$(b) c)"], id="a call of make"),
        pytest.param("\trun $@ $< $^", ("run", "$@", "$<", "$^"), ["$@", "$<", "$^"], id="automatic variables"),
        pytest.param("\trun $$A", ("run", "$A"), ["$A"], id="two dollar signs are one"),
        pytest.param("\t$(RUN) /x", ("$(RUN)", "/x"), ["/x"], id="a program that make names"),
        pytest.param("\trun $${A:-/x}", ("run", "${A:-/x}"), ["${A:-/x}", "/x"], id="a default of the shell"),
        pytest.param("\n# b\n\trun /x", ("run", "/x"), ["/x"], id="blank lines and comments in between"),
        pytest.param("ifdef B\n\trun /x\nendif", ("run", "/x"), ["/x"], id="a conditional in between"),
    ],
)
def test_recipes(recipe: str, words: tuple[str, ...], settings: list[str]) -> None:
    root = makefile.read(Source("a:\n" + recipe))
    (command,) = (block for block in root.walk() if isinstance(block, Block) and block.kind == "command")
    assert command.words == words
    assert [setting.value for setting in command.settings] == settings


def test_a_recipe_is_one_script_whose_lines_do_not_hide_one_another() -> None:
    (rule,) = makefile.read(Source('a: ; b\n\techo "\n\tc\n')).blocks
    (script,) = rule.blocks
    assert [block.name for block in script.blocks if block.name != "echo"] == ["b", "c"]


def test_a_line_with_a_tab_behind_a_variable_is_no_recipe() -> None:
    assert said(makefile.read(Source("a:\nB = c\n\tD = /x"))) == [("variable", "B", "c"), ("variable", "D", "/x")]


def test_positions_lead_through_dollar_signs_and_continued_lines() -> None:
    text = "A = b\na:\n\t@echo $$B $(C) && \\\n\t  run --pid=/x # é\n"
    root = makefile.read(Source(text))
    assert written(root, text) == ["b", "$$B", "$(C)", "/x"]


@given(st.text(alphabet="ab=\"'#\\ \n\r\t:${}()?@-/", max_size=80) | st.text(max_size=80))
def test_any_text_gives_nodes_that_stand_in_it(text: str) -> None:
    try:
        root = makefile.read(Source(text))
    except Unreadable:
        return
    assert not misplaced(root, text)


@given(st.lists(st.from_regex(r"[a-zA-Z0-9/_.,:@%+-]+", fullmatch=True), min_size=1, max_size=6))
def test_plain_words_are_enclosed_by_their_positions(words: list[str]) -> None:
    text = "a:\n\trun \\\n\t" + " \\\n\t".join(words)
    root = makefile.read(Source(text))
    assert written(root, text) == [setting.value for setting in root.all_settings()]
