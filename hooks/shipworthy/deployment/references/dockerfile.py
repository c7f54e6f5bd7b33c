"""What Dockerfiles take: sources of ``COPY``, ``ADD`` and bind mounts, and the stages they copy from.

Source: https://docs.docker.com/reference/dockerfile/#copy
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from shipworthy.deployment.env_names import is_env_file
from shipworthy.deployment.paths import in_repository
from shipworthy.deployment.references.contexts import Contexts, contexts
from shipworthy.deployment.references.model import COPY, EXCLUDED, STAGE, Fault, Reference, is_for_development
from shipworthy.deployment.references.readers import dockerfile_paths
from shipworthy.file import File
from shipworthy.formats.tree import OPERAND, OPTION, Block, Setting
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_FILTERED = lazy(
    r"^[ \t]*(?:FROM|COPY|ADD|WORKDIR|USER)\b[^\n]*\$\{[A-Za-z]\w*\.[\w.-]+\}", re.MULTILINE | re.IGNORECASE
)
"""A placeholder of Maven: it writes the file into another folder, beside what the file copies."""
_COPIES = frozenset({"COPY", "ADD"})
_STAGE_WORDS = frozenset(
    "build builder building base deps dependencies prod-deps production-deps dev-deps installer install pruner prune"
    " frontend backend frontend-builder backend-builder builder-base compile compiler assets prepare release runner"
    " production development runtime dev prod app-builder ui-builder web-builder node-builder python-builder".split()
)
"""Aliases that people give to stages; no image is called so."""


def dockerfiles(project: Project) -> list[File]:
    """The Dockerfiles whose sources are looked at, sorted by path."""
    return [file for path in dockerfile_paths(project) if (file := readable_dockerfile(project, path)) is not None]


def readable_dockerfile(project: Project, path: str) -> File | None:
    """A Dockerfile; None where it cannot be read as one."""
    try:
        file = project.file(path)
        return None if file.document.degraded else file
    except (OSError, Unreadable):
        return None


def dockerfile_references(project: Project) -> Iterator[Reference | Fault]:
    """The sources of all Dockerfiles that are not known to be in their context, and stages that are not there."""
    for file in project.model(dockerfiles):
        if _FILTERED.search(file.text):
            continue
        stages = [block for block in file.document.root.blocks if block.kind == "stage"]
        for number, stage in enumerate(stages):
            for instruction in stage.blocks:
                yield from _of_instruction(project, file, instruction)
                if instruction.name in _COPIES:
                    yield from _stage_fault(project, file, instruction, stages, number)


def _of_instruction(project: Project, file: File, instruction: Block) -> Iterator[Reference | Fault]:
    known = project.model(contexts)
    for source in _sources(instruction):
        written = source.value if instruction.name in _COPIES else _mounted(source.value)
        inside = _in_context(written)
        if inside is None or is_env_file(inside):
            continue
        stated = known.stated(file.path)
        folders = [*stated] or known.around(file.path)
        paths = [path for folder in folders if (path := in_repository(folder, inside)) is not None]
        present = [(folder, path) for folder, path in zip(folders, paths, strict=False) if project.repository.has(path)]
        if present:
            yield from _excluded(project, known, file, source, inside, present)
        elif stated or not known.may_hold(inside):
            builder = next(iter(stated.values()), None)
            reader = f"{instruction.name} takes"
            if builder is not None:
                where = builder.context or "the root"
                reader = (
                    f"{builder.by} builds this in {where} ({builder.path}:{builder.line}), {instruction.name} takes"
                )
            is_development = is_for_development(file) or (builder is not None and not builder.production)
            yield Reference(COPY, file, source.start, written, tuple(paths), reader, is_development)


def _sources(instruction: Block) -> Iterator[Setting]:
    """What an instruction takes from the context. Patterns may match nothing, and other places are no context."""
    if instruction.name in _COPIES and instruction.get("from") is None:
        operands = [setting for setting in instruction.settings if setting.kind == OPERAND]
        yield from operands[:-1]
    elif instruction.name == "RUN":
        for setting in instruction.settings:
            if setting.kind == OPTION and setting.name == "mount" and _mounted(setting.value):
                yield setting


def _mounted(value: str) -> str:
    """The source of ``--mount=type=bind,source=x,target=y``; "" for other mounts and those from other stages."""
    given = dict(part.partition("=")[::2] for part in value.split(","))
    if given.get("type", "bind") != "bind" or "from" in given:
        return ""
    return given.get("source") or given.get("src") or ""


def _in_context(written: str) -> str | None:
    """A source as a path of the context; None for the context itself, for addresses, variables and patterns.

    What leads out of the context is cut off there, as BuildKit does.
    """
    if "://" in written or written.startswith("git@") or len(written) > 1000:
        return None
    path = normpath("/" + written.replace("\\", "/").strip()).lstrip("/")
    return in_repository("", path) or None


def _excluded(
    project: Project, known: Contexts, file: File, source: Setting, inside: str, present: list[tuple[str, str]]
) -> Iterator[Fault]:
    """A fault where ``.dockerignore`` leaves the source out of every context that it is in."""
    reasons = [_exclusion(project, known, file, inside, folder, path) for folder, path in present]
    if reasons and all(reasons):
        ignore, _, pattern = reasons[0].partition(":")
        yield Fault(
            EXCLUDED,
            file,
            source.start,
            f"{inside} is committed, but {reasons[0]} keeps it out of the build context: the build fails",
            f"take it out of {ignore}, or add !{inside} below line {pattern.partition(':')[0]}",
            is_for_development(file),
        )


def _exclusion(project: Project, known: Contexts, file: File, inside: str, folder: str, path: str) -> str:
    """The pattern that leaves out a source, with its place; "" where it, or something in it, is in the context."""
    found = known.ignore(file.path, folder)
    if found is None:
        return ""
    ignore_path, ignore = found
    pattern = ignore.excluding(inside)
    if not pattern:
        return ""
    prefix = f"{folder}/" if folder else ""
    below = project.repository.below(project.repository.resolve(path))
    if any(not ignore.excluding(other.removeprefix(prefix)) for other in below):
        return ""
    return f"{ignore_path}:{pattern}"


def _stage_fault(project: Project, file: File, copy: Block, stages: list[Block], number: int) -> Iterator[Fault]:
    """A fault where ``--from`` names a stage that is not above."""
    given = next((setting for setting in copy.settings if setting.kind == OPTION and setting.name == "from"), None)
    if given is None:
        return
    name = given.value.lower()
    above = [stage.name.lower() for stage in stages[:number]]
    below = [stage.name.lower() for stage in stages[number:]]
    if name.isdecimal():
        is_missing = len(name) < 5 and int(name) >= number
    elif name in above:
        is_missing = False
    else:
        is_missing = name in below or (name in _STAGE_WORDS and not _has_named_contexts(project))
    if is_missing:
        known = ", ".join(stage.name for stage in stages[:number]) or "none"
        yield Fault(
            STAGE,
            file,
            given.start,
            f"COPY --from={given.value}: no stage above this one is called so (there are: {known})",
            "name a stage above, or add the missing FROM ... AS " + given.value,
            is_for_development(file),
        )


def _has_named_contexts(project: Project) -> bool:
    """Whether some build gives contexts names, which stand for stages."""
    return any(project.repository.containing(text) for text in ("additional_contexts", "build-context", "contexts ="))
