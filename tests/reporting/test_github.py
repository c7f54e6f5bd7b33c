from __future__ import annotations

import outcomes
from shipworthy.outcome import Outcome
from shipworthy.reporting import render
from shipworthy.rule import HIGH, Finding


def github(outcome: Outcome) -> str:
    return render(outcome, "github")


def test_a_command_for_each_finding() -> None:
    assert github(outcomes.every_severity()) == (
        "::error file=a.yml,line=1,col=2,title=no-tmp-paths::is blocking%0Afix: mend it\n"
        "::error file=a.yml,line=2,col=2,title=no-tmp-paths::is high\n"
        "::warning file=a.yml,line=3,col=2,title=no-tmp-paths::is medium\n"
        "::notice file=a.yml,line=4,col=2,title=no-tmp-paths::is info\n"
        "4 findings in 1 file: 1 blocking, 1 high, 1 medium, 1 info\n"
    )


def test_without_findings() -> None:
    assert github(outcomes.of()) == "no findings in 1 file\n"


def test_what_separates_properties_is_escaped_in_them() -> None:
    finding = Finding("no-tmp-paths", HIGH, "a,line=9::b%0A.yml", 1, 1, "100%0A")
    assert github(outcomes.of(finding)).startswith(
        "::error file=a%2Cline=9\\x3a%3Ab%250A.yml,line=1,col=1,title=no-tmp-paths::100%250A\n"
    )


def test_a_hostile_repository_can_give_no_command() -> None:
    report = github(outcomes.hostile())
    first, *rest = report.splitlines()
    assert rest == ["1 finding in 1 file: 1 high"]
    assert first.startswith("::error file=a\\x0a\\x3a%3Aerror\\x3a%3Ax")
    assert first.count("::error") == 1
    assert "##[" not in report
    assert "##vso[" not in report
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert report.count("%0A") == 1
