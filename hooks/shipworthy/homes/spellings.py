"""Every way to spell a temporary directory, and nothing that only looks like one.

``/srv/app/tmp``, ``$ROOT/tmp`` and ``~/tmp`` are ordinary folders; ``/tmp/../srv`` is ``/srv``.

Sources: file-hierarchy(7), tmpfiles.d(5), the standard libraries' documentation of their temporary directories.
"""

from __future__ import annotations

import posixpath
import re

from shipworthy.patterns import lazy

ROOTS = ("/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp", "/dev/shm", "/run/user", "/var/run/user")
"""Directories of the system that a reboot, a clean-up or a logout empties."""

LONGEST_VALUE = 4096
"""Characters; a longer value is no path."""
_PATH_END = r"\s\"'`,;|<>()\[\]&\\"
_PATH = lazy(rf"(?<![\w.}}~)\]\-$*@+%/\\>?…])(?:/+)(?:[^{_PATH_END}:{{}}$]|\$?\{{[^{{}}\n]*\}}|\$\w+)*")
_SCHEME = lazy(r"(?:^|[^\w])(?:[A-Za-z][\w+.\-]*:)+$")
_VARIABLES = lazy(
    r"""
    (?-i:\$\{(?:TMPDIR|TMP|TEMP|TEMPDIR|XDG_RUNTIME_DIR)(?::?[-=?][^{}]*)?\})     # shells, Compose
    | (?-i:\$(?:TMPDIR|TEMPDIR|TEMP|TMP|XDG_RUNTIME_DIR)\b)
    | %(?:TEMP|TMP)%                                        # cmd.exe
    | \$env:(?:TEMP|TMP)\b                                  # PowerShell
    | \$\{java\.io\.tmpdir(?::-?[^{}]*)?\}                  # Spring, logback
    | (?<![A-Za-z])[A-Za-z]:[\\/]+(?:Windows[\\/]+)?Te?mp\b
    | \{(?:[\w.]*\.)?(?:
          tmpdir\(\)?                                       # os.tmpdir(), Dir.tmpdir
        | gettempdir\(\)                                    # tempfile
        | TempDir\(\)                                       # os.TempDir of Go
        | GetTempPath\(\)                                   # System.IO.Path
        | sys_get_temp_dir\(\)
        | getProperty\(["']java\.io\.tmpdir["']\)
      )\}
    | \{Dir\.tmpdir\}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DEFAULT = lazy(r"\$\{\w+:?[-=]([^${}]*)\}")
_MADE_UP = lazy(
    r"mktemp|mkdtemp|XXXX|NamedTemporary|createTemp|\$\$|\$RANDOM|\{uuid|RANDOM\}|\$\(id -u\)|\$UID|\$\(date|strftime",
    re.IGNORECASE,
)


_MAY_NAME = lazy(
    r"(?<![\w.}~)\]/])/+(?:[\w.]+/+)*?(?:tmp(?!\w)|shm\b|run/user)|TMPDIR|XDG_RUNTIME_DIR|%TE?MP%|env:TE?MP|\$\{?TE?MP(?:DIR)?\b"
    r"|[A-Za-z]:[\\/]+(?:Windows[\\/]+)?Te?mp\b|tmpdir|[Tt]emp_?[Dd]ir\(|GetTempPath|get_temp_dir",
)


def may_name_one(text: str) -> bool:
    """Whether a text may name a temporary directory; a quick look before anything is parsed."""
    return _MAY_NAME.search(text) is not None


class TemporaryPath:
    """A path in a temporary directory, found in a value at ``start`` .. ``end``.

    ``directory`` is the temporary directory as written, ``rest`` what follows it, normalised, without a slash at
    either end: "" for the directory itself. ``scheme`` is what stands before the path (``unix:``, ``file:``), or "".
    """

    __slots__ = ("directory", "end", "rest", "scheme", "start")

    def __init__(self, directory: str, rest: str, start: int, end: int, scheme: str = "") -> None:
        self.directory = directory
        self.rest = rest
        self.start = start
        self.end = end
        self.scheme = scheme

    @property
    def name(self) -> str:
        """The last part of the path, "" for the directory itself."""
        return self.rest.rpartition("/")[2]


def temporary_paths(value: str, stated: tuple[str, ...] = ()) -> list[TemporaryPath]:
    """The paths in temporary directories that a value names, in order; ``stated`` are further such directories."""
    if len(value) > LONGEST_VALUE:
        return []
    resolved = value
    for _ in range(4):  # as many defaults may nest; each keeps its place, so the rest is blanked
        following = _DEFAULT.sub(_in_place, resolved)
        if following == resolved:
            break
        resolved = following
    found = [path for match in _PATH.finditer(resolved) if (path := _system_path(resolved, match, stated))]
    for match in _VARIABLES.finditer(value):
        if not any(path.start < match.end() and match.start() < path.end for path in found):
            rest = re.match(rf"[/\\][^{_PATH_END[:-1]}:]*", value[match.end() :])
            text = rest[0].replace("\\", "/").strip("/") if rest else ""
            end = match.end() + (rest.end() if rest else 0)
            found.append(TemporaryPath(match[0], text, match.start(), end))
    return sorted(found, key=lambda path: path.start)


def _in_place(match: re.Match[str]) -> str:
    """The default of ``${X:-default}`` at its own place, blanks where the rest stood."""
    before = match.start(1) - match.start()
    return " " * before + match[1] + "\0" * (match.end() - match.end(1))


def _system_path(value: str, match: re.Match[str], stated: tuple[str, ...]) -> TemporaryPath | None:
    written = match[0].replace("\0", "").rstrip("./") or "/"
    normal = posixpath.normpath("/" + written.lstrip("/"))
    for root in (*stated, *ROOTS):
        if normal == root or normal.startswith(root + "/"):
            rest = normal[len(root) + 1 :]
            if root.endswith("run/user"):
                user, _, rest = rest.partition("/")
                root = f"{root}/{user}" if user else root
            scheme = _SCHEME.search(value[: match.start()])
            return TemporaryPath(root, rest, match.start(), match.end(), scheme[0].strip(" =\"'") if scheme else "")
    return None


def is_made_up(value: str) -> bool:
    """Whether the name is made up at run time (``mktemp``, ``$$``): nothing can expect to find it again."""
    return _MADE_UP.search(value) is not None
