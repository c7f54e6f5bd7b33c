"""How paths of a system are spelled: macOS's links in the root, and names in any case."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.host.items import on_this_system
from shipworthy.host.paths import READABLE_FOLDER
from shipworthy.host.spelling import Spelling, as_stored, of_this_system, told_by_the_system

MACOS = Spelling({"/tmp": "/private/tmp", "/var": "/private/var", "/etc": "/private/etc"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tmp/api.sock", "/private/tmp/api.sock"),
        ("/tmp", "/private/tmp"),
        ("/private/tmp/api.sock", "/private/tmp/api.sock"),
        ("/var/folders/xx/0/T/a", "/private/var/folders/xx/0/T/a"),
        ("/tmpfiles/a", "/tmpfiles/a"),
        ("/Users/me/tmp", "/Users/me/tmp"),
        ("relative/tmp", "relative/tmp"),
        ("", ""),
    ],
)
def test_a_path_without_links(path: str, expected: str) -> None:
    assert MACOS.real(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/private/tmp", ["/private/tmp", "/tmp"]),
        ("/private/var/folders/xx/0/T", ["/private/var/folders/xx/0/T", "/var/folders/xx/0/T"]),
        ("/Users/me", ["/Users/me"]),
        ("/private", ["/private"]),
    ],
)
def test_the_ways_to_write_a_path(path: str, expected: list[str]) -> None:
    assert MACOS.all(path) == expected
    assert all(MACOS.real(spelled) == path for spelled in expected)


@given(st.text("/tmpvaret."))
def test_a_path_without_links_stays_as_it_is(path: str) -> None:
    assert MACOS.real(MACOS.real(path)) == MACOS.real(path)


def test_the_links_of_this_system_lead_where_the_system_says() -> None:
    spelling = of_this_system()
    for name in os.listdir("/"):
        path = os.path.join("/", name)
        if os.path.islink(path) and os.path.isdir(path):
            assert os.path.realpath(spelling.real(path)) == os.path.realpath(path)


def test_a_folder_is_spelled_as_it_is_stored(directory: Path) -> None:
    (directory / "Data").mkdir()
    assert as_stored(f"{directory}/Data") == f"{directory}/Data"
    if (directory / "data").exists():  # a file system that takes names in any case, as macOS has them
        assert as_stored(f"{directory}/data") == f"{directory}/Data"


def test_what_cannot_be_opened_is_not_spelled(directory: Path) -> None:
    with pytest.raises(FileNotFoundError):
        as_stored(f"{directory}/absent")


def test_the_system_tells_the_path_of_an_open_folder(directory: Path) -> None:
    descriptor = os.open(directory, READABLE_FOLDER)
    try:
        assert told_by_the_system(descriptor) == str(directory)
    finally:
        os.close(descriptor)
    assert told_by_the_system(descriptor) == ""


@pytest.mark.parametrize(
    ("home", "system", "expected"),
    [
        ("/run/api/api.pid", "Linux", "/run/api/api.pid"),
        ("/run/api/api.pid", "Darwin", "/var/run/api/api.pid"),
        ("/opt/api", "Darwin", "/opt/api"),
        ("/runtime", "Darwin", "/runtime"),
    ],
)
def test_a_permanent_place_is_one_that_the_system_has(home: str, system: str, expected: str) -> None:
    assert on_this_system(home, system) == expected
