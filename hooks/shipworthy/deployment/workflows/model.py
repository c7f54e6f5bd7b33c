"""What a pipeline is, whatever CI runs it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from shipworthy.deployment.workflows.expressions import is_literal
from shipworthy.file import File
from shipworthy.formats.failures import Command, commands, only_pretends, only_speaks
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable

GITHUB = "GitHub Actions"
GITLAB = "GitLab CI/CD"
CIRCLECI = "CircleCI"
AZURE = "Azure Pipelines"
BITBUCKET = "Bitbucket Pipelines"
JENKINS = "Jenkins"
DRONE = "Drone"
WOODPECKER = "Woodpecker"
BUILDKITE = "Buildkite"
CLOUD_BUILD = "Cloud Build"
CODEBUILD = "CodeBuild"
TEKTON = "Tekton"
TRAVIS = "Travis CI"
APPVEYOR = "AppVeyor"
CIRRUS = "Cirrus CI"
SEMAPHORE = "Semaphore"
CODEFRESH = "Codefresh"
CODEMAGIC = "Codemagic"
SOURCEHUT = "builds.sr.ht"


class Step:
    """One step of a job: a script, or somebody else's action.

    ``start`` is the offset in the file of what the step is known by. ``scripts`` are its shell scripts, none for other
    shells. ``uses`` is the action, ``inputs`` what it is given. ``forgives`` is the setting that makes its failure
    count for nothing. ``directory`` is the folder it starts in, None where that is not known.
    """

    def __init__(self, job: Job, start: int, name: str = "") -> None:
        self.job = job
        self.start = start
        self.name = name
        self.id = ""
        self.condition = ""
        self.scripts: list[Source] = []
        self.uses: Setting | None = None
        self.inputs: Block | None = None
        self.forgives: Setting | None = None
        self.directory: str | None = ""
        self.working_directory: Setting | None = None
        self.stops = True
        self.pipefail = False

    @cached_property
    def commands(self) -> list[Command]:
        """The commands of the scripts, in order."""
        found: list[Command] = []
        for script in self.scripts:
            try:
                found += commands(script, stops=self.stops, pipefail=self.pipefail)
            except Unreadable:
                continue
        return found

    @cached_property
    def only_speaks(self) -> bool:
        """Whether the step's scripts do nothing but say things."""
        if not self.scripts or not all("echo" in script.text or "printf" in script.text for script in self.scripts):
            return False
        try:
            return all(only_speaks(script.text) for script in self.scripts)
        except Unreadable:
            return False

    @cached_property
    def only_pretends(self) -> bool:
        """Whether the step's scripts have no effect on anything that runs."""
        try:
            return bool(self.scripts) and all(only_pretends(script.text) for script in self.scripts)
        except Unreadable:
            return False

    @property
    def text(self) -> str:
        """The text of the scripts."""
        return "\n".join(script.text for script in self.scripts)

    def input(self, name: str) -> Setting | None:
        """What the action is given under that name, if it is a plain value."""
        found = self.inputs.get(name) if self.inputs is not None else None
        return found if isinstance(found, Setting) and is_literal(found.value) else None

    @property
    def runs_after_failure(self) -> bool:
        """Whether the step runs because another has failed."""
        return "failure()" in self.condition or "cancelled()" in self.condition.replace("!cancelled()", "")

    def __repr__(self) -> str:
        return f"<step {self.name or self.start}>"


class Job:
    """A job: steps that run one after the other on one machine.

    ``needs`` are the settings that name the jobs it waits for. ``workflow`` is the reusable workflow that it runs
    instead of steps.
    """

    def __init__(self, pipeline: Pipeline, id: str, start: int) -> None:
        self.pipeline = pipeline
        self.id = id
        self.start = start
        self.name = ""
        self.condition = ""
        self.steps: list[Step] = []
        self.needs: list[Setting] = []
        self.workflow: Setting | None = None
        self.forgives: Setting | None = None

    def before(self, step: Step) -> list[Step]:
        """The steps that run before a step."""
        return self.steps[: self.steps.index(step)]

    def __repr__(self) -> str:
        return f"<job {self.id}>"


class Pipeline:
    """A file that a CI reads.

    ``root`` is its tree without any meaning added; ``unreadable`` says why it is no YAML, and is "" where it is.
    ``does_more`` tells that it does something that no step says: tasks, plugins, other pipelines.
    ``is_action`` tells a composite action of the repository. ``is_complete`` tells that its jobs could be read, and
    that none stands in another file.
    """

    def __init__(self, system: str, file: File, is_action: bool = False) -> None:
        self.system = system
        self.file = file
        self.root = Block("document")
        self.unreadable = ""
        self.jobs: list[Job] = []
        self.is_action = is_action
        self.is_complete = False
        self.does_more = False

    @property
    def reader(self) -> str:
        """What reads the file, by its name."""
        names = {".gitea/": "Gitea Actions", ".forgejo/": "Forgejo Actions"}
        return next((name for folder, name in names.items() if self.file.path.startswith(folder)), self.system)

    @property
    def steps(self) -> Iterator[Step]:
        """All steps of all jobs."""
        return (step for job in self.jobs for step in job.steps)

    def __repr__(self) -> str:
        return f"<{self.system} {self.file.path}>"
