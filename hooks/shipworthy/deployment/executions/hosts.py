"""What runs on hosts and laptops: units, Procfiles, makefiles, scripts of packages, scripts of scripts, git's hooks.

Sources: systemd.service(5), https://docs.npmjs.com/cli/using-npm/scripts , githooks(5),
https://typicode.github.io/husky/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, join

from shipworthy.deployment.evidence import text_of
from shipworthy.deployment.executions.model import Execution
from shipworthy.deployment.executions.permissions import Permissions
from shipworthy.deployment.executions.starters import SHELL_SCRIPTS, Starters
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.model import is_for_development, is_ours
from shipworthy.deployment.references.programs import commands, program_of
from shipworthy.deployment.references.units import home_of, is_repository, reader_of, unit_sections
from shipworthy.deployment.references.walking import FOR_DEVELOPMENT, is_conditional, located
from shipworthy.file import File
from shipworthy.formats import Document
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import CI, DEVELOPMENT, DOCUMENTATION, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_OWN_FOLDER = lazy(r"dirname\s(?:[^$]|\$\()*?\$\{?(?:BASH_SOURCE|0\b)[^)]*\)?|\$\{(?:BASH_SOURCE\[0\]|0)%/\*")
_OWN_FILE = lazy(r"(?:readlink|realpath)\s(?:[^$]|\$\()*?\$\{?(?:BASH_SOURCE|0\b)[^)]*")
_ITSELF = "itself"
"""Stands for the name of a script in its own folder."""
_LONGEST_VALUE = 500
_STEPS = lazy(r"/[\w./-]+")
_ASSIGNED = lazy(r"^[ \t]*(?:readonly[ \t]+|export[ \t]+|local[ \t]+)?(?P<name>\w+)=(?P<value>[^\n]+)", re.MULTILINE)
_VARIABLE = lazy(r"\$\{?(?P<name>\w+)\}?")
_SYSTEM = ("/usr/", "/bin/", "/sbin/", "/etc/")
_EXEC = ("ExecStart", "ExecStartPre", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost", "command")
_DOCUMENTED = lazy(r"^[ \t]*(?:[$#>][ \t]+)?(?:sudo[ \t]+)?(?P<path>\./[\w./-]+\.sh)(?=[ \t\r\n]|$)", re.MULTILINE)
_HUSKY = lazy(r'"husky"\s*:\s*"[^\d"]{0,5}(?P<major>\d+)')
_FIRST_THAT_NEEDS_NO_BIT = 9
"""The version of husky that starts hooks with ``sh``."""


def host_executions(project: Project, starters: Starters) -> Iterator[Execution]:
    """What is started outside of images and pipelines."""
    yield from _of_units(project) if starters.has_units else ()
    for path in starters.on_hosts:
        folder, _, name = path.rpartition("/")
        if name == "package.json":
            yield from _of_package(project, path, folder)
        elif name.startswith("Procfile"):
            yield from _of_file(project, path, (folder, ""), "process")
        elif name.endswith(SHELL_SCRIPTS):
            yield from _of_script(project, path)
        else:
            yield from _of_file(project, path, (folder,), "target")
    yield from _of_hooks(project, starters.hooks)
    yield from _of_documents(project, starters.documented)


def _of_units(project: Project) -> Iterator[Execution]:
    for file, section in unit_sections(project):
        home = home_of(section)
        for directive in section.blocks:
            if directive.name not in _EXEC:
                continue
            for command in commands(directive):
                path = _committed_on_host(project, file, home, program_of(command))
                if path:
                    is_first = bool(command.words) and command.words[0] == program_of(command)
                    is_development = is_for_development(file)
                    yield Execution(
                        file, command.start, reader_of(section), (path,), is_development, has_shell=not is_first
                    )


def _committed_on_host(project: Project, file: File, home: str, program: str) -> str:
    """The committed file that a path of a host is: below a folder that holds this repository, or by its folder's name.

    "" where nothing says that it is one.
    """
    if "/" not in program or set(program) & set("$%{}*") or program.startswith(_SYSTEM):
        return ""
    path = program if program.startswith("/") else join(home, program) if home else ""
    if home and path.startswith(home + "/") and is_repository(project, home, file):
        inside = in_repository("", path[len(home) + 1 :])
        if inside is not None and inside in project.repository:
            return inside
    parts = path.strip("/").split("/")
    tails = ("/".join(parts[number:]) for number in range(1, len(parts) - 1))
    return next((tail for tail in tails if tail in project.repository), "")


def _of_package(project: Project, path: str, folder: str) -> Iterator[Execution]:
    if not is_ours(project, path):
        return
    read = _read(project, path)
    if read is None:
        return
    file, document = read
    parts = [part for top in document.root.blocks for part in top.blocks if part.name == "scripts"]
    for directive in (block for part in parts for block in part.blocks):
        reader = f'the script "{directive.name}" starts'
        yield from _of_directive(project, file, directive, (folder,), reader)


def _of_file(project: Project, path: str, folders: tuple[str, ...], what: str) -> Iterator[Execution]:
    """What the targets of a makefile or the processes of a Procfile start."""
    if not is_ours(project, path):
        return
    read = _read(project, path)
    if read is None or read[1].degraded:
        return
    file, document = read
    for directive in document.root.blocks:
        reader = f"the {what} {directive.name} starts"
        yield from _of_directive(project, file, directive, folders, reader, line_by_line=what == "target")


def _of_directive(
    project: Project,
    file: File,
    directive: Block,
    folders: tuple[str, ...],
    reader: str,
    *,
    line_by_line: bool = False,
) -> Iterator[Execution]:
    is_development = FOR_DEVELOPMENT.search(directive.name) is not None or is_for_development(file)
    for script in directive.blocks:
        for command, where in located(project, file, script, folders, line_by_line=line_by_line):
            paths = _committed(project, where, program_of(command))
            if paths and not is_conditional(file, command.start):
                yield Execution(file, command.start, reader, paths, is_development)


def _of_script(project: Project, path: str) -> Iterator[Execution]:
    """What a shell script starts: seen from the root, from its own folder, and by what it knows of that folder."""
    if project.place_of(path) not in (PRODUCTION, DEVELOPMENT, CI) or project.config.excludes(path):
        return
    folders = tuple(dict.fromkeys((dirname(path), "")))
    read = _read(project, path)
    if read is None:
        return
    file, document = read
    known = Folders(dirname(path), text_of(project, path))
    is_development = FOR_DEVELOPMENT.search(path) is not None or is_for_development(file)
    root = document.root
    for body in (root, *(node for node in root.walk() if isinstance(node, Block) and node.kind == "function")):
        for command, where in located(project, file, body, folders, known=known.path):
            program = program_of(command)
            inside = known.path(program)
            is_known = inside is not None and inside in project.repository
            paths = (inside or "",) if is_known else _committed(project, where, program)
            if paths and paths != (path,) and not is_conditional(file, command.start):
                yield Execution(file, command.start, f"{basename(path)} starts", paths, is_development)


class Folders:
    """What a script knows of folders: its own, and those that its variables name by it."""

    def __init__(self, own: str, text: str) -> None:
        self.own = own
        self.variables: dict[str, str] = {}
        for match in _ASSIGNED.finditer(text):
            folder = self.path(match["value"].split(" #")[0])
            if folder is not None:
                self.variables.setdefault(match["name"], folder)

    def path(self, written: str) -> str | None:
        """The path of the repository that is written so; None where it is not written by a known folder."""
        if "$" not in written or len(written) > _LONGEST_VALUE:
            return None
        own, variable = _OWN_FOLDER.search(written), _VARIABLE.search(written)
        if own is not None:
            return in_repository(self.own, _steps(written[own.end() :]))
        if _OWN_FILE.search(written):
            return join(self.own, _ITSELF)
        if variable is None or variable["name"] not in self.variables:
            return None
        steps = _steps(written[variable.end() :])
        if "dirname" in written[: variable.start()]:
            steps = f"../{steps}"
        return in_repository(self.variables[variable["name"]], steps)


def _steps(rest: str) -> str:
    """The steps that follow a folder: ``/../x`` of ``")/../x" && pwd)``."""
    return "./" + "".join(_STEPS.findall(rest)[:1]).lstrip("/")


def _committed(project: Project, folders: Iterable[str], program: str) -> tuple[str, ...]:
    """The committed files that a program may be, started in one of the folders."""
    if "/" not in program:
        return ()
    found = (in_repository(folder, program) for folder in folders)
    return tuple(dict.fromkeys(path for path in found if path and path in project.repository))


def _read(project: Project, path: str) -> tuple[File, Document] | None:
    """A committed file that can be read; what is read of one is read for all with its name and its content."""
    known = project.model(_documents)
    try:
        file = project.file(path)
        key = (basename(path), file.data)
        if key not in known:
            known[key] = file.document
        return file, known[key]
    except (KeyError, OSError, Unreadable):
        return None


def _documents(_: Project) -> dict[tuple[str, bytes], Document]:
    """Filled as files are read, by their names and contents: copies of whole folders are common."""
    return {}


def _opened(project: Project, path: str) -> File | None:
    """A committed file whose content git has."""
    try:
        return project.open(path)
    except OSError:
        return None


def _of_hooks(project: Project, paths: Iterable[str]) -> Iterator[Execution]:
    """Git's hooks in a folder that the repository tells git to look into."""
    for path in paths:
        file = _opened(project, path) if _needs_bits(project, dirname(path)) else None
        if file is not None:
            yield Execution(file, 0, "git starts", (path,), True)


