"""The rules of the Compose specification, case by case.

Every expectation is what ``docker compose config`` (2.40.3) makes of the same files, for the keys looked at here.

Sources: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md , 14-include.md, 05-services.md#extends,
10-fragments.md, 12-interpolation.md
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from shipworthy.config import Config
from shipworthy.deployment.compose import ComposeSet, Mount, Service, Value, compose
from shipworthy.deployment.paths import in_repository
from shipworthy.project import Project
from shipworthy.repository import Repository
from support import repository

BASE = "compose.yaml"
ABOVE = "compose.prod.yaml"
Described = dict[str, object]

LISTS = ("command", "entrypoint", "dns", "expose", "profiles", "cap_add", "security_opt")
NAMES = ("networks", "secrets", "configs")


def described(service: Service) -> Described:
    """What the files say about a service after merging: only what is set."""
    found: Described = {
        "image": service.scalar("image"),
        "restart": service.scalar("restart"),
        "memory": service.scalar("deploy", "resources", "limits", "memory"),
        "interval": service.scalar("healthcheck", "interval"),
        "test": texts(service.get("healthcheck", "test")),
        "environment": {name: pair.value for name, pair in service.environment.items()},
        "labels": labels(service),
        "ports": [port.text or f"{port.scalar('published')}:{port.scalar('target')}" for port in service.ports],
        "volumes": {mount.target: source(mount) for mount in service.mounts},
        "depends_on": {name: dependency.condition for name, dependency in service.depends_on.items()},
        "env_file": [env_file.resolved for env_file in service.env_files],
    }
    if service.build is not None:
        build = service.build
        found["build"] = (build.context_path, build.dockerfile, build.target)
        found["args"] = {name: pair.value for name, pair in build.args.items()}
    found |= {key: texts(service.get(key)) for key in LISTS}
    found |= {key: sorted(service.named(key)) for key in NAMES}
    return {key: value for key, value in found.items() if value}


def source(mount: Mount) -> str | None:
    """A mount's source, a path as one of the repository."""
    return in_repository(mount.value.directory, mount.source) if mount.type == "bind" else mount.source


def texts(value: Value | None) -> list[str]:
    return [item.text for item in value.items()] if value is not None else []


def labels(service: Service) -> dict[str, str | None]:
    value = service.get("labels")
    return {name: pair.value for name, pair in value.pairs().items()} if value is not None else {}


def the_set(directory: Path, files: Mapping[str, str]) -> ComposeSet:
    """The set of all files that the case merges."""
    above = ABOVE if ABOVE in files else ""
    command = f"docker compose -f {BASE} -f {above} up\n" if above else f"docker compose -f {BASE} up\n"
    root = repository(directory, {**files, "deploy.sh": command})
    return Project(Repository(str(root)), Config()).model(compose).sets[0]


def one(base: str, above: str) -> dict[str, str]:
    """A service `app` in two files, of which the second lies on the first."""
    return {path: "services:\n  app:\n" + indented(text) for path, text in ((BASE, base), (ABOVE, above))}


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def extending(base: str, main: str) -> dict[str, str]:
    """A service `app` that extends the service `base` of its own file."""
    return {
        BASE: "services:\n  base:\n" + indented(base) + "  app:\n    extends:\n      service: base\n" + indented(main)
    }


