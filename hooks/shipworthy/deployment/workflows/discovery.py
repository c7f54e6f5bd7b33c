"""Which committed files a CI reads, told by the paths that it looks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from shipworthy.deployment.paths import beginning_with, holding
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
    GITHUB,
    GITLAB,
    JENKINS,
    SEMAPHORE,
    SOURCEHUT,
    TEKTON,
    TRAVIS,
    WOODPECKER,
    Pipeline,
)
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import DOCUMENTATION, EXAMPLE, GENERATED, TEST, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_BEGINNINGS = tuple(
    ".github/workflows/ .gitea/workflows/ .forgejo/workflows/ .gitlab-ci.yml .circleci/ .azure .drone. .woodpecker"
    " .buildkite/ .tekton/ .travis.yml .appveyor.yml .cirrus. .semaphore/ .zuul .build.y .builds/ .harness/ .teamcity/"
    " .prow .vela. .onedev-buildspec.yml .space.kts .agola/ .ci/ buildkite/ ci/ ci_scripts/ concourse/ zuul"
    " bamboo-specs/".split()
)
_NAMES = tuple(
    "Jenkinsfile azure-pipeline azure_pipeline .azure bitbucket cloudbuild buildspec buildkite appveyor codefresh"
    " codemagic bitrise wercker zuul pipeline. screwdriver.".split()
)
_ENDINGS = (".jenkinsfile", "gocd.yml", "gocd.yaml")
"""How the paths begin that a CI reads, or their names begin or end: a quick look before the slow one."""
_SYSTEMS = tuple(
    (name, lazy(pattern))
    for name, pattern in (
        (GITHUB, r"^\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"),
        (GITLAB, r"^\.gitlab-ci\.yml$"),
        (CIRCLECI, r"^\.circleci/config\.ya?ml$"),
        (AZURE, r"^(?:.*/)?\.?azure[-_]pipelines?[^/]*\.ya?ml$|^\.azure(?:-pipelines|devops)?/.*\.ya?ml$"),
        (BITBUCKET, r"^bitbucket-pipelines\.yml$"),
        (JENKINS, r"^(?:.*/)?Jenkinsfile[^/]*$|\.jenkinsfile$"),
        (DRONE, r"^\.drone\.(?:ya?ml|jsonnet|star)$"),
        (WOODPECKER, r"^\.woodpecker(?:/.*)?\.ya?ml$"),
        (BUILDKITE, r"^\.?buildkite/.*\.(?:ya?ml|json|sh)$|^buildkite\.ya?ml$"),
        (CLOUD_BUILD, r"^(?:.*/)?cloudbuild[^/]*\.(?:ya?ml|json)$"),
        (CODEBUILD, r"^(?:.*/)?buildspec[^/]*\.ya?ml$"),
        (TEKTON, r"^\.tekton/.*\.ya?ml$"),
        (TRAVIS, r"^\.travis\.yml$"),
        (APPVEYOR, r"^\.?appveyor\.yml$"),
        (CIRRUS, r"^\.cirrus\.(?:ya?ml|star)$"),
        (SEMAPHORE, r"^\.semaphore/.*\.ya?ml$"),
        (CODEFRESH, r"^(?:.*/)?codefresh[^/]*\.ya?ml$"),
        (CODEMAGIC, r"^codemagic\.ya?ml$"),
        ("Bitrise", r"^bitrise\.ya?ml$"),
        ("Wercker", r"^wercker\.ya?ml$"),
        ("Zuul", r"^\.?zuul(?:\.d/.*)?\.ya?ml$"),
        ("Concourse", r"^(?:concourse/|ci/)?pipeline\.ya?ml$"),
        (SOURCEHUT, r"^\.build\.ya?ml$|^\.builds/[^/]+\.ya?ml$"),
        ("Harness", r"^\.harness/.*\.ya?ml$"),
        ("Bamboo", r"^bamboo-specs/.+\.(?:ya?ml|java)$"),
        ("TeamCity", r"^\.teamcity/.+\.(?:kts|xml)$"),
        ("GoCD", r"(?:^|\.)gocd\.ya?ml$"),
        ("Screwdriver", r"^screwdriver\.ya?ml$"),
        ("Prow", r"^\.prow(?:/.+)?\.ya?ml$"),
        ("Vela", r"^\.vela\.ya?ml$"),
        ("OneDev", r"^\.onedev-buildspec\.yml$"),
        ("Space", r"^\.space\.kts$"),
        ("Agola", r"^\.agola/config\.(?:ya?ml|jsonnet|star)$"),
        ("Xcode Cloud", r"^ci_scripts/ci_\w+\.sh$"),
        ("a script of its own", r"^\.ci/.+$|^ci/(?:run|build|test)[^/]*\.(?:sh|py)$"),
    )
)
_ACTION = lazy(r"^(?:\.github/|\.gitea/|\.forgejo/|.*\bactions?/|[^/]+/)?(?:[^/]+/)*action\.ya?ml$")


_MOST_INCLUDED = 200
_ELSEWHERE = (TEST, EXAMPLE, DOCUMENTATION, VENDORED, GENERATED)
"""Places of folders whose pipelines are data; what a pipeline itself is called says nothing of the kind."""


def system_of(path: str) -> str:
    """The CI that reads a path; "" for none."""
    return next((name for name, pattern in _SYSTEMS if pattern.search(path)), "") if _may_be_read(path) else ""


def _may_be_read(path: str) -> bool:
    if path.startswith(_BEGINNINGS):
        return True
    return path[path.rfind("/") + 1 :].startswith(_NAMES) or path.endswith(_ENDINGS)


def read_by_ci(project: Project) -> dict[str, str]:
    """The committed files that some CI reads, each with the CI's name, sorted by path."""
    found = {}
    paths = project.repository.paths
    for path in sorted({*beginning_with(paths, _BEGINNINGS), *holding(paths, (*_NAMES, *_ENDINGS))}):
        system = system_of(path) if path in project.repository else ""
        folder = path.rpartition("/")[0]
        if system and not project.config.excludes(path) and project.place_of(f"{folder}/pipeline") not in _ELSEWHERE:
            found[path] = system
    for path in _included(project) if GITLAB in found.values() else ():
        found.setdefault(path, GITLAB)
    return dict(sorted(found.items()))


