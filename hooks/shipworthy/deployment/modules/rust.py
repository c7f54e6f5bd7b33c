"""Modules of Rust: ``mod name;`` is a file beside the one that says so, or in the folder of its name.

There is no parser of Rust here, so comments and strings are blanked and braces are counted: a declaration inside
anything but plain ``mod name { ... }`` blocks, under ``#[cfg]`` or in a macro is left alone.

Source: https://doc.rust-lang.org/reference/items/modules.html
"""

from __future__ import annotations

import re

from shipworthy.deployment.modules.model import Suspects, ancestors, below, joined
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from shipworthy.file import File
    from shipworthy.project import Project

_MANIFEST = "Cargo.toml"
_DECLARATION = lazy(rb"mod[ \t]+(?:r#)?([A-Za-z_]\w*)[ \t]*;")
_TOKEN = lazy(
    r"//[^\n]*|/\*(?:.*?\*/|.*)|b?r(?P<hashes>#{0,8})\"(?:.*?\"(?P=hashes)|.*)|b?\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"?|b?'(?:[^'\\\n]|\\[^\n]{1,9})'",
    re.DOTALL,
)
_NOT_BLANK = lazy(r"[^\n]")
_PART = lazy(
    r"(?P<attribute>#!?\[)|(?:\bmod\s+(?:r#)?(?P<name>[A-Za-z_]\w*)\s*(?P<mark>[;{]))|(?P<open>\{)|(?P<close>\})|(?P<end>;)"
)
_PATH = lazy(r"#\[\s*path\s*=\s*\"(?P<path>[^\"\n]+)\"\s*\]")
_ROOTS = ("main.rs", "lib.rs", "mod.rs", "build.rs")


class Rust:
    """Collects the module declarations of a repository's Rust that no committed file answers."""

    def __init__(self, project: Project, paths: Iterable[str]) -> None:
        self.project = project
        self.repository = project.repository
        self.suspects = Suspects()
        self.crates = {
            path[: -len(_MANIFEST)].rstrip("/") for path in self.repository.paths if path.endswith(_MANIFEST)
        }

    def take(self, path: str, data: bytes) -> None:
        """Look at the module declarations of one file."""
        names = _DECLARATION.findall(data)
        if not names or all(self._is_beside(path, name.decode()) for name in names):
            return
        if not any(folder in self.crates for folder in ancestors(path.rpartition("/")[0])):
            return
        for name, candidates, _ in self._declared(path, data.decode("utf-8", "replace")):
            if not any(
                self.repository.has(candidate) or self.repository.is_unknown(candidate) for candidate in candidates
            ):
                self.suspects.add(candidates[0], candidates, path, f"mod {name}")

    def _is_beside(self, path: str, name: str) -> bool:
        return any(candidate in self.repository for candidate in _files(path, [], name))

    def _declared(self, path: str, text: str) -> list[tuple[str, tuple[str, ...], int]]:
        return [
            (name, _pointed(path, pointed) if pointed else _files(path, around, name), start)
            for name, around, pointed, start in _declarations(text)
        ]

    def required(self, file: File) -> dict[str, int]:
        """The offsets of the file's unconditional declarations by what is written."""
        declared = reversed(self._declared(file.path, file.text))  # the first of a name stays
        return {f"mod {name}": start for name, _, start in declared}


def _files(path: str, around: list[str], name: str) -> tuple[str, ...]:
    """The files that may hold a module, the likeliest first; ``around`` are the blocks its declaration stands in."""
    directory, _, file = path.rpartition("/")
    own = below(directory, file.removesuffix(".rs"))
    homes = [directory, own] if file in _ROOTS else [own, directory]  # any file may be the root of a crate
    found: list[str] = []
    for home in homes:
        base = below(home, "/".join([*around, name]))
        found += [base + ".rs", base + "/mod.rs"]
    return tuple(found)


def _pointed(path: str, written: str) -> tuple[str, ...]:
    """The file that ``#[path]`` names."""
    target = joined(path.rpartition("/")[0], written)
    return (path,) if target is None or written.startswith("/") else (target,)


def _declarations(text: str) -> list[tuple[str, list[str], str, int]]:
    """Unconditional declarations: name, blocks around, the path an attribute states, and offset."""
    plain = _TOKEN.sub(lambda token: _NOT_BLANK.sub(" ", token[0]), text)
    found: list[tuple[str, list[str], str, int]] = []
    blocks: list[str | None] = []
    attributes = len(text)  # where the attributes of the next item begin
    item = 0
    for part in _PART.finditer(plain):
        if part["attribute"]:
            attributes = min(attributes, part.start())
            continue
        stated = text[min(attributes, part.start()) : part.start()] if attributes >= item else ""
        plain_stated = plain[min(attributes, part.start()) : part.start()] if attributes >= item else ""
        is_conditional = "cfg" in plain_stated
        if part["name"] and part["mark"] == ";":
            if None not in blocks and not is_conditional:
                pointed = _PATH.search(stated)
                found.append(
                    (
                        part["name"],
                        [block for block in blocks if block],
                        pointed["path"] if pointed else "",
                        part.start(),
                    )
                )
        elif part["name"]:
            blocks.append(None if is_conditional else part["name"])
        elif part["open"]:
            blocks.append(None)
        elif part["close"] and blocks:
            blocks.pop()
        item, attributes = part.end(), len(text)
    return found