MERGE = [
    pytest.param(
        {BASE: "services:\n  app:\n    image: a\n    environment:\n      A: &value b\n      C: *value\n"},
        {"image": "a", "environment": {"A": "b", "C": "b"}},
        id="an alias is the value of its own key",
    ),
    pytest.param(
        one(
            "image: a\nhealthcheck:\n  test: [CMD, a]\n  interval: 1s",
            "restart: always\nhealthcheck:\n  interval: 2s",
        ),
        {"image": "a", "restart": "always", "test": ["CMD", "a"], "interval": "2s"},
        id="a mapping gets missing entries and new values for those it has",
    ),
    pytest.param(
        one("image: a\ndns:\n  - 1.1.1.1", "dns:\n  - 8.8.8.8"),
        {"image": "a", "dns": ["1.1.1.1", "8.8.8.8"]},
        id="a sequence is appended to",
    ),
    pytest.param(
        one("image: a\ndns: 1.1.1.1", "dns: [8.8.8.8]"),
        {"image": "a", "dns": ["1.1.1.1", "8.8.8.8"]},
        id="a scalar in the place of a sequence is one item of it",
    ),
    pytest.param(
        one('image: a\ncommand: ["echo", "foo"]', 'command: ["echo", "bar"]'),
        {"image": "a", "command": ["echo", "bar"]},
        id="a command is replaced",
    ),
    pytest.param(
        one('image: a\nentrypoint: ["a", "b"]', 'entrypoint: ["c"]'),
        {"image": "a", "entrypoint": ["c"]},
        id="an entrypoint is replaced",
    ),
    pytest.param(
        one("image: a\nhealthcheck:\n  test: [CMD, curl, a]", "healthcheck:\n  test: [CMD, wget, b]"),
        {"image": "a", "test": ["CMD", "wget", "b"]},
        id="a health check's test is replaced",
    ),
    pytest.param(
        one("image: a\nvolumes:\n  - foo:/work", "volumes:\n  - bar:/work"),
        {"image": "a", "volumes": {"/work": "bar"}},
        id="mounts are unique by their target",
    ),
    pytest.param(
        one("image: a\nvolumes:\n  - ./a:/a:ro", "volumes:\n  - type: volume\n    source: data\n    target: /a"),
        {"image": "a", "volumes": {"/a": "data"}},
        id="a mount in the long form replaces one in the short form",
    ),
    pytest.param(
        one("image: a\nvolumes:\n  - foo:/work/", "volumes:\n  - bar:/work"),
        {"image": "a", "volumes": {"/work": "bar"}},
        id="a slash at the end of a target makes no difference",
    ),
    pytest.param(
        one('image: a\nports: ["80:80", "81:81"]', 'ports: ["80:80", "443:443"]'),
        {"image": "a", "ports": ["80:80", "81:81", "443:443"]},
        id="equal ports are one port",
    ),
    pytest.param(
        one('image: a\nports: ["8080:80"]', 'ports: ["9090:80"]'),
        {"image": "a", "ports": ["8080:80", "9090:80"]},
        id="ports with one target and two published numbers are two",
    ),
    pytest.param(
        one("image: a\nsecrets: [one, two]", "secrets:\n  - two\n  - source: three\n    target: /t"),
        {"image": "a", "secrets": ["one", "three", "two"]},
        id="secrets are appended, equal ones once",
    ),
    pytest.param(
        one("image: a\nconfigs: [one]", "configs: [two]"),
        {"image": "a", "configs": ["one", "two"]},
        id="configs are appended",
    ),
    pytest.param(
        one("image: a\nenvironment:\n  - A=1\n  - B=2", "environment:\n  B: 3\n  C:"),
        {"image": "a", "environment": {"A": "1", "B": "3", "C": None}},
        id="environments merge by name whatever their form",
    ),
    pytest.param(
        one("image: a\nlabels:\n  - x=1\n  - y=1", "labels:\n  y: '2'"),
        {"image": "a", "labels": {"x": "1", "y": "2"}},
        id="labels merge by name whatever their form",
    ),
    pytest.param(
        one("build: ./app", "build:\n  target: prod\n  args: [A=1]"),
        {"build": ("app", "Dockerfile", "prod"), "args": {"A": "1"}},
        id="a build in the short form merges with one in the long form",
    ),
    pytest.param(
        one("build:\n  context: .\n  args: {A: 1, B: 1}", "build:\n  args: {B: 2}"),
        {"build": ("", "Dockerfile", ""), "args": {"A": "1", "B": "2"}},
        id="build arguments merge by name",
    ),
    pytest.param(
        one("image: a\ndepends_on: [db]", "depends_on:\n  cache:\n    condition: service_healthy"),
        {"image": "a", "depends_on": {"db": "service_started", "cache": "service_healthy"}},
        id="dependencies merge by name whatever their form",
    ),
    pytest.param(
        one("image: a\ndepends_on:\n  db:\n    condition: service_healthy", "depends_on: [db]"),
        {"image": "a", "depends_on": {"db": "service_started"}},
        id="a dependency in the short form means started, also where the long form said more",
    ),
    pytest.param(
        one("image: a\nnetworks: [front]", "networks:\n  back:\n    aliases: [x]"),
        {"image": "a", "networks": ["back", "front"]},
        id="networks merge by name whatever their form",
    ),
    pytest.param(
        one("image: a\nenv_file: a.env", "env_file:\n  - path: b.env\n    required: false"),
        {"image": "a", "env_file": ["a.env", "b.env"]},
        id="env files are appended whatever their form",
    ),
    pytest.param(
        one(
            "image: a\ndeploy:\n  resources:\n    limits: {cpus: '1', memory: 1G}",
            "deploy:\n  resources:\n    limits: {memory: '2048'}",
        ),
        {"image": "a", "memory": "2048"},
        id="deep mappings merge entry by entry",
    ),
    pytest.param(
        one("image: a\nrestart: always", "restart:"),
        {"image": "a", "restart": "always"},
        id="nothing replaces nothing",
    ),
    pytest.param(
        one(
            "image: a\nenvironment: {A: '1'}\nnetworks:\n  front:\n    aliases: [x]",
            "environment: {A: }\nnetworks: {front: }",
        ),
        {"image": "a", "environment": {"A": None}, "networks": ["front"]},
        id="only a variable becomes one without a value",
    ),
    pytest.param(
        one("image: a\nenvironment: {A: '1'}", "environment: [A]"),
        {"image": "a", "environment": {"A": None}},
        id="a variable without a value comes from whoever starts it",
    ),
    pytest.param(
        one("image: a\ncommand: serve --debug", "command: []"),
        {"image": "a"},
        id="an empty command replaces a command",
    ),
    pytest.param(
        one("image: a\ncap_add: [A]\nexpose: ['80']", "cap_add: [A, B]\nexpose: ['80', '81']"),
        {"image": "a", "cap_add": ["A", "B"], "expose": ["80", "81"]},
        id="equal capabilities and exposed ports are one",
    ),
]

