from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading import said
from shipworthy.formats import read, templates, yaml
from shipworthy.formats.source import Source

M = templates.MASK


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: {{ b }}c", f"a: {M * 7}c", id="a value"),
        pytest.param("a: {% b %}c", f"a: {M * 7}c", id="a statement in a line"),
        pytest.param("a: <%= b %>c", f"a: {M * 8}c", id="ERB"),
        pytest.param("{# note #}x", f"{M * 10}x", id="a comment"),
        pytest.param("a:\n  {{- if b }}\n  c: d\n", "a:\n             \n  c: d\n", id="a line of marks becomes blank"),
        pytest.param("{{ a\n b }}: c", f"    \n{M * 5}: c", id="a mark over two lines"),
        pytest.param("{{ a {{ b }} c", f"{M * 12} c", id="the first closing mark closes"),
        pytest.param("{{ a }} {{ b", f"{M * 7} {{{{ b", id="an unclosed mark stays"),
        pytest.param("{% a {{ b }}", f"{{% a {M * 7}", id="an unclosed mark does not hide a closed one"),
    ],
)
def test_marks_are_hidden_and_nothing_moves(text: str, expected: str) -> None:
    assert templates.masked(text) == expected
    assert len(text) == len(expected)


@pytest.mark.parametrize("text", ["", "a: b", "a: {b: c}", "{{ a", "${x} $(y) %z%", "}} {{"])
def test_what_has_no_marks(text: str) -> None:
    assert templates.masked(text) is None


@given(st.text(alphabet=st.sampled_from("{}%#<>-= \nab")))
def test_masks_keep_length_and_lines(text: str) -> None:
    masked = templates.masked(text)
    if masked is not None:
        assert len(masked) == len(text)
        assert [len(line) for line in masked.split("\n")] == [len(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{{" * 500_000, id="many opening marks"),
        pytest.param("{{ }}" * 200_000, id="many marks"),
        pytest.param("{%" * 300_000 + "}}" * 300_000, id="marks that do not fit"),
        pytest.param("<%" + "\n" * 1_000_000 + "%>", id="a mark over many lines"),
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    templates.masked(text)


def restored(text: str) -> list[tuple[str, str]]:
    masked = templates.masked(text)
    assert masked is not None
    root = yaml.read(Source(masked))
    templates.restore(root, text)
    return [(name, value) for _, name, value in said(root)]


def test_values_and_names_come_back() -> None:
    text = 'a: {{ .Values.x }}/tmp\nb: "{{ y }}"\n{{ z }}-c: d\ne: plain\n'
    assert restored(text) == [("a", "{{ .Values.x }}/tmp"), ("b", "{{ y }}"), ("{{…}}-c", "d"), ("e", "plain")]


def test_a_value_whose_length_has_changed_shows_where_marks_were() -> None:
    assert restored('a: "x\\t{{ y }}"\n') == [("a", "x\t" + "?" * 7)]


def test_a_helm_template_is_read_with_its_positions() -> None:
    text = "spec:\n  {{- with .Values.dir }}\n  path: {{ . }}/data\n  {{- end }}\n  name: {{ .Release.Name }}\n"
    document = read("chart/templates/a.yaml", text)
    assert document.degraded
    assert [(name, value) for _, name, value in said(document.root)] == [
        ("spec.path", "{{ . }}/data"),
        ("spec.name", "{{ .Release.Name }}"),
    ]
    for setting in document.root.all_settings():
        assert text[setting.start : setting.end] == setting.value
