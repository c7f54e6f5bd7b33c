"""Carries out the changes that findings hold, for hooks with a ``--fix`` option.

A file is written whole and put in place of the old one, with the same permissions; everything but the named
characters stays as it was, byte for byte. A file that is not as it was judged, is a link or is not plain UTF-8 is left
alone. An executable bit is set in the index, where the rules look for it, and on disk where there are such bits.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable

from shipworthy.file import File
from shipworthy.formats.unreadable import Unreadable
from shipworthy.index import REGULAR
from shipworthy.repository import Repository
from shipworthy.rule import Edit, Finding
from shipworthy.writing import write_whole

_READABLE = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


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


def add_lines(findings: Iterable[Finding], repository: Repository) -> list[Finding]:
    """Append the lines that findings miss to the files that lack them; the findings that are mended by it.

    A file is made where none is committed and none is on disk. Raises `OSError` where one cannot be written.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.addition:
            by_path.setdefault(finding.addition.path, []).append(finding)
    mended: list[Finding] = []
    for path, found in by_path.items():
        lines = [line for finding in found if finding.addition for line in finding.addition.lines]
        if repository.is_reached_without_links(path) and _append(path, list(dict.fromkeys(lines)), repository):
            mended += found
    return mended


def make_executable(findings: Iterable[Finding], repository: Repository) -> list[Finding]:
    """Set the executable bits that findings miss, in the index and on disk; the findings that are mended by it.

    A file of other content on disk is left alone: git would stage that content too. Raises `OSError` where the disk
    refuses.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.mode:
            by_path.setdefault(finding.mode.path, []).append(finding)
    lacking = [
        path
        for path in by_path
        if path in repository
        and repository.mode(path) == REGULAR
        and repository.is_reached_without_links(path)
        and repository.is_as_committed(path)
    ]
    if not lacking or not repository.stage_as_executable(lacking):
        return []
    for path in lacking:
        name = os.path.join(repository.root, path)
        mode = os.stat(name).st_mode
        os.chmod(name, mode | (mode & _READABLE) >> 2)  # whoever may read it may run it
    return [finding for path in lacking for finding in by_path[path]]


def _append(path: str, lines: list[str], repository: Repository) -> bool:
    """Append the lines that a file has not; whether there were any and that was done."""
    name = os.path.join(repository.root, path)
    if not all(line.isprintable() for line in lines):  # a line break in a file's name would become another line
        return False
    if path not in repository:
        if os.path.lexists(name):
            return False
        write_whole(name, "".join(f"{line}\n" for line in lines).encode("utf-8"))
        return True
    if not repository.is_file(path):
        return False
    file = File(path, repository.read(path))
    text = _text(file)
    if text is None:
        return False
    known = {line.rstrip() for line in text.split("\n")}
    missing = [line for line in lines if line not in known]
    line_end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    added = "".join(line + line_end for line in missing)
    if text and not text.endswith("\n"):
        added = line_end + added
    return bool(missing) and _replace(name, file.data, (text + added).encode("utf-8", "surrogatepass"))


def _text(file: File) -> str | None:
    """The file's text; None where it does not stand for the file's bytes."""
    try:
        text = file.text
    except Unreadable:
        return None
    return text if text.encode("utf-8", "surrogatepass") == file.data else None


def _changed(file: File, edits: list[Edit]) -> bytes | None:
    """The file's bytes after the edits; None where its text does not stand for its bytes, or where edits overlap."""
    text = _text(file)
    if text is None:
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
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        if file.read() != expected:
            return False
    write_whole(path, content)
    return True
