from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.globs import Globs


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("*.md", "README.md", id="a name at the root"),
        pytest.param("*.md", "docs/deep/a.md", id="a name at any depth"),
        pytest.param("build", "a/build/b/c", id="all below a folder of that name, at any depth"),
        pytest.param("build/", "build/c", id="a folder written with a slash"),
        pytest.param("/build", "build/c", id="a folder at the root"),
        pytest.param("./build", "build/c", id="a folder at the root, as shells complete it"),
        pytest.param("docs/api", "docs/api/a.md", id="a path with a slash, from the root"),
        pytest.param("docs/*.md", "docs/a.md", id="a star in one folder"),
        pytest.param("docs/**", "docs/a/b.md", id="two stars at the end"),
        pytest.param("**/fixtures/*.yaml", "fixtures/a.yaml", id="two stars in front stand for no folder too"),
        pytest.param("a/**/b", "a/b", id="two stars in the middle stand for no folder too"),
        pytest.param("a/**/b", "a/x/y/b", id="two stars in the middle"),
        pytest.param("a/**/**/b", "a/x/b", id="two stars twice"),
        pytest.param("**", "a/b", id="two stars alone"),
        pytest.param("?.txt", "a.txt", id="a question mark"),
        pytest.param("[ab].txt", "b.txt", id="one of some characters"),
        pytest.param("[!ab].txt", "c.txt", id="none of some characters"),
        pytest.param("[^ab].txt", "c.txt", id="the same as git writes it too"),
        pytest.param("a b", "a b/c", id="a space"),
        pytest.param(".github", ".github/workflows/ci.yml", id="a name that begins with a dot"),
    ],
)
def test_matches(pattern: str, path: str) -> None:
    assert Globs([pattern]).match(path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("*.md", "README.mdx", id="a longer ending"),
        pytest.param("*.md", "README-md", id="a dot is a dot"),
        pytest.param("/build", "a/build", id="a folder that is not at the root"),
        pytest.param("./build", "a/build", id="nor as shells complete it"),
        pytest.param("docs/api", "a/docs/api", id="a path with a slash starts at the root"),
        pytest.param("docs/*.md", "docs/a/b.md", id="a star does not cross folders"),
        pytest.param("docs/api/v1", "docs/api", id="the folder around"),
        pytest.param("a?b", "a/b", id="a question mark is no slash"),
        pytest.param("[^ab].txt", "a.txt", id="one of those that are not meant"),
        pytest.param("README", "readme", id="upper case and lower case differ"),
        pytest.param("", "a", id="an empty pattern"),
        pytest.param("/", "a", id="a slash"),
    ],
)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not Globs([pattern]).match(path)


def test_one_of_several_patterns_is_enough() -> None:
    globs = Globs(iter(["a", "b"]))
    assert globs.match("b")
    assert not globs.match("c")
    assert not Globs([]).match("a")


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("a*" * 30 + "b", id="many stars"),
        pytest.param("**/" * 20_000 + "b", id="many folders of any depth"),
        pytest.param("**/a/" * 200 + "b", id="many folders of any depth with names between"),
    ],
)
def test_hostile_patterns_take_no_time(pattern: str) -> None:
    assert not Globs([pattern]).match("a" * 300 + "/" + "a/" * 300 + "c")


@given(st.text(), st.text())
def test_any_pattern_over_any_path(pattern: str, path: str) -> None:
    Globs([pattern]).match(path)
