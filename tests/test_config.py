"""`.shipworthy.yaml`: what it may say, and how a mistake in it is told."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.config import NAME, SERVICE_KEYS, TARGETS, Config, ConfigError, load
from shipworthy.layouts import KEYS as LAYOUT_KEYS
from shipworthy.layouts import MOST_REQUIREMENTS, REQUIREMENT_KEYS, presets
from shipworthy.places import DEVELOPMENT, PLACES, PRODUCTION, TEST
from shipworthy.rule import SEVERITIES
from shipworthy.rules import ids
from shipworthy.statements import KEYS, RULE_KEYS, TEMPORARY_KEYS

RULES = ids()
IS_ROOT = os.name == "posix" and os.geteuid() == 0


def configured(directory: Path, text: str | bytes) -> Config:
    (directory / NAME).write_bytes(text.encode() if isinstance(text, str) else text)
    return load(str(directory), None, RULES)


def mistake(directory: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as error:
        configured(directory, text)
    return str(error.value)


def test_without_a_file_nothing_is_stated(tmp_path: Path) -> None:
    config = load(str(tmp_path), None, RULES)
    assert not config.excludes("anything")
    assert config.services is None
    assert config.deploys is None
    assert config.place_of("tests/a.py") == TEST
    assert config.options("no-tmp-paths") == {}


def test_everything_that_can_be_stated(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        """\
exclude: [third-party, "*.gen.yml"]
rules:
  no-tmp-paths:
    severity: medium
    exclude:
      - legacy
  pid-files-outside-tmp:
services:
  api: services/api/
  web:
    path: ./services/web
    image: external
  root: {path: .}
  later:
not_services: tools
deploys: [compose, systemd]
places:
  production: tests/harness
  development: [scripts]
