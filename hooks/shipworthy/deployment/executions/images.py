"""What images run: ``ENTRYPOINT``, ``CMD`` and ``HEALTHCHECK``, and the commands that build them.

Source: https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from posixpath import join, normpath
from typing import NamedTuple

from shipworthy.deployment.base_images import interprets
from shipworthy.deployment.containerfiles import builds
from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.executions.image_files import Found, ImageFiles
from shipworthy.deployment.executions.model import Execution
from shipworthy.deployment.final_stage import FinalStage, built_stage, commands_of, final_stage, stage_called
from shipworthy.deployment.references.dockerfile import readable_dockerfile
from shipworthy.deployment.references.model import is_for_development
from shipworthy.deployment.references.programs import commands, program_of
from shipworthy.deployment.references.walking import is_conditional
from shipworthy.file import File
from shipworthy.formats import shell
from shipworthy.formats.source import Source
from shipworthy.formats.tree import OPTION, Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_HANDS_ON = lazy(r"""\bexec\s+(?:[\w./-]+\s+)*["']?\$[@*]""")
"""In a script: it runs what it is given."""
_MOST_COMMANDS = 500
"""Of a Dockerfile; the programs of a longer one are not looked at."""


class Started(NamedTuple):
    """A program as a container starts it: its word, and what hands it to the kernel.

    ``number`` is the place of the word among all words. ``has_shell`` is true behind ``tini``, ``gosu`` and their like
    as well: they try a shell.
    """

    program: str
    number: int
    has_shell: bool


def started(words: Sequence[str]) -> Started | None:
    """The program that a list of words runs; None where there is none."""
    given = [word for word in words if word]
    try:
        command = shell.command([Source(word) for word in given]) if given else None
    except Unreadable:
        return None
    if command is None or not command.name:
        return None
    program = program_of(command)
    number = next((at for at, word in enumerate(given) if word == program), 0)
    return Started(program, number, number > 0)


class Image:
    """What one Dockerfile makes of its files.

    ``stage`` is what production runs, None where that is not known.
    """

    def __init__(self, project: Project, file: File) -> None:
        self.project = project
        self.file = file
        self.files = ImageFiles(project, file)

    @cached_property
    def stage(self) -> FinalStage | None:
        """What production runs of it."""
        return final_stage(self.file) if self.files.stages else None

    def words(self, stage: FinalStage) -> tuple[tuple[Block, ...], tuple[str, ...]]:
        """The instructions that start the container, ``ENTRYPOINT`` first, and the words of their exec forms."""
        entry, command = stage.last("ENTRYPOINT"), stage.last("CMD")
        instructions = tuple(given for given in (entry, command) if given is not None)
        words = tuple(word for given in instructions for word in exec_words(given))
        return instructions, words

    def found(self, stage: FinalStage, program: str, directory: str = "") -> Found | None:
        """The committed file that a program of the running container is."""
        own = stage.stages[0]
        return self.files.program(own, program, directory or self.files.directory(own))

    def interprets(self, stage: FinalStage, program: str) -> bool:
        """Whether the base image's entry point runs the file that a command names itself."""
        reference = stage.reference
        return stage.last("ENTRYPOINT") is None and reference is not None and interprets(reference, program)

    def hands_on(self, found: Found | None) -> bool:
        """Whether an entry point is a committed script that runs what it is given."""
        return found is not None and _HANDS_ON.search(text_of(self.project, found.paths[0])) is not None


