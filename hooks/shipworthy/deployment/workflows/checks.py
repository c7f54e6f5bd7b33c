"""The checks of pipelines that cannot fail, and whether something else heeds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from shipworthy.deployment.workflows.directories import Located, located_commands
from shipworthy.deployment.workflows.discovery import pipelines
from shipworthy.deployment.workflows.model import Job, Pipeline, Step
from shipworthy.deployment.workflows.purposes import (
    BACKUP,
    BUILD,
    DEPLOYMENT,
    HEALTH,
    LINT,
    MIGRATION,
    SCAN,
    TEST,
    input_never_fails,
    never_fails,
    normalized,
    purpose_of,
    purpose_of_action,
    purpose_of_name,
)
from shipworthy.deployment.workflows.wording import ADVISORY, FAILS, HELPS, STANDS_IN, admission, claim, plain
from shipworthy.formats.failures import BRANCH, OR, PIPE, Command, Ignored
from shipworthy.formats.tree import OPTION, REDIRECT, Node, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

GRAVE = frozenset({TEST, BUILD, DEPLOYMENT, MIGRATION, HEALTH, BACKUP})
"""What must hold before anything is delivered; linters and scans advise."""
_ORDER = (DEPLOYMENT, TEST, MIGRATION, BUILD, HEALTH, BACKUP, SCAN, LINT)
_SETUP = lazy(r"^actions/(?:checkout|setup-\w+|cache)@")
_MAY_IGNORE = lazy(r"[|&]|\bif\b|\+e|errexit")
"""Stands in every script that can ignore a failure, and spares the others the parser."""
_GOES_BACK = lazy(r"roll ?-?back|\bundo\b", re.IGNORECASE)
_NOT_SAID = frozenset({TEST, DEPLOYMENT, HEALTH})
"""What a step may speak about whose name does not say it."""
_OF_ITS_OWN = lazy(r"\b(?:privacy|compliance|licen[cs]e)\b", re.IGNORECASE)
"""Checks that no test and no deployment does besides."""
_READERS = frozenset(
    {"cat", "echo", "printf", "ls", "mv", "cp", "wc", "mkdir", "rm", "tee", "head", "tail", "test", "["}
)
_OUTPUT_OPTIONS = lazy(
    r"o|output[-_]?\w*|out\w*|report[-_]?\w*|json[-_]?\w*|junit\w*|log[-_]?\w*|export|file|result\w*", re.IGNORECASE
)
_CHECK = "check"
"""What a command is for that says itself, with a red cross, that something is wrong."""
_PREPARES = frozenset("echo printf true : cd export set mkdir chmod sleep".split())
_CONTAINERS = frozenset({"docker", "podman", "nerdctl"})
_IMAGE_AND_MORE = lazy(
    r"\brun(?: --?(?:rm|it?|d|privileged|init)(?= )| -{1,2}[\w-]+[= ](?:\$\{\{[^{}]*\}\}\S*|\S+))*+"
    r" (?P<more>\S.*)"
)
"""What a container is started from and given; what is mounted into it is not looked at there."""
_INTERPRETERS = frozenset("node ts-node tsx deno bun python python3 ruby php java bash sh go cargo dotnet perl".split())
_LOOKS = frozenset("grep find ls cat jq head tail wc awk sed git test [ [[ diff which command".split())
"""Programs that tell something, and fail where there is nothing to tell."""
_FILE_TESTS = frozenset({"-f", "-d", "-e", "-s", "-x"})
_WITHOUT_SARIF = lazy("sonarsource/|sonarcloud|sonar-scanner|docker-bench-security|trufflehog|detect-secrets")
"""Tools whose findings no SARIF file holds, unless something makes one of them."""
OPTION_GIVEN = "option"
"""How a failure is ignored by a linter or a scan itself: an option says so."""
_TOOL_NAMES = lazy(
    "trivy|snyk|semgrep|gitleaks|trufflehog|checkov|tfsec|kics|grype|anchore|bandit|gosec|eslint|codeql|hadolint|scorecard"
    "|sonar|njsscan|osv|zap|scout|terrascan|brakeman|slither|clippy|golangci|ruff|mobsf|devskim|psalm|phpstan"
)
_WRITES = lazy(r"^(?:1|&)?>{1,2}$")
_SHORTEST_OUTPUT = 4


class Unheeded(NamedTuple):
    """A check whose failure counts for nothing.

    ``purpose`` is what it is for, ``written`` the command, action or job, ``where`` the node or offset that makes it
    so. ``ignored`` says how the script does it, None where a setting of the step or the job does. ``declared`` tells
    that a name says openly that it only advises.
    """

    pipeline: Pipeline
    job: Job
    step: Step | None
    purpose: str
    written: str
    where: Node | int
    ignored: Ignored | None
    declared: bool


class Spoken(NamedTuple):
    """A step that does nothing of what its name says; ``admission`` is the line where it says so, or ""."""

    pipeline: Pipeline
    job: Job
    step: Step
    what: str
    admission: str


class Checks:
    """What the pipelines check, and what of it is heeded."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.pipelines = project.model(pipelines)

    @property
    def unheeded(self) -> Iterator[Unheeded]:
        """The checks that cannot fail, in order."""
        for pipeline in self.pipelines:
            for job in pipeline.jobs:
                yield from self._of_job(pipeline, job)

    def _of_job(self, pipeline: Pipeline, job: Job) -> Iterator[Unheeded]:
        if job.forgives is not None:
            purposes = {found for step in job.steps for found in self._purposes(step)}
            purpose = next((known for known in _ORDER if known in purposes), "")
            if purpose and not _reads_result(pipeline, job) and not _uploads_findings(job.steps, purpose, None):
                name = job.name or job.id
                yield Unheeded(pipeline, job, None, purpose, name, job.forgives, None, _is_advisory(job, None))
            return
        for number in range(len(job.steps)):
            yield from self._of_steps(pipeline, job, job.steps[number:])

    def _of_steps(self, pipeline: Pipeline, job: Job, later: list[Step]) -> Iterator[Unheeded]:
        """What the first of the ``later`` steps of a job lets pass."""
        step = later[0]
        if step.runs_after_failure or _reads_outcome(pipeline, step):
            return
        declared = _is_advisory(job, step)
        if step.forgives is not None:
            purpose = self._purpose(step)
            if purpose and not _uploads_findings(later, purpose, step) and not self._is_repeated(pipeline, job, step):
                written = step.name or (step.uses.value if step.uses is not None else _command_for(step, purpose))
                yield Unheeded(pipeline, job, step, purpose, written, step.forgives, None, declared)
            return
        yield from self._told_to_pass(pipeline, job, later)
        if not _MAY_IGNORE.search(step.text):
            return
        seen: set[tuple[str, str]] = set()
        for located in located_commands(step):
            command = located.command
            purpose = self._purpose_of_ignored(step, command)
            if not purpose or command.ignored is None or _uploads_findings(later, purpose, step):
                continue
            written = normalized(command.block)
            key = (written, command.ignored.text)
            if key in seen or self._is_heeded(pipeline, job, located) or _is_read(later, command):
                continue
            seen.add(key)
            yield Unheeded(pipeline, job, step, purpose, written, command.block.start, command.ignored, declared)

    def _told_to_pass(self, pipeline: Pipeline, job: Job, later: list[Step]) -> Iterator[Unheeded]:
        """The linters and scans of a step that an option tells to succeed whatever they find."""
        step = later[0]
        declared = _is_advisory(job, step)
        if step.uses is not None:
            purpose = purpose_of_action(step.uses.value)
            if purpose in (SCAN, LINT) and not _uploads_findings(later, purpose, step):
                for given in step.inputs.settings if step.inputs is not None else ():
                    if input_never_fails(given.name, given.value):
                        option = never_fails(given.value) or f"{given.name}: {given.value}"
                        ignored = Ignored(OPTION_GIVEN, option)
                        yield Unheeded(
                            pipeline, job, step, purpose, step.name or step.uses.value, given, ignored, declared
                        )
            return
        if not never_fails(step.text):
            return
        for located in located_commands(step):
            command = located.command
            written = normalized(command.block)
            option = never_fails(written) if command.ignored is None else ""
            purpose = purpose_of(command.block) if option else ""
            if purpose not in (SCAN, LINT) or _uploads_findings(later, purpose, step):
                continue
            if not self._is_heeded(pipeline, job, located) and not _is_read(later, command):
                ignored = Ignored(OPTION_GIVEN, option)
                yield Unheeded(pipeline, job, step, purpose, written, command.block.start, ignored, declared)

    @staticmethod
    def _purpose_of_ignored(step: Step, command: Command) -> str:
        """What a command whose failure is ignored is for: by itself, by the step's name, or by its own red cross."""
        if command.ignored is None or command.block.name in _PREPARES:
            return ""
        purpose = purpose_of(command.block)
        if purpose or command.ignored.how not in (OR, BRANCH) or HELPS.search(step.name):
            return purpose
        works = [other for other in step.commands if other.block.name not in _PREPARES]
        if _runs_a_program(command) and all(other.ignored is not None for other in works):
            purpose = purpose_of_name(plain(step.name))
        return purpose or (_CHECK if command.ignored.how == OR and _judges(command, command.ignored.text) else "")

    def _purpose(self, step: Step) -> str:
        """What a step checks; its name counts only where it does something that is not known."""
        purposes = self._purposes(step)
        found = next((known for known in _ORDER if known in purposes), "")
        if HELPS.search(step.name):
            return found if step.uses is None else ""
        does_nothing = step.uses is not None or step.only_speaks or step.only_pretends
        return found or ("" if does_nothing else purpose_of_name(plain(step.name)))

    @staticmethod
    def _purposes(step: Step) -> set[str]:
        found = {purpose_of(command.block) for command in step.commands}
        if step.uses is not None:
            found.add(purpose_of_action(step.uses.value))
        return found - {""}

    def _is_repeated(self, pipeline: Pipeline, job: Job, step: Step) -> bool:
        """Whether all that a step checks can fail elsewhere."""
        checks = [located for located in located_commands(step) if purpose_of(located.command.block)]
        return bool(checks) and all(self._is_heeded(pipeline, job, check) for check in checks)

    def _is_heeded(self, pipeline: Pipeline, job: Job, located: Located) -> bool:
        """Whether the same check can fail elsewhere: the same command in that folder, or the same tool in the job."""
        command = located.command
        folders = self._heeded_anywhere.get(normalized(command.block), ())
        if folders and (located.directory is None or None in folders or located.directory in folders):
            return True
        if purpose_of(command.block) not in (SCAN, LINT):
            return False
        if any("fail" in word for word in command.block.words[1:]):
            return False  # only the same command is as strict
        looked_at = _paths(command)
        return any(
            looked_at <= known for known in self._heeded_tools.get((pipeline.file.path, job.id, _tool(command)), ())
        )

    @cached_property
    def _heeded(self) -> list[tuple[Pipeline, Job, Located]]:
        return [
            (pipeline, job, located)
            for pipeline in self.pipelines
            for job in pipeline.jobs
            if job.forgives is None
            for step in job.steps
            if step.forgives is None
            for located in located_commands(step)
            if located.command.ignored is None
            and purpose_of(located.command.block)
            and not never_fails(normalized(located.command.block))
        ]

    @cached_property
    def _heeded_anywhere(self) -> dict[str, set[str | None]]:
        """The commands that can fail, each with the folders it runs in; None stands for one that is not known."""
        found: dict[str, set[str | None]] = {}
        for _, _, located in self._heeded:
            found.setdefault(normalized(located.command.block), set()).add(located.directory)
        return found

    @cached_property
    def _heeded_tools(self) -> dict[tuple[str, str, str], list[frozenset[str]]]:
        """What each tool that can fail looks at, by file, job and tool."""
        found: dict[tuple[str, str, str], list[frozenset[str]]] = {}
        for pipeline, job, located in self._heeded:
            key = (pipeline.file.path, job.id, _tool(located.command))
            found.setdefault(key, []).append(_paths(located.command))
        return found

    @property
    def spoken(self) -> Iterator[Spoken]:
        """The steps whose name says that they do something, and which only say so.

        Those of pipelines that only speak from the first step to the last are left out: they are stubs as a whole.
        """
        for pipeline in self.pipelines:
            if is_stub(pipeline):
                continue
            for job in pipeline.jobs:
                for step in job.steps:
                    what = _claim(job, step)
                    admits = admission(step.text) if what else ""
                    if what and (
                        (admits and step.only_pretends) or (step.only_speaks and not self._is_done_elsewhere(job, step))
                    ):
                        yield Spoken(pipeline, job, step, what, admits)

    def _is_done_elsewhere(self, job: Job, step: Step) -> bool:
        """Whether another step of the job does what this one only speaks about."""
        purpose = purpose_of_name(plain(step.name))
        if not purpose and _OF_ITS_OWN.search(step.name):
            return False
        goes_back = _GOES_BACK.search(step.name) is not None
        for other in job.steps:
            if other is step or (goes_back and not _GOES_BACK.search(other.text)):
                continue
            if self._purposes(other) & ({purpose} if purpose else _NOT_SAID):
                return True
        return False


