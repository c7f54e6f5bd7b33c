"""What a document names, and what it says about it."""

from __future__ import annotations

from typing import NamedTuple

from shipworthy.file import File

CLAIM = "claim"
"""Said to be there: ticked off, complete, done."""
ARTEFACT = "artefact"
"""A kind of thing said to be there, without a path."""
COMMAND = "command"
"""What a command needs: a file, a script of package.json, a target of make, a service of Compose."""
TREE = "tree"
"""Files and folders of a tree diagram."""
LINK = "link"
"""Where a link, an image or an include leads."""
VERSION = "version"
"""The version of a technology."""
MENTION = "mention"
"""Named in passing, as people name what is there."""
KINDS = (CLAIM, ARTEFACT, COMMAND, TREE, LINK, VERSION, MENTION)
"""The strongest first: of what a document names in several ways, the strongest counts."""


class Named(NamedTuple):
    """What a document names at one place, and is not so.

    ``kind`` is one of `KINDS`. ``written`` is as the document has it, ``path`` what it means: a path of the repository,
    or "" where it is something else. ``what`` is what is wrong about it where that is not that the path is not
    committed, ``fix`` what to write instead, "" where that is not known. ``others`` are the further paths that a tree
    shows.
    """

    kind: str
    file: File
    start: int
    written: str
    path: str = ""
    what: str = ""
    fix: str = ""
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that it names."""
        return (self.path, *self.others) if self.path else self.others


class Unkept(NamedTuple):
    """What a document names and the repository does not keep.

    ``is_on_disk`` tells that ``path`` is in the working tree all the same; ``differing_in_case`` is a committed path
    that differs in capitals alone, ``elsewhere`` the only committed file of that name, or "". ``lines`` are the other
    lines of the document that name it, ``copies`` the other documents that say the same in the same words.
    """

    named: Named
    is_on_disk: bool
    differing_in_case: str
    elsewhere: str
    lines: tuple[int, ...]
    copies: tuple[str, ...]
