"""Components of Vue and Svelte: what is left of them are their scripts, in place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.formats.components import scripts_alone

COMPONENT = '<p>hi</p>\n<script setup lang="ts">\nrun();\n</script>\n<style>p {}</style>\n'


def test_the_script_stays_where_it_is() -> None:
    alone = scripts_alone(COMPONENT)
    assert alone.split() == ["run();"]
    assert alone.index("run") == COMPONENT.index("run")
    assert len(alone) == len(COMPONENT)


def test_a_script_without_an_end_is_none() -> None:
    assert scripts_alone("<script>\nrun();\n").strip() == ""


@given(st.text() | st.lists(st.sampled_from(["<script>", "</script>", "x", "\n", "<script", "é"])).map("".join))
def test_no_offset_changes(text: str) -> None:
    alone = scripts_alone(text)
    assert len(alone) == len(text)
    assert alone.count("\n") == text.count("\n")
