from __future__ import annotations

from pathlib import Path

import pytest

from readinesses import SERVER, WHOLE
from shipworthy.config import Config
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import NotApplicable
from shipworthy.rules.production_readiness import check, main
from support import repository

FIRES = [
    pytest.param(
        {**WHOLE, "test/index.test.js": None},
        ["index.js:1 medium: no test is committed for 1 source file"],
        id="a program without a test",
    ),
    pytest.param(
        {**WHOLE, "README.md": None},
        ["package.json:2 medium: no README and no other document"],
        id="a program that says nothing about itself",
    ),
    pytest.param(
        {**WHOLE, "compose.prod.yaml": None, ".github/workflows/ci.yml": None, "Dockerfile": None},
        ["package.json:2 high: no script, makefile or pipeline builds an image or deploys"],
        id="nothing that builds or deploys",
    ),
    pytest.param(
        {**WHOLE, ".env.example": "PORT=3000\nSESSION_SECRET=\n"},
        [".env.example:2 high: .env.example names secrets (SESSION_SECRET), and nothing brings them into production"],
        id="secrets that nothing brings into production",
    ),
    pytest.param(
        {
            **WHOLE,
            ".env.example": "SESSION_SECRET=\n",
            "docs/operations.md": "# Operations\n\n## Secrets\n\nEach service reads its own secrets from the vault.\n",
        },
        [
            (
                "docs/operations.md:3 high: “Secrets” is described here, and nothing implements it: .env.example names"
                " secrets (SESSION_SECRET), and nothing brings them into production"
            )
        ],
        id="secrets that only a document speaks of",
    ),
    pytest.param(
        {
            **WHOLE,
            "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n\nmodel User {\n  id Int @id\n}\n',
            "docs/backup.md": "# Backup\n\nThe database is dumped every night and kept for thirty days.\n",
        },
        ["docs/backup.md:1 medium: “Backup” is described here, and nothing implements it"],
        id="backups that only a document speaks of",
    ),
]
SILENT = [
    pytest.param(WHOLE, id="everything that such a program needs"),
    pytest.param({**WHOLE, ".env.example": "PORT=3000\n"}, id="variables none of which is a secret"),
    pytest.param(
        {**WHOLE, ".env.example": "SESSION_SECRET=\n", "compose.prod.yaml": WHOLE["compose.prod.yaml"]
         + "    env_file: .env\n", ".gitignore": ".env\n"},
        id="secrets in an env file that is kept out of git",
    ),
    pytest.param(
        {
            **WHOLE,
            "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n\nmodel User {\n  id Int @id\n}\n',
            "docs/backup.md": "# Backup\n\nThe database is managed by RDS, which takes a snapshot every night.\n",
        },
        id="a document that says that the provider takes backups",
    ),
    pytest.param(
        {**WHOLE, "docs/todo.md": "# Missing\n\n## Secrets\n\nSecrets are to be managed by a vault one day.\n"},
        id="a document that lists what is missing",
    ),
    pytest.param(
        {"src/index.ts": "export const one = 1\n", "package.json": '{"name": "one", "main": "src/index.ts"}\n',
         "src/index.test.ts": "it('is one', () => {})\n"},
        id="a library",
    ),
]  # fmt: skip


def found(directory: Path, files: dict[str, str | None]) -> list[str]:
    root = repository(directory, {path: text for path, text in files.items() if text is not None})
    findings = list(check(Project(Repository(str(root)), Config())))
    return [f"{one.path}:{one.line} {one.severity}: {one.message}" for one in findings]


@pytest.mark.parametrize(("files", "expected"), FIRES)
def test_it_reports(tmp_path: Path, files: dict[str, str | None], expected: list[str]) -> None:
    assert found(tmp_path, files) == expected


@pytest.mark.parametrize("files", SILENT)
def test_it_leaves_alone(tmp_path: Path, files: dict[str, str | None]) -> None:
    assert found(tmp_path, files) == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="nothing is committed"),
        pytest.param({"README.md": "# Notes\n"}, id="only a document"),
        pytest.param({"deploy/notes.yaml": "a: 1\n"}, id="only configuration"),
    ],
)
def test_nothing_to_judge(tmp_path: Path, files: dict[str, str | None]) -> None:
    with pytest.raises(NotApplicable, match="nothing here runs in production"):
        found(tmp_path, files)


def test_the_hook_prints_the_report_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, SERVER))
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Production readiness: Gaps")
    assert main(["--fail-under", "90"]) == 1
    assert "is under 90 %" in capsys.readouterr().err
