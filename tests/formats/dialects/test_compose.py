"""Compose files: commands, environments, mounts."""

from __future__ import annotations

import pytest

from reading import misplaced, said, written
from shipworthy.formats import read
from shipworthy.formats.tree import VARIABLE, Block, Setting


def service(text: str) -> Block:
    """The service ``api`` of a Compose file, given its lines."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return service_of("services:\n  api:\n    image: example/api:1\n" + lines)


def service_of(text: str, name: str = "api") -> Block:
    root = read("compose.yaml", text).root
    assert not misplaced(root, text)
    for document in root.blocks:
        found = (document.block("services") or document).block(name)
        if found is not None:
            return found
    raise AssertionError("no such service")


def commands(block: Block) -> list[tuple[str, ...]]:
    return [node.words for node in block.walk() if isinstance(node, Block) and node.kind == "command"]


def values_of(block: Block | None) -> dict[str, str]:
    assert block is not None
    return {setting.name: setting.value for setting in block.settings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("environment:\n  A: /x\n  B: 1", {"A": "/x", "B": "1"}, id="a mapping"),
        pytest.param("environment:\n  - A=/x\n  - B=y=z", {"A": "/x", "B": "y=z"}, id="a list"),
        pytest.param("environment:\n  - A\n  - B=", {"A": "", "B": ""}, id="names alone and empty values"),
        pytest.param('environment: ["A=x\\ty"]', {"A": "x\ty"}, id="an entry with an escape"),
    ],
)
def test_an_environment_holds_variables(text: str, expected: dict[str, str]) -> None:
    environment = service(text).block("environment")
    assert values_of(environment) == expected
    assert environment is not None
    assert environment.kind == "mapping"
    assert {setting.kind for setting in environment.settings} == {VARIABLE}


def test_variables_stand_where_their_values_are_written() -> None:
    text = "services:\n  api:\n    image: x\n    environment:\n      - LOG_DIR=/var/log\n      - 'B=it''s /x'\n"
    settings = [setting for setting in read("compose.yaml", text).root.all_settings() if setting.kind == VARIABLE]
    assert [text[setting.start : setting.end] for setting in settings] == ["/var/log", "it''s /x"]
    assert [text[setting.key :].split("=")[0] for setting in settings] == ["LOG_DIR", "B"]


def test_variables_behind_anchors_and_merge_keys_count() -> None:
    text = """\
x-environment: &environment
  A: /x
x-base: &base
  environment:
    B: /y
services:
  api:
    image: x
    environment:
      <<: *environment
      C: /z
  web:
    <<: *base
    image: x
