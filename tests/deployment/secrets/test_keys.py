from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.secrets.keys import holds_secret, words_of


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("DB_PASSWORD", id="a password"),
        pytest.param("POSTGRES_PASS", id="a password, shortened"),
        pytest.param("spring.datasource.password", id="a key with dots"),
        pytest.param("dbPassword", id="a key in camel case"),
        pytest.param("jwt-secret", id="a key with dashes"),
        pytest.param("AWS_SECRET_ACCESS_KEY", id="a secret key"),
        pytest.param("STRIPE_API_KEY", id="an API key"),
        pytest.param("API_KEY_2", id="one of several"),
        pytest.param("SECRET_KEY_BASE", id="the base of keys"),
        pytest.param("GITHUB_TOKEN", id="a token"),
        pytest.param("APP_KEY", id="Laravel's key"),
        pytest.param("requirepass", id="the password of Redis"),
        pytest.param("APIKey", id="capitals of an abbreviation"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert holds_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("PASSWORD_FILE", id="the path of a secret"),
        pytest.param("SECRETS_DIR", id="a folder"),
        pytest.param("ACCESS_TOKEN_EXPIRE_MINUTES", id="a duration"),
        pytest.param("JWT_SECRET_NAME", id="the name of a secret"),
        pytest.param("AWS_ACCESS_KEY_ID", id="an identifier"),
        pytest.param("TOKEN_RATE_LIMIT", id="a limit"),
        pytest.param("MAX_TOKENS", id="a number of tokens"),
        pytest.param("NEXT_PUBLIC_API_KEY", id="what every browser gets"),
        pytest.param("VITE_AUTH_TOKEN", id="what Vite builds into the client"),
        pytest.param("SUPABASE_ANON_KEY", id="a key for everybody"),
        pytest.param("existingSecret", id="the name of a secret that is there already"),
        pytest.param("ALLOW_EMPTY_PASSWORD", id="a switch"),
        pytest.param("PUSHER_APP_KEY", id="a public identifier"),
        pytest.param("MB_PASSWORD_COMPLEXITY", id="a policy"),
        pytest.param("PWD", id="the working directory"),
        pytest.param("COMPASS", id="a word that ends so"),
        pytest.param("", id="nothing"),
        pytest.param("===", id="no word at all"),
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not holds_secret(name)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "db-password", "dbPassword", "db.password"])
def test_spellings_have_the_same_words(name: str) -> None:
    assert words_of(name) == ["db", "password"]


@given(st.text())
def test_any_text_is_a_name(name: str) -> None:
    assert holds_secret(name) in (True, False)
