"""What pipelines name in their repository: actions, workflows, scripts, Dockerfiles, folders, jobs.

Whether a name is wrong is known only where the job's files are those of the repository: not behind a checkout of
another one, not for what an earlier step may have made, not in another machine or container.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.names import is_made_by_its_user, output_folder
from shipworthy.deployment.references.offers import makefile_in
from shipworthy.deployment.references.programs import program_of
from shipworthy.deployment.workflows.directories import Located, located_commands
from shipworthy.deployment.workflows.discovery import included_by, local_includes, pipelines
from shipworthy.deployment.workflows.expressions import is_literal
from shipworthy.deployment.workflows.model import CIRCLECI, GITHUB, GITLAB, Job, Pipeline, Step
from shipworthy.deployment.workflows.package_scripts import script_run, scripts_of
from shipworthy.deployment.workflows.purposes import normalized
from shipworthy.formats.failures import OR
from shipworthy.formats.tree import OPTION, REDIRECT, Block, Node, Setting
from shipworthy.index import REGULAR
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

ACTION = "action"
WORKFLOW = "reusable workflow"
JOB = "job"
SCRIPT = "script"
DOCKERFILE = "Dockerfile"
FOLDER = "working directory"
FILE = "file"
LOCK = "lock file"
PACKAGE_SCRIPT = "package script"
TARGET = "make target"
MANIFEST = "manifest"
EXECUTABLE = "executable bit"

_INTERPRETERS = frozenset("bash sh zsh dash ksh source . node python python3 ts-node tsx ruby php perl pwsh".split())
_ENDINGS = frozenset("sh bash py js mjs cjs ts mts cts rb php pl ps1 bat".split())
_MAKERS = frozenset("git tar unzip 7z gh curl wget aws gsutil docker rsync scp cargo dotnet".split())
"""Programs that may put whole folders into place."""
_RUNS_ONLY = frozenset(
    "cd pushd ls cat echo printf chmod head wc du find stat file test [ [[ node bash sh python python3".split()
)
_MOST_MENTIONS = 5_000
"""Words of a job; nobody writes more, and what a longer one makes is not known."""
_OTHER_TREE = lazy(r"download-artifact|actions/cache(?:/restore)?@|repository-checkout|git-clone|fetch-", re.IGNORECASE)
_FROM_ARTIFACTS = lazy(r"download-artifact|unstash|attach_workspace", re.IGNORECASE)
_INCLUDED = lazy(r"^\s*-?s?include\b|\$\(eval\b", re.MULTILINE)
_TARGET = lazy(r"^(?P<targets>[^\s#:=][^#:=\n]*):(?![=:]*=)", re.MULTILINE)
_COMPOSE_FILE = lazy(r"(?:docker-)?compose[^/]*\.ya?ml")
_FILE_INPUTS = (
    (lazy(r"^docker/build-push-action@"), "file", DOCKERFILE),
    (lazy(r"^hadolint/hadolint-action@"), "dockerfile", DOCKERFILE),
    (lazy(r"^actions/setup-(?:node|python|go|java|dotnet)@|^ruby/setup-ruby@"), "", FILE),
)
_PATTERN = lazy(r"[*?\[\]!\n]")
"""In what may name several files, one of which is enough."""
_VERSION_FILES = (
    "node-version-file",
    "python-version-file",
    "go-version-file",
    "java-version-file",
    "global-json-file",
)
_MANIFEST_OPTIONS = frozenset({"f", "filename", "k", "kustomize"})
_LOCKS = {
    "npm ci": ("package-lock.json", "npm-shrinkwrap.json"),
    "npm clean-install": ("package-lock.json", "npm-shrinkwrap.json"),
}


class Problem(NamedTuple):
    """Something that a pipeline names and that is not there.

    ``kind`` is one of `ACTION` to `EXECUTABLE`; ``path`` is the repository's path, or the name of a job, script or
    target; ``reader`` says who needs it, a sentence up to the path. ``is_tolerated`` tells that its failure counts for
    nothing anyway.
    """

    kind: str
    pipeline: Pipeline
    where: Node | int
    path: str
    reader: str
    is_tolerated: bool = False
    near: str = ""


def problems(project: Project) -> list[Problem]:
    """What the pipelines name and what is not there, in order."""
    found: list[Problem] = []
    for pipeline in project.model(pipelines):
        found += _of_pipeline(project, pipeline)
        for job in pipeline.jobs:
            found += _of_job(project, pipeline, job)
    return found


def _of_pipeline(project: Project, pipeline: Pipeline) -> Iterator[Problem]:
    if pipeline.is_complete and pipeline.system in (GITHUB, GITLAB):
        ids = {job.id for job in pipeline.jobs}
        for job in pipeline.jobs:
            for need in job.needs:
                if is_literal(need.value) and need.value not in ids and not need.value.startswith("."):
                    yield Problem(JOB, pipeline, need, need.value, f"job {job.id} needs")
    if pipeline.system == GITLAB:
        yield from _gitlab_includes(project, pipeline)
    if pipeline.system == CIRCLECI:
        yield from _circleci_jobs(pipeline)


def _gitlab_includes(project: Project, pipeline: Pipeline) -> Iterator[Problem]:
    for local in local_includes(pipeline.root):
        path = in_repository("", local.value.lstrip("/")) if is_literal(local.value) else None
        if path and not project.repository.has(path) and not included_by(project, local.value):
            yield Problem(WORKFLOW, pipeline, local, path, "the pipeline includes")


def _circleci_jobs(pipeline: Pipeline) -> Iterator[Problem]:
    """Jobs that a CircleCI workflow runs and nobody defines."""
    top = next((block for block in pipeline.root.blocks if block.kind == "mapping"), None)
    jobs, workflows = (top.block(name) if top else None for name in ("jobs", "workflows"))
    if jobs is None or workflows is None:
        return
    defined = {*jobs.entries(), "hold"}
    for name, workflow in workflows.entries().items():
        used = workflow.block("jobs") if isinstance(workflow, Block) else None
        for item in used.items() if used is not None else []:
            entries = [item] if isinstance(item, Setting) else list(item.entries().values())
            for entry in entries:
                job = entry.value if isinstance(entry, Setting) and entry is item else entry.name
                is_approval = isinstance(entry, Block) and entry.value("type") == "approval"
                if job and "/" not in job and is_literal(job) and job not in defined and not is_approval:
                    yield Problem(JOB, pipeline, entry, job, f"workflow {name} runs")


def _of_job(project: Project, pipeline: Pipeline, job: Job) -> Iterator[Problem]:
    if job.workflow is not None:
        yield from _reusable(project, pipeline, job, job.workflow)
    known = _Tree(project, job)
    for step in job.steps:
        if not known.is_foreign:
            yield from _of_step(project, pipeline, step, known)
        known.pass_by(step)


def _reusable(project: Project, pipeline: Pipeline, job: Job, uses: Setting) -> Iterator[Problem]:
    if not uses.value.startswith("./") or not is_literal(uses.value):
        return
    path = in_repository("", uses.value.partition("@")[0])
    if path and path not in project.repository and not project.repository.is_unknown(path):
        yield Problem(WORKFLOW, pipeline, uses, path, f"job {job.id} runs")


class _Tree:
    """What may be in a job's folder besides what is committed, as far as the steps so far tell."""

    def __init__(self, project: Project, job: Job) -> None:
        self.project = project
        self.mentions: list[str] = []
        self.permissions: list[str] = []
        self.is_foreign = False
        self.is_unpacked = False
        self.has_checkout = job.pipeline.system != GITHUB or job.pipeline.is_action

    def pass_by(self, step: Step) -> None:
        """Take note of what a step may have made."""
        if step.uses is not None:
            self._pass_by_action(step)
        for command in step.commands:
            self.note(command.block)
        if not step.scripts and step.uses is None:
            self.mentions.append(step.text)

    def _pass_by_action(self, step: Step) -> None:
        uses = step.uses.value if step.uses is not None else ""
        if "checkout" in uses:
            self.has_checkout = True
            names = ("repository", "path", "ref", "sparse-checkout")
            given = [step.inputs.get(name) for name in names] if step.inputs is not None else []
            if any(given):
                self.is_foreign = True
        elif _FROM_ARTIFACTS.search(uses) or _OTHER_TREE.search(uses):
            self.is_unpacked = True
        if step.inputs is not None:
            self.mentions += [setting.value for setting in step.inputs.all_settings()]

    def note(self, block: Block) -> None:
        """Take note of what a command may have made."""
        words = block.words
        if block.name == "chmod":
            self.permissions += words[1:]
        if block.name == "git" and {"clone", "checkout", "switch", "worktree", "sparse-checkout", "pull"} & set(
            words[1:3]
        ):
            self.is_foreign = True
        redirects = [
            setting.value for setting in block.settings if setting.kind == REDIRECT and "<" not in setting.name
        ]
        if len(self.mentions) > _MOST_MENTIONS:
            self.is_foreign = True
        self.mentions += redirects
        self.mentions += [child.name for child in block.blocks if child.kind == "document"]
        if block.name in _MAKERS:
            self.is_unpacked = self.is_unpacked or block.name in ("tar", "unzip", "7z", "gh", "aws", "gsutil", "rsync")
        if block.name not in _RUNS_ONLY and block.name not in _INTERPRETERS:
            self.mentions += words[1:]
        if block.name in ("[", "[[", "test"):
            self.mentions += words[1:]

    def is_missing(self, path: str) -> bool:
        """Whether a path is surely not there."""
        repository = self.project.repository
        if not path or self.is_foreign or not self.has_checkout or repository.has(path) or repository.is_unknown(path):
            return False
        if output_folder(path) or is_made_by_its_user(path):
            return False
        if self.is_unpacked and path.partition("/")[0] not in self._tops:
            return False
        name = path.rpartition("/")[2]
        folders = path.split("/")[:-1]
        return not any(name in mention for mention in self.mentions) and not any(
            mention.strip("./") == "/".join(folders[: number + 1])
            for number in range(len(folders))
            for mention in self.mentions
            if "/".join(folders[: number + 1]) not in repository.directories
        )

    @property
    def _tops(self) -> frozenset[str]:
        return frozenset(path.partition("/")[0] for path in self.project.repository.directories)

    def is_made_executable(self, path: str) -> bool:
        """Whether a ``chmod`` may have been told of a path."""
        name = path.rpartition("/")[2]
        for word in self.permissions:
            if word.startswith("-") and "R" in word:
                return True
            if "$" in word or word in (".", "{}") or name in word or fnmatchcase(name, word.rpartition("/")[2]):
                return True
        return False


