"""What is applied to a cluster: by commands of scripts and pipelines, and by kustomizations.

Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_apply/
"""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from shipworthy.deployment.kubernetes.units import Unit
from shipworthy.deployment.mentions import Line, lines_with
from shipworthy.patterns import lazy
from shipworthy.places import CI, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_APPLIES = lazy(
    r"\b(?:apply|create|replace)\b[^\n;&|]*?\s(?:-\w*[fk]|--filename|--kustomize)[ =]*[\"']?(?P<path>[\w./-]+)"
)
_RECURSES = lazy(r"(?:^|\s)(?:-\w*R\w*|--recursive)(?=\s|$|=true)")
_COMMENT = lazy(r"\s*(?:#|//)")


class Applied(NamedTuple):
    """A path that a command applies, with all folders below where it is ``deep``. ``by`` is the file of the command."""

    path: str
    by: str
    deep: bool


class Applications:
    """What the commands of scripts and pipelines apply: ``project.model(Applications)``."""

    def __init__(self, project: Project) -> None:
        self.found = [
            Applied(path, line.path, bool(_RECURSES.search(line.text)))
            for line in lines_with(project, "kubectl")
            if project.place_of(line.path) in (PRODUCTION, CI) and not _COMMENT.match(line.text)
            for path in _paths(project, line)
        ]

    def of(self, path: str, units: list[Unit]) -> str:
        """The file that sees to it that a manifest is applied: a kustomization, or one with a command; "" for none."""
        for unit in units:
            if unit.path:
                return unit.path
        folder = path.rpartition("/")[0]
        for applied in self.found:
            is_below = applied.deep and folder.startswith(applied.path + "/")
            if applied.path in (path, folder) or is_below:
                return applied.by
        return ""


def _paths(project: Project, line: Line) -> list[str]:
    """The paths that a line applies, taken from the root, or from the folder of its file."""
    found = []
    for applied in _APPLIES.finditer(line.text):
        written = posixpath.normpath(applied["path"])
        for base in ("", line.path.rpartition("/")[0]):
            path = posixpath.normpath(posixpath.join(base, written))
            if project.repository.has(path) and path != ".":
                found.append(path)
                break
    return found
