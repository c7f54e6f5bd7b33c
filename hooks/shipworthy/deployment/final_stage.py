"""The stage of a Dockerfile that production runs, and the stages it is made from.

Source: https://docs.docker.com/reference/dockerfile/ , https://docs.docker.com/build/building/multi-stage/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.deployment.base_images import SCRATCH
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.deployment.interpolation import interpolated
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting

_DEVELOPMENT = frozenset("dev devel develop development local debug test tests testing ci e2e lint linter watch".split())
_PRODUCTION = frozenset("prod production release runtime runner run final deploy app".split())
_WORDS = re.compile(r"[._-]")
_CHOICE = re.compile(r"\$\{\w+:?\+|\bif\b|\bcase\b|\|\|")
_TEMPLATE = ("{{", "{%", "<%")


class FinalStage:
    """The stage that an image for production consists of.

    ``stages`` are the stage itself and those that it is built on, one ``FROM`` after the other; ``base`` is where the
    last of them names an image of elsewhere, ``written`` that name with the defaults of ``ARG`` filled in, None where
    one of them has no default.
    """

    def __init__(self, stages: list[Block], base: Setting, written: str | None) -> None:
        self.stages = stages
        self.base = base
        self.written = written

    @property
    def reference(self) -> ImageReference | None:
        """The base's reference; None where it is not known."""
        return parse(self.written) if self.written is not None else None

    @property
    def is_scratch(self) -> bool:
        """Whether it starts from nothing."""
        return self.written == SCRATCH

    def instructions(self, *names: str) -> Iterator[Block]:
        """The instructions of these names, those of the stage itself first, each stage's last one first."""
        for stage in self.stages:
            yield from (block for block in reversed(list(stage.blocks)) if block.name in names)

    def last(self, *names: str) -> Block | None:
        """The instruction of these names that holds."""
        return next(self.instructions(*names), None)

    def runs(self) -> Iterator[Block]:
        """The commands of all ``RUN`` instructions, in the order in which they run."""
        for stage in reversed(self.stages):
            for instruction in stage.blocks:
                if instruction.name == "RUN":
                    yield from commands_of(instruction)

    def started(self) -> Iterator[tuple[Block, tuple[str, ...]]]:
        """The instructions that start what the image runs, each with the words of a command: ``CMD`` first.

        Where both are given in the exec form, the words of ``CMD`` follow those of ``ENTRYPOINT``. A script that
        chooses between commands says nothing for sure.
        """
        entry = self.last("ENTRYPOINT")
        command = self.last("CMD")
        own = _exec_words(entry) if entry is not None else ()
        for instruction in (command, entry):
            if instruction is None or _chooses(instruction):
                continue
            for block in commands_of(instruction):
                yield instruction, _program_words(block)
            if instruction is command and own:
                yield instruction, (*own, *_exec_words(instruction))


def final_stage(file: File) -> FinalStage | None:
    """The stage that production runs: ``file.model(final_stage)``.

    None where there is no stage, where only stages for development are left, or where a template writes the file.
    """
    root = file.document.root
    stages = [block for block in root.blocks if block.kind == "stage"]
    if not stages or file.document.degraded or any(mark in file.text for mark in _TEMPLATE):
        return None
    chosen = _chosen(stages)
    if chosen is None:
        return None
    chain = [chosen]
    while (below := _stage_below(chain[-1], stages)) is not None:
        chain.append(below)
    base = _image(chain[-1])
    if base is None:
        return None
    return FinalStage(chain, base, interpolated(base.value, _arguments(root)))


def commands_of(block: Block) -> Iterator[Block]:
    """The commands of an instruction, in order, those given to a shell included."""
    return (node for node in block.walk() if isinstance(node, Block) and node.kind == "command")


def _exec_words(instruction: Block) -> tuple[str, ...]:
    """The words of an exec form; none for a shell form."""
    first = next(iter(instruction.blocks), None)
    return first.words if first is not None and first.kind == "command" else ()


def _program_words(command: Block) -> tuple[str, ...]:
    """A command's words from its program on."""
    first = next((at for at, word in enumerate(command.words) if word.rpartition("/")[2] == command.name), 0)
    return command.words[first:]


def _chooses(instruction: Block) -> bool:
    """Whether a shell script decides what it starts."""
    return any(_CHOICE.search(word) or block.name in ("[", "[[", "test") for block in commands_of(instruction) for word in block.words)


def _chosen(stages: list[Block]) -> Block | None:
    """The last stage, unless its name says that production is another one."""
    if _words(stages[-1]).isdisjoint(_DEVELOPMENT):
        return stages[-1]
    return next((stage for stage in reversed(stages) if not _words(stage).isdisjoint(_PRODUCTION)), None)


def _words(stage: Block) -> set[str]:
    return set(_WORDS.split(stage.name.lower()))


def _stage_below(stage: Block, stages: list[Block]) -> Block | None:
    """The earlier stage that a stage is built on."""
    image = _image(stage)
    if image is None:
        return None
    earlier = stages[: stages.index(stage)]
    return next((other for other in reversed(earlier) if other.name.lower() == image.value.lower()), None)


def _image(stage: Block) -> Setting | None:
    origin = next(iter(stage.blocks), None)
    image = origin.get("image") if origin is not None else None
    return image if isinstance(image, Setting) else None


def _arguments(root: Block) -> dict[str, str]:
    """The defaults of the arguments before the first stage, which are all that ``FROM`` sees."""
    found: dict[str, str] = {}
    for instruction in root.blocks:
        if instruction.kind == "instruction" and instruction.name == "ARG":
            for setting in instruction.settings:
                value = interpolated(setting.value, found)
                if value is not None and setting.kind == "variable":
                    found[setting.name] = value
    return found
