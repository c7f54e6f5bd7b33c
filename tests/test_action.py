"""The GitHub action: all its steps are run, as GitHub's runner runs them.

Sources: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax and, of how the steps see each
other, .../contexts and .../expressions; ``bash --noprofile --norc -e -o pipefail`` is what ``shell: bash`` stands for.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import ROOT, SCRIPTS, commit, git, repository, run

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="its scripts are run by bash"),
    pytest.mark.skipif(not (SCRIPTS / "shipworthy").exists(), reason="the command is not installed"),
]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GOOD: dict[str, str | bytes] = {"a.env": "UPLOAD_DIR=/srv/uploads\n"}
BAD: dict[str, str | bytes] = {"a.env": "UPLOAD_DIR=/tmp/uploads\n"}
BROKEN: dict[str, str | bytes] = {".shipworthy.yaml": "nonsense: 1\n"}
FOUND = "::error file=a.env,line=1,col=12,title=no-tmp-paths::uploaded files are in /tmp"
_NAME = re.compile(r"'[^']*'|(cancelled|always|success|failure)\(\)|\b(?:inputs|steps|runner)\.[\w.-]+|&&|\|\||!(?!=)")


@dataclass
class Job:
    """A job that uses the action once: what each step did, and what the runner would know of it.

    Where ``installed``, the step that installs is not run; the command of the tests' own environment takes its place.
    """

    workspace: Path
    temporary: Path
    installed: bool = True
    uploads: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    failed: bool = False

    def use(self, **given: str) -> Job:
        """Run all steps of the action with these inputs, ``_`` for ``-``."""
        given = {name.replace("_", "-"): value for name, value in given.items()}
        assert set(given) <= set(ACTION["inputs"])
        for name, input in ACTION["inputs"].items():
            self.outputs[f"inputs.{name}"] = given.get(name, input["default"])
        self.outputs["runner.temp"] = str(self.temporary)
        self.temporary.mkdir(parents=True, exist_ok=True)
        for number, step in enumerate(ACTION["runs"]["steps"]):
            name = step.get("name", step.get("uses"))
            condition = str(step.get("if", "success()"))
            condition = (
                condition
                if re.search(r"(cancelled|always|success|failure)\(\)", condition)
                else f"({condition}) && success()"
            )
            outcome = self._outcome(number, step, name) if self._value(condition) else "skipped"
            self.outcomes[name] = self.outputs[f"steps.{step.get('id', number)}.outcome"] = outcome
            self.failed = self.failed or outcome == "failure"
        return self

    def _outcome(self, number: int, step: dict[str, Any], name: str) -> str:
        if "uses" in step:
            self.inputs[name] = {key: self._text(value) for key, value in step["with"].items()}
            if "id" in step:  # setup-python
                self.outputs[f"steps.{step['id']}.outputs.python-path"] = sys.executable
            return "success" if self.uploads or not step["uses"].startswith("github/") else "failure"
        if name == "Install" and self.installed:
            self.outputs["steps.install.outputs.command"] = str(SCRIPTS / "shipworthy")
            self.outputs["steps.install.outputs.libraries"] = ""
            return "success"
        script = self.temporary / "script of a step.sh"
        script.write_text(step["run"], encoding="utf-8")
        files = {key: self.temporary / f"{key} {number}" for key in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")}
        for file in files.values():
            file.write_bytes(b"")
        environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            **self.environment,
            **{key: str(file) for key, file in files.items()},
            **{key: self._text(value) for key, value in step.get("env", {}).items()},
        }
        words = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        process = run(words, self.workspace, environment=environment)
        self.log += process.stdout + process.stderr
        assert files["GITHUB_ENV"].read_bytes() == files["GITHUB_PATH"].read_bytes() == b"", "the job is left as it was"
        for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
            key, value = line.split("=", 1)
            self.outputs[f"steps.{step['id']}.outputs.{key}"] = value
        return "failure" if process.returncode else "success"

    def _text(self, value: object) -> str:
        """A value of the action's YAML, with what stands in ``${{ }}`` worked out."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: str(self._value(found[1])), text)

    def _value(self, expression: str) -> object:
        """What an expression of GitHub's says; Python has the same operators under other names."""
        said = {"&&": " and ", "||": " or ", "!": " not ", "cancelled()": "False", "always()": "True"}
        said |= {"success()": str(not self.failed), "failure()": str(self.failed)}

        def translated(found: re.Match[str]) -> str:
            name = found[0]
            return said[name] if name in said else name if name[0] == "'" else repr(self.outputs.get(name, ""))

        inside = re.sub(r"^\$\{\{ (.*) \}\}$", r"\1", expression)
        return eval(_NAME.sub(translated, inside), {"__builtins__": {}})


def results(job: Job) -> list[Any]:
    """What stands in the report that was handed over for the upload."""
    path = job.inputs["Upload"]["sarif_file"]
    report: list[Any] = json.loads(Path(path).read_text(encoding="utf-8"))["runs"][0]["results"]
    return report


@pytest.mark.parametrize(
    ("files", "outcome", "log"),
    [
        pytest.param(GOOD, "success", "no findings in 1 file\n", id="nothing to report"),
        pytest.param(BAD, "failure", FOUND, id="something to report"),
        pytest.param(BROKEN, "failure", "shipworthy: .shipworthy.yaml:1:1: unknown key", id="nothing can be checked"),
    ],
)
def test_findings_are_annotations(tmp_path: Path, files: dict[str, str | bytes], outcome: str, log: str) -> None:
    job = Job(repository(tmp_path / "repository", files), tmp_path / "temp").use(args="--select no-tmp-paths")
    assert job.outcomes["Check"] == outcome
    assert job.outcomes["Report"] == job.outcomes["Upload"] == "skipped"
    assert job.log.startswith(log)


