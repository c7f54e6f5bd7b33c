from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.config import Config
from shipworthy.deployment.compose import CYCLE, EXTENDS, INCLUDE, ComposeFile, ComposeSet, Service, Value, compose
from shipworthy.deployment.compose.values import Layer
from shipworthy.file import File
from shipworthy.formats.tree import Block
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

BASE = "compose.yaml"
PRODUCTION = "compose.prod.yaml"


def the_set(directory: Path, files: Mapping[str, str]) -> ComposeSet:
    """The set that is for production, or the only one."""
    project = Project(Repository(str(repository(directory, files))), Config())
    return project.model(compose).sets[0]


def api(directory: Path, base: str, override: str = "", **others: str) -> Service:
    """The service `api` of a base file, with a file for production on top of it if one is given."""
    files = {BASE: f"services:\n  api:\n{indented(base)}", **others}
    if override:
        files[PRODUCTION] = f"services:\n  api:\n{indented(override)}"
        files["up.sh"] = f"docker compose -f {BASE} -f {PRODUCTION} up\n"
    return the_set(directory, files).services["api"]


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def texts(value: Value | None) -> list[str]:
    assert value is not None
    return [item.text for item in value.items()]


def test_mappings_merge_and_the_last_file_wins(tmp_path: Path) -> None:
    service = api(
        tmp_path,
        "image: api:1\nhealthcheck:\n  interval: 5s\n  timeout: 1s",
        "healthcheck:\n  timeout: 9s",
    )
    assert service.scalar("image") == "api:1"
    assert service.scalar("healthcheck", "interval") == "5s"
    assert service.scalar("healthcheck", "timeout") == "9s"


def test_a_merged_value_stands_where_it_is_written(tmp_path: Path) -> None:
    service = api(tmp_path, "image: api:1\nrestart: always", "image: api:2")
    image, restart = service.get("image"), service.get("restart")
    assert image is not None
    assert (image.file.path, image.file.position(image.node.start)) == (PRODUCTION, (3, 12))
    assert restart is not None
    assert restart.file.path == BASE


def test_sequences_are_appended(tmp_path: Path) -> None:
    service = api(tmp_path, "image: a\ndns: 1.1.1.1", "dns:\n  - 8.8.8.8")
    assert texts(service.get("dns")) == ["1.1.1.1", "8.8.8.8"]


def test_shell_commands_are_replaced(tmp_path: Path) -> None:
    service = api(tmp_path, 'image: a\ncommand: ["serve", "--debug"]', 'command: ["serve"]')
    assert texts(service.get("command")) == ["serve"]


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        pytest.param("ports: !reset []", [], id="a reset value is gone"),
        pytest.param('ports: !override\n  - "443:443"', ["443:443"], id="an overriding value stands alone"),
        pytest.param('ports:\n  - "443:443"', ["80:80", "443:443"], id="another value is added"),
        pytest.param('ports:\n  - "80:80"', ["80:80"], id="an equal value is not"),
    ],
)
def test_tags_say_how_values_merge(override: str, expected: list[str], tmp_path: Path) -> None:
    service = api(tmp_path, 'image: a\nports:\n  - "80:80"', override)
    assert [port.text for port in service.ports] == expected


@pytest.mark.parametrize(
    ("base", "override", "expected"),
    [
        pytest.param("A: 1\nB: 2", "B: 3", {"A": "1", "B": "3"}, id="two mappings"),
        pytest.param("- A=1\n- B=2", "B: 3", {"A": "1", "B": "3"}, id="a list below a mapping"),
        pytest.param("A: 1", "- A=2\n- C=x=y", {"A": "2", "C": "x=y"}, id="a mapping below a list"),
        pytest.param("A:\nB: ''", "- C", {"A": None, "B": "", "C": None}, id="values from the environment"),
        pytest.param("A: 1\nB: 2", "A: !reset null", {"B": "2"}, id="a variable that is reset"),
    ],
)
def test_environments_merge_by_name(base: str, override: str, expected: dict[str, str | None], tmp_path: Path) -> None:
    below, above = ("environment:\n" + indented(text) for text in (base, override))
    service = api(tmp_path, "image: a\n" + below, above)
    assert {name: pair.value for name, pair in service.environment.items()} == expected


def test_anchors_and_merge_keys_are_resolved(tmp_path: Path) -> None:
    text = (
        "x-common: &common\n  restart: always\n  environment: &env\n    A: 1\n"
        "services:\n  api:\n    <<: *common\n    image: a\n    environment:\n      <<: [*env]\n      B: 2\n"
    )
    service = the_set(tmp_path, {BASE: text}).services["api"]
    assert service.scalar("restart") == "always"
    assert sorted(service.environment) == ["A", "B"]


