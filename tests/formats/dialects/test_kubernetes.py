"""Kubernetes manifests: commands, environments, mounts, entries."""

from __future__ import annotations

import pytest

from reading import misplaced, said
from shipworthy.formats import read
from shipworthy.formats.tree import Block, Setting

DEPLOYMENT = """\
apiVersion: apps/v1
kind: StatefulSet
spec:
  template:
    spec:
      containers:
        - name: api
          image: registry.example/team/api:1
{container}
      volumes:
        - {{name: host, hostPath: {{path: /host/x}}}}
        - {{name: scratch, emptyDir: {{}}}}
        - {{name: memory, emptyDir: {{medium: Memory}}}}
        - {{name: settings, configMap: {{name: api-settings}}}}
        - {{name: claim, persistentVolumeClaim: {{claimName: api-data}}}}
        - {{name: other}}
  volumeClaimTemplates:
    - metadata: {{name: data}}
"""


def container(text: str) -> Block:
    """The container of a workload, given its lines."""
    lines = "\n".join(f"          {line}" for line in text.splitlines())
    whole = DEPLOYMENT.format(container=lines)
    root = read("api.yaml", whole).root
    assert not misplaced(root, whole)
    for node in root.walk():
        if isinstance(node, Block) and node.kind == "mapping" and node.value("name") == "api":
            return node
    raise AssertionError("no container")


def commands(block: Block) -> list[tuple[str, ...]]:
    return [node.words for node in block.walk() if isinstance(node, Block) and node.kind == "command"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        pytest.param("command: [run, --log, /x]", "command", [("run", "--log", "/x")], id="a command"),
        pytest.param(
            "command: [run]\nargs: [--log, /x]", "command", [("run", "--log", "/x")], id="a command and its arguments"
        ),
        pytest.param(
            "args: [--log, /x]\ncommand: [run]",
            "command",
            [("run", "--log", "/x")],
            id="arguments in front of the command",
        ),
        pytest.param(
            "command: [sh, -c]\nargs:\n- |\n  echo a\n  run b",
            "command",
            [("sh", "-c", "echo a\nrun b\n"), ("echo", "a"), ("run", "b")],
            id="a script as the argument of a shell",
        ),
        pytest.param("args: [--log=/x]", "args", [("api", "--log=/x")], id="arguments of the image's program"),
        pytest.param("args: [serve]", "args", [("serve",)], id="arguments that may be a command"),
    ],
)
def test_command_and_arguments_are_one_command(text: str, name: str, expected: list[tuple[str, ...]]) -> None:
    found = container(text)
    (directive,) = found.blocks
    assert (directive.kind, directive.name) == ("directive", name)
    assert commands(found) == expected


def test_commands_of_probes_and_hooks_are_read() -> None:
    text = "livenessProbe:\n  exec: {command: [cat, /x]}\nlifecycle:\n  preStop:\n    exec: {command: [sh, -c, stop a]}"
    assert commands(container(text)) == [("cat", "/x"), ("sh", "-c", "stop a"), ("stop", "a")]


def test_the_environment_holds_variables_beside_what_else_the_entries_say() -> None:
    text = "env:\n- name: LOG_DIR\n  value: /x\n- name: KEY\n  valueFrom: {secretKeyRef: {name: a, key: b}}"
    environment = container(text).block("env")
    assert environment is not None
    assert [(kind, name.rpartition("env.")[2], value) for kind, name, value in said(environment)] == [
        ("value", "0.name", "LOG_DIR"),
        ("variable", "0.LOG_DIR", "/x"),
        ("value", "1.name", "KEY"),
        ("value", "1.valueFrom.secretKeyRef.name", "a"),
        ("value", "1.valueFrom.secretKeyRef.key", "b"),
    ]


