"""Commands of a Dockerfile that compile a program and leave what they needed for it in the image."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.formats.tree import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.deployment.final_stage import FinalStage

_COMPILING = {
    "go": "build install",
    "cargo": "build install",
    "mvn": "package install verify",
    "mvnw": "package install verify",
    "gradle": "build assemble bootJar shadowJar installDist jar",
    "gradlew": "build assemble bootJar shadowJar installDist jar",
    "dotnet": "publish build",
    "swift": "build",
    "stack": "build install",
    "cabal": "build install",
}
"""Compilers' front ends and what makes them build."""
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_INSTALLS = frozenset({"ci", "install", "i", "clean-install"})
_WITHOUT_DEVELOPMENT = ("--production", "--prod", "-P", "--omit=dev", "--only=production", "--only=prod", "--omit")


def building_command(stage: FinalStage) -> tuple[Block, str] | None:
    """The command that builds in the final stage, with its name.

    None where nothing does, or where what it needed is removed.
    """
    bundled: tuple[Block, str] | None = None
    has_development = False
    for command in stage.runs():
        operands = [setting.value for setting in command.settings if setting.kind == "operand"]
        verbs = _COMPILING.get(command.name, "").split()
        verb = next((word for word in operands if word.rpartition(":")[2] in verbs), "")
        if verb:
            return command, f"{command.name} {verb}"
        if command.name in _MANAGERS:
            if _removes_development(command.words):
                return None
            has_development |= _installs_development(command.name, command.words, operands)
            if has_development and bundled is None and "build" in operands:
                bundled = command, f"{command.name} {' '.join(operands[: operands.index('build') + 1])}"
        elif command.name == "rm" and any("node_modules" in word for word in operands):
            return None
    return None if _installs_for_production(stage) else bundled


def _installs_development(name: str, words: Sequence[str], operands: Sequence[str]) -> bool:
    """Whether a package manager installs what only the build needs."""
    is_install = bool(operands) and operands[0] in _INSTALLS and len(operands) == 1
    return (is_install or (name == "yarn" and not operands)) and not any(
        word.startswith(_WITHOUT_DEVELOPMENT) for word in words
    )


def _removes_development(words: Sequence[str]) -> bool:
    """``npm prune --omit=dev``, ``npm ci --omit=dev`` behind the build, ``yarn workspaces focus --production``."""
    return "prune" in words or any(word.startswith(_WITHOUT_DEVELOPMENT) for word in words)


def _installs_for_production(stage: FinalStage) -> bool:
    """Whether the environment makes the package manager leave out what only development needs."""
    return any(
        setting.name == "NODE_ENV" and setting.value == "production"
        for instruction in stage.instructions("ENV", "ARG")
        for setting in instruction.settings
        if instruction.start < min((run.start for run in stage.instructions("RUN")), default=0)
    )
