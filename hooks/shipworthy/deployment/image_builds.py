"""Images of this repository's own services that production pulls, and the names under which something builds images."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from shipworthy.deployment.addresses import UNKNOWN, filled_in
from shipworthy.deployment.besides_code import paths_besides_code, paths_by_ending
from shipworthy.deployment.compose import compose
from shipworthy.deployment.containerfiles import builds
from shipworthy.deployment.evidence import Evidence, text_of
from shipworthy.deployment.image_references import DOCKER_HUB, ImageReference, parse
from shipworthy.deployment.images import image_source
from shipworthy.deployment.kubernetes import workloads
from shipworthy.deployment.mentions import lines_with
from shipworthy.deployment.names import spelled
from shipworthy.deployment.services import Service, services
from shipworthy.patterns import lazy
from shipworthy.places import GENERATED, PRODUCTION, VENDORED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_BUILDS = lazy(
    r"docker[ -]?(?:/build-push-action|/bake-action|x?[ \t]+(?:image[ \t]+)?(?:build|push|tag)\b|buildx)"
    r"|docker[ -]compose[^\n]*\bpush\b"
    r"|\b(?:podman|nerdctl)[ \t]+(?:build|push)|buildah|kaniko|nixpacks|\bpack build|\bjib\b"
    r"|\bko (?:build|publish|resolve|apply)"
    r"|bootBuildImage|build-image|docker_build\(|dockers(?:_v2)?:|PublishContainer|ContainerRepository|oci_push"
    r"|depot (?:build|push)"
    r"|metadata-action|crane push|skopeo copy|image_templates|gcloud builds submit|az acr build|earthly",
    re.IGNORECASE,
    holding=(
        *("docker", "podman", "nerdctl", "buildah", "kaniko", "nixpacks", "pack build", "jib", "bootbuildimage"),
        *("build-image", "publishcontainer", "containerrepository", "oci_push", "metadata-action", "earthly"),
        *("crane push", "skopeo copy", "image_templates", "gcloud builds submit", "az acr build", "depot build"),
        *("depot push", "ko build", "ko publish", "ko resolve", "ko apply"),
    ),
    by_line=True,
)
"""Stands in a file that builds, tags or pushes images."""
_DOCUMENT_LINE = lazy(
    r"\bdocker\b|\bpodman\b|\bnerdctl\b|img\.shields\.io|hub\.docker\.com|ghcr\.io",
    re.IGNORECASE,
    holding=("docker", "podman", "nerdctl", "img.shields.io", "ghcr.io"),
    by_line=True,
)
_DOCUMENTS = (".md", ".mdx", ".rst", ".adoc", ".txt")
_DEPLOYS = lazy(r"^[ \t-]*(?:image|repository|newName|name)[ \t]*:", re.MULTILINE)
_EXPRESSION = lazy(
    r"\$\{\{[ \t]*(?:env|vars|inputs)\.(?P<env>\w+)[ \t]*\}\}|\$\{\{[^{}]*\}\}"
    r"|\$\{(?P<braced>\w+)[^{}]*\}|\$\((?P<made>\w+)\)|\$(?P<plain>\w+)"
    r"|\{\{[^{}]*\}\}|%\w+%|#\{\w+\}"
)
_ASSIGNMENT = lazy(
    r"^[ \t-]*(?:export[ \t]+|readonly[ \t]+|ENV[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*(?:[:?]?=|:)[ \t]*"
    r"[\"']?(?P<value>(?:\$\{\{[^{}\n]*\}\}|[^\s\"'#])+)",
    re.MULTILINE,
)
_BEFORE_NAME = lazy(
    r"(?:(?:^|[ \t])(?:-t|--tag|--destination|--image-name)[ \t=]+"
    r"|\b(?:docker|podman|nerdctl)(?:[ \t]+image)?[ \t]+(?:push|tag)[ \t]+(?:\S+[ \t]+)?"
    r"|\b(?:tags?|images?|image[-_]?names?|repository|destination|push)\b[\"']?[ \t]*[:=][ \t]*)[\"'\[]*$",
    re.IGNORECASE,
)
"""Stands before the name of what is built; a name that is nothing but variables is one only there."""
_OUTPUTS = lazy(r"\$\{\{[ \t]*steps\.[\w-]+\.outputs\.(?:tags|labels|digest|version|json)[^{}]*\}\}")
"""What an earlier step made of names that stand in that step."""
_GITHUB_REPOSITORY = lazy(r"\$\{\{[ \t]*github\.repository[ \t]*\}\}|\$\{?GITHUB_REPOSITORY\}?")
_GITHUB_OWNER = lazy(r"\$\{\{[ \t]*github\.(?:repository_owner|actor)[ \t]*\}\}|\$\{?GITHUB_REPOSITORY_OWNER\}?")
_TOKEN = lazy(rf"[\w.{UNKNOWN}-]+(?::\d+)?(?:/[\w.{UNKNOWN}-]+)*")
_REMOTE = lazy(r"[/:](?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?$")
_OWN_REGISTRY = lazy(
    r"\d+\.dkr\.ecr\.[\w.-]+|(?:[\w-]+\.)?gcr\.io|[\w-]+-docker\.pkg\.dev|[\w-]+\.azurecr\.io|registry\.gitlab\.com|registry\.digitalocean\.com"
    r"|[\w.-]+\.ocir\.io|localhost(?::\d+)?|registry[\w.-]*(?::\d+)?"
)
"""Registries that belong to whoever deploys."""
_PLACEHOLDER = lazy(
    r"(?:your|my|change|replace)[-_.]?(?:org|organi[sz]ation|company|registry|repo|user|username|name|account|project|docker\w*|me)\w*(?:\.\w+)?"
)
_REPLACES = lazy(r"\bsed\b|\bset[- ]image\b|\byq\b|envsubst|newName|perl -|\breplace\b", re.IGNORECASE)
"""Stands in a line that puts another name in the place of a placeholder."""
_LONGEST_LINE = 2000
_MOST_LEVELS = 3
_MOST_PATTERNS = 5000


class PulledImage(NamedTuple):
    """An image that production pulls and that is one of the repository's own services.

    ``where`` are the places that run it, at least one.
    """

    service: Service
    reference: ImageReference
    where: list[Evidence]


class _Run(NamedTuple):
    """What one place runs: ``text`` is the reference with what is known filled in."""

    text: str
    path: str
    line: int


def unbuilt_images(project: Project) -> list[PulledImage]:
    """The images of own services that nothing here builds under the name that production pulls."""
    own = _own_images(project)
    return [image for image in own if not project.model(_Names).may_build(image.reference)]


def placeholder_images(project: Project) -> Iterator[tuple[ImageReference, Evidence]]:
    """The images in manifests and Compose files whose registry or owner nobody has filled in, each where it first runs.

    What a script or a kustomization replaces is none, and neither are the values of a chart, which are made to be.
    """
    charts = {workload.path for workload in project.model(workloads) if workload.kind == "Chart"}
    seen: set[str] = set()
    for run in (*_in_compose(project), *_in_kubernetes(project)):
        reference = parse(run.text) if run.path not in charts else None
        if reference is None or reference.repository in seen:
            continue
        seen.add(reference.repository)
        word = _has_placeholder(reference)
        if word and not _is_replaced(project, reference, word):
            yield reference, Evidence(run.path, run.line, word)


def _is_replaced(project: Project, reference: ImageReference, placeholder: str) -> bool:
    """Whether a script or a kustomization names the image anew."""
    from shipworthy.deployment.kubernetes.kustomize import kustomizations

    if any(_REPLACES.search(line.text) for line in lines_with(project, placeholder)):
        return True
    names = set(reference.spellings)
    return any(names & known.renamed_images for known in project.model(kustomizations).values())


def pulls_images(project: Project) -> bool:
    """Whether production pulls any image."""
    return any(True for _ in _in_compose(project)) or any(True for _ in _in_kubernetes(project))


def _own_images(project: Project) -> list[PulledImage]:
    runs = {(run.path, run.line): run for run in (*_in_compose(project), *_in_kubernetes(project))}
    found: dict[str, PulledImage] = {}
    for service in project.model(services):
        source = image_source(project, service) if service.run_as_image and service.image != "external" else None
        for evidence in service.run_as_image if source is not None else ():
            run = runs.get((evidence.path, evidence.line))
            reference = parse(run.text) if run is not None else None
            if reference is not None and not reference.is_official and not _has_placeholder(reference):
                image = found.setdefault(reference.repository, PulledImage(service, reference, []))
                image.where.append(evidence)
    services_below: dict[str, set[str]] = {}
    for image in found.values():
        prefix = image.reference.repository
        while prefix := prefix.rpartition("/")[0]:
            services_below.setdefault(prefix, set()).add(image.service.path)
    return [image for image in found.values() if _is_own(project, image, services_below)]


def _is_own(project: Project, image: PulledImage, services_below: dict[str, set[str]]) -> bool:
    """Whether the registry name is this repository's, and not that of somebody's image of the same last part.

    ``services_below`` are the folders of the services whose images have a name that begins so.
    """
    prefix = image.reference.repository.rpartition("/")[0]
    if len(services_below[prefix]) > 1 or _OWN_REGISTRY.fullmatch(image.reference.registry):
        return True
    parts = image.reference.path.split("/")[:-1]
    owner, name = _owner_and_name(project)
    known = {spelled(owner), spelled(name)} - {""}
    return any(spelled(part) in known for part in parts)


def _has_placeholder(reference: ImageReference) -> str:
    """The part of the registry's name that nobody has filled in; "" where there is none."""
    parts = [reference.registry, *reference.path.split("/")[:-1]]
    return next((part for part in parts if _PLACEHOLDER.fullmatch(part)), "")


