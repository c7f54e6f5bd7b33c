"""Paths in sentences, items and tables, set as code, and those that a document calls done."""

from __future__ import annotations

from functools import cached_property

from shipworthy.deployment.documents.context import DONE, QUIET, Context
from shipworthy.deployment.documents.grammar import (
    is_bare_deployment_file,
    is_in_deployment_folder,
    may_be_path,
    path_in,
    plain_path_in,
)
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import CLAIM, MENTION, Named
from shipworthy.deployment.documents.typed import shown
from shipworthy.deployment.references.names import is_made_by_its_user
from shipworthy.file import File
from shipworthy.formats.prose import CODE, SPAN, STRUCK, Piece, Span
from shipworthy.patterns import lazy

_BARE_CLAIM = lazy(r"[\w@+.-]{1,80}\.[A-Za-z]\w{0,9}|(?:Docker|Container)file(?:\.[\w-]+)?|[\w.-]+/")
_ENDING_OF_NAMES = lazy(r"\.\w+\.(?:js|ts|tsx|jsx|py|go|java|css|scss|html|md|vue)")
"""``.test.ts``: how names end, and no name."""
_BUNDLE = lazy(r"[.-](?=[\w-]*\d[\w-]*[A-Za-z])[\w-]{8}\.(?:js|mjs|css)(?:\.map)?$")
"""``index-Dn905Y3-.js``: how bundlers name what they write, after its contents."""
_CI_FOLDER = lazy(r"\.(?:github/(?:workflows|actions)|gitlab|circleci|gitea|forgejo|buildkite)/")
"""Hidden folders that are the repository's; others hold what a tool of the reader keeps."""
_LONGEST_TICKS = 12
_KNOWN_FOLDERS = frozenset(
    "k8s kubernetes helm charts terraform infra infrastructure ansible deploy deployment monitoring docker"
    " scripts".split()
)


class Mentions:
    """What a document sets as code and nobody committed.

    ``named`` is what it says is there, ``denied`` the paths that it says are not, if only in one place of several.
    """

    def __init__(self, file: File, context: Context, index: Index, spots: list[int] | None) -> None:
        """``spots`` are the offsets of what may be missing, None where anything may be."""
        self.file = file
        self.context = context
        self.index = index
        self.named: list[Named] = []
        self.denied: set[str] = set()
        for piece in context.pieces_with("`") if spots is None else context.pieces_at(spots):
            if piece.kind != CODE:
                self._read(piece)

    def _read(self, piece: Piece) -> None:
        found = self.context.spans(piece)
        struck = [(span.start, span.end) for span in found if span.kind == STRUCK]
        for span in found:
            if span.kind == SPAN:
                self._take(piece, span, any(first <= span.start < last for first, last in struck))

    def _take(self, piece: Piece, span: Span, is_struck: bool) -> None:
        path = lost_path(span.text, self.index, self.file.directory)
        if not path:
            return
        state = QUIET if is_struck else self.context.state(piece, span.start)
        if state == QUIET:
            self.denied.add(path)
        elif state == DONE and _is_claimable(self.index, path, self.file.directory):
            self.named.append(Named(CLAIM, self.file, span.start, span.text, path))
        elif _is_mentionable(self.index, path, self.file.directory) and not self._is_of_others(path, span):
            self.named.append(Named(MENTION, self.file, span.start, span.text, path))

    def _is_of_others(self, path: str, span: Span) -> bool:
        """Whether a path leads to another repository, or is one of the reader, who is shown what to write there."""
        behind = self.context.document.text[span.end : span.end + _LONGEST_TICKS].lstrip("`")
        return behind.startswith("](http") or path.rpartition("/")[2].lower() in self._shown

    @cached_property
    def _shown(self) -> frozenset[str]:
        return shown(self.context.document)


def lost_path(words: str, index: Index, directory: str) -> str:
    """The path that some words set as code are, if nobody committed it; otherwise ""."""
    path = (path_in(words) or plain_path_in(words)) if may_be_path(words) else ""
    if not path or _ENDING_OF_NAMES.fullmatch(path) or _BUNDLE.search(path) or is_made_by_its_user(path):
        return ""
    return "" if index.knows(path, directory) or index.is_output(path) else path


def _is_claimable(index: Index, path: str, directory: str) -> bool:
    """Whether a path that is called done is one of this repository."""
    if not path_in(path):
        return path.partition("/")[0] in _KNOWN_FOLDERS or index.is_anchored(path, directory)
    if "/" not in path.rstrip("/"):
        return _BARE_CLAIM.fullmatch(path) is not None
    return True


def _is_mentionable(index: Index, path: str, directory: str) -> bool:
    """Whether a path in passing is one of this repository."""
    if not path_in(path):
        return False
    if "/" not in path:
        return is_bare_deployment_file(path)
    if path.startswith(".") and not _CI_FOLDER.match(path):
        return False
    return is_in_deployment_folder(path) or index.is_anchored(path, directory)
