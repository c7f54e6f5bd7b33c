"""The few bytes that are read of a file: the number in a PID file, the mark of a SQLite database. Nothing else is.

Source: https://www.sqlite.org/fileformat.html#magic_header_string
"""

from __future__ import annotations

import os
import stat

from shipworthy.host.looking import Entry
from shipworthy.host.paths import READABLE_FILE, open_folder, open_inside
from shipworthy.patterns import lazy

SQLITE = b"SQLite format 3\0"
MOST_READ = 64
_NUMBER = lazy(rb"\s*(\d{1,10})\s*(?:\s|\Z)")


def first_bytes(folder: int, name: str, status: os.stat_result) -> bytes:
    """The beginning of a regular file in an open folder. Raises `OSError`, also where it is another file by now."""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "not a regular file")
    descriptor = open_inside(folder, name, READABLE_FILE)
    try:
        if not os.path.samestat(os.fstat(descriptor), status):
            raise OSError(0, "another file by now")
        return os.read(descriptor, MOST_READ)
    finally:
        os.close(descriptor)


def beginning(entry: Entry) -> bytes | None:
    """The beginning of a file that was found; None where it cannot be read."""
    try:
        folder = open_folder(os.path.dirname(entry.path))
        try:
            return first_bytes(folder, entry.name, entry.status)
        finally:
            os.close(folder)
    except OSError:
        return None


def number_in(content: bytes) -> int | None:
    """The number that a PID file begins with; None where it holds something else, or nothing."""
    found = _NUMBER.match(content)
    return int(found[1]) if found and int(found[1]) > 0 else None
