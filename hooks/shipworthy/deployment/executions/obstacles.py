"""What keeps scripts from starting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import basename

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.executions.interpreters import is_absent
from shipworthy.deployment.executions.model import (
    CARRIAGE_RETURN,
    FORBIDDEN,
    INTERPRETER,
    MARK,
    MODE,
    NO_INTERPRETER,
    Execution,
    Obstacle,
)
from shipworthy.deployment.executions.permissions import Permissions
from shipworthy.deployment.executions.suspects import Suspects
from shipworthy.deployment.final_stage import FinalStage
from shipworthy.index import REGULAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project


class Obstacles:
    """What keeps the scripts of a repository from starting."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._suspects = project.model(Suspects)

    def of(self, all: Iterable[Execution]) -> Iterator[Obstacle]:
        """The obstacles of all scripts; of several places that start one, production's come first."""
        found: dict[tuple[str, str, str, str], list[Execution]] = {}
        for execution in sorted(all, key=lambda execution: execution.is_development):
            for kind, program, image in self._of(execution):
                found.setdefault((execution.paths[0], kind, program, image), []).append(execution)
        for (path, kind, program, image), executions in found.items():
            yield Obstacle(kind, path, executions[0], tuple(executions[1:]), program, image)

    def _of(self, execution: Execution) -> Iterator[tuple[str, str, str]]:
        if execution.given and not execution.is_executable:
            yield FORBIDDEN, execution.given, ""
        elif not execution.given and not execution.is_of_ci and self._lacks_bit(execution):
            yield MODE, "", ""
        line = self._suspects.first_line(execution.paths[0]) if not execution.is_rewritten else None
        if line is None:
            return
        if line.has_return:
            yield CARRIAGE_RETURN, line.program, ""
        elif line.has_mark and not execution.has_shell:
            yield MARK, "", ""
        elif not line.program and not execution.has_shell:
            yield NO_INTERPRETER, "", ""
        elif line.program and is_absent(execution.image, line.program):
            image = execution.image
            yield INTERPRETER, line.program, (image.written or "") if isinstance(image, FinalStage) else _name(image)

    def _lacks_bit(self, execution: Execution) -> bool:
        return all(
            self.project.repository.mode(path) == REGULAR
            and not self._is_started_by_ci(path)
            and not self.project.model(Permissions).are_given(path)
            for path in execution.paths
        )

    def _is_started_by_ci(self, path: str) -> bool:
        """Whether `ci-references` misses the bit; pipelines are parsed only where one names the script."""
        return basename(path) in self._told_to_ci and path in self._of_ci

    @cached_property
    def _told_to_ci(self) -> str:
        """All that CI reads."""
        from shipworthy.deployment.workflows.discovery import read_by_ci

        actions = (path for path in self.project.repository.paths if path.endswith(("/action.yml", "/action.yaml")))
        return "\n".join(text_of(self.project, path) for path in (*self.project.model(read_by_ci), *actions))

    @cached_property
    def _of_ci(self) -> frozenset[str]:
        from shipworthy.deployment.workflows.references import EXECUTABLE, problems

        return frozenset(problem.path for problem in self.project.model(problems) if problem.kind == EXECUTABLE)


def _name(image: object) -> str:
    """How people call an image that is pulled."""
    from shipworthy.deployment.image_references import ImageReference

    if not isinstance(image, ImageReference):
        return ""
    name = image.path.removeprefix("library/")
    return f"{name}:{image.tag}" if image.tag else name
