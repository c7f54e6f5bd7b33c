from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.documents.grammar import is_for_deployment, may_be_path, path_in, plain_path_in


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("src/api/index.ts", "src/api/index.ts"),
        ("./scripts/deploy.sh", "scripts/deploy.sh"),
        ("src/a.py:12", "src/a.py"),
        ("src/a.py:12-20", "src/a.py"),
        ("src/a.py#L3-L9", "src/a.py"),
        ("src/a.py.", "src/a.py"),
        ("k8s/production/", "k8s/production/"),
        ("Dockerfile", "Dockerfile"),
        ("Dockerfile.ai", "Dockerfile.ai"),
        ("api.Dockerfile", "api.Dockerfile"),
        (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
        ("app/[id]/page.tsx", "app/[id]/page.tsx"),
    ],
)
def test_words_that_are_a_path(written: str, path: str) -> None:
    assert path_in(written) == path


@pytest.mark.parametrize(
    "written",
    [
        "",
        "index",
        "application/json",
        "acme/shop",
        "@acme/ui",
        "https://a.example/b.md",
        "github.com/acme/shop/a.go",
        "redis:7",
        "src/*.ts",
        "src/<name>.ts",
        "src/{a,b}.ts",
        "path/to/file.ts",
        "your-app/index.ts",
        "src/...",
        "./internal/tools/...",
        "../outside.ts",
        ".env.production",
        "a b.ts",
        "x" * 500 + ".ts",
    ],
)
def test_words_that_are_no_path(written: str) -> None:
    assert path_in(written) == ""


@given(st.text("aDockerfile README/.:12#L()- ") | st.sampled_from([" Makefile:12", "README()", "LICENSE#L3"]))
def test_a_quick_look_misses_no_path(words: str) -> None:
    assert may_be_path(words) or not (path_in(words) or plain_path_in(words))


def test_a_path_without_an_ending() -> None:
    assert plain_path_in("k8s/production") == "k8s/production"
    assert plain_path_in("npm run build") == ""


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.web",
        "docker-compose.prod.yml",
        "compose.yaml",
        "k8s/api.yaml",
        "scripts/deploy.sh",
        "infra/main.tf",
        ".github/workflows/ci.yml",
    ],
)
def test_paths_of_deployment(path: str) -> None:
    assert is_for_deployment(path)


@pytest.mark.parametrize(
    "path", ["src/index.ts", "docs/setup.md", "deployment/README.md", "src/infrastructure/adapter.ts"]
)
def test_other_paths(path: str) -> None:
    assert not is_for_deployment(path)
