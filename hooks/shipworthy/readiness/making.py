"""Makes parts of the report; those of a large repository where what they are made from is not kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

Made = TypeVar("Made")


def made(project: Project, makers: Sequence[Callable[[], Made]]) -> list[Made]:
    """What the makers make: of a large repository in copies of this process, whose models end with them."""
    if not project.is_large:
        return [make() for make in makers]
    from shipworthy.beside import in_turn
    from shipworthy.memory import FULL
    from shipworthy.options import processors

    works = [partial(_made_with_notes, project, make) for make in makers]
    processes = min(processors(), len(works))
    groups = [works[first::processes] for first in range(processes)]
    found = in_turn(groups, processes, full=FULL, begin=project.repository.leave_to_original)
    for made_together in found:
        for _, too_large in made_together:
            project.too_large.update(too_large)
    return [found[number % processes][number // processes][0] for number in range(len(works))]


def _made_with_notes(project: Project, make: Callable[[], Made]) -> tuple[Made, dict[str, str]]:
    """What is made, and which files were too large for that."""
    return make(), project.too_large
