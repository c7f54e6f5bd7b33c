"""The baseline: what is in it is counted and not reported, and it survives moved lines and merged branches."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.baseline import HEADER, Baseline, baseline_of, parse_baseline
from shipworthy.cli import main
from shipworthy.config import BASELINE_NAME, ConfigError
from shipworthy.outcome import Outcome
from shipworthy.rule import HIGH, Finding
from shipworthy.rules import ids
from shipworthy.rules.no_tmp_paths import main as no_tmp_paths
from support import command, commit, git, repository, run, write
from test_run import UNION, findings_of, union_of_single_hooks

OLD = "UPLOAD_DIR=/tmp/uploads\n"
NEW = "MODEL_DIR=/tmp/models\n"
PID = "[Service]\nPIDFile=/tmp/api.pid\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one finding that is in the baseline; it is the working directory."""
    root = repository(tmp_path / "repository", {"deploy/api.vars": OLD})
    monkeypatch.chdir(root)
    assert main(["baseline"]) == 0
    return root


def report(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """The JSON report of ``shipworthy check``, by the two rules that these tests are about."""
    capsys.readouterr()
    main(["check", "--select=no-tmp-paths,pid-files-outside-tmp", "--format=json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def lines(report: dict[str, Any]) -> list[tuple[str, int]]:
    return [(finding["path"], finding["line"]) for finding in report["findings"]]


def stage(root: Path, files: dict[str, str | bytes]) -> None:
    write(root, files)
    git(root, "add", "--all")


def test_it_holds_rule_path_and_hash_one_finding_a_line(root: Path) -> None:
    stage(root, {"a name.vars": OLD, "caf\udce9.vars": OLD, "日本.vars": OLD, "x.service": PID})
    assert main(["baseline"]) == 0
    text = (root / BASELINE_NAME).read_text(encoding="utf-8")
    header, *entries = text.splitlines()
    assert header + "\n" == HEADER
    assert [entry.rpartition(" ")[0] for entry in entries] == [
        "no-tmp-paths a%20name.vars",
        "no-tmp-paths caf%E9.vars",
        "no-tmp-paths deploy/api.vars",
        "no-tmp-paths %E6%97%A5%E6%9C%AC.vars",
        "pid-files-outside-tmp x.service",
    ]
    assert all(len(entry.rpartition(" ")[2]) == 32 for entry in entries)


def test_what_is_in_it_is_counted_and_fails_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["check", "--select=no-tmp-paths"]) == 0
    assert capsys.readouterr() == ("no findings in 1 file, 1 in the baseline\n", "")
    assert no_tmp_paths(["deploy/api.vars"]) == 0
    assert capsys.readouterr().out == "no findings in 1 file, 1 in the baseline\n"
    assert report(capsys)["in_baseline"] == 1


def test_what_is_new_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(root, {"deploy/api.vars": NEW + OLD})
    found = report(capsys)
    assert lines(found) == [("deploy/api.vars", 1)]
    assert found["in_baseline"] == 1


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        pytest.param("# a comment\n\n" + OLD, [], id="the line moved"),
        pytest.param("  UPLOAD_DIR=/tmp/uploads  \r\n", [], id="its white space changed"),
        pytest.param(OLD + OLD, [2], id="another equal line was added"),
        pytest.param("UPLOAD_DIR=/tmp/uploaded\n", [1], id="the line itself changed"),
    ],
)
def test_a_line_is_known_by_what_it_says(
    root: Path, capsys: pytest.CaptureFixture[str], content: str, reported: list[int]
) -> None:
    stage(root, {"deploy/api.vars": content})
    assert [line for _, line in lines(report(capsys))] == reported


def test_equal_lines_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(root, {"deploy/api.vars": OLD * 3})
    assert main(["baseline"]) == 0
    entries = (root / BASELINE_NAME).read_text(encoding="utf-8").splitlines()[1:]
    assert [entry.split()[3:] for entry in entries] == [[], ["2"], ["3"]]
    assert report(capsys)["in_baseline"] == 3
    stage(root, {"deploy/api.vars": OLD * 4})
    assert lines(report(capsys)) == [("deploy/api.vars", 4)]


def test_no_ignores_shows_what_is_in_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, "--no-ignores")
    assert (lines(found), found["in_baseline"]) == ([("deploy/api.vars", 1)], 0)