def test_extensions_are_no_services(tmp_path: Path) -> None:
    text = "x-api: &api\n  image: a\nservices:\n  api: *api\n"
    assert list(the_set(tmp_path, {BASE: text}).services) == ["api"]


# extends


def test_extends_takes_a_service_of_the_same_file(tmp_path: Path) -> None:
    text = "services:\n  base:\n    image: a\n    restart: always\n  api:\n    extends: base\n    image: b\n"
    service = the_set(tmp_path, {BASE: text}).services["api"]
    assert (service.scalar("image"), service.scalar("restart")) == ("b", "always")


def test_extends_takes_a_chain_from_other_files_with_their_own_paths(tmp_path: Path) -> None:
    service = api(
        tmp_path,
        "extends:\n  file: common/services.yml\n  service: web",
        **{
            "common/services.yml": "services:\n  web:\n    extends: base\n    env_file: web.env\n"
            "  base:\n    image: a\n    build: .\n"
        },
    )
    assert service.scalar("image") == "a"
    assert [env_file.resolved for env_file in service.env_files] == ["common/web.env"]
    assert service.build is not None
    assert service.build.dockerfile_path == "common/Dockerfile"


def test_dependencies_are_inherited(tmp_path: Path) -> None:
    text = (
        "services:\n  base:\n    image: a\n    depends_on: [db]\n  db:\n    image: d\n"
        "  api:\n    extends:\n      service: base\n    depends_on:\n      cache:\n        condition: service_healthy\n"
        "  cache:\n    image: c\n"
    )
    depends_on = the_set(tmp_path, {BASE: text}).services["api"].depends_on
    assert {name: dependency.condition for name, dependency in depends_on.items()} == {
        "db": "service_started",
        "cache": "service_healthy",
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {BASE: "services:\n  api:\n    extends:\n      file: gone.yml\n      service: web\n"},
            [(EXTENDS, "gone.yml")],
            id="a file that is not committed",
        ),
        pytest.param(
            {BASE: "services:\n  api:\n    extends: gone\n"}, [(EXTENDS, "gone")], id="a service that is not there"
        ),
        pytest.param(
            {BASE: "services:\n  a:\n    extends: b\n  b:\n    extends: a\n"},
            [(CYCLE, "a"), (CYCLE, "b")],
            id="services that extend one another",
        ),
        pytest.param({BASE: "include: [gone.yml]\n"}, [(INCLUDE, "gone.yml")], id="an include that is not committed"),
        pytest.param({BASE: "include: ['${DIR:-gone}/a.yml']\n"}, [(INCLUDE, "gone/a.yml")], id="a default in a path"),
        pytest.param({BASE: "include: ['oci://example.com/stack:1']\n"}, [], id="an include from a registry"),
        pytest.param({BASE: "include: ['${DIR}/a.yml']\n"}, [], id="an include that a variable names"),
        pytest.param(
            {BASE: "include: [a.yml]\n", "a.yml": "include: [compose.yaml]\nservices: {}\n"},
            [],
            id="files that include one another",
        ),
    ],
)
def test_what_is_named_and_not_there_is_known(
    files: dict[str, str], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    found = sorted((missing.what, missing.name) for missing in the_set(tmp_path, files).missing)
    assert found == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("include: ['https://example.com/a.git']\n", id="an include from another repository"),
        pytest.param("include: ['${DIR}/a.yml']\n", id="an include that a variable names"),
        pytest.param("include: [{path: vendor/a.yml, project_directory: /opt}]\n", id="a folder of the host"),
        pytest.param("services:\n  api:\n    image: {{ image }}\n", id="a template"),
    ],
)
def test_a_set_says_why_it_is_not_all_known(text: str, tmp_path: Path) -> None:
    files = {BASE: text, "vendor/a.yml": "services:\n  a:\n    image: a\n"}
    assert the_set(tmp_path, files).unknown


# include


def test_includes_bring_services_and_volumes_with_their_own_folder(tmp_path: Path) -> None:
    files = {
        BASE: "include:\n  - db/compose.yaml\nservices:\n  api:\n    image: a\n    depends_on: [db]\n",
        "db/compose.yaml": "services:\n  db:\n    image: d\n    env_file: db.env\nvolumes:\n  data: {}\n",
    }
    found = the_set(tmp_path, files)
    assert sorted(found.services) == ["api", "db"]
    assert list(found.declared("volumes")) == ["data"]
    assert [env_file.resolved for env_file in found.services["db"].env_files] == ["db/db.env"]


