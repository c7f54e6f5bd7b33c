"""What `env-files-without-secrets` reports, what it leaves alone, and that it never says what it found.

Secrets are put together here from halves, so that no scanner of this repository takes them for real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.reporting import FORMATS
from shipworthy.repository import Repository
from shipworthy.rule import Finding
from shipworthy.rules.env_files_without_secrets import check
from support import command, repository, run

RANDOM = "k8Q2vXw9" + "Zr4TmB7pLs3N"
TOKEN = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
BODY = "\n".join(
    ("MIIEowIBAAKCAQEAr8Zk2Q" + "vXw9Zr4TmB7pLs3NdYc6Hf1Gu5Jo0KeRtAqWbViPxSyOhMnElUgCjDkFz"[n:]) for n in range(4)
)
PEM = f"-----BEGIN RSA PRIVATE {'KEY'}-----\n{BODY}\n-----END RSA PRIVATE {'KEY'}-----\n"
BLUEPRINT = "services:\n  - type: web\n    envVars:\n      - key: DATABASE_URL\n        {}\n"
COMPOSE = "services:\n  api:\n    image: example.com/api:1.4.2\n    environment:\n      {}\n"
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  template:
    spec:
      containers:
        - name: api
          image: example.com/api:1.4.2
          env:
            - name: {}
              value: {}
"""


DEFINITIONS = (
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  env:\n"
    + "    password: {type: string, description: the password of the database}\n" * 2_000
    + "---\n"
)
"""The beginning of a manifest as operators bring it, longer than what is read whole."""


def found(directory: Path, files: Mapping[str, str | bytes]) -> list[Finding]:
    repository(directory, files)
    return list(check(Project(Repository(str(directory)), Config())))


