"""The pipelines of other systems than GitHub's: the mappings that hold scripts are their steps.

Sources: the reference pages of GitLab CI/CD, CircleCI, Azure Pipelines, Bitbucket Pipelines, Drone, Woodpecker,
Buildkite, Travis CI and AWS CodeBuild.
"""

from __future__ import annotations

from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.workflows.expressions import is_true
from shipworthy.deployment.workflows.model import CIRCLECI, GITLAB, Job, Pipeline, Step
from shipworthy.formats.dialects.values import Values
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting

_SCRIPTS = {
    GITLAB: ("before_script", "script"),
    CIRCLECI: ("run", "command"),
    "Azure Pipelines": ("bash", "script"),
    "Bitbucket Pipelines": ("script",),
    "Drone": ("commands",),
    "Woodpecker": ("commands",),
    "Buildkite": ("command", "commands"),
    "CodeBuild": ("commands",),
    "Travis CI": ("before_install", "install", "before_script", "script"),
}
_FORGIVES = {
    GITLAB: ("allow_failure",),
    "Azure Pipelines": ("continueOnError",),
    "Buildkite": ("soft_fail",),
}
_WITHOUT_STOPPING = frozenset({"Azure Pipelines", "Travis CI", "CodeBuild"})
"""Where a script goes on behind a failed command; what its end says differs, so nothing is concluded from it."""
_MOST_LEVELS = 20
_NOT_JOBS = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"})


def read(pipeline: Pipeline) -> None:
    """Add the jobs of a pipeline."""
    keys = _SCRIPTS.get(pipeline.system)
    if keys is None:
        return
    values = Values(Source(pipeline.file.text))
    for document in pipeline.root.blocks:
        if document.kind != "mapping":
            continue
        if pipeline.system == GITLAB:
            _read_gitlab(pipeline, values, document)
        else:
            _read_any(pipeline, values, document, keys)
    if pipeline.system == CIRCLECI:
        pipeline.is_complete = True


def _read_gitlab(pipeline: Pipeline, values: Values, top: Block) -> None:
    pipeline.is_complete = top.get("include") is None
    for name, body in top.entries().items():
        if name in _NOT_JOBS or not isinstance(body, Block) or body.kind != "mapping":
            continue
        job = Job(pipeline, name, body.start)
        job.name = name
        job.needs = _needs(body.get("needs"))
        if body.value("when") != "manual" and body.get("rules") is None:
            job.forgives = _forgiving(pipeline.system, body)
        step = _step(pipeline, values, job, body, _SCRIPTS[GITLAB])
        step.name, step.forgives = name, None
        job.steps.append(step)
        pipeline.jobs.append(job)


def _needs(node: Setting | Block | None) -> list[Setting]:
    """The jobs that a GitLab job needs in its own pipeline, the optional ones left out."""
    found = []
    for item in node.items() if isinstance(node, Block) else []:
        if isinstance(item, Setting):
            found.append(item)
        elif not is_true(item.value("optional")) and item.get("pipeline") is None and item.get("project") is None:
            job = item.get("job")
            found += [job] if isinstance(job, Setting) else []
    return found


def _read_any(pipeline: Pipeline, values: Values, top: Block, keys: tuple[str, ...]) -> None:
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
        if block.kind != "mapping" or not any(_script(block.get(key)) for key in keys):
            continue
        owner = _owner(block)
        if id(owner) not in jobs:
            jobs[id(owner)] = Job(pipeline, owner.name, owner.start)
            jobs[id(owner)].name = owner.value("name") or owner.name
            pipeline.jobs.append(jobs[id(owner)])
        job = jobs[id(owner)]
        job.steps.append(_step(pipeline, values, job, block, keys))


def _owner(step: Block) -> Block:
    """The mapping whose ``steps`` a step is one of."""
    steps = next((block for block in (step, *step.enclosing) if block.name in ("steps", "pipeline")), None)
    return steps.parent if steps is not None and steps.parent is not None else step


def _script(node: Setting | Block | None) -> list[Setting]:
    if isinstance(node, Setting):
        return [node] if node.value.strip() else []
    if node is None or node.kind != "sequence":
        return []
    found: list[Setting] = []
    for item in node.items():
        found += [item] if isinstance(item, Setting) else [i for i in item.items() if isinstance(i, Setting)]
    return found if all(isinstance(item, Setting) or item.kind == "sequence" for item in node.items()) else []


def _step(pipeline: Pipeline, values: Values, job: Job, block: Block, keys: tuple[str, ...]) -> Step:
    name = next((block.value(key) for key in ("name", "displayName", "label") if block.value(key)), "")
    step = Step(job, block.start, name or (block.name if not block.name.isdigit() else ""))
    step.forgives = _forgiving(pipeline.system, block)
    step.condition = block.value("condition") or block.value("when")
    directory = block.value("working_directory") or block.value("workingDirectory")
    step.directory = in_repository("", directory) if directory else ""
    step.pipefail = True
    step.stops = True
    lines = [line for key in keys for line in _script(block.get(key))]
    if lines:
        step.start = lines[0].key
        step.scripts = [values.text(line) for line in lines]
    if pipeline.system in _WITHOUT_STOPPING:
        step.pipefail = False
    return step


def _forgiving(system: str, block: Block) -> Setting | None:
    for key in _FORGIVES.get(system, ()):
        setting = block.get(key)
        if isinstance(setting, Setting) and is_true(setting.value):
            return setting
    return None
