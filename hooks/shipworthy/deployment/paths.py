"""Paths as deployment files write them, turned into paths of the repository."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from shipworthy.patterns import lines_holding

_UNKNOWN = frozenset("$%*?[]{}<>\n")
"""Characters of variables, templates, globs and placeholders: what such a path names is not known before run time."""


def in_repository(directory: str, written: str) -> str | None:
    """The repository's path that ``written`` names, seen from ``directory`` ("" for the root).

    None where it cannot be known: an absolute path, one that leaves the repository, a variable, a template, a glob,
    an address.
    """
    path = written.replace("\\", "/").strip()
    if not path or path.startswith(("/", "~")) or path[1:2] == ":" or "://" in path or not _UNKNOWN.isdisjoint(path):
        return None
    joined = posixpath.normpath(posixpath.join(directory, path))
    if joined == ".." or joined.startswith("../"):
        return None
    return "" if joined == "." else joined


def beginning_with(paths: Sequence[str], words: Iterable[str]) -> set[str]:
    """Those of the paths, which are sorted, that begin with one of the words."""
    found: set[str] = set()
    for word in words:
        at = bisect_left(paths, word)
        while at < len(paths) and paths[at].startswith(word):
            found.add(paths[at])
            at += 1
    return found


def holding(paths: Sequence[str], words: Iterable[str]) -> list[str]:
    """Those of the paths that hold one of the words, in order: to look in each path takes many times longer.

    A path with a line break in it is left out.
    """
    text = "\n".join(paths)
    return [text[start:end] for start, end in lines_holding(text, words)]
