from __future__ import annotations

import pytest

from shipworthy.deployment.documents import wording


@pytest.mark.parametrize(
    "text",
    [
        "✅",
        "✅ Complete",
        "**Done**",
        "complete",
        "Completed (100%)",
        "100%",
        "100 %",
        "Fully implemented",
        "In place",
        "已完成",
        "完成",
        "完了",
        "완료",
        "klar",
        "färdigt",
        "fertig",
        "erledigt",
        "vorhanden",
        "terminé",
        "completado",
        "listo",
        "concluído",
        "готово",
        "выполнено",
    ],
)
def test_a_cell_says_that_something_is_done(text: str) -> None:
    assert wording.is_done_cell(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "95%",
        "❌",
        "Missing",
        "NOT FOUND",
        "Not complete",
        "Partial",
        "In progress",
        "Planned",
        "✅ planned for v2",
        "will be complete",
        "Complete guide to deployment",
        "fehlt",
        "未完成",
        "не готово",
        "inte klar",
        "x" * 500,
    ],
)
def test_a_cell_does_not_say_that_something_is_done(text: str) -> None:
    assert not wording.is_done_cell(text)


@pytest.mark.parametrize(
    "text", ["✅ Back end", "Back end ✅", "3. ✅ Tests", "Tests — done", "Completed: tests", "完成: 测试"]
)
def test_a_line_is_marked_done(text: str) -> None:
    assert wording.is_marked_done(text)


@pytest.mark.parametrize("text", ["Back end", "The complete guide", "Done by Friday, we hope", "Tests: open"])
def test_a_line_is_not_marked_done(text: str) -> None:
    assert not wording.is_marked_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "is missing",
        "does not exist",
        "doesn't exist",
        "was removed",
        "no longer",
        "fehlt",
        "saknas",
        "falta",
        "不存在",
        "отсутствует",
        "❌",
        "a → b",
    ],
)
def test_words_say_that_something_is_absent(text: str) -> None:
    assert wording.is_absent(text)


@pytest.mark.parametrize(
    "text", ["will be added", "planned", "TODO", "optional", "e.g. this", "wird erstellt", "kommer att", "计划", "🚧"]
)
def test_words_say_that_something_is_to_come_or_may_be(text: str) -> None:
    assert wording.is_intended(text)


def test_something_that_is_added_to_a_file_needs_the_file() -> None:
    assert wording.is_added_to("Add the key to the `")
    assert not wording.is_added_to("Add the file `")


@pytest.mark.parametrize(
    "text", ["**Status**: ✅ Complete", "- **Status**: done", "Status : klar", "状态：已完成", "> **Stand:** fertig"]
)
def test_a_line_gives_a_status(text: str) -> None:
    assert wording.statuses(text)
