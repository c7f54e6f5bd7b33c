"""The commands of a repository that run Compose files.

Sources: https://docs.docker.com/reference/cli/docker/compose/ ,
https://docs.docker.com/reference/cli/docker/stack/deploy/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shipworthy.deployment.command_lines import CommandLine, command_lines
from shipworthy.deployment.compose.files import ComposeFiles
from shipworthy.deployment.paths import in_repository
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_PROGRAMS = frozenset({"docker", "podman", "nerdctl"})
_COMPOSE = lazy(r"(?:docker|podman)-compose(?:\.exe|-v1)?|\$[({]?\w*compose\w*[)}]?", re.IGNORECASE)
_VALUED = frozenset(
    "-p --project-name --profile --parallel --ansi --progress -H --host --context --orchestrator".split()
)
_WITH_VALUE = {
    "-f": "file",
    "--file": "file",
    "-c": "file",
    "--compose-file": "file",
    "--env-file": "env",
    "--project-directory": "directory",
}
STACK = "stack deploy"


class ComposeCommand(NamedTuple):
    """A command that runs Compose files.

    ``files`` are the committed files it names, in order, or the one that Compose finds by itself. ``verb`` is its
    subcommand, "stack deploy" for Swarm, "" where a variable or a later line says it. ``env_files`` and ``directory``
    (``--project-directory``) are as written.
    """

    line: CommandLine
    files: tuple[str, ...]
    verb: str
    env_files: tuple[str, ...]
    directory: str


def compose_commands(project: Project, library: ComposeFiles, named: Sequence[str]) -> list[ComposeCommand]:
    """The commands that run Compose files; ``named`` are the paths of those known so far."""
    by_name: dict[str, list[str]] = {}
    for path in named:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    found: list[ComposeCommand] = []
    for line in project.model(command_lines):
        for written, verb, env_files, directory in _invocations([word.text for word in line.words]):
            files = [_committed(project, line, path, by_name) for path in written]
            if not written and not verb:  # ``docker compose version``, or the program's name in a test for it
                continue
            if not written:
                files = [_default(library, line)]
            known = tuple(path for path in files if path)
            if known and len(known) == len(files):
                found.append(ComposeCommand(line, known, verb, tuple(env_files), directory))
    return found


_Invocation = tuple[list[str], str, list[str], str]
"""Files, subcommand, env files and project directory, all as written."""


def _invocations(words: list[str]) -> Iterator[_Invocation]:
    for position, word in enumerate(words):
        if word.startswith("COMPOSE_FILE=") and len(word) > len("COMPOSE_FILE="):
            yield re.split("[:;]", word.partition("=")[2]), "", [], ""
            continue
        program = word.rpartition("=")[2].rpartition("/")[2]
        following = words[position + 1] if position + 1 < len(words) else ""
        if program in _PROGRAMS and following == "compose":
            yield _options(words[position + 2 :])
        elif program == "docker" and following == "stack" and "deploy" in words[position + 2 : position + 5]:
            files, _, env_files, _ = _options([part for part in words[position + 2 :] if part != "deploy"])
            yield files, STACK, env_files, ""
        elif _COMPOSE.fullmatch(program):
            yield _options(words[position + 1 :])


def _options(words: list[str]) -> _Invocation:
    """What stands between the program and its subcommand."""
    given: dict[str, list[str]] = {"file": [], "env": [], "directory": []}
    position = 0
    while position < len(words):
        word = words[position]
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            break
        if name in _WITH_VALUE or name in _VALUED:
            if not equals:
                position += 1
                value = words[position] if position < len(words) else ""
            if name in _WITH_VALUE and value:
                given[_WITH_VALUE[name]].append(value)
        position += 1
    verb = words[position] if position < len(words) and re.fullmatch(r"[a-z]+", words[position]) else ""
    return given["file"], verb, given["env"], "".join(given["directory"][-1:])


def _committed(project: Project, line: CommandLine, written: str, by_name: dict[str, list[str]]) -> str:
    """The committed file that a command names; "" where it cannot be told."""
    for directory in _directories(line):
        path = in_repository(directory, written)
        if path and path in project.repository:
            return path
    same = by_name.get(written.rpartition("/")[2], [])
    is_elsewhere = not line.directories or "$" in written or written.startswith("/")
    return same[0] if is_elsewhere and len(same) == 1 else ""


def _default(library: ComposeFiles, line: CommandLine) -> str:
    """The file that Compose finds by itself."""
    for directory in _directories(line):
        path = library.default_in(directory)
        if path is not None:
            return path
    return ""


def _directories(line: CommandLine) -> list[str]:
    """The folders a command may run in. A script beside the Compose file means that one."""
    own = line.file.directory
    return [own, *line.directories] if own in line.directories else list(line.directories)
