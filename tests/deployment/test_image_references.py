"""Image references: their parts, and which of them are floating."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.image_references import ImageReference, floating, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("redis", ("docker.io", "library/redis", "", ""), id="an official image by its name alone"),
        pytest.param("redis:7", ("docker.io", "library/redis", "7", ""), id="a tag"),
        pytest.param("acme/api:1.2", ("docker.io", "acme/api", "1.2", ""), id="an owner on Docker Hub"),
        pytest.param("docker.io/redis", ("docker.io", "library/redis", "", ""), id="Docker Hub by its name"),
        pytest.param("ghcr.io/acme/shop/api:v1", ("ghcr.io", "acme/shop/api", "v1", ""), id="another registry"),
        pytest.param("registry:5000/api", ("registry:5000", "api", "", ""), id="a port is no tag"),
        pytest.param("localhost/api:1", ("localhost", "api", "1", ""), id="a registry on this host"),
        pytest.param("api:1@sha256:0a", ("docker.io", "library/api", "1", "sha256:0a"), id="tag and digest"),
    ],
)
def test_parts(text: str, expected: tuple[str, str, str, str]) -> None:
    assert parse(text) == ImageReference(*expected)


@pytest.mark.parametrize("text", ["", "${IMAGE}", "api:${TAG}", "{{ image }}", "a b", "/api", "api:"])
def test_what_is_no_reference(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("redis", id="no tag"),
        pytest.param("registry.example.com:5000/api", id="no tag behind a port"),
        pytest.param("redis:latest", id="latest"),
        pytest.param("acme/api:latest-alpine", id="latest before a variant"),
        pytest.param("acme/api:alpine-latest", id="latest behind a variant"),
        pytest.param("acme/api:main", id="a branch"),
        pytest.param("node:lts-alpine", id="a channel with a variant"),
        pytest.param("nginx:alpine", id="a variant without a version"),
        pytest.param("node:bookworm-slim", id="two variants without a version"),
    ],
)
def test_floating(text: str) -> None:
    reference = parse(text)
    assert reference is not None
    assert floating(reference)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("redis:7-alpine", id="a major version with a variant"),
        pytest.param("rabbitmq:3-management", id="a major version with another variant"),
        pytest.param("redis@sha256:0a1b", id="a digest"),
        pytest.param("redis:latest@sha256:0a1b", id="a digest beside latest"),
        pytest.param("debian:bookworm-slim", id="the code name of a distribution is its version"),
        pytest.param("acme/api:RELEASE.2024-05-01", id="a date"),
        pytest.param("acme/api:sha-0a1b2c", id="a commit"),
        pytest.param("acme/api:winter", id="a word that nobody knows"),
    ],
)
def test_pinned_or_unknown(text: str) -> None:
    reference = parse(text)
    assert reference is not None
    assert floating(reference) == ""


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    reference = parse(text)
    if reference is not None:
        assert isinstance(floating(reference), str)
