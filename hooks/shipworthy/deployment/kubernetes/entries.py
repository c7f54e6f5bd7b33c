"""Entries of kustomizations that lead nowhere, and manifests that no kustomization names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from shlex import quote
from typing import NamedTuple

from shipworthy.deployment.env_names import is_env_file, without_example_words
from shipworthy.deployment.kubernetes.elsewhere import MOST_NAMES
from shipworthy.deployment.kubernetes.kustomize import (
    COMPONENT,
    CONTENT,
    MANIFEST,
    NAMES,
    PATCH,
    Entry,
    Kustomization,
    kustomizations,
)
from shipworthy.deployment.kubernetes.objects import Object, objects, scalar
from shipworthy.deployment.mentions import lines_with
from shipworthy.patterns import lazy
from shipworthy.places import DEVELOPMENT, PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_PLACES = (PRODUCTION, DEVELOPMENT)
_WRITES = lazy(
    r"(?:>|\btee\b(?:\s+-a)?|\s-o|--output[\w-]*)[ =]*[\"']?[\w./${}()-]*$"
    r"|\b(?:cp|mv|ln|curl|wget)\b[^|;&]*\s[\"']?[\w./${}()-]*$"
    r"|\b(?:write\w*|open|dump)\([\"'][\w./-]*$"
    r"|^[ \t]*(?:(?:export|local|readonly)[ \t]+)?\w+=[\"']?[\w./${}()-]*$"
)
"""Stands before the name of a file that a command writes, or that a script keeps in a variable."""
_SET_ASIDE = lazy(
    r"(?:^|[._-])(?:example|sample|template|tmpl|patch|values|disabled|unused|deprecated|old|bak|backup|optional|debug|test)s?"
    r"(?=[._-]|$)",
    re.IGNORECASE,
)
"""Names of manifests that are meant to be left out, or that are no manifests."""
_FOR_ADMINISTRATORS = lazy(r"(?:^|_)(?:editor|viewer|admin)_role$")
"""Roles that kubebuilder writes for people, and that no program needs."""
_NEVER_ENTRIES = frozenset(
    "Kustomization Component Application ApplicationSet AppProject HelmRelease HelmRepository GitRepository Cluster"
    " Config Plan SopsConfig Profile".split()
)
"""Kinds that are applied before kustomize runs, or that tools and not clusters read."""
_RESTRICTED = (MANIFEST, PATCH, CONTENT)
_UNRESTRICTED = ("LoadRestrictionsNone", "load-restrictor", "load_restrictor", "kustomize.toolkit.fluxcd.io")
_MOST_ORPHANS = 200
"""So many candidates are looked up in the other files of the repository."""
_APPLIES = lazy(r"(?:apply|create|replace)\b[^\n]*?\s(?:-\w*f|--filename)[ =]*[\"']?(?P<path>[\w./-]+)")


_PATH_BEFORE = lazy(r"[\w./-]+$")


class MissingEntry(NamedTuple):
    """An entry that leads nowhere. ``problem`` and ``fix`` are sentences, ``ignored_by`` is what excludes it."""

    kustomization: Kustomization
    entry: Entry
    problem: str
    fix: str
    ignored_by: str | None


class RepeatedEntry(NamedTuple):
    """A resource that a kustomization names a second time."""

    kustomization: Kustomization
    entry: Entry


class Orphan(NamedTuple):
    """A manifest beside a kustomization that does not name it, by its first object."""

    kustomization: Kustomization
    object: Object


def judged(project: Project) -> list[Kustomization]:
    """The kustomizations of production and development."""
    return [known for known in project.model(kustomizations).values() if project.place_of(known.path) in _PLACES]


def missing_entries(project: Project) -> Iterator[MissingEntry]:
    """The entries that nobody who clones the repository has."""
    missing = [
        (kustomization, entry, entry.path)
        for kustomization in judged(project)
        for entry in kustomization.entries
        if entry.path is not None and not _is_there(project, entry, entry.path)
    ]
    ignored = project.repository.ignored_by(path for _, _, path in missing)
    names = islice(dict.fromkeys(path.rpartition("/")[2] for _, _, path in missing), MOST_NAMES)
    unwritten = {name for name in names if not _is_written(project, name)}
    for kustomization, entry, path in missing:
        pattern = ignored.get(path)
        if pattern is not None and (entry.kind == CONTENT or _has_example(project, path)):
            continue
        if path.rpartition("/")[2] in unwritten:
            problem, fix = _problem(project, kustomization, path, pattern)
            yield MissingEntry(kustomization, entry, problem, fix, pattern)


def _is_there(project: Project, entry: Entry, path: str) -> bool:
    repository = project.repository
    if repository.is_unknown(path) or (entry.kind == CONTENT and is_env_file(entry.written)):
        return True
    resolved = repository.resolve(path)
    if resolved in repository:
        return entry.kind != COMPONENT
    if resolved not in repository.directories:
        return False
    return entry.kind == CONTENT or any(posixpath.join(resolved, name) in repository for name in NAMES)


def _has_example(project: Project, path: str) -> bool:
    """Whether an example of the file is committed beside it."""
    folder = path.rpartition("/")[0]
    beside = (known for known in project.repository.below(folder) if known.rpartition("/")[0] == folder)
    return any(known != path and without_example_words(known) == path for known in beside)


def _is_written(project: Project, name: str) -> bool:
    """Whether something in the repository writes a file of that name."""
    return any(_WRITES.search(line.text.partition(name)[0]) for line in lines_with(project, name))


def _problem(project: Project, kustomization: Kustomization, path: str, pattern: str | None) -> tuple[str, str]:
    repository = project.repository
    spelled = repository.differing_in_case(path)
    if spelled is not None:
        return f"it is committed as {spelled}", f"git mv {quote(spelled)} {quote(path)}"
    if path in repository.directories:
        below = repository.below(path)
        if any(known.endswith((".yaml", ".yml")) for known in below):
            return "the folder has no kustomization", f"create {path}/{NAMES[0]} that lists its manifests"
        return "the folder holds no kustomization", f"create {path}/{NAMES[0]}, or remove the entry"
    if path in repository:
        return "it is a file, and a component is a folder", "name the folder of the component"
    if repository.only_on_disk(path):
        state = f"ignored ({pattern})" if pattern else "not committed"
        is_secret = pattern and "secret" in path.rpartition("/")[2].lower()
        fix = f"encrypt {path}, with SOPS or as a SealedSecret, and commit that" if is_secret else ""
        return f"it is on disk, but {state}", fix or f"git add -f {quote(path)}"
    near = _near(project, path)
    if near:
        written = posixpath.relpath(near, kustomization.directory or ".")
        return "it is not committed", f"write {written} if that file is meant, or commit {path}"
    if pattern:
        return (
            f"it is ignored ({pattern}) and has no committed example",
            f"commit an example of {path}, or encrypt it and commit that",
        )
    return "it is not committed", f"commit {path}, or remove the entry"


def _near(project: Project, path: str) -> str:
    """The committed file that is meant: with the other ending, or the only one with the same folder and name."""
    other = _with_other_ending(path)
    if other in project.repository:
        return other
    tail = "/" + "/".join(path.split("/")[-2:])
    same = [known for known in project.repository.paths if known.endswith(tail)]
    return same[0] if len(same) == 1 else ""


def _with_other_ending(path: str) -> str:
    stem, _, ending = path.rpartition(".")
    return f"{stem}.{'yml' if ending == 'yaml' else 'yaml'}" if ending in ("yaml", "yml") else ""


def _misspelled(project: Project, entries: Iterable[str | None]) -> Iterator[str]:
    """The files that missing entries mean, but for their capitals or their ending: those have one finding already."""
    for path in entries:
        if path is not None and path not in project.repository:
            yield _with_other_ending(path)
            yield project.repository.differing_in_case(path) or ""


def entries_outside(project: Project) -> Iterator[tuple[Kustomization, list[Entry]]]:
    """The kustomizations with the files that they take from outside of their folders.

    kustomize refuses them unless it is told otherwise; Flux and whoever sets the option do.
    """
    found = []
    for kustomization in judged(project):
        folder = kustomization.directory + "/"
        outside = [
            entry
            for entry in kustomization.entries
            if entry.kind in _RESTRICTED
            and entry.path is not None
            and entry.path in project.repository
            and not entry.path.startswith(folder)
        ]
        if outside and kustomization.directory:
            found.append((kustomization, outside))
    if found and not any(project.repository.containing(word) for word in _UNRESTRICTED):
        yield from found


def repeated_entries(project: Project) -> Iterator[RepeatedEntry]:
    """The files that a kustomization names twice among its resources."""
    for kustomization in judged(project):
        seen: set[str] = set()
        for entry in kustomization.entries:
            if entry.kind == MANIFEST and entry.path is not None and entry.path in project.repository:
                if entry.path in seen:
                    yield RepeatedEntry(kustomization, entry)
                seen.add(entry.path)


def orphans(project: Project) -> Iterator[Orphan]:
    """The manifests beside a kustomization that neither a kustomization nor anything else names."""
    known = project.model(kustomizations)
    named = {entry.path for kustomization in known.values() for entry in kustomization.entries}
    named |= set(_misspelled(project, named))
    first: dict[str, Object] = {}
    for object in project.model(objects):
        first.setdefault(object.path, object)
    looked_up = 0
    applied: set[str] | None = None
    for path, object in first.items():
        kustomization = known.get(path.rpartition("/")[0])
        if kustomization is None or path in named or not _is_manifest(project, kustomization, object):
            continue
        looked_up += 1
        if looked_up > _MOST_ORPHANS:
            return
        if applied is None:
            applied = _applied_folders(project)
        if not _is_applied(path, applied) and not _is_named(project, kustomization, path):
            yield Orphan(kustomization, object)


def _is_manifest(project: Project, kustomization: Kustomization, object: Object) -> bool:
    """Whether the file is one that a team deploys, and the kustomization one that lists what it deploys."""
    stem = object.file.name.rpartition(".")[0]
    return (
        project.place_of(object.path) in _PLACES
        and object.path != kustomization.path
        and kustomization.makes_objects
        and not object.is_template
        and bool(object.name)
        and bool(scalar(object.body, "apiVersion"))
        and object.kind not in _NEVER_ENTRIES
        and not object.group.endswith("kustomize.config.k8s.io")
        and not _SET_ASIDE.search(stem)
        and not _FOR_ADMINISTRATORS.search(stem)
    )


def _is_named(project: Project, kustomization: Kustomization, path: str) -> bool:
    """Whether something means the file when it writes its name, a comment of the kustomization included."""
    name = path.rpartition("/")[2]
    for line in lines_with(project, name):
        folder = line.path.rpartition("/")[0]
        if line.path == path:
            continue
        if line.path == kustomization.path:
            return True
        written = line.text[: line.text.find(name)]
        before = _PATH_BEFORE.search(written)
        prefix = before[0].lstrip("./") if before else ""
        beside = f"{folder}/{name}" if folder else name
        if not prefix and beside != path and beside in project.repository:
            continue  # it means the file beside it
        if path.endswith("/" + prefix + name) or path == prefix + name:
            return True
    return False


def _applied_folders(project: Project) -> set[str]:
    """The last parts of folders that commands apply as a whole."""
    found = set()
    for line in lines_with(project, "kubectl"):
        for applied in _APPLIES.finditer(line.text):
            found.add(posixpath.basename(posixpath.normpath(applied["path"])))
    return found


def _is_applied(path: str, applied: set[str]) -> bool:
    return not applied.isdisjoint(path.split("/")[:-1])
