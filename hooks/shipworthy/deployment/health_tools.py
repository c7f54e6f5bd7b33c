"""Programs that a Dockerfile's health check calls and its image does not have."""

from __future__ import annotations

import re

from shipworthy.deployment.base_images import CURL, WGET, lacks
from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.final_stage import FinalStage

_TOOLS = (CURL, WGET)
_INSTALLS_UNKNOWN = lazy(
    r"(?:apt|apk|yum|dnf|microdnf)\S*\s[^&;]*(?:\binstall|\badd)\b[^&;]*[$<`]|\bxargs\b|--with-deps|install-deps"
    r"|\b(?:ba)?sh\s+[\w./-]+|\bansible-playbook\b|\bmake\b"
)
"""Commands that may install anything."""


def missing_tool(stage: FinalStage) -> tuple[Block, str] | None:
    """The command of the health check whose program is missing, and the program; None where it may be there.

    ``wget`` beside a missing ``curl`` is a way out, and so is any mention of the program in another instruction.
    """
    check = stage.last("HEALTHCHECK")
    if check is None or (stage.reference is None and not stage.is_scratch):
        return None
    called = [
        node for node in check.walk() if isinstance(node, Block) and node.kind == "command" and node.name in _TOOLS
    ]
    absent = lacks(stage.reference) if stage.reference is not None else frozenset(_TOOLS)
    if not called or any(command.name not in absent or may_hold(stage, command.name) for command in called):
        return None
    return called[0], called[0].name


def is_missing(stage: FinalStage, tool: str) -> bool:
    """Whether an image is known not to have a program (`CURL` or `WGET`)."""
    absent = lacks(stage.reference) if stage.reference is not None else frozenset(_TOOLS if stage.is_scratch else ())
    return tool in absent and not may_hold(stage, tool)


def may_hold(stage: FinalStage, tool: str) -> bool:
    """Whether something may put a program into an image whose base does not have it.

    ``tool`` is a regular expression for the names of the program and of what brings it.
    """
    if any(_is_script(command) for command in stage.runs()):
        return True
    word = re.compile(rf"(?<![\w.-])(?:{tool})(?![\w-])")
    for instruction in stage.instructions("RUN", "COPY", "ADD"):
        text = stage.written_in(instruction)
        if word.search(text) or (instruction.name == "RUN" and _INSTALLS_UNKNOWN.search(text)):
            return True
        if instruction.name != "RUN" and re.search(r"--from=\S+[^\n]*\s/(?:usr/(?:local/)?)?s?bin/?\S*\s", text):
            return True
    return False


def _is_script(command: Block) -> bool:
    """Whether a command is started by its path: a script of the image or of the repository."""
    program = next((word for word in command.words if word.rpartition("/")[2] == command.name), "")
    return "/" in program and not program.startswith(("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"))
