"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_config

from shipworthy import __version__
from shipworthy.config import load
from shipworthy.rules import ids
from shipworthy.statements import KEYS
from support import EXAMPLES, ROOT, command, run
from test_examples import repository_of

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The contents of the README's fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_output_it_opens_with_is_what_is_printed(tmp_path: Path) -> None:
    linked = re.search(r"\]\(tests/examples/([^)]+)\)", README)
    assert linked
    repository = repository_of(EXAMPLES / linked[1], tmp_path / "repository")
    process = run([*command("shipworthy"), "check"], repository)
    assert f"$ shipworthy check\n{process.stdout}" == blocks("console")[0]
    assert process.returncode == 1


def test_the_readiness_report_that_it_shows_is_what_is_printed(tmp_path: Path) -> None:
    [block] = [block for block in blocks("console") if block.startswith("$ shipworthy report\n")]
    [linked] = re.findall(r"\]\((tests/examples/production-readiness/[^)]+)\)", README)
    process = run([*command("shipworthy"), "report"], repository_of(ROOT / linked, tmp_path / "repository"))
    assert process.returncode == 0
    shown = [part for part in block.removeprefix("$ shipworthy report\n").split("...\n") if part]
    assert process.stdout.startswith(shown[0])
    places = [process.stdout.index(part) for part in shown]
    assert places == sorted(places)


@pytest.mark.parametrize("path", [".ci/run", ".github/workflows/ci.yml"])
def test_ci_runs_the_commands_of_the_readme(path: str) -> None:
    develop = next(block for block in blocks("console") if "[dev]" in block)
    lines = [line.strip().removeprefix("- run: ") for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    for part in develop.strip().split(" && "):
        assert part in lines


def test_the_configurations_to_paste_are_valid(tmp_path: Path) -> None:
    pasted = [block for block in blocks("yaml") if block.startswith("repos:")]
    assert pasted
    for block in pasted:
        (tmp_path / ".pre-commit-config.yaml").write_text(block, encoding="utf-8")
        [repository] = load_config(tmp_path / ".pre-commit-config.yaml")["repos"]
        assert repository["rev"] == f"v{__version__}"
        assert {hook["id"] for hook in repository["hooks"]} <= {"shipworthy", *ids()}


def test_the_example_of_a_configuration_is_accepted_and_has_every_key(tmp_path: Path) -> None:
    [block] = [block for block in blocks("yaml") if "not_services:" in block]
    (tmp_path / ".shipworthy.yaml").write_text(block, encoding="utf-8")
    config = load(str(tmp_path), None, ids())
    assert config.excludes("third-party-charts/redis/values.yaml")
    assert config.severities["no-tmp-paths"] == "high"
    assert set(yaml.safe_load(block)) == set(KEYS)


def test_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target
