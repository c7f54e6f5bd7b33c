"""Paths that lead through nobody's link."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shipworthy.host.paths import (
    READABLE_FILE,
    READABLE_FOLDER,
    ThroughLink,
    folders_of,
    is_below,
    joined,
    open_folder,
    open_inside,
    without_system_links,
)


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/a", "/a", True),
        ("/a/b", "/a", True),
        ("/ab", "/a", False),
        ("/a", "/a/b", False),
        ("/a", "/", True),
        ("/", "/", True),
    ],
)
def test_what_is_below_a_folder(path: str, folder: str, expected: bool) -> None:
    assert is_below(path, folder) == expected


@pytest.mark.parametrize(
    ("folder", "rest", "path"),
    [("/a", "b", "/a/b"), ("/", "b/", "/b"), ("/a/", "/b/c", "/a/b/c"), ("/a", "", "/a"), ("/", "", "/")],
)
def test_paths_are_joined(folder: str, rest: str, path: str) -> None:
    assert joined(folder, rest) == path


def test_the_folders_that_a_path_is_in() -> None:
    assert list(folders_of("/tmp/a/b")) == ["/tmp/a", "/tmp"]
    assert list(folders_of("/tmp")) == list(folders_of("/")) == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = Path(os.path.realpath(tmp_path))
    (root / "folder" / "inner").mkdir(parents=True)
    (root / "folder" / "file").write_text("x")
    (root / "link").symlink_to("folder")
    (root / "folder" / "link").symlink_to("/etc/passwd")
    return root


def test_a_folder_is_opened_part_by_part(root: Path) -> None:
    for path in (root / "folder", Path("/")):
        descriptor = open_folder(str(path))
        assert os.path.samestat(os.fstat(descriptor), path.stat())
        os.close(descriptor)


@pytest.mark.parametrize("path", ["link", "link/inner", "folder/file", "folder/link", "absent"])
def test_a_link_ends_the_way(root: Path, path: str) -> None:
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(OSError, match=r"Not a directory|No such|Too many"):
        open_folder(str(root / path))
    assert len(os.listdir("/dev/fd")) == before


def test_a_file_is_opened_and_a_link_in_its_place_is_not(root: Path) -> None:
    folder = open_folder(str(root / "folder"))
    os.close(open_inside(folder, "file", READABLE_FILE))
    with pytest.raises(OSError, match="Too many"):
        open_inside(folder, "link", READABLE_FILE)
    with pytest.raises(OSError, match="Not a directory"):
        open_inside(folder, "file", READABLE_FOLDER)
    os.close(folder)


def test_looking_is_not_recorded(root: Path) -> None:
    file = root / "folder" / "file"
    os.utime(file, (1_000_000_000, 2_000_000_000))
    folder = open_folder(str(root / "folder"))
    descriptor = open_inside(folder, "file", READABLE_FILE)
    os.read(descriptor, 1)
    os.close(descriptor)
    os.close(folder)
    if hasattr(os, "O_NOATIME"):
        assert file.stat().st_atime == 1_000_000_000


def test_a_path_without_links_is_itself(root: Path) -> None:
    assert without_system_links(str(root / "folder")) == str(root / "folder")
    assert without_system_links("/") == "/"
    assert without_system_links(f"{root}/folder/../folder/./inner") == f"{root}/folder/inner"


def test_anybody_s_link_is_named(root: Path) -> None:
    with pytest.raises(ThroughLink) as link:
        without_system_links(str(root / "link" / "inner"))
    assert link.value.filename == str(root / "link")
    with pytest.raises(FileNotFoundError):
        without_system_links(str(root / "absent"))


def test_the_system_s_own_links_are_part_of_the_spelling() -> None:
    """``/bin`` of Debian, ``/tmp`` of macOS."""
    links = [f"/{name}" for name in os.listdir("/") if os.path.islink(f"/{name}") and os.path.isdir(f"/{name}")]
    if not links:
        pytest.skip("this system has no link in its root")
    for link in links:
        assert without_system_links(link) == os.path.realpath(link)
