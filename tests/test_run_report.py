"""``shipworthy report`` from outside."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from readinesses import WHOLE
from shipworthy.options import Options
from shipworthy.reporting.readiness import render
from shipworthy.run import open_project
from shipworthy.run_report import report_of
from support import command, git, repository, run, write

BROKEN = {"Dockerfile": 'FROM node\nCMD ["node", "index.js"]\n'}


def report(root: Path, *arguments: str, **environment: str) -> CompletedProcess[str]:
    return run([*command("shipworthy"), "report", *arguments], root, environment=environment)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "repository", dict(WHOLE))


def test_it_prints_the_report(root: Path) -> None:
    process = report(root)
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith("Production readiness: No known gaps · 100 % of what could be judged\n")
    assert "\x1b" not in process.stdout


@pytest.mark.parametrize("format", ["text", "markdown", "json", "html", "svg"])
def test_the_same_tree_gives_the_same_bytes(root: Path, tmp_path: Path, format: str) -> None:
    first = report(root, "--format", format)
    other = repository(tmp_path / "elsewhere", dict(reversed(WHOLE.items())))
    assert report(other, "--format", format, PYTHONHASHSEED="7", TZ="Asia/Tokyo").stdout == first.stdout
    assert first.stdout.endswith("\n")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("READINESS.md", "<!-- written by shipworthy report"),
        ("readiness.html", "<!doctype html>"),
        ("readiness.json", '{\n  "version": 1'),
        ("badge.svg", "<svg "),
        ("report.txt", "Production readiness"),
    ],
)
def test_a_file_is_written_in_the_format_that_its_ending_says(root: Path, name: str, beginning: str) -> None:
    process = report(root, "-o", name)
    assert (process.returncode, process.stdout) == (0, "")
    assert (root / name).read_text(encoding="utf-8").startswith(beginning)
    assert report(root, "-o", name).returncode == 0


def test_no_file_is_written_over_that_is_no_report(root: Path) -> None:
    process = report(root, "-o", "README.md")
    assert (process.returncode, process.stderr) == (2, "shipworthy: README.md is no report, and is left as it is\n")
    assert (root / "README.md").read_text(encoding="utf-8") == WHOLE["README.md"]


def test_a_committed_report_is_up_to_date_until_the_tree_changes(root: Path) -> None:
    assert report(root, "-o", "READINESS.md").returncode == 0
    before = report(root, "--check", "READINESS.md")
    assert (before.returncode, before.stdout.splitlines()[0]) == (
        1,
        "READINESS.md: not committed; to write it: shipworthy report -o READINESS.md",
    )
    git(root, "add", "READINESS.md")
    assert (report(root, "--check", "READINESS.md").stdout, report(root, "--check", "READINESS.md").returncode) == (
        "READINESS.md: up to date\n",
        0,
    )
    write(root, dict(BROKEN))
    git(root, "add", "Dockerfile")
    after = report(root, "--check", "READINESS.md")
    assert after.returncode == 1
    assert after.stdout.startswith("READINESS.md: out of date; to write it anew: shipworthy report -o READINESS.md\n")
    assert "+| Dockerfiles | partial |" in after.stdout


def test_what_is_committed_counts_and_not_what_is_on_disk(root: Path) -> None:
    report(root, "-o", "READINESS.md")
    git(root, "add", "READINESS.md")
    write(root, {"READINESS.md": "# Ready\n", "notes.md": "# Notes\n"})
    assert report(root, "--check", "READINESS.md").returncode == 0


def test_it_says_what_has_changed(root: Path) -> None:
    report(root, "-o", "before.json")
    assert "Before: No known gaps, 100 %; nothing has changed since" in report(root, "--compare", "before.json").stdout
    write(root, dict(BROKEN))
    git(root, "add", "Dockerfile")
    changed = json.loads(report(root, "--compare", "before.json", "--format", "json").stdout)["comparison"]
    assert (changed["verdict"], changed["percent"]) == ("no known gaps", 100)
    assert [component["id"] for component in changed["components"]] == ["dockerfiles"]
    assert changed["components"][0]["before"] == {"status": "complete", "percent": 100}
    assert {gap["rule"] for gap in changed["appeared"]} == {"production-dockerfiles"}
    assert changed["closed"] == []
    report(root, "-o", "broken.json")
    write(root, {"Dockerfile": WHOLE["Dockerfile"]})
    git(root, "add", "Dockerfile")
    text = report(root, "--compare", "broken.json").stdout
    assert "→ complete 100 %" in text
    assert "- high: Dockerfile:1: production-dockerfiles" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("no JSON", "no JSON", id="no JSON"),
        pytest.param("[1]", "no readiness report", id="a list"),
        pytest.param('{"version": 2}', "no readiness report of version 1", id="another version"),
        pytest.param('{"version": 1, "findings": []}', "verdict is no text", id="another report"),
        pytest.param("[" * 100_000, "no JSON", id="deeply nested"),
    ],
)
def test_what_is_no_earlier_report_is_said_in_a_line(root: Path, text: str, message: str) -> None:
    (root / "old.json").write_text(text, encoding="utf-8")
    process = report(root, "--compare", "old.json")
    assert (process.returncode, process.stderr) == (2, f"shipworthy: old.json: {message}\n")


def test_an_earlier_report_that_is_not_there_is_said(root: Path) -> None:
    process = report(root, "--compare", "nowhere.json")
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("shipworthy: nowhere.json: ")


@pytest.mark.parametrize(
    ("files", "least", "code", "said"),
    [
        pytest.param({}, "100", 0, "", id="at the threshold"),
        pytest.param({"Dockerfile": BROKEN["Dockerfile"]}, "99", 1, "is under 99 %", id="under it"),
        pytest.param(
            {"deploy/env": "", "compose.prod.yaml": "services:\n  api:\n    build: nowhere\n"},
            "0",
            1,
            "a gap is blocking, whatever the percent is",
            id="over it, and blocked",
        ),
    ],
)
def test_the_threshold(root: Path, files: dict[str, Any], least: str, code: int, said: str) -> None:
    write(root, files)
    git(root, "add", "--all")
    process = report(root, "--fail-under", least)
    assert process.returncode == code, process.stderr
    assert said in process.stderr


def test_nothing_is_above_a_threshold_where_nothing_could_be_judged(tmp_path: Path) -> None:
    process = report(repository(tmp_path, {}), "--fail-under", "0")
    assert process.returncode == 1
    assert process.stdout == "Production readiness: Nothing to judge\nNothing is committed or staged.\n"
    assert process.stderr == "shipworthy: nothing could be judged, so nothing is above 0 %\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-under", "101"], "argument --fail-under: '101' is no percent from 0 to 100"),
        (["--fail-under", "ten"], "argument --fail-under: 'ten' is no percent from 0 to 100"),
        (["--format", "pdf"], "argument --format: invalid choice: 'pdf'"),
        (["--check", "a.md", "-o", "b.md"], "--check writes nothing and compares nothing"),
    ],
)
def test_wrong_arguments_are_said_in_a_line(root: Path, arguments: list[str], message: str) -> None:
    process = report(root, *arguments)
    assert (process.returncode, process.stdout) == (2, "")
    assert message in process.stderr
    assert process.stderr.count("\n") == 1


def test_outside_of_a_repository(tmp_path: Path) -> None:
    process = report(tmp_path)
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith("shipworthy: ")


@pytest.mark.parametrize("full", [pytest.param(0, id="one part at a time"), pytest.param(10**12, id="groups")])
def test_the_report_of_a_large_repository_is_made_in_parts_and_says_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch, full: int
) -> None:
    monkeypatch.chdir(root)
    expected = render(report_of(open_project(Options())), "json")
    monkeypatch.setattr("shipworthy.project.LARGE", 3)
    monkeypatch.setattr("shipworthy.memory.FULL", full)
    monkeypatch.setattr("shipworthy.readiness.build._MOST_ROWS", 1)
    assert render(report_of(open_project(Options()), processes=2), "json") == expected


def test_a_baseline_hides_no_gap(root: Path) -> None:
    write(root, dict(BROKEN))
    git(root, "add", "--all")
    before = report(root).stdout
    assert run([*command("shipworthy"), "baseline"], root).returncode == 0
    assert report(root).stdout == before
