"""What derives from the rules' records has not drifted, and drift is noticed."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from pre_commit.clientlib import load_manifest

from support import ROOT, project_copy, run

NEW_RULE = '''\
"""Ships have a name."""

from shipworthy.hook import executable
from shipworthy.rule import FILE, MEDIUM, Rule

RULE = Rule("zz-ship-names", "Ships | boats have a 'name'", severity=MEDIUM, scope=FILE, since="9.0.0",
            files=r"(?i)\\.ship$", triggers=[b"ship"])


def check(file):
    return []


main = executable(RULE, check)
'''


def derive(root: Path, *options: str) -> CompletedProcess[str]:
    return run([sys.executable, root / "scripts" / "derive.py", *options], root)


def test_nothing_has_drifted() -> None:
    process = derive(ROOT, "--check")
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which nothing has drifted."""
    directory = project_copy(tmp_path_factory.mktemp("derived") / "project")
    assert derive(directory).returncode == 0
    return directory


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        pytest.param(".pre-commit-hooks.yaml", "always_run: true", "always_run: false", id="a flag of a hook"),
        pytest.param(".pre-commit-hooks.yaml", "\n- id: no-tmp-paths\n", "\n- id: no-tmp\n", id="the id of a hook"),
        pytest.param("pyproject.toml", ".no_tmp_paths:main", ".no_tmp:main", id="a console script"),
        pytest.param("README.md", "| `no-tmp-paths` |", "| `no-tmp` |", id="a row of the table"),
    ],
)
def test_drift_is_named_and_mended(copy: Path, path: str, right: str, wrong: str) -> None:
    before = (copy / path).read_bytes()
    changed = before.replace(right.encode(), wrong.encode(), 1)
    assert changed != before
    (copy / path).write_bytes(changed)
    checked = derive(copy, "--check")
    assert checked.returncode == 1
    assert [line.partition(":")[0] for line in checked.stdout.splitlines()] == [path]
    assert (copy / path).read_bytes() == changed
    assert derive(copy).returncode == 0
    assert (copy / path).read_bytes() == before


def test_a_new_rule_needs_nothing_by_hand(copy: Path) -> None:
    module = copy / "hooks" / "shipworthy" / "rules" / "zz_ship_names.py"
    module.write_text(NEW_RULE, encoding="utf-8")
    assert derive(copy, "--check").returncode == 1
    assert derive(copy).returncode == 0
    assert derive(copy, "--check").returncode == 0
    hook = load_manifest(copy / ".pre-commit-hooks.yaml")[-1]
    assert (hook["id"], hook["name"], hook["files"]) == ("zz-ship-names", "Ships | boats have a 'name'", r"(?i)\.ship$")
    scripts = (copy / "pyproject.toml").read_text(encoding="utf-8")
    assert 'zz-ship-names = "shipworthy.rules.zz_ship_names:main"\n' in scripts
    table = (copy / "README.md").read_text(encoding="utf-8")
    assert "| `zz-ship-names` | Ships \\| boats have a 'name' | each file | medium |\n" in table
    module.unlink()
    assert derive(copy).returncode == 0


def test_the_hook_of_a_rule_on_request_has_the_stage_for_it(copy: Path) -> None:
    module = copy / "hooks" / "shipworthy" / "rules" / "zz_ship_names.py"
    on_request = NEW_RULE.replace("scope=FILE", "scope=HOST, manual=True").replace("import FILE", "import HOST")
    module.write_text(on_request.replace('files=r"(?i)\\.ship$", triggers=[b"ship"]', ""), encoding="utf-8")
    assert derive(copy).returncode == 0
    hook = load_manifest(copy / ".pre-commit-hooks.yaml")[-1]
    assert (hook["stages"], hook["always_run"], hook["pass_filenames"]) == (["manual"], True, False)
    table = (copy / "README.md").read_text(encoding="utf-8")
    assert "| this host | medium |\n" in table
    module.unlink()
    assert derive(copy).returncode == 0


def test_a_lost_marker_is_said(copy: Path) -> None:
    readme = copy / "README.md"
    before = readme.read_bytes()
    readme.write_bytes(before.replace(b"begin: written by", b"written by"))
    process = derive(copy)
    assert process.returncode == 1
    assert process.stderr.startswith("README.md: needs one line with")
    readme.write_bytes(before)
