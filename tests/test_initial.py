"""``shipworthy init`` writes what was inferred, and changes nothing by it."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml

from shipworthy.cli import main
from shipworthy.config import NAME, Config, load
from shipworthy.rules import ids
from support import git, repository, write
from test_run import UNION

SERVICES: dict[str, str | bytes] = {
    "services/api/package.json": '{"scripts": {"start": "node server.js"}, "dependencies": {"express": "^5.0.0"}}',
    "services/api/server.js": "require('express')().listen(8080);\n",
    "services/api/Dockerfile": "FROM node:24.4-slim\nCOPY . .\n",
    "compose.production.yaml": "services: {api: {build: services/api}}\n",
    "deploy/api.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  template:\n    spec:\n"
    "      containers: [{name: api, image: api:1}]\n",
    "deploy/api.service": "[Service]\nExecStart=/opt/api/server\n",
    "Procfile": "web: node services/api/server.js\n",
    "packages/on/tests/a.py": "",
    "tests/a [b]/c.py": "",
    "examples/über/a.py": "",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository from which something can be inferred; it is the working directory."""
    root = repository(tmp_path / "repository", SERVICES)
    monkeypatch.chdir(root)
    return root


def stated(root: Path) -> Config:
    """The configuration when everything in the file is stated."""
    text = (root / NAME).read_text(encoding="utf-8")
    uncommented = re.sub(r"^#(?! )(?=.)", "", text, flags=re.MULTILINE)
    uncommented = re.sub(r"^#(?=  )", "", uncommented, flags=re.MULTILINE)
    (root / "stated.yaml").write_text(uncommented, encoding="utf-8")
    schema = json.loads(files("shipworthy").joinpath("shipworthy.schema.json").read_text("utf-8"))
    jsonschema.validate(yaml.safe_load(uncommented), schema)
    return load(str(root), str(root / "stated.yaml"), ids())


def test_it_states_nothing(root: Path) -> None:
    assert main(["init"]) == 0
    assert yaml.safe_load((root / NAME).read_text(encoding="utf-8")) is None
    config = load(str(root), None, ids())
    assert (config.services, config.deploys, config.places) == (None, None, [])


def test_it_changes_no_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository(tmp_path, {**UNION, **SERVICES}))

    def findings() -> object:
        capsys.readouterr()
        assert main(["check", "--format=json"]) == 1
        return json.loads(capsys.readouterr().out)["findings"]

    before = findings()
    assert main(["init"]) == 0
    git(tmp_path, "add", NAME)
    assert findings() == before


def test_what_was_inferred_can_be_stated_by_removing_number_signs(root: Path) -> None:
    assert main(["init"]) == 0
    config = stated(root)
    assert config.deploys == ("compose", "kubernetes", "systemd", "platform")
    assert config.services is not None
    assert {name: (service.path, service.image) for name, service in config.services.items()} == {
        "api": ("services/api", "services/api/Dockerfile")
    }
    assert [config.place_of(path) for path in SERVICES if path.endswith(".py")] == ["test", "test", "example"]
    assert "# compose, because of compose.production.yaml:1" in (root / NAME).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({}, id="an empty repository"),
        pytest.param({"README.md": "# Notes\n"}, id="a repository without services"),
        pytest.param(
            {f"tests{number}/a.py": "" for number in range(30)}, id="a repository with more than can be listed"
        ),
        pytest.param({"tests\n#x: 1/a.py": "", "doc\udce9s/a\x1b.py": ""}, id="a repository with hostile names"),
    ],
)
def test_any_repository_gives_a_valid_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: dict[str, str | bytes]
) -> None:
    monkeypatch.chdir(repository(tmp_path, content))
    assert main(["init"]) == 0
    assert yaml.safe_load((tmp_path / NAME).read_text(encoding="utf-8")) is None
    stated(tmp_path)


def test_it_mentions_that_a_structure_can_be_required(root: Path) -> None:
    assert main(["init"]) == 0
    assert [requirement.path for requirement in stated(root).layout] == ["{service}/README.md"]
    assert "shipworthy explain project-layout" in (root / NAME).read_text(encoding="utf-8")


def test_a_configuration_that_is_there_is_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {NAME: "exclude: old\n"})
    assert main(["init"]) == 2
    assert capsys.readouterr().err == f"shipworthy: {NAME} is there already; to replace it: shipworthy init --force\n"
    assert (root / NAME).read_text(encoding="utf-8") == "exclude: old\n"
    assert main(["init", "--force"]) == 0
    assert "#services:" in (root / NAME).read_text(encoding="utf-8")
