from __future__ import annotations

import pytest

import outcomes
from shipworthy.outcome import Outcome
from shipworthy.reporting import render
from shipworthy.rule import HIGH, Finding


def text(outcome: Outcome) -> str:
    return render(outcome, "text")


def test_findings_with_their_fixes_and_counts() -> None:
    assert text(outcomes.every_severity()) == (
        "a.yml:1:2: no-tmp-paths: is blocking\n"
        "    fix: mend it\n"
        "a.yml:2:2: no-tmp-paths: is high\n"
        "a.yml:3:2: no-tmp-paths: is medium\n"
        "a.yml:4:2: no-tmp-paths: is info\n"
        "4 findings in 1 file: 1 blocking, 1 high, 1 medium, 1 info\n"
    )


@pytest.mark.parametrize(
    ("files", "suppressed", "expected"),
    [
        (0, 0, "no findings in 0 files\n"),
        (1, 0, "no findings in 1 file\n"),
        (2, 0, "no findings in 2 files\n"),
        (2, 3, "no findings in 2 files, 3 suppressed\n"),
    ],
)
def test_without_findings(files: int, suppressed: int, expected: str) -> None:
    outcome = outcomes.of(files=files)
    outcome.suppressed = suppressed
    assert text(outcome) == expected


def test_suppressed_findings_are_counted() -> None:
    outcome = outcomes.of(Finding("no-tmp-paths", HIGH, "a", 1, 1, "x"), files=2)
    outcome.suppressed = 2
    assert text(outcome).endswith("1 finding in 2 files: 1 high, 2 suppressed\n")


def test_findings_in_the_baseline_are_counted() -> None:
    outcome = outcomes.of(files=2)
    outcome.suppressed = 2
    outcome.in_baseline = 3
    assert text(outcome) == "no findings in 2 files, 2 suppressed, 3 in the baseline\n"


def test_nothing_to_check_does_not_look_like_all_good() -> None:
    outcome = outcomes.of(rules=("a", "b"))
    outcome.not_applicable = [("a", "no Compose file is committed"), ("b", "no service was found")]
    assert text(outcome) == (
        "nothing to check for a: no Compose file is committed\n"
        "nothing to check for b: no service was found\n"
        "nothing was checked\n"
    )


def test_a_rule_with_something_to_check_beside_one_without() -> None:
    outcome = outcomes.of(rules=("a", "b"))
    outcome.not_applicable = [("a", "no Compose file is committed")]
    assert text(outcome).endswith("no findings in 1 file\n")


def test_what_a_hostile_repository_says_is_harmless() -> None:
    report = text(outcomes.hostile())
    shown = r"a\x0a\x3a:error\x3a:x \x23#[group]y \x1b[31m \u202e \x23#vso[z] 100% caf\udce9"
    assert report == (
        f"{shown}:1:1: no-tmp-paths: {shown}\n"
        f"    fix: {shown}\n"
        f"nothing to check for other: {shown}\n"
        "1 finding in 1 file: 1 high\n"
    )


def test_many_rules_without_anything_to_judge_take_one_line() -> None:
    outcome = outcomes.of(Finding("no-tmp-paths", HIGH, "a", 1, 1, "x"), files=2, rules=tuple("abcdefg"))
    outcome.not_applicable = [(rule, f"there is no {rule}") for rule in "bcdefg"]
    assert text(outcome) == (
        "a:1:1: no-tmp-paths: x\n"
        "nothing to check for 6 of 7 rules; --format json says why for each\n"
        "1 finding in 2 files: 1 high\n"
    )


def test_many_rules_with_one_reason_tell_it() -> None:
    outcome = outcomes.of(rules=tuple("abcde"))
    outcome.not_applicable = [(rule, "nothing is committed or staged") for rule in "abcde"]
    assert text(outcome) == ("nothing to check for 5 of 5 rules: nothing is committed or staged\nnothing was checked\n")
