"""The contracts of an executable: exit codes, text, JSON, and input that is wrong.

Two rules of the collection lend their ids to small rules, so that inline ignores and configurations know them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shipworthy.file import File
from shipworthy.hook import LARGEST_FILE, executable
from shipworthy.judging import judge_project
from shipworthy.options import Options
from shipworthy.project import Project
from shipworthy.reporting import FORMATS
from shipworthy.rule import BLOCKING, FILE, HIGH, REPOSITORY, Finding, NotApplicable, Rule
from shipworthy.rules import load, unasked
from shipworthy.run import open_project
from support import command, git, matching, repository, run, write

IS_ROOT = os.name == "posix" and os.geteuid() == 0
WORDS = Rule(
    "no-tmp-paths", "No bad words", severity=HIGH, scope=FILE, files=r"\.(?:txt|yml)$", triggers=[b"bad"], since="0"
)
TREE = Rule("pid-files-outside-tmp", "There is a README", severity=BLOCKING, scope=REPOSITORY, since="0")


def bad_words(file: File) -> Iterator[Finding]:
    offset = file.text.find("bad")
    while offset >= 0:
        yield WORDS.finding(file, offset, "a bad word", fix="find a good one", details={"word": "bad"})
        offset = file.text.find("bad", offset + 1)


def has_readme(project: Project) -> Iterator[Finding]:
    if "README.md" not in project.repository:
        yield TREE.finding(project.file(project.repository.paths[0]), None, "no README.md is committed")


def words(*arguments: str) -> int:
    return executable(WORDS, bad_words)(arguments)


def tree(*arguments: str) -> int:
    return executable(TREE, has_readme)(arguments)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two bad words; it is the working directory."""
    files = {"good.txt": "good\n", "bad.txt": "bad\n", "sub/worse.txt": "good\n  bad\n", "README.md": "bad"}
    root = repository(tmp_path / "repository", files)
    monkeypatch.chdir(root)
    return root


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def paths(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [finding["path"] for finding in report(capsys)["findings"]]


def test_the_text_of_a_file_hook(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("sub/worse.txt", "good.txt", "bad.txt") == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out == (
        "bad.txt:1:1: no-tmp-paths: a bad word\n"
        "    fix: find a good one\n"
        "sub/worse.txt:2:3: no-tmp-paths: a bad word\n"
        "    fix: find a good one\n"
        "2 findings in 3 files: 2 high\n"
    )


def test_the_json_of_a_file_hook(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("--format", "json", "bad.txt") == 1
    assert report(capsys) == {
        "version": 1,
        "findings": [
            {
                "rule": "no-tmp-paths",
                "severity": "high",
                "path": "bad.txt",
                "line": 1,
                "column": 1,
                "message": "a bad word",
                "fix": "find a good one",
                "details": {"word": "bad"},
            }
        ],
        "suppressed": 0,
        "in_baseline": 0,
        "not_applicable": [],
        "unreadable": [],
        "checked": {"files": 1, "rules": ["no-tmp-paths"]},
    }


def test_a_repository_hook(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tree() == 0
    assert capsys.readouterr().out == "no findings in 4 files\n"
    git(root, "rm", "--quiet", "--cached", "README.md")
    assert tree() == 1
    assert capsys.readouterr().out == (
        "bad.txt:1:1: pid-files-outside-tmp: no README.md is committed\n1 finding in 3 files: 1 blocking\n"
    )


@pytest.mark.parametrize(
    ("severity", "threshold", "code"),
    [
        ("blocking", "blocking", 1),
        ("high", "blocking", 0),
        ("medium", "blocking", 0),
        ("blocking", "high", 1),
        ("high", "high", 1),
        ("medium", "high", 0),
        ("high", None, 1),
        ("medium", None, 0),
        ("high", "medium", 1),
        ("medium", "medium", 1),
        ("info", "medium", 0),
    ],
)
def test_the_threshold_decides_the_exit_code_and_hides_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], severity: str, threshold: str | None, code: int
) -> None:
    write(root, {".shipworthy.yaml": f"rules: {{no-tmp-paths: {{severity: {severity}}}}}\n"})
    assert words(*(["--fail-on", threshold] if threshold else []), "bad.txt") == code
    assert capsys.readouterr().out.endswith(f"1 finding in 1 file: 1 {severity}\n")


def test_findings_are_sorted_and_each_is_told_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"b.txt": "bad bad\nbad", "a.txt": "bad"})
    assert words("--format=json", "b.txt", "a.txt", "./b.txt", "b.txt") == 1
    found = report(capsys)
    assert [(finding["path"], finding["line"], finding["column"]) for finding in found["findings"]] == [
        ("a.txt", 1, 1),
        ("b.txt", 1, 1),
        ("b.txt", 1, 5),
        ("b.txt", 2, 1),
    ]
    assert found["checked"]["files"] == 2


