"""Makes what a hostile repository says harmless to terminals, to readers and to CI systems."""

from __future__ import annotations

from shipworthy.patterns import lazy

_UNPRINTABLE = lazy(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_COMMAND = lazy(r":(?=:[A-Za-z])|#(?=#\w{0,20}\[)")


def printable(text: str) -> str:
    r"""The text with control characters, bidirectional overrides and workflow commands written out.

    ``::error::`` becomes ``\x3a:error::``, ``##[error]`` becomes ``\x23#[error]``: CI systems take lines that
    begin so for commands to them.
    """
    text = _UNPRINTABLE.sub(lambda match: _written_out(match[0]), text)
    return _COMMAND.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def _written_out(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe_json(text: str) -> str:
    """JSON in which no workflow command stands as such; it means the same to every reader of JSON."""
    return _COMMAND.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
