"""What happens to a path elsewhere in the same file: a mount that brings it in, a stage that is thrown away."""

from __future__ import annotations

from functools import cached_property

from shipworthy.formats.tree import OPERAND, Block, Setting
from shipworthy.homes.spellings import TemporaryPath, temporary_paths


class Surroundings:
    """The joins within one document."""

    def __init__(self, root: Block) -> None:
        self.mounts: list[tuple[Block, str]] = []
        self.stages: list[Block] = []
        self._operands_before: dict[int, str] = {}
        for block in root.walk():
            if not isinstance(block, Block):
                continue
            if block.kind == "mount":
                self.mounts.append((block, block.value("target")))
            elif block.kind == "stage":
                self.stages.append(block)
            elif block.kind in ("command", "call"):
                self._remember_operands(block)
        self.kept = _kept(self.stages)

    def _remember_operands(self, block: Block) -> None:
        before = ""
        for child in block.children:
            if isinstance(child, Setting) and child.kind == OPERAND:
                self._operands_before[id(child)] = before
                before = child.value

    def operand_before(self, setting: Setting) -> str:
        """The value of the operand before this one in its command or call, "" where there is none."""
        return self._operands_before.get(id(setting), "")

    def is_mounted(self, node: Setting | Block, path: TemporaryPath) -> bool:
        """Whether the same container mounts something at the path, or above it: what lies there is in no ``/tmp``."""
        whole = f"{path.directory}/{path.rest}".rstrip("/")
        around = set(map(id, node.enclosing))
        return any(
            (whole == target or whole.startswith(target.rstrip("/") + "/"))
            and target.rstrip("/") not in ("", "/")
            and node not in mount.children
            and any(id(owner) in around for owner in _owners(mount))
            for mount, target in self.mounts
        )

    def is_discarded(self, node: Setting | Block) -> bool:
        """Whether the node belongs to the building of an image: RUN, or a stage that the final one leaves behind.

        What sed writes into a configuration file stays in the image, or is copied from its stage.
        """
        if node.parent is not None and node.parent.kind == "command" and node.parent.name == "sed":
            return False
        for block in node.enclosing:
            if block.kind == "instruction" and block.name == "RUN":
                return True
            if block.kind == "stage":
                return all(block is not kept for kept in self.kept)
        return False

    def is_run_later(self, instruction: Block, path: TemporaryPath) -> bool:
        """Whether the image's environment or command names what COPY or ADD puts at the path."""
        whole = f"{path.directory}/{path.rest}".rstrip("/")
        for stage in self.kept:
            for later in stage.blocks:
                if later.name in ("ENV", "CMD", "ENTRYPOINT") and any(_names(node, whole) for node in later.walk()):
                    return True
        return False

    def is_copied(self, path: TemporaryPath) -> bool:
        """Whether COPY or ADD puts something into the image at the path, or above it."""
        whole = f"{path.directory}/{path.rest}"
        return any(whole.startswith(copied) for copied in self._copied)

    @cached_property
    def _copied(self) -> list[str]:
        """The temporary paths that COPY and ADD put something at."""
        return [
            f"{copied.directory}/{copied.rest}".rstrip("/")
            for stage in self.kept
            for instruction in stage.blocks
            if instruction.name in ("COPY", "ADD")
            for setting in list(instruction.settings)[-1:]
            for copied in temporary_paths(setting.value)
        ]

    def is_last_working_directory(self, instruction: Block) -> bool:
        """Whether the image's command starts in the folder that this WORKDIR names."""
        instructions = [block for stage in self.kept for block in stage.blocks]
        last = [block for block in instructions if block.name == "WORKDIR"][-1:]
        return last == [instruction] and any(block.name in ("CMD", "ENTRYPOINT") for block in instructions)


def _names(node: Setting | Block, whole: str) -> bool:
    words = (node.value,) if isinstance(node, Setting) else node.words
    return any(
        path.rest and f"{path.directory}/{path.rest}".startswith(whole)
        for word in words
        for path in temporary_paths(word)
    )


def _kept(stages: list[Block]) -> list[Block]:
    """The final stage and those it is built from, the first one first."""
    if not stages:
        return []
    by_name = {stage.name.lower(): stage for stage in stages}
    kept = [stages[-1]]
    while True:
        base = by_name.get(kept[0].words[0].lower() if kept[0].words else "")
        if base is None or any(base is stage for stage in kept):
            return kept
        kept.insert(0, base)


def _owners(mount: Block) -> list[Block]:
    """The service or container of a mount: what the list of its mounts belongs to."""
    return [block for _, block in zip(range(3), mount.enclosing, strict=False) if block.kind != "sequence"][:1]
