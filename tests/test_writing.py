from __future__ import annotations

import os
from pathlib import Path

import pytest

from shipworthy.writing import write_whole


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("mode", [0o600, 0o755])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(mode)
    write_whole(str(file), b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", mode)
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_whole(str(tmp_path / "link"), b"new")
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"old"


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 -- which one differs between systems
        write_whole(str(tmp_path / "folder"), b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
