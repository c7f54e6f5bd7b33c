"""The manifest is right for its clients, and every rule has everything that a rule must have."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from pre_commit.clientlib import load_manifest

from shipworthy.documentation import help_text
from shipworthy.rule import FILE, HOST, JUDGES, SEVERITIES, Rule
from shipworthy.rules import ids, load
from support import EXAMPLES, ROOT, SCRIPTS, matching, run, table

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
RULES: list[Rule] = [load(id).RULE for id in ids()]
FILE_RULES = [rule for rule in RULES if rule.scope == FILE]
OTHER_RULES = [rule for rule in RULES if rule.scope != FILE]
STAGES = ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
LONGEST_SUMMARY = 60
"""Characters. It is the hook's name, and the longest name makes the table of results as wide as itself."""
PARTS = ("Wrong::", "Right::", "When not to use it:", "Source:")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
each_file_rule = pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.id)


@cache
def hooks() -> dict[str, dict[str, Any]]:
    """The manifest's entries as pre-commit reads them, by id."""
    return {hook["id"]: hook for hook in load_manifest(MANIFEST)}


def test_prek_accepts_the_manifest() -> None:
    process = run([SCRIPTS / "prek", "validate-manifest", MANIFEST], ROOT)
    assert process.returncode == 0, process.stdout + process.stderr


def test_there_is_one_hook_for_each_rule_and_one_for_all() -> None:
    assert list(hooks()) == ["shipworthy", *ids()]


@pytest.mark.parametrize("id", ["shipworthy", *ids()])
def test_hooks_run_in_an_environment_of_their_own_at_every_stage_that_has_a_tree(id: str) -> None:
    hook = hooks()[id]
    is_manual = id in ids() and load(id).RULE.manual
    assert hook["language"] == "python"
    assert hook["stages"] == (["manual"] if is_manual else STAGES)
    assert hook["verbose"] == is_manual
    assert hook["minimum_pre_commit_version"] == "3.2.0"
    assert hook["args"] == []


@pytest.mark.parametrize("id", ["shipworthy", *(rule.id for rule in OTHER_RULES)])
def test_hooks_of_the_tree_and_of_the_host_run_once_and_also_when_files_are_only_deleted(id: str) -> None:
    hook = hooks()[id]
    assert hook["always_run"]
    assert hook["require_serial"]
    assert not hook["pass_filenames"]
    assert hook["files"] == ""


@each_file_rule
def test_hooks_of_files_take_the_files_of_their_rule(rule: Rule) -> None:
    hook = hooks()[rule.id]
    assert hook["files"] == rule.files
    assert hook["types"] == ["file"]
    assert hook["pass_filenames"]
    assert not hook["always_run"]
    assert not hook["require_serial"]


@each_rule
def test_the_hook_starts_the_command_of_the_same_name(rule: Rule) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert hooks()[rule.id]["entry"] == rule.id
    assert scripts[rule.id] == f"shipworthy.rules.{rule.id.replace('-', '_')}:main"


def test_every_command_is_a_rule() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert set(scripts) == {"shipworthy", *ids()}


@pytest.mark.parametrize("id", ids())
def test_a_rule_has_the_name_of_its_module(id: str) -> None:
    assert load(id).RULE.id == id
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id)


@each_rule
def test_the_record_is_complete(rule: Rule) -> None:
    assert rule.severity in SEVERITIES
    assert rule.scope in JUDGES
    assert rule.manual or rule.scope != HOST
    assert re.fullmatch(r"\d+\.\d+\.\d+", rule.since)
    assert rule.summary
    assert len(rule.summary) <= LONGEST_SUMMARY
    assert not rule.summary.endswith(".")
    assert bool(rule.files) == bool(rule.triggers) == (rule.scope == FILE)


@each_rule
def test_the_documentation_has_its_parts_in_order(rule: Rule) -> None:
    lines = help_text(rule.id).splitlines()
    assert re.fullmatch(r"\S.*\.", lines[0]), "the first line is the requirement, one sentence"
    assert lines.index("Wrong::") > 2, "why it matters stands between the requirement and the examples"
    headings = [line.partition(":")[0] for line in lines if line.startswith(PARTS)]
    assert headings == [part.partition(":")[0] for part in PARTS]


@each_rule
@pytest.mark.parametrize("name", ["FIRES", "SILENT"])
def test_the_rule_has_a_table_of_what_it_reports_and_of_what_it_leaves_alone(rule: Rule, name: str) -> None:
    assert table(rule.id, name)


@each_file_rule
def test_the_filter_takes_and_leaves_the_paths_that_the_rule_names(rule: Rule) -> None:
    takes, leaves = table(rule.id, "TAKES"), table(rule.id, "LEAVES")
    assert takes
    assert leaves
    assert matching(hooks()[rule.id]["files"], takes) == takes
    assert matching(hooks()[rule.id]["files"], leaves) == []


@each_rule
@pytest.mark.parametrize("kind", ["pass", "fail"])
def test_the_rule_has_an_example(rule: Rule, kind: str) -> None:
    cases = [case for case in (EXAMPLES / rule.id / kind).iterdir() if case.is_dir()]
    assert cases
    for case in cases:
        assert (case / "expected.txt").exists() == (kind == "fail")


def test_every_example_belongs_to_a_rule() -> None:
    assert {folder.name for folder in EXAMPLES.iterdir()} == set(ids())
