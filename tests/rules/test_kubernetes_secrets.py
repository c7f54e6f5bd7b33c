from __future__ import annotations

from base64 import b64encode
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.rule import Finding
from shipworthy.rules.kubernetes_secrets import check

SECRET = "hunter-9Qz7Lr2Vx"
LOGIN = '{"auths": {"example.com": {"auth": "%s"}}}'
KEY = "-----BEGIN " + "PRIVATE KEY-----\n" + "Qx7Lm2" * 20 + "\n-----END PRIVATE KEY-----\n"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def secret(key: str, value: str, *, data: str = "data", rest: str = "") -> str:
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: api\n{rest}{data}:\n  {key}: {value}\n"


def found(path: str, text: str) -> list[Finding]:
    return list(check(File(path, text.encode())))


# path, text, each finding as ``line severity``
FIRES = [
    pytest.param("k8s/s.yaml", secret("password", encoded(SECRET)), ["6 blocking"], id="a value in base64"),
    pytest.param(
        "k8s/s.yaml", secret("password", SECRET, data="stringData"), ["6 blocking"], id="a value in clear text"
    ),
    pytest.param(
        "k8s/s.yaml",
        secret("DATABASE_URL", encoded(f"postgres://shop:{SECRET}@db:5432/shop")),
        ["6 blocking"],
        id="a password in an address",
    ),
    pytest.param("k8s/s.yaml", secret("tls.key", encoded(KEY)), ["6 blocking"], id="a private key"),
    pytest.param(
        "k8s/s.yaml",
        secret(".dockerconfigjson", encoded(LOGIN % encoded(f"shop:{SECRET}"))),
        ["6 blocking"],
        id="the login of a registry",
    ),
    pytest.param("k8s/s.yaml", secret("password", "changeme", data="stringData"), ["6 high"], id="a placeholder"),
    pytest.param("k8s/s.yaml", secret("password", encoded("postgres123")), ["6 high"], id="what everybody guesses"),
    pytest.param("k8s/dev/s.yaml", secret("password", encoded(SECRET)), ["6 medium"], id="a secret for development"),
    pytest.param(
        "k8s/all.yaml",
        "apiVersion: v1\nkind: Service\n---\n" + secret("password", encoded(SECRET)),
        ["9 blocking"],
        id="the second document of a file",
    ),
    pytest.param(
        "k8s/s.yaml",
        secret("password", encoded(SECRET)) + f"  token: {encoded(SECRET)}\n",
        ["6 blocking"],
        id="two values of one Secret",
    ),
    pytest.param(
        "k8s/s.json",
        f'{{"kind": "Secret", "apiVersion": "v1",\n "data": {{"password": "{encoded(SECRET)}"}}}}',
        ["2 blocking"],
        id="JSON",
    ),
]

SILENT = [
    pytest.param("k8s/s.yaml", secret("username", encoded("shop")), id="a user's name"),
    pytest.param("k8s/s.yaml", secret("password", "${DB_PASSWORD}", data="stringData"), id="a variable"),
    pytest.param("k8s/s.yaml", secret("password", '"{{ .Values.password }}"'), id="a template"),
    pytest.param("k8s/s.yaml", secret("password", '""'), id="an empty value"),
    pytest.param(
        "k8s/s.yaml", secret("password", "ENC[AES256_GCM,data:x]", rest="sops: {version: 3}\n"), id="encrypted by SOPS"
    ),
    pytest.param("k8s/s.yaml", secret("ca.crt", encoded("-----BEGIN CERTIFICATE-----\nx")), id="a certificate"),
    pytest.param("k8s/s.yaml", secret("password", "//79/A=="), id="bytes"),
    pytest.param("k8s/s.example.yaml", secret("password", encoded(SECRET)), id="an example"),
    pytest.param("k8s/dev/s.yaml", secret("password", encoded("postgres")), id="a weak value for development"),
    pytest.param("tests/s.yaml", secret("password", encoded(SECRET)), id="a test"),
    pytest.param(
        "k8s/s.yaml",
        secret("password", "AgBy" * 40).replace("v1\nkind: Secret", "bitnami.com/v1alpha1\nkind: SealedSecret"),
        id="a sealed Secret",
    ),
    pytest.param(
        "k8s/s.yaml", "kind: SecretStore\napiVersion: external-secrets.io/v1\nspec: {a: b}\n", id="another kind"
    ),
]

TAKES = ["k8s/secret.yaml", "deploy/secrets.yml", "a.YAML", "k8s/secret.json"]
LEAVES = ["k8s/secret.json5", "secret.yaml.enc", "yaml", "k8s/README.md"]


@pytest.mark.parametrize(("path", "text", "expected"), FIRES)
def test_fires(path: str, text: str, expected: list[str]) -> None:
    findings = found(path, text)
    assert [f"{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize(("path", "text"), SILENT)
def test_is_silent(path: str, text: str) -> None:
    assert found(path, text) == []


def test_no_secret_is_quoted() -> None:
    (finding,) = found("k8s/s.yaml", secret("password", encoded(SECRET)))
    said = f"{finding.message} {finding.fix} {finding.details}"
    assert SECRET not in said
    assert encoded(SECRET) not in said
    assert finding.details["keys"] == ["password"]


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=40))
def test_any_value_is_read_without_an_error(key: str, value: str) -> None:
    with suppress(Unreadable):
        found("k8s/s.yaml", secret(key, value) + value)
