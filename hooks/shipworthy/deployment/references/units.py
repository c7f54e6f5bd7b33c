"""What systemd units and Supervisor start: scripts in the service's working directory.

The paths are those of a host or an image. They are of this repository only where something says so: the working
directory is called like the repository, a Dockerfile copies its context there, or other files of the unit below it
are committed. And only a file whose name stands nowhere in the repository is missing: where it has another folder, the
layout of the host is another one.

Sources: systemd.service(5), systemd.exec(5) WorkingDirectory=, http://supervisord.org/configuration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shipworthy.deployment.containerfiles import COPIES_ALL
from shipworthy.deployment.references.dockerfile import dockerfiles
from shipworthy.deployment.references.model import SCRIPT, Reference, is_for_development
from shipworthy.deployment.references.programs import commands, file_run_by
from shipworthy.deployment.references.readers import unit_paths
from shipworthy.file import File
from shipworthy.formats.tree import Block
from shipworthy.formats.unreadable import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_WORKING_DIRECTORIES = ("WorkingDirectory", "directory")


def unit_references(project: Project) -> Iterator[Reference]:
    """The scripts that units start from a folder that holds this repository."""
    for file, section in unit_sections(project):
        home = home_of(section)
        started = list(_started(section))
        if not home or not started or not is_repository(project, home, file):
            continue
        for command, written in started:
            inside = _inside(home, written)
            if inside and not _is_known(project, inside):
                start = next((part.start for part in command.settings if part.value == written), command.start)
                yield Reference(SCRIPT, file, start, written, (inside,), reader_of(section), is_for_development(file))


def unit_sections(project: Project) -> Iterator[tuple[File, Block]]:
    """The sections of all units and of Supervisor's files."""
    for path in unit_paths(project):
        try:
            file = project.file(path)
            sections = list(file.document.root.blocks)
        except (OSError, Unreadable):
            continue
        yield from ((file, section) for section in sections)


def home_of(section: Block) -> str:
    """The folder that a unit works in; "" where it is not stated, or unknown."""
    home = next((value for name in _WORKING_DIRECTORIES if (value := section.value(name))), "").rstrip("/")
    return home if home.startswith("/") else ""


def reader_of(section: Block) -> str:
    """Who starts what stands in a section, a sentence up to the path."""
    return f"{section.name} starts" if section.name != "Service" else "the unit starts"


def _started(section: Block) -> Iterator[tuple[Block, str]]:
    for directive in section.blocks:
        for script in directive.blocks:
            for command in commands(script):
                written = file_run_by(command) or _absolute(command)
                if written:
                    yield command, written


def _absolute(command: Block) -> str:
    """A script that is started by its own path."""
    program = next((word for word in command.words if word.rpartition("/")[2] == command.name), "")
    return program if program.endswith((".sh", ".py")) else ""


def _inside(home: str, written: str) -> str:
    """A path below the working directory; "" for one elsewhere, or unknown."""
    inside = written.removeprefix(home + "/").removeprefix("./")
    return "" if inside.startswith(("/", "~", "..")) or set(inside) & set("$%{}*") else inside


def _is_known(project: Project, inside: str) -> bool:
    """Whether a file of that name is committed anywhere."""
    name = inside.rpartition("/")[2]
    return bool(project.repository.named(name))


def is_repository(project: Project, home: str, unit: File) -> bool:
    """Whether the working directory holds what this repository holds."""
    name = home.rpartition("/")[2].lower()
    remotes = (
        remote.rstrip("/").removesuffix(".git").rpartition("/")[2].lower() for remote in project.repository.remotes
    )
    if name in remotes:
        return True
    below = re.compile(re.escape(home) + r"/(?P<path>[\w./-]+)")
    if any(found["path"].rstrip("/") in project.repository for found in below.finditer(unit.text)):
        return True
    return any(
        home in file.text
        and COPIES_ALL.search(file.text)
        and re.search(rf"(?m)^WORKDIR\s+{re.escape(home)}/?\s*$", file.text)
        for file in project.model(dockerfiles)
    )
