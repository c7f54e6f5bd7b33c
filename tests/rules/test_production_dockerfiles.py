"""What `production-dockerfiles` reports, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import Config, load
from shipworthy.file import File
from shipworthy.project import Project
from shipworthy.repository import Repository
from shipworthy.rule import Finding, NotApplicable
from shipworthy.rules.production_dockerfiles import RULE, check
from support import repository

FINE = "FROM python:3.13-slim\nUSER app\n"

CLOSED = (
    "FROM python:3.13-slim AS build\nRUN pip install --user gunicorn\n\nFROM python:3.13-slim\n"
    "ENV PATH=/root/.local/bin:$PATH\nCOPY --from=build /root/.local /root/.local\nUSER app\nCMD gunicorn app:app\n"
)

# a Dockerfile, each finding as ``line severity``
FIRES = [
    pytest.param("FROM node\nUSER node\n", ["1 high"], id="a base without a tag"),
    pytest.param("FROM nginx:alpine\n", ["1 high"], id="a variant without a version"),
    pytest.param("ARG V=latest\nFROM node:${V}\nUSER node\n", ["2 medium"], id="latest as the default of an argument"),
    pytest.param(
        "FROM node:latest AS base\nUSER node\n\nFROM base\nCMD node main.js\n", ["1 high"], id="an earlier stage's base"
    ),
    pytest.param(
        "FROM node:22 AS production\nUSER node\nCMD npm run dev\n\nFROM node AS development\n",
        ["3 high"],
        id="the stage for production where the last one is for development",
    ),
    pytest.param('FROM python:3.13\nCMD ["app"]\n', ["1 medium"], id="nothing sets a user"),
    pytest.param(CLOSED, ["6 high"], id="programs in the home of root, for another user"),
    pytest.param(
        CLOSED.replace("USER app", "USER 1000:1000"), ["6 high"], id="programs in the home of root, for a number"
    ),
    pytest.param("FROM scratch\nCOPY app /\nENTRYPOINT /app\n", ["1 medium"], id="nothing sets a user on nothing"),
    pytest.param("FROM acme/x:1\nUSER app\nUSER 0:0\nCMD app\n", ["3 medium"], id="root as the last user"),
    pytest.param("FROM acme/x:1\nARG U=root\nUSER $U\nCMD app\n", ["3 medium"], id="root by an argument's default"),
    pytest.param(FINE + 'CMD ["npm", "run", "dev"]\n', ["3 high"], id="the script dev"),
    pytest.param(FINE + "CMD pnpm --filter web dev\n", ["3 high"], id="the script dev of a workspace"),
    pytest.param(FINE + "CMD exec npx next dev -p 80\n", ["3 high"], id="next dev"),
    pytest.param(FINE + 'CMD ["sh", "-c", "flask run -h 0.0.0.0"]\n', ["3 high"], id="flask run in a shell"),
    pytest.param(FINE + "CMD python3 -m flask --app x run\n", ["3 high"], id="flask run as a module"),
    pytest.param(FINE + "CMD uvicorn app:app --reload\n", ["3 high"], id="uvicorn that reloads"),
    pytest.param(FINE + "CMD poetry run fastapi dev\n", ["3 high"], id="fastapi dev behind poetry"),
    pytest.param(FINE + "CMD python -m http.server 80\n", ["3 high"], id="Python's own web server"),
    pytest.param(FINE + "CMD php artisan serve\n", ["3 high"], id="artisan serve"),
    pytest.param(
        FINE + 'ENTRYPOINT ["python", "manage.py"]\nCMD ["runserver", "0:80"]\n',
        ["4 high"],
        id="runserver divided between ENTRYPOINT and CMD",
    ),
    pytest.param(
        "FROM golang:1.25\nUSER app\nRUN go build -o /app .\nCMD /app\n", ["3 medium"], id="a compiler left behind"
    ),
    pytest.param(
        "FROM node:22\nUSER node\nRUN npm ci\nRUN npm run build\nCMD npm start\n",
        ["4 medium"],
        id="build tools of Node left behind",
    ),
    pytest.param(
        "FROM maven:3-eclipse-temurin-21\nUSER app\nRUN ./mvnw -B package\nCMD java -jar app.jar\n",
        ["3 medium"],
        id="Maven left behind",
    ),
    pytest.param(
        "FROM python:3.13-slim\nUSER app\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\nCMD app\n",
        ["3 medium"],
        id="curl in a slim image",
    ),
    pytest.param(
        "FROM node:22-alpine\nUSER node\nHEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost/\nCMD app\n",
        ["4 medium"],
        id="curl in an image of Alpine",
    ),
    pytest.param(
        "FROM gcr.io/distroless/static-debian12:nonroot\nHEALTHCHECK CMD wget -q localhost\nCMD app\n",
        ["2 medium"],
        id="wget in an image without a shell",
    ),
]

SILENT = [
    pytest.param(CLOSED.replace("USER app", "RUN chmod 755 /root\nUSER app"), id="a home of root that is opened"),
    pytest.param(
        CLOSED.replace("/root/.local /root/", "/root/.local /home/app/"), id="programs in the user's own home"
    ),
    pytest.param(CLOSED.replace("/root/.local/bin", "/srv/bin"), id="a folder that nothing is started from"),
    pytest.param(
        CLOSED.replace("FROM python:3.13-slim\nENV", "FROM acme/python:3\nENV"), id="a base of which nobody knows"
    ),
    pytest.param(FINE + 'CMD ["gunicorn", "app:app"]\n', id="a pinned base, a user and a server"),
    pytest.param(
        'FROM golang:1.26\nADD . /src\nCMD ["/src/packaging/debian/build.sh"]\n', id="an image that makes packages"
    ),
    pytest.param("ARG BASE\nFROM ${BASE}\nUSER app\n", id="an argument without a default"),
    pytest.param("FROM node@sha256:0a1b\nUSER node\n", id="a digest"),
    pytest.param("FROM debian:bookworm-slim\nUSER app\n", id="the code name of a distribution"),
    pytest.param(
        "FROM gcr.io/distroless/static-debian12:nonroot\nCMD app\n", id="an image with its version in its name"
    ),
    pytest.param("FROM shop-base\nUSER app\n", id="an image that the same build makes"),
    pytest.param("FROM {{ base }}\nCMD npm run dev\n", id="a template"),
    pytest.param("FROM node AS development\nCMD npm run dev\n", id="a stage for development alone"),
    pytest.param("FROM node AS build\nRUN npm ci && npm run build\n\nFROM nginx:1.29\n", id="an earlier stage"),
    pytest.param("FROM acme/base:1\nCMD app\n", id="a base whose user nobody knows"),
    pytest.param("FROM python:3.13\nCOPY . .\n", id="an image that starts nothing by itself"),
    pytest.param("FROM nginx:1.29\nCMD nginx\n", id="a server that leaves root by itself"),
    pytest.param("FROM php:8-fpm\nCMD php-fpm\n", id="PHP's server, whose workers are no root"),
    pytest.param("FROM node:22 AS base\nUSER node\n\nFROM base\nCMD node x\n", id="the user of an earlier stage"),
    pytest.param("FROM acme/x:1\nUSER root\nRUN apt-get update\nUSER app\nCMD app\n", id="root for a while"),
    pytest.param("FROM acme/x:1\nARG U\nUSER $U\nCMD app\n", id="a user of an argument without a default"),
    pytest.param(
        "FROM debian:12\nRUN apt-get install -y gosu\nUSER root\nENTRYPOINT run.sh\n",
        id="a program that changes the user",
    ),
    pytest.param('FROM ubuntu:24.04\nENTRYPOINT ["/sbin/entrypoint.sh"]\n', id="a whole system that a script starts"),
    pytest.param(FINE + "CMD npm run build && npm start\n", id="a script that is not for development"),
    pytest.param(FINE + 'CMD if [ "$ENV" = dev ]; then npm run dev; else npm start; fi\n', id="a script that chooses"),
    pytest.param(FINE + "CMD uvicorn app:app --workers 4\n", id="uvicorn that does not reload"),
    pytest.param(FINE + "CMD uvicorn app:app --reload=false\n", id="reloading switched off"),
    pytest.param(FINE + "CMD nx run api:start\n", id="a task runner"),
    pytest.param(
        "FROM golang:1.25 AS build\nRUN go build -o /app .\n\nFROM scratch\nUSER 1\nCOPY --from=build /app /\nCMD /app\n",
        id="a compiler in a stage of its own",
    ),
    pytest.param(
        "FROM node:22\nUSER node\nRUN npm ci\nRUN npm run build && npm prune --omit=dev\nCMD node x\n",
        id="what development needs is removed after the build",
    ),
    pytest.param("FROM python:3.13\nUSER app\nRUN pip install .\nCMD app\n", id="an interpreter in one stage"),
    pytest.param(
        "FROM python:3.13-slim\nUSER app\nRUN apt-get install -y curl\nHEALTHCHECK CMD curl localhost\nCMD app\n",
        id="curl that is installed",
    ),
    pytest.param(
        "FROM debian:12\nUSER app\nRUN xargs apt-get install < packages\nHEALTHCHECK CMD curl localhost\nCMD app\n",
        id="packages of a list",
    ),
    pytest.param(
        "FROM debian:12\nUSER app\nRUN /setup/install\nHEALTHCHECK CMD curl localhost\nCMD app\n",
        id="a script that may install anything",
    ),
    pytest.param(
        "FROM alpine:3.22\nUSER app\nHEALTHCHECK CMD curl localhost || wget -q localhost\nCMD app\n",
        id="a second program that is there",
    ),
    pytest.param("FROM acme/x:1\nUSER app\nHEALTHCHECK CMD curl localhost\nCMD app\n", id="an image that nobody knows"),
    pytest.param("FROM python:3.13\nUSER app\nHEALTHCHECK CMD curl localhost\nCMD app\n", id="curl in a full image"),
    pytest.param('FROM ubuntu:latest\nCMD ["./build-deb.sh"]\n', id="a base that makes packages"),
]

ROOT = 'FROM node\nCMD ["npm", "run", "dev"]\n'


SERVER = {"package.json": '{"private": true, "scripts": {"start": "node x"}, "dependencies": {"express": "5"}}'}


def findings(directory: Path, text: str, path: str = "Dockerfile", rest: dict[str, str] | None = None) -> list[Finding]:
    """What is found in a Dockerfile of a repository with a server in its root."""
    root = repository(directory, {**(SERVER if rest is None else rest), path: text})
    found = check(Project(Repository(str(root)), load(str(root), None, ())))
    return sorted(found, key=lambda found: found.order)


@pytest.mark.parametrize(("text", "expected"), FIRES)
def test_fires(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [f"{found.line} {found.severity}" for found in findings(tmp_path, text)] == expected


@pytest.mark.parametrize("text", SILENT)
def test_is_silent(text: str, tmp_path: Path) -> None:
    assert findings(tmp_path, text) == []


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.dev",
        "dev.Dockerfile",
        "Dockerfile.test",
        ".devcontainer/Dockerfile",
        "tests/Dockerfile",
        "examples/x/Dockerfile",
    ],
)
def test_what_is_not_for_production_is_left_alone(path: str, tmp_path: Path) -> None:
    assert findings(tmp_path / "a", ROOT) != []
    with pytest.raises(NotApplicable):
        findings(tmp_path / "b", ROOT, path)


def test_the_finding_says_what_the_argument_gives(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, "ARG TAG=latest\nFROM acme/base:${TAG}\n")
    assert "acme/base:latest has the tag latest, which moves" in found.message


def test_each_problem_is_reported_once(tmp_path: Path) -> None:
    text = "FROM node\nRUN npm ci\nRUN npm run build\nCMD npm run dev\n"
    assert [f"{found.line}:{found.column} {found.severity}" for found in findings(tmp_path, text)] == [
        "1:1 medium",
        "1:6 high",
        "3:5 medium",
        "4:1 high",
    ]


POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      securityContext: %s
      containers:
        - name: api
          image: registry.example.com/shop/api:1
          securityContext: %s
"""
API = {"services/api/package.json": SERVER["package.json"]}


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        pytest.param({"k8s/api.yaml": POD % ("{runAsNonRoot: true}", "{}")}, 0, id="a pod that is never root"),
        pytest.param({"k8s/api.yaml": POD % ("{}", "{runAsUser: 1000}")}, 0, id="a container with a user"),
        pytest.param({"k8s/api.yaml": POD % ("{runAsUser: 1000}", "{runAsUser: 0}")}, 1, id="a container back to root"),
        pytest.param({"k8s/api.yaml": POD % ("{}", "{}")}, 1, id="a pod without a user"),
        pytest.param(
            {"compose.prod.yaml": 'services:\n  api:\n    build: services/api\n    user: "1000:1000"\n'},
            0,
            id="a user of Compose",
        ),
        pytest.param(
            {"compose.prod.yaml": "services:\n  api:\n    build: services/api\n    user: root\n"},
            1,
            id="root of Compose",
        ),
        pytest.param(
            {
                "k8s/api.yaml": POD % ("{runAsNonRoot: true}", "{}"),
                "compose.prod.yaml": "services:\n  api:\n    build: services/api\n",
            },
            1,
            id="a user in one of two places",
        ),
    ],
)
def test_what_runs_the_image_may_give_it_another_user(tmp_path: Path, rest: dict[str, str], expected: int) -> None:
    text = "FROM node:22\nCMD node main.js\n"
    found = findings(tmp_path, text, "services/api/Dockerfile", {**API, **rest})
    assert [one.message.startswith("the image runs as root") for one in found] == [True] * expected


