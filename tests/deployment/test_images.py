from __future__ import annotations

from pathlib import Path

import pytest

from shipworthy.config import load
from shipworthy.deployment.images import image_source
from shipworthy.deployment.services import services
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

PACKAGE = '{"private": true, "scripts": {"start": "node dist/main.js"}, "dependencies": {"express": "5"}}'
SITE = '{"private": true, "scripts": {"build": "vite build"}}'
API = {"services/api/package.json": PACKAGE}
WITH_WEB = {**API, "services/web/package.json": PACKAGE, "services/web/Dockerfile": "FROM node:22\n"}
WORKFLOW = ".github/workflows/release.yml"


def source_of(directory: Path, files: dict[str, str], name: str = "api", config: str = "") -> str | None:
    """``path:line`` of the image source of the service of that name."""
    root = repository(directory, {**files, ".shipworthy.yaml": config} if config else files)
    project = Project(Repository(str(root)), load(str(root), None, ()))
    service = project.model(services).find(name)
    assert service is not None, project.model(services).services
    source = image_source(project, service)
    return f"{source.path}:{source.line}" if source else None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"services/api/Dockerfile": "FROM a\n"}, "services/api/Dockerfile:1", id="a Dockerfile in its folder"
        ),
        pytest.param(
            {"services/api/Containerfile": "FROM a\n"},
            "services/api/Containerfile:1",
            id="a Containerfile in its folder",
        ),
        pytest.param(
            {"services/api/docker/prod/Dockerfile": "FROM a\n"},
            "services/api/docker/prod/Dockerfile:1",
            id="a Dockerfile below its folder",
        ),
        pytest.param(
            {"services/api/Dockerfile.prod": "FROM a\n"},
            "services/api/Dockerfile.prod:1",
            id="a Dockerfile for production",
        ),
        pytest.param(
            {"services/api/Dockerfile.j2": "FROM a\n"}, "services/api/Dockerfile.j2:1", id="a template of a Dockerfile"
        ),
        pytest.param({"docker/Dockerfile.api": "FROM a\n"}, "docker/Dockerfile.api:1", id="a suffix that is its name"),
        pytest.param({"docker/api.dockerfile": "FROM a\n"}, "docker/api.dockerfile:1", id="a prefix that is its name"),
        pytest.param(
            {"infra/images/api/Dockerfile": "FROM a\n"}, "infra/images/api/Dockerfile:1", id="a folder of its name"
        ),
        pytest.param(
            {"build/Dockerfile": "FROM a\nCOPY services/api /app\n"},
            "build/Dockerfile:2",
            id="a Dockerfile that copies it",
        ),
        pytest.param(
            {"Dockerfile": "FROM a AS base\nFROM base AS api\nFROM base AS web\n"},
            "Dockerfile:1",
            id="a stage of its name",
        ),
        pytest.param(
            {"Dockerfile": "FROM a\nARG SERVICE\n"}, "Dockerfile:1", id="a Dockerfile that is told what to build"
        ),
        pytest.param(
            {"compose.yaml": "services:\n  api:\n    build: services/api\n"},
            "compose.yaml:3",
            id="a build of Compose whose Dockerfile is missing",
        ),
        pytest.param(
            {"compose.yaml": "services:\n  api:\n    build: {context: services/api, dockerfile_inline: FROM a}\n"},
            "compose.yaml:3",
            id="an inline Dockerfile",
        ),
        pytest.param(
            {"skaffold.yaml": "build:\n  artifacts:\n    - {image: api, context: services/api, buildpacks: {}}\n"},
            "skaffold.yaml:3",
            id="buildpacks that Skaffold runs",
        ),
        pytest.param(
            {"docker-bake.json": '{"target": {"api": {"context": "services/api"}}}'},
            "docker-bake.json:1",
            id="a target of Bake",
        ),
        pytest.param(
            {WORKFLOW: "steps:\n  - uses: docker/build-push-action@v6\n    with:\n      context: ./services/api\n"},
            f"{WORKFLOW}:4",
            id="an image that CI builds",
        ),
        pytest.param(
            {WORKFLOW: "matrix:\n  app: [api, web]\nsteps:\n  - run: docker build services/${{ matrix.app }}\n"},
            f"{WORKFLOW}:2",
            id="a matrix of images that CI builds",
        ),
        pytest.param(
            {
                WORKFLOW: "jobs:\n  api:\n    uses: ./.github/workflows/image.yml\n    with:\n"
                "      file: services/api/Dockerfile.missing\n"
            },
            f"{WORKFLOW}:5",
            id="an image that another workflow builds",
        ),
        pytest.param(
            {"build.sh": "docker build \\\n  -t api \\\n  services/api\n"},
            "build.sh:3",
            id="a command over several lines",
        ),
        pytest.param({"Earthfile": "build:\n  FROM a\n  SAVE IMAGE api\n"}, "Earthfile:3", id="an image of Earthly"),
        pytest.param({"services/api/Procfile": "web: node x\n"}, "services/api/Procfile:1", id="buildpacks"),
        pytest.param({"services/api/fly.toml": 'app = "x"\n'}, "services/api/fly.toml:1", id="a platform of its own"),
        pytest.param(
            {"render.yaml": "services:\n  - type: web\n    rootDir: services/api\n"},
            "render.yaml:1",
            id="a platform that names it",
        ),
        pytest.param(
            {"services/api/nixpacks.toml": "[phases.build]\n"}, "services/api/nixpacks.toml:1", id="a builder of images"
        ),
        pytest.param(
            {"deploy/api.service": "[Service]\nExecStart=/usr/bin/node /opt/shop/main.js\n"},
            "deploy/api.service:2",
            id="a systemd unit of its name",
        ),
        pytest.param(
            {"ops/backend.service": "[Service]\nExecStart=/opt/shop/services/api/run\n"},
            "ops/backend.service:2",
            id="a systemd unit that starts it",
        ),
        pytest.param({"services/api/Dockerfile.dev": "FROM a\n"}, None, id="a Dockerfile for development"),
        pytest.param({"services/api/Dockerfile.dockerignore": "x\n"}, None, id="an ignore file of a Dockerfile"),
        pytest.param({"services/api/test/Dockerfile": "FROM a\n"}, None, id="a Dockerfile for tests"),
        pytest.param({".devcontainer/api/Dockerfile": "FROM a\n"}, None, id="a Dockerfile of an editor"),
        pytest.param({"services/api/Dockerfile.md": "# x\n"}, None, id="a document about a Dockerfile"),
        pytest.param({"fly.toml": 'app = "shop"\n'}, None, id="a platform that names another service alone"),
        pytest.param(
            {WORKFLOW: "steps:\n  - run: npm test\n    working-directory: services/api\n"}, None, id="tests in CI"
        ),
        pytest.param({"README.md": "docker build services/api\n"}, None, id="a document"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_the_source_of_a_service_with_a_sibling(tmp_path: Path, files: dict[str, str], expected: str | None) -> None:
    assert source_of(tmp_path, {**WITH_WEB, **files}) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"Dockerfile": "FROM a\nCOPY . .\n"}, "Dockerfile:1", id="a Dockerfile around the only service"),
        pytest.param({"Procfile": "web: npm start\n"}, "Procfile:1", id="buildpacks around the only service"),
        pytest.param({"vercel.json": "{}"}, "vercel.json:1", id="a platform around the only service"),
        pytest.param({WORKFLOW: "- run: flyctl deploy --remote-only\n"}, f"{WORKFLOW}:1", id="CI that deploys it"),
    ],
)
def test_the_source_of_the_only_service(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert source_of(tmp_path, {**API, **files}) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"vercel.json": "{}"}, "vercel.json:1", id="a platform"),
        pytest.param(
            {"services/api/Dockerfile": "FROM a\nCOPY web/dist .\n"}, "services/api/Dockerfile:2", id="another image"
        ),
        pytest.param(
            {WORKFLOW: "- uses: actions/deploy-pages@v4\n"}, f"{WORKFLOW}:1", id="a workflow that publishes it"
        ),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_what_hands_out_a_site(tmp_path: Path, files: dict[str, str], expected: str | None) -> None:
    site = {"web/package.json": SITE, "web/index.html": "<p>"}
    assert source_of(tmp_path, {**API, **site, **files}, "web") == expected