""",
    )
    assert config.excludes("third-party/a")
    assert config.excludes("legacy/a", "no-tmp-paths")
    assert not config.excludes("legacy/a", "pid-files-outside-tmp")
    assert not config.excludes("legacy/a")
    assert config.severities == {"no-tmp-paths": "medium"}
    assert config.services is not None
    stated = [(service.name, service.path, service.image, service.line) for service in config.services.values()]
    assert stated == [
        ("api", "services/api", "", 9),
        ("web", "services/web", "external", 10),
        ("root", "", "", 13),
        ("later", "", "", 14),
    ]
    assert config.not_services.match("tools/a")
    assert config.deploys == ("compose", "systemd")
    assert config.place_of("tests/harness/a.py") == PRODUCTION
    assert config.place_of("scripts/a.py") == DEVELOPMENT
    assert config.place_of("tests/a.py") == TEST


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n", "---\n...\n", "null\n", "~\n", "\ufeff\n"])
def test_an_empty_file_states_nothing(tmp_path: Path, text: str) -> None:
    assert configured(tmp_path, text).services is None


@pytest.mark.parametrize(("text", "stated"), [("deploys:\n", None), ("deploys: none\n", ("none",))])
def test_a_key_without_a_value_states_nothing(tmp_path: Path, text: str, stated: tuple[str, ...] | None) -> None:
    assert configured(tmp_path, text).deploys == stated


def test_a_configuration_with_another_ending_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".shipworthy.yml").write_text("exclude: a\n")
    with pytest.raises(ConfigError, match=r"^\.shipworthy\.yml: is not read; call it \.shipworthy\.yaml$"):
        load(str(tmp_path), None, RULES)


def test_merge_keys_and_aliases_work(tmp_path: Path) -> None:
    text = "rules:\n  no-tmp-paths: &shared {severity: medium}\n  pid-files-outside-tmp: {<<: *shared, exclude: a}\n"
    assert configured(tmp_path, text).severities == {"no-tmp-paths": "medium", "pid-files-outside-tmp": "medium"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("exclde: a\n", "1:1: unknown key 'exclde'; did you mean 'exclude'?", id="a misspelt key"),
        pytest.param("zzz: a\n", f"1:1: unknown key 'zzz'; one of {', '.join(KEYS)}", id="a key like no other"),
        pytest.param(
            "# a\nrules:\n  no-tmp-path: {}\n",
            "3:3: unknown rule 'no-tmp-path'; did you mean 'no-tmp-paths'?",
            id="a misspelt rule",
        ),
        pytest.param(
            "rules: {no-tmp-paths: {severty: high}}\n",
            "1:24: unknown key 'severty'; did you mean 'severity'?",
            id="a misspelt key of a rule",
        ),
        pytest.param(
            "rules:\n  no-tmp-paths:\n    severity: hihg\n",
            "3:15: unknown value 'hihg'; did you mean 'high'?",
            id="a misspelt severity",
        ),
        pytest.param("deploys: [compos]\n", "1:11: unknown value 'compos'; did you mean 'compose'?", id="a target"),
        pytest.param(
            "places: {prodution: a}\n", "1:10: unknown place 'prodution'; did you mean 'production'?", id="a place"
        ),
        pytest.param("services: {a: {pth: b}}\n", "1:16: unknown key 'pth'; did you mean 'path'?", id="a service's"),
        pytest.param(
            "rules: {no-tmp-paths: {options: {x: 1}}}\n", "1:34: unknown option 'x'; there are none", id="an option"
        ),
        pytest.param(
            "layout: {requird: {}}\n", "1:10: unknown key 'requird'; did you mean 'required'?", id="a layout's"
        ),
        pytest.param(
            "layout: {presets: [kustomise]}\n",
            "1:20: unknown value 'kustomise'; did you mean 'kustomize'?",
            id="a preset",
        ),
        pytest.param(
            "layout:\n  presets: kustomize\n  not_required: [k8s/base/kustomisation.yaml]\n",
            "3:18: unknown value 'k8s/base/kustomisation.yaml'; did you mean 'k8s/base/kustomization.yaml'?",
            id="what no preset requires",
        ),
        pytest.param(
            "layout: {not_required: [a]}\n",
            "1:25: unknown value 'a'; there are none",
            id="not required without a preset",
        ),
        pytest.param("layout: {required: [a]}\n", "1:10: must be a mapping, not a list", id="a list without reasons"),
        pytest.param(
            "layout:\n  required:\n    a:\n", "3:5: 'a' needs a reason: what does not work without it?", id="no reason"
        ),
        pytest.param(
            "layout: {required: {a: {severity: high}}}\n",
            "1:21: 'a' needs a reason: what does not work without it?",
            id="no reason among other things",
        ),
        pytest.param(
            "layout: {required: {a: {reason: b, sverity: high}}}\n",
            "1:36: unknown key 'sverity'; did you mean 'severity'?",
            id="a misspelt key of an entry",
        ),
        pytest.param(
            "layout: {required: {a: {reason: b, severity: urgent}}}\n",
            "1:46: unknown value 'urgent'; one of blocking, high, medium, info",
            id="a severity that there is not",
        ),
        pytest.param(
            'layout:\n  required:\n    "{sevice}/a": b\n',
            "3:5: unknown placeholder '{sevice}'; did you mean '{service}'?",
            id="a placeholder",
        ),
        pytest.param(
            "layout: {required: {a: {reason: b, or: [c, '{x}']}}}\n",
            "1:45: unknown placeholder '{x}'; one of {name}, {service}",
            id="a placeholder in an alternative",
        ),
        pytest.param(
            "layout: {required: {/a: b}}\n",
            "1:21: must be a path inside the repository, not '/a'",
            id="an absolute path",
        ),
        pytest.param(
            "layout: {required: {a: {reason: b, when: ../c}}}\n",
            "1:42: must be a path inside the repository, not '../c'",
            id="a path that leads out",
        ),
        pytest.param("- a\n", "1:1: must be a mapping with the keys " + ", ".join(KEYS), id="a list"),
        pytest.param("word\n", "1:1: must be a mapping with the keys " + ", ".join(KEYS), id="a word"),
        pytest.param("rules: []\n", "1:1: must be a mapping, not a list", id="a list of rules"),
        pytest.param("rules: no\n", "1:8: must be a mapping, not 'no'", id="a word instead of rules"),
        pytest.param("exclude: {a: b}\n", "1:1: must be a list", id="a mapping instead of patterns"),
        pytest.param("exclude: [[a]]\n", "1:11: must be a single value", id="a list of lists"),
        pytest.param(
            'exclude: ["!a"]\n', "1:12: must be a pattern of paths, neither empty nor negated, not '!a'", id="negated"
        ),
        pytest.param("exclude: a\nexclude: b\n", "2:1: the key 'exclude' is given twice", id="a key given twice"),
        pytest.param("exclude: a\n---\nexclude: b\n", "3:1: must be the only document of the file", id="two documents"),
        pytest.param("exclude: *a\n", "1:10: unknown anchor a", id="an alias of nothing"),
        pytest.param("exclude: [a\n", "2:1: did not find expected ',' or ']'", id="no YAML"),
        pytest.param("deploys: [compose, none]\n", "1:20: none stands alone, or is left out", id="none and another"),
        pytest.param("exclude:\n\t- a\n", "2:1: found character that cannot start any token", id="a tab"),
        pytest.param(b"# caf\xc3\xa9\nexclude: caf\xe9/\n", "2:13: must be UTF-8", id="another encoding"),
        pytest.param("? [a, b]\n: c\n", "1:3: the key must be a word", id="a list as a key"),
        pytest.param('services: {"": a}\n', "1:12: the key must be a word", id="an empty name"),
        pytest.param(
            "exclude: ['a\\b']\n",
            "1:12: must be a pattern of paths below the root, with /, not 'a\\\\b'",
            id="a pattern as Windows writes paths",
        ),
        pytest.param(
            "exclude: [../a]\n",
            "1:11: must be a pattern of paths below the root, with /, not '../a'",
            id="a pattern that leads out",
        ),
        pytest.param(
            "places: {test: ./}\n",
            "1:16: must be a pattern of paths below the root, with /, not './'",
            id="a pattern that matches nothing",
        ),
        pytest.param(
            "services: {a: a/../../b}\n",
            "1:15: must be a folder of the repository, with /, not 'a/../../b'",
            id="a service outside of the repository",
        ),
        pytest.param(
            "services: {a: {path: 'a\\b'}}\n",
            "1:23: must be a folder of the repository, with /, not 'a\\\\b'",
            id="a service's folder as Windows writes paths",
        ),
        pytest.param(b"exclude: \0\n", " binary", id="a NUL byte"),
        pytest.param("[" * 100_000, " nested too deeply", id="deep nesting"),
        pytest.param(b"#" * 5_000_001, " too large: over 5 MB", id="a huge file"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_right(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert mistake(tmp_path, text) == f"{NAME}:{message}"


def test_what_a_layout_states(tmp_path: Path) -> None:
    text = """\
