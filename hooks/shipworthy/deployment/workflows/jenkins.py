"""Jenkinsfiles: the stages of a pipeline, and the shell scripts in them.

Only what every Jenkinsfile has in common is read: ``stage('...') { ... }``, ``sh`` and ``echo`` with a plain string,
and ``catchError``. Everything else is Groovy that does something.

Source: https://www.jenkins.io/doc/book/pipeline/syntax/ and the reference of the plugin workflow-durable-task-step
"""

from __future__ import annotations

import re

from shipworthy.deployment.workflows.model import Job, Pipeline, Step
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Setting
from shipworthy.patterns import lazy

_TOKEN = lazy(
    r"//[^\n]*|(?P<comment>/\*)"
    r"|\bstage\s*\(\s*(?P<stage>'[^'\n]{0,200}'|\"[^\"\n]{0,200}\")\s*\)\s*\{"
    r"|\b(?P<catch>catchError|warnError)\s*(?P<arguments>\([^()\n]{0,300}\))?\s*\{"
    r"|\b(?P<call>sh|echo)\b\s*(?:\(\s*)?(?:script\s*:\s*)?(?=['\"])"
    r"|(?P<quote>'''|\"\"\"|['\"])|(?P<brace>[{}])|(?P<word>\b[A-Za-z_]\w*)"
)
_FRAME = frozenset(
    "pipeline agent any none stages steps stage post always success failure unstable changed cleanup environment when"
    " options branch expression parallel script timeout timestamps retry triggers cron label time unit node tools"
    " input".split()
)
"""Words of the frame around what is done."""
_KEEPS_GREEN = lazy(r"buildResult\s*:\s*['\"]SUCCESS['\"]")
_ANSWERS = lazy(r"returnStatus\s*:\s*true|returnStdout\s*:\s*true")
_MOST_TOKENS = 50_000
_LONGEST = 500_000
"""Characters that are looked at."""


def read(pipeline: Pipeline) -> None:
    """Add the stages of a Jenkinsfile as jobs of one step each. Raises `Unreadable` for what is no text."""
    _Reader(pipeline).read()


class _Reader:
    """Goes through the tokens; every open brace is remembered with what it opened."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.text = pipeline.file.text[:_LONGEST]
        self.source = Source(self.text)
        self.open: list[Step | Setting | None] = []
        self.stages: list[Step] = []
        self.forgiving: list[Setting] = []

    def read(self) -> None:
        """Add everything; what cannot be read does something."""
        position = 0
        for _ in range(_MOST_TOKENS):
            token = _TOKEN.search(self.text, position)
            if token is None:
                return
            position = self._take(token)
            if position < 0:
                break
        self.pipeline.does_more = True

    def _take(self, token: re.Match[str]) -> int:
        """Add what a token says. Where the next one may begin; -1 where what it opens has no end."""
        if token["comment"]:
            end = self.text.find("*/", token.end())
            return end + 2 if end >= 0 else -1
        if token["quote"]:
            return self._end_of_string(token.start())
        if token["call"]:
            return self._take_script(token)
        if token["stage"]:
            self._open_stage(token)
        elif token["catch"]:
            keeps = token["catch"] == "catchError" and _KEEPS_GREEN.search(token["arguments"] or "")
            place = Setting("catchError", "buildResult: SUCCESS", token.start("catch"), token.end("catch"))
            self.open.append(place if keeps else None)
            self.forgiving += [place] if keeps else []
        elif token["brace"] == "{":
            self.open.append(None)
        elif token["brace"] == "}":
            self._close()
        elif token["word"] and token["word"] not in _FRAME and self.stages:
            self.pipeline.does_more = True
        return token.end()

    def _close(self) -> None:
        closed = self.open.pop() if self.open else None
        if isinstance(closed, Step):
            self.stages.pop()
        elif closed is not None:
            self.forgiving.pop()

    def _open_stage(self, token: re.Match[str]) -> None:
        name = token["stage"].strip("'\"")
        job = Job(self.pipeline, name, token.start("stage"))
        job.name = name
        job.steps.append(Step(job, token.start("stage"), name))
        self.pipeline.jobs.append(job)
        self.open.append(job.steps[0])
        self.stages.append(job.steps[0])

    def _take_script(self, token: re.Match[str]) -> int:
        """Add a script, or an ``echo`` of Groovy, which is read as one of the shell."""
        end = self._end_of_string(token.end())
        line_end = self.text.find("\n", end)
        rest = self.text[end : line_end if line_end >= 0 else len(self.text)]
        step = self.stages[-1] if self.stages else None
        if end < 0 or step is None or _ANSWERS.search(rest[:200]):
            self.pipeline.does_more = True
            return end
        marks = 3 if self.text.startswith(("'''", '"""'), token.end()) else 1
        if token["call"] == "echo":
            step.scripts.append(self.source.part(token.start("call"), token.start("call") + 4))
            return end
        if self.forgiving:
            step = Step(step.job, token.start("call"), step.name)
            step.forgives = self.forgiving[0]
            step.job.steps.append(step)
        step.scripts.append(self.source.part(token.end() + marks, end - marks))
        return end

    def _end_of_string(self, start: int) -> int:
        """Where a string ends that begins at ``start``; -1 where it does not."""
        for mark in ("'''", '"""'):
            if self.text.startswith(mark, start):
                end = self.text.find(mark, start + 3)
                return end + 3 if end >= 0 else -1
        position, quote = start + 1, self.text[start]
        while position < len(self.text) and self.text[position] not in (quote, "\n"):
            position += 2 if self.text[position] == "\\" else 1
        return min(position + 1, len(self.text))