def test_an_aspire_host_builds_what_it_refers_to(tmp_path: Path) -> None:
    host = '<Project Sdk="Aspire.AppHost.Sdk/13.1.0">\n<ProjectReference Include="..\\Api\\Api.csproj" />\n</Project>\n'
    web = '<Project Sdk="Microsoft.NET.Sdk.Web"/>'
    files = {"Api/Api.csproj": web, "Web/Web.csproj": web, "Host/Host.csproj": host}
    assert source_of(tmp_path / "a", files, "Api") == "Host/Host.csproj:2"
    assert source_of(tmp_path / "b", files, "Web") is None


def test_an_aspire_host_starts_what_its_program_names(tmp_path: Path) -> None:
    host = '<Project Sdk="Aspire.AppHost.Sdk/13.1.0"/>\n'
    program = 'var builder = Create(args);\nbuilder.AddJavaScriptApp("site", "../Web/site");\n'
    files = {"Host/Host.csproj": host, "Host/Program.cs": program, "Web/site/index.html": "<p>"}
    assert source_of(tmp_path / "a", {**files, "Web/site/package.json": SITE}, "site") == "Host/Program.cs:2"
    other = {"Web/other/package.json": SITE, "Web/other/index.html": "<p>"}
    assert source_of(tmp_path / "b", {**files, **other}, "other") is None


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        pytest.param("pom.xml", "<p>spring-boot-starter-parent\njib-maven-plugin</p>", id="Jib in Maven"),
        pytest.param(
            "build.gradle", "id 'org.springframework.boot'\nid 'com.google.cloud.tools.jib'\n", id="Jib in Gradle"
        ),
    ],
)
def test_a_build_file_that_makes_images(tmp_path: Path, manifest: str, text: str) -> None:
    files = {f"api/{manifest}": text, "api/src/main/java/Application.java": "class Application {}"}
    assert source_of(tmp_path, files) == f"api/{manifest}:2"