def test_another_file_can_be_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / BASELINE_NAME).rename(root / "elsewhere.txt")
    assert lines(report(capsys)) == [("deploy/api.vars", 1)]
    assert lines(report(capsys, "--baseline", "elsewhere.txt")) == []


def test_it_is_found_in_the_root_from_a_subfolder(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (root / BASELINE_NAME).read_bytes()
    (root / BASELINE_NAME).unlink()
    monkeypatch.chdir(root / "deploy")
    assert main(["baseline"]) == 0
    assert (root / BASELINE_NAME).read_bytes() == before
    assert lines(report(capsys)) == []


def test_what_is_fixed_is_said_and_removed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(root, {"deploy/api.vars": OLD * 2, "other.vars": OLD})
    assert main(["baseline"]) == 0
    stage(root, {"deploy/api.vars": OLD, "other.vars": "A=1\n", "new.vars": NEW})
    capsys.readouterr()
    assert main(["check", "--select=no-tmp-paths"]) == 1
    assert capsys.readouterr().err == (
        "shipworthy: 2 entries of the baseline are fixed; to remove them: shipworthy baseline --prune\n"
    )
    assert main(["baseline", "--prune"]) == 0
    assert capsys.readouterr().out == f"{BASELINE_NAME}: 1 entry, 2 removed\n"
    assert main(["check", "--select=no-tmp-paths"]) == 1
    assert capsys.readouterr().err == ""
    assert lines(report(capsys)) == [("new.vars", 1)]


def test_rules_that_are_left_out_say_nothing_about_their_entries(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(root, {"deploy/api.vars": "A=1\n"})
    assert main(["check", "--select=pid-files-outside-tmp"]) == 0
    assert "fixed" not in capsys.readouterr().err
    assert no_tmp_paths(["deploy/api.vars"]) == 0
    assert "fixed" not in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_not_fixed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(root, {"deploy/api.vars": b"/tmp\0"})
    capsys.readouterr()
    assert main(["baseline", "--prune"]) == 0
    assert capsys.readouterr().out == f"{BASELINE_NAME}: 1 entry, 0 removed\n"


def test_branches_merge(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both branches add entries at the same place, one of them the same; git keeps the lines of both."""
    stage(root, {".gitattributes": f"{BASELINE_NAME} merge=union\n"})
    git(root, "add", "--all")
    commit(root)
    git(root, "checkout", "--quiet", "-b", "other")
    stage(root, {"b.vars": OLD, "both.vars": OLD})
    assert main(["baseline"]) == 0
    git(root, "add", "--all")
    commit(root)
    git(root, "checkout", "--quiet", "main")
    stage(root, {"a.vars": OLD, "both.vars": OLD})
    assert main(["baseline"]) == 0
    git(root, "add", "--all")
    commit(root)
    git(root, "merge", "--quiet", "--no-edit", "other")
    assert "b.vars" in (root / BASELINE_NAME).read_text(encoding="utf-8")
    found = report(capsys)
    assert (lines(found), found["in_baseline"]) == ([], 4)
    stage(root, {"both.vars": OLD * 2})
    assert lines(report(capsys)) == [("both.vars", 2)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("no-tmp-paths a.vars\n", ":1:1: not an entry of a baseline", id="an entry without a hash"),
        pytest.param(HEADER + "\n<<<<<<< ours\n", ":3:1: a merge conflict: keep the lines of both", id="a conflict"),
        pytest.param(">>>>>>> a/b theirs x\n", ":1:1: a merge conflict", id="the end of a conflict"),
        pytest.param(f"a b {'0' * 32} x\n", ":1:1: not an entry of a baseline", id="a number that is none"),
        pytest.param(b"\xff\xfe\n", ": not UTF-8", id="no text"),
    ],
)
def test_a_wrong_baseline_is_exit_code_2(
    root: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, said: str
) -> None:
    write(root, {BASELINE_NAME: content})
    capsys.readouterr()
    assert main(["check", "--select=no-tmp-paths"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"shipworthy: {BASELINE_NAME}{said}")
    assert err.count("\n") == 1
    assert main(["baseline"]) == 0  # written anew, it is right


def test_a_named_baseline_must_be_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--baseline=missing"]) == 2
    assert capsys.readouterr().err == "shipworthy: missing: No such file or directory\n"
    assert main(["baseline", "--prune", "-o", "missing"]) == 2


def test_a_link_out_of_the_repository_is_not_followed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / BASELINE_NAME).rename(root.parent / "outside")
    (root / BASELINE_NAME).symlink_to("../outside")
    assert main(["check", "--select=no-tmp-paths"]) == 2
    assert capsys.readouterr().err.startswith(f"shipworthy: {BASELINE_NAME}: a symbolic link out of the repository\n")
    before = (root.parent / "outside").read_bytes()
    stage(root, {"new.vars": NEW})
    assert main(["baseline"]) == 0
    assert (root.parent / "outside").read_bytes() == before


def test_no_other_file_is_overwritten(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"README.md": "# Read me\n\nIt is good.\n"})
    assert main(["baseline", "-o", "README.md"]) == 2
    assert capsys.readouterr().err == "shipworthy: README.md is no baseline, and is left as it is\n"
    assert (root / "README.md").read_text(encoding="utf-8") == "# Read me\n\nIt is good.\n"


def test_a_file_that_cannot_be_written_is_exit_code_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["baseline", "-o", "missing/folder/baseline"]) == 2
    assert capsys.readouterr().err == "shipworthy: cannot write missing/folder/baseline: no such file or directory\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_it_can_be_read_by_everybody_who_reads_the_repository(root: Path) -> None:
    (root / BASELINE_NAME).unlink()
    umask = os.umask(0o022)
    try:
        assert main(["baseline"]) == 0
    finally:
        os.umask(umask)
    assert (root / BASELINE_NAME).stat().st_mode & 0o777 == 0o644


def test_the_single_hooks_and_the_command_agree_about_it(tmp_path: Path) -> None:
    root = repository(tmp_path, UNION)
    before = findings_of([*command("shipworthy"), "check"], root)
    assert run([*command("shipworthy"), "baseline"], root).returncode == 0
    git(root, "add", "--all")
    assert findings_of([*command("shipworthy"), "check"], root) == []
    assert union_of_single_hooks(root) == set()
    text = (root / BASELINE_NAME).read_text(encoding="utf-8")
    entries = text.splitlines(keepends=True)
    assert len(entries) == len(before) + 1
    write(root, {BASELINE_NAME: "".join(entries[::2])})
    git(root, "add", "--all")
    remaining = findings_of([*command("shipworthy"), "check"], root)
    assert 0 < len(remaining) < len(before)
    assert set(remaining) == union_of_single_hooks(root)


KEYS = st.tuples(
    st.sampled_from(ids()),
    st.binary(min_size=1).map(lambda name: name.decode("utf-8", "surrogateescape")),
    st.text("0123456789abcdef", min_size=32, max_size=32),
)


@given(st.dictionaries(KEYS, st.integers(1, 4)))
def test_what_is_written_is_read_back(entries: dict[tuple[str, str, str], int]) -> None:
    text = Baseline(Counter(entries)).text()
    assert parse_baseline(text, "x").entries == Counter(entries)
    doubled_and_backwards = "".join(text.splitlines(keepends=True)[::-1] * 2)
    assert parse_baseline(doubled_and_backwards, "x").entries == Counter(entries)


@given(st.text() | st.text(f"ab% #2\n{'0' * 8}"))
def test_any_text_is_a_baseline_or_an_error_with_its_place(text: str) -> None:
    try:
        baseline = parse_baseline(text, "x")
    except ConfigError as error:
        assert str(error).startswith("x:")
    else:
        assert parse_baseline(baseline.text(), "x").entries == baseline.entries


def test_findings_of_a_rule_that_is_no_more_are_pruned() -> None:
    outcome = Outcome(ids())
    finding = Finding("no-tmp-paths", HIGH, "a", 1, 1, "x")
    outcome.findings = [finding]
    outcome.fingerprints = {finding: "0" * 32}
    old = Baseline(baseline_of(outcome).entries + Counter({("no-such-rule", "a", "1" * 32): 1}))
    assert list(old.pruned(outcome).entries) == [("no-tmp-paths", "a", "0" * 32)]
    outcome.rules = ("no-tmp-paths",)
    assert old.pruned(outcome).entries == old.entries
