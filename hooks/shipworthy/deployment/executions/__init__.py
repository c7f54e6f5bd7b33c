"""What is started by its path, and what keeps it from starting: ``project.model(Executions)``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.executions.compose_services import compose_executions
from shipworthy.deployment.executions.hosts import host_executions
from shipworthy.deployment.executions.images import image_executions
from shipworthy.deployment.executions.interpreters import FirstLine, first_line, is_absent
from shipworthy.deployment.executions.model import Execution, Unexecutable
from shipworthy.deployment.executions.permissions import Permissions
from shipworthy.deployment.final_stage import FinalStage
from shipworthy.repository import EXECUTABLE, REGULAR, Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

__all__ = [
    "CARRIAGE_RETURN",
    "FORBIDDEN",
    "INTERPRETER",
    "MARK",
    "MODE",
    "NO_INTERPRETER",
    "Execution",
    "Executions",
    "Obstacle",
    "Unexecutable",
]

_IN_MANIFESTS = "apiVersion:"
"""Stands in every file of Kubernetes."""
_OF_WINDOWS = (".bat", ".cmd", ".exe", ".ps1")
MODE = "mode"
"""No executable bit in the index."""
FORBIDDEN = "forbidden"
"""Something takes the executable bit on the way."""
CARRIAGE_RETURN = "carriage return"
"""The first line ends as on Windows."""
MARK = "byte order mark"
"""It stands before the first line."""
NO_INTERPRETER = "no interpreter"
"""The first line asks for none."""
INTERPRETER = "interpreter"
"""The first line asks for a program that the image does not have."""


class Obstacle(NamedTuple):
    """What keeps a script from starting: ``kind`` is one of `MODE` to `INTERPRETER`, ``program`` what it asks for.

    ``also`` are the other places that start it, worst first like ``execution`` itself.
    """

    kind: str
    path: str
    execution: Execution
    also: tuple[Execution, ...]
    program: str = ""
    image: str = ""


class Executions:
    """What is started in a repository: ``obstacles`` are what keeps it from starting, one for each script and kind."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.unexecutable: list[Unexecutable] = []
        self.all: list[Execution] = []
        for found in self._found():
            if isinstance(found, Unexecutable):
                self.unexecutable.append(found)
            elif not found.paths[0].lower().endswith(_OF_WINDOWS):
                self.all.append(found)
        self.obstacles = list(self._obstacles())

    def _found(self) -> Iterator[Execution | Unexecutable]:
        yield from image_executions(self.project)
        yield from compose_executions(self.project)
        yield from host_executions(self.project)
        if self.project.repository.containing(_IN_MANIFESTS):
            from shipworthy.deployment.executions.pods import pod_executions

            yield from pod_executions(self.project)
        if self._are_any_broken():
            from shipworthy.deployment.workflows.references import started_scripts

            for pipeline, command, path in started_scripts(self.project):
                yield Execution(pipeline.file, command.start, "a step starts", (path,), is_of_ci=True)

    def _are_any_broken(self) -> bool:
        """Whether the first line of any script ends as on Windows: all that is asked about what CI starts."""
        lines = (self._first_line(entry.path) for entry in self.project.repository.files() if _may_be_script(entry))
        return any(line is not None and line.has_return for line in lines)

    def _obstacles(self) -> Iterator[Obstacle]:
        """The obstacles of all scripts; of several places that start one, production's come first."""
        found: dict[tuple[str, str, str, str], list[Execution]] = {}
        for execution in sorted(self.all, key=lambda execution: execution.is_development):
            for kind, program, image in self._of(execution):
                found.setdefault((execution.paths[0], kind, program, image), []).append(execution)
        for (path, kind, program, image), executions in found.items():
            yield Obstacle(kind, path, executions[0], tuple(executions[1:]), program, image)

    def _of(self, execution: Execution) -> Iterator[tuple[str, str, str]]:
        if execution.given and not execution.is_executable:
            yield FORBIDDEN, execution.given, ""
        elif not execution.given and not execution.is_of_ci and self._lacks_bit(execution):
            yield MODE, "", ""
        line = self._first_line(execution.paths[0]) if not execution.is_rewritten else None
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
        entries = self.project.repository.entries
        return all(
            entries[path].mode == REGULAR
            and path not in self._of_ci
            and not self.project.model(Permissions).are_given(path)
            for path in execution.paths
        )

    @cached_property
    def _of_ci(self) -> frozenset[str]:
        """The scripts whose bits `ci-references` misses."""
        from shipworthy.deployment.workflows.references import EXECUTABLE, problems

        return frozenset(problem.path for problem in self.project.model(problems) if problem.kind == EXECUTABLE)

    def _first_line(self, path: str) -> FirstLine | None:
        if path not in self._lines:
            self._lines[path] = self._read(path)
        return self._lines[path]

    @cached_property
    def _lines(self) -> dict[str, FirstLine | None]:
        return {}

    def _read(self, path: str) -> FirstLine | None:
        repository = self.project.repository
        try:
            line = first_line(repository.read(path))
            if line is not None and line.has_return:  # perhaps only in this checkout
                line = first_line(repository.stored(path))
        except (KeyError, OSError):
            return None
        return line


def _may_be_script(entry: Entry) -> bool:
    name = entry.path.rpartition("/")[2]
    return name.endswith((".sh", ".bash")) or (entry.mode == EXECUTABLE and "." not in name)


def _name(image: object) -> str:
    """How people call an image that is pulled."""
    from shipworthy.deployment.image_references import ImageReference

    if not isinstance(image, ImageReference):
        return ""
    name = image.path.removeprefix("library/")
    return f"{name}:{image.tag}" if image.tag else name