def test_paths_are_relative_to_the_root_wherever_the_hook_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root / "sub")
    assert words("--format=json", "worse.txt", "../bad.txt", str(root / "good.txt")) == 1
    assert paths(capsys) == ["bad.txt", "sub/worse.txt"]


def test_no_file_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words() == 0
    assert capsys.readouterr().out == "nothing to check for no-tmp-paths: no file was named\nnothing was checked\n"


def test_only_files_of_other_kinds_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("README.md") == 0
    assert capsys.readouterr().out == (
        "nothing to check for no-tmp-paths: none of the named files can be judged\nnothing was checked\n"
    )


def test_an_empty_repository_is_not_all_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, {}, untracked={"a.txt": "bad"}))
    assert tree() == 0
    assert capsys.readouterr().out == (
        "nothing to check for pid-files-outside-tmp: nothing is committed or staged\nnothing was checked\n"
    )


def test_a_rule_with_nothing_to_judge(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(project: Project) -> Iterator[Finding]:
        if "compose.yml" not in project.repository:
            raise NotApplicable("no Compose file is committed")
        yield from ()

    assert executable(TREE, check)(["--format=json"]) == 0
    assert report(capsys)["not_applicable"] == [
        {"rule": "pid-files-outside-tmp", "reason": "no Compose file is committed"}
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--nonsense"], "unrecognized arguments: --nonsense", id="an unknown option"),
        pytest.param(["--form", "json"], "unrecognized arguments: --form", id="an option cut short"),
        pytest.param(["--format", "xml"], "invalid choice: 'xml'", id="an unknown format"),
        pytest.param(["--fail-on", "info"], "invalid choice: 'info'", id="a threshold that is none"),
        pytest.param(["--config"], "expected one argument", id="an option without its value"),
        pytest.param(["--x\n\x1b[31m::error::"], r"--x\x0a\x1b[31m\x3a:error::", id="a hostile option"),
    ],
)
def test_wrong_arguments(root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as end:
        words(*arguments)
    assert end.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version(root: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    with pytest.raises(SystemExit) as end:
        words(option)
    assert end.value.code == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("hook", [words, tree])
def test_outside_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hook: Callable[..., int]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"good.txt": "good"})
    assert hook("good.txt") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("shipworthy: not a git repository")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("hook", [words, tree])
@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("exclde: a\n", [], "shipworthy: .shipworthy.yaml:1:1: unknown key 'exclde'; did you mean 'exclude'?\n"),
        ("", ["--config", "missing.yaml"], "shipworthy: missing.yaml: No such file or directory\n"),
        ("[\n", [], "shipworthy: .shipworthy.yaml:2:1: did not find expected node content\n"),
    ],
)
def test_a_wrong_configuration(
    root: Path,
    capsys: pytest.CaptureFixture[str],
    hook: Callable[..., int],
    text: str,
    arguments: list[str],
    said: str,
) -> None:
    write(root, {".shipworthy.yaml": text})
    assert hook(*arguments, "bad.txt") == 2
    assert capsys.readouterr() == ("", said)


