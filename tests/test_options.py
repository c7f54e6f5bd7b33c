"""Each option of a rule, stated in a repository where it makes the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shipworthy.rules import ids, load
from support import command, repository, run, write

API = {
    "services/api/package.json": '{"name": "api", "scripts": {"start": "node main.js"}, "dependencies": {"express": "5"}}',
    "services/api/Dockerfile": "FROM node:22.1\nCOPY . .\nUSER node\n",
    "services/api/main.js": "require('express')().listen(80);\n",
}
COMPOSE = "compose.production.yaml"


def compose(*lines: str) -> dict[str, str]:
    return {COMPOSE: "services:\n  api:\n" + "".join(f"    {line}\n" for line in lines)}


def deployment(name: str) -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n"
        f"      containers:\n        - image: ghcr.io/acme/shop/{name}:1\n"
    )


# the rule, the option, its value, the committed files, how many findings there are without and with it
CASES = [
    pytest.param(
        "services-reachable",
        "hosts",
        ["search", "mail-*"],
        {**API, **compose("build: services/api", "environment: {A: 'http://search:9200', B: 'smtp://mail-1:25'}")},
        2,
        id="hosts of another stack answer",
    ),
    pytest.param(
        "env-examples-complete",
        "provided",
        ["RELEASE_*"],
        {**API, **compose("build: services/api", "environment: {A: '${RELEASE_NAME}'}"), ".env.example": "OTHER=1\n"},
        1,
        id="the platform sets a variable",
    ),
    pytest.param(
        "compose-pinned-images",
        "floating",
        ["postgres", "ghcr.io/acme/*"],
        {COMPOSE: "services:\n  db: {image: postgres}\n  api: {image: 'ghcr.io/acme/api:latest'}\n"},
        2,
        id="images may float",
    ),
    pytest.param(
        "images-built",
        "elsewhere",
        ["ghcr.io/acme/*"],
        {
            **API,
            **{path.replace("api", "web"): text.replace("api", "web") for path, text in API.items()},
            "k8s/api.yaml": deployment("api"),
            "k8s/web.yaml": deployment("web"),
        },
        2,
        id="another repository builds the images",
    ),
    pytest.param(
        "imports-committed",
        "generated",
        ["services/*/sdk/"],
        {**API, "services/api/main.js": "require('./sdk/client');\n"},
        1,
        id="a program writes a module",
    ),
    pytest.param(
        "referenced-files-committed",
        "generated",
        ["services/api/assets"],
        {**API, **compose("build: services/api"), "services/api/Dockerfile": "FROM node:22.1\nCOPY assets assets\n"},
        1,
        id="a program writes what is copied",
    ),
]


def found(root: Path, rule: str) -> list[str]:
    process = run([*command(rule), "--format", "json"], root)
    assert process.returncode in (0, 1), process.stderr
    return [finding["message"] for finding in json.loads(process.stdout)["findings"]]


@pytest.mark.parametrize(("rule", "option", "value", "files", "count"), CASES)
def test_an_option_makes_the_difference(
    tmp_path: Path, rule: str, option: str, value: list[str], files: dict[str, str], count: int
) -> None:
    root = repository(tmp_path, files)
    assert len(found(root, rule)) == count
    write(root, {".shipworthy.yaml": f"rules: {{{rule}: {{options: {{{option}: {json.dumps(value)}}}}}}}\n"})
    assert found(root, rule) == []
    write(root, {".shipworthy.yaml": f"rules: {{{rule}: {{options: {{{option}: [another]}}}}}}\n"})
    assert len(found(root, rule)) == count


def test_every_option_has_a_case() -> None:
    cases = {(case.values[0], case.values[1]) for case in CASES}
    assert cases == {(id, option) for id in ids() for option in load(id).RULE.options}
