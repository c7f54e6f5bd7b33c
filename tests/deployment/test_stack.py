from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.stack import KINDS, Stack, agree, claimed, stack, technology
from shipworthy.deployment.stack.versions import requirement
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository


def stack_of(directory: Path, files: dict[str, str]) -> Stack:
    root = repository(directory, files)
    return Project(Repository(str(root)), load(str(root), None, ())).model(stack)


STATED = [
    pytest.param(
        {"package.json": '{\n "dependencies": {\n  "express": "^4.18.2"\n }\n}\n'},
        ("Express", "^4.18.2", "package.json:3"),
        id="a package of npm, at its line",
    ),
    pytest.param(
        {"package.json": '{"engines": {"node": ">=20"}}'}, ("Node.js", ">=20", "package.json:1"), id="engines"
    ),
    pytest.param(
        {"package.json": '{"packageManager": "pnpm@8.15.0+sha512.abc"}'},
        ("pnpm", "8.15.0", "package.json:1"),
        id="the package manager, without its checksum",
    ),
    pytest.param(
        {"pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.11"\n'},
        ("Python", ">=3.11", "pyproject.toml:3"),
        id="requires-python",
    ),
    pytest.param(
        {
            "pyproject.toml": "[project]\ndependencies = [\n  \"fastapi[standard]>=0.110,<1; python_version > '3.8'\",\n]\n"
        },
        ("FastAPI", ">=0.110,<1", "pyproject.toml:3"),
        id="a requirement with extras and a marker",
    ),
    pytest.param(
        {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\ndjango = {version = "^5.0"}\n'},
        ("Django", "^5.0", "pyproject.toml:3"),
        id="a table of Poetry",
    ),
    pytest.param(
        {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\n'},
        ("Python", "^3.12", "pyproject.toml:2"),
        id="Python as Poetry names it",
    ),
    pytest.param(
        {"pyproject.toml": '[dependency-groups]\ndev = ["pytest==8.1"]\n'},
        ("pytest", "==8.1", "pyproject.toml:2"),
        id="a dependency group",
    ),
    pytest.param(
        {"api/requirements-prod.txt": "# pinned\nDjango==4.2.7  # LTS\n"},
        ("Django", "==4.2.7", "api/requirements-prod.txt:2"),
        id="a requirements file, whatever the capitals",
    ),
    pytest.param(
        {"go.mod": "module a\n\ngo 1.22\n\nrequire (\n\tgithub.com/gofiber/fiber/v2 v2.52.0\n)\n"},
        ("Fiber", "v2.52.0", "go.mod:6"),
        id="a module of Go with its major version in the path",
    ),
    pytest.param({"go.mod": "module a\n\ngo 1.22\n"}, ("Go", ">=1.22", "go.mod:3"), id="the version of Go"),
    pytest.param(
        {"Cargo.toml": '[dependencies]\naxum = { version = "0.7", features = ["ws"] }\n'},
        ("Axum", "0.7", "Cargo.toml:2"),
        id="a crate",
    ),
    pytest.param(
        {"pom.xml": "<project><properties>\n<java.version>17</java.version>\n</properties></project>"},
        ("Java", "17", "pom.xml:2"),
        id="Java by Maven's property",
    ),
    pytest.param(
        {
            "pom.xml": "<project><parent>\n<groupId>org.springframework.boot</groupId>\n"
            "<artifactId>spring-boot-starter-parent</artifactId>\n<version>3.2.0</version>\n</parent></project>"
        },
        ("Spring Boot", "3.2.0", "pom.xml:4"),
        id="a parent of Maven",
    ),
    pytest.param(
        {"build.gradle.kts": 'plugins {\n  id("org.springframework.boot") version "3.3.1"\n}\n'},
        ("Spring Boot", "3.3.1", "build.gradle.kts:2"),
        id="a plugin of Gradle",
    ),
    pytest.param(
        {"build.gradle": "java {\n  toolchain { languageVersion = JavaLanguageVersion.of(21) }\n}\n"},
        ("Java", "21", "build.gradle:2"),
        id="a toolchain of Gradle",
    ),
    pytest.param(
        {
            "gradle/libs.versions.toml": '[versions]\nboot = "3.3.6"\n[plugins]\n'
            'spring = { id = "org.springframework.boot", version.ref = "boot" }\n'
        },
        ("Spring Boot", "3.3.6", "gradle/libs.versions.toml:4"),
        id="a version catalog",
    ),
    pytest.param(
        {"Gemfile": 'source \'https://rubygems.org\'\ngem "rails", "~> 7.1"\n'},
        ("Ruby on Rails", "~> 7.1", "Gemfile:2"),
        id="a gem",
    ),
    pytest.param(
        {"composer.json": '{"require": {"laravel/framework": "^11.0"}}'},
        ("Laravel", "^11.0", "composer.json:1"),
        id="a package of Composer",
    ),
    pytest.param(
        {"src/Api.csproj": "<Project>\n<TargetFramework>net8.0</TargetFramework>\n</Project>"},
        (".NET", "8.0", "src/Api.csproj:2"),
        id="a target framework",
    ),
    pytest.param({".nvmrc": "v20.11.1\n"}, ("Node.js", "20.11.1", ".nvmrc:1"), id="a file with a version alone"),
    pytest.param(
        {"Dockerfile": "ARG NODE=20\nFROM node:${NODE}-alpine AS build\nFROM build\n"},
        ("Node.js", "20", "Dockerfile:2"),
        id="a base image with the default of an argument",
    ),
    pytest.param(
        {"compose.yaml": "services:\n  db:\n    image: postgres:${PG:-15}-alpine\n"},
        ("PostgreSQL", "15", "compose.yaml:3"),
        id="an image of Compose with the default of a variable",
    ),
    pytest.param(
        {"compose.yaml": "services:\n  db:\n    image: pgvector/pgvector:0.7.4-pg16\n"},
        ("PostgreSQL", "16", "compose.yaml:3"),
        id="the version of PostgreSQL, not that of the extension",
    ),
    pytest.param(
        {"compose.yaml": "services:\n  db:\n    image: redis:latest\n"},
        ("Redis", "", "compose.yaml:3"),
        id="a tag that moves names no version",
    ),
    pytest.param(
        {
            "k8s/db.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n"
            "    spec:\n      containers:\n        - name: db\n          image: mongo:7.0\n"
        },
        ("MongoDB", "7.0", "k8s/db.yaml:9"),
        id="an image of Kubernetes",
    ),
    pytest.param(
        {".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - with:\n          python-version: '3.12'\n"},
        ("Python", "3.12", ".github/workflows/ci.yml:5"),
        id="a language that CI sets up",
    ),
]


@pytest.mark.parametrize(("files", "expected"), STATED)
def test_a_place_states_a_technology(tmp_path: Path, files: dict[str, str], expected: tuple[str, str, str]) -> None:
    known = stack_of(tmp_path, files).of(expected[0])
    assert known is not None
    assert (known.technology.name, known.version, f"{known.evidence.path}:{known.evidence.line}") == expected


LOCKED = [
    pytest.param(
        {
            "package.json": '{"dependencies": {"express": "^4.18.2"}}',
            "package-lock.json": '{\n  "packages": {\n    "node_modules/a/node_modules/express": {\n'
            '      "version": "3.0.0"\n    },\n    "node_modules/express": {\n      "version": "4.19.2"\n    }\n  }\n}\n',
        },
        "Express",
        "package-lock.json:6 4.19.2",
        id="npm, not the copy that another package brings",
    ),
    pytest.param(
        {
            "apps/api/package.json": '{"dependencies": {"express": "^4.18.2"}}',
            "pnpm-lock.yaml": "importers:\n  apps/api:\n    dependencies:\n      express:\n"
            "        specifier: ^4.18.2\n        version: 4.21.0(supports-color@8)\n",
        },
        "Express",
        "pnpm-lock.yaml:4 4.21.0",
        id="pnpm, in a folder above",
    ),
    pytest.param(
        {
            "package.json": '{"dependencies": {"@nestjs/core": "^10.0.0"}}',
            "yarn.lock": '"@nestjs/core@^10.0.0":\n  version "10.3.1"\n',
        },
        "NestJS",
        "yarn.lock:1 10.3.1",
        id="Yarn",
    ),
    pytest.param(
        {
            "pyproject.toml": '[project]\ndependencies = ["SQLAlchemy>=2"]\n',
            "uv.lock": 'version = 1\n\n[[package]]\nname = "sqlalchemy"\nversion = "2.0.30"\n',
        },
        "SQLAlchemy",
        "uv.lock:4 2.0.30",
        id="uv, whatever the capitals",
    ),
]


@pytest.mark.parametrize(("files", "name", "expected"), LOCKED)
def test_a_lock_file_resolves_a_version(tmp_path: Path, files: dict[str, str], name: str, expected: str) -> None:
    found = stack_of(tmp_path, files)
    known = found.of(name)
    assert known is not None
    resolved = found.locked(known)
    assert resolved is not None
    assert f"{resolved.evidence.path}:{resolved.evidence.line} {resolved.version}" == expected


def test_what_starts_in_production_is_the_best_place(tmp_path: Path) -> None:
    found = stack_of(
        tmp_path,
        {
            "package.json": '{"engines": {"node": ">=18"}}',
            "Dockerfile": "FROM node:22\n",
            ".github/workflows/ci.yml": "      - with:\n          node-version: 20\n",
            "examples/Dockerfile": "FROM node:12\n",
        },
    )
    known = found.of("node")
    assert known is not None
    assert [statement.version for statement in known.statements] == ["22", ">=18", "20", "12"]


def test_technologies_come_in_the_order_of_their_kinds(tmp_path: Path) -> None:
    found = stack_of(
        tmp_path,
        {
            "package.json": '{"dependencies": {"vite": "5", "react": "18", "express": "4", "left-pad": "1"}}',
            "compose.yaml": "services:\n  db:\n    image: postgres:16\n  own:\n    image: acme/api:1\n",
            ".nvmrc": "20\n",
        },
    )
    names = [(known.technology.kind, known.technology.name) for known in found.technologies]
    assert names == [
        ("language", "Node.js"),
        ("framework", "Express"),
        ("framework", "React"),
        ("database", "PostgreSQL"),
        ("tool", "Vite"),
    ]
    assert [kind for kind, _ in names] == sorted((kind for kind, _ in names), key=KINDS.index)


def test_vendored_files_say_nothing(tmp_path: Path) -> None:
    assert not stack_of(tmp_path, {"vendor/a/go.mod": "module a\n\ngo 1.10\n"}).technologies


@pytest.mark.parametrize(
    ("claim", "known", "expected"),
    [
        ("15", "15-alpine", True),
        ("15", "15.4", True),
        ("15", "16-alpine", False),
        ("4.18.2", "^4.18.2", True),
        ("4.18.2", "^4.17.0", True),
        ("4.18.2", "^5.0.0", False),
        ("4.18.2", "^4.19.0", False),
        ("v4.18", "4.18.2", True),
        ("14.x", "14.1.3", True),
        ("14.x", "^15", False),
        ("18+", ">=20", True),
        ("18+", "16.20.0", False),
        (">= 3.11", "3.12-slim", True),
        ("3.11 or later", "3.10", False),
        ("3.10", ">=3.11", False),
        ("3.11", "==3.11.*", True),
        ("7.0", "~> 7.1", False),
        ("7.2", "~> 7.1", True),
        ("18", "^17 || ^18", True),
        ("19", "^17 || ^18", False),
        ("1.5", "1.2 - 2.3", True),
        ("2.4", "1.2 - 2.3", False),
        ("0.110", ">=0.95,<0.100", False),
        ("0.2.5", "^0.2.3", True),
        ("0.3", "^0.2.3", False),
        ("4.18.2", "~4.18.0", True),
        ("4.19", "~4.18.0", False),
        ("3.2.0", "3.2.0.RELEASE", True),
    ],
)
def test_a_claim_and_a_requirement_agree(claim: str, known: str, expected: bool) -> None:
    wanted, takes = claimed(claim), requirement(known)
    assert wanted is not None
    assert takes is not None
    assert agree(wanted, takes) is expected


@pytest.mark.parametrize(
    "written", ["*", "latest", "workspace:*", "catalog:", "file:../a", "git+https://a/b", "", ">5 <3"]
)
def test_a_requirement_that_cannot_be_read_is_unknown(written: str) -> None:
    assert requirement(written) is None


@pytest.mark.parametrize("written", ["", "latest", "many", "Vector DB", "15 or 16", "via Next.js", "1" * 200])
def test_words_that_are_no_version_claim_nothing(written: str) -> None:
    assert claimed(written) is None


def test_a_crate_without_an_operator_takes_later_ones() -> None:
    takes, claim = requirement("0.7", caret=True), claimed("0.7.5")
    assert takes is not None
    assert claim is not None
    assert agree(claim, takes)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("node", "Node.js"), ("Postgres", "PostgreSQL"), ("NEXT.JS", "Next.js"), (" Spring  Boot ", "Spring Boot")],
)
def test_people_call_technologies_by_many_names(written: str, expected: str) -> None:
    known = technology(written)
    assert known is not None
    assert known.name == expected


@given(st.text(max_size=120))
def test_any_text_is_read_as_a_version_or_not(text: str) -> None:
    for found in (requirement(text), requirement(text, caret=True)):
        assert found is None or all(interval.low < interval.high for interval in found)
    claim = claimed(text)
    assert claim is None or claim.low < claim.high
