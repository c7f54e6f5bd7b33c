"""Carries out the changes that findings hold, for hooks with a ``--fix`` option.

A file is written whole and put in place of the old one, with the same permissions; everything but the named
characters stays as it was, byte for byte. A file that changed meanwhile, is a link or is not plain UTF-8 is left
alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from shipworthy.formats.unreadable import Unreadable
from shipworthy.rule import Edit, Finding
from shipworthy.writing import write_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.file import File


def apply(findings: Iterable[Finding], open_file: Callable[[str], tuple[str, File]]) -> list[Finding]:
    """Change the files of the findings that hold edits; the findings that are mended by it.

    ``open_file`` gives for a finding's path the file's name on disk and the file. Raises `OSError` where one cannot
    be written.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.edits:
            by_path.setdefault(finding.path, []).append(finding)
    mended: list[Finding] = []
    for path, found in by_path.items():
        name, file = open_file(path)
        changed = _changed(file, [edit for finding in found for edit in finding.edits])
        if changed is not None and _replace(name, file.data, changed):
            mended += found
    return mended


def _changed(file: File, edits: list[Edit]) -> bytes | None:
    """The file's bytes after the edits; None where its text does not stand for its bytes, or where edits overlap."""
    try:
        text = file.text
    except Unreadable:
        return None
    if text.encode("utf-8", "surrogatepass") != file.data:
        return None
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    pieces: list[str] = []
    done = 0
    for edit in ordered:
        if edit.start < done:
            return None
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]]).encode("utf-8", "surrogatepass")


def _replace(path: str, expected: bytes, content: bytes) -> bool:
    """Put ``content`` in place of a regular file that still holds ``expected``; whether that was done."""
    if os.path.islink(path):
        return False
    with open(path, "rb") as file:
        if file.read() != expected:
            return False
    write_whole(path, content)
    return True
