from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.paths import beginning_with, holding, in_repository

PATHS = st.lists(st.text("ab/.\U0010ffff", min_size=1, max_size=6), unique=True).map(sorted)
WORDS = st.lists(st.text("ab/.", min_size=1, max_size=3), max_size=4)


@pytest.mark.parametrize(
    ("directory", "written", "expected"),
    [
        pytest.param("deploy", "./api.env", "deploy/api.env", id="a relative path starts from its folder"),
        pytest.param("deploy", "../.env", ".env", id="a path may lead upwards inside the repository"),
        pytest.param("", ".", "", id="the root is the empty path"),
        pytest.param("", "docker\\api.env", "docker/api.env", id="backslashes separate folders"),
        pytest.param("deploy", "../../.env", None, id="a path out of the repository is unknown"),
        pytest.param("", "/etc/default/api", None, id="an absolute path is unknown"),
        pytest.param("", "~/.env", None, id="a path in a home is unknown"),
        pytest.param("", "C:\\api\\.env", None, id="a path on a drive is unknown"),
        pytest.param("", ".env.${STAGE}", None, id="a variable is unknown"),
        pytest.param("", "env/*.env", None, id="a glob is unknown"),
        pytest.param("", "https://example.com/compose.yaml", None, id="an address is unknown"),
        pytest.param("", "", None, id="nothing names nothing"),
    ],
)
def test_only_what_lies_in_the_repository_has_a_path(directory: str, written: str, expected: str | None) -> None:
    assert in_repository(directory, written) == expected


@given(PATHS, WORDS)
def test_paths_are_found_by_how_they_begin(paths: list[str], words: list[str]) -> None:
    assert beginning_with(paths, words) == {path for path in paths if path.startswith(tuple(words))}


@given(PATHS, WORDS)
def test_paths_are_found_by_what_they_hold(paths: list[str], words: list[str]) -> None:
    assert holding(paths, words) == [path for path in paths if any(word in path for word in words)]