def test_what_is_said_about_an_included_service_comes_on_top(tmp_path: Path) -> None:
    files = {
        BASE: "include: [db/compose.yaml]\nservices:\n  db:\n    restart: always\n  api: !override\n    image: own:1\n",
        "db/compose.yaml": "services:\n  db:\n    image: postgres:17\n    env_file: db.env\n  api:\n    restart: always\n",
    }
    found = the_set(tmp_path, files)
    database, api = found.services["db"], found.services["api"]
    assert (database.scalar("image"), database.scalar("restart")) == ("postgres:17", "always")
    assert [env_file.resolved for env_file in database.env_files] == ["db/db.env"]
    assert (api.scalar("image"), api.scalar("restart")) == ("own:1", "")


def test_includes_in_the_long_form_merge_files_and_name_env_files(tmp_path: Path) -> None:
    files = {
        BASE: "include:\n  - path: [db/a.yml, db/b.yml]\n    project_directory: .\n    env_file: [db.env]\n",
        "db/a.yml": "services:\n  db:\n    image: postgres:${VERSION}\n    build: .\n",
        "db/b.yml": "services:\n  db:\n    restart: always\n",
        "db.env": "VERSION=16\n",
    }
    found = the_set(tmp_path, files)
    service = found.services["db"]
    assert (service.scalar("image"), service.scalar("restart")) == ("postgres:16", "always")
    assert service.build is not None
    assert service.build.context_path == ""
    assert [env_file.resolved for env_file in found.include_env_files] == ["db.env"]


# services


@pytest.mark.parametrize(
    ("text", "context", "dockerfile"),
    [
        pytest.param("build: ./api", "api", "api/Dockerfile", id="the short form"),
        pytest.param(
            "build:\n  context: api\n  dockerfile: prod.Dockerfile", "api", "api/prod.Dockerfile", id="a name"
        ),
        pytest.param("build:\n  dockerfile: api/Dockerfile", "", "api/Dockerfile", id="no context"),
        pytest.param("build:\n  context: https://example.com/a.git", None, None, id="a remote context"),
        pytest.param("build:\n  context: ${DIR:-api}", "api", "api/Dockerfile", id="a default"),
        pytest.param("build:\n  context: ${DIR}", None, None, id="a variable"),
        pytest.param("build:\n  context: .\n  dockerfile_inline: FROM a", "", None, id="an inline Dockerfile"),
    ],
)
def test_builds_name_a_context_and_a_dockerfile(
    text: str, context: str | None, dockerfile: str | None, tmp_path: Path
) -> None:
    build = api(tmp_path, text).build
    assert build is not None
    assert (build.context_path, build.dockerfile_path) == (context, dockerfile)


