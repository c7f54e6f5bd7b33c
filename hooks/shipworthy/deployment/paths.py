"""Paths as deployment files write them, turned into paths of the repository."""

from __future__ import annotations

import posixpath

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
