"""Env files that belong to one machine: which there are, and which of them end up in an image.

A file beside a committed example is private: ``api/.env`` beside ``api/.env.example``. Nothing shows it in the
repository, and that is the point; but ``COPY . .`` takes it from whoever builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import NamedTuple

from shipworthy.deployment.besides_code import paths_besides_code
from shipworthy.deployment.compose import TEST
from shipworthy.deployment.containerfiles import Dockerfile, dockerfiles
from shipworthy.deployment.env_files import env_files
from shipworthy.deployment.env_mentions import PLACES
from shipworthy.deployment.env_names import TEMPLATES, is_env_file, without_example_words
from shipworthy.deployment.final_stage import final_stage
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.contexts import contexts
from shipworthy.file import File
from shipworthy.formats import format_of
from shipworthy.formats.tree import OPERAND, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

GIT = ".git"
_LOCAL = lazy(r"(?:^|/)\.env(?:\.\w+)?\.local$")
_ENCRYPTED = lazy(r"vault|encrypted|sops")
"""Env files that are meant to be committed."""
_COPIES = frozenset({"COPY", "ADD"})
_PLAIN_PATTERN = lazy(r"[\w.@+-]+")
"""A name that stands for itself in an ignore file."""
_BUILD_FILES = frozenset(
    "build.gradle build.gradle.kts build.rs Cargo.toml justfile Makefile package.json pom.xml pyproject.toml Rakefile"
    " setup.cfg setup.py Taskfile.yml".split()
)
_ASKS_GIT = lazy(
    r"\bgit\b[\s\"',]+(?:describe|log|ls-files|rev-list|rev-parse|show|submodule|symbolic-ref|tag)\b|\.git/"
    r"|setuptools[_-]scm|hatch-vcs|versioneer|versioningit|dunamai|dynamic-versioning|\bpbr\b|\bvergen\b"
    r"|git-commit-id|git-properties|buildnumber-maven|axion|git-version|gitversion",
    re.IGNORECASE,
)
"""What makes a version from the history."""


class PrivateFile(NamedTuple):
    """An env file of one machine, and the place in a committed file that proves that it is used."""

    path: str
    proof: File
    start: int


class BakedIn(NamedTuple):
    """An instruction that takes private files into the image that ships.

    ``paths`` are those of the repository, `GIT` among them for the whole history. ``ignore`` is the path of the
    `.dockerignore` that could keep them out; ``has_ignore`` tells whether it is there.
    """

    file: File
    instruction: Block
    paths: tuple[str, ...]
    ignore: str
    has_ignore: bool


def private_env_files(project: Project) -> list[PrivateFile]:
    """The env files that are not committed and that an example or an optional mention proves, each once."""
    found: dict[str, PrivateFile] = {}
    known = project.model(env_files)
    for example in known.examples:
        folder, slash, name = example.rpartition("/")
        plain = without_example_words(name)
        path = folder + slash + (".env" if plain == "env" else plain)
        if plain == name or not is_env_file(path) or example.endswith(TEMPLATES):
            continue
        is_private = project.place_of(example) in PLACES and format_of(example) == "dotenv"
        if (
            is_private
            and not _ENCRYPTED.search(plain)
            and path not in project.repository
            and not project.config.excludes(example)
        ):
            found.setdefault(path, PrivateFile(path, project.open(example), 0))
    for mention in known.mentions:
        for path in mention.paths[:1]:
            is_dotenv = path.rpartition("/")[2].startswith(".env") and is_env_file(path)
            if is_dotenv and not mention.required and mention.stage != TEST and path not in project.repository:
                found.setdefault(path, PrivateFile(path, mention.file, mention.start))
    return list(found.values())


def committed_local_files(project: Project) -> list[str]:
    """The committed env files whose name says that they are for one machine: ``.env.local``."""
    return [
        path
        for path in project.model(paths_besides_code)
        if ".local" in path and _LOCAL.search(path) and project.place_of(path) in PLACES
    ]


def baked_in(project: Project) -> Iterator[BakedIn]:
    """The instructions that copy private env files, or the whole history, into an image that ships."""
    private = _by_folder([file.path for file in project.model(private_env_files)])
    for dockerfile in project.model(dockerfiles):
        if not _may_take(project, dockerfile, private):
            continue
        try:
            file = project.file(dockerfile.path)
            stages = _shipping(file)
        except (OSError, Unreadable):
            continue
        context = _context(project, file)
        for stage, target in stages if context is not None else ():
            for copy in _copies(stage):
                taken = list(_taken(project, file, context or "", copy, private))
                if taken and (not target or _is_in(_target(copy, stage), target)):
                    path, has_ignore = _ignore_file(project, file, context or "")
                    yield BakedIn(file, copy, tuple(dict.fromkeys(taken)), path, has_ignore)


def is_free_to_ignore(project: Project, path: str) -> bool:
    """Whether the file's name, as a pattern of an ignore file, matches nothing that is committed."""
    name = path.rpartition("/")[2]
    if not _PLAIN_PATTERN.fullmatch(name):
        return False
    return name not in project.model(_committed_names)


