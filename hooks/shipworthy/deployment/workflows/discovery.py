"""Which committed files a CI reads, told by the paths that it looks for."""

from __future__ import annotations

from shipworthy.deployment.workflows.model import CIRCLECI, GITHUB, GITLAB, Pipeline
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, EXAMPLE, GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FOLDERS = (".", "buildkite/", "ci/", "concourse/", "zuul")
_NAMES = tuple(
    "jenkinsfile azure-pipeline azure_pipeline .azure bitbucket cloudbuild buildspec buildkite appveyor codefresh"
    " codemagic bitrise wercker zuul pipeline.".split()
)
"""How the paths begin, or the names in lower case, that a CI reads: a quick look before the slow one."""
_SYSTEMS = tuple(
    (name, lazy(pattern))
    for name, pattern in (
        (GITHUB, r"^\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"),
        (GITLAB, r"^\.gitlab-ci\.ya?ml$"),
        (CIRCLECI, r"^\.circleci/config\.ya?ml$"),
        ("Azure Pipelines", r"^(?:.*/)?\.?azure[-_]pipelines?[^/]*\.ya?ml$|^\.azure(?:-pipelines|devops)?/.*\.ya?ml$"),
        ("Bitbucket Pipelines", r"^bitbucket-pipelines\.ya?ml$"),
        ("Jenkins", r"^(?:.*/)?Jenkinsfile[^/]*$|\.jenkinsfile$"),
        ("Drone", r"^\.drone\.(?:ya?ml|jsonnet|star)$"),
        ("Woodpecker", r"^\.woodpecker(?:/.*)?\.ya?ml$"),
        ("Buildkite", r"^\.?buildkite/.*\.(?:ya?ml|json|sh)$|^buildkite\.ya?ml$"),
        ("Cloud Build", r"^(?:.*/)?cloudbuild[^/]*\.(?:ya?ml|json)$"),
        ("CodeBuild", r"^(?:.*/)?buildspec[^/]*\.ya?ml$"),
        ("Tekton", r"^\.tekton/.*\.ya?ml$"),
        ("Travis CI", r"^\.travis\.ya?ml$"),
        ("AppVeyor", r"^\.?appveyor\.ya?ml$"),
        ("Cirrus CI", r"^\.cirrus\.(?:ya?ml|star)$"),
        ("Semaphore", r"^\.semaphore/.*\.ya?ml$"),
        ("Codefresh", r"^(?:.*/)?codefresh[^/]*\.ya?ml$"),
        ("Codemagic", r"^codemagic\.ya?ml$"),
        ("Bitrise", r"^bitrise\.ya?ml$"),
        ("Wercker", r"^wercker\.ya?ml$"),
        ("Zuul", r"^\.?zuul(?:\.d/.*)?\.ya?ml$"),
        ("Concourse", r"^(?:concourse/|ci/)?pipeline\.ya?ml$"),
        ("builds.sr.ht", r"^\.build\.ya?ml$|^\.builds/[^/]+\.ya?ml$"),
        ("Harness", r"^\.harness/.*\.ya?ml$"),
        ("a script of its own", r"^\.ci/.+$|^ci/(?:run|build|test)[^/]*\.(?:sh|py)$"),
    )
)
_ACTION = lazy(r"^(?:\.github/|\.gitea/|\.forgejo/|.*\bactions?/|[^/]+/)?(?:[^/]+/)*action\.ya?ml$")


_ELSEWHERE = (TEST, EXAMPLE, DOCUMENTATION, VENDORED, GENERATED)
"""Places of folders whose pipelines are data; what a pipeline itself is called says nothing of the kind."""


def system_of(path: str) -> str:
    """The CI that reads a path; "" for none."""
    if not path.startswith(_FOLDERS):
        name = path[path.rfind("/") + 1 :].lower()
        if not name.startswith(_NAMES) and not name.endswith(".jenkinsfile"):
            return ""
    return next((name for name, pattern in _SYSTEMS if pattern.search(path)), "")


def read_by_ci(project: Project) -> dict[str, str]:
    """The committed files that some CI reads, each with the CI's name, sorted by path."""
    found = {}
    for path in project.repository.paths:
        system = system_of(path)
        folder = path.rpartition("/")[0]
        if system and not project.config.excludes(path) and project.place_of(f"{folder}/pipeline") not in _ELSEWHERE:
            found[path] = system
    return found


def pipelines(project: Project) -> list[Pipeline]:
    """The pipelines of the systems that can be read, and the repository's own actions, sorted by path."""
    from shipworthy.deployment.workflows import github, others
    from shipworthy.places import VENDORED

    known = project.model(read_by_ci)
    found = []
    for entry in project.repository.files():
        path = entry.path
        system = known.get(path, "")
        is_action = not system and path.endswith(("/action.yml", "/action.yaml")) and bool(_ACTION.search(path))
        if not (system or is_action) or not path.endswith((".yml", ".yaml")) or project.config.excludes(path):
            continue
        if project.place_of(path) == VENDORED or path.endswith(".lock.yml"):  # gh-aw compiles those from documents
            continue
        try:
            pipeline = Pipeline(system or GITHUB, project.file(path), is_action)
        except OSError:
            continue
        _read_tree(pipeline)
        if pipeline.system == GITHUB:
            github.read(pipeline)
        else:
            others.read(pipeline)
        found.append(pipeline)
    return found


def _read_tree(pipeline: Pipeline) -> None:
    """Read the file as YAML, whatever its name says: `.github/workflows/dockerfile.yaml` is a workflow."""
    from shipworthy.formats import yaml
    from shipworthy.formats.source import Source
    from shipworthy.formats.unreadable import Unreadable

    try:
        pipeline.root = yaml.read(Source(pipeline.file.text))
    except Unreadable as error:
        pipeline.unreadable = str(error)
