from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.references.dockerignore import DockerIgnore


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        pytest.param("dist", "dist", "1: dist", id="a name"),
        pytest.param("dist", "dist/main.js", "1: dist", id="what is in an excluded folder"),
        pytest.param("dist", "api/dist", "", id="a name matches at the root alone"),
        pytest.param("**/dist", "api/dist", "1: **/dist", id="two stars match at any depth"),
        pytest.param("**/dist", "dist", "1: **/dist", id="two stars match no folder too"),
        pytest.param("/dist/", "dist", "1: /dist/", id="slashes around a name"),
        pytest.param("*.md", "README.md", "1: *.md", id="a star"),
        pytest.param("*.md", "docs/README.md", "", id="a star does not cross folders"),
        pytest.param("# dist\n\n  dist", "dist", "3: dist", id="comments and blanks are left out"),
        pytest.param("*\n!src", "src/main.py", "", id="an exception"),
        pytest.param("*\n!src\nsrc/*.log", "src/a.log", "3: src/*.log", id="the last pattern decides"),
        pytest.param(".", "a", "", id="the context itself cannot be left out"),
    ],
)
def test_the_pattern_that_leaves_a_path_out(patterns: str, path: str, expected: str) -> None:
    assert DockerIgnore(patterns).excluding(path) == expected


@given(st.text(), st.text())
def test_any_text_is_read(patterns: str, path: str) -> None:
    assert isinstance(DockerIgnore(patterns).excluding(path), str)
