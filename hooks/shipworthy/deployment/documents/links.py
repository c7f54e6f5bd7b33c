"""Where links, images and includes lead: exactly, with capitals, from the document's folder or from the root."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from shipworthy.deployment.documents.context import Context
from shipworthy.deployment.documents.grammar import is_env_file, is_placeholder
from shipworthy.deployment.documents.hints import LINKS
from shipworthy.deployment.documents.index import Index
from shipworthy.deployment.documents.model import LINK, Named
from shipworthy.deployment.documents.sites import Sites
from shipworthy.file import File
from shipworthy.formats.prose import CODE, INCLUDE, PAGE, PAGES, Piece, Span
from shipworthy.formats.prose import LINK as LINK_SPAN
from shipworthy.patterns import lazy

_SCHEME = lazy(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?|mailto")
_POSITION = lazy(r":\d+(?:[-:]\d+)?$")
_EMPTY = lazy(r"link|url|href|here|tbd|todo|coming-soon", re.IGNORECASE)
_HOST = lazy(r"^(?:www\.|(?:[\w-]+\.)+(?:com|org|net|io|dev|ai|app)(?:/|$))")
_PAGES = (
    ".md",
    ".mdx",
    ".rst",
    ".adoc",
    ".asciidoc",
    ".markdown",
    "/index.md",
    "/README.md",
    "/index.mdx",
    "/index.rst",
    "/_index.md",
    "/index.adoc",
    "/readme.md",
    ".ipynb",
    "/index.html",
    ".html",
)


def links(file: File, context: Context, index: Index, sites: Sites, spots: list[int] | None) -> Iterator[Named]:
    """The links that lead to nothing committed.

    ``spots`` are the offsets of those that may do so, None where any may.
    """
    if spots is None:
        listed = [piece for piece in context.document.pieces if piece.kind == PAGES]
        pieces = [*context.pieces_with(LINKS), *listed]
    else:
        pieces = context.pieces_at(spots)
    for piece in pieces:
        for span in context.spans(piece) if piece.kind != CODE else ():
            if span.kind in (LINK_SPAN, INCLUDE, PAGE):
                named = _named(file, context, index, piece, span)
                if named is None or sites.makes(file.path, named.path) or sites.finds(file.path, named.written):
                    continue
                yield named


def _named(file: File, context: Context, index: Index, piece: Piece, span: Span) -> Named | None:
    path = _lost(span.text, file.directory, index, span.kind)
    if path is None or _is_route(path, file) or context.refuses(piece, span.start):
        return None
    return Named(LINK, file, span.start, span.text, path)


def _is_route(path: str, file: File) -> bool:
    """Whether a link in a page of a documentation site is one to another page, which the site may have moved."""
    return file.path.endswith(".mdx") and "." not in path.rpartition("/")[2]


def is_lost(written: str, directory: str, index: Index) -> bool:
    """Whether a link leads to nothing committed."""
    return _lost(written, directory, index, LINK_SPAN) is not None


def _lost(written: str, directory: str, index: Index, kind: str) -> str | None:
    """The path that a link leads to, if nobody committed it; otherwise None."""
    if written.startswith(("http:", "https:", "#")):
        return None
    target = written.partition("#")[0].partition("?")[0]
    if "%" in target:
        from urllib.parse import unquote

        target = unquote(target)
    target, is_of_an_editor = _POSITION.subn("", target.strip())
    if (
        not target
        or target.startswith("[")
        or _EMPTY.fullmatch(target)
        or _SCHEME.match(target)
        or _HOST.match(target)
        or is_placeholder(target)
        or is_env_file(target)
    ):
        return None
    path = resolved(target, directory, index)
    if is_of_an_editor and path is not None and not _is_there(path, index, kind):
        path = _in_workspace(target, index) or path
    return None if path is None or _is_there(path, index, kind) or index.is_output(path) else path


def _in_workspace(target: str, index: Index) -> str:
    """The path that a link with the number of a line means: an editor opens it from the root, wherever it stands."""
    path = posixpath.normpath(target)
    return path if path.partition("/")[0] in index.repository.directories else ""


def resolved(target: str, directory: str, index: Index) -> str | None:
    """The path of the repository that a target means; None where it leads out of it, or nobody can know."""
    if target.startswith("/"):
        path = posixpath.normpath(target.lstrip("/")) if target.strip("/") else ""
        folders = index.repository.directories
        parent, _, name = path.rpartition("/")
        is_route = "." not in name and not (target.endswith("/") and parent in folders)
        return path if path.partition("/")[0] in folders and not is_route else None
    path = posixpath.normpath(posixpath.join(directory, target))
    return None if path == ".." or path.startswith("../") else "" if path == "." else path


def _is_there(path: str, index: Index, kind: str) -> bool:
    if index.has(path):
        return True
    name = path.rpartition("/")[2]
    stem = path.removesuffix(".html")
    if kind == PAGE or "." not in name or path.endswith(".html"):
        return any(index.has(stem + ending) for ending in _PAGES)
    return False
