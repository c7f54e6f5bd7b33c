"""The pipelines of other systems than GitHub's and Jenkins's: the mappings that hold scripts are their steps.

Sources: the reference pages of GitLab CI/CD, CircleCI, Azure Pipelines, Bitbucket Pipelines, Drone, Woodpecker,
Buildkite, Travis CI, AppVeyor, Google Cloud Build, AWS CodeBuild, Tekton, Semaphore, Codefresh, Codemagic, Cirrus CI
and builds.sr.ht.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.workflows.expressions import is_true
from shipworthy.deployment.workflows.model import (
    APPVEYOR,
    AZURE,
    BITBUCKET,
    BUILDKITE,
    CIRCLECI,
    CIRRUS,
    CLOUD_BUILD,
    CODEBUILD,
    CODEFRESH,
    CODEMAGIC,
    DRONE,
    GITLAB,
    SEMAPHORE,
    SOURCEHUT,
    TEKTON,
    TRAVIS,
    WOODPECKER,
    Job,
    Pipeline,
    Step,
)
from shipworthy.formats.dialects.values import Values
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting


class _Dialect(NamedTuple):
    """How a system writes its pipelines.

    ``scripts`` are the keys of scripts. ``forgives`` are pairs of a key and the value that lets a step fail, "true" for
    any of YAML's. ``works`` are keys of what does something that no script says.
    """

    scripts: tuple[str, ...]
    forgives: tuple[tuple[str, str], ...] = ()
    works: frozenset[str] = frozenset()


_DIALECTS = {
    GITLAB: _Dialect(("before_script", "script"), (("allow_failure", "true"),), frozenset({"trigger", "release"})),
    CIRCLECI: _Dialect(("run", "command")),
    AZURE: _Dialect(
        ("bash", "script"), (("continueOnError", "true"),), frozenset({"task", "template", "publish", "extends"})
    ),
    BITBUCKET: _Dialect(("script",), (("on-fail.strategy", "ignore"),), frozenset({"pipe", "import"})),
    DRONE: _Dialect(("commands",), (("failure", "ignore"),), frozenset({"settings"})),
    WOODPECKER: _Dialect(("commands",), (("failure", "ignore"),), frozenset({"settings"})),
    BUILDKITE: _Dialect(("command", "commands"), (("soft_fail", "true"),), frozenset({"plugins", "trigger"})),
    CODEBUILD: _Dialect(("commands",), (("on-failure", "continue"),), frozenset({"batch"})),
    TRAVIS: _Dialect(("before_install", "install", "before_script", "script"), (), frozenset({"deploy"})),
    APPVEYOR: _Dialect(
        ("install", "before_build", "build_script", "before_test", "test_script", "before_deploy", "deploy_script"),
        (),
        frozenset({"deploy", "assemblies", "nuget", "before_package"}),
    ),
    CLOUD_BUILD: _Dialect(("script",), (("allowFailure", "true"),)),
    TEKTON: _Dialect(("script",), (("onError", "continue"),), frozenset({"taskRef", "pipelineRef", "resolver"})),
    SEMAPHORE: _Dialect(("commands",)),
    CODEFRESH: _Dialect(("commands",), (("fail_fast", "false"),), frozenset({"type", "stage_type"})),
    CODEMAGIC: _Dialect(
        ("script", "scripts"), (("ignore_failure", "true"),), frozenset({"publishing", "integrations"})
    ),
    CIRRUS: _Dialect(("script",), (("allow_failures", "true"),), frozenset({"docker_builder"})),
    SOURCEHUT: _Dialect(("tasks",), (), frozenset({"triggers"})),
}
_SHELLS = frozenset({"bash", "sh", "/bin/bash", "/bin/sh"})
_LISTED = frozenset("checkout save_cache restore_cache persist_to_workspace attach_workspace store_artifacts".split())
_CIRCLECI_STEPS = _LISTED | {"store_test_results", "setup_remote_docker", "add_ssh_keys", "run", "when", "unless"}
"""Steps of CircleCI that prepare, run a script, or keep files."""
_WITHOUT_PIPEFAIL = frozenset({AZURE, TRAVIS, CODEBUILD, CLOUD_BUILD, TEKTON})
"""Where a script goes on behind a failed command; what its end says differs, so nothing is concluded from it."""
_MOST_LEVELS = 20
_NOT_JOBS = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"})


def read(pipeline: Pipeline) -> None:
    """Add the jobs of a pipeline."""
    dialect = _DIALECTS.get(pipeline.system)
    if dialect is None:
        pipeline.does_more = True
        return
    reader = _Reader(pipeline, dialect)
    for document in pipeline.root.blocks:
        if document.kind == "mapping":
            reader.read(document)
    if pipeline.system == CIRCLECI:
        pipeline.is_complete = True


class _Reader:
    """Reads the documents of one file."""

    def __init__(self, pipeline: Pipeline, dialect: _Dialect) -> None:
        self.pipeline = pipeline
        self.dialect = dialect
        self.values = Values(Source(pipeline.file.text))

    def read(self, top: Block) -> None:
        """Add the jobs of one document."""
        if self.pipeline.system == GITLAB:
            self._read_gitlab(top)
        elif self.pipeline.system in (TRAVIS, APPVEYOR):
            self._read_phases(top)
        else:
            self._read_steps(top)
        self._note_other_work(top)

    def _note_other_work(self, top: Block) -> None:
        """Take note of what does something that no script says: tasks, plugins, other pipelines."""
        for node in top.walk():
            parent = node.parent
            works = node.name in self.dialect.works and parent is not None and parent.kind == "mapping"
            if works or self._is_silent_step(node):
                self.pipeline.does_more = True

    def _is_silent_step(self, node: Setting | Block) -> bool:
        """Whether a node is a step that runs something else than a script."""
        steps = node.parent
        if steps is None or steps.name not in ("steps", "pipeline") or steps.kind not in ("sequence", "mapping"):
            return False
        if self.pipeline.system == CIRCLECI:
            name = node.value if isinstance(node, Setting) else next(iter(node.entries()), "")
            return name not in _CIRCLECI_STEPS
        if self.pipeline.system in (DRONE, WOODPECKER, TEKTON):
            return isinstance(node, Block) and node.get("image") is not None and not self._lines(node)
        return self.pipeline.system == CLOUD_BUILD and isinstance(node, Block) and not self._lines(node)

    def _read_gitlab(self, top: Block) -> None:
        self.pipeline.is_complete = top.get("include") is None
        for name, body in top.entries().items():
            if name in _NOT_JOBS or not isinstance(body, Block) or body.kind != "mapping":
                continue
            job = Job(self.pipeline, name, body.start)
            job.name = name
            job.needs = _needs(body.get("needs"))
            if body.value("when") != "manual" and body.get("rules") is None:
                job.forgives = self._forgiving(body)
            step = self._step(job, body)
            step.name, step.forgives = name, None
            job.steps.append(step)
            self.pipeline.jobs.append(job)

    def _read_phases(self, top: Block) -> None:
        """Travis CI and AppVeyor: the phases are one job, and some run by themselves where nothing is said."""
        self._read_steps(top)
        is_default = (
            "script" not in top.entries() if self.pipeline.system == TRAVIS else "build_script" not in top.entries()
        )
        is_off = top.value("build").lower() in ("off", "false")
        if is_default and not is_off and "jobs" not in top.entries():
            self.pipeline.does_more = True

    def _read_steps(self, top: Block) -> None:
        """Every mapping with a script is a step; those in one list of steps are a job."""
        jobs: dict[int, Job] = {}
        waiting: list[tuple[Block, int]] = [(top, 0)]
        while waiting:
            block, level = waiting.pop()
            children = [child for child in block.entries().values() if isinstance(child, Block)]
            items = block.items() if block.kind == "sequence" else []
            if level < _MOST_LEVELS:
                inner = children if block.kind == "mapping" else [item for item in items if isinstance(item, Block)]
                waiting += [(child, level + 1) for child in reversed(inner)]
            if block.kind != "mapping" or not self._lines(block):
                continue
            owner = _owner(block)
            if id(owner) not in jobs:
                jobs[id(owner)] = Job(self.pipeline, owner.name, owner.start)
                jobs[id(owner)].name = owner.value("name") or owner.name
                self.pipeline.jobs.append(jobs[id(owner)])
            job = jobs[id(owner)]
            job.steps.append(self._step(job, block))

    def _lines(self, block: Block) -> list[Setting]:
        """The scripts of a mapping, in the order in which the system runs them."""
        if self.pipeline.system == CLOUD_BUILD:
            return _of_cloud_build(block)
        keys = self.dialect.scripts
        if self.pipeline.system == CIRRUS:
            keys = tuple(name for name in block.entries() if name == "script" or name.endswith("_script"))
        elif self.pipeline.system == SOURCEHUT:
            return [item for task in _listed(block.get("tasks")) if isinstance(task, Block) for item in task.settings]
        return [line for key in keys for line in _script(block.get(key))]

    def _step(self, job: Job, block: Block) -> Step:
        name = next((block.value(key) for key in ("name", "displayName", "label", "id") if block.value(key)), "")
        step = Step(job, block.start, name or (block.name if not block.name.isdigit() else ""))
        step.forgives = self._forgiving(block)
        step.condition = block.value("condition") or block.value("when")
        directory = block.value("working_directory") or block.value("workingDirectory") or block.value("dir")
        step.directory = in_repository("", directory) if directory else ""
        step.pipefail = self.pipeline.system not in _WITHOUT_PIPEFAIL
        step.stops = True
        lines = self._lines(block)
        if lines:
            step.start = lines[0].key
            step.scripts = [self.values.text(line) for line in lines]
        return step

    def _forgiving(self, block: Block) -> Setting | None:
        for path, value in self.dialect.forgives:
            *folders, key = path.split(".")
            node: Block | None = block
            for folder in folders:
                node = node.block(folder) if node is not None else None
            setting = node.get(key) if node is not None else None
            if isinstance(setting, Setting) and (
                is_true(setting.value) if value == "true" else setting.value.lower() == value
            ):
                return setting
        return None


def _needs(node: Setting | Block | None) -> list[Setting]:
    """The jobs that a GitLab job needs in its own pipeline, the optional ones left out."""
    found = []
    for item in _listed(node):
        if isinstance(item, Setting):
            found.append(item)
        elif not is_true(item.value("optional")) and item.get("pipeline") is None and item.get("project") is None:
            job = item.get("job")
            found += [job] if isinstance(job, Setting) else []
    return found


def _listed(node: Setting | Block | None) -> list[Setting | Block]:
    return node.items() if isinstance(node, Block) else []


def _owner(step: Block) -> Block:
    """The mapping whose ``steps`` a step is one of."""
    steps = next((block for block in (step, *step.enclosing) if block.name in ("steps", "pipeline")), None)
    return steps.parent if steps is not None and steps.parent is not None else step


def _script(node: Setting | Block | None) -> list[Setting]:
    """The lines of a script: a text, or a list of texts, of lists of them, and of what else a system allows."""
    if isinstance(node, Setting):
        return [node] if node.value.strip() else []
    if node is None or node.kind != "sequence":
        return []
    return [line for item in node.items() for line in _line(item)]


def _line(item: Setting | Block) -> Iterator[Setting]:
    if isinstance(item, Setting):
        yield item
    elif item.kind == "sequence":
        yield from (inner for inner in item.items() if isinstance(inner, Setting))
    else:
        shell = next((item.get(name) for name in ("sh", "bash") if item.get(name) is not None), None)
        if isinstance(shell, Setting):  # AppVeyor, beside cmd and PowerShell
            yield shell


def _of_cloud_build(block: Block) -> list[Setting]:
    """The script of a step of Cloud Build: its own, or what a shell is told behind ``-c``."""
    script = block.get("script")
    if isinstance(script, Setting):
        return [script]
    words = [item for item in _listed(block.get("args")) if isinstance(item, Setting)]
    runs_shell = block.value("entrypoint") in _SHELLS or block.value("name").rpartition("/")[2] in _SHELLS
    is_told = len(words) > 1 and words[0].value.startswith("-") and words[0].value.endswith("c")
    return [words[1]] if runs_shell and is_told else []
