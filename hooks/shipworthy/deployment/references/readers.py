"""Which committed files build images and start services, told by their paths."""

from __future__ import annotations

from collections.abc import Iterator

from shipworthy.deployment.besides_code import files_besides_code
from shipworthy.deployment.references.model import is_ours
from shipworthy.formats import format_of
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_TEMPLATE = lazy(r"\.(?:j2|jinja2?|tmpl|tpl|in|erb|template|mustache|gotmpl|ctmpl)$")
_UNIT = lazy(r"\.service(?:\.(?:j2|template|tmpl|in|example|sample))?$")
_SUPERVISOR = lazy(
    r"(?:^|/)supervisor[^/]*\.(?:conf|ini)$|(?:^|/)supervisor[^/]*/(?:[^/]+/)*[^/]+\.(?:conf|ini)$",
    holding=("supervisor",),
)


def dockerfile_paths(project: Project) -> Iterator[str]:
    """The paths of the Dockerfiles that are looked at, sorted. Templates say nothing before they are rendered."""
    for path in project.model(files_besides_code):
        name = path[path.rfind("/") + 1 :].lower()
        if (
            "file" in name
            and not name.startswith(".")
            and format_of(path) == "dockerfile"
            and is_ours(project, path)
            and not _TEMPLATE.search(name)
        ):
            yield path


def unit_paths(project: Project) -> Iterator[str]:
    """The paths of systemd's units and of Supervisor's files, sorted."""
    for path in project.model(files_besides_code):
        if ".service" not in path and "supervisor" not in path:
            continue
        if (_UNIT.search(path) or _SUPERVISOR.search(path)) and is_ours(project, path):
            yield path