def prepare(root: Path, what: str) -> None:
    path = root / "odd.txt"
    if what == "a folder":
        path.mkdir()
    elif what == "a pipe":
        os.mkfifo(path)
    elif what == "binary":
        path.write_bytes(b"bad\0")
    elif what == "a huge file":
        path.write_bytes(b"bad" + b" " * LARGEST_FILE)
    elif what == "may not be read":
        path.touch(mode=0)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("deleted", "no such file or directory"),
        ("a folder", "not a regular file"),
        ("a pipe", "not a regular file"),
        ("binary", "binary"),
        ("a huge file", "too large: over 5 MB"),
        pytest.param(
            "may not be read",
            "permission denied",
            marks=pytest.mark.skipif(IS_ROOT, reason="root reads everything"),
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_hides_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], what: str, reason: str
) -> None:
    prepare(root, what)
    assert words("--format=json", "bad.txt", "odd.txt", "sub/worse.txt") == 1
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert [finding["path"] for finding in found["findings"]] == ["bad.txt", "sub/worse.txt"]
    assert found["unreadable"] == [{"path": "odd.txt", "reason": reason}]
    assert said.err == f"odd.txt: skipped: {reason}\n"


@pytest.mark.parametrize("others", [0, 60], ids=["few files", "many files"])
def test_files_without_triggers_are_counted_and_large_ones_named(root: Path, others: int) -> None:
    """Among many files git looks for the triggers, among few each file is read; nobody can tell the difference."""
    write(root, {f"others/{number}.txt": "good" for number in range(others)})
    write(root, {"huge.txt": b"good" + b" " * LARGEST_FILE, "binary.txt": b"good\0", "staged.txt": "bad"})
    git(root, "add", "--all")
    write(root, {"staged.txt": "good", "good.txt": "bad, but not staged"})
    project = open_project(Options())
    outcome = judge_project([(WORDS, bad_words)], project, keep_ignored=False)
    assert sorted(finding.path for finding in outcome.findings) == ["bad.txt", "staged.txt", "sub/worse.txt"]
    assert outcome.unreadable == {"huge.txt": "too large: over 5 MB"}
    assert outcome.files == 5 + others


def test_a_file_outside_the_repository_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root.parent, {"outside/secret.txt": "bad"})
    (root / "link").symlink_to("../outside")
    assert words("--format=json", "../outside/secret.txt", "link/secret.txt", "..", "bad.txt") == 1
    found = report(capsys)
    assert [finding["path"] for finding in found["findings"]] == ["bad.txt"]
    assert {entry["path"]: entry["reason"] for entry in found["unreadable"]} == {
        "..": "outside the repository",
        "../outside/secret.txt": "outside the repository",
        "link/secret.txt": "outside the repository",
    }


def test_a_link_is_judged_under_the_name_of_what_it_points_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "link.txt").symlink_to("bad.txt")
    assert words("--format=json", "link.txt") == 0
    assert paths(capsys) == []


