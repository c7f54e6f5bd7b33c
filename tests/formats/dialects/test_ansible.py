"""Ansible: tasks, their arguments and commands."""

from __future__ import annotations

import pytest

from reading import misplaced, said
from shipworthy.formats import read
from shipworthy.formats.tree import Block


def commands(text: str, path: str = "roles/a/tasks/main.yml") -> list[tuple[str, ...]]:
    root = read(path, text).root
    assert not misplaced(root, text)
    return [node.words for node in root.walk() if isinstance(node, Block) and node.kind == "command"]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param("- file: path=/x state=absent", {"path": "/x", "state": "absent"}, id="pairs"),
        pytest.param("- file: >\n    path=/x\n    state=absent", {"path": "/x", "state": "absent"}, id="folded pairs"),
        pytest.param("- file: path=\"/x y\" mode='0644'", {"path": "/x y", "mode": "0644"}, id="quotes"),
        pytest.param(
            "- file: path={{ a | b }}/x c=d", {"path": "{{ a | b }}/x", "c": "d"}, id="a template with spaces"
        ),
        pytest.param("- ansible.builtin.file: path=/x", {"path": "/x"}, id="a qualified module"),
        pytest.param("- action: file path=/x", {"path": "/x"}, id="an action"),
    ],
)
def test_arguments_on_one_line(task: str, expected: dict[str, str]) -> None:
    text = f"{task}\n  name: b\n"
    root = read("tasks/main.yml", text).root
    (mapping,) = (node for node in root.walk() if isinstance(node, Block) and node.name.endswith(("file", "action")))
    assert mapping.kind == "mapping"
    assert {setting.name: setting.value for setting in mapping.settings} == expected
    assert [text[setting.start : setting.end] for setting in mapping.settings] == list(expected.values())


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("main.yml", id="a lone word"),
        pytest.param("main.yml a=b", id="a word and a pair"),
        pytest.param("a = b", id="white space around the sign"),
    ],
)
def test_arguments_that_are_no_pairs_stay(value: str) -> None:
    assert ("value", "0.include_tasks", value) in said(read("tasks/main.yml", f"- include_tasks: {value}").root)


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param("- command: run --log /x", [("run", "--log", "/x")], id="a command"),
        pytest.param("- shell: |\n    run a\n    stop b", [("run", "a"), ("stop", "b")], id="a script"),
        pytest.param("- ansible.builtin.shell: run a", [("run", "a")], id="a qualified module"),
        pytest.param("- raw: run {{ a | b }}/c", [("run", "{{ a | b }}/c")], id="a template with spaces"),
        pytest.param("- command: chdir=/x run a creates=/y", [("run", "a")], id="parameters around the command"),
        pytest.param("- command:\n    cmd: run a\n    chdir: /x", [("run", "a")], id="a mapping with a command line"),
        pytest.param("- command:\n    argv: [run, a b]", [("run", "a b")], id="a mapping with words"),
        pytest.param("- local_action: command run a", [("run", "a")], id="a local action"),
        pytest.param("- cron: {name: a, job: run b}", [("run", "b")], id="a job of cron"),
    ],
)
def test_commands(task: str, expected: list[tuple[str, ...]]) -> None:
    assert commands(task) == expected


@pytest.mark.parametrize(
    "task",
    [
        pytest.param("- command: run a chdir=/x", id="on one line"),
        pytest.param("- command: {cmd: run a, chdir: /x}", id="as a mapping"),
    ],
)
def test_parameters_of_a_command_stand_in_its_directive(task: str) -> None:
    assert ("value", "0.command.chdir", "/x") in said(read("tasks/main.yml", task).root)


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param(
            "- copy:\n    dest: /etc/a.ini\n    content: |\n      [b]\n      pid = {{ c }}/d\n",
            ("value", "0.copy./etc/a.ini.b.pid", "{{ c }}/d"),
            id="the content of a copied file",
        ),
        pytest.param(
            "- lineinfile: {path: /etc/a.env, line: 'B=/c'}",
            ("variable", "0.lineinfile./etc/a.env.B", "/c"),
            id="a line",
        ),
        pytest.param(
            "- lineinfile: path=/etc/a.env line='B=/c'",
            ("variable", "0.lineinfile./etc/a.env.B", "/c"),
            id="a line among pairs",
        ),
        pytest.param(
            "- blockinfile:\n    path: /etc/a.env\n    block: |\n      B=/c\n      D=/e\n",
            ("variable", "0.blockinfile./etc/a.env.D", "/e"),
            id="a block",
        ),
        pytest.param(
            "- community.general.ini_file: {path: /etc/a.ini, section: b, option: pid, value: /c}",
            ("value", "0.community.general.ini_file./etc/a.ini.b.pid", "/c"),
            id="an option of an INI file",
        ),
    ],
)
def test_content_of_files(task: str, expected: tuple[str, str, str]) -> None:
    assert expected in said(read("tasks/main.yml", task).root)


def test_blocks_plays_and_handlers_nest() -> None:
    text = """\
- hosts: all
  environment: {A: /x}
  pre_tasks:
    - block:
        - command: one
      rescue:
        - command: two
      always:
        - block:
            - shell: three
              environment: {B: /y}
  handlers:
    - command: four
"""
    assert commands(text, "site.yml") == [("one",), ("two",), ("three",), ("four",)]
    assert [name for kind, name, _ in said(read("site.yml", text).root) if kind == "variable"] == [
        "0.environment.A",
        "0.pre_tasks.0.always.0.block.0.environment.B",
    ]


def test_containers_are_shaped_as_in_compose() -> None:
    task = "- docker_container: {name: a, image: b, env: {C: /c}, volumes: ['/d:/e'], command: run f}"
    settings = said(read("tasks/main.yml", task).root)
    assert ("variable", "0.docker_container.env.C", "/c") in settings
    assert ("value", "0.docker_container.volumes.0.source", "/d") in settings
    assert commands(task) == [("run", "f")]


def test_manifests_are_shaped_as_in_kubernetes() -> None:
    text = "- kubernetes.core.k8s:\n    definition: {kind: Pod, spec: {containers: [{name: a, command: [run, b]}]}}\n"
    assert commands(text) == [("run", "b")]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.yml", "- name: a\n  shell: run", True, id="a task with a known module"),
        pytest.param("a.yml", "- name: a\n- x.y.command: run", True, id="a qualified module"),
        pytest.param("a.yml", "- hosts: all\n  tasks: [{command: run}]", True, id="a play"),
        pytest.param("a.yml", "- name: a\n  image: b\n  command: run", False, id="a list of something else"),
        pytest.param("a.yml", "name: a\ncommand: run", False, id="no list"),
        pytest.param("a.yml", "- a\n- command: run", False, id="a list that starts with a scalar"),
    ],
)
def test_what_is_a_list_of_tasks(path: str, text: str, expected: bool) -> None:
    assert bool(commands(text, path)) is expected
