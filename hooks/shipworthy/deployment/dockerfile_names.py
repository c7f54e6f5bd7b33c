"""What the name of a Dockerfile says: told without reading anything, because a file hook asks it first."""

from __future__ import annotations

import re

from shipworthy.patterns import lazy

_NAME = lazy(r"(?:(?P<before>[^/]*)\.)?(?:Docker|Container)file(?:[.\-_](?P<after>[^/]+))?")
_NAMED_FIRST = lazy(r"(?P<before>[^/]+)\.(?P<after>)(?:docker|container)file")
_OTHER_FILES = ("dockerignore", "md", "txt", "sh", "py", "yml", "yaml", "json", "ts", "js", "go")
_TEMPLATES = frozenset({"j2", "jinja", "jinja2", "tmpl", "tpl", "template", "in", "erb"})
_NOT_PRODUCTION = frozenset(
    "dev devel develop development local debug test tests testing ci e2e cypress playwright devcontainer gitpod lint "
    "example sample".split()
)
_PRODUCTION_WORDS = frozenset(
    "prod production release multi multistage stage staging alpine slim debian ubuntu amd64 arm64 cpu gpu cuda jvm "
    "native optimized minimal full build base deploy bun pnpm npm".split()
)


def label_of(path: str) -> str | None:
    """What a Dockerfile's name says besides being one; None for a path that is no Dockerfile for production."""
    name = path.rpartition("/")[2]
    if name == "Dockerfile":
        return ""
    found = _NAME.fullmatch(name) or _NAMED_FIRST.fullmatch(name)
    if not found or name.lower().endswith(tuple("." + ending for ending in _OTHER_FILES)):
        return None
    words = _words(".".join(part for part in (found["before"], found["after"]) if part))
    if _is_not_for_production(words):
        return None
    return "-".join(word for word in words if word and word.lower() not in _PRODUCTION_WORDS | _TEMPLATES)


def is_named_for_development(path: str) -> bool:
    """Whether a word in a file's name says that what it builds is for development or tests."""
    return _is_not_for_production(_words(path.rpartition("/")[2]))


def _words(name: str) -> list[str]:
    return re.split(r"[.\-_]", name)


def _is_not_for_production(words: list[str]) -> bool:
    return any(word.lower() in _NOT_PRODUCTION for word in words)
