"""Which programs that scripts ask for are not in an image.

Source: execve(2), interpreter scripts
"""

from __future__ import annotations

import re

from shipworthy.deployment.base_images import lacks_interpreter
from shipworthy.deployment.final_stage import FinalStage
from shipworthy.deployment.health_tools import may_hold
from shipworthy.deployment.image_references import ImageReference

_BRINGS = {"python": r"python[\w.-]*|py3?-[\w-]+|pip3?|uv", "node": r"node(?:js)?[\w.-]*|npm"}
"""What the packages that bring an interpreter are called."""


def is_absent(image: FinalStage | ImageReference | None, program: str) -> bool:
    """Whether an image is known not to have the program, and nothing is known to install it."""
    if image is None or not program:
        return False
    if isinstance(image, ImageReference):
        return lacks_interpreter(image, program)
    is_lacking = image.is_scratch or (image.reference is not None and lacks_interpreter(image.reference, program))
    language = program.rstrip("0123456789.")
    return is_lacking and not may_hold(image, _BRINGS.get(language, rf"{re.escape(program)}[\w.-]*"))
