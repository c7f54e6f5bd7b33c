from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.secrets.parts import parts_of


def said(name: str, value: str, *, spring: bool = False) -> list[tuple[str, str, str]]:
    return [(part.name, part.value, part.variable) for part in parts_of(name, value, spring=spring)]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("DB_PASSWORD", "abc", [("DB_PASSWORD", "abc", "")], id="the whole value of a secret"),
        pytest.param("LOG_LEVEL", "abc", [], id="the value of something else"),
        pytest.param("CACHE", "redis://u:pw@cache:6379/0", [("CACHE", "pw", "")], id="the password of a URL"),
        pytest.param("CACHE", "redis://cache:6379/0", [], id="a URL without one"),
        pytest.param(
            "HOSTS", "amqp://a:one@x,amqp://b:two@y", [("HOSTS", "one", ""), ("HOSTS", "two", "")], id="several URLs"
        ),
        pytest.param(
            "DB", "Server=db;User Id=sa;Password=pw;", [("Password", "pw", "")], id="a field of a connection string"
        ),
        pytest.param("S3", "accessKey=a&secretKey=b", [("secretKey", "b", "")], id="a field of a query"),
        pytest.param("JSON", '{"user": "a", "password": "b"}', [("password", "b", "")], id="a field of JSON"),
        pytest.param("X", "${DB_PASSWORD:-pw}", [("DB_PASSWORD", "pw", "DB_PASSWORD")], id="a default"),
        pytest.param("DB_PASSWORD", "${PG:-pw}", [("PG", "pw", "PG")], id="the default of a secret's only variable"),
        pytest.param("X", "postgres://u:${PG:-pw}@db/x", [("PG", "pw", "PG")], id="a default inside a URL"),
        pytest.param(
            "URL",
            "${DATABASE_URL:-postgres://u:pw@db/x}",
            [("URL", "pw", "DATABASE_URL")],
            id="a URL that is a default",
        ),
        pytest.param("DB_PASSWORD", "${PG}", [("DB_PASSWORD", "${PG}", "")], id="a variable without a default"),
        pytest.param("LEVEL", "${LOG_LEVEL:-info}", [], id="the default of something else"),
    ],
)
def test_parts(name: str, value: str, expected: list[tuple[str, str, str]]) -> None:
    found = said(name, value)
    assert [part for part in found if "$" not in part[1] or part in expected] == expected


def test_spring_writes_defaults_in_its_own_way() -> None:
    assert said("password", "${DB_PASSWORD:pw}", spring=True) == [("DB_PASSWORD", "pw", "DB_PASSWORD")]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "host.docker.internal", "db.local", "[::1]"])
def test_addresses_of_the_own_machine_are_local(host: str) -> None:
    (part,) = parts_of("DB", f"postgres://u:pw@{host}:5432/x")
    assert part.is_local


def test_addresses_elsewhere_are_not_local() -> None:
    (part,) = parts_of("DB", "postgres://orders:pw@db.example.com/shop")
    assert not part.is_local
    assert part.known == ("orders", "shop")


@given(st.text(), st.text(alphabet="${}:-@/=;&ab\"'"))
def test_any_value_has_parts(name: str, value: str) -> None:
    for part in parts_of(name, value):
        assert part.value in value
