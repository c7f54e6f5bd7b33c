"""Tokens are put together here from halves, so that no scanner of this repository takes them for real ones."""

from __future__ import annotations

from re import _parser  # type: ignore[attr-defined]  # the only thing that knows what a pattern is made of

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.secrets import hinted
from shipworthy.deployment.secrets.values import (
    EMPTY,
    ENCRYPTED,
    IDENTIFIER,
    KNOWN,
    LITERAL,
    PLACEHOLDER,
    PLAIN,
    PUBLISHABLE,
    REFERENCE,
    SHORTEST_TOKEN,
    TOKEN,
    WEAK,
    class_of,
    format_of_token,
    is_patterned,
    looks_random,
)

CLASSES = {EMPTY, ENCRYPTED, IDENTIFIER, KNOWN, LITERAL, PLACEHOLDER, PLAIN, PUBLISHABLE, REFERENCE, WEAK}
RANDOM = "k8Q2vXw9" + "Zr4TmB7pLs3N"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", EMPTY, id="nothing"),
        pytest.param("  ", EMPTY, id="blanks"),
        pytest.param("${DB_PASSWORD}", REFERENCE, id="a variable"),
        pytest.param("${S3_KEY:?set S3_KEY}", REFERENCE, id="a required variable with a digit"),
        pytest.param("{{ .Values.password }}", REFERENCE, id="a template"),
        pytest.param("<your password>", REFERENCE, id="angle brackets"),
        pytest.param("%(ENV_TOKEN)s", REFERENCE, id="Supervisor's variables"),
        pytest.param("%kernel.secret%", REFERENCE, id="Symfony's parameters"),
        pytest.param("op://vault/item/password", REFERENCE, id="1Password"),
        pytest.param("arn:aws:secretsmanager:eu-west-1:1:secret:db", REFERENCE, id="an ARN"),
        pytest.param("ref+vault://path#/key", REFERENCE, id="vals"),
        pytest.param("@Microsoft.KeyVault(SecretUri=https://x)", REFERENCE, id="Azure's vault"),
        pytest.param("__DB_PASSWORD__", REFERENCE, id="a mark that a pipeline replaces"),
        pytest.param("GOOGLE_API_KEY_VAL", REFERENCE, id="a mark in capitals"),
        pytest.param("encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3", ENCRYPTED, id="dotenvx"),
        pytest.param("ENC[AES256_GCM,data:x,iv:y]", ENCRYPTED, id="SOPS"),
        pytest.param("ENC(x9c2Hq==)", ENCRYPTED, id="Jasypt"),
        pytest.param("{cipher}AQB1cd", ENCRYPTED, id="Spring Cloud Config"),
        pytest.param("$2b$12$EixZaYVK1fsbw1ZfbX3OXe", ENCRYPTED, id="a hash"),
        pytest.param("true", PLAIN, id="a switch"),
        pytest.param("3600", PLAIN, id="a number"),
        pytest.param("15m", PLAIN, id="a duration"),
        pytest.param("/run/secrets/db_password", PLAIN, id="a path"),
        pytest.param("keys/jwt.pem", PLAIN, id="a file"),
        pytest.param("https://auth.example.com/token", PLAIN, id="an address"),
        pytest.param("The password of the second account", PLAIN, id="a sentence"),
        pytest.param("pk_live_" + RANDOM, PUBLISHABLE, id="a publishable key"),
        pytest.param("changeme", PLACEHOLDER, id="change me"),
        pytest.param("CHANGE_THIS_PASSWORD", PLACEHOLDER, id="change this, in capitals"),
        pytest.param("your-secret-key-here", PLACEHOLDER, id="your own"),
        pytest.param("replace-with-openssl-rand", PLACEHOLDER, id="replace it"),
        pytest.param("xxxxxxxx", PLACEHOLDER, id="crosses"),
        pytest.param("0" * 64, PLACEHOLDER, id="zeros"),
        pytest.param("0123456789abcdef0123456789abcdef", PLACEHOLDER, id="a run of the alphabet"),
        pytest.param("long-and-random-alphanumeric-string", PLACEHOLDER, id="a description"),
        pytest.param("postgres", WEAK, id="a common word"),
        pytest.param("pass", WEAK, id="a short common word"),
        pytest.param("admin123", WEAK, id="a common word and digits"),
        pytest.param("super-secret-jwt-key", WEAK, id="several common words"),
        pytest.param("P@ssw0rd!", WEAK, id="a common word in disguise"),
        pytest.param("TheVerySecretKey", WEAK, id="common words without a separator"),
        pytest.param("postgres-credentials", IDENTIFIER, id="the name of a secret"),
        pytest.param(RANDOM, LITERAL, id="a random value"),
        pytest.param("Harbour7Tulip!", LITERAL, id="a password that a person chose"),
        pytest.param(f'"{RANDOM}"', LITERAL, id="with quotes of its own"),
        pytest.param("aK3!x", PLAIN, id="too short to be worth the name"),
        pytest.param("ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5", KNOWN, id="a GitHub token"),
        pytest.param("sk_live_" + "4eQ9HqLyjWDarjtT1zdp7dcR", KNOWN, id="a Stripe key"),
        pytest.param("token: AKIA" + "Q3EGWT5ZJ7KLM4NP", KNOWN, id="a token inside a text"),
        pytest.param("sk_live_" + "x" * 24, PLACEHOLDER, id="a token of crosses"),
        pytest.param("AKIAIOSFODNN7" + "EXAMPLE", PLACEHOLDER, id="the token of a manual"),
    ],
)
def test_classes(value: str, expected: str) -> None:
    assert class_of(value) == expected


