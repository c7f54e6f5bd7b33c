"""Host names of one label in values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.addresses import UNKNOWN, filled_in, host_of, hosts_called, hosts_in_urls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("http://api:8000/x", ["api"], id="a port and a path"),
        pytest.param("postgresql+asyncpg://u:p@db/shop", ["db"], id="a driver and a user"),
        pytest.param("mongodb://a:1,b:2/shop", ["a", "b"], id="several hosts"),
        pytest.param("serve --queue amqp://queue --cache=redis://cache:1", ["queue", "cache"], id="a command line"),
        pytest.param("s3://bucket file:///x sqlite://x", [], id="schemes that name no host"),
        pytest.param("http://example.org http://127.0.0.1 http://[::1]/", [], id="other hosts"),
        pytest.param(f"http://{UNKNOWN}:80", [], id="a host that is not known"),
        pytest.param(f"http://api:{UNKNOWN}", ["api"], id="a port that is not known"),
        pytest.param("http://user:word/x@api", [], id="a password that is no port"),
    ],
)
def test_hosts_in_urls(text: str, expected: list[str]) -> None:
    assert list(hosts_in_urls(text)) == expected


@pytest.mark.parametrize(
    ("name", "value", "image", "expected"),
    [
        pytest.param("CART_ADDR", "cart:7070", "", ["cart"], id="a name with a port"),
        pytest.param("BOOTSTRAP_SERVERS", "a:9092, b:9092", "", ["a", "b"], id="names with ports"),
        pytest.param("DB_HOST", "db", "", ["db"], id="a host"),
        pytest.param("DB_NAME", "db", "", [], id="no host"),
        pytest.param("MODE", "blue:80", "", [], id="a variable that holds no address"),
        pytest.param("MYSQL_HOST", "shop", "mysql:8", [], id="a variable of the database's own image"),
        pytest.param("MYSQL_HOST", "shop", "acme/api:1", ["shop"], id="the same variable elsewhere"),
        pytest.param("CORS_ORIGINS", "http://web", "", [], id="who may call"),
        pytest.param("DATABASE_URL", "postgres://db/x", "", ["db"], id="a name that ends like another"),
        pytest.param("DB_HOST", "localhost", "", [], id="this machine"),
        pytest.param("DB_HOST", "your-db", "", [], id="a placeholder"),
    ],
)
def test_hosts_called(name: str, value: str, image: str, expected: list[str]) -> None:
    assert hosts_called(name, value, image) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("http://${H}:80", f"http://{UNKNOWN}:80", id="an unknown variable"),
        pytest.param("http://${H:-api}:$P", f"http://api:{UNKNOWN}", id="a default beside an unknown variable"),
        pytest.param("${A:-${B:-x}}${C}", f"x{UNKNOWN}", id="a default in a default"),
        pytest.param("${KNOWN}${C}", f"k{UNKNOWN}", id="a known variable"),
    ],
)
def test_filled_in(text: str, expected: str) -> None:
    assert filled_in(text, {"KNOWN": "k"}) == expected


@pytest.mark.parametrize(("text", "expected"), [("api:80", "api"), ("http://api", "api"), ("a.b:80", ""), ("", "")])
def test_host_of(text: str, expected: str) -> None:
    assert host_of(text) == expected


@given(st.text(alphabet=st.sampled_from("http://a:@,8.${}-_ \n"), max_size=100))
def test_any_text(text: str) -> None:
    for host in (*hosts_in_urls(text), *hosts_called("X_ADDR", filled_in(text, {}))):
        assert "." not in host
