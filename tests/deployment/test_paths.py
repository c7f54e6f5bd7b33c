from __future__ import annotations

import pytest

from shipworthy.deployment.paths import in_repository


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