# committed files, each finding as ``path:line severity``
FIRES = [
    pytest.param(
        {".env.production": "SECRET_KEY=shop-docker-supersecret-key-4071!@#$%^&*(-_)\n"},
        [".env.production:1 blocking"],
        id="a key with a dollar that begins no variable",
    ),
    pytest.param(
        {"render.yaml": BLUEPRINT.format(f"value: postgres://shop:{RANDOM}@db.example.net/shop")},
        ["render.yaml:5 blocking"],
        id="a password in a blueprint of Render",
    ),
    pytest.param({".env.production": f"A=1\nDB_PASSWORD={RANDOM}\n"}, [".env.production:2 blocking"], id="production"),
    pytest.param({".env": f"DB_PASSWORD={RANDOM}\n"}, [".env:1 high"], id="a plain env file"),
    pytest.param({".env.local": f"DB_PASSWORD={RANDOM}\n"}, [".env.local:1 high"], id="the env file of one machine"),
    pytest.param(
        {".env.development": f"X={TOKEN}\n"}, [".env.development:1 blocking"], id="a token, whatever its name"
    ),
    pytest.param({".env.development": f"API_KEY={RANDOM}\n"}, [".env.development:1 info"], id="a development secret"),
    pytest.param({".env.example": f"API_KEY={RANDOM}\n"}, [".env.example:1 medium"], id="a real value in an example"),
    pytest.param({".env.production": "DB_PASSWORD=changeme\n"}, [".env.production:1 high"], id="a placeholder"),
    pytest.param(
        {"compose.yaml": COMPOSE.format("A: b"), ".env": "DB_PASSWORD=postgres\n"},
        [".env:1 medium"],
        id="a known password that Compose reads",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("DB_PASSWORD: ${DB_PASSWORD:-postgres}")},
        ["compose.prod.yaml:5 high"],
        id="a weak default",
    ),
    pytest.param(
        {"compose.yaml": COMPOSE.format("DB_PASSWORD: ${DB_PASSWORD:-postgres}")},
        ["compose.yaml:5 medium"],
        id="a weak default where production is only likely",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format(f"DB_PASSWORD: ${{DB_PASSWORD:-{RANDOM}}}")},
        ["compose.prod.yaml:5 blocking"],
        id="a secret as a default",
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("CACHE: redis://app:cachepass@cache:6379")},
        ["compose.prod.yaml:5 high"],
        id="a known password in a URL towards the same set",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  shop-db:\n    image: postgres:16\n"
            "    environment: {POSTGRES_USER: orders, POSTGRES_PASSWORD: orders}\n"
        },
        ["compose.prod.yaml:4 high"],
        id="the user as the password",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  shop-db:\n    image: postgres:16\n    environment: {DB_PASSWORD: shop}\n"
            "  shop-api:\n    image: example.com/api:1\n"
        },
        ["compose.prod.yaml:4 high"],
        id="the product as the password",
    ),
    pytest.param(
        {
            "compose.prod.yaml": f"x-env: &env\n  DB_PASSWORD: {RANDOM}\nservices:\n"
            "  a: {image: 'a:1', environment: *env}\n  b: {image: 'b:1', environment: *env}\n"
        },
        ["compose.prod.yaml:2 blocking"],
        id="an anchor that two services share",
    ),
    pytest.param(
        {"compose.prod.yaml": f"services:\n  api:\n    build:\n      context: .\n      args: [NPM_TOKEN={RANDOM}]\n"},
        ["compose.prod.yaml:5 blocking"],
        id="a build argument",
    ),
    pytest.param(
        {
            "compose.prod.yaml": "services:\n  api:\n    image: a:1\nsecrets:\n  db_password:\n    file: secrets/db.txt\n",
            "secrets/db.txt": RANDOM + "\n",
        },
        ["secrets/db.txt:1 blocking"],
        id="a committed file that Compose hands out as a secret",
    ),
    pytest.param(
        {"deploy/api.yaml": MANIFEST.format("DB_PASSWORD", RANDOM)},
        ["deploy/api.yaml:12 blocking"],
        id="the environment of a container",
    ),
    pytest.param(
        {"deploy/config.yaml": f"apiVersion: v1\nkind: ConfigMap\ndata:\n  API_KEY: {RANDOM}\n"},
        ["deploy/config.yaml:4 blocking"],
        id="a ConfigMap",
    ),
    pytest.param(
        {"deploy/config.yaml": DEFINITIONS + f"apiVersion: v1\nkind: ConfigMap\ndata:\n  API_KEY: {RANDOM}\n"},
        ["deploy/config.yaml:2009 blocking"],
        id="behind large definitions: a ConfigMap",
    ),
    pytest.param(
        {
            "deploy/config.yaml": "apiVersion: v1\nkind: ConfigMap\ndata:\n  application.yml: |\n"
            f"    spring:\n      datasource:\n        password: {RANDOM}\n"
        },
        ["deploy/config.yaml:7 blocking"],
        id="a file inside a ConfigMap",
    ),
    pytest.param(
        {"Dockerfile": f"FROM node:22\nENV API_KEY={RANDOM}\n"}, ["Dockerfile:2 blocking"], id="what an image ships"
    ),
    pytest.param(
        {"Dockerfile": f"FROM node:22 AS build\nARG NPM_TOKEN={RANDOM}\nFROM node:22\n"},
        ["Dockerfile:2 high"],
        id="a build argument with a default",
    ),
    pytest.param(
        {"deploy/api.service": f"[Service]\nEnvironment=DB_PASSWORD={RANDOM}\n"},
        ["deploy/api.service:2 blocking"],
        id="a systemd unit",
    ),
    pytest.param(
        {"src/appsettings.json": f'{{"ConnectionStrings": {{"Db": "Server=db.example.com;Password={RANDOM}"}}}}\n'},
        ["src/appsettings.json:1 high"],
        id="a connection string",
    ),
    pytest.param(
        {"src/main/resources/application.yml": "spring:\n  datasource:\n    password: ${DB_PASSWORD:postgres}\n"},
        ["src/main/resources/application.yml:3 medium"],
        id="a default as Spring writes it",
    ),
    pytest.param(
        {"chart/Chart.yaml": "name: a\n", "chart/values.yaml": f"auth:\n  password: {RANDOM}\n"},
        ["chart/values.yaml:2 high"],
        id="the values of a chart",
    ),
    pytest.param({"redis.conf": f"requirepass {RANDOM}\n"}, ["redis.conf:1 high"], id="the configuration of a broker"),
    pytest.param({"keys/server": PEM}, ["keys/server:1 blocking"], id="a private key, whatever the file is called"),
    pytest.param(
        {"src/account.json": '{"type": "service_account",\n"private_key": "' + PEM.replace("\n", "\\n") + '"}\n'},
        ["src/account.json:2 blocking"],
        id="a service account",
    ),
    pytest.param(
        {"conf/server.jks": b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x05alias"},
        ["conf/server.jks:1 blocking"],
        id="a key store",
    ),
    pytest.param(
        {".npmrc": f"//registry.npmjs.org/:_authToken={RANDOM}\n"}, [".npmrc:1 blocking"], id="a package registry"
    ),
    pytest.param(
        {"infra/terraform.tfstate": '{"version": 4, "resources": [{"type": "x"}]}'},
        ["infra/terraform.tfstate:1 blocking"],
        id="the state of Terraform",
    ),
    pytest.param(
        {".env.keys": "DOTENV_PRIVATE_KEY_PRODUCTION=" + "9f2c71ab" + "d03e58c4" * 7 + "\n"},
        [".env.keys:1 blocking"],
        id="the keys of dotenvx",
    ),
]

