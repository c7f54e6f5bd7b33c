"""The stage of a Dockerfile that production runs, and the stages it is made from.

Source: https://docs.docker.com/reference/dockerfile/ , https://docs.docker.com/build/building/multi-stage/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shipworthy.deployment.base_images import SCRATCH, is_distribution
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.deployment.interpolation import interpolated
from shipworthy.file import File
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

_DEVELOPMENT = frozenset(
    "dev devel develop development local debug test tests testing ci e2e lint linter watch".split()
)
_PRODUCTION = frozenset("prod production release runtime runner run final deploy app".split())
_WORDS = lazy(r"[._-]")
_CHOICE = lazy(r"\bif\b|\bcase\b|\|\||\$\{\w+:?\+")
"""Stands in a script that chooses what it runs."""
_CHANGES_USER = lazy(
    r"\b(?:gosu|su-exec|setpriv|chpst|runuser|s6-overlay|s6-setuidgid|with-contenv|fixuid|supervisord?|PUID"
    r"|sudo -u|su -)\b"
)
_SCRIPT = lazy(r"\.sh$|entry-?point|(?:^|/)(?:init|wrapper|start|run)$")
_TEMPLATE = ("{{", "{%", "<%")


class FinalStage:
    """The stage that an image for production consists of.

    ``stages`` are the stage itself and those that it is built on, one ``FROM`` after the other; ``base`` is where the
    last of them names an image of elsewhere, ``written`` that name with the defaults of ``ARG`` filled in, None where
    one of them has no default. ``text`` is that of the file.
    """

    def __init__(self, stages: list[Block], base: Setting, written: str | None, text: str) -> None:
        self.stages = stages
        self.base = base
        self.written = written
        self.text = text

    @property
    def reference(self) -> ImageReference | None:
        """The base's reference; None where it is not known."""
        return parse(self.written) if self.written is not None else None

    @property
    def is_scratch(self) -> bool:
        """Whether it starts from nothing."""
        return self.written == SCRATCH

    @property
    def origin(self) -> Block | Setting:
        """The ``FROM`` that begins the stage."""
        return next(iter(self.stages[0].blocks), self.base)

    @property
    def gives_up_root(self) -> bool:
        """Whether a program in the image changes the user by itself, or may do so.

        A script that starts everything in the image of a distribution is a whole system, and may do anything.
        """
        if self.reference is not None and is_distribution(self.reference) and self._starts_script:
            return True
        return any(
            _CHANGES_USER.search(self.written_in(instruction))
            for stage in self.stages
            for instruction in stage.blocks
            if instruction.name != "USER"
        )

    @property
    def _starts_script(self) -> bool:
        """Whether a script, to go by its name, decides what runs."""
        instruction = self.last("ENTRYPOINT") or self.last("CMD")
        if instruction is None:
            return False
        return any(_SCRIPT.search(word) for command in commands_of(instruction) for word in command.words[:3])

    def user_of(self, instruction: Block) -> str:
        """The user that a ``USER`` names, without the group; "" where a variable without a default gives it."""
        written = next((setting.value for setting in instruction.settings), "")
        return (interpolated(written, self._defaults) or "").partition(":")[0]

    @property
    def _defaults(self) -> dict[str, str]:
        """What ``ARG`` and ``ENV`` of the stages set."""
        found: dict[str, str] = {}
        for stage in reversed(self.stages):
            for instruction in stage.blocks:
                if instruction.name in ("ARG", "ENV"):
                    found.update((setting.name, setting.value) for setting in instruction.settings)
        return found

    def instructions(self, *names: str) -> Iterator[Block]:
        """The instructions of these names, those of the stage itself first, each stage's last one first."""
        for stage in self.stages:
            yield from (block for block in reversed(list(stage.blocks)) if block.name in names)

    def last(self, *names: str) -> Block | None:
        """The instruction of these names that holds."""
        return next(self.instructions(*names), None)

    def written_in(self, instruction: Block) -> str:
        """The text of an instruction, from its name to the end of the last thing in it."""
        end = max((node.end for node in instruction.walk()), default=instruction.end)
        return self.text[instruction.start : end]

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
            if instruction is None or _CHOICE.search(self.written_in(instruction)):
                continue
            for block in commands_of(instruction):
                yield instruction, _program_words(block)
            if instruction is command and own:
                yield instruction, (*own, *_exec_words(instruction))


def final_stage(file: File) -> FinalStage | None:
    """The stage that production runs: ``file.model(final_stage)``.

    None where there is no stage, where only stages for development are left, or where a template writes the file.
    """
    stages = _stages(file)
    chosen = _chosen(stages) if stages else None
    return _with_base(file, stages, chosen, {}) if chosen is not None else None


def built_stage(file: File, target: str = "", given: Mapping[str, str] | None = None) -> FinalStage | None:
    """The stage that a builder makes an image of: its ``target``, or the last one.

    ``given`` are the build arguments. None where the stage is not there, or where a template writes the file.
    """
    stages = _stages(file)
    chosen = stage_called(stages, target) if target else (stages[-1] if stages else None)
    return _with_base(file, stages, chosen, given or {}) if chosen is not None else None


def origins(file: File) -> Iterator[tuple[ImageReference, int]]:
    """The images of elsewhere that the stages are built on, each with the offset of its name.

    Of what a variable without a default gives nothing is said, nor of a file that a template writes.
    """
    stages = _stages(file)
    names = {stage.name.lower() for stage in stages}
    arguments = _arguments(file.document.root)
    for stage in stages:
        image = _image(stage)
        written = interpolated(image.value, arguments) if image is not None else None
        reference = parse(written) if written is not None and written.lower() not in names else None
        if reference is not None and image is not None:
            yield reference, image.start


def stage_called(stages: Sequence[Block], name: str) -> Block | None:
    """The stage with that name or number; names know no capitals."""
    if name.isdecimal() and len(name) < 5:
        return stages[int(name)] if int(name) < len(stages) else None
    return next((stage for stage in reversed(stages) if stage.name.lower() == name.lower()), None)


def _stages(file: File) -> list[Block]:
    """The stages of a file; none where a template writes it."""
    if file.document.degraded or any(mark in file.text for mark in _TEMPLATE):
        return []
    return [block for block in file.document.root.blocks if block.kind == "stage"]


def _with_base(file: File, stages: list[Block], chosen: Block, given: Mapping[str, str]) -> FinalStage | None:
    chain = _chain(stages, chosen)
    base = _image(chain[-1])
    if base is None:
        return None
    arguments = {**_arguments(file.document.root), **given}
    return FinalStage(chain, base, interpolated(base.value, arguments), file.text)


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


def _chosen(stages: list[Block]) -> Block | None:
    """The last stage, unless its name says that production is another one."""
    if _words(stages[-1]).isdisjoint(_DEVELOPMENT):
        return stages[-1]
    return next((stage for stage in reversed(stages) if not _words(stage).isdisjoint(_PRODUCTION)), None)


def _words(stage: Block) -> set[str]:
    return set(_WORDS.split(stage.name.lower()))


def _chain(stages: list[Block], chosen: Block) -> list[Block]:
    """A stage, and below it the earlier stages that each is built on."""
    chain = [chosen]
    image = _image(chosen)
    for other in reversed(stages[: stages.index(chosen)]):
        if image is None:
            break
        if other.name.lower() == image.value.lower():
            chain.append(other)
            image = _image(other)
    return chain


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
