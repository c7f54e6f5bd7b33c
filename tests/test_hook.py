"""How a rule becomes an executable: what happens before there is a reason to do anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shipworthy.file import File
from shipworthy.hook import LARGEST_FILE, executable, has_no_trigger, has_trigger, read_file, root_of
from shipworthy.rule import FILE, HIGH, REPOSITORY, Finding, Rule
from shipworthy.rules import ids, load
from support import command, git, repository, run, write

RULE = Rule("words", "No bad words", severity=HIGH, scope=FILE, files=r"\.txt$", triggers=[b"bad", b"evil"], since="0")
HEAVY = {"argparse", "ast", "collections", "dataclasses", "enum", "json", "re", "subprocess", "typing", "yaml"}


def unexpected(file: File) -> list[Finding]:
    raise AssertionError("there was no reason to ask the rule")


def fast(*arguments: str) -> int:
    return executable(RULE, unexpected)(arguments)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "repository", {"good.txt": "good", "bad.txt": "a bad word", "sub/good.txt": "good"})
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("rule", [rule for rule in ids() if load(rule).RULE.scope == FILE])
def test_a_file_hook_without_a_trigger_imports_nothing_but_its_rule(root: Path, rule: str) -> None:
    module = rule.replace("-", "_")
    program = (
        "import sys; before = set(sys.modules)\n"
        f"from shipworthy.rules.{module} import main\n"
        "code = main(['good.txt'])\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    process = run([sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{program}"], root)
    assert (process.returncode, process.stdout) == (0, "no findings in 1 file\n")
    imported = set(process.stderr.split())
    assert {name for name in imported if name.startswith("shipworthy.rules.")} == {f"shipworthy.rules.{module}"}
    assert not imported & HEAVY
    assert not {name for name in imported if name.startswith("shipworthy.") and name.count(".") > 2}
    assert not imported & {"shipworthy.run", "shipworthy.file", "shipworthy.formats", "shipworthy.reporting"}


def test_the_count_of_files_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fast("good.txt", "sub/good.txt") == 0
    assert capsys.readouterr().out == "no findings in 2 files\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["good.txt"], True, id="a file without triggers"),
        pytest.param(["good.txt", "bad.txt"], False, id="a file with a trigger behind one without"),
        pytest.param([], False, id="no file"),
        pytest.param(["--version", "good.txt"], False, id="an option"),
        pytest.param(["absent.txt"], False, id="a file that is not there"),
        pytest.param(["sub"], False, id="a folder"),
        pytest.param(["link.txt"], False, id="a link"),
        pytest.param(["pipe.txt"], False, id="a pipe, which nobody writes to"),
        pytest.param(["huge.txt"], False, id="a file that is too large"),
        pytest.param(["ignore.txt"], False, id="a file with an inline ignore, which may be wrong"),
        pytest.param([".shipworthy.yaml"], False, id="the configuration, which may be wrong"),
        pytest.param(["../outside.txt"], False, id="a file outside the repository"),
        pytest.param(["a\0b"], False, id="a name that no file can have"),
    ],
)
def test_whether_nothing_can_be_found_is_told_without_the_rule(
    root: Path, arguments: list[str], expected: bool
) -> None:
    write(root, {"huge.txt": b" " * (LARGEST_FILE + 1), "ignore.txt": "# shipworthy: ignore[words] x"})
    write(root, {".shipworthy.yaml": "exclde: a\n"})
    write(root.parent, {"outside.txt": "good"})
    (root / "link.txt").symlink_to("good.txt")
    os.mkfifo(root / "pipe.txt")
    assert has_no_trigger(RULE, arguments) is expected


@pytest.mark.parametrize("text", ["temporary: {directories: /scratch}\n", '"temporary" : {directories: /scratch}\n'])
def test_directories_that_the_configuration_states_are_triggers_too(root: Path, text: str) -> None:
    write(root, {".shipworthy.yaml": text})
    assert not has_no_trigger(RULE, ["good.txt"])


def test_outside_of_a_repository_there_is_always_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"good.txt": "good"})
    monkeypatch.chdir(tmp_path)
    assert not has_no_trigger(RULE, ["good.txt"])


def test_a_repository_rule_has_no_fast_path(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = Rule("tree", "A tree", severity=HIGH, scope=REPOSITORY, since="0")
    assert executable(rule, lambda project: [])([]) == 0
    assert capsys.readouterr().out == "no findings in 3 files\n"


def test_triggers() -> None:
    assert has_trigger(RULE, b"an evil word")
    assert has_trigger(RULE, b"# shipworthy: ignore[x]")
    assert not has_trigger(RULE, b"words")


def test_reading_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"a": "a", "huge": b"x" * (LARGEST_FILE + 10)})
    assert read_file(str(tmp_path / "a")) == b"a"
    assert len(read_file(str(tmp_path / "huge"))) == LARGEST_FILE + 1
    for other in (tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(OSError, match=r"not a regular file|No such file"):
            read_file(str(other))


def test_the_root_is_the_folder_with_git_s_own(root: Path) -> None:
    assert root_of(str(root)) == str(root)
    assert root_of(str(root / "sub")) == str(root)
    assert root_of(str(root.parent)) is None


@pytest.mark.skipif(sys.platform == "win32", reason="it does not remove a folder that a program is in")
def test_a_folder_that_was_removed_has_no_root(tmp_path: Path) -> None:
    gone = "import os, subprocess, sys; os.rmdir(os.getcwd()); sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    for arguments in (["no-tmp-paths", "a.env"], ["shipworthy", "check"], ["shipworthy", "init"]):
        (tmp_path / "gone").mkdir()
        process = run([sys.executable, "-c", gone, *command(arguments[0]), *arguments[1:]], tmp_path / "gone")
        assert process.returncode == 2
        assert len(process.stderr.splitlines()) == 1
        assert "a fault of shipworthy" not in process.stderr


def test_the_root_of_a_worktree(root: Path, tmp_path: Path) -> None:
    git(root, "commit", "--quiet", "-m", "x")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "other"))
    assert root_of(str(tmp_path / "other" / "sub")) == str(tmp_path / "other")


def test_the_root_that_git_was_told(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    monkeypatch.setenv("GIT_DIR", str(root / ".git"))
    assert root_of(str(tmp_path / "elsewhere")) == str(tmp_path / "elsewhere")
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "link"))
    assert root_of(str(root)) == str(tmp_path / "elsewhere")