def test_the_image_of_the_whole_repository_is_found_by_its_name(tmp_path: Path) -> None:
    package = SERVER["package.json"].replace("{", '{"name": "api", ', 1)
    for number, context in enumerate(("{}", "{runAsNonRoot: true}")):
        rest = {"package.json": package, "k8s/api.yaml": POD % (context, "{}")}
        text = 'FROM python:3.13-slim\nCMD ["python", "main.py"]\n'
        assert len(findings(tmp_path / str(number), text, rest=rest)) == 1 - number


def test_a_repository_of_images_alone_is_judged(tmp_path: Path) -> None:
    assert findings(tmp_path, "FROM alpine:3.22\nCMD /app\n", rest={"README.md": "# An image\n"}) != []


def test_the_images_of_tools_may_be_root(tmp_path: Path) -> None:
    tool = {"go.mod": "module lint\n", "main.go": "package main\n\nfunc main() {}\n"}
    assert findings(tmp_path / "a", "FROM alpine:3.22\nENTRYPOINT /lint\n", rest=tool) == []
    assert findings(tmp_path / "b", "FROM alpine\nENTRYPOINT /lint\n", rest=tool) != []


def test_a_machine_to_work_on_is_not_for_production(tmp_path: Path) -> None:
    base = "us-docker.pkg.dev/cloud-workstations-images/predefined/base:latest"
    assert findings(tmp_path, f"FROM {base}\nRUN apt-get install -y jq\n") == []


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(str(repository(tmp_path_factory.mktemp("any"), {**SERVER, "Dockerfile": "FROM node:22\n"})))


@given(text=st.text(alphabet=st.sampled_from('FROM RUNCMDnode:latest\n"[]|&$\\{}UES/-.'), max_size=200))
def test_any_text(committed: Repository, text: str) -> None:
    project = Project(committed, Config())
    project.adopt(File("Dockerfile", text.encode()))
    for found in check(project):
        assert found.rule == RULE.id
