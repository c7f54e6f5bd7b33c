"""How much a text is to parse: trees of the largest ones would fill the memory, and nobody writes such a text by hand.

A tree takes 100 to 700 bytes for each word and sign of its text. Bundles of programs and tables of data have millions.
"""

from __future__ import annotations

from shipworthy.formats.unreadable import TooLarge

MOST_TOKENS = 120_000
"""Words and signs of a program; the longest that people write, 13,000 lines of pandas, has 83,000."""
MOST_TOKENS_OF_SCRIPTS = 100_000
"""The same of shell and Ruby, whose trees take most."""
MOST_TOKENS_OF_LINES = 300_000
"""The same of what needs no syntax tree: variables, sections, tags."""
MOST_NODES = 200_000
"""Settings and blocks of YAML and JSON."""

_LETTER, _OTHER = b"w", b" "
_IS_WORD = [byte > 0x7F or byte == ord("_") or chr(byte).isalnum() for byte in range(0x100)]
_AS_WORDS = b"".join(_LETTER if is_word else _OTHER for is_word in _IS_WORD)
_NO_SIGNS = bytes(byte for byte in range(0x100) if _IS_WORD[byte] or chr(byte).isspace())


def tokens(data: bytes) -> int:
    """How many words and signs a text in UTF-8 has."""
    words = data.translate(_AS_WORDS)
    return words.count(_OTHER + _LETTER) + words.startswith(_LETTER) + len(data.translate(None, _NO_SIGNS))


def limit_tokens(text: str, most: int) -> None:
    """Raise `TooLarge` where a text has more words and signs than that."""
    if len(text) > most and tokens(text.encode("utf-8", "surrogatepass")) > most:
        raise TooLarge(f"too large: over {most:,} words and signs")


def too_many_nodes() -> TooLarge:
    """The error of a text with more settings and blocks than that."""
    return TooLarge(f"too large: over {MOST_NODES:,} settings")