def checks(project: Project) -> Checks:
    """The checks of the pipelines: ``project.model(checks)``."""
    return Checks(project)


def is_stub(pipeline: Pipeline) -> bool:
    """Whether nothing in a pipeline does more than print."""
    steps = [step for step in pipeline.steps if step.uses is None or not _SETUP.search(step.uses.value)]
    is_told = bool(steps) and not pipeline.does_more and not any(job.workflow is not None for job in pipeline.jobs)
    names = [job.name for job in pipeline.jobs] + [step.name for step in steps] + [pipeline.file.name]
    if not is_told or pipeline.is_action or any(STANDS_IN.search(name) for name in names):
        return False
    return all(step.only_speaks for step in steps)


def _claim(job: Job, step: Step) -> str:
    """What a step's name says that it does; for the only step of a job, without a name, what the job's name says."""
    if step.name:
        return claim(step.name, after_failure=step.runs_after_failure)
    works = list(islice((other for other in job.steps if other.uses is None or not _SETUP.search(other.uses.value)), 2))
    is_gate = bool(job.needs) and purpose_of_name(job.id) in (TEST, LINT, SCAN)
    if works != [step] or is_gate or STANDS_IN.search(f"{job.id} {job.name}"):
        return ""
    name = job.name if job.name and job.name != job.id else job.id.replace("-", " ").replace("_", " ")
    return claim(name, after_failure="failure()" in job.condition)