SILENT = [
    pytest.param({"render.yaml": BLUEPRINT.format("sync: false")}, id="what Render is given by hand"),
    pytest.param(
        {"render.yaml": BLUEPRINT.format("fromDatabase: {name: shop, property: connectionString}")},
        id="what Render takes from its own database",
    ),
    pytest.param(
        {".env.production": "DB_PASSWORD=\nAPI_URL=https://api.example.com\nLOG_LEVEL=info\n"}, id="no secret"
    ),
    pytest.param({".env.production": "DB_PASSWORD=${DB_PASSWORD}\nTOKEN={{ token }}\n"}, id="references"),
    pytest.param({".env.production": "DB_PASSWORD=encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3\n"}, id="encrypted"),
    pytest.param({".env.production": "NEXT_PUBLIC_API_KEY=k8Q2vXw9Zr4TmB7p\n"}, id="a key that browsers get"),
    pytest.param({".env.production": "SENTRY_DSN=https://0a1b2c3d4e5f@sentry.example.com/4\n"}, id="a publishable DSN"),
    pytest.param({".env.example": "DB_PASSWORD=changeme\nAPI_KEY=your-key-here\n"}, id="an example"),
    pytest.param(
        {".env.example": f"# generate with: openssl rand -hex 32\nSECRET_KEY={RANDOM}\n"}, id="an explained example"
    ),
    pytest.param({".env.test": f"DB_PASSWORD={RANDOM}\n", "tests/.env": f"API_KEY={RANDOM}\n"}, id="tests"),
    pytest.param({"examples/shop/.env": f"DB_PASSWORD={RANDOM}\n"}, id="a folder of examples"),
    pytest.param({".env.development": "DB_PASSWORD=postgres\nJWT_SECRET=orders-local-secret-1\n"}, id="development"),
    pytest.param({".env": "DATABASE_URL=postgres://app:Harbour7Tulip@localhost:5432/app\n"}, id="the own machine"),
    pytest.param({"compose.dev.yaml": COMPOSE.format("DB_PASSWORD: postgres")}, id="a development Compose file"),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("DB_PASSWORD: ${DB_PASSWORD:?set it}")}, id="a required variable"
    ),
    pytest.param(
        {"compose.prod.yaml": COMPOSE.format("DB_PASSWORD_FILE: /run/secrets/db_password")}, id="the path of a secret"
    ),
    pytest.param(
        {
            "compose.yaml": COMPOSE.format("DB_PASSWORD: postgres"),
            "compose.prod.yaml": "services:\n  api:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:?set it}\n",
        },
        id="a password for development that production replaces",
    ),
    pytest.param(
        {
            "compose.prod.yaml": COMPOSE.format("DB_PASSWORD: ${PG:-postgres}"),
            ".env": "PG=encrypted:BDqDBibm4wsYqMpCjTQ6\n",
        },
        id="a default that a committed file replaces",
    ),
    pytest.param(
        {
            "deploy/api.yaml": MANIFEST.replace(
                "value: {}", "valueFrom: {{secretKeyRef: {{name: db, key: pw}}}}"
            ).format("A")
        },
        id="a reference to a Secret",
    ),
    pytest.param(
        {"deploy/secret.yaml": f"apiVersion: v1\nkind: Secret\nstringData:\n  DB_PASSWORD: {RANDOM}\n"},
        id="a Secret, which belongs to another rule",
    ),
    pytest.param(
        {"deploy/api.yaml": MANIFEST.format("TLS_SECRET", "webhook-server-cert")}, id="the name of a Kubernetes Secret"
    ),
    pytest.param(
        {
            "chart/values.yaml": "existingSecret: api-credentials\nauth:\n  password: changeme\n  secretKey: db-password\n"
        },
        id="a chart that takes a Secret",
    ),
    pytest.param(
        {"Dockerfile": "FROM ruby:3.4 AS build\nENV SECRET_KEY_BASE=dummy\nARG DB_PASSWORD=secret\nFROM ruby:3.4\n"},
        id="words that only a build needs",
    ),
    pytest.param(
        {"src/main/resources/application-dev.yml": "spring:\n  datasource:\n    password: postgres\n"},
        id="a profile for development",
    ),
    pytest.param(
        {
            "src/main/resources/application.yml": "spring:\n  config:\n    activate:\n      on-profile: dev\n"
            "  datasource:\n    password: postgres\n"
        },
        id="a document for the profile of development",
    ),
    pytest.param({"certs/localhost.pem": PEM}, id="the key of the own machine"),
    pytest.param({"tests/fixtures/server.key": PEM}, id="the key of a test"),
    pytest.param(
        {"keys/server.key": PEM.replace("\nMII", "\nProc-Type: 4,ENCRYPTED\n\nMII", 1)}, id="an encrypted key"
    ),
    pytest.param({"api/openapi.yaml": "openapi: 3.1.0\nexample: |\n" + PEM}, id="the example of an interface"),
    pytest.param({"src/check.py": f"HEADER = '-----BEGIN RSA PRIVATE {'KEY'}-----'\n"}, id="a header without a key"),
    pytest.param(
        {"conf/truststore.jks": b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x01"}, id="a store of certificates"
    ),
    pytest.param({".npmrc": "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"}, id="a registry with a variable"),
    pytest.param({"terraform.tfstate": '{"version": 4, "resources": []}'}, id="an empty state"),
    pytest.param({"a.service": "[Service]\nEnvironmentFile=/etc/api.env\n"}, id="a unit without a secret"),
]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_fires(files: dict[str, str | bytes], expected: list[str], tmp_path: Path) -> None:
    findings = found(tmp_path, files)
    assert [f"{finding.path}:{finding.line} {finding.severity}" for finding in findings] == expected


