"""Bytes in, settings out: one module per file format.

`read` tells the format by the path, and by the content where the path does not tell. What a parser cannot read
(templates, a syntax newer than the parser) degrades to what single lines still say; it is never called broken.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from importlib import import_module

from shipworthy.filenames import GENERATED, PATHS
from shipworthy.formats import templates
from shipworthy.formats.size import MOST_TOKENS, MOST_TOKENS_OF_LINES, limit_tokens
from shipworthy.formats.source import Source
from shipworthy.formats.tree import Block, Setting
from shipworthy.formats.unreadable import TooLarge, Unreadable
from shipworthy.patterns import lazy

CODE = frozenset({"python", "javascript", "typescript", "tsx", "java", "go", "ruby", "php"})
"""Formats that are programming languages, all read by `shipworthy.formats.code`."""
_WORDS = {
    "dockerfile": ("dockerfile", "containerfile"),
    "dotenv": (".env", "env.", ".flaskenv"),
    "yaml": (".y",),
    "json": (".json",),
    "toml": (".toml", "pipfile"),
    "systemd": (*(".service", ".socket", ".timer", ".mount", ".automount", ".path", ".slice", ".target", ".swap"),),
    "properties": (".properties",),
    "ini": (".ini", ".cnf"),
    "xml": (".xml", ".plist", ".config"),
    "hcl": (".tf", ".hcl", ".nomad"),
    "makefile": ("makefile", ".mk"),
    "procfile": ("procfile",),
    "crontab": ("cron",),
    "shell": (".sh", ".bash", ".zsh", ".ksh", ".ash", ".envrc", "init.d/", "default/", "sysconfig/"),
    "python": (".py", ".wsgi"),
    "typescript": (".ts", ".mts", ".cts"),
    "tsx": (".tsx",),
    "javascript": (".js", ".mjs", ".cjs"),
    "java": (".java",),
    "go": (".go",),
    "ruby": (".rb", "vagrantfile", "rakefile", "config.ru"),
    "php": (".php",),
}
"""One of them is in every path of a format."""
_BY_PATH = [(name, lazy(pattern, re.IGNORECASE, holding=_WORDS.get(name, ()))) for name, pattern in PATHS]
_GENERATED = lazy(
    GENERATED,
    holding=("-lock.", ".lock", "shrinkwrap", "go.sum", ".min.", ".map", ".snap", ".svg", ".ipynb"),
)
_WITH_OWN_LIMITS = frozenset({"yaml", "json", "toml", "hcl", "shell"})
"""Formats whose readers ask themselves whether a text is too large."""
MOST_EMBEDDED = 8
"""How deep documents are read inside one another: scripts write scripts, and readers recurse."""
_embedded: list[str] = []
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Document:
    """A file as its format reads it.

    ``format`` is the reader's name, ``root`` the tree it made. ``degraded`` says why a parser could not read the file
    and only its single lines were looked at; "" where it could.
    """

    __slots__ = ("degraded", "format", "root")

    def __init__(self, format: str, root: Block, degraded: str = "") -> None:
        self.format = format
        self.root = root
        self.degraded = degraded


def decode(data: bytes) -> str:
    """A file's text. Broken UTF-8 gives replacement characters; raises `Unreadable` for what is no text."""
    mark, encoding = next((pair for pair in _BOMS if data.startswith(pair[0])), (b"", "utf-8"))
    text = data[len(mark) :].decode(encoding, "replace")
    if "\0" in text:
        raise Unreadable("binary")
    return text


def read(path: str, text: str) -> Document:
    """The document that ``text`` is, by the format that its path or its content names.

    Raises `TooLarge` where its tree would fill the memory.
    """
    if _generated(path):
        return Document("generated", Block("document"))
    name = format_of(path)
    source = Source(text)
    degraded = ""
    for hide in (False, True):
        attempt = templates.masked(text) if hide else text
        if attempt is None:
            continue
        try:
            format, root = _read_by(name, Source(attempt), path)
        except TooLarge:
            raise
        except Unreadable as error:
            degraded = degraded or str(error)
            continue
        if hide:
            templates.restore(root, text)
        return Document(format, root, degraded)
    root = _lines(source)
    return Document(name, root, degraded)


def read_embedded(path: str, source: Source) -> Block | None:
    """A document inside another (a here-document, a ConfigMap's entry) by its own name; None where none reads it."""
    if _generated(path) or len(_embedded) >= MOST_EMBEDDED:
        return None
    _embedded.append(path)
    try:
        _, root = _read_by(format_of(path), source, path)
    except TooLarge:
        raise
    except Unreadable:
        root = _lines(source)
    finally:
        _embedded.pop()
    root.name = path.rpartition("/")[2]
    return root


@cache
def format_of(path: str) -> str:
    """The format that the path tells; "text" where only the content can tell."""
    return next((name for name, pattern in _BY_PATH if pattern.search(path)), "text")


@cache
def _generated(path: str) -> bool:
    return _GENERATED.search(path) is not None


def _lines(source: Source) -> Block:
    limit_tokens(source.text, MOST_TOKENS_OF_LINES)
    root: Block = import_module("shipworthy.formats.lines").read(source)
    return root


def _read_by(name: str, source: Source, path: str) -> tuple[str, Block]:
    """The reader's tree, with the name of the reader. Raises `Unreadable`."""
    if name == "text":
        found: tuple[str, Block] = import_module("shipworthy.formats.text").read(source, path)
        return found
    if name in CODE:
        return name, import_module("shipworthy.formats.code").read(source, name)
    if name not in _WITH_OWN_LIMITS:
        limit_tokens(source.text, MOST_TOKENS if name == "makefile" else MOST_TOKENS_OF_LINES)
    if name in ("systemd", "properties"):
        return name, import_module("shipworthy.formats.ini").read(source, name)
    root: Block = import_module(f"shipworthy.formats.{name}").read(source)
    if name in ("yaml", "json"):
        import_module("shipworthy.formats.dialects").expand(root, source, path)
    return name, root


__all__ = ["CODE", "Block", "Document", "Setting", "Source", "Unreadable", "decode", "format_of", "read"]
