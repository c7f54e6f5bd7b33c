"""What Compose starts in containers: programs of images that are built here, and mounted files.

A bind mount hides what the image has at that place, with the mode that the image gave it.

Source: https://docs.docker.com/reference/compose-file/services/
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from posixpath import join, normpath

from shipworthy.deployment.base_images import interprets, is_well_known
from shipworthy.deployment.compose import DEVELOPMENT, TEST, Mount, Service, Value, compose
from shipworthy.deployment.compose.images import built, dockerfile, pulled
from shipworthy.deployment.executions.image_files import Found
from shipworthy.deployment.executions.images import Image, Images, exec_words, started
from shipworthy.deployment.executions.model import Execution
from shipworthy.deployment.final_stage import FinalStage
from shipworthy.deployment.image_references import ImageReference
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.model import PLACES
from shipworthy.formats.tree import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TRUE = frozenset({"true", "yes", "on"})


def compose_executions(project: Project) -> Iterator[Execution]:
    """What the services of Compose files start that their images do not start by themselves, or not as it is."""
    for compose_set in project.model(compose).sets:
        if compose_set.role == TEST or compose_set.file.file.place not in PLACES:
            continue
        for service in compose_set.services.values():
            is_development = compose_set.role == DEVELOPMENT or not service.is_active
            for execution in _Container(project, service).executions():
                yield execution._replace(is_development=is_development)


class _Container:
    """One service's container: its image, what is mounted into it, and what it starts."""

    def __init__(self, project: Project, service: Service) -> None:
        self.project = project
        self.service = service
        file = dockerfile(project, service)
        image = project.model(Images).of(file) if file is not None else None
        self.image: Image | None = image if image is not None and image.files.stages else None
        self.stage: FinalStage | None = built(project, service) if self.image is not None else None
        self.reference: ImageReference | None = pulled(service)

    def executions(self) -> Iterator[Execution]:
        """The program of the container, and that of its health check."""
        entrypoint, command = self.service.get("entrypoint"), self.service.get("command")
        own = self.service.scalar("init").lower() in _TRUE
        if entrypoint is not None and entrypoint.items():
            words = [*_words(entrypoint), *(_words(command) if command is not None else ())]
            yield from self._program(words, entrypoint, "the entrypoint", has_shell=own)
        elif command is not None and command.items():
            yield from self._command(command, has_shell=own)
        elif self.image is not None and self.stage is not None:
            yield from self._mounted_over(self.image, self.stage, has_shell=own)
        test = self.service.get("healthcheck", "test")
        words = _words(test) if test is not None else []
        if test is not None and len(words) > 1 and words[0] == "CMD":
            yield from self._program(words[1:], test, "the health check", has_shell=False)

    def _command(self, command: Value, *, has_shell: bool) -> Iterator[Execution]:
        """The program of ``command``, where it is not what an entry point of the image is given."""
        words = _words(command)
        if self.image is not None and self.stage is not None:
            entry = self.stage.last("ENTRYPOINT")
            first = started(exec_words(entry)) if entry is not None else None
            if entry is None:
                if not self.image.interprets(self.stage, "".join(words[:1])):
                    yield from self._program(words, command, "the command", has_shell=has_shell)
            elif first is not None and self.image.hands_on(self.image.found(self.stage, first.program)):
                yield from self._program(words, command, "the command", has_shell=True)
        elif self.reference is not None and is_well_known(self.reference):
            if interprets(self.reference, "".join(words[:1])):
                return
            yield from self._program(words, command, "the command", has_shell=has_shell)

    def _program(self, words: Sequence[str], value: Value, what: str, *, has_shell: bool) -> Iterator[Execution]:
        first = started([self.service.known(word) or "" for word in words])
        if first is None:
            return
        is_mounted, found = self._found(first.program)
        if found is not None:
            node = value.node
            start = node.start if isinstance(node, Setting) else next((item.node.start for item in value.items()), 0)
            reader = f"{what} of service {self.service.name} starts"
            yield self._execution(value, start, reader, found, is_mounted, has_shell=has_shell or first.has_shell)

    def _mounted_over(self, image: Image, stage: FinalStage, *, has_shell: bool) -> Iterator[Execution]:
        """The image's own program, where a mount puts a file of the host in its place."""
        _, words = image.words(stage)
        first = started(words)
        mount = self._mount(self._path(first.program)) if first is not None and "/" in first.program else None
        found = self._on_host(mount, self._path(first.program)) if mount is not None and first is not None else None
        if first is not None and mount is not None and found is not None:
            reader = f"service {self.service.name} mounts {mount.source} over what its image starts,"
            start = mount.value.node.start
            yield self._execution(mount.value, start, reader, found, True, has_shell=has_shell or first.has_shell)

    def _execution(
        self, value: Value, start: int, reader: str, found: Found, is_mounted: bool, *, has_shell: bool
    ) -> Execution:
        given = ("", False, False) if is_mounted else (found.given, found.is_executable, found.is_rewritten)
        image = self.stage if self.stage is not None else self.reference
        return Execution(value.file, start, reader, found.paths, False, has_shell, *given, image)

    def _found(self, program: str) -> tuple[bool, Found | None]:
        """Whether a mount covers the program's place, and the committed file that it is."""
        path = self._path(program)
        mount = self._mount(path) if "/" in program else None
        if mount is not None:
            return True, self._on_host(mount, path)
        if self.image is None or self.stage is None:
            return False, None
        directory = self.service.scalar("working_dir")
        return False, self.image.found(self.stage, program, directory if directory.startswith("/") else "")

    def _path(self, program: str) -> str:
        """The place of a program in the container."""
        directory = self.service.scalar("working_dir")
        if not directory.startswith("/") and self.image is not None and self.stage is not None:
            directory = join(self.image.files.directory(self.stage.stages[0]), directory)
        return normpath(join(directory or "/", program))

    def _mount(self, path: str) -> Mount | None:
        """The mount that a path of the container is on."""
        over = [
            mount
            for mount in self.service.mounts
            if path == mount.target.rstrip("/") or path.startswith(mount.target.rstrip("/") + "/")
        ]
        return max(over, key=lambda mount: len(mount.target), default=None)

    def _on_host(self, mount: Mount, path: str) -> Found | None:
        """The committed file that a bind mount puts at a path."""
        source = self.service.known(mount.source)
        if mount.type != "bind" or source is None:
            return None
        rest = path.removeprefix(mount.target.rstrip("/")).lstrip("/")
        inside = in_repository(mount.value.directory, join(source, rest) if rest else source)
        resolved = self.project.repository.resolve(inside) if inside else ""
        return Found((resolved,)) if resolved in self.project.repository else None


def _words(value: Value) -> list[str]:
    """The words of a command: those of a list, or those into which Compose splits a line."""
    if not isinstance(value.node, Setting):
        return [item.text for item in value.items()]
    try:
        return shlex.split(value.text)
    except ValueError:
        return []
