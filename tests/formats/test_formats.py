"""`formats.read` and its helpers: which format a file has, and that no file of any format does harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading import misplaced, said
from shipworthy.formats import Document, decode, format_of, read, read_embedded, syntax
from shipworthy.formats.source import Source
from shipworthy.formats.unreadable import Unreadable

PATHS = {
    "dockerfile": "Dockerfile",
    "dotenv": ".env.production",
    "yaml": "a.yaml",
    "compose": "docker-compose.yml",
    "workflow": ".github/workflows/ci.yml",
    "ansible": "roles/a/tasks/main.yml",
    "kubernetes": "k8s/deployment.yaml",
    "helm": "chart/templates/a.yaml",
    "json": "a.json",
    "package": "package.json",
    "toml": "pyproject.toml",
    "systemd": "api.service",
    "properties": "application.properties",
    "ini": "supervisord.ini",
    "xml": "web.config",
    "hcl": "main.tf",
    "makefile": "Makefile",
    "procfile": "Procfile",
    "crontab": "crontab",
    "shell": "start.sh",
    "python": "app.py",
    "typescript": "app.ts",
    "tsx": "app.tsx",
    "javascript": "app.js",
    "java": "App.java",
    "go": "main.go",
    "ruby": "app.rb",
    "php": "app.php",
    "text": "nginx.conf",
    "text without ending": "bin/start",
}
"""A path for every reader and dialect."""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", "dockerfile"),
        ("docker/api.Dockerfile", "dockerfile"),
        ("Dockerfile.prod", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("Dockerfile.md", "text"),
        (".dockerignore", "text"),
        (".env", "dotenv"),
        (".env.production", "dotenv"),
        ("config/prod.env", "dotenv"),
        (".env.example", "dotenv"),
        ("env.example", "dotenv"),
        ("environment.ts", "typescript"),
        ("docker-compose.yml", "yaml"),
        ("values.yaml.tpl", "yaml"),
        ("config.yml.j2", "yaml"),
        ("tsconfig.json", "json"),
        ("Pipfile", "toml"),
        ("api.service", "systemd"),
        ("api.service.d/override.conf", "systemd"),
        ("api@.service.in", "systemd"),
        ("my.service.ts", "typescript"),
        ("Makefile", "makefile"),
        ("rules.mk", "makefile"),
        ("Procfile.dev", "procfile"),
        ("etc/cron.d/backup", "crontab"),
        ("deploy/crontab", "crontab"),
        ("run.sh", "shell"),
        ("etc/init.d/api", "shell"),
        ("Vagrantfile", "ruby"),
        ("nginx/default.conf", "text"),
        ("bin/start", "text"),
        ("web.config", "xml"),
        ("DOCKERFILE", "dockerfile"),
        ("A.YML", "yaml"),
    ],
)
def test_the_path_tells_the_format(path: str, expected: str) -> None:
    assert format_of(path) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"a\xc3\xbc", "aü", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfa", "a", id="UTF-8 with a byte order mark"),
        pytest.param("aü😀".encode("utf-16"), "aü😀", id="UTF-16 with a byte order mark"),
        pytest.param(b"\xfe\xff\x00a", "a", id="UTF-16, big end first"),
        pytest.param(b"caf\xe9", "caf\ufffd", id="broken UTF-8"),
        pytest.param(b"\xff\xfea\x00\x00", "a\ufffd", id="broken UTF-16"),
        pytest.param(b"a\r\nb", "a\r\nb", id="carriage returns stay"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_decoding(data: bytes, expected: str) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize("data", [b"a\0b", b"\x7fELF\0", b"\xff\xfe\0\0a\0\0\0", "a".encode("utf-32-be")])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(Unreadable, match="binary"):
        decode(data)


@given(st.binary())
def test_any_bytes_are_text_or_not(data: bytes) -> None:
    try:
        text = decode(data)
    except Unreadable:
        return
    assert text.encode().decode() == text


@pytest.mark.parametrize("path", ["package-lock.json", "web/yarn.lock", "app.min.js", "go.sum", "a.ipynb"])
def test_generated_files_say_nothing(path: str) -> None:
    document = read(path, '{"dir": "/tmp/x"}')
    assert (document.format, document.root.children, document.degraded) == ("generated", [], "")
    assert read_embedded(path, Source("{}")) is None


def values(document: Document) -> list[tuple[str, str]]:
    return [(name, value) for _, name, value in said(document.root)]


def test_what_no_parser_reads_says_why_and_what_its_lines_say() -> None:
    document = read("a.yaml", "DATA_DIR: /tmp/data\nbroken: [\n")
    assert document.degraded.startswith("line ")
    assert ("DATA_DIR", "/tmp/data") in values(document)


def test_a_file_that_is_read_is_not_degraded() -> None:
    document = read("a.yaml", "a: b\n")
    assert (document.format, document.degraded, values(document)) == ("yaml", "", [("a", "b")])


def test_an_embedded_document_is_called_by_its_name_and_points_at_the_file() -> None:
    file = "data:\n  app.yaml: |\n    dir: /tmp/x\n"
    start = file.index("dir")
    block = read_embedded("config/app.yaml", Source(file).part(start, len(file)))
    assert block is not None
    assert block.name == "app.yaml"
    (setting,) = block.all_settings()
    assert file[setting.start : setting.end] == setting.value == "/tmp/x"


def test_an_embedded_document_that_no_parser_reads_is_read_by_lines() -> None:
    block = read_embedded("app.json", Source("{\n  DATA_DIR: /tmp/x\n"))
    assert block is not None
    assert [setting.value for setting in block.all_settings()] == ["/tmp/x"]


def bomb() -> str:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(lines)


HOSTILE = {
    "nothing": "",
    "line breaks": "\n" * 10_000,
    "carriage returns": "a: b\r\n" * 1000,
    "lone carriage returns": "a: b\r" * 1000,
    "a byte order mark in the middle": "a: \ufeffb\n\ufeff",
    "NUL characters": "a\0b = \0\n" * 100,
    "other line breaks": "a: b\u2028c: d\x85e: f\x0b\x0c\x1c",
    "halves of surrogate pairs": "a: \ud800\udfff\n",
    "brackets": "[" * 10_000,
    "braces": '{"a":' * 5_000,
    "parentheses": "(" * 5_000,
    "quotes": "\"'`" * 2_000,
    "backslashes": "\\" * 10_000,
    "continued lines": "a \\\n" * 2_000,
    "substitutions": "$(" * 1_000,
    "expansions": "${a:-" * 1_000,
    "here-documents": "cat <<a\n" * 3000,
    "template marks": "{{" * 5_000,
    "tags": "<a>" * 2_000,
    "sections": "[a]\n" * 2_000,
    "comments": "#" * 10_000,
    "stars": "/*" * 5_000,
    "aliases": bomb(),
    "indentation": "\n".join(" " * n + "a:" for n in range(400)),
    "white space": "a =" + " " * 20_000 + "b\n",
    "equals signs": "=" * 10_000,
    "pairs in a line": "a=b " * 5_000,
    "dashes": "- " * 5_000,
    "colons": "a:" * 5_000,
}
MOST_SECONDS = 10
"""Far above what any of these takes, and far below what quadratic time would take."""


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_read_in_bounded_time(path: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MOST_SECONDS", 0.5)
    began = time.monotonic()
    document = read(path, text)
    assert not misplaced(document.root, text)
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_long_files_and_long_lines_are_read_in_bounded_time(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MOST_SECONDS", 0.5)
    began = time.monotonic()
    for text in ("NAME=value\n" * 2_000, "a" * 200_000, "key: value " * 5_000):
        document = read(path, text)
        assert not misplaced(document.root, text)
    assert time.monotonic() - began < MOST_SECONDS


MARKS = "abAB01 \t\n\r:=-#'\"`\\/|<>()[]{}$%&*!?.,;@~^+\0\x85\u2028\ud800é😀"
WORDS = (
    "/tmp/x ${ $( {{ }} <<E && || RUN FROM ENV ARG [s] if then fi services: steps: run: kind: ConfigMap data: &a *a "
    "<<: export PIDFile= def function() process.env.X os.getenv( <a b=' location <!-- /* */"
).split()
PIECES = st.sampled_from([*MARKS, *WORDS, "  ", "- ", ": ", "|\n", "\\\n", '"""'])


@settings(max_examples=1000)
@given(st.sampled_from(sorted(PATHS.values())), st.lists(PIECES).map("".join))
def test_any_text_in_any_format(path: str, text: str) -> None:
    document = read(path, text)
    assert not misplaced(document.root, text)


@settings(max_examples=300)
@given(st.sampled_from(sorted(PATHS.values())), st.binary())
def test_any_bytes_in_any_format(path: str, data: bytes) -> None:
    try:
        text = decode(data)
    except Unreadable:
        return
    assert not misplaced(read(path, text).root, text)


@given(st.text())
def test_any_path(path: str) -> None:
    assert format_of(path)
