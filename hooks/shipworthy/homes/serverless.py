"""Where only a temporary directory can be written, so that nothing else can be asked for."""

from __future__ import annotations

import re

from shipworthy.file import File
from shipworthy.formats.tree import Setting

NEAR = 3
"""Lines around a setting in which a platform's name counts."""
_FUNCTION = re.compile(
    r"lambda_handler|aws[-_ ]?lambda|AWS_LAMBDA|LAMBDA_TASK_ROOT|functions[-_]framework|google-cloud-functions"
    r"|azure-functions|exports\.handler\s*=|APIGatewayProxy|@vercel/",
    re.IGNORECASE,
)
_PLATFORM = re.compile(r"serverless|vercel|heroku|netlify|cloud functions|\blambda\b|\bbref\b", re.IGNORECASE)
_PATH = re.compile(
    r"(?:^|[/_\-.])(?:lambdas?|serverless|vercel|heroku|netlify|cloud-?functions?|bref)(?=[/_\-.]|$)", re.IGNORECASE
)


def is_serverless(file: File, setting: Setting) -> bool:
    """Whether the setting is for a function as a service or a platform like it.

    Told by the path, by what only such functions have anywhere in the file, or by a platform's name near the setting.
    """
    if _PATH.search(file.path) or file.model(_is_function):
        return True
    line = file.position(setting.start)[0]
    lines = range(max(1, line - NEAR), line + NEAR + 1)
    return any(_PLATFORM.search(file.line(number)) for number in lines)


def _is_function(file: File) -> bool:
    return _FUNCTION.search(file.text) is not None
