"""What is started by its path, and what keeps it from starting: ``project.model(Executions)``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shipworthy.deployment.executions.starters import Starters
from shipworthy.deployment.executions.suspects import Suspects
from shipworthy.index import EXECUTABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.executions.model import Execution, Obstacle, Unexecutable
    from shipworthy.project import Project

_OF_WINDOWS = (".bat", ".cmd", ".exe", ".ps1")


class Executions:
    """What is started in a repository: ``obstacles`` are what keeps it from starting, one for each script and kind.

    ``all`` holds what starts scripts that may not start, and perhaps others: see `Suspects`.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.unexecutable: list[Unexecutable] = []
        self.all: list[Execution] = []
        self._suspects = project.model(Suspects)
        for executions in self._found():
            self.all += (found for found in executions if not found.paths[0].lower().endswith(_OF_WINDOWS))
        self.obstacles: list[Obstacle] = []
        if self.all:
            from shipworthy.deployment.executions.obstacles import Obstacles

            self.obstacles = list(Obstacles(project).of(self.all))

    @property
    def are_none(self) -> bool:
        """Whether nothing is known to start a committed file."""
        return not self.all and not self.unexecutable and not self.project.model(Starters).start_sound

    def _found(self) -> Iterator[Iterable[Execution]]:
        """What is started, by what starts it. The readers of each are loaded when there is something to read."""
        starters = self.project.model(Starters)
        if starters.dockerfiles:
            from shipworthy.deployment.executions.images import image_executions

            yield image_executions(self.project, starters.dockerfiles)
        if starters.has_compose:
            from shipworthy.deployment.executions.compose_services import compose_executions

            yield compose_executions(self.project)
        if starters.are_any_on_hosts:
            from shipworthy.deployment.executions.hosts import host_executions

            yield host_executions(self.project, starters)
        if starters.has_pods:
            yield self._of_pods()
        if self._are_any_broken():
            yield self._of_steps()

    def _of_pods(self) -> Iterator[Execution]:
        from shipworthy.deployment.executions.model import Execution
        from shipworthy.deployment.executions.pods import pod_executions

        for found in pod_executions(self.project):
            if isinstance(found, Execution):
                yield found
            else:
                self.unexecutable.append(found)

    def _of_steps(self) -> Iterator[Execution]:
        from shipworthy.deployment.executions.model import Execution
        from shipworthy.deployment.workflows.references import started_scripts

        for pipeline, command, path in started_scripts(self.project):
            yield Execution(pipeline.file, command.start, "a step starts", (path,), is_of_ci=True)

    def _are_any_broken(self) -> bool:
        """Whether the first line of any script ends as on Windows: all that is asked about what CI starts."""
        scripts = filter(self._may_be_script, self.project.repository.files)
        return any((line := self._suspects.first_line(path)) is not None and line.has_return for path in scripts)

    def _may_be_script(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        is_executable = self.project.repository.mode(path) == EXECUTABLE
        return name.endswith((".sh", ".bash")) or (is_executable and "." not in name)
