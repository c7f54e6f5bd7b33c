"""The languages that functions are read in, by the endings of files."""

from __future__ import annotations

from shipworthy.filenames import COMPONENTS

LANGUAGES = {
    **dict.fromkeys((".ts", ".mts", ".cts"), "typescript"),
    ".tsx": "tsx",
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), "javascript"),
    ".py": "python",
    ".go": "go",
    ".java": "java",
    ".kt": "kotlin",
    ".cs": "csharp",
    ".rs": "rust",
    ".rb": "ruby",
    ".php": "php",
    **dict.fromkeys(COMPONENTS, "typescript"),
}
"""The language of a file by its ending."""
SCRIPTS = (".sh", ".bash")
"""The endings of shell scripts."""
ENDINGS = (*LANGUAGES, *SCRIPTS)