def maven(name: str, extra: str = "") -> str:
    return f"<project><parent><artifactId>shop</artifactId></parent><artifactId>{name}</artifactId>{extra}</project>"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"docker/Dockerfile": "FROM a\nARG ARTIFACT_NAME\nCOPY ${ARTIFACT_NAME}.jar app.jar\n"},
            "docker/Dockerfile:1",
            id="a Dockerfile for whichever archive it is given",
        ),
        pytest.param(
            {"build/Dockerfile": "FROM a\nARG WHAT\nCOPY target/${WHAT} /app\n"},
            "build/Dockerfile:1",
            id="an argument that is what it copies",
        ),
        pytest.param(
            {"images/api/docker/Dockerfile": "FROM a\n"},
            "images/api/docker/Dockerfile:1",
            id="a folder above of its name",
        ),
        pytest.param(
            {"images/api-docker/docker/Dockerfile": "FROM a\n"},
            "images/api-docker/docker/Dockerfile:1",
            id="a folder of its name that says what it is for",
        ),
        pytest.param(
            {
                "images/node/pom.xml": maven("node", "<dependency><artifactId>api</artifactId></dependency>"),
                "images/node/docker/Dockerfile": "FROM a\nCOPY app.deb /\n",
            },
            "images/node/docker/Dockerfile:1",
            id="a module that packs its artifact",
        ),
        pytest.param({"pom.xml": maven("shop", "dockerfile-maven-plugin")}, "pom.xml:1", id="a plugin of the parent"),
        pytest.param(
            {"images/node/pom.xml": maven("node"), "images/node/docker/Dockerfile": "FROM a\nCOPY app.deb /\n"},
            None,
            id="a module that packs something else",
        ),
        pytest.param(
            {"docker/Dockerfile": "FROM a\nARG VERSION\nCOPY shop-${VERSION}.jar app.jar\n"},
            None,
            id="an argument that is only a version",
        ),
    ],
)
def test_the_source_of_a_module_of_maven(tmp_path: Path, files: dict[str, str], expected: str | None) -> None:
    modules = {
        f"{name}/{path}": text
        for name in ("api", "web")
        for path, text in {
            "pom.xml": maven(name, "spring-boot-maven-plugin"),
            "src/main/java/Application.java": "class Application {}",
        }.items()
    }
    assert source_of(tmp_path, {**modules, **files}) == expected


@pytest.mark.parametrize(
    "path",
    [pytest.param("docker/Dockerfile.alpine", id="a variant"), pytest.param("docker/Dockerfile", id="the only one")],
)
def test_a_dockerfile_in_a_folder_for_them_is_of_what_is_around_it(tmp_path: Path, path: str) -> None:
    assert source_of(tmp_path, {"package.json": PACKAGE, path: "FROM a\nCOPY src /app\n"}, "app") == f"{path}:1"


class TestConfiguration:
    def test_states_an_image_from_elsewhere(self, tmp_path: Path) -> None:
        config = "services:\n  api:\n    path: services/api\n    image: external\n"
        assert source_of(tmp_path, API, config=config) == ".shipworthy.yaml:2"

    def test_states_a_dockerfile(self, tmp_path: Path) -> None:
        config = "services:\n  api:\n    path: services/api\n    image: images/one\n"
        assert source_of(tmp_path, {**API, "images/one": "FROM a\n"}, config=config) == ".shipworthy.yaml:2"

    def test_states_a_dockerfile_that_is_not_committed(self, tmp_path: Path) -> None:
        config = "services:\n  api:\n    path: services/api\n    image: images/one\n"
        assert source_of(tmp_path, API, config=config) is None