def _is_advisory(job: Job, step: Step | None) -> bool:
    names = [job.name, job.id, *([step.name] if step is not None else [])]
    return any(ADVISORY.search(plain(name.replace("_", " "))) for name in names)


def _reads_outcome(pipeline: Pipeline, step: Step) -> bool:
    """Whether something asks how the step ended, or what it gave."""
    text = pipeline.file.text
    if _reads_all_outcomes(text):
        return True
    written = (f"steps.{step.id}.", f"steps['{step.id}']", f'steps["{step.id}"]')
    return bool(step.id) and any(reading in text for reading in written)


@lru_cache(maxsize=1)
def _reads_all_outcomes(text: str) -> bool:
    return "toJSON(steps)" in text or "toJson(steps)" in text


def _reads_result(pipeline: Pipeline, job: Job) -> bool:
    return bool(job.id) and re.search(rf"\bneeds\.{re.escape(job.id)}\.result", pipeline.file.text) is not None


def _uploads_findings(steps: list[Step], purpose: str, scan: Step | None) -> bool:
    """Whether what a scan finds is handed to GitHub, which judges it; None stands for any scan of the steps."""
    if purpose not in (SCAN, LINT):
        return False
    said = _said(scan) if scan is not None else "codeql sarif"
    for step in steps:
        action = step.uses.value if step.uses is not None else ""
        if "upload-sarif" in action and (
            "sarif" in said or (not _WITHOUT_SARIF.search(said) and _may_upload(step, said))
        ):
            return True
        if "codeql-action/analyze" in action and "codeql" in said:
            return True
    return False