TAGS = [
    pytest.param(
        one(
            "image: a\nports: ['8080:80']\nenvironment: {FOO: BAR, X: '1'}",
            "ports: !reset []\nenvironment:\n  FOO: !reset null",
        ),
        {"image": "a", "environment": {"X": "1"}},
        id="a reset value is gone",
    ),
    pytest.param(
        one("image: a\nports: ['8080:80']", "ports: !override\n  - '8443:443'"),
        {"image": "a", "ports": ["8443:443"]},
        id="an overriding value stands alone",
    ),
    pytest.param(
        one("image: a\nenvironment: {A: '1'}", "environment: !override\n  B: '2'"),
        {"image": "a", "environment": {"B": "2"}},
        id="an overriding mapping stands alone",
    ),
    pytest.param(
        one("image: a\nbuild: .", "build: !reset null"),
        {"image": "a"},
        id="a build that is reset leaves the image",
    ),
    pytest.param(
        one("image: a\ndepends_on: [db, cache]", "depends_on: !override [db]"),
        {"image": "a", "depends_on": {"db": "service_started"}},
        id="overriding dependencies stand alone",
    ),
    pytest.param(
        {
            BASE: "services:\n  app:\n    image: a\n    restart: always\n",
            ABOVE: "services:\n  app: !override\n    image: b\n",
        },
        {"image": "b"},
        id="an overriding service stands alone",
    ),
]

