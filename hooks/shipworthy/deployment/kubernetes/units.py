"""What is rendered and applied together, and what may therefore refer to what.

A unit is a kustomization that no other includes, with all that it includes, or all manifests that no kustomization
names. What two units share they have as alternatives (an overlay for production, one for development): neither sees
what only the other has. Everything else may be applied to one cluster, so it can satisfy a reference.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from shipworthy.deployment.kubernetes.custom import installs, is_for, makes_pods, may_label, may_make
from shipworthy.deployment.kubernetes.kustomize import (
    CONFIGURATION,
    PATCH,
    VALUES,
    Kustomization,
    Patch,
    closure,
    kustomizations,
)
from shipworthy.deployment.kubernetes.objects import Object, is_known, known, objects, scalar
from shipworthy.deployment.kubernetes.pods import Pods, Selector, all_pods
from shipworthy.formats.unreadable import Unreadable
from shipworthy.patterns import lazy
from shipworthy.places import PRODUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.file import File
    from shipworthy.project import Project

_FOR_PRODUCTION = lazy(r"(?:^|[/._-])(?:prod|production|prd|live)(?:[/._-]|$)")
_SET_ASIDE = lazy(
    r"(?:^|/)(?:[^/]*[._-])?(?:archived?|deprecated|old|attic|legacy|obsolete|unused|disabled)(?:/|\.ya?ml$)",
    re.IGNORECASE,
)
"""Paths of manifests that nobody applies any more."""
_WRITTEN_BY_A_PROGRAM = lazy(r"^#.*\bgenerated\b.*\bdo not (?:edit|modify|change)\b", re.MULTILINE | re.IGNORECASE)
_BEGINNING = 500
"""Characters of a file in which it says so."""


class Unit:
    """What is applied together. ``path`` is the kustomization's, "" for the plain manifests.

    ``hidden`` are the files that only alternatives of this unit have.
    """

    def __init__(self, cluster: Cluster, parts: list[Kustomization], own: list[Object]) -> None:
        self.cluster = cluster
        self.parts = parts
        self.path = parts[0].path if parts else ""
        self.own = own
        self.files = {object.path for object in own}
        self.hidden: set[str] = set()
        self.is_open = any(part.is_open for part in parts)

    def __repr__(self) -> str:
        return f"<unit {self.path or 'of plain manifests'}: {len(self.own)}>"

    @cached_property
    def patches(self) -> list[Patch]:
        """What its kustomizations change."""
        return [patch for part in self.parts for patch in part.patches(self.cluster.text_of)]

    def is_patched(self, object: Object, *words: str) -> bool:
        """Whether a patch that may be for the object holds one of the words, or may hold anything."""
        for patch in self.patches:
            is_meant = patch.object_kind in ("", object.kind) and patch.name in ("", object.name)
            if is_meant and (patch.text == "replacements" or any(word in patch.text for word in words)):
                return True
        return False

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels that its kustomizations add."""
        added: dict[str, str] = {}
        for part in self.parts:
            added.update(part.labels)
        return added

    @cached_property
    def imposed_namespace(self) -> str | None:
        """The namespace that everything in it is put in: what the outermost kustomization says counts.

        "" where only a part of it is put in one, None where nothing is.
        """
        if self.parts and self.parts[0].namespace:
            return known(self.parts[0].namespace)
        return "" if any(part.namespace for part in self.parts) else None

    @cached_property
    def has_affixes(self) -> bool:
        """Whether names in it get something before or behind them."""
        return any(part.has_affixes for part in self.parts)

    def of_kind(self, *kinds: str) -> Iterator[Object]:
        """What it sees of these kinds: its own objects, and those of other units that are no alternatives."""
        for kind in kinds:
            for object in self.cluster.by_kind.get(kind, ()):
                if object.path not in self.hidden:
                    yield object

    def named(self, name: str, namespace: str, *kinds: str) -> list[Object]:
        """What it sees of these kinds under a name. "" as a namespace is any."""
        return [
            object
            for kind in kinds
            for object in self.cluster.perhaps_named(kind, name)
            if object.path not in self.hidden
            and self._is_called(object, name)
            and self.shares_namespace(object, namespace)
        ]

    def _is_called(self, object: Object, name: str) -> bool:
        if object.may_be_called(name):
            return True
        if not object.name or not self.cluster.has_affixes(object):
            return False
        return name.endswith(object.name) or name.startswith(object.name)

    def shares_namespace(self, object: Object, namespace: str) -> bool:
        """Whether the object may be in that namespace: one that is not said may be any."""
        given = self.cluster.namespace_of(object)
        return not namespace or not given or given == namespace

    @property
    def pods(self) -> Iterator[Pods]:
        """The pods that it sees."""
        return (pods for pods in self.cluster.pods if pods.object.path not in self.hidden)

    def chosen(self, wanted: Selector, namespace: str) -> list[Pods]:
        """The pods that a selector chooses in a namespace."""
        return [
            pods
            for pods in self.cluster.pods_with(wanted)
            if pods.object.path not in self.hidden
            and wanted.matches(self.labels_of(pods))
            and self.shares_namespace(pods.object, namespace)
        ]

    def labels_of(self, pods: Pods) -> dict[str, str]:
        """The labels of pods with those that kustomizations add."""
        return {**self.cluster.added_labels(pods.object), **pods.labels}

    def may_have_more_pods(self, wanted: Selector) -> bool:
        """Whether something that nobody can look into may make the pods that a selector wants."""
        return (
            self._has_unseen_pods
            or not wanted.is_known
            or any(may_label(object, wanted) for object in self.cluster.custom if object.path not in self.hidden)
        )

    @cached_property
    def _has_unseen_pods(self) -> bool:
        if self.is_open:
            return True
        own = (pods.object for pods in self.pods if pods.object.path in self.files)
        if any(self.is_patched(object, "labels", "commonLabels") for object in own):
            return True
        return any(self._may_make_pods(object) for object in self.cluster.objects if object.path not in self.hidden)

    def _may_make_pods(self, object: Object) -> bool:
        if object.is_template:
            return object.kind in _TEMPLATED_WORKLOADS
        return makes_pods(object) and not self.cluster.applies_own_folder(object)

    def may_be_installed(self, namespace: str) -> bool:
        """Whether a chart of others is installed into a namespace, "" for any: it may bring objects of every name."""
        for object in self.cluster.installers:
            is_meant = not namespace or self.cluster.namespace_of(object) in ("", namespace)
            if object.path not in self.hidden and (is_meant or is_for(object, namespace)):
                return True
        return False

    def custom_mention(self, name: str) -> bool:
        """Whether a custom resource names something, or has a name that it begins with: its operator may make it."""
        return any(may_make(object, name) for object in self.cluster.custom if object.path not in self.hidden)


