"""GitHub Actions, and Gitea's and Forgejo's, which read the same files.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.workflows.expressions import is_literal, is_true
from shipworthy.deployment.workflows.model import Job, Pipeline, Step
from shipworthy.formats.dialects.values import Values
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting

_SHELLS = frozenset({"bash", "sh"})


def read(pipeline: Pipeline) -> None:
    """Add the jobs of a workflow; the steps of a composite action become one job."""
    top = next((block for block in pipeline.root.blocks if block.kind == "mapping"), None)
    if top is None:
        return
    reader = _Reader(pipeline, top)
    if pipeline.is_action:
        runs = top.block("runs")
        steps = runs.block("steps") if runs is not None else None
        if steps is not None:
            job = Job(pipeline, "", steps.start)
            reader.add_steps(job, steps, top)
            pipeline.jobs.append(job)
        return
    jobs = top.block("jobs")
    pipeline.is_complete = jobs is not None
    for name, body in jobs.entries().items() if jobs is not None else ():
        if isinstance(body, Block) and body.kind == "mapping":
            pipeline.jobs.append(reader.job(name, body))


class _Reader:
    def __init__(self, pipeline: Pipeline, top: Block) -> None:
        self.pipeline = pipeline
        self.top = top
        self.values = Values(Source(pipeline.file.text))

    def job(self, id: str, body: Block) -> Job:
        job = Job(self.pipeline, id, body.start)
        job.name = body.value("name", id)
        job.condition = body.value("if")
        job.needs = _listed(body.get("needs"))
        job.forgives = _forgiving(body)
        uses = body.get("uses")
        job.workflow = uses if isinstance(uses, Setting) else None
        steps = body.block("steps")
        if steps is not None:
            self.add_steps(job, steps, body)
        return job

    def add_steps(self, job: Job, steps: Block, body: Block) -> None:
        for item in steps.items():
            if isinstance(item, Block) and item.kind == "mapping":
                job.steps.append(self._step(job, item, body))

    def _step(self, job: Job, item: Block, body: Block) -> Step:
        uses, run, name = item.get("uses"), item.get("run"), item.get("name")
        known_by = name if isinstance(name, Setting) else run or uses or item
        step = Step(job, known_by.key if isinstance(known_by, Setting) else known_by.start, item.value("name"))
        step.id = item.value("id")
        step.condition = item.value("if")
        step.forgives = _forgiving(item)
        if isinstance(uses, Setting):
            step.uses = uses
            step.inputs = item.block("with")
        if isinstance(run, Setting):
            self._add_script(step, item, body, run)
        return step

    def _add_script(self, step: Step, item: Block, body: Block, run: Setting) -> None:
        defaults = [_defaults(block) for block in (body, self.top)]
        given = item.get("working-directory")
        step.working_directory = given if isinstance(given, Setting) else None
        directory = item.value("working-directory") or _first(defaults, "working-directory")
        step.directory = in_repository("", directory) if directory else ""
        shell = item.value("shell") or _first(defaults, "shell")
        step.pipefail = shell == "bash" or "pipefail" in shell
        words = shell.split()
        step.stops = len(words) < 2 or any(word.startswith("-") and "e" in word[1:] for word in words[1:])
        machine = body.value("runs-on")
        is_windows = not shell and ("windows" in machine or not is_literal(machine))
        is_shell = not shell or words[0].rpartition("/")[2] in _SHELLS
        if is_shell and not (is_windows and "windows" in self.pipeline.file.text):
            step.scripts.append(self.values.text(run))


def _defaults(block: Block) -> Block | None:
    defaults = block.block("defaults")
    return defaults.block("run") if defaults is not None else None


def _first(blocks: list[Block | None], name: str) -> str:
    return next((block.value(name) for block in blocks if block is not None and block.value(name)), "")


def _forgiving(block: Block) -> Setting | None:
    setting = block.get("continue-on-error")
    return setting if isinstance(setting, Setting) and is_true(setting.value) else None


def _listed(node: Setting | Block | None) -> list[Setting]:
    """The values of a scalar or a list."""
    if isinstance(node, Setting):
        return [node]
    return [item for item in node.items() if isinstance(item, Setting)] if node is not None else []
