"""Keeps secrets out of what is reported, whatever rule quotes them.

Most messages have nothing in them that looks like one, and then nothing more is loaded.
"""

from __future__ import annotations

from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.rule import Finding

_MAY_HOLD_SECRET = lazy(
    r"(?i:pass|pwd|secret|token|key|auth|credential|salt|pepper|bearer|basic)[\w.-]*[\"']?[=: \t]|://[^/\s]*:[^/\s]*@"
    r"|[ \t]-[aup]|\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{16}"
)


def mask(finding: Finding) -> None:
    """Take secrets out of a finding's message, its fix and its details."""
    finding.message = without_secrets(finding.message)
    if finding.fix:
        finding.fix = without_secrets(finding.fix)
    if finding.details:
        finding.details = {name: _of_value(value) for name, value in finding.details.items()}


def _of_value(value: object) -> object:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, list):
        return [_of_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _of_value(item) for name, item in value.items()}
    return value


def without_secrets(text: str) -> str:
    """A text that quotes the repository, with its secrets masked."""
    if not _MAY_HOLD_SECRET.search(text):
        return text
    from shipworthy.deployment.secrets.masking import masked

    return masked(text)
