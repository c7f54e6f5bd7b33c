"""What Python's manifests name: `pyproject.toml`, `requirements.txt`, `Pipfile`.

Sources: https://packaging.python.org/en/latest/specifications/dependency-specifiers/ ,
https://python-poetry.org/docs/pyproject/ , https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

from shipworthy.deployment.evidence import text_of, tree_of
from shipworthy.deployment.stack.model import Statements, of_name, of_package
from shipworthy.deployment.stack.technologies import PYPI
from shipworthy.formats.tree import Block, Setting
from shipworthy.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from shipworthy.project import Project

_REQUIREMENT = lazy(
    r"[ \t]*(?P<name>[A-Za-z0-9][\w.-]{0,100})[ \t]*(?:\[[^\]\n]{0,100}\])?[ \t]*\(?"
    r"(?P<version>(?:[=<>~!^][^;#@\n)\\]{0,100})?)"
)
_SEPARATORS = lazy(r"[-_.]+")
_LISTS = lazy(r"dependencies|dependency-groups")
_TABLES = lazy(r"(?:^|-)dependencies$|^packages$|^dev-packages$")


def read_toml(project: Project, path: str) -> Statements:
    """What a `pyproject.toml` or a `Pipfile` says."""
    tree = tree_of(project, path)
    for setting in (node for node in tree.root.walk() if isinstance(node, Setting)):
        line = tree.line(setting)
        if setting.name in ("requires-python", "python_version"):
            yield from of_name(project, "Python", setting.value, path, line)
        elif _is_listed(setting):
            found = _REQUIREMENT.match(setting.value)
            if found is not None:
                yield from _package(project, found["name"], found["version"], path, line)
        else:
            name = _named(setting)
            if name == "python":
                yield from of_name(project, "Python", setting.value, path, line)
            elif name:
                yield from _package(project, name, setting.value, path, line)


def read_requirements(project: Project, path: str) -> Statements:
    """What a `requirements.txt` says."""
    for number, line in enumerate(text_of(project, path).split("\n"), 1):
        found = _REQUIREMENT.match(line)
        if found is not None:
            yield from _package(project, found["name"], found["version"].strip(), path, number)


def _package(project: Project, name: str, version: str, path: str, line: int) -> Statements:
    return of_package(project, PYPI, _SEPARATORS.sub("-", name.lower()), version.strip(), path, line)


def _is_listed(setting: Setting) -> bool:
    """Whether the setting is an item of a list of requirements, of a group of them perhaps."""
    return (
        setting.parent is not None
        and setting.parent.kind == "sequence"
        and any(_LISTS.search(key) for key in setting.keys[-3:-1])
    )


def _named(setting: Setting) -> str:
    """The name of the package whose version the setting gives in a table of dependencies; "" for other settings."""
    table: Block | None = setting.parent
    name = setting.name
    if name == "version" and table is not None:
        name, table = table.name, table.parent
    return name if table is not None and table.kind == "mapping" and _TABLES.search(table.name) else ""