"""
    assert [name for kind, name, _ in said(read("compose.yaml", text).root) if kind == VARIABLE] == [
        "x-environment.A",
        "x-base.environment.B",
        "services.api.environment.C",
    ]
    assert set(values_of(service_of(text, "web").block("environment"))) == {"B"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("command: run --log /x", [("run", "--log", "/x")], id="a string"),
        pytest.param('command: ["run", "--log", "/x y"]', [("run", "--log", "/x y")], id="a list"),
        pytest.param(
            "command: --log /x", [("api", "--log", "/x")], id="options alone stand behind the image's program"
        ),
        pytest.param('command: ["--log", "/x"]', [("api", "--log", "/x")], id="a list of options alone"),
        pytest.param(
            "entrypoint: /bin/serve\ncommand: [--log, /x]",
            [("/bin/serve",), ("serve", "--log", "/x")],
            id="options alone stand behind the entry point",
        ),
        pytest.param("command: |\n  run\n  --log /x", [("run", "--log", "/x")], id="lines are words"),
        pytest.param("command: run $$HOME $${X}", [("run", "$HOME", "${X}")], id="doubled dollar signs"),
        pytest.param(
            'command: sh -c "echo a > /x\n  && run"',
            [("sh", "-c", "echo a > /x && run"), ("echo", "a"), ("run",)],
            id="a script given to a shell",
        ),
        pytest.param(
            "entrypoint: [/bin/sh, -ec]\ncommand:\n  - |\n    echo a\n    run b",
            [
                ("/bin/sh", "-ec"),
                ("/bin/sh", "-ec", "echo a\nrun b\n"),
                ("echo", "a"),
                ("run", "b"),
            ],
            id="a script given to the entry point",
        ),
        pytest.param('healthcheck:\n  test: ["CMD", "curl", "x"]', [("curl", "x")], id="a health check as a list"),
        pytest.param(
            "healthcheck:\n  test: [CMD-SHELL, curl x || exit 1]",
            [("curl", "x"), ("exit", "1")],
            id="a health check for a shell",
        ),
        pytest.param("healthcheck:\n  test: curl x", [("curl", "x")], id="a health check as a string"),
        pytest.param("healthcheck:\n  test: [NONE]", [], id="no health check"),
        pytest.param("command:\nentrypoint: []", [], id="nothing given"),
    ],
)
def test_commands(text: str, expected: list[tuple[str, ...]]) -> None:
    assert commands(service(text)) == expected


def test_a_command_keeps_its_text_and_its_key() -> None:
    directive = service("command: run --pid-file=/x").block("command")
    assert directive is not None
    assert (directive.kind, directive.name, directive.words) == ("directive", "command", ("run --pid-file=/x",))
    assert said(directive)[0][1:] == ("services.api.command.run.pid-file", "/x")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("command: run /data/x", id="on one line"),
        pytest.param("command: >\n  run\n  /data/x", id="in a folded scalar"),
        pytest.param('command: "a\\tb $$X /data/x"', id="behind an escape"),
        pytest.param("command: ['run', '/data/x']", id="in a list"),
        pytest.param("command: --x /data/x", id="behind a program that is not written"),
    ],
)
def test_words_of_a_command_stand_where_they_are_written(text: str) -> None:
    whole = f"services:\n  api:\n    image: x\n{''.join(f'    {line}' + chr(10) for line in text.splitlines())}"
    root = read("compose.yaml", whole).root
    found = [setting for setting in root.all_settings() if setting.value == "/data/x"]
    assert found
    assert {whole[setting.start : setting.end] for setting in found} == {"/data/x"}


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        pytest.param("/data", {"target": "/data", "type": "anonymous"}, id="a target alone"),
        pytest.param("data:/data", {"source": "data", "target": "/data", "type": "volume"}, id="a named volume"),
        pytest.param(
            "./a:/b:ro", {"source": "./a", "target": "/b", "mode": "ro", "type": "bind"}, id="a relative path"
        ),
        pytest.param("~/a:/b", {"source": "~/a", "target": "/b", "type": "bind"}, id="a home directory"),
        pytest.param("${A}/x:/b", {"source": "${A}/x", "target": "/b", "type": "bind"}, id="a variable"),
        pytest.param("C:\\a:/b:rw", {"source": "C:\\a", "target": "/b", "mode": "rw", "type": "bind"}, id="a drive"),
        pytest.param("d:/a:/b", {"source": "d:/a", "target": "/b", "type": "bind"}, id="a drive with slashes"),
    ],
)
def test_mounts_in_the_short_syntax(written_as: str, expected: dict[str, str]) -> None:
    volumes = service(f"volumes:\n  - '{written_as}'").block("volumes")
    assert volumes is not None
    (mount,) = volumes.blocks
    assert (mount.kind, mount.name, mount.words) == ("mount", "0", (written_as,))
    assert values_of(mount) == expected


def test_the_default_of_a_variable_separates_nothing_and_is_a_setting() -> None:
    volumes = service("volumes:\n  - ${A:-${B:-/a:b}}:/c").block("volumes")
    assert volumes is not None
    assert [(setting.kind, setting.name, setting.value) for setting in volumes.all_settings()] == [
        ("value", "source", "${A:-${B:-/a:b}}"),
        ("value", "target", "/c"),
        ("value", "type", "bind"),
        ("default", "A", "${B:-/a:b}"),
        ("default", "B", "/a:b"),
    ]


def test_parts_of_a_mount_stand_where_they_are_written() -> None:
    text = "services:\n  api:\n    image: x\n    volumes:\n      - ./a:/b:ro\n"
    mount = [
        node for node in read("compose.yaml", text).root.walk() if isinstance(node, Block) and node.kind == "mount"
    ]
    assert written(mount[0], text)[:3] == ["./a", "/b", "ro"]


def test_mounts_in_the_long_syntax_are_mounts() -> None:
    volumes = service("volumes:\n  - {type: bind, source: ./a, target: /b}").block("volumes")
    assert volumes is not None
    (mount,) = volumes.blocks
    assert (mount.kind, values_of(mount)) == ("mount", {"type": "bind", "source": "./a", "target": "/b"})


@pytest.mark.parametrize(
    "text", [pytest.param("tmpfs: /run:size=1m", id="a string"), pytest.param("tmpfs: ['/run:size=1m']", id="a list")]
)
def test_memory_file_systems_are_mounts(text: str) -> None:
    (mount,) = [node for node in service(text).walk() if isinstance(node, Block) and node.kind == "mount"]
    assert values_of(mount) == {"target": "/run", "mode": "size=1m", "type": "tmpfs"}


def test_a_config_is_read_as_the_file_that_a_service_has_it_as() -> None:
    text = """\
