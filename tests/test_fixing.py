"""What ``--fix`` appends to files of the repository, and where it keeps its hands off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.fixing import add_lines, make_executable
from shipworthy.repository import Repository
from shipworthy.rule import HIGH, MEDIUM, Addition, Finding, Mode
from support import git, repository, write


def lacking(path: str, *lines: str) -> Finding:
    """A finding that lines of a file mend."""
    return Finding(
        "env-files-ignored", MEDIUM, "compose.yaml", 1, 1, "a line is missing", addition=Addition(path, lines)
    )


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below a folder but git's own."""
    paths = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.relative_to(root).parts[:1])
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("# ünï\n\nb\n", "# ünï\n\nb\n.env\n.git\n", id="a file keeps what it has"),
        pytest.param("b\r\n", "b\r\n.env\r\n.git\r\n", id="a file keeps its line ends"),
        pytest.param("b", "b\n.env\n.git\n", id="a file without a final newline gets one"),
        pytest.param("a\r\nb", "a\r\nb\r\n.env\r\n.git\r\n", id="a file without a final newline keeps its line ends"),
        pytest.param("", ".env\n.git\n", id="an empty file is no reason for an empty line"),
        pytest.param(".git\nb\n", ".git\nb\n.env\n", id="what is there already is not added again"),
        pytest.param(".git\r\nb\r\n", ".git\r\nb\r\n.env\r\n", id="not in a file of other line ends either"),
        pytest.param("\ta \n#.env\n", "\ta \n#.env\n.env\n.git\n", id="a comment is no line"),
    ],
)
def test_lines_are_appended_once(before: str, after: str, tmp_path: Path) -> None:
    repository(tmp_path, {"a/.gitignore": before, ".gitignore": before, "b.txt": "b"})
    (tmp_path / "a/.gitignore").chmod(0o640)
    findings = [lacking("a/.gitignore", ".env"), lacking("a/.gitignore", ".env", ".git")]
    assert add_lines(findings, Repository(str(tmp_path))) == findings
    expected = {"a/.gitignore": after.encode(), ".gitignore": before.encode(), "b.txt": b"b"}
    assert snapshot(tmp_path) == expected
    assert (tmp_path / "a/.gitignore").stat().st_mode & 0o777 == 0o640
    git(tmp_path, "add", "--all")
    assert add_lines(findings, Repository(str(tmp_path))) == []
    assert snapshot(tmp_path) == expected


def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    repository(tmp_path, {"a/b.txt": "b"})
    finding = lacking("a/.gitignore", ".env", ".git")
    assert add_lines([finding], Repository(str(tmp_path))) == [finding]
    assert snapshot(tmp_path) == {"a/b.txt": b"b", "a/.gitignore": b".env\n.git\n"}
    assert add_lines([finding], Repository(str(tmp_path))) == []  # it is not committed yet


def replace_by_link(root: Path) -> None:
    write(root.parent, {"elsewhere/.gitignore": "b\n"})
    (root / "a/.gitignore").unlink()
    (root / "a/.gitignore").symlink_to("../../elsewhere/.gitignore")


def replace_folder_by_link(root: Path) -> None:
    write(root.parent, {"elsewhere/.gitignore": "b\n"})
    (root / "a").rename(root.parent / "a")
    (root / "a").symlink_to("../elsewhere")


def commit_link(root: Path) -> None:
    replace_by_link(root)
    git(root, "add", "--all")


def commit_link_that_the_disk_cannot_hold(root: Path) -> None:
    commit_link(root)
    git(root, "config", "core.symlinks", "false")
    (root / "a/.gitignore").unlink()
    write(root, {"a/.gitignore": "../../elsewhere/.gitignore"})