def test_a_build_in_the_short_form_merges_with_a_mapping(tmp_path: Path) -> None:
    build = api(tmp_path, "build: ./api", "build:\n  target: production").build
    assert build is not None
    assert (build.context_path, build.target) == ("api", "production")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("env_file: .env", [(".env", True)], id="a string"),
        pytest.param("env_file:\n  - a.env\n  - b.env", [("a.env", True), ("b.env", True)], id="a list"),
        pytest.param(
            "env_file:\n  - path: a.env\n    required: false\n  - path: b.env\n    format: raw",
            [("a.env", False), ("b.env", True)],
            id="the long form",
        ),
        pytest.param("env_file: /etc/api.env", [(None, True)], id="a file of the host"),
    ],
)
def test_env_files_have_three_forms(text: str, expected: list[tuple[str | None, bool]], tmp_path: Path) -> None:
    found = api(tmp_path, "image: a\n" + text).env_files
    assert [(env_file.resolved, env_file.required) for env_file in found] == expected


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        pytest.param("data:/var/lib", ("data", "/var/lib", "", "volume"), id="a named volume"),
        pytest.param("./conf:/etc/app:ro", ("./conf", "/etc/app", "ro", "bind"), id="a bind mount with a mode"),
        pytest.param("/var/lib", ("", "/var/lib", "", "anonymous"), id="an anonymous volume"),
        pytest.param("${DATA:-/srv}:/data", ("${DATA:-/srv}", "/data", "", "bind"), id="a colon inside a variable"),
        pytest.param("C:\\data:/data", ("C:\\data", "/data", "", "bind"), id="a drive letter"),
        pytest.param("{type: tmpfs, target: /cache}", ("", "/cache", "", "tmpfs"), id="the long form without a source"),
        pytest.param(
            "{type: bind, source: ./a, target: /a, read_only: true}", ("./a", "/a", "ro", "bind"), id="the long form"
        ),
    ],
)
def test_mounts_have_a_source_and_a_target(volume: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    (mount,) = api(tmp_path, f"image: a\nvolumes:\n  - {volume}").mounts
    assert mount[:4] == expected


def test_a_later_mount_replaces_an_earlier_one_for_the_same_target(tmp_path: Path) -> None:
    service = api(tmp_path, "image: a\nvolumes: ['./src:/app', 'data:/data']", "volumes: ['app:/app']")
    assert [(mount.source, mount.target) for mount in service.mounts] == [("app", "/app"), ("data", "/data")]


def test_names_come_in_every_form(tmp_path: Path) -> None:
    service = api(
        tmp_path,
        "image: a\nnetworks:\n  front:\n    aliases: [x]\nsecrets:\n  - key\n  - source: token\n    target: t",
    )
    assert list(service.named("networks")) == ["front"]
    assert sorted(service.named("secrets")) == ["key", "token"]
    assert service.named("configs") == {}


@pytest.mark.parametrize(
    ("text", "is_active"),
    [
        pytest.param("image: a", True, id="a service without a profile runs"),
        pytest.param("image: a\nprofiles: [worker]", True, id="a service in a profile of production may run"),
        pytest.param("image: a\nprofiles: [dev, debug]", False, id="a service in development profiles does not"),
        pytest.param("image: a\nprofiles: [dev, worker]", True, id="one more profile makes it run"),
        pytest.param("image: a\ndeploy: {replicas: 0}", False, id="no replicas do not run"),
        pytest.param("image: a\nscale: 0", False, id="a scale of nothing does not run"),
        pytest.param("image: a\ndeploy: {replicas: '${N:-2}'}", True, id="replicas by default run"),
    ],
)
def test_production_runs_what_is_switched_on(text: str, is_active: bool, tmp_path: Path) -> None:
    assert api(tmp_path, text).is_active is is_active


@pytest.mark.parametrize(
    ("services", "is_one_shot"),
    [
        pytest.param("  job:\n    image: a\n", False, id="nothing says so"),
        pytest.param("  job:\n    image: a\n    restart: 'no'\n", False, id="no restart alone says nothing"),
        pytest.param(
            "  job:\n    image: a\n  api:\n    image: b\n    depends_on:\n      job:\n"
            "        condition: service_completed_successfully\n",
            True,
            id="something waits for its completion",
        ),
        pytest.param("  job:\n    image: a\n    deploy: {mode: replicated-job}\n", True, id="Swarm runs it as a job"),
        pytest.param("  job:\n    image: a\n    command: alembic upgrade head\n", True, id="it migrates a database"),
        pytest.param("  job:\n    image: acme/load-test:1\n", True, id="its image does one thing"),
        pytest.param(
            "  job:\n    image: a\n    command: sh -c 'alembic upgrade head && uvicorn app'\n",
            False,
            id="it migrates before it serves",
        ),
    ],
)
def test_one_shots_are_told_by_evidence(services: str, is_one_shot: bool, tmp_path: Path) -> None:
    found = the_set(tmp_path, {BASE: "services:\n" + services})
    assert bool(found.one_shot(found.services["job"])) is is_one_shot


@pytest.mark.parametrize(
    ("name", "more", "is_one_shot"),
    [
        pytest.param("db-migrate", "", True, id="its name says it"),
        pytest.param("minio-init", "restart: on-failure", True, id="its name says it and it may be tried again"),
        pytest.param("backup", "restart: unless-stopped", False, id="it stays up"),
        pytest.param("importer", "", True, id="its name says that it imports"),
        pytest.param("migrator", 'ports: ["80:80"]', False, id="it publishes a port"),
        pytest.param("initech", "", False, id="its name only begins so"),
    ],
)
def test_one_shots_are_told_by_their_names(name: str, more: str, is_one_shot: bool, tmp_path: Path) -> None:
    found = the_set(tmp_path, {BASE: f"services:\n  {name}:\n    image: a\n" + indented(more)})
    assert bool(found.one_shot(found.services[name])) is is_one_shot


def test_committed_variables_replace_defaults(tmp_path: Path) -> None:
    service = api(tmp_path, "image: 'api:${TAG:-latest}'", **{".env": "TAG=1.4.2\n"})
    assert service.scalar("image") == "api:1.4.2"


def test_examples_of_env_files_set_nothing(tmp_path: Path) -> None:
    service = api(tmp_path, "image: 'api:${TAG:-latest}'", **{".env.example": "TAG=1.4.2\n"})
    assert service.scalar("image") == "api:latest"


# files


@pytest.mark.parametrize(
    ("path", "text", "is_found"),
    [
        pytest.param("compose.yaml", "services:\n  a:\n    image: a\n", True, id="a Compose file"),
        pytest.param("deploy/docker-compose.yml.j2", "services:\n  a:\n    image: a\n", True, id="a template of one"),
        pytest.param("docker-stack.yml", "services:\n  a:\n    image: a\n", True, id="a stack file"),
        pytest.param("compose.extras.yaml", "# nothing yet\n", True, id="comments only"),
        pytest.param("compose.yaml", "name: shop\n", False, id="a name only"),
        pytest.param("tasks/docker-compose.yml", "- name: up\n  shell: x\n", False, id="a list of tasks"),
        pytest.param("pulumi.stack.yml", "config: {}\n", False, id="another program's stack"),
        pytest.param("node_modules/a/compose.yaml", "services:\n  a:\n    image: a\n", False, id="a vendored file"),
        pytest.param("compose.yaml.md", "services:\n  a:\n    image: a\n", False, id="a document"),
    ],
)
def test_compose_files_are_known_by_name_and_content(path: str, text: str, is_found: bool, tmp_path: Path) -> None:
    project = Project(Repository(str(repository(tmp_path, {path: text}))), Config())
    assert bool(project.model(compose).files) is is_found


def test_a_file_with_another_name_is_known_by_the_command_that_runs_it(tmp_path: Path) -> None:
    files = {"infra/shop.yml": "services:\n  a:\n    image: a\n", "up.sh": "docker compose -f infra/shop.yml up\n"}
    project = Project(Repository(str(repository(tmp_path, files))), Config())
    assert [file.path for file in project.model(compose).files] == ["infra/shop.yml"]


def test_an_unreadable_file_is_unknown_and_hides_nothing(tmp_path: Path) -> None:
    files = {BASE: "services:\n  a:\n    image: a\n", "compose.prod.yaml": "services:\n  a: [\n"}
    project = Project(Repository(str(repository(tmp_path, files))), Config())
    by_path = {found.file.path: found for found in project.model(compose).sets}
    assert by_path["compose.prod.yaml"].unknown
    assert "a" in by_path[BASE].services


def test_aliases_that_multiply_are_not_expanded(tmp_path: Path) -> None:
    levels = "".join(f"  l{n}: &l{n} {{a: *l{n - 1}, b: *l{n - 1}}}\n" for n in range(1, 60))
    text = "x:\n  l0: &l0 {a: 1}\n" + levels + "services:\n  api:\n    image: a\n    labels: *l14\n"
    assert the_set(tmp_path, {BASE: text}).unknown


SCALARS = st.sampled_from(["a", "", "null", "${X:-y}", "!reset null", "*a", "[]", "{}", "- a", "x: &a", "<<: *a", "1"])
KEYS = st.sampled_from(
    "services include extends build image ports volumes env_file depends_on environment deploy command x".split()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), KEYS, SCALARS), max_size=25), st.text(max_size=20))
def test_any_text_is_read_and_merged(lines: list[tuple[int, str, str]], tail: str) -> None:
    text = "services:\n" + "".join(f"{'  ' * depth}{key}: {value}\n" for depth, key, value in lines) + tail
    read = ComposeFile(File("compose.yaml", text.encode("utf-8", "surrogatepass")))
    for name, node in read.services.items():
        assert isinstance(node, Block)
        service = Service(name, Value(name, [Layer(read.file, node, ""), Layer(read.file, node, "")]), {})
        values = [mount.value for mount in service.mounts] + [env_file.value for env_file in service.env_files]
        values += [*service.ports, *(dependency.value for dependency in service.depends_on.values())]
        assert all(0 <= value.node.start <= value.node.end <= len(read.file.text) for value in values)
        assert (service.build is None) is (service.get("build") is None or service.entries["build"].is_null)
        assert service.replicas is None or service.replicas >= 0
        assert all(pair.name == name for name, pair in service.environment.items())
        assert isinstance(service.command + "".join(service.profiles), str)