@pytest.mark.parametrize("name", ["-bad.txt", "--format.txt", "a bad.txt", "bad\nname.txt", "caf\udce9.txt"])
def test_unusual_names(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    write(root, {name: "bad"})
    assert words("--format=json", "--", name) == 1
    assert paths(capsys) == [name]


@pytest.fixture
def ignored(root: Path) -> Path:
    text = "bad # shipworthy: ignore[no-tmp-paths] a word of the trade\nbad\n# shipworthy: ignore[no-tmp-paths] old\n"
    write(root, {"a.yml": text})
    git(root, "add", "a.yml")
    return root


def test_inline_ignores_suppress_and_are_counted(ignored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("a.yml") == 1
    assert capsys.readouterr().out == (
        "a.yml:2:1: no-tmp-paths: a bad word\n"
        "    fix: find a good one\n"
        "a.yml:3:1: no-tmp-paths: the ignore of no-tmp-paths suppresses nothing\n"
        "    fix: remove it\n"
        "2 findings in 1 file: 1 high, 1 medium, 1 suppressed\n"
    )


def test_no_ignores_shows_what_they_suppress(ignored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("--no-ignores", "--format=json", "a.yml") == 1
    found = report(capsys)
    assert [finding["line"] for finding in found["findings"]] == [1, 2]
    assert found["suppressed"] == 0


def test_an_ignore_is_judged_in_a_file_without_triggers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"a.yml": "x: 1 # shipworthy: ignore[no-tmp-paths] old\n"})
    assert words("--format=json", "a.yml") == 0
    assert [finding["severity"] for finding in report(capsys)["findings"]] == ["medium"]


def test_ignores_of_a_repository_rule(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(project: Project) -> Iterator[Finding]:
        yield TREE.finding(project.file("a.yml"), 0, "wrong")

    text = "x: 1 # shipworthy: ignore[pid-files-outside-tmp] reason\ny: 1 # shipworthy: ignore[no-tmp-paths] other's\n"
    write(root, {"a.yml": text, "b.yml": "# shipworthy: ignore[pid-files-outside-tmp] old\n"})
    git(root, "add", "--all")
    write(root, {"a.yml": "not committed", "b.yml": "not committed"})
    assert executable(TREE, check)(["--format=json"]) == 0
    found = report(capsys)
    assert [(finding["path"], finding["message"]) for finding in found["findings"]] == [
        ("b.yml", "the ignore of pid-files-outside-tmp suppresses nothing")
    ]
    assert found["suppressed"] == 1
    assert executable(TREE, check)(["--format=json", "--no-ignores"]) == 1
    assert paths(capsys) == ["a.yml"]


def test_ignores_of_a_rule_with_nothing_to_judge_are_not_judged(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(project: Project) -> list[Finding]:
        raise NotApplicable("nothing")

    write(root, {"a.yml": "# shipworthy: ignore[pid-files-outside-tmp] reason\n"})
    git(root, "add", "--all")
    assert executable(TREE, check)(["--format=json"]) == 0
    assert paths(capsys) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("exclude: [sub, bad.txt, odd.txt]\n", id="for all rules"),
        pytest.param("rules: {no-tmp-paths: {exclude: ['*.txt']}}\n", id="for one rule"),
    ],
)
def test_excluded_files_are_not_judged(root: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    write(root, {".shipworthy.yaml": text, "odd.txt": b"bad\0"})
    assert words("--format=json", "bad.txt", "sub/worse.txt", "odd.txt") == 0
    found = report(capsys)
    assert found["findings"] == found["unreadable"] == []


@pytest.mark.parametrize("text", ["exclude: bad.txt\n", "rules: {pid-files-outside-tmp: {exclude: bad.txt}}\n"])
def test_excluded_files_are_not_reported_by_repository_rules(
    root: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    git(root, "rm", "--quiet", "--cached", "README.md")
    write(root, {"bad.txt": "bad # shipworthy: ignore[pid-files-outside-tmp] x", ".shipworthy.yaml": text})
    git(root, "add", "bad.txt")
    assert tree("--format=json") == 0
    assert paths(capsys) == []


def test_a_named_configuration_takes_the_place_of_the_default(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {".shipworthy.yaml": "exclude: bad.txt\n", "other.yaml": "exclude: sub\n"})
    assert words("--config", "other.yaml", "--format=json", "bad.txt", "sub/worse.txt") == 1
    assert paths(capsys) == ["bad.txt"]


@pytest.mark.parametrize(
    ("text", "place"),
    [("", "test"), ("places: {production: tests/harness}\n", "production")],
    ids=["guessed", "stated"],
)
def test_a_rule_sees_the_stated_place(root: Path, text: str, place: str) -> None:
    seen: list[str] = []

    def check(file: File) -> list[Finding]:
        seen.append(file.place)
        return []

    write(root, {".shipworthy.yaml": text, "tests/harness/a.txt": "bad"})
    executable(WORDS, check)(["tests/harness/a.txt"])
    assert seen == [place]


def failing(file: File) -> Iterator[Finding]:
    if file.path == "bad.txt":
        raise ValueError("hunter2\n::error::")
    return bad_words(file)


@pytest.mark.skipif(sys.flags.dev_mode, reason="in the development mode faults are shown")
def test_a_rule_that_fails_is_one_line_and_hides_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert executable(WORDS, failing)(["--format=json", "bad.txt", "sub/worse.txt"]) == 2
    said = capsys.readouterr()
    assert [finding["path"] for finding in json.loads(said.out)["findings"]] == ["sub/worse.txt"]
    assert said.err.startswith("shipworthy: no-tmp-paths failed on bad.txt: ValueError in ")
    assert said.err.count("\n") == 1
    assert "hunter2" not in said.err


@pytest.mark.skipif(sys.flags.dev_mode, reason="in the development mode faults are shown")
def test_a_repository_rule_that_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(project: Project) -> Iterator[Finding]:
        raise RecursionError

    assert executable(TREE, check)([]) == 2
    assert capsys.readouterr().err.startswith("shipworthy: pid-files-outside-tmp failed: RecursionError in ")


@pytest.mark.skipif(sys.flags.dev_mode, reason="in the development mode faults are shown")
def test_a_report_that_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(file: File) -> Iterator[Finding]:
        yield WORDS.finding(file, 0, "x", details={"a": {1}})  # a set is no JSON

    assert executable(WORDS, check)(["--format=json", "bad.txt"]) == 2
    assert capsys.readouterr().err.startswith("shipworthy: TypeError in json")


def test_an_interrupted_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(file: File) -> Iterator[Finding]:
        raise KeyboardInterrupt

    assert executable(WORDS, check)(["bad.txt"]) == 2
    assert capsys.readouterr().err == "shipworthy: interrupted\n"


PROGRAM = """\
import sys
from shipworthy.hook import executable
from shipworthy.rule import FILE, HIGH, Rule
RULE = Rule("no-tmp-paths", "No bad words", severity=HIGH, scope=FILE, files="", triggers=[b"bad"], since="0")
def check(file):
    if "fail" in file.text:
        raise ValueError("a fault")
    for number in range(file.text.count("bad")):
        yield RULE.finding(file, number, "a b\\u00e4d w\\u00f6rd")
sys.exit(executable(RULE, check)())
"""


def test_in_the_development_mode_a_fault_is_shown(root: Path) -> None:
    write(root, {"bad.txt": "bad fail"})
    quiet = run([sys.executable, "-c", PROGRAM, "bad.txt"], root)
    assert quiet.returncode == 2
    assert "Traceback" not in quiet.stderr
    assert "ValueError in __main__, line 7" in quiet.stderr
    shown = run([sys.executable, "-X", "dev", "-c", PROGRAM, "bad.txt"], root)
    assert shown.returncode == 1
    assert "Traceback" in shown.stderr


def test_a_repository_hook_leaves_no_process_behind(root: Path) -> None:
    write(root, {"bad.txt": "changed"})
    program = (
        "import sys; from shipworthy.hook import executable; from shipworthy.rule import *\n"
        "RULE = Rule('pid-files-outside-tmp', '', severity=HIGH, scope=REPOSITORY, since='0')\n"
        "sys.exit(executable(RULE, lambda project: [project.file('bad.txt').text][:0])())"
    )
    process = run([sys.executable, "-X", "dev", "-c", program], root)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_output_that_lacks_characters(root: Path, format: str, encoding: str) -> None:
    write(root, {"日本.txt": "bad"})
    process = run(
        [sys.executable, "-c", PROGRAM, "--format", format, "日本.txt"],
        root,
        environment={"PYTHONIOENCODING": encoding},
    )
    assert (process.returncode, process.stderr) == (1, "")
    assert process.stdout


@pytest.mark.parametrize("text", ["bad " * 50_000, "good"], ids=["a long report", "nothing to report"])
def test_a_reader_that_goes_away(root: Path, text: str) -> None:
    write(root, {"a.txt": text})
    reading, writing = os.pipe()
    os.close(reading)
    process = run_into(writing, [sys.executable, "-c", PROGRAM, "a.txt"], root)
    assert process == (int("bad" in text), "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_is_full(root: Path) -> None:
    code, errors = run_into(os.open("/dev/full", os.O_WRONLY), [sys.executable, "-c", PROGRAM, "bad.txt"], root)
    assert (code, errors) == (2, "shipworthy: cannot write the report: No space left on device\n")


def run_into(output: int, words: list[str], cwd: Path) -> tuple[int, str]:
    """The exit code and the errors of a process that writes into a file descriptor, which is closed."""
    with os.fdopen(output, "wb") as stream:
        process = subprocess.run(words, cwd=cwd, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    return process.returncode, process.stderr


def test_in_github_actions_annotations_are_the_default(root: Path) -> None:
    words = [sys.executable, "-c", PROGRAM, "bad.txt"]
    assert run(words, root, environment={"GITHUB_ACTIONS": "true"}).stdout.startswith("::error file=bad.txt,line=1")
    assert (
        run([*words[:-1], "--format=text", "bad.txt"], root, environment={"GITHUB_ACTIONS": "true"}).stdout[:2] == "ba"
    )
    assert run(words, root, environment={"GITHUB_ACTIONS": ""}).stdout.startswith("bad.txt:1:1: ")


def test_many_findings_in_one_file_take_linear_time(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"a.txt": "bad\n" * 5_000})
    assert words("--format=sarif", "a.txt") == 1
    assert len(json.loads(capsys.readouterr().out)["runs"][0]["results"]) == 5_000


def test_fingerprints_stay_when_lines_move(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fingerprints(text: str, hook: Callable[..., int] = words) -> list[str]:
        write(root, {"a.txt": text})
        hook("--format=sarif", "a.txt")
        results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
        return [result["partialFingerprints"]["shipworthy/v1"] for result in results]

    before = fingerprints("a bad word\n")
    assert len(before) == 1
    assert fingerprints("new\n\n\ta  bad   word\r\n") == before
    assert fingerprints("another bad word\n") != before


UNION: dict[str, str | bytes] = {
    "docker-compose.yml": "services: {db: {image: postgres:16, volumes: [/tmp/data:/var/lib/postgresql/data]}}\n",
    "deploy/api.service": "[Service]\nPIDFile=/tmp/api.pid\nExecStart=/tmp/venv/bin/python3 app.py\n",
    ".env.production": "UPLOAD_DIR=/tmp/uploads\nLOG_FILE=/tmp/app.log # shipworthy: ignore[no-tmp-paths] a reason\n",
    "src/app.py": 'PID_FILE = "/tmp/app.pid"  # shipworthy: ignore[pid-files-outside-tmp]\n',
    "a name\nwith a break.env": "DATA_DIR=/tmp/data\n# shipworthy: ignore[no-such-rule] a reason\nA=1\n",
    "broken.yml": "a: [\nDATA_DIR: /tmp/data\n",
    "binary.env": b"/tmp\0",
    "tests/a.env": "DATA_DIR=/tmp/data\n",
    "vendor/x.env": "DATA_DIR=/tmp/data\n",
}


def findings_of(words: list[str], root: Path) -> list[str]:
    """Every finding of a command, as text that can be compared."""
    process = run([*words, "--format", "json"], root)
    assert process.returncode in (0, 1), process.stderr
    return [json.dumps(finding, sort_keys=True) for finding in json.loads(process.stdout)["findings"]]


def union_of_single_hooks(root: Path) -> set[str]:
    """What the hooks find when each is run over all files that pre-commit would hand to it."""
    everything = git(root, "ls-files", "-z").split("\0")[:-1]
    found: set[str] = set()
    for rule in map(load, unasked()):
        files = matching(rule.RULE.files, everything) if rule.RULE.scope == FILE else []
        process = run([*command(rule.RULE.id), "--format", "json", "--", *files], root)
        assert process.returncode in (0, 1), process.stderr
        found.update(json.dumps(finding, sort_keys=True) for finding in json.loads(process.stdout)["findings"])
    return found


def test_check_finds_the_union_of_what_the_single_hooks_find(tmp_path: Path) -> None:
    root = repository(tmp_path, UNION)
    found = findings_of([*command("shipworthy"), "check"], root)
    assert len(found) == len(set(found)) > 5
    assert set(found) == union_of_single_hooks(root)
