"""What the name of an env file says: for which environment it is, and of which file it is an example."""

from __future__ import annotations

import re
from functools import lru_cache

from shipworthy.patterns import lazy

_PARTS = lazy(r"[._\-]+")
_ENV = frozenset({"env", "envs", "dotenv"})
_NOT_ENV_FILES = frozenset(
    "bash c cfg cjs conf cpp cs css go html ini ipynb java js json jsx kt lock md mdx mjs patch php png properties ps1"
    " py rb rs rst sh sql svg tf toml ts tsx txt vue xml yaml yml zip zsh".split()
)
_EXAMPLE_WORDS = frozenset(
    "example examples sample samples template templates tmpl tpl dist default defaults schema skel skeleton reference"
    " j2 jinja jinja2 erb gotmpl ctmpl".split()
)
MAY_BE_EXAMPLE = lazy(
    r"example|sample|templ|tmpl|tpl|dist|default|schema|skel|reference|\.j2|jinja|\.erb",
    holding=tuple("example sample templ tmpl tpl dist default schema skel reference .j2 jinja .erb".split()),
)
TEMPLATES = (".j2", ".jinja", ".jinja2", ".erb", ".ctmpl", ".gotmpl", ".tpl", ".tmpl")
"""Endings of examples that a program renders."""
_SAME_WORD = {"prod": "production", "prd": "production", "dev": "development", "stg": "staging", "stage": "staging"}
TEST_WORDS = frozenset({"test", "tests", "testing", "ci", "e2e"})
DEVELOPMENT_WORDS = frozenset({"development", "local", "dev", "debug"})
ENVIRONMENTS = (
    TEST_WORDS | DEVELOPMENT_WORDS | {"production", "staging", "live", "docker", "compose", "runtime", "release"}
)


def is_env_file(path: str) -> bool:
    """Whether a path is called like an env file: ``.env``, ``.env.production``, ``api.env``, ``env.example``."""
    parts = _parts(path)
    return not _ENV.isdisjoint(parts) and parts[-1] not in _NOT_ENV_FILES


def is_plain_example(path: str) -> bool:
    """Whether a path is that of an example in the syntax of env files, rather than that of an env file in use."""
    name = path.rpartition("/")[2]
    return name != without_example_words(name) and is_env_file(path) and not path.endswith(TEMPLATES)


def is_for_development(path: str) -> bool:
    """Whether an env file's name says that it is for development or tests: ``.env.local``, ``.env.test``."""
    return not words_of(path).isdisjoint(DEVELOPMENT_WORDS | TEST_WORDS)


def without_example_words(path: str) -> str:
    """The path that an example is an example of: ``api/.env`` for ``api/.env.example`` and ``examples/api/.env``."""
    segments = [_without_words(segment) for segment in path.split("/")]
    return "/".join(segment for segment in segments if segment)


@lru_cache(8_192)  # folders come again for each file in them
def _without_words(segment: str) -> str:
    """One part of a path without the words of examples and the separators before them."""
    pieces = re.split(r"([._-]+)", segment)
    kept = ""
    for position in range(0, len(pieces), 2):
        if pieces[position].lower() not in _EXAMPLE_WORDS:
            kept += (pieces[position - 1] if position and (kept or pieces[0] == "") else "") + pieces[position]
    return kept.rstrip("._-")


def _parts(path: str) -> list[str]:
    return [part for part in _PARTS.split(path.rpartition("/")[2].lower()) if part] or [""]


def words_of(path: str) -> frozenset[str]:
    """What an env file's name says besides that it is one, synonyms made equal."""
    return frozenset(_SAME_WORD.get(part, part) for part in _parts(path) if part not in _ENV | _EXAMPLE_WORDS)


def serves(example: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether an example with these words serves the file: a plain one serves every environment, and the other way."""
    if example == wanted:
        return True
    return (not example and wanted <= ENVIRONMENTS) or (not wanted and example <= ENVIRONMENTS)


def is_above(folder: str, other: str) -> bool:
    """Whether ``folder`` is the other one, or a folder that it is in."""
    return not folder or folder == other or other.startswith(folder + "/")