def _said(scan: Step) -> str:
    """All that a step says about what it scans with and where it leaves what it finds."""
    given = scan.inputs.settings if scan.inputs is not None else []
    words = [scan.text, scan.uses.value if scan.uses is not None else ""]
    return " ".join([*words, *(f"{setting.name} {setting.value}" for setting in given)]).lower()


def _may_upload(upload: Step, said: str) -> bool:
    """Whether a step that hands over findings may hand over those of a scan: nothing in the file's name speaks against.

    A file that is called after another tool does: it holds what that tool found.
    """
    given = upload.inputs.get("sarif_file") if upload.inputs is not None else None
    name = given.value.rpartition("/")[2].lower() if isinstance(given, Setting) else ""
    tools = set(_TOOL_NAMES.findall(name))
    return not tools or any(tool in said for tool in tools)


def _command_for(step: Step, purpose: str) -> str:
    """The first command of a step that is for something, as a step without a name is best known by."""
    commands = (command.block for command in step.commands)
    return next((normalized(block) for block in commands if purpose_of(block) == purpose), f"this {purpose}")


def _runs_a_program(command: Command) -> bool:
    """Whether a command runs a program of the project, of which nothing is known but the name of the step."""
    program = normalized(command.block).split(" ", 1)[0]
    return program in _INTERPRETERS or program.startswith(("./", "../"))


