"""Which committed file lies where in an image, and whether it is executable there.

``COPY`` takes a file with the mode that git gives it, unless ``--chmod`` or a later ``chmod`` says otherwise.

Source: https://docs.docker.com/reference/dockerfile/#copy
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property, partial
from posixpath import join, normpath
from typing import NamedTuple

from shipworthy.deployment.executions.permissions import gives_execution
from shipworthy.deployment.executions.run_steps import CHMOD, RunSteps
from shipworthy.deployment.final_stage import stage_called
from shipworthy.deployment.interpolation import interpolated
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.contexts import contexts
from shipworthy.file import File
from shipworthy.formats.tree import OPERAND, OPTION, Block, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_COPIES = frozenset({"COPY", "ADD"})
_SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where a program without a path is looked for."""
_MOST_STEPS = 100_000
"""Instructions and words of commands that are looked at for one Dockerfile; nobody's needs more."""
_MOST_STAGES = 200
"""Stages of a Dockerfile; one with more is not looked at."""
_MOST_COPIES = 20
"""How many stages a file may have come through."""
_PATTERN = frozenset("*?[")


class Found(NamedTuple):
    """A committed file in an image; see `Execution` for what is said of it. ``paths`` are what it may be."""

    paths: tuple[str, ...]
    given: str = ""
    is_executable: bool = False
    is_rewritten: bool = False


class _Layer(NamedTuple):
    """An instruction, and the folder that it works in."""

    instruction: Block
    directory: str