@pytest.mark.parametrize(
    ("value", "name", "known", "expected"),
    [
        pytest.param("orders", "DB_PASSWORD", {"orders"}, WEAK, id="the name of the user"),
        pytest.param("orders_pass", "DB_PASSWORD", {"orders"}, WEAK, id="the name of the user and a common word"),
        pytest.param("billing_password", "BILLING_DB_PASSWORD", set(), WEAK, id="words of the key"),
        pytest.param("mailtoken", "MAIL_TOKEN", set(), PLACEHOLDER, id="the key itself"),
        pytest.param("123456", "DB_PASSWORD", set(), WEAK, id="digits as a password"),
        pytest.param("123456", "API_KEY", set(), PLAIN, id="digits elsewhere"),
    ],
)
def test_the_surroundings_tell(value: str, name: str, known: set[str], expected: str) -> None:
    assert class_of(value, name, known) == expected


GOOGLE = "AIza" + "SyD3kX8vQ2mN7bR4tW9zL1pH6cF5jG0aEuY"


def test_a_google_key_counts_where_a_server_uses_it() -> None:
    assert format_of_token(GOOGLE, "GEMINI_API_KEY") == "a Google API key"
    assert format_of_token(GOOGLE, "FIREBASE_KEY") == ""


def test_a_dotenvx_key_is_known_by_its_name() -> None:
    value = "9f2c71ab" + "d03e58c4" * 7
    assert format_of_token(value, "DOTENV_PRIVATE_KEY_PRODUCTION")
    assert format_of_token(value, "CHECKSUM") == ""


def test_random_values_are_told_from_words() -> None:
    assert looks_random("60gp0byfz2dvffa45cxl20p1scy9")
    assert not looks_random("orders-local-development-password-1")


def test_patterns() -> None:
    assert is_patterned("abcdefghijkl")
    assert is_patterned("aaaaaaaaaa")
    assert not is_patterned(RANDOM)


@given(st.text(), st.text(max_size=30))
def test_any_text_has_a_class(value: str, name: str) -> None:
    assert class_of(value, name) in CLASSES


@given(st.text(min_size=3))
def test_a_hint_gives_two_characters_at_most(value: str) -> None:
    beginning = hinted(value).partition("beginning with ")[2]
    assert len(beginning) <= 2
    assert value.startswith(beginning)


@pytest.mark.parametrize("piece", ["/a", "a.", "1s", "://a:", "-----", "\n", " ", "x-", "sk-", "xoxb-1-", "$2a$"])
def test_long_values_take_no_time(piece: str) -> None:
    assert class_of(piece * 100_000) in CLASSES


def test_no_token_is_shorter_than_the_shortest() -> None:
    assert _parser.parse(TOKEN.pattern).getwidth()[0] == SHORTEST_TOKEN