def _judges(command: Command, said: str) -> bool:
    """Whether a command looks at files, and the script itself calls what it finds a failure."""
    words = command.block.words
    is_test = words[:1] in (("[",), ("[[",), ("test",))
    looks = command.block.name in _LOOKS and (not is_test or bool(_FILE_TESTS.intersection(words)))
    return looks and FAILS.search(said) is not None and not any("${{" in word for word in words)


def _tool(command: Command) -> str:
    words = normalized(command.block).split()
    if words and words[0] in ("npm", "yarn", "pnpm", "cargo", "go", "dotnet", "docker"):
        return " ".join(word for word in words[:3] if not word.startswith("-"))
    return words[0] if words else ""


def _paths(command: Command) -> frozenset[str]:
    """The paths that a command is given to look at."""
    outputs = _outputs(command)
    inner = _IMAGE_AND_MORE.search(" ".join(command.block.words)) if command.block.name in _CONTAINERS else None
    given = inner["more"].split() if inner is not None else command.block.words[1:]
    words = (word for word in given if not word.startswith("-"))
    return frozenset(
        word for word in words if ("/" in word or word == ".") and not any(output in word for output in outputs)
    )


def _is_read(later: list[Step], command: Command) -> bool:
    """Whether a later command of the job reads the file that a command leaves its result in."""
    for output in _outputs(command):
        for step in later:
            for other in step.commands:
                if other.start == command.start and step is later[0]:
                    continue
                if (
                    other.block.name not in _READERS
                    and any(output in word for word in other.block.words)
                    and not _is_same_tool(command, other)
                ):
                    return True
            if any(output in substitution for substitution in _SUBSTITUTION.findall(step.text)):
                return True
            if output in step.text and any(word in step.text for word in ("open(", "readFile", "require(")):
                return True
    return False


_SUBSTITUTION = lazy(r"\$\([^\n]{1,500}")


def _is_same_tool(command: Command, other: Command) -> bool:
    return command.block.name == other.block.name and purpose_of(other.block) == purpose_of(command.block)


def _outputs(command: Command) -> list[str]:
    """The names of the files that a command writes its result to, without their folders."""
    found = []
    for setting in command.block.settings:
        is_output = setting.kind == OPTION and _OUTPUT_OPTIONS.fullmatch(setting.name)
        if is_output or (setting.kind == REDIRECT and _WRITES.match(setting.name)):
            found.append(setting.value)
    if command.ignored is not None and command.ignored.how == PIPE:
        found += [word for word in command.ignored.text.split()[2:] if not word.startswith("-")]
    names = [_stem(value.strip("\"'").rpartition("/")[2]) for value in found]
    return [name for name in names if len(name) >= _SHORTEST_OUTPUT and name != "null"]


def _stem(name: str) -> str:
    """A name up to what the CI makes up of it."""
    return re.split(r"\$\{?\{?", name)[0].rstrip("-_.") if "$" in name else name