def _owner_and_name(project: Project) -> tuple[str, str]:
    """Owner and name of the repository where its remote is; "" where there is none."""
    for remote in project.repository.remotes:
        found = _REMOTE.search(remote)
        if found and ("://" in remote or "@" in remote):
            return found["owner"].lower(), found["name"].lower()
    return "", ""


def _in_compose(project: Project) -> Iterator[_Run]:
    for compose_set in project.model(compose).sets:
        for service in compose_set.active if compose_set.in_production else ():
            image = service.image
            if image is not None and service.build is None:
                text = filled_in(image.text, service.variables)
                yield _Run(_without_unknown_tag(text), image.file.path, image.file.position(image.node.start)[0])


def _in_kubernetes(project: Project) -> Iterator[_Run]:
    for workload in project.model(workloads):
        if project.place_of(workload.path) == PRODUCTION:
            for reference, line in workload.images:
                yield _Run(_without_unknown_tag(_EXPRESSION.sub(UNKNOWN, reference)), workload.path, line)


def _without_unknown_tag(text: str) -> str:
    """The reference without a tag that is not known; a name that is not known stays, and is no reference."""
    before, colon, tag = text.rpartition(":")
    return before if colon and UNKNOWN in tag and "/" not in tag else text


class _Names:
    """The names under which CI, scripts and builders make images."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.owner, self.name = _owner_and_name(project)
        self.run = {evidence.path for service in project.model(services) for evidence in service.run_as_image}
        self.built_by_tool = {
            spelled(build.name) for build in project.model(builds) if build.by != "Compose" and build.name
        }
        self.literal: set[str] = set()
        self.patterns: set[str] = set()
        for path in _may_be_scripts(project):
            if _may_build(path) and project.place_of(path) not in (VENDORED, GENERATED) and path not in self.run:
                self._read(text_of(project, path))
        self._read_compose()

    def may_build(self, reference: ImageReference) -> bool:
        """Whether something builds, or may build, an image of that name."""
        if spelled(reference.name) in self.built_by_tool:
            return True
        wanted = {reference.repository, reference.path.removeprefix("library/")}
        if wanted & self.literal or any(re.fullmatch(pattern, name) for pattern in self.patterns for name in wanted):
            return True
        return self._is_documented(reference)

    def _read(self, text: str) -> None:
        if not _BUILDS.search(text):
            return
        assigned: dict[str, str] = {}
        for given in _ASSIGNMENT.finditer(text):
            assigned.setdefault(given["name"], given["value"])
        for line in text.split("\n"):
            if len(line) <= _LONGEST_LINE and ("/" in line or "$" in line or "{{" in line):
                self._add(self._filled(_OUTPUTS.sub(" ", line), assigned))

    def _filled(self, line: str, assigned: dict[str, str]) -> str:
        """A line with what is known of its variables."""
        for _ in range(_MOST_LEVELS):
            if self.owner:
                line = _GITHUB_REPOSITORY.sub(f"{self.owner}/{self.name}", line)
                line = _GITHUB_OWNER.sub(self.owner, line)
            line = _EXPRESSION.sub(lambda found: _assigned(found, assigned), line)[:_LONGEST_LINE]
        return _EXPRESSION.sub(UNKNOWN, line)

    def _add(self, line: str) -> None:
        for token in _TOKEN.finditer(line):
            name = token[0].lower()
            if UNKNOWN not in name:
                if "/" in name:
                    self.literal.add(_repository(name))
            elif self._says_something(name) or _BEFORE_NAME.search(line, max(0, token.start() - 80), token.start()):
                self.patterns.add(".*".join(re.escape(part) for part in re.split(f"{UNKNOWN}+", name)))

    def _says_something(self, name: str) -> bool:
        """Whether a name that holds variables says a part of it that no other name has."""
        last = name.rpartition("/")[2].strip(UNKNOWN + "._-")
        return "/" in name and bool(last) and len(self.patterns) < _MOST_PATTERNS

    def _read_compose(self) -> None:
        """The images that Compose files name besides what they build them from."""
        for compose_set in self.project.model(compose).sets:
            for service in compose_set.services.values():
                if service.build is not None and service.image is not None:
                    self._add("image: " + _without_unknown_tag(filled_in(service.image.text, service.variables)))

    def _is_documented(self, reference: ImageReference) -> bool:
        """Whether a document builds, pushes or shows the image as published."""
        return any(reference.path in line for line in self._documented)

    @cached_property
    def _documented(self) -> list[str]:
        """The lines of all documents that say something about images, in lower case."""
        found: list[str] = []
        for path in self.project.repository.paths:
            if path.endswith(_DOCUMENTS):
                text = text_of(self.project, path)
                if _DOCUMENT_LINE.search(text):
                    found += [
                        line.lower()
                        for line in text.split("\n")
                        if "/" in line and _DOCUMENT_LINE.search(line) and not _DEPLOYS.match(line)
                    ]
        return found


def _repository(name: str) -> str:
    reference = parse(name)
    return reference.repository if reference is not None and reference.registry != DOCKER_HUB else name


def _assigned(found: re.Match[str], assigned: dict[str, str]) -> str:
    name = found["env"] or found["braced"] or found["made"] or found["plain"]
    return assigned.get(name, found[0]) if name else found[0]


_CI_FOLDERS = tuple(
    f".{name}/"
    for name in "github gitlab circleci buildkite woodpecker forgejo gitea semaphore tekton drone azure".split()
)
_BUILDERS = frozenset(
    "Justfile justfile Taskfile.yml Taskfile.yaml Tiltfile Earthfile package.json pom.xml bitbucket-pipelines.yml"
    " .travis.yml .drone.yml .goreleaser.yml .goreleaser.yaml .ko.yaml project.json nx.json BUILD BUILD.bazel".split()
)
_BEGINNINGS = tuple(
    "Makefile makefile Jenkinsfile azure-pipelines cloudbuild buildspec .woodpecker docker-bake".split()
)
_ENDINGS = (".sh", ".bash", ".ps1", ".mk", ".hcl", ".gradle", ".kts", ".tf", ".csproj")
"""What the names of files that build images are, begin with and end in."""
_SCRIPT_FOLDERS = frozenset("ci build script scripts bin tool tools".split())
_SCRIPTS = (".yml", ".yaml", ".py", ".js", ".ts", ".mjs", ".rb")
"""What builds images where it lies in such a folder."""


def _may_be_scripts(project: Project) -> list[str]:
    """The paths among which those that may build images are: code does only in folders of scripts and of CI."""
    repository = project.repository
    folders = {folder for folder in repository.directories if folder.rpartition("/")[2] in _SCRIPT_FOLDERS}
    by_ending = project.model(paths_by_ending)
    programs = (path for ending in _SCRIPTS for path in by_ending.get(ending[1:], ()))
    scripts = [path for path in programs if path.rpartition("/")[0] in folders]
    hidden = repository.paths[bisect_left(repository.paths, ".") : bisect_left(repository.paths, "/")]
    return [*dict.fromkeys((*project.model(paths_besides_code), *hidden, *scripts))]


def _may_build(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if path.startswith(_CI_FOLDERS) or name in _BUILDERS or name.startswith(_BEGINNINGS) or name.endswith(_ENDINGS):
        return True
    if name.startswith((".gitlab-ci", "skaffold")):
        return name.endswith((".yml", ".yaml"))
    return folder.rpartition("/")[2] in _SCRIPT_FOLDERS and ("." not in name or name.endswith(_SCRIPTS))
