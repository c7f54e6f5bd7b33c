"""The ``shipworthy`` command."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from shipworthy import __version__
from shipworthy.cli import main
from shipworthy.documentation import help_text
from shipworthy.rule import HOST
from shipworthy.rules import ids, load, unasked
from support import git, repository, run, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a finding of each of two rules; it is the working directory."""
    files = {
        "deploy/api.service": "[Service]\nPIDFile=/tmp/api.pid\n",
        ".env.production": "UPLOAD_DIR=/tmp/uploads\n",
    }
    root = repository(tmp_path / "repository", files)
    monkeypatch.chdir(root)
    return root


def rules_found(capsys: pytest.CaptureFixture[str]) -> set[str]:
    return {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_check_runs_all_rules(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format=json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert {finding["rule"] for finding in report["findings"]} >= {"no-tmp-paths", "pid-files-outside-tmp"}
    assert report["checked"]["rules"] == list(unasked())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "no-tmp-paths"], {"no-tmp-paths"}),
        (["--select", "pid-files-outside-tmp, no-tmp-paths,"], {"no-tmp-paths", "pid-files-outside-tmp"}),
        (["--select", "no-tmp-paths,pid-files-outside-tmp", "--skip", "no-tmp-paths"], {"pid-files-outside-tmp"}),
    ],
)
def test_rules_can_be_selected_and_skipped(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], expected: set[str]
) -> None:
    assert main(["check", "--format=json", *options]) == 1
    assert rules_found(capsys) == expected


def test_check_judges_the_index_and_not_the_disk(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {".env.production": "A=1\n", "new.env": "UPLOAD_DIR=/tmp/uploads\n"})
    assert main(["check", "--format=json", "--select=no-tmp-paths"]) == 1
    assert [finding["path"] for finding in json.loads(capsys.readouterr().out)["findings"]] == [".env.production"]


def test_check_reports_from_the_root_in_a_subfolder(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root / "deploy")
    assert main(["check", "--format=json", "--select=pid-files-outside-tmp"]) == 1
    assert [finding["path"] for finding in json.loads(capsys.readouterr().out)["findings"]] == ["deploy/api.service"]


def test_files_named_to_check_are_not_needed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format=json", "--select=no-tmp-paths", "deploy/api.service"]) == 1
    assert rules_found(capsys) == {"no-tmp-paths"}


def test_submodules_and_links_are_no_files_to_judge(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "link.env").symlink_to(".env.production")
    git(root, "add", "link.env")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module.env")
    assert main(["check", "--format=json", "--select=no-tmp-paths"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [finding["path"] for finding in report["findings"]] == [".env.production"]
    assert report["unreadable"] == []


def test_binary_files_where_text_belongs_keep_no_rule_from_judging(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["Dockerfile", "compose.production.yaml", "k8s/a.yaml", "main.tf", "deploy/api.service", ".env"]
    monkeypatch.chdir(repository(tmp_path, dict.fromkeys(names, b"FROM node:22-slim\0\n")))
    assert main(["check"]) == 1
    assert "fault" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--select", "no-tmp-path"], "unknown rule 'no-tmp-path'; did you mean 'no-tmp-paths'?"),
        (["check", "--skip", "zzz"], "unknown rule 'zzz'; see them with: shipworthy rules"),
        (["check", "--select", ""], "no rule is left to check"),
        (["check", "--skip", ",".join(ids())], "no rule is left to check"),
        (["check", "--config", "missing"], "missing: No such file or directory"),
        (["explain", "no-tmp-path"], "unknown rule 'no-tmp-path'; did you mean 'no-tmp-paths'?"),
        (["explain", "x\x1b[1m"], r"unknown rule 'x\x1b[1m'; see them with: shipworthy rules"),
    ],
)
def test_what_keeps_the_command_from_answering(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"shipworthy: {said}\n")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["check", "--nonsense"], ["explain"], ["rules", "x"]])
def test_wrong_arguments(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["explain", "--help"], ["rules", "--help"]])
def test_help(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 0
    assert "usage: shipworthy" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "services"])
def test_outside_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("shipworthy: not a git repository")


def test_rules_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(ids())


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format=json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1
    assert [rule["id"] for rule in report["rules"]] == list(ids())
    assert set(report["rules"][0]) == {"id", "summary", "severity", "scope", "since", "fixes"}


@pytest.mark.parametrize("rule", ids())
def test_every_rule_explains_itself(capsys: pytest.CaptureFixture[str], rule: str) -> None:
    assert main(["explain", rule]) == 0
    said, record = capsys.readouterr().out, load(rule).RULE
    assert said.startswith(help_text(rule) + "\n")
    assert all(
        f"    {name} (default: {default}): {meaning}\n" in said for name, (default, meaning) in record.options.items()
    )
    assert (f"shipworthy: ignore[{rule}]" in said.removeprefix(help_text(rule))) == (record.scope != HOST)
    assert main(["explain", rule, "--format=json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["documentation"] == help_text(rule) != ""
    assert [option["name"] for option in report["options"]] == list(record.options)


def test_the_package_is_a_program(tmp_path: Path) -> None:
    process = run([sys.executable, "-m", "shipworthy", "--version"], tmp_path)
    assert (process.returncode, process.stdout, process.stderr) == (0, __version__ + "\n", "")