def _of_documents(project: Project, names: Iterable[str]) -> Iterator[Execution]:
    """The scripts that documents tell their readers to start, unless one tells them to make it executable first."""
    wanted = "\n".join(f"/{name}" for name in names)
    for path in project.repository.containing(wanted) if wanted else ():
        if not path.endswith((".md", ".rst", ".adoc")) or project.place_of(path) != DOCUMENTATION:
            continue
        file = _opened(project, path) if not project.config.excludes(path) else None
        for line in _DOCUMENTED.finditer(text_of(project, path)) if file is not None else ():
            paths = _committed(project, dict.fromkeys((dirname(path), "")), line["path"])
            if file is not None and paths and not project.model(Permissions).are_documented(paths[0]):
                yield Execution(file, line.start("path"), "readers are told to start", paths, True)


def _needs_bits(project: Project, folder: str) -> bool:
    """Whether git itself starts the hooks in a folder."""
    if basename(folder) == ".husky":
        package = join(dirname(folder), "package.json")
        husky = _HUSKY.search(text_of(project, package))
        return husky is not None and int(husky["major"][:4]) < _FIRST_THAT_NEEDS_NO_BIT
    wanted = (f"hooksPath {folder}", f"hooksPath={folder}", f"hooksPath ./{folder}", f"hooksPath = {folder}")
    return any(
        stated in text_of(project, path) for path in project.repository.containing("hooksPath") for stated in wanted
    )
