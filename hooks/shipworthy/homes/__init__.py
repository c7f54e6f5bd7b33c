"""Permanent homes: what a setting is for, and whether it puts something that must last into a temporary directory.

This module holds what the two hooks need before they know whether they have anything to do; it imports nothing heavy.
"""

from __future__ import annotations

from shipworthy.filenames import READABLE

CONFIGURATION = READABLE
"""The files whose settings are judged: every configuration and source format that can be read."""

TEMPORARY_DIRECTORIES = (
    b"tmp",
    b"TMP",
    b"TEMP",
    b"/shm",
    b"run/user",
    b"tempdir",
    b"temp_dir",
    b"TempDir",
    b"TempPath",
    b"\\Temp",
    b"/Temp",
)
"""One of these stands in every file that names a temporary directory."""
