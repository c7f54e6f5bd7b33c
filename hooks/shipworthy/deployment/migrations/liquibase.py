"""Liquibase: a root changelog that includes others.

Source: https://docs.liquibase.com/pro/user-guide/what-is-a-changelog
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipworthy.deployment.migrations.model import LIQUIBASE, Fault, History, opened, restored, text_of
from shipworthy.deployment.paths import in_repository
from shipworthy.file import File
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(
    r"(?:^|/)(?:[^/]*changelog[^/]*\.(?:xml|ya?ml|sql)|(?:[\w.-]*changelogs?|liquibase)/(?:[^/]+/)*[^/]+\.(?:xml|ya?ml|sql))$",
    re.IGNORECASE,
)
_XML_COMMENT = lazy(r"<!--.*?-->", re.DOTALL)
_YAML_COMMENT = lazy(r"#[^\n]*")
_INCLUDES = (
    lazy(r"<include\b[^>]{0,300}?\bfile\s*=\s*[\"'](?P<file>[^\"'\n]+)[\"']"),
    lazy(r"-[ \t]+include:[ \t]*\n(?:[ \t]+\w+:[^\n]*\n)??[ \t]+file:[ \t]*[\"']?(?P<file>[^\s\"']+)"),
)
_ROOT = (b"<databaseChangeLog", b"databaseChangeLog:", b"--liquibase formatted sql")
_SETS = (
    lazy(r"<changeSet\b(?P<attributes>[^>]{0,1000})>"),
    lazy(r"^[ \t]*-[ \t]+changeSet:[ \t]*\n(?P<attributes>(?:[ \t]+(?:\w+:[^\n]*)?\n){1,6})", re.MULTILINE),
    lazy(r"^--[ \t]*changeset[ \t]+(?P<author>[^\s:]+):(?P<id>\S+)", re.MULTILINE | re.IGNORECASE),
)
_ID = lazy(r"\bid\s*[=:]\s*[\"']?(?P<value>[^\s\"'>]+)")
_AUTHOR = lazy(r"\bauthor\s*[=:]\s*[\"']?(?P<value>[^\n\"'>]+?)[\"'\n>]")


def histories(project: Project, paths: Iterable[str]) -> Iterator[History]:
    """The histories of the changelogs that include others; ``paths`` are those that `PATH` finds."""
    for path in paths:
        file = opened(project, path)
        if file is None or not any(root in file.data for root in _ROOT):
            continue
        text = text_of(file)
        hidden = text
        if not path.endswith(".sql"):
            comment = _XML_COMMENT if path.endswith(".xml") else _YAML_COMMENT
            hidden = comment.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        included = [found for pattern in _INCLUDES for found in pattern.finditer(hidden)]
        faults = [*_missing(project, file, included), *_twice(file, hidden)]
        if included or faults:
            yield History(LIQUIBASE, file.directory, file, tuple(faults))


def _missing(project: Project, file: File, included: list[re.Match[str]]) -> Iterator[Fault]:
    for found in included:
        written = found["file"].removeprefix("classpath:").lstrip("/")
        if in_repository("", written) is None or _is_there(project, file.directory, written):
            continue
        yield Fault(
            file,
            found.start("file"),
            f"{file.name} includes {written[:200]}, which is not committed: Liquibase stops before it applies anything",
            restored(project, _likeliest(project, file.directory, written), f"remove the include from {file.path}"),
        )


def _twice(file: File, text: str) -> Iterator[Fault]:
    """Change sets of one file with the same id and author."""
    seen: set[tuple[str, str]] = set()
    for pattern in _SETS:
        for found in pattern.finditer(text):
            key = _key(found)
            if key in seen:
                message = (
                    f"the change set {key[0][:100]} of {key[1][:100]} stands twice in {file.name}: "
                    'Liquibase stops with "changesets had duplicate identifiers"'
                )
                yield Fault(file, found.start(), message, "give the newer one an id of its own")
            elif all(key):
                seen.add(key)


def _key(found: re.Match[str]) -> tuple[str, str]:
    groups = found.groupdict()
    if "id" in groups:
        return found["id"], found["author"]
    id, author = _ID.search(found["attributes"]), _AUTHOR.search(found["attributes"])
    return (id["value"] if id else ""), (author["value"].strip() if author else "")


def _paths(directory: str, written: str) -> Iterator[str]:
    """The paths that an include may mean: from the folder of the changelog, and from each folder around it."""
    while True:
        path = in_repository(directory, written)
        if path is not None:
            yield path
        if not directory:
            return
        directory = directory.rpartition("/")[0]


def _likeliest(project: Project, directory: str, written: str) -> str:
    """The first of the paths whose folder is committed."""
    paths = list(_paths(directory, written)) or [written]
    folders = project.repository.directories
    return next((path for path in paths if path.rpartition("/")[0] in folders), paths[0])


def _is_there(project: Project, directory: str, written: str) -> bool:
    """Whether the file lies where the changelog, a folder around it or any class path says."""
    if any(path in project.repository for path in _paths(directory, written)):
        return True
    return any(path.endswith("/" + written) for path in project.repository.paths)
