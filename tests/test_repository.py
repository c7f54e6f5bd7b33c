"""What the index says, in every state a repository can be in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.beside import Beside
from shipworthy.hook import LARGEST_FILE
from shipworthy.index import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK
from shipworthy.repository import Asked, LineSearch, NotARepository, Repository
from support import commit, git, repository, run, write

IS_ROOT = os.name == "posix" and os.geteuid() == 0


def modes(found: Repository) -> dict[str, str]:
    return {path: found.mode(path) for path in found.paths}


def link(directory: Path, path: str, target: str) -> None:
    (directory / path).parent.mkdir(parents=True, exist_ok=True)
    (directory / path).symlink_to(target)


@pytest.fixture
def linked(tmp_path: Path) -> Repository:
    """A repository with links to everywhere."""
    root = repository(tmp_path / "linked", {"app/main.py": "main", "app/deep/x": "x", "top": "top"})
    for path, target in {
        "to-file": "app/main.py",
        "to-folder": "app",
        "app/deep/up": "..",
        "app/to-root": "..",
        "chain": "to-folder/deep",
        "dangling": "app/absent",
        "outside": "../elsewhere",
        "absolute": "/etc",
        "loop-a": "loop-b",
        "loop-b": "loop-a",
        "itself": "itself/again",
    }.items():
        link(root, path, target)
    git(root, "add", "--all")
    return Repository(str(root))


def test_modes(tmp_path: Path) -> None:
    root = repository(tmp_path, {"plain": "a", "tool": "b"})
    link(root, "link", "plain")
    git(root, "add", "--all")
    git(root, "update-index", "--chmod=+x", "tool")
    assert modes(Repository(str(root))) == {"link": SYMLINK, "plain": REGULAR, "tool": EXECUTABLE}


def test_folders_are_those_that_hold_something_committed(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a/b/c": "", "d": ""}, untracked={"e/f": ""})
    found = Repository(str(root))
    assert found.directories == {"", "a", "a/b"}
    assert found.below("a") == ["a/b/c"]
    assert found.below("") == ["a/b/c", "d"]
    assert not found.has("e")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("to-file", True, id="a link to a file"),
        pytest.param("to-folder/main.py", True, id="a file behind a link to a folder"),
        pytest.param("to-folder", True, id="a link to a folder"),
        pytest.param("chain/x", True, id="a file behind two links"),
        pytest.param("chain/up/main.py", True, id="a file behind three links, one of which leads upwards"),
        pytest.param("app/to-root/top", True, id="a file behind a link to the root"),
        pytest.param("app/to-root", True, id="a link to the root"),
        pytest.param("to-folder/absent", False, id="no file behind a link"),
        pytest.param("dangling", False, id="a link to nothing"),
        pytest.param("outside", True, id="a link out of the repository, by its own name"),
        pytest.param("outside/x", False, id="a file behind a link out of the repository"),
        pytest.param("loop-a", False, id="a link in a circle"),
        pytest.param("loop-a/x", False, id="a file behind a circle"),
        pytest.param("itself", False, id="a link that grows with every step"),
        pytest.param("", True, id="the root"),
        pytest.param("a/" * 100_000, False, id="a path that no system could have"),
        pytest.param("\0", False, id="a path with a NUL byte"),
    ],
)
def test_committed_links_are_followed_inside_the_repository(linked: Repository, path: str, expected: bool) -> None:
    assert linked.has(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("chain/x", "app/deep/x", id="inside"),
        pytest.param("outside/x", "outside/x", id="out of the repository"),
        pytest.param("absolute/passwd", "absolute/passwd", id="to an absolute path"),
        pytest.param("loop-a/x", "loop-a/x", id="in a circle"),
        pytest.param("app/to-root", "", id="to the root"),
    ],
)
def test_a_resolved_path_has_no_link_that_leads_inside(linked: Repository, path: str, expected: str) -> None:
    assert linked.resolve(path) == expected


def test_what_is_behind_a_link_to_elsewhere_is_unknown(linked: Repository) -> None:
    assert linked.is_unknown("outside/x")
    assert linked.is_unknown("absolute/passwd")
    assert not linked.is_unknown("outside")
    assert not linked.is_unknown("to-folder/absent")


def test_a_link_is_read_as_its_target(linked: Repository) -> None:
    assert linked.read("outside") == b"../elsewhere"


def test_a_link_with_a_huge_target_leads_nowhere(tmp_path: Path) -> None:
    root = repository(tmp_path, {"target": "a/" * 1_000_000})
    name = git(root, "hash-object", "-w", "target").strip()
    git(root, "update-index", "--add", "--cacheinfo", f"120000,{name},link")
    assert Repository(str(root)).resolve("link/x") == "link/x"


def test_submodules_are_folders_whose_content_is_unknown(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"file": "x"})
    name = commit(inner)
    root = repository(tmp_path / "outer", {"a": "a"})
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{name},libs/inner")
    link(root, "short", "libs/inner")
    git(root, "add", "short")
    found = Repository(str(root))
    assert modes(found)["libs/inner"] == SUBMODULE
    assert found.submodules == ("libs/inner",)
    assert found.has("libs/inner")
    assert {"libs", "libs/inner"} <= found.directories
    assert found.is_unknown("libs/inner/anything")
    assert found.is_unknown("short/anything")
    assert not found.is_unknown("libs/other")
    with pytest.raises(OSError, match="libs/inner"):
        found.read("libs/inner")


def test_an_announced_file_is_not_committed(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "a"}, untracked={"announced": "x"})
    git(root, "add", "--intent-to-add", "announced")
    found = Repository(str(root))
    assert "announced" not in found
    assert found.only_on_disk("announced")


def test_a_sparse_checkout_leaves_out_files_that_are_committed_all_the_same(tmp_path: Path) -> None:
    root = repository(tmp_path, {"in/a": "a", "out/b": "shipworthy", "top": "t"})
    commit(root)
    git(root, "sparse-checkout", "set", "--cone", "in")
    assert not (root / "out").exists()
    found = Repository(str(root))
    assert found.paths == ["in/a", "out/b", "top"]
    assert found.read("out/b") == b"shipworthy"
    assert found.has("out")
    assert found.containing("shipworthy") == ["out/b"]


def test_a_sparse_index_is_read_whole(tmp_path: Path) -> None:
    root = repository(tmp_path, {"in/a": "a", "out/deep/b": "b"})
    commit(root)
    git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert Repository(str(root)).read("out/deep/b") == b"b"


@pytest.mark.parametrize("option", ["--skip-worktree", "--assume-unchanged"])
def test_where_git_does_not_look_at_the_disk_the_index_counts(tmp_path: Path, option: str) -> None:
    root = repository(tmp_path, {"a": "committed"})
    git(root, "update-index", option, "a")
    write(root, {"a": "changed on disk"})
    assert Repository(str(root)).read("a") == b"committed"


NAMES = ["a space", "a\nline", 'a "quote"', "a\ttab", "-leading-dash", "ünïcode", ":colon", "back\\slash", "a*star[x]"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
@pytest.mark.parametrize("name", NAMES)
def test_unusual_names(tmp_path: Path, name: str) -> None:
    root = repository(tmp_path, {name: "content", "folder/" + name: "content"})
    write(root, {name: "changed"})
    found = Repository(str(root))
    assert set(found.paths) == {name, "folder/" + name}
    assert found.read(name) == b"content"
    assert found.containing("content") == found.paths


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only UTF-8")
def test_names_that_are_not_utf8_come_back_as_they_are(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    found = Repository(str(repository(tmp_path, {name: "x"})))
    assert found.paths == [name]
    assert found.read(name) == b"x"


@pytest.fixture
def conflicting(tmp_path: Path) -> Path:
    root = repository(tmp_path, {"both": "base", "deleted": "base"})
    commit(root)
    git(root, "switch", "--quiet", "--create", "theirs")
    write(root, {"both": "theirs", "deleted": "theirs"})
    commit(root, "Theirs", "--all")
    git(root, "switch", "--quiet", "main")
    write(root, {"both": "ours"})
    git(root, "rm", "--quiet", "deleted")
    commit(root, "Ours", "--all")
    assert run(["git", "merge", "theirs"], root).returncode == 1
    return root


def test_of_a_conflict_our_side_is_taken(conflicting: Path) -> None:
    found = Repository(str(conflicting))
    assert found.paths == ["both", "deleted"]
    assert found.read("both") == b"ours"
    assert found.read("deleted") == b"theirs"


def test_what_both_sides_of_a_conflict_deleted_is_not_committed(conflicting: Path) -> None:
    base = git(conflicting, "rev-parse", "main~:both").strip()
    process = run(["git", "update-index", "--index-info"], conflicting, given=f"100644 {base} 1\tgone\n")
    assert process.returncode == 0
    assert "gone" not in Repository(str(conflicting))


def test_what_is_only_on_disk(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", {"a": "a"}, untracked={"b": "b", "folder/c": "c"})
    link(root, "broken", "absent")
    (tmp_path / "neighbour").write_text("x")
    found = Repository(str(root))
    for path, expected in {
        "b": True,
        "folder": True,
        "broken": True,
        "a": False,
        "absent": False,
        "../neighbour": False,
        "/etc": False,
        "\ud800": False,
        "x\0y": False,
    }.items():
        assert found.only_on_disk(path) is expected, path


def test_a_committed_path_that_differs_in_case(tmp_path: Path) -> None:
    found = Repository(str(repository(tmp_path, {"Docs/ReadMe.md": ""})))
    assert found.differing_in_case("docs/README.md") == "Docs/ReadMe.md"
    assert found.differing_in_case("docs") == "Docs"
    assert found.differing_in_case("Docs") is None
    assert found.differing_in_case("other") is None


@pytest.fixture
def ignoring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    root = repository(
        tmp_path / "ignoring",
        {".gitignore": "*.log\n\ndist/\n!keep.log\n", "tracked.log": "", "sub/.gitignore": "x\n"},
        untracked={"build/.gitignore": "*\n"},
    )
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text("mine\n")
    personal = tmp_path / "personal"
    personal.write_text("everything\n")
    git(root, "config", "core.excludesFile", str(personal))
    link(root, "elsewhere", "..")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},libs/inner")
    return Repository(str(root))


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        pytest.param("a.log", ".gitignore:1: *.log", id="a file that is not there"),
        pytest.param("tracked.log", ".gitignore:1: *.log", id="a committed file"),
        pytest.param("dist/app.js", ".gitignore:3: dist/", id="a file in an ignored folder"),
        pytest.param("sub/x", "sub/.gitignore:1: x", id="by the folder's own file"),
        pytest.param(":x.log", ".gitignore:1: *.log", id="a name that looks like a pathspec"),
        pytest.param("keep.log", None, id="an exception"),
        pytest.param("a.txt", None, id="not ignored"),
        pytest.param("mine", None, id="ignored on this machine alone"),
        pytest.param("everything", None, id="ignored by this user alone"),
        pytest.param("build/x", None, id="ignored by a file that is not committed"),
    ],
)
def test_the_pattern_that_ignores(ignoring: Repository, path: str, pattern: str | None) -> None:
    assert ignoring.ignored_by([path]).get(path) == pattern


@pytest.mark.parametrize(
    "refused",
    [
        "/etc/passwd",
        "../x",
        "a/../../x",
        "libs/inner/x",
        "elsewhere/x",
        "",
        "x\0y",
        "\ud800",
        "a/" * 5000,
    ],
)
def test_a_path_that_git_refuses_does_not_hide_the_others(ignoring: Repository, refused: str) -> None:
    assert ignoring.ignored_by([refused, "a.log"]) == {"a.log": ".gitignore:1: *.log"}


def test_nothing_to_ask_about_ignores(ignoring: Repository) -> None:
    assert ignoring.ignored_by([]) == {}


def test_a_worktree(tmp_path: Path) -> None:
    root = repository(tmp_path / "main", {"a": "a"})
    commit(root)
    git(root, "worktree", "add", "--quiet", str(tmp_path / "other"))
    found = Repository(str(tmp_path / "other"))
    assert found.root == str(tmp_path / "other")
    assert found.read("a") == b"a"


def test_from_a_subfolder_the_whole_repository_is_seen(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "a", "sub/deep/b": "b"})
    git(root, "config", "diff.relative", "true")
    write(root, {"a": "changed"})
    found = Repository(str(root / "sub" / "deep"))
    assert found.root == str(root)
    assert found.paths == ["a", "sub/deep/b"]
    assert found.read("a") == b"a"


@pytest.mark.parametrize(
    "disturb",
    [
        pytest.param(lambda path: path.write_text("changed"), id="changed on disk"),
        pytest.param(lambda path: path.unlink(), id="deleted on disk"),
        pytest.param(lambda path: (path.unlink(), path.mkdir()), id="a folder on disk"),
        pytest.param(lambda path: (path.unlink(), path.symlink_to("/etc/hostname")), id="a link on disk"),
        pytest.param(lambda path: os.utime(path, (1, 1)), id="another time on disk"),
    ],
)
def test_content_comes_from_the_index(tmp_path: Path, disturb: Callable[[Path], object]) -> None:
    root = repository(tmp_path, {"a": "staged shipworthy", "b": "b"})
    disturb(root / "a")
    found = Repository(str(root))
    assert found.read("a") == b"staged shipworthy"
    assert found.containing("shipworthy") == ["a"]


def test_staged_content_counts_and_not_the_commit(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "committed"})
    commit(root)
    write(root, {"a": "staged"})
    git(root, "add", "a")
    write(root, {"a": "only on disk"})
    assert Repository(str(root)).read("a") == b"staged"


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", {"folder/a": "committed"})
    shutil.rmtree(root / "folder")
    write(tmp_path / "elsewhere", {"a": "secret"})
    link(root, "folder", "../elsewhere")
    assert Repository(str(root)).read("folder/a") == b"committed"


def test_reading_stops_behind_the_largest_file(tmp_path: Path) -> None:
    size = LARGEST_FILE + 10
    root = repository(tmp_path, {"disk": b"x" * size, "index": b"y" * size, "small": "z"})
    write(root, {"index": "changed", "small": "changed"})
    found = Repository(str(root))
    assert found.read("disk") == b"x" * (LARGEST_FILE + 1)
    assert found.read("index") == b"y" * (LARGEST_FILE + 1)
    assert found.read("small") == b"z"


def test_content_that_is_gone(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "gone", "b": "there"})
    name = git(root, "rev-parse", ":a").strip()
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    write(root, {"b": "changed"})
    (root / "a").unlink()
    found = Repository(str(root))
    with pytest.raises(OSError, match="no object"):
        found.read("a")
    assert found.read("b") == b"there"
    with pytest.raises(KeyError):
        found.read("absent")


def test_paths_by_their_last_part(tmp_path: Path) -> None:
    found = Repository(str(repository(tmp_path, {"a/Dockerfile": "", "Dockerfile": "", "b/Dockerfile.dev": ""})))
    assert found.named("Dockerfile") == ["Dockerfile", "a/Dockerfile"]
    assert found.named("absent") == []
    found.forget("a/Dockerfile")
    assert found.named("Dockerfile") == ["Dockerfile"]


def test_attributes_hide_no_file_from_the_search(tmp_path: Path) -> None:
    root = repository(tmp_path, {".gitattributes": "* binary\n", "a": "x shipworthy: ignore[ y"})
    git(root, "config", "color.ui", "always")
    assert Repository(str(root)).containing("shipworthy: ignore[") == ["a"]


def test_a_search_may_look_at_some_endings_alone(tmp_path: Path) -> None:
    files = {"a.yml": "needle", "b/c.yaml": "needle", "d.py": "needle", "b/e.yml": "staged needle", "f.py": "needle"}
    root = repository(tmp_path, files)
    write(root, {"b/e.yml": "changed", "f.py": "changed"})
    assert Repository(str(root)).containing("needle", (".yml", ".yaml")) == ["a.yml", "b/c.yaml", "b/e.yml"]


@pytest.mark.parametrize(
    "filler", ["name{}", "a name of so many letters that all of them are no argument of a program {}"]
)
@pytest.mark.parametrize("cached", [False, True], ids=["on the disk", "in the index"])
def test_many_texts_are_found_as_few_are(tmp_path: Path, filler: str, cached: bool) -> None:
    """More texts than a hundred are the ways of one pattern to git, and long patterns are no arguments."""
    special = ["a.b", "c[d]", "e(f|g)", "h\\i", "j*k+l?", "m{2}", "^n$", "ö", os.fsdecode(b"p\xffq")]
    files = {f"{number}.txt": os.fsencode(f"x\nx{text}x\n") for number, text in enumerate(special)}
    others = (b"axb", b"cd", b"ef", b"hi", b"jkl", b"mm", b"n", b"pq")
    files |= {f"no{number}.txt": text for number, text in enumerate(others)}
    root = repository(tmp_path, files)
    if cached:
        git(root, "update-index", "--skip-worktree", *files)
    texts = [*special, *(filler.format(number) for number in range(3_000))]
    assert Repository(str(root)).containing("\n".join(texts)) == [f"{number}.txt" for number in range(len(special))]


def test_where_git_cannot_search_any_file_may_hold_the_text(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "needle", "b": "hay", "c": "staged needle"})
    write(root, {"c": "changed"})
    found = Repository(str(root))
    write(root, {".git/index": "no index any more"})
    assert found.containing("needle") == ["a", "b", "c"]


def test_the_lines_that_match_are_those_of_the_index(tmp_path: Path) -> None:
    files = {
        "a.py": "one\ntwo needle\n",
        "b/c d.py": "a noodle: x\0y\r\n" + "z" * 3_000 + " needle",
        "e.go": "needle",
        "f.py": "staged needle",
        "g.py": "none",
    }
    root = repository(tmp_path, files)
    write(root, {"f.py": "changed", "g.py": "changed to a needle"})
    found = list(Repository(str(root)).lines_matching(LineSearch("n(ee|oo)dle", (".py",))))
    assert [(path, number) for path, number, _ in found] == [("a.py", 2), ("b/c d.py", 1), ("b/c d.py", 2), ("f.py", 1)]
    assert [line for _, _, line in found][:2] == [b"two needle", b"a noodle: x\0y"]
    assert len(found[2][2]) < 2_000


def test_a_quick_pattern_says_where_to_look_if_git_understands_it(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": "one\na needle\na noodle"})
    found = Repository(str(root))
    assert [number for _, number, _ in found.lines_matching(LineSearch("n(ee|oo)dle", (".py",), "(?<=a )needle"))] == [
        2
    ]
    assert [number for _, number, _ in found.lines_matching(LineSearch("n(ee|oo)dle", (".py",), "(no pattern"))] == [
        2,
        3,
    ]


def test_a_search_that_was_begun_in_a_folder_looks_at_the_whole_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a.py": "needle", "b/c.py": "needle", "b/tests/d.py": "needle", "tests/e.py": "needle", "f.go": "needle"}
    root = repository(tmp_path, files)
    monkeypatch.chdir(root / "b")
    search = LineSearch("needle", (".py",), needless=("**/tests/**",))
    assert [path for path, _, _ in Repository(asked=Asked(search=search)).lines_matching(search)] == ["a.py", "b/c.py"]


def test_a_search_that_nobody_asks_for_is_ended(tmp_path: Path) -> None:
    search = LineSearch("needle", (".py",))
    asked = Asked(str(repository(tmp_path, {"a.py": "needle"})), search)
    process = asked.line_searches[search]
    found = Repository(asked=asked)
    assert process.returncode is None
    del asked, found
    assert process.returncode is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no copies of a process")
def test_a_copy_of_this_process_ends_no_git_that_the_original_waits_for(tmp_path: Path) -> None:
    search = LineSearch("needle", (".py",))
    asked = Asked(str(repository(tmp_path, {"a.py": "needle"})), search)

    def forget() -> str:
        nonlocal asked
        del asked
        return "forgotten"

    assert Beside(forget).result() == "forgotten"
    assert [path for path, _, _ in Repository(asked=asked).lines_matching(search)] == ["a.py"]


def test_many_files_that_are_not_on_the_disk_are_searched_as_they_are_staged(tmp_path: Path) -> None:
    files = {f"{number}.py": f"hay\nneedle {number}" for number in range(100)}
    root = repository(tmp_path, files)
    for number in range(1, 100):
        (root / f"{number}.py").unlink()
    write(root, {"0.py": "needle\nneedle on the disk"})
    found = Repository(str(root)).lines_matching(LineSearch("n(ee|oo)dle", (".py",), "needle"))
    assert sorted(found) == sorted((path, 2, text[4:].encode()) for path, text in files.items())


def test_where_git_cannot_search_the_lines_are_found_all_the_same(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": "needle\nhay", "b.py": "hay"})
    found = Repository(str(root))
    write(root, {".git/index": "no index any more"})
    assert list(found.lines_matching(LineSearch("n(ee|oo)dle", (".py",)))) == [("a.py", 1, b"needle")]


def test_a_repository_without_commits_and_files(tmp_path: Path) -> None:
    found = Repository(str(repository(tmp_path, {})))
    assert found.paths == []
    assert found.directories == {""}
    assert found.containing("x") == []


def test_remotes(tmp_path: Path) -> None:
    root = repository(tmp_path, {})
    assert Repository(str(root)).remotes == ()
    git(root, "remote", "add", "origin", "https://example.com/a.git")
    assert Repository(str(root)).remotes == ("https://example.com/a.git",)


def test_the_index_that_git_names_during_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path, {"a": "first"})
    shutil.copy(root / ".git" / "index", root / ".git" / "next-index")
    write(root, {"b": "second"})
    git(root, "add", "b")
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    found = Repository()
    assert found.paths == ["a"]
    assert found.root == str(root)
    assert found.only_on_disk("b")


def test_pathspecs_from_the_environment_have_no_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path, {"a": "a"})
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert Repository(str(root)).paths == ["a"]


def message_of(directory: Path) -> str:
    with pytest.raises(NotARepository) as error:
        Repository(str(directory))
    return str(error.value)


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    assert message_of(tmp_path).startswith("not a git repository")


def test_a_bare_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    assert message_of(tmp_path) == "this operation must be run in a work tree"


def test_a_broken_index(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "a"})
    (root / ".git" / "index").write_bytes(b"broken" * 10)
    assert "index file corrupt" in message_of(root)


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a folder away")
def test_a_repository_of_somebody_else(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a": "a"})
    os.chown(root, 12345, 12345)
    os.chown(root / ".git", 12345, 12345)
    message = message_of(root)
    assert "dubious ownership" in message
    assert "\n" not in message


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "repository", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert message_of(root).startswith("git cannot be started")


def test_a_submodule_with_changes_is_no_trouble(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"file": "x"})
    commit(inner)
    root = repository(tmp_path / "outer", {"a": "a"})
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "libs")
    write(root, {"libs/new": "needle"})
    git(root, "config", "submodule.recurse", "true")
    found = Repository(str(root))
    assert found.paths == [".gitmodules", "a", "libs"]
    assert found.containing("needle") == []


@pytest.mark.parametrize("count", [3, 80], ids=["a few", "more than are asked for one by one"])
def test_what_differs_from_the_index_is_searched_in_the_index(tmp_path: Path, count: int) -> None:
    committed = {f"a/{number:02}.txt": "needle\n" if number % 2 else "hay\n" for number in range(count)}
    root = repository(tmp_path, {**committed, "a/needle.md": "needle\n", "same.txt": "needle\n", "other.txt": "hay\n"})
    write(root, {path: "hay\n" if "needle" in text else "needle\n" for path, text in committed.items()})
    write(root, {"a/needle.md": "changed\n"})
    found = Repository(str(root))
    expected = sorted([path for path, text in committed.items() if "needle" in text] + ["same.txt"])
    assert found.containing("needle", (".txt",)) == expected
    assert found.containing("needle") == sorted([*expected, "a/needle.md"])
    assert found.containing("nothing\nneedle", (".md",)) == ["a/needle.md"]


@pytest.mark.parametrize("bytes_kept", [40, 100])
def test_an_index_that_is_cut_off_is_no_repository(tmp_path: Path, bytes_kept: int) -> None:
    root = repository(tmp_path, {"a.py": "a", "b.py": "b"})
    (root / ".git/index").write_bytes((root / ".git/index").read_bytes()[:bytes_kept])
    with pytest.raises(NotARepository):
        Repository(str(root))


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode elsewhere")
def test_a_name_that_is_not_utf_8_is_looked_for_as_it_is_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"d\x80")
    root = repository(tmp_path, {"a.txt": b"in d\x80", "b.txt": "in d", "c.txt": b"staged in d\x80"})
    write(root, {"c.txt": "changed"})
    assert Repository(str(root)).containing(name) == ["a.txt", "c.txt"]


def test_what_is_needless_is_left_out_on_the_disk(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": "needle", "tests/b.py": "needle", "c/tests/d.py": "needle", "e.go": "needle"})
    found = Repository(str(root))
    assert found.containing("needle", (".py",), ("**/tests/**",)) == ["a.py"]
    assert found.containing("needle", needless=("**/tests/**",)) == ["a.py", "e.go"]
