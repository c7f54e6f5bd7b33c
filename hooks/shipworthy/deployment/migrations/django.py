"""Django: every migration names those it builds on, within its app and in others.

Source: https://docs.djangoproject.com/en/stable/topics/migrations/ and ``django.db.migrations.loader``
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from shipworthy.deployment.migrations.model import DJANGO, Fault, History, opened, text_of
from shipworthy.deployment.paths import holding
from shipworthy.file import File
from shipworthy.patterns import lazy
from shipworthy.rule import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

PATH = lazy(r"(?:^|/)migrations/(?!__)[^/]+\.py$")
_CLASS = lazy(r"^class Migration\(", re.MULTILINE)
_LIST = lazy(r"^(?: {4}|\t)(?P<name>dependencies|replaces)[ \t]*(?::[^=\n]*)?=[ \t]*(?P<start>[\[(])", re.MULTILINE)
_PAIR = lazy(r"\(\s*[\"'](?P<app>[\w.]+)[\"']\s*,\s*[\"'](?P<name>\w+)[\"']\s*,?\s*\)")
_HARMLESS = lazy(r"#[^\n]*|(?:migrations\.)?swappable_dependency\(\s*[\w.\"']+\s*,?\s*\)|[\s,]+")
_CHANGED = lazy(r"^\s*(?:Migration\.)?(?:dependencies|replaces)(?:\s*\+=|\.(?:append|extend)\()", re.MULTILINE)
_LABEL = lazy(r"^ {4}label[ \t]*(?::[^=\n]*)?=[ \t]*[\"'](?P<label>\w+)[\"']", re.MULTILINE)
_MOST_LISTS = 4
"""Of a file that are looked at."""
_MOST_BRACKETS = 100_000
"""Characters of a list of dependencies; a longer one is not looked into."""


class _Migration:
    """One migration. ``needs`` and ``replaces`` are triples (app, name, offset); None where the file computes them."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.name = file.name.removesuffix(".py")
        text = text_of(file)
        written = {found["name"]: found for found in islice(_LIST.finditer(text), _MOST_LISTS)}
        self.start = written["dependencies"].start("name") if "dependencies" in written else 0
        self.needs = _pairs(text, written.get("dependencies"))
        self.replaces = _pairs(text, written.get("replaces"))
        if _CHANGED.search(text):
            self.needs = None


class _App:
    """A folder of migrations and the label that other migrations call the app by."""

    def __init__(self, project: Project, directory: str, migrations: list[_Migration]) -> None:
        self.directory = directory
        self.migrations = {migration.name: migration for migration in migrations}
        package = directory.rpartition("/")[0]
        self.labels = {package.rpartition("/")[2]}
        apps = opened(project, f"{package}/apps.py")
        if apps is not None:
            self.labels.update(_LABEL.findall(text_of(apps)))

    @property
    def replaced(self) -> dict[str, str]:
        """The migrations that a squashed one stands for, with its name."""
        return {
            name: migration.name
            for migration in self.migrations.values()
            for app, name, _ in migration.replaces or ()
            if app in self.labels
        }

    @property
    def is_known(self) -> bool:
        """Whether every migration writes down what it builds on."""
        migrations = self.migrations.values()
        return all(migration.needs is not None and migration.replaces is not None for migration in migrations)


def histories(project: Project, paths: Iterable[str]) -> Iterator[History]:
    """One history for each ``manage.py``, with the migrations of the apps below it; `PATH` finds the ``paths``."""
    apps = _apps(project, paths)
    projects = _projects(project)
    faults: dict[str, list[Fault]] = {directory: [] for directory in projects}
    lone: list[History] = []
    used: set[str] = set()
    for app in apps:
        owner = max(
            (folder for folder in projects if not folder or app.directory.startswith(folder + "/")),
            key=len,
            default=None,
        )
        found = list(_faults(project, app, apps))
        if owner is None:
            lone.append(History("", app.directory, next(iter(app.migrations.values())).file, tuple(found)))
        else:
            used.add(owner)
            faults[owner] += found
    for directory in sorted(used):
        yield History(DJANGO, directory, projects[directory], tuple(faults[directory]))
    yield from lone