_TEMPLATED_WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Rollout", "Pod", "ReplicaSet"})


class Cluster:
    """All objects of the repository, and the units that they belong to."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.kustomizations = project.model(kustomizations)
        not_objects = {
            entry.path
            for kustomization in self.kustomizations.values()
            for entry in kustomization.entries
            if entry.kind in (PATCH, CONFIGURATION, VALUES)
        } | {kustomization.path for kustomization in self.kustomizations.values()}
        self.objects = [object for object in project.model(objects) if object.path not in not_objects]
        self.objects += self._generated()
        self.by_kind: dict[str, list[Object]] = {}
        for object in self.objects:
            self.by_kind.setdefault(object.kind, []).append(object)
        self.custom = [object for object in self.objects if object.is_custom and not object.is_template]
        self.installers = [object for object in self.custom if installs(object)]
        self._by_path: dict[str, list[Object]] = {}
        for object in self.objects:
            self._by_path.setdefault(object.path, []).append(object)
        self.units = self._units()

    def text_of(self, path: str) -> str:
        """The text of a committed file; "" where there is none."""
        try:
            return self.project.open(path).text
        except (KeyError, OSError, Unreadable):
            return ""

    def _generated(self) -> Iterator[Object]:
        """The ConfigMaps and Secrets that generators make, as objects of the kustomization's file."""
        for kustomization in self.kustomizations.values():
            for made in kustomization.generated:
                generated = Object(made.kind, "", kustomization.file, made.node.start, made.node.end)
                generated.body = made.node
                generated.name = made.name
                generated.keys = made.keys
                generated.is_generated = True
                yield generated

    def _units(self) -> list[Unit]:
        included = {
            entry.path
            for kustomization in self.kustomizations.values()
            for entry in kustomization.entries
            if entry.path in self.kustomizations
        }
        units: list[Unit] = []
        owned: set[str] = set()
        for directory, root in self.kustomizations.items():
            parts = closure(self.kustomizations, root)
            files = {part.path for part in parts}
            files |= {entry.path for part in parts for entry in part.entries if entry.path is not None}
            owned |= files
            if directory not in included and not root.is_component:
                own = [object for path in sorted(files) for object in self._by_path.get(path, ())]
                units.append(Unit(self, parts, own))
        plain = Unit(self, [], [o for o in self.objects if o.path not in owned and not o.is_template])
        for unit in units:
            for other in units:
                if other is not unit and not other.files.isdisjoint(unit.files):
                    unit.hidden |= other.files - unit.files
        return [*units, plain]

    def applies_own_folder(self, application: Object) -> bool:
        """Whether Argo CD applies a folder that is committed here."""
        path = scalar(application.body, "spec", "source", "path").strip("/")
        return application.kind == "Application" and bool(path) and path in self.project.repository.directories

    @cached_property
    def _units_by_file(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for path in unit.files:
                found.setdefault(path, []).append(unit)
        return found

    def units_of(self, object: Object) -> list[Unit]:
        """The units that an object is judged in: those for production where some are, otherwise all it is in."""
        units = self._units_by_file.get(object.path, [])
        return [unit for unit in units if _FOR_PRODUCTION.search(unit.path)] or units

    def holds_everywhere(self, object: Object, is_wrong: Callable[[Unit], bool]) -> bool:
        """Whether something is wrong with the object in every unit that it is judged in."""
        units = self.units_of(object)
        return bool(units) and all(is_wrong(unit) for unit in units)

    def has_affixes(self, object: Object) -> bool:
        """Whether a kustomization changes the object's name."""
        return any(unit.has_affixes for unit in self._units_by_file.get(object.path, ()))

    def added_labels(self, object: Object) -> dict[str, str]:
        """The labels that kustomizations add to the object."""
        added: dict[str, str] = {}
        for unit in self._units_by_file.get(object.path, ()):
            added.update(unit.labels)
        return added

    def namespace_of(self, object: Object) -> str:
        """The object's namespace; "" where it says none, or where it has several, or whoever applies it sets it."""
        imposed = self.imposed_namespace(object)
        return object.namespace if imposed is None else imposed

    def imposed_namespace(self, object: Object) -> str | None:
        """The namespace that kustomizations put the object in, "" for one that is not known; None where they do not."""
        if object.path not in self._imposed:
            given = {unit.imposed_namespace for unit in self.units_of(object)}
            self._imposed[object.path] = next(iter(given)) if len(given) == 1 else "" if given else None
        return self._imposed[object.path]

    @cached_property
    def _imposed(self) -> dict[str, str | None]:
        return {}

    def perhaps_named(self, kind: str, name: str) -> list[Object]:
        """The objects of a kind that have the name, or that a template, a variable or a kustomization gives another."""
        if kind not in self._by_name:
            exact: dict[str, list[Object]] = {}
            changed: list[Object] = []
            for object in self.by_kind.get(kind, ()):
                is_plain = not object.is_template and is_known(object.name) and not self.has_affixes(object)
                (exact.setdefault(object.name, []) if is_plain else changed).append(object)
            self._by_name[kind] = exact, changed
        exact, changed = self._by_name[kind]
        return [*exact.get(name, ()), *changed]

    @cached_property
    def _by_name(self) -> dict[str, tuple[dict[str, list[Object]], list[Object]]]:
        return {}

    @cached_property
    def pods(self) -> list[Pods]:
        """All pods of the repository."""
        return list(all_pods([object for object in self.objects if not object.is_template]))

    def pods_with(self, wanted: Selector) -> list[Pods]:
        """The pods that have the first label that a selector wants, or one whose value a variable gives."""
        if not wanted.labels:
            return self.pods
        key, value = next(iter(wanted.labels.items()))
        return self._pods_by_label.get((key, value), []) + self._pods_by_label.get((key, ""), [])

    @cached_property
    def _pods_by_label(self) -> dict[tuple[str, str], list[Pods]]:
        """The pods by each of their labels; the value "" stands for one that is not known."""
        found: dict[tuple[str, str], list[Pods]] = {}
        for pods in self.pods:
            for key, value in {**self.added_labels(pods.object), **pods.labels}.items():
                found.setdefault((key, known(value)), []).append(pods)
        return found

    def judged(self, *kinds: str) -> Iterator[Object]:
        """The objects of these kinds that production gets."""
        for kind in kinds:
            yield from (object for object in self.by_kind.get(kind, ()) if self.is_judged(object))

    def is_judged(self, object: Object) -> bool:
        """Whether production gets the object, all of it stands in the repository, and people write it."""
        if object.is_template or object.is_generated or self.project.place_of(object.path) != PRODUCTION:
            return False
        if object.file.model(is_output):
            return False
        return bool(object.name) and is_known(object.name) and not _SET_ASIDE.search(object.path)


def is_output(file: File) -> bool:
    """Whether the first lines of a file say that a program writes it, so that what is wrong is mended elsewhere."""
    return _WRITTEN_BY_A_PROGRAM.search(file.text[:_BEGINNING]) is not None


def cluster(project: Project) -> Cluster:
    """The objects and units of the repository: ``project.model(cluster)``."""
    return Cluster(project)
