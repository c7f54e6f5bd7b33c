"""Continuous integration: the scripts and environments of pipelines.

A script, or a list of scripts that run one after the other, becomes one directive named by its key. Scripts for other
shells than sh and its relatives stay as they are.

Sources: the reference pages of GitHub Actions, GitLab CI/CD, CircleCI, Azure Pipelines, Bitbucket Pipelines, Drone,
Woodpecker, Travis CI, Buildkite, Google Cloud Build, AWS CodeBuild and Task.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from shipworthy.formats.dialects.values import Values, image_name, put, target
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Alias, Block, Setting
from shipworthy.patterns import lazy

_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})


class System(NamedTuple):
    """A CI system: the keys of its scripts, of its environments, and of what belongs to somebody else."""

    scripts: frozenset[str]
    variables: frozenset[str]
    opaque: frozenset[str] = frozenset()


def _system(scripts: str, variables: str, opaque: str = "") -> System:
    return System(frozenset(scripts.split()), frozenset(variables.split()), frozenset(opaque.split()))


AZURE = _system("bash script", "env variables", "parameters")
BITBUCKET = _system("script after-script", "variables")
BUILDKITE = _system("command commands", "env", "plugins")
CIRCLECI = _system("command run", "environment", "parameters")
CLOUD_BUILD = _system("script", "env")
CODEBUILD = _system("commands", "variables")
DRONE = _system("commands", "environment", "settings")
GITHUB = _system("run", "env", "inputs outputs with")
GITLAB = _system("after_script before_script script", "variables", "inputs")
TASK = _system("cmd cmds sh", "env")
TRAVIS = _system(
    "before_install install before_script script before_cache after_success after_failure before_deploy after_deploy "
    "after_script env global matrix",
    "",
    "deploy",
)
"""The variables of Travis CI are words of a shell: ``A=1 B="x y"``."""

_BY_PATH = (
    (GITHUB, lazy(r"(?:^|/)\.(?:github|gitea|forgejo)/(?:workflows|actions)/|(?:^|/)action\.ya?ml$")),
    (GITLAB, lazy(r"gitlab-ci[^/]*\.ya?ml|(?:^|/)\.gitlab/")),
    (CIRCLECI, lazy(r"(?:^|/)\.circleci/")),
    (AZURE, lazy(r"(?:^|/)(?:\.azure|\.?azure[-_]pipelines?)(?:[^/]*\.ya?ml$|/)")),
    (BITBUCKET, lazy(r"(?:^|/)bitbucket-pipelines[^/]*$")),
    (DRONE, lazy(r"(?:^|/)\.?(?:drone|woodpecker)(?:[^/]*\.(?:ya?ml|json)$|/)")),
    (TRAVIS, lazy(r"(?:^|[/._])travis\.ya?ml$")),
    (BUILDKITE, lazy(r"(?:^|/)\.buildkite/|(?:^|/)buildkite[^/]*\.(?:ya?ml|json)$")),
    (CLOUD_BUILD, lazy(r"(?:^|/)[^/]*cloudbuild[^/]*\.(?:ya?ml|json)$")),
    (CODEBUILD, lazy(r"(?:^|/)[^/]*buildspec[^/]*\.(?:ya?ml|json)$")),
    (TASK, lazy(r"(?:^|/)taskfile[^/]*\.ya?ml$")),
)
_STEPS = frozenset({"jobs", "stages", "steps"})


def recognises(document: Block, path: str) -> bool:
    """Whether a mapping is a pipeline, a part of one, or an action."""
    return _system_of(document, path) is not None


def expand(document: Block, source: Source, path: str) -> None:
    """Refine a pipeline."""
    system = _system_of(document, path)
    if system is None:
        return
    values = Values(source)
    waiting = [(document, True)]
    while waiting:
        block, is_shell = waiting.pop()
        is_shell = _is_shell(block, is_shell)
        if system is CLOUD_BUILD and block.kind == "mapping":
            _join_arguments(values, block)
        opaque = system.opaque if block.kind == "mapping" and not _is_shell_task(block) else frozenset()
        for position, child in enumerate(block.children):
            if child.name in opaque:
                continue
            if child.name in system.variables:
                values.variables(target(child))
            if child.name in system.scripts and is_shell and block.kind == "mapping":
                put(block, position, _directive(values, child))
            inner = block.children[position]
            if isinstance(inner, Block) and inner.kind in ("mapping", "sequence"):
                waiting.append((inner, is_shell))
            elif isinstance(inner, Block):
                waiting += [(step, is_shell) for step in inner.blocks if step.kind == "mapping"]


def _system_of(document: Block, path: str) -> System | None:
    """The CI system, by the path where it tells, otherwise by the keys at the top."""
    lowered = path.lower()
    named = next((system for system, pattern in _BY_PATH if pattern.search(lowered)), None)
    if named is not None:
        return named
    keys = {child.name for child in document.children}
    if "jobs" in keys and "on" in keys:
        return GITHUB
    if "jobs" in keys and ("workflows" in keys or "orbs" in keys):
        return CIRCLECI
    if keys & _STEPS and ("trigger" in keys or "pool" in keys):
        return AZURE
    if "stages" in keys and any(_has(child, GITLAB.scripts) for child in document.blocks):
        return GITLAB
    if "steps" in keys and any(isinstance(child, Setting) and child.value == "pipeline" for child in document.children):
        return DRONE
    if "phases" in keys and "version" in keys:
        return CODEBUILD
    return TASK if "tasks" in keys and "version" in keys else None


def _has(block: Block, keys: frozenset[str]) -> bool:
    return block.kind == "mapping" and any(child.name in keys for child in block.children)


def _directive(values: Values, child: Setting | Block | Alias) -> Block | None:
    node = target(child)
    if isinstance(node, Setting) and (not node.value.strip() or (not node.literal and node.value in ("null", "~"))):
        return None
    if isinstance(node, Block) and isinstance(child, Block) and not any(node.settings) and not _holds_aliases(node):
        return None  # a list of mappings: its own keys say which of them are scripts
    return values.scripts(node)


def _holds_aliases(block: Block) -> bool:
    return any(isinstance(child, Alias) for child in block.children)


def _is_shell(block: Block, inherited: bool) -> bool:
    """Whether the scripts in this block are for sh or its relatives, as the block says or those around it do."""
    if block.kind != "mapping":
        return inherited
    own = {child.name: child for child in block.children}
    shell = own.get("shell")
    defaults = own.get("defaults")
    run = defaults.block("run") if isinstance(defaults, Block) else None
    if shell is None and run is not None:
        shell = run.get("shell")
    if isinstance(shell, Setting):
        program = shell.value.split()[:1] or ["sh"]
        return re.split(r"[/\\]", program[0])[-1].removesuffix(".exe") in _SHELLS
    machine = own.get("runs-on")
    if isinstance(machine, Setting) and machine.value.startswith("windows"):
        return False
    return inherited


def _is_shell_task(block: Block) -> bool:
    """Whether the inputs of an Azure task are those of a shell script."""
    task = next((child for child in block.children if child.name == "task"), None)
    return isinstance(task, Setting) and task.value.startswith(("Bash@", "CmdLine@", "ShellScript@"))


def _join_arguments(values: Values, step: Block) -> None:
    """Make a command of the arguments of a Cloud Build step, behind its entry point or its builder's program."""
    own = {child.name: (position, child) for position, child in enumerate(step.children)}
    position, arguments = own.get("args", (0, None))
    if not isinstance(arguments, Block) or arguments.kind != "sequence":
        return
    words = values.words(arguments)
    if not words:
        return
    _, entrypoint = own.get("entrypoint", (0, None))
    _, builder = own.get("name", (0, None))
    if isinstance(entrypoint, Setting):
        words.insert(0, values.text(entrypoint))
    elif isinstance(builder, Setting):
        words.insert(0, words[0].within(image_name(builder.value) or "container", [(0, 0)]))
    put(step, position, values.command(arguments, words))