def _apps(project: Project, paths: Iterable[str]) -> list[_App]:
    folders: dict[str, list[_Migration]] = {}
    for path in paths:
        file = opened(project, path)
        if file is not None and b"migrations" in file.data and _CLASS.search(text_of(file)):
            folders.setdefault(file.directory, []).append(_Migration(file))
    return [_App(project, directory, migrations) for directory, migrations in folders.items()]


def _projects(project: Project) -> dict[str, File]:
    """The folders with a ``manage.py`` of Django."""
    found: dict[str, File] = {}
    for path in holding(project.repository.paths, ("manage.py",)):
        file = opened(project, path) if f"/{path}".endswith("/manage.py") else None
        if file is not None and b"django" in file.data:
            found[file.directory] = file
    return found


def _faults(project: Project, app: _App, apps: list[_App]) -> Iterator[Fault]:
    first = next(iter(app.migrations.values()))
    if f"{app.directory}/__init__.py" not in project.repository:
        yield Fault(
            first.file,
            0,
            f"{app.directory} has no committed __init__.py: Django takes the app for one without migrations",
            f"touch {app.directory}/__init__.py && git add -f {app.directory}/__init__.py",
        )
    missing = list(_missing(app, apps))
    yield from missing
    if app.is_known and not missing:  # what builds on a lost migration would look like a second leaf
        yield from _several_leaves(app)


def _missing(app: _App, apps: list[_App]) -> Iterator[Fault]:
    """The migrations that others build on and that no app of that name has."""
    for migration in app.migrations.values():
        for label, name, start in migration.needs or ():
            known = [other for other in apps if label in other.labels]
            if app.labels == {label}:  # where apps.py gives another label, the folder's name may be that of another app
                known = [app]
            if name.startswith("__") or not known or not all(other.is_known for other in known):
                continue
            if not any(name in other.migrations or name in other.replaced for other in known):
                yield Fault(
                    migration.file,
                    start,
                    f"the migration {migration.name} builds on {label}.{name}, which no committed file has: "
                    "Django stops with NodeNotFoundError",
                    f"commit {known[0].directory}/{name}.py, or name the migration that is there",
                )


def _several_leaves(app: _App) -> Iterator[Fault]:
    replaced = {name: new for name, new in app.replaced.items() if new in app.migrations}
    needed = {
        replaced.get(name, name)
        for migration in app.migrations.values()
        if migration.name not in replaced
        for label, name, _ in migration.needs or ()
        if label in app.labels
    }
    leaves = [migration for name, migration in app.migrations.items() if name not in needed and name not in replaced]
    if len(leaves) > 1:
        last = leaves[-1]
        names = [leaf.name for leaf in leaves]
        yield Fault(
            last.file,
            last.start,
            f"the app {app.directory.rpartition('/')[0].rpartition('/')[2]} has {len(leaves)} leaf migrations, "
            f'{listed(names)}: `manage.py migrate` stops with "Conflicting migrations detected"',
            "python manage.py makemigrations --merge, then commit the file",
        )


def _pairs(text: str, opening: re.Match[str] | None) -> list[tuple[str, str, int]] | None:
    """The pairs of a list with their offsets, none where it does not open; None where anything else stands in it."""
    if opening is None:
        return []
    start = opening.end()
    depth, end = 1, start
    while depth and end < min(len(text), start + _MOST_BRACKETS):
        depth += (text[end] in "[(") - (text[end] in ")]")
        end += 1
    if depth:
        return None
    pairs = [
        (found["app"], found["name"], found.start())
        for found in _PAIR.finditer(text, start, end)
        if "#" not in text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    ]
    rest = _HARMLESS.sub("", _PAIR.sub("", text[start : end - 1]))
    behind = text[end : end + 3].lstrip(" \t")
    return pairs if not rest and not behind.startswith("+") else None