class Images:
    """The images of all Dockerfiles: ``project.model(Images)``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._images: dict[str, Image] = {}

    def of(self, file: File) -> Image:
        """What a Dockerfile makes of its files."""
        if file.path not in self._images:
            self._images[file.path] = Image(self.project, file)
        return self._images[file.path]


def exec_words(instruction: Block) -> tuple[str, ...]:
    """The words of an exec form; none for a shell form."""
    first = next(iter(instruction.blocks), None)
    return first.words if first is not None and first.kind == "command" else ()


def image_executions(project: Project, paths: Sequence[str]) -> Iterator[Execution]:
    """What Dockerfiles start, while they build and afterwards."""
    targets: dict[str, set[str]] = {}
    for build in project.model(builds):
        if build.dockerfile and build.target and build.production:
            targets.setdefault(build.dockerfile, set()).add(build.target)
    for path in paths:
        file = readable_dockerfile(project, path)
        if file is not None:
            yield from _of_image(project.model(Images).of(file), targets.get(path, set()))


def _of_image(image: Image, targets: set[str]) -> Iterator[Execution]:
    file = image.file
    if not image.files.stages:
        return
    run = [image.stage, *(built_stage(file, target) for target in sorted(targets))]
    production = _needed(image, [stage.stages[0] for stage in run if stage is not None])
    number = 0
    for stage in image.files.stages:
        is_development = is_for_development(file) or id(stage) not in production
        for instruction in stage.blocks:
            if instruction.name == "RUN":
                for execution in _of_run(image, stage, instruction):
                    number += 1
                    yield execution._replace(is_development=is_development)
            if number > _MOST_COMMANDS:
                return
    for running in run:
        if running is not None:
            for execution in _of_container(image, running):
                yield execution._replace(is_development=is_for_development(file))


def _needed(image: Image, wanted: list[Block]) -> set[int]:
    """The stages that others are made of, as the numbers of their objects."""
    stages, found = image.files.stages, set[int]()
    while wanted:
        stage = wanted.pop()
        if id(stage) in found:
            continue
        found.add(id(stage))
        above = stages[: stages.index(stage)]
        names = [stage.words[0] if stage.words else ""]
        names += [setting.value for node in stage.blocks for setting in node.settings if _is_origin(setting.name)]
        for name in names:
            other = stage_called(above, name.rpartition("from=")[2].partition(",")[0]) if name else None
            if other is not None:
                wanted.append(other)
    return found


def _is_origin(name: str) -> bool:
    return name in ("from", "mount")


def _of_run(image: Image, stage: Block, instruction: Block) -> Iterator[Execution]:
    """The programs that a ``RUN`` starts by their paths."""
    mounts = [setting.value for setting in instruction.settings if setting.kind == OPTION and setting.name == "mount"]
    targets = [mount.rpartition("target=")[2].partition(",")[0] for mount in mounts if "target=" in mount]
    for command, directory in _located(image, stage, instruction, image.files.directory(stage, instruction)):
        program = program_of(command)
        if "/" not in program or any(target in program for target in targets):
            continue
        found = image.files.program(stage, program, directory, instruction)
        if found is not None and not _is_made_executable(instruction, command, found):
            has_shell = not exec_words(instruction)
            yield _execution(image, found, command.start, "RUN starts", None, has_shell=has_shell)


def _located(image: Image, stage: Block, instruction: Block, directory: str) -> Iterator[tuple[Block, str]]:
    """The commands of an instruction that surely run, each with the folder it runs in where that is known."""
    is_script = not exec_words(instruction)
    current: str | None = directory
    for command in commands(instruction):
        if command.name in ("cd", "pushd", "popd"):
            target = image.files.known(stage, command.words[-1]) if len(command.words) > 1 else None
            current = normpath(join(current, target)) if current and target else None
        elif current is not None and not (is_script and is_conditional(image.file, command.start)):
            yield command, current


def _is_made_executable(instruction: Block, command: Block, found: Found) -> bool:
    """Whether the same instruction gives the bit before it starts the program."""
    from shipworthy.deployment.executions.permissions import may_make_executable

    earlier = (other for other in commands_of(instruction) if other.start < command.start)
    return any(may_make_executable(other.words, found.paths[0]) for other in earlier)


def _of_container(image: Image, stage: FinalStage) -> Iterator[Execution]:
    """What the container starts with, and its health check."""
    instructions, words = image.words(stage)
    if instructions and not exec_words(instructions[0]):
        yield from _of_shell_form(image, stage, instructions[0])
    elif words:
        yield from _of_words(image, stage, instructions, words)
    check = stage.last("HEALTHCHECK")
    if check is not None:
        yield from _of_shell_form(image, stage, check)


def _of_words(
    image: Image, stage: FinalStage, instructions: Sequence[Block], words: tuple[str, ...]
) -> Iterator[Execution]:
    """The program of an exec form, and the one that an entry point hands on to."""
    first = started(words)
    found = image.found(stage, first.program) if first is not None else None
    own = len(exec_words(instructions[0]))
    if first is not None and found is not None and not image.interprets(stage, first.program):
        instruction = instructions[0] if first.number < own else instructions[-1]
        yield _started_by(image, stage, instruction, found, first.has_shell)
    if len(instructions) > 1 and first is not None and first.number < own and image.hands_on(found):
        second = started(words[own:])
        found = image.found(stage, second.program) if second is not None else None
        if found is not None:
            yield _started_by(image, stage, instructions[-1], found, True)


def _started_by(image: Image, stage: FinalStage, instruction: Block, found: Found, has_shell: bool) -> Execution:
    reader = f"{instruction.name} starts"
    return _execution(image, found, instruction.start, reader, stage, has_shell=has_shell)


def _of_shell_form(image: Image, stage: FinalStage, instruction: Block) -> Iterator[Execution]:
    own = stage.stages[0]
    for command, directory in _located(image, own, instruction, image.files.directory(own)):
        found = image.found(stage, program_of(command), directory)
        if found is not None:
            has_shell = not exec_words(instruction)
            reader = f"{instruction.name} starts"
            yield _execution(image, found, command.start, reader, stage, has_shell=has_shell)


def _execution(
    image: Image, found: Found, start: int, reader: str, stage: FinalStage | None, *, has_shell: bool
) -> Execution:
    return Execution(
        image.file,
        start,
        reader,
        found.paths,
        has_shell=has_shell,
        given=found.given,
        is_executable=found.is_executable,
        is_rewritten=found.is_rewritten,
        image=stage,
    )
