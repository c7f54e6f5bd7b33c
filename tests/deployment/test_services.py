from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import Config, load
from shipworthy.deployment.services import Service, Services, services, services_lines, services_report
from shipworthy.deployment.services.units import MANIFESTS
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository, write

SERVER = '{"name": "@acme/api", "scripts": {"start": "node dist/main.js"}, "dependencies": {"express": "5"}}'
LIBRARY = '{"name": "@acme/shared", "private": true, "dependencies": {"express": "5"}}'
PUBLISHED = '{"name": "sdk", "exports": "./x.js", "scripts": {"start": "node x"}, "dependencies": {"ws": "8"}}'
SITE = '{"name": "site", "private": true, "scripts": {"build": "vite build", "start": "vite"}}'
FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n"
GO_SERVER = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":80", nil)\n}\n'
COMPOSE = "services:\n  {name}:\n    build: {context}\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: billing
spec:
  template:
    spec:
      containers:
        - name: billing
          image: registry.example.com/shop/{image}:1.4
"""


def project_of(directory: Path, files: dict[str, str], config: str = "") -> Project:
    written = {**files, ".shipworthy.yaml": config} if config else files
    root = repository(directory, written)
    return Project(Repository(str(root)), load(str(root), None, ()))


def found(project: Project) -> list[str]:
    return [f"{service.kind} {service.name} {service.path or '.'}" for service in project.model(services)]


def only(known: Services) -> Service:
    (service,) = known
    return service


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"api/package.json": SERVER}, ["server api api"], id="a script that starts a server"),
        pytest.param(
            {"package.json": '{"scripts": {"start": "node app.js"}}', "app.js": "http.createServer(f).listen(80)"},
            ["server app ."],
            id="a script that starts a file that listens",
        ),
        pytest.param(
            {"web/package.json": SITE, "web/index.html": "<p>"}, ["static web web"], id="a site of files that are built"
        ),
        pytest.param(
            {"q/package.json": '{"scripts": {"start": "node q.js"}, "dependencies": {"bullmq": "5"}}'},
            ["worker q q"],
            id="a script that starts a worker",
        ),
        pytest.param(
            {"backend/requirements.txt": "fastapi\n", "backend/app/main.py": FASTAPI},
            ["server backend backend"],
            id="an application object in Python",
        ),
        pytest.param(
            {"requirements.txt": "x\n", "manage.py": "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop'\n"},
            ["server app ."],
            id="a Django project",
        ),
        pytest.param(
            {"requirements.txt": "x\n", "services/orders/main.py": FASTAPI},
            ["server orders services/orders"],
            id="a folder of services without a manifest of its own",
        ),
        pytest.param(
            {"jobs/requirements.txt": "x\n", "jobs/worker.py": "app = Celery('jobs')\n"},
            ["worker jobs jobs"],
            id="a Celery worker",
        ),
        pytest.param(
            {"go.mod": "module example.com/shop\n", "main.go": GO_SERVER},
            ["server shop ."],
            id="a Go program that listens",
        ),
        pytest.param(
            {
                "go.mod": "module example.com/shop\n",
                "cmd/api/main.go": 'package main\n\nimport "example.com/shop/internal/web"\n',
                "internal/web/web.go": 'package web\n\nfunc Run() { net.Listen("tcp", ":80") }\n',
            },
            ["server shop ."],
            id="a Go program whose own package listens",
        ),
        pytest.param(
            {"go.mod": "module shop\n", "cmd/api/main.go": GO_SERVER, "cmd/feed/main.go": GO_SERVER},
            ["server api cmd/api", "server feed cmd/feed"],
            id="two Go programs that listen",
        ),
        pytest.param(
            {"cart/cart.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n</Project>\n'},
            ["server cart cart"],
            id="a project of the .NET web SDK",
        ),
        pytest.param(
            {"mail/mail.csproj": '<Project Sdk="Microsoft.NET.Sdk.Worker" />\n'},
            ["worker mail mail"],
            id="a project of the .NET worker SDK",
        ),
        pytest.param(
            {
                "loans/build.gradle": "plugins {\n  id 'org.springframework.boot'\n}\n",
                "loans/src/main/java/Application.java": "class Application {}\n",
            },
            ["server loans loans"],
            id="a Spring Boot application",
        ),
        pytest.param(
            {
                "edge/Cargo.toml": '[package]\nname = "edge"\n\n[dependencies]\naxum = "0.8"\n',
                "edge/src/main.rs": "axum::serve(listener, app).await\n",
            },
            ["server edge edge"],
            id="a Rust program that serves",
        ),
        pytest.param(
            {"blog/Gemfile": 'gem "rails"\n', "blog/config.ru": "run App\n"},
            ["server blog blog"],
            id="a Rails application",
        ),
        pytest.param(
            {"shop/composer.json": '{"require": {"laravel/framework": "^11"}}', "shop/artisan": "<?php\n"},
            ["server shop shop"],
            id="a Laravel application",
        ),
        pytest.param(
            {"chat/mix.exs": 'mod: {Chat.Application, []},\n{:phoenix, "~> 1.7"}\n'},
            ["server chat chat"],
            id="a Phoenix application",
        ),
        pytest.param(
            {"compose.yaml": COMPOSE.format(name="proxy", context="./proxy"), "proxy/Dockerfile": "FROM nginx:1.27\n"},
            ["container proxy proxy"],
            id="an image that Compose builds and no manifest explains",
        ),
        pytest.param(
            {"compose.yaml": COMPOSE.format(name="api", context="./svc"), "svc/package.json": LIBRARY},
            ["container svc svc"],
            id="a package that Compose builds, the Dockerfile missing",
        ),
        pytest.param(
            {
                "skaffold.yaml": "build:\n  artifacts:\n    - image: load\n      context: src/load\n",
                "src/load/setup.py": "",
            },
            ["container load src/load"],
            id="an artefact of Skaffold",
        ),
        pytest.param(
            {"docker-bake.hcl": 'target "api" {\n  context = "api"\n}\n', "api/package.json": LIBRARY},
            ["container api api"],
            id="a target of Bake",
        ),
        pytest.param(
            {"Tiltfile": "docker_build('shop/api', './api')\n", "api/package.json": LIBRARY},
            ["container api api"],
            id="an image of Tilt",
        ),
        pytest.param(
            {"billing/package.json": LIBRARY, "deploy/k8s.yaml": DEPLOYMENT.format(image="shop-billing")},
            ["container billing billing"],
            id="a workload whose image is called after a package",
        ),
        pytest.param(
            {"tool/package.json": LIBRARY, "tool/Dockerfile": "FROM node:22\nEXPOSE 80\n"},
            ["server tool tool"],
            id="a Dockerfile with a port beside a manifest",
        ),
        pytest.param(
            {"a/package.json": LIBRARY, "a/fly.toml": 'app = "a"\n'},
            ["container a a"],
            id="a folder that a platform runs",
        ),
        pytest.param(
            {"docker/api.Dockerfile": "FROM node:22\nEXPOSE 80\n", "apps/api/package.json": LIBRARY},
            ["server api apps/api"],
            id="a Dockerfile elsewhere that is called after a package",
        ),
        pytest.param(
            {
                "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
                "crates/web/Cargo.toml": '[package]\nname = "web"\n[dependencies]\naxum = "0.8"\n',
                "crates/web/src/main.rs": "axum::serve(listener, app)\n",
                "crates/db/Cargo.toml": '[package]\nname = "db"\n',
                "docker/Dockerfile": "FROM rust:1.95\nCOPY . .\nRUN cargo build --release\n",
                "docker/compose.yaml": "services:\n  shop:\n    build: {context: .., dockerfile: docker/Dockerfile}\n",
            },
            ["server web crates/web"],
            id="the only program of a workspace, whose image takes everything",
        ),
        pytest.param(
            {
                "feed/build.gradle.kts": 'application\nimplementation("org.apache.kafka:kafka-clients:3")\n',
                "feed/src/main/kotlin/main.kt": "fun main() { KafkaConsumer<String, Bytes>(props) }\n",
            },
            ["server feed feed"],
            id="a program of the JVM that consumes",
        ),
        pytest.param(
            {
                "pyproject.toml": '[project]\nname = "shop"\nclassifiers = [\n  "Programming Language :: Python :: 3",\n]\n',
                "manage.py": "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop'\n",
            },
            ["server shop ."],
            id="classifiers that say only which Python it runs with",
        ),
        pytest.param(
            {
                "package.json": '{"name": "shop-client", "private": true}',
                "pyproject.toml": '[project]\nname = "shop"\n',
                "compose.yaml": "services:\n  server: {build: .}\n  worker: {build: .}\n",
                "Dockerfile": "FROM python:3.13\nEXPOSE 80\n",
            },
            ["server shop ."],
            id="a root with two manifests is called as the product",
        ),
        pytest.param(
            {
                "server/Cargo.toml": '[workspace]\nmembers = ["web"]\n',
                "server/web/Cargo.toml": '[package]\nname = "web"\n[dependencies]\naxum = "0.8"\n',
                "server/web/src/main.rs": "axum::serve(listener, app)\n",
                "server/Dockerfile": "FROM rust:1.95\nCOPY . .\n",
                "compose.yaml": COMPOSE.format(name="backend", context="./server"),
            },
            ["server web server/web"],
            id="the only program of a workspace in a folder",
        ),
        pytest.param(
            {
                "go.mod": "module shop\n",
                "main.go": GO_SERVER,
                "scripts/Dockerfile": "FROM golang\nEXPOSE 80\n",
                "scripts/seed.py": "print(1)\n",
            },
            ["server shop ."],
            id="a Dockerfile among scripts is of what is around it",
        ),
    ],
)
def test_services_are_found_by_evidence(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert found(project_of(tmp_path, files)) == expected


@pytest.mark.parametrize(
    ("files", "path", "reason"),
    [
        pytest.param(
            {"packages/auth/package.json": LIBRARY}, "packages/auth", "a package among libraries", id="a library"
        ),
        pytest.param(
            {"apps/api/package.json": LIBRARY},
            "apps/api",
            "package.json starts no server in production",
            id="a framework as a dependency, and nothing that starts",
        ),
        pytest.param(
            {"sdk/package.json": PUBLISHED},
            "sdk",
            "package.json describes a published library",
            id="a published library with a script",
        ),
        pytest.param(
            {"package.json": '{"name": "lint", "bin": "cli.js"}', "Dockerfile": "FROM node:22\n"},
            "",
            "package.json describes a command-line tool",
            id="a command-line tool with a Dockerfile",
        ),
        pytest.param(
            {"app/package.json": '{"scripts": {"start": "expo start"}, "dependencies": {"react-native": "1"}}'},
            "app",
            "a mobile application (react-native)",
            id="a mobile application",
        ),
        pytest.param(
            {
                "compose.yaml": COMPOSE.format(name="guide", context="./guide"),
                "guide/Dockerfile": "FROM nginx\nEXPOSE 80\n",
                "guide/mkdocs.yml": "site_name: Guide\n",
                "guide/requirements.txt": "mkdocs\n",
            },
            "guide",
            "a documentation site",
            id="documentation that Compose builds",
        ),
        pytest.param({"examples/api/package.json": SERVER}, "examples/api", "an example", id="an example"),
        pytest.param({"tests/api/package.json": SERVER}, "tests/api", "for tests", id="a server for tests"),
        pytest.param(
            {"go.mod": "module lint\n", "main.go": 'package main\n\nfunc main() { println("x") }\n'},
            "",
            "a command-line tool: it listens nowhere",
            id="a Go program that listens nowhere",
        ),
        pytest.param(
            {"pyproject.toml": '[project]\nclassifiers = ["A"]\n', "lib/app.py": FASTAPI},
            "",
            "a published library",
            id="a published Python library",
        ),
        pytest.param(
            {"pyproject.toml": '[project.scripts]\nlint = "lint:main"\n'},
            "",
            "a command-line tool: it starts no server",
            id="a Python command-line tool",
        ),
        pytest.param(
            {
                "pyproject.toml": '[project]\nclassifiers = ["A"]\n',
                "kubernetes/Dockerfile": "FROM python:3.13\n",
                "kubernetes/requirements.txt": "lint\n",
            },
            "kubernetes",
            "an image for working on what is published, or with it",
            id="an image of a published tool",
        ),
        pytest.param(
            {"pom.xml": "<project><packaging>pom</packaging>spring-boot-starter-parent</project>"},
            "",
            "a parent of other modules (packaging pom)",
            id="a Maven parent",
        ),
        pytest.param(
            {
                "fatjar/pom.xml": "<project>\n<mainClass>shop.Main</mainClass>jetty-server</project>",
                "fatjar/src/main/java/shop/Main.java": "class Main { void help() {} }",
            },
            "fatjar",
            "jetty-server is used, but no program was seen to serve",
            id="an archive of tools that holds a server library",
        ),
        pytest.param(
            {"host/host.csproj": '<Project Sdk="Aspire.AppHost.Sdk/13.1.0">\n</Project>'},
            "host",
            "an Aspire host: it starts the others",
            id="an Aspire host",
        ),
        pytest.param(
            {"src/x/genproto/Dockerfile": "FROM golang\n", "src/x/genproto/requirements.txt": "grpcio\n"},
            "src/x/genproto",
            "a folder of what production does not run",
            id="an image that generates code",
        ),
        pytest.param(
            {"package.json": '{"workspaces": ["apps/*"], "private": true, "scripts": {"start": "turbo start"}}'},
            "",
            "package.json is the root of workspaces and starts no server of its own",
            id="the root of workspaces",
        ),
        pytest.param(
            {"web/package.json": '{"scripts": {"start": "vite"}, "dependencies": {"express": "5"}}'},
            "web",
            "package.json starts no server in production",
            id="a development server",
        ),
    ],
)
def test_what_is_no_service_is_ruled_out_with_the_reason(
    tmp_path: Path, files: dict[str, str], path: str, reason: str
) -> None:
    project = project_of(tmp_path, files)
    assert found(project) == []
    assert {other.path: other.reason for other in project.model(services).ruled_out}[path] == reason


def test_the_name_of_a_folder_alone_proves_nothing(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"services/api/README.md": "An API.\n", "services/api/notes.txt": ""})
    assert (found(project), project.model(services).ruled_out) == ([], [])


def test_what_is_only_on_disk_is_no_service(tmp_path: Path) -> None:
    root = repository(tmp_path, {"README.md": ""}, untracked={"api/package.json": SERVER})
    assert found(Project(Repository(str(root)), Config())) == []


def test_evidence_begins_with_the_manifest_and_names_every_place(tmp_path: Path) -> None:
    project = project_of(
        tmp_path,
        {
            "api/package.json": SERVER.replace('"scripts"', '\n"scripts"'),
            "api/Dockerfile": "FROM node:22\nEXPOSE 80\n",
            "compose.yaml": COMPOSE.format(name="backend", context="./api"),
        },
    )
    service = only(project.model(services))
    assert [(evidence.path, evidence.line) for evidence in service.evidence] == [
        ("api/package.json", 2),
        ("compose.yaml", 3),
    ]
    assert [evidence.path for evidence in service.deployed_by] == ["compose.yaml"]
    assert service.names == {"api", "backend"}


@pytest.mark.parametrize(
    ("image", "deployed"),
    [
        pytest.param("api", ["k8s/api.yaml"], id="the name of its manifest"),
        pytest.param("acme-api", ["k8s/api.yaml"], id="with the product's name before it"),
        pytest.param("redis", [], id="another name"),
    ],
)
def test_what_lies_in_the_root_is_deployed_by_its_name(tmp_path: Path, image: str, deployed: list[str]) -> None:
    manifest = DEPLOYMENT.format(image=image).replace("/shop/", "/acme/")
    service = only(project_of(tmp_path, {"package.json": SERVER, "k8s/api.yaml": manifest}).model(services))
    assert [evidence.path for evidence in service.deployed_by] == deployed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("basket.api", "src/Basket.API", id="another spelling"),
        pytest.param("basket-service", "src/Basket.API", id="another suffix"),
        pytest.param("BASKET", "src/Basket.API", id="no suffix"),
        pytest.param("basket2", None, id="another name"),
        pytest.param("", None, id="no name"),
    ],
)
def test_names_are_joined_by_their_spelling_and_suffix_alone(tmp_path: Path, name: str, expected: str | None) -> None:
    project = project_of(tmp_path, {"src/Basket.API/b.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"/>'})
    service = project.model(services).find(name)
    assert (service.path if service else None) == expected


def test_a_file_belongs_to_the_innermost_service(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"package.json": SERVER, "api/package.json": SERVER})
    known = project.model(services)
    owners = [known.owner(path) for path in ("api/src/x.js", "src/x.js", "apiary/x.js")]
    assert [owner.path if owner else None for owner in owners] == ["api", "", ""]


def test_processes_of_one_folder_are_one_service(tmp_path: Path) -> None:
    compose = "services:\n  web:\n    build: .\n  worker:\n    build: .\n  beat:\n    build: .\n"
    project = project_of(
        tmp_path,
        {"compose.yaml": compose, "Dockerfile": "FROM python:3.13\n", "requirements.txt": "", "app.py": FASTAPI},
    )
    assert only(project.model(services)).names == {"app", "web", "worker", "beat"}


class TestConfiguration:
    def test_states_a_service_that_nothing_shows(self, tmp_path: Path) -> None:
        project = project_of(tmp_path, {"x/run": ""}, "services:\n  x:\n    path: x\n")
        service = only(project.model(services))
        assert (service.name, service.path) == ("x", "x")
        assert (service.evidence[0].path, service.evidence[0].line) == (".shipworthy.yaml", 2)

    def test_replaces_what_was_found_in_the_same_folder(self, tmp_path: Path) -> None:
        project = project_of(tmp_path, {"api/package.json": SERVER}, "services:\n  orders:\n    path: api\n")
        service = only(project.model(services))
        assert (service.name, service.manifest, service.names) == ("orders", "api/package.json", {"orders", "api"})

    def test_what_it_states_is_not_ruled_out_besides(self, tmp_path: Path) -> None:
        files = {"services/api/main.py": "x = 1\n"}
        assert [other.path for other in project_of(tmp_path / "a", files).model(services).ruled_out] == ["services/api"]
        project = project_of(tmp_path / "b", files, "services:\n  api:\n    path: services/api\n")
        assert project.model(services).ruled_out == []

    def test_leaves_the_other_services_to_inference(self, tmp_path: Path) -> None:
        files = {"api/package.json": SERVER, "web/package.json": SERVER}
        project = project_of(tmp_path, files, "services:\n  orders:\n    path: api\n")
        assert found(project) == ["server orders api", "server web web"]

    @pytest.mark.parametrize("pattern", ["api", "apps/api", "apps/*"])
    def test_rules_out_by_folder_or_name(self, tmp_path: Path, pattern: str) -> None:
        project = project_of(tmp_path, {"apps/api/package.json": SERVER}, f"not_services: ['{pattern}']\n")
        assert found(project) == []


class TestReport:
    def test_is_what_the_contract_says(self, tmp_path: Path) -> None:
        files = {"package.json": SERVER, "Dockerfile": "FROM node:22\n", "docs/package.json": LIBRARY}
        report = services_report(project_of(tmp_path, files))
        assert json.loads(json.dumps(report)) == {
            "version": 1,
            "services": [
                {
                    "name": "api",
                    "path": ".",
                    "kind": "server",
                    "evidence": [
                        {"path": "package.json", "line": 1, "what": "the script start starts a server (express)"},
                        {"path": "Dockerfile", "line": 1, "what": "a Dockerfile beside the sources"},
                    ],
                    "image_source": {"path": "Dockerfile", "line": 1, "what": "a Dockerfile"},
                    "deployed_by": [],
                }
            ],
            "ruled_out": [{"path": "docs", "reason": "documentation"}],
        }

    def test_says_in_words_where_no_image_was_found(self, tmp_path: Path) -> None:
        lines = list(services_lines(project_of(tmp_path, {"api/package.json": SERVER})))
        assert lines[0] == "api (server) in api"
        assert "    image     none found" in lines

    def test_says_that_there_is_no_service(self, tmp_path: Path) -> None:
        assert list(services_lines(project_of(tmp_path, {"README.md": ""}))) == ["no service found"]

    def test_shows_no_command_that_could_hold_a_secret(self, tmp_path: Path) -> None:
        secret = SERVER.replace("node dist", "API_KEY=tr0ub4dor node dist")
        assert "tr0ub4dor" not in "\n".join(services_lines(project_of(tmp_path, {"api/package.json": secret})))


PIECES = st.sampled_from(
    [
        '{"',
        '"scripts": {"start": "node x"}',
        "[",
        "\n",
        "metadata:\n ",
        "kind: Deployment\n",
        "image: a\n",
        "---",
        " " * 50,
        "services:\n",
        "build: .\n",
        "FROM a AS b\n",
        "\x00",
        "\ufeff",
        "<Project ",
        "id 'a'",
        "docker_build('",
        "docker ",
    ]
)
OFTEN = sorted(
    {*MANIFESTS, "Dockerfile", "compose.yaml", "skaffold.yaml", "docker-bake.hcl", "Tiltfile", "k.yaml", "a.csproj"}
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a file of every name that is looked at."""
    files = {f"svc/{name}": "" for name in OFTEN}
    extra = ("main.py", "main.go", "fly.toml", "Procfile", "Application.java", "src/main.rs")
    return repository(tmp_path_factory.mktemp("any"), {**files, **{f"svc/{name}": "" for name in extra}})


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_content_is_survived(everything: Path, text: str) -> None:
    known = Repository(str(everything))
    write(everything, {path: text.encode("utf-8", "replace") for path in known.paths})
    report = services_report(Project(known, Config()))
    assert report["version"] == 1