@pytest.mark.parametrize("files", SILENT)
def test_is_silent(files: dict[str, str | bytes], tmp_path: Path) -> None:
    assert found(tmp_path, files) == []


def test_a_weak_default_becomes_an_error(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"compose.prod.yaml": COMPOSE.format("A: ${DB_PASSWORD:-postgres}")})
    assert finding.fix is not None
    assert "${DB_PASSWORD:?set DB_PASSWORD}" in finding.fix


@pytest.mark.parametrize(
    ("files", "fix"),
    [
        pytest.param(
            {"compose.prod.yaml": COMPOSE.format(f"API_KEY: {RANDOM}")},
            "take it from the environment: API_KEY: ${API_KEY:?set API_KEY}",
            id="an entry of a mapping",
        ),
        pytest.param(
            {"compose.prod.yaml": COMPOSE.format(f"- API_KEY={RANDOM}")},
            "take it from the environment: API_KEY=${API_KEY:?set API_KEY}",
            id="an item of a list",
        ),
        pytest.param(
            {"appsettings.Production.json": f'{{"Smtp": {{"Password": "{RANDOM}"}}}}'},
            "take it out, and set it in the environment: SECTION__Password, with its sections in front",
            id="settings that know no variables",
        ),
    ],
)
def test_the_fix_is_written_as_the_file_is(files: dict[str, str | bytes], fix: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, files)
    assert (finding.fix or "").endswith(fix)