def _of_step(project: Project, pipeline: Pipeline, step: Step, known: _Tree) -> Iterator[Problem]:
    if step.uses is not None:
        yield from _local_action(project, pipeline, step, known)
        yield from _inputs(project, pipeline, step, known)
    if "hashFiles" in step.condition or "exists" in step.condition:
        return
    directory = step.working_directory
    if directory is not None and step.directory and is_literal(directory.value) and known.is_missing(step.directory):
        yield Problem(FOLDER, pipeline, directory, step.directory, "a step runs in")
        return
    for located in located_commands(step):
        if not known.is_foreign and located.directory is not None:
            for problem in _of_command(project, pipeline, located, known):
                is_tolerated = located.command.ignored is not None or step.forgives is not None
                yield problem._replace(is_tolerated=is_tolerated)
                if problem.kind == FOLDER:
                    return  # what the step does there cannot be known
        known.note(located.command.block)


def _local_action(project: Project, pipeline: Pipeline, step: Step, known: _Tree) -> Iterator[Problem]:
    uses = step.uses
    if uses is None or not uses.value.startswith("./") or not is_literal(uses.value) or not known.has_checkout:
        return
    path = in_repository("", uses.value.partition("@")[0])
    if path is None or known.is_unpacked or project.repository.is_unknown(path) or pipeline.is_action:
        return
    names = ("action.yml", "action.yaml", "Dockerfile")
    if not any((f"{path}/{name}" if path else name) in project.repository for name in names):
        is_there = path in project.repository.directories
        if is_there or known.is_missing(path):
            yield Problem(ACTION, pipeline, uses, f"{path}/action.yml", "a step uses the action")


