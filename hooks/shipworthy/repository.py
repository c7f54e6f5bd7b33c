"""The git index: what is committed or staged.

The disk is never the truth: an untracked file satisfies nobody who clones the repository. Contents come from the
working tree where git says that it equals the index, and from git's objects where it does not.

Sources: git-ls-files(1), git-diff-files(1), git-cat-file(1), git-check-ignore(1), gitformat-index(5).
"""

from __future__ import annotations

import os
import re
import subprocess
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, KeysView, Sequence
from contextlib import suppress
from functools import cached_property

from shipworthy.hook import LARGEST_FILE, beginning_of
from shipworthy.index import EXECUTABLE, SUBMODULE, SYMLINK, Index
from shipworthy.patterns import lazy

Endings = tuple[str, ...]
"""What the paths that are searched end in; none stands for all paths."""
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "submodule.recurse=false")
_AT_LEISURE = ("-c", f"grep.threads={max(1, (os.cpu_count() or 1) - 1)}")
"""A search that nobody waits for leaves one processor to this program."""
_LONGEST_PATH = 4096
"""Bytes, as in Linux: a longer path or a longer target of a link names nothing."""
_LISTED = ("ls-files", "--full-name", "-s", "-v", "-z", ":/")
_CHANGED = ("diff-files", "--name-status", "--ignore-submodules", "--no-renames", "--no-relative", "-z")
_PIECE = 65_536
"""Bytes of git's list that are read at once."""
_MANY = 50
"""More files than that, whose content is not on the disk, are searched by git once more, and not one by one."""
_MANY_TEXTS = 100
"""More texts than that git finds sooner as the ways of one pattern: it looks through a file once for each text."""
_LONGEST_ARGUMENT = 100_000
"""Bytes; Linux takes no longer ones than 131,072."""
_SPECIAL = lazy(r"[.\[\\()*+?{|^$]")
"""What means something in a pattern of POSIX (extended)."""
_LONGEST_LINE = 2_000
"""Bytes of a line that a search gives."""
_MOST_LINKS = 40
"""As many symbolic links as Linux follows before it says that they go in circles."""


class NotARepository(Exception):
    """Raised where git finds no repository, or refuses to read it; the message is git's own, on one line."""


class LineSearch:
    """A search for lines, which git makes over all files.

    ``pattern`` is one that POSIX (extended) and Python understand alike. Only paths with one of the ``endings`` are
    looked at. ``quick`` is a pattern of Perl's that matches the same lines, or more, in less time. ``needless`` are
    wildcards of paths that git leaves out, as ``**/tests/**``. Two searches are the same where they are one object.
    """

    __slots__ = ("endings", "needless", "pattern", "quick")

    def __init__(self, pattern: str, endings: Endings, quick: str = "", needless: Endings = ()) -> None:
        self.pattern = pattern
        self.endings = endings
        self.quick = quick
        self.needless = needless


class Asked:
    """The questions to git that are under way: the first ones before the rest of this program is loaded.

    A git that nobody waits for any more is ended.
    """

    def __init__(self, directory: str = ".", search: LineSearch | None = None) -> None:
        """``search`` is one that `Repository.lines_matching` will ask for; it takes longest, and so it begins first.

        Raises `NotARepository` where git cannot be started.
        """
        self._directory = directory
        self._running: list[subprocess.Popen[bytes]] = []
        weakref.finalize(self, _stop, self._running, os.getpid())
        self.line_searches = {search: self.ask(directory, "grep", *_grep_of(search))} if search is not None else {}
        self._root = self.ask(directory, "rev-parse", "--show-toplevel")
        self._listed = _start(directory, *_LISTED, errors=False)
        self._running.append(self._listed)
        self._changed = self.ask(directory, *_CHANGED)

    def ask(self, directory: str, *arguments: str, given: str = "") -> subprocess.Popen[bytes]:
        """A running git that has read what is ``given``; it is ended with this object. Raises `NotARepository`."""
        process = _start(directory, *arguments, asking=bool(given))
        self._running.append(process)
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin as input:
                input.write(os.fsencode(given))
            process.stdin = None
        return process

    def answered(self, process: subprocess.Popen[bytes]) -> None:
        """Keep a git no longer that gave its answer: Python's object of it keeps all that was printed."""
        self._running.remove(process)

    def root(self) -> str:
        """The folder of the working tree. Raises `NotARepository` with git's own words, as the other answers do."""
        return self._answer(self._root).removesuffix("\n")

    def index(self) -> Index:
        """What the index lists, read piece by piece: all at once it fills the memory of a large repository."""
        output = self._listed.stdout
        try:
            index = Index(iter(lambda: os.read(output.fileno(), _PIECE), b"") if output is not None else ())
        except ValueError as error:
            raise NotARepository("the index is broken: git lists what is no file") from error
        self._listed.communicate()
        self.answered(self._listed)
        if self._listed.returncode:
            _checked(_start(self._directory, *_LISTED))
            raise NotARepository("git does not list the index")
        return index

    def changed(self) -> list[str]:
        """What in the working tree differs from the index, each path behind a letter that says how."""
        return self._answer(self._changed).split("\0")

    def _answer(self, process: subprocess.Popen[bytes]) -> str:
        answer = _checked(process)
        self.answered(process)
        return answer