class ImageFiles:
    """The committed files in the images of one Dockerfile."""

    def __init__(self, project: Project, file: File) -> None:
        self.project = project
        self.file = file
        stages = [block for block in file.document.root.blocks if block.kind == "stage"]
        self.stages = stages if len(stages) <= _MOST_STAGES else []
        self._layers: dict[int, list[_Layer]] = {}
        self._runs: dict[int, RunSteps] = {}
        self._variables: dict[int, dict[str, str]] = {}
        self._steps = 0

    @cached_property
    def _folders(self) -> list[str]:
        """The build contexts that the Dockerfile may have."""
        known = self.project.model(contexts)
        return [*known.stated(self.file.path)] or known.around(self.file.path)

    def directory(self, stage: Block, before: Block | None = None) -> str:
        """The folder that a stage works in at its end, or at an instruction of it."""
        layers = self._of(stage)
        at = next((number for number, layer in enumerate(layers) if layer.instruction is before), len(layers))
        return layers[at].directory if at < len(layers) else self._end(stage)

    def known(self, stage: Block, text: str) -> str | None:
        """A text with the stage's variables replaced; None where one of them is not known."""
        self._of(stage)
        return interpolated(text, self._variables[id(stage)])

    def program(self, stage: Block, written: str, directory: str, before: Block | None = None) -> Found | None:
        """The committed file that a program of an image is; None where it is none, or not known."""
        known = self.known(stage, written)
        if not known or "\0" in known:
            return None
        if "/" in known:
            return self.find(stage, normpath(join(directory, known)), before)
        searched = self._variables[id(stage)].get("PATH", "").split(":")
        for folder in dict.fromkeys([folder for folder in searched if folder.startswith("/")] + [*_SEARCHED]):
            found = self.find(stage, f"{folder.rstrip('/')}/{known}", before)
            if found is not None:
                return found
        return None

    def find(self, stage: Block, path: str, before: Block | None = None, depth: int = 0) -> Found | None:
        """The committed file at a path of a stage, at its end or at an instruction of it."""
        given, is_rewritten = "", False
        chain: Block | None = stage
        while chain is not None and depth <= _MOST_COPIES:
            layers = self._of(chain)
            end = next((at for at, layer in enumerate(layers) if layer.instruction is before), len(layers))
            for layer in reversed(layers[:end]):
                self._steps += 1
                if self._steps > _MOST_STEPS:
                    return None
                if layer.instruction.name == "RUN":
                    steps = self._of_run(layer.instruction)
                    self._steps += steps.size
                    moved = steps.before(path, partial(self._place, chain, layer))
                    if moved is None:
                        return None
                    path, given = moved.path, given or moved.given
                    is_rewritten = is_rewritten or steps.mends_lines
                elif layer.instruction.name in _COPIES:
                    found = self._copied(chain, layer, path, depth)
                    if found is not None:
                        return _given(found, given, is_rewritten)
            chain, before, depth = self._below(chain), None, depth + 1
        return None

    def _place(self, stage: Block, layer: _Layer, word: str) -> str | None:
        """The path of an image that a word of a ``RUN`` is."""
        known = self.known(stage, word)
        is_elsewhere = (
            known is not None and not known.startswith("/") and self._of_run(layer.instruction).changes_folder
        )
        return None if not known or is_elsewhere or known.startswith("~") else normpath(join(layer.directory, known))

    def _copied(self, stage: Block, layer: _Layer, path: str, depth: int) -> Found | None:
        """The committed file that an instruction copies to a path."""
        instruction = layer.instruction
        origin, mode = _option(instruction, "from"), _option(instruction, "chmod")
        for source in self._sources(stage, layer, path):
            if origin:
                other = stage_called(self.stages[: self.stages.index(stage)], origin)
                inside = normpath("/" + source.lstrip("/"))
                found = self.find(other, inside, None, depth + 1) if other is not None else None
            else:
                found = self._committed(source)
            if found is not None:
                if not mode:
                    return found
                given = f"{instruction.name} --chmod={mode}"
                return Found(found.paths, given, gives_execution(mode), found.is_rewritten)
        return None

    def _committed(self, source: str) -> Found | None:
        """The committed files that a path of the build context may be."""
        inside = normpath("/" + source.replace("\\", "/")).lstrip("/")
        paths = (in_repository(folder, inside) for folder in self._folders) if inside else ()
        resolved = [self.project.repository.resolve(path) for path in paths if path]
        found = [path for path in resolved if path in self.project.repository]
        return Found(tuple(dict.fromkeys(found))) if found else None

    def _sources(self, stage: Block, layer: _Layer, path: str) -> Iterator[str]:
        """What an instruction may have copied to a path, as paths of its context or of the stage it copies from."""
        operands = [setting.value for setting in layer.instruction.settings if setting.kind == OPERAND]
        written = self.known(stage, operands[-1]) if len(operands) > 1 else None
        if written is None:
            return
        target = normpath(join(layer.directory, written))
        rest = path.removeprefix(target.rstrip("/") + "/")
        for operand in operands[:-1]:
            source = self.known(stage, operand)
            if source is None or "://" in source:
                continue
            if path == target and len(operands) == 2 and not written.endswith("/"):
                yield source
            elif rest != path:
                folder, name = source.rstrip("/").rpartition("/")[::2]
                if "/" not in rest and (rest == name or (_PATTERN & set(name) and fnmatchcase(rest, name))):
                    yield f"{folder}/{rest}" if folder else rest
                if not _PATTERN & set(source):
                    yield join(source, rest)

    def _of_run(self, run: Block) -> RunSteps:
        if id(run) not in self._runs:
            self._runs[id(run)] = RunSteps(self.file, run)
        return self._runs[id(run)]

    def _below(self, stage: Block) -> Block | None:
        """The earlier stage that a stage is built on."""
        image = stage.words[0].lower() if stage.words else ""
        earlier = self.stages[: self.stages.index(stage)]
        return next((other for other in reversed(earlier) if other.name.lower() == image), None)

    def _of(self, stage: Block) -> list[_Layer]:
        """The instructions of a stage, each with the folder it works in."""
        if id(stage) not in self._layers:
            self._layers[id(stage)] = []  # a stage that is built on itself has nothing below
            below = self._below(stage)
            directory = self._end(below) if below is not None else f"/\0{stage.start}"  # the base image knows it
            variables = dict(self._variables.get(id(below), {}))
            layers: list[_Layer] = []
            for instruction in stage.blocks:
                layers.append(_Layer(instruction, directory))
                if instruction.name in ("ARG", "ENV"):
                    _set(variables, instruction)
                elif instruction.name == "WORKDIR" and len(instruction.words) > 1:
                    written = interpolated(instruction.words[1], variables)
                    directory = normpath(join(directory, written if written is not None else f"\0{instruction.start}"))
            self._layers[id(stage)] = layers
            self._variables[id(stage)] = variables
            self._ends[id(stage)] = directory
        return self._layers[id(stage)]

    def _end(self, stage: Block) -> str:
        self._of(stage)
        return self._ends[id(stage)]

    @cached_property
    def _ends(self) -> dict[int, str]:
        return {}


def _set(variables: dict[str, str], instruction: Block) -> None:
    for setting in instruction.settings:
        value = interpolated(setting.value, variables)
        if value is None and setting.name == "PATH":  # `PATH=/app/bin:$PATH`: what is known of it counts
            value = ":".join(part for part in setting.value.split(":") if "$" not in part)
        if value is not None:
            variables[setting.name] = value


def _option(instruction: Block, name: str) -> str:
    options = (setting for setting in instruction.settings if isinstance(setting, Setting) and setting.kind == OPTION)
    return next((setting.value for setting in options if setting.name == name), "")


def _given(found: Found, given: str, is_rewritten: bool) -> Found:
    """A file as it is after what an image does to it: ``given`` is what gives it its mode, "" for nothing."""
    is_executable = found.is_executable
    if given:
        is_executable = given == CHMOD or gives_execution(given.rpartition("=")[2])
    return Found(found.paths, given or found.given, is_executable, is_rewritten or found.is_rewritten)