def _inputs(project: Project, pipeline: Pipeline, step: Step, known: _Tree) -> Iterator[Problem]:
    uses = step.uses.value if step.uses is not None else ""
    for pattern, name, kind in _FILE_INPUTS:
        if not pattern.search(uses):
            continue
        for key in (name,) if name else _VERSION_FILES:
            given = step.input(key)
            path = in_repository("", given.value) if given is not None else None
            if given is not None and path and known.is_missing(path):
                yield Problem(kind, pipeline, given, path, f"{uses.partition('@')[0]} reads")
    if uses.startswith("actions/setup-node@") and step.input("cache") is not None:
        given = step.input("cache-dependency-path")
        path = in_repository("", given.value) if given is not None and not _PATTERN.search(given.value) else None
        if given is not None and path and known.is_missing(path):
            kind = LOCK if path.rpartition("/")[2] in _LOCKS["npm ci"] else FILE
            yield Problem(kind, pipeline, given, path, "the cache of actions/setup-node reads")
    if uses.startswith("docker/build-push-action@") and step.input("file") is None:
        context = step.input("context")
        path = in_repository("", context.value) if context is not None else None
        if context is None or path is None or step.inputs is None or step.inputs.get("file") is not None:
            return
        if path and known.is_missing(path):
            yield Problem(FOLDER, pipeline, context, path, "an image is built in")
        else:
            dockerfile = f"{path}/Dockerfile" if path else "Dockerfile"
            if known.is_missing(dockerfile):
                yield Problem(DOCKERFILE, pipeline, context, dockerfile, "an image is built from")