@pytest.mark.parametrize(
    "disturb",
    [
        pytest.param(lambda root: write(root, {"a/.gitignore": "other\n"}), id="a file that is not as it is committed"),
        pytest.param(lambda root: git(root, "rm", "--quiet", "--cached", "a/.gitignore"), id="a file only on disk"),
        pytest.param(lambda root: (root / "a/.gitignore").unlink(), id="a file that is gone"),
        pytest.param(replace_by_link, id="a link in place of the file"),
        pytest.param(replace_folder_by_link, id="a link in place of the folder"),
        pytest.param(commit_link, id="a committed link"),
        pytest.param(commit_link_that_the_disk_cannot_hold, id="a committed link as a file with its target"),
    ],
)
def test_what_is_not_as_it_was_judged_is_left_alone(disturb: Callable[[Path], object], tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a/.gitignore": "b\n", "a/b.txt": "b"})
    disturb(root)
    before = snapshot(tmp_path)
    assert add_lines([lacking("a/.gitignore", ".env")], Repository(str(root))) == []
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("path", ["../.gitignore", ".git/info/exclude", "new/.gitignore", "a/../.gitignore"])
def test_nothing_is_written_where_nothing_is_committed(path: str, tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a/b.txt": "b"})
    exclude = (root / ".git/info/exclude").read_bytes()
    assert add_lines([lacking(path, ".env")], Repository(str(root))) == []
    assert snapshot(root) == {"a/b.txt": b"b"}
    assert (root / ".git/info/exclude").read_bytes() == exclude
    assert not (tmp_path / ".gitignore").exists()


def test_the_line_break_of_a_name_makes_no_second_line(tmp_path: Path) -> None:
    repository(tmp_path, {".gitignore": "b\n"})
    assert add_lines([lacking(".gitignore", ".env\n!secret.env")], Repository(str(tmp_path))) == []
    assert snapshot(tmp_path) == {".gitignore": b"b\n"}


@pytest.mark.parametrize("content", ["b\n".encode("utf-16"), b"\xff\n"], ids=["UTF-16", "broken UTF-8"])
def test_a_file_that_is_not_plain_utf8_is_left_alone(content: bytes, tmp_path: Path) -> None:
    repository(tmp_path, {".gitignore": content})
    assert add_lines([lacking(".gitignore", ".env")], Repository(str(tmp_path))) == []
    assert snapshot(tmp_path) == {".gitignore": content}


def not_executable(path: str) -> Finding:
    """A finding that an executable bit mends."""
    return Finding("ci-references", HIGH, "ci.yml", 1, 1, "not executable", mode=Mode(path))


def modes(root: Path) -> dict[str, str]:
    """The modes in the index by path."""
    lines = git(root, "ls-files", "-s", "-z").split("\0")[:-1]
    return {line.partition("\t")[2]: line[:6] for line in lines}


def test_executable_bits_are_set_in_the_index_and_on_disk(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a/run.sh": "a", "b\n.sh": "b", "c.sh": "c"})
    (root / "a/run.sh").chmod(0o640)
    findings = [not_executable("a/run.sh"), not_executable("b\n.sh"), not_executable("a/run.sh")]
    known = Repository(str(root))
    assert sorted(make_executable(findings, known), key=id) == sorted(findings, key=id)
    assert modes(root) == {"a/run.sh": "100755", "b\n.sh": "100755", "c.sh": "100644"}
    assert (root / "a/run.sh").stat().st_mode & 0o777 == 0o750
    assert git(root, "diff", "--name-only") == ""
    assert make_executable(findings, known) == []
    assert make_executable(findings, Repository(str(root))) == []


@pytest.mark.parametrize("file_mode", ["true", "false"])
def test_a_bit_that_only_the_disk_has_is_staged(file_mode: str, tmp_path: Path) -> None:
    root = repository(tmp_path, {"run.sh": "a"})
    git(root, "config", "core.fileMode", file_mode)
    (root / "run.sh").chmod(0o755)
    assert len(make_executable([not_executable("run.sh")], Repository(str(root)))) == 1
    assert modes(root) == {"run.sh": "100755"}


def test_line_ends_that_only_the_checkout_has_are_no_other_content(tmp_path: Path) -> None:
    root = repository(tmp_path, {"run.sh": "a\nb\n"})
    git(root, "config", "core.autocrlf", "true")
    write(root, {"run.sh": "a\r\nb\r\n"})
    git(root, "add", "run.sh")
    assert len(make_executable([not_executable("run.sh")], Repository(str(root)))) == 1
    assert (root / "run.sh").read_bytes() == b"a\r\nb\r\n"
    assert git(root, "cat-file", "blob", ":run.sh") == "a\nb\n"


def link_to_elsewhere(root: Path) -> None:
    write(root.parent, {"elsewhere/run.sh": "a"})
    (root / "a/run.sh").unlink()
    (root / "a/run.sh").symlink_to("../../elsewhere/run.sh")


@pytest.mark.parametrize(
    "disturb",
    [
        pytest.param(lambda root: write(root, {"a/run.sh": "other"}), id="a file that is not as it is committed"),
        pytest.param(lambda root: git(root, "rm", "--quiet", "--cached", "a/run.sh"), id="a file only on disk"),
        pytest.param(lambda root: (root / "a/run.sh").unlink(), id="a file that is gone"),
        pytest.param(lambda root: git(root, "update-index", "--skip-worktree", "a/run.sh"), id="a sparse file"),
        pytest.param(link_to_elsewhere, id="a link in place of the file"),
        pytest.param(lambda root: write(root, {".git/index.lock": ""}), id="an index that another git works on"),
    ],
)
def test_a_file_that_is_not_as_it_was_judged_keeps_its_mode(disturb: Callable[[Path], object], tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a/run.sh": "a", "b": "b"})
    disturb(root)
    before = modes(root)
    assert make_executable([not_executable("a/run.sh")], Repository(str(root))) == []
    assert modes(root) == before
    assert all(path.stat().st_mode & 0o111 == 0 for path in tmp_path.rglob("run.sh"))