services:
  api:
    image: x
    configs: [{source: main, target: /etc/api/api.ini}]
configs:
  main:
    content: |
      [server]
      pid = /x
"""
    assert ("value", "configs.main./etc/api/api.ini.server.pid", "/x") in said(read("compose.yaml", text).root)


def test_an_inline_dockerfile_is_read() -> None:
    (build,) = service("build:\n  dockerfile_inline: |\n    FROM x\n    USER app").blocks
    assert [node.name for node in build.walk() if isinstance(node, Block) and node.kind == "instruction"][-1] == "USER"


def test_defaults_stand_in_the_nearest_mapping() -> None:
    api = service("ports: ['${PORT:-80}:80']\nenvironment:\n  LOGS: ${LOGS:-/x}")
    assert [setting.name for setting in api.settings] == ["image", "PORT"]
    ports, environment = api.block("ports"), api.block("environment")
    assert ports is not None
    assert environment is not None
    assert len(ports.items()) == 1
    logs = environment.get("LOGS")
    assert isinstance(logs, Setting)
    assert logs.kind == VARIABLE, "a default never takes the place of a value"


def test_a_command_that_is_an_alias_is_read() -> None:
    text = "x-run: &run run --log /x\nservices:\n  api: {image: x, command: *run}\n  web: {image: x, command: *run}\n"
    for name in ("api", "web"):
        directive = service_of(text, name).block("command")
        assert directive is not None
        assert commands(directive) == [("run", "--log", "/x")]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.yml", "services: {a: {image: x, command: y}}", True, id="a service with an image"),
        pytest.param("a.json", '{"services": {"a": {"image": "x", "command": "y"}}}', True, id="written as JSON"),
        pytest.param("compose.prod.yml", "services: {a: {command: y}}", True, id="an override"),
        pytest.param("a.yml", "services: {a: {ports: [1], command: y}}", True, id="keys that only services have"),
        pytest.param("docker-compose.yml", "a: {image: x, command: y}", True, id="the first version of the format"),
        pytest.param("a.yml", "a: {image: x, command: y}", False, id="services nowhere"),
        pytest.param("services.yml", "services: {a: {class: x, command: y}}", False, id="services of a framework"),
        pytest.param("a.yml", "services: [{image: x, command: y}]", False, id="a list of services"),
    ],
)
def test_what_is_a_compose_file(path: str, text: str, expected: bool) -> None:
    nodes = read(path, text).root.walk()
    assert any(isinstance(node, Block) and node.kind == "directive" for node in nodes) is expected