def test_a_leaked_secret_is_rotated_before_it_is_taken_out(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {".env.production": f"API_KEY={RANDOM}\n"})
    assert finding.fix is not None
    assert finding.fix.startswith("rotate it")
    assert "git rm --cached .env.production" in finding.fix


def test_one_secret_in_several_places_of_a_file_is_one_finding(tmp_path: Path) -> None:
    service = "  {}: {{image: 'a:1', environment: [API_KEY={}]}}\n"
    text = "services:\n" + "".join(service.format(name, RANDOM) for name in "abc")
    (finding,) = found(tmp_path, {"compose.prod.yaml": text})
    assert finding.details["also"] == [3, 4]


SECRETS = {number: f"{chr(97 + number)}Z{number:02}vQ8xKm{number:02}Tr5Wn9Lp" for number in range(17)}
"""Seventeen different random values, one for each place."""
WORDS = {"weak": "superpassword1234", "placeholder": "please-change-me-now"}


def planted() -> dict[str, str]:
    """A file of each kind with a secret in each of its places."""
    s = SECRETS
    return {
        ".env": f"DB_PASSWORD={s[0]}\n",
        ".env.production": f"API_KEY={s[1]}\nURL=amqp://u:{s[2]}@mq.example.com\nSMTP_PASSWORD={WORDS['placeholder']}\n",
        ".env.example": f"API_KEY={s[3]}\n",
        ".env.development": f"API_KEY={s[4]}\nGITHUB={TOKEN}\n",
        "compose.prod.yaml": f"""\
services:
  api:
    build: {{context: ., args: [NPM_TOKEN={s[5]}]}}
    environment:
      API_KEY: {s[6]}
      PG_PASSWORD: ${{PG_PASSWORD:-{s[7]}}}
      ADMIN_PASSWORD: ${{ADMIN_PASSWORD:-{WORDS["weak"]}}}
      BLOB: AccountName=a;AccountKey={s[8]}
secrets:
  token: {{file: secrets/token.txt}}
""",
        "secrets/token.txt": s[9],
        "deploy/api.yaml": MANIFEST.format("DB_PASSWORD", s[10]),
        "deploy/config.yaml": f"apiVersion: v1\nkind: ConfigMap\ndata:\n  a.properties: |\n    api.key={s[11]}\n",
        "Dockerfile": f"FROM node:22\nENV API_KEY={s[12]}\n",
        "api.service": f"[Service]\nEnvironment=API_KEY={s[13]}\n",
        "appsettings.json": f'{{"Jwt": {{"Secret": "{s[14]}"}}}}',
        "chart/values.yaml": f"auth:\n  password: {s[15]}\n",
        ".npmrc": f"//registry.npmjs.org/:_authToken={s[16]}\n",
        "server.pem": PEM,
    }


@pytest.mark.parametrize("format", FORMATS)
def test_no_report_says_more_of_a_secret_than_two_characters(format: str, tmp_path: Path) -> None:
    root = repository(tmp_path, planted())
    process = run([*command("env-files-without-secrets"), "--format", format], root)
    said = process.stdout + process.stderr
    assert process.returncode == 1, process.stderr
    for path in planted():
        assert path in said
    for secret in (*SECRETS.values(), *WORDS.values(), TOKEN[4:], *BODY.split("\n")):
        assert secret[:3] not in said.replace("change", "") or secret in WORDS.values()
        assert secret not in said
        assert secret[2:10] not in said


def test_every_planted_secret_is_found(tmp_path: Path) -> None:
    findings = found(tmp_path, planted())
    assert len(findings) == len(SECRETS) + len(WORDS) + len([TOKEN, PEM])
