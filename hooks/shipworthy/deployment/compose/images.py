"""The image that a service runs: what it is called, and what a Dockerfile of this repository makes it of."""

from __future__ import annotations

from shipworthy.deployment.compose.services import Service
from shipworthy.deployment.final_stage import FinalStage, built_stage
from shipworthy.deployment.image_references import ImageReference, parse
from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_VARIABLE = lazy(r"\$\{[^{}]*\}|\$\w+")
_HIDDEN = "unknown"


def pulled(service: Service) -> ImageReference | None:
    """The image that a service pulls; None for one that is built here or whose name cannot be known.

    A variable that hides the registry or the owner (``${REGISTRY}/api:latest``) hides neither name nor tag.
    """
    if service.build is not None or service.image is None:
        return None
    written = service.image.text
    known = service.known(written)
    if known is None:
        owner, slash, name = written.rpartition("/")
        last = service.known(name)
        if not slash or last is None or owner.count("{") != owner.count("}"):
            return None
        known = f"{_VARIABLE.sub(_HIDDEN, owner)}/{last}"
    return parse(known)


def dockerfile(project: Project, service: Service) -> File | None:
    """The committed Dockerfile that a service is built from; None where there is none or it cannot be read."""
    path = service.build.dockerfile_path if service.build is not None else None
    if path is None:
        return None
    try:
        file = project.file(project.repository.resolve(path))
        return file if file.document.root.children else None
    except (KeyError, OSError, Unreadable):
        return None


def built(project: Project, service: Service) -> FinalStage | None:
    """The stage that a service is built from; None where it is not known."""
    file, build = dockerfile(project, service), service.build
    target = service.known(build.target) if build is not None else None
    if file is None or build is None or target is None:
        return None
    given = {name: service.known(pair.value) for name, pair in build.args.items() if pair.value is not None}
    return built_stage(file, target, {name: value for name, value in given.items() if value is not None})


def base(project: Project, service: Service) -> ImageReference | None:
    """The published image that a service pulls or is built on; None where it cannot be known."""
    if service.build is None:
        return pulled(service)
    stage = built(project, service)
    return stage.reference if stage is not None else None


def started(project: Project, service: Service) -> str:
    """What runs in the container, as far as Compose or a Dockerfile of this repository say it; "" where they do not."""
    stage = built(project, service)
    if stage is None or "entrypoint" in service.entries:
        return service.command
    own = [stage.last(*names) for names in (("ENTRYPOINT",), () if service.command else ("CMD",))]
    parts = [stage.written_in(instruction) for instruction in own if instruction is not None]
    return " ".join([*parts, service.command]).strip()
