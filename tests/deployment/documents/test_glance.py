"""What is seen of a document without reading it is never too little."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import load
from shipworthy.deployment.documents.artefacts import Presence, claims
from shipworthy.deployment.documents.commands import Commands
from shipworthy.deployment.documents.context import Context
from shipworthy.deployment.documents.glance import Glance
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.links import links
from shipworthy.deployment.documents.mentions import Mentions
from shipworthy.deployment.documents.model import Named
from shipworthy.deployment.documents.sites import Sites
from shipworthy.file import File
from shipworthy.formats.prose import prose
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

PARTS = [
    *(
        "`",
        "``",
        "```\n",
        "```bash\n",
        "~~~\n",
        "````\n",
        "\n",
        "\n\n",
        "    ",
        "> ",
        "- ",
        "1. ",
        "- [x] ",
        "# ",
        "| ",
        " | ",
    ),
    *(
        "|---|---|\n",
        "<!-- ",
        " -->\n",
        "$ ",
        "sudo ",
        " && ",
        "; ",
        " \\\n",
        "'",
        '"',
        "<<EOF\n",
        "EOF\n",
        "(",
        ")",
        "](",
        "[a](",
        ") ",
    ),
    *(
        "\n[a]: ",
        '<img src="',
        '">\n',
        "scripts/none.sh",
        "scripts/there.sh",
        "k8s/",
        "compose.prod.yaml",
        "Dockerfile.x",
        "docs/a.md",
    ),
    *(
        "./scripts/none.sh",
        "bash ",
        "make ",
        "make none",
        "npm run ",
        "npm run none",
        "docker compose up none",
        "kubectl apply -f k8s/a.yaml",
    ),
    *(
        "go run src/none.go",
        "CI/CD pipeline",
        "Kubernetes manifests",
        "monitoring",
        "**",
        " - ",
        ": ",
        "✅ ",
        " done",
        "complete",
        "Phase 1: ",
    ),
    *(
        "if true; then\n",
        "fi\n",
        "for x in a; do\n",
        "done\n",
        "# don't\n",
        "cp x ",
        "%20",
        "#top",
        "a.png",
        "http://a.example/x.sh",
        "…",
        "İ",
    ),
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    files = {
        "scripts/there.sh": "true\n",
        "src/main.go": "package main\n",
        "docs/b.md": "# B\n",
        "compose.yaml": "services:\n  api:\n    image: a:1\n",
        "package.json": '{"scripts": {"build": "tsc"}}\n',
        "Makefile": "build:\n\ttrue\n",
    }
    root: Path = repository(tmp_path_factory.mktemp("glance"), files)
    return Project(Repository(str(root)), load(str(root), None, ()))


def opened(text: str) -> tuple[File, Context]:
    file = File("docs/x.md", text.encode())
    return file, Context(prose(file.path, file.text))


def places(found: list[Named]) -> list[tuple[str, int, str]]:
    return sorted((named.kind, named.start, named.path or named.what) for named in found)


@given(text=TEXTS)
def test_every_missing_path_is_seen(project: Project, text: str) -> None:
    file, context = opened(text)
    index = project.model(Index)
    seen = project.model(Glance).paths(file.text, file.directory)
    everywhere, there = Mentions(file, context, index, None), Mentions(file, context, index, seen)
    assert places(there.named) == places(everywhere.named)
    assert there.denied == everywhere.denied


@given(text=TEXTS)
def test_every_dead_link_is_seen(project: Project, text: str) -> None:
    file, context = opened(text)
    index, sites = project.model(Index), project.model(Sites)
    seen = project.model(Glance).links(file.text, file.directory)
    everywhere = links(file, context, index, sites, None)
    assert places([*links(file, context, index, sites, seen)]) == places([*everywhere])


@given(text=TEXTS)
def test_every_command_that_needs_something_is_seen(project: Project, text: str) -> None:
    file, context = opened(text)
    if [*Commands(file, context, project).missing()]:
        assert project.model(Glance).has_commands(file.text, file.directory)


@given(text=TEXTS)
def test_every_kind_that_is_called_done_is_seen(project: Project, text: str) -> None:
    file, context = opened(text)
    presence = project.model(Presence)
    if [*claims(file, context, presence)]:
        assert presence.may_be_claimed(file.text.lower())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("All in `src/main.go`, [B](b.md) and `docs/b.md`.\n", id="everything is there"),
        pytest.param("```bash\nmake build && npm run build\n./scripts/there.sh\n```\n", id="commands of what is there"),
        pytest.param("We make sure that a user/role has rights, and/or none.\n", id="words with strokes"),
    ],
)
def test_nothing_is_seen_where_all_is_there(project: Project, text: str) -> None:
    glance = project.model(Glance)
    assert not glance.paths(text, "docs")
    assert not glance.links(text, "docs")
    assert not glance.has_commands(text, "docs")