def _committed_names(project: Project) -> frozenset[str]:
    """The names of all committed files and folders."""
    return frozenset(name for path in project.repository.paths for name in path.split("/"))


def needs_history(project: Project, baked: BakedIn) -> bool:
    """Whether the build asks git about the history, in the Dockerfile or in a build file beside its ignore file."""
    folder = baked.ignore.rpartition("/")[0]
    files = [baked.file]
    files += project.files(lambda path: path.rpartition("/")[0] == folder and path.rpartition("/")[2] in _BUILD_FILES)
    try:
        return any(_ASKS_GIT.search(file.text) for file in files)
    except (OSError, Unreadable):
        return True


def _by_folder(paths: list[str]) -> dict[str, list[str]]:
    """The paths below each folder, the root among them."""
    found: dict[str, list[str]] = {}
    for path in paths:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            found.setdefault(folder, []).append(path)
    return found


def _may_take(project: Project, dockerfile: Dockerfile, private: dict[str, list[str]]) -> bool:
    """Whether the ignore files let anything private into a context that a Dockerfile may be built in."""
    known = project.model(contexts)
    for context in known.production(dockerfile.path) or dict.fromkeys((dockerfile.directory, "")):
        taken = [*private.get(context, ()), *([] if context else [GIT])]
        found = known.ignore(dockerfile.path, context)
        if any(found is None or not found[1].excluding(_within(context, path)) for path in taken):
            return True
    return False


def _within(context: str, path: str) -> str:
    """A path as the ignore file of a context sees it."""
    return path.removeprefix(f"{context}/" if context else "")


def _context(project: Project, file: File) -> str | None:
    """The context that something builds a Dockerfile in; otherwise the nearest that has all it copies, if one has."""
    stated = project.model(contexts).production(file.path)
    if stated:
        return stated[0]
    named = [source.value for copy in _copies(file.document.root) for source in _sources(copy)]
    named = [written for written in named if written.strip("./")]
    candidates = [file.directory] if not named else [file.directory, ""]
    return next((context for context in candidates if all(_has(project, context, name) for name in named)), None)


def _has(project: Project, context: str, written: str) -> bool:
    path = in_repository(context, written.lstrip("/"))
    return path is None or project.repository.has(path)


def _ignore_file(project: Project, file: File, context: str) -> tuple[str, bool]:
    """The path of the `.dockerignore` of a build, and whether it is there."""
    found = project.model(contexts).ignore(file.path, context)
    return (found[0], True) if found is not None else (f"{context}/.dockerignore".lstrip("/"), False)


def _taken(project: Project, file: File, context: str, copy: Block, private: dict[str, list[str]]) -> Iterator[str]:
    """What an instruction takes that is not committed: private env files, and `GIT`."""
    if any(option.name == "exclude" for option in copy.settings):
        return
    found = project.model(contexts).ignore(file.path, context)
    for source in _sources(copy):
        folder = in_repository(context, source.value.lstrip("/") or ".")
        if folder is None or (folder and folder not in project.repository.directories):
            continue
        taken = [*private.get(folder, ()), *([] if folder else [GIT])]
        yield from (path for path in taken if found is None or not found[1].excluding(_within(context, path)))


def _copies(block: Block) -> Iterator[Block]:
    """The instructions that copy from the build context."""
    for node in block.walk():
        if isinstance(node, Block) and node.kind == "instruction" and node.name in _COPIES and node.get("from") is None:
            yield node


def _sources(copy: Block) -> list[Setting]:
    return [operand for operand in copy.settings if operand.kind == OPERAND][:-1]


def _shipping(file: File) -> list[tuple[Block, str]]:
    """The stages whose files ship, each with the folder that does, "" for all: the last one and what it is built on.

    Also those that it copies folders from; what these copy from others in turn is built, not copied as it is.
    """
    final = final_stage(file)
    if final is None:
        return []
    found = [(stage, "") for stage in final.stages]
    stages = [block for block in file.document.root.blocks if block.kind == "stage"]
    by_name = {str(number): stage for number, stage in enumerate(stages)}
    by_name.update({stage.name.lower(): stage for stage in stages})
    for node in (block for stage in final.stages for block in stage.blocks if block.name in _COPIES):
        origin = by_name.get(node.value("from").lower())
        if origin is not None and origin not in final.stages:
            found += [(origin, source.value.rstrip("/") or "/") for source in _sources(node)]
    return found


def _is_in(path: str, folder: str) -> bool:
    """Whether a folder holds all of a path: ``/`` and ``/app`` hold ``/app``, ``/app/dist`` does not."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


def _target(copy: Block, stage: Block) -> str:
    """The absolute folder that an instruction copies to."""
    directory = "/"
    for node in stage.blocks:
        if node is copy:
            break
        if node.name == "WORKDIR":
            directory = join(directory, next((setting.value for setting in node.settings), ""))
    operands = [operand.value for operand in copy.settings if operand.kind == OPERAND]
    return normpath(join(directory, operands[-1] if operands else "."))