class Repository:
    """The committed tree of one repository. Paths are relative to ``root``, with ``/``.

    A path that is only announced (``git add --intent-to-add``) is not committed. Of a path in conflict, our side is
    taken, or theirs where we have none. Names that are not UTF-8 hold surrogate escapes, as in `os.fsdecode`.
    """

    def __init__(self, directory: str = ".", asked: Asked | None = None) -> None:
        """``asked`` is what git was asked about the directory already. Raises `NotARepository`."""
        asked = asked or Asked(directory)
        self._searches: dict[tuple[str, Endings], subprocess.Popen[bytes]] = {}
        self._asked = asked
        self._line_searches = asked.line_searches
        self.root = os.path.normpath(asked.root())
        self._index = asked.index()
        self._changed = asked.changed()  # last: git looks at every file on the disk for it
        for status, path in zip(self._changed[::2], self._changed[1::2], strict=False):
            if status == "A":  # announced with --intent-to-add: there is no content yet
                self._index.drop(path)

    def leave_to_original(self) -> None:
        """In a copy of this process: the answers of git that the original waits for are not for the copy to take."""
        self._of_original = self._searches, self._line_searches, self.__dict__.pop("_objects", None)  # or they end
        self._searches, self._line_searches = {}, {}

    def __contains__(self, path: str) -> bool:
        """Whether a file, symbolic link or submodule of that path is committed."""
        return path in self._index

    def mode(self, path: str) -> str:
        """The mode of a committed path, as git writes it. Raises `KeyError` for another."""
        return self._index.mode(path)

    def is_file(self, path: str) -> bool:
        """Whether a path is committed as a regular file, and not as a link or a submodule."""
        return self._index.is_file(path)

    def is_empty(self, path: str) -> bool:
        """Whether a committed file has no content. Raises `KeyError` for a path that is not committed."""
        return self._index.is_empty(path)

    def forget(self, path: str) -> None:
        """Leave a path out, as if it were not committed."""
        self._index.drop(path)
        for derived in ("directories", "submodules", "links", "files", "_off_disk", "_by_case", "by_name"):
            self.__dict__.pop(derived, None)

    @property
    def paths(self) -> list[str]:
        """All committed paths, sorted."""
        return self._index.paths

    @cached_property
    def directories(self) -> KeysView[str]:
        """All folders that hold something committed; the root is "". A submodule is one too.

        They come in the same order in every run, as those of a set do not.
        """
        found = {"": None}
        for path in self.paths:
            directory = path if self._index.modes.get(path) == SUBMODULE else path.rpartition("/")[0]
            while directory not in found:
                found[directory] = None
                directory = directory.rpartition("/")[0]
        return found.keys()

    @cached_property
    def submodules(self) -> tuple[str, ...]:
        """The paths of submodules: what lies below them is unknown."""
        return tuple(path for path, mode in self._index.modes.items() if mode == SUBMODULE)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The paths of symbolic links."""
        return tuple(path for path, mode in self._index.modes.items() if mode == SYMLINK)

    @cached_property
    def files(self) -> list[str]:
        """The paths of regular files, sorted."""
        others = {*self.submodules, *self.links}
        return [path for path in self.paths if path not in others] if others else self.paths

    def below(self, directory: str) -> list[str]:
        """The committed paths below a folder, "" for the root."""
        return below(self.paths, directory)

    def named(self, name: str) -> list[str]:
        """The committed paths whose last part is ``name``, sorted."""
        return self.by_name.get(name, [])

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The committed paths by their last part."""
        known: dict[str, list[str]] = {}
        for path in self.paths:
            known.setdefault(path.rpartition("/")[2], []).append(path)
        return known

    def is_unknown(self, path: str) -> bool:
        """Whether this repository cannot say what the path is: in a submodule, or behind a link to elsewhere."""
        resolved = self.resolve(path)
        modes = {part: self._index.modes[part] for part in _prefixes(resolved) if part in self._index.modes}
        return any(mode == SUBMODULE or (mode == SYMLINK and part != resolved) for part, mode in modes.items())

    def has(self, path: str) -> bool:
        """Whether the path is committed as a file or as a folder, committed symbolic links followed."""
        resolved = self._followed(path)
        return resolved is not None and (resolved in self or resolved in self.directories)

    def resolve(self, path: str) -> str:
        """The path with the committed symbolic links in it followed; links out of the repository are kept.

        So is a link that leads back to itself.
        """
        resolved = self._followed(path)
        return path if resolved is None else resolved

    def _followed(self, path: str) -> str | None:
        """The path with its links followed; None where they go in circles."""
        for _ in range(_MOST_LINKS):
            if len(path) > _LONGEST_PATH:
                return path
            link = next((part for part in _prefixes(path) if self._is_link(part)), None)
            if link is None:
                return path
            target = self._target(link)
            if target is None:
                return path
            path = (target + path[len(link) :]).lstrip("/")
        return None

    def _is_link(self, path: str) -> bool:
        return self._index.modes.get(path) == SYMLINK

    def _target(self, link: str) -> str | None:
        """Where a committed link leads, relative to the root, which is ""; None for a place outside."""
        if link not in self._targets:
            target = self._written_target(link)
            joined = os.path.normpath(os.path.join(os.path.dirname(link), target)).replace(os.sep, "/")
            is_outside = target.startswith("/") or joined == ".." or joined.startswith("../")
            if is_outside or not target or len(target) > _LONGEST_PATH:
                self._targets[link] = None
            else:
                self._targets[link] = "" if joined == "." else joined
        return self._targets[link]

    def _written_target(self, link: str) -> str:
        try:
            return os.fsdecode(self.read(link))
        except OSError:
            return ""

    @cached_property
    def _targets(self) -> dict[str, str | None]:
        return {}

    def is_reached_without_links(self, path: str) -> bool:
        """Whether a path is in a committed folder, and on disk no symbolic link is on the way to it."""
        folder = path.rpartition("/")[0]
        if folder not in self.directories or self.is_unknown(path):
            return False
        root = os.path.realpath(self.root)
        return os.path.realpath(os.path.join(root, folder)) == os.path.normpath(os.path.join(root, folder))

    def only_on_disk(self, path: str) -> bool:
        """Whether the path exists in the working tree without being committed."""
        return _is_inside(path) and not self.has(path) and os.path.lexists(os.path.join(self.root, path))

    @cached_property
    def _by_case(self) -> dict[str, str]:
        """The paths and folders with capitals in them, by how they are written without: most have none."""
        capitals = (path for path in (*self.directories, *self.paths) if not path.islower())
        return {lower: path for path in capitals if (lower := path.lower()) != path}

    def differing_in_case(self, path: str) -> str | None:
        """A committed path that differs from ``path`` in upper and lower case alone."""
        lower = path.lower()
        found = self._by_case.get(lower)
        if found is None or found == path:
            found = lower if lower != path and (lower in self or lower in self.directories) else None
        return found

    def ignored_by(self, paths: Iterable[str]) -> dict[str, str]:
        """For each path that a committed ``.gitignore`` excludes, the pattern: ``.gitignore:3: dist/``.

        Committed paths count too, and so do paths that are not there. What git excludes on this machine alone does
        not: nobody who clones the repository has it.
        """
        wanted = ["./" + path for path in dict.fromkeys(paths) if self._is_askable(path)]  # or `:` would mean something
        if not wanted:
            return {}
        options = ("--no-index", "-v", "-z", "--stdin")
        output = _run(self.root, "-c", "core.excludesFile=", "check-ignore", *options, given="\0".join(wanted))
        fields = output.split("\0")
        return {
            path.removeprefix("./"): f"{source}:{line}: {pattern}"
            for source, line, pattern, path in zip(*(fields[n::4] for n in range(4)), strict=False)
            if source in self and not pattern.startswith("!")
        }

    def _is_askable(self, path: str) -> bool:
        """Whether git answers questions about the path: for one that it refuses, it refuses all in the same breath."""
        if not path or not _is_inside(path) or len(path) > _LONGEST_PATH:
            return False
        folders = [*_prefixes(path)][:-1]
        modes = {self._index.modes.get(folder) for folder in folders}
        return not modes & {SUBMODULE, SYMLINK} and not any(self._is_link_on_disk(folder) for folder in folders)

    def _is_link_on_disk(self, folder: str) -> bool:
        if folder not in self._links_on_disk:
            self._links_on_disk[folder] = os.path.islink(os.path.join(self.root, folder))
        return self._links_on_disk[folder]

    @cached_property
    def _links_on_disk(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _dirty(self) -> frozenset[str]:
        """Paths whose working tree file is not what the index holds."""
        return frozenset(self._changed[1::2])

    def read(self, path: str) -> bytes:
        """The committed content of a path; for a symbolic link its target.

        Of a file over `LARGEST_FILE` bytes only so many and one more are given. Raises `KeyError` for a path that is
        not committed and `OSError` where neither disk nor git has the content.
        """
        if self.mode(path) == SUBMODULE:
            raise IsADirectoryError(path)
        if self._equals_disk(path):
            try:
                return beginning_of(f"{self.root}/{path}")
            except OSError:
                pass  # deleted or made unreadable since git looked
        return self.stored(path)

    @cached_property
    def _off_disk(self) -> list[str]:
        """The files whose content is not in the working tree."""
        return sorted(path for path in self._dirty | self._index.sparse if self.is_file(path))

    def _equals_disk(self, path: str) -> bool:
        """Whether the working tree holds the content of a path, as a file."""
        return self.is_file(path) and path not in self._index.sparse and path not in self._dirty

    def stored(self, path: str) -> bytes:
        """The content of a path as git holds it, whatever line ends a checkout gives it; see `read`."""
        return self._objects.read(self._index.object(path))

    def is_as_committed(self, path: str) -> bool:
        """Whether the working tree holds a file's committed content, whatever its mode is there."""
        name = os.path.join(self.root, path)
        if path in self._index.sparse or os.path.islink(name) or not os.path.isfile(name):
            return False
        try:
            return self._equals_disk(path) or beginning_of(name) == self.stored(path)
        except OSError:
            return False

    def stage_as_executable(self, paths: Sequence[str]) -> bool:
        """Set the executable bit of files in the index; whether git did it. Their content is staged with it."""
        process = _start(self.root, "update-index", "--chmod=+x", "-z", "--stdin", asking=True, errors=False)
        process.communicate(os.fsencode("\0".join(paths)))
        if process.returncode == 0:
            self._index.modes.update(dict.fromkeys(paths, EXECUTABLE))
        return process.returncode == 0

    @cached_property
    def _objects(self) -> _Objects:
        return _Objects(self.root)

    def size(self, path: str) -> int:
        """The size in bytes of a file in the working tree; 0 where it is not there."""
        try:
            return os.lstat(f"{self.root}/{path}").st_size
        except OSError:
            return 0

    def search(self, text: str, endings: Endings = (), needless: Endings = (), *, at_leisure: bool = False) -> None:
        """Begin to look for ``text`` in all files, so that `containing` has its answer sooner.

        Each line of it is a text of its own. Where there are ``endings``, only paths with one of them are looked at.
        What the wildcards of ``needless`` match may be left out. ``at_leisure`` is for what is asked for last.
        """
        if (text, endings) not in self._searches:
            threads = _AT_LEISURE if at_leisure else ()
            self._searches[text, endings] = self._text_search(text, endings, needless, threads)

    def _text_search(
        self, text: str, endings: Endings, needless: Endings, threads: tuple[str, ...] = (), *options: str
    ) -> subprocess.Popen[bytes]:
        # No attribute hides a file: `-a` keeps a hostile `.gitattributes` from calling its files binary.
        kind = "-laFz"
        if text.count("\n") >= _MANY_TEXTS:
            kind, text = "-laEz", "|".join(_SPECIAL.sub(r"\\\g<0>", one) for one in text.split("\n"))
        is_long = len(os.fsencode(text)) > _LONGEST_ARGUMENT
        pattern, given = (("-f", "-"), text) if is_long else (("-e", text), "")
        paths = _pathspecs(endings, needless)
        arguments = (*threads, "grep", "--no-color", *options, kind, *pattern, "--", *paths)
        return self._asked.ask(self.root, *arguments, given=given)

    def containing(self, text: str, endings: Endings = (), needless: Endings = ()) -> list[str]:
        """The committed files that hold ``text``, or one of its lines, sorted; see `search`.

        Where git could not read a file, every file that it may be is among them.
        """
        self.search(text, endings, needless)
        on_disk = self._paths_found(self._searches.pop((text, endings)))
        if on_disk is None:
            found = [path for path in self.files if self._equals_disk(path)]
        else:
            found = [path for path in on_disk if self._equals_disk(path)]
        others = [path for path in self._off_disk if path.endswith(endings or "")]
        indexed = None
        if len(others) > _MANY:
            indexed = self._paths_found(self._text_search(text, endings, needless, (), "--cached"))
        if indexed is None:
            wanted = os.fsencode(text).split(b"\n")
            found += [path for path in others if self._object_holds(path, wanted)]
        else:
            found += set(others).intersection(indexed)
        return sorted(found)

    def _paths_found(self, process: subprocess.Popen[bytes]) -> list[str] | None:
        """The paths that a search prints; None where it failed, or could not read a file."""
        output, errors = process.communicate()
        self._asked.answered(process)
        return None if errors or process.returncode > 1 else os.fsdecode(output).split("\0")

    def lines_matching(self, search: LineSearch) -> Iterator[tuple[str, int, bytes]]:
        """The lines of committed files that a search finds: path, number from 1, and the line.

        Of a long line only its beginning is given. Where git was built without Perl's patterns, or fails at one, git
        looks for ``pattern``, and what was found before comes once more; where git could not search at all, Python
        does. The search begins at once.
        """
        if search not in self._line_searches:
            process = self._asked.ask(self.root, "grep", *_grep_of(search))
        else:
            process = self._line_searches.pop(search)
        return self._lines_matching(search, process)

    def _lines_matching(self, search: LineSearch, process: subprocess.Popen[bytes]) -> Iterator[tuple[str, int, bytes]]:
        yield from self._lines_found(process, self._equals_disk)
        if process.returncode > 1 and search.quick:
            yield from self.lines_matching(LineSearch(search.pattern, search.endings, "", search.needless))
            return
        is_searched = process.returncode <= 1
        others = self._off_disk if is_searched else self.files
        others = [path for path in others if path.endswith(search.endings)]
        if is_searched and len(others) > _MANY:
            process = self._asked.ask(self.root, "grep", "--cached", *_grep_of(search))
            yield from self._lines_found(process, lambda path: not self._equals_disk(path))
            if process.returncode <= 1:
                return
        if others:
            compiled = re.compile(search.pattern.encode())
            for path in others:
                yield from self._lines_of_content(path, compiled)

    def _lines_found(
        self, process: subprocess.Popen[bytes], is_asked_for: Callable[[str], bool]
    ) -> Iterator[tuple[str, int, bytes]]:
        """The lines that git finds, in the files that are asked for."""
        name, path, is_wanted = b"", "", False
        for line in _lines_of(process):
            found, _, rest = line.partition(b"\0")
            number, _, written = rest.partition(b"\0" if b"\0" in rest[:12] else b":")
            if found != name:
                name, path = found, os.fsdecode(found)
                is_wanted = self.is_file(path) and is_asked_for(path)
            if is_wanted and number.isdigit():
                yield path, int(number), written
        self._asked.answered(process)

    def _lines_of_content(self, path: str, wanted: re.Pattern[bytes]) -> Iterator[tuple[str, int, bytes]]:
        try:
            content = self.read(path)
        except OSError:
            return
        for number, line in enumerate(content.split(b"\n"), 1):
            if wanted.search(line[:_LONGEST_LINE]):
                yield path, number, line[:_LONGEST_LINE]

    def _object_holds(self, path: str, wanted: list[bytes]) -> bool:
        try:
            content = self.stored(path)
        except OSError:
            return False
        return any(text in content for text in wanted)

    @cached_property
    def remotes(self) -> tuple[str, ...]:
        """The addresses of the repository's remotes."""
        output = _run(self.root, "config", "--get-regexp", r"^remote\..*\.url$")
        return tuple(line.partition(" ")[2] for line in output.splitlines())


def below(paths: list[str], directory: str) -> list[str]:
    """Those of sorted paths that lie below a folder, "" for the root."""
    if not directory:
        return paths[:]
    first = bisect_left(paths, directory + "/")
    return paths[first : bisect_left(paths, directory + "0", first)]  # "0" is what follows "/"


def committed_matching(directory: str, pathspecs: Iterable[str]) -> list[str]:
    """The committed paths that pathspecs match, for those who need no more. Raises `NotARepository`."""
    output = _run(directory, "ls-files", "--full-name", "-z", "--", *pathspecs)
    return [path for path in output.split("\0") if path]


class _Objects:
    """Contents of git's objects, all from one process, which starts with the first question."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes:
        """At most the first `LARGEST_FILE` bytes of a blob and one more. Raises `OSError` where there is none."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError("git does not answer")
        process.stdin.write(name.encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline().split(b" ")  # the name, the type and the size, or the name and "missing"
        if len(answer) != 3:
            raise OSError(f"git has no object {name}")
        size = int(answer[2])
        content = process.stdout.read(min(size, LARGEST_FILE + 1))
        rest = size - len(content)
        while rest > 0 and (skipped := process.stdout.read(min(rest, 1_000_000))):
            rest -= len(skipped)
        process.stdout.read(1)  # the line break behind the content
        return content

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = _start(self._directory, "cat-file", "--batch", asking=True, errors=False)
            weakref.finalize(self, _stop, [self._process], os.getpid())
        return self._process


def _pathspecs(endings: Endings, needless: Endings) -> list[str]:
    """What git is to look at, in the whole repository, from whatever folder it is asked."""
    return [f":(top)*{ending}" for ending in endings] + [f":(top,exclude,glob){path}" for path in needless]


def _grep_of(search: LineSearch) -> list[str]:
    """The arguments of git-grep(1) for a search, in whatever folder of the repository it is begun."""
    pattern = search.quick or search.pattern
    paths = _pathspecs(search.endings, search.needless)
    return ["--no-color", "--full-name", "-naPz" if search.quick else "-naEz", "-e", pattern, "--", *paths]


def _lines_of(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """The lines that a process prints, their beginnings where they are long."""
    output = process.stdout
    if output is None:
        return
    while line := output.readline(_LONGEST_LINE):
        yield line.rstrip(b"\r\n")
        while line and not line.endswith(b"\n"):
            line = output.readline(1_000_000)
    process.communicate()


def _stop(processes: list[subprocess.Popen[bytes]], owner: int) -> None:
    """End processes, unless in a copy of the process that started them: it may still wait for them."""
    for process in processes if os.getpid() == owner else ():
        if process.returncode is None:
            process.kill()
            process.communicate()


def _is_inside(path: str) -> bool:
    """Whether the path can name something in a repository at all."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:  # half a surrogate pair, from an escape
        return False
    return not path.startswith("/") and "\0" not in path and ".." not in path.split("/")


def _prefixes(path: str) -> Iterator[str]:
    """``a``, ``a/b``, ``a/b/c`` of ``a/b/c``."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _start(directory: str, *arguments: str, asking: bool = False, errors: bool = True) -> subprocess.Popen[bytes]:
    """A running git that fetches nothing, takes paths as they are and writes nothing by the way.

    ``asking`` is for one that is written to. What it says of ``errors`` is read with its output, or not at all.
    """
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}  # the second for git before 2.45
    for kind in ("LITERAL", "GLOB", "NOGLOB", "ICASE"):
        environment.pop(f"GIT_{kind}_PATHSPECS", None)
    try:
        return subprocess.Popen(
            [*_GIT, *arguments],
            cwd=directory,
            env=environment,
            stdin=subprocess.PIPE if asking else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if errors else subprocess.DEVNULL,
        )
    except OSError as error:
        raise NotARepository(f"git cannot be started: {error.strerror}") from error


def _checked(process: subprocess.Popen[bytes]) -> str:
    """The output of a git that succeeded. Raises `NotARepository` with git's own words."""
    output, errors = process.communicate()
    if process.returncode:
        lines = os.fsdecode(errors).strip().splitlines()
        fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
        raise NotARepository([*fatal, *lines, "git does not answer"][0])
    return os.fsdecode(output)


def _run(directory: str, *arguments: str, given: str = "") -> str:
    """What git prints; nothing to print is a failure to some of its commands, so its exit code says nothing."""
    process = _start(directory, *arguments, asking=bool(given), errors=not given)
    output, _ = process.communicate(os.fsencode(given) if given else None)
    return os.fsdecode(output)