EXTENDS = [
    pytest.param(
        extending("image: a\nenvironment: {TZ: utc, PORT: '80'}", "environment: {PORT: '8080'}"),
        {"image": "a", "environment": {"TZ": "utc", "PORT": "8080"}},
        id="the main service's entries win",
    ),
    pytest.param(
        extending("image: a\nvolumes: ['common:/data:rw']", "volumes: ['cli:/data:ro']"),
        {"image": "a", "volumes": {"/data": "cli"}},
        id="mounts are unique by their target",
    ),
    pytest.param(
        extending("image: a\nsecurity_opt: ['label:role:ROLE']", "security_opt: ['label:user:USER']"),
        {"image": "a", "security_opt": ["label:role:ROLE", "label:user:USER"]},
        id="sequences are appended",
    ),
    pytest.param(
        extending("image: a\nports: ['80:80']\ncommand: [a]", "ports: !reset []\ncommand: [b]"),
        {"image": "a", "command": ["b"]},
        id="tags work as they do in files",
    ),
    pytest.param(
        extending("image: a\ndepends_on: [db]\nnetworks: [front]", "restart: always"),
        {"image": "a", "restart": "always", "depends_on": {"db": "service_started"}, "networks": ["front"]},
        id="dependencies and networks are inherited",
    ),
    pytest.param(
        extending("image: a\nprofiles: [x]", "restart: always"),
        {"image": "a", "restart": "always", "profiles": ["x"]},
        id="profiles are inherited",
    ),
    pytest.param(
        {
            BASE: "services:\n  base:\n    image: a\n    restart: always\n  common:\n    extends: base\n"
            "    dns: [1.1.1.1]\n  app:\n    extends: {service: common}\n"
        },
        {"image": "a", "restart": "always", "dns": ["1.1.1.1"]},
        id="a chain is followed to its end",
    ),
    pytest.param(
        {
            BASE: "services:\n  app:\n    extends:\n      file: common/base.yaml\n      service: web\n",
            "common/base.yaml": "services:\n  web:\n    build: ./web\n    env_file: web.env\n    volumes: ['./d:/d']\n",
        },
        {"build": ("common/web", "Dockerfile", ""), "env_file": ["common/web.env"], "volumes": {"/d": "common/d"}},
        id="paths of another file start from that file",
    ),
    pytest.param(
        {
            BASE: "services:\n  app:\n    extends:\n      file: common/base.yaml\n      service: web\n",
            "common/base.yaml": "services:\n  web:\n    extends:\n      file: more/root.yaml\n      service: root\n"
            "    restart: always\n",
            "common/more/root.yaml": "services:\n  root:\n    build: .\n",
        },
        {"build": ("common/more", "Dockerfile", ""), "restart": "always"},
        id="a chain through files",
    ),
    pytest.param(
        {
            BASE: "services:\n  base:\n    image: a\n  app:\n    extends: {service: base}\n    restart: always\n",
            ABOVE: "services:\n  base:\n    image: b\n  app:\n    dns: [1.1.1.1]\n",
        },
        {"image": "a", "restart": "always", "dns": ["1.1.1.1"]},
        id="what is extended is what the same file says",
    ),
]

INCLUDE = [
    pytest.param(
        {
            BASE: "include:\n  - db/compose.yaml\nservices:\n  other:\n    image: o\n",
            "db/compose.yaml": "services:\n  app:\n    build: .\n    env_file: db.env\n",
        },
        {"build": ("db", "Dockerfile", ""), "env_file": ["db/db.env"]},
        id="an included file has its own folder",
    ),
    pytest.param(
        {
            BASE: "include:\n  - path: db/compose.yaml\n    project_directory: .\nservices:\n  other:\n    image: o\n",
            "db/compose.yaml": "services:\n  app:\n    build: ./x\n",
        },
        {"build": ("x", "Dockerfile", "")},
        id="a project directory takes its place",
    ),
    pytest.param(
        {
            BASE: "include:\n  - path: [db/a.yaml, db/b.yaml]\nservices:\n  other:\n    image: o\n",
            "db/a.yaml": "services:\n  app:\n    image: a\n    dns: [1.1.1.1]\n",
            "db/b.yaml": "services:\n  app:\n    image: b\n    dns: [8.8.8.8]\n",
        },
        {"image": "b", "dns": ["1.1.1.1", "8.8.8.8"]},
        id="the files of one entry are merged",
    ),
    pytest.param(
        {
            BASE: "include:\n  - a/compose.yaml\nservices:\n  other:\n    image: o\n",
            "a/compose.yaml": "include:\n  - b/compose.yaml\nservices: {}\n",
            "a/b/compose.yaml": "services:\n  app:\n    image: a\n",
        },
        {"image": "a"},
        id="included files include others",
    ),
    pytest.param(
        {
            BASE: "include:\n  - db/compose.yaml\nservices:\n  other:\n    image: o\n",
            "db/compose.yaml": "services:\n  app:\n    image: 'postgres:${TAG:-15}'\n",
            "db/.env": "TAG=16\n",
        },
        {"image": "postgres:16"},
        id="the env file beside an included file sets its variables",
    ),
    pytest.param(
        {
            BASE: "include:\n  - db/compose.yaml\nservices:\n  other:\n    image: o\n",
            "db/compose.yaml": "services:\n  app:\n    image: 'postgres:${TAG:-15}'\n",
            "db/.env": "TAG=16\n",
            ".env": "TAG=17\n",
        },
        {"image": "postgres:17"},
        id="the project's own env file wins over that of an included file",
    ),
    pytest.param(
        {
            BASE: "include:\n  - path: db/compose.yaml\n    env_file: other.env\nservices:\n  other:\n    image: o\n",
            "db/compose.yaml": "services:\n  app:\n    image: 'postgres:${TAG:-15}'\n",
            "other.env": "TAG=18\n",
        },
        {"image": "postgres:18"},
        id="an entry's env file sets the variables of what it includes",
    ),
]

