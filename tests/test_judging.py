"""Judging in several processes finds what judging in one finds, and says it in the same words."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipworthy.judging import judge_project
from shipworthy.options import Options
from shipworthy.outcome import Outcome
from shipworthy.project import Project
from shipworthy.rule import HIGH, REPOSITORY, Finding, NotApplicable, Rule
from shipworthy.rules import load, unasked
from shipworthy.run import open_project
from support import git, repository, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.judging import Checks

FILES: dict[str, str | bytes] = {
    "compose.yaml": "services:\n  api:\n    build: .\n    env_file: .env.production\n",
    "Dockerfile": "FROM python:3.12\nCOPY . /app\nCMD python /app/api.py\n",
    "api.py": "def pay(order):\n    raise NotImplementedError('payments')\n",
    "index.js": "import pay from './lost.js'\npay()\n",
    "run.sh": "PIDFILE=/tmp/api.pid\n",
    "README.md": "# API\n\nRun `./deploy.sh` to deploy it. The settings are in `config/production.yaml`.\n",
    "ignored.sh": "PIDFILE=/tmp/debug.pid  # shipworthy: ignore[pid-files-outside-tmp] a debugging aid\n"
    "true  # shipworthy: ignore[images-built, no-stubs] nothing is wrong here\n",
    "binary.sh": b"/tmp/\0",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A repository in which a rule of each kind finds something, and of which one file is not as committed."""
    root = repository(tmp_path / "repository", FILES)
    git(root, "add", "--all")
    write(root, {"run.sh": "changed, and not staged\n", "api.py": "changed, and not staged\n"})
    monkeypatch.chdir(root)
    return open_project(Options())


def all_checks() -> Checks:
    return [(module.RULE, module.check) for module in map(load, unasked())]


def said(outcome: Outcome) -> list[object]:
    outcome.sort()
    return [
        [(repr(finding), finding.severity, finding.fix, finding.details) for finding in outcome.findings],
        outcome.rules,
        outcome.not_applicable,
        outcome.unreadable,
        outcome.failures,
        outcome.suppressed,
        outcome.files,
    ]


@pytest.mark.parametrize("processes", [2, 3, 8])
@pytest.mark.parametrize("keep_ignored", [False, True])
def test_several_processes_say_what_one_says(project: Project, processes: int, keep_ignored: bool) -> None:
    expected = judge_project(all_checks(), open_project(Options()), keep_ignored=keep_ignored)
    outcome = judge_project(all_checks(), project, keep_ignored=keep_ignored, processes=processes)
    assert said(outcome) == said(expected)
    assert {finding.rule for finding in outcome.findings} >= {
        "documented-files",
        "env-files-committed",
        "imports-committed",
        "no-stubs",
        "pid-files-outside-tmp",
    }
    assert outcome.unreadable == {"binary.sh": "binary"}
    assert outcome.suppressed == (0 if keep_ignored else 1)


@pytest.mark.parametrize("full", [pytest.param(0, id="one rule at a time"), pytest.param(sys.maxsize, id="groups")])
@pytest.mark.parametrize("processes", [1, 2, 20])
def test_a_large_repository_is_judged_in_parts_that_say_the_same(
    project: Project, processes: int, full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = judge_project(all_checks(), open_project(Options()), keep_ignored=False)
    monkeypatch.setattr("shipworthy.project.LARGE", 3)
    monkeypatch.setattr("shipworthy.memory.FULL", full)
    outcome = judge_project(all_checks(), project, keep_ignored=False, processes=processes)
    assert said(outcome) == said(expected)


def test_of_a_large_repository_nothing_stays_in_memory(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from shipworthy.deployment.services import services

    asked: list[str] = []
    monkeypatch.setattr("shipworthy.project.LARGE", 3)
    monkeypatch.setattr("shipworthy.memory.FULL", sys.maxsize)
    checks = [one for one in all_checks() if one[0].scope == REPOSITORY]
    judge_project(checks, project, keep_ignored=True, processes=2, step=asked.append)
    assert (services in project._models) == (not hasattr(os, "fork"))
    assert asked[0] == f"part 1 of {len(asked)}"
    assert len(asked) > 5


def test_a_rule_that_is_apart_is_judged_in_a_process_of_its_own(project: Project) -> None:
    def checks() -> Iterator[tuple[Rule, object]]:
        for id in ("no-stubs", "images-built"):
            rule = Rule(id, "Who judges", severity=HIGH, scope=REPOSITORY, since="0", apart=id == "no-stubs")
            yield rule, lambda project, rule=rule: [rule.finding(project.file("api.py"), None, str(os.getpid()))]

    outcome = judge_project(list(checks()), project, keep_ignored=True, processes=2)  # type: ignore[arg-type]
    judged_by = {finding.rule: int(finding.message) for finding in outcome.findings}
    assert judged_by["images-built"] == os.getpid()
    assert (judged_by["no-stubs"] != os.getpid()) == hasattr(os, "fork")


def test_what_a_rule_says_instead_of_findings_comes_back(project: Project) -> None:
    def fails(project: Project) -> Iterator[Finding]:
        raise ValueError("a secret")

    def applies_to_nothing(project: Project) -> Iterator[Finding]:
        raise NotApplicable("there is nothing")

    def finds_nothing(project: Project) -> Iterator[Finding]:
        yield from ()

    rules = {"no-stubs": fails, "documented-files": applies_to_nothing, "images-built": finds_nothing}
    checks = [
        (Rule(id, "Says", severity=HIGH, scope=REPOSITORY, since="0", apart=id != "images-built"), check)
        for id, check in rules.items()
    ]
    outcome = judge_project(checks, project, keep_ignored=False, processes=3)
    assert outcome.not_applicable == [("documented-files", "there is nothing")]
    (failure,) = outcome.failures
    assert failure.startswith("no-stubs failed: ValueError in ")
    assert "secret" not in failure
    assert [finding.rule for finding in outcome.findings] == ["images-built"]  # of the ignore that names two rules


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no copies of a process")
def test_a_copy_that_dies_takes_no_finding_with_it(project: Project) -> None:
    here = os.getpid()

    def dies(project: Project) -> Iterator[Finding]:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        yield apart.finding(project.file("api.py"), None, "found all the same")

    def finds(project: Project) -> Iterator[Finding]:
        yield together.finding(project.file("ignored.sh"), project.file("ignored.sh").offset(2), "ignored")

    apart = Rule("no-stubs", "Dies", severity=HIGH, scope=REPOSITORY, since="0", apart=True)
    together = Rule("images-built", "Finds", severity=HIGH, scope=REPOSITORY, since="0")
    outcome = judge_project([(apart, dies), (together, finds)], project, keep_ignored=False, processes=2)
    found = [(finding.rule, finding.path) for finding in outcome.findings]
    assert ("no-stubs", "api.py") in found
    assert ("images-built", "ignored.sh") not in found
    assert outcome.suppressed == 1


def test_what_is_asked_meanwhile_is_asked_before_others_are_waited_for(project: Project) -> None:
    asked: list[str] = []
    judge_project(
        all_checks(), project, keep_ignored=True, processes=2, step=asked.append, meanwhile=lambda: asked.append("now")
    )
    assert asked[-1] == "now"
    assert "no-stubs" not in asked
    assert "images-built" in asked
