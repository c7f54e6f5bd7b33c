"""Paths that a program of the repository writes: whoever runs it has them, and git need not.

A document that calls such a file done is wrong all the same, because a clone has the program and not the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    by_ending: dict[str, dict[int, set[str]]] = {}
    for tail in tails:
        by_length = by_ending.setdefault(tail[tail.rindex(".") :], {})
        by_length.setdefault(len(tail), set()).add(tail)
    found: set[str] = set()
    for file in project.repository.containing("\n".join(sorted(tails))):
        is_program = project.place_of(file) in (PRODUCTION, DEVELOPMENT, CI) and not file.lower().endswith(ENDINGS)
        if is_program:
            text = text_of(project, file)
            found.update(
                tail for tail, end in _named_in(text, by_ending) if tail not in found and _writes(text, tail, end)
            )
    return {path for tail in found for path in tails[tail]}


def _named_in(text: str, by_ending: dict[str, dict[int, set[str]]]) -> Iterator[tuple[str, int]]:
    """The tails that stand in a text, and where each ends.

    Their endings are few, and so are their lengths: to look for each of hundreds of tails takes many times longer.
    """
    for ending, by_length in by_ending.items():
        at = text.find(ending)
        while at >= 0:
            end = at + len(ending)
            for length, tails in by_length.items():
                if length <= end and (tail := text[end - length : end]) in tails:
                    yield tail, end
            at = text.find(ending, end)


def _writes(text: str, tail: str, end: int) -> bool:
    """Whether a program's text writes the file whose path ends with a tail that ends there."""
    start = end - len(tail)
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - _LONGEST_LINE) : start]
    if COMMAND_WRITES.search(before) or _CODE_WRITES.search(before):
        return True
    return bool(_OPENS.search(before) and _FOR_WRITING.match(text[end : end + _LONGEST_LINE]))