def _included(project: Project) -> Iterator[str]:
    """The committed files that GitLab's pipeline includes, and that those include."""
    from shipworthy.deployment.evidence import tree_of

    waiting = [".gitlab-ci.yml"]
    seen: set[str] = set()
    while waiting and len(seen) < _MOST_INCLUDED:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            for include in local_includes(tree_of(project, path).root):
                waiting += included_by(project, include.value)
    yield from seen


def local_includes(root: Block) -> Iterator[Setting]:
    """The files that a pipeline of GitLab includes from its own repository."""
    for top in root.blocks:
        include = top.get("include") if top.kind == "mapping" else None
        items = include.items() if isinstance(include, Block) and include.kind == "sequence" else [include]
        for item in items:
            local = item.get("local") if isinstance(item, Block) else item
            if isinstance(local, Setting) and local.value and "://" not in local.value:
                yield local


def included_by(project: Project, written: str) -> list[str]:
    """The committed files that an entry of ``include`` means; in its patterns ``*`` stands for any text."""
    from fnmatch import fnmatchcase

    wanted = written.lstrip("/")
    if "*" in wanted:
        return [path for path in project.repository.paths if fnmatchcase(path, wanted)]
    return [wanted] if wanted in project.repository else []


def pipelines(project: Project) -> list[Pipeline]:
    """The pipelines of the systems that can be read, and the repository's own actions, sorted by path."""
    from shipworthy.deployment.workflows import github, jenkins, others
    from shipworthy.places import VENDORED

    known = project.model(read_by_ci)
    found = []
    actions = holding(project.repository.paths, ("/action.yml", "/action.yaml"))
    for path in sorted({*known, *actions}):
        if not project.repository.is_file(path):
            continue
        system = known.get(path, "")
        is_action = not system and bool(_ACTION.search(path))
        is_read = is_action or system == JENKINS or (system and path.endswith((".yml", ".yaml")))
        if not is_read or project.config.excludes(path):
            continue
        if project.place_of(path) == VENDORED or path.endswith(".lock.yml"):  # gh-aw compiles those from documents
            continue
        try:
            pipeline = Pipeline(system or GITHUB, project.file(path), is_action)
        except OSError:
            continue
        if pipeline.system == JENKINS:
            with suppress(Unreadable):
                jenkins.read(pipeline)
            found.append(pipeline)
            continue
        _read_tree(pipeline)
        if pipeline.system == GITHUB:
            github.read(pipeline)
        elif not pipeline.unreadable:
            others.read(pipeline)
        found.append(pipeline)
    return found


def _read_tree(pipeline: Pipeline) -> None:
    """Read the file as YAML, whatever its name says: `.github/workflows/dockerfile.yaml` is a workflow."""
    from shipworthy.formats import yaml
    from shipworthy.formats.source import Source

    try:
        pipeline.root = yaml.read(Source(pipeline.file.text))
    except Unreadable as error:
        pipeline.unreadable = str(error)