layout:
  presets: kustomize
  required:
    a/: because
    "{service}/b": {reason: it is, severity: medium, or: c, when: [d, "{name}.e"]}
    k8s/base/kustomization.yaml: ours
  not_required: [k8s/overlays/staging/kustomization.yaml]
"""
    stated = {requirement.path: requirement for requirement in configured(tmp_path, text).layout}
    assert [(each.path, each.reason, each.line, each.column) for each in stated.values() if not each.preset] == [
        ("k8s/base/kustomization.yaml", "ours", 6, 5),
        ("a/", "because", 4, 5),
        ("{service}/b", "it is", 5, 5),
    ]
    own = stated["{service}/b"]
    assert (own.severity, own.others, own.conditions) == ("medium", ("c",), ("d", "{name}.e"))
    assert {(each.preset, each.line) for each in stated.values() if each.preset} == {("kustomize", 2)}
    assert "k8s/overlays/production/kustomization.yaml" in stated
    assert "k8s/overlays/staging/kustomization.yaml" not in stated


def test_a_layout_has_an_end(tmp_path: Path) -> None:
    text = "layout:\n  required:\n" + "".join(f"    a{number}: b\n" for number in range(MOST_REQUIREMENTS + 1))
    assert mistake(tmp_path, text) == f"{NAME}:1:1: must require at most 500 paths, not 501"


@pytest.mark.parametrize("preset", presets())
def test_presets_are_valid(preset: str, tmp_path: Path) -> None:
    layout = configured(tmp_path, f"layout: {{presets: [{preset}]}}\n").layout
    stated = (Path(str(files("shipworthy.layouts"))) / f"{preset}.yaml").read_text("utf-8")
    jsonschema.validate({"layout": yaml.safe_load(stated)}, SCHEMA)
    assert [requirement.path for requirement in layout] == list(yaml.safe_load(stated)["required"])
    assert {requirement.preset for requirement in layout} == {preset}


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert mistake(tmp_path, "\n".join(lines)) == f"{NAME}: aliases stand for too much"


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(ConfigError, match="not a regular file"):
        load(str(tmp_path), None, RULES)


@pytest.mark.skipif(IS_ROOT, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / NAME).touch(mode=0)
    with pytest.raises(ConfigError, match="Permission denied"):
        load(str(tmp_path), None, RULES)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "secret").write_text("hunter2: a\n")
    (tmp_path / "repository" / NAME).symlink_to("../secret")
    with pytest.raises(ConfigError, match="a symbolic link out of the repository") as error:
        load(str(tmp_path / "repository"), None, RULES)
    assert "hunter2" not in str(error.value)


def test_a_link_inside_the_repository_is_followed(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("exclude: a\n")
    (tmp_path / NAME).symlink_to("settings.yaml")
    assert load(str(tmp_path), None, RULES).excludes("a")


def test_a_named_file_takes_the_place_of_the_default(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("exclude: default\n")
    (tmp_path / "other.yaml").write_text("exclude: other\n")
    config = load(str(tmp_path), str(tmp_path / "other.yaml"), RULES)
    assert config.excludes("other")
    assert not config.excludes("default")


@pytest.mark.parametrize("name", ["missing.yaml", "", "a\0b"])
def test_a_named_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        load(str(tmp_path), name, RULES)


@given(st.binary())
def test_any_bytes_are_a_configuration_or_a_mistake(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    directory = tmp_path_factory.getbasetemp()
    try:
        configured(directory, data)
    except ConfigError as error:
        assert str(error).startswith(NAME)


SCHEMA: dict[str, Any] = json.loads(files("shipworthy").joinpath("shipworthy.schema.json").read_text("utf-8"))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_same_keys() -> None:
    properties = SCHEMA["properties"]
    rule = properties["rules"]["additionalProperties"]["properties"]
    service = properties["services"]["additionalProperties"]["anyOf"][1]["properties"]
    assert sorted(properties) == sorted(KEYS)
    assert sorted(rule) == sorted(RULE_KEYS)
    assert rule["severity"]["enum"] == list(SEVERITIES)
    assert sorted(service) == sorted(SERVICE_KEYS)
    assert sorted(properties["temporary"]["properties"]) == sorted(TEMPORARY_KEYS)
    assert sorted(properties["places"]["properties"]) == sorted(PLACES)
    assert SCHEMA["$defs"]["target"]["enum"] == list(TARGETS)
    assert sorted(properties["layout"]["properties"]) == sorted(LAYOUT_KEYS)
    assert sorted(SCHEMA["$defs"]["requirement"]["anyOf"][1]["properties"]) == sorted(REQUIREMENT_KEYS)
    assert SCHEMA["$defs"]["preset"]["enum"] == list(presets())


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("", True),
        ("exclude:", True),
        ("exclude: a", True),
        ("exclude: [a, 1, true]", True),
        ("exclude: []", True),
        ("exclude: [/a/, ./b, ..c/d.., '**/e']", True),
        ("not_services: [.]", True),
        ("exclude: [/]", False),
        ("exclude: [./]", False),
        ("exclude: [a/..]", False),
        ("exclude: [../a]", False),
        ("exclude: ['a\\b']", False),
        ("exclude: ['\\a']", False),
        ("services: {a: ./b/, c: {path: /d}, e: ..f}", True),
        ("services: {a: ../b}", False),
        ("services: {a: {path: 'b\\c'}}", False),
        ("rules:", True),
        ("rules: {no-tmp-paths: {severity: info, exclude: a, options: {}}}", True),
        ("rules: {no-tmp-paths: }", True),
        ("services: {a: b, c: {path: d, image: external}, e: , f: {path: }}", True),
        ("deploys: compose", True),
        ("deploys: [none]", True),
        ("deploys: []", True),
        ("deploys: [compose, kubernetes]", True),
        ("deploys: [none, compose]", False),
        ("deploys:", True),
        ("places: {test: [a], ci: b}", True),
        ("not_services: a", True),
        ("temporary: {directories: [/scratch], permitted: /tmp/x, roles: [log]}", True),
        ("temporary:", True),
        ("layout:", True),
        ("layout: {presets: kustomize, required: , not_required: }", True),
        (
            "layout: {required: {a/b.c: d, '{service}/*/': {reason: e, severity: info, or: f, when: [g/, '{name}']}}}",
            True,
        ),
        ("layout: {required: {...: a, .../b: c, .d/..e: f}}", True),
        ("layout: {presets: [nonsense]}", False),
        ("layout: {required: [a]}", False),
        ("layout: {required: {a: }}", False),
        ("layout: {required: {a: ' '}}", False),
        ("layout: {required: {a: {or: b}}}", False),
        ("layout: {required: {a: {reason: b, or: {}}}}", False),
        ("layout: {required: {'{x}': b}}", False),
        ("layout: {required: {'{service': b}}", False),
        ("layout: {required: {/a: b}}", False),
        ("layout: {required: {a//b: c}}", False),
        ("layout: {required: {./a: b}}", False),
        ("layout: {required: {a/../: b}}", False),
        ("layout: {required: {..: b}}", False),
        ("layout: {required: {'a\\b': c}}", False),
        ("layout: {require: {}}", False),
        ("temporary: {directories: scratch}", False),
        ("temporary: {permitted: [/]}", False),
        ("temporary: {roles: [nonsense]}", False),
        ("temporary: {paths: /x}", False),
        ("exclude: {a: b}", False),
        ("exclude: [[a]]", False),
        ("exclude: ['']", False),
        ("exclude: ['!a']", False),
        ("excludes: a", False),
        ("rules: []", False),
        ("rules: {no-tmp-paths: high}", False),
        ("rules: {no-tmp-paths: {severity: fatal}}", False),
        ("rules: {no-tmp-paths: {options: []}}", False),
        ("rules: {No Tmp: {}}", False),
        ("services: [a]", False),
        ("services: {a: {port: 1}}", False),
        ("services: {a: {path: [b]}}", False),
        ("deploys: [heroku]", False),
        ("deploys: {compose: true}", False),
        ("places: {elsewhere: a}", False),
        ("places: [a]", False),
        ("[]", False),
        ("text", False),
    ],
)
def test_the_schema_and_the_reader_agree(tmp_path: Path, text: str, accepted: bool) -> None:
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(text))
    try:
        configured(tmp_path, text)
    except ConfigError:
        read = False
    else:
        read = True
    assert (valid, read) == (accepted, accepted)