def _of_command(project: Project, pipeline: Pipeline, located: Located, known: _Tree) -> Iterator[Problem]:
    block = located.command.block
    if block.name == "cd" and len(block.words) == 2 and is_literal(block.words[1]):
        path = in_repository(located.directory or "", block.words[1])
        if path and _is_missing_everywhere(located, block.words[1], known):
            yield Problem(FOLDER, pipeline, block, path, "a step changes into")
        return
    for kind, word, reader in _named(located):
        if not is_literal(word) or not _is_missing_everywhere(located, word, known):
            continue
        path = in_repository(located.directory or "", word)
        if path and (located.command.ignored is None or located.command.ignored.how != OR or kind != FILE):
            yield Problem(kind, pipeline, block, path, reader)
    yield from _package_problems(project, pipeline, located, known)
    yield from _make_problems(project, pipeline, located, known)
    yield from _not_executable(project, pipeline, located, known)


def _is_missing_everywhere(located: Located, word: str, known: _Tree) -> bool:
    paths = [in_repository(directory, word) for directory in located.visited]
    return bool(paths) and all(path is not None and known.is_missing(path) for path in paths)


def _named(located: Located) -> Iterator[tuple[str, str, str]]:
    """What a command names: the kind, the word, and who reads it."""
    block = located.command.block
    program = program_of(block)
    words = block.words
    if program.startswith(("./", "../")):
        if block.name in ("gradlew", "mvnw") or program.rpartition(".")[2] in _ENDINGS:
            yield SCRIPT, program, "a step runs"
    elif block.name in _INTERPRETERS:
        script = next((word for word in words[words.index(program) + 1 :] if not word.startswith(("-", "+"))), "")
        skips = any(word in ("-c", "-m", "-e", "-p", "-s", "--eval", "-") for word in words)
        if script and not skips and script.rpartition(".")[2] in _ENDINGS and not script.startswith(("http", "@")):
            yield SCRIPT, script, f"`{block.name}` runs"
    for setting in block.settings:
        if setting.kind == OPTION:
            yield from _named_by_option(block, setting)


def _named_by_option(block: Block, setting: Setting) -> Iterator[tuple[str, str, str]]:
    value = setting.value
    if block.name in ("pip", "pip3") or (block.name.startswith("python") and "pip" in block.words):
        if setting.name in ("r", "requirement", "c", "constraint") and "://" not in value:
            yield FILE, value, "pip reads"
    elif block.name in ("docker", "podman", "buildah") and setting.name in ("f", "file"):
        if "build" in block.words[:4] and "compose" not in block.words and value != "-":
            yield DOCKERFILE, value, "an image is built from"
        elif "compose" in block.words and _COMPOSE_FILE.fullmatch(value.rpartition("/")[2]):
            yield FILE, value, "Compose reads"
    elif block.name == "docker-compose" and setting.name in ("f", "file"):
        yield FILE, value, "Compose reads"
    elif _applies(block) and setting.name in _MANIFEST_OPTIONS and value != "-" and "://" not in value:
        yield MANIFEST, value.rstrip("/"), "kubectl applies"


