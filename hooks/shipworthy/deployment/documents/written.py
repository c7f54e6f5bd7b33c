"""Paths that a program of the repository writes: whoever runs it has them, and git need not.

A document that calls such a file done is wrong all the same, because a clone has the program and not the file.
"""

from __future__ import annotations

from collections.abc import Iterable

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.references.presence import COMMAND_WRITES
from shipworthy.formats.prose import ENDINGS
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

MOST_NAMES = 2_000
"""A repository whose documents name more that is missing gets no explanations: each has to be looked for."""
_LONGEST_LINE = 1_000
_CODE_WRITES = lazy(
    r"(?:writeFile(?:Sync)?|WriteFile|createWriteStream|write_text|to_csv|to_json|to_html|savefig|outfile)\s*[(=][^()\n]{0,80}$"
)
_OPENS = lazy(r"\bopen\([^()\n]{0,80}$")
_FOR_WRITING = lazy(r"[^,\n]{0,40},\s*(?:mode\s*=\s*)?[\"'][wax]")


def written(project: Project, paths: Iterable[str]) -> set[str]:
    """Those of some paths that a committed program writes, by their last two parts."""
    tails: dict[str, list[str]] = {}
    for path in paths:
        if "." in path.rpartition("/")[2]:
            tails.setdefault("/".join(path.strip("/").split("/")[-2:]), []).append(path)
    if not tails or len(tails) > MOST_NAMES:
        return set()
    found: set[str] = set()
    for file in project.repository.containing("\n".join(sorted(tails))):
        is_program = project.place_of(file) in (PRODUCTION, DEVELOPMENT, CI) and not file.lower().endswith(ENDINGS)
        if is_program:
            text = text_of(project, file)
            found.update(path for tail in tails if _writes(text, tail) for path in tails[tail])
    return found


def _writes(text: str, tail: str) -> bool:
    """Whether a program's text writes a file whose path ends so."""
    at = text.find(tail)
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        before = text[max(start, at - _LONGEST_LINE) : at]
        behind = text[at + len(tail) : at + len(tail) + _LONGEST_LINE]
        if COMMAND_WRITES.search(before) or _CODE_WRITES.search(before):
            return True
        if _OPENS.search(before) and _FOR_WRITING.match(behind):
            return True
        at = text.find(tail, at + len(tail))
    return False