@pytest.mark.parametrize(
    ("volume", "type_", "source"),
    [
        pytest.param("host", "hostPath", "/host/x", id="a path of the host"),
        pytest.param("scratch", "emptyDir", "", id="an empty directory"),
        pytest.param("memory", "emptyDir-memory", "", id="an empty directory in memory"),
        pytest.param("settings", "configMap", "api-settings", id="a ConfigMap"),
        pytest.param("claim", "persistentVolumeClaim", "api-data", id="a claim"),
        pytest.param("data", "persistentVolumeClaim", "", id="a claim of a StatefulSet"),
        pytest.param("other", "unknown", "", id="a volume that says nothing"),
        pytest.param("absent", "unknown", "", id="a volume of another document"),
    ],
)
def test_mounts_say_what_their_volume_is(volume: str, type_: str, source: str) -> None:
    found = container(f"volumeMounts:\n- name: {volume}\n  mountPath: /target\n  readOnly: true").block("volumeMounts")
    assert found is not None
    (mount,) = found.blocks
    assert mount.kind == "mount"
    assert (mount.value("type"), mount.value("source"), mount.value("target")) == (type_, source, "/target")
    assert (mount.value("mountPath"), mount.value("mode")) == ("/target", "ro")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param("LOG_DIR: /x", ("variable", "data.LOG_DIR", "/x"), id="a variable"),
        pytest.param("log.dir: /x", ("value", "data.log.dir", "/x"), id="a value"),
        pytest.param("api.ini: |\n    [a]\n    pid = /x", ("value", "data.api.ini.a.pid", "/x"), id="a document"),
        pytest.param('api.json: \'{"a": "/x"}\'', ("value", "data.api.json.a", "/x"), id="a document on one line"),
        pytest.param(
            "settings: |\n    [a]\n    pid = /x", ("value", "data.settings.a.pid", "/x"), id="told by content"
        ),
        pytest.param(
            'api.properties: "a=b\\nc=/x"', ("value", "data.api.properties.c", "/x"), id="a document with escapes"
        ),
    ],
)
def test_entries_of_a_config_map(entry: str, expected: tuple[str, str, str]) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  {entry}\n"
    root = read("settings.yaml", text).root
    assert expected in said(root)
    setting = next(setting for setting in root.all_settings() if setting.value == "/x")
    assert text[setting.start : setting.end] == "/x"


def test_entries_of_a_secret_are_read_where_they_are_readable() -> None:
    text = "apiVersion: v1\nkind: Secret\nstringData: {TOKEN: a}\ndata: {TOKEN: YQ==}\n"
    kinds = [setting.kind for setting in read("a.yaml", text).root.all_settings() if setting.name == "TOKEN"]
    assert kinds == ["variable", "value"]


def test_documents_inside_documents_are_read() -> None:
    text = """\
apiVersion: v1
kind: ConfigMap
data:
  job.yaml: |
    apiVersion: v1
    kind: Pod
    spec:
      containers:
        - name: a
          image: b
          command:
            - sh
            - -c
            - |
              run --pid-file /x
"""
    root = read("a.yaml", text).root
    found = [setting for setting in root.all_settings() if setting.value == "/x"]
    assert [setting.name for setting in found] == ["pid-file", ""]
    assert {text[setting.start : setting.end] for setting in found} == {"/x"}


def test_lists_several_documents_and_custom_resources_count() -> None:
    text = """\
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Pod, spec: {containers: [{name: a, command: [one]}]}}
---
{apiVersion: example.com/v1, kind: Custom, spec: {containers: [{name: b, command: [two]}]}}
---
no: manifest
command: [three]
"""
    assert commands(read("a.yaml", text).root) == [("one",), ("two",)]


def test_templates_keep_what_they_say() -> None:
    text = """\
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: {{ .Chart.Name }}
      {{- if .Values.x }}
      args: ["--pid={{ .Values.dir }}/x"]
      {{- end }}
      volumeMounts:
        - {name: data, mountPath: /data}
  volumes:
    - name: data
      configMap: {name: {{ .Release.Name }}-x}
"""
    settings = {setting.name: setting.value for setting in read("a.yaml", text).root.all_settings()}
    assert settings["pid"] == "{{ .Values.dir }}/x"
    assert settings["source"] == "{{…}}-x"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("#!/usr/bin/env bash\nrun a", [("run", "a")], id="a shell script"),
        pytest.param("run a", [("run", "a")], id="no interpreter given"),
        pytest.param("#!/usr/bin/python3\nrun(a)", [], id="another language"),
    ],
)
def test_scripts_of_workflow_steps(script: str, expected: list[tuple[str, ...]]) -> None:
    lines = "".join(f"        {line}\n" for line in script.splitlines())
    text = f"apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - image: x\n      script: |\n{lines}"
    assert commands(read("task.yaml", text).root) == expected


def test_a_scalar_where_a_list_belongs_is_left_alone() -> None:
    text = "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: x, command: a, args: b, env: c, volumeMounts: d}]}\n"
    settings = [node for node in read("a.yaml", text).root.walk() if isinstance(node, Setting)]
    assert {setting.name: setting.value for setting in settings}["command"] == "a"