def _applies(block: Block) -> bool:
    return block.name in ("kubectl", "oc") and not {"apply", "create", "replace"}.isdisjoint(block.words[1:6])


def _package_problems(project: Project, pipeline: Pipeline, located: Located, known: _Tree) -> Iterator[Problem]:
    """Scripts that a package.json does not have, and lock files that ``npm ci`` does not start without."""
    if located.directory is None:
        return
    block = located.command.block
    text = normalized(block)
    for command, names in _LOCKS.items():
        if text == command or text.startswith(command + " -"):
            is_elsewhere = re.search(r"(?:--prefix|-C|--workspace|-w)\b", text) is not None
            paths = [f"{folder}/{name}" if folder else name for folder in located.visited for name in names]
            here = f"{located.directory}/package.json" if located.directory else "package.json"
            has_manifest = here in project.repository
            if not is_elsewhere and has_manifest and all(known.is_missing(path) for path in paths):
                lock = f"{located.directory}/{names[0]}" if located.directory else names[0]
                yield Problem(LOCK, pipeline, block, lock, f"`{command}` needs")
    run = script_run(located.directory, text)
    if run is None or run.optional or not run.explicit or located.command.ignored is not None:
        return
    manifests = [f"{folder}/package.json" if folder else "package.json" for folder in located.visited]
    present = [path for path in manifests if path in project.repository]
    if run.path not in present or any("package.json" in mention for mention in known.mentions):
        return
    scripts = [scripts_of(project, path) for path in present]
    if not any(run.name in own or not own for own in scripts if own is not None):
        near = _near(run.name, scripts_of(project, run.path))
        yield Problem(PACKAGE_SCRIPT, pipeline, block, run.name, f"{run.path} has no script", near=near)


def _near(name: str, known: dict[str, Setting]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), 1, 0.7)), "")


def _make_problems(project: Project, pipeline: Pipeline, located: Located, known: _Tree) -> Iterator[Problem]:
    """Targets that a Makefile does not have."""
    block = located.command.block
    if block.name not in ("make", "gmake") or located.directory is None or len(located.visited) > 1:
        return
    if any(word.startswith("-") or "=" in word or not is_literal(word) for word in block.words[1:]):
        return
    makefile = makefile_in(project, located.directory)
    if not makefile or known.is_foreign or not known.has_checkout:
        return
    text = text_of(project, makefile)
    if _INCLUDED.search(text) or any("%" in line.partition(":")[0] for line in text.split("\n") if ":" in line):
        return
    targets = {name for rule in _TARGET.finditer(text) for name in rule["targets"].split()}
    for word in block.words[1:]:
        if (
            word not in targets
            and not any("$" in target for target in targets)
            and not project.repository.has(makefile[: makefile.rfind("/") + 1] + word)
        ):
            yield Problem(TARGET, pipeline, block, word, f"{makefile} has no target")


def _not_executable(project: Project, pipeline: Pipeline, located: Located, known: _Tree) -> Iterator[Problem]:
    """Scripts that are run by their path and have no executable bit in the index."""
    path = _started_script(project, located, known)
    if path is None or project.repository.mode(path) != REGULAR or known.is_made_executable(path):
        return
    yield Problem(EXECUTABLE, pipeline, located.command.block, path, "a step runs")


def _started_script(project: Project, located: Located, known: _Tree) -> str | None:
    """The committed file that a command starts by its path, as it is committed."""
    program = program_of(located.command.block)
    path = in_repository(located.directory or "", program) if "/" in program else None
    if path is None or path not in project.repository or not known.has_checkout:
        return None
    name = path.rpartition("/")[2]
    return None if any(name in mention for mention in known.mentions) else path


def started_scripts(project: Project) -> Iterator[tuple[Pipeline, Block, str]]:
    """The committed files that steps start by their paths, each with its pipeline and the command."""
    for pipeline in project.model(pipelines):
        for job in pipeline.jobs:
            known = _Tree(project, job)
            for step in job.steps:
                for located in located_commands(step) if not known.is_foreign else ():
                    path = _started_script(project, located, known) if located.directory is not None else None
                    if path is not None and not known.is_foreign:
                        yield pipeline, located.command.block, path
                    known.note(located.command.block)
                known.pass_by(step)
