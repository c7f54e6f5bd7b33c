"""Where only a temporary directory can be written, so that nothing else can be asked for."""

from __future__ import annotations

import re
from functools import cache

from shipworthy.file import File
from shipworthy.formats import CODE
from shipworthy.formats.tree import Setting
from shipworthy.hook import root_of
from shipworthy.patterns import lazy

NEAR = 3
"""Lines around a setting in which a platform's name counts."""
_FUNCTION = lazy(
    r"lambda_handler|aws[-_ ]?lambda|AWS_LAMBDA|LAMBDA_TASK_ROOT|functions[-_]framework|google-cloud-functions"
    r"|azure-functions|exports\.handler\s*=|APIGatewayProxy|@vercel/",
    re.IGNORECASE,
)
_PLATFORM = lazy(r"serverless|vercel|heroku|netlify|cloud functions|\blambda\b|\bbref\b", re.IGNORECASE)
_PATH = lazy(
    r"(?:^|[/_\-.])(?:lambdas?|serverless|vercel|heroku|netlify|cloud-?functions?|bref)(?=[/_\-.]|$)", re.IGNORECASE
)
_STATED_BY = ("serverless.yml", "serverless.yaml", "serverless.ts", "samconfig.toml", "now.json")
"""Files beside or below which all code runs as functions."""


def is_serverless(file: File, setting: Setting) -> bool:
    """Whether the setting is for a function as a service or a platform like it.

    Told by the path, by what only such functions have anywhere in the file, by a platform's name near the setting, or,
    for code, by the platform's own file in the same folder or above it.
    """
    if _PATH.search(file.path) or file.model(_is_function):
        return True
    line = file.position(setting.start)[0]
    lines = range(max(1, line - NEAR), line + NEAR + 1)
    if any(_PLATFORM.search(file.line(number)) for number in lines):
        return True
    return file.document.format in CODE and _is_below_one(file.directory)


def _is_function(file: File) -> bool:
    return _FUNCTION.search(file.text) is not None


def _is_below_one(directory: str) -> bool:
    """Whether a platform's file is committed in the folder or in one that it is in."""
    root = root_of()
    folders = _stated_folders(root) if root else frozenset()
    while directory and directory not in folders:
        directory = directory.rpartition("/")[0]
    return directory in folders


@cache
def _stated_folders(root: str) -> frozenset[str]:
    """The folders of a repository that hold a platform's file. Git is asked only where something was found."""
    from shipworthy.repository import NotARepository, committed_matching

    try:
        found = committed_matching(root, [f":(glob)**/{name}" for name in _STATED_BY])
    except NotARepository:
        return frozenset()
    return frozenset(path.rpartition("/")[0] for path in found)