FRAGMENTS = [
    pytest.param(
        {
            BASE: "x-env: &env\n  A: '1'\n  B: '1'\nx-app: &app\n  image: a\n  restart: always\n"
            "services:\n  app:\n    <<: *app\n    restart: 'no'\n    environment:\n      <<: *env\n      B: '2'\n"
        },
        {"image": "a", "restart": "no", "environment": {"A": "1", "B": "2"}},
        id="a merge key gives what the mapping itself does not say",
    ),
    pytest.param(
        {
            BASE: "x-a: &a {image: a, restart: always}\nx-b: &b {image: b, dns: [1.1.1.1]}\n"
            "services:\n  app:\n    <<: [*a, *b]\n"
        },
        {"image": "a", "restart": "always", "dns": ["1.1.1.1"]},
        id="the first of several merged mappings wins",
    ),
]

VARIABLES = [
    pytest.param("a:${T:-1}", "", "a:1", id="a default where nothing is set"),
    pytest.param("a:${T:-1}", "T=2\n", "a:2", id="the value in place of the default"),
    pytest.param("a:${T:-1}", "T=\n", "a:1", id="a default in place of an empty value"),
    pytest.param("a:1${T-1}", "T=\n", "a:1", id="an empty value where only being set counts"),
    pytest.param("a:${T:?no}", "T=2\n", "a:2", id="a required value"),
    pytest.param("a:1${T:+2}", "T=x\n", "a:12", id="a replacement where a value is set"),
    pytest.param("a:${T:-${U:-3}}", "", "a:3", id="a default within a default"),
    pytest.param("a:${T:-${U}}", "U=4\n", "a:4", id="a value within a default"),
    pytest.param("a:$T", "T=2\n", "a:2", id="a variable without braces"),
    pytest.param("a:$T", "U=2\nT=$U\n", "a:2", id="a variable of the env file itself"),
]


@pytest.mark.parametrize(("files", "expected"), [*MERGE, *TAGS, *EXTENDS, *INCLUDE, *FRAGMENTS])
def test_files_become_what_compose_makes_of_them(files: dict[str, str], expected: Described, tmp_path: Path) -> None:
    assert described(the_set(tmp_path, files).services["app"]) == expected


@pytest.mark.parametrize(("image", "env_file", "expected"), VARIABLES)
def test_variables_become_what_compose_makes_of_them(image: str, env_file: str, expected: str, tmp_path: Path) -> None:
    files = {BASE: f"services:\n  app:\n    image: '{image}'\n", ".env": env_file}
    assert the_set(tmp_path, files).services["app"].scalar("image") == expected


def test_sections_merge_like_services(tmp_path: Path) -> None:
    files = {
        BASE: "services:\n  app:\n    image: a\nvolumes:\n  one: {}\nnetworks:\n  front: {}\n  back: {}\n",
        ABOVE: "services:\n  app:\n    restart: always\nvolumes:\n  two:\nnetworks:\n  back: !reset null\n",
    }
    found = the_set(tmp_path, files)
    assert sorted(found.declared("volumes")) == ["one", "two"]
    assert sorted(found.declared("networks")) == ["front"]