@pytest.mark.parametrize(("files", "found"), [(GOOD, 0), (BAD, 1)], ids=["nothing to report", "something to report"])
def test_the_report_is_uploaded_also_where_the_job_fails(
    tmp_path: Path, files: dict[str, str | bytes], found: int
) -> None:
    job = Job(repository(tmp_path / "repository", files), tmp_path / "temp")
    job.use(upload_sarif="true", args="--select no-tmp-paths")
    assert job.failed == bool(found)
    assert job.outcomes["Upload"] == "success"
    assert job.inputs["Upload"]["category"] == "shipworthy"
    assert len(results(job)) == found
    assert ("a.env:1:12: no-tmp-paths: " in job.log) == bool(found), "the log shows them as text: GitHub annotates"


def test_findings_are_shown_where_the_upload_is_refused(tmp_path: Path) -> None:
    job = Job(repository(tmp_path / "repository", GOOD), tmp_path / "temp", uploads=False)
    assert job.use(upload_sarif="true", args="--select no-tmp-paths").failed
    job = Job(repository(tmp_path / "other", BAD), tmp_path / "temp", uploads=False)
    assert "a.env:1:12: no-tmp-paths: " in job.use(upload_sarif="true", args="--select no-tmp-paths").log


def test_nothing_is_uploaded_where_nothing_could_be_checked(tmp_path: Path) -> None:
    job = Job(repository(tmp_path / "repository", BROKEN), tmp_path / "temp").use(upload_sarif="true")
    assert (job.outcomes["Check"], job.outcomes["Report"], job.outcomes["Upload"]) == ("failure", "failure", "skipped")


@pytest.mark.parametrize(
    ("args", "outcome"),
    [
        pytest.param("--select no-tmp-paths,pid-files-outside-tmp --fail-on blocking", "failure", id="several options"),
        pytest.param(
            "--select no-tmp-paths,pid-files-outside-tmp\n--skip no-tmp-paths\n", "success", id="on lines of their own"
        ),
        pytest.param("--skip no-tmp-paths  --fail-on  blocking", "success", id="several spaces"),
    ],
)
def test_arguments_are_separated_at_spaces_and_lines(tmp_path: Path, args: str, outcome: str) -> None:
    job = Job(repository(tmp_path / "repository", BAD), tmp_path / "temp").use(args=args, upload_sarif="true")
    assert (job.outcomes["Check"], job.outcomes["Upload"]) == (outcome, "success"), job.log
    assert len(results(job)) == (outcome == "failure")


@pytest.mark.parametrize("upload", ["true", "false"])
def test_arguments_are_no_file_names(tmp_path: Path, upload: str) -> None:
    job = Job(repository(tmp_path / "repository", GOOD), tmp_path / "temp")
    job.use(args="--select *", upload_sarif=upload)
    unknown = "shipworthy: unknown rule '*'; see them with: shipworthy rules"
    assert job.log.splitlines() == [unknown] * (2 if upload == "true" else 1)
    assert job.failed


def test_only_the_word_true_uploads(tmp_path: Path) -> None:
    job = Job(repository(tmp_path / "repository", GOOD), tmp_path / "temp").use(upload_sarif="yes")
    assert job.outcomes["Upload"] == "skipped"


def test_the_python_that_is_asked_for_is_set_up_and_the_job_keeps_its_own(tmp_path: Path) -> None:
    job = Job(repository(tmp_path / "repository", GOOD), tmp_path / "temp").use(python_version="3.12")
    assert job.inputs["actions/setup-python@v6"] == {"python-version": "3.12", "update-environment": "false"}


def test_where_it_cannot_be_installed_nothing_is_checked(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    (tmp_path / "temp" / "shipworthy").write_text("where the environment should be")
    job = Job(repository(tmp_path / "repository", BAD), tmp_path / "temp", installed=False).use(upload_sarif="true")
    assert job.outcomes["Install"] == "failure"
    assert {job.outcomes[name] for name in ("Check", "Report", "Upload")} == {"skipped"}


@pytest.mark.clients
def test_the_whole_action_in_a_container(tmp_path: Path) -> None:
    """What `actions/checkout` leaves: one commit, no branch; the files are another user's, as git is told here."""
    origin = repository(tmp_path / "origin", {**BAD, "b.env": "A=1\n"})
    commit(origin)
    commit(origin, "Again", "--allow-empty")
    workspace = tmp_path / "a work space"
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin.as_uri(), workspace)
    git(workspace, "checkout", "--quiet", "--detach")
    stale = tmp_path / "a temp" / "shipworthy" / "lib" / "of-an-earlier-use"
    stale.mkdir(parents=True)
    job = Job(workspace, tmp_path / "a temp", installed=False)
    job.environment = {
        "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "LD_LIBRARY_PATH": "/nowhere",
    }
    job.use(upload_sarif="true", args="--select no-tmp-paths")
    assert job.outcomes["Install"] == "success", job.log
    assert "a.env:1:12: no-tmp-paths: " in job.log
    assert (job.outcomes["Check"], job.outcomes["Upload"]) == ("failure", "success")
    assert len(results(job)) == 1
    assert job.outputs["steps.install.outputs.command"] == str(stale.parents[1] / "bin" / "shipworthy")
    libraries = Path(sys.executable).parent.parent / "lib"
    assert job.outputs["steps.install.outputs.libraries"] == f"{libraries}:/nowhere"
    assert not stale.exists()
