from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shipworthy.deployment.secrets.masking import masked
from shipworthy.masking import mask
from shipworthy.rule import HIGH, Finding

SECRET = "xQ9vKm2Lp8Zt4Rw7Ys6B"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"the test `npm test -- --token={SECRET}` cannot fail", id="an option with an equals sign"),
        pytest.param(f"`deploy --api-key {SECRET} --now` cannot fail", id="an option with a space"),
        pytest.param(f"API_TOKEN={SECRET} pytest || true", id="a variable before a command"),
        pytest.param(f'"ApiKey": "{SECRET}"', id="a key of JSON"),
        pytest.param(f"/tmp/app.log?token={SECRET}&level=3", id="a parameter behind a path"),
        pytest.param(f"curl -H 'Authorization: Bearer {SECRET}' https://x", id="a header"),
        pytest.param(f"curl -H 'X-Api-Key: {SECRET}' https://x", id="a header with a name of its own"),
        pytest.param(f"postgres://app:{SECRET}@db:5432/app", id="a password in an address"),
        pytest.param(f"redis://:{SECRET}@cache", id="a password without a user"),
        pytest.param(f"curl -fsS -u admin:{SECRET} https://x", id="curl's user"),
        pytest.param(f"mysqldump -h db -p{SECRET} app", id="mysqldump's password"),
        pytest.param(f"redis-cli -h cache -a {SECRET} ping", id="redis-cli's password"),
        pytest.param(f"sshpass -p {SECRET} ssh host", id="sshpass"),
        pytest.param(f"docker login -u me -p {SECRET}", id="the password of a registry"),
        pytest.param(f"-- --token={SECRET}", id="behind a lone pair of dashes"),
        pytest.param(f"command: --token={SECRET}", id="an assignment inside of another value"),
    ],
)
def test_a_secret_is_taken_out(text: str) -> None:
    assert masked(text) == text.replace(SECRET, "xQ…")


def test_what_no_person_writes_is_taken_out_of_prose_too() -> None:
    assert masked(f"a comment says so: check it against {SECRET}") == "a comment says so: check it against xQ…"


def test_a_token_of_a_known_provider_is_taken_out_wherever_it_stands() -> None:
    token = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"
    assert masked(f"clone with {token} first") == "clone with gh… first"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("take it from the environment: API_TOKEN: ${API_TOKEN:?set API_TOKEN}", id="a reference"),
        pytest.param("PIDFile=/run/api/api.pid with RuntimeDirectory=api", id="a path"),
        pytest.param("DB_PASSWORD holds a secret in clear text (21 characters, beginning with xQ)", id="prose"),
        pytest.param("POSTGRES_PASSWORD_FILE=/run/secrets/password", id="the file that holds it"),
        pytest.param("curl -u $USER:$PASSWORD https://x", id="a variable for curl"),
        pytest.param("https://$TOKEN@github.com/a/b", id="a variable in an address"),
        pytest.param("mysqldump -p$MYSQL_PASSWORD app", id="a variable for mysqldump"),
        pytest.param("set --token-limit 4096123456", id="an option about tokens"),
        pytest.param("image: registry.example.com:5000/api@sha256:0123456789abcdef0123456789abcdef", id="a digest"),
        pytest.param("curl -H 'Authorization: Bearer ${{ secrets.TOKEN }}' https://x", id="a secret of the pipeline"),
        pytest.param("the Secret api-token: nothing makes it", id="the name of a Secret"),
        pytest.param("sha256-0123456789abcdef4567 and 3F2504E0-4F89-11D3-9A0C-0305E82C3301", id="hexadecimal numbers"),
        pytest.param("PKCS8EncodedKeySpecFactory2 parses getUtf8Base64String", id="names of code with digits"),
        pytest.param("services/authentication/internationalization/configuration.ts", id="a long path"),
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


@example("://::::::@")
@given(st.text(alphabet="ab:=-@/ '\"$pT.?&\n", max_size=60))
def test_any_text_is_masked_without_a_fault_and_once_is_enough(text: str) -> None:
    once = masked(text)
    assert len(once) <= len(text) + once.count("…")
    assert masked(once) == once


def test_message_fix_and_details_of_a_finding_are_masked() -> None:
    quoted = f"pytest --token={SECRET}"
    details: dict[str, object] = {"command": quoted, "also": [{"run": quoted}], "line": 3}
    finding = Finding("r", HIGH, "a", 1, 1, f"`{quoted}` cannot fail", f"run {quoted}", details)
    mask(finding)
    assert finding.message == "`pytest --token=xQ…` cannot fail"
    assert finding.fix == "run pytest --token=xQ…"
    assert finding.details == {
        "command": "pytest --token=xQ…",
        "also": [{"run": "pytest --token=xQ…"}],
        "line": 3,
    }
