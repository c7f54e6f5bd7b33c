from __future__ import annotations

import pytest

from shipworthy.deployment.names import comparable, find, image_name, shared_prefix, spelled


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Basket.API", "basket", id="a suffix behind a dot"),
        pytest.param("cart_service", "cart", id="a suffix behind an underscore"),
        pytest.param("@acme/web-app", "web", id="a scope"),
        pytest.param("cartservice", "cartservice", id="no suffix of its own"),
        pytest.param("api", "api", id="a suffix alone"),
        pytest.param("api-worker-svc", "api-worker", id="one suffix of two"),
    ],
)
def test_names_are_compared_without_their_suffix(name: str, expected: str) -> None:
    assert comparable(name) == expected


def test_spelling_keeps_the_suffix() -> None:
    assert spelled("@acme/Web_App") == "web-app"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("web-app", 1, id="the very name, though another is comparable"),
        pytest.param("web", None, id="two comparable names"),
        pytest.param("Mail_Service", 3, id="one comparable name"),
        pytest.param("", None, id="no name"),
    ],
)
def test_only_what_is_certain_is_found(name: str, expected: int | None) -> None:
    assert find({"web-app": 1, "web-api": 2, "mail": 3}, name) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("ghcr.io/acme/api:1.2", "api", id="a tag"),
        pytest.param("localhost:5000/api", "api", id="a port of the registry"),
        pytest.param("api@sha256:00", "api", id="a digest"),
        pytest.param("${REGISTRY}/api:${TAG:-latest}", "api", id="variables around the name"),
        pytest.param("${IMAGE}", "", id="a variable alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_name_of_an_image(reference: str, expected: str) -> None:
    assert image_name(reference) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["shop-api", "shop-web", "redis"], "shop-", id="a product's name before two images"),
        pytest.param(["shop-api", "shop-api"], "", id="one image twice"),
        pytest.param([], "", id="no image"),
    ],
)
def test_the_product_that_images_are_named_after(names: list[str], expected: str) -> None:
    assert shared_prefix(names) == expected
