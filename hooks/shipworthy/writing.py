"""Puts a file in place whole: nobody ever reads half of it, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile

_NEW_FILE = 0o666
"""The permissions of a new file before the umask takes its part."""


def write_whole(path: str, content: bytes) -> None:
    """Make ``content`` the content of a file. One that is there keeps its permissions. Raises `OSError`.

    A symbolic link is not followed: it is replaced by the file.
    """
    handle, temporary = tempfile.mkstemp(prefix=".shipworthy-", dir=os.path.dirname(path) or ".")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        if os.path.isfile(path) and not os.path.islink(path):
            shutil.copymode(path, temporary)
        else:
            os.chmod(temporary, _NEW_FILE & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    umask = os.umask(0)  # there is no way to ask without setting it
    os.umask(umask)
    return umask
