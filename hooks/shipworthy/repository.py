"""The git index: what is committed or staged.

The disk is never the truth: an untracked file satisfies nobody who clones the repository. Contents come from the
working tree where git says that it equals the index, and from git's objects where it does not.

Sources: git-ls-files(1), git-diff-files(1), git-cat-file(1), git-check-ignore(1), gitformat-index(5).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from functools import cached_property

REGULAR = "100644"
EXECUTABLE = "100755"
SYMLINK = "120000"
SUBMODULE = "160000"
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


class NotARepository(Exception):
    """Raised where git finds no repository, or refuses to read it; the message is git's own, on one line."""


class Entry:
    """One path of the index: its ``mode``, the object's name, and whether it is in the working tree at all.

    ``sparse`` is true for a path that a sparse checkout leaves out of the working tree: it is committed all the same.
    """

    __slots__ = ("mode", "object", "path", "sparse")

    def __init__(self, path: str, mode: str, object: str, sparse: bool = False) -> None:
        self.path = path
        self.mode = mode
        self.object = object
        self.sparse = sparse


class Repository:
    """The committed tree of one repository. Paths are relative to ``root``, with ``/``.

    A path that is only announced (``git add --intent-to-add``) is not committed. Of a path in conflict, one side is
    taken. Names that are not UTF-8 hold surrogate escapes, as in `os.fsdecode`.
    """

    def __init__(self, directory: str = ".") -> None:
        """Raises `NotARepository`."""
        asked = _start(directory, "rev-parse", "--show-toplevel")
        listed = _start(directory, "ls-files", "--full-name", "-s", "-t", "-z", ":/")
        changed = _start(directory, "diff-files", "--name-status", "--ignore-submodules", "--no-renames", "-z")
        self.root = os.path.normpath(_output(asked).rstrip("\n"))
        self.entries = {entry.path: entry for entry in _entries(_output(listed))}
        self._changed = _output(changed).split("\0")
        for status, path in zip(self._changed[::2], self._changed[1::2], strict=False):
            if status == "A":  # announced with --intent-to-add: there is no content yet
                self.entries.pop(path, None)

    def __contains__(self, path: str) -> bool:
        """Whether a file, symbolic link or submodule of that path is committed."""
        return path in self.entries

    @cached_property
    def paths(self) -> list[str]:
        """All committed paths, sorted."""
        return sorted(self.entries)

    @cached_property
    def directories(self) -> frozenset[str]:
        """All folders that hold something committed; the root is "". A submodule is one too."""
        found = {""}
        for path, entry in self.entries.items():
            directory = path if entry.mode == SUBMODULE else path.rpartition("/")[0]
            while directory not in found:
                found.add(directory)
                directory = directory.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def submodules(self) -> tuple[str, ...]:
        """The paths of submodules: what lies below them is unknown."""
        return tuple(path for path, entry in self.entries.items() if entry.mode == SUBMODULE)

    def files(self) -> Iterator[Entry]:
        """The regular files, sorted by path."""
        for path in self.paths:
            entry = self.entries[path]
            if entry.mode in (REGULAR, EXECUTABLE):
                yield entry

    def below(self, directory: str) -> list[str]:
        """The committed paths below a folder, "" for the root."""
        prefix = directory + "/" if directory else ""
        return [path for path in self.paths if path.startswith(prefix)]

    def is_unknown(self, path: str) -> bool:
        """Whether the path lies in a submodule, about whose content this repository says nothing."""
        return any(path == submodule or path.startswith(submodule + "/") for submodule in self.submodules)

    def has(self, path: str) -> bool:
        """Whether the path is committed as a file or as a folder, committed symbolic links followed."""
        return path == "" or (resolved := self.resolve(path)) in self.entries or resolved in self.directories

    def resolve(self, path: str) -> str:
        """The path with the committed symbolic links in it followed; links out of the repository are kept."""
        for _ in range(40):  # as many links as Linux follows before it says ELOOP
            for part in _prefixes(path):
                entry = self.entries.get(part)
                if entry is not None and entry.mode == SYMLINK:
                    target = os.fsdecode(self.read(part))
                    joined = os.path.normpath(os.path.join(os.path.dirname(part), target)).replace(os.sep, "/")
                    if target.startswith("/") or joined.startswith("../") or joined == "..":
                        return path
                    path = joined + path[len(part) :] if joined != "." else path[len(part) + 1 :]
                    break
            else:
                return path
        return path

    def only_on_disk(self, path: str) -> bool:
        """Whether the path exists in the working tree without being committed."""
        return not self.has(path) and os.path.lexists(os.path.join(self.root, path))

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        known = {path.lower(): path for path in self.directories}
        known.update((path.lower(), path) for path in self.paths)
        return known

    def differing_in_case(self, path: str) -> str | None:
        """A committed path that differs from ``path`` in upper and lower case alone."""
        found = self._by_lower_case.get(path.lower())
        return found if found != path else None

    def ignored_by(self, paths: Iterable[str]) -> dict[str, str]:
        """For each path that an ignore file excludes, the pattern: ``.gitignore:3: dist/``. Tracked files count too."""
        wanted = [path for path in dict.fromkeys(paths) if path and not path.startswith("../")]
        if not wanted:
            return {}
        output = _run(
            self.root, "check-ignore", "--no-index", "-v", "-z", "--stdin", given="\0".join(wanted), failing=True
        )
        fields = output.split("\0")
        return {
            path: f"{source}:{line}: {pattern}"
            for source, line, pattern, path in zip(*(fields[n::4] for n in range(4)), strict=False)
            if not pattern.startswith("!")
        }

    @cached_property
    def _dirty(self) -> frozenset[str]:
        """Paths whose working tree file is not what the index holds."""
        return frozenset(self._changed[1::2])

    def read(self, path: str) -> bytes:
        """The committed content of a path; for a symbolic link its target.

        Raises `KeyError` for a path that is not committed and `OSError` where neither disk nor git has the content.
        """
        entry = self.entries[path]
        if entry.mode == SUBMODULE:
            raise IsADirectoryError(path)
        if entry.mode == SYMLINK or entry.sparse or path in self._dirty:
            return self._object(entry)
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                return file.read()
        except OSError:
            return self._object(entry)

    def size(self, path: str) -> int:
        """The size in bytes of a file in the working tree; 0 where it is not there."""
        try:
            return os.lstat(os.path.join(self.root, path)).st_size
        except OSError:
            return 0

    def _object(self, entry: Entry) -> bytes:
        process = _start(self.root, "cat-file", "blob", entry.object)
        output, _ = process.communicate()
        if process.returncode:
            raise OSError(f"git has no content for {entry.path}")
        return output

    def containing(self, text: str) -> list[str]:
        """The committed text files that hold ``text``."""
        output = _run(self.root, "grep", "-lIzF", "-e", text, failing=True)
        return [path for path in output.split("\0") if path in self.entries]

    @cached_property
    def remotes(self) -> tuple[str, ...]:
        """The addresses of the repository's remotes."""
        output = _run(self.root, "config", "--get-regexp", r"^remote\..*\.url$", failing=True)
        return tuple(line.partition(" ")[2] for line in output.splitlines())


def _entries(output: str) -> Iterator[Entry]:
    """The lines of ``git ls-files -s -t -z``: ``TAG MODE OBJECT STAGE<tab>PATH``."""
    for record in output.split("\0"):
        if record:
            fields, _, path = record.partition("\t")
            tag, mode, object, _stage = fields.split(" ")
            yield Entry(path, mode, object, tag == "S")


def _prefixes(path: str) -> Iterator[str]:
    """``a``, ``a/b``, ``a/b/c`` of ``a/b/c``."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _start(directory: str, *arguments: str, given: bool = False) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.Popen(
            [*_GIT, *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise NotARepository("git is not installed") from error


def _output(process: subprocess.Popen[bytes], given: str = "", failing: bool = False) -> str:
    output, errors = process.communicate(os.fsencode(given) if given else None)
    if process.returncode and not failing:
        message = os.fsdecode(errors).strip().splitlines()
        raise NotARepository(message[0].removeprefix("fatal: ") if message else "git does not answer")
    return os.fsdecode(output)


def _run(directory: str, *arguments: str, given: str = "", failing: bool = False) -> str:
    return _output(_start(directory, *arguments, given=bool(given)), given, failing)
