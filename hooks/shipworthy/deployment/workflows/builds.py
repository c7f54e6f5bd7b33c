"""The services whose images no job builds, where the jobs build those of others.

Only what CI cannot build is reported: a name anywhere in a pipeline, or in a script that builds images, may be a build.
Where a loop, a matrix that a step makes up, or a tool that knows all images decides, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from shipworthy.deployment.evidence import Evidence, text_of
from shipworthy.deployment.images import image_source
from shipworthy.deployment.names import comparable, spelled
from shipworthy.deployment.pipelines import build_lines, build_texts
from shipworthy.deployment.services import Service, services
from shipworthy.deployment.workflows.discovery import read_by_ci
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_WORD = lazy(r"[\w.-]+")
_COMMENT = lazy(r"^[ \t]*(?:#|//)[^\n]*", re.MULTILINE)
_BUILDS_ALL = lazy(
    r"docker[ -]compose\b[^\n]*\b(?:build|up|push)\b|docker stack|\bcompose-action"
    r"|\b(?:bake|bazel|pants|buck2?|earthly|tilt|dagger|werf|garden|okteto|goreleaser|nix|copilot|azd)\b"
    r"|skaffold|\bjib|bootBuildImage|build-image\b|buildpacks|\bpack build|\bko (?:build|publish|resolve|apply)"
    r"|\bsam build|PublishContainer|/t:Publish|\baspire|gcloud builds submit"
    r"|\b(?:make|just|task|npm run|pnpm|yarn|bun run|nx|turbo|rake|mage|invoke|mvnw?|gradlew?)\b[^\n]{0,100}"
    r"(?:image|docker|container|push|release)",
    re.IGNORECASE,
)
"""Builds what no line of the pipeline names."""
_LOOPS = lazy(
    r"fromJSON\(|\bxargs\b|\bfind\b[^\n]*ocker|\*\*?/Dockerfile|\bwhile\b[^\n]*\bread\b"
    r"|\bfor\b[^\n]*\bin\b(?![^\n]*(?:\bseq\b|\{\d))[^\n]*(?:[*]|\$[({\w])",
    re.IGNORECASE,
)
"""In a pipeline that builds images: goes through names that something else makes up."""


class Unbuilt(NamedTuple):
    """A service whose image no job builds; ``dockerfile`` is what it is built from, ``siblings`` are built by jobs."""

    service: Service
    dockerfile: str
    siblings: list[str]


def unbuilt(project: Project) -> list[Unbuilt]:
    """The services that production runs from a Dockerfile of this repository and that no job builds."""
    known = project.model(read_by_ci)
    texts = {built.path: _COMMENT.sub("", built.text) for built in project.model(build_texts)}
    pipelines = {path: text for path, text in texts.items() if path in known}
    unknown = not pipelines or any(_LOOPS.search(text) for text in pipelines.values())
    if (
        unknown
        or not _may_be_left(project, texts.values())
        or any(_BUILDS_ALL.search(_COMMENT.sub("", text_of(project, path))) for path in known)
    ):
        return []
    deployed = [service for service in project.model(services) if service.deployed_by]
    unnamed = [service for service in deployed if not _is_named(service, "", [*texts.values()])]
    candidates = _candidates(project, unnamed)  # where their images come from takes its time, and few are left
    others = _candidates(project, [service for service in deployed if service not in unnamed]) if candidates else []
    built = [(service, source.path) for service, source in others if _is_built(service, source.path, pipelines)]
    dockerfiles = {path for _, path in built}
    left = [
        Unbuilt(service, source.path, [sibling.name for sibling, _ in built])
        for service, source in candidates
        if source.path not in dockerfiles and not _is_named(service, source.path, [*texts.values()])
    ]
    return _of_no_other_rule(project, left) if built and left else []


def _may_be_left(project: Project, texts: Iterable[str]) -> bool:
    """Whether there is a Dockerfile below the root whose folder no text names: a look that needs no services."""
    words = {word for text in texts for word in _WORD.findall(text.lower())}
    for path in project.repository.paths:
        folder, _, name = path.rpartition("/")
        if "ockerfile" in name and folder and folder.rpartition("/")[2].lower() not in words:
            return True
    return False


def _candidates(project: Project, deployed: list[Service]) -> list[tuple[Service, Evidence]]:
    """Those of the services that have a Dockerfile of their own below the root."""
    found = []
    for service in deployed:
        source = image_source(project, service)
        if source is not None and "/" in source.path and "ockerfile" in source.path.rpartition("/")[2]:
            found.append((service, source))
    return found


def _is_built(service: Service, dockerfile: str, pipelines: dict[str, str]) -> bool:
    """Whether a pipeline builds the service's image: a line that says what an image is built from names its folder.

    Where a variable names it, the service's name must stand in a list of the same pipeline.
    """
    folder = dockerfile.rpartition("/")[0]
    wanted = _word(dockerfile, folder, service.path)
    listed = re.compile(
        rf"(?:^[ \t]*-|[\[,])[ \t]*[\"']?{re.escape(folder.rpartition('/')[2])}[\"']?[ \t]*(?:$|[\],])", re.MULTILINE
    )
    for text in pipelines.values():
        lines = [text[start:end] for start, end in build_lines(text)]
        if any(wanted.search(line) for line in lines):
            return True
        if any("$" in line for line in lines) and listed.search(text):
            return True
    return False


def _is_named(service: Service, dockerfile: str, texts: list[str]) -> bool:
    """Whether something that builds images names the service, its folder or its Dockerfile, "" for one not known."""
    folders = {dockerfile.rpartition("/")[0], service.path} - {""}
    names = {service.name, *service.names, *(folder.rpartition("/")[2] for folder in folders)}
    names |= {spelled(name) for name in names} | {comparable(name) for name in names}
    wanted = _word(dockerfile, *folders, *names)
    return any(wanted.search(text) for text in texts)


def _word(*names: str) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(set(names)) if name)
    return re.compile(rf"(?<![\w.-])(?:{alternatives})(?![\w-])", re.IGNORECASE)


def _of_no_other_rule(project: Project, left: list[Unbuilt]) -> list[Unbuilt]:
    """Without those whose image production pulls by a name that nothing builds: `images-built` reports these."""
    from shipworthy.deployment.image_builds import unbuilt_images

    pulled = {image.service.name for image in unbuilt_images(project)}
    return [found for found in left if found.service.name not in pulled]
