"""Any content of the files that are read is read without an exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.secrets import secrets
from shipworthy.deployment.secrets.material import materials
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

PATHS = [
    ".env",
    ".npmrc",
    "Dockerfile",
    "a.service",
    "appsettings.json",
    "chart/values.yaml",
    "compose.yaml",
    "deploy/api.yaml",
    "key.p12",
    "kubeconfig",
    "main/application.yml",
    "redis.conf",
    "terraform.tfstate",
]
PIECES = [
    "password", "API_KEY", "=", ": ", "\n", "  ", "- ", "${X:-", "}", "{{ x }}", "://u:p@h/d", '"', "'", "{", "[", "&a", "*a",
    "<<: *a", "services:", "apiVersion: v1", "kind: ConfigMap", "data:", "env:", "name", "value", "\0", "\ud800", "ENV ",
    "FROM a AS b", "-----BEGIN PRIVATE KEY-----", "-----END", "k8Q2vXw9Zr4TmB7p", "[Service]", "Environment=",
]  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with an empty file at each path."""
    return repository(tmp_path_factory.mktemp("repository"), dict.fromkeys(PATHS, ""))


class Contents(Repository):
    """The repository with another content in all of its files."""

    content = b""

    def read(self, path: str) -> bytes:
        return self.content

    def containing(self, text: str, endings: tuple[str, ...] = (), needless: tuple[str, ...] = ()) -> list[str]:
        return [path for path in PATHS if text.encode() in self.content]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30))
def test_any_content_is_read(root: Path, pieces: list[str]) -> None:
    files = Contents(str(root))
    files.content = "".join(pieces).encode("utf-8", "surrogatepass")
    project = Project(files, Config())
    list(secrets(project))
    list(materials(project))


@pytest.mark.parametrize("piece", ["\n", " ", "-----BEGIN PRIVATE KEY-----\n", "kind:\n", "a=://u:p\n", "A=${X:-\n"])
def test_long_files_take_no_time(root: Path, piece: str) -> None:
    files = Contents(str(root))
    files.content = piece.encode() * 20_000
    project = Project(files, Config())
    list(secrets(project))
    list(materials(project))
