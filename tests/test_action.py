"""The scripts of the GitHub action, run as GitHub runs them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from support import ROOT, SCRIPTS, repository, run

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="its scripts are run by bash"),
    pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed"),
]
STEPS: list[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
CHECK, CHECK_SARIF, JUDGE = (step for step in STEPS if step.get("name") in ("Check", "Judge"))
GOOD: dict[str, str | bytes] = {"a.env": "UPLOAD_DIR=/srv/uploads\n"}
BAD: dict[str, str | bytes] = {"a.env": "UPLOAD_DIR=/tmp/uploads\n"}


def step(step: dict[str, Any], root: Path, **variables: str) -> CompletedProcess[str]:
    environment = {"SHIPWORTHY": str(SCRIPTS / "shipworthy"), "RUNNER_TEMP": str(root.parent), **variables}
    return run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], root, environment=environment)


def test_annotations(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", BAD)
    process = step(CHECK, root, ARGS="--select no-tmp-paths")
    assert process.returncode == 1
    assert process.stdout.startswith("::error file=a.env,line=1,")


def test_arguments_are_no_file_names(tmp_path: Path) -> None:
    process = step(CHECK, repository(tmp_path / "repository", GOOD), ARGS="--select *")
    assert (process.returncode, process.stderr.splitlines()[0]) == (
        2,
        "shipworthy: unknown rule '*'; see them with: shipworthy rules",
    )


@pytest.mark.parametrize(("files", "code"), [(GOOD, "0"), (BAD, "1")], ids=["nothing to report", "something to report"])
def test_the_report_is_uploaded_before_the_job_fails(tmp_path: Path, files: dict[str, str | bytes], code: str) -> None:
    root = repository(tmp_path / "repository", files)
    output = tmp_path / "output"
    process = step(CHECK_SARIF, root, ARGS="--select no-tmp-paths", GITHUB_OUTPUT=str(output))
    assert process.returncode == 0
    assert output.read_text(encoding="utf-8") == f"code={code}\n"
    results = json.loads((tmp_path / "shipworthy.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert len(results) == int(code)
    assert step(JUDGE, root, CODE=code).returncode == int(code)


def test_nothing_is_uploaded_where_nothing_could_be_checked(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", {".shipworthy.yaml": "nonsense: 1\n"})
    assert step(CHECK_SARIF, root, ARGS="", GITHUB_OUTPUT=str(tmp_path / "output")).returncode != 0
