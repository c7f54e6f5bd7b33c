"""The scripts of package.json that pipelines run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.evidence import tree_of
from shipworthy.deployment.workflows.directories import located_commands
from shipworthy.deployment.workflows.discovery import pipelines
from shipworthy.deployment.workflows.purposes import normalized, purpose_of, purpose_of_name
from shipworthy.file import File
from shipworthy.formats.failures import OR, commands, only_speaks
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Node, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_RUN = lazy(r"^(?:npm|pnpm|yarn|bun) (?:(?:run|run-script) )?(?P<name>[\w:.-]+)(?P<rest>.*)")
_MANAGER = lazy(r"\b(?:npm|pnpm|yarn|bun)\b")
_ELSEWHERE = lazy(r"(?:^| )(?:-w|--workspaces?|--filter|--prefix|-C|--cwd|--dir|-r|--recursive|-F)(?:[= ]|$)")


class ScriptRun(NamedTuple):
    """A script of a package.json that a command of a pipeline runs."""

    path: str
    name: str
    user: str
    explicit: bool
    optional: bool
    text: str


class UnheededScript(NamedTuple):
    """A script that cannot fail, where it stands, and who runs it."""

    file: File
    node: Node
    name: str
    purpose: str
    problem: str
    user: str


def script_run(directory: str, text: str) -> ScriptRun | None:
    """The script that a command, as `normalized` gives it, runs in a folder."""
    found = _RUN.match(text)
    if found is None or _ELSEWHERE.search(text):
        return None
    explicit = re.match(r"^\w+ (?:run|run-script) ", text) is not None
    if not explicit and found["name"] not in ("test", "t", "start") and not text.startswith(("yarn ", "pnpm ")):
        return None
    name = "test" if found["name"] == "t" else found["name"]
    path = f"{directory}/package.json" if directory else "package.json"
    return ScriptRun(path, name, "", explicit or name == "test", "--if-present" in text, text)


def unheeded_scripts(project: Project) -> Iterator[UnheededScript]:
    """The scripts that pipelines run and that cannot fail, each once."""
    seen: set[tuple[str, str]] = set()
    for pipeline in project.model(pipelines):
        for step in pipeline.steps:
            if not _MANAGER.search(step.text):
                continue
            for located in located_commands(step):
                if located.directory is None or located.command.ignored is not None or step.forgives is not None:
                    continue
                run = script_run(located.directory, normalized(located.command.block))
                if run is None or (run.path, run.name) in seen or run.path not in project.repository:
                    continue
                seen.add((run.path, run.name))
                line = pipeline.file.position(located.command.block.start)[0]
                yield from _judged(project, run, f"{pipeline.file.path}:{line}")


def _judged(project: Project, run: ScriptRun, user: str) -> Iterator[UnheededScript]:
    node = scripts_of(project, run.path).get(run.name)
    purpose = purpose_of_name(run.name)
    if node is None or not purpose or not node.value.strip():
        return
    file = project.file(run.path)
    try:
        if only_speaks(node.value):
            yield UnheededScript(file, node, run.name, purpose, "it only prints", user)
            return
        found = commands(Source(node.value), stops=False, pipefail=True)
    except Unreadable:
        return
    for command in found:
        if command.ignored is not None and command.ignored.how == OR and purpose_of(command.block):
            problem = f"`{normalized(command.block)}` ends in `{command.ignored.text}`"
            yield UnheededScript(file, node, run.name, purpose_of(command.block), problem, user)
            return


def scripts_of(project: Project, path: str) -> dict[str, Setting]:
    """The scripts of a package.json by name."""
    known = project.model(_scripts_by_path)
    if path not in known:
        tree = tree_of(project, path)
        scripts = tree.tops[0].block("scripts") if tree.tops else None
        entries = scripts.entries() if scripts is not None else {}
        known[path] = {name: node for name, node in entries.items() if isinstance(node, Setting)}
    return known[path]


def _scripts_by_path(_: Project) -> dict[str, dict[str, Setting]]:
    """Filled as they are asked for: many steps run the scripts of one package."""
    return {}
