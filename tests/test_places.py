from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.places import (
    CI,
    DEVELOPMENT,
    DOCUMENTATION,
    EXAMPLE,
    GENERATED,
    PLACES,
    PRODUCTION,
    TEST,
    TESTS,
    VENDORED,
    place_of,
)
from support import git, repository


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("docker-compose.yml", PRODUCTION),
        ("docker-compose.prod.yml", PRODUCTION),
        ("services/api/src/main.py", PRODUCTION),
        ("services/latest/app.go", PRODUCTION),
        ("backend/contest/models.py", PRODUCTION),
        ("src/history.ts", PRODUCTION),
        ("src/notes.py", PRODUCTION),
        ("src/license.go", PRODUCTION),
        ("src/contributing.rb", PRODUCTION),
        ("requirements.txt", PRODUCTION),
        ("requirements-prod.txt", PRODUCTION),
        ("CMakeLists.txt", PRODUCTION),
        ("deploy/api.service", PRODUCTION),
        ("protest/main.py", PRODUCTION),
        ("api/src/main/java/com/example/demo/Api.java", PRODUCTION),
        ("src/main/kotlin/org/samples/Api.kt", PRODUCTION),
        ("examples/src/main/java/com/acme/Api.java", EXAMPLE),
        ("src/main/java/com/example/generated/Api.java", GENERATED),
        ("src/main/example/Api.java", EXAMPLE),
        ("tests/test_api.py", TEST),
        ("services/api/tests/data/app.yml", TEST),
        ("docs/tests/conf.ini", TEST),
        ("src/api_test.go", TEST),
        ("src/api.test.ts", TEST),
        ("src/UserServiceTest.java", TEST),
        ("conftest.py", TEST),
        ("docker-compose.test.yml", TEST),
        ("integration-tests/compose.yml", TEST),
        ("server/testdata2/chart/values.yaml", TEST),
        ("examples/api.test.js", TEST),
        ("examples/compose.yml", EXAMPLE),
        ("demo/app.py", EXAMPLE),
        ("docs/install.md", DOCUMENTATION),
        ("docs/examples/compose.yml", DOCUMENTATION),
        ("README.md", DOCUMENTATION),
        ("README", DOCUMENTATION),
        ("LICENSE", DOCUMENTATION),
        ("CHANGELOG-2024", DOCUMENTATION),
        ("services/api/NOTES.txt", DOCUMENTATION),
        ("node_modules/x/index.js", VENDORED),
        ("services/api/vendor/x.go", VENDORED),
        ("tests/node_modules/x.js", TEST),
        ("dist/app.js", GENERATED),
        ("static/app.min.js", GENERATED),
        ("package-lock.json", GENERATED),
        ("api/v1/api.pb.go", GENERATED),
        ("docker-compose.dev.yml", DEVELOPMENT),
        ("docker-compose.local.yml", DEVELOPMENT),
        (".env.development", DEVELOPMENT),
        (".devcontainer/devcontainer.json", DEVELOPMENT),
        ("Vagrantfile", DEVELOPMENT),
        (".gitpod.yml", DEVELOPMENT),
        (".gitpod.Dockerfile", DEVELOPMENT),
        (".devcontainer.json", DEVELOPMENT),
        (".codesandbox/tasks.json", DEVELOPMENT),
        ("local-dev/compose.yml", DEVELOPMENT),
        (".github/workflows/ci.yml", CI),
        (".gitlab-ci.yml", CI),
        ("Jenkinsfile", CI),
        (".circleci/config.yml", CI),
    ],
)
def test_a_path_tells_its_place(path: str, place: str) -> None:
    assert place_of(path) == place


@given(st.text())
def test_every_path_has_a_place(path: str) -> None:
    assert place_of(path) in PLACES


@pytest.mark.parametrize("part", ["-a", "test", "a.", "dev-"])
def test_long_names_take_no_time(part: str) -> None:
    assert place_of(part * 1000 + "/" + part * 1000 + "!") in PLACES


def test_what_the_wildcards_for_tests_match_is_for_no_production(tmp_path: Path) -> None:
    folders = [
        "",
        "src/",
        "tests/",
        "src/main/java/com/shop/tests/",
        "a.test.b/",
        "x_test.d/",
        "contest/",
        "Spec/",
        "e2e/a/",
    ]
    names = (
        "a.py a.test.ts A.spec.ts test_a.py test_ a_test.go contest_a.py latest.py x.tests.js spec.py testdata".split()
    )
    root = repository(tmp_path, {folder + name: "" for folder in folders for name in names})
    listed = git(root, "ls-files", "--", *(f":(glob){wildcard}" for wildcard in TESTS)).split()
    assert {"tests/a.py", "src/a.test.ts", "test_a.py", "src/a_test.go", "e2e/a/latest.py"} <= set(listed)
    assert {path for path in listed if place_of(path) == PRODUCTION} == set()
    assert {"contest/contest_a.py", "latest.py", "src/a.py"}.isdisjoint(listed)
